"""What a screen shows of one outcome: the mean of the runs, and where eight in ten of them lie.

Two bands are kept apart. The band of chance comes from the runs with central values (`fixed`): only luck
differs. The wide band comes from the runs in which each uncertain assumption has its own draw (`drawn`): luck
and assumptions. Means, bands and signs are those of `sim.study.statistics`, so that screen and command line
show the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.study import statistics
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.shortage import SHORT, places_short

# Fewer runs than this say nothing about a band (or fewer than all, when fewer are asked).
FEWEST_WIDE = 6

Floats = NDArray[np.float64]
Among = Mapping[str, NDArray[np.bool_]]
"""Mode -> which replications count."""

_NONE: Floats = np.empty(0)


@dataclass(frozen=True)
class Spread:
    """Where the runs lie: mean of the central runs, eight in ten by chance, eight in ten with assumptions.

    Attributes:
        middle: Mean of the runs with central values.
        low, high: Eight in ten of the runs with central values.
        wide_low, wide_high: Eight in ten of the runs with drawn assumptions, and never narrower than chance alone: ranges
            may be skew, so that the central runs lie at the edge of the drawn ones. NaN when there are too few.
        runs, wide_runs: How many runs of each.
        agree: For a difference: runs (with drawn assumptions if there are any) with the sign of `middle`.
        enough: Whether so many runs have a value that something may be said of their differences.
        differs: For a difference: whether any run differs at all, with central values or with drawn assumptions.
    """

    middle: float
    low: float
    high: float
    wide_low: float
    wide_high: float
    runs: int
    wide_runs: int
    agree: int = 0
    enough: bool = True
    differs: bool = True

    @property
    def known(self) -> bool:
        """True when there is any run behind it."""
        return self.runs > 0

    @property
    def outer(self) -> tuple[float, float]:
        """The widest honest band: that with assumptions when it is there, else that of chance."""
        return (self.wide_low, self.wide_high) if self.has_wide else (self.low, self.high)

    @property
    def has_wide(self) -> bool:
        """True when there are enough drawn runs for a band."""
        return self.wide_runs > 0 and not np.isnan(self.wide_low)

    @property
    def outer_runs(self) -> int:
        """Runs behind the outer band."""
        return self.wide_runs if self.has_wide else self.runs

    @property
    def direction(self) -> int:
        """+1 or -1 when the outer band of enough runs leaves out zero, else 0: then no direction may be claimed."""
        low, high = self.outer
        return 0 if not self.enough else 1 if low > 0 else -1 if high < 0 else 0

    @property
    def nothing(self) -> bool:
        """For a difference: no run differs at all."""
        return self.known and not self.differs


def spread(central: Floats, drawn: Floats, *, asked: int | None = None) -> Spread:
    """Summarise the values of the runs with central values and of those with drawn assumptions.

    Args:
        central: One value per run; NaN = not run, or not defined in that run.
        drawn: The same with drawn assumptions.
        asked: Runs asked for, when `central` has no place for each of them.
    """
    least = fewest(len(central) if asked is None else asked)
    central, drawn = central[~np.isnan(central)], drawn[~np.isnan(drawn)]
    middle = float(statistics.mean(central)) if len(central) else float("nan")
    enough = len(central) >= least
    wide = drawn if enough and len(drawn) >= least else _NONE
    signs = statistics.signs(wide if len(wide) else central)
    agree = signs.above if middle > 0 else signs.below if middle < 0 else 0
    (low, high), (wide_low, wide_high) = _band(central), _band(wide)
    if len(wide) and len(central):
        wide_low, wide_high = min(wide_low, low, middle), max(wide_high, high, middle)
    differs = bool((np.abs(np.concatenate([central, drawn])) > statistics.TIE).any())
    return Spread(
        middle, low, high, wide_low, wide_high, len(central), len(drawn), int(agree), enough, differs
    )


def fewest(asked: int) -> int:
    """Runs below which nothing is said of a band, when so many are asked."""
    return max(1, min(FEWEST_WIDE, asked))


def level(
    results: Results,
    indicator: str,
    scenario: str,
    school_year: str,
    place_type: str = "all",
    among: Among | None = None,
) -> Spread:
    """Spread of one outcome (an indicator, or `SHORT`) of one scenario in one school year.

    Args:
        results: What is known so far.
        indicator: The outcome.
        scenario: Scenario id.
        school_year: School year.
        place_type: One kind of school, or all.
        among: Count only these runs, so that levels beside each other have the same luck.
    """
    found = {m: runs_of(results, indicator, scenario, m, school_year, place_type) for m in (FIXED, DRAWN)}
    if among is not None:
        found = {m: np.where(among[m], v, np.nan) if len(v) else v for m, v in found.items()}
    return spread(found[FIXED], found[DRAWN])


def difference(
    results: Results, indicator: str, scenario: str, school_year: str, place_type: str = "all"
) -> Spread:
    """Spread of the paired difference with the baseline: the same children, the same luck."""
    gaps = []
    for mode in (FIXED, DRAWN):
        here = runs_of(results, indicator, scenario, mode, school_year, place_type)
        there = runs_of(results, indicator, results.baseline.id, mode, school_year, place_type)
        gaps.append(here - there if len(here) and len(there) else _NONE)
    return spread(*gaps)


def by_year(results: Results, indicator: str, place_type: str = "all") -> pd.DataFrame:
    """Bands through the years: columns scenario, school_year, middle, low, high, wide_low, wide_high."""
    rows = []
    for scenario in results.scenarios:
        for year in results.school_years:
            s = level(results, indicator, scenario.id, year, place_type)
            rows.append((scenario.id, year, s.middle, s.low, s.high, s.wide_low, s.wide_high))
    columns = ["scenario", "school_year", "middle", "low", "high", "wide_low", "wide_high"]
    return pd.DataFrame(rows, columns=columns)


def runs_of(
    results: Results, indicator: str, scenario: str, mode: str, school_year: str, place_type: str
) -> Floats:
    """One value per replication, NaN where it was not run; empty when the series or the mode is not there."""
    if indicator == SHORT and (scenario, mode) in results.values and school_year in results.school_years:
        short = places_short(results, scenario, mode, place_type)
        return short[:, results.school_years.index(school_year)] if short.size else _NONE
    at = results.positions.get(Series(indicator, place_type))
    if at is None or (scenario, mode) not in results.values or school_year not in results.school_years:
        return _NONE
    return results.values[scenario, mode][:, at, results.school_years.index(school_year)]


def _band(values: Floats) -> tuple[float, float]:
    if not len(values):
        return float("nan"), float("nan")
    low, high = statistics.band(values)
    return float(low), float(high)
