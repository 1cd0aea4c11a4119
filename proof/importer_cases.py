"""Damaged files for the importer, each a case: what is wrong, what must be said, and that nothing half-written is left."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from proof.table import REPO
from sim.cli import main
from sim.data.duo import read_counts
from sim.data.newregion import new_region
from sim.data.regionfile import open_region, yaml_of

FIXTURES = REPO / "tests" / "fixtures" / "duo"
PO = FIXTURES / "01.-leerlingen-po-soort-po-cluster-leeftijd-2023-2024-verzonnen.csv"
NEXT = FIXTURES / "01.-leerlingen-po-soort-po-cluster-leeftijd-2024-2025-verzonnen.csv"
VO = FIXTURES / "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2023-verzonnen.csv"
TOWN = "Verzonnenstad"
SBO_LINE = 6  # of the special school that the cases damage
SMALL = ";3;"  # a real number under 5
Damage = Callable[[str], str | bytes]


@dataclass(frozen=True)
class Case:
    """One damaged file.

    Attributes:
        name: What is wrong.
        damage: From the text of a good file to the damaged one; bytes are written as they are.
        code: Exit code: 2 = refused, 0 = read, with the odd rows listed.
        says: Parts of the message; `:6:` asks for a line.
        file: Which good file: `po`, or a template `places`, `waiting`, `declarations`.
        extra: More words of the command.
        prepare: What else to do in the folder beforehand.
    """

    name: str
    damage: Damage
    code: int
    says: tuple[str, ...]
    file: str = "po"
    extra: tuple[str, ...] = ()
    prepare: Callable[[Path], None] = lambda _: None


@dataclass(frozen=True)
class Result:
    """What the command did: exit code, all that it said, and the files that differ from before."""

    code: int
    said: str
    changed: tuple[str, ...]
    region: str


def same(text: str) -> str:
    """No damage."""
    return text


def swap(old: str, new: str, line: int = 0) -> Damage:
    """Replace text on one line (all lines when 0)."""

    def damage(text: str) -> str:
        rows = text.splitlines(keepends=True)
        found = [i for i, row in enumerate(rows, 1) if (not line or i == line) and old in row]
        assert found, f"'{old}' is not on line {line}: the case itself is wrong"
        return "".join(row.replace(old, new, 1) if i in found else row for i, row in enumerate(rows, 1))

    return damage


def add(row: str) -> Damage:
    """Put a row at the end."""
    return lambda text: text + row + "\r\n"


def again(line: int) -> Damage:
    """Repeat a line at the end."""
    return lambda text: text + text.splitlines(keepends=True)[line - 1]


def column(name: str) -> Damage:
    """Add a column."""
    return lambda text: "".join(
        f"{row};{name if i == 0 else 'a'}\r\n" for i, row in enumerate(text.splitlines())
    )


def without(name: str) -> Damage:
    """Take a column away."""

    def damage(text: str) -> str:
        rows = [r.split(";") for r in text.splitlines()]
        i = rows[0].index(name)
        return "".join(";".join(r[:i] + r[i + 1 :]) + "\r\n" for r in rows)

    return damage


NEW_SCHOOL = (
    "2023-10-01;98FA;00;SBO De Nieuwe;9991AA;VERZONNENSTAD;9999;VERZONNENSTAD;Nergens;Sbo;;X;1"
    + ";0" * 5 + ";12" * 5 + ";0" * 13
)  # fmt: skip
TOTAL_ROW = (
    "2023-10-01;98BA;00;Totaal gemeente;;VERZONNENSTAD;9999;VERZONNENSTAD;Nergens;Sbo;;X;1" + ";99" * 23
)


def with_totals(off: int) -> Damage:
    """Add a total to every row; that of a new school without hidden cells is off by so many."""

    def damage(text: str) -> str:
        rows = [*text.splitlines(), NEW_SCHOOL]
        known = [sum(int(c) for c in row.split(";")[13:] if c.isdecimal()) for row in rows]
        ends = ["TOTAAL", *known[1:-1], known[-1] + off]
        return "".join(f"{row};{end}\r\n" for row, end in zip(rows, ends, strict=True))

    return damage


def read_only(folder: Path) -> None:
    """Forbid writing of the region file."""
    (folder / "region.yaml").chmod(0o444)


def break_region(folder: Path) -> None:
    """Leave a bracket open in the region file."""
    path = folder / "region.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("districts:", "districts: [", 1), encoding="utf-8"
    )


def huge(folder: Path) -> None:
    """Make the file larger than any file of counts."""
    with (folder / "file.csv").open("r+b") as file:
        file.truncate(70_000_000)


def folder_instead(folder: Path) -> None:
    """A folder with the name of the file."""
    (folder / "file.csv").unlink()
    (folder / "file.csv").mkdir()


ROW = f"file.csv:{SBO_LINE}:"
CASES = (
    Case("wrong separator", lambda t: t.replace(";", "|"),
         2, ("file.csv:1:", "Allowed: column names parted by ';'")),
    Case("UTF-16", lambda t: t.encode("utf-16"), 2, ("file.csv:1:", "UTF-16", "Save it as CSV UTF-8")),
    Case("neither UTF-8 nor Windows-1252", lambda t: t.encode("cp1252") + b"\x81\r\n",
         2, ("file.csv:11:", "0x81")),
    Case("missing column", without("CLUSTER"), 2, ("file.csv:1:", "without CLUSTER", "Allowed: all of")),
    Case("missing column of one age", without("LEEFTIJD_10"), 2, ("file.csv:1:", "the numbers of pupils of 10")),
    Case("missing row of column names", lambda t: t.split("\r\n", 1)[1].replace(";;", ";0;"),
         2, ("file.csv:1:", "numbers or dates stand in the first row")),
    Case("'sep=' above the header", lambda t: "sep=;\r\n" + t, 2, ("file.csv:1:", "'sep='")),
    Case("column twice", swap("PROVINCIE", "CLUSTER", 1),
         2, ("file.csv:1:", "stands twice", "Found: CLUSTER")),
    Case("unknown layout", lambda t: "STAD;JAAR;AANTAL\r\nX;2023;12\r\n",
         2, ("file.csv:1:", "no known layout", "docs/import.md")),
    Case("empty", lambda t: "", 2, ("file.csv:1:", "this file is empty")),
    Case("header only", lambda t: t.splitlines()[0] + "\r\n", 2, ("file.csv:1:", "a header and no rows")),
    Case("huge", same, 2, ("file.csv:", "too large", "Allowed: at most"), prepare=huge),
    Case("workbook", lambda t: b"PK\x03\x04" + t.encode("cp1252"),
         2, ("file.csv:1:", "a workbook or a zip file", "save the sheet as CSV")),
    Case("NUL byte", swap("98BA", "98\0BA", SBO_LINE), 2, (ROW, "NUL byte")),
    Case("title above the header", lambda t: "Leerlingen 2023" + ";" * 35 + "\r\n" + t,
         2, ("file.csv:1:", "empty cells", "Take away titles")),
    Case("negative number", swap(";10;", ";-10;", SBO_LINE),
         2, (ROW, "a negative number", "Allowed: a whole number")),
    Case("decimals", swap(";10;", ";10,5;", SBO_LINE), 2, (ROW, "a decimal")),
    Case("text in a number", swap(";10;", ";tien;", SBO_LINE), 2, (ROW, "this cell holds text")),
    Case("another bound than <5", swap(";10;", ";<10;", SBO_LINE), 2, (ROW, "a bound other than <5")),
    Case("'< 5' and '<5 '", swap(";<5;7;", ";< 5;<5 ;", SBO_LINE), 0, (ROW, "together about 7.5 (3 to 12)")),
    Case("'x' and '.'", swap(";10;", ";x;", SBO_LINE), 0, (ROW, "this school is left as it was")),
    Case("row of totals", add(TOTAL_ROW), 0, ("file.csv:11:", "Totaal gemeente -> not counted")),
    Case("total that is not the sum", with_totals(1), 2, ("file.csv:11: TOTAAL", "not the sum of its parts")),
    Case("total beside hidden cells", with_totals(0), 0, (ROW, "it would give hidden cells away")),
    Case("location twice", again(SBO_LINE), 2, ("file.csv:11:", "this row stands twice (first on line 6)")),
    Case("unknown municipality", lambda t: t.replace("VERZONNENSTAD", "ANDERSTAD"),
         2, ("no row is of this municipality", "Allowed: ")),
    Case("unknown location", add(NEW_SCHOOL),
         0, ("file.csv:11:", "SBO De Nieuwe (98FA00, sbo): 60 pupils", "not added")),
    Case("two years in one file", swap("2023-10-01", "2022-10-01", SBO_LINE),
         2, (ROW, "more than one date", "--date 2023-10-01")),
    Case("files of two years", same,
         2, ("different school years", "Allowed: files of one school year"), extra=(str(NEXT),)),
    Case("another year than the region", lambda t: t.replace("2023-10-01", "2022-10-01"),
         2, ("region.yaml:", "start:", "--move-start")),
    Case("date to come", lambda t: t.replace("2023-10-01", "2090-10-01"),
         2, ("file.csv:2:", "no count can be of this date")),
    Case("date long ago", lambda t: t.replace("2023-10-01", "0001-01-01"),
         2, ("file.csv:2:", "no count can be of this date", "Allowed: 1990-10-01 to")),
    Case("no date", swap("2023-10-01", "onbekend", SBO_LINE), 2, (f"{ROW} PEILDATUM", "this is no date")),
    Case("cluster that does not exist", swap(";So;3;", ";So;9;"),
         0, ("file.csv:7:", "cluster '9'", "this school is left as it was")),
    Case("row with a cell lost", swap(";Sbo;;", ";3;;", SBO_LINE),
         2, (f"{ROW} SOORT PO", "a number stands where the kind")),
    Case("no vestigingscode", swap("98BA;00", "9;1", SBO_LINE),
         2, (ROW, "this is no vestigingscode", "as 12AB00")),
    Case("column with names", column("VOORNAAM"),
         2, ("file.csv:1:", "one child or person; nothing was read", "Found: VOORNAAM")),
    Case("column with birth dates", column("Geboortedatum"),
         2, ("file.csv:1:", "nothing was read", "GEBOORTEDATUM")),
    Case("column with BSN", column("BSN"), 2, ("file.csv:1:", "nothing was read", "Found: BSN")),
    Case("quote never closed", swap("SBO De Verzonnen", '"SBO De\r\nVerzonnen', SBO_LINE),
         2, (ROW, "never closed")),
    Case("name over two lines, in quotes", swap("SBO De Verzonnen Vuurtoren", '"SBO De\r\nVerzonnen Vuurtoren"', SBO_LINE),
         0, (ROW, "SBO De Verzonnen Vuurtoren (98BA00), sbo", "file.csv:8:")),
    Case("cut off within a row", lambda t: t[: t.rindex("ELDERSTAD")],
         2, ("file.csv:10:", "as many cells", "Was the file cut off")),
    Case("real numbers under 5", swap(";<5;", SMALL), 0, ("treated as '<5'", ROW)),
    Case("no such file", same, 2, ("gone.csv: there is no such file",), extra=("gone.csv",)),
    Case("a folder instead of a file", same, 2, ("file.csv: this is a folder",), prepare=folder_instead),
    Case("folder of the result missing", same,
         2, ("no/such/region.yaml", "does not exist"), extra=("-o", "no/such/region.yaml")),
    Case("result is a folder", same, 2, ("-o . is no region file",), extra=("-o", ".")),
    Case("no region to start from", same,
         2, ("new.yaml does not exist yet", "doorstroom region new"), extra=("-o", "new.yaml")),
    Case("region file broken", same, 2, ("region.yaml:", "this is not YAML"), prepare=break_region),
    Case("region file read-only", same, 2, ("region.yaml: this file is read-only",), prepare=read_only),
    Case("report over the file itself", same,
         2, ("is one of the files to read",), extra=("--report", "file.csv")),
    Case("list: a column that is not asked", column("OPMERKING"),
         2, ("file.csv:1:", "not asked", "Found: OPMERKING"), "waiting"),
    Case("list: a column with names", column("Naam kind"), 2, ("file.csv:1:", "nothing was read"), "waiting"),
    Case("list: no row of column names", lambda t: "Jan;Jansen;so\r\nPiet;Pietersen;so\r\n",
         2, ("file.csv:1:", "3 columns, known of these: nothing"), "waiting"),
    Case("list: unknown school", swap("98BA00", "Jansen", 2),
         2, ("file.csv:2: VESTIGINGSCODE", "no place with this code"), "waiting"),
    Case("list: unknown profile", swap("any", "gym", 2),
         2, ("file.csv:2: PROFIEL", "Allowed: any"), "places"),
    Case("list: of another year", lambda t: t.replace("2023-10", "2025-10"),
         2, ("file.csv:2: PEILDATUM", "not of the start"), "waiting"),
    Case("list: month to come", swap("2025-05", "2090-05", 2),
         2, ("file.csv:2: MAAND", "still to come"), "declarations"),
    Case("list: row of totals", add("2023-10-01;Totaal;any;99;"),
         0, ("file.csv:4: a row of totals -> not counted",), "waiting"),
)  # fmt: skip


@cache
def made_up_region() -> str:
    """A region made from the counts of a town that does not exist, and the shipped rules."""
    base = open_region(REPO / "scenarios" / "almere" / "region.yaml")
    counts = read_counts([PO, VO], TOWN, (), date(2026, 1, 1))
    return yaml_of(new_region(base, "verzonnenstad", TOWN, counts)[0]) + "\n"


def run(case: Case, folder: Path) -> Result:
    """Run the command on a damaged file in an empty folder."""
    source = PO if case.file == "po" else REPO / "docs" / "templates" / f"{case.file}.csv"
    text = source.read_bytes().decode("cp1252")
    damaged = case.damage(text)
    (folder / "file.csv").write_bytes(damaged if isinstance(damaged, bytes) else damaged.encode("cp1252"))
    (folder / "region.yaml").write_bytes(made_up_region().encode())
    case.prepare(folder)
    before = _snapshot(folder)
    words = ["import-duo", "--municipality", TOWN] if case.file == "po" else ["import-lists"]
    out = () if "-o" in case.extra else ("-o", "region.yaml")
    code, said = command(folder, *words, "file.csv", *out, *case.extra)
    after = _snapshot(folder)
    changed = tuple(sorted(k for k in {*before, *after} if before.get(k) != after.get(k)))
    return Result(code, said, changed, (folder / "region.yaml").read_text(encoding="utf-8"))


def command(folder: Path, *words: str) -> tuple[int, str]:
    """Run `doorstroom` in a folder, in this process; its exit code and all that it said."""
    said = io.StringIO()
    old = sys.argv
    sys.argv = ["doorstroom", *words]
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main()
        code: object = 0
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.argv = old
    return (code if isinstance(code, int) else 0 if code is None else 1), said.getvalue()


def wrong(case: Case, result: Result) -> str:
    """What is not as it must be, in words; nothing when all is well."""
    missing = [part for part in case.says if part not in result.said]
    if result.code != case.code:
        return f"exit code {result.code}"
    if "Traceback" in result.said:
        return "a traceback"
    if missing:
        return f"does not say: {'; '.join(missing)}"
    if case.code and result.changed:
        return f"wrote {', '.join(result.changed)}"
    left = [name for name in result.changed if name.startswith(".")]
    return f"left {', '.join(left)}" if left else ""


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): b"" if p.stat().st_size > 10**6 else p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file()
    }
