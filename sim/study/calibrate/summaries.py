"""What one run says about the facts: stocks, entries, ages, stays and destinations per type, all in one pass.

Children are counted as DUO does: who has a seat on 1 October. What happens in a year happens between two counts, and is
named after the second (entries 2024 = since 1 October 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.record import Kind, Record, Why

Measure = Literal[
    "stock",
    "steady",
    "entries",
    "leavers",
    "origin",
    "entry_age",
    "leaving_age",
    "leaving_share",
    "stay",
    "destination",
    "declarations",
]
MEASURES: tuple[str, ...] = get_args(Measure)
OF_A_YEAR, OF_A_PART = ("stock", "entries", "leavers", "declarations"), ("origin", "destination")
COUNTED = "10-01"
YEAR = 365.25
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Summary:
    """One number that a run gives.

    Attributes:
        measure: stock = children with a seat on 1 October; steady = last count relative to the first day, less 1;
            entries, leavers = children per year; origin = share of the entries that came from `part`; leaving_share =
            leavers a year / mean stock; stay = mean stock / entries a year, in years (Little's law, as published stays
            are made); declarations = requests granted per year, new and renewed; destination = share of those who changed
            or left school at the end of their stage that went to `part`.
        types: Types of special education, taken together.
        part: Sources or types (origin), types, stages or `gone` (destination).
        year: Calendar year of the count; None = all years of the run together.
    """

    measure: Measure
    types: tuple[str, ...]
    part: tuple[str, ...] = ()
    year: int | None = None

    def __str__(self) -> str:
        """As `summary_of` reads it."""
        last = "+".join(self.part) or ("" if self.year is None else str(self.year))
        return " ".join((self.measure, "+".join(self.types), last)).strip()


def summary_of(text: str) -> Summary:
    """Read `measure TYPES [YEAR or PART]`, as in `entries lighter 2025` or `origin heavier direct+moved`.

    Raises:
        ValueError: It is not written so.
    """
    words = text.split()
    form = "'measure TYPES', 'measure TYPES YEAR' or 'measure TYPES PART', types and parts joined by +"
    if not 2 <= len(words) <= 3:
        raise ValueError(f"a summary is written as {form}")
    measure, types, last = words[0], tuple(words[1].split("+")), words[2] if len(words) == 3 else ""
    if measure not in MEASURES:
        raise ValueError(f"there is no measure '{measure}'; there are {', '.join(MEASURES)}")
    if (measure in OF_A_PART) != (bool(last) and not last.isdigit()):
        raise ValueError(f"'{measure}' {'needs a' if measure in OF_A_PART else 'has no'} part; write {form}")
    if last.isdigit() and measure not in OF_A_YEAR:
        raise ValueError(f"'{measure}' has no year; {', '.join(OF_A_YEAR)} have")
    if measure == "stock" and not last:
        raise ValueError("'stock' needs a year; 'steady' compares the last count with the first day")
    part = () if last.isdigit() or not last else tuple(last.split("+"))
    return Summary(measure, types, part, int(last) if last.isdigit() else None)  # type: ignore[arg-type]


def summaries(record: Record, wanted: Sequence[Summary]) -> Floats:
    """The wanted numbers of a run; NaN where nothing happened that could be measured."""
    stays = _Stays(record)
    return np.array([stays.measure(s) for s in wanted])


class _Stays:
    """All stays of a run in columns, so that each summary is one look at them."""

    def __init__(self, record: Record) -> None:
        v = record.visits
        rows = np.flatnonzero(v["kind"] == Kind.STAY)
        self.record = record
        self.type: Ints = v["type"][rows].astype(np.int64)
        self.pupil: Ints = v["pupil"][rows].astype(np.int64)
        self.placed: Floats = v["placed"][rows].astype(np.float64)
        left = v["left"][rows].astype(np.float64)
        self.left: Floats = np.where(np.isnan(left), np.inf, left)
        self.why: Ints = v["why"][rows].astype(np.int64)
        self.destination: Ints = v["destination"][rows].astype(np.int64)
        self.birth: Floats = record.pupils["birth"][self.pupil].astype(np.float64)
        self.counts = record.count_days(COUNTED)
        self.code = {name: i for i, name in enumerate(record.types)}

    def measure(self, s: Summary) -> float:
        """One summary."""
        mine = np.isin(self.type, [self.code[t] for t in s.types])
        if s.measure == "stock":
            assert s.year is not None
            return self._present(mine, self.counts[s.year - self.record.start.year])
        if s.measure == "steady":
            return _ratio(self._present(mine, self.counts[-1]), self._present(mine, 0.0)) - 1.0
        first, last = self._window(s.year)
        years = (last - first) / YEAR
        if s.measure == "declarations":
            kind, day = self._granted
            asked = np.isin(kind, [self.code[t] for t in s.types])
            return float((asked & (first < day) & (day <= last)).sum()) / years
        entered = mine & (first < self.placed) & (self.placed <= last)
        gone = mine & (first < self.left) & (self.left <= last)
        match s.measure:
            case "entries":
                return float(entered.sum()) / years
            case "leavers":
                return float(gone.sum()) / years
            case "origin":
                return _mean(self._came_from(s.part)[entered])
            case "entry_age":
                return _mean((self.placed - self.birth)[entered]) / YEAR
            case "leaving_age":
                return _mean((self.left - self.birth)[gone]) / YEAR
            case "leaving_share":
                return _ratio(float(gone.sum()) / years, self._mean_stock(mine, first, last))
            case "stay":
                return _ratio(self._mean_stock(mine, first, last), float(entered.sum()) / years)
            case _:
                ended = gone & np.isin(self.why, (Why.MOVED_ON, Why.LEFT))
                return _mean(np.isin(self.destination, [self.code.get(d, -1) for d in s.part])[ended])

    def _present(self, mine: Flags, day: float) -> float:
        return float((mine & (self.placed <= day) & (day < self.left)).sum())

    def _window(self, year: int | None) -> tuple[float, float]:
        """The days between two counts: those of one year, or the first and the last."""
        if year is None:
            return float(self.counts[0]), float(self.counts[-1])
        i = year - self.record.start.year
        return float(self.counts[i - 1]), float(self.counts[i])

    @cached_property
    def _granted(self) -> tuple[Ints, Floats]:
        """Type asked for and day of each granted request."""
        v = self.record.visits
        decided = np.array(self.record.roles)[v["type"]] == "decision"
        rows = (v["kind"] == Kind.DECISION) & decided & (v["why"] == Why.GRANTED)
        return v["destination"][rows].astype(np.int64), v["left"][rows].astype(np.float64)

    def _mean_stock(self, mine: Flags, first: float, last: float) -> float:
        days = np.minimum(self.left[mine], last) - np.maximum(self.placed[mine], first)
        return float(days.clip(min=0.0).sum()) / (last - first)

    def _came_from(self, part: tuple[str, ...]) -> Flags:
        """Stays of children who came from these types (or stages, when sent back before) or through these sources."""
        types = [self.code[p] for p in part if p in self.code]
        sources = [i for i, name in enumerate(self.record.origins) if name in part]
        return np.where(
            self._before >= 0,
            np.isin(self._before, types),
            np.isin(self.record.pupils["origin"][self.pupil], sources),
        )

    @cached_property
    def _before(self) -> Ints:
        """Type (or stage) in which the child was before this stay; -1 = its first stay."""
        order = np.lexsort((self.placed, self.pupil))
        same = self.pupil[order][1:] == self.pupil[order][:-1]
        now, then = order[1:][same], order[:-1][same]
        before = np.full(len(self.pupil), -1)
        before[now] = np.where(self.why[then] == Why.BACK, self.destination[then], self.type[then])
        return before


def _mean(values: NDArray[np.generic]) -> float:
    return float(values.mean()) if len(values) else np.nan


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom else np.nan
