"""Results of a study in memory: for each scenario and mode an array replication x series x school year.

A series is one indicator for one place type, district and profile. The tidy table (one row per value) is made
from this on request; comparing works on the arrays, where thirty replications of thousands of series take
milliseconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.study.store import INDEX_COLUMNS, Block

FIXED, DRAWN, MEASURED = "fixed", "drawn", "measured"
COLUMNS = (
    "scenario", "replication", "assumptions", "school_year", "indicator", "place_type", "district", "profile",
    "value", "unit",
)  # fmt: skip

SERIES_COLUMNS = ("indicator", "place_type", "district", "profile")
MOST_LABELS = 4096
"""Labels of one column: those of a row are joined into one number, of 12 bits a column."""

Floats = NDArray[np.float64]
Cell = tuple[str, str]
"""Scenario id and mode."""


@dataclass(frozen=True, order=True)
class Series:
    """One line through the years: an indicator for one place type, district and profile."""

    indicator: str
    place_type: str = "all"
    district: str = "all"
    profile: str = "all"
    unit: str = field(default="", compare=False)


@dataclass(frozen=True)
class Results:
    """What a study found so far.

    Attributes:
        scenarios: The baseline first, then the others in the order in which they were asked.
        modes: `fixed`, and if asked `drawn` and `measured`.
        seed: Master seed.
        replications: Replications asked for.
        series: All series, sorted.
        school_years: All school years, replay included.
        values: Cell -> array replication x series x school year; NaN = not defined or not run.
        done: Cell -> which replications are there.
        engine: Digest of the engine.
        indicators: Digest of the indicators.
        messages: What a reader should know (damaged files, for example).
    """

    scenarios: tuple[Scenario, ...]
    modes: tuple[str, ...]
    seed: int
    replications: int
    series: tuple[Series, ...]
    school_years: tuple[str, ...]
    values: Mapping[Cell, Floats]
    done: Mapping[Cell, NDArray[np.bool_]]
    engine: str
    indicators: str
    messages: tuple[str, ...] = ()

    @property
    def baseline(self) -> Scenario:
        """The scenario with which the others are compared."""
        return self.scenarios[0]

    @property
    def reported_years(self) -> tuple[str, ...]:
        """School years after the replay."""
        return self.school_years[self.baseline.region.replay_years :]

    @property
    def complete(self) -> int:
        """Replications that are there in every scenario and mode."""
        return int(np.logical_and.reduce([self.done[c] for c in self.cells]).sum()) if self.cells else 0

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Scenario and mode, in order."""
        return tuple((s.id, m) for s in self.scenarios for m in self.modes)

    @cached_property
    def positions(self) -> dict[Series, int]:
        """Series -> position on the second axis."""
        return {s: i for i, s in enumerate(self.series)}

    def scenario(self, scenario_id: str) -> Scenario:
        """One scenario by id.

        Raises:
            KeyError: It is not part of this study.
        """
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        raise KeyError(f"scenario '{scenario_id}' is not part of this study")

    def place_types(self, indicator: str) -> tuple[str, ...]:
        """Place types and tags for which an indicator is given."""
        return tuple(dict.fromkeys(s.place_type for s in self.series if s.indicator == indicator))

    def through_years(self, scenario_id: str, series: Series, mode: str = FIXED) -> Floats:
        """Values replication x school year of the replications that are there."""
        cell = (scenario_id, mode)
        through: Floats = self.values[cell][self.done[cell], self.positions[series]]
        return through

    @property
    def table(self) -> pd.DataFrame:
        """The tidy table: columns `COLUMNS`, sorted by all but value and unit; modes fixed and drawn."""
        return self.tidy((FIXED, DRAWN))

    def select(
        self,
        scenario: str | None = None,
        indicator: str | Sequence[str] | None = None,
        place_type: str | None = None,
        modes: Sequence[str] = (FIXED, DRAWN),
        margins: bool = True,
    ) -> pd.DataFrame:
        """Part of the tidy table.

        Args:
            scenario: One scenario; None = all.
            indicator: One or several indicators; None = all.
            place_type: One place type or tag; None = all.
            modes: Modes wanted.
            margins: Also rows of one district or one profile; False = only rows for all of them.
        """
        wanted = {indicator} if isinstance(indicator, str) else None if indicator is None else set(indicator)
        keep = [
            i
            for i, s in enumerate(self.series)
            if (wanted is None or s.indicator in wanted)
            and (place_type is None or s.place_type == place_type)
            and (margins or s.district == s.profile == "all")
        ]
        return self.tidy(modes, scenario, np.array(keep, dtype=np.intp))

    def tidy(
        self, modes: Sequence[str], scenario: str | None = None, keep: NDArray[np.intp] | None = None
    ) -> pd.DataFrame:
        """Tidy rows of some modes, one scenario or all, and the series at the positions `keep`."""
        labels = self.row_labels()
        kept = np.zeros(len(self.series), dtype=bool)
        kept[slice(None) if keep is None else keep] = True
        wanted = np.tile(kept, len(self.school_years))
        blocks = [b for b in self.blocks(modes) if scenario in (None, b[0])]
        rows = [np.flatnonzero(wanted & ~np.isnan(b[3])) for b in blocks]
        counts = [len(r) for r in rows]
        order = np.concatenate([*rows, np.array([], dtype=np.intp)])
        frame: dict[str, Any] = {
            "scenario": _repeat([b[0] for b in blocks], counts),
            "replication": np.repeat(np.array([b[1] for b in blocks], dtype=np.int32), counts),
            "assumptions": _repeat([b[2] for b in blocks], counts),
        }
        for name, column in labels.items():
            frame[name] = pd.Categorical.from_codes(column.codes[order], dtype=column.dtype)
        frame["value"] = np.concatenate([*(b[3][r] for b, r in zip(blocks, rows, strict=True)), np.array([])])
        return pd.DataFrame(frame, columns=list(COLUMNS))

    def blocks(self, modes: Sequence[str]) -> Iterator[tuple[str, int, str, Floats]]:
        """Scenario, replication, mode and values in the order of the tidy table.

        The values stand in the order of `row_labels`; NaN = the indicator is not defined there, and has no
        row.
        """
        for scenario in sorted(s.id for s in self.scenarios):
            for replication in range(self.replications):
                for mode in sorted(set(modes) & set(self.modes)):
                    if self.done[scenario, mode][replication]:
                        yield scenario, replication, mode, self.values[scenario, mode][replication].T.ravel()

    def row_labels(self) -> dict[str, pd.Categorical]:
        """Labels of all rows that a replication can have: school years, and within each the series."""
        columns = {
            "school_year": _category(np.repeat(np.array(self.school_years, dtype=object), len(self.series)))
        }
        for name in COLUMNS[4:8] + COLUMNS[9:]:
            column = _category([getattr(s, name) for s in self.series])
            codes = np.tile(column.codes, len(self.school_years))
            columns[name] = pd.Categorical.from_codes(codes, dtype=column.dtype)
        return columns

    def digest(self, modes: Sequence[str] = (FIXED, DRAWN)) -> str:
        """Hash (hex) of the sorted columns of the tidy table: equal digests, equal tables, bit for bit."""
        digest = hashlib.sha256()
        for name, column in self.row_labels().items():
            digest.update(json.dumps([name, list(column.categories)]).encode())
            digest.update(np.asarray(column.codes, dtype="<i4").tobytes())
        for scenario, replication, mode, values in self.blocks(modes):
            digest.update(json.dumps([scenario, replication, mode]).encode())
            digest.update(np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes())
        return digest.hexdigest()


