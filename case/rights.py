"""Rights on record and agreements signed (steps 8 and 9)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from case.command import STRICT, Command, Count, Text
from case.facts import done
from case.inquiry import Village
from case.notices import DraftPlan, FinalisePlan
from case.wording import HOLDER_TITLES, HolderKind, Notice

if TYPE_CHECKING:
    from case.state import State


def holders(state: "State", village: str, kind: HolderKind | None = None) -> int:
    """How many right-holders a village has, of one kind or in all: its collective counts as one."""
    found = state.village(village)
    if found is None:
        return 0
    by_kind = {
        HolderKind.COLLECTIVE: 1,
        HolderKind.CONTRACTOR: found.contractors,
        HolderKind.HOUSE: found.houses,
    }
    return by_kind[kind] if kind else sum(by_kind.values())


def registered(state: "State", village: str, on: date = date.max) -> int:
    """Holders registered by `on`."""
    entries = state.each(RegisterRights, f"registration/{village}/")
    return sum(entry.holders for entry in entries if entry.occurred_on <= on)


def served(state: "State", village: str, on: date = date.max) -> int:
    """Holders who did not register and were given the survey's result to sign, by `on`."""
    entries = state.each(ServeSurveyResult, f"served/{village}/")
    return sum(entry.holders for entry in entries if entry.occurred_on <= on)


def on_record(state: "State", village: str, on: date = date.max) -> bool:
    """Whether every holder of the village is registered or was served."""
    return registered(state, village, on) + served(state, village, on) == holders(state, village)


def signed(
    state: "State", village: str, kind: HolderKind | None = None, on: date = date.max
) -> int:
    """Agreements signed in a village by `on`, of one kind or in all."""
    prefix = f"agreement/{village}/{kind.value}/" if kind else f"agreement/{village}/"
    entries = state.each(RecordAgreements, prefix)
    return sum(entry.signed for entry in entries if entry.occurred_on <= on)


def unsigned(state: "State", village: str, on: date = date.max) -> int:
    return holders(state, village) - signed(state, village, on=on)


def registration_until(state: "State", village: str) -> date | None:
    """The last day of registration: as printed in the notice, or as later extended."""
    draft = state.one(DraftPlan, "draft/compensation")
    final = state.one(FinalisePlan, "draft/plan")
    amended = state.amendments.get(f"register/{village}")
    return _latest(
        draft.registration_until if draft else None,
        final.registration_until if final else None,
        amended.day if amended else None,
    )


def signing_until(state: "State", village: str) -> date | None:
    """The last day of the signing period: as the plan has it, or as later extended."""
    draft = state.one(DraftPlan, "draft/compensation")
    final = state.one(FinalisePlan, "draft/plan")
    amended = state.amendments.get(f"agreements/{village}")
    return _latest(
        draft.signing_until if draft else None,
        final.signing_until if final else None,
        amended.day if amended else None,
    )


