"""Money in place, submission and approval (steps 10 and 11)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints
from pydantic.dataclasses import dataclass

from case.brief import Brief
from case.command import STRICT, Command, Text
from case.facts import done
from case.measurement import grouped
from case.wording import BY_THE_BUREAU, FUND_TITLES, Fund, Notice

if TYPE_CHECKING:
    from case.state import State

Sheet = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=2)]


def funds_of(brief: Brief) -> tuple[Fund, ...]:
    """The funds a case must have in place: 第十四条, and 27号第四、五条 by zone, use and land."""
    farmland = any(village.farmland for village in brief.villages)
    farmland_in_zone_1 = any(village.farmland for village in brief.villages if village.zone == 1)
    arable = any(village.arable for village in brief.villages)
    needed = {
        Fund.LAND: True,
        Fund.HOUSES: any(village.houses for village in brief.villages),
        Fund.ATTACHMENTS: True,
        Fund.INSURANCE: farmland,
        Fund.SUBSIDY: farmland_in_zone_1,
        Fund.RISK: farmland_in_zone_1 and not brief.industrial_or_commercial,
        Fund.RECLAMATION: arable,
        Fund.REPLACEMENT: arable,
    }
    return tuple(fund for fund, wanted in needed.items() if wanted)


def funds_needed(state: "State") -> tuple[Fund, ...]:
    """The funds of the case; once it is measured, those that come to more than nothing."""
    called_for, measurement = funds_of(state.brief), state.measurement
    if measurement is None:
        return called_for
    return tuple(
        fund
        for fund in Fund
        if (
            fund in called_for
            if fund in BY_THE_BUREAU
            else measurement.funds.get(fund.value, 0) > 0
        )
    )


def funds_missing(state: "State", on: date = date.max) -> tuple[Fund, ...]:
    """The funds that were not certified by `on`, not in full, or not as measured last."""

    def in_full(fund: Fund) -> bool:
        found = state.one(CertifyFunds, f"fund/{fund.value}")
        if found is None or found.occurred_on > on or found.in_place < found.measured:
            return False
        return found.measured == measured_for(state, fund, found.measured)

    return tuple(fund for fund in funds_needed(state) if not in_full(fund))


def measured_for(state: "State", fund: Fund, otherwise: Decimal) -> Decimal:
    """What the case's measurement says of a fund; `otherwise` where it says nothing of it."""
    measurement = state.measurement
    return measurement.funds.get(fund.value, otherwise) if measurement else otherwise


def unmeasured(state: "State") -> str | None:
    """Why amounts cannot be settled yet: they are not measured, or as of another day."""
    if state.rule_set is None:
        return None
    if state.measurement is None:
        return "征地补偿费用尚未按登记的测算表测算（measure-compensation）"
    if state.measurement.plan_approved_on != state.day("approval/plan"):
        return "征地补偿安置方案批准日已经更正，须重新测算（第二十条）"
    return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MeasureCompensation(Command):
    """第十四条：the bureau has everything measured from a registered sheet (补偿测算表).

    The amounts are measured by an activity and kept in the case; a later entry takes their place,
    and funds certified by other amounts are then owed again.
    """

    title = "测算征地补偿费用"
    article = "第十四条"
    step = 10
    renewable = True
    correctable = False
    command: Literal["measure_compensation"] = "measure_compensation"
    sheet: Annotated[
        Sheet, Field(description="已登记测算表的编号（starter.py compensation 文件 --register）")
    ]

    def facts(self) -> tuple[str, ...]:
        return ("measurement",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if state.rule_set is None:
            return "本案启动在先，费用按登记的金额办理，不另测算"
        published = state.posted_on(Notice.PLAN)
        if published is None or published > self.occurred_on:
            return (
                "完善后的征地补偿安置方案尚未批准发布"
                "（第7步：finalise-plan，approve --notice plan，confirm-posting）"
            )
        return None

    def too_late(self, state: "State") -> str | None:
        return "已经报批，费用应在报批前测算" if "submission" in state.standing else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CertifyFunds(Command):
    """第十四条；27号第五条：one fund measured, and what of it is in place, in yuan.

    Where less is in place than measured, the entry stands and the step stays open; a later entry
    takes its place.
    """

    title = "测算并落实费用"
    article = "第十四条"
    step = 10
    renewable = True
    numbered = True
    command: Literal["certify_funds"] = "certify_funds"
    fund: Annotated[
        Fund,
        Field(
            description="、".join(f"{fund.value} {title}" for fund, title in FUND_TITLES.items())
        ),
    ]
    measured: Annotated[Yuan, Field(description="测算金额（元）")]
    in_place: Annotated[Yuan, Field(description="已落实到位金额（元）")]

    def facts(self) -> tuple[str, ...]:
        return (f"fund/{self.fund.value}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if self.fund not in funds_needed(state):
            return f"本项目不涉及{FUND_TITLES[self.fund]}"
        published = state.posted_on(Notice.PLAN)
        if published is None or published > self.occurred_on:
            return "征地补偿安置方案尚未批准发布"
        # Amounts that went stale are measured anew before submission; what was certified at them
        # need not be taken back first.
        if state.measurement is None and (lack := unmeasured(state)):
            return lack
        # Only attachments can come to nothing: none are compensated by area on zone 2's 建设用地.
        if self.measured == 0 and self.fund is not Fund.ATTACHMENTS:
            return "测算金额应大于零"
        if (due := measured_for(state, self.fund, self.measured)) != self.measured:
            return (
                f"{FUND_TITLES[self.fund]}按测算表为{grouped(due)}元，"
                f"与登记的测算金额{grouped(self.measured)}元不符"
            )
        return None

    def too_late(self, state: "State") -> str | None:
        return "已经报批，费用应在报批前落实" if "submission" in state.standing else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SubmitForApproval(Command):
    """第十四条：the bureau submits, with steps 1 to 10 complete."""

    title = "报批"
    article = "第十四条"
    step = 11
    numbered = True
    command: Literal["submit_for_approval"] = "submit_for_approval"

    def facts(self) -> tuple[str, ...]:
        return ("submission",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        return state.first_incomplete(10, self.occurred_on)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ReceiveApproval(Command):
    """第十五、十六条：the approval arrived; payment's 30 days run from `occurred_on`."""

    title = "收到土地征收批准文件"
    article = "第十五条、第十六条"
    step = 11
    numbered = True
    command: Literal["receive_approval"] = "receive_approval"
    authority: Annotated[Text, Field(description="批准征地机关")]

    def facts(self) -> tuple[str, ...]:
        return ("approval-received",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, "submission", self.occurred_on):
            return "尚未报批"
        return None
