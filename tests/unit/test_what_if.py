"""A number halved or doubled: what that means for each kind of number, and what is run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.evidence import Effect
from sim.scenario.quantity import Quantity, Text
from sim.scenario.resolve import load
from sim.scenario.scenario import Once, Scenario
from sim.study import what_if
from sim.study.results import FIXED, Results, Series
from sim.study.runs import StudyError


def text(words: str) -> Text:
    return Text(nl=words, en=words)


def graded(value: float, low: float, high: float, unit: str = "ratio") -> Quantity:
    return Quantity(value=value, unit=unit, range=(low, high), grade="E", source="bedacht", date="2024")


def effect(size: Quantity, measure: str = "risk_ratio") -> Effect:
    return Effect.model_validate(
        {
            "title": text("werkt"), "lever": "state", "cause": "support", "measure": measure, "size": size,
            "acts_on": "early" if measure == "months" else "referral",
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load("almere/baseline")


def with_effect(baseline: Scenario, size: Quantity, measure: str = "risk_ratio") -> Scenario:
    return baseline.model_copy(update={"effects": {"e": effect(size, measure)}})


def steps(scenario: Scenario, path: str) -> dict[str, float]:
    return {t.step: t.value for t in what_if.tries(scenario, path)}


def test_half_and_double_of_a_plain_number(baseline: Scenario) -> None:
    path = "region.staff.assistent.sick"
    value = baseline.quantities()[path].value
    assert steps(baseline, path) == {"half": value / 2, "double": value * 2}


def test_a_ratio_is_halved_and_doubled_by_what_it_does(baseline: Scenario) -> None:
    less = with_effect(baseline, graded(0.64, 0.5, 1.0))
    assert steps(less, "effects.e.size") == {
        "half": pytest.approx(0.8),
        "double": pytest.approx(0.4096),
        "none": 1.0,
    }
    more = with_effect(baseline, graded(1.44, 0.9, 3.0))
    assert steps(more, "effects.e.size") == {
        "half": pytest.approx(1.2),
        "double": pytest.approx(2.0736),
        "none": 1.0,
    }


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 4.0))
def test_half_an_effect_lies_between_the_effect_and_none(value: float) -> None:
    scenario = with_effect(load("toy/queue/baseline"), graded(value, 0.0, 20.0))
    found = steps(scenario, "effects.e.size")
    if "half" in found:
        assert min(value, 1.0) <= found["half"] <= max(value, 1.0)
        assert found["double"] == pytest.approx(min(value**2, 20.0))
        # Two doses of half the effect do what one dose of the whole does.
        assert found["half"] ** 2 == pytest.approx(value)


def test_months_and_exponents_are_nothing_at_zero(baseline: Scenario) -> None:
    for measure in ("months", "elasticity"):
        scenario = with_effect(baseline, graded(0.3, 0.0, 1.0), measure)
        assert steps(scenario, "effects.e.size") == {"half": 0.15, "double": 0.6, "none": 0.0}


def test_an_effect_that_does_nothing_now_is_tried_at_the_ends_of_its_range(baseline: Scenario) -> None:
    scenario = with_effect(baseline, graded(1.0, 0.7, 1.0))
    assert steps(scenario, "effects.e.size") == {"low": 0.7}


def test_what_the_schema_does_not_allow_is_pulled_back_and_marked(baseline: Scenario) -> None:
    path = "region.place_types.sbo.list.accept"
    double = what_if.tries(baseline, path)[1]
    assert (double.value, double.clipped) == (1.0, True)
    own = what_if.try_value(baseline, path, -3.0)
    assert (own.value, own.clipped, own.step) == (0.0, True, "own")


def test_outside_the_range_is_marked(baseline: Scenario) -> None:
    path = "region.staff.assistent.sick"  # 0.054 to 0.074
    assert [t.outside for t in what_if.tries(baseline, path)] == [True, True]
    assert not what_if.try_value(baseline, path, 0.06).outside


def test_nothing_to_try_at_nothing(baseline: Scenario) -> None:
    assert what_if.tries(baseline, "region.programmes.meedoen.groups") == ()


@pytest.mark.parametrize(
    "path", ["region.nowhere", "effects.none.size", "once.0.amount", "x", "region.title"]
)
def test_an_unknown_path_is_refused(baseline: Scenario, path: str) -> None:
    with pytest.raises(StudyError):
        what_if.tries(baseline, path)


def test_numbers_of_every_kind_can_be_tried(baseline: Scenario) -> None:
    for path, q in list(baseline.quantities().items())[::7]:
        spec = what_if.spec_of(path)
        tried = what_if.tries(baseline, path)
        assert all(spec.low <= t.value <= spec.high and t.value != q.value for t in tried), path
        assert tried or q.value == 0.0, path


def test_a_number_is_changed_in_both_of_a_pair_and_nothing_else(baseline: Scenario) -> None:
    idea = load("almere/een-sbo-minder")
    path = "region.staff.assistent.sick"
    today, level = what_if.pair(baseline, idea, path, 0.1, "~double")
    assert (today.id, level.id) == ("baseline~double", "een-sbo-minder~double")
    for before, after in ((baseline, today), (idea, level)):
        assert after.quantities()[path].value == 0.1
        assert after.with_values({path: before.quantities()[path].value}).digest() == before.digest()


def test_money_spent_once_is_changed_in_its_own_scenario_only(baseline: Scenario) -> None:
    def spends(scenario: Scenario, amount: float) -> Scenario:
        once = Once.model_validate(
            {
                "title": text("bouw"), "payer": "gemeente", "purpose": "bouw", "on": scenario.region.start,
                "amount": graded(amount, 0, 9e6, "euro"),
            }
        )  # fmt: skip
        return scenario.model_copy(update={"once": (once,)})

    today, idea = spends(baseline, 1000.0), spends(load("almere/een-sbo-minder"), 2000.0)
    before, after = what_if.pair(today, idea, "once.0.amount", 500.0, "~x")
    assert [s.once[0].amount.value for s in (before, after)] == [1000.0, 500.0]


def test_the_plan_runs_each_scenario_once(baseline: Scenario) -> None:
    path = "region.staff.assistent.sick"
    alone = what_if.plan(baseline, baseline, path)
    assert [s.id for s in alone.scenarios] == ["baseline~half", "baseline~double"]
    assert alone.pairs["half"] == ("baseline~half", "baseline~half")
    idea = load("almere/een-sbo-minder")
    both = what_if.plan(baseline, idea, path)
    assert [s.id for s in both.scenarios] == [
        "een-sbo-minder", "baseline~half", "een-sbo-minder~half", "baseline~double", "een-sbo-minder~double",
    ]  # fmt: skip
    assert [t.step for t in both.steps] == ["now", "half", "double"]
    ids = [both.baseline.id, *(s.id for s in both.scenarios)]
    assert all(name in ids for pair in both.pairs.values() for name in pair)


def test_a_baseline_without_the_number_is_run_once(baseline: Scenario) -> None:
    idea = with_effect(load("almere/een-sbo-minder"), graded(0.8, 0.5, 1.0))
    bare = baseline.model_copy(update={"effects": {}})
    tried = what_if.plan(bare, idea, "effects.e.size")
    assert [s.id for s in tried.scenarios if s.id.startswith("baseline")] == []
    assert tried.pairs["double"] == ("baseline", "een-sbo-minder~double")


def test_answers_are_paired_run_by_run(baseline: Scenario) -> None:
    idea = load("almere/een-sbo-minder")
    tried = what_if.plan(baseline, idea, "region.staff.assistent.sick")
    scenarios = (tried.baseline, *tried.scenarios)
    series, years = Series("K02.oct"), ("2026-2027", "2027-2028")
    values = {
        (s.id, FIXED): np.array([[[10.0 * i, 100.0 * i + r] for _ in (0,)] for r in range(3)])
        for i, s in enumerate(scenarios)
    }
    done = {(s.id, FIXED): np.array([True, True, True]) for s in scenarios}
    done["een-sbo-minder~double", FIXED] = np.array([True, False, True])
    results = Results(
        scenarios=scenarios, modes=(FIXED,), seed=1, replications=3, series=(series,), school_years=years, values=values,
        done=done, engine="", indicators="",
    )  # fmt: skip
    found = what_if.answers(results, tried, "K02.oct", "2027-2028")
    assert [a.step for a in found] == ["now", "half", "double"]
    assert [a.runs for a in found] == [3, 3, 2], "a step waits for its own runs only"
    assert found[1].today.tolist() == [200.0, 201.0, 202.0]
    assert found[1].difference.tolist() == [100.0, 100.0, 100.0]
    assert found[2].level.tolist() == [500.0, 502.0]
    assert found[2].level_now.tolist() == [100.0, 102.0]
    assert found[2].change.tolist() == [400.0, 400.0]
    assert what_if.answers(results, tried, "K99", "2027-2028") == ()
    assert what_if.answers(results, tried, "K02.oct", "1999-2000") == ()
