"""Holiday papers laid over the package's: what a paper must hold, and what it then changes."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from law.calendar import WorkingCalendar, official_calendar
from law.doubts import doubts
from law.overlay import Overlay
from law.papers import Papers, Unfitting, package_papers
from law.statutory import statutory_days
from tests.law.overlays import as_printed, content, faults_of, sound, with_holiday
from tests.law.papers import FIRST_PAPER, LAST_PAPER, calendar_up_to, days

PACKAGE = package_papers()
PAPER = sound(content())


def known_up_to(last_paper: int) -> Papers:
    return replace(PACKAGE, last_year=last_paper)


def before_the_change(*, off: set[date], worked: set[date], back: dict[date, str]) -> Papers:
    """The package's papers as they were before one was changed."""
    return replace(
        PACKAGE,
        off={day: name for day, name in PACKAGE.off.items() if day not in off},
        worked={day: name for day, name in PACKAGE.worked.items() if day not in worked} | back,
    )


LABOUR_DAY_2019 = sound(
    {
        "number": "国办发明电〔2019〕3号",
        "title": "国务院办公厅关于调整2019年劳动节假期安排的通知",
        "published_on": "2019-03-22",
        "year": 2019,
        "amends": "国办发明电〔2018〕15号",
        "holidays": [
            {
                "name": "劳动节",
                "first": "2019-05-01",
                "last": "2019-05-04",
                "make_up_days": ["2019-04-28", "2019-05-05"],
            }
        ],
    }
)
SPRING_FESTIVAL_2020 = sound(
    {
        "number": "国办发明电〔2020〕1号",
        "title": "国务院办公厅关于延长2020年春节假期的通知",
        "published_on": "2020-01-26",
        "year": 2020,
        "amends": "国办发明电〔2019〕16号",
        "holidays": [
            {
                "name": "春节",
                "first": "2020-01-24",
                "last": "2020-02-02",
                "make_up_days": ["2020-01-19"],
            }
        ],
    }
)
CHANGED_IN_MID_YEAR = [
    pytest.param(
        LABOUR_DAY_2019,
        before_the_change(
            off={date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4)},
            worked={date(2019, 4, 28), date(2019, 5, 5)},
            back={},
        ),
        {date(2019, 4, 28): True, date(2019, 5, 2): False, date(2019, 5, 3): False}
        | {date(2019, 5, 5): True},
        id="2019-labour-day",
    ),
    pytest.param(
        SPRING_FESTIVAL_2020,
        before_the_change(
            off={date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)},
            worked=set(),
            back={date(2020, 2, 1): "春节"},
        ),
        {date(2020, 1, 31): False, date(2020, 2, 1): False},
        id="2020-spring-festival",
    ),
]


@pytest.mark.parametrize(("change", "original", "moved"), CHANGED_IN_MID_YEAR)
def test_a_change_in_mid_year_gives_the_days_that_were_kept(
    change: Overlay, original: Papers, moved: dict[date, bool]
) -> None:
    """The first paper's days with the second laid on are the package's, which came later."""
    first, then = WorkingCalendar.of(original), WorkingCalendar.of(original.adopting([change]))
    year = days(date(change.year, 1, 1), date(change.year, 12, 31))
    differing = {
        day: then.is_working(day) for day in year if first.is_working(day) != then.is_working(day)
    }
    assert differing == moved
    assert first.digest != official_calendar().digest
    assert then.digest == official_calendar().digest
    assert then.version == f"{PACKAGE.version}＋{change.number}"


@pytest.mark.parametrize("year", range(FIRST_PAPER, LAST_PAPER + 1))
def test_every_paper_since_2008_can_be_entered_and_gives_its_days(year: int) -> None:
    """As an overlay on the papers before it, and on itself."""
    paper = as_printed(year)
    laid = WorkingCalendar.of(known_up_to(year - 1).adopting([paper]))
    assert laid.horizon == calendar_up_to(year).horizon
    differing = {
        day
        for day in days(date(year - 1, 1, 1), laid.horizon)
        if laid.is_working(day) != calendar_up_to(year).is_working(day)
    }
    # The one-time holiday of 2015 had a paper of its own.
    assert differing == (
        {date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)} if year == 2015 else set()
    )


