"""A list of places per school and arrangement, under the names that a samenwerkingsverband uses, read as today's places.

One row per school and arrangement. Keys are `vestigingscode`, `arrangement` and `schooljaar`; then `huidig aantal` (children
now), `beschikbaar` (free places), `plaatsen 25-26` (places in the school year of the key), `beschikbaar 26-27` (free in the
next one) and `groepen`. Columns that begin with `plan` are answers of an earlier plan, and passed over.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sim.data.tables import Row, Table, read_table
from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing
from sim.scenario.files import shown
from sim.scenario.levers import Change, Where
from sim.scenario.quantity import Quantity
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.scenario.units import ANY_PROFILE
from sim.study.places_groups import Key, size_on

SUFFIXES = (".csv", ".xlsx")
CODE, SCHOOL, ARRANGEMENT, YEAR = "VESTIGINGSCODE", "SCHOOL", "ARRANGEMENT", "SCHOOLJAAR"
NOW, FREE, PLACES, GROUPS, PLAN = "HUIDIG AANTAL", "BESCHIKBAAR", "PLAATSEN", "GROEPEN", "PLAN"
HIDDEN = "<5"
MOST = 10_000
MOST_PER_GROUP = 200
_SPAN = re.compile(r"^(?:20)?(\d{2})[-/](?:20)?(\d{2})$")


@dataclass(frozen=True)
class Given:
    """One row of a list: children now and free places may be hidden (None)."""

    line: int
    key: Key
    now: int | None
    free: int | None
    places: int
    groups: int
    free_next: str = ""


@dataclass(frozen=True)
class Places:
    """A list of places that was read.

    Attributes:
        rows: School and need -> row.
        first: First calendar year of its school year.
        scenario: Carrying on as today with these places from that school year on.
        imposed: The children now are those of the model's first day; otherwise the model has its own.
    """

    file: str
    rows: Mapping[Key, Given]
    first: int
    scenario: Scenario
    imposed: bool

    def notes(self, lang: str) -> list[str]:
        """What a reader should know about how the list was used."""
        year, number = f"{self.first}-{self.first + 1}", len(self.rows)
        if lang == "nl":
            said = [
                f"{self.file}: plaatsen van {number} groepen van scholen, geldig vanaf schooljaar {year}."
            ]
            if not self.imposed:
                said.append(
                    "Hoeveel kinderen er nu zitten, komt uit het model zelf: dat begint eerder dan deze lijst."
                )
            if any(r.now is None or r.free is None for r in self.rows.values()):
                said.append(f"Aantallen '{HIDDEN}' zijn niet ingevuld en niet gebruikt.")
            return said
        said = [f"{self.file}: places of {number} arrangements, in force from school year {year}."]
        if not self.imposed:
            said.append("How many children sit there now comes from the model: it starts before this list.")
        if any(r.now is None or r.free is None for r in self.rows.values()):
            said.append(f"Numbers '{HIDDEN}' were not filled in and not used.")
        return said


def checked_suffix(path: Path) -> None:
    """Whether a file has a kind that can be read and written.

    Raises:
        ScenarioError: It has not.
    """
    if path.suffix.lower() not in SUFFIXES:
        reason = "places can be read from and written to two kinds of files"
        raise ScenarioError([Problem(shown(path), 0, "", path.suffix, reason, listing(SUFFIXES))])


def read_places(path: Path, scenario: Scenario) -> Places:
    """Read a list of places as today's, in memory.

    Args:
        path: A CSV file or a workbook (its first sheet).
        scenario: Carrying on as today, in which schools and needs are looked up.

    Raises:
        ScenarioError: Every problem of the file; nothing of it is used then.
    """
    table = read_table(path) if path.suffix.lower() == ".csv" else _sheet(path)
    first, columns = _columns(table)
    problems: list[Problem] = []
    rows: dict[Key, Given] = {}
    for row in table.rows:
        cells = {name: row.cells[table.header.index(name)] for name in columns.values()}
        given = _row(table, row, cells, columns, first, scenario, problems)
        if given is not None and given.key in rows:
            problems.append(
                table.problem(
                    row.line, f"this school and arrangement stand in line {rows[given.key].line} as well"
                )
            )
        elif given is not None:
            rows[given.key] = given
    if not scenario.region.start <= date(first, 8, 1):
        problems.append(
            table.problem(table.rows[0].line, "this school year ends before the model starts", column=YEAR,
                          found=f"{first}-{first + 1}", allowed=f"{scenario.region.start.year} or later")
        )  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    imposed = date(first, 8, 1) == scenario.region.start
    used = _in_region(scenario, rows, first) if imposed else _in_levers(scenario, rows, first)
    return Places(table.file, rows, first, used, imposed)


def _columns(table: Table) -> tuple[int, dict[str, str]]:
    """First year of the key, and meaning -> column name."""
    if YEAR not in table.header:
        raise ScenarioError([_lacking(table, [YEAR])])
    at = table.header.index(YEAR)
    years = {row.cells[at] for row in table.rows}
    first = _span(next(iter(years))) if len(years) == 1 else None
    if first is None:
        reason = "all rows must be of one school year"
        raise ScenarioError(
            [
                table.problem(
                    table.rows[0].line,
                    reason,
                    column=YEAR,
                    found=listing(sorted(years)),
                    allowed="as 2025-2026",
                )
            ]
        )
    this, following = f"{PLACES} {short(first)}", f"{FREE} {short(first + 1)}"
    meant = {c: c for c in (CODE, ARRANGEMENT, YEAR, NOW, FREE, SCHOOL, GROUPS)}
    meant |= {PLACES: this, "next": following}
    optional = (SCHOOL, GROUPS, following)
    lacking = [c for c in meant.values() if c not in table.header and c not in optional]
    problems = [_lacking(table, lacking)] if lacking else []
    for name in table.header:
        if name not in meant.values() and not name.startswith(PLAN):
            problems.append(
                table.problem(1, "unknown column", column=name, allowed=listing(c.lower() for c in meant.values()),
                              hint=did_you_mean(name.lower(), [c.lower() for c in meant.values()]))
            )  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return first, {meaning: name for meaning, name in meant.items() if name in table.header}


def _lacking(table: Table, names: Sequence[str]) -> Problem:
    wanted = f"{CODE}, {ARRANGEMENT}, {YEAR}, {NOW}, {FREE}, {PLACES} 25-26".lower()
    return table.problem(1, f"this column is missing: {listing(n.lower() for n in names)}", allowed=wanted)


def _row(
    table: Table, row: Row, cells: dict[str, str], columns: Mapping[str, str], first: int, scenario: Scenario,
    problems: list[Problem],
) -> Given | None:  # fmt: skip
    before = len(problems)
    region = scenario.region
    place = _place(table, row, cells[CODE], region, problems)
    profile = None if place is None else _profile(table, row, cells[ARRANGEMENT], region, place, problems)
    numbers: dict[str, int | None] = {}
    for meaning in (NOW, FREE, PLACES, GROUPS):
        name = columns.get(meaning)
        if name is not None and (meaning != GROUPS or cells[name]):
            hidden = meaning in (NOW, FREE)
            numbers[meaning] = _number(table, row, name, cells[name], problems, hidden=hidden)
    if len(problems) > before or place is None or profile is None:
        return None
    now, free, places = numbers[NOW], numbers[FREE], numbers[PLACES]
    assert places is not None
    if now is not None and free is not None and now + free > places:
        problems.append(
            table.problem(
                row.line, "children now and free places are more than the places", column=columns[PLACES]
            )
        )
    key = (place, profile)
    kind = region.places[place].type
    usual = size_on(scenario, kind, key, date(first, 8, 1))
    groups = numbers.get(GROUPS)
    if groups is None:
        groups = max(1, round(places / usual)) if places else 0
    if (groups == 0) != (places == 0) or (groups and not 1 <= places / groups <= MOST_PER_GROUP):
        problems.append(
            table.problem(row.line, "places and groups do not fit each other", column=GROUPS, found=f"{groups} groups",
                          allowed=f"1 to {MOST_PER_GROUP} places per group; no places, no groups")
        )  # fmt: skip
    return Given(row.line, key, now, free, places, groups, cells.get(columns.get("next", ""), ""))


def _place(table: Table, row: Row, code: str, region: Region, problems: list[Problem]) -> str | None:
    codes = {p.code.upper(): name for name, p in region.places.items() if p.code}
    if code.upper() in codes:
        return codes[code.upper()]
    problems.append(
        table.problem(row.line, "no school of this region has this code", column=CODE, found=code,
                      allowed=listing(codes, 30), hint=did_you_mean(code, codes))
    )  # fmt: skip
    return None


def _profile(
    table: Table, row: Row, text: str, region: Region, place: str, problems: list[Problem]
) -> str | None:
    own = list(region.places[place].groups)
    names = {p: p for p in own}
    for p in own:
        if p in region.profiles:
            title = region.profiles[p].title
            names |= {title.nl.lower(): p, title.en.lower(): p}
    if text.lower() in names:
        return names[text.lower()]
    if len(own) == 1 and text.lower() in ("", "alle", ANY_PROFILE):
        return own[0]
    problems.append(
        table.problem(row.line, "this school has no groups for this arrangement", column=ARRANGEMENT, found=text,
                      allowed=listing(own), hint=did_you_mean(text, names))
    )  # fmt: skip
    return None


def _number(
    table: Table, row: Row, name: str, text: str, problems: list[Problem], *, hidden: bool
) -> int | None:
    if hidden and text.replace(" ", "") == HIDDEN:
        return None
    if text.isdecimal() and int(text) <= MOST:
        return int(text)
    allowed = f"a whole number from 0 to {MOST}" + (f", or {HIDDEN}" if hidden else "")
    problems.append(
        table.problem(row.line, "this is not a number of places or children", column=name, allowed=allowed)
    )
    return None


def _span(text: str) -> int | None:
    match = _SPAN.match(text.strip())
    return None if match is None or (int(match[1]) + 1) % 100 != int(match[2]) else 2000 + int(match[1])


def short(first: int) -> str:
    """A school year as its columns name it: 2025 -> 25-26."""
    return f"{first % 100:02d}-{(first + 1) % 100:02d}"


def _in_region(scenario: Scenario, rows: Mapping[Key, Given], first: int) -> Scenario:
    """The list belongs to the model's first day: groups, class size and children now are those of the region."""
    region = scenario.region

    def counted(number: float, unit: str) -> Quantity:
        return Quantity(
            value=number, unit=unit, range=(number, number), grade="A", source="list of places that was read",
            date=f"{first}-{first + 1}",
        )  # fmt: skip

    places = dict(region.places)
    for name in dict.fromkeys(place for place, _ in rows):
        mine = {k: r for k, r in rows.items() if k[0] == name}
        place = places[name]
        groups = place.groups | {k[1]: counted(r.groups, "groups") for k, r in mine.items()}
        roll = place.roll | {k[1]: counted(r.now, "children") for k, r in mine.items() if r.now is not None}
        seats = sum(
            rows[name, p].places if (name, p) in rows else q.value * size_on(scenario, place.type, (name, p), region.start)
            for p, q in place.groups.items()
        )  # fmt: skip
        number = sum(q.value for q in groups.values())
        size = counted(seats / number, "children per group") if number else place.class_size
        places[name] = place.model_copy(update={"groups": groups, "roll": roll, "class_size": size})
    return scenario.model_copy(update={"region": region.model_copy(update={"places": places})})


