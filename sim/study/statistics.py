"""Statistics of paired replications: bands, intervals, signs.

Arrays have replications on their first axis; NaN = none.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

# A band shows where eight of ten runs lie; more extreme quantiles cannot be seen in thirty runs.
BAND = (0.1, 0.9)
# Two runs that differ by less than this are equal: sums of the same children in another order.
TIE = 1e-9


@dataclass(frozen=True)
class Signs:
    """How many paired differences are above, below and at zero."""

    above: NDArray[np.int64]
    below: NDArray[np.int64]
    ties: NDArray[np.int64]

    @property
    def runs(self) -> NDArray[np.int64]:
        """Pairs that have a difference at all."""
        return self.above + self.below + self.ties


def mean(values: Floats, axis: int = 0) -> Floats:
    """Mean of what is there; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found: Floats = np.nanmean(values, axis=axis)
    return found


def band(values: Floats, probabilities: tuple[float, ...] = BAND) -> tuple[Floats, ...]:
    """Quantiles over the replications (linear between order statistics, as `numpy.quantile`), without NaN."""
    ordered = np.sort(values, axis=0)
    count = np.sum(~np.isnan(values), axis=0)
    found = []
    for probability in probabilities:
        at = np.maximum(count - 1, 0) * probability
        low = np.floor(at).astype(np.intp)
        high = np.minimum(low + 1, np.maximum(count - 1, 0))
        below = np.take_along_axis(ordered, low[None], axis=0)[0]
        above = np.take_along_axis(ordered, high[None], axis=0)[0]
        found.append(below + (at - low) * (above - below))
    return tuple(found)


def half_width(values: Floats, level: float = 0.95) -> Floats:
    """Half the width of the t-interval of the mean; NaN with fewer than two replications."""
    count = np.sum(~np.isnan(values), axis=0)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        error = np.nanstd(values, axis=0, ddof=1) / np.sqrt(count)
    found: Floats = np.where(count > 1, error * t_quantile(level, np.maximum(count - 1, 1)), np.nan)
    return found


def t_quantile(level: float, degrees: NDArray[np.int64]) -> Floats:
    """Quantile of Student's t that a two-sided interval of this confidence needs."""
    found: Floats = special.stdtrit(degrees, 0.5 + level / 2.0)
    return found


def p_value(values: Floats) -> Floats:
    """Two-sided p-value of the paired t-test that the mean difference is zero; 1 when all pairs are equal."""
    count = np.sum(~np.isnan(values), axis=0)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        error = np.nanstd(values, axis=0, ddof=1) / np.sqrt(count)
        centre = np.nanmean(values, axis=0)
        t = np.where(error > 0, centre / error, np.where(np.abs(centre) > TIE, np.inf, 0.0))
        found: Floats = 2.0 * special.stdtr(np.maximum(count - 1, 1), -np.abs(t))
    return np.where(count > 1, found, np.nan)


def signs(differences: Floats) -> Signs:
    """Count the signs of paired differences; a tie counts for neither side."""
    return Signs(
        above=np.sum(differences > TIE, axis=0),
        below=np.sum(differences < -TIE, axis=0),
        ties=np.sum(np.abs(differences) <= TIE, axis=0),
    )


def fieller(above: Floats, below: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """Confidence interval of the ratio of two paired means (Fieller, 1954).

    Args:
        above: Values above the line, pair by pair, without NaN.
        below: Values below the line of the same pairs.
        level: Confidence.

    Returns:
        Its two ends, or None when the interval of the denominator holds zero: the ratio then has no bounded interval.
    """
    n = len(above)
    if n < 2:
        return None
    t2 = float(t_quantile(level, np.array(n - 1))) ** 2
    top, bottom = float(np.mean(above)), float(np.mean(below))
    (v_top, v_both), (_, v_bottom) = np.cov(above, below, ddof=1) / n
    a, b, c = bottom**2 - t2 * v_bottom, top * bottom - t2 * v_both, top**2 - t2 * v_top
    if a <= 0:
        return None
    root = float(np.sqrt(max(b * b - a * c, 0.0)))
    return (float(b) - root) / float(a), (float(b) + root) / float(a)


def shapley(values: Mapping[frozenset[str], Any]) -> dict[str, Any]:
    """Divide what players reach together over them: each gets its mean part over all orders of coming (Shapley, 1953).

    Args:
        values: What each set of players reaches (numbers, arrays or tables), for every set including the empty one.

    Returns:
        Player -> its part; the parts add up to what all reach minus what nobody reaches.
    """
    players = max(values, key=len)
    n = len(players)

    def part(player: str) -> Any:
        without = [s for s in values if player not in s]
        weights = [factorial(len(s)) * factorial(n - len(s) - 1) / factorial(n) for s in without]
        return sum(w * (values[s | {player}] - values[s]) for s, w in zip(without, weights, strict=True))

    return {player: part(player) for player in sorted(players)}


def holm(p_values: Floats) -> Floats:
    """Holm's adjusted p-values of one family; NaN stays NaN and is not part of the family."""
    found = np.full(p_values.shape, np.nan)
    family = np.flatnonzero(~np.isnan(p_values))
    highest = 0.0
    for rank, position in enumerate(family[np.argsort(p_values[family], kind="stable")]):
        highest = max(highest, min(1.0, float(p_values[position]) * (len(family) - rank)))
        found[position] = highest
    return found
