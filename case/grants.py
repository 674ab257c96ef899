"""What a village is granted in kind: housing quota and insurance places (第二十四、二十七条)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from case.land import written
from case.site import FARMLAND, Site
from case.statement import Grant
from law.money import Rate

_ONE_PLACE = Decimal("0.1")


def exact_places(site: Site) -> Decimal:
    """第二十七条：the exact product of farmland and 2.4."""
    return site.mu(FARMLAND) * (site.rate("insurance-places").value or 0)


def places_of(site: Site) -> tuple[Decimal, str]:
    """The places to pay for, and how they came about: as granted, or one decimal kept."""
    if site.sheet.insurance_places is not None:
        return site.sheet.insurance_places, f"按核定的名额：{site.sheet.insurance_rule}"
    kept = exact_places(site).quantize(_ONE_PLACE, rounding=ROUND_HALF_UP)
    return kept, "按计算的名额，四舍五入保留一位小数（政策解读（十一）），待核定"


def grants(site: Site) -> Iterator[Grant]:
    """第二十四、二十七条：the housing quota of zone 1, and the insurance places."""
    farmland = site.mu(FARMLAND)
    quota = site.rated("housing-quota")
    if quota and farmland:
        high = sum((parcel.mu for parcel in site.village.parcels if parcel.above_10m), Decimal(0))
        excluded = f"已剔除黄海标高10米以上林地 {written(high)} 亩" if high else ""
        base = farmland - high
        exact = base * (quota.value or 0)
        yield _grant(site, quota, base, exact, "平方米", rule="不取整", note=excluded)
    if farmland:
        places, rule = places_of(site)
        entry = site.rate("insurance-places")
        yield _grant(site, entry, farmland, places, "人", rule=rule, note=entry.note)


def _grant(
    site: Site, entry: Rate, base: Decimal, granted: Decimal, unit: str, *, rule: str, note: str
) -> Grant:
    assert entry.value is not None, entry.id
    return Grant(
        village=site.village.id,
        collective=site.village.collective,
        item=entry.title,
        article=entry.cited,
        source=entry.instrument,
        base=base,
        unit="亩",
        rate=entry.value,
        rate_unit=entry.unit,
        exact=base * entry.value,
        granted=granted,
        granted_unit=unit,
        rule=rule,
        note=note,
    )
