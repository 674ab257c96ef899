"""A statement of compensation for programs."""

from decimal import Decimal
from typing import Any

from case.land import written
from case.statement import Grant, Line, Statement, VillageStatement
from law.prices import Price


def as_object(found: Statement) -> dict[str, Any]:
    """The statement for programs: numbers as text, amounts in whole yuan."""
    return {
        "case": found.case_id,
        "project": found.project,
        "plan_approved_on": found.plan_approved_on.isoformat(),
        "lines": [_line_object(line) for line in found.lines],
        "total": str(found.total),
        "villages": [_village_object(village) for village in found.villages],
        "funds": {fund.value: str(amount) for fund, amount in found.funds.items()},
        "unmeasured_funds": [fund.value for fund in found.unmeasured],
        "payments": [
            {"payer": payer, "due": due, "amount": str(amount)}
            for (payer, due), amount in found.payments.items()
        ],
        "grants": [_grant_object(grant) for grant in found.grants],
        "prices": [_price_object(price) for price in found.prices],
        "flags": list(found.flags),
    }


def _line_object(line: Line) -> dict[str, Any]:
    return {
        "collective": line.collective,
        "village": line.village,
        "article": line.article,
        "item": line.item,
        "base": written(line.base),
        "unit": line.unit,
        "rate": written(line.rate),
        "rate_unit": line.rate_unit,
        "amount": str(line.amount),
        "payer": line.payer,
        "fund": line.fund.value if line.fund else None,
        "due": line.due,
        "source": line.source,
        "note": line.note,
    }


def _village_object(village: VillageStatement) -> dict[str, Any]:
    return {
        "village": village.village,
        "name": village.name,
        "collective": village.collective,
        "township": village.township,
        "district": village.district,
        "zone": village.zone,
        "areas_mu": {str(land): written(mu) for land, mu in village.areas.items()},
        "housing_quota_m2": _text(village.housing_quota),
        "retained_land_subsidy": _text(village.retained_land_subsidy),
        "insurance_places_exact": written(village.insurance_places),
        "insurance_places": written(village.places),
        "insurance_rule": village.places_rule,
        "payable": str(village.payable),
        "subtotal": str(village.subtotal),
    }


def _grant_object(grant: Grant) -> dict[str, Any]:
    return {
        "collective": grant.collective,
        "village": grant.village,
        "article": grant.article,
        "item": grant.item,
        "base": written(grant.base),
        "unit": grant.unit,
        "rate": written(grant.rate),
        "rate_unit": grant.rate_unit,
        "exact": written(grant.exact),
        "granted": written(grant.granted),
        "granted_unit": grant.granted_unit,
        "rule": grant.rule,
        "note": grant.note,
    }


def _price_object(price: Price) -> dict[str, Any]:
    return {
        "zone": price.zone,
        "classes": list(price.classes),
        "land": _text(price.land),
        "resettlement": _text(price.resettlement),
        "composite": written(price.composite),
        "instrument": price.instrument,
        "source": price.source,
        "in_force_from": price.in_force_from and price.in_force_from.isoformat(),
        "in_force_to": price.in_force_to and price.in_force_to.isoformat(),
        "note": price.note,
        "by_office": price.by_office,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else written(value)
