"""Almere's replay of 2023-26 beside every figure that was counted or published since, and beside what was not fitted.

Fifty replications on a seed that no other part and no fit uses, once with central values (the band is chance) and once
with drawn assumptions (chance and assumptions). Each line has a status. **fitted**: the fact, or part of it, set a number
of the region, so that it comes out proves nothing. **checked**: it was not used. **finding**: the model is off by more than
10 %, or the fact lies outside the band; the reason stands under Findings. Which fact set which number stands in one table
(`proof/replay_facts.py`), and the status follows from it. What the model has no count of is listed too, with the reason.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from proof import almere_counts as c
from proof import replay_counts, replay_facts
from proof.lines import NAMED, Line, page
from proof.pool import Map
from proof.replay_facts import BAND, FITTED, MEASURES, NOT_IN_MODEL, SHOWN, SITE, WHY, Measure
from proof.table import Part
from sim.data.facts import Fact, Facts, facts_of

RUNS, THIN_RUNS = 50, 4
NEAR_SHARE = 0.10
DRAWN = ", with drawn assumptions"
ABSENT = "Not in the model"
FITTED_, CHECKED, FINDING = "fitted", "checked", "finding"

Samples = dict[str, NDArray[np.float64]]


def checks(full: bool, spread: Map[c.Counts]) -> Iterator[Line]:
    """All lines: every measure with central values, then with drawn assumptions; then the facts without a measure."""
    facts, n = facts_of("almere"), RUNS if full else THIN_RUNS
    for variant, suffix in ((c.AS_IT_IS, ""), (c.DRAWN, DRAWN)):
        found = samples(spread(replay_counts.replicate, [(variant, r) for r in range(n)]))
        for measure in MEASURES:
            yield line(measure, facts, found[measure.key], suffix)
    for fact in replay_facts.unmeasured(facts):
        yield _absent(fact)


def samples(rows: Sequence[c.Counts]) -> Samples:
    """Each count in every replication; NaN where a replication has none."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: np.array([row.get(name, math.nan) for row in rows]) for name in names}


def line(measure: Measure, facts: Facts, values: NDArray[np.float64], suffix: str = "") -> Line:
    """One count beside its fact, with the status that follows.

    A line that is off holds when the reason is known, and fails when nobody wrote one. With drawn assumptions (`suffix`)
    nothing is judged; whether the band holds the fact stands in the notes.
    """
    used = measure.facts(facts)
    share = used[0].unit.startswith("%")
    scale = 0.01 if share else 1.0
    fact = scale * sum(x.value for x in used)
    x = values[~np.isnan(values)]
    mean, se = float(x.mean()), float(x.std(ddof=1) / math.sqrt(len(x)))
    low, high = (float(q) for q in np.quantile(x, (0.1, 0.9)))
    inside = round(low, 3) <= fact <= round(high, 3)  # shares are printed in tenths of a per cent
    fitted = _fitted(measure)
    state, rule, holds = FITTED_ if fitted else CHECKED, "beside", True
    if not suffix and measure.rule != SHOWN:
        rule = measure.rule
        if not (inside if rule == BAND else _near(mean, used, scale)):
            state, rule, holds = FINDING, NAMED, bool(measure.why)
    band = f"the band {'holds' if inside else 'does not hold'} the fact"
    notes = [state, *([f"sets {fitted}"] if fitted else []), band, *dict.fromkeys(x.source for x in used)]
    case, unit = measure.case + suffix, "share" if share else ""
    return Line(case, measure.what, fact, mean, se, len(x), rule, holds, low, high, "; ".join(notes), unit)


def _fitted(measure: Measure) -> str:
    """What the facts of a measure set in the region; empty when they set nothing."""
    return "; ".join(dict.fromkeys(filter(None, (replay_facts.of(FITTED, name) for name in measure.series))))


