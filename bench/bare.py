"""A workflow that waits for a moment and says how late it woke: what a reminder is held against."""

from datetime import datetime

from temporalio import workflow


@workflow.defn(name="Bare")
class Bare:
    """One timer and nothing else."""

    @workflow.run
    async def run(self, due: str) -> float:
        """Wait until `due` (ISO, with its zone); seconds by which the wake came after it."""
        moment = datetime.fromisoformat(due)
        await workflow.sleep(moment - workflow.now())
        return (workflow.now() - moment).total_seconds()
