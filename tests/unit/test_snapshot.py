"""The scenarios that lie beside a manifest are those that were run: the same meaning, and the same order of names.

Order is meaning: codes follow the order in which a region names things, and so does which age a draw picks.
"""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.indicators import compute
from sim.study.manifest import from_snapshot, snapshot

IDS = ("toy/school/baseline", "baseline", "sbo-in-gewone-scholen")


def keys(node: Any) -> Any:
    """The keys of a tree, in their order."""
    if isinstance(node, dict):
        return [(key, keys(value)) for key, value in node.items()]
    return [keys(value) for value in node] if isinstance(node, list | tuple) else None


@pytest.mark.parametrize("name", IDS)
def test_a_snapshot_gives_back_the_same_scenario(name):
    scenario = sim.load(name)
    (again,) = from_snapshot(snapshot([scenario]))
    assert again.digest() == scenario.digest()
    assert keys(again.model_dump()) == keys(scenario.model_dump())


def test_a_snapshot_runs_as_the_scenario_did():
    scenario = sim.load("toy/school/baseline", years=3)
    (again,) = from_snapshot(snapshot([scenario]))
    assert compute(sim.simulate(again, 1, 0)).equals(compute(sim.simulate(scenario, 1, 0)))


def test_another_order_of_names_is_another_question():
    scenario = sim.load("toy/school/baseline")
    source = scenario.region.sources["referrals"]
    turned = source.model_copy(update={"ages": dict(reversed(source.ages.items()))})
    region = scenario.region.model_copy(update={"sources": {"referrals": turned}})
    assert scenario.model_copy(update={"region": region}).digest() != scenario.digest()
