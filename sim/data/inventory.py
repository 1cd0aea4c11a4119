"""What the documents name, item by item, and where the project answers it: `scenarios/<region>/inventory.csv`.

Each row points at one or more things that exist: a lever or a number of the region, a scenario, an indicator, an anchor on the
page of what has no lever, or a question to the client.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, nearest_first, shorten
from sim.scenario.files import read_sheet
from sim.scenario.levers import levers_of
from sim.scenario.quantity import Quantity, Text
from sim.scenario.region import Region

INVENTORY = "inventory.csv"
COLUMNS = ("id", "about_nl", "about_en", "as", "points_to")
KINDS = ("engine", "scenario", "indicator", "context", "question")
MOST_WORDS = 12

_ID = re.compile(r"[A-Z]\d{2}[a-z]?")
_EMPTY: tuple[Any, ...] = (None, False, (), {}, "")


@dataclass(frozen=True)
class Pointer:
    """One answer to an item.

    Attributes:
        kind: engine, scenario, indicator, context or question.
        target: Lever or path in the region, id of a scenario, id of an indicator or its family (`K28`), anchor, or question.
    """

    kind: str
    target: str


@dataclass(frozen=True)
class Item:
    """One item of the documents.

    Attributes:
        id: A letter for its part of the documents and a number: `I06` is the sixth idea.
        about: What it is about, in our own words.
        answers: Where the project answers it, at least one.
        file, line: Where the row stands.
    """

    id: str
    about: Text
    answers: tuple[Pointer, ...]
    file: str
    line: int


def read_inventory(path: Path) -> tuple[Item, ...]:
    """The items of one file, in its order.

    Raises:
        ScenarioError: With every problem found: columns, ids, words, kinds, and answers that do not pair up.
    """
    sheet = read_sheet(path)
    if sheet.header != COLUMNS:
        raise ScenarioError(
            [Problem(sheet.file, sheet.line, "", listing(sheet.header), "these are not the columns of an inventory",
                     listing(COLUMNS))]
        )  # fmt: skip
    found: list[Item] = []
    problems: list[Problem] = []
    for line, cells in sheet.rows:
        mine = list(_row_problems(sheet.file, line, cells, {i.id for i in found}))
        problems += mine
        if not mine:
            found.append(_item(sheet.file, line, cells))
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def dangling(items: Collection[Item], known: Mapping[str, Collection[str]]) -> list[Problem]:
    """A problem for each answer that points at something that does not exist.

    Args:
        items: Of one inventory.
        known: Kind of answer -> what exists; the ids of indicators may be asked for by family.
    """
    problems = []
    for item in items:
        for p in item.answers:
            names = known[p.kind]
            if p.target not in names:
                problems.append(
                    Problem(item.file, item.line, f"{item.id}.points_to", p.target, f"there is no such {_WHAT[p.kind]}",
                            listing(nearest_first(p.target, names)), did_you_mean(p.target, names))
                )  # fmt: skip
    return problems


def engine_paths(region: Region) -> frozenset[str]:
    """What `engine` may point at: every lever, and every part of the region that is filled in."""
    return frozenset(levers_of(region)) | frozenset(_paths(region, ""))


def families(indicators: Collection[str]) -> frozenset[str]:
    """Ids of indicators, and their families: `K28` for `K28.total`."""
    return frozenset(indicators) | {name.partition(".")[0] for name in indicators}


_WHAT = {
    "engine": "lever or part of the region", "scenario": "scenario", "indicator": "indicator",
    "context": "anchor on the page of what has no lever", "question": "question to the client",
}  # fmt: skip


def _row_problems(file: str, line: int, cells: tuple[str, ...], seen: Collection[str]) -> Iterator[Problem]:
    if len(cells) != len(COLUMNS):
        yield Problem(file, line, "", f"{len(cells)} cells", "this row has not one cell for each column",
                      f"{len(COLUMNS)} cells", "Put a text that holds a comma between quotes.")  # fmt: skip
        return
    name, nl, en, kinds, targets = cells
    if not _ID.fullmatch(name):
        yield Problem(
            file, line, "id", shorten(name), "this is no id of an item", "a letter and two digits, as in I06"
        )
    elif name in seen:
        yield Problem(file, line, "id", name, "this id stands twice", "each item once")
    for column, text in (("about_nl", nl), ("about_en", en)):
        if not 1 <= len(text.split()) <= MOST_WORDS:
            yield Problem(
                file,
                line,
                column,
                shorten(text),
                f"this has {len(text.split())} words",
                f"1 to {MOST_WORDS} words",
            )
    split = kinds.split(";")
    for kind in split:
        if kind not in KINDS:
            yield Problem(file, line, "as", shorten(kind), "this is no kind of answer", listing(KINDS),
                          did_you_mean(kind, KINDS))  # fmt: skip
    if len(split) != len(targets.split(";")) or not all(targets.split(";")):
        yield Problem(file, line, "points_to", shorten(targets), "each kind in 'as' needs what it points to",
                      f"{len(split)} targets, parted by ';'")  # fmt: skip


def _item(file: str, line: int, cells: tuple[str, ...]) -> Item:
    name, nl, en, kinds, targets = cells
    answers = zip(kinds.split(";"), targets.split(";"), strict=True)
    return Item(name, Text(nl=nl, en=en), tuple(Pointer(k, t) for k, t in answers), file, line)


def _paths(node: Any, above: str) -> Iterator[str]:
    """Paths of everything below a node that says something."""
    if isinstance(node, Quantity):
        return
    if isinstance(node, BaseModel):
        parts = {name: getattr(node, name) for name in type(node).model_fields}
    elif isinstance(node, dict):
        parts = node
    else:
        return
    for name, part in parts.items():
        if part in _EMPTY:
            continue
        path = f"{above}.{name}" if above else str(name)
        yield path
        yield from _paths(part, path)
