"""Duties of funding and submitting (steps 10 and 11)."""

from collections.abc import Iterator
from datetime import date

from case.approval import funds_missing
from case.duty import Duty
from case.state import State
from case.wording import Notice


def submission_duties(state: State, today: date) -> Iterator[Duty]:
    published = state.posted_on(Notice.PLAN)
    if published is None:
        return
    targets = state.brief.targets
    missing = funds_missing(state)
    yield Duty(
        id="funds",
        step=10,
        title="测算征地补偿和社会保障等费用并足额落实到位",
        unit="bureau",
        article="第十四条",
        opened_on=published,
        target=targets.funds,
        evidence="各项费用的测算和到账凭证",
        command="certify_funds",
        preset={"fund": missing[0].value} if missing else {},
        met_on=None if missing else state.last("fund/"),
    )
    submitted = state.day("submission")
    if submitted or state.first_incomplete(10, today) is None:
        yield Duty(
            id="submit",
            step=11,
            title="报批",
            unit="bureau",
            article="第十四条",
            opened_on=state.last(
                "fund/", "registration/", "served/", "agreement/", "unsigned-forwarded/"
            )
            or published,
            target=targets.submit,
            evidence="报批文件及文号",
            command="submit_for_approval",
            met_on=submitted,
        )
    if submitted:
        yield Duty(
            id="receive_approval",
            step=11,
            title="跟进审批，收到批准文件后登记",
            unit="bureau",
            article="第十五条",
            opened_on=submitted,
            target=targets.receive_approval,
            evidence="批准文件、批准机关和文号",
            command="receive_approval",
            met_on=state.day("approval-received"),
        )
