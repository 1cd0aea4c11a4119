"""Where a paired difference is zero: a grid, bisection between changes of sign, an interval over the replications.

The difference is asked as better (below zero) or worse (above zero) than carrying on as today. It is a smooth function of the
effect up to the grain of single children, and every value is asked with the same children, so few points say much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from sim.study import statistics
from sim.study.results import Floats
from sim.study.statistics import TIE

Kind = Literal["value", "always", "never", "several", "nothing"]
Ask = Callable[[Sequence[float]], Floats]
"""Values -> paired differences, value x replication; below zero is better."""

GRID = 7
STEPS = 5
RESAMPLES = 1000
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class Point:
    """One value that was tried.

    Attributes:
        difference: Mean paired difference; below zero is better.
        half: Half its 95 % interval; NaN with one replication.
    """

    value: float
    difference: float
    half: float


@dataclass(frozen=True)
class Crossing:
    """A value at which the difference is zero.

    Attributes:
        better: Side on which the scenario does better.
        interval: 95 % interval over the replications; an end of the range where the resampled value lies beyond it.
    """

    value: float
    better: Literal["below", "above"]
    interval: tuple[float, float]


@dataclass(frozen=True)
class Answer:
    """At which value it breaks even.

    Attributes:
        kind: value = one crossing; several = not unique; always, never = on one side over the whole range; nothing = the
            difference does not depend on the value.
        crossings: In order of their values.
        points: All values that were tried, in order.
        even: Values at which there is no difference at all (of `always` and `never` only).
        sure: At all other values the difference is told apart from zero (of `always` and `never` only).
    """

    kind: Kind
    crossings: tuple[Crossing, ...]
    points: tuple[Point, ...]
    even: tuple[float, ...] = ()
    sure: bool = True


def break_even(ask: Ask, low: float, high: float, also: Sequence[float] = ()) -> Answer:
    """Find the values between `low` and `high` at which the mean paired difference is zero.

    Args:
        ask: Paired differences per value.
        low: Lowest value that is plausible.
        high: Highest value that is plausible.
        also: Values to try beside the grid (no effect, today's estimate).
    """
    grid = sorted({*np.linspace(low, high, GRID).tolist(), *also})
    tried = dict(zip(grid, ask(grid), strict=True))
    table = np.array([tried[v] for v in grid])
    if np.nanmax(np.abs(table - table[0])) <= TIE:
        return Answer("nothing", (), _points(tried))
    brackets = _brackets(tried)
    for _ in range(STEPS):
        middles = [(a + b) / 2 for a, b in brackets if a < b]
        if not middles:
            break
        tried |= zip(middles, ask(middles), strict=True)
        brackets = [_half(tried, a, b) for a, b in brackets]
    points = _points(tried)
    if not brackets:
        signs = {_sign(p.difference) for p in points} - {0}
        kind: Kind = "always" if signs == {-1} else "never"
        even = tuple(p.value for p in points if _sign(p.difference) == 0)
        sure = all(abs(p.difference) > p.half for p in points if p.value not in even)
        return Answer(kind, (), points, even, sure)
    crossings = tuple(_crossing(tried, a, b, single=len(brackets) == 1) for a, b in brackets)
    return Answer("value" if len(crossings) == 1 else "several", crossings, points)


def _points(tried: dict[float, Floats]) -> tuple[Point, ...]:
    values = sorted(tried)
    table = np.array([tried[v] for v in values]).T
    means, halves = statistics.mean(table), statistics.half_width(table)
    return tuple(Point(v, float(m), float(h)) for v, m, h in zip(values, means, halves, strict=True))


def _sign(x: float) -> int:
    return 0 if abs(x) <= TIE else 1 if x > 0 else -1


def _mean(tried: dict[float, Floats], value: float) -> float:
    return float(np.nanmean(tried[value]))


def _brackets(tried: dict[float, Floats]) -> list[tuple[float, float]]:
    """Pairs of neighbours with opposite signs; values that are exactly zero in between make one point of it."""
    signed = [(v, _sign(_mean(tried, v))) for v in sorted(tried)]
    zeros = [v for v, s in signed if s == 0]
    found = []
    for (a, x), (b, y) in pairwise([p for p in signed if p[1] != 0]):
        if x != y:
            between = [z for z in zeros if a < z < b]
            found.append((between[0], between[0]) if between else (a, b))
    return found


def _half(tried: dict[float, Floats], a: float, b: float) -> tuple[float, float]:
    if a == b:
        return a, b
    middle = (a + b) / 2
    sign = _sign(_mean(tried, middle))
    if sign == 0:
        return middle, middle
    return (middle, b) if sign == _sign(_mean(tried, a)) else (a, middle)


def _crossing(tried: dict[float, Floats], a: float, b: float, *, single: bool) -> Crossing:
    values = np.array(sorted(tried))
    table = np.array([tried[v] for v in values])
    value = a if a == b else _root(a, b, _mean(tried, a), _mean(tried, b))
    left = int(np.searchsorted(values, a)) - (a == b)  # a value that is exactly zero has no side of its own
    rising = float(np.nanmean(table[left])) < 0
    better: Literal["below", "above"] = "below" if rising else "above"
    runs = table.shape[1]
    if runs < 2:
        return Crossing(value, better, (np.nan, np.nan))
    picks = np.random.default_rng(runs).integers(0, runs, (RESAMPLES, runs))
    found = []
    for means in table[:, picks].mean(axis=2).T:
        change = np.flatnonzero(np.sign(means[:-1]) * np.sign(means[1:]) <= 0)
        change = change[np.sign(means[change + 1] - means[change]) == (1 if rising else -1)]
        if len(change):
            roots = [_root(values[i], values[i + 1], means[i], means[i + 1]) for i in change]
            found.append(min(roots, key=lambda x: abs(x - value)))
        elif single:
            # On one side over the whole range: the value lies beyond the end where it would still cross.
            found.append(values[-1] if (means[0] < 0) == rising else values[0])
    low, high = np.quantile(found, INTERVAL) if found else (np.nan, np.nan)
    return Crossing(value, better, (float(low), float(high)))


def _root(a: float, b: float, at_a: float, at_b: float) -> float:
    return float(a if at_a == at_b else a + (b - a) * at_a / (at_a - at_b))
