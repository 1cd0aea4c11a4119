"""Conditions of a scenario, checked on its results: in how many runs did each hold in every year in which it acted?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.levers import apply
from sim.scenario.scenario import Condition, Scenario
from sim.study.results import FIXED, Results, Series

Floats = NDArray[np.float64]
HELPED, ALONE = "K18.supported", "K18.unsupported"
WITHOUT_PLACE, ON_LIST, DOSE, OPEN = "K34.count", "K02.oct", "K26.dose", "K26.groups_open"


@dataclass(frozen=True)
class Held:
    """One condition and how it went.

    Attributes:
        scenario: Scenario id.
        condition: What was asked.
        met: Per run: the share was reached in every judged year.
        lowest: Mean over runs of the lowest yearly share.
    """

    scenario: str
    condition: Condition
    met: tuple[bool, ...]
    lowest: float

    @property
    def runs(self) -> int:
        """Runs in which it could be judged."""
        return len(self.met)

    @property
    def held(self) -> int:
        """Runs in which the share was reached in every judged year."""
        return sum(self.met)


def conditions_of(results: Results, mode: str = FIXED) -> tuple[Held, ...]:
    """All conditions of the scenarios of a study, in their order."""
    found = []
    for scenario in results.scenarios:
        for condition in scenario.requires:
            share = _share(results, scenario, condition, mode)
            # A year without the share (nothing was asked, no group was funded) asks nothing of the condition.
            judged = None if share is None else share[~np.isnan(share).all(axis=1)]
            if judged is None or not judged.size:
                continue
            lowest = np.nanmin(judged, axis=1)
            met = tuple((lowest >= condition.at_least - 1e-9).tolist())
            found.append(Held(scenario.id, condition, met, float(lowest.mean())))
    return tuple(found)


def _share(results: Results, scenario: Scenario, condition: Condition, mode: str) -> Floats | None:
    """The share per replication and school year, from the year in which what it is about begins."""
    first = max(results.baseline.region.replay_years, _first_year(scenario, condition.pool))

    def line(indicator: str, place_type: str = "all") -> Floats | None:
        series = Series(indicator, place_type)
        if series not in results.positions:
            return None
        return results.through_years(scenario.id, series, mode)[:, first:]

    if condition.of == "hired":
        return line(DOSE, f"pool:{condition.pool}" if condition.pool else "all")
    if condition.of == "groups_open":
        return line(OPEN, condition.pool or "all")
    if condition.of == "help_reach":
        helped, alone = line(HELPED, condition.pool or "all"), line(ALONE, condition.pool or "all")
        return None if helped is None or alone is None else helped / np.maximum(helped + alone, 1e-9)
    lacking, listed = line(WITHOUT_PLACE), line(ON_LIST)
    if lacking is None or listed is None:
        return None
    seats = _seats(scenario, condition.pool or "", first)
    return seats / np.maximum(seats + lacking - listed, 1e-9)


def _first_year(scenario: Scenario, pool: str | None) -> int:
    """School year in which the first lever of a programme, stage or type acts; else the first of the scenario."""
    mine = [path for path in scenario.levers if path.partition(".")[0] == pool] or list(scenario.levers)
    starts = [c.from_ for path in mine for c in scenario.levers[path]]
    start = scenario.region.start
    return max(0, min((d.year - (d.month < start.month) for d in starts), default=start.year) - start.year)


def _seats(scenario: Scenario, programme: str, year: int) -> float:
    """Places of a programme on 1 August of a school year, as asked for."""
    model, start = scenario.region.programmes[programme], scenario.region.start
    day = start.replace(year=start.year + year)
    groups = apply(scenario.levers.get(f"{programme}.groups", ()), model.groups.value, day)
    seats = apply(scenario.levers.get(f"{programme}.seats", ()), model.seats.value, day)
    return float(groups) * float(seats)
