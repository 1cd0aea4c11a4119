"""The method's own trial runs (A1, A3, A4, A5), repeated with this engine on the toy `appendix`.

Set-up, chosen once. 300 seats in 25 groups of 12; stays Erlang with 4 phases (the Gamma(4) of the trial) and
a mean of 5 years; Poisson arrivals; one list, first come first served, seats given at once (A4: at moments
only). "Full" starts with 300 children whose remaining stays are length-biased, "empty" with none. Nobody is
on the list at the start. A1: list at the end of year k. A4: load 0.90, full start, completed waits of those
listed in years 3 to 10 of 14. A5: one group size of 13 from day 0; "stay" is 13/12 times as long for new
children only; "inflow" is 13/12 times as much. A3: load 1.10, full start; see `waits_of_year_ten`. The
printed results of the trial have one decimal, so half a unit of that decimal is allowed besides chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np

from proof import measure as m
from proof.closed_forms import MOMENTS
from proof.pool import Map, here
from proof.table import Check
from proof.theory import SEED
from proof.toys import toy
from sim import simulate
from sim.scenario.scenario import Scenario

SEATS, MEAN = 300, 5.0
YEAR = 365.25
MONTH = YEAR / 12
SIGMAS = 4.0 * math.sqrt(2.0)  # two runs differ by the root of two standard errors; four of those
YEARS_SEEN = (1, 3, 5, 8, 10, 15, 20, 30)
A1 = {
    (1.00, "empty"): (0, 0, 0, 1.1, 4.3, 10.4, 13.2, 29.8),
    (1.00, "full"): (3.3, 6.6, 8.9, 9.8, 12.1, 16.8, 18.0, 34.2),
    (1.05, "empty"): (0, 0, 0, 5.5, 13.8, 29.0, 42.5, 83.4),
    (1.05, "full"): (4.9, 11.7, 18.0, 25.8, 33.4, 47.6, 59.4, 101.6),
}
A4 = {1: 6.3, 2: 3.1, 4: 1.5, 12: 0.5}
A5 = {"as is": 27.6, "13 in a group": 2.1, "13 and longer stay": 16.4, "13 and more inflow": 23.9}


def trial(
    load: float,
    years: int,
    *,
    full: bool = True,
    size: float = 12,
    stay: float = 1.0,
    inflow: float = 1.0,
    **rules: object,
) -> Scenario:
    """The toy of the trial runs.

    Args:
        load: Inflow x mean stay / seats.
        years: School years.
        full: Start with all seats taken, or empty.
        size: Children per group from day 0; the first stock is 300 either way.
        stay: Factor on the stay of new children.
        inflow: Factor on the inflow.
        rules: Other rules of the list.
    """
    edits = {
        "sources.signals.flow": load * SEATS / MEAN * inflow,
        "places.all.roll": {"any": SEATS if full else 0},
        "place_types.school.stay": {
            "law": "erlang",
            "shape": 4,
            "mean": MEAN * YEAR * stay,
            "start_mean": MEAN * YEAR,
        },
        **{f"place_types.school.list.{k}": v for k, v in rules.items()},
    }
    levers = {"school.class_size": [{"set": size, "from": date(2026, 8, 1)}]} if size != 12 else None
    return toy("appendix", edits, levers, years=years)


def lists(load: float, start: str, years: int, replication: int) -> list[float]:
    """A1: children on the list after each of the years."""
    c = m.children(simulate(trial(load, years, full=start == "full"), SEED, replication))
    return [float(m.waiting_at(c, y * YEAR - 0.5)) for y in YEARS_SEEN if y <= years]


def wait_at_moments(per_year: int, replication: int) -> float:
    """A4: mean wait in months at load 0.90 with so many placement moments a year."""
    scenario = trial(0.9, 14, placement="moments", moments=MOMENTS[per_year])
    c = m.came(m.children(simulate(scenario, SEED, replication)), 2 * YEAR, 10 * YEAR)
    return float(m.waits(c).mean()) / MONTH


def list_after_ten_years(what: str, replication: int) -> float:
    """A5: list at year 10, load 1.03."""
    bigger = 13.0 / 12.0
    scenario = trial(
        1.03, 10, size=12 if what == "as is" else 13, stay=bigger if what == "13 and longer stay" else 1.0,
        inflow=bigger if what == "13 and more inflow" else 1.0,
    )  # fmt: skip
    return float(m.waiting_at(m.children(simulate(scenario, SEED, replication)), 10 * YEAR - 0.5))


def _median_after(durations: m.Vector, placed: m.Mask) -> float:
    """Kaplan-Meier median: censored waits count as long as they were seen."""
    order = np.lexsort((~placed, durations))
    at_risk = len(durations) - np.arange(len(durations))
    survival = np.cumprod(np.where(placed[order], 1.0 - 1.0 / at_risk, 1.0))
    below = np.flatnonzero(survival <= 0.5)
    return float(durations[order][below[0]]) if len(below) else math.inf


ESTIMATORS = (
    "elapsed time of those on the list",
    "wait of those placed in the year",
    "median of two years' cohort (Kaplan-Meier)",
    "true mean wait of the year's cohort",
)


def waits_of_year_ten(
    replication: int,
) -> tuple[list[float], list[float], list[float], list[bool], list[float]]:
    """A3: what four answers to "how long is the wait?" at the end of year 10 look at, in months, load 1.10.

    On the list at that moment: time behind them. Placed in year 10: their completed waits. Listed in years 9
    and 10: how long each had been seen by then, and whether it had been placed. Listed in year 10: the waits
    that came out in the end.
    """
    c = m.children(simulate(trial(1.10, 18), SEED, replication))
    now = 10 * YEAR
    waiting = c.only((c.listed <= now) & (np.minimum(c.placed, c.left) > now))
    placed = c.only((c.placed > now - YEAR) & (c.placed <= now))
    two_years = m.came(c, now - 2 * YEAR, now)
    return (
        list((now - waiting.listed) / MONTH),
        list((placed.placed - placed.listed) / MONTH),
        list((np.minimum(two_years.placed, now) - two_years.listed) / MONTH),
        list(two_years.placed <= now),
        list(m.waits(m.came(c, now - YEAR, now)) / MONTH),
    )


def estimators(n: int, spread: Map[object] = here) -> list[float]:
    """The four answers, over the children of `n` replications together."""
    columns = list(zip(*spread(waits_of_year_ten, [(r,) for r in range(n)]), strict=True))
    elapsed, placed, seen, was_placed, true = (
        np.concatenate([np.asarray(x) for x in column]) for column in columns
    )
    return [
        float(elapsed.mean()),
        float(placed.mean()),
        _median_after(seen, was_placed.astype(bool)),
        float(true.mean()),
    ]


def same(case: str, what: str, expected: float, values: list[float]) -> Check:
    """A line that holds when our mean and the trial's could be two runs of one model."""
    i = m.interval(values)
    return Check(
        case, what, expected, i.mean, i.se, i.n, "within 4 root 2 se, and rounding",
        abs(i.mean - expected) <= SIGMAS * i.se + 0.05,
    )  # fmt: skip


