"""The command `reminders`: who was told what, when, by which channel, and what did not arrive."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby

import click

from activities.channels.titles import CHANNEL_TITLES
from activities.office.reminder_settings import SettingsUnusable, reminder_settings
from activities.registry import Delivery, DeliveryState, Registry, UnknownCase
from activities.telling.alarm import NOBODY_NAMED
from activities.telling.courier import left_in_outbox
from activities.telling.directory import Directory
from activities.telling.trying import Attempt, AttemptState
from activities.telling.watchdog import late_reminders
from case.digest import Standing
from case.watching import Late, how_late
from deploy.settings import Settings, load
from desk.cases import case_id, now, office_calendar, registry
from desk.days import Day
from desk.errors import BadInput
from desk.screen import print_table, screen, table
from law import SHANGHAI, BadPeriod

STATES = {
    DeliveryState.SENT: "已发出",
    DeliveryState.WITHDRAWN: "不必再发",
    DeliveryState.CLAIMED: "待发",
    DeliveryState.FAILED: "未送达",
}
OUTCOMES = {
    AttemptState.PLANNED: "排队",
    AttemptState.BEGUN: "发送中",
    AttemptState.SENT: "送达",
    AttemptState.FAILED: "不通",
    AttemptState.REFUSED: "拒收",
    AttemptState.UNKNOWN: "不明",
}


@click.command(
    "reminders",
    help="""列出提醒：什么时候、告诉了谁、什么事、经哪个渠道、结果如何。读登记簿，不需要连服务器。

“可能重复”的，是上一次发送没有得到回音，同一编号又发了一次，消息里也写明。送出的当天与应发同日的，只写时刻。

--late 与看门狗同一个标准：只算办公时间，过了当日错开的时段再加30分钟还没有发的。
责任产生两个工作日以后，照提醒阶梯本应告知、还没有告知过任何人的，也列出。

\b
例：
  starter.py reminders WZ-LC-2026-001
  starter.py reminders --day 2026-11-30
  starter.py reminders --troubled          没有送达、改走别的渠道或者可能重复的
  starter.py reminders --late              应发未发的
