"""Toy regions against closed forms: queues, impatience, priority, networks, unlimited places, seasons, cohorts.

Every case starts empty and leaves out the first part of the run. How much: at least seven relaxation times of the slowest
queue, `1 / (c mu (1 - sqrt(rho))^2)`; what is left of the empty start then is under 0.1 % of the mean. Times are written
in units of one mean stay; `UNIT` says how many days that is, so that one school year holds many children.
Seeds are fixed: a case gives the same table today and tomorrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np

from proof import formulas as f
from proof import measure as m
from proof.pool import Map, here
from proof.table import Check
from proof.toys import toy
from sim import simulate
from sim.record import Record
from sim.scenario.scenario import Scenario

SEED = 20_260_801
YEAR = 365.25
STOCK, WAIT = 0.007, 0.02  # largest standard error, as a share of the formula, in the full version
THIN = 6.0  # the thin version may be this much less sharp
Estimate = Callable[[Record], float]


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
    estimate: Estimate
    limit: float


@dataclass(frozen=True)
class Case:
    """One toy region with its targets.

    Attributes:
        id: Name of the row.
        theory: Formula that is used.
        scenario: Makes the scenario for a number of school years.
        targets: Makes the targets for a number of school years.
        years: School years of one replication in the full version.
        replications: Replications in the full version.
        thin_years, thin_replications: The same in the thin version.
    """

    id: str
    theory: str
    scenario: Callable[[int], Scenario]
    targets: Callable[[int], tuple[Target, ...]]
    years: int
    replications: int
    thin_years: int
    thin_replications: int


def _days(years: int) -> float:
    return float((date(2026 + years, 8, 1) - date(2026, 8, 1)).days)


def _year_lengths(years: int) -> list[int]:
    starts = [date(2026 + y, 8, 1) for y in range(years + 1)]
    return [(b - a).days for a, b in pairwise(starts)]


# Estimators (plain functions of the record; `partial` binds the window, so that worker processes can be sent an id only).


def _busy(r: Record, t0: float, t1: float, type_id: str | None = None) -> float:
    return m.mean_busy(m.children(r, type_id), t0, t1)


def _list(r: Record, t0: float, t1: float, type_id: str | None = None) -> float:
    return m.mean_waiting(m.children(r, type_id), t0, t1)


def _wait(r: Record, t0: float, t1: float, type_id: str | None = None, profile: str | None = None) -> float:
    """Mean days on the list of those who came in the window and were not turned away."""
    c = m.came(m.children(r, type_id), t0, t1)
    c = c.only(~c.turned_away)
    if profile is not None:
        c = c.only(c.profile == r.profiles.index(profile))
    return float(m.waits(c).mean())


def _longer(r: Record, t0: float, t1: float, days: float) -> float:
    """Share of those who came in the window whose wait was longer than `days`."""
    c = m.came(m.children(r), t0, t1)
    return float((m.waits(c.only(~c.turned_away)) > days).mean())


def _turned_away(r: Record, t0: float, t1: float) -> float:
    return float(m.came(m.children(r), t0, t1).turned_away.mean())


def _gave_up(r: Record, t0: float, t1: float) -> float:
    return float(m.came(m.children(r), t0, t1).gave_up.mean())


def _through(r: Record, t0: float, t1: float) -> float:
    """Mean days from the first list to the last seat left, over all types, of children who came in the window."""
    c = m.children(r)
    first = np.full(int(c.pupil.max()) + 1, np.inf)
    last = np.zeros(len(first))
    np.minimum.at(first, c.pupil, c.listed)
    np.maximum.at(last, c.pupil, c.left)
    rows = (first >= t0) & (first < t1)
    return float((last - first)[rows].mean())


def _stock(r: Record, t: float, type_id: str | None = None) -> float:
    return float(m.busy_at(m.children(r, type_id), t))


def _dispersion(r: Record, t0: float, t1: float, step: float) -> float:
    """Variance over mean of the stock, seen every `step` days (many mean stays apart): 1 for a Poisson stock."""
    c = m.children(r)
    times = np.arange(t0, t1, step)
    present = np.searchsorted(np.sort(c.placed), times, side="right") - np.searchsorted(np.sort(c.left), times, "right")
    return float(present.var(ddof=1) / present.mean())


# Cases.


def queue_edits(rate: float, servers: int, unit: float, **more: Any) -> dict[str, Any]:
    """Numbers of the toy `queue` for `rate` arrivals per mean stay of `unit` days."""
    return {
        "place_types.school.stay.mean": unit,
        "places.only.groups": {"any": servers},
        "sources.signals.flow": rate / unit * YEAR,
        **{key.replace("__", "."): value for key, value in more.items()},
    }


def _window(years: int, unit: float, warm: float, tail: float) -> tuple[float, float]:
    """Window in days: after `warm` mean stays, and `tail` mean stays before the end (so that every wait is complete)."""
    return warm * unit, _days(years) - tail * unit


def mmc(servers: int, rho: float, unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """M/M/c."""
    rate = rho * servers
    theory = f.mmc(rate, 1.0, servers)
    relax = 1.0 / (servers * (1.0 - math.sqrt(rho)) ** 2)
    late = unit / (servers - rate)  # mean wait of those who wait
    tail = f.mmc_tail(rate, 1.0, servers, late / unit)

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 7 * relax + 20, 30 / (servers - rate) + 20)
        return (
            Target("seats in use", theory.busy, partial(_busy, t0=t0, t1=t1), STOCK),
            Target("share that waits", theory.p_wait, partial(_longer, t0=t0, t1=t1, days=0.0), WAIT),
            Target("mean wait", theory.wq * unit, partial(_wait, t0=t0, t1=t1), WAIT),
            Target("share that waits long", tail, partial(_longer, t0=t0, t1=t1, days=late), WAIT),
        )

    return Case(
        f"M/M/{servers} at {rho:g}", "Erlang C", partial(toy, "queue", queue_edits(rate, servers, unit), None),
        targets, years, replications, *thin,
    )  # fmt: skip


def mmck(rate: float, servers: int, most: int, unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """M/M/c/K."""
    theory = f.mmck(rate, 1.0, servers, most)
    edits = queue_edits(rate, servers, unit, place_types__school__list__limit=most - servers)

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 100, 50)
        return (
            Target("share turned away", theory.lost, partial(_turned_away, t0=t0, t1=t1), STOCK),
            Target("seats in use", theory.busy, partial(_busy, t0=t0, t1=t1), STOCK),
            Target("mean wait of those let in", theory.wq * unit, partial(_wait, t0=t0, t1=t1), WAIT),
        )

    name = f"M/M/{servers}/{most} at {rate / servers:.3g}"
    return Case(name, "birth and death", partial(toy, "queue", edits, None), targets, years, replications, *thin)


def mg1(law: str, shape: float | None, rho: float, unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """M/G/1."""
    cv2 = {"fixed": 0.0, "erlang": 1.0 / (shape or 1.0), "lognormal": (shape or 0.0) ** 2, "exponential": 1.0}[law]
    theory = f.mg1(rho, 1.0, cv2)
    stay = {"law": law, "mean": unit} | ({"shape": shape} if shape else {})
    edits = queue_edits(rho, 1, unit) | {"place_types.school.stay": stay}
    relax = (1.0 + cv2) / (1.0 - math.sqrt(rho)) ** 2

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 7 * relax, 15 * relax)
        return (
            Target("seats in use", theory.busy, partial(_busy, t0=t0, t1=t1), STOCK),
            Target("mean wait", theory.wq * unit, partial(_wait, t0=t0, t1=t1), WAIT),
        )

    name = f"M/G/1 {law}{f' {shape:g}' if shape else ''} at {rho:g}"
    return Case(name, "Pollaczek-Khinchine", partial(toy, "queue", edits, None), targets, years, replications, *thin)


def erlang_a(rate: float, servers: int, theta: float, unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """M/M/c+M; `theta` per mean stay, written in the file per year."""
    theory = f.erlang_a(rate, 1.0, servers, theta)
    edits = queue_edits(rate, servers, unit, place_types__school__list__patience=theta / unit * YEAR)

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 100, 60 / theta)
        return (
            Target("share that gives up", theory.lost, partial(_gave_up, t0=t0, t1=t1), STOCK),
            Target("seats in use", theory.busy, partial(_busy, t0=t0, t1=t1), STOCK),
            Target("mean time on the list", theory.wq * unit, partial(_wait, t0=t0, t1=t1), WAIT),
        )

    name = f"M/M/{servers}+M rate {rate:g} patience {theta:g}"
    return Case(name, "Erlang A (Palm)", partial(toy, "queue", edits, None), targets, years, replications, *thin)


def priority(first: float, other: float, servers: int, unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """Two classes, nobody is sent away from a seat."""
    waits = f.priority_waits([first, other], 1.0, servers)
    edits = {
        "place_types.school.stay.mean": unit,
        "places.only.groups": {"any": servers},
        "sources.first.flow": first / unit * YEAR,
        "sources.other.flow": other / unit * YEAR,
    }
    rho = (first + other) / servers
    relax = 1.0 / (servers * (1.0 - math.sqrt(rho)) ** 2 * (1.0 - first / servers))

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 7 * relax + 20, 20 * relax + 10)
        return tuple(
            Target(f"mean wait, class {name}", w * unit, partial(_wait, t0=t0, t1=t1, profile=name), WAIT)
            for name, w in zip(("first", "other"), waits, strict=True)
        ) + (Target("seats in use", first + other, partial(_busy, t0=t0, t1=t1), STOCK),)

    name = f"M/M/{servers} two classes {first:g} and {other:g}"
    return Case(name, "Cobham", partial(toy, "priority", edits, None), targets, years, replications, *thin)


def unlimited(law: str, shape: float | None, unit: float, stock: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """M/G/infinity in the long run: the stock is Poisson, whatever the law."""
    stay = {"law": law, "mean": unit} | ({"shape": shape} if shape else {})
    edits = queue_edits(stock, 1, unit) | {"place_types.school.stay": stay, "place_types.school.seats": "unlimited"}

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = 40 * unit, _days(y)
        return (
            Target("mean stock", stock, partial(_busy, t0=t0, t1=t1), STOCK),
            Target("variance / mean of the stock", 1.0, partial(_dispersion, t0=t0, t1=t1, step=5 * unit), WAIT),
        )

    name = f"M/G/inf {law}{f' {shape:g}' if shape else ''}"
    return Case(name, "Poisson stock (Takács)", partial(toy, "queue", edits, None), targets, years, replications, *thin)


def filling(law: str, shape: float | None, unit: float, stock: float, replications: int, thin: int) -> Case:
    """M/G/infinity from an empty start: how the stock fills in the first year does depend on the law."""
    stay = {"law": law, "mean": unit} | ({"shape": shape} if shape else {})
    edits = queue_edits(stock, 1, unit) | {"place_types.school.stay": stay, "place_types.school.seats": "unlimited"}
    survival = (
        f.exponential_survival(unit)
        if law == "exponential"
        else f.lognormal_survival(*f.lognormal_parameters(unit, shape or 1.0))
    )

    def targets(_: int) -> tuple[Target, ...]:
        days = [round(unit * share) for share in (0.5, 1.0)]
        return tuple(
            Target(f"stock on day {t}", f.stock_from_empty(stock / unit, survival, float(t)), partial(_stock, t=float(t)), STOCK)
            for t in days
        )

    name = f"M/G/inf {law}{f' {shape:g}' if shape else ''} from empty"
    return Case(name, "rate x integral of survival", partial(toy, "queue", edits, None), targets, 1, replications, 1, thin)


def tandem(unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """Two schools after each other: 0.6 arrivals per unit of time, ends of stay at rates 1 and 0.8."""
    first, second = f.mmc(0.6, 1.0, 1), f.mmc(0.6, 0.8, 1)
    edits = {
        "sources.signals.flow": 0.6 / unit * YEAR,
        "place_types.one.stay": {"law": "exponential", "mean": unit, "next": {"two": 1}},
        "place_types.two.stay": {"law": "exponential", "mean": unit / 0.8},
        "place_types.three": None,
        "places.third": None,
    }

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 1000, 1000)
        return (
            Target("mean wait, first school", first.wq * unit, partial(_wait, t0=t0, t1=t1, type_id="one"), WAIT),
            Target("mean wait, second school", second.wq * unit, partial(_wait, t0=t0, t1=t1, type_id="two"), WAIT),
            Target("seats in use, second school", second.busy, partial(_busy, t0=t0, t1=t1, type_id="two"), STOCK),
            Target("mean time in both", (first.wq + second.wq + 2.25) * unit, partial(_through, t0=t0, t1=t1), WAIT),
        )

    return Case("tandem", "Jackson", partial(toy, "network", edits, None), targets, years, replications, *thin)


def network(unit: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """Three schools with a way back."""
    routes = [[0, 0.6, 0.3], [0, 0, 0.5], [0.1, 0, 0]]
    through, queues = f.jackson([1, 0, 0], routes, [2, 1, 0.8], [1, 1, 2])
    edits = {"sources.signals.flow": YEAR / unit}
    for name, mu in (("one", 2), ("two", 1), ("three", 0.8)):
        edits[f"place_types.{name}.stay.mean"] = unit / mu
    total = sum(q.lq + q.busy for q in queues)

    def targets(y: int) -> tuple[Target, ...]:
        t0, t1 = _window(y, unit, 1000, 1000)
        return tuple(
            Target(f"seats in use, school {name}", q.busy, partial(_busy, t0=t0, t1=t1, type_id=name), STOCK)
            for name, q in zip(("one", "two", "three"), queues, strict=True)
        ) + (Target("mean time in the network", total * unit, partial(_through, t0=t0, t1=t1), WAIT),)

    return Case("network of three", "Jackson", partial(toy, "network", edits, None), targets, years, replications, *thin)


SEASON = (14.0, 12.0, 9.0, 6.0, 4.0, 2.0, 3.0, 6.0, 9.0, 12.0, 8.0, 5.0)


def seasonal(unit: float, stock: float, years: int, replications: int, thin: tuple[int, int]) -> Case:
    """Arrivals by month, unlimited seats, exponential stay; starts empty, so the path itself is compared."""
    flow = stock / unit * YEAR
    edits = queue_edits(stock, 1, unit) | {"place_types.school.seats": "unlimited", "sources.signals.months": list(SEASON)}

    def targets(y: int) -> tuple[Target, ...]:
        firsts = [date(2026 + (7 + i) // 12, (7 + i) % 12 + 1, 1) for i in range(12 * y + 1)]
        lengths = [(b - a).days for a, b in pairwise(firsts)]
        per_year = _year_lengths(y)
        blocks = [
            (float(days), flow / YEAR * per_year[i // 12] * SEASON[i % 12] / sum(SEASON)) for i, days in enumerate(lengths)
        ]
        path = f.seasonal_stock(blocks, unit)
        day = np.cumsum(lengths)
        return tuple(
            Target(f"stock on {firsts[i + 1]:%d-%m-%Y}", float(path[i]), partial(_stock, t=float(day[i]) - 1 / 1024), STOCK)
            for i in (12 * y - 10, 12 * y - 7, 12 * y - 4, 12 * y - 2)
        )

    return Case(
        "seasonal arrivals", "m' = rate(t) - m / mean stay", partial(toy, "queue", edits, None), targets, years, replications, *thin
    )


# Yearly chances of the toy `cohort`: first who leaves, then, of those who stay, who moves to the other type.
LEAVE, UP, DOWN = (0.2, 0.15), 0.08, 0.05
MOVES = [
    [(1 - LEAVE[0]) * (1 - UP), (1 - LEAVE[0]) * UP],
    [(1 - LEAVE[1]) * DOWN, (1 - LEAVE[1]) * (1 - DOWN)],
]


def _mean_after_first_august(r: Record, first: int, last: int, type_id: str) -> float:
    c = m.children(r, type_id)
    return float(np.mean([m.busy_at(c, float(day)) for day in r.year_starts[first:last]]))


def cohort(years: int, replications: int, thin: tuple[int, int]) -> Case:
    """Two types, unlimited seats, everything decided on 1 August; entries as so many a year."""
    entries = (400.0, 240.0)
    edits = {"sources.to-lighter.flow": entries[0], "sources.to-heavier.flow": entries[1]}

    def targets(y: int) -> tuple[Target, ...]:
        path = f.cohort_path([[e * days / YEAR for e in entries] for days in _year_lengths(y)], MOVES)
        early = path[1], "stock after two years", 2, 3
        late = f.cohort(entries, MOVES), "stock in the long run", y - 8, y  # eight years: two leap years
        if y < 50:
            late = path[-9:-1].mean(axis=0), "mean stock of eight years", y - 8, y
        return tuple(
            Target(f"{what}, {name}", float(value), partial(_mean_after_first_august, first=a, last=b, type_id=name), STOCK)
            for values, what, a, b in (early, late)
            for name, value in zip(("lighter", "heavier"), values, strict=True)
        )

    return Case("cohort", "n = a (I - P)^-1", partial(toy, "cohort", edits, None), targets, years, replications, *thin)


@cache
def cases() -> dict[str, Case]:
    """All cases by id."""
    rows = [
        mmc(1, 0.5, 0.5, 10, 30, (3, 10)),
        mmc(1, 0.8, 0.25, 14, 30, (3, 12)),
        mmc(1, 0.9, 0.25, 35, 40, (8, 12)),
        mmc(3, 0.5, 0.5, 10, 30, (2, 10)),
        mmc(3, 0.8, 0.5, 12, 30, (4, 10)),
        mmc(3, 0.9, 0.25, 15, 40, (4, 10)),
        mmc(10, 0.5, 0.5, 20, 30, (3, 10)),
        mmc(10, 0.8, 0.5, 6, 30, (1, 10)),
        mmc(10, 0.9, 0.5, 10, 40, (3, 10)),
        mmck(2, 2, 4, 0.5, 10, 30, (2, 10)),
        mmck(4, 3, 6, 0.5, 6, 30, (2, 10)),
        mg1("erlang", 2, 0.8, 0.25, 12, 30, (4, 10)),
        mg1("lognormal", 1.5, 0.5, 0.25, 12, 30, (3, 10)),
        mg1("fixed", None, 0.8, 0.25, 10, 30, (3, 10)),
        erlang_a(1, 1, 0.5, 4.0, 60, 40, (16, 10)),
        erlang_a(4, 3, 0.5, 4.0, 50, 30, (8, 10)),
        erlang_a(5, 4, 1.0, 8.0, 60, 30, (12, 10)),
        priority(0.2, 0.6, 1, 0.25, 14, 40, (6, 10)),
        priority(1, 3, 5, 0.25, 6, 30, (2, 10)),
        unlimited("exponential", None, 4.0, 20.0, 12, 40, (4, 10)),
        unlimited("lognormal", 1.0, 4.0, 20.0, 12, 40, (4, 10)),
        filling("exponential", None, 240.0, 1500.0, 60, 12),
        filling("lognormal", 1.0, 240.0, 1500.0, 60, 12),
        tandem(0.25, 15, 40, (4, 10)),
        network(0.25, 10, 30, (3, 10)),
        seasonal(90.0, 1000.0, 3, 40, (2, 12)),
        cohort(58, 40, (14, 10)),
    ]
    return {case.id: case for case in rows}


# Running.

Z = 3.3


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
    years, n = (case.years, case.replications) if full else (case.thin_years, case.thin_replications)
    values = np.array(spread(replicate, [(case.id, years, r) for r in range(n)]))
    rows = []
    for target, found in zip(case.targets(years), values.T, strict=True):
        i = m.interval(found)
        most = target.limit if full else THIN * target.limit
        rows.append(
            Check(
                case=case.id, what=target.name, expected=target.formula, found=i.mean, se=i.se, replications=n,
                rule=f"within {Z:g} se, se <= {100 * most:.2g} %",
                holds=abs(i.mean - target.formula) <= Z * i.se and i.se <= most * target.formula,
            )
        )  # fmt: skip
    return rows


def checks(full: bool, spread: Map[list[float]] = here) -> Iterator[Check]:
    """All cases."""
    for case in cases().values():
        yield from check(case, full, spread)
