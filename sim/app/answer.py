"""The answer in words, made from the result: a direction is claimed only when the band leaves out zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np

from sim.app.language import own, words
from sim.app.scene import (
    BARE,
    FIGURES,
    MISSED,
    ROWS,
    Scene,
    amount,
    children,
    difference_of,
    rounds_to_nothing,
    unit_of,
)
from sim.charts.bands import Spread, level
from sim.charts.places import PlacesRow
from sim.indicators import INDICATORS
from sim.scenario.scenario import Scenario
from sim.study.compare import REPORTED
from sim.study.results import FIXED, MEASURED, Results, Series
from sim.study.shortage import CHILDREN, SEATS, WAITING
from sim.study.statistics import Floats, band, half_width, mean

S, T = words("shared"), words("explore")
ALSO = ("K02.from_signal_oct", "K18.supported", "K18.unsupported", "K10.no_place")
BEFORE_THE_LIST = ("K02.from_signal_oct", "K34.count")
_NEARLY_FULL = 0.98
_LEVEL_CHANGE = 0.1
# Less than this of a difference is nothing, and more than that is all of it, in words.
_NOTHING, _ALL = 0.05, 0.95
# Fewer runs than this with measured effects only say nothing.
_FEWEST = 6


@dataclass(frozen=True)
class When:
    """One school year in which the figures are shown, with its words ("over 4 jaar")."""

    year: str
    words: str


@dataclass(frozen=True)
class Cell:
    """A value, between which numbers eight in ten runs lie, and the difference with carrying on, in words."""

    value: str
    range: str
    change: str


@dataclass(frozen=True)
class Figure:
    """One of the figures on the first screen.

    Attributes:
        id: Indicator, or the derived outcome.
        label: What is counted.
        help: Over what, and when.
        cells: One per school year shown.
    """

    id: str
    label: str
    help: str
    cells: tuple[Cell, ...]


def sentence(scene: Scene) -> str:
    """One sentence with the answer, as HTML (only `<b>`)."""
    if not scene.compares:
        s = scene.level(WAITING)
        low, high = (children(v) for v in s.outer)
        text = T.ANSWER_BASELINE.format(date=scene.date, low=low, high=high, eight=S.EIGHT_IN_TEN)
        return _provisional(scene, s, text)
    d = scene.difference(WAITING)
    words = {"name": escape(scene.names[scene.focus]), "date": scene.date, "eight": S.EIGHT_IN_TEN}
    if d.nothing:
        return T.ANSWER_SAME.format(**words)
    if claim(WAITING, d.outer):
        # Chance alone says less than it seems to: until assumptions count, nothing is called likely.
        template = T.ANSWER_CLEAR if d.has_wide else T.ANSWER_EARLY
        text = template.format(**words, range=span(WAITING, d.outer, counted=True))
        return _provisional(scene, d, text)
    if claim(WAITING, (d.low, d.high)):
        chance = span(WAITING, (d.low, d.high), counted=True)
        text = T.ANSWER_CHANCE_ONLY.format(**words, chance=chance, range=span(WAITING, d.outer))
        return _provisional(scene, d, text)
    return _provisional(scene, d, T.ANSWER_UNCLEAR.format(**words, range=span(WAITING, d.outer)))


def also(scene: Scene) -> str:
    """What must be read beside the list: where those are who left it. Empty when nothing is clear."""
    if not scene.compares:
        return ""
    parts = []
    for indicator in ALSO:
        d = scene.difference(indicator)
        if claim(indicator, d.outer):
            parts.append(
                T.ALSO_PART.format(range=span(indicator, d.outer, counted=True), where=T.WHERE[indicator])
            )
    lines = [*closed_types(scene.scenario)]
    if parts:
        lines.append(T.ALSO.format(parts=_and(parts)))
    return " ".join(lines)


def claim(indicator: str, outer: tuple[float, float]) -> int:
    """+1 or -1 when a band of differences allows to say "more" or "less" in the numbers on screen, else 0."""
    low, high = outer
    near = low if low > 0 else high if high < 0 else 0.0
    if near == 0.0 or rounds_to_nothing(indicator, near, max(abs(low), abs(high))):
        return 0
    return 1 if near > 0 else -1


def span(indicator: str, outer: tuple[float, float], *, counted: bool = False, bare: bool = False) -> str:
    """A band of differences in words: "20 tot 45 minder", "van 5 minder tot 30 meer".

    Args:
        indicator: Decides unit and rounding.
        outer: The band.
        counted: Write the word of the unit too, where a table would leave it out.
        bare: Leave out the word of any unit, because the label says it.
    """
    low, high = outer
    unit, most = unit_of(indicator), max(abs(low), abs(high))
    word = not bare and (counted or unit not in BARE)
    if low < 0 < high:
        less = difference_of(unit, low, largest=most)
        more = difference_of(unit, high, word=word, largest=most)
        return S.RANGE_BOTH_WAYS.format(low=less, high=more)
    near, far = sorted((abs(low), abs(high)))
    first = difference_of(unit, near, largest=most)
    last = difference_of(unit, far, word=word)
    direction = S.MORE if low + high > 0 else S.LESS
    if first == difference_of(unit, far):
        return S.RANGE_ONE_NUMBER.format(size=last, word=direction)
    return S.RANGE_ONE_WAY.format(low=first, high=last, word=direction)


def closed_types(scenario: Scenario) -> Iterator[str]:
    """Types (or parts of them) that take no new children: their own list disappears, the children do not."""
    for path, changes in scenario.levers.items():
        owner, _, key = path.rpartition(".")
        if key == "intake" and any(change.set == 0 for change in changes):
            title = own(scenario.region.place_types[owner].title)
            whole = any(
                change.set == 0 and not (change.where.place or change.where.profile) for change in changes
            )
            yield (T.NO_INTAKE if whole else T.NO_INTAKE_PART).format(names=title)


def whens(results: Results) -> tuple[When, ...]:
    """Next school year, in four years, and the last one; fewer when fewer years are reported.

    The first reported year has begun already, so nothing that is decided now acts in it.
    """
    years = results.reported_years
    named = {1: T.WHEN["next"], REPORTED[1]: T.WHEN["four"]}
    last = T.WHEN["last"] if len(years) == REPORTED[2] else T.WHEN["other"]
    at = sorted({min(i, len(years) - 1) for i in (*named, len(years) - 1)})
    return tuple(When(years[i], named.get(i, last) if i < len(years) - 1 else last) for i in at)


def figures(scene: Scene) -> tuple[Figure, ...]:
    """Who waits, what is missed and what is short, through the years."""
    found = []
    for indicator in FIGURES:
        cells = []
        for when in whens(scene.results):
            s = scene.level(indicator, year=when.year)
            change = _change(scene, indicator, scene.focus, year=when.year) if scene.compares else ""
            known = s.known and not np.isnan(s.middle)
            cells.append(
                Cell(_plain(indicator, s.middle), _between(indicator, s.outer, plain=True), change)
                if known
                else Cell("–", "", "")
            )
        if any(cell.range or cell.value != "–" for cell in cells):
            found.append(Figure(indicator, T.FIGURES[indicator], T.FIGURES_HELP[indicator], tuple(cells)))
    return tuple(found)


def misses_before_the_list(scene: Scene) -> bool:
    """True when fewer missed weeks may be no gain: more children wait before the list, and they are not counted."""
    return scene.compares and waits_elsewhere(scene) and claim(MISSED, scene.difference(MISSED).outer) < 0


def backed(scene: Scene) -> str:
    """How much of the difference in waiting is left without effects that nobody measured, in words.

    Source: the zero-out share of the method (assumption strength, headline).
    """
    results, at = scene.results, scene.results.positions.get(Series(WAITING))
    if not scene.compares or at is None:
        return ""
    year = results.school_years.index(scene.year)
    gaps = {}
    for mode in (FIXED, MEASURED):
        cells = [(key, mode) for key in (scene.focus, scene.baseline)]
        if any(cell not in results.values for cell in cells):
            return T.BACKED_BUSY
        here, there = (results.values[cell][:, at, year] for cell in cells)
        gaps[mode] = (here - there)[~np.isnan(here - there)]
    whole, rest = gaps[FIXED], gaps[MEASURED]
    if len(rest) < min(len(whole), _FEWEST):
        return T.BACKED_BUSY
    centre = float(mean(whole))
    if not claim(WAITING, _pair(whole)) or abs(centre) <= float(half_width(whole)):
        return T.BACKED_UNKNOWN
    share = min(max(float(mean(rest)) / centre, 0.0), 1.0)
    if share < _NOTHING:
        return T.BACKED_NOTHING
    if share > _ALL:
        return T.BACKED_ALL
    return T.BACKED.format(share=f"{round(20 * share) * 5}%")


def waiting_title(scene: Scene) -> str:
    """The message of the chart of the list; what holds in one school year is not said of all that are drawn."""
    if scene.compares:
        side = claim(WAITING, scene.difference(WAITING).outer)
        text = {1: T.CHART_WAIT_UP, -1: T.CHART_WAIT_DOWN, 0: T.CHART_WAIT_UNCLEAR}[side]
        if side < 0 and any(closed_types(scene.scenario)):
            text = T.CHART_WAIT_GONE
        elif side < 0 and waits_elsewhere(scene):
            text = T.CHART_WAIT_ELSEWHERE
        return str(text.format(year=scene.year[:4]))
    growth = _growth(scene)
    if growth is None or growth.direction == 0:
        return T.CHART_WAIT_LEVEL
    return T.CHART_WAIT_GROWS if growth.direction > 0 else T.CHART_WAIT_SHRINKS


def closed_groups(scene: Scene) -> str:
    """Kinds of school that get more groups while not one place is added: names in words, "" when there are none."""
    if not scene.compares:
        return ""
    found = []
    for kind, place_type in scene.results.baseline.region.place_types.items():
        changes = scene.scenario.levers.get(f"{kind}.groups", ())
        d = scene.difference(SEATS, kind)
        if any((change.add or 0) > 0 for change in changes) and d.known and d.nothing:
            found.append(own(place_type.title))
    return _and(found) if found else ""


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
            T.CHART_WAIT_ALT_POINT.format(
                name=name, first=children(first.middle), first_year=years[0], last=children(last.middle),
                last_year=years[-1], eight=S.EIGHT_IN_TEN, low=low, high=high,
            )
        )  # fmt: skip
    return T.CHART_WAIT_ALT.format(points="; ".join(points))


def places_rows(scene: Scene) -> list[PlacesRow]:
    """Children and places per kind of school, in the order of the region."""
    rows = []
    for kind, place_type in scene.results.baseline.region.place_types.items():
        here, seats, waits = (scene.level(i, kind) for i in (CHILDREN, SEATS, WAITING))
        if not here.known or not seats.known:
            continue
        before = scene.level(CHILDREN, kind, scene.baseline) if scene.compares else None
        label = T.CHART_PLACES_LABEL.format(children=children(here.middle), seats=children(seats.middle))
        queue = T.CHART_PLACES_WAITING.format(waiting=children(waits.middle)) if waits.known else ""
        rows.append(
            PlacesRow(
                kind, own(place_type.title), here.middle, seats.middle, before.middle if before else None, label,
                queue, waits.middle if waits.known else 0.0,
            )
        )  # fmt: skip
    return rows


def places_title(rows: list[PlacesRow]) -> str:
    """The message of the chart of places; the names stand in the chart, in full below it."""
    over = sum(row.children > row.seats + 0.5 for row in rows)
    short = sum(row.children + row.waiting > row.seats + 0.5 for row in rows)
    full = sum(row.seats > 0 and row.children >= _NEARLY_FULL * row.seats for row in rows)
    if over:
        return T.CHART_PLACES_OVER.format(count=over, total=len(rows))
    if short:
        return T.CHART_PLACES_SHORT.format(count=short, total=len(rows))
    if full:
        return T.CHART_PLACES_FULL.format(count=full, total=len(rows))
    return T.CHART_PLACES_ROOM


def places_alt(scene: Scene, rows: list[PlacesRow]) -> str:
    """The chart of places in words."""
    points = "; ".join(
        T.CHART_PLACES_ALT_POINT.format(
            name=r.name, children=children(r.children), seats=children(r.seats), waiting=children(r.waiting)
        )
        for r in rows
    )
    return T.CHART_PLACES_ALT.format(date=scene.date, points=points)


def abbreviations(scene: Scene) -> str:
    """What the short names of kinds of school stand for."""
    return " · ".join(
        S.ABBREVIATION.format(short=own(t.title), full=own(t.name))
        for t in scene.results.baseline.region.place_types.values()
        if t.name and own(t.name) != own(t.title)
    )


def outcomes(scene: Scene) -> list[tuple[str, list[Cell]]]:
    """Rows of the table of outcomes: title, then one cell per scenario (carrying on first)."""
    wanted = [(i, "all", own(INDICATORS[i].title)) for i in ROWS]
    for kind, place_type in scene.results.baseline.region.place_types.items():
        name = T.TABLE_COUNT_BY_TYPE.format(name=own(place_type.title))
        wanted.insert(len(wanted) - len(ROWS) + 1, (WAITING, kind, name))
    rows = []
    for indicator, kind, title in wanted:
        cells = [_cell(scene, indicator, kind, key) for key in scene.names]
        if any(cell.value != "–" for cell in cells):
            rows.append((title, cells))
    return rows


def definitions() -> list[tuple[str, str]]:
    """Title and exact definition of each outcome in the table."""
    return [(own(INDICATORS[i].title), own(INDICATORS[i].estimand)) for i in ROWS]


def _cell(scene: Scene, indicator: str, kind: str, scenario: str) -> Cell:
    s = scene.level(indicator, kind, scenario)
    if not s.known:
        return Cell("–", "", "")
    change = "" if scenario == scene.baseline else _change(scene, indicator, scenario, kind, runs=True)
    return Cell(amount(indicator, s.middle), _between(indicator, s.outer), change)


def _change(
    scene: Scene, indicator: str, scenario: str, kind: str = "all", *, runs: bool = False, year: str = ""
) -> str:
    d = scene.difference(indicator, kind, scenario, year)
    if not d.known:
        return ""
    if d.nothing:
        return S.DIFFERENCE_NONE
    if not claim(indicator, d.outer):
        return S.DIFFERENCE_UNCLEAR
    if not runs:
        return span(indicator, d.outer, bare=True)
    words_ = span(indicator, d.outer)
    return S.DIFFERENCE_RUNS.format(range=words_, agree=d.agree, runs=d.outer_runs)


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


def _pair(values: Floats) -> tuple[float, float]:
    low, high = band(values)
    return float(low), float(high)


def _provisional(scene: Scene, s: Spread, text: str) -> str:
    """Mark a sentence that may still change: assumptions are not counted yet, or not all runs are there."""
    if not s.has_wide:
        return T.PROVISIONAL.format(sentence=text)
    done, goal = scene.done
    return text if done >= goal else T.UNFINISHED.format(sentence=text, done=done, goal=goal)


def _between(indicator: str, outer: tuple[float, float], *, plain: bool = False) -> str:
    low, high = (_plain(indicator, v) if plain else amount(indicator, v) for v in outer)
    if low == high:
        return ""
    first = low if plain else amount(indicator, outer[0], word=False)
    return S.RANGE.format(low=first, high=high)


def _plain(indicator: str, value: float) -> str:
    """A number without its unit, where the label says it."""
    return amount(indicator, value, word=False)


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {S.AND} {parts[-1]}"
