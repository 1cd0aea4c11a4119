"""The page `docs/proof/benchmarks.md`: one section per part, each with the machine that it was measured on."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "proof" / "benchmarks.md"
LIBRARIES = ("numpy", "scipy", "pandas", "simpy", "ciw")
HEAD = """# How long things take

Written by `make bench`. Contenders take turns in a shuffled order within each round, with the same garbage collector settings;
a ratio is the median over rounds of the ratio within a round, with its lowest and highest round. Seconds are processor
time (medians) unless the text says wall time; they belong to the machine named, which may have been busy, and nothing
asserts them. Counts do not depend on the machine and are asserted in `tests/system/test_growth.py`.
"""


@dataclass(frozen=True)
class Table:
    """A table with what it says.

    Attributes:
        text: One paragraph above it.
        header, rows: Cells as text; the first column is left-aligned, the others right.
    """

    text: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """As Markdown."""
        lines = [self.text, ""] if self.text else []
        lines += [f"| {' | '.join(self.header)} |", "|---" + "|---:" * (len(self.header) - 1) + "|"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join(lines)


def machine() -> str:
    """Cores and versions: what the seconds depend on, without naming the machine."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {libraries}"


def write(title: str, body: str) -> None:
    """Write or replace the section of a part; the other sections stay."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = dict(re.findall(r"^## (.+?)\n\n(.*?)(?=^## |\Z)", old, flags=re.DOTALL | re.MULTILINE))
    sections[title] = body
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    text = HEAD + "\n" + "\n\n".join(f"## {name}\n\n{part.strip()}" for name, part in sections.items())
    PAGE.write_text(text + "\n", encoding="utf-8")
