"""Of which date a file of counts is: its own column, else the date asked for, else the year in its name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from sim.data.reading import MOST_PROBLEMS, Reading
from sim.data.tables import Row
from sim.scenario.errors import listing

_DATES = (
    (re.compile(r"(\d{4})-(\d\d?)-(\d\d?)( 0?0:00(:00)?)?"), (1, 2, 3)),
    (re.compile(r"(\d\d?)[-/](\d\d?)[-/](\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})(\d\d)(\d\d)"), (1, 2, 3)),
)


def one_date(r: Reading, rows: list[Row], path: Path, asked: date | None) -> tuple[date, list[Row]] | None:
    """The count date and its rows: the file's own date, else the date asked for, else the year in the file's name."""
    if not {"date", "year"} & r.fitted.at.keys():
        return _date_of_name(r, rows, path, asked)
    by_date: dict[date, list[Row]] = {}
    for row in rows:
        found = day_of(r.cell(row, "date") or r.cell(row, "year"))
        if found is not None:
            by_date.setdefault(found, []).append(row)
        elif len(r.problems) < MOST_PROBLEMS:
            r.wrong(row.line, "this is no date of a count", column="PEILDATUM", allowed="such as 2024-10-01")
    if r.problems:
        return None
    if asked is not None and asked not in by_date:
        r.wrong(
            rows[0].line,
            "this file has no count of that date",
            allowed=listing(sorted(by_date), 4),
            found=f"--date {asked}",
        )
        return None
    if asked is None and len(by_date) > 1:
        line = max(rows_of[0].line for rows_of in by_date.values())
        found_dates, hint = listing(sorted(by_date), 4), f"Choose one, as in --date {max(by_date)}."
        r.wrong(
            line,
            "counts of more than one date stand in this file",
            found=found_dates,
            allowed="one date",
            hint=hint,
        )
        return None
    day = asked or next(iter(by_date))
    if len(by_date) > 1:
        r.note("left out", 0, f"{len(rows) - len(by_date[day])} rows of other dates", f"{day} was asked for")
    return day, by_date[day]


def _date_of_name(
    r: Reading, rows: list[Row], path: Path, asked: date | None
) -> tuple[date, list[Row]] | None:
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", path.name)
    if asked is not None:
        day, where = asked, "was given"
    elif year is not None:
        day, where = (
            date(int(year.group(1)), 10, 1),
            f"is 1 October of the year in the file's name ({year.group(1)})",
        )
    else:
        r.wrong(1, "this file does not tell the date of its count", hint="Add it, as in --date 2024-10-01.")
        return None
    r.note("check", 0, f"the file has no count date; {day} {where}", "see that this is right")
    return day, rows


def day_of(text: str) -> date | None:
    """A date as DUO has written it in some year; a year alone is its 1 October."""
    text = f"{text}-10-01" if re.fullmatch(r"\d{4}", text) else text
    for pattern, order in _DATES:
        match = pattern.fullmatch(text)
        if match:
            try:
                return date(*(int(match.group(i)) for i in order))
            except ValueError:
                return None
    return None
