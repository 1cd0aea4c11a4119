"""Toy regions against closed forms: queues, impatience, priority, networks, unlimited seats, cohorts.

Every case starts empty and leaves out the first part of the run. How much: at least seven relaxation times of
the slowest queue, `1 / (c mu (1 - sqrt(rho))^2)`; what is left of the empty start then is under 0.1 % of the
mean. (Cases "from empty", "seasonal" and "cohort" compare the path from the empty start itself.) The mean
stay is a quarter of a day to some days, so that a school year holds many children; "waits long" is longer
than the mean wait of those who wait. A case holds when the formula lies within 3.3 standard errors of the
mean over runs and that standard error is small enough: 0.7 % for occupancy, utilisation, abandonment and
stocks, 2 % for waits. Seeds are fixed: the same table every day.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from proof import measure as m
from proof.case import Case, Size
from proof.networks import cohort, filling, network, seasonal, tandem, unlimited
from proof.pool import Map, here
from proof.queues import erlang_a, mg1, mmc, mmck, priority
from proof.table import Check
from sim import simulate

SEED = 20_260_801
Z = 3.3
THIN = 6.0  # the thin version may be this much less sharp


@cache
def cases() -> dict[str, Case]:
    """All cases by id."""
    rows = [
        mmc(1, 0.5, 0.5, Size(10, 30, 3, 10)),
        mmc(1, 0.8, 0.25, Size(14, 30, 3, 12)),
        mmc(1, 0.9, 0.25, Size(35, 40, 8, 12)),
        mmc(3, 0.5, 0.5, Size(10, 30, 2, 10)),
        mmc(3, 0.8, 0.5, Size(14, 30, 4, 10)),
        mmc(3, 0.9, 0.25, Size(15, 40, 4, 10)),
        mmc(10, 0.5, 0.5, Size(20, 30, 3, 10)),
        mmc(10, 0.8, 0.5, Size(6, 30, 1, 10)),
        mmc(10, 0.9, 0.5, Size(10, 40, 3, 10)),
        mmck(2, 2, 4, 0.5, Size(10, 30, 2, 10)),
        mmck(4, 3, 6, 0.5, Size(6, 30, 2, 10)),
        mg1("erlang", 2, 0.8, 0.25, Size(12, 40, 4, 10)),
        mg1("lognormal", 1.5, 0.5, 0.25, Size(12, 30, 3, 10)),
        mg1("fixed", None, 0.8, 0.25, Size(10, 30, 3, 10)),
        erlang_a(1, 1, 0.5, 4.0, Size(60, 40, 16, 10)),
        erlang_a(4, 3, 0.5, 4.0, Size(50, 30, 8, 10)),
        erlang_a(5, 4, 1.0, 8.0, Size(60, 30, 12, 10)),
        priority(0.2, 0.6, 1, 0.25, Size(20, 40, 6, 10)),
        priority(1, 3, 5, 0.25, Size(12, 30, 3, 10)),
        unlimited("exponential", None, 4.0, 20.0, Size(12, 40, 4, 10)),
        unlimited("lognormal", 1.0, 4.0, 20.0, Size(12, 40, 4, 10)),
        filling("exponential", None, 240.0, 1500.0, Size(1, 60, 1, 12)),
        filling("lognormal", 1.0, 240.0, 1500.0, Size(1, 60, 1, 12)),
        tandem(0.25, Size(16, 40, 4, 10)),
        network(0.25, Size(10, 30, 3, 10)),
        seasonal(90.0, 1000.0, Size(3, 40, 2, 12)),
        cohort(Size(58, 40, 14, 10)),
    ]
    return {case.id: case for case in rows}


def replicate(case_id: str, years: int, replication: int) -> list[float]:
    """All targets of a case in one replication."""
    case = cases()[case_id]
    record = simulate(case.scenario(years), SEED, replication)
    return [t.estimate(record) for t in case.targets(years)]


def check(case: Case, full: bool, spread: Map[list[float]] = here) -> list[Check]:
    """Hold a case against its formula.

    Args:
        case: The case.
        full: Full size; else the thin version, with standard errors of up to six times the limits.
        spread: Where the replications run.
    """
    size = case.size
    years, n = (size.years, size.runs) if full else (size.thin_years, size.thin_runs)
    values = np.array(spread(replicate, [(case.id, years, r) for r in range(n)]))
    rows = []
    for target, found in zip(case.targets(years), values.T, strict=True):
        i = m.interval(found)
        most = target.limit if full else THIN * target.limit
        rule = f"{case.theory}; within {Z:g} se, se <= {100 * most:.2g} %"
        holds = abs(i.mean - target.formula) <= Z * i.se and i.se <= most * target.formula
        rows.append(Check(case.id, target.name, target.formula, i.mean, i.se, n, rule, holds))
    return rows


def checks(full: bool, spread: Map[list[float]] = here) -> Iterator[Check]:
    """All cases."""
    for case in cases().values():
        yield from check(case, full, spread)
