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
