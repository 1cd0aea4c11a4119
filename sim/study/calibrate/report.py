"""What a calibration found, in words and tables (Markdown)."""

from __future__ import annotations

from collections.abc import Iterator

from sim.study.calibrate.calibrate import Calibration
from sim.study.calibrate.findings import LIKELY, SILENT, Beside, Conflict, Learned, Pair, Room
from sim.study.calibrate.targets import Target

_HALF = 0.5
_FAR = 1.5


def about(found: Calibration, made: str) -> dict[str, str]:
    """How a posterior was made, for the head of its file."""
    left = ", ".join(f"{w.left:.3f}" for w in found.waves)
    return {
        "what": "joint draws of fitted rates; each row is as likely as any other; made by 'doorstroom calibrate'",
        "made": made,
        "engine": found.engine,
        "targets": found.digest,
        "seed": str(found.seed),
        "runs": f"{found.runs} runs, {found.sample.accepted:.2f} of them accepted, worth {found.sample.size:.0f} draws",
        "left": f"share of the prior that each wave left: {left}",
    }


def sentences(found: Calibration) -> tuple[str, ...]:
    """The findings, one sentence or two each, with figures."""
    return tuple(_sentences(found))


def text(found: Calibration) -> str:
    """The whole report."""
    return "\n".join(_lines(found)) + "\n"


def _sentences(found: Calibration) -> Iterator[str]:
    known = int((found.directions <= _HALF).sum())
    yield (
        f"Of {found.prior.size} rates the data settle {known} combination(s) to half of what was known before or better; "
        f"the best-known combination is known to {found.directions[0]:.0%} of its prior width."
    )
    left = found.waves[-1].left
    yield f"History matching leaves {left:.1%} of the prior after {len(found.waves)} waves."
    silent = [x.name for x in found.learned if x.silent]
    if silent:
        yield (
            f"By themselves the data say next to nothing about {_and(silent)}: the posterior is at least {SILENT:.0%} as "
            "wide as what was assumed. These stay assumptions."
        )
    for pair in found.pairs:
        yield _pair(pair)
    if not found.pairs:
        yield "No two rates do so nearly the same to the facts that only their sum or difference can be known."
    outside = [x.name for x in found.learned if not x.inside]
    where = f"not for {_and(outside)}" if outside else "each of them"
    yield (
        f"The region's central values lie inside the 90 % that the posterior holds likely: {where}; together they lie "
        f"{'inside' if found.together >= 0.1 else 'OUTSIDE'} it ({found.together:.0%} of the posterior is farther out)."
    )
    for conflict in found.conflicts:
        yield _conflict(conflict)
    if not found.conflicts:
        yield "Every three facts can be true together for some values of these rates."
    yield from _beyond(found.room)
    for row in found.beside:
        if row.off > _FAR:
            kind = "used to fit" if row.target.fitted else "not used to fit"
            yield (
                f"{row.target.name} ({kind}): the fact is {_n(row.target.value)}, calibrated runs give {_n(row.median)} "
                f"({_n(row.low)} to {_n(row.high)}), {row.off:.1f} standard deviations off."
            )


def _pair(pair: Pair) -> str:
    what = "sum" if pair.alike > 0 else "difference"
    return (
        f"{pair.first} and {pair.second} do nearly the same to the facts that were fitted (cosine {pair.alike:+.2f}; "
        f"correlation in the posterior {pair.correlation:+.2f}): at most their {what} can be known, not each. Known best: "
        f"{pair.sharp:.0%} of what was open before; known worst: {pair.blunt:.0%}."
    )


def _conflict(conflict: Conflict) -> str:
    facts = "; ".join(
        f"{t.name} = {_n(t.value)} (nearest: {_n(x)})"
        for t, x in zip(conflict.targets, conflict.nearest, strict=True)
    )
    many = "These facts cannot all be true" if len(conflict.targets) > 1 else "This fact cannot be true"
    return (
        f"{many}, whatever these rates and with everything else in the region as it is: {facts}; at the nearest point "
        f"{conflict.off:.1f} standard deviations off."
    )


def _beyond(rows: tuple[Room, ...]) -> Iterator[str]:
    outside = [row for row in rows if row.gap]
    for words, those in (
        ("more than the facts themselves may be off", [r for r in outside if r.gap > 1]),
        ("less than the facts themselves may be off", [r for r in outside if r.gap <= 1]),
    ):
        if those:
            named = "; ".join(
                f"{r.target.name} = {_n(r.target.value)} ({_n(r.low)} to {_n(r.high)})" for r in those
            )
            yield (
                f"Rates that give every fitted fact to within {LIKELY:g} standard deviations do not give, by {words} (in "
                f"brackets what they give): {named}."
            )


def _lines(found: Calibration) -> Iterator[str]:
    yield "## Findings\n"
    yield from (f"- {s}" for s in sentences(found))
    yield "\n## Rates\n"
    if found.moments:
        yield "Matched = what moment matching gives; likely = 90 % of the posterior; width = posterior / prior.\n"
    yield "| rate | in the region | matched | likely | median | its range | width | |"
    yield "|---|--:|--:|---|--:|---|--:|---|"
    yield from (_rate(found, x) for x in found.learned)
    yield "\n## Facts beside calibrated runs\n"
    yield "| fact | use | value | calibrated runs, P10 to P90 | off (sd) | source |"
    yield "|---|---|--:|---|--:|---|"
    yield from (_fact(x) for x in found.beside)
    yield "\n## Emulators\n"
    yield (
        "Q² = share of the variance between runs that is foretold for runs held out; at most = what chance leaves to be "
        "foretold, so an emulator near it misses nothing.\n"
    )
    yield "| summary |" + "".join(f" wave {i + 1}: Q² | at most |" for i in range(len(found.waves)))
    yield "|---|" + "--:|--:|" * len(found.waves)
    measured = [t for t in found.targets.all if t.summary]
    for i, t in enumerate(measured):
        cells = "".join(f" {w.emulator.q2[i]:.2f} | {w.emulator.most[i]:.2f} |" for w in found.waves)
        yield f"| {t.name} |{cells}"


def _rate(found: Calibration, x: Learned) -> str:
    q = found.prior.quantities[found.prior.names.index(x.name)]
    assert q.range is not None
    matched = "" if found.moments is None else _n(found.moments.values[x.name])
    says = "says nothing" if x.silent else ""
    return (
        f"| {x.name} | {_n(x.value)} | {matched} | {_n(x.low)} to {_n(x.high)} | {_n(x.median)} | {_n(q.range[0])} to "
        f"{_n(q.range[1])} {q.unit} | {x.width:.0%} | {says} |"
    )


def _fact(x: Beside) -> str:
    t: Target = x.target
    use = "fitted" if t.fitted else "beside"
    return f"| {t.name} | {use} | {_n(t.value)} | {_n(x.median)} ({_n(x.low)} to {_n(x.high)}) | {x.off:.1f} | {t.source} |"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _n(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
