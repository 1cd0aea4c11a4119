"""Read a delimited file that somebody else made: its separator and encoding are found, its damage is refused.

Nothing is repaired. A row is kept with the line on which it begins, so that every later message can name it. No
message of this file repeats what stands in a cell: a cell may be a small number of children, or somebody's name.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError, listing
from sim.scenario.files import shown

MOST_BYTES = 64_000_000
SEPARATORS = (";", ",")
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
# Columns that only a list of persons has. Addresses, streets and telephone numbers too: counts do not need them.
PERSONAL = re.compile(
    r"(VOOR|ACHTER|ROEP|FAMILIE|LEERLING|KIND|OUDER)S?.?NAA?M\b|\bNAA?M.?(VAN )?(HET )?(LEERLING|KIND|OUDER)|^NAAM$"
    r"|(FIRST|LAST|SUR).?NAME|^NAME$|GEBOORTE|GEB\.? ?DAT|BIRTH|\bBSN\b|BURGERSERVICE|SOFI|ONDERWIJSNUMMER"
    r"|PERSOONSGEBONDEN|LEERLING.?(NR|NUMMER|ID)\b|ADRES\b|STRAAT|HUISNUMMER|E.?MAIL|TELEFOON|\bIBAN\b|NATIONALITEIT"
    r"|VOORLETTER|INITIALEN|^(LEERLING|KIND)$|\bLLNR\b|\bECK.?ID\b|DIAGNOSE|STOORNIS|DOSSIER"
)
_NO_NAME = re.compile(r"[^A-Z]*\d[^A-Z]*")  # a number, a date, '<5': what stands in rows
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins (from 1), and its cells, as many as the header has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A delimited file as read.

    Attributes:
        file: The file as the user would name it.
        header: Names of the columns, as `plain` writes them.
        rows: All rows that are not blank.
        encoding, separator: What was found.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    separator: str

    def problem(
        self, line: int, reason: str, *, column: str = "", found: str = "", allowed: str = "", hint: str = ""
    ) -> Problem:
        """A problem in this file."""
        return Problem(self.file, line, column, found, reason, allowed, hint)


def plain(name: str) -> str:
    """A column name without what differs from year to year: capitals, single spaces for `_`."""
    return re.sub(r"[\s_]+", " ", name).strip().upper()


def read_table(path: Path) -> Table:
    """Read one file of rows and columns.

    Raises:
        ScenarioError: With file, line, reason and what to do, when it is not a whole table of text.
    """
    file = shown(path)
    raw = _bytes(path, file)
    text, encoding = _text(raw, file)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    if first.count(separator) == 0:
        odd = next((name for mark, name in (("\t", "tabs"), ("|", "'|'")) if mark in first), "")
        raise _refused(
            file, 1, "the first line is not a row of column names", odd and f"columns parted by {odd}",
            "column names parted by ';' or ','", "Save the file again as CSV, with ';' between the columns.",
        )  # fmt: skip
    rows = list(_rows(text, separator, file))
    if not rows:
        raise _refused(file, 1, "this file is empty")
    header = _header(file, rows[0])
    problems: list[Problem] = []
    found: list[Row] = []
    for row in rows[1:]:
        extra = row.cells[len(header) :]
        if len(row.cells) < len(header) or any(extra):
            reason = "this row does not have as many cells as there are columns"
            hint = (
                "Was the file cut off, or does a text hold the separator without quotes? Download it again."
            )
            problems.append(
                Problem(file, row.line, "", f"{len(row.cells)} cells", reason, f"{len(header)} cells", hint)
            )
        else:
            found.append(Row(row.line, row.cells[: len(header)]))
    if problems:
        raise ScenarioError(problems[:5])  # a lost separator damages every row after it
    if not found:
        raise _refused(file, 1, "this file has a header and no rows", "", "at least one row of counts")
    return Table(file, header, tuple(found), encoding, separator)


def _bytes(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise _refused(file, 0, "this is a folder", "", "a file", "Name the files in it, one by one.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refused(
                file,
                0,
                "this file is too large",
                f"{size:,} bytes",
                f"at most {MOST_BYTES:,} bytes",
                "Keep the rows of your own municipality and the header.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(file, 0, "there is no such file") from None
    except OSError as error:
        raise _refused(file, 0, f"the file cannot be read ({error.strerror or error})") from None


def _text(raw: bytes, file: str) -> tuple[str, str]:
    if not raw.strip():
        raise _refused(file, 1, "this file is empty", "", "a table of counts", "Download or save it again.")
    if raw.startswith((OLE, ZIP)):
        raise _refused(
            file, 1, "this is a workbook or a zip file, not a table of text", "", "a CSV file",
            "Unpack it, or open it in a spreadsheet and save the sheet as CSV.",
        )  # fmt: skip
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(
            file, 1, "this file is in UTF-16", "", "UTF-8 or Windows-1252", "Save it as CSV UTF-8."
        )
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise _refused(file, line, "a NUL byte stands in this file, so it is no text", "", "a CSV file")
    try:
        text, encoding = raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        try:
            text, encoding = raw.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            reason = "this is neither UTF-8 nor Windows-1252 text"
            raise _refused(
                file, line, reason, f"byte 0x{raw[error.start]:02x}", "", "Save it as CSV UTF-8."
            ) from None
    strange = _CONTROL.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise _refused(
            file, line, "a control character stands in this file, so it is no table of text", "", "a CSV file"
        )
    return text, encoding


def _rows(text: str, separator: str, file: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                yield Row(before + 1, tuple(" ".join(c.split()) for c in cells))
            before = reader.line_num
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        reason = (
            "a quote is opened on this line and never closed" if unclosed else f"this is no CSV ({error})"
        )
        raise _refused(file, before + 1, reason, "", "", "Was the file cut off? Download it again.") from None


def _header(file: str, row: Row) -> tuple[str, ...]:
    names = [plain(c) for c in row.cells]
    while names and not names[-1]:
        names.pop()
    if sum(not n for n in names) or len(names) < 2:
        raise _refused(
            file, row.line, "the first row has empty cells, so it is no row of column names",
            f"{sum(map(bool, names))} filled cells of {len(row.cells)}", "one row with a name for each column",
            "Take away titles, merged cells or 'sep=' above the column names.",
        )  # fmt: skip
    if any(_NO_NAME.fullmatch(n) for n in names):
        raise _refused(
            file, row.line, "numbers or dates stand in the first row, so it is no row of column names", "",
            "one row with a name for each column", "Put the row of names back, as in the published file or template.",
        )  # fmt: skip
    twice = [n for n, k in Counter(names).items() if k > 1]
    if twice:
        raise _refused(
            file, row.line, "this column stands twice", listing(twice), "each column once",
            "Take one of the two away.",
        )  # fmt: skip
    personal = [n for n in names if PERSONAL.search(n)]
    if personal:
        raise _refused(
            file, row.line, "this column looks like data about one child or person; nothing was read", listing(personal),
            "counts only: no names, birth dates, numbers or addresses of persons",
            "Take the column away, and count per school before you share the file (docs/privacy.md).",
        )  # fmt: skip
    return tuple(names)


def _refused(
    file: str, line: int, reason: str, found: str = "", allowed: str = "", hint: str = ""
) -> ScenarioError:
    return ScenarioError([Problem(file, line, "", found, reason, allowed, hint)])
