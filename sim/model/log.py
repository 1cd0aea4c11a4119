"""Writes down what happens, as rows of numbers, and turns them into the tables of a `Record`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.record import Kind, Level, Table, Why

Floats = NDArray[np.float64]
NAN = math.nan
VISIT = (
    ("pupil", "i4"), ("kind", "i1"), ("place", "i2"), ("type", "i2"), ("cell", "i4"), ("profile", "i2"),
    ("signalled", "f8"), ("listed", "f8"), ("ready", "f8"), ("placed", "f8"), ("left", "f8"), ("why", "i1"),
    ("destination", "i2"),
)  # fmt: skip
OFFER = (("time", "f8"), ("pupil", "i4"), ("place", "i2"), ("accepted", "?"), ("first", "?"))
STATE = (("time", "f8"), ("pupil", "i4"), ("attendance", "f8"), ("support", "f8"), ("need", "f8"))
LEVEL = (
    ("time", "f8"), ("what", "i1"), ("type", "i2"), ("place", "i2"), ("cell", "i4"), ("district", "i2"), ("value", "f8"),
)  # fmt: skip
PUPIL = (
    ("key", "u8"),
    ("birth", "f8"),
    ("district", "i2"),
    ("profile", "i2"),
    ("origin", "i2"),
    ("signalled", "f8"),
)


class Log:
    """Rows in flat lists: one append per row, arrays only at the end."""

    def __init__(self) -> None:
        """Start empty."""
        self.visits: list[Any] = []
        self.offers: list[Any] = []
        self.states: list[Any] = []
        self.levels: list[Any] = []
        self._pupils: list[dict[str, NDArray[Any]]] = []
        self._blocks: list[Floats] = []
        self.n_pupils = 0

    def pupils(self, **columns: Any) -> int:
        """Add pupils (arrays of one length); returns the index of the first."""
        n = len(columns["key"])
        self._pupils.append({name: np.broadcast_to(np.asarray(columns[name]), (n,)) for name, _ in PUPIL})
        self.n_pupils += n
        return self.n_pupils - n

    def visit_block(self, n: int, **columns: Any) -> None:
        """Add `n` visits at once; columns not given are -1 (codes), NaN (times) or OPEN."""
        block = np.full((n, len(VISIT)), NAN)
        for j, (name, kind) in enumerate(VISIT):
            block[:, j] = columns.get(name, NAN if kind == "f8" else int(Why.OPEN) if name == "why" else -1)
        self._blocks.append(block)

    def level(
        self,
        time: float,
        what: Level,
        value: float,
        *,
        type: int = -1,
        place: int = -1,
        cell: int = -1,
        district: int = -1,
    ) -> None:
        """A level that holds from `time` until the next row of the same key."""
        self.levels.extend((time, what, type, place, cell, district, value))

    def tables(self, end: float) -> tuple[Table, Table, Table, Table, Table]:
        """Pupils, visits, offers, states and levels, cut off at the half-open horizon `end`."""
        if self._pupils:
            pupils: Table = {
                name: np.concatenate([p[name] for p in self._pupils]).astype(kind) for name, kind in PUPIL
            }
        else:
            pupils = {name: np.zeros(0, dtype=kind) for name, kind in PUPIL}
        rows = np.array(self.visits, dtype=np.float64).reshape(-1, len(VISIT))
        rows = np.concatenate([rows, *self._blocks]) if self._blocks else rows
        times = [j for j, (_, kind) in enumerate(VISIT) if kind == "f8"]
        first = np.fmin.reduce(rows[:, [7, 9]], axis=1) if len(rows) else np.zeros(0)
        rows = rows[~(first >= end)]
        late = rows[:, times] >= end
        left_late = late[:, -1]
        for j, t in enumerate(times[2:], start=2):
            rows[late[:, j], t] = NAN
        rows[left_late, 11], rows[left_late, 12] = (
            Why.OPEN,
            np.where(rows[left_late, 1] == Kind.DECISION, rows[left_late, 12], -1),
        )
        unplaced = (rows[:, 1] == Kind.STAY) & np.isnan(rows[:, 9])
        rows[unplaced, 1] = Kind.WAIT
        order = np.lexsort((rows[:, 1], np.fmin(rows[:, 7], rows[:, 9]), rows[:, 0]))
        visits = _columns(rows[order], VISIT)
        return (
            pupils,
            visits,
            _table(self.offers, OFFER, end),
            _table(self.states, STATE, end),
            _table(self.levels, LEVEL, end),
        )


def _columns(rows: Floats, names: tuple[tuple[str, str], ...]) -> Table:
    return {name: np.ascontiguousarray(rows[:, j]).astype(kind) for j, (name, kind) in enumerate(names)}


def _table(flat: list[Any], names: tuple[tuple[str, str], ...], end: float) -> Table:
    rows = np.array(flat, dtype=np.float64).reshape(-1, len(names))
    return _columns(rows[rows[:, 0] < end], names)
