"""Counts of children in which small cells are hidden: "<5" is a range, never a number that nobody sees.

DUO replaces 1 to 4 by "<5" in files placed after 1 November 2023. Older files and a partnership's own lists still show such
numbers; here they are treated as if they were hidden, so that nothing under 5 can come out again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SMALLEST = 5
HIDDEN_LOW, HIDDEN_VALUE, HIDDEN_HIGH = 1, 2.5, 4

Cell = Literal["shown", "masked", "small", "empty"]
_MASKED = re.compile(r"(<|&lt;)\s*5")
_UNKNOWN = re.compile(r"[x.*\-–?]|n\.?b\.?|onbekend|geheim", re.IGNORECASE)


@dataclass(frozen=True)
class Count:
    """A number of children, of which some cells were hidden.

    Attributes:
        known: Sum of the cells that may be shown (0, or 5 and more).
        hidden: Cells of 1 to 4 children each.
    """

    known: int = 0
    hidden: int = 0

    @property
    def value(self) -> float:
        """Central value: 2.5 for each hidden cell, the middle of 1 to 4."""
        return self.known + HIDDEN_VALUE * self.hidden

    @property
    def low(self) -> int:
        """Fewest children that it can be."""
        return self.known + HIDDEN_LOW * self.hidden

    @property
    def high(self) -> int:
        """Most children that it can be."""
        return self.known + HIDDEN_HIGH * self.hidden

    def __add__(self, other: Count) -> Count:
        """Both together."""
        return Count(self.known + other.known, self.hidden + other.hidden)

    def __str__(self) -> str:
        """For people: `187`, or `about 189.5 (188 to 191)` when cells were hidden."""
        return f"about {self.value:g} ({self.low} to {self.high})" if self.hidden else str(self.known)


class CellError(ValueError):
    """A cell is no count; the message says what kind of thing it is, never what stands in it."""


class UnknownCell(ValueError):
    """A cell says that its number is not known: reading may go on, its sum may not."""


def read_cell(text: str) -> tuple[Count, Cell]:
    """The count in one cell, and how it stood there.

    Raises:
        CellError: When it is no whole number of children.
        UnknownCell: When the number is left out altogether (`x`, `.`, `-`): it can be anything.
    """
    if not text:
        return Count(), "empty"
    if _MASKED.fullmatch(text):
        return Count(hidden=1), "masked"
    if _UNKNOWN.fullmatch(text):
        raise UnknownCell
    if not text.isdecimal() or not text.isascii():
        raise CellError(_kind(text))
    number = int(text) if len(text) <= 9 else 10**9
    if number > 10**6:
        raise CellError("more than a million children")
    if 0 < number < SMALLEST:
        return Count(hidden=1), "small"
    return Count(known=number), "shown"


def _kind(text: str) -> str:
    if re.fullmatch(r"-\s*\d+([.,]\d+)?", text):
        return "a negative number"
    if re.fullmatch(r"\d*[.,]\d+", text):
        return "a number with a decimal or a mark for thousands"
    if re.fullmatch(r"(<|&lt;|≤|>)=?\s*\d+", text):
        return "a bound other than <5"
    return "text and digits" if re.search(r"\d", text) else "text"
