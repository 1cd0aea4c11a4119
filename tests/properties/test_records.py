"""What must hold on every record, on the toys and on the baseline of the shipped region."""

from __future__ import annotations

import pytest

import sim
from proof import invariants
from proof.toys import ROOT, toy


@pytest.mark.parametrize("name", sorted(p.parent.name for p in ROOT.glob("*/region.yaml")))
def test_toys(name):
    scenario = toy(name)
    unlimited = tuple(k for k, kind in scenario.region.place_types.items() if kind.seats == "unlimited")
    record = sim.simulate(scenario, seed=2, replication=0)
    assert invariants.all_of(record, unlimited) == []
    if scenario.region.calendar == "none":
        assert invariants.everybody_somewhere(record) == []


def test_the_shipped_region():
    record = sim.simulate(sim.load("baseline"), seed=2, replication=0)
    assert invariants.all_of(record) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"place_types.school.moving": 0.8},
        {"place_types.school.limit": 1, "place_types.school.stay.mean": 900},
        {"place_types.school.leave": {0: 0.5}, "place_types.school.stay.mean": 400},
    ],
)
def test_a_stay_of_one_duration_may_end_before_its_time(rule):
    record = sim.simulate(toy("queue", {"calendar": "school_year", **rule}, years=4), seed=1, replication=0)
    assert invariants.all_of(record) == []
    assert invariants.everybody_somewhere(record) == []
