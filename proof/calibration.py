"""What the facts say about eight rates of Almere, and what they cannot say.

`doorstroom calibrate almere` does the same and explains itself in docs/calibration.md. What was used to fit is fitted, never
validated; the facts laid beside were not used. There is one count of Almere: that its stocks stay as they are is an
assumption, not data. Growth and trend are off and seats are unlimited, because a full school hides a wrong inflow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from proof.lines import CROSS, Line, page
from proof.pool import Map
from proof.table import REPO, Part
from sim import load
from sim.data.facts import facts_of
from sim.study.calibrate.calibrate import Calibration, calibrate
from sim.study.calibrate.findings import LIKELY
from sim.study.calibrate.prior import Floats, prior_of
from sim.study.calibrate.report import sentences
from sim.study.calibrate.summaries import summary_of
from sim.study.calibrate.targets import TARGETS, Target, Targets, read_targets
from sim.study.calibrate.waves import LIMIT

SEED, REGION = 1, "almere"
RUNS = REPO / "results" / "calibration" / REGION / "runs"
FINDINGS = "Findings"
NAN = float("nan")


def checks(full: bool, spread: Map[Floats]) -> Iterator[Line]:
    """All lines: of Almere, or (thin) of a made-up region in seconds."""
    found = almere(spread) if full else made_up(spread)
    yield from _rates(found)
    yield from _facts(found)
    yield from _cannot(found)
    yield from _emulators(found)
    if full:
        yield _written(found)
    for text in sentences(found):
        yield Line(FINDINGS, text, NAN, NAN, 0.0, found.runs, "beside", True)


def almere(spread: Map[Floats]) -> Calibration:
    """The calibration of Almere as the command does it; runs that were kept are used."""
    scenario = load("baseline")
    targets = read_targets(REPO / "scenarios" / REGION / TARGETS, scenario.region, facts_of(REGION))
    return calibrate(scenario, prior_of(scenario, targets.rates), targets, spread, seed=SEED, folder=RUNS)


def made_up(spread: Map[Floats]) -> Calibration:
    """The toy of the recovery with facts that its central values give, and one that cannot be."""
    scenario = load("toy/calibration/baseline")
    names = ("sources.referrals.rate", "sources.direct.rate")
    rows = (
        ("entries lighter 2030", 45.0, True),
        ("entries heavier 2030", 27.0, True),
        ("stay lighter", 30.0, False),
    )
    facts = [Target(summary_of(name), name, value, None, 0.05 * value, fit) for name, value, fit in rows]
    targets = Targets(names, tuple(t for t in facts if t.fitted), tuple(t for t in facts if not t.fitted))
    return calibrate(scenario, prior_of(scenario, names), targets, spread, waves=1, design=20, draws=20)


def _rates(found: Calibration) -> Iterator[Line]:
    for x in found.learned:
        said = f"median; posterior {x.width:.0%} as wide as the range"
        yield Line(
            "Rates: the 90 % that the facts leave (in place of P10 to P90), beside the value in the region", x.name, x.value,
            x.median, 0.0, found.runs, "the region's value lies inside", x.inside, x.low, x.high, said,
        )  # fmt: skip
    case = "All rates together"
    yield Line(
        case, "share of the posterior farther out than the region's values", NAN, found.together, 0.0, found.runs,
        "at least 10 %: they lie inside the joint 90 %", found.together >= 0.1, unit="share",
    )  # fmt: skip
    for i, wide in enumerate(found.directions):
        what = f"width of combination {i + 1} of the rates, as a share of its prior width"
        yield Line(case, what, NAN, float(wide), 0.0, found.runs, "beside", True, unit="share")
    for pair in found.pairs:
        case = "Rates that do nearly the same to the fitted facts: cosine of what they do"
        what = f"{pair.first} with {pair.second}"
        said = f"correlation in the posterior {pair.correlation:+.2f}"
        yield Line(case, what, NAN, pair.alike, 0.0, found.runs, "beside", True, beside=said)
    if found.moments is not None:
        for name, value in found.moments.values.items():
            q = found.prior.quantities[found.prior.names.index(name)]
            assert q.range is not None
            low, high = q.range
            yield Line(
                "Moment matching, step one",
                name,
                q.value,
                value,
                0.0,
                10,
                "beside",
                True,
                low,
                high,
                "the region",
            )


def _facts(found: Calibration) -> Iterator[Line]:
    for x in found.beside:
        case = "Facts used to fit (fitted)" if x.target.fitted else "Facts laid beside (not used to fit)"
        said = f"{x.off:.1f} standard deviations off; {x.target.source}"
        yield Line(
            case, x.target.name, x.target.value, x.median, 0.0, found.runs, "beside", True, x.low, x.high, said
        )  # fmt: skip


def _cannot(found: Calibration) -> Iterator[Line]:
    for c in found.conflicts:
        names = " and ".join(t.name for t in c.targets)
        case = f"Facts that cannot all be true: distance in standard deviations at the nearest point, above {LIMIT:g}"
        yield Line(case, names, LIMIT, c.off, 0.0, found.runs, "beside", True)
    for x in found.room:
        t = x.target
        case = f"What rates can give that give every fitted fact to within {LIKELY:g} standard deviations (lowest to highest)"
        nearest, said = (
            float(np.clip(t.value, x.low, x.high)),
            f"OUTSIDE by {x.gap:.1f} of its own tolerance" if x.gap else "inside",
        )
        yield Line(case, t.name, t.value, nearest, 0.0, found.runs, "beside", True, x.low, x.high, said)


def _emulators(found: Calibration) -> Iterator[Line]:
    measured = [t for t in found.targets.all if t.summary]
    for i, t in enumerate(measured):
        for number, wave in enumerate(found.waves, start=1):
            for column, value in (("Q²", wave.emulator.q2[i]), ("at most", wave.emulator.most[i])):
                case = "Emulators: share of the variance between runs foretold for held-out runs, beside what chance leaves"
                what = f"{t.name}{CROSS}{column}, wave {number}"
                yield Line(case, what, NAN, float(value), 0.0, len(wave.points), "beside", True, unit="share")


def _written(found: Calibration) -> Line:
    """The file beside the region holds these draws (to the five digits that it keeps)."""
    joint = load("baseline").posterior
    same = np.shape(joint.rows) == found.draws.shape and np.isclose(joint.rows, found.draws, rtol=1e-4).all(
        axis=1
    )
    count, n = int(np.sum(same)), len(found.draws)
    rule = "all of them: 'doorstroom calibrate almere --write' after a change"
    return Line(
        "The file posterior.csv", "draws in it that are these", n, count, 0.0, found.runs, rule, count == n
    )


def _page(part: Part, lines: Sequence[Line]) -> str:
    return page(part, [x for x in lines if x.case != FINDINGS], [x.what for x in lines if x.case == FINDINGS])


PART = Part(
    "calibration",
    "Calibration of Almere",
    __doc__ or "",
    reads={
        "engine": ("sim/scenario", "sim/model"),
        "calibration": ("sim/study/calibrate",),
        "almere": ("scenarios/almere",),
    },
    seed=SEED,
    page=_page,
)
