"""Quota, insurance places and payment within thirty days of the approval (step 13)."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from case.approval import Yuan, unmeasured
from case.command import STRICT, Command
from case.facts import done
from case.inquiry import Village
from case.measurement import VillageAmounts, grouped

if TYPE_CHECKING:
    from case.state import State


def paid_in_full(state: "State", village: str, on: date = date.max) -> bool:
    """Whether the village's compensation had been paid in full by `on`."""
    found = state.one(ConfirmPayment, f"payment/{village}")
    return found is not None and found.paid >= found.payable and found.occurred_on <= on


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class VerifyQuota(Command):
    """第十六、二十四、二十七条：the bureau verifies the housing quota and the insurance places.

    Zone 1 has a housing quota (m² of floor), zone 2 a retained-land subsidy (yuan) in its stead.
    """

    title = "核定住宅用房安置指标和参保名额"
    article = "第十六条"
    step = 13
    numbered = True
    command: Literal["verify_quota"] = "verify_quota"
    village: Village
    insurance_places: Annotated[
        Decimal, Field(ge=0, max_digits=9, decimal_places=1, description="参保名额（可留一位小数）")
    ]
    housing_quota: Annotated[
        Decimal | None,
        Field(ge=0, max_digits=12, description="住宅用房安置指标（平方米，一类区片）"),
    ] = None
    retained_land_subsidy: Annotated[
        Decimal | None, Field(ge=0, max_digits=16, description="留地补助（元，二类区片）")
    ] = None

    def facts(self) -> tuple[str, ...]:
        return (f"quota/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, "approval-received", self.occurred_on):
            return "尚未收到土地征收批准文件"
        village = state.village(self.village)
        in_zone_1 = village is not None and village.zone == 1
        if (self.housing_quota is not None) != in_zone_1:
            return "住宅用房安置指标只适用于一类区片，且一类区片必须核定"
        if (self.retained_land_subsidy is not None) == in_zone_1:
            return "留地补助只适用于二类区片，且二类区片必须核定"
        if lack := unmeasured(state):
            return lack
        amounts = state.measurement.of(self.village) if state.measurement else None
        return self._differing(amounts) if amounts else None

    def _differing(self, amounts: VillageAmounts) -> str | None:
        """What was verified otherwise than measured (第二十四、二十七条)."""
        quota, subsidy = amounts.housing_quota, amounts.retained_land_subsidy
        if quota is not None and self.housing_quota not in {quota, _to_hundredths(quota)}:
            return f"住宅用房安置指标按测算表为{_to_hundredths(quota)}平方米（第二十四条）"
        if subsidy is not None and self.retained_land_subsidy != subsidy:
            return f"留地补助按测算表为{grouped(subsidy)}元（第二十四条）"
        exact = amounts.insurance_places
        if abs(self.insurance_places - exact) >= 1 or (exact == 0 and self.insurance_places):
            return (
                f"参保名额按农用地面积为{amounts.insurance_places.normalize():f}个，"
                "核定数与之相差不得达到一个（第二十七条）"
            )
        return None


def _to_hundredths(area: Decimal) -> Decimal:
    return area.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ConfirmPayment(Command):
    """第十六条：what the land user owes a village and has paid, in yuan.

    Part payment stands as an entry and leaves the duty open; a later entry takes its place.
    """

    title = "支付征地补偿费"
    article = "第十六条"
    step = 13
    renewable = True
    numbered = True
    command: Literal["confirm_payment"] = "confirm_payment"
    village: Village
    payable: Annotated[Yuan, Field(description="应付金额（元）")]
    paid: Annotated[Yuan, Field(description="已付金额（元，累计）")]

    def facts(self) -> tuple[str, ...]:
        return (f"payment/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("land_user", "bureau")

    def lacking(self, state: "State") -> str | None:
        if not done(state, "approval-received", self.occurred_on):
            return "尚未收到土地征收批准文件"
        if self.payable == 0:
            return "应付金额应大于零"
        if lack := unmeasured(state):
            return lack
        amounts = state.measurement.of(self.village) if state.measurement else None
        if amounts and self.payable != amounts.payable:
            return f"该村应付征地补偿费按测算表为{grouped(amounts.payable)}元"
        return None

    def too_late(self, state: "State") -> str | None:
        handed = state.last(f"handover/{self.village}/", f"enforced/{self.village}")
        return "已足额支付并开始交地" if handed else None
