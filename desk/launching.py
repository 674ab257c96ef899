"""Starting a case: into the registry first, then its workflow, both harmless when repeated."""

from datetime import UTC, date, datetime
from typing import Protocol

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from activities.registry import Registry
from case.brief import brief, digest
from case.entries import CaseFile
from case.state import State
from law.rules import NoRule, out_of_force
from workflows.accepted import Outcome
from workflows.land_acquisition import LandAcquisition


class Place(Protocol):
    """Where cases run: the task queue of the installation's workers."""

    @property
    def task_queue(self) -> str: ...


def workflow_id(case_id: str) -> str:
    """The workflow id of a case: its project number, which holds no personal data."""
    return f"LA-{case_id.removeprefix('LA-')}"


async def launch(
    client: Client, place: Place, registry: Registry, file: CaseFile, launched_on: date
) -> WorkflowHandle[LandAcquisition, Outcome]:
    """Admit a checked case file and start its workflow.

    A case that is running already is left as it is. Raises AlreadyAdmitted where the number belongs
    to another file, WorkflowAlreadyStartedError where the case has ended, and NoRule on a day when
    the order is not in force.
    """
    if expired := out_of_force(launched_on):
        raise NoRule(f"{expired}。")
    case = brief(file)
    townships = tuple(township.name for township in case.townships)
    registry.admit(
        case.case_id,
        case.name,
        file.model_dump_json(),
        digest(file),
        tuple(dict.fromkeys(township.district for township in case.townships)),
        townships,
        workflow_id(case.case_id),
        datetime.now(UTC),
    )
    return await client.start_workflow(
        LandAcquisition.run,
        State.launched(case, launched_on),
        id=workflow_id(case.case_id),
        task_queue=place.task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"{case.name}（{'、'.join(townships)}）",
        static_details=f"土地征收项目 {case.case_id}，用途：{case.use}，用地单位：{case.land_user}",
    )
