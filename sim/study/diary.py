"""A forecast diary: what was forecast, when, with what; nothing is ever written over, and a later change is seen.

    diary/<region>/
        ledger.csv               one line per entry, in order, each with a hash over all lines before it
        2026-11-22/              a forecast: forecast.csv (to read), indicators.parquet (every run),
                                 scenarios.json and manifest.json (to run it again)
        counts/2027-02-01.csv    a count that came in

A second entry of the same day gets a number behind its name. The ledger shows mistakes and second thoughts; who writes
it anew can hide them. Keep the diary in version control, or send the ledger's last line to someone, and nobody can.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.study import export, manifest, statistics
from sim.study.counts import MASK, SEATED, WAITING, Count
from sim.study.engine import Engine
from sim.study.results import DRAWN, FIXED, MEASURED, Results, Series
from sim.study.runs import StudyError
from sim.study.store import write_whole

LEDGER, FORECAST, COUNTS = "ledger.csv", "forecast.csv", "counts"
# Count dates that the indicators know: month-day -> what is counted -> indicator.
COUNTED: dict[str, dict[str, str]] = {
    "10-01": {SEATED: "K17.children_oct", WAITING: "K02.oct"},
    "02-01": {SEATED: "K17.children_feb", WAITING: "K02.feb"},
}
_LEDGER_HEAD = ("entry", "made", "sha256", "chain")
_FORECAST_HEAD = (
    "for", "place_type", "what", "expected", "chance_low", "chance_high", "low", "high", "indicator",
)  # fmt: skip
_COUNT_HEAD = ("place_type", "what", "count", "source")
_AUGUST = 8


@dataclass(frozen=True)
class Forecast:
    """What one entry expects on one count date.

    Attributes:
        on: The count date.
        what: `seated` or `waiting`.
        indicator: Id of the indicator.
        expected: Mean over the runs with central values, in children.
        chance: Between these lie eight of ten of those runs.
        band: Between these lie eight of ten runs in which every uncertain number is drawn from its range as well.
    """

    on: date
    place_type: str
    what: str
    indicator: str
    expected: float
    chance: tuple[float, float]
    band: tuple[float, float]

    @property
    def school_year(self) -> str:
        """School year in which the count date lies."""
        return _school_year(self.on)


@dataclass(frozen=True)
class Entry:
    """One forecast of the diary."""

    folder: Path
    made: date
    about: Mapping[str, Any]
    forecasts: tuple[Forecast, ...]

    @property
    def name(self) -> str:
        """Name in the ledger: the day it was made on, and a number when it is not the first of that day."""
        return self.folder.name

    def sample(self, forecast: Forecast) -> NDArray[np.float64]:
        """Every run behind a forecast, with chance and assumptions drawn."""
        runs = self._drawn.get((forecast.indicator, forecast.place_type, forecast.school_year))
        return np.array([]) if runs is None else np.asarray(runs, dtype=np.float64)

    @cached_property
    def _drawn(self) -> dict[tuple[str, str, str], list[float]]:
        frame = pq.read_table(self.folder / export.TABLE, filters=[("assumptions", "==", DRAWN)]).to_pandas()
        keys = ["indicator", "place_type", "school_year"]
        grouped = frame.groupby(keys, observed=True)["value"]
        return {(str(i), str(t), str(y)): values.tolist() for (i, t, y), values in grouped}


@dataclass(frozen=True)
class Diary:
    """All entries in the order of the ledger.

    Attributes:
        counts: Of each date, type and what the last that came in.
        problems: What was changed, lost or added behind the ledger's back; an entry that is no longer what it was is left out.
    """

    folder: Path
    entries: tuple[Entry, ...]
    counts: tuple[Count, ...]
    problems: tuple[str, ...]

    @property
    def place_types(self) -> tuple[str, ...]:
        """Types for which something was ever forecast."""
        return tuple(dict.fromkeys(f.place_type for e in self.entries for f in e.forecasts))


def dates_ahead(scenario: Scenario, made: date) -> tuple[date, ...]:
    """Count dates of a scenario's region after the day `made`, until its horizon.

    Raises:
        StudyError: There is none.
    """
    region = scenario.region
    known = [tuple(int(n) for n in text.split("-")) for text in region.count_dates if text in COUNTED]
    years = range(region.start.year, region.start.year + scenario.total_years)
    found = [date(year + (month < _AUGUST), month, day) for year in years for month, day in known]
    ahead = tuple(sorted(on for on in found if on > made))
    if not ahead:
        raise StudyError(
            f"no count date ({' or '.join(COUNTED)}) lies between {made} and the end of the last simulated "
            f"school year ({years[-1]}-{years[-1] + 1})"
        )
    return ahead


def forecasts_of(results: Results, made: date) -> tuple[Forecast, ...]:
    """Children with a seat and children who wait, on each coming count date, together and per type.

    Raises:
        StudyError: There is nothing ahead to forecast.
    """
    scenario = results.baseline
    fixed, drawn = (results.values[scenario.id, mode] for mode in (FIXED, DRAWN))
    found = []
    for on in dates_ahead(scenario, made):
        year = results.school_years.index(_school_year(on))
        for kind in ("all", *scenario.region.place_types):
            for what, indicator in COUNTED[f"{on:%m-%d}"].items():
                at = results.positions.get(Series(indicator, kind))
                if at is not None:
                    runs = fixed[:, at, year]
                    chance, band = (_band(v) for v in (runs, drawn[:, at, year]))
                    found.append(
                        Forecast(on, kind, what, indicator, float(statistics.mean(runs)), chance, band)
                    )
    return tuple(found)


def add_forecast(
    folder: Path,
    results: Results,
    made: date,
    *,
    engine: Engine | None = None,
    command: Sequence[str] = (),
    asked: str = "",
) -> Entry:
    """Keep the forecast that a study gives.

    Args:
        folder: The diary.
        results: Modes fixed and drawn of one scenario.
        made: The day on which the forecast is made.
        engine: The functions that were run.
        command: Words of the command.
        asked: How the scenario was asked for, to find it again.

    Raises:
        StudyError: There is nothing ahead to forecast.
        OSError: It cannot be written.
    """
    found = forecasts_of(results, made)
    indicators = {f.indicator for f in found}
    keep = [i for i, s in enumerate(results.series) if s.indicator in indicators]
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".half-{uuid.uuid4().hex}"
    half.mkdir()
    try:
        rows = [
            (f.on, f.place_type, f.what, *(f"{v:.3f}" for v in (f.expected, *f.chance, *f.band)), f.indicator)
            for f in found
        ]
        (half / FORECAST).write_text(_csv(_FORECAST_HEAD, rows), encoding="utf-8", newline="\n")
        kept = results.tidy((FIXED, DRAWN), results.baseline.id, np.array(keep, dtype=np.intp))
        kept = kept[(kept["district"] == "all") & (kept["profile"] == "all")]
        pq.write_table(pa.Table.from_pandas(kept, preserve_index=False), half / export.TABLE)
        text = manifest.snapshot(results.scenarios)
        (half / export.SCENARIOS).write_text(text, encoding="utf-8", newline="\n")
        about = manifest.describe(results, engine=engine or Engine(), command=command, given=[asked])
        about |= {"made_on": made.isoformat(), "asked": asked}
        names = (FORECAST, export.TABLE, export.SCENARIOS)
        about["sha256"] = {name: manifest.sha256(half / name) for name in names}
        # The digests of the whole table are what 'doorstroom reproduce' compares; the table itself is too large to keep.
        about["table_digest"], about["measured_digest"] = results.digest(), results.digest((MEASURED,))
        with tempfile.TemporaryDirectory() as scratch:
            export.write_csv(results, Path(scratch, export.CSV))
            about["sha256"][export.CSV] = manifest.sha256(Path(scratch, export.CSV))
        text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
        (half / export.MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        final = _free(folder, made.isoformat(), "")
        half.rename(final)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    _enter(folder, final.name, made, manifest.sha256(final / export.MANIFEST))
    return Entry(final, made, about, found)


def add_counts(diary: Diary, counts: Sequence[Count], made: date) -> str:
    """Keep a count that came in and return its name in the ledger.

    Raises:
        OSError: It cannot be written.
    """
    path = _free(diary.folder / COUNTS, counts[0].on.isoformat(), ".csv")
    rows = [(c.place_type, c.what, MASK if c.value is None else f"{c.value:g}", c.source) for c in counts]
    text = _csv(_COUNT_HEAD, rows)
    write_whole(path, lambda half: half.write_text(text, encoding="utf-8", newline="\n"))
    name = f"{COUNTS}/{path.name}"
    _enter(diary.folder, name, made, manifest.sha256(path))
    return name


def read(folder: Path) -> Diary:
    """Read a diary and hold every entry against the ledger.

    Raises:
        FolderError: There is no diary.
        OSError: A file cannot be opened.
    """
    if not (folder / LEDGER).is_file():
        raise manifest.FolderError(
            f"{folder} holds no {LEDGER}: make a forecast first, with 'doorstroom diary forecast'"
        )
    entries: list[Entry] = []
    counts: dict[tuple[date, str, str], Count] = {}
    problems: list[str] = []
    listed, chain = set(), ""
    try:
        rows = list(csv.DictReader(io.StringIO((folder / LEDGER).read_text(encoding="utf-8"))))
    except UnicodeDecodeError as error:
        raise manifest.FolderError(f"{folder / LEDGER} is not a ledger of a diary: {error}") from error
    for row in rows:
        name, made, digest = (row.get(key) or "" for key in _LEDGER_HEAD[:3])
        listed.add(name)
        chain = _chained(chain, name, made, digest)
        if row.get("chain") != chain:
            problems.append(f"{LEDGER}: the line of {name}, or one before it, was changed")
            chain = row.get("chain") or ""
        try:
            wrong = _changed(folder, name, digest)
            if wrong:
                problems.append(f"{wrong}: it is left out")
            elif name.startswith(f"{COUNTS}/"):
                for count in _read_counts(folder, name):
                    counts[count.on, count.place_type, count.what] = count
            else:
                entries.append(_read_entry(folder / name))
        except manifest.FolderError as error:
            problems.append(f"{name} cannot be read and is left out: {error}")
    there = [p.name for p in folder.iterdir() if p.is_dir() and p.name != COUNTS and p.name[0] != "."]
    there += [f"{COUNTS}/{p.name}" for p in (folder / COUNTS).glob("*.csv")]
    problems += [f"{name} is not in {LEDGER}: it is left out" for name in sorted(there) if name not in listed]
    return Diary(folder, tuple(entries), tuple(counts.values()), tuple(problems))


def _school_year(on: date) -> str:
    first = on.year - (on.month < _AUGUST)
    return f"{first}-{first + 1}"


def _band(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = statistics.band(values)
    return float(low), float(high)


def _read_entry(folder: Path) -> Entry:
    about = manifest.read(folder / export.MANIFEST)
    rows = csv.DictReader(io.StringIO((folder / FORECAST).read_text(encoding="utf-8")))
    found = tuple(
        Forecast(
            date.fromisoformat(r["for"]), r["place_type"], r["what"], r["indicator"], float(r["expected"]),
            (float(r["chance_low"]), float(r["chance_high"])), (float(r["low"]), float(r["high"])),
        )
        for r in rows
    )  # fmt: skip
    return Entry(folder, date.fromisoformat(about["made_on"]), about, found)


def _read_counts(folder: Path, name: str) -> list[Count]:
    on = date.fromisoformat(Path(name).stem[:10])
    frame = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
    return [
        Count(on, r.place_type, r.what, None if r.count_ == MASK else float(r.count_), r.source, name)
        for r in frame.rename(columns={"count": "count_"}).itertuples()
    ]


def _changed(folder: Path, name: str, digest: str) -> str:
    """What is wrong with an entry; empty when it is as it was written."""
    path = folder / name / export.MANIFEST if not name.startswith(f"{COUNTS}/") else folder / name
    if not path.is_file():
        return f"{name} is in {LEDGER} and not in the folder"
    if manifest.sha256(path) != digest:
        return f"{name} was changed after it was written ({path.name})"
    if path.name == export.MANIFEST:
        for file, known in manifest.read(path)["sha256"].items():
            if file == export.CSV:
                continue
            if not (path.parent / file).is_file() or manifest.sha256(path.parent / file) != known:
                return f"{name} was changed after it was written ({file})"
    return ""


def _enter(folder: Path, name: str, made: date, digest: str) -> None:
    """Add a line to the ledger; the lines before it stay as they are, right or wrong."""
    path = folder / LEDGER
    before = path.read_text(encoding="utf-8") if path.is_file() else _csv(_LEDGER_HEAD, [])
    lines = before.splitlines()
    last = lines[-1].rpartition(",")[2] if len(lines) > 1 else ""
    row = (name, made.isoformat(), digest, _chained(last, name, made.isoformat(), digest))
    text = before + _csv(row, [])
    write_whole(path, lambda half: half.write_text(text, encoding="utf-8", newline="\n"))


def _chained(before: str, *cells: str) -> str:
    return hashlib.sha256("\0".join((before, *cells)).encode()).hexdigest()


def _free(folder: Path, name: str, suffix: str) -> Path:
    """A name that nothing has yet."""
    number = 1
    while (path := folder / f"{name}{f'-{number}' if number > 1 else ''}{suffix}").exists():
        number += 1
    return path


def _csv(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return sink.getvalue()
