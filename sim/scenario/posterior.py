"""The joint posterior of a region's fitted numbers: rows of values that were found together and are drawn together.

`doorstroom calibrate --write` makes the file `posterior.csv` beside the region. Numbers that are not in it keep being
drawn one by one from their ranges.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice

from sim.scenario.errors import Problem, did_you_mean, listing, nearest_first, shorten
from sim.scenario.files import Sheet
from sim.scenario.quantity import Quantity, Strict

POSTERIOR = "posterior.csv"
PREFIX = "region."
MOST_PROBLEMS = 5


class Posterior(Strict):
    """Joint draws of fitted numbers; without rows nothing was fitted.

    Attributes:
        paths: Paths as in `Scenario.quantities()`.
        rows: One value per path; each row is as likely as any other.
        about: How it was made (digests, seed, date, acceptance), in the words of the file.
    """

    paths: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()
    about: dict[str, str] = {}


def posterior_of(sheet: Sheet, quantities: Mapping[str, Quantity]) -> tuple[Posterior | None, list[Problem]]:
    """The posterior that a file holds, or all that is wrong with it.

    Args:
        sheet: The file: one column per path (without `region.`), one row per draw.
        quantities: The graded numbers of the region, by path.
    """
    paths = tuple(PREFIX + name for name in sheet.header)
    problems = list(_wrong_header(sheet, quantities))
    if not problems:
        known = [quantities[p] for p in paths]
        wrong = (p for line, cells in sheet.rows for p in _wrong_row(sheet, line, cells, known))
        problems = list(
            islice(wrong, MOST_PROBLEMS)
        )  # a range that was changed puts half of all draws outside it
        if not sheet.rows:
            reason = "there are no draws in this file"
            problems.append(Problem(sheet.file, 1, "", "", reason, "one row of values per draw", _AGAIN))
    if problems:
        return None, problems
    rows = tuple(tuple(float(c) for c in cells) for _, cells in sheet.rows)
    return Posterior(paths=paths, rows=rows, about=dict(sheet.about)), []


_AGAIN = (
    "'doorstroom calibrate REGION --write' makes this file again; without it each number is drawn by itself."
)


def _wrong_header(sheet: Sheet, quantities: Mapping[str, Quantity]) -> Iterator[Problem]:
    names = [path.removeprefix(PREFIX) for path in quantities]
    for i, name in enumerate(sheet.header):
        if name not in names:
            near = listing(nearest_first(name, names), 4)
            hint = did_you_mean(name, names) or _AGAIN
            yield Problem(
                sheet.file,
                sheet.line,
                "",
                shorten(name),
                "the region has no graded number at this path",
                near,
                hint,
            )
        elif name in sheet.header[:i]:
            yield Problem(
                sheet.file, sheet.line, name, "", "this column stands twice", "each path once", _AGAIN
            )


def _wrong_row(sheet: Sheet, line: int, cells: tuple[str, ...], known: list[Quantity]) -> Iterator[Problem]:
    if len(cells) != len(known):
        allowed = f"{len(known)} cells"
        yield Problem(
            sheet.file, line, "", f"{len(cells)} cells", "this row is not complete", allowed, _AGAIN
        )
        return
    for name, text, q in zip(sheet.header, cells, known, strict=True):
        assert q.range is not None  # a graded number has one
        low, high = q.range
        allowed = f"{low:g} to {high:g} {q.unit}"
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            yield Problem(sheet.file, line, name, shorten(text), "this is not a number", allowed, _AGAIN)
        elif not low <= value <= high:
            yield Problem(sheet.file, line, name, text, "this value lies outside its range", allowed, _AGAIN)
