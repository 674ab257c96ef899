"""Duties after the approval: decisions, quota, payment, hand-over (steps 12 to 14)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from case.duty import Duty, Preset
from case.measurement import VillageAmounts, grouped
from case.payment import paid_in_full
from case.rights import unsigned
from case.schedule import Other
from case.settlement import (
    DecideCompensation,
    pursued,
    ready_for_hand_over,
    remaining,
    vacate_until,
)
from case.state import State
from case.wording import Notice


def decision_duties(state: State) -> Iterator[Duty]:
    approved = state.day("approval-received")
    if approved is None:
        return
    targets = state.brief.targets
    for village in state.brief.villages:
        left = unsigned(state, village.id)
        proposed = state.day(f"proposal/{village.id}")
        if not left:
            continue
        yield Duty(
            id=f"propose_decision/{village.id}",
            step=12,
            title=f"就{village.name}未签约者上报市人民政府作出补偿安置决定（{left}户）",
            unit=f"township:{village.township}",
            article="第十五条",
            opened_on=approved,
            target=targets.propose_decision,
            evidence="上报文件及文号",
            command="propose_decision",
            preset={"village": village.id, "holders": left},
            village=village.id,
            met_on=proposed,
        )
        if proposed:
            yield Duty(
                id=f"decide_compensation/{village.id}",
                step=12,
                title=f"对{village.name}未签约者作出征地补偿安置决定（{left}户）",
                unit="city",
                article="第十五条",
                opened_on=proposed,
                target=targets.decide_compensation,
                evidence="决定书文号和腾退期限",
                command="decide_compensation",
                preset={"village": village.id, "holders": left},
                village=village.id,
                met_on=state.day(f"decision/{village.id}"),
            )


def settlement_duties(state: State) -> Iterator[Duty]:
    approved = state.day("approval-received")
    if approved is None:
        return
    for village in state.brief.villages:
        amounts = state.measurement.of(village.id) if state.measurement else None
        yield Duty(
            id=f"verify_quota/{village.id}",
            step=13,
            title=f"核定{village.name}的住宅用房安置指标（留地补助）和参保名额",
            unit="bureau",
            article="第十六条",
            opened_on=approved,
            rule="payment",
            trigger=approved,
            evidence="核定文件及文号",
            command="verify_quota",
            preset={"village": village.id, **_granted(amounts)},
            village=village.id,
            met_on=state.day(f"quota/{village.id}"),
        )
        paid = paid_in_full(state, village.id)
        yield Duty(
            id=f"payment/{village.id}",
            step=13,
            title=f"足额支付{village.name}的征地补偿费"
            + (f"{grouped(amounts.payable)}元" if amounts else ""),
            unit="land_user",
            article="第十六条",
            opened_on=approved,
            rule="payment",
            trigger=approved,
            evidence="支付凭证",
            command="confirm_payment",
            preset={"village": village.id, **_owed(amounts)},
            village=village.id,
            others=_provincial_payment(state, village.id),
            met_on=state.day(f"payment/{village.id}") if paid else None,
        )


def _granted(amounts: VillageAmounts | None) -> dict[str, Preset]:
    """What the measurement says is to be verified; the places are for the bureau to grant."""
    if amounts is None:
        return {}
    granted = {
        "housing_quota": amounts.housing_quota,
        "retained_land_subsidy": amounts.retained_land_subsidy,
    }
    return {name: str(value) for name, value in granted.items() if value is not None}


def _owed(amounts: VillageAmounts | None) -> dict[str, Preset]:
    """What the land user owes the village, as measured."""
    return {"payable": str(amounts.payable)} if amounts else {}


def _provincial_payment(state: State, village: str) -> tuple[Other, ...]:
    """浙江省土地管理条例第四十六条 beside 第十六条: from the acquisition notice or the decision."""
    if state.rule_set is None:
        return ()
    days = {
        day
        for day in (state.posted_on(Notice.ACQUISITION), state.day(f"decision/{village}"))
        if day is not None
    }
    return tuple(
        Other(rule=rule, trigger=day)
        for rule in state.rule_set.compared("payment")
        for day in sorted(days)
    )


def publication_duty(state: State) -> Iterator[Duty]:
    """实施条例第三十一条：the acquisition notice hangs within fifteen working days of receiving the
    approval. Drafting, approving and posting are owed one by one; this is the day for all of it."""
    approved = state.day("approval-received")
    if approved is None or not state.bound_by("final-notice-by"):
        return
    unposted = state.unposted(Notice.ACQUISITION)
    names = "、".join(state.unit_name(place) for place in unposted)
    yield Duty(
        id="publish/acquisition",
        step=12,
        title=f"在全部地点发布《土地征收公告》{f'：{names}' if names else ''}",
        unit="bureau",
        article="《土地管理法实施条例》第三十一条",
        opened_on=approved,
        rule="final-notice-by",
        trigger=approved,
        evidence="拟定、批准并在全部地点张贴",
        command="",
        met_on=state.posted_on(Notice.ACQUISITION),
    )


def hand_over_duties(state: State, today: date) -> Iterator[Duty]:
    targets = state.brief.targets
    for village in state.brief.villages:
        left = remaining(state, village.id)
        decision = state.one(DecideCompensation, f"decision/{village.id}")
        given = state.last(f"handover/{village.id}/", f"enforced/{village.id}")
        unit = f"township:{village.township}"
        bound = pursued(state, village.id)
        willing = left - bound
        if given or (willing and ready_for_hand_over(state, village.id, today)):
            yield Duty(
                id=f"hand_over/{village.id}",
                step=14,
                title=f"组织{village.name}交付被征土地和房屋（{willing}户）",
                unit=unit,
                article="第十七条",
                opened_on=_handed_over_from(state, village.id),
                target=targets.hand_over,
                evidence="交地确认书",
                command="hand_over",
                preset={"village": village.id, "holders": willing},
                village=village.id,
                met_on=None if willing else given,
            )
        until = vacate_until(state, village.id)
        if decision and until:
            paid = paid_in_full(state, village.id)
            requested = state.day(f"enforcement-request/{village.id}")
            late = left > 0 and today > until
            yield Duty(
                id=f"vacate/{village.id}",
                step=14,
                title=f"督促{village.name}受补偿安置决定约束者按期腾退（{bound}户）",
                unit=unit,
                article="第十七条",
                opened_on=decision.occurred_on,
                rule="vacating-period",
                printed=until,
                evidence="交地确认书",
                command="hand_over",
                preset={"village": village.id, "holders": bound},
                village=village.id,
                met_on=None if left else given,
                lapsed=late,
            )
            if requested or (late and paid):
                over = until + timedelta(days=1)
                since = max(over, state.day(f"payment/{village.id}") or over)
                yield from _enforcement(state, village.id, unit, since, bound)


def _handed_over_from(state: State, village: str) -> date:
    """The day on which the last of what hand-over waits for was there."""
    period = state.period(Notice.ACQUISITION)
    waited = (
        state.last(f"payment/{village}", f"quota/{village}", "decision/"),
        period.may_proceed_on if period else None,
    )
    return max(day for day in waited if day)


def _enforcement(state: State, village: str, unit: str, since: date, left: int) -> Iterator[Duty]:
    target = state.brief.targets.enforcement
    name = state.unit_name(f"village:{village}")
    requested = state.day(f"enforcement-request/{village}")
    applied = state.day(f"court/{village}")
    gone = None if remaining(state, village) else state.last(f"handover/{village}/")
    owed = partial(Duty, step=14, article="第十七条", target=target, village=village)
    yield owed(
        id=f"request_enforcement/{village}",
        title=f"提请市人民政府就{name}未腾退者申请强制执行（{left}户）",
        unit=unit,
        opened_on=since,
        evidence="提请文件及文号",
        command="request_enforcement",
        preset={"village": village, "holders": left},
        met_on=requested or gone,
    )
    if requested:
        yield owed(
            id=f"apply_to_court/{village}",
            title=f"就{name}未腾退者向人民法院申请强制执行",
            unit="city",
            opened_on=requested,
            evidence="申请书文号",
            command="apply_to_court",
            preset={"village": village},
            met_on=applied or gone,
        )
    if applied:
        yield owed(
            id=f"enforce/{village}",
            title=f"登记{name}强制执行结果（{left}户）",
            unit=unit,
            opened_on=applied,
            evidence="执行文书及文号",
            command="record_enforcement",
            preset={"village": village, "holders": left},
            met_on=state.day(f"enforced/{village}") or gone,
        )
