"""Money of a study: the bill by payer and purpose, who pays and who saves (K31), and what has no known amount.

Everything is paired by replication, nominal, at the price level of each amount. A present value is given on request, at a
rate that the reader states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from sim.scenario.quantity import Quantity, Text
from sim.scenario.region import Region
from sim.study import statistics
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.statistics import Floats

Years = Literal["school", "calendar"]
_PREFIX: dict[Years, str] = {"school": "", "calendar": "calendar_"}
_KINDS = ("total", "income", "balance")
_ALL = Text(nl="alles samen", en="everything together")
_PARTS = {"payer": "payers", "organisation": "organisations", "purpose": "purposes"}
# What a price can be of, part by part of a region.
_PRICED = {
    "place_types": ("pupil",), "regular": ("pupil",), "home": ("home",), "programmes": ("place",), "staff": ("staff",),
    "approaches": ("approach",), "decisions": ("request",),
}  # fmt: skip
# Staff has a price where it works beside the groups.
_BY_STAFF = ("programmes", "approaches")


@dataclass(frozen=True)
class Sum:
    """A mean over the replications with its bands (P10, P90): chance alone, and with drawn assumptions.

    Attributes:
        mean: Mean with central values, in euros.
        chance: Band with central values.
        both: Band with drawn assumptions as well; NaN when nothing was drawn.
    """

    mean: float
    chance: tuple[float, float]
    both: tuple[float, float]


@dataclass(frozen=True)
class Pockets:
    """K31: who pays more and who pays less than when carrying on as today, per school year on average.

    Attributes:
        pays, saves: Payer -> difference in euros a year (below zero for who saves), the largest first.
        extra: What those who pay more pay more; `saved`: what the others pay less; replication by replication.
        net: `extra` minus `saved`: what it costs all together.
    """

    pays: dict[str, Sum]
    saves: dict[str, Sum]
    extra: Sum
    saved: Sum
    net: Sum


@dataclass(frozen=True)
class Unknown:
    """Something without a known amount: it has no price at all, or a price whose range starts at zero.

    Attributes:
        path: Where it stands in the region file.
        amount: The placeholder that is counted meanwhile; None = nothing is counted.
    """

    path: str
    title: Text
    amount: Quantity | None = None


def title_of(region: Region, margin: str) -> Text:
    """Name of a margin of the money indicators: `all`, `payer:...`, `organisation:...` or `purpose:...`.

    Raises:
        KeyError: The region has no such payer, organisation or purpose.
    """
    if margin == "all":
        return _ALL
    split, _, name = margin.partition(":")
    titled: Text = getattr(region, _PARTS[split])[name].title
    return titled


def bill(results: Results, scenario: str, years: Years = "calendar") -> pd.DataFrame:
    """What is spent, received and left, by payer, organisation and purpose, against carrying on as today.

    Args:
        results: Results of a study, complete or not; only complete pairs count.
        scenario: Scenario id.
        years: Calendar years (5/12 of the school year that starts in it, 7/12 of the one before), or school years.

    Returns:
        One row per kind (`total`, `income`, `balance`), margin and reported year, in euros: `today`, `level` and
        `difference` (means with central values), and bands of the difference (`chance_low` to `both_high`).
    """
    region = results.baseline.region
    rows: list[dict[str, Any]] = []
    for kind in _KINDS:
        for margin in results.place_types(f"K28.{_PREFIX[years]}{kind}"):
            series = Series(f"K28.{_PREFIX[years]}{kind}", margin)
            today, level = _pair(results, scenario, series, FIXED)
            drawn = _differences(results, scenario, series, DRAWN)
            for i, year in enumerate(results.reported_years):
                gap = _sum((level - today)[:, i], drawn[:, i])
                title = title_of(region, margin)
                rows.append(
                    {
                        "kind": kind, "margin": margin, "title_nl": title.nl, "title_en": title.en,
                        "year": year[:4] if years == "calendar" else year,
                        "today": _mean(today[:, i]), "level": _mean(level[:, i]), "difference": gap.mean,
                        "chance_low": gap.chance[0], "chance_high": gap.chance[1],
                        "both_low": gap.both[0], "both_high": gap.both[1],
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def pockets(results: Results, scenario: str) -> Pockets:
    """K31 of a scenario, from the differences by payer over the reported school years."""
    fixed, drawn = (_by_payer(results, scenario, mode) for mode in (FIXED, DRAWN))
    sums = {name: _sum(fixed[name], drawn[name]) for name in fixed}
    order = sorted(sums, key=lambda name: -abs(sums[name].mean))
    extra, saved = (
        [_total(payers, sign) for payers in (fixed, drawn)] for sign in (1.0, -1.0)
    )  # fmt: skip
    return Pockets(
        pays={n: sums[n] for n in order if sums[n].mean > statistics.TIE},
        saves={n: sums[n] for n in order if sums[n].mean < -statistics.TIE},
        extra=_sum(*extra),
        saved=_sum(*saved),
        net=_sum(extra[0] - saved[0], extra[1] - saved[1]),
    )


def present_value(results: Results, scenario: str, rate: float, margin: str = "all") -> Sum:
    """Present value of the differences of the reported school years, on the first day of the first of them.

    Args:
        results: Results of a study.
        scenario: Scenario id.
        rate: Discount rate per year, stated by the reader; 0 adds the years up as they are. A year is discounted as if all
            was paid in its middle.
        margin: `all`, a payer, an organisation or a purpose.
    """
    series = Series("K28.total", margin)
    weights = (1.0 + rate) ** -(np.arange(len(results.reported_years)) + 0.5)
    return _sum(*(_differences(results, scenario, series, mode) @ weights for mode in (FIXED, DRAWN)))


def unknown(region: Region) -> tuple[Unknown, ...]:
    """What a region counts and has no known amount for; () for a region without prices.

    A programme or an approach that costs nothing but staff is known through the prices of its pools.
    """
    if not region.prices:
        return ()
    priced: set[tuple[str, str]] = {
        (price.per, name) for price in region.prices.values() for name in price.of
    }
    found = [
        Unknown(f"{part}.{name}", item.title)
        for part, kinds in _PRICED.items()
        for name, item in _named(region, part).items()
        if not any((per, name) in priced for per in kinds)
        and not (part in _BY_STAFF and _by_its_staff(item, priced))
    ]
    for name, price in region.prices.items():
        low, high = price.amount.range or (1.0, 1.0)
        if low == 0 or high == 0:
            found.append(Unknown(f"prices.{name}", price.title, price.amount))
    return tuple(found)


def _by_its_staff(item: Any, priced: set[tuple[str, str]]) -> bool:
    """It costs staff, and each pool that it asks from has a price."""
    pools: Mapping[str, Quantity] = getattr(item, "staff", {})
    return bool(pools) and all(("staff", name) in priced for name in pools)


def _named(region: Region, part: str) -> Mapping[str, Any]:
    named: Mapping[str, Any] = getattr(region, part)
    return named


def _pair(results: Results, scenario: str, series: Series, mode: str) -> tuple[Floats, Floats]:
    """Baseline and scenario, replication x reported year, complete pairs only."""
    if mode not in results.modes or series not in results.positions:
        nothing = np.full((0, len(results.reported_years)), np.nan)
        return nothing, nothing
    cells = [(results.baseline.id, mode), (scenario, mode)]
    both = results.done[cells[0]] & results.done[cells[1]]
    at, first = results.positions[series], results.baseline.region.replay_years
    today, level = (results.values[cell][both, at, first:] for cell in cells)
    return today, level


def _differences(results: Results, scenario: str, series: Series, mode: str) -> Floats:
    today, level = _pair(results, scenario, series, mode)
    return level - today


def _by_payer(results: Results, scenario: str, mode: str) -> dict[str, Floats]:
    """Difference per replication, mean over the reported school years, of each payer."""
    payers = results.baseline.region.payers
    return {
        name: statistics.mean(_differences(results, scenario, Series("K28.total", f"payer:{name}"), mode), axis=1)
        for name in payers
    }  # fmt: skip


def _total(payers: Mapping[str, Floats], sign: float) -> Floats:
    """What the payers on one side of zero pay more (sign 1) or less (-1), per replication."""
    parts = [np.maximum(0.0, sign * gap) for gap in payers.values()]
    total: Floats = np.sum(parts, axis=0) if parts else np.zeros(0)
    return total


def _sum(fixed: Floats, drawn: Floats) -> Sum:
    return Sum(_mean(fixed), _band(fixed), _band(drawn))


def _mean(values: Floats) -> float:
    return float(statistics.mean(values)) if len(values) else float("nan")


def _band(values: Floats) -> tuple[float, float]:
    if not len(values):
        return float("nan"), float("nan")
    low, high = statistics.band(values)
    return float(low), float(high)
