"""The partnership's own lists -> region file: places, waiting lists, declarations per month. Counts only, never a child.

Three small tables, told apart by their columns (docs/templates/). A column that the template does not have is refused: what is
not asked is not wanted. Children under 5 are taken as a range, as in DUO's files; groups, rooms and sizes are no children.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sim.data.counts import SMALLEST, CellError, Count, UnknownCell, read_cell
from sim.data.facts import FOLDER
from sim.data.factsfile import Cells, Key, with_facts
from sim.data.findings import Finding, Outcome
from sim.data.layouts import LISTS, fit
from sim.data.reading import Reading
from sim.data.regionfile import Edit, Keys, RegionFile
from sim.data.tables import Row, read_table
from sim.data.update import CELL_NOTE, outcome, quantity
from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing

SOURCE = {
    "places": "places of the partnership", "waiting": "waiting list of the partnership",
    "declarations": "declarations of the partnership",
}  # fmt: skip
FACTS = "declarations.csv"
MOST_MONTHS_FROM_START = 2  # a list of the start may be a little later than 1 August


@dataclass
class _List(Reading):
    """One list while it is read, and what it changes."""

    region: RegionFile = field(kw_only=True)
    today: date = field(kw_only=True)
    edits: dict[Keys, Edit] = field(default_factory=dict)
    facts: dict[Key, Cells] = field(default_factory=dict)
    waits: dict[tuple[str, str], tuple[int, float, date]] = field(default_factory=dict)

    def refuse(self, row: Row, meaning: str, reason: str, allowed: str = "", hint: str = "") -> None:
        """Note a cell that cannot stand; what stands in it is never repeated."""
        column = self.table.header[self.fitted.at[meaning]]
        self.wrong(row.line, reason, column=column, allowed=allowed, hint=hint)


def from_lists(paths: Iterable[Path], region: RegionFile, out: Path, today: date) -> Outcome:
    """What the lists change in a region file, and the facts beside it.

    Raises:
        ScenarioError: With everything that is wrong in the lists.
    """
    edits: dict[Keys, Edit] = {}
    facts: dict[Key, Cells] = {}
    findings: list[Finding] = []
    problems: list[Problem] = []
    for path in paths:
        table = read_table(path)
        r = _List(table, fit(table, LISTS), region=region, today=today)
        _read(r)
        problems += r.problems
        for p in (r.edits.keys() & edits.keys()) or ():
            problems.append(table.problem(0, f"{'.'.join(map(str, p))} also stands in another list"))
        edits |= r.edits
        facts |= r.facts
        findings += r.findings
    if problems:
        raise ScenarioError(problems)
    result = outcome(region, edits, findings, out)
    return with_facts(result, facts, out.parent / FOLDER / FACTS) if facts else result


def _read(r: _List) -> None:
    layout = r.fitted.layout
    if r.fitted.unused:
        r.problems.append(
            r.table.problem(
                1,
                "this list has columns that are not asked",
                found=listing(r.fitted.unused),
                allowed=listing(r.table.header[i] for i in r.fitted.at.values()),
                hint="Take them away: what is not needed is not read (docs/privacy.md).",
            )
        )
        return
    r.note("read", 0, f"{layout.title}; {r.table.encoding}, '{r.table.separator}'", "our own template")
    first: dict[tuple[str, ...], int] = {}
    for row in r.table.rows:
        if any(re.search("totaa?l", c, re.IGNORECASE) for c in row.cells):
            r.note("total", row.line, "a row of totals", "not counted")
            continue
        key = tuple(r.cell(row, m).upper() for m in layout.key)
        line = first.setdefault(key, row.line)
        if line != row.line:
            reason = f"this row stands twice (first on line {line})"
            r.problems.append(r.table.problem(row.line, reason, allowed="each row once"))
        elif layout.id == "declarations":
            _declarations(r, row)
        else:
            _place(r, row)
    if layout.id == "waiting" and not r.problems:
        _waits(r)


def _place(r: _List, row: Row) -> None:
    """A row about one school and profile: its groups and rooms, or its list."""
    day, key = _day(r, row), _key(r, row)
    if key is None or day is None:
        return
    groups, profile = r.region.region.places[key].groups, r.cell(row, "profile").lower()
    if profile not in groups:
        r.refuse(row, "profile", f"'{key}' has no groups for this profile", listing(groups))
    elif r.fitted.layout.id == "places":
        for meaning, path, unit, form in (
            ("groups", ("groups", profile), "groups", r"\d{1,3}"),
            ("size", ("class_size",), "children per group", r"\d{1,2}(\.\d+)?"),
            ("rooms", ("rooms",), "rooms", r"\d{1,3}"),
        ):
            _capacity(r, row, day, meaning, ("places", key, *path), unit, form)
    else:
        _waiting(r, row, day, key, profile)


def _capacity(r: _List, row: Row, day: date, meaning: str, path: Keys, unit: str, form: str) -> None:
    text = r.cell(row, meaning).replace(",", ".")
    if not text and meaning != "groups":
        return
    if not re.fullmatch(form, text):
        r.refuse(row, meaning, f"this is not a number of {unit}", "a number such as 12")
        return
    number = float(text)
    edit = Edit(quantity(number, unit, number, number, "A", SOURCE["places"], day))
    if r.edits.setdefault(path, edit).value["value"] != edit.value["value"]:
        r.refuse(
            row, meaning, "another row of this school has another number", "one number for the whole school"
        )


def _waiting(r: _List, row: Row, day: date, key: str, profile: str) -> None:
    label = f"{r.region.region.places[key].title.en}, {profile}"
    count = _count(r, row, "waiting", label)
    if count is None:
        return
    note = CELL_NOTE if count.hidden else ""
    q = quantity(count.value, "children", count.low, count.high, "A", SOURCE["waiting"], day, note)
    r.edits["places", key, "waiting", profile] = Edit(q)
    text = r.cell(row, "waited").replace(",", ".")
    if text and not re.fullmatch(r"\d{1,4}(\.\d+)?", text):
        r.refuse(row, "waited", "this is not a number of days", "the mean wait so far, such as 140")
    elif text and count.known < SMALLEST:
        r.note("left out", row.line, f"{label}: mean wait", "of fewer than 5 children: not used")
    elif text:
        r.waits[key, profile] = (count.known, float(text), day)


def _waits(r: _List) -> None:
    """One mean wait per school: of its profiles, weighted by children."""
    for key in dict.fromkeys(k for k, _ in r.waits):
        parts = [part for (k, _), part in r.waits.items() if k == key]
        mean = sum(n * days for n, days, _ in parts) / sum(n for n, _, _ in parts)
        note = "range: a fifth either way"
        q = quantity(mean, "days", 0.8 * mean, 1.25 * mean, "A", SOURCE["waiting"], parts[0][2], note)
        r.edits["places", key, "waited"] = Edit(q)


def _declarations(r: _List, row: Row) -> None:
    month, kind = r.cell(row, "month"), r.cell(row, "type").lower()
    types = [k for k, t in r.region.region.place_types.items() if t.decision]
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        r.refuse(row, "month", "this is not a month", "such as 2025-05")
    elif f"{month}-01" > r.today.isoformat():
        r.refuse(row, "month", "this month is still to come")
    elif kind not in types:
        r.refuse(
            row, "type", "there is no such type with a declaration", listing(types), did_you_mean(kind, types)
        )
    else:
        for meaning in ("requested", "granted"):
            count = _count(r, row, meaning, f"{kind}, {month}")
            if count is not None:
                series = f"{r.region.region.id}.declarations.{kind}.{meaning}"
                bounds = (str(count.low), str(count.high)) if count.hidden else ("", "")
                r.facts[series, f"{month}-01"] = (
                    f"{count.value:g}", *bounds, "children per month", "A", SOURCE["declarations"], month,
                    CELL_NOTE if count.hidden else "",
                )  # fmt: skip


def _count(r: _List, row: Row, meaning: str, label: str) -> Count | None:
    text = r.cell(row, meaning)
    try:
        if not text:
            raise UnknownCell
        count, how = read_cell(text)
    except UnknownCell:
        r.note("unknown", row.line, f"{label}: {meaning}", "left as it was")
        return None
    except CellError as error:
        r.refuse(row, meaning, f"this cell holds {error}", "a whole number, or '<5' for 1 to 4 children")
        return None
    if how != "shown":
        r.note(how, row.line, f"{label}: {meaning}", f"taken as {count}")
    return count


def _day(r: _List, row: Row) -> date | None:
    try:
        day = date.fromisoformat(r.cell(row, "date"))
    except ValueError:
        r.refuse(row, "date", "this is not a date", "such as 2025-08-01")
        return None
    start = r.region.region.start
    if day > r.today:
        r.refuse(row, "date", "this date is still to come", f"up to {r.today}")
        return None
    if abs((day.year - start.year) * 12 + day.month - start.month) > MOST_MONTHS_FROM_START:
        r.refuse(
            row, "date", f"this list is not of the start of the region ({start})", "a list of about that date",
            "Bring the region to that year first: import-duo with --move-start.",
        )  # fmt: skip
        return None
    return day


def _key(r: _List, row: Row) -> str | None:
    """The place of a code, or of an id of the region file where a place has no code."""
    text = r.cell(row, "place")
    places = r.region.region.places
    found = [k for k, p in places.items() if p.code and p.code.upper() == text.upper()] or [
        k for k in places if k == text.lower()
    ]
    if len(found) == 1:
        return found[0]
    reason = (
        "the region has more than one place with this code"
        if found
        else "the region has no place with this code"
    )
    r.refuse(
        row,
        "place",
        reason,
        listing(p.code or k for k, p in places.items()),
        "Where places share a code: their id.",
    )
    return None