def _near(mean: float, facts: Sequence[Fact], scale: float) -> bool:
    fact = scale * sum(x.value for x in facts)
    if abs(mean - fact) <= NEAR_SHARE * abs(fact):
        return True
    if len(facts) > 1:
        return False
    low, high = facts[0].low, facts[0].high
    return low is not None and high is not None and scale * low <= mean <= scale * high


def _absent(fact: Fact) -> Line:
    reason = replay_facts.of(NOT_IN_MODEL, fact.series)
    what = f"{fact.series}, {fact.when} ({fact.unit})"
    return Line(
        ABSENT,
        what,
        fact.value,
        math.nan,
        0.0,
        0,
        "beside",
        bool(reason),
        beside=f"{reason}; {fact.source}",
    )


def state_of(x: Line) -> str:
    """The status of a line, as it stands in its notes."""
    return x.beside.split("; ")[0]


def findings(lines: Sequence[Line]) -> list[str]:
    """What stands in the lines, in words: how many of which status, what is off and why, and Olivijn."""
    judged = [x for x in lines if x.rule != "beside"]
    used = [x for x in judged if "sets " in x.beside]
    off = Counter(x in used for x in judged if state_of(x) == FINDING)
    absent = sum(x.case == ABSENT for x in lines)
    out = [
        f"**In all.** {len(judged)} counts beside a fact. {len(judged) - len(used)} were not used in fitting: "
        f"{len(judged) - len(used) - off[False]} come out right, {off[False]} are off. {len(used)} were used, which "
        f"proves nothing; {off[True]} of these are off all the same. "
        f"{absent} facts, most of after 1 August 2023, have no count in the model."
    ]
    named = {(x.case, x.what): x for x in judged if state_of(x) == FINDING}
    for name, (title, reason) in WHY.items():
        mine = [named[m.case, m.what] for m in MEASURES if m.why == name and (m.case, m.what) in named]
        if mine:
            out.append(f"**{title}.** {_listed(mine)}. {reason}")
    return [*out, *_olivijn(lines)]


def _listed(lines: Sequence[Line]) -> str:
    texts = [f"{x.what}: {_number(x.found, x.unit)} against {_number(x.expected, x.unit)}" for x in lines]
    return "; ".join(texts)


def _olivijn(lines: Sequence[Line]) -> Iterator[str]:
    """The band of chance and the band with assumptions of what Olivijn published."""
    found = {(x.case, x.what): x for x in lines}
    for what in ("children waiting", "empty seats"):
        chance, drawn = _band(found[SITE, what]), _band(found[SITE + DRAWN, what])
        used = ", of which its seats were made (178 + 8)" if what == "empty seats" else ""
        yield (
            f"**Olivijn, {what}.** Published {found[SITE, what].expected:.0f}{used}. The middle 80 % of the runs: by chance "
            f"{chance}, with assumptions {drawn}."
        )


def _band(x: Line) -> str:
    holds = "holds it" if x.low <= x.expected <= x.high else "does not hold it"
    return f"{_number(x.low, x.unit)} to {_number(x.high, x.unit)} ({holds})"


def _number(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:.3g}"


def _page(part: Part, lines: Sequence[Line]) -> str:
    """The usual page; facts without a count get a table of their own."""
    shown = [x for x in lines if x.case != ABSENT]
    rows = [
        f"| {x.what} | {x.expected:g} | {x.beside.replace('; ', ' | ', 1)} |"
        for x in lines
        if x.case == ABSENT
    ]
    head = ["| fact | published | why the model has no such count | source |", "|---|--:|---|---|"]
    return "\n".join([page(part, shown, findings(lines)), f"## {ABSENT}", "", *head, *rows, ""])


PART = Part(
    "replay",
    "Almere, from values not used in fitting",
    __doc__ or "",
    reads={"engine": ("sim/scenario", "sim/model", "sim/data"), "almere": ("scenarios/almere",)},
    seed=replay_counts.SEED,
    page=_page,
)
