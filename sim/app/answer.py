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
    name_of,
    phrase,
    rounds_to_nothing,
    unit_of,
)
from sim.charts.bands import Spread, level, runs_of, spread
from sim.charts.places import PlacesRow
from sim.indicators import INDICATORS
from sim.scenario.scenario import Scenario
from sim.study.compare import REPORTED
from sim.study.results import DRAWN, FIXED, MEASURED, Results, Series
from sim.study.shortage import CHILDREN, SEATS, WAITING
from sim.study.statistics import Floats, half_width, mean

S, T = words("shared"), words("explore")
ALSO = ("K02.from_signal_oct", "K18.supported", "K18.unsupported", "K10.no_place")
BEFORE_THE_LIST = ("K02.from_signal_oct", "K34.count")
_NEARLY_FULL = 0.98
_LEVEL_CHANGE = 0.1
# Less than this of a difference is nothing, and more than that is all of it, in words.
_NOTHING, _ALL, _LARGER = 0.05, 0.95, 1.1
# At most so many children more or fewer is a small difference.
_FEW = 5.0
# Signs in a title of a chart, on one line of a screen of 1280 pixels.
_TITLE = 58
_NONE: Floats = np.empty(0)
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
    words = {
        "start": escape(phrase(scene.scenario, "start")), "than": escape(phrase(scene.results.baseline, "than")),
        "beside": escape(scene.beside), "date": scene.date, "eight": S.EIGHT_IN_TEN,
    }  # fmt: skip
    if not scene.compares:
        s = scene.level(WAITING)
        low, high = (children(v) for v in s.outer)
        return _provisional(scene, s, T.ANSWER_BASELINE.format(**words, low=low, high=high))
    d = scene.difference(WAITING)
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
    template = T.ANSWER_SMALL if _small(d.outer) else T.ANSWER_UNCLEAR
    return _provisional(scene, d, template.format(**words, range=span(WAITING, d.outer)))


def also(scene: Scene) -> str:
    """What must be read beside the list: where those are who left it. Empty when nothing is clear."""
    if not scene.compares:
        return ""
    parts = []
    for indicator in ALSO:
        d = scene.difference(indicator)
        if d.has_wide and claim(indicator, d.outer):
            parts.append(
                T.ALSO_PART.format(range=span(indicator, d.outer, counted=True), where=T.WHERE[indicator])
            )
    lines = [*closed_types(scene.scenario)]
    if names := closed_groups(scene):
        lines.append(T.NO_ROOM.format(names=names))
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
    low, high = rounded_ends(indicator, outer)
    unit, most = unit_of(indicator), max(abs(low), abs(high))
    word = not bare and (counted or unit not in BARE)
    if low < 0 < high:
        less = difference_of(unit, low, largest=most)
        more = difference_of(unit, high, word=word, largest=most)
        return S.RANGE_BOTH_WAYS.format(low=less, high=more)
    if low == high == 0:
        return difference_of(unit, 0.0, word=word)
    near, far = sorted((abs(low), abs(high)))
    first = difference_of(unit, near, largest=most)
    last = difference_of(unit, far, word=word)
    direction = S.MORE if low + high > 0 else S.LESS
    if first == difference_of(unit, far):
        return S.RANGE_ONE_NUMBER.format(size=last, word=direction)
    return S.RANGE_ONE_WAY.format(low=first, high=last, word=direction)


def rounded_ends(indicator: str, outer: tuple[float, float]) -> tuple[float, float]:
    """A band of differences, of which an end that rounds to nothing is nothing, and so has no direction."""
    most = max(abs(v) for v in outer)
    low, high = (0.0 if rounds_to_nothing(indicator, v, most) else v for v in outer)
    return low, high


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
    at = sorted({min(i, len(years) - 1) for i in (1, REPORTED[1], len(years) - 1)})
    return tuple(When(years[i], _ahead(i)) for i in at)


def _ahead(years: int) -> str:
    """How far a school year lies after the one that has begun, in words."""
    text: str = T.WHEN["later"].format(years=years) if years > 1 else T.WHEN["next" if years else "now"]
    return text


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
    """How much of the difference in waiting is left without effects that nobody measured, in words, with its range.

    Such effects can also make a difference smaller than it is without them, or turn it round. Source: the zero-out
    share of the method (assumption strength, headline).
    """
    results = scene.results
    if not scene.compares or Series(WAITING) not in results.positions:
        return ""
    gaps = {}
    for mode in (FIXED, MEASURED):
        here, there = (
            runs_of(results, WAITING, key, mode, scene.year, "all") for key in (scene.focus, scene.baseline)
        )
        if not len(here) or not len(there):
            return T.BACKED_BUSY
        gaps[mode] = (here - there)[~np.isnan(here - there)]
    whole, rest = gaps[FIXED], gaps[MEASURED]
    if len(rest) < min(len(whole), _FEWEST):
        return T.BACKED_BUSY
    centre, band_ = float(mean(whole)), spread(whole, whole[:0]).outer
    if not claim(WAITING, band_) or abs(centre) <= float(half_width(whole)):
        return T.BACKED_SMALL if _small(band_) else T.BACKED_UNKNOWN
    left = spread(rest, rest[:0])
    share = left.middle / centre
    text: str = _backed(share, claim(WAITING, left.outer)).format(
        share=f"{round(20 * share) * 5}%", range=span(WAITING, left.outer, counted=True)
    )
    return text


