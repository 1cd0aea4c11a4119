"""Groups and rooms that are added to a type together open as whole groups, however they are divided over its schools."""

from __future__ import annotations

from datetime import date

import pytest

import sim
from sim.indicators import compute
from sim.scenario.levers import Change


@pytest.mark.parametrize("added", [1, 3, 9])
def test_a_group_for_every_room(added: int) -> None:
    baseline = sim.load("almere/baseline", years=1)
    more = (Change.model_validate({"add": added, "from": date(2026, 8, 1)}),)
    plenty = baseline.region.model_copy(
        update={"mechanisms": baseline.region.mechanisms.model_copy(update={"staff": False})}
    )
    scenario = baseline.model_copy(update={"region": plenty, "levers": {"so.groups": more, "so.rooms": more}})
    table = compute(sim.simulate(scenario, seed=1, replication=0)).astype({"school_year": str})
    last = table[(table.school_year == "2026-2027") & (table.indicator == "K26.groups_not_open")]
    assert last.value.max() == 0
