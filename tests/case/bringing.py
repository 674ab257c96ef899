"""How the cases of several tests are brought about."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta
from functools import cache
from typing import Any

from case.approval import funds_missing
from case.commands import COMMAND, AnyCommand
from case.duty import Duty
from case.state import State
from case.wording import Notice
from tests.case.driver import Driver, small_brief


@cache
def _played(until: str) -> Driver:
    return Driver(small_brief()).play(until=until)


def reach(until: str) -> Driver:
    """The small case, rightly played until the first duty named `until…` is open."""
    return copy(_played(until))


def of(command: str, place: str) -> Callable[[Duty], bool]:
    """The duties that `command` meets in one village."""
    return lambda duty: duty.command == command and duty.village == place


def of_command(command: str) -> Callable[[Duty], bool]:
    return lambda duty: duty.command == command


def post(case: Driver, notice: str, place: str) -> None:
    case.do("confirm_posting", notice=notice, places=[place])


def post_everywhere(case: Driver, notice: str) -> None:
    for place in case.state.places(Notice(notice)):
        if f"posting/{notice}/{place}" not in case.state.standing:
            post(case, notice, place)


def unsigned_houses(count: int, *, reported: bool = True) -> Driver:
    """A case before submission with `count` of its six house owners unsigned, all else done."""
    case = reach("agreements/")
    for place in ("xi", "xia"):
        case.do("record_agreements", village=place, kind="collective", signed=1)
        case.do("record_agreements", village=place, kind="contractor", signed=2)
    left = {"xi": 3, "xia": 3}
    for _ in range(count):
        left["xia" if left["xia"] else "xi"] -= 1
    for place, signed in left.items():
        if signed:
            case.do("record_agreements", village=place, kind="house", signed=signed)
    case.do("measure_compensation")
    for fund in funds_missing(case.state):
        case.do("certify_funds", fund=fund.value)
    case.go(to=case.last_day("agreements/xia") + timedelta(days=1))
    if reported:
        for place, signed in left.items():
            if signed < 3:
                case.do("report_unsigned", village=place)
                case.do("forward_unsigned", village=place)
    return case


def without(case: Driver, *prefixes: str) -> Driver:
    """The same case as if what stands under `prefixes` had never been entered."""
    keys = frozenset(key for key in case.state.standing if key.startswith(prefixes))
    state: State = case.state.with_standing({}, keys)
    fresh = Driver(case.brief)
    fresh.today, fresh.state, fresh.count = case.today, state, case.count
    return fresh


def put_right(case: Driver, entry: AnyCommand, **values: Any) -> str:
    """Why the correction of `entry` is refused; it is taken in where it is not."""
    replacement = COMMAND.dump_python(entry) | values
    command = case.command("correct", entry=entry.id, replacement=replacement)
    why = case.why(command)
    if not why:
        case.take(command)
    return why


def entry(case: Driver, key: str) -> AnyCommand:
    return case.state.standing[key]
