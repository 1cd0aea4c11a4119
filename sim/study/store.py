"""The content-addressed store: indicators of every replication, under the hash of all that decides them.

One Parquet file holds one batch: consecutive replications of one scenario in one mode. Its folder is its key,
so the same question is never simulated twice, and nothing that changed is ever taken for the same. Files come
into being under another name and are renamed when complete: a reader sees a whole file or none, and a killed
run loses what was in flight. Several processes may read while one writes. Any tool that reads Parquet can
look in, for example DuckDB: `select * from 'results/store/**/*.parquet'`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

FORMAT = "v1"
INDEX_COLUMNS = ("school_year", "indicator", "place_type", "district", "profile", "unit")
_META = b"doorstroom"
_NAME = re.compile(r"^r(\d{4,})-(\d{4,})\.parquet$")
_STALE_SECONDS = 3600.0


@dataclass(frozen=True)
class Key:
    """All that decides the indicators of a replication, except its number.

    Attributes:
        engine: Digest of the engine's sources and of the numerical libraries below it.
        indicators: Digest of the indicators' sources.
        scenario: Digest of the scenario's meaning.
        draw: Digest of the plan of draws; empty when all numbers have their central values.
        seed: Master seed.
    """

    engine: str
    indicators: str
    scenario: str
    draw: str
    seed: int

    @property
    def folder(self) -> Path:
        """Folder of this key inside a store (short digests: some systems allow no long paths)."""
        mode = f"draw-{self.draw[:16]}" if self.draw else "fixed"
        return Path(
            FORMAT, self.engine[:16], self.indicators[:16], self.scenario[:16], mode, f"seed-{self.seed}"
        )


@dataclass(frozen=True)
class Block:
    """Indicators of one replication.

    Attributes:
        index: Columns `INDEX_COLUMNS`, one row per value.
        index_digest: Hash of the index; equal digests mean equal rows in equal order.
        values: One value per row; NaN where the indicator is not defined.
    """

    replication: int
    index: pa.Table
    index_digest: str
    values: NDArray[np.float64]


class BrokenBatchError(Exception):
    """A file of the store cannot be read, or does not hold what its place says."""


def encode(key: Key, frames: Sequence[tuple[int, pd.DataFrame]]) -> bytes:
    """One batch as the bytes of a Parquet file.

    Args:
        key: Key of the batch.
        frames: Replication number and its indicators (columns `INDEX_COLUMNS` and `value`), in order.
    """
    tables, rows, digests = [], [], []
    for replication, frame in frames:
        columns = {name: _labels(frame[name]) for name in INDEX_COLUMNS}
        digests.append(_index_digest(columns))
        rows.append(len(frame))
        table: dict[str, Any] = {"replication": pa.array(np.full(len(frame), replication, dtype=np.int32))}
        table |= {name: columns[name] for name in INDEX_COLUMNS[:-1]}
        # + 0.0 turns minus zero into zero, which would otherwise be another text in a CSV file.
        table["value"] = pa.array(frame["value"].to_numpy(dtype=np.float64) + 0.0)
        table["unit"] = columns["unit"]
        tables.append(pa.table(table))
    meta = {"key": asdict(key), "replications": [r for r, _ in frames], "rows": rows, "index": digests}
    whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    whole = whole.replace_schema_metadata({_META: json.dumps(meta).encode()})
    sink = io.BytesIO()
    pq.write_table(whole, sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue()


def decode(raw: bytes, key: Key) -> tuple[Block, ...]:
    """The replications of a batch.

    Raises:
        BrokenBatchError: The bytes are damaged, half, or belong to another key.
    """
    try:
        table = pq.read_table(io.BytesIO(raw), page_checksum_verification=True)
        meta = json.loads((table.schema.metadata or {})[_META])
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise BrokenBatchError(f"not a whole Parquet file of this store ({type(error).__name__})") from error
    if meta["key"] != asdict(key):
        raise BrokenBatchError("it belongs to another scenario, engine or seed")
    if sum(meta["rows"]) != table.num_rows:
        raise BrokenBatchError(f"{table.num_rows} rows found, {sum(meta['rows'])} expected")
    index = table.select(list(INDEX_COLUMNS))
    values = table["value"].to_numpy()
    blocks, start = [], 0
    for replication, count, digest in zip(meta["replications"], meta["rows"], meta["index"], strict=True):
        blocks.append(Block(replication, index.slice(start, count), digest, values[start : start + count]))
        start += count
    return tuple(blocks)


def default_store() -> Path:
    """The store's folder: environment variable DOORSTROOM_STORE, else `results/store` in this folder."""
    return Path(os.environ.get("DOORSTROOM_STORE") or Path("results", "store"))


@dataclass
class Store:
    """A folder with results.

    Attributes:
        root: The folder; made when something is written.
        problems: What was found damaged and passed over, in words for a reader.
    """

    root: Path = field(default_factory=default_store)
    problems: list[str] = field(default_factory=list)

    def read(self, key: Key, wanted: Sequence[int]) -> Iterator[Block]:
        """Every wanted replication that is there, each once. Damaged files are passed over and reported."""
        missing = set(wanted)
        folder = self.root / key.folder
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            match = _NAME.match(path.name)
            if match is None or missing.isdisjoint(range(int(match[1]), int(match[2]) + 1)):
                continue
            try:
                blocks = decode(path.read_bytes(), key)
            except (BrokenBatchError, OSError) as error:
                self.problems.append(f"{path} was passed over: {error}. Its replications are run again.")
                continue
            for block in blocks:
                if block.replication in missing:
                    missing.remove(block.replication)
                    yield block

    def replications(self, key: Key) -> frozenset[int]:
        """Replications that are there by the names of their files; whether a file is whole is seen when it is read."""
        folder = self.root / key.folder
        if not folder.is_dir():
            return frozenset()
        found = (m for path in folder.iterdir() if (m := _NAME.match(path.name)))
        return frozenset(r for m in found for r in range(int(m[1]), int(m[2]) + 1))

    def write(self, key: Key, replications: Sequence[int], raw: bytes) -> Path:
        """Keep one batch of consecutive replications, given as made by `encode`."""
        path = self.root / key.folder / f"r{replications[0]:04d}-{replications[-1]:04d}.parquet"
        write_whole(path, lambda temporary: temporary.write_bytes(raw))
        return path

    def sweep(self) -> None:
        """Remove what a killed run left half-written more than an hour ago."""
        for path in (self.root / FORMAT).glob("**/.half-*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink()


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name and rename it when complete, so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".half-{uuid.uuid4().hex}-{path.name}")
    try:
        write(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _labels(column: pd.Series[Any]) -> pa.DictionaryArray:
    made = pa.array(column)
    if isinstance(made, pa.ChunkedArray):
        made = made.combine_chunks()
    if pa.types.is_dictionary(made.type):
        made = made.cast(pa.dictionary(pa.int32(), pa.string()))
    else:
        made = made.cast(pa.string()).dictionary_encode()
    if made.null_count:
        raise ValueError(f"column '{column.name}' of the indicators has an empty label")
    return made


def _index_digest(columns: dict[str, pa.DictionaryArray]) -> str:
    digest = hashlib.sha256()
    for name, column in columns.items():
        digest.update(json.dumps([name, column.dictionary.to_pylist()]).encode())
        digest.update(np.ascontiguousarray(column.indices.to_numpy(zero_copy_only=False)).tobytes())
    return digest.hexdigest()
