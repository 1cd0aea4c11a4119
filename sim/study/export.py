"""An output folder: tidy tables, workbook and manifest, made from results; and results made from a folder.

Everything is written beside the folder first and moved in when it is whole; the manifest goes last, so a
folder with a manifest is complete.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.scenario.scenario import Scenario
from sim.study import manifest
from sim.study.compare import Comparison
from sim.study.engine import Engine
from sim.study.overview import overview, write_overview, write_worse_off
from sim.study.results import COLUMNS, DRAWN, FIXED, MEASURED, Collector, Results
from sim.study.store import INDEX_COLUMNS, Block
from sim.study.workbook import write_workbook

MANIFEST, SCENARIOS = "manifest.json", "scenarios.json"
TABLE, CSV, MEASURED_TABLE, WORKBOOK, OVERVIEW, WORSE_OFF = (
    "indicators.parquet", "indicators.csv", "measured.parquet", "indicators.xlsx", "overview.csv", "worse_off.csv",
)  # fmt: skip
SCHEMA = pa.schema(
    [
        pa.field(name, pa.int32() if name == "replication" else pa.float64() if name == "value" else
                 pa.dictionary(pa.int32(), pa.string()))
        for name in COLUMNS
    ]
)  # fmt: skip


def write(
    results: Results,
    comparison: Comparison,
    folder: Path,
    *,
    engine: Engine | None = None,
    command: Sequence[str] = (),
    given: Sequence[str | Path] = (),
    brief: bool = False,
) -> dict[str, Any]:
    """Write an output folder and return its manifest.

    Args:
        results: What was found.
        comparison: Its comparison, for the workbook.
        folder: Where to; files of an earlier run there are replaced.
        engine: The functions that were run.
        command: Words of the command, for the manifest.
        given: How the scenarios were asked for.
        brief: Leave out what grows too large for a whole shelf of scenarios: the tidy table as CSV (some twenty times
            the same table in Parquet), and in the workbook all outcomes and all school years.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".half-{uuid.uuid4().hex}"
    half.mkdir()
    try:
        about = manifest.describe(results, engine=engine or Engine(), command=command, given=given)
        rows = _write_parquet(results, (FIXED, DRAWN), half / TABLE)
        if not brief:
            write_csv(results, half / CSV)
        _write_parquet(results, (MEASURED,), half / MEASURED_TABLE)
        (half / SCENARIOS).write_text(manifest.snapshot(results.scenarios), encoding="utf-8", newline="\n")
        lines = overview(results, comparison)
        write_workbook(results, comparison, lines, half / WORKBOOK, brief=brief)
        write_overview(lines, half / OVERVIEW)
        write_worse_off(lines, half / WORSE_OFF)
        about["rows"] = rows
        about["table_digest"] = results.digest()
        about["measured_digest"] = results.digest((MEASURED,))
        about["sha256"] = {
            name: manifest.sha256(half / name) for name in (CSV, SCENARIOS) if (half / name).is_file()
        }
        text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
        (half / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        # While files are being moved no manifest stands there: half of two runs is never taken for one.
        (folder / MANIFEST).unlink(missing_ok=True)
        (folder / CSV).unlink(missing_ok=True)
        for path in half.iterdir():
            if path.name != MANIFEST:
                path.replace(folder / path.name)
        (half / MANIFEST).replace(folder / MANIFEST)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return about


def write_csv(results: Results, path: Path) -> None:
    """The tidy table as CSV: fixed order, UTF-8, LF, numbers with the digits that give them back exactly."""
    labels = {name: [_quoted(text) for text in column] for name, column in results.row_labels().items()}
    names = [name for name in labels if name != "unit"]
    rows = len(labels["unit"])
    heads = pa.array([",".join(labels[name][i] for name in names) for i in range(rows)], pa.string())
    tails = pa.array([text + "\n" for text in labels["unit"]], pa.string())
    with path.open("wb") as sink:
        sink.write((",".join(COLUMNS) + "\n").encode())
        for scenario, replication, mode, values in results.blocks((FIXED, DRAWN)):
            order = pa.array(np.flatnonzero(~np.isnan(values)))
            numbers = pc.cast(pa.array(values).take(order), pa.string())
            first = pa.scalar(f"{_quoted(scenario)},{replication},{mode}")
            lines = pc.binary_join_element_wise(first, heads.take(order), numbers, tails.take(order), ",")
            # Strings of one array lie one after another: with line ends in them that is the file itself.
            if len(lines):
                sink.write(lines.buffers()[2])


def _quoted(text: str) -> str:
    """A label as CSV writes it (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text


def tables(results: Results, modes: Sequence[str]) -> Iterator[pa.Table]:
    """The tidy table in parts of ten blocks, so that memory stays small."""
    labels = {n: pa.array(c.categories, pa.string()) for n, c in results.row_labels().items()}
    codes = {n: np.asarray(c.codes, dtype=np.int32) for n, c in results.row_labels().items()}
    part: list[pa.Table] = []
    for scenario, replication, mode, values in results.blocks(modes):
        order = np.flatnonzero(~np.isnan(values))
        same = pa.array(np.zeros(len(order), dtype=np.int32))
        columns: dict[str, Any] = {
            n: pa.DictionaryArray.from_arrays(pa.array(codes[n][order]), labels[n]) for n in labels
        }
        columns["scenario"] = pa.DictionaryArray.from_arrays(same, pa.array([scenario]))
        columns["assumptions"] = pa.DictionaryArray.from_arrays(same, pa.array([mode]))
        columns["replication"] = pa.array(np.full(len(order), replication, dtype=np.int32))
        columns["value"] = pa.array(values[order])
        part.append(pa.table({name: columns[name] for name in COLUMNS}, schema=SCHEMA))
        if len(part) == 10:
            yield pa.concat_tables(part).unify_dictionaries()
            part = []
    if part:
        yield pa.concat_tables(part).unify_dictionaries()


def read(folder: Path) -> tuple[Results, dict[str, Any]]:
    """Results and manifest of an output folder.

    Raises:
        FolderError: The folder is not a whole output folder of this version.
        OSError: A file cannot be opened.
    """
    about = manifest.read(folder / MANIFEST)
    scenarios = scenarios_of(about, folder)
    collector = Collector(
        scenarios, about["modes"], about["seed"], about["replications"], about["engine"]["digest"],
        about["engine"]["indicators"], about["messages"],
    )  # fmt: skip
    for name in (TABLE, MEASURED_TABLE):
        try:
            _collect(pq.read_table(folder / name), name, collector)
        except (pa.ArrowException, KeyError) as error:
            raise manifest.FolderError(f"{folder / name} cannot be read: {error}") from error
    return collector.results(), about


def scenarios_of(about: dict[str, Any], folder: Path) -> tuple[Scenario, ...]:
    """The scenarios of an output folder as they were resolved, the baseline first.

    Raises:
        FolderError: They cannot be read, or are not those of the manifest.
        OSError: The file cannot be opened.
    """
    scenarios = manifest.from_snapshot((folder / SCENARIOS).read_text(encoding="utf-8"))
    if [s.digest() for s in scenarios] != [known["digest"] for known in about["scenarios"]]:
        raise manifest.FolderError(f"{folder / SCENARIOS} does not hold the scenarios of the manifest")
    return scenarios


def _collect(table: pa.Table, name: str, collector: Collector) -> None:
    """Cut a tidy table into its blocks (they lie one after another) and give them to a collector."""
    if not table.num_rows:
        return
    table = table.unify_dictionaries().combine_chunks()
    names = {n: table[n].combine_chunks() for n in ("scenario", "assumptions")}
    codes = [names[n].indices.to_numpy() for n in names] + [table["replication"].to_numpy()]
    steps = np.any([np.diff(c) != 0 for c in codes], axis=0)
    borders = [0, *(np.flatnonzero(steps) + 1).tolist(), table.num_rows]
    index = table.select(list(INDEX_COLUMNS))
    values = table["value"].to_numpy()
    first = index.slice(0, borders[1])
    for start, end in pairwise(borders):
        part = index.slice(start, end - start)
        # All blocks of one export have the same rows; the rare other one is learned by itself.
        same = end - start == borders[1] and part.equals(first)
        digest = f"{name} {0 if same else start}"
        block = Block(int(codes[2][start]), part, digest, values[start:end])
        cell = names["scenario"][start].as_py(), names["assumptions"][start].as_py()
        collector.add([cell], block)


def _write_parquet(results: Results, modes: Sequence[str], path: Path) -> int:
    rows = 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for table in tables(results, modes):
            writer.write_table(table)
            rows += table.num_rows
    return rows
