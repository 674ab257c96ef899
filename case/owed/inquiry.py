"""Duties of finding out: survey, risk, queries, receipts, hearing (steps 2, 3, 5, 6)."""

from collections.abc import Iterator
from datetime import date

from case.duty import Duty
from case.facts import hearing_required
from case.state import State
from case.wording import Notice
from law.order import DEPARTMENTS


def inquiry_duties(state: State, today: date) -> Iterator[Duty]:
    targets = state.brief.targets
    period = state.period(Notice.INITIATION)
    for township in state.brief.townships:
        unit = f"township:{township.id}"
        if period and today >= period.may_proceed_on:
            yield Duty(
                id=f"survey/{township.id}",
                step=2,
                title="开展土地现状调查并提交成果",
                unit=unit,
                article="第七条",
                opened_on=period.may_proceed_on,
                target=targets.survey,
                evidence="调查成果（土地、房屋、附着物和青苗），需测绘的附测绘成果",
                command="submit_survey",
                preset={"township": township.id},
                met_on=state.day(f"survey/{township.id}"),
            )
            yield Duty(
                id=f"risk/{township.id}",
                step=3,
                title="开展社会稳定风险评估并报政法部门备案",
                unit=unit,
                article="第八条",
                opened_on=period.may_proceed_on,
                target=targets.risk,
                evidence="评估报告（风险防范措施、处置预案）及备案号",
                command="file_risk_assessment",
                preset={"township": township.id},
                met_on=state.day(f"risk/{township.id}"),
            )
        for name in DEPARTMENTS:
            asked = state.day(f"query/{township.id}/{name}")
            if asked:
                yield Duty(
                    id=f"answer/{township.id}/{name}",
                    step=2,
                    title=f"答复{township.name}的信息查询",
                    unit=f"department:{name}",
                    article="第七条",
                    opened_on=asked,
                    target=targets.answer_information,
                    evidence="查询结果",
                    command="answer_information",
                    preset={"township": township.id, "departments": (name,)},
                    met_on=state.day(f"answer/{township.id}/{name}"),
                )


def opinion_duties(state: State, today: date) -> Iterator[Duty]:
    period = state.period(Notice.COMPENSATION)
    if period is None or today < period.may_proceed_on:
        return
    for village in state.brief.villages:
        receipt = state.day(f"receipt/{village.id}")
        yield Duty(
            id=f"receipt/{village.id}",
            step=5,
            title=f"取得{village.collective}的回执函",
            unit=f"township:{village.township}",
            article="第十条",
            opened_on=period.may_proceed_on,
            target=state.brief.targets.receipt,
            evidence="载明征求意见情况的回执函",
            command="return_receipt",
            preset={"village": village.id},
            village=village.id,
            met_on=receipt,
        )
        if receipt and hearing_required(state, village.id):
            yield Duty(
                id=f"hearing/{village.id}",
                step=6,
                title=f"举行{village.name}征地补偿安置听证会",
                unit=f"township:{village.township}",
                article="第十一条",
                opened_on=receipt,
                target=state.brief.targets.hearing,
                evidence="听证笔录",
                command="hold_hearing",
                preset={"villages": (village.id,)},
                village=village.id,
                met_on=state.day(f"hearing/{village.id}"),
            )
