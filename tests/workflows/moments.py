"""What a case waits for, checked timer by timer against days counted here.

Replay does not see how long a timer lasts, and so cannot protect a notice period. Every timer of a
history is one of three: the end of a statutory period or duty (24:00 of its last day), a reminder
(half past eight on a working day), or the end of an office target (24:00).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from temporalio.client import WorkflowHistory

from tests.workflows.chronicle import Entry, Wait, chronicle
from tests.workflows.counting import half_past_eight, midnight_after, working
from tests.workflows.expected import Case
from tests.workflows.replaying import Asked

CLOSE = timedelta(seconds=2)
"""How near a timer's end must come: it starts a moment after its length was worked out."""
REMINDER = "提醒"
DUE = "到期"
STATUTORY = (
    "土地征收启动公告",
    "征地补偿安置公告",
    "土地征收公告",
    "征地补偿登记期限",
    "签约期限",
    "核定与支付期限",
    "腾退期限",
)
"""The kinds of statutory timer, as their summaries begin."""
PUBLICATION = "土地征收公告发布期限"
"""The higher law's, of cases launched since rules are fixed at launch."""
_SUMMARY = re.compile(
    r"(?P<kind>[^（ ]+)(（(?P<village>.+)）)? (?P<length>\S+)，至(?P<day>\S+) 24:00"
)
_DUE = re.compile(r"第\d+步 (?P<day>\d{4}-\d\d-\d\d) 到期")

LENGTHS = {
    "土地征收启动公告": "不少于10个工作日",
    "征地补偿安置公告": "不少于30日",
    "土地征收公告": "不少于10个工作日",
    "核定与支付期限": "30日内",
    PUBLICATION: "15个工作日内",
}


def wrong_timers(name: str, histories: Iterable[WorkflowHistory]) -> tuple[list[str], Counter[str]]:
    """What is wrong with the timers of a case of the example `name`; how many of each kind."""
    wrong: list[str] = []
    kinds: Counter[str] = Counter()
    for wait in chronicle(histories).waits:
        kind, said = _check(name, wait)
        kinds[kind] += 1
        wrong += [f"{wait.summary}：{said}"] if said else []
    return wrong, kinds


def _check(name: str, wait: Wait) -> tuple[str, str]:
    """The kind of a timer, and what is wrong with it; empty where nothing is."""
    if wait.summary.startswith(REMINDER):
        day = wait.until.date()
        right = _close(wait.until, half_past_eight(day)) and working(day)
        return REMINDER, "" if right else f"{wait.until}"
    if due := _DUE.fullmatch(wait.summary):
        end = midnight_after(date.fromisoformat(due["day"]))
        return DUE, "" if _close(wait.until, end) else f"{wait.until}"
    found = _SUMMARY.match(wait.summary)
    if found is None or found["kind"] not in {*STATUTORY, PUBLICATION}:
        return "unknown", "no such timer"
    kind, last = found["kind"], statutory_end(name, found["kind"], found["village"], wait.entries)
    if not _close(wait.until, midnight_after(last)):
        return kind, f"ends {wait.until}, not at 24:00 of {last}"
    if found["day"] != str(last) or found["length"] != LENGTHS.get(kind, "以载明之日为准"):
        return kind, "says another day or length"
    return kind, ""


def statutory_end(name: str, kind: str, village: str | None, entries: Iterable[Entry]) -> date:
    """The last day of a statutory period, from what stood in the case when its timer began."""
    case = Case(name, entries)
    match kind:
        case "土地征收启动公告":
            return case.period_end("initiation")
        case "征地补偿安置公告":
            return case.period_end("compensation")
        case "土地征收公告":
            return case.period_end("acquisition")
        case "征地补偿登记期限":
            return case.printed_end("registration_until")
        case "签约期限":
            return case.printed_end("signing_until")
        case "核定与支付期限":
            return case.payment_end()
        case "土地征收公告发布期限":
            return case.publication_end()
    assert village
    return case.vacating_end(case.village_called(village))


def differing(asked: Sequence[Asked], histories: Iterable[WorkflowHistory]) -> list[str]:
    """Where the moments that today's code asks for differ from those in the histories."""
    waits = chronicle(histories).waits
    if len(asked) != len(waits):
        return [f"{len(asked)} timers asked for, {len(waits)} recorded"]
    return [
        f"{summary} {until}, recorded {wait.summary} {wait.until}"
        for (summary, until), wait in zip(asked, waits, strict=True)
        if summary != wait.summary or not _close(until, wait.until)
    ]


def _close(found: datetime, wanted: datetime) -> bool:
    return abs(found - wanted) < CLOSE
