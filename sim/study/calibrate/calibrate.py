"""The whole calibration: near, ruled out, how likely, and what cannot be told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.scenario import Scenario
from sim.study.calibrate import findings
from sim.study.calibrate.findings import Beside, Conflict, Learned, Pair, Room
from sim.study.calibrate.moments import YEARS, Fit, fit, held
from sim.study.calibrate.points import Points, Spread
from sim.study.calibrate.posterior import Sample, posterior
from sim.study.calibrate.prior import Floats, Prior
from sim.study.calibrate.targets import Target, Targets
from sim.study.calibrate.waves import WAVE_STEP, CalibrationError, Wave, match, plausible, sample
from sim.study.engine import Engine

RUNS_PER_POINT_OF_A_WAVE = 4  # the posterior rests on this many times as many runs as a wave
_LEAST_PER_RATE = 6


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        prior, targets: What went in.
        digest: Hash (hex) of targets, rates and their ranges.
        engine: Digest of the engine.
        seed: Master seed.
        moments: Step one; None when there is nothing to hold steady.
        waves: Step two.
        sample: Step three.
        runs: Runs that the posterior rests on.
        draws: Joint draws (draws x rates), in the units of the rates.
        learned, pairs, directions, beside, conflicts, room: See `findings`.
        together: Share of the posterior that lies farther out than the region's central values.
    """

    prior: Prior
    targets: Targets
    digest: str
    engine: str
    seed: int
    moments: Fit | None
    waves: tuple[Wave, ...]
    sample: Sample
    runs: int
    draws: Floats
    learned: tuple[Learned, ...]
    pairs: tuple[Pair, ...]
    directions: Floats
    beside: tuple[Beside, ...]
    conflicts: tuple[Conflict, ...]
    room: tuple[Room, ...]
    together: float


def calibrate(
    scenario: Scenario,
    prior: Prior,
    targets: Targets,
    spread: Spread,
    *,
    waves: int = 2,
    design: int = 200,
    draws: int = 200,
    seed: int = 1,
    matching: int = 10,
    folder: Path | None = None,
    told: Callable[[str, int, int], object] = lambda *_: None,
) -> Calibration:
    """Find what the facts say about the rates of a region.

    Args:
        scenario: The region carrying on as now.
        prior: The rates.
        targets: The facts.
        spread: Where runs are done.
        waves: Waves of history matching.
        design: Points in each wave; the posterior has four times as many.
        draws: Joint draws to give.
        seed: Master seed.
        matching: Replications per point of moment matching; 0 = leave that step out.
        folder: Where runs are kept, so that a stopped calibration goes on; None = nowhere.
        told: Called with a title, how many are done and how many are asked.

    Raises:
        CalibrationError: The facts leave nothing, or too few runs were asked for these rates.
    """
    least = _LEAST_PER_RATE * prior.size
    if design < least:
        raise CalibrationError(
            f"{design} points in a wave are too few for {prior.size} rates: give at least {least}"
        )
    if not 1 <= waves <= 5:
        raise CalibrationError(f"{waves} waves: allowed is 1 to 5")
    steady = any(t.summary and t.summary.measure == "steady" for t in targets.fit)
    scenario = _long_enough(scenario, targets)
    # A full school hides a wrong inflow, so what must stay the same is what would come with unlimited seats.
    asked = held(scenario, unlimited=True) if steady else scenario
    wanted = tuple(t.summary for t in targets.all if t.summary)
    points = Points(asked, prior, wanted, seed, spread, folder, told)
    near = _near(scenario, points, matching) if steady and matching else None
    found = match(points, targets.fit, waves, design)
    where, what = _runs_left(points, found, targets.fit, RUNS_PER_POINT_OF_A_WAVE * design)
    last = found[-1].emulator
    n = len(targets.fit)
    likely = posterior(where, what[:, :n], targets.fit, last.chance[:n], seed)
    joint = likely.draws(draws, seed)
    facts = tuple(t for t in targets.all if t.summary or t.name in prior.names)
    return Calibration(
        prior, targets, _digest(prior, targets), Engine().digest(), seed, near, found, likely, len(where),
        prior.numbers(joint), findings.learned(likely, prior), findings.pairs(likely, prior, found[0].emulator, targets.fit),
        findings.directions(likely),
        findings.beside(likely, prior, last, facts, joint, seed),
        findings.conflicts(found[0].emulator, prior, facts, seed),
        findings.room(found[0].emulator, prior, facts, seed),
        findings.inside_together(likely, prior.central),
    )  # fmt: skip


def _near(scenario: Scenario, points: Points, replications: int) -> Fit:
    """Moment matching, told step by step, and kept."""
    title, steps = "moment matching", 4 * (points.prior.size + 1) + 2
    done = 0

    def spread(function: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]) -> list[Any]:
        nonlocal done
        done += 1
        points.told(title, min(done, steps - 1), steps)
        return points.spread(function, jobs)

    def make() -> Floats:
        found = fit(scenario, points.prior, spread, seed=points.seed, replications=replications)
        return np.concatenate([list(found.values.values()), found.seated.ravel(), found.unlimited.ravel()])

    flat = points.kept(f"moments-{replications}", make)
    points.told(title, steps, steps)
    values, stocks = flat[: points.prior.size], flat[points.prior.size :].reshape(2, YEARS, -1)
    return Fit(dict(zip(points.prior.names, values.tolist(), strict=True)), *stocks)


def _long_enough(scenario: Scenario, targets: Targets) -> Scenario:
    """The scenario over as many school years as the facts ask."""
    last = max((t.summary.year or 0 for t in targets.all if t.summary), default=0)
    asked = max(last - scenario.region.start.year + 1, YEARS + 1)
    return scenario.model_copy(update={"years": max(1, asked - scenario.region.replay_years)})


def _runs_left(
    points: Points, waves: tuple[Wave, ...], fit_: tuple[Target, ...], count: int
) -> tuple[Floats, Floats]:
    """Runs spread evenly over what is left of the prior: those of the waves that lie there, and new ones."""
    emulators = [w.emulator for w in waves]
    where, _ = sample(emulators, fit_, points.prior.size, count, points.seed + len(waves) + 1)
    what = points.run(where, (len(waves) + 1) * WAVE_STEP, "posterior")
    for wave in waves:
        left = plausible(emulators, fit_, wave.points)
        where, what = np.vstack([where, wave.points[left]]), np.vstack([what, wave.found[left]])
    return where, what


def _digest(prior: Prior, targets: Targets) -> str:
    facts = [[t.name, t.value, t.sampling, t.discrepancy, t.fitted] for t in targets.all]
    ranges = [[name, q.range, q.value] for name, q in zip(prior.names, prior.quantities, strict=True)]
    return hashlib.sha256(json.dumps([facts, ranges]).encode()).hexdigest()
