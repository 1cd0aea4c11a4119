"""DUO's public pupil files -> children per school location, kind of education and age, with every odd row listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sim.data.countdate import one_date
from sim.data.counts import SMALLEST, CellError, Count, UnknownCell, read_cell
from sim.data.findings import Finding
from sim.data.layouts import DUO, fit
from sim.data.reading import MOST_PROBLEMS, Reading
from sim.data.tables import Row, plain, read_table
from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, nearest_first

# Kind of education and cluster in DUO's words -> type or stage of the region file. Clusters 3 and 4 are one since 2014.
KINDS = {
    ("BO", ""): "bo", ("SBO", ""): "sbo", ("SO", "2"): "cluster2", ("SO", "3/4"): "so", ("VSO", "3/4"): "vso",
    ("PRO", ""): "pro", ("VO", ""): "vo",
}  # fmt: skip
OLDEST = date(1990, 10, 1)  # no file of DUO is older
_NO_KIND = re.compile(r"[<\d\s.,]+")
_PRACTICAL = re.compile(r"PRAKTIJKONDERWIJS|PRO\b", re.IGNORECASE)
_TOTAL = re.compile(r"(sub|eind)?-?totaal\b|total\b", re.IGNORECASE)
_CODE = re.compile(r"[0-9]{2}[A-Z]{2}[0-9A-Z]{2}")


@dataclass(frozen=True)
class Location:
    """Children of one kind of education at one school location.

    Attributes:
        code: Vestigingscode (BRIN with two figures).
        kind: Type or stage of the region file.
        children: Together.
        ages: Age on the count date -> children; empty when the file has no ages.
        whole: False when a row of this location could not be counted: then nothing may be concluded.
        here: In the municipality asked for.
        file, line: Its first row.
        title: What file it was.
    """

    code: str
    kind: str
    name: str
    postcode: str
    children: Count
    ages: Mapping[int, Count]
    whole: bool
    here: bool
    file: str
    line: int
    title: str


@dataclass(frozen=True)
class Counts:
    """All that was read from DUO's files.

    Attributes:
        day: Count date; the school year is the one in which it falls.
        locations: Of the municipality, and of codes that were asked for.
        findings: What was met on the way.
    """

    day: date
    locations: tuple[Location, ...]
    findings: tuple[Finding, ...]

    @property
    def start(self) -> date:
        """1 August of the school year of the count."""
        return date(self.day.year - (self.day.month < 8), 8, 1)

    @property
    def school_year(self) -> str:
        """The school year, as in `2024-25`."""
        return f"{self.start.year}-{(self.start.year + 1) % 100:02d}"


@dataclass
class _Duo(Reading):
    """One of DUO's files while it is read."""

    wanted: frozenset[str] = frozenset()  # municipality, or towns where the file names none; without capitals
    codes: frozenset[str] = frozenset()


def read_counts(
    paths: Iterable[Path],
    municipality: str,
    codes: Iterable[str],
    today: date,
    day: date | None = None,
    towns: Iterable[str] = (),
) -> Counts:
    """Read DUO's files of one school year.

    Args:
        paths: The files; one of each kind at most.
        municipality: Whose schools; compared without capitals.
        codes: Codes that a region file names; they count wherever they lie.
        today: No count can be of a later date.
        day: Count date, needed where a file does not tell it, or to choose one of several in it.
        towns: Other towns of the municipality, for files that name towns and no municipalities.

    Raises:
        ScenarioError: With everything that makes these files unfit to be counted.
    """
    wanted = frozenset(c.upper() for c in codes if c)
    locations: list[Location] = []
    findings: list[Finding] = []
    days: dict[str, date] = {}
    problems: list[Problem] = []
    names: set[str] = set()
    for path in paths:
        table = read_table(path)
        fitted = fit(table, DUO)
        places = [municipality] if "municipality" in fitted.at else [municipality, *towns]
        r = _Duo(table, fitted, wanted=frozenset(p.casefold() for p in places), codes=wanted)
        rows = _without_totals(r)
        chosen = one_date(r, rows, path, day) if rows else None
        if chosen is not None:
            days[table.file], rows = chosen
            if not OLDEST <= days[table.file] <= today:
                hint = "Look at PEILDATUM, at --date, or at the year in the file's name."
                allowed, found = f"{OLDEST} to {today}", str(days[table.file])
                r.wrong(rows[0].line, "no count can be of this date", found=found, allowed=allowed, hint=hint)
            _unique(r, rows)
        if not r.problems:
            locations += _locations(r, rows, names)
        problems += r.problems
        findings += r.findings
    if problems:
        raise ScenarioError(problems)
    if not any(x.here for x in locations):
        problem = Problem(
            next(iter(days), municipality),
            0,
            "",
            municipality,
            "no row is of this municipality",
            listing(nearest_first(municipality, names), 6),
            did_you_mean(municipality, names) or "Write the name as the file does.",
        )
        raise ScenarioError([problem])
    problems = _one_year(days) + _counted_twice(locations)
    if problems:
        raise ScenarioError(problems)
    return Counts(max(days.values()), tuple(locations), tuple(findings))


