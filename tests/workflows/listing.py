"""What the Web UI's list shows under a filter; the server's index may be a moment behind."""

import asyncio

from tests.workflows.playing import Stage

LOOKS = 200
LOOK_AGAIN_SECONDS = 0.05


async def listed(stage: Stage, filter_: str) -> bool:
    """Whether the list under `filter_` comes to hold the case, within a bounded time."""
    query = f"WorkflowId = '{stage.handle.id}' AND ExecutionStatus = 'Running' AND {filter_}"
    for _ in range(LOOKS):
        async for _found in stage.client.list_workflows(query):
            return True
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return False
