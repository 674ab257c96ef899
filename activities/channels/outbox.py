"""The outbox (发件夹): the channel that writes every message as a file a person can read."""

import os
import re
from pathlib import Path

from activities.channels.channel import Unavailable
from activities.channels.titles import CHANNEL_TITLES
from activities.channels.wording import subject_of, text_of
from activities.telling.message import Message
from law import SHANGHAI

OUTBOX = "outbox"

_UNFIT = re.compile(r"[^\w.+-]+")

_LONGEST = 48
"""Bytes of each part of a file name; the digest at its end keeps shortened names apart."""


class Outbox:
    """A folder with one UTF-8 text file a message. Its files hold personal data, its names none."""

    per_minute: int | None = None

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Write the message's file, the same one each time. Raises Unavailable."""
        written = self._written(message, address, repeated=repeated)
        if isinstance(written, Unavailable):
            raise written
        return written

    def knows(self, message: Message, address: str) -> bool | None:
        """Whether the message's file is there: it appears under its name only when it is whole."""
        return (self._folder / file_name(message)).is_file()

    def _written(self, message: Message, address: str, *, repeated: bool) -> str | Unavailable:
        letter = _letter(message, address, repeated=repeated).encode()
        target = self._folder / file_name(message)
        # The draft bears the message's name: what a killed writer left, the next one takes over.
        # Writers of one letter write the same bytes in the same place, so they may even do so at
        # once; nobody empties the draft, since it may be the finished letter by then. A letter
        # that says it may be a repeat reads otherwise, so it has a draft of its own.
        draft = self._folder / f".{target.name}{'.again' if repeated else ''}.part"
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


def _letter(message: Message, address: str, *, repeated: bool) -> str:
    moment = message.at.astimezone(SHANGHAI)
    return (
        f"主题：{subject_of(message, repeated=repeated)}\n"
        f"应发：{moment:%Y-%m-%d %H:%M}\n"
        f"渠道：{CHANNEL_TITLES[OUTBOX]} {address}\n"
        f"\n{text_of(message, repeated=repeated)}\n"
    )
