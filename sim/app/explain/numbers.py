"""The list of assumptions: which kind each number is, which of them a reader asks for, and how a number is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from sim.app.language import current, own, words
from sim.charts.numbers import number
from sim.indicators.present import HIDDEN
from sim.scenario.describe import NumberRow

S, T = words("shared"), words("explain")
PER_SHEET = 25
# Effects that are no ratio: their title says what they are.
_NO_RATIO = ("(0 = no effect)",)
_OF_ONE_PLACE = ("region.places.", "region.programmes.")
FEW = f"< {HIDDEN:g}"

# First match wins; the order is that on screen.
KINDS: dict[str, tuple[str, ...]] = {
    "effects": ("effects.", "floor", "overlap"),
    "places": ("region.places.", "region.place_types.*.class_size", "region.place_types.*.rooms"),
    "waiting": ("region.place_types.*.list.", "region.decisions.", "region.teams."),
    "flows": ("region.sources.", "region.place_types."),
    "programmes": ("region.programmes.",),
    "regular": ("region.regular.",),
    "approaches": ("region.approaches.",),
    "home": ("region.home.", "region.no_place"),
    "staff": ("region.staff.",),
    "money": ("region.prices.", "region.payers.", "once."),
    "other": ("",),
}


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of the list: words, a kind, a grade; empty = all."""

    search: str = ""
    kind: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Sheet:
    """One page of the list.

    Attributes:
        rows: The rows on it.
        at: Which page, from 1.
        sheets: How many pages there are (at least 1).
        found: How many rows there are on all of them.
    """

    rows: tuple[NumberRow, ...]
    at: int
    sheets: int
    found: int


def kind_of(path: str) -> str:
    """Key in `KINDS` of the number at a path."""
    parts = path.split(".")
    general = ".".join([*parts[:2], "*", *parts[3:]])
    return next(
        kind
        for kind, starts in KINDS.items()
        if any(path.startswith(s) or general.startswith(s) for s in starts)
    )


def wanted_rows(rows: Sequence[NumberRow], wanted: Wanted) -> tuple[NumberRow, ...]:
    """The rows that fit, by kind and then as they came."""
    asked = wanted.search.lower().split()
    order = list(KINDS)
    found = [
        row
        for row in rows
        if (not wanted.grade or row.grade == wanted.grade)
        and (not wanted.kind or kind_of(row.path) == wanted.kind)
        and all(word in _text(row) for word in asked)
    ]
    return tuple(sorted(found, key=lambda row: order.index(kind_of(row.path))))


def sheet(rows: Sequence[NumberRow], at: int) -> Sheet:
    """One page of rows; a page that does not exist gives the nearest that does."""
    sheets = max(1, -(-len(rows) // PER_SHEET))
    here = min(max(at, 1), sheets)
    return Sheet(tuple(rows[(here - 1) * PER_SHEET : here * PER_SHEET]), here, sheets, len(rows))


def is_few(row: NumberRow) -> bool:
    """A count of children of one school or place that is too small to show: it might be about someone."""
    return row.unit == "children" and row.path.startswith(_OF_ONE_PLACE) and 0 < row.value < HIDDEN


def shown(row: NumberRow) -> str:
    """The value of a number on screen."""
    return FEW if is_few(row) else figure(row.value, row.unit)


def figure(value: float, unit: str) -> str:
    """A number as a reader would say it: shares in per cent, small rates per thousand, three digits that count.

    The unit itself is left to `unit_of`, which knows of the same cases.
    """
    return _digits(value * scale_of(value, unit)) + ("%" if unit == "share" else "")


def figures(value: float, pair: tuple[float, float], unit: str) -> tuple[str, str, str]:
    """A value and its range, all on the scale of the value."""
    scale, sign = scale_of(value, unit), "%" if unit == "share" else ""
    return (
        _digits(value * scale) + sign,
        _digits(pair[0] * scale) + sign,
        _digits(pair[1] * scale) + sign,
    )


def scale_of(value: float, unit: str) -> float:
    """By what a number is multiplied before it is written."""
    if unit == "share":
        return 100.0
    return 1000.0 if unit == "per child per year" and abs(value) < 0.1 else 1.0


def unit_of(value: float, unit: str) -> str:
    """The words behind `figure`: empty for a share and for an effect, whose title says it."""
    if unit in ("share", "ratio"):
        return ""
    if scale_of(value, unit) != 1.0:
        found: str = T.PER_THOUSAND[unit]
        return found
    words_ = T.ONE if value == 1 and unit in T.ONE else S.UNITS
    return str(words_.get(unit, unit))


def title_of(row: NumberRow) -> tuple[str, str]:
    """Title of a number in two parts: a small one and a large one.

    The large one is what is counted (the last part), the small one what it is of. Of an effect the first part says it all,
    and the last is the same for each.
    """
    first, _, last = own(row.title).rpartition(" · ")
    return (last, first) if row.path.startswith("effects.") else (first, last)


def in_words(row: NumberRow) -> str:
    """What stands behind the value: its unit, or for an effect how much more or less it makes of something."""
    if row.unit != "ratio" or not row.path.startswith("effects."):
        return unit_of(row.value, row.unit)
    if row.title.en.endswith(_NO_RATIO):
        return ""
    change = round(100 * (row.value - 1))
    text: str = T.AS_CHANGE["none" if not change else "more" if change > 0 else "less"].format(
        size=abs(change)
    )
    return text


def position(value: float, low: float, high: float) -> float:
    """Where a value lies between two ends, 0-1; in the middle when they are equal."""
    return 0.5 if high <= low else min(max((value - low) / (high - low), 0.0), 1.0)


def _digits(value: float) -> str:
    """Three digits that count, or all of a whole number, and no zeros behind the comma."""
    if value == 0 or abs(value) >= 100:
        return number(value)
    decimals = 2 - floor(log10(abs(value)))
    text = number(value, decimals)
    comma = "," if current() == "nl" else "."
    return text.rstrip("0").rstrip(comma) if comma in text else text


def _text(row: NumberRow) -> str:
    return " ".join((row.title.nl, row.title.en, row.source, row.note, row.path, row.date)).lower()
