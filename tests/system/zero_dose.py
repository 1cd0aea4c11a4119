"""Does a scenario do anything at all? Its levers as they stand, and the same levers after the horizon."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

import sim
from sim.indicators import compute
from sim.scenario.scenario import Scenario

SEED = 17
_KEYS = ["school_year", "indicator", "place_type", "district", "profile"]
_AFTER = date(9000, 1, 1)
# Every scenario of a region is held against the same few runs of its baseline.
_BASELINES: dict[tuple[str, int], pd.Series] = {}


def at_zero_dose(scenario: Scenario) -> Scenario:
    """The same scenario in which every lever moves, and every sum is paid, after the horizon."""
    levers = {
        path: tuple(c.model_copy(update={"from_": _AFTER, "until": None}) for c in changes)
        for path, changes in scenario.levers.items()
    }
    once = tuple(o.model_copy(update={"on": _AFTER}) for o in scenario.once)
    return scenario.model_copy(update={"levers": levers, "once": once})


def moved(scenario: Scenario, baseline: Scenario, replications: int = 2) -> frozenset[str]:
    """Indicators that differ from the baseline in one of some paired replications, in any margin and year.

    Args:
        scenario: A scenario, or its zero dose.
        baseline: The baseline of the region, with as many years.
        replications: Pairs to look at; the first that shows a difference ends the search.
    """
    for replication in range(replications):
        tables = [_values(s, replication) for s in (baseline, scenario)]
        both = pd.concat(tables, axis=1)
        differs = ~np.isclose(both.iloc[:, 0], both.iloc[:, 1], rtol=0.0, atol=0.0, equal_nan=True)
        if differs.any():
            return frozenset(both.index.get_level_values("indicator")[differs])
    return frozenset()


def _values(scenario: Scenario, replication: int) -> pd.Series:
    key = (scenario.digest(), replication) if scenario.kind == "baseline" else None
    if key is None or key not in _BASELINES:
        found = _run(scenario, replication)
        if key is None:
            return found
        _BASELINES[key] = found
    return _BASELINES[key]


def _run(scenario: Scenario, replication: int) -> pd.Series:
    table = compute(sim.simulate(scenario, SEED, replication))
    return table.astype(dict.fromkeys(_KEYS, str)).set_index(_KEYS)["value"]
