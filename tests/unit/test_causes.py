"""Why a scenario differs: which causes are asked about, what is switched off, and parts that add up exactly."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import numpy as np
import pytest
from made_results import scenario, told

import sim
from proof.toys import toy
from sim.indicators import compute
from sim.scenario.levers import Change
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from sim.study.causes import Cause, Variants, causes_of, variants_of, without
from sim.study.parts_by_cause import Division, divide
from sim.study.results import Results, Series
from sim.study.runs import run

LIST = Series("K02.oct")
ANSWERS = Series("K34.count")
CAUSES = tuple(Cause(name, Text(nl=name, en=name), "loop") for name in ("a", "b", "c"))
RUNS = 20


def made(causes: tuple[Cause, ...], gap: object) -> tuple[Results, Variants]:
    """Results in which the difference of a variant is `gap(causes that are on)`, with the luck of its baseline."""
    luck = np.random.default_rng(3).normal(100, 9, RUNS)
    variants = Variants(scenario("baseline", "baseline"), scenario("anders"), causes)
    every = {c.id for c in causes}
    off = {"": set(), **{c.id: {c.id} for c in causes}, "all": every}
    levels = {}
    for cause, names in off.items():
        today, level = variants.ids(cause)
        world = luck + 7 * len(names)
        levels[today] = {LIST: world}
        levels[level] = {LIST: world + gap(frozenset(every - names))}  # type: ignore[operator]
    return told(levels), variants


def parts(division: Division) -> dict[str, float]:
    return {p.cause.id if p.cause else p.piece: p.mean for p in (*division.parts, division.total)}


def divided(gap: object, causes: tuple[Cause, ...] = CAUSES) -> Division:
    found = divide(*made(causes, gap), LIST)
    assert found is not None
    return found


def test_what_answers_is_the_whole_without_the_measure_pair_by_pair() -> None:
    found = divided(lambda on: -20.0 + 3.0 * len(on) * np.linspace(-1, 2, RUNS))
    assert found.answer.mean == pytest.approx(found.total.mean - found.measure.mean)
    assert found.answer.low < 0 < found.answer.high and found.answer.direction == 0


def test_causes_that_add_up_leave_no_interaction() -> None:
    size = {"a": -8.0, "b": 3.0, "c": 0.5}
    found = divided(lambda on: -20.0 + sum(size[c] for c in on))
    assert parts(found) == pytest.approx(
        {"measure": -20.0, "a": -8.0, "b": 3.0, "c": 0.5, "interaction": 0.0, "total": -24.5}, abs=1e-9
    )


def test_causes_that_need_each_other_are_counted_in_full_and_the_rest_is_interaction() -> None:
    """Two causes that only work together: each alone takes the whole away, so one of them stands in the rest."""
    found = divided(lambda on: -20.0 - 6.0 * ({"a", "b"} <= on))
    assert parts(found) == pytest.approx(
        {"measure": -20.0, "a": -6.0, "b": -6.0, "c": 0.0, "interaction": 6.0, "total": -26.0}, abs=1e-9
    )


def test_parts_add_up_to_the_whole_in_every_pair() -> None:
    rng = np.random.default_rng(5)
    wild: dict[frozenset[str], np.ndarray] = {}
    found = divided(lambda on: wild.setdefault(on, rng.normal(-10, 8, RUNS)))
    assert sum(p.mean for p in found.parts) == pytest.approx(found.total.mean, abs=1e-9)
    assert {p.runs for p in found.parts} == {RUNS}
    assert found.measure.more + found.measure.fewer == RUNS


def test_the_order_of_the_causes_does_not_matter() -> None:
    sizes = np.random.default_rng(9).normal(0, 5, (8, RUNS))
    bits = {"a": 1, "b": 2, "c": 4}
    found = [
        parts(divided(lambda on: sizes[sum(bits[c] for c in on)], order)) for order in permutations(CAUSES)
    ]
    assert all(other == pytest.approx(found[0], abs=1e-9) for other in found)


def test_a_band_and_signs_belong_to_each_part() -> None:
    luck = np.linspace(-1, 5, RUNS)
    part = divided(lambda on: -9.0 + luck * ("a" in on)).causes[0]
    assert (part.low, part.high) == pytest.approx(tuple(np.quantile(luck, [0.1, 0.9])))
    assert (part.more, part.fewer) == (int((luck > 0).sum()), int((luck < 0).sum()))
    assert part.agree == part.more and part.direction == 0 and not part.nothing


def test_only_pairs_that_every_variant_has_count() -> None:
    results, variants = made(CAUSES, lambda on: -5.0 - len(on))
    results.values[variants.ids("b")[1], "fixed"][3:5] = np.nan
    found = divide(results, variants, LIST)
    assert found is not None and found.runs == RUNS - 2
    assert sum(p.mean for p in found.parts) == pytest.approx(found.total.mean, abs=1e-9)


def test_without_a_cause_all_is_the_measure_itself() -> None:
    found = divided(lambda on: -5.0, ())
    assert parts(found) == {"measure": -5.0, "interaction": 0.0, "total": -5.0}


def test_an_outcome_that_is_not_there_is_not_divided() -> None:
    results, variants = made(CAUSES, lambda on: -5.0)
    assert divide(results, variants, ANSWERS) is None


def test_one_school_year_can_be_divided() -> None:
    results, variants = made(CAUSES, lambda on: -5.0 - len(on))
    found = divide(results, variants, LIST, results.reported_years[-1])
    assert found is not None and found.total.mean == pytest.approx(-8.0)


# Which causes are asked about, and what is switched off.


def almere(*names: str) -> tuple[Scenario, ...]:
    return tuple(sim.load(name) for name in names)


def change(**to: object) -> tuple[Change, ...]:
    return (Change.model_validate({**to, "from": date(2027, 8, 1)}),)


def test_a_scenario_that_changes_nothing_has_no_cause() -> None:
    baseline = sim.load("baseline")
    assert causes_of(baseline, baseline.model_copy(update={"id": "zelfde"})) == ()
    assert [s.id for s in variants_of(baseline, baseline).others] == ["baseline"]


def test_causes_are_those_that_the_scenario_brings_in() -> None:
    baseline, larger, together = almere("baseline", "grotere-klassen", "sbo-in-gewone-scholen")
    larger_causes, together_causes = ({c.id for c in causes_of(baseline, s)} for s in (larger, together))
    assert {"crowding", "hands-crowding", "induced-demand"} <= larger_causes
    assert {"step-up", "support-referral", "included-alone-step-up"} <= together_causes
    assert "crowding" not in together_causes and "step-up" not in larger_causes


def test_what_the_baseline_does_as_well_is_no_cause() -> None:
    """Compared with another idea, only what differs between the two is asked about."""
    together, twin = almere("sbo-in-gewone-scholen", "sbo-in-gewone-scholen-zonder-voorwaarden")
    assert "step-up" not in {c.id for c in causes_of(together, twin)}


@pytest.mark.parametrize(
    "name", ["inclusief-2035", "regulier-versterken", "capaciteit-nu", "collectieve-jeugdhulp"]
)
def test_a_large_package_has_few_causes_and_names_what_it_takes_together(name: str) -> None:
    baseline, package = almere("baseline", name)
    every = causes_of(baseline, package, most=99)
    found = causes_of(baseline, package)
    assert len(found) <= 8 and len({c.id for c in found}) == len(found)
    assert all(len(c.of) >= 2 for c in found if c.id.startswith("other-"))
    for part in ("mechanisms", "effects"):
        assert {x for c in found for x in getattr(c, part)} == {x for c in every for x in getattr(c, part)}


def test_variants_come_in_pairs_with_ids_of_their_own() -> None:
    variants = variants_of(*almere("baseline", "grotere-klassen"))
    names = [variants.baseline.id, *(s.id for s in variants.others)]
    assert len(set(names)) == len(names) == 2 * (len(variants.causes) + 2)
    assert {*variants.ids(), *variants.ids("all"), *variants.ids("crowding")} <= set(names)


def test_a_cause_is_off_in_both_and_nothing_else_changes() -> None:
    variants = variants_of(*almere("baseline", "grotere-klassen"))
    named = {s.id: s for s in variants.others}
    for before, name in zip((variants.baseline, variants.scenario), variants.ids("crowding"), strict=True):
        off = named[name]
        on = off.region.mechanisms.model_copy(update={"crowding": True, "sickness": True})
        assert not off.region.mechanisms.crowding
        back = off.model_copy(update={"region": off.region.model_copy(update={"mechanisms": on})})
        assert back.digest() == before.digest()


def test_switching_off_commutes() -> None:
    baseline, package = almere("baseline", "inclusief-2035")
    causes = causes_of(baseline, package)
    forward = without(package, causes).digest()
    one_by_one = package
    for cause in reversed(causes):
        one_by_one = without(one_by_one, [cause])
    assert one_by_one.digest() == forward


def test_an_approach_that_reaches_nobody_is_not_run_again() -> None:
    """The baseline of the toy region does nothing with its approach: without the effect it is the same question."""
    baseline = toy("reach", years=2)
    moved = baseline.model_copy(update={"id": "moved", "levers": {"coach.coverage": change(set=1)}})
    variants = variants_of(baseline, moved)
    coach = next(c for c in variants.causes if c.kind == "effect")
    named = {s.id: s for s in variants.others}
    today, level = (named[name] for name in variants.ids(coach.id))
    assert today.digest() == baseline.digest() and level.digest() != moved.digest()
    row = coach.effects[0]
    silent = baseline.model_copy(
        update={"effects": baseline.effects | {row: baseline.effects[row].without()}}
    )
    table, other = (compute(sim.simulate(s, 1, 0)) for s in (baseline, silent))
    assert table.equals(other)


def test_in_a_small_region_the_whole_effect_is_that_of_the_approach() -> None:
    """Only one thing answers there: without its effect nothing is left of the change, and nothing is left over."""
    baseline = toy("reach", years=3)
    moved = baseline.model_copy(update={"id": "moved", "levers": {"coach.coverage": change(set=1)}})
    variants = variants_of(baseline, moved)
    results = run(variants.others, baseline=baseline, replications=2, assumptions="fixed", jobs=1)
    found = divide(results, variants, Series("K17.children_oct"))
    assert found is not None and found.total.direction
    effect = next(p for p in found.causes if p.cause and p.cause.kind == "effect")
    assert effect.mean == pytest.approx(found.total.mean) and found.measure.nothing
