"""Finding and resolving scenarios: ids, paths, extends, combine, overrides, and the hash of the meaning."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from little_region import BASELINE, IDEA, line_of, write

from sim.scenario.errors import ScenarioError
from sim.scenario.levers import Where
from sim.scenario.resolve import catalogue, check, find_root, load, region_of, regions

OWN = BASELINE.replace("kind: baseline", "kind: own")


def own(name: str, rest: str) -> str:
    return OWN.replace("id: baseline", f"id: {name}") + rest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path / "scenarios"


def test_an_id_and_a_path_give_the_same_scenario(root: Path) -> None:
    by_id = load("bigger", root)
    assert by_id == load("littletown/bigger", root)
    by_path = load(root / "littletown" / "ideas" / "bigger.yaml")
    assert by_path.digest() == by_id.digest()
    assert by_path.id == "bigger"


def test_one_change_and_a_list_of_changes_are_both_tuples(root: Path) -> None:
    levers = load("bigger", root).levers
    assert set(levers) == {"light.class_size", "light.groups", "watch.groups"}
    assert all(isinstance(c, tuple) and len(c) == 1 for c in levers.values())
    assert levers["light.groups"][0].where == Where(place=("birch",))
    assert levers["watch.groups"][0].from_ == date(2026, 8, 1)


def test_a_lever_remembers_where_it_was_set(root: Path) -> None:
    origin = load("bigger", root).origin["watch.groups"]
    assert origin == f"{root / 'littletown' / 'ideas' / 'bigger.yaml'}:{line_of(IDEA, 'watch.groups')}"


def test_all_evidence_of_the_region_belongs_to_each_scenario(root: Path) -> None:
    s = load("baseline", root)
    assert list(s.effects) == ["more-children-more-steps"]
    assert s.floor.value == 0.3


def test_years_come_from_the_region_unless_asked(root: Path) -> None:
    assert load("baseline", root).years == 5
    assert load("baseline", root, years=12).years == 12
    with pytest.raises(ScenarioError, match="1 to 60"):
        load("baseline", root, years=0)


def test_a_file_anywhere_on_disk_names_its_region(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.yaml"
    path.write_text(own("mine", "extends: bigger\nlevers:\n  watch.groups: []\n"), encoding="utf-8")
    s = load(path, root)
    assert s.id == "mine"
    assert set(s.levers) == {"light.class_size", "light.groups"}
    path.write_text(own("mine", "").replace("littletown", "littletwon"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"elsewhere.yaml:4: region: .*Did you mean 'littletown'"):
        load(path, root)


def test_a_child_replaces_a_path_wholly_and_takes_over_the_rest(tmp_path: Path) -> None:
    child = own("child", "extends: bigger\nlevers:\n  light.class_size: {scale: 1.1, from: 2026-08-01}\n")
    write(tmp_path, child=child)
    s, parent = load("child", tmp_path / "scenarios"), load("bigger", tmp_path / "scenarios")
    (change,) = s.levers["light.class_size"]
    assert change.scale == 1.1 and change.add is None
    assert s.levers["light.groups"] == parent.levers["light.groups"]
    assert s.risks == parent.risks
    assert s.requires == parent.requires
    assert s.title != parent.title


def test_a_twin_does_not_take_over_the_conditions(tmp_path: Path) -> None:
    twin = own("twin", "extends: bigger\n").replace("kind: own", "kind: twin")
    write(tmp_path, twin=twin)
    s = load("twin", tmp_path / "scenarios")
    assert s.requires == ()
    assert s.levers == load("bigger", tmp_path / "scenarios").levers


def test_combining_merges_by_path(tmp_path: Path) -> None:
    one = own("one", "levers:\n  light.groups: {add: 1, from: 2025-08-01}\n")
    two = own(
        "two",
        "levers:\n  light.groups: {add: 2, from: 2026-08-01}\n  heavy.groups: {add: 1, from: 2026-08-01}\n",
    )
    write(tmp_path, one=one, two=two, both=own("both", "combine: [one, two]\n"))
    s = load("both", tmp_path / "scenarios")
    assert [c.add for c in s.levers["light.groups"]] == [1, 2]
    assert [c.add for c in s.levers["heavy.groups"]] == [1]
    assert "one.yaml" in s.origin["light.groups"] and "two.yaml" in s.origin["light.groups"]


def test_what_two_parents_took_from_one_place_counts_once(tmp_path: Path) -> None:
    base = own("base", "levers:\n  light.groups: {set: 3, from: 2025-08-01}\n")
    write(
        tmp_path,
        base=base,
        one=own("one", "extends: base\n"),
        two=own("two", "extends: base\n"),
        both=own("both", "combine: [one, two]\n"),
    )
    assert len(load("both", tmp_path / "scenarios").levers["light.groups"]) == 1


def test_two_sets_meet_only_by_combining(tmp_path: Path) -> None:
    one = own("one", "levers:\n  light.groups: {set: 3, from: 2025-08-01}\n")
    two = own("two", "levers:\n  light.groups: {set: 4, from: 2026-08-01}\n")
    write(tmp_path, one=one, two=two, both=own("both", "combine: [one, two]\n"))
    assert load("one", tmp_path / "scenarios").id == "one"
    with pytest.raises(ScenarioError, match="two 'set' at one time"):
        load("both", tmp_path / "scenarios")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("from: 2025-08-01, until: 2026-08-01", "from: 2026-08-01"),
        ("from: 2025-08-01, where: {place: [birch]}", "from: 2025-08-01, where: {place: [oak]}"),
        (
            "from: 2025-08-01, where: {profile: [calm]}",
            "from: 2025-08-01, where: {profile: [busy], place: [birch]}",
        ),
    ],
    ids=["after each other", "at two places", "for two profiles"],
)
def test_two_sets_apart_are_fine(first: str, second: str, tmp_path: Path) -> None:
    levers = f"levers:\n  light.groups:\n    - {{set: 3, {first}}}\n    - {{set: 4, {second}}}\n"
    write(tmp_path, mine=own("mine", levers))
    assert len(load("mine", tmp_path / "scenarios").levers["light.groups"]) == 2


def test_an_override_replaces_the_value_and_stays_visible(tmp_path: Path) -> None:
    text = (
        "overrides:\n  - {effect: more-children-more-steps, value: 2, reason: what if it is much stronger}\n"
    )
    write(tmp_path, mine=own("mine", text), child=own("child", "extends: mine\n"))
    for name in ("mine", "child"):
        s = load(name, tmp_path / "scenarios")
        size = s.effects["more-children-more-steps"].size
        assert size.value == 2
        assert size.range == (0.9, 2)
        assert [o.reason for o in s.overrides] == ["what if it is much stronger"]
        assert s.digest() != load("baseline", tmp_path / "scenarios").digest()


def test_the_hash_is_of_the_meaning(tmp_path: Path) -> None:
    same = (
        IDEA.replace("id: bigger", "id: same")
        .replace("Grotere klassen", "Iets anders")
        .replace("order: 2", "order: 9")
    )
    write(
        tmp_path,
        same=same + "# a comment\n",
        on=own("on", "levers:\n  light.intake: {set: false, from: 2025-08-01}\n"),
        zero=own("zero", "levers:\n  light.intake: {set: 0, from: 2025-08-01}\n"),
    )
    root = tmp_path / "scenarios"
    assert load("same", root).digest() == load("bigger", root).digest()
    assert load("on", root).digest() == load("zero", root).digest()
    assert load("bigger", root).digest() != load("baseline", root).digest()


def test_a_deep_region_is_named_by_its_folder(tmp_path: Path) -> None:
    folder = write(tmp_path)
    deep = tmp_path / "scenarios" / "toy" / "littletown"
    deep.parent.mkdir()
    shutil.move(folder, deep)
    root = tmp_path / "scenarios"
    assert [s.id for s in catalogue(root, "toy/littletown")] == [
        "toy/littletown/baseline",
        "toy/littletown/bigger",
    ]
    assert load("toy/littletown/bigger", root).digest()
    assert catalogue(root) == []
    assert regions(root, deep=True) == [deep]
    assert region_of("littletown", root).id == "littletown"


def test_the_catalogue_has_the_baseline_first_then_the_documents_order(tmp_path: Path) -> None:
    write(tmp_path, early=own("early", "order: 1\n"), late=own("late", "order: 3\n"))
    assert [s.id for s in catalogue(tmp_path / "scenarios")] == ["baseline", "early", "bigger", "late"]


def test_one_id_in_two_regions_needs_the_region(tmp_path: Path) -> None:
    folder = write(tmp_path)
    other = folder.with_name("othertown")
    shutil.copytree(folder, other)
    for path in other.rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("littletown", "othertown"), encoding="utf-8")
    root = tmp_path / "scenarios"
    with pytest.raises(ScenarioError, match="othertown/bigger"):
        load("bigger", root)
    assert load("othertown/bigger", root).region.id == "othertown"


def test_every_shipped_file_is_in_order() -> None:
    root = find_root()
    files = [p for p in root.rglob("*.yaml") if "facts" not in p.parts]
    assert files
    assert [str(p) for path in files for p in check(path)] == []
