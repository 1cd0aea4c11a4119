"""How likely is each point that is left: approximate Bayesian computation with the runs themselves.

To each run errors are added as large as sampling and discrepancy, so that what is compared with the facts has the errors
of the facts; under that error model the answer is exact but for the steps below (Wilkinson, 2013). The chance that is in a
run already counts as part of the error and is not added twice. The steps: summaries are projected on as many numbers as
there are rates (their linear estimate; Fearnhead and Prangle, 2012), runs near the facts are kept, and what is left of
the distance is corrected by local-linear regression (Beaumont and others, 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge

from sim.study.calibrate.prior import Floats
from sim.study.calibrate.targets import Target

_COPIES = 8  # errors drawn for each run: more draws from the same runs
_EDGE = 1e-3  # a point on the very edge of its range has no logit
_RIDGE = 1e-6


@dataclass(frozen=True)
class Sample:
    """A weighted sample of the posterior.

    Attributes:
        points: Draws x rates, each 0-1.
        weights: Sum to 1.
        accepted: Share of the runs (with their errors) that was near enough.
        size: How many independent draws these weights are worth.
    """

    points: Floats
    weights: Floats
    accepted: float

    @property
    def size(self) -> float:
        """Effective sample size (Kish)."""
        return 1.0 / float((self.weights**2).sum())

    def quantile(self, level: float) -> Floats:
        """Weighted quantile of each rate."""
        return np.array([_quantile(x, self.weights, level) for x in self.points.T])

    def draws(self, count: int, seed: int) -> Floats:
        """Joint draws, each as likely as any other (systematic resampling)."""
        rng = np.random.default_rng([seed, 0xD2A3])
        at = (np.arange(count) + rng.random()) / count
        chosen = np.searchsorted(np.cumsum(self.weights), at).clip(max=len(self.weights) - 1)
        found: Floats = self.points[rng.permutation(chosen)]
        return found


def posterior(
    points: Floats,
    found: Floats,
    targets: tuple[Target, ...],
    chance: Floats,
    seed: int,
    accept: float = 0.25,
) -> Sample:
    """The posterior, from runs spread evenly over the prior (or over what history matching leaves of it).

    Args:
        points: Points x rates, each 0-1.
        found: One run at each point (points x targets).
        targets: The facts.
        chance: Variance of one run around its mean, per target.
        seed: Of the errors that are added.
        accept: Share of the runs to keep, those nearest to the facts.
    """
    good = ~np.isnan(found).any(axis=1)
    rng = np.random.default_rng([seed, 0xABC0])
    value = np.array([t.value for t in targets])
    added = np.sqrt([max(t.variance(c) - c, 0.0) for t, c in zip(targets, chance, strict=True)])
    copies = _COPIES if added.any() else 1
    where = np.repeat(points[good], copies, axis=0)
    seen = np.repeat(found[good], copies, axis=0) + added * rng.standard_normal(
        (copies * good.sum(), len(targets))
    )
    logit = _logit(where)
    near, observed = _project(seen, value, logit)
    distance = np.sqrt(((near - observed) ** 2).sum(axis=1))
    limit = np.quantile(distance, accept)
    kept = distance < limit
    weights = 1.0 - (distance[kept] / limit) ** 2
    line = LinearRegression().fit(near[kept] - observed, logit[kept], sample_weight=weights)
    adjusted = logit[kept] - (near[kept] - observed) @ line.coef_.T
    return Sample(1.0 / (1.0 + np.exp(-adjusted)), weights / weights.sum(), float(kept.mean()))


def _project(seen: Floats, value: Floats, logit: Floats) -> tuple[Floats, Floats]:
    """Runs and facts as linear estimates of the rates, each with standard deviation 1 over the runs."""
    scale = np.maximum(seen.std(axis=0), 1e-12)
    x, y = (seen - value) / scale, np.zeros((1, len(value)))
    line = Ridge(alpha=_RIDGE * len(x)).fit(x, logit)
    near, observed = line.predict(x).reshape(logit.shape), line.predict(y).reshape(1, -1)
    size = np.maximum(near.std(axis=0), 1e-12)
    return near / size, observed[0] / size


def _logit(points: Floats) -> Floats:
    u = points.clip(_EDGE, 1.0 - _EDGE)
    return np.log(u / (1.0 - u))


def _quantile(values: Floats, weights: Floats, level: float) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(level, total, values[order]))
