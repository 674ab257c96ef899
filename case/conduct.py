"""Conduct of a case as a whole: suspending, ending, correcting, sending back, moving a day.

Each carries its reason and a document's number; nothing is erased: the registry keeps every entry.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from case.acts import Act
from case.command import STRICT, Command, Day, Identifier, Text
from case.places import units_of
from case.schedule import only_shrinks

if TYPE_CHECKING:
    from case.state import State

Reason = Annotated[Text, Field(description="理由")]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Suspend(Command):
    """中止：duties stay, reminders fall silent, no act is accepted until the case resumes."""

    title = "中止征收"
    article = "第四条"
    step = 0
    numbered = True
    command: Literal["suspend"] = "suspend"
    reason: Reason

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau", "city")

    def lacking(self, state: "State") -> str | None:
        return "案件已经中止" if state.suspended else None

    def applied(self, state: "State") -> "State":
        return state.suspend()


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Resume(Command):
    """恢复：office targets start anew from this day; statutory days do not move."""

    title = "恢复征收"
    article = "第四条"
    step = 0
    numbered = True
    command: Literal["resume"] = "resume"
    reason: Reason

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau", "city")

    def lacking(self, state: "State") -> str | None:
        return None if state.suspended else "案件没有中止"

    def applied(self, state: "State") -> "State":
        return state.resume(self.occurred_on)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Terminate(Command):
    """终止：the acquisition ends without hand-over; open duties are cancelled."""

    title = "终止征收"
    article = "第四条"
    step = 0
    numbered = True
    command: Literal["terminate"] = "terminate"
    reason: Reason

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("city",)

    def lacking(self, state: "State") -> str | None:
        return None

    def applied(self, state: "State") -> "State":
        return state.terminate()


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Correct(Command):
    """更正：a wrong entry gives way to a right one, unless later acts would lose their ground."""

    title = "更正登记"
    article = "第四条"
    step = 0
    numbered = True
    command: Literal["correct"] = "correct"
    entry: Annotated[Identifier, Field(description="被更正的登记号")]
    replacement: Annotated[Act, Field(description="更正后的内容")]
    reason: Reason

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        wrong = self._wrong(state)
        if not wrong:
            return f"没有登记号为{self.entry}的有效登记"
        if not self.replacement.correctable:
            return f"“{self.replacement.title}”有误的，重新办理即可"
        if any(state.standing[key].command != self.replacement.command for key in wrong):
            return "更正不能改变登记的种类"
        bare = state.with_standing({}, frozenset(wrong))
        taken = [key for key in self.replacement.facts() if key in bare.standing]
        if taken:
            return "更正后的内容与另一条登记重复"
        if lack := self.replacement.unproven() or self.replacement.lacking(bare):
            return lack
        return _ground_lost(state, self.applied(state))

    def applied(self, state: "State") -> "State":
        wrong = frozenset(self._wrong(state))
        return self.replacement.applied(state.with_standing({}, wrong))

    def _wrong(self, state: "State") -> tuple[str, ...]:
        return tuple(key for key, act in state.standing.items() if act.id == self.entry)


def _ground_lost(before: "State", after: "State") -> str | None:
    """Which act that stands in both has its ground `before` and has lost it `after`; else None."""
    for key, act in after.standing.items():
        if before.standing.get(key) != act:
            continue
        lack = act.lacking(_without(after, act))
        if lack and not act.lacking(_without(before, act)):
            return (
                f"其后已办的“{act.title}”（登记号{act.id}）将失去依据：{lack}，请先退回或更正该项"
            )
    return None


def _without(state: "State", act: Act) -> "State":
    return state.with_standing({}, frozenset(act.facts()))


SENDABLE = {
    "survey": ("土地现状调查成果", "draft/compensation", "第七条"),
    "risk": ("社会稳定风险评估备案", "draft/compensation", "第八条"),
    "receipt": ("回执函", "draft/plan", "第十条"),
    "submission": ("报批材料", "approval-received", "第十四条"),
}
"""What can be sent back: its name, the fact after which it cannot, its article."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SendBack(Command):
    """退回：what was handed in falls short and is owed again, with a new ladder."""

    title = "退回补正"
    article = "第四条"
    step = 0
    numbered = True
    command: Literal["send_back"] = "send_back"
    item: Annotated[
        Literal["survey", "risk", "receipt", "submission"],
        Field(description="survey 调查成果、risk 风险评估、receipt 回执函、submission 报批材料"),
    ]
    place: Annotated[str | None, Field(description="乡镇（街道）或村编号；退回报批材料时不填")] = (
        None
    )
    reason: Reason

    @property
    def key(self) -> str:
        return f"{self.item}/{self.place}" if self.place else self.item

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau", "city")

    def lacking(self, state: "State") -> str | None:
        name, after, _ = SENDABLE[self.item]
        handed_in = state.day(self.key)
        if handed_in is None:
            return f"没有可退回的{name}"
        if self.occurred_on < handed_in:
            return f"退回之日不得早于提交之日{handed_in}"
        if after in state.standing:
            return f"{name}之后的步骤已经办理，不能退回"
        return _ground_lost(state, self.applied(state))

    def applied(self, state: "State") -> "State":
        return state.send_back(self.key, self.occurred_on)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AmendDeadline(Command):
    """变更期限：a person sets another last day, as far as the order leaves room.

    Notice periods and printed periods can only grow, a period within which the law wants something
    done can only shrink, an office target can do both.
    """

    title = "变更期限"
    article = "第六条、第十条、第十五条、第十六条"
    step = 0
    numbered = True
    command: Literal["amend_deadline"] = "amend_deadline"
    duty: Annotated[Text, Field(description="责任编号或公告期编号（见 show）")]
    day: Annotated[Day, Field(description="新的截止日")]
    reason: Reason

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau", "city")

    def lacking(self, state: "State") -> str | None:
        schedule = state.schedules.get(self.duty)
        if schedule is None:
            return f"没有编号为“{self.duty}”的未了责任或公告期"
        deadline = schedule.deadline
        if self.day < self.occurred_on:
            return "新的截止日不得早于变更之日"
        if self.day == deadline.last_day:
            return f"截止日已经是{self.day}"
        if deadline.last_day < self.occurred_on and self.duty.startswith("period/"):
            return "公告期已经届满"
        shrinks_only = only_shrinks(deadline)
        if shrinks_only and self.day > deadline.last_day:
            return f"法定期限（至{deadline.last_day}）不得延长"
        grows_only = deadline.statutory and not shrinks_only
        if grows_only and self.day < deadline.last_day:
            return f"法定或公告载明的期限（至{deadline.last_day}）不得缩短"
        moved = replace(schedule, deadline=replace(deadline, last_day=self.day))
        after = replace(self.applied(state), schedules={**state.schedules, self.duty: moved})
        return _ground_lost(state, after)

    def applied(self, state: "State") -> "State":
        return state.amend(self.duty, self.day, self.id, self.occurred_on)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Recount(Command):
    """按放假安排重算：all that is open is counted anew by the papers the office has adopted.

    Said to every open case when a paper is adopted; the days that move carry the paper's number.
    """

    title = "按新的放假安排重算期限"
    article = "第四条"
    step = 0
    numbered = True
    command: Literal["recount"] = "recount"
    calendar: Annotated[
        str,
        Field(pattern=r"^[0-9a-f]{64}$", description="放假安排的摘要（calendar move 自动填写）"),
    ]

    def doers(self, state: "State") -> tuple[str, ...]:
        return ("bureau",)

    def lacking(self, state: "State") -> str | None:
        return None

    def applied(self, state: "State") -> "State":
        return state.counted_anew(self.id, self.calendar, self.occurred_on)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Acknowledge(Command):
    """收到：the person has heard of a duty, and is told no more until its last day is over."""

    title = "收到提醒"
    article = "第四条"
    step = 0
    command: Literal["acknowledge"] = "acknowledge"
    duty: Annotated[Text, Field(description="责任编号（见提醒或 show）")]

    def doers(self, state: "State") -> tuple[str, ...]:
        return units_of(state.brief)

    def lacking(self, state: "State") -> str | None:
        schedule = state.schedules.get(self.duty)
        if schedule is None or self.duty.startswith("period/"):
            return f"没有编号为“{self.duty}”的未了责任"
        return None

    def applied(self, state: "State") -> "State":
        return state.acknowledge(self.duty, self.by.unit, self.by.role)


CONDUCT = (Suspend, Resume, Terminate, Correct, SendBack, AmendDeadline, Recount, Acknowledge)
