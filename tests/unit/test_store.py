"""The store gives back what was put in, and passes over what is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from sim.study.store import BrokenBatchError, Key, Store, decode, default_store, encode, write_whole

KEY = Key(engine="e" * 64, indicators="i" * 64, scenario="s" * 64, draw="", seed=1)


def frame(shift: float = 0.0, rows: int = 3) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "school_year": [f"{2023 + i}-{2024 + i}" for i in range(rows)],
            "indicator": pd.Categorical(["K02.oct"] * rows, categories=["K02.oct", "unused"]),
            "place_type": ["all"] * rows,
            "district": ["all"] * rows,
            "profile": ["all"] * rows,
            "value": [0.1 + shift, -0.0, 1 / 3 + shift][:rows],
            "unit": ["children"] * rows,
        }
    )


def test_what_goes_in_comes_out_bit_for_bit(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, (6, 7), encode(KEY, [(6, frame()), (7, frame(1.0, rows=2))]))
    blocks = {b.replication: b for b in store.read(KEY, range(30))}
    assert sorted(blocks) == [6, 7]
    assert blocks[6].values.tolist() == [0.1, 0.0, 1 / 3]
    assert not np.signbit(blocks[6].values[1]), "minus zero would be another text in a CSV file"
    assert blocks[7].values.tolist() == [1.1, 0.0]
    assert blocks[6].index["school_year"].to_pylist() == ["2023-2024", "2024-2025", "2025-2026"]
    assert blocks[6].index_digest != blocks[7].index_digest
    assert store.problems == []


def test_only_what_is_wanted_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for r in range(3):
        store.write(KEY, (r,), encode(KEY, [(r, frame(float(r)))]))
    assert [b.replication for b in store.read(KEY, (1,))] == [1]


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, (0,), encode(KEY, [(0, frame())]))
    for change in ({"engine": "x"}, {"indicators": "x"}, {"scenario": "x"}, {"draw": "x"}, {"seed": 2}):
        other = Key(**{**KEY.__dict__, **change})
        assert list(store.read(other, (0,))) == []
    assert store.problems == []


@pytest.mark.parametrize("damage", ["half", "flipped", "empty", "text"])
def test_a_damaged_file_is_passed_over_with_a_message(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    path = store.write(KEY, (0,), encode(KEY, [(0, frame())]))
    raw = path.read_bytes()
    middle = raw.index(b"PAR1") + 40
    spoiled = {
        "half": raw[: len(raw) // 2],
        "flipped": raw[:middle] + bytes([raw[middle] ^ 0xFF]) + raw[middle + 1 :],
        "empty": b"",
        "text": b"hello",
    }[damage]
    path.write_bytes(spoiled)
    assert list(store.read(KEY, (0,))) == []
    assert len(store.problems) == 1
    assert path.name in store.problems[0]


def test_a_file_in_the_wrong_folder_is_not_taken(tmp_path: Path) -> None:
    store = Store(tmp_path)
    other = Key(**{**KEY.__dict__, "seed": 2})
    path = store.write(KEY, (0,), encode(other, [(0, frame())]))
    assert list(store.read(KEY, (0,))) == []
    assert "another scenario, engine or seed" in store.problems[0]
    with pytest.raises(BrokenBatchError):
        decode(path.read_bytes(), KEY)


def test_a_killed_write_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "r0000-0000.parquet", broken)
    assert list(tmp_path.iterdir()) == []


def test_old_halves_are_swept_and_young_ones_are_left(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.write(KEY, (0,), encode(KEY, [(0, frame())])).parent
    old, young = folder / ".half-a-r0001-0001.parquet", folder / ".half-b-r0002-0002.parquet"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.sweep()
    assert not old.exists()
    assert young.exists()
    assert [b.replication for b in store.read(KEY, range(9))] == [0]


def test_duckdb_reads_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for r in range(3):
        store.write(KEY, (r,), encode(KEY, [(r, frame(float(r)))]))
    files = (tmp_path / "**" / "*.parquet").as_posix()
    query = f"select count(*), count(distinct replication), sum(value) from '{files}'"
    found = duckdb.connect().execute(query).fetchall()[0]
    assert found[:2] == (9, 3)
    assert found[2] == pytest.approx(3 * (0.1 + 1 / 3) + 6.0)


def test_the_folder_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOORSTROOM_STORE", raising=False)
    assert default_store() == Path("results", "store")
    monkeypatch.setenv("DOORSTROOM_STORE", "elsewhere")
    assert default_store() == Path("elsewhere")
