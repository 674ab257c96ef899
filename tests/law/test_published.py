"""What the order says of published notices: the real ones first."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import BadPeriod
from law.deadline import reckon
from law.published import KINDS, PublishedNotice, examine
from law.rules import rule
from tests.law.papers import LAST_PAPER, calendar_up_to

CALENDAR = calendar_up_to(LAST_PAPER)


def notice(kind: str, posted: date | None, start: date, end: date) -> PublishedNotice:
    return PublishedNotice(kind=kind, posted=posted, start=start, end=end)


TIANJIN = notice("initiation", date(2024, 9, 20), date(2024, 9, 23), date(2024, 10, 10))
DUOZHU = notice("initiation", date(2026, 3, 16), date(2026, 3, 16), date(2026, 3, 30))
DINGZHOU = notice("initiation", date(2024, 10, 24), date(2024, 10, 24), date(2024, 11, 6))


@pytest.mark.parametrize(
    ("published", "excluding", "including", "short_by", "said"),
    [
        (TIANJIN, 10, 10, 0, "张贴当日（2024年9月20日）不计入，自载明的起始日2024年9月23日起算"),
        (DUOZHU, 10, 11, 0, "计10个工作日，期限足够"),
        (DINGZHOU, 9, 10, 1, "把首日算进去才有10个工作日，首日依法不计入，应公告至2024年11月7日"),
    ],
)
def test_real_notices(
    published: PublishedNotice, excluding: int, including: int, short_by: int, said: str
) -> None:
    finding = examine(published, CALENDAR)
    assert finding.counted_excluding_first_day == excluding
    assert finding.counted_including_first_day == including
    assert finding.short_by == short_by
    assert finding.sufficient is (short_by == 0)
    assert not finding.provisional
    assert said in finding.reason


@pytest.mark.parametrize(
    ("published", "excluding", "including", "short_by", "said"),
    [
        # The posting day is not known: the printed start stands for it.
        (
            notice("initiation", None, date(2024, 10, 24), date(2024, 11, 6)),
            9,
            10,
            1,
            "未写张贴日，以起始日（2024年10月24日）为张贴当日，不计入",
        ),
        # Printed to begin the day after the posting: the start is the first counted day.
        (
            notice("compensation", date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31)),
            30,
            30,
            0,
            "计30日，期限足够",
        ),
        (
            notice("compensation", date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 31)),
            29,
            30,
            1,
            "短1日",
        ),
        # Rest days before the printed start do not lengthen the period that is printed.
        (
            notice("compensation", date(2024, 9, 20), date(2024, 9, 23), date(2024, 10, 20)),
            28,
            28,
            2,
            "只有28日，短2日；应公告至2024年10月22日",
        ),
        # Hung up two days after the printed start.
        (
            notice("acquisition", date(2026, 3, 18), date(2026, 3, 16), date(2026, 3, 30)),
            8,
            11,
            2,
            "张贴晚于载明的起始日2026年3月16日",
        ),
        # 国庆 of 2026: 10-08, 10-09 and Saturday 10-10 are worked.
        (
            notice("acquisition", date(2026, 9, 30), date(2026, 9, 30), date(2026, 10, 10)),
            3,
            4,
            7,
            "应公告至2026年10月20日",
        ),
        (notice("initiation", None, date(2026, 3, 16), date(2026, 3, 16)), 0, 1, 10, "0个工作日"),
    ],
)
def test_the_posting_day_and_the_printed_start(
    published: PublishedNotice, excluding: int, including: int, short_by: int, said: str
) -> None:
    finding = examine(published, CALENDAR)
    assert finding.counted_excluding_first_day == excluding
    assert finding.counted_including_first_day == including
    assert finding.short_by == short_by
    assert said in finding.reason


@pytest.mark.parametrize(
    ("published", "counts", "said"),
    [
        # The printed period would hold ten with its first day; its posting is what is wrong.
        (
            notice("initiation", date(2024, 11, 1), date(2024, 10, 24), date(2024, 11, 6)),
            3,
            "从载明的起始日数有10个工作日，但张贴当日及以前的日子不能计入，应公告至2024年11月15日",
        ),
        (
            notice("initiation", date(2024, 10, 25), date(2024, 10, 24), date(2024, 11, 6)),
            8,
            "张贴晚于载明的起始日2024年10月24日",
        ),
        (
            notice("initiation", date(2026, 3, 30), date(2026, 3, 16), date(2026, 3, 30)),
            0,
            "张贴晚于载明的起始日2026年3月16日",
        ),
        (
            notice("initiation", date(2026, 4, 1), date(2026, 3, 16), date(2026, 3, 30)),
            0,
            "晚于载明的截止日，载明的期间内没有张贴，都不计入，至2026年3月30日只有0个工作日，"
            "短10个工作日；应公告至2026年4月16日。",
        ),
        (
            notice("compensation", date(2026, 4, 10), date(2026, 3, 1), date(2026, 4, 9)),
            0,
            "只有0日，短30日；应公告至2026年5月10日。",
        ),
        (
            notice("initiation", date(2026, 12, 18), date(2026, 12, 1), date(2026, 12, 15)),
            0,
            "应公告至2027年1月4日（暂定）。",
        ),
    ],
)
def test_a_notice_posted_late_is_short_for_its_posting_not_for_its_first_day(
    published: PublishedNotice, counts: int, said: str
) -> None:
    assert published.faults(CALENDAR) == ()
    finding = examine(published, CALENDAR)
    assert finding.counted_excluding_first_day == finding.fewest == finding.most == counts
    assert finding.short_by == finding.required - counts
    assert finding.counted_including_first_day >= finding.required
    assert not finding.only_with_first_day
    assert not finding.undecided
    assert said in finding.reason
    assert "首日" not in finding.reason


@pytest.mark.parametrize(
    ("end", "counts", "bounds", "undecided"),
    [
        (date(2026, 12, 25), 5, (5, 5), False),
        (date(2027, 1, 4), 10, (8, 12), True),
        (date(2027, 1, 6), 12, (10, 14), False),
        (date(2026, 12, 30), 8, (7, 9), False),
        (date(2026, 12, 31), 9, (7, 10), True),
    ],
)
def test_a_notice_into_an_unarranged_year_is_provisional(
    end: date, counts: int, bounds: tuple[int, int], undecided: bool
) -> None:
    finding = examine(notice("initiation", None, date(2026, 12, 18), end), CALENDAR)
    assert finding.counted_excluding_first_day == counts
    assert (finding.fewest, finding.most) == bounds
    assert finding.provisional is (bounds[0] != bounds[1])
    assert finding.undecided is undecided
    assert (f"最少{bounds[0]}个工作日，最多{bounds[1]}个工作日" in finding.reason) is (
        finding.provisional
    )
    assert ("要等安排公布后才能确定" in finding.reason) is undecided


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (date(2020, 12, 14), "尚未施行"),
        (date(2020, 12, 15), None),
        (date(2030, 12, 14), None),
        (date(2030, 12, 15), "已经失效"),
    ],
)
def test_a_notice_outside_the_orders_years_is_counted_and_said_to_be(
    start: date, said: str | None
) -> None:
    finding = examine(notice("compensation", start, start, start + timedelta(30)), CALENDAR)
    assert finding.sufficient
    assert finding.order_in_force is (said is None)
    assert "此处仍按其规定核对" in finding.reason or said is None
    assert said is None or said in finding.reason


@pytest.mark.parametrize(
    ("published", "sentences"),
    [
        (
            notice("预公告", date(2003, 1, 1), date(2026, 3, 16), date(2026, 3, 1)),
            ("没有“预公告”这种公告", "张贴日2003-01-01不在日历范围内", "早于起始日2026-03-16"),
        ),
        (
            notice("initiation", None, date(2026, 3, 16), date(2099, 3, 30)),
            ("截止日2099-03-30不在日历范围内",),
        ),
    ],
)
def test_what_cannot_be_examined_is_refused_with_every_fault(
    published: PublishedNotice, sentences: tuple[str, ...]
) -> None:
    faults = published.faults(CALENDAR)
    assert len(faults) == len(sentences)
    for fault, sentence in zip(faults, sentences, strict=True):
        assert sentence in fault
    with pytest.raises(BadPeriod, match=sentences[0]):
        examine(published, CALENDAR)


@given(
    kind=st.sampled_from(sorted(KINDS)),
    start=st.dates(date(2020, 12, 15), date(2030, 12, 14)),
    known=st.booleans(),
    more=st.integers(0, 20),
)
def test_a_notice_that_ends_on_the_counted_last_day_is_just_long_enough(
    kind: str, start: date, known: bool, more: int
) -> None:
    last = reckon(rule(f"{kind}-notice"), start, CALENDAR).last_day
    posted = start if known else None
    assert examine(notice(kind, posted, start, last + timedelta(more)), CALENDAR).sufficient
    short = examine(notice(kind, posted, start, last - timedelta(1)), CALENDAR)
    assert not short.sufficient
    assert short.short_by == 1
    assert short.deadline.last_day == last


@given(
    kind=st.sampled_from(sorted(KINDS)),
    start=st.dates(date(2005, 1, 1), date(2035, 1, 1)),
    posted=st.none() | st.integers(-40, 40),
    length=st.integers(0, 60),
)
def test_the_lawful_count_is_what_decides(
    kind: str, start: date, posted: int | None, length: int
) -> None:
    end = start + timedelta(length)
    day = None if posted is None else start + timedelta(posted)
    finding = examine(notice(kind, day, start, end), CALENDAR)
    assert finding.counted_excluding_first_day <= finding.counted_including_first_day
    assert finding.fewest <= finding.counted_excluding_first_day <= finding.most
    assert finding.sufficient is (end >= finding.deadline.last_day)
    assert finding.short_by == max(0, finding.required - finding.counted_excluding_first_day)
    assert finding.undecided is (
        finding.deadline.earliest <= end < finding.deadline.latest and finding.provisional
    )
