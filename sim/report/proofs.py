"""The proof tables of a folder, and whether they were made with the sources as they are today."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sim.scenario.errors import Problem, ScenarioError, listing, shorten

SOURCES = (".py", ".yaml", ".csv")
MANIFEST = "manifest.json"
BESIDE = "beside"
"""Rule of a line that is only shown beside a published number and cannot fail."""
CROSS = " | "
"""In `what`: between the row and the column of a table."""

_TEXTS = ("case", "what", "rule")
_NUMBERS = ("expected", "found", "se")
_NEEDED = (*_TEXTS, *_NUMBERS, "replications", "holds")

STATUSES = ("checked", "finding", "fitted")
"""First word of `beside` where a published number stands beside the model: not used in fitting and right, off, used in
fitting. A number that is off may have been used too: then `sets` follows."""
SETS = "sets "

State = Literal["current", "earlier", "altered", "unknown", "missing"]
"""current: made with today's sources; earlier: with other sources; altered: not the table that the manifest describes;
unknown: the manifest does not say what it was made with; missing: not made yet."""


@dataclass(frozen=True)
class Line:
    """One line of a proof table; the columns of its CSV.

    Attributes:
        case: Heading in words.
        what: Row in words; `row | column` for a table of rows and columns.
        expected: What theory or the source says; NaN when nothing does.
        found: What the model did.
        se: Standard error of `found`; 0 for an exact comparison.
        replications: Runs; 0 when it is no mean of runs.
        rule: When it holds, or `beside`.
        holds: Whether it does.
        low, high: Middle 80 % of the runs, or the band of a fitted rate; NaN when not given.
        beside: Where `expected` comes from.
        unit: `share` and `change` are shown as percentages.
    """

    case: str
    what: str
    expected: float
    found: float
    se: float
    replications: int
    rule: str
    holds: bool
    low: float = math.nan
    high: float = math.nan
    beside: str = ""
    unit: str = ""

    @property
    def checked(self) -> bool:
        """Whether this line can fail."""
        return self.rule != BESIDE

    @property
    def status(self) -> str:
        """One of `STATUSES`; empty when the line says none."""
        first = self.beside.partition(";")[0].strip()
        return first if first in STATUSES else ""

    @property
    def note(self) -> str:
        """Where `expected` comes from, without the status."""
        return self.beside.removeprefix(self.status).lstrip("; ")

    @property
    def used(self) -> bool:
        """Whether the published number, or part of it, set a number of the region."""
        return self.status == "fitted" or self.note.startswith(SETS)

    @property
    def row(self) -> str:
        """What stands before the cross."""
        return self.what.partition(CROSS)[0]

    @property
    def column(self) -> str:
        """What stands behind the cross; empty without one."""
        return self.what.partition(CROSS)[2]


@dataclass(frozen=True)
class Table:
    """One part of the proof.

    Attributes:
        part: Its name on the command line of the proof.
        state: What is known of the sources that it was made with.
        lines: Its lines; none when it is missing.
        manifest: Its entry in the manifest: seed, versions, digests.
    """

    part: str
    state: State
    lines: tuple[Line, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """The command that makes this table again."""
        return f"python -m proof {self.part}"

    @property
    def checked(self) -> tuple[Line, ...]:
        """The lines that can fail."""
        return tuple(line for line in self.lines if line.checked)

    @property
    def failed(self) -> tuple[Line, ...]:
        """The lines that do not hold."""
        return tuple(line for line in self.lines if not line.holds)

    def judged(self, *, used: bool, off: bool) -> tuple[Line, ...]:
        """The lines with a rule and a status: beside a number that set the region or not, and off or right."""
        return tuple(
            x for x in self.checked if x.status and x.used == used and (x.status == "finding") == off
        )

    def cases(self) -> dict[str, tuple[Line, ...]]:
        """Lines by heading, in the order of the table."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.case, []).append(line)
        return {case: tuple(lines) for case, lines in found.items()}

    def found(self, case: str, what: str) -> Line | None:
        """The line whose heading begins with `case` and whose row begins with `what`, if there is one."""
        return next((x for x in self.lines if x.case.startswith(case) and x.what.startswith(what)), None)