def _backed(share: float, side: int) -> str:
    """The text for a share that is left, when the band of what is left has this direction (0: none)."""
    text: str
    if abs(share) <= _NOTHING:
        text = T.BACKED_NOTHING
    elif share < 0 or share > _LARGER:
        # "Larger" and "turned round" are directions, and these need a band that leaves out zero.
        text = T.BACKED_UNCLEAR if not side else T.BACKED_TURNS if share < 0 else T.BACKED_LARGER
    else:
        text = T.BACKED_ALL if share > _ALL else T.BACKED
    return text


def waiting_title(scene: Scene) -> str:
    """The message of the chart of the list; what holds in one school year is not said of all that are drawn."""
    if scene.compares:
        side = claim(WAITING, scene.difference(WAITING).outer)
        text = {1: T.CHART_WAIT_UP, -1: T.CHART_WAIT_DOWN, 0: T.CHART_WAIT_UNCLEAR}[side]
        if side < 0 and any(closed_types(scene.scenario)):
            text = T.CHART_WAIT_GONE
        elif side < 0 and waits_elsewhere(scene):
            text = T.CHART_WAIT_ELSEWHERE
        return _fitting(text, scene.results.baseline, year=scene.year[:4])
    growth, level_ = _growth(scene)
    if all(abs(end) <= _LEVEL_CHANGE * level_ for end in growth.outer):
        text = T.CHART_WAIT_LEVEL
    else:
        side = claim(WAITING, growth.outer)
        text = {1: T.CHART_WAIT_GROWS, -1: T.CHART_WAIT_SHRINKS, 0: T.CHART_WAIT_UNSURE}[side]
    return _fitting(text, scene.results.baseline)


def _fitting(template: str, against: Scenario, **words: str) -> str:
    """A title of a chart, in which a long name is cut off so that the title keeps to one line."""

    def filled(name: str) -> str:
        forms = {form: phrase(against, form, name) for form in ("start", "beside")}
        return template.format(**forms, **words)

    name, whole = name_of(against), filled("")
    excess = len(whole) - _TITLE
    return whole if excess <= 0 else filled(f"{name[: -excess - 1].rstrip()}…")


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
        points.append(
            T.CHART_WAIT_ALT_POINT.format(
                name=name, first=ranged(first), first_year=years[0], last=ranged(last), last_year=years[-1],
                eight=S.EIGHT_IN_TEN,
            )
        )  # fmt: skip
    return T.CHART_WAIT_ALT.format(points="; ".join(points))


def places_rows(scene: Scene) -> list[PlacesRow]:
    """Children and places per kind of school, in the order of the region."""
    rows = []
    for kind, place_type in scene.results.baseline.region.place_types.items():
        here, seats, waits, before = places_counts(scene, kind).values()
        if not here.known or not seats.known:
            continue
        label = T.CHART_PLACES_LABEL.format(children=children(here.middle), seats=children(seats.middle))
        queue = T.CHART_PLACES_WAITING.format(waiting=children(waits.middle)) if waits.known else ""
        rows.append(
            PlacesRow(
                kind, own(place_type.title), here.middle, seats.middle, before.middle if before.known else None,
                label, queue, waits.middle if waits.known else 0.0, _counts(scene, kind),
            )
        )  # fmt: skip
    return rows


def places_counts(scene: Scene, kind: str) -> dict[str, Spread]:
    """Children, places, children who wait, and children in what is compared with (unknown without a comparison)."""
    return {
        "children": scene.level(CHILDREN, kind),
        "seats": scene.level(SEATS, kind),
        "waiting": scene.level(WAITING, kind),
        "before": scene.level(CHILDREN, kind, scene.baseline) if scene.compares else spread(_NONE, _NONE),
    }


def _counts(scene: Scene, kind: str) -> str:
    """These counts in words, each with its range."""
    return ", ".join(
        T.CHART_PLACES_COUNTS[name].format(count=ranged(s), beside=scene.beside)
        for name, s in places_counts(scene, kind).items()
        if s.known
    )


