"""`todo --ics`: what the list shows, as a calendar file for one's own calendar program."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from activities.registry import RegisteredCase, Registry
from activities.telling.calendar_file import feed, write_whole
from case.records import DutyRecord
from desk.errors import BadInput
from law.calendar import WorkingCalendar

USUAL_NAME = "待办.ics"


def write_feed(
    path: Path,
    duties: Iterable[DutyRecord],
    cases: Mapping[str, RegisteredCase],
    opened: Registry,
    calendar: WorkingCalendar,
) -> str:
    """Write the file, and say so in one sentence. Raises BadInput where it cannot be written.

    The events are those of the feeds, under the same identities: read in twice, each stands once.
    """
    listed = tuple(duties)
    moves = [move for id_ in {each.case_id for each in listed} for move in opened.moves(id_)]
    text = feed("土地征收待办事项", listed, cases, calendar, moves)
    try:
        # The feeds' folder is made as needed; a folder that a person mistyped must not be.
        path.parent.resolve(strict=True)
        new = write_whole(path, text)
    except OSError as error:
        raise BadInput(f"写不了日历文件“{path}”：请检查文件夹是否存在、有无权限。") from error
    said = f"已把 {len(listed)} 件待办事项写入日历文件“{path}”"
    return f"{said}。" if new else f"{said}，与原文件相同。"