class Collector:
    """Gathers blocks of replications, in any order, until someone asks for `Results`."""

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        modes: Sequence[str],
        seed: int,
        replications: int,
        engine: str,
        indicators: str,
        problems: Sequence[str] = (),
    ) -> None:
        """Start empty; `problems` may grow until `results` is asked for."""
        self.scenarios, self.modes, self.seed, self.replications = (
            tuple(scenarios),
            tuple(modes),
            seed,
            replications,
        )
        self.engine, self.indicators, self.problems = engine, indicators, problems
        self._blocks: dict[Cell, dict[int, tuple[str, Floats]]] = {
            (s.id, m): {} for s in scenarios for m in modes
        }
        self._places: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]] = {}
        self._series: dict[Series, int] = {}
        self._known: dict[int, int] = {}
        self._labels: dict[str, dict[str, int]] = {name: {} for name in INDEX_COLUMNS}

    def add(self, cells: Iterable[Cell], block: Block) -> None:
        """Take one replication for each of the cells that it answers.

        Raises:
            ValueError: The indicators give one row twice, or more labels in a column than fit.
        """
        if block.index_digest not in self._places:
            self._places[block.index_digest] = self._learn(block)
        for cell in cells:
            self._blocks[cell][block.replication] = (block.index_digest, block.values)

    def results(self) -> Results:
        """All that came in so far, in sorted order whatever the order of coming."""
        series, years = sorted(self._series), sorted(self._labels["school_year"])
        row = np.empty(len(series), dtype=np.intp)
        row[[self._series[s] for s in series]] = np.arange(len(series))
        column = np.empty(len(years), dtype=np.intp)
        column[[self._labels["school_year"][y] for y in years]] = np.arange(len(years))
        places = {d: row[s] * len(years) + column[y] for d, (s, y) in self._places.items()}
        values, done = {}, {}
        for cell, blocks in self._blocks.items():
            array = np.full((self.replications, len(series) * len(years)), np.nan)
            there = np.zeros(self.replications, dtype=bool)
            for replication, (digest, numbers) in blocks.items():
                array[replication, places[digest]] = numbers
                there[replication] = True
            values[cell] = array.reshape(self.replications, len(series), len(years))
            done[cell] = there
        return Results(
            self.scenarios, self.modes, self.seed, self.replications, tuple(series), tuple(years), values,
            done, self.engine, self.indicators, tuple(dict.fromkeys(self.problems)),
        )  # fmt: skip

    def _learn(self, block: Block) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Series and school year of each row, as numbers of this collector."""
        codes = {name: codes_of(self._labels[name], block.index[name]) for name in INDEX_COLUMNS}
        joined = np.zeros(block.index.num_rows, dtype=np.int64)
        for name in SERIES_COLUMNS:
            joined = joined * MOST_LABELS + codes[name]
        distinct, first, back = np.unique(joined, return_index=True, return_inverse=True)
        numbers = []
        for one, at in zip(distinct.tolist(), first.tolist(), strict=True):
            if one not in self._known:
                labels = [block.index[name][at].as_py() for name in (*SERIES_COLUMNS, "unit")]
                self._known[one] = self._series.setdefault(Series(*labels), len(self._series))
            numbers.append(self._known[one])
        series, years = np.array(numbers, dtype=np.intp)[back], codes["school_year"]
        if len(np.unique(series * MOST_LABELS + years)) < len(series):
            raise ValueError(
                "the indicators give one row (indicator, place type, district, profile, year) twice"
            )
        return series, years


def codes_of(known: dict[str, int], column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Numbers for the labels of a column; a new label gets the next number.

    Args:
        known: Label -> number; grows.
        column: The labels, with a dictionary.

    Raises:
        ValueError: There are so many that two rows could get the same number.
    """
    parts = [np.array([], dtype=np.int64)]
    for chunk in column.chunks:
        labels = chunk.dictionary.to_pylist()
        if len(known.keys() | set(labels)) > MOST_LABELS:
            raise ValueError(f"more than {MOST_LABELS} labels in one column of the indicators")
        own = [known.setdefault(label, len(known)) for label in labels]
        parts.append(np.array(own, dtype=np.int64)[chunk.indices.to_numpy()])
    return np.concatenate(parts)


def _category(labels: Sequence[str] | NDArray[np.object_]) -> pd.Categorical:
    return pd.Categorical(labels, categories=sorted(set(labels)))


def _repeat(labels: Sequence[str], counts: Sequence[int]) -> pd.Categorical:
    column = _category(labels)
    return pd.Categorical.from_codes(np.repeat(column.codes, counts), dtype=column.dtype)
