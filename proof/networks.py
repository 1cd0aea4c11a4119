"""Cases with unlimited seats, seasons, schools after each other, and yearly cohorts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from proof import formulas as f
from proof.case import (
    START,
    YEAR,
    Case,
    Size,
    Target,
    after_first_august,
    busy,
    days,
    dispersion,
    mean_wait,
    present_at,
    queue_edits,
    stay_law,
    stock,
    through,
    wait,
    window,
    year_lengths,
)

UNLIMITED = {"place_types.school.seats": "unlimited"}


def unlimited(law: str, shape: float | None, unit: float, present: float, size: Size) -> Case:
    """M/G/infinity in the long run: the stock is Poisson, whatever the law."""
    edits = (
        queue_edits(present, 1, unit) | {"place_types.school.stay": stay_law(law, unit, shape)} | UNLIMITED
    )

    def targets(years: int) -> tuple[Target, ...]:
        t0, t1 = 40 * unit, days(years)
        return (
            stock("mean stock", present, busy, t0=t0, t1=t1),
            wait("variance / mean of the stock", 1.0, dispersion, t0=t0, t1=t1, step=5 * unit),
        )

    name = f"M/G/inf {law}{f' {shape:g}' if shape else ''}"
    return Case(name, "Poisson stock (Takács)", "queue", edits, targets, size)


def filling(law: str, shape: float | None, unit: float, present: float, size: Size) -> Case:
    """M/G/infinity from an empty start: how the stock fills in the first year does depend on the law."""
    edits = (
        queue_edits(present, 1, unit) | {"place_types.school.stay": stay_law(law, unit, shape)} | UNLIMITED
    )
    if law == "exponential":
        survival = f.exponential_survival(unit)
    else:
        survival = f.lognormal_survival(*f.lognormal_parameters(unit, shape or 1.0))

    def targets(_: int) -> tuple[Target, ...]:
        return tuple(
            stock(f"stock on day {t}", f.stock_from_empty(present / unit, survival, t), present_at, t=t)
            for t in (unit / 2, unit)
        )

    name = f"M/G/inf {law}{f' {shape:g}' if shape else ''} from empty"
    return Case(name, "rate x integral of survival", "queue", edits, targets, size)


def tandem(unit: float, size: Size) -> Case:
    """Two schools after each other: 0.6 arrivals per unit of time, ends of stay at rates 1 and 0.8."""
    first, second = f.mmc(0.6, 1.0, 1), f.mmc(0.6, 0.8, 1)
    edits = {
        "sources.signals.flow": 0.6 / unit * YEAR,
        "place_types.one.stay": {"law": "exponential", "mean": unit, "next": {"two": 1}},
        "place_types.two.stay": {"law": "exponential", "mean": unit / 0.8},
        "place_types.three": None,
        "places.third": None,
    }
    both = (first.wq + second.wq + 1.0 + 1.0 / 0.8) * unit

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 1000, 1000)
        return (
            wait("mean wait, first school", first.wq * unit, mean_wait, type_id="one", **w),
            wait("mean wait, second school", second.wq * unit, mean_wait, type_id="two", **w),
            stock("seats in use, second school", second.busy, busy, type_id="two", **w),
            wait("mean time in both", both, through, **w),
        )

    return Case("tandem", "Jackson", "network", edits, targets, size)


def network(unit: float, size: Size) -> Case:
    """Three schools with a way back."""
    names, mu = ("one", "two", "three"), (2.0, 1.0, 0.8)
    _, queues = f.jackson([1, 0, 0], [[0, 0.6, 0.3], [0, 0, 0.5], [0.1, 0, 0]], mu, [1, 1, 2])
    edits: dict[str, Any] = {
        f"place_types.{k}.stay.mean": unit / rate for k, rate in zip(names, mu, strict=True)
    }
    edits["sources.signals.flow"] = YEAR / unit
    total = sum(q.lq + q.busy for q in queues)

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 1000, 1000)
        return (
            *(
                stock(f"seats in use, school {k}", q.busy, busy, type_id=k, **w)
                for k, q in zip(names, queues, strict=True)
            ),
            wait("mean time in the network", total * unit, through, **w),
        )

    return Case("network of three", "Jackson", "network", edits, targets, size)


SEASON = (14.0, 12.0, 9.0, 6.0, 4.0, 2.0, 3.0, 6.0, 9.0, 12.0, 8.0, 5.0)


def seasonal(unit: float, present: float, size: Size) -> Case:
    """Arrivals by month, unlimited seats, exponential stay; starts empty, so the path itself is compared."""
    flow = present / unit * YEAR
    edits = queue_edits(present, 1, unit) | UNLIMITED | {"sources.signals.months": list(SEASON)}

    def targets(years: int) -> tuple[Target, ...]:
        firsts = [date(START + (7 + i) // 12, (7 + i) % 12 + 1, 1) for i in range(12 * years + 1)]
        lengths = [(b - a).days for a, b in pairwise(firsts)]
        of_year = year_lengths(years)
        blocks = [
            (float(n), flow / YEAR * of_year[i // 12] * SEASON[i % 12] / sum(SEASON))
            for i, n in enumerate(lengths)
        ]
        path, day = f.seasonal_stock(blocks, unit), np.cumsum(lengths)
        return tuple(
            stock(
                f"stock on {firsts[i + 1]:%d-%m-%Y}", float(path[i]), present_at, t=float(day[i]) - 1 / 1024
            )
            for i in (12 * years - 10, 12 * years - 7, 12 * years - 4, 12 * years - 2)
        )

    return Case("seasonal arrivals", "m' = rate(t) - m / mean stay", "queue", edits, targets, size)


# Yearly chances of the toy `cohort`: first who leaves, then, of those who stay, who moves to the other type.
LEAVE, UP, DOWN = (0.2, 0.15), 0.08, 0.05
MOVES = [
    [(1 - LEAVE[0]) * (1 - UP), (1 - LEAVE[0]) * UP],
    [(1 - LEAVE[1]) * DOWN, (1 - LEAVE[1]) * (1 - DOWN)],
]


def cohort(size: Size) -> Case:
    """Two types, unlimited seats, everything decided on 1 August; so many entries a year."""
    entries, names = (400.0, 240.0), ("lighter", "heavier")
    edits = {f"sources.to-{k}.flow": e for k, e in zip(names, entries, strict=True)}

    def targets(years: int) -> tuple[Target, ...]:
        path = f.cohort_path([[e * n / YEAR for e in entries] for n in year_lengths(years)], MOVES)
        # Eight years have two leap years, so the mean entry is that of the file. After fifty years nothing of
        # the start is left; a shorter run is compared with the path itself.
        late = f.cohort(entries, MOVES) if years >= 50 else path[-9:-1].mean(axis=0)
        what = "stock in the long run" if years >= 50 else "mean stock of the last eight years"
        rows = (("stock after two years", path[1], 2, 3), (what, late, years - 8, years))
        return tuple(
            stock(f"{text}, {k}", float(value), after_first_august, first=a, last=b, type_id=k)
            for text, values, a, b in rows
            for k, value in zip(names, values, strict=True)
        )

    return Case("cohort", "n = a (I - P)^-1", "cohort", edits, targets, size)
