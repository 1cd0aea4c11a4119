"""Scores of a forecast, and the naive forecasts that it has to beat.

A forecast is a sample: equally likely values of what will be counted. It is scored with the continuous ranked
probability score (CRPS; Matheson and Winkler, 1976; Gneiting and Raftery, 2007), which is in the unit of the count
itself and equals the absolute error when the forecast is one number. Lower is better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]

# What everyone here takes a year's surprise to be before having seen a year, as a share of the level, and how many years
# that is worth. Three counts alone cannot tell the size of a surprise; the naive forecasts and the model use the same.
PRIOR_SURPRISE = 0.04
PRIOR_YEARS = 2
SIZE = 400


def crps(sample: ArrayLike, value: float) -> float:
    """Continuous ranked probability score of a sample: E|X - value| - E|X - X'| / 2, with X, X' from the sample.

    The sample is taken as the whole distribution, so a small one is scored a little worse than what it was drawn from.

    Args:
        sample: Equally likely values.
        value: What was counted.

    Returns:
        The score, in the unit of the count; 0 is perfect.

    Raises:
        ValueError: When the sample is empty or not finite.
    """
    x = np.sort(_checked(sample))
    n = len(x)
    # For sorted x the sum over all pairs |x_i - x_j| is 2 * sum (2i - n + 1) x_i, i from 0.
    spread = float(np.sum((2 * np.arange(n) - n + 1) * x)) / n**2
    return float(np.mean(np.abs(x - value))) - spread


def interval(sample: ArrayLike, level: float = 0.8) -> tuple[float, float]:
    """The middle `level` of a sample: with 0.8 its 10th and 90th percentile."""
    low, high = np.quantile(_checked(sample), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def covered(sample: ArrayLike, value: float, level: float = 0.8) -> bool:
    """Whether the middle `level` of the sample holds the value."""
    low, high = interval(sample, level)
    return low <= value <= high


def last_value(years: ArrayLike, values: ArrayLike, year: float, size: int = SIZE) -> Floats:
    """Naive forecast "same as last year": a random walk without drift from the last count.

    Its surprise of one year is the root mean square of the yearly changes seen; after h years it is sqrt(h) times as
    large. Student's t, with as many degrees of freedom as changes were seen (and the prior is worth).

    Args:
        years: Years of the counts, ascending.
        values: The counts.
        year: Year to forecast, after the last.
        size: Values in the sample.

    Returns:
        Evenly spaced quantiles of the forecast; their median is the last count.
    """
    x, y = _series(years, values, 1)
    steps = np.diff(y) / np.sqrt(np.diff(x))
    variance, freedom = surprise(float(np.sum(steps**2)), len(steps), float(y[-1]))
    return _quantiles(float(y[-1]), np.sqrt(variance * (year - x[-1])), freedom, size)


def linear_trend(years: ArrayLike, values: ArrayLike, year: float, size: int = SIZE) -> Floats:
    """Naive forecast "the line goes on": least squares through all counts, with its prediction interval.

    Args:
        years: Years of the counts, ascending; at least two.
        values: The counts.
        year: Year to forecast.
        size: Values in the sample.

    Returns:
        Evenly spaced quantiles of Student's t around the line; the scale holds the scatter around the line and what is
        not known about the line.
    """
    x, y = _series(years, values, 2)
    away = x - x.mean()
    spread = float(np.sum(away**2))
    slope = float(np.sum(away * y)) / spread
    left = y - y.mean() - slope * away
    variance, freedom = surprise(float(np.sum(left**2)), len(y) - 2, float(y[-1]))
    ahead = year - float(x.mean())
    scale = np.sqrt(variance * (1 + 1 / len(y) + ahead**2 / spread))
    return _quantiles(float(y.mean()) + slope * ahead, scale, freedom, size)


def surprise(squares: float, seen: int, level: float) -> tuple[float, float]:
    """Variance of a year's surprise and its degrees of freedom, from a sum of squares of `seen` surprises and the prior."""
    before = PRIOR_YEARS * (PRIOR_SURPRISE * level) ** 2
    return (before + squares) / (PRIOR_YEARS + seen), float(PRIOR_YEARS + seen)


def _quantiles(middle: float, scale: float, freedom: float, size: int) -> Floats:
    at = (np.arange(size) + 0.5) / size
    out: Floats = middle + scale * np.asarray(student.ppf(at, freedom), dtype=np.float64)
    return out


def _checked(sample: ArrayLike) -> Floats:
    x: Floats = np.asarray(sample, dtype=np.float64).ravel()
    if not len(x) or not np.isfinite(x).all():
        raise ValueError("a forecast needs at least one value, and only finite ones")
    return x


def _series(years: ArrayLike, values: ArrayLike, least: int) -> tuple[Floats, Floats]:
    x, y = _checked(years), _checked(values)
    if len(x) != len(y) or len(x) < least or (np.diff(x) <= 0).any():
        raise ValueError(f"a series needs at least {least} years, ascending, with one count each")
    return x, y
