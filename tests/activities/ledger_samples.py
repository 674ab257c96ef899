"""Two villages of one township, one of another, one of zone 2: what they are granted and spend."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from activities.registry import Registry
from case.ledger import Place, Way
from case.records import GrantRecord
from case.spending import Spending
from case.taking_back import Reversal
from tests.activities.samples import CASE, admit, entry, records

SHI = Place("鹿城区", "藤桥镇", "石埠西村")
XIA = Place("鹿城区", "藤桥镇", "下寅村")
YANG = Place("鹿城区", "仰义街道", "渔渡村")
DAO = Place("洞头区", "大门镇", "东浪村")

VERIFIED = date(2026, 11, 23)
LATER = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
"""When spendings are entered: 2027-03-01, noon."""


def grant(
    amount: str = "100.00", place: Place = SHI, case_id: str = CASE, **changes: Any
) -> GrantRecord:
    """A verified quota of 石埠西村."""
    standing = GrantRecord(
        case_id=case_id,
        fact="quota/a",
        district=place.district,
        township=place.township,
        village=place.village,
        kind="subsidy" if place == DAO else "quota",
        amount=Decimal(amount),
        verified_on=VERIFIED,
        document_number="温自然资核〔2026〕1号",
        entry_id="q-1",
        unit="bureau",
        role="经办人",
    )
    return replace(standing, **changes)


def granted(
    registry: Registry, *grants: GrantRecord, case_id: str = CASE, minutes: int = 0, **by: Any
) -> None:
    """Let a case grant what it grants, by an entry of its own."""
    admit(registry, case_id)
    said = replace(entry(by.pop("id", f"e-{minutes}"), case_id, minutes), **by)
    registry.record(records(case_id, minutes, entry=said, grants=grants))


def spending(amount: str = "40.00", **changes: Any) -> Spending:
    """A buy-back from 石埠西村."""
    standing = Spending(
        id="s-1",
        place=SHI,
        way=Way.BUY_BACK,
        amount=Decimal(amount),
        occurred_on=date(2026, 12, 1),
        document_number="鹿政收〔2026〕1号",
        unit="bureau",
        role="经办人",
        person="局甲",
    )
    return replace(standing, **changes)


def reversal(entry_id: str = "s-1", **changes: Any) -> Reversal:
    """That spending taken back."""
    standing = Reversal(
        id="r-1",
        entry_id=entry_id,
        occurred_on=date(2027, 3, 1),
        reason="面积登错",
        unit="bureau",
        role="经办人",
    )
    return replace(standing, **changes)
