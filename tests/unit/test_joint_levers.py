"""One line for several levers: written out for each type or source, checked for each, and still one by one to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import load, region_of
from sim.scenario.together import joint_levers, members

REGION = region_of("almere")
HEAD = """\
schema: 1
kind: {kind}
id: own-{kind}
region: almere
title: {{nl: Proef, en: Trial}}
sentence: {{nl: Een proef., en: A trial.}}
"""


def written(tmp_path: Path, text: str, kind: str = "own"):
    path = tmp_path / f"own-{kind}.yaml"
    path.write_text(HEAD.format(kind=kind) + text, encoding="utf-8")
    return load(path)


def test_all_means_every_type_and_a_tag_its_types():
    special = [k for k, t in REGION.place_types.items() if "special" in t.tags]
    assert members("special.one_list", REGION) == tuple(f"{k}.one_list" for k in special)
    assert members("all.one_list", REGION) == tuple(f"{k}.one_list" for k in REGION.place_types)
    assert members("all.signals", REGION) == tuple(f"{k}.signals" for k in REGION.sources)
    assert members("so.one_list", REGION) == members("special.signals", REGION) == ()
    assert members("sbo+so.mandate", REGION) == ("sbo.mandate", "so.mandate")
    assert members("sbo+special.mandate", REGION) == members("special.mandate", REGION)
    assert members("sbo+elsewhere.mandate", REGION) == ()
    assert all(joint_levers(REGION).values())


def test_a_joint_lever_is_the_same_as_each_of_its_levers(tmp_path):
    change = "[{set: 1, from: 2027-08-01}]"
    joint = written(tmp_path, f"levers:\n  special.one_list: {change}\n")
    lines = "".join(f"  {m}: {change}\n" for m in members("special.one_list", REGION))
    apart = written(tmp_path, f"levers:\n{lines}")
    assert joint.levers == apart.levers and joint.digest() == apart.digest()


def test_a_file_that_builds_on_it_may_change_one_type(tmp_path):
    both = (
        "levers:\n  all.mandate: [{set: 0.4, from: 2027-08-01}]\n"
        "  so.mandate: [{set: 0.1, from: 2027-08-01}]\n"
    )
    with pytest.raises(ScenarioError, match="two 'set' at one time"):
        written(tmp_path, both)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("levers:\n  special.one_lst: [{set: 1, from: 2027-08-01}]\n", "unknown lever"),
        ("levers:\n  sbo+os.mandate: [{set: 1, from: 2027-08-01}]\n", "unknown lever"),
        ("levers:\n  special.mandate: [{set: 3, from: 2027-08-01}]\n", "out of bounds"),
        ("levers:\n  all.signals: [{set: 1.1, from: 2027-08-01}]\n", "nobody decides this"),
    ],
)
def test_a_mistake_is_told_once(tmp_path, text, said):
    with pytest.raises(ScenarioError) as raised:
        written(tmp_path, text)
    assert [p.reason for p in raised.value.problems if said in p.reason] == [raised.value.problems[0].reason]
    assert len(raised.value.problems) == 1