@pytest.mark.parametrize("year", range(FIRST_PAPER, LAST_PAPER + 1))
def test_no_paper_since_2008_is_doubtful_but_two(year: int) -> None:
    """春节 2020 was prolonged; in 2015 the day in lieu of 中秋 was given at 国庆."""
    assert bool(doubts(as_printed(year))) is (year in {2015, 2020})


def test_a_holiday_for_once_has_a_paper_of_its_own() -> None:
    once = {
        "number": "国发明电〔2015〕1号",
        "title": "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
        "published_on": "2015-05-13",
        "year": 2015,
        "amends": "国办发明电〔2014〕28号",
        "holidays": [
            {
                "name": "抗战胜利70周年纪念日",
                "first": "2015-09-03",
                "last": "2015-09-05",
                "make_up_days": ["2015-09-06"],
            }
        ],
    }
    ordinary = known_up_to(2014).adopting([as_printed(2015)])
    laid = WorkingCalendar.of(ordinary.adopting([sound(once)]))
    assert laid.digest == calendar_up_to(2015).digest
    assert "不是法定节日，按一次性放假处理" in doubts(sound(once))[0]
    whole = {name: value for name, value in once.items() if name != "amends"}
    (fault,) = faults_of(whole)
    assert fault.place == ("amends",)
    assert "“抗战胜利70周年纪念日”不是法定节日；一次性放假的通知，另写一行 amends" in fault.sentence


def test_of_two_papers_on_a_year_the_one_published_later_stands() -> None:
    longer = with_holiday("元旦", last="2027-01-04")
    shorter = content(number="国办发明电〔2026〕9号", published_on="2026-12-01")
    both = [sound(longer), sound(shorter)]
    monday = date(2027, 1, 4)
    assert not WorkingCalendar.of(PACKAGE.adopting(both[:1])).is_working(monday)
    assert WorkingCalendar.of(PACKAGE.adopting(both)).is_working(monday)


def test_what_a_later_paper_does_not_repeat_is_taken_back() -> None:
    first = sound(with_holiday("国庆节", make_up_days=["2027-09-26"], last="2027-10-04"))
    change = sound(
        content(
            number="国办发明电〔2027〕2号",
            published_on="2027-06-01",
            amends="国办发明电〔2026〕7号",
            holidays=[{"name": "国庆节", "first": "2027-10-01", "last": "2027-10-03"}],
        )
    )
    calendar = WorkingCalendar.of(PACKAGE.adopting([first, change]))
    assert calendar.describe(date(2027, 9, 26)) == "休息日"
    assert calendar.describe(date(2027, 10, 4)) == "工作日"
    assert calendar.describe(date(2027, 2, 5)) == "春节（法定节假日）"


def test_the_order_in_which_papers_are_given_does_not_matter() -> None:
    papers = [
        sound(with_holiday("元旦", last="2027-01-04")),
        sound(
            content(
                number="国办发明电〔2027〕2号",
                published_on="2027-03-01",
                amends="国办发明电〔2026〕7号",
                holidays=[{"name": "劳动节", "first": "2027-05-01", "last": "2027-05-04"}],
            )
        ),
        LABOUR_DAY_2019,
    ]
    stamps = {WorkingCalendar.of(PACKAGE.adopting(order)).stamp for order in permutations(papers)}
    assert len(stamps) == 1


@pytest.mark.parametrize(
    "entries",
    [
        with_holiday("国庆节", make_up_days=["2027-09-25"]),
        with_holiday("国庆节", last="2027-10-07"),
        with_holiday("劳动节", make_up_days=["2027-04-24"]),
    ],
)
def test_as_far_as_any_paper_went_is_not_too_far(entries: Any) -> None:
    assert [told for told in doubts(sound(entries)) if "历年通知" in told] == []


