"""Counting intervals: how many are open on a date, how many days fall in a year, how many begin in a year.

All functions work on long arrays with an integer code per row and return a table of codes x dates (or years).
They add at the borders of intervals and sum up afterwards, so that the cost does not grow with the number of
dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.record import Level, Record

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


def table(code: Ints, column: Ints, codes: int, columns: int, weight: Floats | None = None) -> Floats:
    """Number (or total weight) of rows by code and column (codes x columns)."""
    flat = np.bincount(code * columns + column, weights=weight, minlength=codes * columns)
    return flat.reshape(codes, columns).astype(np.float64, copy=False)


def count_at(
    code: Ints, start: Floats, end: Floats, codes: int, dates: Floats, weight: Floats | None = None
) -> Floats:
    """Number (or total weight) of intervals with start <= date < end.

    Args:
        code: Group of each interval, 0 to `codes` - 1.
        start: First day.
        end: Day on which it is over; may be infinite.
        codes: Number of groups.
        dates: Days in rising order.
        weight: Value of each interval; None counts 1 each.

    Returns:
        Table of `codes` x `len(dates)`.
    """
    first, last = np.searchsorted(dates, start), np.searchsorted(dates, end)
    return count_between(code, first, last, codes, len(dates), weight)


def count_between(
    code: Ints, first: Ints, last: Ints, codes: int, dates: int, weight: Floats | None = None
) -> Floats:
    """`count_at` when it is known that an interval covers the dates with index `first` to `last` - 1."""
    hit = last > first
    if not hit.all():
        code, first, last = code[hit], first[hit], last[hit]
        weight = None if weight is None else weight[hit]
    change = table(code, first, codes, dates + 1, weight) - table(code, last, codes, dates + 1, weight)
    return np.cumsum(change, axis=1)[:, :-1]


@dataclass(frozen=True)
class Borders:
    """Where intervals start and end in the years between edges.

    Attributes:
        hit: The interval has days between the first and the last edge.
        year: Year of the start and of the end.
        rest: Days from start, and from end, to the end of that year.
    """

    hit: Bools
    year: tuple[Ints, Ints]
    rest: tuple[Floats, Floats]

    def of(self, row: Ints) -> Borders:
        """The same for rows that are repeated or left out."""
        return Borders(
            self.hit[row], (self.year[0][row], self.year[1][row]), (self.rest[0][row], self.rest[1][row])
        )


def borders(start: Floats, end: Floats, edges: Floats) -> Borders:
    """Find the years in which intervals start and end."""
    start, end = np.clip(start, edges[0], edges[-1]), np.clip(end, edges[0], edges[-1])
    years = [np.minimum(np.searchsorted(edges, d, side="right") - 1, len(edges) - 2) for d in (start, end)]
    rest = (edges[years[0] + 1] - start, edges[years[1] + 1] - end)
    return Borders(end > start, (years[0], years[1]), rest)


def days_in(code: Ints, found: Borders, codes: int, edges: Floats, weight: Floats | None = None) -> Floats:
    """Days (times weight) that intervals have in each year between two edges.

    Returns:
        Table of `codes` x `len(edges) - 1`.
    """
    hit = found.hit
    code = code[hit]
    weight = None if weight is None else weight[hit]
    years = len(edges) - 1
    total = np.zeros((codes, years))
    for year, rest, sign in zip(found.year, found.rest, (1.0, -1.0), strict=True):
        here, left = year[hit], rest[hit]
        # In its own year a border counts from that day to the year's end; in all later years the full length.
        total += sign * table(code, here, codes, years, left if weight is None else left * weight)
        before = np.cumsum(table(code, here, codes, years, weight), axis=1)
        total[:, 1:] += sign * before[:, :-1] * np.diff(edges)[1:]
    return total


def year_of(day: Floats, edges: Floats) -> Ints:
    """Index of the year in which a day lies (edge <= day < next edge); -1 for none or NaN."""
    year = np.searchsorted(edges, day, side="right") - 1
    return np.where((day >= edges[0]) & (day < edges[-1]), year, -1)


def clashes(key: Ints, start: Floats, end: Floats) -> Bools:
    """True for every row whose key has two intervals that overlap."""
    order = np.argsort(sortable(key, start))
    k, s, e = key[order], start[order], end[order]
    bad = k[1:][(k[1:] == k[:-1]) & (s[1:] < e[:-1])]
    return np.isin(key, bad) if len(bad) else np.zeros(len(key), dtype=np.bool_)


def sortable(key: Ints, day: Floats) -> Floats:
    """Key and day in one number that sorts by key, then by day.

    2**17 days hold 358 years; infinity is cut off, because it must stay inside its own key.
    """
    number = key.astype(np.float64) * 2.0**17
    number += np.clip(day, -(2.0**15), 2.0**16)
    return number


def once(key: Ints, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Trim intervals so that no moment is covered twice for one key; the union per key stays the same.

    Returns:
        New starts and ends, in the order of the arguments (an interval that was wholly covered has length 0).
    """
    order = np.lexsort((start, key))
    k, s, e = key[order], start[order], end[order]
    same = k[1:] == k[:-1]
    # Each pass hands the furthest end one row on, so rows that lie inside an earlier one are covered as well.
    while (clash := same & (s[1:] < e[:-1])).any():
        s[1:] = np.where(clash, e[:-1], s[1:])
        np.maximum(e, s, out=e)
    out_s: Floats = np.empty(len(s))
    out_e: Floats = np.empty(len(e))
    out_s[order], out_e[order] = s, e
    return out_s, out_e


@dataclass(frozen=True)
class Steps:
    """A quantity that holds its value until it is written again: rows of `levels` as intervals.

    Attributes:
        start, end: Days between which `value` holds.
        type, place, cell, district: Codes, -1 for none.
    """

    start: Floats
    end: Floats
    value: Floats
    type: Ints
    place: Ints
    cell: Ints
    district: Ints


def steps(record: Record, what: Level) -> Steps:
    """Rows of `levels` that measure `what`, each until the next row of the same key.

    The key is type, place, cell and district. The last row of a key holds until the horizon.
    """
    table = record.levels
    rows = np.flatnonzero(table["what"] == what)
    place = table["place"][rows].astype(np.intp)
    type_ = table["type"][rows].astype(np.intp)
    cell = table["cell"][rows].astype(np.intp)
    district = table["district"][rows].astype(np.intp)
    start = table["time"][rows].astype(np.float64)
    order = np.lexsort((start, district, cell, place, type_))
    same = np.ones(max(len(rows) - 1, 0), dtype=np.bool_)
    for key in (type_, place, cell, district):
        same &= key[order][1:] == key[order][:-1]
    start = start[order]
    end = np.full(len(rows), record.end)
    end[:-1][same] = start[1:][same]
    if (type_ < 0).any():
        codes = {name: i for i, name in enumerate(record.types)}
        of_place = np.array([codes.get(p.type, -1) for p in record.places] + [-1], dtype=np.intp)
        type_ = np.where(type_ < 0, of_place[place], type_)
    value = table["value"][rows].astype(np.float64)[order]
    return Steps(start, end, value, type_[order], place[order], cell[order], district[order])
