"""Cases with one school and one list: M/M/c, M/M/c/K, M/G/1, Erlang A, two priority classes."""

from __future__ import annotations

import math

from proof import formulas as f
from proof.case import (
    YEAR,
    Case,
    Size,
    Target,
    busy,
    gave_up,
    longer,
    mean_wait,
    queue_edits,
    stay_law,
    stock,
    turned_away,
    wait,
    window,
)


def _relaxation(servers: int, rho: float) -> float:
    """Time in mean stays after which a queue has forgotten about 63 % of its start."""
    return 1.0 / (servers * (1.0 - math.sqrt(rho)) ** 2)


def mmc(servers: int, rho: float, unit: float, size: Size) -> Case:
    """M/M/c."""
    rate = rho * servers
    theory = f.mmc(rate, 1.0, servers)
    late = unit / (servers - rate)  # mean wait of those who wait
    tail = f.mmc_tail(rate, 1.0, servers, late / unit)

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 7 * _relaxation(servers, rho) + 20, 30 / (servers - rate) + 20)
        return (
            stock("seats in use", theory.busy, busy, **w),
            wait("share that waits", theory.p_wait, longer, than=0.0, **w),
            wait("mean wait", theory.wq * unit, mean_wait, **w),
            wait("share that waits long", tail, longer, than=late, **w),
        )

    return Case(
        f"M/M/{servers} at {rho:g}", "Erlang C", "queue", queue_edits(rate, servers, unit), targets, size
    )


def mmck(rate: float, servers: int, most: int, unit: float, size: Size) -> Case:
    """M/M/c/K."""
    theory = f.mmck(rate, 1.0, servers, most)
    edits = queue_edits(rate, servers, unit) | {"place_types.school.list.limit": most - servers}

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 100, 50)
        return (
            stock("share turned away", theory.lost, turned_away, **w),
            stock("seats in use", theory.busy, busy, **w),
            wait("mean wait of those let in", theory.wq * unit, mean_wait, **w),
        )

    name = f"M/M/{servers}/{most} at {rate / servers:.3g}"
    return Case(name, "birth and death", "queue", edits, targets, size)


def mg1(law: str, shape: float | None, rho: float, unit: float, size: Size) -> Case:
    """M/G/1."""
    cv2 = {"fixed": 0.0, "erlang": 1.0 / (shape or 1.0), "lognormal": (shape or 0.0) ** 2}[law]
    theory = f.mg1(rho, 1.0, cv2)
    edits = queue_edits(rho, 1, unit) | {"place_types.school.stay": stay_law(law, unit, shape)}
    relax = (1.0 + cv2) * _relaxation(1, rho)

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 7 * relax, 15 * relax)
        return (
            stock("seats in use", theory.busy, busy, **w),
            wait("mean wait", theory.wq * unit, mean_wait, **w),
        )

    name = f"M/G/1 {law}{f' {shape:g}' if shape else ''} at {rho:g}"
    return Case(name, "Pollaczek-Khinchine", "queue", edits, targets, size)


def erlang_a(rate: float, servers: int, theta: float, unit: float, size: Size) -> Case:
    """M/M/c+M; `theta` per mean stay, written in the file per year."""
    theory = f.erlang_a(rate, 1.0, servers, theta)
    edits = queue_edits(rate, servers, unit) | {"place_types.school.list.patience": theta / unit * YEAR}

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 100, 60 / theta)
        return (
            stock("share that gives up", theory.lost, gave_up, **w),
            stock("seats in use", theory.busy, busy, **w),
            wait("mean time on the list", theory.wq * unit, mean_wait, **w),
        )

    name = f"M/M/{servers}+M rate {rate:g} patience {theta:g}"
    return Case(name, "Erlang A (Palm)", "queue", edits, targets, size)


def priority(first: float, other: float, servers: int, unit: float, size: Size) -> Case:
    """Two classes, nobody is sent away from a seat."""
    waits = f.priority_waits([first, other], 1.0, servers)
    edits = {
        "place_types.school.stay.mean": unit,
        "places.only.groups": {"any": servers},
        "sources.first.flow": first / unit * YEAR,
        "sources.other.flow": other / unit * YEAR,
    }
    relax = _relaxation(servers, (first + other) / servers) / (1.0 - first / servers)

    def targets(years: int) -> tuple[Target, ...]:
        w = window(years, unit, 7 * relax + 20, 20 * relax + 10)
        return (
            wait("mean wait, class first", waits[0] * unit, mean_wait, profile="first", **w),
            wait("mean wait, class other", waits[1] * unit, mean_wait, profile="other", **w),
            stock("seats in use", first + other, busy, **w),
        )

    return Case(
        f"M/M/{servers} two classes {first:g} and {other:g}", "Cobham", "priority", edits, targets, size
    )
