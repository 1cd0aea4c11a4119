"""The rows that tell what a scenario changes and where its numbers come from, and the JSON Schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from little_region import BASELINE, IDEA, write

from sim.scenario.describe import condition_rows, grade_counts, lever_rows, number_rows
from sim.scenario.files import parse
from sim.scenario.jsonschema import schema_of
from sim.scenario.levers import levers_of
from sim.scenario.resolve import find_root, load, region_of, regions
from sim.scenario.together import joint_levers


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path / "scenarios"


def plain(value: Any) -> Any:
    """What a JSON tool sees of a YAML file."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_levers_against_the_baseline(root: Path) -> None:
    rows = {r.path: r for r in lever_rows(load("bigger", root))}
    assert (rows["light.class_size"].today, rows["light.class_size"].new) == (14, 15)
    assert rows["light.class_size"].title.en == "Light: children per group"
    assert rows["light.class_size"].calibrated
    birch = rows["light.groups"]
    assert (birch.today, birch.new, birch.change) == (
        5,
        6,
        "+ 1",
    )  # 3 calm and 2 busy groups at this one school
    assert birch.where is not None and birch.where.nl == "De Berk"
    assert rows["watch.groups"].ramp_months == 12
    assert rows["watch.groups"].new == 2
    assert all(r.origin for r in rows.values())
    assert lever_rows(load("baseline", root)) == []


def test_a_change_beyond_what_was_seen_is_marked(tmp_path: Path) -> None:
    write(tmp_path, bigger=IDEA.replace("{add: 1, from: 2025-08-01}\n", "{add: 4, from: 2025-08-01}\n"))
    row = next(r for r in lever_rows(load("bigger", tmp_path / "scenarios")) if r.path == "light.class_size")
    assert not row.calibrated


def test_conditions(root: Path) -> None:
    (row,) = condition_rows(load("bigger", root))
    assert (row.of, row.at_least, row.if_unmet.en) == ("hired", 0.8, "Too few people.")


def test_numbers_have_the_paths_of_the_scenario(root: Path) -> None:
    s = load("baseline", root)
    rows = number_rows(s)
    assert [r.path for r in rows] == list(s.quantities())
    assert [r.value for r in rows] == [q.value for q in s.quantities().values()]
    every = number_rows(s, by_definition=True)
    assert {r.path for r in rows} < {r.path for r in every}
    assert len({r.path for r in every}) == len(every)
    assert grade_counts(rows) == {"A": 2, "B": 0, "C": 0, "D": 0, "E": 2}


def test_a_number_says_what_it_is_of(root: Path) -> None:
    rows = {r.path: r for r in number_rows(load("baseline", root), by_definition=True)}
    roll = rows["region.places.birch.roll.calm"]
    assert roll.title.nl == "De Berk · Rustig · leerlingen bij de start"
    assert (roll.range, roll.unit, roll.grade, roll.date) == ((38, 42), "children", "A", "2023-10-01")
    assert roll.meaning.en == "counted in the region itself, or a legal rule"
    assert rows["region.place_types.light.transition.ages.12"].title.en.startswith("Light · age 12")
    assert rows["region.place_types.light.transition.to.gone"].title.en.startswith("Light · leaves education")
    assert (
        rows["effects.more-children-more-steps.size"].title.en
        == "More children in a group · ratio (1 = no effect)"
    )
    assert rows["region.regular.primary.count.south"].meaning.nl == "afspraak, geen meting"


def test_an_effect_on_time_is_told_in_months() -> None:
    scenario = load("baseline")
    early = [key for key, effect in scenario.effects.items() if effect.measure == "months"]
    rows = {r.path: r for r in number_rows(scenario)}
    assert early
    for key in early:
        row = rows[f"effects.{key}.size"]
        assert row.unit == "months"
        assert row.title.nl.endswith("maanden eerder (0 = geen effect)")


def test_an_override_is_seen_in_the_numbers(tmp_path: Path) -> None:
    mine = BASELINE.replace("kind: baseline", "kind: own").replace("id: baseline", "id: mine")
    mine += "overrides: [{effect: more-children-more-steps, value: 1, reason: what if it does nothing}]\n"
    write(tmp_path, mine=mine)
    row = next(r for r in number_rows(load("mine", tmp_path / "scenarios")) if r.path.startswith("effects."))
    assert (row.value, row.overridden) == (1, "what if it does nothing")


@pytest.mark.parametrize("kind", ["scenario", "region", "evidence"])
def test_the_json_schema_is_one(kind: Any, root: Path) -> None:
    schema = schema_of(kind, region_of("littletown", root))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith(f"urn:doorstroom:schema:1:{kind}")
    assert schema["$schema"].endswith("2020-12/schema")


def test_the_json_schema_of_a_scenario_has_every_lever(root: Path) -> None:
    region = region_of("littletown", root)
    levers = schema_of("scenario", region)["properties"]["levers"]["properties"]
    assert list(levers) == [*levers_of(region), *joint_levers(region)]
    assert levers["light.class_size"]["title"] == "Licht: kinderen per groep"
    assert "children per group" in levers["light.class_size"]["description"]
    choice = levers["watch.gate"]["anyOf"][0]["properties"]["set"]
    assert choice["enum"] == ["none", "optional", "mandatory"]


def test_the_json_schema_agrees_with_the_reader(root: Path) -> None:
    region = region_of("littletown", root)
    check = Draft202012Validator(schema_of("scenario", region))

    def fine(text: str) -> bool:
        return check.is_valid(plain(parse(text.encode(), "x.yaml").data))

    assert fine(IDEA)
    for old, new in (
        ("light.class_size", "light.class_siez"),
        ("sentence:", "sentense:"),
        ("[birch]", "[pine]"),
        ("{add: 1, from: 2025-08-01}\n", "{add: 1, set: 3, from: 2025-08-01}\n"),
        ("set: 2,", "set: 2000,"),
        ("kind: idea", "kind: ideal"),
        ("region: littletown", "region: bigtown"),
    ):
        assert old in IDEA
        assert not fine(IDEA.replace(old, new, 1)), new


def test_the_json_schema_accepts_every_shipped_file() -> None:
    for folder in regions(find_root(), deep=True):
        region = region_of(folder.relative_to(find_root()).as_posix())
        for path in folder.rglob("*.yaml"):
            if "facts" in path.parts:
                continue
            data = plain(parse(path.read_bytes(), path.name).data)
            kind = data["kind"] if data["kind"] in ("region", "evidence") else "scenario"
            errors = [e.message for e in Draft202012Validator(schema_of(kind, region)).iter_errors(data)]
            assert errors == [], path