def places_title(scene: Scene, rows: list[PlacesRow]) -> str:
    """The message of the chart of places; the names stand in the chart, in full below it.

    A kind of school counts only when the band of the difference, run by run, leaves out zero.
    """
    bands = [(_beyond(scene, row.place_type), _beyond(scene, row.place_type, waiting=True)) for row in rows]
    over = sum(claim(CHILDREN, without) > 0 for without, _ in bands)
    short = sum(claim(CHILDREN, with_) > 0 for _, with_ in bands)
    full = sum(
        row.seats > 0 and without[0] >= (_NEARLY_FULL - 1) * row.seats
        for row, (without, _) in zip(rows, bands, strict=True)
    )
    for count, text in (
        (over, T.CHART_PLACES_OVER), (short, T.CHART_PLACES_SHORT), (full, T.CHART_PLACES_FULL)
    ):  # fmt: skip
        if count:
            return str(text.format(count=count, total=len(rows)))
    if not any(claim(CHILDREN, without) < 0 for without, _ in bands):
        return str(T.CHART_PLACES_UNSURE)
    return str(T.CHART_PLACES_ROOM if any(row.waits_beside_room for row in rows) else T.CHART_PLACES_LEFT)


def _beyond(scene: Scene, kind: str, *, waiting: bool = False) -> tuple[float, float]:
    """Band of children (and of those who wait) less places, run by run."""
    gaps = []
    for mode in (FIXED, DRAWN):
        here, seats, waits = (
            runs_of(scene.results, i, scene.focus, mode, scene.year, kind) for i in (CHILDREN, SEATS, WAITING)
        )
        gaps.append(here - seats + np.nan_to_num(waits) if waiting and len(waits) else here - seats)
    return spread(*gaps).outer


def places_alt(scene: Scene, rows: list[PlacesRow]) -> str:
    """The chart of places in words."""
    points = "; ".join(T.CHART_PLACES_ALT_POINT.format(name=r.name, counts=r.tip) for r in rows)
    return T.CHART_PLACES_ALT.format(date=scene.date, points=points, eight=S.EIGHT_IN_TEN)


def places_key(scene: Scene) -> str:
    """What the marks in the chart of places mean."""
    text = T.CHART_PLACES_KEY if scene.compares else T.CHART_PLACES_KEY_BASELINE
    return str(text.format(beside=scene.beside))


def versus(scene: Scene) -> str:
    """What the differences beside the figures are differences with; "" when nothing is compared."""
    return T.VERSUS.format(beside=scene.beside) if scene.compares else ""


def number_and_range(s: Spread) -> tuple[str, str]:
    """A number of children (or places) and where eight in ten runs lie, as two cells of a table."""
    return children(s.middle), children_range(*s.outer)


def children_range(low: float, high: float) -> str:
    """A range of children, rounded; one number when both ends round to it, "–" when it is not known."""
    first, last = children(low), children(high)
    return first if first == last else str(S.RANGE.format(low=first, high=last))


def ranged(s: Spread) -> str:
    """A number of children with its range in one text: "45 (40 tot 50)"; a range of one number is left out."""
    middle, range_ = number_and_range(s)
    return middle if range_ == middle else S.MIDDLE_AND_RANGE.format(middle=middle, range=range_)


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
    if not d.known or not d.enough:
        return ""
    if d.nothing:
        return S.DIFFERENCE_NONE
    if not claim(indicator, d.outer):
        return S.DIFFERENCE_UNCLEAR
    if not d.has_wide:
        # What chance leaves may go again as soon as assumptions count.
        return T.CHANGE_EARLY.format(range=span(indicator, d.outer, bare=True))
    if not runs:
        return span(indicator, d.outer, bare=True)
    words_ = span(indicator, d.outer)
    return S.DIFFERENCE_RUNS.format(range=words_, agree=d.agree, runs=d.outer_runs)


def _growth(scene: Scene) -> tuple[Spread, float]:
    """How much the list grows from the first to the last reported year, run by run, and how long it is in the first."""
    results, gaps = scene.results, []
    for mode in (FIXED, DRAWN):
        first, last = (
            runs_of(results, WAITING, scene.baseline, mode, results.reported_years[i], "all") for i in (0, -1)
        )
        gaps.append(last - first)
    return spread(*gaps), scene.level(WAITING, year=scene.first_year).middle


def _small(outer: tuple[float, float]) -> bool:
    """True when a band holds a few children at most: that is a small difference, and a wide band is not."""
    return max(abs(end) for end in outer) < _FEW + 0.5


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
