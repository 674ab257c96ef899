"""The command `reminders`: who was told what, when, by which channel, and what did not arrive."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta

import click

from activities.channels.titles import CHANNEL_TITLES
from activities.registry import Delivery, LateRung, UnknownCase
from activities.registry.rows import DeliveryState
from activities.trying import Attempt, AttemptState
from deploy.settings import load
from desk.cases import case_id, now, registry
from desk.days import Day
from desk.errors import BadInput
from desk.screen import print_table, screen, table
from law import SHANGHAI

LATE_AFTER = timedelta(minutes=30)

STATES = {
    DeliveryState.CLAIMED: "待发",
    DeliveryState.SENT: "已发出",
    DeliveryState.FAILED: "未送达",
    DeliveryState.WITHDRAWN: "不必再发",
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

“可能重复”的，是上一次发送没有得到回音，同一编号又发了一次，消息里也写明。

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
    moment = now()
    with registry(load()) as opened:
        id_ = case_id(case) if case else None
        try:
            if id_:
                opened.case(id_)
        except UnknownCase as error:
            raise BadInput(str(error)) from error
        if late:
            silent = [
                each
                for each in opened.untold(moment, LATE_AFTER)
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
    if as_json:
        rows = [
            asdict(each) | {"attempts": [asdict(one) for one in attempts.get(each.message_id, ())]}
            for each in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    elif not found:
        click.echo("没有这样的提醒。")
    else:
        _show(found, attempts)


def said_of(delivery: Delivery) -> str:
    """What became of a message, in a word or two."""
    return STATES[DeliveryState(delivery.state)] + ("（可能重复）" if delivery.repeated else "")


def _is_troubled(delivery: Delivery, attempts: tuple[Attempt, ...]) -> bool:
    went_wrong = {AttemptState.FAILED, AttemptState.REFUSED, AttemptState.UNKNOWN}
    return (
        delivery.state == DeliveryState.FAILED
        or delivery.repeated
        or any(each.state in went_wrong for each in attempts)
    )


def _show(found: Iterable[Delivery], attempts: dict[str, tuple[Attempt, ...]]) -> None:
    rows = list(found)
    made = table("应发时间", "单位", "职务", "姓名", "渠道", "内容", "结果", "经过")
    for each in rows:
        tried = attempts.get(each.message_id, ())
        went = [
            f"{CHANNEL_TITLES.get(one.channel, one.channel)}{OUTCOMES[one.state]}" for one in tried
        ]
        notes = dict.fromkeys(one.note for one in tried if one.note)
        made.add_row(
            f"{each.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            each.unit,
            each.role,
            each.person,
            CHANNEL_TITLES[each.channel],
            each.subject,
            said_of(each),
            "；".join((*went, *notes)) if len(tried) > 1 or notes else "",
        )
    states = [DeliveryState(each.state) for each in rows]
    parts = "，".join(
        f"{title} {states.count(state)}" for state, title in STATES.items() if state in states
    )
    repeated = sum(each.repeated for each in rows)
    print_table(screen(), f"提醒 {len(rows)} 件：{parts}，可能重复 {repeated}", made)


def _show_late(silent: list[LateRung], moment: datetime, *, as_json: bool) -> None:
    if as_json:
        rows = [asdict(each) for each in silent]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    if not silent:
        click.echo(f"{moment:%Y-%m-%d %H:%M}：没有应发未发的提醒。")
        return
    made = table("应发时间", "案件", "事项", "责任单位", "责任编号")
    for each in silent:
        made.add_row(
            f"{each.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            each.case_id,
            each.title,
            each.unit_name,
            each.duty_id,
        )
    print_table(screen(), f"应发未发的提醒 {len(silent)} 件", made)
