"""Drafting, approving and posting (steps 1, 4, 7 and 12), and the freeze of step 1."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from case.command import STRICT, Command, Day, Text
from case.facts import done
from case.places import poster_of
from case.wording import NOTICE_ARTICLES, NOTICE_STEPS, NOTICE_TITLES, Notice
from law.order import (
    ACQUISITION_NOTICE_CONTENTS,
    COMPENSATION_NOTICE_CONTENTS,
    INITIATION_NOTICE_CONTENTS,
    PLAN_CONTENTS,
)

if TYPE_CHECKING:
    from case.state import State

Contents = Annotated[
    tuple[Text, ...], Field(description="已载明的内容，须含法定各项（缺项时逐项列出）")
]
Places = Annotated[
    tuple[Text, ...],
    Field(
        min_length=1,
        description="张贴地点：portal、township:编号、village:编号、group:村/组",
    ),
]


NEW_PROCEDURE_FROM = date(2020, 1, 1)
"""From when an acquisition goes by the order's procedure (27号第二条)."""


def _missing(required: tuple[str, ...], given: tuple[str, ...]) -> str | None:
    absent = [item for item in required if item not in given]
    return f"内容缺少：{'、'.join(absent)}" if absent else None


NoticeChoice = Annotated[
    Notice,
    Field(description="、".join(f"{each.value} {NOTICE_TITLES[each]}" for each in Notice)),
]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DraftInitiation(Command):
    """第六条：the bureau drafts the initiation notice with the departments."""

    title = "拟定土地征收启动公告"
    article = "第六条"
    step = 1
    command: Literal["draft_initiation"] = "draft_initiation"
    contents: Contents

    def facts(self) -> tuple[str, ...]:
        return ("draft/initiation",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if self.occurred_on < NEW_PROCEDURE_FROM:
            return "2020年1月1日以前启动的项目按原程序办理（温政发〔2020〕27号第二条）"
        return _missing(INITIATION_NOTICE_CONTENTS, self.contents)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DraftPlan(Command):
    """第九、十条：the bureau draws up the compensation plan and the notice that carries it."""

    title = "编制征地补偿安置方案并拟定征地补偿安置公告"
    article = "第九条、第十条"
    step = 4
    command: Literal["draft_plan"] = "draft_plan"
    plan_contents: Contents
    notice_contents: Contents
    registration_from: Annotated[date, Field(description="补偿登记开始日")]
    registration_until: Annotated[Day, Field(description="补偿登记截止日")]
    registration_unit: Annotated[Text, Field(description="补偿登记单位")]
    registration_place: Annotated[Text, Field(description="补偿登记地点")]
    signing_until: Annotated[Day, Field(description="签约期限截止日")]

    def facts(self) -> tuple[str, ...]:
        return ("draft/compensation",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if incomplete := state.first_incomplete(3, self.occurred_on):
            return incomplete
        if not self.occurred_on <= self.registration_from <= self.registration_until:
            return "补偿登记开始日不得早于拟定之日，截止日不得早于开始日"
        if self.signing_until < self.registration_until:
            return "签约期限不得早于补偿登记截止日"
        return _missing(PLAN_CONTENTS, self.plan_contents) or _missing(
            COMPENSATION_NOTICE_CONTENTS, self.notice_contents
        )


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FinalisePlan(Command):
    """第十一条：after receipts and hearing the bureau completes the plan, revised or not."""

    title = "完善征地补偿安置方案"
    article = "第十一条"
    step = 7
    command: Literal["finalise_plan"] = "finalise_plan"
    revised: Annotated[bool, Field(description="方案是否修改")]
    grounds: Annotated[Text, Field(description="修改或不修改的依据和理由")]
    hearing_outcome: Annotated[
        str | None, Field(description="听证意见的采纳情况（举行过听证会时必填）")
    ] = None
    registration_until: Annotated[Day | None, Field(description="延长后的补偿登记截止日")] = None
    signing_until: Annotated[Day | None, Field(description="延长后的签约期限截止日")] = None

    def facts(self) -> tuple[str, ...]:
        return ("draft/plan",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        draft = state.one(DraftPlan, "draft/compensation")
        if incomplete := state.first_incomplete(6, self.occurred_on):
            return incomplete
        heard = any(f"hearing/{village.id}" in state.standing for village in state.brief.villages)
        if heard and not self.hearing_outcome:
            return "已举行听证会，须写明听证意见的采纳情况"
        if draft is None:
            return "征地补偿安置方案尚未编制"
        if self.registration_until and self.registration_until < draft.registration_until:
            return "补偿登记截止日只能延长，不能提前"
        if self.signing_until and self.signing_until < draft.signing_until:
            return "签约期限只能延长，不能提前"
        registration = self.registration_until or draft.registration_until
        if (self.signing_until or draft.signing_until) < registration:
            return "签约期限不得早于补偿登记截止日"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DraftAcquisition(Command):
    """第十五条：once approved, the bureau drafts the acquisition notice without delay."""

    title = "拟定土地征收公告"
    article = "第十五条"
    step = 12
    command: Literal["draft_acquisition"] = "draft_acquisition"
    contents: Contents

    def facts(self) -> tuple[str, ...]:
        return ("draft/acquisition",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, "approval-received", self.occurred_on):
            return "尚未收到土地征收批准文件"
        return _missing(ACQUISITION_NOTICE_CONTENTS, self.contents)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Approve(Command):
    """第六、十、十一、十五条：the city approves a notice or the plan."""

    title = "批准公告或方案"
    article = "第六条、第十条、第十一条、第十五条"
    step = 1
    numbered = True
    command: Literal["approve"] = "approve"
    notice: NoticeChoice

    def facts(self) -> tuple[str, ...]:
        return (f"approval/{self.notice.value}",)

    @property
    def basis(self) -> str:
        return NOTICE_ARTICLES[self.notice]

    @property
    def at_step(self) -> int:
        return NOTICE_STEPS[self.notice]

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("city",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, f"draft/{self.notice.value}", self.occurred_on):
            return f"《{NOTICE_TITLES[self.notice]}》尚未拟定上报"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ConfirmPosting(Command):
    """第六、十、十一、十五条：a notice hangs at these places since `occurred_on`.

    A notice counts as posted with its proof: a photograph, or a picture of the web page.
    """

    title = "确认公告张贴"
    proven = True
    article = "第六条、第十条、第十一条、第十五条"
    step = 1
    command: Literal["confirm_posting"] = "confirm_posting"
    notice: NoticeChoice
    places: Places

    def facts(self) -> tuple[str, ...]:
        return tuple(f"posting/{self.notice.value}/{place}" for place in self.places)

    @property
    def basis(self) -> str:
        return NOTICE_ARTICLES[self.notice]

    @property
    def at_step(self) -> int:
        return NOTICE_STEPS[self.notice]

    def doers(self, state: "State") -> tuple[str, ...]:
        return tuple(dict.fromkeys(poster_of(state.brief, place) for place in self.places))

    def lacking(self, state: "State") -> str | None:
        allowed = state.places(self.notice)
        unknown = [place for place in self.places if place not in allowed]
        if unknown:
            return f"{'、'.join(unknown)}不是本公告的张贴地点（应为{'、'.join(allowed)}）"
        if len({poster_of(state.brief, place) for place in self.places}) > 1:
            return "一次只能确认同一张贴单位负责的地点"
        if not done(state, f"approval/{self.notice.value}", self.occurred_on):
            return f"《{NOTICE_TITLES[self.notice]}》尚未经市人民政府批准"
        draft = state.one(DraftPlan, "draft/compensation")
        if (
            self.notice is Notice.COMPENSATION
            and draft
            and self.occurred_on >= draft.registration_until
        ):
            return "张贴之日补偿登记期限已届满，须先更正公告载明的登记期限"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class NotifyDepartments(Command):
    """第六条：departments are told to freeze what would unduly raise compensation."""

    title = "通知相关部门暂停办理"
    article = "第六条"
    step = 1
    numbered = True
    command: Literal["notify_departments"] = "notify_departments"
    departments: Annotated[
        tuple[Text, ...], Field(min_length=1, description="被通知的部门，可多次给出")
    ]

    def facts(self) -> tuple[str, ...]:
        return tuple(f"freeze/{department}" for department in self.departments)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, "approval/initiation", self.occurred_on):
            return "《土地征收启动公告》尚未经市人民政府批准"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AcknowledgeFreeze(Command):
    """第六条：departments confirm that they stopped the matters named."""

    title = "确认已暂停办理"
    article = "第六条"
    step = 1
    command: Literal["acknowledge_freeze"] = "acknowledge_freeze"
    departments: Annotated[
        tuple[Text, ...], Field(min_length=1, description="回复的部门，可多次给出")
    ]

    def facts(self) -> tuple[str, ...]:
        return tuple(f"freeze-acknowledged/{department}" for department in self.departments)

    def doers(self, state: "State") -> tuple[str, ...]:
        if len(self.departments) > 1:
            return ("bureau",)
        return (f"department:{self.departments[0]}", "bureau")

    def lacking(self, state: "State") -> str | None:
        for department in self.departments:
            if not done(state, f"freeze/{department}", self.occurred_on):
                return f"尚未通知{department}部门"
        return None
