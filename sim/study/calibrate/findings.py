"""What the data cannot say: rates they do not tell apart, rates they are silent on, and facts that cannot all be true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.study.calibrate.emulator import Emulator
from sim.study.calibrate.posterior import Sample
from sim.study.calibrate.prior import Floats, Prior
from sim.study.calibrate.targets import Target
from sim.study.calibrate.waves import LIMIT, latin

TOGETHER = 0.6  # correlation from which two rates are called known together only
ALIKE = 0.9  # cosine from which two rates are said to move the fitted facts in the same way
SILENT = 0.85  # a posterior this wide, as a share of its prior, says nothing
LIKELY = 2.0  # standard deviations within which a fitted fact is called given
UNIFORM = 1 / np.sqrt(12)
_CANDIDATES = 16_384
_LEAST = 1e-12
_MOST_IN_A_SET = 3


@dataclass(frozen=True)
class Learned:
    """What the data say about one rate.

    Attributes:
        name: Its path.
        value: The central value in the region.
        low, median, high: The 90 % that the posterior holds likely, in the unit of the rate.
        width: Standard deviation of the posterior as a share of that of the prior, both as places in the range.
    """

    name: str
    value: float
    low: float
    median: float
    high: float
    width: float

    @property
    def silent(self) -> bool:
        """The data say nothing about it."""
        return self.width >= SILENT

    @property
    def inside(self) -> bool:
        """The central value is one that the data hold likely."""
        return self.low <= self.value <= self.high


@dataclass(frozen=True)
class Pair:
    """Two rates that the data tell apart badly.

    Attributes:
        first, second: Their paths.
        correlation: In the posterior.
        alike: Cosine between what the one and what the other does to the fitted facts (in standard deviations of each):
            at 1 or -1 no amount of such facts can tell them apart.
        sharp, blunt: Standard deviations along the best- and the worst-known direction, as shares of the prior.
    """

    first: str
    second: str
    correlation: float
    alike: float
    sharp: float
    blunt: float


@dataclass(frozen=True)
class Beside:
    """A fact beside what calibrated runs give.

    Attributes:
        target: The fact.
        median, low, high: Of one run at the posterior: median, P10 and P90.
        off: Distance from median to fact in standard deviations of sampling, discrepancy and posterior together.
    """

    target: Target
    median: float
    low: float
    high: float
    off: float


@dataclass(frozen=True)
class Conflict:
    """Facts that no point in the ranges of the rates gives together, though it gives each smaller set of them.

    Attributes:
        targets: The facts.
        nearest: What the model gives at the point where the worst of them is nearest.
        off: How far the worst of them is off there, in standard deviations.
    """

    targets: tuple[Target, ...]
    nearest: tuple[float, ...]
    off: float


@dataclass(frozen=True)
class Room:
    """What the fitted facts leave open for a fact that was not fitted.

    Attributes:
        target: The fact.
        low, high: Smallest and largest mean that any rates give at which every fitted fact is within two standard
            deviations.
    """

    target: Target
    low: float
    high: float

    @property
    def gap(self) -> float:
        """How far the fact lies outside it, in its own standard deviations (0 = inside)."""
        t = self.target
        outside = max(self.low - t.value, t.value - self.high, 0.0)
        return outside / max(t.discrepancy, _LEAST)


def learned(sample: Sample, prior: Prior) -> tuple[Learned, ...]:
    """What the data say about each rate."""
    low, median, high = (prior.numbers(sample.quantile(q)[None])[0] for q in (0.05, 0.5, 0.95))
    width = np.sqrt(np.diag(_covariance(sample))) / UNIFORM
    rows = zip(prior.names, prior.quantities, low, median, high, width, strict=True)
    return tuple(Learned(n, q.value, float(a), float(m), float(b), float(w)) for n, q, a, m, b, w in rows)


def pairs(sample: Sample, prior: Prior, emulator: Emulator, fit: Sequence[Target]) -> tuple[Pair, ...]:
    """Pairs that the fitted facts tell apart badly, the most alike first.

    Args:
        sample: The posterior.
        prior: The rates.
        emulator: Of summaries that begin with those of `fit`, in their order.
        fit: The facts that were fitted.
    """
    covariance = _covariance(sample)
    sd = np.sqrt(np.diag(covariance))
    does = _does(emulator.first(len(fit)), fit, prior.size)
    found = []
    for i, j in combinations(range(prior.size), 2):
        r, alike = float(covariance[i, j] / (sd[i] * sd[j])), float(does[:, i] @ does[:, j])
        if abs(r) >= TOGETHER or abs(alike) >= ALIKE:
            spread = np.sqrt(np.linalg.eigvalsh(covariance[np.ix_([i, j], [i, j])]).clip(min=0.0)) / UNIFORM
            found.append(Pair(prior.names[i], prior.names[j], r, alike, float(spread[0]), float(spread[1])))
    return tuple(sorted(found, key=lambda p: -abs(p.alike)))


def _does(emulator: Emulator, fit: Sequence[Target], size: int) -> Floats:
    """What each rate does to each fitted fact from one end of its range to the other, as directions of length 1.

    What the emulator cannot tell from its own error counts as nothing; a rate that does nothing has no direction.
    """
    ends = np.full((2 * size, size), 0.5)
    ends[np.arange(size), np.arange(size)] = 0.0
    ends[np.arange(size, 2 * size), np.arange(size)] = 1.0
    mean, own = emulator.mean(ends), emulator.variance(ends)
    moved = mean[size:] - mean[:size]
    moved[np.abs(moved) < 2 * np.sqrt(own[size:] + own[:size])] = 0.0
    error = np.sqrt([t.variance(c) for t, c in zip(fit, emulator.chance, strict=True)])
    found = (moved / np.maximum(error, _LEAST)).T
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=0), _LEAST))


def directions(sample: Sample) -> Floats:
    """Width of the posterior along its own axes as shares of the prior, the best-known first."""
    return np.asarray(np.sqrt(np.linalg.eigvalsh(_covariance(sample)).clip(min=0.0)) / UNIFORM)


def inside_together(sample: Sample, point: Floats) -> float:
    """Share of the posterior that lies farther from its middle than a point (Mahalanobis): 0.1 = on the edge of 90 %."""
    middle = np.average(sample.points, axis=0, weights=sample.weights)
    inverse = np.linalg.pinv(_covariance(sample))
    far = np.einsum("ij,jk,ik->i", sample.points - middle, inverse, sample.points - middle)
    here = float((point - middle) @ inverse @ (point - middle))
    return float(sample.weights[far >= here].sum())


def beside(
    sample: Sample, prior: Prior, emulator: Emulator, targets: Sequence[Target], draws: Floats, seed: int
) -> tuple[Beside, ...]:
    """Every fact beside what runs at the posterior's draws give, by the emulator and the chance of a run."""
    rng = np.random.default_rng([seed, 0xBE51])
    mean, noise = _expected(emulator, prior, targets, draws)
    found = []
    for t, m, n in zip(targets, mean.T, noise, strict=True):
        run = m + np.sqrt(n) * rng.standard_normal(len(m))
        low, median, high = np.quantile(run, (0.1, 0.5, 0.9))
        off = abs(float(np.median(m)) - t.value) / np.sqrt(t.variance(n) + m.var())
        found.append(Beside(t, float(median), float(low), float(high), float(off)))
    return tuple(found)


