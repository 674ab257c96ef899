"""Between the old law and the new: the five points of 温政发〔2020〕27号, one decision each.

Each says which regime governs, by which standard, and why, with its point. A day that is not known
is None. Of “某日前” the day itself is no part (2020-04-24 is not before 2020-04-24); only point two
counts 2019-12-31 in, since what follows it begins on 2020-01-01.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from law.entry import ORDER, ORDER_FROM, TRANSITION
from law.order import zone_of

NEW_LAW_FROM = date(2020, 1, 1)
"""土地管理法（2019年修正）takes force; plans approved before it may keep their standard."""
NEW_STANDARD_FROM = date(2020, 4, 24)
"""Plans not announced before this day take the new standard, however early they were approved."""
LAST_OLD_ACCEPTANCE = date(2019, 12, 31)

OLD_LAW = "《中华人民共和国土地管理法》（2004年修正）"
TRIAL_PROCEDURE = "《浙江省土地征收程序规定（试行）》"
FORMER_HOUSES = "温政发〔2013〕101号"
FORMER_HOUSES_DONGTOU = "洞委发〔2013〕19号"


class Regime(StrEnum):
    """Which law governs a matter."""

    OLD = "原规定"
    NEW = "本办法"
    NEW_WITH_EARLIER_WORK = "本办法，此前的工作有效"
    NEW_WITH_SUPPLEMENT = "本办法，此前的工作须补充"
    NOT_CONCERNED = "不涉及"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """The days of an acquisition that 27号 asks for, and what it is."""

    district: str
    township: str
    acquisition_approved_on: date | None = None
    """土地征收方案获得批准之日."""
    plan_announced_on: date | None = None
    """征地补偿安置方案公告（公布）之日."""
    accepted_on: date | None = None
    """省政府受理用地报批之日."""
    earlier_work_conforms: bool | None = None
    """Whether the work before the order met the province's trial procedure; None: not examined."""
    houses_settled: bool | None = None
    """Whether compensation and resettlement of houses is complete; None where there are none."""
    house_agreement_on: date | None = None
    """房屋拆迁补偿安置协议签订之日."""
    has_farmland: bool = True
    industrial_or_commercial: bool = False
    submitted_on: date | None = None
    """用地报批之日."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one point of 27号 says of an acquisition."""

    point: int
    subject: str
    regime: Regime
    standard: str
    reason: str

    @property
    def source(self) -> str:
        """The point as it is cited."""
        return f"{TRANSITION}第{'一二三四五'[self.point - 1]}点"


def standard_of_compensation(case: Acquisition) -> Decision:
    """第一点：the standard of compensation, by when the acquisition was approved and announced."""
    approved, announced = case.acquisition_approved_on, case.plan_announced_on
    regime, standard = Regime.NEW, "新的补偿标准"
    if approved is None:
        reason = "土地征收方案尚未批准，按新的补偿标准执行"
    elif approved >= NEW_LAW_FROM:
        reason = f"土地征收方案{approved}批准，在{NEW_LAW_FROM}以后，按新的补偿标准执行"
    elif announced is not None and announced < NEW_STANDARD_FROM:
        regime, standard = Regime.OLD, "批准的标准"
        reason = (
            f"土地征收方案{approved}批准，征地补偿安置方案{announced}公告，在{NEW_STANDARD_FROM}前，"
            "按批准的标准执行；批复需调整的，可通过调整批复确认"
        )
    else:
        when = f"{announced}公告" if announced else "尚未公告"
        reason = (
            f"土地征收方案{approved}批准，但征地补偿安置方案{when}，不在{NEW_STANDARD_FROM}前，"
            "按新的补偿标准执行"
        )
    return Decision(point=1, subject="补偿标准", regime=regime, standard=standard, reason=reason)


def procedure_of_acquisition(case: Acquisition) -> Decision:
    """第二点：the procedure, by when the province accepted the submission."""
    accepted, approved = case.accepted_on, case.acquisition_approved_on
    if accepted is not None and accepted <= LAST_OLD_ACCEPTANCE:
        regime, standard = Regime.OLD, f"{OLD_LAW}和原土地征收程序"
        reason = f"省政府{accepted}已经受理用地报批，在{LAST_OLD_ACCEPTANCE}以前"
    elif approved is not None and approved < ORDER_FROM:
        regime, standard = Regime.OLD, "批准时的程序"
        reason = f"本办法{ORDER_FROM}施行前（{approved}）已经完成报批，程序不再重办"
    elif case.earlier_work_conforms is None:
        regime, standard = Regime.NEW, f"{ORDER}第二章"
        reason = f"{NEW_LAW_FROM}以后实施，本办法施行时尚未完成报批，没有须衔接的前期工作"
    elif case.earlier_work_conforms:
        regime, standard = Regime.NEW_WITH_EARLIER_WORK, f"{ORDER}第二章"
        reason = f"本办法施行时尚未完成报批，前期工作符合{TRIAL_PROCEDURE}，可不再重新办理"
    else:
        regime, standard = Regime.NEW_WITH_SUPPLEMENT, f"{ORDER}第二章"
        reason = f"本办法施行时尚未完成报批，前期工作不符合{TRIAL_PROCEDURE}，须补充相关材料"
    return Decision(point=2, subject="征收程序", regime=regime, standard=standard, reason=reason)