def carrying(*papers: Overlay) -> Papers:
    """A package that carries these papers, without their numbers."""
    return replace(PACKAGE.adopting(papers), version="chinese-calendar 9.9.9", overlays=())


PROLONGED = sound(
    content(
        number="国办发明电〔2027〕2号",
        published_on="2027-03-01",
        amends="国办发明电〔2026〕7号",
        holidays=[{"name": "劳动节", "first": "2027-05-01", "last": "2027-05-04"}],
    )
)


def test_a_whole_year_that_a_newer_package_carries_otherwise_is_refused() -> None:
    """It may have been adopted before the package took in a change: neither may win unseen."""
    with pytest.raises(Unfitting) as refused:
        carrying(PAPER, PROLONGED).adopting([PAPER])
    (misfit,) = refused.value.misfits
    assert misfit.overlay == PAPER
    assert misfit.sentence == (
        "2027年的放假安排chinese-calendar 9.9.9已经收入，“国办发明电〔2026〕7号”与它不同"
        "（2027-05-03、2027-05-04），请移走这份文件；确比程序自带的更新的，写明 amends"
        "（所调整的通知文号），只列有变动的节日，作为调整通知采用"
    )


@pytest.mark.parametrize(
    ("carried", "overlays", "in_force"),
    [
        pytest.param([PAPER], [PAPER], [PAPER], id="the-same"),
        pytest.param([PAPER], [PAPER, PROLONGED], [PAPER, PROLONGED], id="and-a-newer-change"),
        pytest.param([PAPER], [PROLONGED], [PAPER, PROLONGED], id="a-newer-change-alone"),
        pytest.param([PAPER, PROLONGED], [PAPER, PROLONGED], [PAPER, PROLONGED], id="both"),
    ],
)
def test_papers_that_the_package_carries_too_may_stay(
    carried: list[Overlay], overlays: list[Overlay], in_force: list[Overlay]
) -> None:
    laid = WorkingCalendar.of(carrying(*carried).adopting(overlays))
    assert laid.digest == WorkingCalendar.of(PACKAGE.adopting(in_force)).digest


def test_version_digest_and_horizon_follow_the_paper() -> None:
    package, laid = WorkingCalendar.of(PACKAGE), WorkingCalendar.of(PACKAGE.adopting([PAPER]))
    assert laid.version == f"{package.version}＋国办发明电〔2026〕7号"
    assert (package.horizon, laid.horizon) == (date(2026, 12, 26), date(2027, 12, 26))
    assert laid.digest != package.digest
    assert laid.stamp == f"{laid.version}·{laid.digest[:12]}·2027-12-26"


def test_without_overlays_the_stamp_is_that_of_old_histories() -> None:
    laid = WorkingCalendar.of(PACKAGE.adopting([]))
    assert laid.stamp == official_calendar().stamp
    assert "＋" not in laid.stamp


