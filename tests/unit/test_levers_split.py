"""An `add` is divided over the cells that it means, and over no others."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.levers import Change, Where, apply, split_over

DAY = date(2027, 8, 1)
TODAY = {("north", "a"): 15.0, ("north", "b"): 3.0, ("south", "a"): 8.0, ("new", "a"): 0.0}


def groups(change: Change) -> dict[tuple[str, str], float]:
    return {
        cell: float(
            apply((change,), n, DAY, place=cell[0], profile=cell[1], split=split_over(TODAY, cell))
        )
        for cell, n in TODAY.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("where", "gains"),
    [
        ({"place": ("south",)}, {("south", "a"): 1.0}),
        ({"place": ("north",), "profile": ("a",)}, {("north", "a"): 1.0}),
        ({"place": ("north",)}, {("north", "a"): 15 / 18, ("north", "b"): 3 / 18}),
        ({"place": ("new",)}, {("new", "a"): 1.0}),
        ({}, {("north", "a"): 15 / 26, ("north", "b"): 3 / 26, ("south", "a"): 8 / 26}),
    ],
)
def test_one_group_falls_where_it_is_meant(
    where: dict[str, tuple[str, ...]], gains: dict[tuple[str, str], float]
):
    change = Change.model_validate({"add": 1.0, "from": DAY, "where": where})
    assert groups(change) == pytest.approx({c: n + gains.get(c, 0.0) for c, n in TODAY.items()})


@given(weights=st.lists(st.floats(0, 50), min_size=1, max_size=8))
def test_all_of_it_is_given_out_once(weights: list[float]):
    cells = {(f"place-{i}", "a"): w for i, w in enumerate(weights)}
    shares = [split_over(cells, cell)(Where()) for cell in cells]
    assert sum(shares) == pytest.approx(1.0)
