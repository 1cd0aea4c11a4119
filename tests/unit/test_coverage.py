"""Every item of the documents is answered by something that exists, and the page of coverage says so."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from coverage_page import SECTIONS, coverage_page

from sim.data.inventory import COLUMNS, INVENTORY, Item, dangling, engine_paths, families, read_inventory
from sim.indicators import INDICATORS
from sim.scenario.errors import ScenarioError
from sim.scenario.region import Region
from sim.scenario.resolve import catalogue, load

ROOT = Path(__file__).resolve().parents[2]
ALMERE = ROOT / "scenarios" / "almere"
# How many items each part of the documents has; the ideas have two alternatives, 11a and 11b.
PARTS = {
    "N": 13, "A": 19, "F": 20, "R": 22, "T": 12, "M": 22, "P": 13, "Q": 9, "H": 9, "I": 12, "S": 23, "C": 23, "B": 14,
    "L": 12,
}  # fmt: skip
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


@cache
def items() -> tuple[Item, ...]:
    return read_inventory(ALMERE / INVENTORY)


@cache
def region() -> Region:
    return load("almere/baseline").region


def test_every_item_of_the_documents_is_in_the_inventory():
    named = {f"{part}{n:02d}" for part, count in PARTS.items() for n in range(1, count + 1)} | {
        "I11a",
        "I11b",
    }
    assert {i.id for i in items()} == named
    assert PARTS.keys() == SECTIONS.keys()


def test_what_an_item_points_to_exists():
    questions = csv.DictReader((ALMERE / "questions.csv").read_text(encoding="utf-8").splitlines())
    known = {
        "engine": engine_paths(region()),
        "scenario": {s.id for s in catalogue(region="almere")},
        "indicator": families(INDICATORS),
        "context": set(ANCHOR.findall((ROOT / "docs" / "context.md").read_text(encoding="utf-8"))),
        "question": {row["id"] for row in questions},
    }
    assert [str(p) for p in dangling(items(), known)] == []


def test_the_page_of_what_has_no_lever_has_no_anchor_too_many():
    asked = {p.target for i in items() for p in i.answers if p.kind == "context"}
    assert set(ANCHOR.findall((ROOT / "docs" / "context.md").read_text(encoding="utf-8"))) == asked


def test_every_scenario_answers_an_item_or_is_built_on_one_that_does():
    answers = {p.target for i in items() for p in i.answers if p.kind == "scenario"}
    alone = [
        s.id
        for s in catalogue(region="almere")
        if s.kind == "idea" and s.id not in answers and not set(s.builds_on) & answers
    ]
    assert alone == ["so-en-sbo-onder-een-dak"]  # boards ask for it; no document names it


def test_the_page_is_as_fresh_as_the_inventory():
    made = {
        p.relative_to(ROOT / "docs" / "reference").as_posix()
        for p in (ROOT / "docs" / "reference").rglob("*.md")
    }
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert page == coverage_page(region(), made), "run 'make docs'"


ROW = "I01,over iets,about something,scenario;indicator,een-idee;K02.mean"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("I1,over iets,about something,scenario,een-idee", "this is no id of an item"),
        (f"{ROW}\n{ROW}", "this id stands twice"),
        ("I01,,about something,scenario,een-idee", "this has 0 words"),
        ("I01,over iets,about something,scenery,een-idee", "did you mean 'scenario'"),
        ("I01,over iets,about something,scenario;indicator,een-idee", "each kind in 'as' needs"),
        ("I01,over iets,about, something,scenario,een-idee", "not one cell for each column"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, row: str, says: str):
    file = tmp_path / INVENTORY
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_inventory(file)
    assert says.lower() in str(caught.value).lower()
    assert f"{INVENTORY}:{row.count(chr(10)) + 2}" in str(caught.value)


def test_other_columns_are_refused(tmp_path: Path):
    file = tmp_path / INVENTORY
    file.write_text("id,about\nI01,iets\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="not the columns of an inventory"):
        read_inventory(file)


def test_an_answer_that_does_not_exist_is_named(tmp_path: Path):
    file = tmp_path / INVENTORY
    file.write_text(f"{','.join(COLUMNS)}\n{ROW}\n", encoding="utf-8")
    known = {"scenario": {"een-ander-idee"}, "indicator": families(["K02.mean"])}
    (problem,) = dangling(read_inventory(file), known)
    assert problem.found == "een-idee" and "scenario" in problem.reason
