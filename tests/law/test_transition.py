"""27号's five points: every branch, and every boundary day on both its sides."""

from dataclasses import replace
from datetime import date

import pytest

from law.transition import (
    Acquisition,
    Regime,
    decisions,
    houses_on_collective_land,
    out_of_order,
    procedure_of_acquisition,
    social_security_funds,
    standard_of_compensation,
    time_of_fees,
)

OUHAI = Acquisition(district="瓯海区", township="三垟街道")
BEIAO = Acquisition(district="洞头区", township="北岙街道")
LINGKUN = Acquisition(district="洞头区", township="灵昆街道")


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("approved", "announced", "regime", "standard"),
    [
        # 2020-01-01: approved before it, and announced before 2020-04-24.
        ("2019-12-31", "2020-04-23", Regime.OLD, "批准的标准"),
        ("2019-12-31", "2020-04-24", Regime.NEW, "新的补偿标准"),
        ("2019-12-31", "2020-04-25", Regime.NEW, "新的补偿标准"),
        ("2019-12-31", None, Regime.NEW, "新的补偿标准"),
        ("2019-06-01", "2019-08-01", Regime.OLD, "批准的标准"),
        ("2020-01-01", "2020-04-23", Regime.NEW, "新的补偿标准"),
        ("2020-01-02", "2020-03-01", Regime.NEW, "新的补偿标准"),
        ("2020-12-14", None, Regime.NEW, "新的补偿标准"),
        ("2020-12-15", None, Regime.NEW, "新的补偿标准"),
        (None, "2020-04-23", Regime.NEW, "新的补偿标准"),
        (None, None, Regime.NEW, "新的补偿标准"),
    ],
)
def test_point_1_the_standard_follows_approval_and_announcement(
    approved: str | None, announced: str | None, regime: Regime, standard: str
) -> None:
    found = standard_of_compensation(
        replace(OUHAI, acquisition_approved_on=day(approved), plan_announced_on=day(announced))
    )
    assert (found.point, found.regime, found.standard) == (1, regime, standard)
    assert found.source == "温政发〔2020〕27号第一点"
    assert found.reason


@pytest.mark.parametrize(
    ("accepted", "approved", "conforms", "regime", "words"),
    [
        ("2019-12-30", None, None, Regime.OLD, "已经受理"),
        ("2019-12-31", None, None, Regime.OLD, "已经受理"),
        ("2019-12-31", "2020-12-15", None, Regime.OLD, "已经受理"),
        ("2020-01-01", None, None, Regime.NEW, "没有须衔接的前期工作"),
        ("2020-01-01", None, True, Regime.NEW_WITH_EARLIER_WORK, "可不再重新办理"),
        ("2020-01-01", None, False, Regime.NEW_WITH_SUPPLEMENT, "须补充相关材料"),
        ("2020-01-01", "2020-12-14", True, Regime.OLD, "已经完成报批"),
        ("2020-01-01", "2020-12-15", True, Regime.NEW_WITH_EARLIER_WORK, "可不再重新办理"),
        ("2020-01-01", "2020-12-15", False, Regime.NEW_WITH_SUPPLEMENT, "须补充相关材料"),
        ("2020-01-01", "2020-12-15", None, Regime.NEW, "没有须衔接的前期工作"),
        (None, None, True, Regime.NEW_WITH_EARLIER_WORK, "可不再重新办理"),
        (None, None, None, Regime.NEW, "没有须衔接的前期工作"),
    ],
)
def test_point_2_the_procedure_follows_acceptance_by_the_province(
    accepted: str | None, approved: str | None, conforms: bool | None, regime: Regime, words: str
) -> None:
    found = procedure_of_acquisition(
        replace(
            OUHAI,
            accepted_on=day(accepted),
            acquisition_approved_on=day(approved),
            earlier_work_conforms=conforms,
        )
    )
    assert (found.point, found.regime) == (2, regime)
    assert words in found.reason
    assert ("2004年修正" in found.standard) is (accepted in {"2019-12-30", "2019-12-31"})


