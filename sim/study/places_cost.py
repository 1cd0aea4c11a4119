"""What added groups cost per calendar year, from the region's prices: per group, per child with a seat, per job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sim.scenario.means import Price
from sim.study.places_plan import Plan

Costs = dict[int, dict[str, float]]
"""Calendar year -> payer -> euros."""


def costs(plan: Plan) -> Costs | None:
    """Euros per calendar year and payer until the end of the school year asked; None = no price is known.

    A month costs a twelfth of a year, from the month in which the groups open. Children are those more with a seat on the
    1 October of the school year.
    """
    prices = [p for p in plan.scenario.region.prices.values() if _concerns(p, plan)]
    if not prices:
        return None
    found: Costs = {}
    opens, last = plan.asked.opens, int(plan.asked.school_year[:4])
    for year in range(opens.year, last + 2):
        for month in range(1, 13):
            school_year = year if month >= 8 else year - 1
            if date(year, month, 28) < opens or school_year > last:
                continue
            for price in prices:
                units = _units(price, plan, f"{school_year}-{school_year + 1}")
                share = price.share.value if price.share else 1.0
                payers = found.setdefault(year, {})
                payers[price.payer] = payers.get(price.payer, 0.0) + units * share * price.amount.value / 12
    return found


def _concerns(price: Price, plan: Plan) -> bool:
    if price.per == "staff":
        return any(pool in plan.staff for pool in price.of)
    return price.per in ("group", "pupil", "ride") and plan.asked.kind in price.of


def _units(price: Price, plan: Plan, school_year: str) -> float:
    if price.per == "staff":
        return sum(plan.staff.get(pool, 0.0) for pool in price.of)
    more: Mapping[tuple[str, str], int] = plan.answer.more
    groups = sum(more.values())
    meant = sum(n for (_, need), n in more.items() if not price.profiles or need in price.profiles)
    if price.per == "group":
        return float(meant)
    return max(0.0, plan.children.get(school_year, 0.0)) * (meant / groups if groups else 0.0)
