"""Finding out: the survey, the risk assessment, the receipts, the hearing (steps 2, 3, 5, 6)."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from case.command import STRICT, Command, Count, Text
from case.facts import (
    done,
    hearing_required,
)
from case.wording import Notice
from law.order import SURVEY_CONTENTS

if TYPE_CHECKING:
    from case.state import State

Township = Annotated[Text, Field(description="乡镇（街道）编号")]
Village = Annotated[Text, Field(description="村（社区）编号")]
Members = Annotated[
    int, Field(ge=0, le=1_000_000, description="认为方案不符合法律法规规定的成员人数")
]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SubmitSurvey(Command):
    """第七条：a township hands in what stands on the land and to whom it belongs."""

    title = "提交土地现状调查成果"
    article = "第七条"
    step = 2
    command: Literal["submit_survey"] = "submit_survey"
    township: Township
    contents: Annotated[tuple[Text, ...], Field(description="调查内容，须含法定各项")]
    measured: Annotated[bool, Field(description="土地、房屋面积是否经测绘")]
    surveyor: Annotated[str | None, Field(description="测绘单位及资质证书号（经测绘时必填）")] = (
        None
    )

    def facts(self) -> tuple[str, ...]:
        return (f"survey/{self.township}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (f"township:{self.township}",)

    def lacking(self, state: "State") -> str | None:
        if unexpired := state.unexpired(Notice.INITIATION, self.occurred_on):
            return unexpired
        for query in state.each(RequestInformation, f"query/{self.township}/"):
            for department in query.departments:
                if not done(state, f"answer/{self.township}/{department}", self.occurred_on):
                    return f"{department}部门尚未答复信息查询"
        if self.measured and not self.surveyor:
            return "面积经测绘的，须写明有资质的测绘单位"
        absent = [item for item in SURVEY_CONTENTS if item not in self.contents]
        return f"调查内容缺少：{'、'.join(absent)}" if absent else None

    def too_late(self, state: "State") -> str | None:
        return "征地补偿安置方案已经编制" if "draft/compensation" in state.standing else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RequestInformation(Command):
    """第七条：a township asks departments for registers that the survey needs."""

    title = "查询相关信息"
    article = "第七条"
    step = 2
    command: Literal["request_information"] = "request_information"
    township: Township
    departments: Annotated[
        tuple[Text, ...], Field(min_length=1, description="被查询的部门，可多次给出")
    ]
    about: Annotated[Text, Field(description="查询事项")]

    def facts(self) -> tuple[str, ...]:
        return tuple(f"query/{self.township}/{department}" for department in self.departments)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (f"township:{self.township}",)

    def lacking(self, state: "State") -> str | None:
        if not done(state, "approval/initiation", self.occurred_on):
            return "《土地征收启动公告》尚未经市人民政府批准"
        return None

    def too_late(self, state: "State") -> str | None:
        handed_in = f"survey/{self.township}" in state.standing
        return "土地现状调查成果已经提交" if handed_in else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AnswerInformation(Command):
    """第七条：departments answer a query, each within its duties."""

    title = "答复信息查询"
    article = "第七条"
    step = 2
    command: Literal["answer_information"] = "answer_information"
    township: Township
    departments: Annotated[
        tuple[Text, ...], Field(min_length=1, description="答复的部门，可多次给出")
    ]

    def facts(self) -> tuple[str, ...]:
        return tuple(f"answer/{self.township}/{department}" for department in self.departments)

    def doers(self, state: "State") -> tuple[str, ...]:
        if len(self.departments) > 1:
            return (f"township:{self.township}",)
        return (f"department:{self.departments[0]}", f"township:{self.township}")

    def lacking(self, state: "State") -> str | None:
        for department in self.departments:
            if not done(state, f"query/{self.township}/{department}", self.occurred_on):
                return f"未向{department}部门提出过信息查询"
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FileRiskAssessment(Command):
    """第八条：a township files its risk assessment with 政法部门.

    It may rest on the project's earlier approvals (`combined_with`), and may then be older than the
    initiation notice.
    """

    title = "社会稳定风险评估备案"
    article = "第八条"
    step = 3
    numbered = True
    command: Literal["file_risk_assessment"] = "file_risk_assessment"
    township: Township
    level: Annotated[Literal["低", "中", "高"], Field(description="风险等级：低、中、高")]
    precautions: Annotated[Text, Field(description="风险防范措施")]
    contingency_plan: Annotated[Text, Field(description="处置预案")]
    combined_with: Annotated[
        str | None, Field(description="结合的前期工作（立项审批、规划选址、环境影响评价等）")
    ] = None

    def facts(self) -> tuple[str, ...]:
        return (f"risk/{self.township}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (f"township:{self.township}",)

    def lacking(self, state: "State") -> str | None:
        unexpired = state.unexpired(Notice.INITIATION, self.occurred_on)
        if unexpired and not self.combined_with:
            return f"{unexpired}，且未写明结合的前期工作"
        return None

    def too_late(self, state: "State") -> str | None:
        return "征地补偿安置方案已经编制" if "draft/compensation" in state.standing else None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ReturnReceipt(Command):
    """第十条：once the notice's period is over, a collective returns its receipt with opinions."""

    title = "取得征求意见回执函"
    article = "第十条"
    step = 5
    command: Literal["return_receipt"] = "return_receipt"
    village: Village
    opinions: Annotated[Text, Field(description="征求意见情况")]
    objecting_members: Members

    def facts(self) -> tuple[str, ...]:
        return (f"receipt/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (f"village:{self.village}", state.township_unit(self.village))

    def lacking(self, state: "State") -> str | None:
        if unexpired := state.unexpired(Notice.COMPENSATION, self.occurred_on):
            return unexpired
        return _too_many(state, self.village, self.objecting_members)

    def too_late(self, state: "State") -> str | None:
        return _concluded(state)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RecordObjections(Command):
    """第十一条：how many members of a collective hold that the plan breaks the law."""

    title = "登记异议人数"
    article = "第十一条"
    step = 6
    renewable = True
    command: Literal["record_objections"] = "record_objections"
    village: Village
    objecting_members: Members

    def facts(self) -> tuple[str, ...]:
        return (f"objections/{self.village}",)

    def doers(self, state: "State") -> tuple[str, ...]:
        return (state.township_unit(self.village), "bureau")

    def lacking(self, state: "State") -> str | None:
        if not done(state, f"posting/compensation/village:{self.village}", self.occurred_on):
            return "《征地补偿安置公告》尚未在该村张贴"
        return _too_many(state, self.village, self.objecting_members)

    def too_late(self, state: "State") -> str | None:
        return _concluded(state)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class OrderHearing(Command):
    """第十一条：the city sees need for a hearing though the number does not demand it."""

    title = "决定组织听证会"
    article = "第十一条"
    step = 6
    command: Literal["order_hearing"] = "order_hearing"
    villages: Annotated[tuple[Text, ...], Field(min_length=1, description="村编号，可多次给出")]
    reason: Annotated[Text, Field(description="确有必要的理由")]

    def facts(self) -> tuple[str, ...]:
        return tuple(f"hearing-ordered/{village}" for village in self.villages)

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("city",)

    def lacking(self, state: "State") -> str | None:
        for village in self.villages:
            if not done(state, f"posting/compensation/village:{village}", self.occurred_on):
                return "《征地补偿安置公告》尚未在该村张贴"
        return None

    def too_late(self, state: "State") -> str | None:
        return _concluded(state)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HoldHearing(Command):
    """第十一条：the hearing was held; the city convenes it, the township carries it out."""

    title = "举行听证会"
    article = "第十一条"
    step = 6
    command: Literal["hold_hearing"] = "hold_hearing"
    villages: Annotated[tuple[Text, ...], Field(min_length=1, description="村编号，可多次给出")]
    attendance: Annotated[Count, Field(description="到会人数")]
    minutes: Annotated[Text, Field(description="听证笔录要点")]

    def facts(self) -> tuple[str, ...]:
        return tuple(f"hearing/{village}" for village in self.villages)

    def doers(self, state: "State") -> tuple[str, ...]:
        townships = {state.township_unit(village) for village in self.villages}
        return ("city", *townships) if len(townships) == 1 else ("city",)

    def lacking(self, state: "State") -> str | None:
        for village in self.villages:
            if not done(state, f"receipt/{village}", self.occurred_on):
                return "该村回执函尚未取得"
            if not hearing_required(state, village):
                return "异议成员未超过半数，市人民政府也未决定组织听证会"
        return None

    def too_late(self, state: "State") -> str | None:
        return _concluded(state)


def _too_many(state: "State", village: str, members: int) -> str | None:
    found = state.village(village)
    if found and members > found.members:
        return f"异议人数{members}超过该集体经济组织成员总数{found.members}"
    return None


def _concluded(state: "State") -> str | None:
    return "征地补偿安置方案已完善上报" if "draft/plan" in state.standing else None
