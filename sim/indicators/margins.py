"""Rows of a record repeated for every margin of the tables, so that all margins are computed in one go.

A margin is one row label: everything together, one place type, one tag, one district, one profile or one
regular stage. A visit belongs to several margins at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.indicators.counting import (
    Bools,
    Floats,
    Ints,
    borders,
    clashes,
    count_between,
    days_in,
    once,
    table,
    year_of,
)


@dataclass(frozen=True)
class Rows:
    """Visits (or other rows) with the codes by which tables are split; -1 is none.

    Attributes:
        pupil: Index into `pupils`.
        type, district, profile: Codes of the record.
        age: Age group when the row began (index into `AGE_GROUPS` of `view.py`); None = these rows have no age.
    """

    pupil: Ints
    type: Ints
    district: Ints
    profile: Ints
    age: Ints | None = None

    def where(self, keep: Bools) -> Rows:
        """Only the rows where `keep` is true."""
        age = None if self.age is None else self.age[keep]
        return Rows(self.pupil[keep], self.type[keep], self.district[keep], self.profile[keep], age)


@dataclass(frozen=True)
class Spread:
    """Rows repeated for every margin to which they belong.

    Attributes:
        row: Index of the row.
        margin: Index of the margin.
        rows: What was repeated.
        margins: Number of margins.
    """

    row: Ints
    margin: Ints
    rows: Rows
    margins: int

    def at(self, start: Floats, end: Floats, dates: Floats, weight: Floats | None = None) -> Floats:
        """Rows open on each date, each row once per margin (margins x dates)."""
        return Spans(self.row, self.margin, start, end, self.margins).at(dates, weight)

    def days(self, start: Floats, end: Floats, edges: Floats, weight: Floats | None = None) -> Floats:
        """Days of the rows in each year (margins x years)."""
        return Spans(self.row, self.margin, start, end, self.margins).days(edges, weight)

    def events(self, day: Floats, edges: Floats) -> Floats:
        """Events of the rows in each year; a day that is NaN is no event (margins x years)."""
        year = year_of(day, edges)[self.row]
        hit = year >= 0
        return table(self.margin[hit], year[hit], self.margins, len(edges) - 1)

    def children(self, start: Floats, end: Floats) -> Spans:
        """Spans in which a child that has several rows at one time is counted once per margin."""
        open_ = end > start
        pupil = self.rows.pupil
        double = np.zeros(len(pupil), dtype=np.bool_)
        double[open_] = clashes(pupil[open_], start[open_], end[open_])
        if not double.any():
            return Spans(self.row, self.margin, start, end, self.margins)
        s, e = start[self.row], end[self.row]
        pick = np.flatnonzero(double[self.row])
        key = self.margin[pick] * (int(pupil.max()) + 1) + pupil[self.row[pick]]
        s[pick], e[pick] = once(key, s[pick], e[pick])
        return Spans(np.arange(len(self.row)), self.margin, s, e, self.margins)


@dataclass(frozen=True)
class Spans:
    """Intervals by margin.

    Attributes:
        row: Index into `start` and `end`.
        margin: Index of the margin.
        start, end: Days; `end` may be infinite.
        margins: Number of margins.
    """

    row: Ints
    margin: Ints
    start: Floats
    end: Floats
    margins: int

    def at(self, dates: Floats, weight: Floats | None = None) -> Floats:
        """Number (or weight) on each date (margins x dates)."""
        first, last = np.searchsorted(dates, self.start), np.searchsorted(dates, self.end)
        w = None if weight is None else weight[self.row]
        return count_between(self.margin, first[self.row], last[self.row], self.margins, len(dates), w)

    def days(self, edges: Floats, weight: Floats | None = None) -> Floats:
        """Days (times weight) in each year (margins x years)."""
        found = borders(self.start, self.end, edges).of(self.row)
        return days_in(self.margin, found, self.margins, edges, None if weight is None else weight[self.row])
