"""Which outcomes stand on the first page, in which order: the same for the command line and the workbook.

A type that takes no new children has no list any more, so a list never stands alone: beside it stand children
without a fitting place, children at home, and children in a regular school without help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.study.compare import Comparison

Scope = Literal["all", "types", "both"]

FIRST_PAGE: tuple[tuple[str, Scope], ...] = (
    ("K34.count", "all"),
    ("K02.oct", "both"),
    ("K02.mean", "both"),
    ("K10.no_place", "all"),
    ("K12.total", "all"),
    ("K18.unsupported", "all"),
    ("K18.supported", "all"),
    ("K04.median", "both"),
    ("K17.children_oct", "types"),
    ("K22.occupancy", "types"),
    ("K26.gap", "all"),
)


@dataclass(frozen=True)
class Shown:
    """One outcome of the first page: an indicator for everyone, for one tag or for one type."""

    indicator: str
    place_type: str


def first_page(comparison: Comparison) -> tuple[Shown, ...]:
    """Outcomes of the first page that these results have, in order: everyone, tags, types."""
    frame = comparison.frame
    whole = frame[(frame["district"] == "all") & (frame["profile"] == "all")]
    there: dict[str, list[str]] = {}
    for indicator, place_type in dict.fromkeys(zip(whole["indicator"], whole["place_type"], strict=True)):
        there.setdefault(indicator, []).append(place_type)
    found = []
    for indicator, scope in FIRST_PAGE:
        types = there.get(indicator, [])
        if scope != "types" and "all" in types:
            found.append(Shown(indicator, "all"))
        if scope == "both":
            found += [Shown(indicator, t) for t in types if t.startswith("tag:")]
        if scope != "all":
            found += [Shown(indicator, t) for t in types if t != "all" and ":" not in t]
    return tuple(found)
