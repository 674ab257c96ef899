"""A message as channels put it: marked where it may be a repeat, cut where it is too long."""

from collections.abc import Callable, Sequence

from activities.telling.message import Message

_MARK = "（可能重复）"
_WHY = "（可能重复：此前发送过一次，没有收到回执。如已收到同一条，请不必理会本条。）"
_CUT = "……（消息过长，以下从略）"


def subject_of(message: Message, *, repeated: bool) -> str:
    """The subject in one line. The mark comes last: subjects sort by what they begin with."""
    subject = " ".join(message.subject.split())
    return subject + _MARK if repeated else subject


def text_of(message: Message, *, repeated: bool) -> str:
    """The text, without blank lines at its end."""
    text = message.text.rstrip()
    return f"{_WHY}\n\n{text}" if repeated else text


def whole_of(message: Message, *, repeated: bool) -> str:
    """Subject and text as one, for channels that have no subjects."""
    subject = subject_of(message, repeated=repeated)
    return f"{subject}\n\n{text_of(message, repeated=repeated)}"


def brief_of(message: Message, longest: int, *, repeated: bool) -> str:
    """The message in one sentence of at most `longest` characters."""
    brief = " ".join(message.brief.split())
    mark = _MARK if repeated else ""
    room = longest - len(mark)
    return (brief if len(brief) <= room else brief[: room - 1] + "…") + mark


def fitted(text: str, fits: Callable[[str], bool], ending: str = "") -> str:
    """As much of the text as fits, cut after a line with a note that it is; `ending` is kept.

    `fits` must not refuse what is shorter than something it takes.
    """
    if fits(_joined(text, ending)):
        return _joined(text, ending)
    lines = text.splitlines()
    kept = _most(lines, lambda some: fits(_joined("\n".join(some), _CUT, ending)))
    if kept:
        return _joined("\n".join(kept), _CUT, ending)
    first = _most(lines[0], lambda some: fits(_joined("".join(some), _CUT, ending)))
    return _joined("".join(first), _CUT, ending)


def _most(parts: Sequence[str], fits: Callable[[Sequence[str]], bool]) -> Sequence[str]:
    """The longest beginning of `parts` that fits; nothing where none does."""
    fitting, beyond = 0, len(parts) + 1
    while beyond - fitting > 1:
        middle = (fitting + beyond) // 2
        if fits(parts[:middle]):
            fitting = middle
        else:
            beyond = middle
    return parts[:fitting]


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
