"""From a uniform number to a duration or a count. All durations come out on a grid of 1/1024 day.

The grid makes sums of times exact in floating point, so that two times that should be equal are equal, on every platform.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri, pdtr, pdtrik

from sim.scenario.routes import Decision

Floats = NDArray[np.float64]
YEAR = 365.25
_GRID = 1024.0


def on_grid(days: Any) -> Any:
    """Days rounded to 1/1024 day (arrays and single numbers)."""
    return np.floor(np.asarray(days) * _GRID + 0.5) / _GRID if isinstance(days, np.ndarray) else grid(days)


def grid(days: float) -> float:
    """One time or duration rounded to 1/1024 day."""
    return math.floor(days * _GRID + 0.5) / _GRID


def poisson_count(u: Floats, mean: Floats) -> NDArray[np.int64]:
    """Poisson quantile: smallest n with P(N <= n) >= u. A larger mean never gives fewer (nested arrivals)."""
    mean = np.asarray(mean, dtype=np.float64)
    safe = np.where(mean > 0, mean, 1.0)
    n = np.ceil(pdtrik(u, safe))
    below = np.maximum(n - 1.0, 0.0)
    n = np.where(pdtr(below, safe) >= u, below, n)
    return np.where(mean > 0, np.nan_to_num(n), 0).astype(np.int64)


def stay(law: str, mean: float, shape: float | None, u: Any) -> Any:
    """Length of a stay at probability `u`, in days.

    Args:
        law: exponential | erlang | lognormal | fixed.
        mean: Mean in days.
        shape: Phases of an Erlang law, coefficient of variation of a lognormal.
        u: Uniform number or array.
    """
    if law == "exponential":
        return on_grid(-mean * np.log1p(-u)) if isinstance(u, np.ndarray) else grid(-mean * math.log1p(-u))
    if law == "fixed":
        return np.full(u.shape, grid(mean)) if isinstance(u, np.ndarray) else grid(mean)
    if law == "erlang":
        assert shape is not None
        days = gammaincinv(shape, u) * (mean / shape)
    else:
        assert shape is not None
        sigma2 = math.log1p(shape * shape)
        days = mean * np.exp(ndtri(u) * math.sqrt(sigma2) - sigma2 / 2)
    return on_grid(days) if isinstance(u, np.ndarray) else grid(float(days))


def length_biased(law: str, mean: float, shape: float | None, u: Floats) -> Floats:
    """Length of the stay of somebody met in the middle of it: long stays are met more often.

    Density proportional to (length x density): Erlang(k) becomes Erlang(k + 1) with the same phase, a lognormal moves
    its log-mean by the log-variance, a fixed length stays.
    """
    if law == "fixed":
        return np.full(u.shape, mean)
    if law == "lognormal":
        assert shape is not None
        sigma2 = math.log1p(shape * shape)
        return np.asarray(mean * np.exp(ndtri(u) * math.sqrt(sigma2) + sigma2 / 2))
    phases = 1.0 if law == "exponential" else float(shape or 1.0)
    return np.asarray(gammaincinv(phases + 1.0, u) * (mean / phases))


def triangle(low: float, mode: float, high: float, u: Any) -> Any:
    """Quantile of a triangular law (any unit)."""
    if high <= low:
        return low + 0.0 * u
    cut = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < cut, left, right) if isinstance(u, np.ndarray) else float(left if u < cut else right)


def triangle_weeks(decision: Decision) -> tuple[float, float, float]:
    """Shortest, usual and longest weeks of a decision, in order also when they were drawn apart."""
    low, mode, high = sorted((decision.shortest.value, decision.usual.value, decision.longest.value))
    return low, mode, high


def within_year(u: Floats, weights: tuple[float, ...], month_days: Floats) -> Floats:
    """Day in the school year at probability `u`.

    Args:
        u: Uniforms.
        weights: Twelve weights, August first; () = uniform over the year.
        month_days: Thirteen days: the start of each month and the end of the year, counted from its start.
    """
    if not weights:
        return np.asarray(u * month_days[-1])
    cumulative = np.concatenate([[0.0], np.cumsum(weights)]) / sum(weights)
    return np.interp(u, cumulative, month_days)


def pick(u: Floats, shares: list[float]) -> NDArray[np.int64]:
    """Index chosen with these shares (they are made to sum to 1)."""
    edges = np.cumsum(shares)
    return np.searchsorted(edges[:-1] / edges[-1], u, side="right").astype(np.int64)


def pick_one(u: float, shares: Sequence[float]) -> int:
    """The same as `pick`, for one number in the middle of an event."""
    edges = list(accumulate(shares))
    return bisect_right([e / edges[-1] for e in edges[:-1]], u)


def chance(rate: float, years: float = 1.0) -> float:
    """Chance of at least one event in `years` at a rate per year."""
    return -math.expm1(-rate * years)
