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
WITHOUT_PLACE, ON_LIST, DOSE = "K34.count", "K02.oct", "K26.dose"


@dataclass(frozen=True)
class Held:
    """One condition and how it went.

    Attributes:
        scenario: Scenario id.
        condition: What was asked.
        runs: Runs in which it could be judged.
        held: Runs in which the share was reached in every judged year.
        lowest: Mean over runs of the lowest yearly share.
    """

    scenario: str
    condition: Condition
    runs: int
    held: int
    lowest: float


def conditions_of(results: Results, mode: str = FIXED) -> tuple[Held, ...]:
    """All conditions of the scenarios of a study, in their order."""
    found = []
    for scenario in results.scenarios:
        for condition in scenario.requires:
            share = _share(results, scenario, condition, mode)
            if share is None or not share.size:
                continue
            lowest = np.nanmin(share, axis=1)
            held = int((lowest >= condition.at_least - 1e-9).sum())
            found.append(Held(scenario.id, condition, len(lowest), held, float(lowest.mean())))
    return tuple(found)


def _share(results: Results, scenario: Scenario, condition: Condition, mode: str) -> Floats | None:
    """The share per replication and school year, from the year in which the first lever acts."""
    first = max(results.baseline.region.replay_years, _first_year(scenario))

    def line(indicator: str, place_type: str = "all") -> Floats | None:
        series = Series(indicator, place_type)
        if series not in results.positions:
            return None
        return results.through_years(scenario.id, series, mode)[:, first:]

    if condition.of == "hired":
        return line(DOSE)
    if condition.of == "help_reach":
        helped, alone = line(HELPED, condition.pool or "all"), line(ALONE, condition.pool or "all")
        return None if helped is None or alone is None else helped / np.maximum(helped + alone, 1e-9)
    lacking, listed = line(WITHOUT_PLACE), line(ON_LIST)
    if lacking is None or listed is None:
        return None
    seats = _seats(scenario, condition.pool or "", first)
    return seats / np.maximum(seats + lacking - listed, 1e-9)


def _first_year(scenario: Scenario) -> int:
    starts = [c.from_ for changes in scenario.levers.values() for c in changes]
    start = scenario.region.start
    return max(0, min((d.year - (d.month < start.month) for d in starts), default=start.year) - start.year)


def _seats(scenario: Scenario, programme: str, year: int) -> float:
    """Places of a programme on 1 August of a school year, as asked for."""
    model, start = scenario.region.programmes[programme], scenario.region.start
    day = start.replace(year=start.year + year)
    groups = apply(scenario.levers.get(f"{programme}.groups", ()), model.groups.value, day)
    seats = apply(scenario.levers.get(f"{programme}.seats", ()), model.seats.value, day)
    return float(groups) * float(seats)
