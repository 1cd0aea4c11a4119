"""Counts of real children as they come in: from a small CSV file or from the command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, shorten

SEATED, WAITING = "seated", "waiting"
# Counts of real children under this number are never written down.
HIDDEN = 5
MASK = "<5"
_HEAD = ("type", "what", "count")


@dataclass(frozen=True)
class Count:
    """What was counted.

    Attributes:
        value: Children; None = fewer than five, which is not written down.
        entry: Name in the ledger of the file that holds it.
    """

    on: date
    place_type: str
    what: str
    value: float | None
    source: str
    entry: str = ""


def from_file(path: Path, on: date, source: str, known: Sequence[str]) -> list[Count]:
    """Counts from a CSV file with the columns type, what and count (comma or semicolon between them).

    Args:
        path: The file.
        on: The count date.
        source: Where the counts come from.
        known: Types that may be counted.

    Raises:
        ScenarioError: With every problem of the file.
        OSError: It cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError([
            Problem(str(path), 0, "", "", "the file is not UTF-8", "", "Save it as CSV UTF-8.")
        ]) from error  # fmt: skip
    first = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ","))
    if not rows or tuple(cell.strip() for cell in rows[0]) != _HEAD:
        reason = "the first line must name the columns"
        raise ScenarioError([Problem(str(path), 1, "", shorten(first), reason, ",".join(_HEAD))])
    cells, problems = [], []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) == len(_HEAD):
            cells.append((line, *(cell.strip() for cell in row)))
        elif row:
            problems.append(Problem(str(path), line, "", ",".join(row), "three cells are needed"))
    return _counts(str(path), cells, on, source, known, problems)


def from_words(words: Sequence[str], on: date, source: str, known: Sequence[str]) -> list[Count]:
    """Counts from words like `sbo=540` and `sbo.waiting=31`.

    Raises:
        ScenarioError: With every problem.
    """
    cells = []
    for word in words:
        left, sign, number = word.partition("=")
        if not sign:
            reason = "neither a file that exists nor TYPE=NUMBER"
            raise ScenarioError([Problem("command line", 0, "", shorten(word), reason, "sbo=540")])
        kind, dot, what = left.partition(".")
        cells.append((0, kind, what if dot else SEATED, number))
    return _counts("command line", cells, on, source, known, [])


def _counts(
    file: str,
    cells: Iterable[tuple[Any, ...]],
    on: date,
    source: str,
    known: Sequence[str],
    problems: list[Problem],
) -> list[Count]:
    found: dict[tuple[str, str], Count] = {}
    for line, kind, what, number in cells:
        if kind not in known:
            hint = did_you_mean(kind, known)
            problems.append(
                Problem(file, line, "type", shorten(kind), "no forecast has this type", listing(known), hint)
            )
        if what not in (SEATED, WAITING):
            problems.append(
                Problem(file, line, "what", shorten(what), "not what is counted", f"{SEATED} or {WAITING}")
            )
        masked = number.replace(" ", "") == MASK
        if not masked and not (number.isascii() and number.isdecimal()):
            allowed = f"a whole number, or {MASK} for fewer than {HIDDEN}"
            problems.append(Problem(file, line, "count", shorten(number), "not a count", allowed))
            continue
        value = None if masked or int(number) < HIDDEN else float(number)
        if (kind, what) in found:
            problems.append(Problem(file, line, "type", f"{kind} {what}", "counted twice", "one count each"))
        found[kind, what] = Count(on, kind, what, value, source)
    if not found and not problems:
        problems.append(Problem(file, 0, "", "", "there is no count in it", "", "Give at least one."))
    if problems:
        raise ScenarioError(problems)
    return list(found.values())
