"""Risks, conditions, value, recovery, equity and the page of all scenarios, on results made by hand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_results import scenario, text, told
from rich.console import Console

from sim.cli.overview import print_overview, print_parts
from sim.scenario.levers import Change
from sim.scenario.scenario import Condition, Risk, Scenario
from sim.study import compare, statistics
from sim.study.conditions import conditions_of
from sim.study.equity import for_whom_less, gain_of_worst, gaps_of
from sim.study.overview import in_order, overview, write_overview, write_worse_off
from sim.study.parts import Package, divide
from sim.study.recovery import DATES, recovery_of
from sim.study.results import Results, Series
from sim.study.risks import risk_problems, risks_of
from sim.study.runs import plan
from sim.study.value import COST, WEEKS, value_of

LIST = Series("K02.mean")
SHOCK = {
    "klein.groups": (
        Change.model_validate(
            {"add": -1.0, "from": date.fromisoformat("2026-08-01"), "until": date.fromisoformat("2027-08-01")}
        ),
    )
}


def risk(**more: Any) -> Risk:
    return Risk.model_validate({"nl": "Het kan misgaan.", "en": "It may go wrong."} | more)


def with_(id_: str, kind: str = "idea", **more: Any) -> Scenario:
    return scenario(id_, kind).model_copy(update=more)


def test_a_risk_came_true_where_the_difference_goes_that_way_by_enough() -> None:
    # Carrying on: 100 in each run. Up by at least a tenth: runs 3 and 4; down at all: run 1 only.
    idea = with_("idea", risks=(
        risk(), risk(of="K02.mean", goes="up", by=0.1), risk(of="K02.mean", goes="down"), risk(of="K28.total"),
    ))  # fmt: skip
    results = told({"base": {LIST: [100.0] * 4}, "idea": {LIST: [99.0, 100.0, 110.0, 150.0]}}, {"idea": idea})
    up, down, unseen = risks_of(results)
    assert up.came == (False, False, True, True)
    assert (up.times, up.runs) == (2, 4)
    assert down.came == (True, False, False, False)
    assert unseen.runs == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"of": "K02.maen"}, ("risks[0].of", "no such indicator", "'K02.maen'", "Did you mean 'K02.mean'?")),
        ({"of": "K02.mean", "place_type": "kleinn"}, ("risks[0].place_type", "Did you mean 'klein'?")),
        ({"of": "K02.mean", "place_type": "payer:nobody"}, ("risks[0].place_type", "no such margin")),
    ],
)
def test_a_risk_that_nothing_can_show_is_refused_before_anything_runs(
    wrong: dict[str, str], words: Any
) -> None:
    idea = with_("idea", risks=(risk(**wrong),))
    (problem,) = risk_problems([idea])
    for word in words:
        assert word in str(problem)
    with pytest.raises(Exception, match="scenario 'idea'"):
        plan([idea], baseline=scenario("base", "baseline"))


def test_a_condition_of_open_groups_and_of_one_staff_pool() -> None:
    asks = {"at_least": 0.8, "if_unmet": text("dan niet")}
    conditions = tuple(
        Condition.model_validate({"of": of, "pool": pool} | asks)
        for of, pool in (("groups_open", "klein"), ("hired", "leraar"))
    )
    idea = with_("idea", requires=conditions, levers=SHOCK)
    rows: dict[Series, Any] = {
        Series("K26.groups_open", "klein"): [[1.0, 0.9, 0.8, 0.8], [1.0, 0.7, 1.0, 1.0]],
        Series("K26.dose", "pool:leraar"): [[np.nan] * 4, [0.5, 1.0, 1.0, 1.0]],
    }
    open_, hired = conditions_of(told({"base": rows, "idea": rows}, {"idea": idea}))
    assert open_.met == (True, False)
    assert open_.lowest == pytest.approx(0.75)
    assert hired.met == (False,)


def test_the_condition_of_a_later_part_is_asked_from_its_own_beginning() -> None:
    later = {
        "klein.groups": (Change.model_validate({"add": 1.0, "from": date.fromisoformat("2026-08-01")}),),
        "groot.groups": (Change.model_validate({"add": 1.0, "from": date.fromisoformat("2028-08-01")}),),
    }
    asked = tuple(
        Condition(of="groups_open", pool=pool, at_least=0.8, if_unmet=text("dan niet"))
        for pool in ("klein", "groot")
    )
    rows: dict[Series, Any] = {
        Series("K26.groups_open", t): [[0.1, 0.1, 0.9, 0.9]] for t in ("klein", "groot")
    }
    idea = with_("idea", requires=asked, levers=later)
    klein, groot = conditions_of(told({"base": rows, "idea": rows}, {"idea": idea}))
    assert (klein.held, groot.held) == (0, 1)


def costs(extra: list[float], avoided: list[float]) -> Results:
    zero = np.zeros(len(extra))
    return told(
        {"base": {COST: zero, WEEKS: zero + 500}, "idea": {COST: extra, WEEKS: 500 - np.array(avoided)}}
    )


def test_cost_per_missed_week_has_the_interval_in_which_its_test_does_not_reject() -> None:
    # Fieller: at each end r, the paired t-test of cost = r x weeks lies exactly on the border.
    rng = np.random.default_rng(4)
    avoided = rng.normal(50, 8, 20)
    extra = 1000 * avoided + rng.normal(0, 9000, 20)
    value = value_of(costs(extra.tolist(), avoided.tolist()), "idea")
    assert value.ratio == pytest.approx(extra.mean() / avoided.mean())
    assert value.interval is not None
    border = float(statistics.t_quantile(0.95, np.array(19)))
    for end in value.interval:
        left = extra - end * avoided
        assert abs(left.mean()) / (left.std(ddof=1) / np.sqrt(20)) == pytest.approx(border)
    assert len(value.cloud) == 20


@pytest.mark.parametrize(
    ("extra", "avoided", "reason"),
    [
        ([10.0, 11.0, 12.0], [-5.0, 0.0, 6.0], "no_fewer_weeks"),
        ([10.0, 11.0, 12.0], [-5.0, -5.1, -5.2], "more_weeks"),
        ([-10.0, -10.1, -10.2], [5.0, 5.1, 5.2], "saves_both"),
        ([10.0], [5.0], "too_few"),
    ],
)
def test_no_price_per_week_is_given_where_it_would_mean_nothing(
    extra: list[float], avoided: list[float], reason: str
) -> None:
    value = value_of(costs(extra, avoided), "idea")
    assert (value.ratio, value.interval, value.reason) == (None, None, reason)
    assert value_of(told({"base": {WEEKS: extra}, "idea": {WEEKS: extra}}), "idea").reason == "no_costs"


def test_the_list_is_back_from_the_first_count_after_which_it_stays_near() -> None:
    # The shock ends on 1 August 2027. Run 0 is near from 1 October 2027 on (61 days); run 1 is near on that day,
    # far on 1 February 2028 and near from 1 May 2028 (274 days); run 2 never.
    shock = with_("shock", "shock", levers=SHOCK)
    today: dict[Series, Any] = {Series(name): np.full((3, 4), 100.0) for name, _, _ in DATES}
    level = {s: v.copy() for s, v in today.items()}
    for name, _, _ in DATES:
        level[Series(name)][:, 0] = 150.0
        level[Series(name)][0, 1:] = 109.0
        level[Series(name)][2] = 150.0
    level[Series("K02.feb")][1, 1] = 130.0
    results = told({"base": today, "shock": level}, {"shock": shock})
    found = recovery_of(results, shock)
    assert found is not None
    assert found.ended == date(2027, 8, 1)
    months = 365.25 / 12
    assert found.months == (pytest.approx(61 / months), pytest.approx(274 / months), None)
    assert found.median == pytest.approx(274 / months)
    assert (found.back, found.runs) == (2, 3)
    assert recovery_of(results, with_("nothing", "shock")) is None


def district(indicator: str, name: str) -> Series:
    return Series(indicator, district=name)


def three_districts(after: dict[str, float]) -> Results:
    """Missed weeks of 100, 60 and 20 children-with-a-place each: 4, 2 and 1 a child when we carry on."""
    today = {"noord": 400.0, "midden": 200.0, "zuid": 100.0}
    noise = np.array([-0.5, 0.0, 0.5])
    rows: dict[str, dict[Series, Any]] = {"base": {}, "idea": {}}
    for name, weeks in (("base", today), ("idea", {n: today[n] - after.get(n, 0.0) for n in today})):
        rows[name] = {district("K12.total", n): np.full(3, w) for n, w in weeks.items()}
        rows[name] |= {district("K17.children_oct", n): np.full(3, 90.0) for n in today}
        rows[name] |= {district("K34.count", n): np.full(3, 10.0) for n in today}
        rows[name][Series("K12.total")] = sum(weeks.values()) + (noise if name == "idea" else 0 * noise)
    return told(rows)


def test_gap_and_ratio_between_the_worst_and_the_best_district() -> None:
    (gap,) = gaps_of(three_districts({"noord": 100.0}), "idea")
    assert (gap.measure, gap.kind, gap.worst, gap.best) == ("missed", "district", "noord", "zuid")
    assert (gap.today_ratio, gap.today_gap) == (pytest.approx(4.0), pytest.approx(3.0))
    assert (gap.ratio, gap.gap) == (pytest.approx(3.0), pytest.approx(2.0))


def test_the_part_of_the_gain_that_goes_to_the_worst_off_quarter() -> None:
    # A quarter of 300 children is 75 of the 100 in noord: three quarters of what noord gains.
    assert gain_of_worst(three_districts({"noord": 100.0}), "idea", "district") == pytest.approx(0.75)
    every = dict.fromkeys(("noord", "midden", "zuid"), 50.0)
    assert gain_of_worst(three_districts(every), "idea", "district") == pytest.approx(0.25)
    assert gain_of_worst(three_districts({"zuid": 60.0}), "idea", "district") == pytest.approx(0.0)
    assert gain_of_worst(three_districts({}), "idea", "district") is None


def test_for_whom_it_becomes_less() -> None:
    found = for_whom_less(three_districts({"noord": 100.0, "zuid": -30.0}), "idea")
    assert [(x.label, x.indicator, x.times, x.runs, x.sure) for x in found] == [
        ("zuid", "K12.total", 3, 3, True)
    ]
    assert found[0].difference == pytest.approx(30.0)


def test_ideas_in_the_order_of_the_documents_with_each_twin_under_its_idea() -> None:
    every = [
        with_("schok", "shock", order=1), with_("pakket", "package", order=1), with_("z-twee", order=2),
        with_("een-zonder", "twin", builds_on=("een",), order=99), with_("een", order=1), with_("eigen", "own"),
        with_("los", "twin", builds_on=("elders",)),
    ]  # fmt: skip
    found = [(s.id, under) for s, under in in_order(every)]
    assert found == [
        ("een", ""), ("een-zonder", "een"), ("z-twee", ""), ("los", ""), ("pakket", ""), ("schok", ""), ("eigen", ""),
    ]  # fmt: skip


def page() -> tuple[Results, Any]:
    idea = with_(
        "idea", risks=(risk(of="K02.mean", goes="up"), risk(of="K12.total", goes="up")), surprise=text("Omdat het zo is."),
        requires=(Condition(of="hired", at_least=0.8, if_unmet=text("dan niet")),), levers=SHOCK,
    )  # fmt: skip
    rows: dict[str, dict[Series, Any]] = {
        "base": {LIST: [50.0, 60.0], WEEKS: [500.0, 600.0], COST: [0.0, 0.0]},
        "idea": {LIST: [51.0, 59.0], WEEKS: [490.0, 592.0], COST: [9000.0, 9900.0]},
    }
    for name, asked, dose in (("base", 100.0, 1.0), ("idea", 112.0, 0.75)):
        rows[name] |= {Series("K26.asked"): [asked] * 2, Series("K26.found"): [asked * dose] * 2}
        rows[name][Series("K26.dose")] = [dose] * 2
    results = told(rows, {"idea": idea})
    return results, overview(results, compare(results))


def test_a_twin_of_a_package_stands_under_it_without_a_heading_of_its_own() -> None:
    every = {
        "base": scenario("base", "baseline"), "pak": with_("pak", "package"),
        "pak-om": with_("pak-om", "twin", builds_on=("pak",)),
    }  # fmt: skip
    results = told({name: {WEEKS: [5.0, 6.0]} for name in every}, every)
    out = Console(width=100, record=True, highlight=False)
    print_overview(out, overview(results, compare(results)), compare(results))
    rows = [line.strip() for line in out.export_text().splitlines()]
    assert rows.count("packages") == 1
    assert "twins" not in rows
    assert next(r for r in rows if "Idee pak-om" in r).startswith("· ")


def test_a_line_gathers_what_a_reader_must_know() -> None:
    _, (line,) = page()
    assert line.came == (1, 2)
    assert line.unmet == (2, 2)
    assert line.staff == (pytest.approx(12.0), pytest.approx(-16.0))
    assert line.outcomes["K12.total"].difference == pytest.approx(-9.0)
    assert line.survives is None


def test_the_page_fits_on_100_columns_and_its_csv_has_one_row_per_scenario(tmp_path: Path) -> None:
    results, lines = page()
    out = Console(width=100, record=True, highlight=False)
    print_overview(out, lines, compare(results), full=True)
    shown = out.export_text()
    assert max(len(row.rstrip()) for row in shown.splitlines()) <= 100
    for words in ("Idee idea", "−9", "1 of 2", "2 of 2", "Omdat het zo is.", "Condition hired >= 80%", "+9"):
        assert words in shown, words
    write_overview(lines, tmp_path / "overview.csv")
    write_worse_off(lines, tmp_path / "worse_off.csv")
    (row,) = csv.DictReader((tmp_path / "overview.csv").open(encoding="utf-8"))
    assert row["scenario"] == "idea"
    assert float(row["missed_weeks_difference"]) == pytest.approx(-9.0)
    assert row["missed_weeks_both_low"] == ""
    assert (row["runs_with_a_condition_unmet"], row["runs_in_which_a_risk_came_true"]) == ("2", "1")
    assert (tmp_path / "worse_off.csv").read_text(encoding="utf-8").startswith("scenario,indicator,")


def test_a_package_is_divided_over_its_parts() -> None:
    # Alone -10 and -20, together -24: they get in each other's way by 6. Left out: -4 and -14. Each order once:
    # (-10 - 4) / 2 = -7 and (-20 - 14) / 2 = -17.
    moved = {"a": -10.0, "b": -20.0, "both": -24.0}
    noise = np.array([-1.0, 0.0, 1.0])
    rows: dict[str, dict[Series, Any]] = {"base": {WEEKS: 100 + noise}}
    rows |= {name: {WEEKS: 100 + noise + change} for name, change in moved.items()}
    made = {frozenset(k): scenario(n) for k, n in ((("x",), "a"), (("y",), "b"), (("x", "y"), "both"))}
    asked = Package(made[frozenset(("x", "y"))], {"x": text("Ix"), "y": text("Ypsilon")}, made)
    (found,) = divide(told(rows), asked)
    assert found.whole == pytest.approx(-24.0)
    assert [p.alone for p in found.parts] == pytest.approx([-10.0, -20.0])
    assert [p.missing for p in found.parts] == pytest.approx([-4.0, -14.0])
    assert [p.share for p in found.parts] == pytest.approx([-7.0, -17.0])
    out = Console(width=100, record=True, highlight=False)
    print_parts(out, [found], "Pakket")
    assert "Together: −24. Each alone, added up: −30." in out.export_text()


def test_shares_of_a_glove_and_of_players_that_do_not_touch() -> None:
    # Two left gloves and one right one: a pair is worth 1. The right one gets 2/3, each left one 1/6.
    def sets(*names: str) -> list[frozenset[str]]:
        found = [frozenset[str]()]
        for name in names:
            found += [s | {name} for s in found]
        return found

    def worth(s: frozenset[str]) -> Any:
        return np.array([float("right" in s and len(s) > 1)])

    found = statistics.shapley({s: worth(s) for s in sets("left", "other", "right")})
    assert {k: v[0] for k, v in found.items()} == pytest.approx(
        {"left": 1 / 6, "other": 1 / 6, "right": 2 / 3}
    )
    alone = {"a": 3.0, "b": -1.0, "c": 5.0, "d": 0.0}
    added = statistics.shapley({s: np.array([sum(alone[n] for n in s)]) for s in sets(*alone)})
    assert {k: v[0] for k, v in added.items()} == pytest.approx(alone)
