"""Write facts that an import counted beside the region file: one row per series and period, the last count wins."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from sim.data.facts import COLUMNS, Fact, read_facts
from sim.data.findings import Change, Outcome

Key = tuple[str, str]
"""Series and `when`."""
Cells = tuple[str, ...]
"""The other columns of a fact, as text."""


def with_facts(result: Outcome, facts: Mapping[Key, Cells], path: Path) -> Outcome:
    """Put facts in a file of the folder beside the region; the same series and period is replaced, the rest stays.

    Args:
        result: What the import found so far.
        facts: Series and `when` -> the other columns, as text.
        path: The file; it need not exist yet.

    Raises:
        ScenarioError: The facts that are there cannot be read.
    """
    old: dict[Key, Cells] = {}
    if path.is_file():
        old = {
            (f.series, f.when): _cells(f)
            for f in read_facts(path.parent).rows
            if Path(f.file).name == path.name
        }
    changes = [
        Change(f"{path.parent.name}/{path.name}: {series} {when}", old.get((series, when), ("nothing",))[0], cells[0])
        for (series, when), cells in facts.items()
        if old.get((series, when)) != cells
    ]  # fmt: skip
    if not changes:
        return result
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows((*key, *cells) for key, cells in sorted((old | dict(facts)).items()))
    texts = {**result.texts, path: stream.getvalue()}
    return Outcome(result.findings, (*result.changes, *changes), texts)


def _cells(f: Fact) -> tuple[str, ...]:
    bounds = ("" if b is None else f"{b:g}" for b in (f.low, f.high))
    return (f"{f.value:g}", *bounds, f.unit, f.grade, f.source, f.date, f.note)
