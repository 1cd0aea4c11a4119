"""A plan of places in parts: searching whole groups, where they go, what they cost, and lists of places that are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from sim.model import simulate
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.places_assumptions import MOST, assumptions
from sim.study.places_cost import costs, placeholders, priced
from sim.study.places_files import read_places
from sim.study.places_groups import added, groups_on, share_out, size_on, with_groups
from sim.study.places_plan import Asked, places_plan, smallest
from sim.study.places_waiting import REASONS, WAITING, compute
from sim.study.trials import Trials

DAY = date(2026, 8, 1)
HEADER = "vestigingscode;school;arrangement;schooljaar;huidig aantal;beschikbaar;plaatsen 25-26;beschikbaar 26-27;groepen"


@pytest.fixture(scope="module")
def almere() -> Scenario:
    return load("almere/baseline")


@pytest.mark.parametrize("wanted", [*range(14), 40])
def test_the_smallest_number_is_found_for_every_threshold(wanted: int) -> None:
    asked: list[int] = []

    def holds(n: int) -> bool:
        asked.append(n)
        return n >= wanted

    assert smallest(holds, 12) == (wanted if wanted <= 12 else None)
    assert len(asked) <= 8 and max(asked) <= 12


def test_parts_are_whole_near_their_weights_and_add_up() -> None:
    assert share_out(10, [1, 1, 2]) == [3, 2, 5]
    assert share_out(3, [0, 0]) == [3, 0]
    assert share_out(0, [1, 2]) == [0, 0]
    for number in range(20):
        weights = [3.0, 1.0, 0.5]
        parts = share_out(number, weights)
        assert sum(parts) == number
        assert all(abs(p - number * w / 4.5) < 1 for p, w in zip(parts, weights, strict=True))


def test_groups_go_to_the_needs_that_wait_and_to_schools_as_they_are() -> None:
    today = {("a", "x"): 6.0, ("b", "x"): 2.0, ("b", "y"): 4.0}
    assert added(today, {"x": 4.0, "y": 1.0}, 5) == {("a", "x"): 3, ("b", "x"): 1, ("b", "y"): 1}
    assert added(today, {"y": 1.0}, 2) == {("b", "y"): 2}
    assert added(today, {"z": 9.0, "y": 1.0}, 2) == {("b", "y"): 2}


def test_added_groups_stand_where_they_are_put_with_a_room_each(almere: Scenario) -> None:
    more = {("olivijn", "zml"): 2, ("olivijn", "mg"): 1}
    changed = with_groups(almere, "so", more, DAY)
    before, after = groups_on(almere, "so", DAY), groups_on(changed, "so", DAY)
    assert {k: after[k] - before[k] for k in after if after[k] != before[k]} == more
    assert groups_on(changed, "so", date(2026, 7, 31)) == before
    (rooms,) = changed.levers["so.rooms"]
    assert rooms.set == 18 + 3 and rooms.where.place == ("olivijn",)
    assert with_groups(almere, "so", {}, DAY).digest() == almere.digest()


def test_assumptions_concern_the_type_and_include_no_single_point(almere: Scenario) -> None:
    found = assumptions(almere, "so")
    assert 0 < len(found) <= MOST
    widths = [a.width for a in found]
    assert widths == sorted(widths, reverse=True)
    for a in found:
        assert a.low.keys() == a.high.keys()
        assert all(a.low[p] < a.high[p] for p in a.low)
    assert not any("places.klimop" in p for a in found for p in a.low)


def test_costs_follow_the_calendar_year() -> None:
    """240,000 a school year from August 2026 to July 2028: five, twelve and seven twelfths; nothing before it."""
    gap = np.array([[0.0, 240_000.0, 240_000.0], [0.0, 120_000.0, 120_000.0]])
    found = costs({"city": gap}, ("2025-2026", "2026-2027", "2027-2028"), DAY)
    assert list(found) == [2026, 2027, 2028]
    for year, euros in zip(found, (100_000, 240_000, 140_000), strict=True):
        assert found[year]["city"].tolist() == pytest.approx([euros, euros / 2])


def test_costs_of_added_groups_are_those_of_the_money_indicators() -> None:
    """In the toy only groups have a price, so the groups that are added cost their price, whatever the children do."""
    scenario = load("toy/breakeven/baseline").model_copy(update={"years": 2})
    asked = Asked("school", 0, "2027-2028", DAY, None)
    trials = Trials(2, jobs=1, engine=Engine(compute="sim.study.places_waiting:compute"))
    found = places_plan(scenario, asked, trials)
    assert found.cost is not None
    year = found.answer.near * scenario.region.prices["group"].amount.value
    euros = [found.cost[y]["city"].tolist() for y in (2026, 2027, 2028)]
    assert euros == [pytest.approx([year * part] * 2) for part in (5 / 12, 1, 7 / 12)]


def test_without_a_price_of_a_group_or_a_child_the_cost_is_unknown(almere: Scenario) -> None:
    scenario = load("toy/breakeven/baseline")
    assert priced(scenario, "school")
    region = scenario.region.model_copy(update={"prices": {}})
    assert not priced(scenario.model_copy(update={"region": region}), "school")
    assert [t.en for t in placeholders(almere, "so")] == ["temporary classroom for one more group"]


def test_each_child_that_waits_has_one_reason(almere: Scenario) -> None:
    """The reasons add up to the list, in all and per need."""
    record = simulate(almere.model_copy(update={"years": 1}), 1, 0)
    table = compute(record)
    for kind in ("sbo", "so", "vso"):
        mine = table[(table["place_type"] == kind) & (table["district"] == "all")]
        by_id = mine[mine["profile"] == "all"].set_index(["indicator", "school_year"])["value"]
        by_need = mine[mine["profile"] != "all"].groupby(["indicator", "school_year"])["value"].sum()
        for year in record.school_years:
            parts = [by_id[f"{WAITING}_{reason}", year] for reason in REASONS]
            assert sum(parts) == by_id[WAITING, year] == by_need[WAITING, year]
            assert parts == [by_need[f"{WAITING}_{reason}", year] for reason in REASONS]


def test_a_list_of_places_is_taken_as_todays(tmp_path: Path, almere: Scenario) -> None:
    file = tmp_path / "places.csv"
    file.write_text(
        f"{HEADER}\n30EF00;Olivijn;zml;2025-2026;150;<5;160;;16\n23HU12;;gedrag;2025-2026;<5;2;90;3;\n",
        encoding="utf-8",
    )
    read = read_places(file, almere)
    day = date(2025, 8, 1)
    groups = groups_on(read.scenario, "so", day)
    assert groups["olivijn", "zml"] == 16 and size_on(read.scenario, "so", ("olivijn", "zml"), day) == 10
    seats = groups["nautilus-so", "gedrag"] * size_on(read.scenario, "so", ("nautilus-so", "gedrag"), day)
    assert seats == pytest.approx(90)
    assert read.rows["nautilus-so", "gedrag"].now is None and not read.imposed
    assert groups_on(read.scenario, "so", date(2025, 7, 31)) == groups_on(almere, "so", DAY)
    assert read.scenario.region == almere.region


def test_a_list_of_the_first_day_is_that_of_the_region(tmp_path: Path, almere: Scenario) -> None:
    file = tmp_path / "places.csv"
    text = HEADER.replace("25-26", "23-24").replace("26-27", "24-25")
    file.write_text(f"{text}\n30EF03;De Bongerd;gedrag;2023-2024;75;5;80;;8\n", encoding="utf-8")
    read = read_places(file, almere)
    place = read.scenario.region.places["bongerd"]
    assert read.imposed and place.groups["gedrag"].value == 8 and place.roll["gedrag"].value == 75
    assert place.class_size is not None and place.class_size.value == 10
    assert read.scenario.levers == almere.levers


def test_a_workbook_is_read_by_the_same_rules(tmp_path: Path, almere: Scenario) -> None:
    book = Workbook()
    for line in (HEADER, "30EF00;Olivijn;zml;2025-2026;150;4;160;;16"):
        book.active.append([int(c) if c.isdecimal() else c or None for c in line.split(";")])
    book.save(tmp_path / "places.xlsx")
    assert read_places(tmp_path / "places.xlsx", almere).rows["olivijn", "zml"].places == 160


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("30EF99;;zml;2025-2026;1;1;10;;", "no school of this region has this code"),
        ("30EF00;;gedrag;2025-2026;1;1;10;;", "no groups for this arrangement"),
        ("30EF00;;zml;2025-2026;150;20;160;;", "more than the places"),
        ("30EF00;;zml;2025-2026;1,5;2;160;;", "not a number of places or children"),
        ("30EF00;;zml;2025-2026;1;2;<5;;", "not a number of places or children"),
        ("30EF00;;zml;2025-2026;-1;2;160;;", "not a number of places or children"),
        ("30EF00;;zml;2025-2026;1;2;160;;0", "do not fit each other"),
        ("30EF00;;zml;2025;1;2;160;;", "one school year"),
        ("30EF00;;zml;2024-2025;1;2;160;;", "plaatsen 24-25"),
        ("30EF00;;zml;2025-2026;1;2;160;;\n30EF00;;zml;2025-2026;1;2;160;;", "stand in line 2 as well"),
        ("30EF00;;zml;2025-2026;1;2;160;;\n30EF00;;mg;2026-2027;1;2;160;;", "one school year"),
        ("30EF00;;zml", "as many cells"),
        ("", "no rows"),
    ],
)
def test_a_wrong_list_is_refused_whole(tmp_path: Path, almere: Scenario, lines: str, told: str) -> None:
    file = tmp_path / "places.csv"
    file.write_text(f"{HEADER}\n{lines}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        read_places(file, almere)
    assert told in str(refused.value).lower() and str(file) in str(refused.value)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (HEADER.replace("vestigingscode", "code"), "vestigingscode"),
        (HEADER.replace("schooljaar", "jaar"), "schooljaar"),
        (HEADER + ";naam leerling", "data about one child"),
        (HEADER + ";iets", "unknown column"),
    ],
)
def test_wrong_columns_are_refused(tmp_path: Path, almere: Scenario, header: str, told: str) -> None:
    file = tmp_path / "places.csv"
    cells = ["30EF00", "", "zml", "2025-2026", "1", "2", "160", "", "16", "x"][: header.count(";") + 1]
    file.write_text(f"{header}\n{';'.join(cells)}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        read_places(file, almere)
    assert told in str(refused.value).lower()


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, almere: Scenario) -> None:
    (tmp_path / "places.xlsx").write_text("not a workbook", encoding="utf-8")
    for name in ("places.xlsx", "nothing.xlsx"):
        with pytest.raises(ScenarioError):
            read_places(tmp_path / name, almere)