@pytest.mark.parametrize(
    ("case", "approved", "settled", "agreed", "regime", "standard"),
    [
        (OUHAI, None, None, None, Regime.NOT_CONCERNED, ""),
        (OUHAI, "2020-12-14", False, None, Regime.OLD, "温政发〔2013〕101号"),
        (LINGKUN, "2020-12-14", False, None, Regime.OLD, "温政发〔2013〕101号"),
        (BEIAO, "2020-12-14", False, None, Regime.OLD, "洞委发〔2013〕19号"),
        (OUHAI, "2020-12-14", True, None, Regime.OLD, "温政发〔2013〕101号"),
        (OUHAI, "2020-12-15", False, None, Regime.NEW, "温政令〔2020〕7号第二十条"),
        (
            OUHAI,
            None,
            False,
            "2020-12-14",
            Regime.NEW_WITH_EARLIER_WORK,
            "温政令〔2020〕7号第二十条",
        ),
        (OUHAI, None, False, "2020-12-15", Regime.NEW, "温政令〔2020〕7号第二十条"),
        (OUHAI, None, False, None, Regime.NEW, "温政令〔2020〕7号第二十条"),
    ],
)
def test_point_3_houses_follow_approval_and_agreements_before_the_order(
    *,
    case: Acquisition,
    approved: str | None,
    settled: bool | None,
    agreed: str | None,
    regime: Regime,
    standard: str,
) -> None:
    found = houses_on_collective_land(
        replace(
            case,
            acquisition_approved_on=day(approved),
            houses_settled=settled,
            house_agreement_on=day(agreed),
        )
    )
    assert (found.point, found.regime, found.standard) == (3, regime, standard)
    assert ("原协议可作为" in found.reason) is (regime is Regime.NEW_WITH_EARLIER_WORK)
    assert ("已经完成" in found.reason) is (settled is True)


@pytest.mark.parametrize(
    ("case", "on", "regime", "standard"),
    [
        (OUHAI, "2020-12-14", Regime.NOT_CONCERNED, ""),
        (
            OUHAI,
            "2020-12-15",
            Regime.NEW,
            "政府补贴社保资金3.3万元/亩；社会保障风险补充资金7.5万元/亩",
        ),
        (
            replace(OUHAI, industrial_or_commercial=True),
            "2020-12-15",
            Regime.NEW,
            "政府补贴社保资金3.3万元/亩",
        ),
        (replace(OUHAI, has_farmland=False), "2021-01-01", Regime.NOT_CONCERNED, ""),
        (
            replace(OUHAI, acquisition_approved_on=date(2020, 12, 14)),
            "2021-01-01",
            Regime.NOT_CONCERNED,
            "",
        ),
        (
            replace(OUHAI, accepted_on=date(2019, 12, 31)),
            "2021-01-01",
            Regime.NOT_CONCERNED,
            "",
        ),
        (BEIAO, "2021-01-01", Regime.NOT_CONCERNED, ""),
        (
            LINGKUN,
            "2021-01-01",
            Regime.NEW,
            "政府补贴社保资金3.3万元/亩；社会保障风险补充资金7.5万元/亩",
        ),
    ],
)
def test_point_4_zone_1_pays_subsidy_and_risk_supplement_from_the_orders_first_day(
    case: Acquisition, on: str, regime: Regime, standard: str
) -> None:
    found = social_security_funds(case, date.fromisoformat(on))
    assert (found.point, found.regime, found.standard) == (4, regime, standard)


@pytest.mark.parametrize(
    ("accepted", "approved", "regime"),
    [
        (None, None, Regime.NEW),
        (None, "2020-12-14", Regime.OLD),
        (None, "2020-12-15", Regime.NEW),
        ("2019-12-31", "2020-12-20", Regime.OLD),
        ("2020-01-01", "2020-12-20", Regime.NEW),
    ],
)
def test_point_5_fees_are_paid_between_publication_and_submission(
    accepted: str | None, approved: str | None, regime: Regime
) -> None:
    found = time_of_fees(
        replace(
            OUHAI,
            accepted_on=day(accepted),
            acquisition_approved_on=day(approved),
            plan_announced_on=date(2021, 3, 1),
        )
    )
    assert (found.point, found.regime) == (5, regime)
    assert ("2021-03-01" in found.reason) is (regime is Regime.NEW)


def test_all_five_points_are_decided_in_their_order() -> None:
    found = decisions(OUHAI, date(2026, 1, 1))
    assert [decision.point for decision in found] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"accepted_on": date(2020, 2, 1), "acquisition_approved_on": date(2020, 1, 1)},
            ["省政府受理（2020-02-01）晚于土地征收批准（2020-01-01）"],
        ),
        (
            {
                "submitted_on": date(2020, 3, 1),
                "accepted_on": date(2020, 2, 1),
                "acquisition_approved_on": date(2020, 2, 15),
            },
            [
                "用地报批（2020-03-01）晚于省政府受理（2020-02-01）",
                "用地报批（2020-03-01）晚于土地征收批准（2020-02-15）",
            ],
        ),
        ({"submitted_on": date(2020, 2, 1), "accepted_on": date(2020, 2, 1)}, []),
    ],
)
def test_days_that_cannot_have_been_are_named(changes: dict[str, date], words: list[str]) -> None:
    assert list(out_of_order(replace(OUHAI, **changes))) == words  # type: ignore[arg-type]
