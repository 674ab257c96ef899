"""Duties of funding and submitting (steps 10 and 11)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from case.approval import funds_missing, measured_for, unmeasured
from case.duty import Duty, Preset
from case.state import State
from case.wording import Fund, Notice


def submission_duties(state: State, today: date) -> Iterator[Duty]:
    published = state.posted_on(Notice.PLAN)
    if published is None:
        return
    targets = state.brief.targets
    if state.rule_set is not None:
        yield Duty(
            id="measure",
            step=10,
            title="测算征地补偿和社会保障等费用，登记测算表",
            unit="bureau",
            article="第十四条",
            opened_on=published,
            target=targets.funds,
            evidence="以方案批准之日为估价时点的测算表",
            command="measure_compensation",
            met_on=None if unmeasured(state) else state.day("measurement"),
        )
    if unmeasured(state):
        return
    missing = funds_missing(state)
    yield Duty(
        id="funds",
        step=10,
        title="测算征地补偿和社会保障等费用并足额落实到位",
        unit="bureau",
        article="第十四条",
        opened_on=state.day("measurement") or published,
        target=targets.funds,
        evidence="各项费用的测算和到账凭证",
        command="certify_funds",
        preset=_next_fund(state, missing),
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


def _next_fund(state: State, missing: tuple[Fund, ...]) -> dict[str, Preset]:
    """The first fund that is missing, with what was measured for it."""
    if not missing:
        return {}
    measured = measured_for(state, missing[0], Decimal(0))
    amount: dict[str, Preset] = {"measured": str(measured)} if measured else {}
    return {"fund": missing[0].value, **amount}
