"""Published figures as data: small CSV files in `scenarios/<region>/facts/`, each row with source, date and grade.

A fact is what someone counted or wrote, never what the model makes of it. `when` says what period the figure is of;
`date` says as exactly as the source does when it held or was published, or `undated`.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast, get_args

from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, shorten
from sim.scenario.files import shown
from sim.scenario.quantity import Grade
from sim.scenario.resolve import find_root

COLUMNS = ("series", "when", "value", "low", "high", "unit", "grade", "source", "date", "note")
HEADER = ",".join(COLUMNS)
UNDATED = "undated"
FOLDER = "facts"

_SERIES = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
_PERIOD = re.compile(r"(?P<year>\d{4})(-(?P<part>\d{2})(-(?P<day>\d{2}))?)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WHEN = "YYYY, YYYY-MM-DD, a school year YYYY-YY, or 'undated'"


@dataclass(frozen=True)
class Fact:
    """One published figure.

    Attributes:
        series: What it is a figure of, in words joined by dots: `national.stock.sbo`.
        when: The period: `YYYY`, `YYYY-MM-DD`, a school year `YYYY-YY`, or `undated`.
        value: The figure, in `unit`; a percentage as it is printed (23.4, not 0.234).
        low, high: Bounds where the source, its rounding or our judgement gives them; either may be None.
        unit: Unit of `value`.
        grade: A counted in the region, B national or derived, E from memory or a guess (see `GRADE_MEANING`).
        source: Where it was read, or the sum that gives it.
        date: When it held or was published, as exact as known: also `YYYY-MM`.
        note: What a reader should know before quoting it.
        file, line: Where the row stands.
    """

    series: str
    when: str
    value: float
    low: float | None
    high: float | None
    unit: str
    grade: Grade
    source: str
    date: str
    note: str
    file: str
    line: int

    @property
    def year(self) -> int | None:
        """First calendar year of `when`; None for an undated figure."""
        return None if self.when == UNDATED else int(self.when[:4])

    @property
    def last_day(self) -> datetime.date | None:
        """Last day of the period of `date`; None for an undated figure."""
        return last_day(self.date)


@dataclass(frozen=True)
class Facts:
    """All facts of a region, in the order of files and lines."""

    rows: tuple[Fact, ...]

    def one(self, series: str, when: str | None = None) -> Fact:
        """The fact of a series; without `when` the series must have one only.

        Raises:
            KeyError: When there is no such fact, or more than one.
        """
        found = [x for x in self._of(series) if when is None or x.when == when]
        if len(found) != 1:
            whens = listing(x.when for x in self._of(series))
            raise KeyError(
                f"{series}: {len(found)} facts of {when or 'any time'}; there are facts of {whens}"
            )
        return found[0]

    def years(self, series: str) -> dict[int, float]:
        """Value per first calendar year of `when`, in order of years; undated facts are left out.

        Raises:
            KeyError: When there is no such series, or two of its facts are of one year.
        """
        dated = [(x.year, x.value) for x in self._of(series) if x.year is not None]
        twice = [str(y) for y, n in Counter(y for y, _ in dated).items() if n > 1]
        if twice:
            raise KeyError(f"{series}: more than one fact of {listing(twice)}")
        return dict(sorted(dated))

    def twelve_months(self, series: str, year: int) -> Fact:
        """The sum of a monthly series between two counts: from 1 October of the year before to 1 October of this year.

        Raises:
            KeyError: When a month is missing.
        """
        wanted = [f"{year - (m > 9)}-{m:02d}-01" for m in (10, 11, 12, *range(1, 10))]
        missing = [w[:7] for w in wanted if not any(x.when == w for x in self._of(series))]
        if missing:
            raise KeyError(
                f"{series}: no fact of {listing(missing, 12)}; all twelve months before 1 October {year} are needed"
            )
        months = [self.one(series, w) for w in wanted]
        return replace(
            months[-1],
            when=str(year),
            value=sum(m.value for m in months),
            low=sum(m.value if m.low is None else m.low for m in months),
            high=sum(m.value if m.high is None else m.high for m in months),
        )

    def names(self) -> tuple[str, ...]:
        """The series, in the order in which they first stand in the files."""
        return tuple(self._by_series)

    @cached_property
    def _by_series(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for x in self.rows:
            found.setdefault(x.series, []).append(x)
        return found

    def _of(self, series: str) -> list[Fact]:
        if series not in self._by_series:
            raise KeyError(f"there are no facts of '{series}'. {did_you_mean(series, self.names())}".strip())
        return self._by_series[series]


def facts_of(region_id: str, root: Path | str | None = None) -> Facts:
    """The facts of a region by its id (`toy/name` for one that lies deeper).

    Raises:
        ScenarioError: When the region has no facts, or with every problem in its files.
    """
    return read_facts(find_root(root) / region_id / FOLDER)


def read_facts(folder: Path) -> Facts:
    """Read all CSV files of a folder, by name.

    Raises:
        ScenarioError: With every problem of one pass: file, line, what was found, what may stand there.
    """
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if not files:
        reason = "there are no facts here"
        hint = f"Put CSV files in this folder, each with the first line '{HEADER}'."
        raise ScenarioError([Problem(shown(folder), 0, "", "", reason, "", hint)])
    rows: list[Fact] = []
    problems: list[Problem] = []
    for path in files:
        for found in _read(path):
            if isinstance(found, Fact):
                rows.append(found)
            else:
                problems.append(found)
    problems += _doubles(rows)
    if problems:
        raise ScenarioError(problems)
    return Facts(tuple(rows))


def last_day(period: str) -> datetime.date | None:
    """Last day of `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a school year `YYYY-YY`; None for `undated`.

    A school year ends on 31 July. `2011-12` is the school year, not December.

    Raises:
        ValueError: When it is none of these.
    """
    if period == UNDATED:
        return None
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(period)
    year, part, day = int(match["year"]), match["part"], match["day"]
    if day:
        return datetime.date(year, int(part), int(day))
    if part is None:
        return datetime.date(year, 12, 31)
    if _is_school_year(period):
        return datetime.date(year + 1, 7, 31)
    within = datetime.date(year, int(part), 1) + datetime.timedelta(31)
    return within.replace(day=1) - datetime.timedelta(1)


def _read(path: Path) -> Iterator[Fact | Problem]:
    file = shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        yield Problem(file, 0, "", "", f"the file cannot be read ({error.strerror or error})")
        return
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield Problem(file, line, "", "", "this is not UTF-8 text", "", "Save the file as CSV UTF-8.")
        return
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            found = shorten(",".join(header))
            yield Problem(file, 1, "", found, "this first line is not that of a file of facts", HEADER)
            return
        for cells in reader:
            if cells:
                yield from _row(file, reader.line_num, cells)
    except csv.Error as error:
        yield Problem(file, reader.line_num, "", "", f"this line is not CSV ({error})")


def _row(file: str, line: int, cells: list[str]) -> Iterator[Fact | Problem]:
    """The fact of one line, or all that is wrong with it."""
    if len(cells) != len(COLUMNS):
        hint = 'Put a text that holds a comma between double quotes: "a, b".'
        yield Problem(
            file, line, "", f"{len(cells)} cells", "this line is not complete", f"{len(COLUMNS)} cells", hint
        )
        return
    cell = dict(zip(COLUMNS, (c.strip() for c in cells), strict=True))
    wrong = [
        Problem(file, line, column, shorten(cell[column]), reason, allowed)
        for column, reason, allowed in _wrong(cell)
    ]
    if wrong:
        yield from wrong
        return
    value, low, high = (float(cell[k]) if cell[k] else None for k in ("value", "low", "high"))
    assert value is not None
    if (low is not None and low > value) or (high is not None and high < value):
        between = f"{'...' if low is None else f'{low:g}'} to {'...' if high is None else f'{high:g}'}"
        yield Problem(file, line, "value", f"{value:g}", "this value lies outside its own bounds", between)
        return
    yield Fact(
        cell["series"], cell["when"], value, low, high, cell["unit"], cast(Grade, cell["grade"]), cell["source"],
        cell["date"], cell["note"], file, line,
    )  # fmt: skip


def _wrong(cell: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Column, reason and what is allowed, for every cell that cannot stand."""
    if not _SERIES.fullmatch(cell["series"]):
        yield "series", "this is not the name of a series", "small letters, digits, _ and -, joined by dots"
    when = cell["when"]
    if not _is_period(when) or (re.fullmatch(r"\d{4}-\d{2}", when) and not _is_school_year(when)):
        yield "when", "this is not a period", _WHEN
    if not _is_period(cell["date"]):
        yield "date", "this is not a date", f"{_WHEN}, or YYYY-MM"
    for column in ("value", "low", "high"):
        text = cell[column]
        may_lack = column != "value"
        if not (may_lack and not text) and not (_NUMBER.fullmatch(text) and math.isfinite(float(text))):
            yield (
                column,
                "this is not a number",
                "digits with a dot as decimal mark" + ", or nothing" * may_lack,
            )
    if cell["grade"] not in get_args(Grade):
        yield "grade", "this is not a grade", listing(get_args(Grade))
    for column in ("unit", "source"):
        if not cell[column]:
            yield column, f"a fact needs a {column}", "a text"


def _is_period(text: str) -> bool:
    try:
        last_day(text)
    except ValueError:
        return False
    return True


def _is_school_year(text: str) -> bool:
    return int(text[5:]) == (int(text[:4]) + 1) % 100


def _doubles(rows: list[Fact]) -> list[Problem]:
    """Two figures of one series and period: which is true cannot be guessed."""
    first: dict[tuple[str, str], Fact] = {}
    problems = []
    for x in rows:
        known = first.setdefault((x.series, x.when), x)
        if known is not x:
            reason = f"this series already has a fact of {x.when} ({known.file}:{known.line})"
            problems.append(
                Problem(x.file, x.line, "series", shorten(x.series), reason, "one of each period")
            )
    return problems
