"""第二十四条至第二十六条: what may be spent, and that no account is ever overdrawn."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case.change import Change
from case.granting import granting, too_much_taken
from case.ledger import (
    SPENDING,
    Account,
    Kind,
    LedgerEntry,
    Place,
    Way,
    available,
    balance,
    overdrawn_on,
    running,
    totals,
    written,
)
from case.payment import VerifyQuota
from case.recording import records
from case.records import GrantRecord
from case.spending import Spending, faults, refusal, spent
from case.taking_back import Reversal, irreversible, reversal_faults, reversal_refusal, taken_back
from tests.case.bringing import put_right, reach, without
from tests.case.driver import Driver

TODAY = date(2027, 3, 1)
AT = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
SHI = Place("鹿城区", "藤桥镇", "石埠西村")
XIA = Place("鹿城区", "藤桥镇", "下寅村")
YANG = Place("鹿城区", "仰义街道", "渔渡村")
OUHAI = Place("瓯海区", "郭溪街道", "浦西村")
DAO = Place("洞头区", "大门镇", "东浪村")
LINGKUN = Place("洞头区", "灵昆街道", "海思村")


def spending(**changes: Any) -> Spending:
    standing = Spending(
        id="s-1",
        place=SHI,
        way=Way.BUY_BACK,
        amount=Decimal(40),
        occurred_on=date(2027, 2, 1),
        document_number="鹿政收〔2027〕1号",
        unit="bureau",
        role="经办人",
    )
    return replace(standing, **changes)


def grant(amount: str, on: date = date(2027, 1, 10), place: Place = SHI) -> LedgerEntry:
    return LedgerEntry(
        entry_id=f"WZ-1/quota/a/{on}",
        account=Account(place, Kind.SUBSIDY if place == DAO else Kind.QUOTA),
        way=Way.GRANT,
        occurred_on=on,
        amount=Decimal(amount),
        document_number="核〔2027〕1号",
        unit="bureau",
        role="经办人",
        case_id="WZ-1",
        fact="quota/a",
        case_entry="q-1",
        verified_on=on,
        registered_at=AT,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal(0)}, ["数量应当大于零"]),
        ({"amount": Decimal(-1)}, ["数量应当大于零"]),
        ({"amount": Decimal("NaN")}, ["数量应当大于零"]),
        ({"amount": Decimal("1E+12")}, ["数量太大"]),
        ({"occurred_on": date(2027, 3, 2)}, ["发生日2027-03-02晚于今天2027-03-01"]),
        ({"document_number": ""}, ["缺少文号"]),
        ({"id": "村/1"}, ["登记号只能用字母"]),
        ({"id": "a" * 81}, ["登记号只能用字母"]),
        ({"way": Way.GRANT}, ["“核定”不是支出方式"]),
        ({"way": Way.MERGE}, ["合并使用须写明并入哪个村"]),
        ({"to": XIA}, ["只有合并使用才写并入的村（社区），有偿收回不写"]),
        ({"way": Way.MERGE, "to": SHI}, ["石埠西村不能并入本村"]),
        ({"way": Way.BUILDING}, ["自行建设须写明建设项目"]),
        ({"site": "仰义街道"}, ["有偿收回没有建设项目"]),
        (
            {"way": Way.SALE, "site": "仰义街"},
            ["选址：鹿城区没有“仰义街”这个乡镇（街道），是否应为"],
        ),
        (
            {"way": Way.SALE, "site": "郭溪街道", "consent": "某〔2027〕1号"},
            ["“郭溪街道”属于瓯海区，不属于鹿城区，项目须在本区内（第二十五条末款）"],
        ),
        (
            {"way": Way.MERGE, "to": Place("鹿城区", "藤桥街道", "某村"), "site": "乌有镇"},
            ["并入的村（社区）：鹿城区没有“藤桥街道”", "选址：鹿城区没有“乌有镇”"],
        ),
        ({"note": "联系13800000000"}, ["备注不得含有身份证号、手机号"]),
        (
            {"note": "３３０３０２１９９００１０１００１Ｘ", "project": "330302199001010011楼"},
            ["备注不得含有", "建设项目不得含有"],
        ),
        ({"way": Way.MERGE, "to": Place("乐清市", "某镇", "某村")}, ["“乐清市”不在本办法适用的"]),
        (
            {"amount": Decimal(0), "document_number": "", "way": Way.MERGE},
            ["数量应当大于零", "缺少文号", "合并使用须写明"],
        ),
    ],
)
def test_what_cannot_be_written_down_is_said_all_at_once(
    changes: dict[str, Any], words: list[str]
) -> None:
    found = faults(spending(**changes), TODAY)
    assert len(found) == len(words)
    for word in words:
        assert any(word in fault for fault in found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal("100.01")}, ("结余100.00平方米", "有偿收回100.01平方米", "第二十六条")),
        ({"occurred_on": date(2027, 1, 9)}, ("截至2027-01-09没有核给", "第二十四条")),
        ({"way": Way.PAY_OUT}, ("一类区片", "没有可拨付的留地补助", "第二十四条")),
        ({"way": Way.SALE, "place": DAO}, ("二类区片", "不能公开出让", "第二十五条")),
        ({"way": Way.MERGE, "to": YANG}, ("仰义街道", "审定", "第二十五条末款")),
        ({"way": Way.MERGE, "to": OUHAI, "consent": "某〔2027〕1号"}, ("跨区", "第二十五条末款")),
        ({"way": Way.MERGE, "to": DAO, "consent": "某〔2027〕1号"}, ("不能跨区并入",)),
        (
            {"way": Way.MERGE, "place": LINGKUN, "to": DAO, "consent": "某〔2027〕1号"},
            ("东浪村在二类区片", "第二十四条"),
        ),
        (
            {"way": Way.BUILDING, "project": "安置楼", "site": "仰义街道"},
            ("自行建设涉及仰义街道", "第二十五条末款"),
        ),
        (
            {"way": Way.MERGE, "to": XIA, "site": "仰义街道"},
            ("合并使用涉及仰义街道", "第二十五条末款"),
        ),
    ],
)
def test_what_the_order_does_not_allow_is_refused_in_one_sentence(
    changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    asked = spending(**changes)
    assert not faults(asked, TODAY)
    refused = refusal(asked, (grant("100"),)) or ""
    assert refused.count("。") == 1
    for word in words:
        assert word in refused


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal(100)},
        {"occurred_on": date(2027, 1, 10)},
        {"way": Way.EXCHANGE},
        {"way": Way.SALE},
        {"way": Way.BUILDING, "project": "安置楼"},
        {"way": Way.BUILDING, "project": "安置楼", "site": "藤桥镇"},
        {"way": Way.BUILDING, "project": "安置楼", "site": "仰义街道", "consent": "某〔2027〕1号"},
        {"way": Way.MERGE, "to": XIA},
        {"way": Way.MERGE, "to": YANG, "consent": "某〔2027〕1号"},
    ],
)
def test_article_25_ways_of_spending_the_quota(changes: dict[str, Any]) -> None:
    asked = spending(**changes)
    assert not faults(asked, TODAY)
    assert refusal(asked, (grant("100"),)) is None


def test_the_retained_land_subsidy_is_paid_out() -> None:
    asked = spending(place=DAO, way=Way.PAY_OUT, amount=Decimal("96000.00"))
    assert not faults(asked, TODAY)
    assert refusal(asked, (grant("96000", place=DAO),)) is None
    short = refusal(replace(asked, amount=Decimal("96000.01")), (grant("96000", place=DAO),))
    assert "东浪村留地补助截至2027-02-01结余96000.00元，不足拨付96000.01元" in (short or "")


@pytest.mark.parametrize(
    ("amount", "on", "refused"),
    [
        ("40.006", date(2027, 2, 1), None),
        ("40.00", date(2027, 2, 1), None),
        ("40.005", date(2027, 2, 1), "全部用完的除外（可用40.006平方米）"),
        ("0.001", date(2027, 2, 1), "小数不得超过两位"),
        ("40.007", date(2027, 2, 1), "不足有偿收回40.007平方米"),
        # What is spent later is not left.
        ("100.006", date(2027, 1, 10), "可用40.006平方米"),
        ("40.006", date(2027, 1, 10), None),
    ],
)
def test_whoever_takes_all_that_is_left_takes_its_decimals_too(
    amount: str, on: date, refused: str | None
) -> None:
    entries = (
        grant("100.006"),
        *spent(spending(id="s-0", amount=Decimal(60), occurred_on=date(2027, 1, 20)), AT),
    )
    asked = spending(amount=Decimal(amount), occurred_on=on)
    assert not faults(asked, TODAY)
    said = refusal(asked, entries)
    assert (said is None) == (refused is None)
    assert (refused or "") in (said or "")
    if refused is None and amount == "40.006":
        assert balance((*entries, *spent(asked, AT))) == 0


def test_article_26_a_grant_to_come_is_not_spent_before_it_comes() -> None:
    entries = (grant("50", date(2027, 1, 10)), grant("50", date(2027, 2, 10)))
    assert refusal(spending(amount=Decimal(60), occurred_on=date(2027, 2, 10)), entries) is None
    assert "结余50.00平方米" in (refusal(spending(amount=Decimal(60)), entries) or "")


def test_article_26_what_is_spent_later_is_not_spent_again_before_it() -> None:
    late = spent(spending(amount=Decimal(80), occurred_on=date(2027, 2, 20)), AT)
    entries = (grant("100"), *late)
    assert available(entries, date(2027, 2, 1)) == Decimal(20)
    assert refusal(spending(amount=Decimal(20)), entries) is None
    refused = refusal(spending(amount=Decimal("20.01")), entries) or ""
    assert "结余100.00平方米，扣除其后已登记的支出可用20.00平方米" in refused


def test_a_merging_is_entered_on_both_sides() -> None:
    out, into = spent(spending(way=Way.MERGE, to=XIA), AT)
    assert (out.account.place, out.amount, out.other) == (SHI, Decimal(-40), XIA)
    assert (into.account.place, into.amount, into.other) == (XIA, Decimal(40), SHI)
    assert into.entry_id == "s-1/in"
    assert totals((into,)).received == Decimal(40)


def test_within_a_day_what_comes_in_comes_first() -> None:
    day = date(2027, 2, 1)
    (out,) = spent(spending(amount=Decimal(100)), AT)
    lines = running((replace(out, number=1), replace(grant("100", day), number=2)))
    assert [held for _, held in lines] == [Decimal(100), Decimal(0)]


def test_a_wrong_spending_is_taken_back_and_counts_no_more() -> None:
    wrong = spent(spending(), AT)
    back = Reversal(
        id="r-1", entry_id="s-1", occurred_on=TODAY, reason="登错", unit="bureau", role="经办人"
    )
    assert not reversal_faults(back, TODAY)
    entries = (grant("100"), *wrong, *taken_back(back, wrong, AT))
    assert balance(entries, date(2027, 2, 28)) == Decimal(60)
    sums = totals(entries)
    assert sums.granted == sums.balance == Decimal(100)
    assert sums.spent == {Way.BUY_BACK: Decimal(0)}
    assert "缺少冲正的理由" in reversal_faults(replace(back, reason=""), TODAY)
    personal = reversal_faults(replace(back, reason="13800000000来电"), TODAY)
    assert personal == ("冲正的理由不得含有身份证号、手机号等个人信息（连续11位以上数字）",)
    assert "晚于今天" in reversal_faults(replace(back, occurred_on=date(2027, 3, 2)), TODAY)[0]
    early = reversal_refusal(replace(back, occurred_on=date(2027, 1, 31)), wrong[0], entries)
    assert "早于所冲正的有偿收回之日2027-02-01" in (early or "")


def test_a_merging_is_not_taken_back_from_a_village_that_has_spent_it() -> None:
    out, into = spent(spending(way=Way.MERGE, to=XIA), AT)
    used = spent(spending(id="s-2", place=XIA, amount=Decimal(30)), AT)
    back = Reversal(
        id="r-1", entry_id="s-1", occurred_on=TODAY, reason="登错", unit="bureau", role="经办人"
    )
    assert reversal_refusal(back, out, (grant("100"), out)) is None
    refused = reversal_refusal(back, into, (into, *used)) or ""
    assert "下寅村住宅用房安置指标截至2027-03-01结余10.00平方米，不足冲回40.00平方米" in refused


def test_grants_and_reversals_are_not_taken_back_in_the_ledger() -> None:
    wrong = spent(spending(), AT)
    back = Reversal(
        id="r-1", entry_id="s-1", occurred_on=TODAY, reason="登错", unit="bureau", role="经办人"
    )
    assert "须在案件中更正其登记q-1" in (irreversible((grant("1"),)) or "")
    assert "本身是冲正" in (irreversible(taken_back(back, wrong, AT)) or "")
    assert irreversible(wrong) is None


WANTED = GrantRecord(
    case_id="WZ-1",
    fact="quota/a",
    district=SHI.district,
    township=SHI.township,
    village=SHI.village,
    kind="quota",
    amount=Decimal("33008.13"),
    verified_on=date(2027, 1, 10),
    document_number="核〔2027〕1号",
    entry_id="q-1",
    unit="bureau",
    role="经办人",
)


@pytest.mark.parametrize(
    ("wanted", "amount", "note"),
    [
        (replace(WANTED, amount=Decimal("33000")), "-8.13", "由33008.13平方米更正为33000.00平方米"),
        (replace(WANTED, amount=Decimal("33010")), "1.87", "更正为33010.00平方米"),
        (replace(WANTED, document_number="核〔2027〕2号"), "0.00", "更正为33008.13平方米"),
        (replace(WANTED, verified_on=date(2027, 1, 12)), "0.00", "核定日2027-01-12"),
        (replace(WANTED, entry_id="c-1"), "0.00", "更正为33008.13平方米"),
        (None, "-33008.13", "已在案件中更正撤销"),
    ],
)
def test_what_a_case_corrects_is_a_further_entry_on_the_day_of_the_correction(
    wanted: GrantRecord | None, amount: str, note: str
) -> None:
    first = granting(WANTED, (), AT, TODAY)
    assert first is not None
    assert (first.way, first.occurred_on, first.amount) == (
        Way.GRANT,
        date(2027, 1, 10),
        Decimal("33008.13"),
    )
    assert granting(WANTED, (first,), AT, TODAY) is None
    changed = granting(wanted, (first,), AT, TODAY)
    assert changed is not None
    assert (changed.way, changed.occurred_on, written(changed.amount)) == (
        Way.REGRANT,
        TODAY,
        amount,
    )
    assert note in changed.note
    assert changed.entry_id == "WZ-1/quota/a/2"
    assert granting(wanted, (first, changed), AT, TODAY) is None
    again = granting(WANTED, (first, changed), AT, TODAY)
    assert again is not None
    assert balance((first, changed, again)) == WANTED.amount


def test_a_case_that_never_granted_withdraws_nothing() -> None:
    assert granting(None, (), AT, TODAY) is None


def test_a_spent_grant_does_not_shrink() -> None:
    first = granting(WANTED, (), AT, TODAY)
    less = (
        granting(replace(WANTED, amount=Decimal("33000.00")), (first,), AT, TODAY)
        if first
        else None
    )
    assert first and less
    kept = spent(spending(amount=Decimal("33000.00")), AT)
    assert too_much_taken(less, (first, *kept)) is None
    more = spent(spending(amount=Decimal("33000.01")), AT)
    refused = too_much_taken(less, (first, *more)) or ""
    assert "结余8.12平方米，不足核减8.13平方米" in refused
    assert "第二十六条" in refused


def test_article_24_the_verified_quota_of_a_case_is_granted_by_the_village_s_name() -> None:
    """Zone 1 in m², zone 2 in yuan."""
    case = reach("verify_quota/xi")
    assert _grants(case) == {}
    for place in ("xi", "xia"):
        case.do("verify_quota", village=place)
    found = _grants(case)
    assert {
        key: (grant.district, grant.township, grant.village, grant.kind)
        for key, grant in found.items()
    } == {
        "quota/xi": ("鹿城区", "山镇", "xi村", "quota"),
        "quota/xia": ("洞头区", "海镇", "xia村", "subsidy"),
    }
    verified = case.state.standing["quota/xi"]
    assert isinstance(verified, VerifyQuota)
    assert found["quota/xi"].amount == verified.housing_quota
    assert not put_right(case, verified, document_number="核〔2026〕9号")
    assert _grants(case)["quota/xi"].document_number == "核〔2026〕9号"
    assert _grants(without(case, "quota/xia")).keys() == {"quota/xi"}


def _grants(case: Driver) -> dict[str, GrantRecord]:
    return {
        grant.fact: grant
        for grant in records(Change(state=case.state, command=None, at=AT), case.state, ()).grants
    }


# Any sequence

PLACES = (SHI, XIA, YANG, DAO)
FIRST = date(2027, 1, 1)
AMOUNTS = st.decimals(min_value="0.01", max_value="200", places=2)
DAYS = st.integers(0, 50).map(lambda days: FIRST + timedelta(days=days))
ACTS = st.one_of(
    st.tuples(st.just("grant"), st.sampled_from(PLACES), AMOUNTS, DAYS),
    st.tuples(st.just("regrant"), st.sampled_from(PLACES), AMOUNTS, DAYS),
    st.tuples(st.sampled_from(SPENDING), st.sampled_from(PLACES), AMOUNTS, DAYS),
    st.tuples(st.just("reverse"), st.sampled_from(PLACES), AMOUNTS, DAYS),
)


class Book:
    """A ledger in memory, kept as the registry keeps it."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []
        self.moved = dict.fromkeys((Account(p, k) for p in PLACES for k in Kind), Decimal(0))
        self.count = 0

    def of(self, account: Account) -> tuple[LedgerEntry, ...]:
        return tuple(entry for entry in self.entries if entry.account == account)

    def add(self, *rows: LedgerEntry) -> None:
        for row in rows:
            self.entries.append(replace(row, number=len(self.of(row.account)) + 1))
            self.moved[row.account] += row.amount

    def do(self, act: str, place: Place, amount: Decimal, day: date) -> None:
        self.count += 1
        if act in {"grant", "regrant"}:
            self._grant(place, amount, day, corrects=act == "regrant")
        elif act == "reverse":
            self._reverse(day)
        else:
            self._spend(Way(act), place, amount, day)

    def _grant(self, place: Place, amount: Decimal, day: date, *, corrects: bool) -> None:
        fact = f"quota/{place.village}/{0 if corrects else self.count}"
        kind = Kind.SUBSIDY if place == DAO else Kind.QUOTA
        wanted = replace(
            WANTED,
            fact=fact,
            district=place.district,
            township=place.township,
            village=place.village,
            kind=kind.value,
            amount=amount,
            verified_on=day,
        )
        account = Account(place, kind)
        rows = tuple(entry for entry in self.of(account) if entry.fact == fact)
        row = granting(wanted, rows, AT, day)
        if row is not None and too_much_taken(row, self.of(account)) is None:
            self.add(row)

    def _spend(self, way: Way, place: Place, amount: Decimal, day: date) -> None:
        asked = spending(
            id=f"s-{self.count}",
            way=way,
            place=place,
            amount=amount,
            occurred_on=day,
            to=(XIA if place != XIA else YANG) if way is Way.MERGE else None,
            consent="某〔2027〕1号",
            project="安置楼",
        )
        if refusal(asked, self.of(asked.account)) is None:
            self.add(*spent(asked, AT))

    def _reverse(self, day: date) -> None:
        gone = {entry.reverses for entry in self.entries}
        open_ = [
            entry
            for entry in self.entries
            if entry.amount < 0 and entry.case_id is None and entry.entry_id not in gone
        ]
        if not open_:
            return
        main = open_[self.count % len(open_)]
        pair = tuple(
            e for e in self.entries if e.entry_id in {main.entry_id, f"{main.entry_id}/in"}
        )
        back = Reversal(
            id=f"r-{self.count}",
            entry_id=main.entry_id,
            occurred_on=max(day, main.occurred_on),
            reason="登错",
            unit="bureau",
            role="经办人",
        )
        if irreversible(pair) is None and not any(
            reversal_refusal(back, each, self.of(each.account)) for each in pair
        ):
            self.add(*taken_back(back, pair, AT))


@settings(max_examples=300, deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_article_26_no_account_is_overdrawn_on_any_day_whatever_is_entered(
    acts: list[tuple[Any, Place, Decimal, date]],
) -> None:
    book = Book()
    for act in acts:
        book.do(*act)
        for account, moved in book.moved.items():
            entries = book.of(account)
            assert overdrawn_on(entries) is None
            assert all(held >= 0 for _, held in running(entries))
            sums = totals(entries)
            assert sums.balance == balance(entries) == moved
            assert moved == sums.granted + sums.received - sum(sums.spent.values())
            assert sums.granted >= 0
            assert all(amount >= 0 for amount in sums.spent.values())
