"""After the approval: decisions, hand-over, enforcement (steps 12 and 14)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from case.command import STRICT, Command, Count, Day
from case.facts import done
from case.inquiry import Village
from case.payment import paid_in_full
from case.rights import holders, unsigned

if TYPE_CHECKING:
    from case.state import State


def vacated(state: "State", village: str, on: date = date.max) -> int:
    """Holders whose land and houses were handed over by `on`, by themselves or by enforcement."""
    given = sum(
        entry.holders
        for entry in state.each(HandOver, f"handover/{village}/")
        if entry.occurred_on <= on
    )
    enforced = state.one(RecordEnforcement, f"enforced/{village}")
    return given + (enforced.holders if enforced and enforced.occurred_on <= on else 0)


def remaining(state: "State", village: str, on: date = date.max) -> int:
    """Holders who had not handed over by `on`."""
    return holders(state, village) - vacated(state, village, on)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ProposeDecision(Command):
    """第十五条：a township asks the city to decide compensation for those who did not sign."""

    title = "上报作出补偿安置决定"
    article = "第十五条"
    step = 12
    numbered = True
    command: Literal["propose_decision"] = "propose_decision"
    village: Village
    holders: Annotated[Count, Field(description="未签约权利人数")]

    def facts(self) -> tuple[str, ...]:
        return (f"proposal/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        if not done(state, "approval-received", self.occurred_on):
            return "土地征收手续尚未批准"
        left = unsigned(state, self.village)
        if self.holders != left:
            return f"该村未签约权利人为{left}人，与上报的{self.holders}人不符"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DecideCompensation(Command):
    """第十五、十七条：the city decides for the unsigned, and sets the day to vacate."""

    title = "作出征地补偿安置决定"
    article = "第十五条"
    step = 12
    numbered = True
    command: Literal["decide_compensation"] = "decide_compensation"
    village: Village
    holders: Annotated[Count, Field(description="决定涉及的权利人数")]
    vacate_by: Annotated[Day, Field(description="决定规定的腾退截止日")]

    def facts(self) -> tuple[str, ...]:
        return (f"decision/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("city",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, f"proposal/{self.village}", self.occurred_on):
            return "乡镇（街道）尚未上报"
        left = unsigned(state, self.village)
        if self.holders != left:
            return f"该村未签约权利人为{left}人，与决定涉及的{self.holders}人不符"
        if self.vacate_by <= self.occurred_on:
            return "腾退截止日应在作出决定之日以后"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HandOver(Command):
    """第十七条：owners and users give up the land and houses, once they are paid in full."""

    title = "交付被征土地"
    article = "第十七条"
    step = 14
    command: Literal["hand_over"] = "hand_over"
    village: Village
    holders: Annotated[Count, Field(description="本次交付的权利人数")]

    def facts(self) -> tuple[str, ...]:
        return (f"handover/{self.village}/{self.id}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        if unready := _not_ready(state, self.village, self.occurred_on):
            return unready
        left = remaining(state, self.village)
        return f"交付人数超过该村未交付人数{left}" if self.holders > left else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RequestEnforcement(Command):
    """第十七条：not vacated within the decision's period, so the township turns to the city."""

    title = "提请申请强制执行"
    article = "第十七条"
    step = 14
    numbered = True
    command: Literal["request_enforcement"] = "request_enforcement"
    village: Village
    holders: Annotated[Count, Field(description="未腾退的权利人数")]

    def facts(self) -> tuple[str, ...]:
        return (f"enforcement-request/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        decision = state.one(DecideCompensation, f"decision/{self.village}")
        if decision is None:
            return "该村没有征地补偿安置决定"
        until = vacate_until(state, self.village)
        if until is None or self.occurred_on <= until:
            return f"征地补偿安置决定规定的期限（{until}）未届满"
        if not paid_in_full(state, self.village, self.occurred_on):
            return "该村征地补偿费尚未足额到位"
        if self.holders > min(decision.holders, remaining(state, self.village)):
            return "人数超过决定所涉且未腾退的权利人数"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ApplyToCourt(Command):
    """第十七条：the city applies to the people's court."""

    title = "向人民法院申请强制执行"
    article = "第十七条"
    step = 14
    numbered = True
    command: Literal["apply_to_court"] = "apply_to_court"
    village: Village

    def facts(self) -> tuple[str, ...]:
        return (f"court/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("city",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, f"enforcement-request/{self.village}", self.occurred_on):
            return "乡镇（街道）尚未提请"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RecordEnforcement(Command):
    """第十七条：the court's enforcement vacated what had not been vacated."""

    title = "强制执行完毕"
    article = "第十七条"
    step = 14
    numbered = True
    command: Literal["record_enforcement"] = "record_enforcement"
    village: Village
    holders: Annotated[Count, Field(description="经强制执行腾退的权利人数")]

    def facts(self) -> tuple[str, ...]:
        return (f"enforced/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("city", state.township_unit(self.village))

    def lacking(self, state: "State") -> str | None:
        if not done(state, f"court/{self.village}", self.occurred_on):
            return "尚未向人民法院申请强制执行"
        if unready := _not_ready(state, self.village, self.occurred_on):
            return unready
        left = pursued(state, self.village)
        if self.holders != left:
            return f"提请执行且未腾退的权利人为{left}人，须全部腾退，与登记的{self.holders}人不符"
        return None


def pursued(state: "State", village: str) -> int:
    """Holders who did not vacate under the decision: as the township named them, else at most."""
    if f"enforced/{village}" in state.standing:
        return 0
    request = state.one(RequestEnforcement, f"enforcement-request/{village}")
    decision = state.one(DecideCompensation, f"decision/{village}")
    named = request or decision
    return min(named.holders, remaining(state, village)) if named else 0


def vacate_until(state: "State", village: str) -> date | None:
    """The last day to vacate under the decision, or as a person extended it."""
    decision = state.one(DecideCompensation, f"decision/{village}")
    if decision is None:
        return None
    amended = state.amendments.get(f"vacate/{village}")
    return max(amended.day, decision.vacate_by) if amended else decision.vacate_by


def ready_for_hand_over(state: "State", village: str, on: date) -> bool:
    """Whether the village may be handed over on `on`."""
    return _not_ready(state, village, on) is None


def _not_ready(state: "State", village: str, on: date) -> str | None:
    """第十七条：what is missing before land of a village may be taken over."""
    if not paid_in_full(state, village, on):
        return "该村征地补偿费尚未足额到位"
    if not done(state, f"quota/{village}", on):
        return "该村的安置指标和参保名额尚未核定"
    return state.first_incomplete(12, on)
