"""Drawn futures: the same in every scenario, whatever else is asked."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.quantity import Quantity
from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario
from sim.study.draws import DrawPlan, plan_draws


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load("baseline")


def test_a_point_does_not_depend_on_how_many_are_asked() -> None:
    plan = DrawPlan(("a", "b", "c"), seed=7)
    first = [plan.row(r).copy() for r in range(10)]
    plan.row(300)
    assert all(np.array_equal(plan.row(r), first[r]) for r in range(10))
    later = DrawPlan(("a", "b", "c"), seed=7)
    assert np.array_equal(later.row(5), first[5])


def test_points_of_a_block_fill_each_dimension_evenly() -> None:
    plan = DrawPlan(tuple(f"p{i}" for i in range(40)), seed=1)
    points = np.array([plan.row(r) for r in range(32)])
    for column in points.T:
        assert np.array_equal(np.bincount((column * 32).astype(int), minlength=32), np.ones(32))


def test_another_seed_gives_other_points_and_another_digest() -> None:
    a, b = DrawPlan(("a", "b"), 1), DrawPlan(("a", "b"), 2)
    assert not np.array_equal(a.row(0), b.row(0))
    assert a.digest != b.digest


def test_every_graded_number_is_drawn_inside_its_range(baseline: Scenario) -> None:
    plan = plan_draws(baseline, 1)
    quantities = baseline.quantities()
    assert plan.paths == tuple(sorted(quantities))
    for replication in (0, 1, 63, 64):
        drawn = plan.apply(baseline, replication).quantities()
        for path, quantity in quantities.items():
            assert quantity.range is not None
            low, high = quantity.range
            assert low <= drawn[path].value <= high


def test_a_draw_is_the_same_in_every_scenario(baseline: Scenario) -> None:
    plan = plan_draws(baseline, 1)
    other = load("een-sbo-minder")
    assert plan.values(baseline, 3) == plan.values(other, 3)


def test_an_effect_that_the_baseline_lacks_moves_nobody_else(baseline: Scenario) -> None:
    name, effect = next((k, e) for k, e in baseline.effects.items() if e.size.range is not None)
    size: Quantity = effect.size
    richer = baseline.model_copy(
        update={"effects": {**baseline.effects, "aaa-new": effect.model_copy(update={"size": size})}}
    )
    plan = plan_draws(baseline, 1)
    values, more = plan.values(baseline, 2), plan.values(richer, 2)
    assert {k: v for k, v in more.items() if k != "effects.aaa-new.size"} == values
    assert more["effects.aaa-new.size"] == plan.values(richer, 2)["effects.aaa-new.size"]
    assert name in baseline.effects
