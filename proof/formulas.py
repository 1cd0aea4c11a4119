"""Closed forms of queueing and cohort theory, computed; no number here was ever printed by the engine.

Rates and durations share one unit of time (days in the proofs). Sources: Erlang (1917) for B and C, Palm
(1957) for impatient customers, Pollaczek (1930) and Khinchine (1932) for M/G/1, Cobham (1954) for priorities,
Jackson (1957) for networks, Takács (1962) for unlimited places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Queue:
    """Steady state of one queue.

    Attributes:
        p_wait: Chance that an arriving child has to wait.
        lq: Mean number waiting.
        wq: Mean wait of those who enter (for impatient queues: of all who come).
        busy: Mean number of seats in use.
        lost: Share turned away or gone before being placed.
    """

    p_wait: float
    lq: float
    wq: float
    busy: float
    lost: float = 0.0


def erlang_b(servers: int, load: float) -> float:
    """Chance that all seats are taken when nobody waits; `load` is rate x mean stay."""
    b = 1.0
    for n in range(1, servers + 1):
        b = load * b / (n + load * b)
    return b


def erlang_c(servers: int, load: float) -> float:
    """Chance of waiting in M/M/c."""
    b = erlang_b(servers, load)
    rho = load / servers
    return b / (1.0 - rho * (1.0 - b))


def mmc(rate: float, mu: float, servers: int) -> Queue:
    """M/M/c: `rate` arrivals and `mu` ends of stay per seat, per unit of time."""
    load = rate / mu
    p = erlang_c(servers, load)
    rho = load / servers
    lq = p * rho / (1.0 - rho)
    return Queue(p_wait=p, lq=lq, wq=lq / rate, busy=load)


def mmc_tail(rate: float, mu: float, servers: int, t: float) -> float:
    """Chance of waiting longer than `t` in M/M/c, first come first served.

    The mean wait is the same for any order that does not look at the stay; this tail is not, so it tells them
    apart.
    """
    return erlang_c(servers, rate / mu) * math.exp(-(servers * mu - rate) * t)


def _birth_death(up: Sequence[float], down: Sequence[float]) -> Vector:
    """Steady-state chances of states 0..n from the rates up (0..n-1) and down (1..n)."""
    logs = np.concatenate(([0.0], np.cumsum(np.log(up) - np.log(down))))
    weights = np.exp(logs - logs.max())
    total: float = weights.sum()
    return weights / total


def mmck(rate: float, mu: float, servers: int, most: int) -> Queue:
    """M/M/c/K: at most `most` children in seats and on the list together; later ones are turned away."""
    p = _birth_death([rate] * most, [mu * min(n, servers) for n in range(1, most + 1)])
    n = np.arange(most + 1)
    lost = float(p[most])
    lq = float((np.maximum(n - servers, 0) * p).sum())
    accepted = rate * (1.0 - lost)
    waits = float(p[servers:most].sum()) / (1.0 - lost)
    return Queue(p_wait=waits, lq=lq, wq=lq / accepted, busy=accepted / mu, lost=lost)


def erlang_a(rate: float, mu: float, servers: int, theta: float) -> Queue:
    """M/M/c+M: each waiting child gives up at rate `theta`; `wq` is over all who come."""
    most = servers + int(20 * (rate / theta + math.sqrt(rate / theta)) + 200)
    down = [mu * min(n, servers) + theta * max(n - servers, 0) for n in range(1, most + 1)]
    p = _birth_death([rate] * most, down)
    n = np.arange(most + 1)
    lq = float((np.maximum(n - servers, 0) * p).sum())
    return Queue(
        p_wait=float(p[servers:].sum()),
        lq=lq,
        wq=lq / rate,
        busy=float((np.minimum(n, servers) * p).sum()),
        lost=theta * lq / rate,
    )


def mg1(rate: float, mean: float, cv2: float) -> Queue:
    """M/G/1: `cv2` is the squared variation of the stay (fixed 0, Erlang-k 1/k, exponential 1)."""
    rho = rate * mean
    wq = rho * mean * (1.0 + cv2) / (2.0 * (1.0 - rho))
    return Queue(p_wait=rho, lq=rate * wq, wq=wq, busy=rho)


def priority_waits(rates: Sequence[float], mu: float, servers: int) -> list[float]:
    """Mean wait of each class in M/M/c, first class first, nobody sent away from a seat (Cobham)."""
    total = sum(rates)
    base = erlang_c(servers, total / mu) / (servers * mu)
    waits, above = [], 0.0
    for rate in rates:
        here = above + rate / (servers * mu)
        waits.append(base / ((1.0 - above) * (1.0 - here)))
        above = here
    return waits


def jackson(
    external: Sequence[float], routes: Sequence[Sequence[float]], mu: Sequence[float], servers: Sequence[int]
) -> tuple[Vector, list[Queue]]:
    """Rates through each type and the queue at each, in an open Jackson network."""
    gamma, p = np.asarray(external, float), np.asarray(routes, float)
    through = np.linalg.solve(np.eye(len(gamma)) - p.T, gamma)
    return through, [mmc(float(r), m, c) for r, m, c in zip(through, mu, servers, strict=True)]


def cohort(entries: Sequence[float], moves: Sequence[Sequence[float]]) -> Vector:
    """Stock by type just after each yearly cycle: n = a (I - P)^-1, with unlimited seats."""
    return np.linalg.solve(np.eye(len(entries)) - np.asarray(moves, float).T, np.asarray(entries, float))


def cohort_path(entries: Sequence[Sequence[float]], moves: Sequence[Sequence[float]]) -> Vector:
    """Stock by cycle (rows) and type, nobody there at first: n' = a + n P, with the entries of each cycle."""
    p = np.asarray(moves, float)
    n, rows = np.zeros(len(p)), []
    for a in entries:
        n = np.asarray(a, float) + n @ p
        rows.append(n)
    return np.array(rows)


