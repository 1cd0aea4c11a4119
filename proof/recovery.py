"""A calibration finds known rates back, as often as it promises.

A made-up region with four rates (`scenarios/toy/calibration`). In each of 40 trials true rates are drawn from their ranges and
one world is simulated: six yearly counts of children, entries and leavers of two types. From these alone the posterior is
made, with the same function as for a real region. Its 90 % must hold the truth in 90 % of the trials: per rate, the Wilson
interval of what was found must include 0.90. Too narrow a posterior fails; too wide a one is reported. With the last year
withheld the posterior must be wider. One set of runs spread over the ranges serves all trials.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from proof.lines import Line, page
from proof.pool import Map
from proof.table import Part
from sim import load
from sim.study.calibrate.points import Points
from sim.study.calibrate.posterior import Sample, posterior
from sim.study.calibrate.prior import Floats, prior_of
from sim.study.calibrate.summaries import Summary
from sim.study.calibrate.targets import Target
from sim.study.calibrate.waves import latin

SEED, TRIALS, RUNS, LEVEL = 40_902, 40, 3000, 0.9
RATES = (
    "sources.referrals.rate",
    "sources.direct.rate",
    "place_types.lighter.review.moves.heavier.rate",
    "place_types.heavier.review.back",
)
YEARS = range(2027, 2033)
WANTED = tuple(
    Summary(measure, (t,), year=year)
    for year in YEARS
    for measure in ("stock", "entries", "leavers")
    for t in ("lighter", "heavier")
)
_TRUTHS = 500_000  # replication numbers of the worlds: no run of the design shares one
_NORMAL = 1.959964


def checks(full: bool, spread: Map[Floats]) -> Iterator[Line]:
    """All lines."""
    runs, trials = (RUNS, TRIALS) if full else (300, 4)
    points, found, truth, worlds = simulated(spread, runs, trials)
    samples = [learn(points, found, world, len(WANTED)) for world in worlds]
    shorter = [learn(points, found, world, len(WANTED) - len(WANTED) // len(YEARS)) for world in worlds]
    for i, name in enumerate(RATES):
        yield coverage(name, [covers(s, i, u[i]) for s, u in zip(samples, truth, strict=True)])
    for i, name in enumerate(RATES):
        yield wider(name, [width(b, i) / width(a, i) for a, b in zip(samples, shorter, strict=True)])
    both = [_volume(b) / _volume(a) for a, b in zip(samples, shorter, strict=True)]
    yield wider("all rates together (geometric mean of their widths)", both, errors=2)


def simulated(spread: Map[Floats], runs: int, trials: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Runs all over the ranges, and true rates with the world that each gives."""
    scenario = load("toy/calibration/baseline")
    points = Points(scenario, prior_of(scenario, RATES), WANTED, SEED, spread)
    design = latin(len(RATES), runs, SEED)
    truth = np.random.default_rng([SEED, 1]).random((trials, len(RATES)))
    return design, points.run(design, 0, "design"), truth, points.run(truth, _TRUTHS, "worlds")


def learn(points: Floats, found: Floats, world: Floats, known: int) -> Sample:
    """The posterior from the first `known` numbers of one world, whose chance is that of one run."""
    targets = tuple(
        Target(s, str(s), float(x), None, 0.0) for s, x in zip(WANTED[:known], world[:known], strict=True)
    )
    return posterior(points, found[:, :known], targets, np.zeros(known), SEED)


def covers(sample: Sample, rate: int, truth: float) -> bool:
    """Whether the 90 % interval holds the truth."""
    low, high = (sample.quantile(q)[rate] for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return bool(low <= truth <= high)


def width(sample: Sample, rate: int) -> float:
    """Width of the 90 % interval, as a share of the range."""
    return float(sample.quantile((1 + LEVEL) / 2)[rate] - sample.quantile((1 - LEVEL) / 2)[rate])


def coverage(name: str, held: list[bool]) -> Line:
    """The Wilson interval of the coverage must include the promise; above it is said, and no fault."""
    n, share = len(held), float(np.mean(held))
    low, high = wilson(sum(held), n)
    said = "wider than promised" if low > LEVEL else ""
    return Line(
        "The 90 % posterior holds the truth", name, LEVEL, share, math.sqrt(share * (1 - share) / n), n,
        "Wilson 95 % interval (in place of P10 to P90) reaches 90 %", high >= LEVEL, low, high, said, "share",
    )  # fmt: skip


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson 95 % interval of a share (Wilson, 1927)."""
    z2, p = _NORMAL**2, hits / n
    middle, half = p + z2 / (2 * n), _NORMAL * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)


def wider(name: str, ratios: list[float], errors: int = 0) -> Line:
    """The mean of paired ratios of widths must exceed 1, by so many standard errors."""
    x = np.array(ratios)
    se = float(x.std(ddof=1) / np.sqrt(len(x)))
    mean = float(x.mean())
    rule = "mean of width without / with it above 1" + (f" by {errors} standard errors" if errors else "")
    low, high = (float(q) for q in np.quantile(x, (0.1, 0.9)))
    case = "Wider when the last year is withheld"
    return Line(case, name, 1.0, mean, se, len(x), rule, mean - errors * se > 1.0, low, high)


def _volume(sample: Sample) -> float:
    return float(np.exp(np.mean([np.log(width(sample, i)) for i in range(len(RATES))])))


PART = Part(
    "recovery",
    "Calibration finds known rates back",
    __doc__ or "",
    reads={
        "engine": ("sim/scenario", "sim/model"),
        "calibration": ("sim/study/calibrate",),
        "toy": ("scenarios/toy/calibration",),
    },
    seed=SEED,
    page=lambda part, lines: page(part, lines, ()),
)
