"""The answer in words, made from the result: a direction is claimed only when the band leaves out zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np

from sim.app import texts
from sim.app.scene import (
    BARE,
    CHILDREN,
    FIGURES,
    ROWS,
    SEATS,
    WAITING,
    Scene,
    amount,
    children,
    difference_of,
    rounds_to_nothing,
)
from sim.charts.bands import Spread, level
from sim.charts.places import PlacesRow
from sim.indicators import INDICATORS
from sim.scenario.scenario import Scenario
from sim.study.results import FIXED, Series
from sim.study.statistics import band, mean

ALSO = ("K02.from_signal_oct", "K18.supported", "K18.unsupported", "K10.no_place")
BEFORE_THE_LIST = ("K02.from_signal_oct", "K34.count")
_NEARLY_FULL = 0.98
_LEVEL_CHANGE = 0.1


@dataclass(frozen=True)
class Figure:
    """One figure beside the list.

    Attributes:
        label: What is counted.
        value: The mean.
        range: Between which numbers eight in ten runs lie.
        change: The difference with carrying on, in words (empty when that itself is shown).
    """

    label: str
    value: str
    range: str
    change: str


@dataclass(frozen=True)
class OutcomeCell:
    """One cell of the table of outcomes: value, range and the difference with carrying on."""

    value: str
    range: str
    change: str


def sentence(scene: Scene) -> str:
    """One sentence with the answer, as HTML (only `<b>`)."""
    if not scene.compares:
        s = scene.level(WAITING)
        low, high = (children(v) for v in s.outer)
        text = texts.ANSWER_BASELINE.format(date=scene.date, low=low, high=high, eight=texts.EIGHT_IN_TEN)
        return _provisional(s, text)
    d = scene.difference(WAITING)
    words = {"name": escape(scene.names[scene.focus]), "date": scene.date, "eight": texts.EIGHT_IN_TEN}
    if d.nothing:
        return texts.ANSWER_SAME.format(**words)
    if claim(WAITING, d.outer):
        text = texts.ANSWER_CLEAR.format(**words, range=span(WAITING, d.outer, counted=True))
        return _provisional(d, text)
    if claim(WAITING, (d.low, d.high)):
        chance = span(WAITING, (d.low, d.high), counted=True)
        return texts.ANSWER_CHANCE_ONLY.format(**words, chance=chance, range=span(WAITING, d.outer))
    return _provisional(d, texts.ANSWER_UNCLEAR.format(**words, range=span(WAITING, d.outer)))


def also(scene: Scene) -> str:
    """What must be read beside the list: where those are who left it. Empty when nothing is clear."""
    if not scene.compares:
        return ""
    parts = []
    for indicator in ALSO:
        d = scene.difference(indicator)
        if claim(indicator, d.outer):
            parts.append(
                texts.ALSO_PART.format(
                    range=span(indicator, d.outer, counted=True), where=texts.WHERE[indicator]
                )
            )
    lines = [*closed_types(scene.scenario)]
    if parts:
        lines.append(texts.ALSO.format(parts=_and(parts)))
    return " ".join(lines)


def claim(indicator: str, outer: tuple[float, float]) -> int:
    """+1 or -1 when a band of differences allows to say "more" or "less" in the numbers on screen, else 0."""
    low, high = outer
    near = low if low > 0 else high if high < 0 else 0.0
    if near == 0.0 or rounds_to_nothing(indicator, near):
        return 0
    return 1 if near > 0 else -1


def span(indicator: str, outer: tuple[float, float], *, counted: bool = False) -> str:
    """A band of differences in words: "20 tot 45 minder", "van 5 minder tot 30 meer".

    Args:
        indicator: Decides unit and rounding.
        outer: The band.
        counted: Write the word of the unit too, where a table would leave it out.
    """
    low, high = outer
    unit = INDICATORS[indicator].unit
    word = counted or unit not in BARE
    if low < 0 < high:
        less, more = difference_of(unit, low), difference_of(unit, high, word=word)
        return texts.RANGE_BOTH_WAYS.format(low=less, high=more)
    near, far = sorted((abs(low), abs(high)))
    first, last = difference_of(unit, near), difference_of(unit, far, word=word)
    direction = texts.MORE if low + high > 0 else texts.LESS
    if first == difference_of(unit, far):
        return texts.RANGE_ONE_NUMBER.format(size=last, word=direction)
    return texts.RANGE_ONE_WAY.format(low=first, high=last, word=direction)


def closed_types(scenario: Scenario) -> Iterator[str]:
    """Types (or parts of them) that take no new children: their own list disappears, the children do not."""
    for path, changes in scenario.levers.items():
        owner, _, key = path.rpartition(".")
        if key == "intake" and any(change.set == 0 for change in changes):
            title = scenario.region.place_types[owner].title.nl
            whole = any(
                change.set == 0 and not (change.where.place or change.where.profile) for change in changes
            )
            yield (texts.NO_INTAKE if whole else texts.NO_INTAKE_PART).format(names=title)


def figures(scene: Scene) -> list[Figure]:
    """Who waits, who is at home, who is in a regular school with and without help."""
    found = []
    for indicator in FIGURES:
        s = scene.level(indicator)
        if s.known:
            change = _change(scene, indicator, scene.focus) if scene.compares else ""
            value, between = amount(indicator, s.middle), _between(indicator, s.outer)
            found.append(Figure(texts.FIGURES[indicator], value, between, change))
    return found


def waiting_title(scene: Scene) -> str:
    """The message of the chart of the list."""
    if scene.compares:
        side = claim(WAITING, scene.difference(WAITING).outer)
        if side < 0 and any(closed_types(scene.scenario)):
            return texts.CHART_WAIT_GONE
        if side < 0 and waits_elsewhere(scene):
            return texts.CHART_WAIT_ELSEWHERE
        return {1: texts.CHART_WAIT_UP, -1: texts.CHART_WAIT_DOWN, 0: texts.CHART_WAIT_UNCLEAR}[side]
    growth = _growth(scene)
    if growth is None or growth.direction == 0:
        return texts.CHART_WAIT_LEVEL
    return texts.CHART_WAIT_GROWS if growth.direction > 0 else texts.CHART_WAIT_SHRINKS


def waits_elsewhere(scene: Scene) -> bool:
    """True when a shorter list is no shorter wait: more children wait before they come on it."""
    return any(claim(i, scene.difference(i).outer) > 0 for i in BEFORE_THE_LIST)


def waiting_alt(scene: Scene) -> str:
    """The chart of the list in words, for who cannot see it."""
    years, points = scene.results.school_years, []
    for key, name in scene.names.items():
        first, last = (level(scene.results, WAITING, key, year) for year in (years[0], years[-1]))
        low, high = (children(v) for v in last.outer)
        points.append(
            texts.CHART_WAIT_ALT_POINT.format(
                name=name, first=children(first.middle), first_year=years[0], last=children(last.middle),
                last_year=years[-1], eight=texts.EIGHT_IN_TEN, low=low, high=high,
            )
        )  # fmt: skip
    return texts.CHART_WAIT_ALT.format(points="; ".join(points))


def places_rows(scene: Scene) -> list[PlacesRow]:
    """Children and places per kind of school, in the order of the region."""
    rows = []
    for kind, place_type in scene.results.baseline.region.place_types.items():
        here, seats, waits = (scene.level(i, kind) for i in (CHILDREN, SEATS, WAITING))
        if not here.known or not seats.known:
            continue
        before = scene.level(CHILDREN, kind, scene.baseline) if scene.compares else None
        label = texts.CHART_PLACES_LABEL.format(children=children(here.middle), seats=children(seats.middle))
        queue = texts.CHART_PLACES_WAITING.format(waiting=children(waits.middle)) if waits.known else ""
        rows.append(
            PlacesRow(
                kind,
                place_type.title.nl,
                here.middle,
                seats.middle,
                before.middle if before else None,
                label,
                queue,
            )
        )
    return rows


def places_title(rows: list[PlacesRow]) -> str:
    """The message of the chart of places; the names stand in the chart, in full below it."""
    over = sum(row.children > row.seats + 0.5 for row in rows)
    full = sum(row.seats > 0 and row.children >= _NEARLY_FULL * row.seats for row in rows)
    if over:
        return texts.CHART_PLACES_OVER.format(count=over, total=len(rows))
    if full:
        return texts.CHART_PLACES_FULL.format(count=full, total=len(rows))
    return texts.CHART_PLACES_ROOM


def places_alt(scene: Scene, rows: list[PlacesRow]) -> str:
    """The chart of places in words."""
    points = "; ".join(
        texts.CHART_PLACES_ALT_POINT.format(
            name=r.name, children=children(r.children), seats=children(r.seats)
        )
        for r in rows
    )
    return texts.CHART_PLACES_ALT.format(date=scene.date, points=points)


def abbreviations(scene: Scene) -> str:
    """What the short names of kinds of school stand for."""
    return " · ".join(
        texts.ABBREVIATION.format(short=t.title.nl, full=t.name.nl)
        for t in scene.results.baseline.region.place_types.values()
        if t.name and t.name.nl != t.title.nl
    )


def outcomes(scene: Scene) -> list[tuple[str, list[OutcomeCell]]]:
    """Rows of the table of outcomes: title, then one cell per scenario (carrying on first)."""
    wanted = [(i, "all", INDICATORS[i].title.nl) for i in ROWS]
    for kind, place_type in scene.results.baseline.region.place_types.items():
        name = texts.TABLE_COUNT_BY_TYPE.format(name=place_type.title.nl)
        wanted.insert(len(wanted) - len(ROWS) + 1, (WAITING, kind, name))
    rows = []
    for indicator, kind, title in wanted:
        cells = [_cell(scene, indicator, kind, key) for key in scene.names]
        if any(cell.value != "–" for cell in cells):
            rows.append((title, cells))
    return rows


def definitions() -> list[tuple[str, str]]:
    """Title and exact definition of each outcome in the table."""
    return [(INDICATORS[i].title.nl, INDICATORS[i].estimand.nl) for i in ROWS]


def _cell(scene: Scene, indicator: str, kind: str, scenario: str) -> OutcomeCell:
    s = scene.level(indicator, kind, scenario)
    if not s.known:
        return OutcomeCell("–", "", "")
    change = "" if scenario == scene.baseline else _change(scene, indicator, scenario, kind, runs=True)
    return OutcomeCell(amount(indicator, s.middle), _between(indicator, s.outer), change)


def _change(scene: Scene, indicator: str, scenario: str, kind: str = "all", *, runs: bool = False) -> str:
    d = scene.difference(indicator, kind, scenario)
    if not d.known:
        return ""
    if d.nothing:
        return texts.TABLE_SAME
    if not claim(indicator, d.outer):
        return texts.TABLE_UNCLEAR
    template = texts.TABLE_CHANGE if runs else texts.FIGURE_CHANGE
    return template.format(range=span(indicator, d.outer), agree=d.agree, runs=d.outer_runs)


def _growth(scene: Scene) -> Spread | None:
    """How much the list of the baseline grew since the first reported year, run by run."""
    results = scene.results
    at = results.positions.get(Series(WAITING))
    if at is None:
        return None
    values = results.values[scene.baseline, FIXED][:, at]
    years = results.school_years
    gap = values[:, years.index(scene.year)] - values[:, years.index(scene.first_year)]
    gap = gap[~np.isnan(gap)]
    if not len(gap) or abs(float(mean(gap))) < _LEVEL_CHANGE * float(mean(values.ravel())):
        return None
    low, high = band(gap)
    return Spread(float(mean(gap)), float(low), float(high), float("nan"), float("nan"), len(gap), 0)


def _provisional(s: Spread, text: str) -> str:
    """Mark a sentence that rests on chance alone, because the drawn assumptions are not there yet."""
    return text if s.has_wide else texts.PROVISIONAL.format(sentence=text)


def _between(indicator: str, outer: tuple[float, float]) -> str:
    low, high = (amount(indicator, v) for v in outer)
    if low == high:
        return ""
    return texts.FIGURE_RANGE.format(low=amount(indicator, outer[0], word=False), high=high)


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {texts.AND} {parts[-1]}"
