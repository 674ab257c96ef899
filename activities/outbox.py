"""The outbox (发件夹): the channel that writes every message as a file a person can read."""

import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from activities.message import Message
from law import SHANGHAI

_UNFIT = re.compile(r"[^\w.+-]+")

_LONGEST = 48
"""Bytes of each part of a file name; the digest at its end keeps shortened names apart."""


class Channel(Protocol):
    """A way of telling people."""

    def deliver(self, message: Message) -> None:
        """Deliver, or raise. Delivering the same message again must do no harm."""


class Outbox:
    """A folder with one UTF-8 text file a message. Its files hold personal data, its names none."""

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)

    def deliver(self, message: Message) -> None:
        """Write the message's file; written again, it is the same file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / file_name(message)
        handle, unfinished = tempfile.mkstemp(prefix=".", suffix=".part", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_letter(message).encode())
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(target)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


def file_name(message: Message) -> str:
    """The file's name: day, case, unit, duty, rung, and a digest in place of the person."""
    day = message.at.astimezone(SHANGHAI).date().isoformat()
    parts = (day, message.case_id, message.unit, message.duty_id, message.rung)
    return "_".join((*map(_fit, parts), message.message_id[:12])) + ".txt"


def _fit(part: str) -> str:
    fit = _UNFIT.sub("-", part)
    return fit.encode()[:_LONGEST].decode(errors="ignore")


def _letter(message: Message) -> str:
    moment = message.at.astimezone(SHANGHAI)
    return (
        f"主题：{message.subject}\n"
        f"时间：{moment:%Y-%m-%d %H:%M}\n"
        f"渠道：{message.channel} {message.address}\n"
        f"\n{message.text}"
    )
