"""Labels of rows as numbers: never two rows under one number without a word."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from sim.study.grid import Grid
from sim.study.results import MOST_LABELS, Collector, codes_of
from sim.study.store import INDEX_COLUMNS, Block, Key, decode, encode

KEY = Key("e", "i", "s", "", 1)


def column(*labels: str) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(labels).dictionary_encode()])


def block(districts: int) -> Block:
    """One replication with so many districts."""
    frame = pd.DataFrame({name: ["x"] * districts for name in INDEX_COLUMNS})
    frame["district"] = [f"d{n}" for n in range(districts)]
    frame["value"] = 1.0
    (made,) = decode(encode(KEY, [(0, frame)]), KEY)
    return made


def test_labels_get_numbers_in_the_order_in_which_they_come() -> None:
    known: dict[str, int] = {}
    assert codes_of(known, column("b", "a", "b")).tolist() == [0, 1, 0]
    assert codes_of(known, column("c", "a")).tolist() == [2, 1]


def test_more_labels_than_fit_are_refused_and_spoil_nothing() -> None:
    known = {str(n): n for n in range(MOST_LABELS - 1)}
    assert codes_of(known, column("last", "0")).tolist() == [MOST_LABELS - 1, 0]
    with pytest.raises(ValueError, match="more than 4096 labels"):
        codes_of(known, column("one too many"))
    assert codes_of(known, column("0")).tolist() == [0]


def test_a_replication_with_more_labels_than_fit_is_refused_by_all_that_lay_rows_side_by_side() -> None:
    most, more = block(MOST_LABELS), block(MOST_LABELS + 1)
    assert len(Grid(lambda _: True).lay(most)) == MOST_LABELS
    with pytest.raises(ValueError, match="labels"):
        Grid(lambda _: True).lay(more)
    collector = Collector((), (), 1, 1, "e", "i")
    collector.add((), most)
    with pytest.raises(ValueError, match="labels"):
        collector.add((), more)
