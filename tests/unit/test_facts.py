"""Facts: the reader refuses what it cannot be sure of, and the files add up as the published figures do."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sim.data.facts import HEADER, Facts, facts_of, last_day, read_facts
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import region_of

GOOD = "national.stock.sbo,2023,33919,,,children,B,OCW in cijfers,2023-10-01,"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of("almere")


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> Facts:
    (tmp_path / "made-up.csv").write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return read_facts(tmp_path)


def refused(tmp_path: Path, *lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        read(tmp_path, *lines, header=header)
    return [str(p) for p in error.value.problems]


def value(facts: Facts, series: str, when: str | None = None) -> float:
    return facts.one(series, when).value


def test_a_row_becomes_a_fact_that_knows_where_it_stands(tmp_path: Path) -> None:
    fact = read(tmp_path, GOOD).one("national.stock.sbo")
    assert (fact.value, fact.low, fact.grade, fact.year, fact.line) == (33919.0, None, "B", 2023, 2)
    assert fact.last_day == datetime.date(2023, 10, 1)
    assert fact.file.endswith("made-up.csv")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.replace("33919", "33,919"), "11 cells"),
        (GOOD.replace("33919", "<5"), "this is not a number"),
        (GOOD.replace("33919", "nan"), "this is not a number"),
        (GOOD.replace("33919", ""), "this is not a number"),
        (GOOD.replace("33919,,", "33919,34000,"), "outside its own bounds"),
        (GOOD.replace(",2023,", ",2023-05,"), "this is not a period"),
        (GOOD.replace(",2023,", ",last year,"), "this is not a period"),
        (GOOD.replace("2023-10-01", "2023-13-01"), "this is not a date"),
        (GOOD.replace("2023-10-01", ""), "this is not a date"),
        (GOOD.replace(",B,", ",P,"), "Allowed: A, B, C, D, E"),
        (GOOD.replace("OCW in cijfers", ""), "a fact needs a source"),
        (GOOD.replace("children", ""), "a fact needs a unit"),
        (GOOD.replace("national.stock", "National stock"), "not the name of a series"),
        ('"' + GOOD, "not CSV"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    (problem,) = refused(tmp_path, GOOD.replace(".sbo", ".so"), line)
    assert "made-up.csv:3: " in problem
    assert says in problem


def test_all_that_is_wrong_is_said_in_one_pass(tmp_path: Path) -> None:
    bad = GOOD.replace("33919", "many").replace(",B,", ",Z,")
    assert len(refused(tmp_path, bad, GOOD, GOOD)) == 3  # number, grade, and a fact that stands twice


def test_a_fact_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, GOOD, GOOD.replace("33919", "1"))
    assert "made-up.csv:3: series" in problem and "made-up.csv:2)" in problem


def test_another_first_line_an_empty_folder_and_other_text_are_refused(tmp_path: Path) -> None:
    assert "not that of a file of facts" in refused(tmp_path, GOOD, header="series;when;value")[0]
    (tmp_path / "made-up.csv").write_bytes(f"{HEADER}\n{GOOD}caf\xe9\n".encode("latin-1"))
    with pytest.raises(ScenarioError, match=r"made-up\.csv:2: this is not UTF-8"):
        read_facts(tmp_path)
    with pytest.raises(ScenarioError, match="there are no facts here"):
        read_facts(tmp_path / "nothing")


def test_a_fact_is_found_by_series_and_period_or_not_at_all(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, GOOD.replace(",2023,", ",2022,"), GOOD.replace(",2023,", ",undated,"))
    assert found.years("national.stock.sbo") == {2022: 33919.0, 2023: 33919.0}
    with pytest.raises(KeyError, match="3 facts of any time"):
        found.one("national.stock.sbo")
    with pytest.raises(KeyError, match=r"Did you mean .national\.stock\.sbo."):
        found.one("national.stock.sba")


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2023", datetime.date(2023, 12, 31)),
        ("2023-24", datetime.date(2024, 7, 31)),
        ("2011-12", datetime.date(2012, 7, 31)),
        ("2023-10", datetime.date(2023, 10, 31)),
        ("2023-12", datetime.date(2023, 12, 31)),
        ("2024-03-27", datetime.date(2024, 3, 27)),
        ("undated", None),
    ],
)
def test_a_period_ends_on_its_last_day(period: str, day: datetime.date | None) -> None:
    assert last_day(period) == day


def test_every_row_of_almere_has_source_date_grade_and_unit(facts: Facts) -> None:
    assert len(facts.rows) > 400
    for fact in facts.rows:
        assert fact.source and fact.date and fact.unit, f"{fact.file}:{fact.line}"
        national = not fact.series.startswith("almere.")
        assert fact.grade in ("B", "E") if national else fact.grade in ("A", "B", "E"), (
            f"{fact.file}:{fact.line}"
        )
        assert fact.grade != "E" or (fact.low is not None and fact.high is not None), (
            f"{fact.file}:{fact.line}"
        )


def test_the_years_of_the_series_are_complete(facts: Facts) -> None:
    for name, first, last in (
        ("national.stock.sbo", 2010, 2023), ("national.stock.so", 2010, 2023), ("national.stock.vso", 2012, 2023),
        ("national.stock.pro", 2012, 2023), ("national.stock.vo", 2012, 2023), ("national.inflow.sbo.bo", 2012, 2023),
        ("national.inflow.sbo.none", 2012, 2023), ("national.inflow.so.bo", 2012, 2023),
        ("national.inflow.so.none", 2012, 2023), ("national.entry_age.sbo", 2012, 2021),
        ("national.entry_age.so", 2012, 2021), ("national.exempt", 2009, 2021), ("almere.population.births", 2010, 2016),
    ):  # fmt: skip
        years = set(facts.years(name))
        assert set(range(first, last + 1)) <= years, name


def test_the_flows_of_2023_add_up(facts: Facts) -> None:
    for type_id, inflow, outflow in (("sbo", 8072, 8766), ("so", 7977, 7333)):
        parts = (value(facts, f"national.inflow.{type_id}.{k}", "2023") for k in ("none", "bo", "other"))
        assert sum(parts) == value(facts, f"national.inflow.{type_id}.total") == inflow
        stock = facts.years(f"national.stock.{type_id}")
        assert stock[2022] + inflow - stock[2023] == value(facts, f"national.outflow.{type_id}") == outflow
        assert round(stock[2023] / inflow, 1) == value(facts, f"national.stay.{type_id}")


def test_the_schools_of_almere_add_up(facts: Facts) -> None:
    region = region_of("almere")
    for type_id in region.place_types:
        schools = [
            k for k, p in region.places.items() if p.type == type_id and p.roll
        ]  # not those still to be built
        rolls = [value(facts, f"almere.stock.{k}") for k in schools]
        assert sum(rolls) == value(facts, f"almere.stock.{type_id}"), type_id
    for place_id, place in region.places.items():
        if not place.roll:
            continue
        assert sum(q.value for q in place.roll.values()) == value(facts, f"almere.stock.{place_id}"), place_id
    so = value(facts, "almere.stock.so") + value(facts, "almere.stock.cluster2")
    sbo = value(facts, "almere.stock.sbo")
    assert (sbo, so) == (554, 424)
    primary = value(facts, "almere.stock.bo") + sbo + so
    assert primary == value(facts, "almere.stock.primary") == 21179
    assert sbo + so + value(facts, "almere.stock.vso") == value(facts, "almere.stock.special")
    assert round(100 * sbo / primary, 2) == value(facts, "almere.share_of_po.sbo")
    vo = sum(value(facts, f"almere.stock.{k}") for k in ("vo", "pro", "vso"))
    assert vo == 13607
    assert round(100 * value(facts, "almere.stock.vso") / vo, 1) == value(facts, "almere.share_of_vo.vso")


def test_long_absentees_and_olivijn_add_up(facts: Facts) -> None:
    start, new, ended, end = (value(facts, f"almere.absent.{k}") for k in ("start", "new", "ended", "end"))
    assert start + new - ended == end == 87
    assert round(100 * ended / (start + new)) == value(facts, "almere.absent.closing")
    parts = ("onderbouw", "midden", "boven", "zorggroep")
    waiting = value(facts, "almere.olivijn.waiting")
    assert sum(value(facts, f"almere.olivijn.waiting.{k}") for k in parts) == waiting == 17
    roll, groups = value(facts, "almere.olivijn.roll"), value(facts, "almere.olivijn.groups")
    assert round(roll / groups, 1) == value(facts, "almere.olivijn.per_group") == 9.9
    assert round(100 * waiting / roll, 1) == value(facts, "almere.olivijn.waiting_share")


def test_shares_of_leavers_and_of_inflow_add_up(facts: Facts) -> None:
    groups = {
        "national.leavers.sbo": ("vso", "pro", "vmbo", "other"),
        "national.leavers.so": ("vso", "pro", "vo"),
        "national.leavers.pro": (
            "work", "mbo-bol", "other-pro", "vso", "vmbo", "daycare", "guidance", "abroad", "none", "unknown",
        ),
    }  # fmt: skip
    for name, parts in groups.items():
        assert sum(value(facts, f"{name}.{k}") for k in parts) == pytest.approx(100), name
    origins = ("bao", "sbao", "so", "vo", "lwoo", "other", "outside")
    for year, total in ((2012, 10300), (2013, 10500)):
        assert sum(facts.years(f"national.inflow.vso.{k}")[year] for k in origins) == total
    special = sum(facts.years(f"national.stock.{k}")[2023] for k in ("sbo", "so", "vso"))
    assert special == 107_550
    assert round(100 * value(facts, "national.list.pupils", "2023") / special, 1) == 1.5


def test_the_national_shares_follow_from_the_stocks(facts: Facts) -> None:
    """The VO column holds PrO: only so do the shares of the Inspectorate come out."""
    vo, vso, pro = (facts.years(f"national.stock.{k}") for k in ("vo", "vso", "pro"))
    for name, part in (("vso", vso), ("pro", pro)):
        for year, share in facts.years(f"national.share_of_vo.{name}").items():
            assert 100 * part[year] / (vo[year] + vso[year]) == pytest.approx(share, abs=0.1), (name, year)
