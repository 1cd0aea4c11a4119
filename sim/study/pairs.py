"""One series in a scenario and when we carry on as today, run by run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study import statistics
from sim.study.results import FIXED, Results, Series
from sim.study.statistics import Floats


@dataclass(frozen=True)
class Paired:
    """One value per pair of runs; NaN = not defined in that pair.

    Attributes:
        today: When we carry on as today.
        level: In the scenario.
    """

    today: Floats
    level: Floats

    @property
    def difference(self) -> Floats:
        """Scenario minus carrying on, pair by pair."""
        return self.level - self.today


def complete(results: Results, scenario: str, mode: str) -> NDArray[np.bool_]:
    """Replications of which both the baseline and the scenario are there."""
    found: NDArray[np.bool_] = results.done[results.baseline.id, mode] & results.done[scenario, mode]
    return found


def through_years(
    results: Results, scenario: str, series: Series, mode: str = FIXED
) -> tuple[Floats, Floats] | None:
    """Baseline and scenario, pair x reported year; None when these results do not have the series or the mode."""
    if series not in results.positions or mode not in results.modes:
        return None
    pairs, at = complete(results, scenario, mode), results.positions[series]
    first = results.baseline.region.replay_years
    today, level = (results.values[s, mode][pairs, at, first:] for s in (results.baseline.id, scenario))
    return today, level


def paired(results: Results, scenario: str, series: Series, mode: str = FIXED) -> Paired | None:
    """The mean over the reported years in which both have a value; None as in `through_years`."""
    found = through_years(results, scenario, series, mode)
    if found is None:
        return None
    both = ~np.isnan(found[0] + found[1])
    return Paired(*(statistics.mean(np.where(both, v, np.nan), axis=1) for v in found))
