"""The village ledger and the bases of compensation in the registry: added to, never changed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from activities.registry import (
    GrantSpent,
    LedgerConflict,
    LedgerRefused,
    Registry,
    UnknownCase,
    UnknownLedgerEntry,
    UnknownSheet,
)
from case.ledger import Account, Kind, LedgerEntry, Place, Way, balance, overdrawn_on, totals
from case.spending import Spending
from tests.activities.ledger_samples import (
    DAO,
    LATER,
    SHI,
    VERIFIED,
    XIA,
    YANG,
    grant,
    granted,
    reversal,
    spending,
)
from tests.activities.samples import AT, CASE, admit, records, whole

# Bases of compensation


def test_a_basis_is_kept_once_and_the_newest_is_known(registry: Registry) -> None:
    admit(registry)
    assert registry.newest_sheet(CASE) is None
    registry.register_sheet(CASE, "a" * 64, '{"price": 9.0}', AT)
    registry.register_sheet(CASE, "b" * 64, '{"price": 9.00}', AT + timedelta(days=1))
    registry.register_sheet(CASE, "a" * 64, '{"price": 9.0}', AT + timedelta(days=2))
    assert registry.sheet(CASE, "a" * 64) == '{"price": 9.0}'
    assert registry.newest_sheet(CASE) == ("b" * 64, '{"price": 9.00}')


def test_an_unknown_basis_or_case_is_named(registry: Registry) -> None:
    with pytest.raises(UnknownCase, match=CASE):
        registry.register_sheet(CASE, "a" * 64, "{}", AT)
    admit(registry)
    with pytest.raises(UnknownSheet, match="没有登记过编号为 aaaa"):
        registry.sheet(CASE, "a" * 64)
    with pytest.raises(LookupError):
        registry.sheet("WZ-NO", "a" * 64)


# Grants


def _lines(registry: Registry, place: Place = SHI) -> list[tuple[str, str, str]]:
    return [
        (str(entry.occurred_on), entry.way.label, format(entry.amount, "f"))
        for entry in registry.ledger(village=place.village)
    ]


def test_a_verified_quota_is_granted_once(registry: Registry) -> None:
    for _ in range(2):
        granted(registry, grant("33008.1312"))
    granted(registry, grant("33008.1312"), minutes=5)
    (entry,) = registry.ledger()
    assert entry.account == Account(SHI, Kind.QUOTA)
    assert (entry.amount, entry.occurred_on) == (Decimal("33008.1312"), VERIFIED)
    assert (entry.case_id, entry.fact, entry.case_entry) == (CASE, "quota/a", "q-1")
    assert (entry.entry_id, entry.number) == (f"{CASE}/quota/a/1", 1)
    assert (entry.person, entry.registered_at) == ("", AT)


def test_two_cases_grant_to_one_village(registry: Registry) -> None:
    granted(registry, grant("100.00"))
    granted(registry, grant("50.00", case_id="WZ-2"), case_id="WZ-2")
    entries = registry.ledger()
    assert [entry.number for entry in entries] == [1, 2]
    assert totals(entries).granted == Decimal(150)
    granted(registry, case_id="WZ-2", minutes=5)
    assert balance(registry.ledger()) == Decimal(100)


def test_two_villages_of_one_name_in_two_townships_have_accounts_of_their_own(
    registry: Registry,
) -> None:
    namesake = replace(YANG, village=SHI.village)
    granted(registry, grant("100.00"), grant("50.00", namesake, fact="quota/b"))
    assert len(registry.ledger(village=SHI.village)) == 2
    assert [e.amount for e in registry.ledger(township="仰义街道")] == [Decimal(50)]
    assert registry.ledger(district="洞头区") == ()


def test_a_correction_of_the_quota_is_a_further_entry(registry: Registry) -> None:
    granted(registry, grant("100.00"))
    day = 24 * 60
    granted(
        registry, grant("80.00", entry_id="c-1"), minutes=day, command="correct", corrects="q-1"
    )
    granted(registry, minutes=2 * day, command="correct", corrects="c-1")
    granted(registry, grant("90.00", entry_id="c-2"), minutes=3 * day)
    assert _lines(registry) == [
        ("2026-11-23", "核定", "100.00"),
        ("2026-11-24", "更正核定", "-20.00"),
        ("2026-11-25", "更正核定", "-80.00"),
        ("2026-11-26", "更正核定", "90.00"),
    ]
    assert overdrawn_on(registry.ledger()) is None


def test_a_change_arriving_late_leaves_the_ledger_alone(registry: Registry) -> None:
    granted(registry, grant("80.00"), minutes=9)
    granted(registry, grant("100.00"), minutes=3)
    assert _lines(registry) == [("2026-11-23", "核定", "80.00")]


def test_a_spent_quota_is_not_corrected_below_what_is_spent(registry: Registry) -> None:
    """The correction is refused with all it would have written; the case stands as before."""
    granted(registry, grant("100.00"))
    registry.spend(spending("40.00"), LATER)
    before = whole(registry), registry.ledger()
    for grants in ((grant("39.99"),), ()):
        with pytest.raises(GrantSpent, match=r"石埠西村.*可用60\.00平方米，不足核减.*第二十六条"):
            granted(registry, *grants, minutes=5, command="correct", corrects="q-1")
        assert (whole(registry), registry.ledger()) == before
    registry.reverse(reversal(), LATER)
    later = 200 * 24 * 60
    granted(registry, grant("39.99"), minutes=later, command="correct", corrects="q-1")
    assert balance(registry.ledger()) == Decimal("39.99")


def test_a_change_that_is_not_to_blame_is_recorded_though_a_grant_cannot_be_taken_away(
    registry: Registry,
) -> None:
    """A case must not stand still, nor a ledger be overdrawn, for what another act left behind."""
    granted(registry, grant("100.00"))
    registry.spend(spending("40.00"), LATER)
    registry.record(records(minutes=5, entry=None))
    granted(registry, minutes=6, command="confirm_payment")
    assert registry.case(CASE).updated_at == AT + timedelta(minutes=6)
    assert balance(registry.ledger()) == Decimal(60)
    registry.reverse(reversal(), LATER)
    registry.record(records(minutes=200 * 24 * 60, entry=None))
    assert balance(registry.ledger()) == 0


# Spendings


def test_what_is_spent_comes_back_as_it_was_said(registry: Registry) -> None:
    granted(registry, grant("100.00"))
    said = spending(
        way=Way.BUILDING, project="安置楼", site="仰义街道", consent="鹿政〔2026〕9号", note="一期"
    )
    assert registry.spend(said, LATER)
    entry = registry.ledger()[-1]
    assert isinstance(entry, LedgerEntry)
    assert (entry.entry_id, entry.way, entry.amount) == ("s-1", Way.BUILDING, Decimal("-40.00"))
    assert (entry.occurred_on, entry.document_number) == (said.occurred_on, said.document_number)
    assert (entry.unit, entry.role, entry.person) == ("bureau", "经办人", "局甲")
    assert (entry.project, entry.site, entry.consent, entry.note) == (
        "安置楼",
        "仰义街道",
        "鹿政〔2026〕9号",
        "一期",
    )
    assert (entry.case_id, entry.other, entry.reverses) == (None, None, None)
    assert entry.registered_at == LATER


def test_a_repeat_is_harmless_and_another_content_under_the_id_is_not(registry: Registry) -> None:
    granted(registry, grant("100.00"), grant("10.00", XIA, fact="quota/b"))
    assert registry.spend(spending("90.00"), LATER)
    assert not registry.spend(spending("90.0"), LATER + timedelta(days=3))
    for other in (
        spending("90.01"),
        spending("90.00", document_number="另一文号"),
        spending("5.00", place=XIA),
        spending("5.00", way=Way.MERGE, to=XIA),
    ):
        with pytest.raises(LedgerConflict, match="s-1"):
            registry.spend(other, LATER)
    assert balance(registry.ledger(village=SHI.village)) == Decimal(10)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (spending("100.01"), "结余100.00平方米，不足有偿收回100.01平方米"),
        (spending(occurred_on=VERIFIED - timedelta(days=1)), "没有核给"),
        (spending(occurred_on=date(2027, 3, 2)), "晚于今天2027-03-01"),
        (spending("0"), "大于零"),
        (spending(place=XIA), "下寅村截至2026-12-01没有核给"),
        (spending(way=Way.MERGE, to=YANG), "审定"),
        (spending(way=Way.PAY_OUT), "没有可拨付的留地补助"),
        (spending(place=DAO), "只能拨付"),
    ],
)
def test_what_is_refused_leaves_nothing(registry: Registry, said: Spending, sentence: str) -> None:
    granted(registry, grant("100.00"), grant("9.60", DAO, fact="quota/d"))
    before = registry.ledger()
    with pytest.raises(LedgerRefused, match=sentence):
        registry.spend(said, LATER)
    assert registry.ledger() == before


def test_all_that_is_left_of_an_exact_product_is_spent_and_the_repeat_is_harmless(
    registry: Registry,
) -> None:
    granted(registry, grant("3433.476"))
    registry.spend(spending("3433.47"), LATER)
    for _ in range(2):
        registry.spend(spending("0.006", id="s-2"), LATER)
    assert len(registry.ledger()) == 3
    assert balance(registry.ledger()) == 0


def test_a_merging_moves_the_quota_between_two_accounts(registry: Registry) -> None:
    granted(registry, grant("100.00"))
    said = spending(way=Way.MERGE, to=XIA)
    assert registry.spend(said, LATER)
    assert not registry.spend(said, LATER)
    assert _lines(registry, SHI)[-1] == ("2026-12-01", "合并使用", "-40.00")
    assert _lines(registry, XIA) == [("2026-12-01", "合并使用", "40.00")]
    registry.spend(spending("30.00", id="s-2", place=XIA), LATER)
    with pytest.raises(LedgerRefused, match=r"下寅村.*结余10\.00平方米，不足冲回40\.00平方米"):
        registry.reverse(reversal("s-1"), LATER)
    assert len(registry.ledger()) == 4
    registry.reverse(reversal("s-2", id="r-2"), LATER)
    assert registry.reverse(reversal("s-1/in"), LATER)
    assert balance(registry.ledger(village=SHI.village)) == Decimal(100)
    assert balance(registry.ledger(village=XIA.village)) == 0


def test_a_spending_is_taken_back_once(registry: Registry) -> None:
    granted(registry, grant("100.00"))
    registry.spend(spending(), LATER)
    assert registry.reverse(reversal(), LATER)
    assert not registry.reverse(reversal(), LATER + timedelta(hours=1))
    assert _lines(registry)[-1] == ("2027-03-01", "冲正", "40.00")
    for again, sentence in (
        (reversal(id="r-2"), "s-1已由r-1冲正"),
        (reversal(reason="另一理由"), "s-1已由r-1冲正"),
        (reversal("r-1", id="r-3"), "本身是冲正"),
        (reversal(f"{CASE}/quota/a/1", id="r-3"), "须在案件中更正"),
    ):
        with pytest.raises(LedgerConflict, match=sentence):
            registry.reverse(again, LATER)
    with pytest.raises(UnknownLedgerEntry, match="s-9"):
        registry.reverse(reversal("s-9", id="r-9"), LATER)
    with pytest.raises(LedgerRefused, match="理由"):
        registry.reverse(reversal(id="r-9", reason=""), LATER)
    with pytest.raises(LedgerConflict, match="登记号s-1已由r-1冲正，确要再登记的"):
        registry.spend(spending(), LATER)
    registry.spend(spending(id="s-2"), LATER)
    with pytest.raises(LedgerConflict, match="r-1已用于另一项"):
        registry.reverse(reversal("s-2"), LATER)


def test_accounts_come_by_district_as_the_order_names_them_then_by_name_and_day(
    registry: Registry,
) -> None:
    granted(
        registry,
        grant("9.60", DAO, fact="quota/d"),
        grant("50.00", YANG, fact="quota/c"),
        grant("100.00"),
        grant("10.00", XIA, fact="quota/b"),
    )
    registry.spend(spending(id="s-2", occurred_on=date(2027, 1, 1)), LATER)
    registry.spend(spending(id="s-1"), LATER)
    found = [(entry.account.place.village, entry.entry_id) for entry in registry.ledger()]
    assert found == [
        ("渔渡村", f"{CASE}/quota/c/1"),
        ("下寅村", f"{CASE}/quota/b/1"),
        ("石埠西村", f"{CASE}/quota/a/1"),
        ("石埠西村", "s-1"),
        ("石埠西村", "s-2"),
        ("东浪村", f"{CASE}/quota/d/1"),
    ]


# Several at once


def test_of_two_that_spend_the_last_square_metre_one_is_refused(registry: Registry) -> None:
    granted(registry, grant("100.00"))

    def attempt(n: int) -> bool:
        try:
            return registry.spend(spending("51.00", id=f"s-{n}"), LATER)
        except LedgerRefused:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1
    assert balance(registry.ledger()) == Decimal(49)


def test_villages_that_merge_into_one_another_at_once_keep_every_square_metre(
    registry: Registry,
) -> None:
    granted(registry, grant("100.00"), grant("100.00", XIA, fact="quota/b"))

    def attempt(n: int) -> bool:
        one, other = (SHI, XIA) if n % 2 else (XIA, SHI)
        try:
            return registry.spend(
                spending("60.00", id=f"s-{n}", place=one, way=Way.MERGE, to=other), LATER
            )
        except LedgerRefused:
            return False

    with ThreadPoolExecutor(8) as pool:
        moved = sum(pool.map(attempt, range(16)))
    entries = registry.ledger()
    assert moved > 0
    assert len(entries) == 2 + 2 * moved
    assert balance(entries) == Decimal(200)
    for place in (SHI, XIA):
        mine = registry.ledger(village=place.village)
        assert overdrawn_on(mine) is None
        assert sorted(entry.number for entry in mine) == list(range(1, len(mine) + 1))


def test_a_correction_and_a_spending_at_once_never_overdraw(registry: Registry) -> None:
    granted(registry, grant("100.00"))
    soon = AT + timedelta(minutes=10)

    def correct() -> bool:
        try:
            granted(registry, grant("50.00"), minutes=5, command="correct", corrects="q-1")
        except GrantSpent:
            return False
        return True

    def spend() -> bool:
        try:
            return registry.spend(spending("80.00", occurred_on=VERIFIED), soon)
        except LedgerRefused:
            return False

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(correct), pool.submit(spend)
        assert [one.result(), other.result()].count(True) == 1
    assert overdrawn_on(registry.ledger()) is None


# Append-only


@pytest.mark.parametrize("table", ["village_ledger", "sheets"])
@pytest.mark.parametrize("change", ["UPDATE {} SET registered_at = NULL", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_erase(url: str, table: str, change: str) -> None:
    with Registry.open(url) as registry:
        granted(registry, grant("100.00"))
        registry.register_sheet(CASE, "a" * 64, "{}", AT)
        before = registry.ledger(), registry.newest_sheet(CASE)
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table)))
    engine.dispose()
    with Registry.open(url) as registry:
        assert (registry.ledger(), registry.newest_sheet(CASE)) == before