def _latest(printed: date | None, *extended: date | None) -> date | None:
    """The printed day or, as it can only grow, the latest of what extended it."""
    return max([printed, *(day for day in extended if day)]) if printed else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RegisterRights(Command):
    """第十二条：holders registered at the unit and place announced, within the period announced."""

    title = "办理征地补偿登记"
    article = "第十二条"
    step = 8
    command: Literal["register_rights"] = "register_rights"
    village: Village
    holders: Annotated[Count, Field(description="本次登记的权利人数")]

    def facts(self) -> tuple[str, ...]:
        return (f"registration/{self.village}/{self.id}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        draft = state.one(DraftPlan, "draft/compensation")
        until = registration_until(state, self.village)
        if (
            draft is None
            or until is None
            or not done(state, f"posting/compensation/village:{self.village}", self.occurred_on)
        ):
            return "《征地补偿安置公告》尚未在该村张贴"
        if not draft.registration_from <= self.occurred_on <= until:
            return (
                f"不在公告的登记期限（{draft.registration_from}至{until}）内；"
                "逾期未登记的以调查结果为准，请用 serve_survey_result"
            )
        total = holders(state, self.village)
        if registered(state, self.village) + served(state, self.village) + self.holders > total:
            return f"登记人数超过该村权利人总数{total}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ServeSurveyResult(Command):
    """第十二条：who did not register is given the survey's result to sign."""

    title = "将调查结果交未登记权利人签字确认"
    article = "第十二条"
    step = 8
    command: Literal["serve_survey_result"] = "serve_survey_result"
    village: Village
    holders: Annotated[Count, Field(description="本次送交签字确认的权利人数")]

    def facts(self) -> tuple[str, ...]:
        return (f"served/{self.village}/{self.id}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        until = registration_until(state, self.village)
        if until is None or state.posted_on(Notice.COMPENSATION) is None:
            return "《征地补偿安置公告》尚未在各处张贴"
        if self.occurred_on <= until:
            return "补偿登记期限未届满"
        total = holders(state, self.village)
        if registered(state, self.village) + served(state, self.village) + self.holders > total:
            return f"送交人数超过该村未登记人数{total - registered(state, self.village)}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RecordAgreements(Command):
    """第十三条：agreements signed with holders of one kind in one village."""

    title = "登记已签征地补偿安置协议"
    article = "第十三条"
    step = 9
    command: Literal["record_agreements"] = "record_agreements"
    village: Village
    kind: Annotated[
        HolderKind,
        Field(description="、".join(f"{kind.value} {HOLDER_TITLES[kind]}" for kind in HolderKind)),
    ]
    signed: Annotated[Count, Field(description="本次签订的份数")]

    def facts(self) -> tuple[str, ...]:
        return (f"agreement/{self.village}/{self.kind.value}/{self.id}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        published = state.posted_on(Notice.PLAN)
        if published is None or published > self.occurred_on:
            return "征地补偿安置方案尚未批准发布"
        if not on_record(state, self.village, self.occurred_on):
            return "该村补偿登记（含未登记者签字确认）尚未完成"
        total = holders(state, self.village, self.kind)
        already = signed(state, self.village, self.kind)
        if already + self.signed > total:
            return f"签约份数超过该村{HOLDER_TITLES[self.kind]}总数{total}（已签{already}）"
        return None

    def too_late(self, state: "State") -> str | None:
        decided = f"decision/{self.village}" in state.standing
        return "该村未签约者已作出征地补偿安置决定" if decided else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ReportUnsigned(Command):
    """第十三条：a township states why holders did not sign and how their rights are kept."""

    title = "说明未签约情况和保障措施"
    article = "第十三条"
    step = 9
    numbered = True
    command: Literal["report_unsigned"] = "report_unsigned"
    village: Village
    circumstances: Annotated[Text, Field(description="未签订协议的具体情况")]
    safeguards: Annotated[Text, Field(description="保障其合法权益的措施")]

    def facts(self) -> tuple[str, ...]:
        return (f"unsigned/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        if not on_record(state, self.village, self.occurred_on):
            return "该村补偿登记（含未登记者签字确认）尚未完成"
        until = signing_until(state, self.village)
        if until is None or self.occurred_on <= until:
            return "签约期限未届满"
        if unsigned(state, self.village, self.occurred_on) == 0:
            return "该村已全部签约，无需说明"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ForwardUnsigned(Command):
    """第十三条：the district passes the township's report on to the city, level by level."""

    title = "逐级上报未签约情况"
    article = "第十三条"
    step = 9
    numbered = True
    command: Literal["forward_unsigned"] = "forward_unsigned"
    village: Village

    def facts(self) -> tuple[str, ...]:
        return (f"unsigned-forwarded/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.district_unit(self.village),)

    def lacking(self, state: "State") -> str | None:
        if not done(state, f"unsigned/{self.village}", self.occurred_on):
            return "乡镇（街道）尚未上报该村未签约情况"
        return None
