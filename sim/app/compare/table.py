"""Vergelijk, the outcomes: the table, the intervals, and each difference in words. Pure: results in, words and rows out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.app.answer import claim, closed_types, rounded_ends, span
from sim.app.language import words
from sim.app.scene import MILLION, MISSED, Scene, amount
from sim.charts.bands import Among, Spread, fewest, level
from sim.charts.intervals import IntervalRow
from sim.charts.numbers import number
from sim.study.results import DRAWN, FIXED
from sim.study.shortage import SHORT, WAITING

S, T = words("shared"), words("compare")
LACKING, SIGNAL, WAIT, EMPTY, MONEY, STAFF = (
    "K34.count", "K02.from_signal_oct", "K04.median", "K22.empty_oct", "K28.total", "K26.gap",
)  # fmt: skip
COLUMNS = (WAITING, MISSED, LACKING, WAIT, SHORT, EMPTY, MONEY, STAFF)
"""Outcomes beside each other, in this order."""
COUNTED = tuple(o for o in COLUMNS if o != SHORT)
"""Those that are indicators, and not worked out from several."""
BEFORE_THE_LIST = (SIGNAL, LACKING)


@dataclass(frozen=True)
class Cell:
    """One outcome of one scenario.

    Attributes:
        value: The mean.
        range: Where eight in ten runs lie.
        change: The difference in words, with its mark; empty for what is compared with.
        runs: In how many runs, when a direction is claimed.
    """

    value: str
    range: str
    change: str = ""
    runs: str = ""


@dataclass(frozen=True)
class Line:
    """One scenario in the table."""

    id: str
    name: str
    cells: tuple[Cell, ...]
    baseline: bool = False
    note: str = ""


def others(scene: Scene) -> dict[str, str]:
    """Scenario id -> name, of all that is compared; without what it is compared with."""
    return {key: capital(name) for key, name in scene.names.items() if key != scene.baseline}


def lines(scene: Scene) -> list[Line]:
    """The table of outcomes: what is compared with first, then the others in the order chosen."""
    found = []
    shared = among(scene)
    for key, name in scene.names.items():
        baseline = key == scene.baseline
        cells = tuple(_cell(scene, outcome, key, shared, baseline=baseline) for outcome in COLUMNS)
        note = "" if baseline or all_counted(scene, key) else str(T.PROVISIONAL)
        found.append(Line(key, capital(name), cells, baseline, note))
    return found


def among(scene: Scene) -> Among:
    """Per mode the runs of which all that is shown is there: levels beside each other have the same luck.

    A scenario with fewer than six pairs is not shown, so that it takes no runs away from the others.
    """
    done = scene.results.done
    found = {}
    for mode in (m for m in (FIXED, DRAWN) if m in scene.results.modes):
        found[mode] = done[scene.baseline, mode].copy()
        for key in scene.names:
            if _has_pairs(scene, key, FIXED) and _has_pairs(scene, key, mode):
                found[mode] &= done[key, mode]
    return found


def _has_pairs(scene: Scene, scenario: str, mode: str) -> bool:
    """True when enough runs of a mode are there, both of the scenario and of what it is compared with."""
    if mode not in scene.results.modes:
        return False
    both = scene.results.done[scene.baseline, mode] & scene.results.done[scenario, mode]
    return int(both.sum()) >= fewest(scene.results.replications)


def _cell(scene: Scene, outcome: str, scenario: str, shared: Among, *, baseline: bool) -> Cell:
    if not _has_pairs(scene, scenario, FIXED):
        return Cell("–", "", str(T.CHANGE_LATER))
    s = level(scene.results, outcome, scenario, scene.year, among=shared)
    if not s.enough or math.isnan(s.middle):
        return Cell("–", "")
    found = Cell(number_of(outcome, s.middle), between(outcome, s))
    if baseline:
        return found
    if not all_counted(scene, scenario):
        return replace(found, change=str(T.CHANGE_LATER))
    return replace(found, **change(scene, outcome, scenario))


def between(outcome: str, s: Spread) -> str:
    """Where eight in ten runs lie, in words."""
    low, high = (number_of(outcome, v) for v in s.outer)
    if low == high:
        return str(T.ABOUT.format(value=high))
    return str(S.RANGE.format(low=_wordless(outcome, s.outer[0]), high=high))


def change(scene: Scene, outcome: str, scenario: str) -> dict[str, str]:
    """A difference with its mark and words ("▼ 20 tot 45 minder"), and in how many runs."""
    d = scene.difference(outcome, scenario=scenario)
    side = certain(outcome, d)
    if not side:
        return {"change": difference_words(outcome, d) if d.enough else ""}
    text = said(outcome, d.outer)
    runs = T.RUNS.format(agree=d.agree, runs=d.outer_runs)
    return {"change": (T.UP if side > 0 else T.DOWN).format(text=text), "runs": runs}


def certain(outcome: str, d: Spread) -> int:
    """+1 or -1 when a difference may be called more or less: chance and assumptions both leave out zero."""
    return claim(outcome, d.outer) if d.has_wide else 0


def said(outcome: str, outer: tuple[float, float], *, counted: bool = False) -> str:
    """A band of differences in words; money in millions. An end that rounds to nothing has no direction."""
    if outcome != MONEY:
        return span(outcome, outer, counted=counted)
    low, high = rounded_ends(outcome, outer)
    if low < 0 < high:
        return str(T.MILLIONS_BOTH.format(low=millions(-low), high=millions(high)))
    near, far = sorted((abs(low), abs(high)))
    word = S.MORE if low + high > 0 else T.LESS_MONEY
    return str(T.MILLIONS.format(low=millions(near), high=millions(far), word=word))


def millions(euros: float) -> str:
    """Money in millions of euros: of a whole budget one digit behind the comma, of less two."""
    return number(euros / MILLION, 1 if abs(euros) >= 10 * MILLION else 2)


def number_of(outcome: str, value: float) -> str:
    """A number with its sign; only weeks stand with their word."""
    return millions(value) if outcome == MONEY else amount(outcome, value, word=outcome == WAIT)


def _wordless(outcome: str, value: float) -> str:
    return millions(value) if outcome == MONEY else amount(outcome, value, word=False)


def cautions(scene: Scene) -> list[str]:
    """What must be read beside the table: who leaves a list, and who is not counted in missed weeks.

    A warning needs less proof than a claim: chance alone decides here.
    """
    found = []
    for key, name in others(scene).items():
        fewer = _by_chance(scene, MISSED, key) < 0
        if fewer and any(_by_chance(scene, i, key) > 0 for i in BEFORE_THE_LIST):
            found.append(T.BEFORE_THE_LIST.format(name=name))
        found += [
            T.LIST_GONE.format(name=name, text=text) for text in closed_types(scene.results.scenario(key))
        ]
    return found


def _by_chance(scene: Scene, outcome: str, scenario: str) -> int:
    d = scene.difference(outcome, scenario=scenario)
    return claim(outcome, (d.low, d.high)) if d.enough else 0


def has_assumptions(scene: Scene) -> bool:
    """True when enough futures were drawn for the wide bands."""
    return all(all_counted(scene, key) for key in scene.names)


def all_counted(scene: Scene, scenario: str) -> bool:
    """True when there are enough pairs of a scenario, with central values and with drawn assumptions."""
    return _has_pairs(scene, scenario, FIXED) and _has_pairs(scene, scenario, DRAWN)


# --- intervals ---


def interval_rows(scene: Scene, outcome: str, *, gap: bool) -> list[IntervalRow]:
    """One row per scenario: its difference, or its level with what it is compared with above it."""
    found = []
    shared = among(scene)
    for key, name in scene.names.items():
        baseline = key == scene.baseline
        if (gap and baseline) or not _has_pairs(scene, key, FIXED):
            continue
        if gap:
            s = scene.difference(outcome, scenario=key)
            label = difference_words(outcome, s) if all_counted(scene, key) else str(T.CHANGE_LATER)
        else:
            s = level(scene.results, outcome, key, scene.year, among=shared)
            label = str(T.LEVEL.format(value=number_of(outcome, s.middle), range=between(outcome, s)))
        if not s.enough or math.isnan(s.middle):
            continue
        found.append(IntervalRow(capital(name), in_millions(s) if outcome == MONEY else s, label, baseline))
    return found


def in_millions(s: Spread) -> Spread:
    """The same money in millions of euros, for an axis."""
    ends = {name: getattr(s, name) / MILLION for name in ("middle", "low", "high", "wide_low", "wide_high")}
    return replace(s, **ends)


def difference_words(outcome: str, d: Spread) -> str:
    """The difference in a few words, without a direction that is not certain."""
    if d.nothing:
        return str(S.DIFFERENCE_NONE)
    return said(outcome, d.outer) if certain(outcome, d) else str(S.DIFFERENCE_UNCLEAR)


def intervals_title(scene: Scene, outcome: str, *, gap: bool) -> str:
    """The message: with how many the difference is larger than chance and assumptions."""
    if not gap:
        return str(T.TITLE_LEVELS)
    if not has_assumptions(scene):
        return str(T.TITLE_PROVISIONAL)
    named = others(scene)
    count = sum(bool(certain(outcome, scene.difference(outcome, scenario=key))) for key in named)
    template = T.TITLE_ALL if count == len(named) else T.TITLE_SOME if count else T.TITLE_NONE
    return str(template.format(count=count, total=len(named)))


def counted(scene: Scene, outcome: str, *, gap: bool) -> str:
    """What is counted, and when."""
    template = T.COUNTED_GAP if gap else T.COUNTED
    return str(template.format(outcome=outcome_name(outcome), year=scene.year))


def outcome_name(outcome: str) -> str:
    """An outcome as it is called above the table."""
    name: str = T.COLUMNS[outcome]
    return name


def intervals_alt(rows: Sequence[IntervalRow], outcome: str) -> str:
    """The chart in words."""
    scale = MILLION if outcome == MONEY else 1.0
    points = "; ".join(
        T.INTERVALS_POINT.format(
            name=row.name, middle=number_of(outcome, row.spread.middle * scale),
            low=_wordless(outcome, row.spread.outer[0] * scale), high=number_of(outcome, row.spread.outer[1] * scale),
        )
        for row in rows
    )  # fmt: skip
    return str(T.INTERVALS_ALT.format(points=points))


def intervals_table(rows: Sequence[IntervalRow], outcome: str) -> list[tuple[str, ...]]:
    """The numbers of the chart."""
    scale = MILLION if outcome == MONEY else 1.0

    def between(low: float, high: float) -> str:
        if math.isnan(low):
            return "–"
        return str(S.RANGE.format(low=_wordless(outcome, low * scale), high=number_of(outcome, high * scale)))

    return [
        (
            row.name, number_of(outcome, row.spread.middle * scale), between(row.spread.low, row.spread.high),
            between(row.spread.wide_low, row.spread.wide_high), row.label,
        )
        for row in rows
    ]  # fmt: skip


def pairs(scene: Scene, outcome: str) -> list[str]:
    """Each difference in words, pair by pair."""
    found = []
    for key, name in others(scene).items():
        d = scene.difference(outcome, scenario=key)
        known = d.enough and not math.isnan(d.middle)
        side = certain(outcome, d)
        kind = "unknown" if not known else "same" if d.nothing else {1: "up", -1: "down", 0: "unclear"}[side]
        range_ = said(outcome, d.outer, counted=True) if known else ""
        said_of = T.PAIRS[kind].format(
            name=name, agree=d.agree, runs=d.outer_runs, against=scene.against, range=range_
        )
        found.append(said_of if all_counted(scene, key) else str(T.PAIRS_LATER.format(name=name)))
    return found


def capital(text: str) -> str:
    """A name at the beginning of a line."""
    return text[:1].upper() + text[1:]
