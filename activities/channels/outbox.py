"""The outbox (发件夹): the channel that writes every message as a file a person can read."""

import os
import re
from pathlib import Path

from activities.channels.channel import Unavailable
from activities.channels.titles import CHANNEL_TITLES
from activities.message import Message
from law import SHANGHAI

OUTBOX = "outbox"

_UNFIT = re.compile(r"[^\w.+-]+")

_LONGEST = 48
"""Bytes of each part of a file name; the digest at its end keeps shortened names apart."""


class Outbox:
    """A folder with one UTF-8 text file a message. Its files hold personal data, its names none."""

    per_minute: int | None = None

    def __init__(self, folder: Path | str, kind: str = OUTBOX) -> None:
        """`kind` of the channel in whose place it stands, to be shown in the letter."""
        self._folder = Path(folder)
        self._kind = kind

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Write the message's file; written again, it is the same file, so no repeat is marked."""
        written = self._written(message, address)
        if isinstance(written, Unavailable):
            raise written
        return written

    def knows(self, message: Message, address: str) -> bool | None:
        """Whether the message's file is there: it appears under its name only when it is whole.

        In the place of another channel, a file that is missing says nothing of what that one did.
        """
        there = (self._folder / file_name(message)).is_file()
        return there if there or self._kind == OUTBOX else None

    def _written(self, message: Message, address: str) -> str | Unavailable:
        letter = _letter(message, self._kind, address).encode()
        target = self._folder / file_name(message)
        # The draft bears the message's name: what a killed writer left, the next one takes over.
        # Writers of one message write the same bytes in the same place, so they may even do so at
        # once; nobody empties the draft, since it may be the finished letter by then.
        draft = self._folder / f".{target.name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as file:
                file.write(letter)
                file.flush()
                file.truncate(len(letter))
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError:
            if target.is_file():
                return target.name
            _dropped(draft)
            return Unavailable("发件夹写不进去")
        return target.name


def file_name(message: Message) -> str:
    """The file's name: day, case, unit, duty, rung, and a digest in place of the person."""
    day = message.at.astimezone(SHANGHAI).date().isoformat()
    parts = (message.case_id or message.kind, message.unit, message.duty_id, message.rung)
    fit = (_fit(part) for part in parts if part)
    return "_".join((day, *fit, message.message_id[:12])) + ".txt"


def _dropped(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return


def _fit(part: str) -> str:
    fit = _UNFIT.sub("-", part)
    return fit.encode()[:_LONGEST].decode(errors="ignore")


def _letter(message: Message, kind: str, address: str) -> str:
    moment = message.at.astimezone(SHANGHAI)
    return (
        f"主题：{message.subject}\n"
        f"时间：{moment:%Y-%m-%d %H:%M}\n"
        f"渠道：{CHANNEL_TITLES[kind]} {address}\n"
        f"\n{message.text}"
    )