def conflicts(emulator: Emulator, prior: Prior, targets: Sequence[Target], seed: int) -> tuple[Conflict, ...]:
    """The smallest sets of facts (of at most three) of which every point in the ranges rules out at least one.

    Args:
        emulator: Fitted to the whole prior, for the targets that are summaries, in their order.
        prior: The rates.
        targets: All facts.
        seed: Of the points that are tried.
    """
    mean, off = _tried(emulator, prior, targets, seed)
    found: list[tuple[int, ...]] = []
    made = []
    for size in range(1, _MOST_IN_A_SET + 1):
        for one in combinations(range(len(targets)), size):
            if any(set(smaller) <= set(one) for smaller in found):
                continue
            worst = off[:, one].max(axis=1)
            best = int(worst.argmin())
            if worst[best] > LIMIT:
                found.append(one)
                nearest = tuple(float(x) for x in mean[best, list(one)])
                made.append(Conflict(tuple(targets[i] for i in one), nearest, float(worst[best])))
    return tuple(made)


def room(emulator: Emulator, prior: Prior, targets: Sequence[Target], seed: int) -> tuple[Room, ...]:
    """What the fitted facts leave open for each of the others; nothing when no point gives all fitted ones."""
    mean, off = _tried(emulator, prior, targets, seed)
    likely = (off[:, [t.fitted for t in targets]] <= LIKELY).all(axis=1)
    if not likely.any():
        return ()
    left = mean[likely]
    return tuple(
        Room(t, float(x.min()), float(x.max())) for t, x in zip(targets, left.T, strict=True) if not t.fitted
    )


def _tried(emulator: Emulator, prior: Prior, targets: Sequence[Target], seed: int) -> tuple[Floats, Floats]:
    """Means at points all over the ranges, and how far each is off (points x targets)."""
    points = latin(prior.size, _CANDIDATES, seed)
    mean, noise = _expected(emulator, prior, targets, points)
    error = np.array([t.variance(n) for t, n in zip(targets, noise, strict=True)])
    error = error + _own_variance(emulator, targets, points)
    return mean, np.abs(mean - np.array([t.value for t in targets])) / np.sqrt(error)


def _expected(
    emulator: Emulator, prior: Prior, targets: Sequence[Target], points: Floats
) -> tuple[Floats, Floats]:
    """Mean of each target at each point, and the variance of one run; a fact about a rate is that rate itself."""
    measured = iter(range(len(emulator.models)))
    runs, numbers = emulator.mean(points), prior.numbers(points)
    columns, noise = [], []
    for t in targets:
        if t.summary is None:
            columns.append(numbers[:, prior.names.index(t.name)])
            noise.append(0.0)
        else:
            i = next(measured)
            columns.append(runs[:, i])
            noise.append(float(emulator.chance[i]))
    return np.column_stack(columns), np.array(noise)


def _own_variance(emulator: Emulator, targets: Sequence[Target], points: Floats) -> Floats:
    """Variance of the emulator per target (points x targets); none for a fact about a rate."""
    own, measured = emulator.variance(points), iter(range(len(emulator.models)))
    nothing = np.zeros(len(points))
    return np.column_stack([nothing if t.summary is None else own[:, next(measured)] for t in targets])


def _covariance(sample: Sample) -> Floats:
    found: Floats = np.cov(sample.points.T, aweights=sample.weights).reshape(2 * (sample.points.shape[1],))
    return found
