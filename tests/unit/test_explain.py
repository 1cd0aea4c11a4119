"""Why two results differ: the parts add up, and one cause alone gives one part alone. The made-up model is a formula."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import little_region
import numpy as np
import pandas as pd
import pytest

from sim.cli.explanation import add_up, number, sentence, shown
from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario
from sim.study import manifest
from sim.study.differences import ASSUMPTIONS, DATA, differences, mixed
from sim.study.explain import (
    CAUSES,
    CHANCE,
    VERSION,
    Said,
    choose,
    common_years,
    explain,
    one_by_one,
    read_said,
)
from sim.study.runs import StudyError

YEARS = ("2024-2025", "2025-2026")
ITEM = ("K02.oct", "all")
ROLL, RATE, SIZE = (
    "region.places.birch.roll.calm",
    "region.sources.young.rate",
    "region.places.oak.groups.calm",
)


def level(scenario: Scenario, seed: int, replication: int, year: int) -> float:
    """The made-up model: a product of a count and a rate, so that the two do not simply add."""
    numbers = {r: q.value for r, q in scenario.quantities().items()}
    hands = sum(c.add or 0.0 for c in scenario.levers.get("light.class_size", ()))
    noise = np.random.default_rng([seed, replication]).normal()
    places = len(scenario.region.places)
    return numbers[ROLL] * numbers[RATE] * 100 + 7 * hands + places + year + 3 * noise


@dataclass
class Model:
    """Runs the made-up model as `Again` runs the real one, and remembers what was asked."""

    version: tuple[str, str] = ("today", "today")
    asked: list[str] = field(default_factory=list)

    def __call__(self, step: str, scenario: Scenario, seed: int, replications: int) -> Said:
        self.asked.append(step)
        rows = [
            (r, year, *ITEM, level(scenario, seed, r, i), "children")
            for r in range(replications)
            for i, year in enumerate(YEARS)
        ]
        columns = ["replication", "school_year", "indicator", "place_type", "value", "unit"]
        values = pd.DataFrame(rows, columns=columns)
        return Said(step, scenario, seed, replications, self.version, values)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(little_region.write(tmp_path_factory.mktemp("town")) / "baseline.yaml", years=2)


def said(scenario: Scenario, seed: int = 1, replications: int = 6) -> Said:
    return Model()("result", scenario, seed, replications)


def parts(old: Said, new: Said) -> dict[str, float]:
    found = explain(old, new, Model(), [ITEM], YEARS)
    row = found.rows[0]
    assert sum(row.parts.values()) == pytest.approx(row.now - row.was, abs=1e-9)
    return row.parts


def test_equal_results_differ_in_nothing_and_nothing_is_run(base: Scenario) -> None:
    model = Model()
    found = explain(said(base), said(base), model, [ITEM], YEARS)
    assert found.rows[0].parts == dict.fromkeys(CAUSES, 0.0)
    assert not found.differences
    assert model.asked == []
    assert "nothing changed" in sentence(found.rows[0], YEARS, found.margins, "en")


@pytest.mark.parametrize(("path", "value", "cause"), [(ROLL, 42.0, DATA), (RATE, 0.02, ASSUMPTIONS)])
def test_one_changed_number_is_one_cause(base: Scenario, path: str, value: float, cause: str) -> None:
    old, new = said(base), said(base.with_values({path: value}))
    found = parts(old, new)
    was = base.quantities()[path].value
    assert found[cause] == pytest.approx(40 * 0.01 * 100 * (value / was - 1))
    assert all(found[c] == pytest.approx(0, abs=1e-9) for c in CAUSES if c != cause)
    (difference,) = differences(old.scenario, new.scenario)
    assert (difference.cause, difference.path, difference.now) == (cause, path, f"{value:g}")


def test_data_and_assumptions_share_what_they_do_together(base: Scenario) -> None:
    found = parts(said(base), said(base.with_values({ROLL: 42.0, RATE: 0.02})))
    # 100 (42 x 0.02 - 40 x 0.01): each part is the mean over the two orders.
    assert found[DATA] == pytest.approx(100 * 2 * (0.01 + 0.02) / 2)
    assert found[ASSUMPTIONS] == pytest.approx(100 * 0.01 * (40 + 42) / 2)


def test_a_number_that_was_guessed_and_is_now_counted_is_data(base: Scenario) -> None:
    source = base.region.sources["young"]
    counted = source.rate.model_copy(update={"value": 0.02, "grade": "A"})  # type: ignore[union-attr]
    sources = base.region.sources | {"young": source.model_copy(update={"rate": counted})}
    new = base.model_copy(update={"region": base.region.model_copy(update={"sources": sources})})
    found = parts(said(base), said(new))
    assert found[DATA] == pytest.approx(40)
    assert found[ASSUMPTIONS] == pytest.approx(0, abs=1e-9)


def test_a_lever_is_an_assumption(base: Scenario, tmp_path: Path) -> None:
    idea = load(little_region.write(tmp_path) / "ideas" / "bigger.yaml", years=2)
    assert parts(said(base), said(idea))[ASSUMPTIONS] == pytest.approx(7)
    paths = {d.path: d.cause for d in differences(base, idea)}
    assert paths["levers.light.class_size"] == ASSUMPTIONS


def test_a_place_that_came_is_data(base: Scenario) -> None:
    places = base.region.places | {"elm": base.region.places["oak"]}
    new = base.model_copy(update={"region": base.region.model_copy(update={"places": places})})
    assert parts(said(base), said(new)) == pytest.approx({DATA: 1, ASSUMPTIONS: 0, VERSION: 0, CHANCE: 0})
    (difference,) = differences(base, new)
    assert (difference.path, difference.was, difference.now) == ("region.places.elm", "–", "✓")
    alone = one_by_one(explain(said(base), said(new), Model(), [ITEM], YEARS), said(base), said(new), Model())
    assert alone.differences[0].effect is None, "a place does not come alone"
    with_rate = said(new.with_values({RATE: 0.02}))
    both = explain(said(base), with_rate, Model(), [ITEM], YEARS)
    assert sum(both.rows[0].parts.values()) == pytest.approx(41)


def test_another_seed_is_chance(base: Scenario) -> None:
    old, new = said(base, seed=1), said(base, seed=2, replications=9)
    noise = [np.mean([np.random.default_rng([s, r]).normal() for r in range(n)]) for s, n in ((1, 6), (2, 9))]
    assert parts(old, new) == pytest.approx(
        {DATA: 0, ASSUMPTIONS: 0, VERSION: 0, CHANCE: 3 * (noise[1] - noise[0])}
    )


def test_another_version_is_the_same_inputs_run_again(base: Scenario) -> None:
    old = said(base)
    shifted = old.values.assign(value=old.values["value"] + 11)
    older = replace(old, version=("old", "today"), values=shifted)
    assert parts(older, old) == pytest.approx({DATA: 0, ASSUMPTIONS: 0, VERSION: -11, CHANCE: 0})
    both = explain(older, replace(older), Model(), [ITEM], YEARS)
    assert both.hidden_version
    assert both.rows[0].parts[VERSION] == pytest.approx(0)


def test_all_causes_at_once_add_up_and_are_told_in_one_sentence(base: Scenario) -> None:
    old = said(base)
    older = replace(old, version=("old", "old"), values=old.values.assign(value=old.values["value"] * 1.1))
    new = said(base.with_values({ROLL: 42.0, RATE: 0.02, SIZE: 3.0}), seed=5, replications=8)
    model = Model()
    found = explain(older, new, model, [ITEM], YEARS)
    row = found.rows[0]
    assert sum(row.parts.values()) == pytest.approx(row.now - row.was, abs=1e-9)
    assert all(abs(p) > 0.01 for p in row.parts.values())
    assert set(model.asked) == {"earlier", "data", "assumptions", "later"}
    text = sentence(row, YEARS, found.margins, "nl")
    assert text.startswith(
        "Kinderen die wachten op 1 oktober (gemiddeld over 2024-2025 tot en met 2025-2026): het was"
    )
    for cause in ("gegevens", "aannames", "versie", "toeval"):
        assert cause in text
    alone = one_by_one(found, older, new, model)
    effects = [abs(d.effect) for d in alone.differences if d.effect is not None]
    assert effects == sorted(effects, reverse=True)
    assert alone.differences[0].path == RATE


def test_mixed_inputs_take_each_number_from_its_own_side(base: Scenario) -> None:
    new = base.with_values({ROLL: 42.0, RATE: 0.02, "effects.more-children-more-steps.size": 1.2})
    later_data, later_assumptions = mixed(base, new, data=True), mixed(base, new, data=False)
    for scenario, roll, rate in ((later_data, 42.0, 0.01), (later_assumptions, 40.0, 0.02)):
        numbers = scenario.quantities()
        assert (numbers[ROLL].value, numbers[RATE].value) == (roll, rate)
    assert later_assumptions.effects == new.effects
    assert later_data.effects == base.effects


def test_what_cannot_be_compared_is_said(base: Scenario) -> None:
    old = said(base)
    with pytest.raises(StudyError, match="'2050-2051' is not in both results"):
        common_years(old, old, "2050-2051")
    with pytest.raises(StudyError, match=r"'K99' is not in both results; both have: K02\.oct"):
        choose(old, old, ["K99"])
    with pytest.raises(StudyError, match="type 'heavy' is not in both"):
        choose(old, old, ["K02.oct"], "heavy")
    town = base.model_copy(update={"region": base.region.model_copy(update={"id": "elsewhere"})})
    with pytest.raises(StudyError, match="two results of one region"):
        explain(old, said(town), Model(), [ITEM], YEARS)
    late = base.region.model_copy(update={"start": base.region.start.replace(year=2040)})
    with pytest.raises(StudyError, match="no school year in common"):
        common_years(old, replace(old, scenario=base.model_copy(update={"region": late})))
    assert common_years(old, old) == YEARS
    assert choose(old, old) == [ITEM]


def test_a_folder_that_is_not_whole_or_was_changed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(manifest.FolderError, match=r"holds no manifest\.json"):
        read_said(tmp_path)
    about = {"format": 1, "sha256": {"scenarios.json": "0"}}
    (tmp_path / "manifest.json").write_text(json.dumps(about))
    (tmp_path / "indicators.parquet").write_bytes(b"")
    (tmp_path / "scenarios.json").write_text("{}")
    with pytest.raises(manifest.FolderError, match="is not whole: it lacks seed, replications, engine"):
        read_said(tmp_path)
    about |= {"seed": 1, "replications": 2, "engine": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(about))
    with pytest.raises(manifest.FolderError, match="was changed after the run"):
        read_said(tmp_path)


def test_shown_parts_add_up_to_the_shown_difference() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        numbers = rng.normal(0, 3, 4) * (rng.random(4) > 0.3)
        total = round(float(numbers.sum()), 1)
        found = add_up(numbers.tolist(), total)
        assert sum(found) == pytest.approx(total)
        assert np.abs(np.array(found) - numbers).max() < 0.1 + 1e-9
    assert add_up([0.0, 0.26, 0.26], 0.5) == pytest.approx([0.0, 0.3, 0.2])
    assert number(-0.04, "en") == "0.0"
    assert number(1234.5, "nl", sign=True) == "+1.234,5"
    assert shown("share", 0.5, 0.6, {DATA: 0.1}, "en").difference == "+10.0"
