"""Drawn futures: the same in every scenario, whatever else is asked."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.posterior import Posterior
from sim.scenario.quantity import Quantity
from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario
from sim.study.draws import DrawPlan, place_in, plan_draws
from sim.study.manifest import from_snapshot, snapshot


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    """Almere carrying on, without its own posterior."""
    return load("baseline").model_copy(update={"posterior": Posterior()})


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


def fitted(baseline: Scenario, rows: int = 7) -> Scenario:
    """The baseline with a made-up posterior of two rates that always lie at the same place in their ranges."""
    quantities = baseline.quantities()
    paths = tuple(k for k in quantities if k.startswith("region.sources.") and k.endswith(".rate"))[:2]
    places = np.linspace(0.05, 0.95, rows)
    values = tuple(tuple(quantities[p].at(float(u)) for p in paths) for u in places)
    return baseline.model_copy(update={"posterior": Posterior(paths=paths, rows=values)})


def test_fitted_numbers_are_drawn_together_each_row_once(baseline: Scenario) -> None:
    scenario = fitted(baseline)
    plan = plan_draws(scenario, 1)
    first, second = scenario.posterior.paths
    rows = []
    for replication in range(14):
        drawn = plan.values(scenario, replication)
        row = drawn[first], drawn[second]
        assert any(row == pytest.approx(known, rel=1e-12) for known in scenario.posterior.rows)
        rows.append(round(row[0], 12))
    assert len(set(rows[:7])) == len(set(rows[7:])) == 7  # none comes again before all came
    assert rows[:7] != rows[7:]  # and then in another order


def test_all_else_is_drawn_as_without_a_posterior(baseline: Scenario) -> None:
    scenario = fitted(baseline)
    plan, before = plan_draws(scenario, 1), plan_draws(baseline, 1)
    with_it, without = plan.values(scenario, 5), before.values(baseline, 5)
    assert {k for k in without if with_it[k] != without[k]} == set(scenario.posterior.paths)
    assert plan.digest != before.digest
    assert scenario.digest() == baseline.digest()  # central values have nothing to do with it


def test_a_plan_without_posterior_is_what_it_was() -> None:
    text = json.dumps(["sobol-owen-1", 7, ["a", "b"]])
    assert DrawPlan(("a", "b"), 7).digest == hashlib.sha256(text.encode()).hexdigest()


def test_a_fitted_number_that_a_scenario_moves_is_drawn_around_its_new_value(baseline: Scenario) -> None:
    scenario = fitted(baseline)
    path = scenario.posterior.paths[0]
    q = scenario.quantities()[path]
    assert q.range is not None
    moved = scenario.with_values({path: q.range[1]})
    plan = plan_draws(scenario, 1)
    for replication in range(7):
        u = plan.joint(replication)[path]
        assert plan.values(moved, replication)[path] == moved.quantities()[path].at(u)


@given(st.floats(0, 1), st.floats(0.1, 0.9))
def test_place_in_undoes_at(u: float, middle: float) -> None:
    q = Quantity(value=middle, unit="share", range=(0.0, 1.0), grade="E", source="made up", date="2026")
    assert place_in(q, q.at(u)) == pytest.approx(u, abs=1e-12)


def test_the_snapshot_of_a_run_holds_the_posterior(baseline: Scenario) -> None:
    scenario = fitted(baseline)
    (again,) = from_snapshot(snapshot([scenario]))
    assert plan_draws(again, 3).digest == plan_draws(scenario, 3).digest
    assert plan_draws(again, 3).values(again, 2) == plan_draws(scenario, 3).values(scenario, 2)
