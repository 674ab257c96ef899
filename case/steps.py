"""The fourteen steps: what each still lacks on a day. A step that lacks nothing is complete.

The order of the steps and their articles are `law.order.STEPS`; here stands what completes them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from case.approval import funds_missing, unmeasured
from case.facts import done, hearing_required
from case.payment import paid_in_full
from case.rights import holders, on_record, signed, unsigned
from case.settlement import remaining
from case.wording import FUND_TITLES, HOLDER_TITLES, NOTICE_TITLES, HolderKind, Notice
from law import order

if TYPE_CHECKING:
    from case.brief import Brief
    from case.state import State

Missing = Callable[["State", date], str | None]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the order and what it lacks on a day, in Chinese; None once it is complete."""

    number: int
    title: str
    article: str
    missing: Missing


def _notice(state: "State", notice: Notice, on: date) -> str | None:
    title = NOTICE_TITLES[notice]
    if not done(state, f"approval/{notice.value}", on):
        return f"《{title}》尚未经市人民政府批准"
    places = state.unposted(notice)
    if places:
        return f"《{title}》尚未张贴于{'、'.join(state.unit_name(place) for place in places)}"
    posted = state.posted_on(notice)
    return None if posted and posted <= on else f"《{title}》尚未张贴"


def _noticed(state: "State", notice: Notice, on: date) -> str | None:
    if lack := _notice(state, notice, on):
        return lack
    period = state.period(notice)
    if period is None:
        return f"《{NOTICE_TITLES[notice]}》公告期正在计算"
    if on >= period.may_proceed_on:
        return None
    return f"《{NOTICE_TITLES[notice]}》公告期至{period.last_day}届满"


def initiation(state: "State", on: date) -> str | None:
    untold = [name for name in order.DEPARTMENTS if not done(state, f"freeze/{name}", on)]
    if untold:
        return f"尚未通知{'、'.join(untold)}部门暂停办理"
    return _noticed(state, Notice.INITIATION, on)


def survey(state: "State", on: date) -> str | None:
    return _townships(state, "survey", "土地现状调查成果未提交", on)


def risk_assessment(state: "State", on: date) -> str | None:
    return _townships(state, "risk", "社会稳定风险评估未备案", on)


def compensation_notice(state: "State", on: date) -> str | None:
    return _noticed(state, Notice.COMPENSATION, on)


def receipts(state: "State", on: date) -> str | None:
    return _villages(state, "receipt", "回执函未取得", on)


def hearing(state: "State", on: date) -> str | None:
    for village in state.brief.villages:
        if hearing_required(state, village.id) and not done(state, f"hearing/{village.id}", on):
            return f"{village.name}应当举行听证会而尚未举行"
    return None


def plan(state: "State", on: date) -> str | None:
    return _notice(state, Notice.PLAN, on)


def registration(state: "State", on: date) -> str | None:
    for village in state.brief.villages:
        if not on_record(state, village.id, on):
            return f"{village.name}尚有权利人未登记，也未将调查结果交其签字确认"
    return None


def agreements(state: "State", on: date) -> str | None:
    if short := ratio_shortfall(state, on):
        return short
    for village in state.brief.villages:
        if unsigned(state, village.id, on) and not done(
            state, f"unsigned-forwarded/{village.id}", on
        ):
            return f"{village.name}有未签约者，尚未逐级上报市人民政府"
    return None


def ratio_shortfall(state: "State", on: date) -> str | None:
    """By how much the share signed falls short of the superior's rule (第十三条)."""
    for kind, required in ratios(state.brief).items():
        total = sum(holders(state, village.id, kind) for village in state.brief.villages)
        count = sum(signed(state, village.id, kind, on) for village in state.brief.villages)
        if count < required * total:
            return (
                f"{HOLDER_TITLES[kind]}签约{count}/{total}，"
                f"未达到{state.brief.ratio_source}要求的{required:%}"
            )
    return None


def funds(state: "State", on: date) -> str | None:
    if lack := unmeasured(state):
        return lack
    missing = funds_missing(state, on)
    if not missing:
        return None
    return f"{'、'.join(FUND_TITLES[fund] for fund in missing)}未足额到位"


def approval(state: "State", on: date) -> str | None:
    if not done(state, "submission", on):
        return "尚未报批"
    return None if done(state, "approval-received", on) else "尚未收到土地征收批准文件"


def acquisition_notice(state: "State", on: date) -> str | None:
    for village in state.brief.villages:
        if unsigned(state, village.id, on) and not done(state, f"decision/{village.id}", on):
            return f"{village.name}的未签约者尚未作出征地补偿安置决定"
    return _noticed(state, Notice.ACQUISITION, on)


def payment(state: "State", on: date) -> str | None:
    for village in state.brief.villages:
        if not done(state, f"quota/{village.id}", on):
            return f"{village.name}的安置指标和参保名额尚未核定"
        if not paid_in_full(state, village.id, on):
            return f"{village.name}的征地补偿费尚未足额支付"
    return None


def hand_over(state: "State", on: date) -> str | None:
    for village in state.brief.villages:
        if remaining(state, village.id, on):
            return f"{village.name}尚有{remaining(state, village.id, on)}户（个）权利人未交付土地"
    return None


def ratios(brief: "Brief") -> dict[HolderKind, Decimal]:
    """The share signed that the superior demands of each kind of right-holder (第十三条)."""
    return {
        HolderKind.COLLECTIVE: brief.ratio_collectives,
        HolderKind.CONTRACTOR: brief.ratio_contractors,
        HolderKind.HOUSE: brief.ratio_houses,
    }


def _townships(state: "State", fact: str, lack: str, on: date) -> str | None:
    names = [
        township.name
        for township in state.brief.townships
        if not done(state, f"{fact}/{township.id}", on)
    ]
    return f"{'、'.join(names)}的{lack}" if names else None


def _villages(state: "State", fact: str, lack: str, on: date) -> str | None:
    names = [
        village.name
        for village in state.brief.villages
        if not done(state, f"{fact}/{village.id}", on)
    ]
    return f"{'、'.join(names)}的{lack}" if names else None


STEPS = tuple(
    Step(step.number, step.title, step.article, missing)
    for step, missing in zip(
        order.STEPS,
        (
            initiation,
            survey,
            risk_assessment,
            compensation_notice,
            receipts,
            hearing,
            plan,
            registration,
            agreements,
            funds,
            approval,
            acquisition_notice,
            payment,
            hand_over,
        ),
        strict=True,
    )
)
"""The fourteen steps in the order of the order."""