@pytest.mark.parametrize(
    ("overlays", "sentences"),
    [
        pytest.param([PAPER, PAPER], ["“国办发明电〔2026〕7号”有两份"], id="same-number"),
        pytest.param(
            [PAPER, replace(PAPER, number="国办发明电〔2026〕8号")],
            ["同日公布，都安排2027年，分不出以哪一份为准"],
            id="same-day",
        ),
        pytest.param(
            [replace(PAPER, year=2028)],
            ["不能采用2028年的通知：2027年的放假安排还没有，年份不能跳过"],
            id="skipped-year",
        ),
        pytest.param(
            [replace(PAPER, amends="国办发明电〔2026〕6号")],
            ["但此前公布的2027年的通知没有采用"],
            id="amends-nothing",
        ),
        pytest.param(
            [
                PAPER,
                replace(
                    PAPER,
                    number="国办发明电〔2027〕2号",
                    amends="国办发明电〔2026〕8号",
                    published_on=date(2027, 3, 1),
                ),
            ],
            [
                "“国办发明电〔2027〕2号”调整“国办发明电〔2026〕8号”，但此前公布的2027年的通知"
                "采用的是“国办发明电〔2026〕7号”"
            ],
            id="amends-a-paper-that-is-not-adopted",
        ),
        pytest.param(
            [
                PAPER,
                replace(
                    PAPER,
                    number="国办发明电〔2026〕6号",
                    amends="国办发明电〔2026〕7号",
                    published_on=date(2026, 11, 9),
                ),
            ],
            ["但此前公布的2027年的通知没有采用"],
            id="amends-before-it-is-published",
        ),
        pytest.param(
            [
                replace(
                    LABOUR_DAY_2019,
                    holidays=(
                        replace(
                            LABOUR_DAY_2019.holidays[0],
                            first=date(2019, 2, 2),
                            make_up_days=(date(2019, 9, 14),),
                        ),
                    ),
                ),
                replace(PAPER, year=2028),
            ],
            [
                "2019-02-02因“劳动节”放假，而此前的通知安排这天因“春节”上班",
                "2019-02-03因",
                "2019-09-14因“劳动节”上班，而此前的通知安排这天因“中秋节”放假",
                "年份不能跳过",
            ],
            id="against-other-holidays-and-all-at-once",
        ),
    ],
)
def test_papers_that_do_not_go_together_are_refused(
    overlays: list[Overlay], sentences: list[str]
) -> None:
    with pytest.raises(Unfitting) as refused:
        PACKAGE.adopting(overlays)
    said = [misfit.sentence for misfit in refused.value.misfits]
    assert [wanted for wanted in sentences if not any(wanted in each for each in said)] == []
    assert len(said) == len(sentences)


def test_the_least_paper_rests_on_exactly_the_statutory_days() -> None:
    assert faults_of(content()) == ()
    assert {day for rest in PAPER.holidays for day in rest.days} == set(statutory_days(2027))


