"""A yearly series as a level with memory plus a surprise of the year: what it will do next, and how sure that is.

    x(t) = m + l(t) + e(t),    l(t) = phi l(t - 1) + n(t)

The level l goes back towards the mean m with memory phi, and e is gone the next year. How long the memory is, and which
part of a surprise stays (q), is not chosen but averaged over, weighted by how well each value explains the years seen.
A shock of a known year (a law that takes effect) may have any size, and fades with a factor rho a year; it says
nothing about the level before it, but it does count in how large a surprise can be: shocks happen. Everything is normal
given the variance, so the forecast is Student's t (Rasmussen and Williams, 2006, ch. 2; Gelman e.a., 2013, ch. 3).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from sim.study.scores import PRIOR_YEARS

Floats = NDArray[np.float64]

MEMORY = (0.5, 0.8, 0.9, 0.97)
STAYS = (0.1, 0.4, 0.7, 1.0)
FADES = (0.0, 0.3, 0.6, 0.9)
# Variances in units of a year's surprise: the mean, and a shock, may be anything.
MEAN_VARIANCE, SHOCK_VARIANCE = 25.0, 100.0


@dataclass(frozen=True)
class _Choice:
    """One choice of memory, staying part and fading, worked out for the years at hand.

    Attributes:
        solve: Inverse of the Cholesky factor of the covariance of the years seen.
        plain: The same without the shocks: what size of surprise was seen, shocks and all.
        weights: Years seen -> mean of the years ahead.
        root: Cholesky factor of what remains unknown of the years ahead.
        log_size: Log determinant of the factor of the years seen.
    """

    solve: Floats
    plain: Floats
    weights: Floats
    root: Floats
    log_size: float


@dataclass(frozen=True)
class Dice:
    """The chance behind one future of one series, so that a mirrored future can use the same.

    Attributes:
        which: Uniform that picks memory, staying part and fading.
        spread: Uniform that picks the variance.
        steps: Standard normals, one for each year ahead.
    """

    which: float
    spread: float
    steps: Floats

    def mirrored(self) -> Dice:
        """The same future on the other side of the middle."""
        return Dice(self.which, self.spread, -self.steps)


def roll(u: Floats) -> Dice:
    """Dice from uniforms: one that picks a choice, one for the variance, and one for each year ahead."""
    return Dice(float(u[0]), float(u[1]), ndtri(u[2:]))


def future(
    years: Sequence[int],
    values: Floats,
    ahead: Sequence[int],
    dice: Dice,
    *,
    surprise: float,
    shocks: Sequence[int] = (),
) -> Floats:
    """One future of a series.

    Args:
        years: Years seen.
        values: What was seen, on the scale on which surprises add up (the log of an inflow).
        ahead: Years to come.
        dice: Its chance.
        surprise: Standard deviation of a year's surprise as taken before any year was seen; worth `PRIOR_YEARS`.
        shocks: Years among `years` of a shock.

    Returns:
        Values of the years ahead.
    """
    choices = _choices(tuple(years), tuple(ahead), tuple(s for s in shocks if s in years))
    middle = float(values.mean())
    away = values - middle
    freedom = PRIOR_YEARS + len(values)
    before = PRIOR_YEARS * surprise**2
    fit = np.array([before + float(np.sum((c.solve @ away) ** 2)) for c in choices])
    log = -np.array([c.log_size for c in choices]) - freedom / 2 * np.log(fit)
    chance = np.cumsum(np.exp(log - log.max()))
    chosen = choices[int(np.searchsorted(chance, dice.which * chance[-1]))]
    squares = before + float(np.sum((chosen.plain @ away) ** 2))
    # 2 * gammaincinv(k / 2, u) is the quantile of the chi-square law with k degrees of freedom.
    deviation = np.sqrt(squares / (2 * float(gammaincinv(freedom / 2, dice.spread))))
    out: Floats = middle + chosen.weights @ away + deviation * (chosen.root @ dice.steps)
    return out


@lru_cache(maxsize=64)
def _choices(years: tuple[int, ...], ahead: tuple[int, ...], shocks: tuple[int, ...]) -> tuple[_Choice, ...]:
    return tuple(
        _choice(years, ahead, shocks, phi, q, rho)
        for phi, q, rho in itertools.product(MEMORY, STAYS, FADES if shocks else FADES[:1])
    )


def _choice(
    years: tuple[int, ...], ahead: tuple[int, ...], shocks: tuple[int, ...], phi: float, q: float, rho: float
) -> _Choice:
    seen, come = np.array(years, dtype=np.float64), np.array(ahead, dtype=np.float64)

    def together(a: Floats, b: Floats, of: tuple[int, ...]) -> Floats:
        level = q / (1 - phi**2) * phi ** np.abs(a[:, None] - b[None, :])
        out: Floats = MEAN_VARIANCE + level + (1 - q) * (a[:, None] == b[None, :])
        for year in of:
            fading = [np.where(t >= year, rho ** np.maximum(t - year, 0.0), 0.0) for t in (a, b)]
            out = out + SHOCK_VARIANCE * np.outer(*fading)
        return out

    known = together(seen, seen, shocks)
    cross = together(come, seen, shocks)
    weights: Floats = np.linalg.solve(known, cross.T).T.astype(np.float64)
    left = together(come, come, shocks) - weights @ cross.T
    factor = np.linalg.cholesky(known)
    return _Choice(
        solve=np.linalg.inv(factor),
        plain=np.linalg.inv(np.linalg.cholesky(together(seen, seen, ()))),
        weights=weights,
        root=np.linalg.cholesky(left + 1e-9 * np.eye(len(come))).astype(np.float64),
        log_size=float(np.log(np.diag(factor)).sum()),
    )
