"""What added groups cost per calendar year: the difference in spending (K28) between the runs with them and without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sim.indicators.money import NEW_YEAR, OLD_YEAR
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from sim.study.money import unknown
from sim.study.results import Floats

SPENT = "K28.total"
Costs = Mapping[int, Mapping[str, Floats]]
"""Calendar year -> payer -> euros more than without the groups, replication by replication."""


def costs(gaps: Mapping[str, Floats], school_years: Sequence[str], opens: date) -> Costs:
    """Differences per school year as calendar years, divided as K28 does.

    Args:
        gaps: Payer -> euros more than without (replication x school year).
        school_years: Those years; before the first nothing differs, and the last ends on 31 July.
        opens: Date on which the groups open: calendar years before it are passed over.
    """
    first = int(school_years[0][:4])
    found: dict[int, dict[str, Floats]] = {first + i: {} for i in range(len(school_years) + 1)}
    for payer, gap in gaps.items():
        padded = np.pad(gap, ((0, 0), (1, 1)))
        by_year = OLD_YEAR * padded[:, :-1] + NEW_YEAR * padded[:, 1:]
        for i, year in enumerate(found):
            found[year][payer] = by_year[:, i]
    return {year: by_payer for year, by_payer in found.items() if year >= opens.year}


def priced(scenario: Scenario, kind: str) -> bool:
    """True when the region has a price for a group or a child of a type."""
    return any(p.per in ("group", "pupil") and kind in p.of for p in scenario.region.prices.values())


def placeholders(scenario: Scenario, kind: str) -> tuple[Text, ...]:
    """Prices of a type whose amount is not known: a placeholder is counted meanwhile."""
    prices = scenario.region.prices
    names = {f"prices.{name}" for name, price in prices.items() if kind in price.of}
    return tuple(u.title for u in unknown(scenario.region) if u.path in names)