""",
)
@click.argument("case", metavar="[案件编号]", required=False)
@click.option("--duty", metavar="责任编号", help="只列这一项责任的。")
@click.option("--day", type=Day(), metavar="年-月-日", help="只列这一天应发的。")
@click.option("--troubled", is_flag=True, help="只列没有送达、换过渠道或者可能重复的。")
@click.option("--late", is_flag=True, help="列出应发未发的提醒。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def reminders(
    *,
    case: str | None,
    duty: str | None,
    day: date | None,
    troubled: bool,
    late: bool,
    as_json: bool,
) -> None:
    """List messages; exit code 2 for an unknown case."""
    if late and (day or troubled):
        raise BadInput("--late 不能和 --day、--troubled 一起用。")
    settings = load()
    with registry(settings) as opened:
        id_ = case_id(case) if case else None
        try:
            if id_:
                opened.case(id_)
        except UnknownCase as error:
            raise BadInput(str(error)) from error
        if late:
            moment = now()
            silent = [
                each
                for each in _late(opened, settings, moment)
                if id_ in {None, each.case_id} and duty in {None, each.duty_id}
            ]
            _show_late(silent, moment, as_json=as_json)
            return
        attempts: dict[str, tuple[Attempt, ...]] = {}
        for one in opened.attempts(id_):
            attempts[one.message_id] = (*attempts.get(one.message_id, ()), one)
        found = [
            each
            for each in opened.deliveries(id_, duty)
            if day in {None, each.at.astimezone(SHANGHAI).date()}
            and (not troubled or _is_troubled(each, attempts.get(each.message_id, ())))
        ]
        names = UnitNames(opened, found)
    if as_json:
        rows = [
            asdict(each)
            | {
                "unit_name": names.of(each),
                "attempts": [asdict(one) for one in attempts.get(each.message_id, ())],
            }
            for each in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    elif not found:
        click.echo("没有这样的提醒。")
    else:
        _show(found, attempts, names)


class UnitNames:
    """What the units of messages are called, whether a message is about one case or about none."""

    def __init__(self, opened: Registry, messages: Iterable[Delivery]) -> None:
        """Reads only the cases that these messages are about."""
        about = {each.case_id for each in messages}
        self._of_cases: dict[str, dict[str, str]] = {}
        self._of_others = {NOBODY_NAMED.unit: NOBODY_NAMED.unit_name}
        for case in sorted(opened.cases(), key=lambda each: each.admitted_at, reverse=True):
            if not about & {case.case_id, None}:
                continue
            file = opened.file(case.case_id)
            people = Directory(file, case.districts).people()
            named = {person.unit: person.unit_name for person in people}
            self._of_cases[case.case_id] = named
            standing = Standing.of(case.case_id, case.name, case.status, file)
            digested = {unit.id: unit.name for unit in standing.units}
            # A test goes by the ids of a case without naming it; the newest case's are believed.
            self._of_others = named | digested | self._of_others

    def of(self, message: Delivery) -> str:
        """The name in Chinese; the id where no case has such a unit any more."""
        named = self._of_cases.get(message.case_id) if message.case_id else self._of_others
        return (named or {}).get(message.unit, message.unit)


def counted(messages: Iterable[Delivery]) -> str:
    """How many there are, and what became of them: "提醒 77 件：已发出 70，不必再发 6，待发 1"."""
    rows = list(messages)
    states = [DeliveryState(each.state) for each in rows]
    parts = [f"{title} {states.count(state)}" for state, title in STATES.items() if state in states]
    if repeated := sum(each.repeated for each in rows):
        parts.append(f"其中可能重复 {repeated}")
    return f"提醒 {len(rows)} 件：{'，'.join(parts)}"


def moments(message: Delivery) -> tuple[str, str]:
    """When a message was to go out and when it did, Shanghai; of the same day only the time."""
    due = message.at.astimezone(SHANGHAI)
    sent = message.sent_at.astimezone(SHANGHAI) if message.sent_at else None
    if sent is None:
        return f"{due:%Y-%m-%d %H:%M}", ""
    same_day = sent.date() == due.date()
    return f"{due:%Y-%m-%d %H:%M}", f"{sent:%H:%M}" if same_day else f"{sent:%Y-%m-%d %H:%M}"


def said_of(delivery: Delivery) -> str:
    """What became of a message, in a word or two."""
    said = STATES[DeliveryState(delivery.state)]
    if _is_left_in_outbox(delivery):
        said = "渠道没有配置，已存入发件夹"
    return said + ("（可能重复）" if delivery.repeated else "")


def _is_left_in_outbox(delivery: Delivery) -> bool:
    return delivery.state == DeliveryState.SENT and left_in_outbox(
        delivery.channel, delivery.address
    )


def _is_troubled(delivery: Delivery, attempts: tuple[Attempt, ...]) -> bool:
    went_wrong = {AttemptState.FAILED, AttemptState.REFUSED, AttemptState.UNKNOWN}
    return (
        delivery.state == DeliveryState.FAILED
        or delivery.repeated
        or _is_left_in_outbox(delivery)
        or any(each.state in went_wrong for each in attempts)
    )


def course(attempts: Sequence[Attempt]) -> str:
    """How the attempts at a message went, in their order; empty for one that arrived at once."""
    outcomes = (f"{CHANNEL_TITLES[one.channel]}{OUTCOMES[one.state]}" for one in attempts)
    went = [
        f"{said}{times}次" if (times := len(list(group))) > 1 else said
        for said, group in groupby(outcomes)
    ]
    notes = dict.fromkeys(one.note for one in attempts if one.note)
    return "；".join((*went, *notes)) if len(attempts) > 1 or notes else ""


def _show(
    found: list[Delivery], attempts: dict[str, tuple[Attempt, ...]], names: UnitNames
) -> None:
    made = table("应发时间", "送出时间", "单位", "职务", "姓名", "渠道", "内容", "结果", "经过")
    for each in found:
        tried = attempts.get(each.message_id, ())
        made.add_row(
            *moments(each),
            names.of(each),
            each.role,
            each.person,
            CHANNEL_TITLES[each.channel],
            each.subject,
            said_of(each),
            course(tried),
        )
    print_table(screen(), counted(found), made)


def _late(opened: Registry, settings: Settings, moment: datetime) -> tuple[Late, ...]:
    """What the watchdog would find at that moment."""
    calendar = office_calendar(settings)
    try:
        return late_reminders(opened, calendar, reminder_settings(settings.office), moment)
    except SettingsUnusable as error:
        raise BadInput.listing(error.faults) from error
    except BadPeriod as error:
        raise BadInput(str(error)) from error


def _show_late(silent: list[Late], moment: datetime, *, as_json: bool) -> None:
    if as_json:
        rows = [asdict(each) for each in silent]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    if not silent:
        click.echo(f"{moment:%Y-%m-%d %H:%M}：没有应发未发的提醒。")
        return
    made = table("应发时间", "已迟", "案件", "事项", "责任单位", "责任编号")
    for each in silent:
        made.add_row(
            f"{each.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            how_late(each.at, moment),
            each.case_id,
            each.title,
            each.unit_name,
            each.duty_id,
        )
    print_table(screen(), f"应发未发的提醒 {len(silent)} 件", made)