@dataclass(frozen=True)
class Proofs:
    """All parts that stand in a folder.

    Attributes:
        folder: Where they stand.
        name: The folder for readers: as in the repository, never where on this machine.
        tables: Part -> its table.
    """

    folder: Path
    name: str
    tables: Mapping[str, Table]

    def table(self, part: str) -> Table:
        """One part; a table of state `missing` when it was not made."""
        return self.tables.get(part, Table(part, "missing"))


def read_proofs(folder: Path, root: Path) -> Proofs:
    """Read every table of a folder.

    Args:
        folder: Holds `<part>.csv` and `manifest.json`.
        root: The repository whose sources decide whether a table is up to date.

    Raises:
        ScenarioError: There is no such folder or manifest, or a table has another form: with file and line.
    """
    manifest = _manifest(folder)
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        entry = manifest.get(path.stem, {})
        tables[path.stem] = Table(path.stem, _state(path, entry, root), _lines(path), entry)
    inside = folder.resolve().is_relative_to(root.resolve())
    name = folder.resolve().relative_to(root.resolve()).as_posix() if inside else folder.name
    return Proofs(folder, name, tables)


def sources_digest(root: Path, folders: Iterable[str]) -> str:
    """Hash (hex) of all source, region and data files in these folders of the repository at `root`."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SOURCES:
                total.update(path.relative_to(root).as_posix().encode())
                total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / MANIFEST
    again = "Make the tables with `make proof`, or name their folder with --proof."
    if not folder.is_dir():
        raise ScenarioError([Problem(folder.as_posix(), 0, "", "", "there is no such folder", "", again)])
    if not path.is_file():
        raise ScenarioError(
            [Problem(folder.as_posix(), 0, "", "", f"holds no {MANIFEST}, so no proof tables", "", again)]
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line = getattr(error, "lineno", 0)
        raise ScenarioError(
            [Problem(path.as_posix(), line, "", "", f"is not JSON: {error}", "", again)]
        ) from error
    if not isinstance(data, dict) or not all(isinstance(entry, dict) for entry in data.values()):
        raise ScenarioError(
            [
                Problem(
                    path.as_posix(), 0, "", shorten(data), "is no manifest of proofs", "one entry per part", again
                )
            ]
        )  # fmt: skip
    return data


def _state(path: Path, entry: Mapping[str, Any], root: Path) -> State:
    text = path.read_bytes().replace(b"\r\n", b"\n")
    if not entry or "csv_sha256" not in entry:
        return "unknown"
    if hashlib.sha256(text).hexdigest() != entry["csv_sha256"]:
        return "altered"
    reads = entry.get("reads")
    if not reads:
        return "unknown"
    today = all(sources_digest(root, folders) == entry.get(name) for name, folders in reads.items())
    return "current" if today else "earlier"


def _lines(path: Path) -> tuple[Line, ...]:
    again = f"Make it again: python -m proof {path.stem}"

    def problem(line: int, column: str, found: str, reason: str, allowed: str = "") -> ScenarioError:
        return ScenarioError([Problem(path.as_posix(), line, column, found, reason, allowed, again)])

    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise problem(0, "", "", "is not a text file in UTF-8") from error
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    known = Line.__dataclass_fields__
    absent, strange = [c for c in _NEEDED if c not in header], [c for c in header if c not in known]
    if absent or strange:
        reason = (
            f"lacks the column {listing(absent)}" if absent else f"has the unknown column {listing(strange)}"
        )
        raise problem(1, "", shorten(",".join(header)), reason, listing(known))
    lines = []
    for cells in reader:
        at = reader.line_num
        if len(cells) != len(header):
            raise problem(
                at, "", f"{len(cells)} cells", "has another number of cells than the header", str(len(header))
            )
        values: dict[str, Any] = dict(zip(header, cells, strict=True))
        for name in ("expected", "found", "se", "low", "high", "replications"):
            if name not in values:
                continue
            try:
                values[name] = int(values[name]) if name == "replications" else float(values[name] or "nan")
            except ValueError as error:
                raise problem(at, name, shorten(values[name]), "is not a number") from error
        if values["holds"] not in ("True", "False"):
            raise problem(at, "holds", shorten(values["holds"]), "is neither True nor False", "True, False")
        values["holds"] = values["holds"] == "True"
        lines.append(Line(**values))
    return tuple(lines)