def checks(full: bool, spread: Map[object] = here) -> Iterator[Check]:
    """A1, A3, A4 and A5; 60 replications or more in the full version."""
    n = 60 if full else 20
    years = 30 if full else 10
    for (load, start), expected in A1.items():
        if not full and start == "empty":
            continue
        found = np.array(spread(lists, [(load, start, years, r) for r in range(n)]))
        for y, e, values in zip(YEARS_SEEN, expected, found.T, strict=False):
            yield same(f"A1 load {load:.2f}, {start} start", f"list after {y} years", e, values)
    for per_year, expected_wait in A4.items():
        values = spread(wait_at_moments, [(per_year, r) for r in range(n)])
        yield same(f"A4 load 0.90, {per_year} moments a year", "mean wait in months", expected_wait, values)
    for what, expected_list in A5.items():
        values = spread(list_after_ten_years, [(what, r) for r in range(3 * n)])
        yield same(f"A5 load 1.03, {what}", "list after 10 years", expected_list, values)
    pooled = 240 if full else 60
    means = estimators(pooled, spread)
    for k, (name, less, more) in enumerate(zip(ESTIMATORS[1:], means, means[1:], strict=False)):
        yield Check(
            "A3 load 1.10, year 10", f"{name}, months: above the {ESTIMATORS[k]}", float(less), float(more),
            0.0, pooled, "the second is larger", more > less,
        )  # fmt: skip
