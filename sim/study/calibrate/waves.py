"""History matching: rule out, wave by wave, the rates that cannot give the facts whatever else is allowed for.

A point is ruled out when its implausibility (distance between emulated mean and fact, in standard deviations of sampling,
discrepancy and emulator together) exceeds 3 for any fact that is fitted (the largest counts; Pukelsheim's three-sigma
rule). What is left is not yet likely: it is only not impossible (Craig and others, 1997; Vernon and others, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.study.calibrate.emulator import Emulator, emulate
from sim.study.calibrate.points import Points
from sim.study.calibrate.prior import Floats
from sim.study.calibrate.targets import Target

LIMIT = 3.0
_CANDIDATES = 4096
_MOST_TRIES = 60
_SAME = 40  # runs at one point, to see how much is chance
WAVE_STEP = 10_000  # replication numbers: waves never share one


class CalibrationError(ValueError):
    """The facts, as they are, leave nothing to calibrate; the text says which and what can be done."""


@dataclass(frozen=True)
class Wave:
    """One wave.

    Attributes:
        points, found: Its design, and what each point gave (points x summaries).
        emulator: Fitted to all runs in what was left before it.
        left: Share of the prior that is left after it.
    """

    points: Floats
    found: Floats
    emulator: Emulator
    left: float


def implausibility(emulator: Emulator, targets: tuple[Target, ...], points: Floats) -> Floats:
    """Distance of each point from each fact in standard deviations (points x targets).

    Args:
        emulator: Of the summaries of these targets, in their order.
        targets: The facts.
        points: Points x rates.
    """
    value = np.array([t.value for t in targets])
    error = np.array([t.variance(n) for t, n in zip(targets, emulator.chance, strict=True)])
    return np.asarray(np.abs(emulator.mean(points) - value) / np.sqrt(error + emulator.variance(points)))


def match(points: Points, fit: tuple[Target, ...], waves: int, design: int) -> tuple[Wave, ...]:
    """Run the waves.

    Args:
        points: Runs points; what it measures begins with the summaries of `fit`, in their order.
        fit: The facts that rule points out.
        waves: How many.
        design: Points in each wave.

    Raises:
        CalibrationError: Nothing is left, or most runs cannot give a summary that is fitted.
    """
    size = points.prior.size
    made: list[Wave] = []
    same = points.run(np.tile(points.prior.central, (_SAME, 1)), 0, "chance")
    chance = np.nanvar(same, axis=0, ddof=1)
    known, known_found = np.zeros((0, size)), np.zeros((0, len(points.wanted)))
    here = latin(size, design, points.seed)
    for wave in range(waves):
        found = points.run(here, (wave + 1) * WAVE_STEP, f"wave {wave + 1} of {waves}")
        known, known_found = np.vstack([known, here]), np.vstack([known_found, found])
        _measured(known_found, fit)
        near = plausible([w.emulator for w in made], fit, known)
        emulator = emulate(known[near], known_found[near], chance)
        emulators = [*(w.emulator for w in made), emulator]
        after, left = sample(emulators, fit, size, design, points.seed + wave + 1)
        made.append(Wave(here, found, emulator, left))
        here = after
    return tuple(made)


def latin(size: int, count: int, seed: int) -> Floats:
    """A Latin hypercube over all ranges."""
    points: Floats = qmc.LatinHypercube(size, rng=np.random.default_rng([seed, 0x1A71])).random(count)
    return points


def plausible(emulators: list[Emulator], fit: tuple[Target, ...], points: Floats) -> NDArray[np.bool_]:
    """Which points no emulator rules out."""
    keep = np.ones(len(points), dtype=bool)
    for emulator in emulators:
        if keep.any():
            worst = implausibility(emulator.first(len(fit)), fit, points[keep]).max(axis=1)
            keep[keep] = worst <= LIMIT
    return keep


def sample(
    emulators: list[Emulator], fit: tuple[Target, ...], size: int, count: int, seed: int
) -> tuple[Floats, float]:
    """Points spread evenly over what is left of the prior, and the share of it that is left.

    Raises:
        CalibrationError: Nothing is left.
    """
    kept: list[Floats] = []
    tried = 0
    for attempt in range(_MOST_TRIES):
        candidates = latin(size, _CANDIDATES, seed * _MOST_TRIES + attempt)
        kept.append(candidates[plausible(emulators, fit, candidates)])
        tried += len(candidates)
        if sum(map(len, kept)) >= count:
            break
    found = np.vstack(kept)
    if len(found) == 0:
        worst = fit[_hardest(emulators[-1], fit, size, seed)].name
        raise CalibrationError(
            f"no value of these rates inside their ranges gives all facts that are fitted; the hardest is '{worst}'. "
            "Look at the facts, give a rate a wider range with a reason, or lay a fact beside instead of fitting it"
        )
    return found[:count], len(found) / tried


def _hardest(emulator: Emulator, fit: tuple[Target, ...], size: int, seed: int) -> int:
    """The fact that is farthest off at the best point for it."""
    best = implausibility(emulator.first(len(fit)), fit, latin(size, _CANDIDATES, seed)).min(axis=0)
    return int(best.argmax())


def _measured(found: Floats, fit: tuple[Target, ...]) -> None:
    lacking = np.isnan(found[:, : len(fit)]).mean(axis=0)
    if lacking.max() > 0.5:
        raise CalibrationError(
            f"'{fit[int(lacking.argmax())].name}' cannot be measured in most runs: nothing of the kind happens in them"
        )
