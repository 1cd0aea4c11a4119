"""One order of rows for many results: which series and school year each number belongs to, found once per row.

Replications differ a little in their rows (what is not defined in one has no row there). Laid out on one grid they are
vectors of one length, and thirty of them become an array without looking at a label again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.study.results import MOST_LABELS, Series, codes_of
from sim.study.statistics import Floats
from sim.study.store import Block

_COLUMNS = ("indicator", "place_type", "district", "profile", "school_year")


@dataclass(frozen=True)
class Axes:
    """What the places of a grid mean.

    Attributes:
        series: All series, sorted.
        years: All school years, sorted.
        places: Place on the grid -> place in an array series x school year, flattened.
    """

    series: tuple[Series, ...]
    years: tuple[str, ...]
    places: NDArray[np.intp]


class Grid:
    """An order of rows that grows when a row comes that was not seen before.

    Args:
        keep: Which series are kept; the numbers of others are dropped.
    """

    def __init__(self, keep: Callable[[Series], bool]) -> None:
        """Start without rows."""
        self._keep = keep
        self._labels: dict[str, dict[str, int]] = {name: {} for name in _COLUMNS}
        self._keys = np.array([], dtype=np.int64)
        # Sorted keys -> place on the grid; -1 = dropped.
        self._places = np.array([], dtype=np.intp)
        self._rows: list[tuple[Series, str]] = []
        self._axes: Axes | None = None

    def lay(self, block: Block) -> Floats:
        """The numbers of a replication in the order of the grid; NaN = not defined there.

        Raises:
            ValueError: More labels in a column than fit.
        """
        keys = self._joined(block.index)
        at = np.searchsorted(self._keys, keys)
        known = at < len(self._keys)
        known[known] = self._keys[at[known]] == keys[known]
        if not known.all():
            self._grow(block.index, keys, np.flatnonzero(~known))
            at = np.searchsorted(self._keys, keys)
        places = self._places[at]
        found = np.full(len(self._rows), np.nan)
        kept = places >= 0
        found[places[kept]] = block.values[kept]
        return found

    def axes(self) -> Axes:
        """What the places mean now."""
        if self._axes is None or len(self._axes.places) < len(self._rows):
            series = sorted({s for s, _ in self._rows})
            years = sorted({y for _, y in self._rows})
            row, column = ({v: i for i, v in enumerate(values)} for values in (series, years))
            places = [row[s] * len(years) + column[y] for s, y in self._rows]
            self._axes = Axes(tuple(series), tuple(years), np.array(places, dtype=np.intp))
        return self._axes

    def _joined(self, index: pa.Table) -> NDArray[np.int64]:
        # Five columns: one number of 60 bits.
        joined = np.zeros(index.num_rows, dtype=np.int64)
        for name in _COLUMNS:
            joined = joined * MOST_LABELS + codes_of(self._labels[name], index[name])
        return joined

    def _grow(self, index: pa.Table, keys: NDArray[np.int64], new: NDArray[np.intp]) -> None:
        _, first = np.unique(keys[new], return_index=True)
        rows = index.take(pa.array(new[first])).to_pylist()
        places = []
        for row in rows:
            series = Series(row["indicator"], row["place_type"], row["district"], row["profile"], row["unit"])
            keep = self._keep(series)
            places.append(len(self._rows) if keep else -1)
            if keep:
                self._rows.append((series, row["school_year"]))
        every = np.concatenate([self._keys, keys[new[first]]])
        where = np.concatenate([self._places, np.array(places, dtype=np.intp)])
        order = np.argsort(every)
        self._keys, self._places = every[order], where[order]
