"""What each part of a package does: one at a time, the package without it, and its fair share of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from sim.scenario.quantity import Text
from sim.scenario.resolve import load, part_of
from sim.scenario.scenario import Scenario
from sim.study import statistics
from sim.study.pairs import paired
from sim.study.results import FIXED, Results, Series
from sim.study.runs import StudyError

# Up to this many parts every combination is run (32 at most); beyond it each alone, and each left out.
MOST_SHARED = 5
OWN = "own"
# Missed weeks come first; what a package costs is divided too, when the region has prices.
DIVIDED = (Series("K12.total"), Series("K02.mean"), Series("K34.count"), Series("K28.total"))
OWN_TITLE = Text(nl="wat het pakket zelf verandert", en="what the package itself changes")


@dataclass(frozen=True)
class Package:
    """A package with the scenarios that hold only some of its parts.

    Attributes:
        whole: The package.
        titles: Part -> title: ids of what it builds on, and `own` for what its file itself changes.
        made: Set of parts -> the scenario with these parts; without the empty set, which is carrying on.
    """

    whole: Scenario
    titles: dict[str, Text]
    made: dict[frozenset[str], Scenario]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All scenarios to run, the package first."""
        return (self.whole, *(s for s in self.made.values() if s is not self.whole))


@dataclass(frozen=True)
class Part:
    """One part of a package and one outcome, as mean paired difference with the baseline (mean over the years).

    Attributes:
        part: Id of the part.
        alone: Difference of this part alone; `alone_half` is half its 95 % interval.
        missing: What goes missing when only this part is left out of the package: package minus the rest.
        share: Its Shapley share; the shares add up to the whole. None with more than five parts.
    """

    part: str
    title: Text
    alone: float
    alone_half: float
    missing: float
    missing_half: float
    share: float | None


@dataclass(frozen=True)
class Division:
    """One outcome of a package, divided over its parts.

    Attributes:
        whole: Mean paired difference of the whole package.
    """

    series: Series
    whole: float
    parts: tuple[Part, ...]


def package(given: str | Path) -> Package:
    """Load a package and make the scenarios with some of its parts.

    Args:
        given: Id or file of the package.

    Raises:
        StudyError: It does not build on two or more scenarios.
        ScenarioError: It, or one of its parts, cannot be used.
    """
    whole = load(given)
    alone = part_of(given, (), own=True)
    own = bool(alone.levers or alone.once or alone.overrides)
    names = (*whole.builds_on, *((OWN,) if own else ()))
    if len(names) < 2:
        raise StudyError(
            f"scenario '{whole.id}' has no parts: --parts needs a scenario that combines two or more others "
            "('combine: [...]'). Leave --parts out, or name a package"
        )
    n = len(names)
    sizes = range(1, n) if n <= MOST_SHARED else (1, n - 1)
    made = {frozenset(names): whole}
    for size in sizes:
        for kept in combinations(names, size):
            found = part_of(given, [k for k in kept if k != OWN], own=OWN in kept)
            made[frozenset(kept)] = found
    titles = {name: OWN_TITLE if name == OWN else made[frozenset({name})].title for name in names}
    return Package(whole, titles, made)


def divide(results: Results, asked: Package, outcomes: Sequence[Series] = DIVIDED) -> tuple[Division, ...]:
    """Divide outcomes of a package over its parts, on the runs with central values.

    Args:
        results: Results of a study of `asked.scenarios`.
        asked: The package.
        outcomes: Series to divide; those that the results lack are left out.
    """
    found = []
    for series in outcomes:
        if series not in results.positions:
            continue
        moved = {kept: _moved(results, s.id, series) for kept, s in asked.made.items()}
        names = list(asked.titles)
        every = frozenset(names)
        whole = moved[every]
        moved[frozenset()] = np.zeros_like(whole)
        shares = statistics.shapley(moved) if len(moved) == 2 ** len(names) else {}
        parts = []
        for name in names:
            alone, missing = moved[frozenset({name})], whole - moved[every - {name}]
            share = float(_mean(shares[name])) if name in shares else None
            parts.append(
                Part(
                    name,
                    asked.titles[name],
                    _mean(alone),
                    _half(alone),
                    _mean(missing),
                    _half(missing),
                    share,
                )
            )
        unit = results.series[results.positions[series]].unit
        found.append(
            Division(Series(series.indicator, series.place_type, unit=unit), _mean(whole), tuple(parts))
        )
    return tuple(found)


def _moved(results: Results, scenario: str, series: Series) -> statistics.Floats:
    pair = paired(results, scenario, series, FIXED)
    assert pair is not None
    return pair.difference


def _mean(values: statistics.Floats) -> float:
    return float(statistics.mean(values))


def _half(values: statistics.Floats) -> float:
    return float(statistics.half_width(values))
