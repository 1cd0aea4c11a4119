"""One outside file while it is read: its cells by meaning, and what was met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.data.findings import Finding
from sim.data.layouts import Fitted
from sim.data.tables import Row, Table
from sim.scenario.errors import Problem

MOST_PROBLEMS = 5  # per file and check: one lost separator or column damages every row


@dataclass
class Reading:
    """A table with its layout, and the problems and findings so far."""

    table: Table
    fitted: Fitted
    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def cell(self, row: Row, meaning: str) -> str:
        """What stands under a meaning; nothing when the file has no such column."""
        i = self.fitted.at.get(meaning)
        return "" if i is None else row.cells[i]

    def wrong(self, line: int, reason: str, **more: str) -> None:
        """Note what makes the file unfit to be counted."""
        self.problems.append(self.table.problem(line, reason, **more))

    def note(self, kind: str, line: int, what: str, done: str = "") -> None:
        """Note what was met, and what was done with it."""
        self.findings.append(Finding(kind, self.table.file, line, what, done))
