"""A quick stand-in for the mean of many runs, with how far off it may be itself.

For each summary a quadratic in the rates, by Bayesian ridge regression. Each point was run with chance of its own, so the
residuals hold that chance; what they hold beyond it is what a quadratic misses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import BayesianRidge
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from sim.study.calibrate.prior import Floats

_FOLDS = 5
_LEAST = 1e-12


@dataclass(frozen=True)
class Emulator:
    """Emulators of all summaries.

    Attributes:
        models: One per summary.
        q2: Share of the variance between runs that is foretold for points that were held out.
        most: The share that can be foretold at all, because the rest is chance.
        chance: Variance of one run around its mean.
        missed: Variance that a quadratic misses.
    """

    models: tuple[Pipeline, ...]
    q2: Floats
    most: Floats
    chance: Floats
    missed: Floats

    def first(self, count: int) -> Emulator:
        """The emulators of the first summaries only."""
        return Emulator(
            self.models[:count], self.q2[:count], self.most[:count], self.chance[:count], self.missed[:count]
        )

    def mean(self, points: Floats) -> Floats:
        """Expected summaries (points x summaries)."""
        return np.column_stack([m.predict(points) for m in self.models])

    def variance(self, points: Floats) -> Floats:
        """Variance of the emulator itself at each point: what it misses, and that it saw finitely many noisy runs."""
        spread = np.column_stack([m.predict(points, return_std=True)[1] for m in self.models])
        certain = np.array([1.0 / m[-1].alpha_ for m in self.models])
        return np.asarray((spread**2 - certain).clip(min=0.0) + self.missed)


def emulate(points: Floats, found: Floats, chance: Floats, degree: int = 2) -> Emulator:
    """Fit emulators to runs.

    Args:
        points: Points x rates, each 0-1.
        found: One run at each point (points x summaries); NaN where a run could not measure it.
        chance: Variance of one run around its mean, per summary.
        degree: Of the polynomial.
    """
    models, q2, most = [], [], []
    folds = KFold(_FOLDS, shuffle=True, random_state=0)
    for column, noise in zip(found.T, chance, strict=True):
        x, y = points[~np.isnan(column)], column[~np.isnan(column)]
        held_out = cross_val_predict(_model(degree), x, y, cv=folds)
        total = max(float(((y - y.mean()) ** 2).sum()), _LEAST)
        q2.append(1.0 - float(((y - held_out) ** 2).sum()) / total)
        most.append(max(0.0, 1.0 - float(noise) * len(y) / total))
        models.append(_model(degree).fit(x, y))
    missed = np.array([1.0 / m[-1].alpha_ for m in models]) - chance
    return Emulator(tuple(models), np.array(q2), np.array(most), chance, missed.clip(min=0.0))


def _model(degree: int) -> Pipeline:
    return make_pipeline(PolynomialFeatures(degree, include_bias=False), StandardScaler(), BayesianRidge())
