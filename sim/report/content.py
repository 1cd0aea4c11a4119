"""What a report consists of, without saying how it looks: sections of paragraphs, tables and bar charts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sim.scenario.quantity import Text

Lang = Literal["nl", "en"]
Tone = Literal["good", "bad", "note"]
_DUTCH = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Tongue:
    """The language of a report: picks texts and writes numbers.

    Attributes:
        lang: `nl` or `en`.
        names: Id or path of a region -> its name in this language.
    """

    lang: Lang
    names: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, nl: str, en: str) -> str:
        """The text in this language."""
        return nl if self.lang == "nl" else en

    def text(self, text: Text) -> str:
        """A text of a scenario file in this language."""
        return self(text.nl, text.en)

    def number(self, value: float, unit: str = "", digits: int = 4) -> str:
        """A number with at most `digits` significant digits, as this language writes it.

        Args:
            value: The number; NaN gives an empty text.
            unit: `share` is written as a percentage with one decimal, `change` also with its sign.
            digits: Significant digits; a number of four or more whole digits keeps them all.
        """
        if math.isnan(value):
            return ""
        if math.isinf(value):
            return "∞" if value > 0 else "−∞"
        if unit in ("share", "change"):
            text = f"{100 * value:{'+' if unit == 'change' else ''}.1f} %"
        else:
            whole = len(str(int(abs(value))))
            text = f"{value:,.0f}" if whole >= digits else f"{value:,.{digits}g}"
        return (text.translate(_DUTCH) if self.lang == "nl" else text).replace("-", "−")

    def span(self, low: float, high: float, unit: str = "") -> str:
        """Two numbers with "to" in between; empty when there are none."""
        if math.isnan(low) or math.isnan(high):
            return ""
        return f"{self.number(low, unit)} {self('tot', 'to')} {self.number(high, unit)}"

    def count(self, number: int, one: tuple[str, str], many: tuple[str, str]) -> str:
        """A number with its noun: `one` and `many` in Dutch and English."""
        return f"{self.number(number)} {self(*(one if number == 1 else many))}"


@dataclass(frozen=True)
class Heading:
    """Heading of a part of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text."""

    text: str


@dataclass(frozen=True)
class Notice:
    """Something that must not be overlooked; `command` mends or reprints it."""

    text: str
    tone: Tone = "note"
    command: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list; `lang` when its language is not that of the report."""

    items: tuple[str, ...]
    lang: str = ""


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes:
        caption: What stands in it.
        header: Names of the columns; the first column names the rows.
        rows: One text per column.
        numeric: Columns (from 0) that hold numbers.
        command: Prints these numbers again.
        lang: Language of the cells, when it is not that of the report.
        foreign: Columns (from 0) that are in `lang`; empty = all.
        marked: Rows (from 0) that did not hold.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    command: str = ""
    lang: str = ""
    marked: frozenset[int] = frozenset()
    foreign: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, and the number at its end."""

    name: str
    value: float
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Bars:
    """A chart of horizontal bars in groups.

    Attributes:
        title: The message.
        alt: The chart in words.
        groups: Name of a group -> its bars.
        most: Value of the full width.
        band: Part of the scale that is asked for, with a text that says so.
    """

    title: str
    alt: str
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    most: float
    band: tuple[float, float, str] | None = None


Block = Heading | Paragraph | Notice | Bullets | Grid | Bars


@dataclass(frozen=True)
class Section:
    """A part of a report under one heading; `id` is its address in the page."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Answer:
    """One sentence of the short answer.

    Attributes:
        text: The sentence, with its figures.
        tone: good or bad news, or a note.
        figure: The figure alone, to show large.
        label: What the figure counts.
        command: Prints the figures again.
    """

    text: str
    tone: Tone
    figure: str
    label: str
    command: str


@dataclass(frozen=True)
class Content:
    """A whole report.

    Attributes:
        lang: Language of the report.
        title, subtitle: Heading, and what it is about.
        made: Date on which it was made, in words.
        answers: The short answer.
        avoid: What not to use the model for.
        sections: All parts after the short answer.
        terms: Short names in the short answer, and the same in full.
    """

    lang: Lang
    title: str
    subtitle: str
    made: str
    answers: tuple[Answer, ...]
    avoid: Bullets
    sections: tuple[Section, ...]
    terms: tuple[tuple[str, str], ...] = ()