def exponential_survival(mean: float) -> Callable[[Vector], Vector]:
    """Share of exponential stays longer than t."""
    return lambda t: np.exp(-t / mean)


def lognormal_parameters(mean: float, cv: float) -> tuple[float, float]:
    """Mean and deviation of the logarithm, for a stay with this mean and coefficient of variation."""
    s2 = math.log1p(cv * cv)
    return math.log(mean) - s2 / 2.0, math.sqrt(s2)


def stock_from_empty(
    rate: float, survival: Callable[[Vector], Vector], t: float, steps: int = 20_000
) -> float:
    """Mean number present at `t` with unlimited seats, nobody there at 0: rate x integral of the survival."""
    x = np.linspace(0.0, t, steps + 1)
    return float(rate * np.trapezoid(survival(x), x))


def seasonal_stock(blocks: Sequence[tuple[float, float]], mean: float) -> Vector:
    """Mean stock at the end of each block, exponential stay, unlimited seats, empty at first.

    Args:
        blocks: Length in days and expected arrivals of each block; within a block the rate is constant.
        mean: Mean stay in days.
    """
    m, out = 0.0, []
    for days, arrivals in blocks:
        level = arrivals / days * mean
        m = level + (m - level) * math.exp(-days / mean)
        out.append(m)
    return np.array(out)


def slope(rate: float, seats: float, mean: float) -> float:
    """Growth of the list per unit of time once all seats are full (the load law)."""
    return max(0.0, rate - seats / mean)


def gate_throughput(groups: float, seats: float, weeks: float, school_weeks: float = 40) -> float:
    """Children per school year through a programme that is always full."""
    return groups * seats * school_weeks / weeks


def mean_to_next(intervals: Sequence[float]) -> float:
    """Mean time to the next moment for who comes at a random time: sum of squares over twice the sum."""
    gaps = np.asarray(intervals, float)
    return float((gaps**2).sum() / (2.0 * gaps.sum()))


def lognormal_survival(mu: float, sigma: float) -> Callable[[Vector], Vector]:
    """Share of lognormal stays longer than t, from the mean and standard deviation of the logarithm."""

    def survival(t: Vector) -> Vector:
        with np.errstate(divide="ignore"):
            return np.asarray(0.5 * erfc((np.log(t) - mu) / (sigma * math.sqrt(2.0))))

    return survival
