"""The morning digest as a workflow: one run a day, started by its Schedule (`deploy.schedules`).

It tells every unit what its day holds, waits for channels that are busy or down, and gives up when
the office closes: tomorrow has a digest of its own. Reminders do not depend on it.
"""

from datetime import date, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from case.digest import DigestSent
    from law.deadline import SHANGHAI

MOST_ROUNDS = 100
"""A round comes at least a minute after the one before; a day of trouble has fewer."""
SHORTEST_PAUSE = timedelta(minutes=1)
_LONGEST = timedelta(hours=10)
_RETRY = RetryPolicy(maximum_interval=timedelta(minutes=10))


@workflow.defn(name="MorningDigest")
class MorningDigest:
    """One morning's digests, and the calendar feeds as they stand on that morning."""

    @workflow.run
    async def run(self, day: date | None = None) -> DigestSent:
        """Send the digests of `day`, by default the day in Shanghai on which the run started."""
        today = day or workflow.info().start_time.astimezone(SHANGHAI).date()
        feeds = workflow.start_activity(
            "write_feeds",
            start_to_close_timeout=timedelta(minutes=10),
            schedule_to_close_timeout=_LONGEST,
            heartbeat_timeout=timedelta(minutes=2),
            retry_policy=_RETRY,
            summary="更新日历订阅文件",
        )
        sent = await self._send(today)
        await feeds
        return sent

    async def _send(self, day: date) -> DigestSent:
        for _ in range(MOST_ROUNDS):
            sent: DigestSent = await workflow.execute_activity(
                "send_digests",
                day,
                result_type=DigestSent,
                start_to_close_timeout=timedelta(minutes=30),
                schedule_to_close_timeout=_LONGEST,
                heartbeat_timeout=timedelta(minutes=2),
                retry_policy=_RETRY,
                summary=f"{day}晨报",
            )
            if sent.again_at is None:
                break
            await workflow.sleep(
                max(sent.again_at - workflow.now(), SHORTEST_PAUSE),
                summary=f"{sent.pending}条晨报待渠道恢复后再送",
            )
        return sent