@pytest.mark.parametrize(
    ("entries", "faults"),
    [
        ([], {(): "应当是一组“名称: 值”"}),
        (None, {(): "应当是一组“名称: 值”"}),
        (content(number=None), {("number",): "缺少这一项（文号）"}),
        (content(number="国办发明电(2026)7号"), {("number",): "不是文号"}),
        (content(number=7), {("number",): "应当是文字"}),
        (content(number="国办发明电〔2025〕7号"), {("number",): "不是同一年"}),
        (content(title=" "), {("title",): "应当是文字，不能为空"}),
        (
            content(title="国务院办公厅关于2028年部分节假日安排的通知"),
            {("title",): "标题写的是2028年，与年份2027不同"},
        ),
        (content(titel="x"), {("titel",): "没有“titel”这一项，是否应为“title”"}),
        (content(published_on="2026-11-31"), {("published_on",): "不是日期"}),
        (content(published_on="20261110"), {("published_on",): "不是日期"}),
        (
            content(published_on="2025-11-10", number="国办发明电〔2025〕7号"),
            {("published_on",): "应在上一年或者当年公布"},
        ),
        (content(year="2027"), {("year",): "应当是数字"}),
        (content(year=True), {("year",): "应当是数字"}),
        (content(year=2003), {("year",): "只能写2004年至2100年", ("published_on",): "上一年"}),
        (content(amends="国办发明电〔2026〕7号"), {("amends",): "不能调整自己"}),
        (content(holidays=[]), {("holidays",): "不能为空"}),
        (content(holidays="元旦"), {("holidays",): "应当是一个列表"}),
        (content(holidays=["元旦"]), {("holidays", 0): "应当是一组"}),
        (with_holiday("端午节", first=None), {("holidays", 4, "first"): "不是日期"}),
        (with_holiday("端午节", make_up_days="无"), {("holidays", 4, "make_up_days"): "列表"}),
        (
            with_holiday("端午节", last="2027-06-08"),
            {("holidays", 4, "last"): "最后一天2027-06-08早于第一天2027-06-09"},
        ),
        (
            with_holiday("端午节", name="端午"),
            {
                ("holidays",): "缺少端午节（2027-06-09依法放假）",
                ("holidays", 4, "name"): "没有“端午”这个法定节日（是否应为“端午节”）",
            },
        ),
        (
            with_holiday("端午节", name="中秋节"),
            {
                ("holidays",): "缺少端午节",
                ("holidays", 4): "2027-09-15是中秋节的法定放假日，不在放假期间",
                ("holidays", 5, "name"): "“中秋节”重复",
            },
        ),
        (
            with_holiday("春节", first="2027-02-06", make_up_days=["2027-02-05"]),
            {
                ("holidays", 1): "2027-02-05是春节的法定放假日，不在放假期间",
                ("holidays", 1, "make_up_days", 0): "2027-02-05是春节的法定放假日，不能上班",
            },
        ),
        (
            with_holiday("春节", last="2027-02-14", make_up_days=["2027-02-14"]),
            {("holidays", 1, "make_up_days", 0): "已写明属于“春节”放假，不能又上班"},
        ),
        (
            with_holiday("春节", make_up_days=["2027-02-10"]),
            {("holidays", 1, "make_up_days", 0): "2027-02-10是星期三，本来就上班"},
        ),
        (
            with_holiday("春节", make_up_days=["2027-01-31", "2027-01-31"]),
            {("holidays", 1, "make_up_days", 1): "2027-01-31重复"},
        ),
        (
            with_holiday("春节", make_up_days=["2027-02-29"]),
            {("holidays", 1, "make_up_days", 0): "不是日期"},
        ),
        (
            with_holiday("国庆节", first="2027-09-15"),
            {("holidays", 6): "2027-09-15已经属于“中秋节”，不能再属于“国庆节”"},
        ),
        (
            with_holiday("元旦", first="2026-11-30"),
            {("holidays", 0, "first"): "不在2027年，也不在此前的12月"},
        ),
        (
            with_holiday("元旦", last="9999-12-31"),
            {("holidays", 0, "last"): "不在2027年"},
        ),
        (
            with_holiday("国庆节", make_up_days=["2027-12-26", "2028-01-01", "2027-12-27"]),
            {
                ("holidays", 6, "make_up_days", 1): "不在2027年",
                ("holidays", 6, "make_up_days", 2): "由下一年度的通知安排（2027-12-27起）",
            },
        ),
    ],
)
def test_what_is_wrong_with_a_paper_is_said_all_at_once(
    entries: Any, faults: dict[tuple[str | int, ...], str]
) -> None:
    found = {fault.place: fault.sentence for fault in faults_of(entries)}
    assert set(found) == set(faults)
    assert [place for place, words in faults.items() if words not in found[place]] == []


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (content(number="示例〔2026〕1号"), "不是国务院或者国务院办公厅的文号"),
        (
            with_holiday("端午节", last="2027-06-14"),
            "2027-06-14因“端午节”放假，离节日之远超出历年通知",
        ),
        (with_holiday("端午节", make_up_days=["2027-06-20"]), "2027-06-20因“端午节”上班"),
        (with_holiday("元旦", first="2026-12-26"), "2026-12-28因“元旦”放假"),
        (
            with_holiday("春节", last="2027-02-13", first="2027-02-04"),
            "春节前后工作日放假5天，历年通知最多4天",
        ),
        (with_holiday("春节", make_up_days=["2027-02-20"]), "2027-02-20因“春节”上班，离节日之远"),
        (with_holiday("国庆节", make_up_days=["2027-09-19"]), "2027-09-19因“国庆节”上班，离节日"),
        (with_holiday("国庆节", last="2027-10-11"), "2027-10-11因“国庆节”放假，离节日之远"),
        (
            content(published_on="2027-01-04", number="国办发明电〔2027〕1号"),
            "公布日期2027-01-04晚于所安排的第一天2027-01-01",
        ),
        (
            with_holiday("春节", make_up_days=["2027-01-30", "2027-01-31", "2027-02-13"]),
            "周末上班3天，历年通知最多2天",
        ),
        (with_holiday("中秋节", last="2027-09-17"), "工作日放假2天，按调休和补假应为0天"),
    ],
)
def test_what_is_unusual_is_doubted_and_not_refused(entries: Any, words: str) -> None:
    assert words in "\n".join(doubts(sound(entries)))
