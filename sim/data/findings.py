"""What an import did and did not do, row by row: findings, changes, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

KINDS = {
    "read": "What was read",
    "masked": "Cells '<5', each taken as 2.5 children, range 1 to 4",
    "small": "Cells of 1 to 4 children, treated as '<5'",
    "empty": "Empty cells, read as no children",
    "unknown": "Rows whose number or kind is not known: the school was left as it was",
    "total": "Totals: left out, so that no child counts twice and no hidden cell can be worked out",
    "unmatched": "In one of the two only: the file, or the region",
    "unused": "Not used",
    "split": "Divided by an older proportion: grade E",
    "check": "To look at",
    "carried": "Carried over from the other region",
    "left out": "Left out",
}
HEADER = ("section", "file", "line", "where", "found", "done")


@dataclass(frozen=True)
class Finding:
    """One thing that an import met.

    Attributes:
        kind: Key of `KINDS`.
        file, line: Where; line 0 when the whole file is meant.
        what: What was met: a row by its name, a column, a school.
        done: What was done with it.
    """

    kind: str
    file: str
    line: int
    what: str
    done: str = ""


@dataclass(frozen=True)
class Change:
    """One number that changed: its path, what it was and what it is, for people."""

    path: str
    was: str
    now: str


@dataclass(frozen=True)
class Outcome:
    """What an import found, what it changes, and the texts to write."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    texts: Mapping[Path, str] = field(default_factory=dict)


def rows(outcome: Outcome) -> Sequence[tuple[str, ...]]:
    """The outcome as rows under `HEADER`: findings by kind, then the changes."""
    ordered = sorted(outcome.findings, key=lambda f: list(KINDS).index(f.kind))
    return [(KINDS[f.kind], f.file, str(f.line or ""), "", f.what, f.done) for f in ordered] + [
        ("What changed", "", "", c.path, c.was, c.now) for c in outcome.changes
    ]


def as_csv(outcome: Outcome) -> str:
    """The outcome as a CSV file."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\n")
    out.writerows([HEADER, *rows(outcome)])
    return stream.getvalue()


def as_markdown(outcome: Outcome) -> str:
    """The outcome as a page: one table per kind of finding, then what changed."""
    lines = ["# What the import did", ""]
    for kind, title in KINDS.items():
        found = [f for f in outcome.findings if f.kind == kind]
        if found:
            cells = [(f"{f.file}:{f.line}" if f.line else f.file, f.what, f.done) for f in found]
            lines += [f"## {title}", "", *_table(("where", "what", "done"), cells), ""]
    lines += ["## What changed", ""]
    if outcome.changes:
        lines += _table(("path", "was", "is"), [(c.path, c.was, c.now) for c in outcome.changes])
    else:
        lines.append("Nothing.")
    return "\n".join(lines) + "\n"


def _table(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *cells]
    return ["| " + " | ".join(c.replace("|", "\\|") for c in line) + " |" for line in lines]