def _in_levers(scenario: Scenario, rows: Mapping[Key, Given], first: int) -> Scenario:
    """The list is of a later school year: groups and class size change on its first day."""
    day = date(first, 8, 1)
    levers = dict(scenario.levers)
    for (place, profile), given in rows.items():
        kind = scenario.region.places[place].type
        where = Where(place=(place,), profile=(profile,))
        new = {"groups": float(given.groups)}
        if given.groups:
            new["class_size"] = given.places / given.groups
        for key, value in new.items():
            path = f"{kind}.{key}"
            levers[path] = (*levers.get(path, ()), Change(set=value, from_=day, where=where))
    return scenario.model_copy(update={"levers": levers})


def _sheet(path: Path) -> Table:
    """The first sheet of a workbook, read under the rules for a CSV file."""
    file = shown(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        cells = [
            ["" if c is None else str(c) for c in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
    except FileNotFoundError:
        raise ScenarioError([Problem(file, 0, "", "", "there is no such file")]) from None
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError, EOFError) as error:
        reason = f"this is not a workbook that can be read ({type(error).__name__})"
        raise ScenarioError(
            [Problem(file, 0, "", "", reason, "an .xlsx file", "Save it again, or as CSV.")]
        ) from None
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(cells)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "sheet.csv")
        copy.write_text(stream.getvalue(), encoding="utf-8")
        try:
            return replace(read_table(copy), file=file)
        except ScenarioError as error:
            raise ScenarioError([replace(p, file=file) for p in error.problems]) from None
