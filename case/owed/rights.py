"""Duties of registering and signing (steps 8 and 9)."""

from collections.abc import Iterator
from datetime import date, timedelta

from case import steps
from case.duty import Duty
from case.rights import (
    holders,
    on_record,
    registered,
    registration_until,
    served,
    signing_until,
    unsigned,
)
from case.state import State
from case.wording import Notice


def registration_duties(state: State, today: date) -> Iterator[Duty]:
    for village in state.brief.villages:
        posted = state.day(f"posting/compensation/village:{village.id}")
        until = registration_until(state, village.id)
        if posted is None or until is None:
            continue
        left = holders(state, village.id) - registered(state, village.id)
        recorded = on_record(state, village.id)
        lapsed = bool(left) and (today > until or recorded)
        yield Duty(
            id=f"register/{village.id}",
            step=8,
            title=f"组织{village.name}权利人办理征地补偿登记（未登记{left}户）",
            unit=f"township:{village.township}",
            article="第十二条",
            opened_on=posted,
            rule="registration-period",
            printed=until,
            evidence="不动产权属证明材料和登记表",
            command="register_rights",
            preset={"village": village.id, "holders": left},
            village=village.id,
            met_on=None if left else state.last(f"registration/{village.id}/"),
            lapsed=lapsed,
        )
        if lapsed and (not recorded or state.last(f"served/{village.id}/")):
            unserved = left - served(state, village.id)
            yield Duty(
                id=f"serve/{village.id}",
                step=8,
                title=f"将调查结果交{village.name}未登记权利人签字确认（{left}户）",
                unit=f"township:{village.township}",
                article="第十二条",
                opened_on=until + timedelta(days=1),
                target=state.brief.targets.registration_survey_served,
                evidence="权利人签字的调查结果",
                command="serve_survey_result",
                preset={"village": village.id, "holders": unserved},
                village=village.id,
                met_on=state.last(f"served/{village.id}/") if recorded else None,
            )


def agreement_duties(state: State, today: date) -> Iterator[Duty]:
    published = state.posted_on(Notice.PLAN)
    if published is None:
        return
    targets = state.brief.targets
    enough = steps.ratio_shortfall(state, today) is None
    for village in state.brief.villages:
        until = signing_until(state, village.id)
        if until is None or not on_record(state, village.id):
            continue
        ready = state.last(f"registration/{village.id}/", f"served/{village.id}/")
        opened = max(published, ready or published)
        left = unsigned(state, village.id)
        forwarded = state.day(f"unsigned-forwarded/{village.id}")
        yield Duty(
            id=f"agreements/{village.id}",
            step=9,
            title=f"签订{village.name}征地补偿安置协议（未签{left}份）",
            unit=f"township:{village.township}",
            article="第十三条",
            opened_on=opened,
            rule="signing-period",
            printed=until,
            evidence="已签订的协议",
            command="record_agreements",
            preset={"village": village.id},
            village=village.id,
            met_on=None if left else state.last(f"agreement/{village.id}/"),
            lapsed=bool(left) and enough and today > max(until, opened),
        )
        reported = state.day(f"unsigned/{village.id}")
        if reported or (left and today > max(until, opened)):
            yield Duty(
                id=f"report_unsigned/{village.id}",
                step=9,
                title=f"说明{village.name}未签约情况和保障措施并上报（{left}户）",
                unit=f"township:{village.township}",
                article="第十三条",
                opened_on=max(until, opened) + timedelta(days=1),
                target=targets.report_unsigned,
                evidence="上报文件及文号",
                command="report_unsigned",
                preset={"village": village.id},
                village=village.id,
                met_on=reported,
            )
        if forwarded or (reported and left):
            yield Duty(
                id=f"forward_unsigned/{village.id}",
                step=9,
                title=f"将{village.name}未签约情况逐级上报市人民政府",
                unit=state.district_unit(village.id),
                article="第十三条",
                opened_on=reported or forwarded or opened,
                target=targets.report_unsigned,
                evidence="上报文件及文号",
                command="forward_unsigned",
                preset={"village": village.id},
                village=village.id,
                met_on=forwarded,
            )