def _without_totals(r: _Duo) -> list[Row]:
    """Rows that are no totals: those would count every child twice."""
    rows = []
    for row in r.table.rows:
        cells = (
            r.cell(row, m) for m in ("school", "branch", "name", "kind", "municipality", "town", "course")
        )
        if any(_TOTAL.match(c) for c in cells):
            r.note("total", row.line, r.cell(row, "name") or "a row without a name", "not counted")
        else:
            rows.append(row)
    if not rows:
        r.wrong(1, "every row of this file is a total", allowed="rows of schools")
    return rows


def _unique(r: _Duo, rows: Sequence[Row]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        own = r.fitted.layout.key
        key = (
            tuple(r.cell(row, m).upper() for m in own)
            if own
            else tuple(c for i, c in enumerate(row.cells) if i not in r.fitted.counts)
        )
        line = first.setdefault(key, row.line)
        if line != row.line:
            r.wrong(
                row.line,
                f"this row stands twice (first on line {line})",
                allowed="each school location and kind once",
                hint="Which of the two is true cannot be guessed. Download the file again.",
            )
    del r.problems[MOST_PROBLEMS:]


def _locations(r: _Duo, rows: Sequence[Row], names: set[str]) -> list[Location]:
    """Count the rows that matter; list by name what is hidden, unknown, a total or not of a known kind."""
    title = r.fitted.layout.title
    r.note(
        "read", 0, f"{title}; {r.table.encoding}, '{r.table.separator}'", f"layout known from: {r.fitted.layout.seen}"
    )  # fmt: skip
    if r.fitted.unused:
        r.note("unused", 1, f"columns {listing(r.fitted.unused, 40)}", "this layout does not know them")
    found: dict[tuple[str, str], Location] = {}
    doubtful: set[str] = set()
    elsewhere = 0
    placed = bool({"municipality", "town"} & r.fitted.at.keys())
    if not placed:
        r.note("check", 0, "the file names no municipalities", "only codes of the region file are counted")
    elif "municipality" not in r.fitted.at:
        what = f"the file names towns; counted: {listing(sorted(t.title() for t in r.wanted))}"
        r.note("check", 0, what, "--town NAME adds another town of the municipality")
    if "kind" in r.fitted.at and "cluster" not in r.fitted.at:
        r.note(
            "check",
            0,
            "the file has no CLUSTER",
            "SO and VSO of every cluster are counted as clusters 3 and 4",
        )
    for row in rows:
        town = r.cell(row, "municipality") or r.cell(row, "town")
        names.add(town.title())
        code = _code(r, row)
        here = town.casefold() in r.wanted if placed else code in r.codes
        if not here and code not in r.codes:
            elsewhere += 1
            continue
        if not _CODE.fullmatch(code):
            r.wrong(row.line, "this is no vestigingscode", found=code, allowed="six characters, as 12AB00")
            continue
        if _NO_KIND.fullmatch(r.cell(row, "kind")):
            reason, hint = (
                "a number stands where the kind of education should be",
                "Was a cell of this row lost?",
            )
            r.wrong(row.line, reason, column=r.table.header[r.fitted.at["kind"]], hint=hint)
            continue
        label = f"{r.cell(row, 'name') or code} ({code})"
        kind, known = _kind(r, row)
        if kind is None:
            cluster = r.cell(row, "cluster")
            what = f"{label}: kind '{r.cell(row, 'kind')}'" + (f", cluster '{cluster}'" if cluster else "")
            done = (
                "this region has no type for it" if known else "not counted, so this school is left as it was"
            )
            r.note("left out" if known else "unknown", row.line, what, done)
            doubtful |= set() if known else {code}
            continue
        children, ages, whole = _children(r, row, f"{label}, {kind}")
        new = Location(
            code, kind, r.cell(row, "name"), r.cell(row, "postcode"), children, ages, whole, here, r.table.file,
            row.line, title,
        )  # fmt: skip
        old = found.get((code, kind))
        found[code, kind] = new if old is None else _together(old, new)
    if not found:
        r.note("check", 0, "no row of this file was counted", "see that municipality and towns are right")
    if elsewhere:
        r.note("left out", 0, f"{elsewhere} rows of other municipalities", "not of this region")
    return [replace(x, whole=x.whole and x.code not in doubtful) for x in found.values()]


def _code(r: _Duo, row: Row) -> str:
    school, branch = r.cell(row, "school").upper(), r.cell(row, "branch").upper()
    return branch if len(branch) == 6 else school + branch.zfill(2)  # some files write the whole code


def _kind(r: _Duo, row: Row) -> tuple[str | None, bool]:
    """The type or stage of the region file, if any; and whether DUO's words are known at all."""
    if "course" in r.fitted.at:
        return KINDS["PRO" if _PRACTICAL.match(r.cell(row, "course")) else "VO", ""], True
    kind, cluster = plain(r.cell(row, "kind")), set(re.findall(r"\d", r.cell(row, "cluster")))
    group = "3/4" if cluster <= {"3", "4"} else "".join(sorted(cluster))
    known = kind in {k for k, _ in KINDS} and group in ("1", "2", "3/4")
    return (KINDS.get((kind, "")) or KINDS.get((kind, group)) if known else None), known


def _children(r: _Duo, row: Row, label: str) -> tuple[Count, dict[int, Count], bool]:
    children, ages, whole = Count(), dict[int, Count](), True
    met: dict[str, list[str]] = {}
    for i, age in r.fitted.counts.items():
        column = r.table.header[i]
        try:
            count, how = read_cell(row.cells[i])
        except UnknownCell:
            met.setdefault("unknown", []).append(column)
            whole = False
            continue
        except CellError as error:
            r.wrong(
                row.line,
                f"this cell holds {error}",
                column=column,
                allowed=f"a whole number, or '<{SMALLEST}' for 1 to {SMALLEST - 1} children",
            )
            continue
        if how != "shown":
            met.setdefault(how, []).append(column)
        children += count
        if age >= 0:
            ages[age] = ages.get(age, Count()) + count
    done = {"empty": "read as none", "unknown": "this school is left as it was"}
    for kind, columns in met.items():
        hidden = f"together {Count(hidden=len(columns))}"
        r.note(kind, row.line, f"{label}: {listing(columns, 40)}", done.get(kind, hidden))
    _check_total(r, row, children, hidden=bool(children.hidden) or not whole)
    return children, ages, whole


def _check_total(r: _Duo, row: Row, children: Count, hidden: bool) -> None:
    """A total of shown cells must be their sum. With a hidden cell it is not even read: it would give the cell away."""
    text = r.cell(row, "total")
    if not text or hidden:
        if text:
            r.note(
                "total",
                row.line,
                f"{r.cell(row, 'name')}: TOTAAL",
                "not used: it would give hidden cells away",
            )
        return
    if text != str(children.known):
        reason = "the total of this row is not the sum of its parts"
        r.wrong(
            row.line, reason, column="TOTAAL", allowed=f"{children.known}", hint="Download the file again."
        )


def _together(a: Location, b: Location) -> Location:
    ages = {k: a.ages.get(k, Count()) + b.ages.get(k, Count()) for k in sorted({*a.ages, *b.ages})}
    return replace(a, children=a.children + b.children, ages=ages, whole=a.whole and b.whole)


def _one_year(days: Mapping[str, date]) -> list[Problem]:
    years = {date(d.year - (d.month < 8), 8, 1): f for f, d in days.items()}
    if len(years) < 2:
        return []
    found = ", ".join(f"{f} of {d}" for f, d in days.items())
    file = years[max(years)]
    return [
        Problem(file, 0, "", found, "these files are of different school years", "files of one school year")
    ]


def _counted_twice(locations: Sequence[Location]) -> list[Problem]:
    first: dict[tuple[str, str], Location] = {}
    problems = []
    for x in locations:
        known = first.setdefault((x.code, x.kind), x)
        if known is not x:
            reason = f"{x.code} ({x.kind}) is also counted in {known.file}:{known.line}"
            problems.append(Problem(x.file, x.line, "", "", reason, "", "Give one file of each kind."))
    return problems[:MOST_PROBLEMS]