def houses_on_collective_land(case: Acquisition) -> Decision:
    """第三点：houses, by whether land was approved and agreements signed before the order."""
    approved, agreed = case.acquisition_approved_on, case.house_agreement_on
    new = f"{ORDER}第二十条"
    regime, standard = Regime.NEW, new
    if case.houses_settled is None:
        regime, standard, reason = Regime.NOT_CONCERNED, "", "不涉及房屋"
    elif approved is not None and approved < ORDER_FROM:
        regime = Regime.OLD
        standard = (
            FORMER_HOUSES_DONGTOU if zone_of(case.district, case.township) == 2 else FORMER_HOUSES
        )
        reason = f"本办法施行前（{approved}）已批准土地征收，" + (
            "房屋补偿和安置已经完成，不再变动"
            if case.houses_settled
            else "未完成房屋补偿和安置，程序仍按原规定执行"
        )
    elif agreed is not None and agreed < ORDER_FROM:
        regime = Regime.NEW_WITH_EARLIER_WORK
        reason = (
            f"房屋协议{agreed}签订，在本办法施行前，当时尚未批准土地征收，"
            "按本办法办理，原协议可作为房屋的征地补偿安置协议"
        )
    else:
        reason = "本办法施行后批准土地征收，房屋按本办法办理"
    return Decision(point=3, subject="房屋", regime=regime, standard=standard, reason=reason)


def _before_the_order(case: Acquisition) -> str | None:
    """Why an acquisition is none that is carried out under the order; None where it is one."""
    accepted, approved = case.accepted_on, case.acquisition_approved_on
    if accepted is not None and accepted <= LAST_OLD_ACCEPTANCE:
        return f"省政府{accepted}已经受理用地报批，按原程序执行，不是按本办法实施的征地"
    if approved is not None and approved < ORDER_FROM:
        return f"本办法施行前（{approved}）已批准，不是按本办法实施的征地"
    return None


def social_security_funds(case: Acquisition, on: date) -> Decision:
    """第四点：the government subsidy and the risk supplement owed on `on`: zone 1 only."""
    regime, standard = Regime.NOT_CONCERNED, ""
    if on < ORDER_FROM:
        reason = f"{on}在本办法施行（{ORDER_FROM}）以前，不缴纳"
    elif earlier := _before_the_order(case):
        reason = earlier
    elif zone_of(case.district, case.township) != 1:
        reason = "二类区片，第四点只对一类区片作了规定"
    elif not case.has_farmland:
        reason = "不征收农用地"
    else:
        regime = Regime.NEW
        risk = "" if case.industrial_or_commercial else "；社会保障风险补充资金7.5万元/亩"
        standard = f"政府补贴社保资金3.3万元/亩{risk}"
        exempt = "，报批时拟安排工业、商服用地，不缴风险补充资金"
        reason = "一类区片，自本办法施行之日起按征收农用地面积缴纳" + (
            exempt if case.industrial_or_commercial else ""
        )
    return Decision(
        point=4, subject="社会保障资金", regime=regime, standard=standard, reason=reason
    )


def time_of_fees(case: Acquisition) -> Decision:
    """第五点：when the fees are to be paid: after the plan is published, before submission."""
    if earlier := _before_the_order(case):
        return Decision(
            point=5, subject="缴费时间", regime=Regime.OLD, standard="原规定", reason=earlier
        )
    since = f"{case.plan_announced_on}" if case.plan_announced_on else "尚未公布"
    until = f"{case.submitted_on}" if case.submitted_on else "尚未报批"
    return Decision(
        point=5,
        subject="缴费时间",
        regime=Regime.NEW,
        standard="征地补偿安置方案公布后、用地报批前",
        reason=f"方案公布：{since}；报批：{until}；社会保障费用、政府补贴、风险补充资金、"
        "耕地开垦费、补充耕地成本均须在此期间缴纳",
    )


def decisions(case: Acquisition, on: date) -> tuple[Decision, ...]:
    """All five points for an acquisition, as of `on`."""
    return (
        standard_of_compensation(case),
        procedure_of_acquisition(case),
        houses_on_collective_land(case),
        social_security_funds(case, on),
        time_of_fees(case),
    )


def out_of_order(case: Acquisition) -> Iterator[str]:
    """Days that cannot have been: each one Chinese sentence."""
    order = (
        ("省政府受理", case.accepted_on, "土地征收批准", case.acquisition_approved_on),
        ("用地报批", case.submitted_on, "省政府受理", case.accepted_on),
        ("用地报批", case.submitted_on, "土地征收批准", case.acquisition_approved_on),
    )
    for earlier, first, later, second in order:
        if first and second and first > second:
            yield f"{earlier}（{first}）晚于{later}（{second}）"
