"""K33: how long after a shock the waiting list is back to what it would have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.study.pairs import through_years
from sim.study.results import FIXED, Results, Series
from sim.study.statistics import Floats

# The four dates in a school year on which the list is looked at, in order: indicator, month, day.
DATES = (("K02.oct", 10, 1), ("K02.feb", 2, 1), ("K02.may", 5, 1), ("K02.aug", 7, 31))
WITHIN = 0.1
# A list of a few children differs by more than a tenth when one child does.
SMALLEST = 1.0
_DAYS_IN_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Recovery:
    """When the list was back.

    Attributes:
        scenario: Scenario id.
        ended: Last day of the shock; the day on which it came, when it has no end.
        months: Per run: months from that day to the first count from which the list stays within a tenth (or one
            child) of what it is when we carry on; None = not within the years of this study.
    """

    scenario: str
    ended: date
    months: tuple[float | None, ...]

    @property
    def runs(self) -> int:
        """Runs in which the list could be followed."""
        return len(self.months)

    @property
    def back(self) -> int:
        """Runs in which the list came back."""
        return sum(m is not None for m in self.months)

    @property
    def median(self) -> float | None:
        """Half of the runs were back within so many months; None when fewer than half came back."""
        there = sorted(m for m in self.months if m is not None)
        middle = (self.runs - 1) // 2
        return there[middle] if middle < len(there) else None


def recovery_of(
    results: Results, scenario: Scenario, place_type: str = "all", mode: str = FIXED
) -> Recovery | None:
    """Recovery after the last change of a scenario; None when nothing changes or the list is not counted.

    Args:
        results: Results of a study that holds the scenario.
        scenario: A scenario, usually of kind shock.
        place_type: Type or tag whose list is followed.
        mode: Mode of the runs.
    """
    ended = _ended(scenario)
    if ended is None:
        return None
    found = [through_years(results, scenario.id, Series(name, place_type), mode) for name, _, _ in DATES]
    there = [f for f in found if f is not None]
    if len(there) < len(DATES):
        return None
    # run x date, in the order of the calendar: all dates of the first year, then of the second.
    today, level = (np.stack([f[i] for f in there], axis=2).reshape(len(there[0][i]), -1) for i in (0, 1))
    counted = _counted(results)
    after = np.array([d >= ended for d in counted], dtype=np.bool_)
    if not after.any():
        return None
    near = np.abs(level - today) <= np.maximum(WITHIN * today, SMALLEST)
    since = np.array([(d - ended).days / _DAYS_IN_MONTH for d in counted])[after]
    return Recovery(scenario.id, ended, _first_for_good(near[:, after], since))


def _ended(scenario: Scenario) -> date | None:
    days = [c.until or c.from_ for changes in scenario.levers.values() for c in changes]
    return max(days, default=None)


def _counted(results: Results) -> list[date]:
    years = [int(name[:4]) for name in results.reported_years]
    start = results.baseline.region.start.month
    return [date(y + (month < start), month, day) for y in years for _, month, day in DATES]


def _first_for_good(near: NDArray[np.bool_], since: Floats) -> tuple[float | None, ...]:
    """Per run, the first moment from which all later ones are near; None when the last one is not."""
    stays = np.flip(np.logical_and.accumulate(np.flip(near, axis=1), axis=1), axis=1)
    return tuple(float(since[run.argmax()]) if run.any() else None for run in stays)
