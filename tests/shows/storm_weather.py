"""What befalls the storm: a mail server that refuses for a while, a worker that is killed.

Half of the deaths come at any moment; the other half just when a letter has come in whole and its
answer is still owed: then nobody but the mail server knows that it arrived.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from deploy.guarded import Command, Guarded
from deploy.settings import REPOSITORY, Settings
from tests.receiving.mail import AfterData, MailServer

LOOK_AGAIN_SECONDS = 0.005
LONGEST_CALM_SECONDS = 100.0
"""How long the weather waits at most for letters to go out."""
HELD_SECONDS = 3.0
"""How long a letter's answer is held back for a death to come."""


class StormyMail(MailServer):
    """A mail server that can be overloaded, and that tells when a letter has come in."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        """Letters that somebody began to hand over, taken or not."""
        self.refused = 0
        self.dropped = 0
        """Letters after which the line broke or no answer came, kept or lost."""
        self.overloaded = False
        """Answer every letter with 421."""
        self.trapped = False
        """Hold back the answer to the next letter."""
        self.sprung = False
        """Whether a letter's answer is held back."""

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Aiosmtpd's hook for the sender."""
        self.asked += 1
        if self.overloaded:
            self.refused += 1
            return "421 4.3.2 too busy, closing the line"
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Aiosmtpd's hook for the letter."""
        if self.after_data:
            self.dropped += 1
        elif self.trapped:
            self.trapped, self.sprung = False, True
            answer = await super().handle_DATA(server, session, envelope)
            await asyncio.sleep(HELD_SECONDS)
            return answer
        return await super().handle_DATA(server, session, envelope)


async def outage(
    mail: StormyMail, random: Random, *, begins: int, refusals: int, drops: int, lasts: float
) -> None:
    """After so many letters: 421, then no server at all, then lines that break after the letter.

    421 for `lasts` seconds and at least so many `refusals`, no server for as long again, broken
    lines for `drops` letters.
    """
    await _asked(mail, begins)
    mail.overloaded = True
    await asyncio.gather(_asked(mail, mail.asked + refusals), asyncio.sleep(lasts))
    mail.close()
    mail.overloaded = False
    await asyncio.sleep(lasts)
    troubles = [AfterData.KEEP_AND_DROP, AfterData.LOSE_AND_DROP] * drops
    random.shuffle(troubles)
    mail.after_data[:] = [AfterData.KEEP_AND_HANG, *troubles[: drops - 1]]
    mail.open()


class KilledWorker:
    """One `worker.py` after another."""

    def __init__(self, settings: Settings, log: Path) -> None:
        """Start the first one; what they print is added to `log`."""
        worker = (sys.executable, "worker.py")
        self._command = Command(worker, REPOSITORY, settings.environment())
        self._log = log
        self.deaths = 0
        self.start()

    def start(self) -> None:
        """Start the next one."""
        self._worker = Guarded([self._command], log=self._log, grace=5)

    def stop(self) -> None:
        """Let it finish what is under way."""
        self._worker.stop()

    async def die_often(self, mail: StormyMail, random: Random, times: int, letters: int) -> None:
        """Die `times` times while `letters` go out, each time followed by the next worker."""
        moments = sorted(random.sample(range(letters // 20, letters * 3 // 5), times))
        for number, moment in enumerate(moments):
            # A worker that has not sent anything yet would die of nothing.
            await _asked(mail, max(moment, mail.asked + 1))
            if number % 2 == 0:
                mail.sprung, mail.trapped = False, True
                await _until(lambda: mail.sprung, HELD_SECONDS * 3)
                mail.trapped = False
            await asyncio.sleep(random.uniform(0, 0.1))
            os.killpg(self._worker.group, signal.SIGKILL)
            await asyncio.to_thread(self._worker.wait)
            self.deaths += 1
            self.start()


async def _asked(mail: StormyMail, letters: int) -> None:
    await _until(lambda: mail.asked >= letters, LONGEST_CALM_SECONDS)


async def _until(come: Callable[[], bool], longest: float) -> None:
    """Return once it has come, or after about `longest` seconds; another thread brings it."""
    for _ in range(round(longest / LOOK_AGAIN_SECONDS)):
        if come():
            return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
