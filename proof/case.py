"""A case: one toy region, the numbers that a formula gives for it, and how to read them from a record.

Estimators are plain functions of the record; `partial` binds the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from proof import measure as m
from proof.toys import Edits, toy
from sim.record import Record
from sim.scenario.scenario import Scenario

YEAR = 365.25
START = 2026
STOCK, WAIT = 0.007, 0.02  # largest standard error, as a share of the formula, in the full version


@dataclass(frozen=True)
class Target:
    """One number that a formula gives and a run must give too.

    Attributes:
        name: What is compared.
        formula: Its value.
        estimate: The same from one record.
        limit: Largest standard error as a share of the formula (full version).
    """

    name: str
    formula: float
    estimate: Callable[[Record], float]
    limit: float


@dataclass(frozen=True)
class Size:
    """School years of one run and number of runs: in the full version, and in the thin one."""

    years: int
    runs: int
    thin_years: int
    thin_runs: int


@dataclass(frozen=True)
class Case:
    """One toy region with its targets.

    Attributes:
        id: Name of the row.
        theory: Formula that is used.
        toy: Name of the toy region.
        edits: Its other numbers.
        targets: Makes the targets for a number of school years.
        size: How much is run.
    """

    id: str
    theory: str
    toy: str
    edits: Edits
    targets: Callable[[int], tuple[Target, ...]]
    size: Size

    def scenario(self, years: int) -> Scenario:
        """The toy with the case's numbers, for so many school years."""
        return toy(self.toy, self.edits, years=years)


def days(years: int) -> float:
    """Length of the run in days."""
    return float(sum(year_lengths(years)))


def year_lengths(years: int) -> list[int]:
    """Days of each school year of the toys."""
    starts = [date(START + y, 8, 1) for y in range(years + 1)]
    return [(b - a).days for a, b in pairwise(starts)]


def window(years: int, unit: float, warm: float, tail: float) -> dict[str, float]:
    """After `warm` mean stays, and `tail` mean stays before the end (so that every wait is complete)."""
    return {"t0": warm * unit, "t1": days(years) - tail * unit}


def queue_edits(rate: float, servers: int, unit: float, **more: Any) -> dict[str, Any]:
    """Numbers of the toy `queue` for `rate` arrivals per mean stay of `unit` days."""
    return {
        "place_types.school.stay.mean": unit,
        "places.only.groups": {"any": servers},
        "sources.signals.flow": rate / unit * YEAR,
        **{f"place_types.school.{key}": value for key, value in more.items()},
    }


def stay_law(law: str, mean: float, shape: float | None) -> dict[str, Any]:
    """A stay as a region file writes it."""
    return {"law": law, "mean": mean} | ({"shape": shape} if shape else {})


def stock(name: str, formula: float, estimate: Callable[..., float], **bound: Any) -> Target:
    """A target with the sharper limit."""
    return Target(name, formula, partial(estimate, **bound), STOCK)


def wait(name: str, formula: float, estimate: Callable[..., float], **bound: Any) -> Target:
    """A target with the limit for waits."""
    return Target(name, formula, partial(estimate, **bound), WAIT)


def busy(r: Record, t0: float, t1: float, type_id: str | None = None) -> float:
    """Mean number of seats in use."""
    return m.mean_busy(m.children(r, type_id), t0, t1)


def mean_wait(
    r: Record, t0: float, t1: float, type_id: str | None = None, profile: str | None = None
) -> float:
    """Mean days on the list of those who came in the window and were not turned away."""
    c = m.came(m.children(r, type_id), t0, t1)
    c = c.only(~c.turned_away)
    if profile is not None:
        c = c.only(c.profile == r.profiles.index(profile))
    return float(m.waits(c).mean())


def longer(r: Record, t0: float, t1: float, than: float) -> float:
    """Share of those who came in the window whose wait was longer than so many days."""
    c = m.came(m.children(r), t0, t1)
    return float((m.waits(c.only(~c.turned_away)) > than).mean())


def turned_away(r: Record, t0: float, t1: float) -> float:
    """Share of those who came in the window that found the list full."""
    return float(m.came(m.children(r), t0, t1).turned_away.mean())


def gave_up(r: Record, t0: float, t1: float) -> float:
    """Share of those who came in the window that left the list without a seat."""
    return float(m.came(m.children(r), t0, t1).gave_up.mean())


def through(r: Record, t0: float, t1: float) -> float:
    """Mean days from the first list to the last seat left, over all types, of those who came in the window."""
    c = m.children(r)
    first = np.full(int(c.pupil.max()) + 1, np.inf)
    last = np.zeros(len(first))
    np.minimum.at(first, c.pupil, c.listed)
    np.maximum.at(last, c.pupil, c.left)
    rows = (first >= t0) & (first < t1)
    return float((last - first)[rows].mean())


def present_at(r: Record, t: float, type_id: str | None = None) -> float:
    """Seats in use at a moment."""
    return float(m.busy_at(m.children(r, type_id), t))


def dispersion(r: Record, t0: float, t1: float, step: float) -> float:
    """Variance over mean of the stock, seen every `step` days (mean stays apart): 1 when it is Poisson."""
    c = m.children(r)
    times = np.arange(t0, t1, step)
    came = np.searchsorted(np.sort(c.placed), times, side="right")
    gone = np.searchsorted(np.sort(c.left), times, side="right")
    present = came - gone
    return float(present.var(ddof=1) / present.mean())


def after_first_august(r: Record, first: int, last: int, type_id: str) -> float:
    """Mean stock just after the phases of these first days of August."""
    c = m.children(r, type_id)
    return float(np.mean([m.busy_at(c, float(day)) for day in r.year_starts[first:last]]))
