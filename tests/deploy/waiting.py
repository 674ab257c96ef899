"""A workflow that only waits, to try a server with."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.attributes import NEXT_DUTY, OVERDUE, STAGE

QUEUE = "waiting"


@workflow.defn(sandboxed=False)
class Waiting:
    """Waits so many days, and shows itself in the list of cases while it does."""

    @workflow.run
    async def run(self, days: int) -> str:
        workflow.upsert_search_attributes(
            [STAGE.value_set("等待"), NEXT_DUTY.value_set("等待"), OVERDUE.value_set(False)]
        )
        begun = workflow.now()
        await workflow.sleep(timedelta(days=days))
        return str((workflow.now() - begun).days)
