"""Vergelijk in words: no direction without a clear band, what is not counted is said, small groups and schools are not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from made_results import YEARS, close_intake, region, results, scenario, text, told

import sim
from proof.toys import toy
from sim.app import own
from sim.app.asked import Asked
from sim.app.choice import Choice
from sim.app.compare import causes as compare_causes
from sim.app.compare import markup as compare_markup
from sim.app.compare import people as compare_people
from sim.app.compare import table as compare_table
from sim.app.compare.choice import chosen_from, options_of, usual
from sim.app.language import speak
from sim.app.scene import Scene
from sim.app.server import Shop
from sim.charts.bands import spread
from sim.charts.language import Lang
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.quantity import Text
from sim.scenario.routes import District, Profile
from sim.scenario.scenario import Condition, Scenario
from sim.study.causes import Cause, Variants
from sim.study.parts_by_cause import divide
from sim.study.results import Results, Series
from sim.study.shortage import WAITING

LIST = Series("K02.oct")
BOTH: tuple[Lang, ...] = ("nl", "en")


@pytest.fixture(autouse=True)
def _in_dutch():
    speak("nl")
    yield
    speak("nl")


def scene(shift: dict[str, tuple[float, float]], **more: object) -> Scene:
    found = results(shift, **more)  # type: ignore[arg-type]
    return Scene(found, found.baseline.id, found.school_years[-1])


def assumed(found: Results, factor: float = 1.0) -> Results:
    """The same runs once more, as those with drawn assumptions; their differences are `factor` times as large."""
    values, done = dict(found.values), dict(found.done)
    today = found.values[found.baseline.id, "fixed"]
    for s in found.scenarios:
        values[s.id, "drawn"] = today + factor * (found.values[s.id, "fixed"] - today)
        done[s.id, "drawn"] = found.done[s.id, "fixed"]
    return replace(found, modes=("fixed", "drawn"), values=values, done=done)


def only(found: Results, runs: dict[tuple[str, str], int]) -> Results:
    """The same results when of some scenarios and modes only the first runs are there."""
    values, done = dict(found.values), dict(found.done)
    for cell, count in runs.items():
        done[cell] = np.arange(found.replications) < count
        values[cell] = np.where(done[cell][:, None, None], values[cell], np.nan)
    return replace(found, values=values, done=done)


# --- the table ---


def test_a_scenario_without_six_pairs_shows_nothing_and_takes_no_runs_from_the_others() -> None:
    three = tuple(scenario(name) for name in ("a", "b"))
    found = results({"K02.oct": (-40, 2)}, scenarios=three)
    early = Scene(only(found, {("b", "fixed"): 2, ("b", "drawn"): 2}), "baseline", found.school_years[-1])
    full = Scene(found, "baseline", found.school_years[-1])
    today, a, b = compare_table.lines(early)
    assert {(c.value, c.range, c.change, c.runs) for c in b.cells} == {("–", "", "nog niet bekend", "")}
    assert b.note == "voorlopig" and (today, a) == tuple(compare_table.lines(full)[:2])
    assert [r.name for r in compare_table.interval_rows(early, WAITING, gap=True)] == ["Idee a"]
    assert "te weinig doorrekeningen" in compare_table.pairs(early, WAITING)[1]
    assert compare_table.intervals_title(early, WAITING, gap=True).startswith("Voorlopig")


def test_levels_beside_each_other_are_of_the_same_runs() -> None:
    """A mean over ten runs beside one over thirty differs by luck alone."""
    found = results({"K02.oct": (0, 0)}, scenarios=tuple(scenario(name) for name in ("a", "b")))
    behind = only(found, {("b", "fixed"): 10, ("b", "drawn"): 10})
    cells = [line.cells[0] for line in compare_table.lines(Scene(behind, "baseline", found.school_years[-1]))]
    assert len({(c.value, c.range) for c in cells}) == 1
    shown = compare_table.interval_rows(Scene(behind, "baseline", YEARS[-1]), WAITING, gap=False)
    assert {row.spread.runs for row in shown} == {10} and len({row.spread.middle for row in shown}) == 1


def test_an_outcome_that_few_runs_define_has_no_direction() -> None:
    found = results({"K04.median": (-9, 0)})
    values = dict(found.values)
    at = found.positions[Series("K04.median")]
    for mode in ("fixed", "drawn"):
        values["anders", mode] = values["anders", mode].copy()
        values["anders", mode][1:, at] = np.nan
    rare = Scene(replace(found, values=values), "baseline", YEARS[-1])
    assert compare_table.change(rare, "K04.median", "anders") == {"change": ""}
    assert compare_table.lines(rare)[1].cells[compare_table.COLUMNS.index("K04.median")].value == "–"
    assert "geen getal" in compare_table.pairs(rare, "K04.median")[0]


def test_each_number_has_its_range_also_when_both_ends_round_alike() -> None:
    found = told({"baseline": {LIST: [20.0] * 8}, "anders": {LIST: [20.0] * 8}})
    same = Scene(assumed(found), "baseline", YEARS[-1])
    assert [line.cells[0].range for line in compare_table.lines(same)] == ["ongeveer 20"] * 2
    assert [r.label for r in compare_table.interval_rows(same, WAITING, gap=False)] == [
        "20 (ongeveer 20)"
    ] * 2
    wide = compare_table.interval_rows(scene({"K02.oct": (-40, 2)}), WAITING, gap=False)
    assert all(re.fullmatch(r"\d+ \(\d+ tot \d+\)", row.label) for row in wide)


def test_runs_that_differ_at_the_edges_are_not_said_to_be_equal() -> None:
    gap = np.array([0.0] * 28 + [3.0, -2.0])
    found = told({"baseline": {LIST: np.full(30, 20.0)}, "anders": {LIST: 20.0 + gap}})
    (said,) = compare_table.pairs(Scene(assumed(found), "baseline", YEARS[-1]), WAITING)
    assert "in elke doorrekening" not in said and "geen duidelijk verschil" in said


def test_the_table_has_what_is_compared_with_first_and_no_difference_there() -> None:
    lines = compare_table.lines(scene({"K02.oct": (-40, 2)}))
    assert [line.baseline for line in lines] == [True, False]
    assert lines[0].name == "Zo doorgaan" and not any(c.change for c in lines[0].cells)
    assert all(len(line.cells) == len(compare_table.COLUMNS) for line in lines)


@pytest.mark.parametrize(("mean", "mark", "word"), [(-40, "▼", "minder"), (40, "▲", "meer")])
def test_a_clear_difference_has_a_mark_words_and_runs(mean: float, mark: str, word: str) -> None:
    cell = compare_table.lines(scene({"K02.oct": (mean, 2)}))[1].cells[0]
    assert cell.change.startswith(mark) and word in cell.change and cell.runs == "30 van de 30"


def test_no_mark_without_a_clear_difference() -> None:
    cell = compare_table.lines(scene({"K02.oct": (1, 30)}))[1].cells[0]
    assert cell.change == "geen duidelijk verschil" and not cell.runs


def test_money_stands_in_millions() -> None:
    found = scene({"K28.total": (2_400_000, 10_000)})
    cell = compare_table.lines(found)[1].cells[compare_table.COLUMNS.index("K28.total")]
    assert re.fullmatch(r"▲ 2,3\d tot 2,4\d miljoen meer", cell.change)
    speak("en")
    cheaper = compare_table.change(scene({"K28.total": (-2_400_000, 10_000)}), "K28.total", "anders")
    assert re.fullmatch(r"▼ 2\.3\d to 2\.4\d million less", cheaper["change"])


def test_an_outcome_that_is_not_there_is_a_dash() -> None:
    found = told({"baseline": {LIST: [1.0, 2.0]}, "anders": {LIST: [1.0, 3.0]}})
    cells = compare_table.lines(Scene(found, "baseline", YEARS[-1]))[1].cells
    assert [c.value for c in cells[1:]] == ["–"] * (len(cells) - 1)


@pytest.mark.parametrize("before", ["K02.from_signal_oct", "K34.count"])
def test_fewer_missed_weeks_with_more_waiting_before_the_list_is_said(before: str) -> None:
    """Missed weeks count only children on a list: a known bias of the model, said beside the number."""
    found = compare_table.cautions(scene({"K12.total": (-300, 5), before: (40, 2)}))
    assert len(found) == 1 and "tellen niet mee" in found[0] and "Idee anders" in found[0]
    assert not compare_table.cautions(scene({"K12.total": (-300, 5)}))
    assert not compare_table.cautions(scene({"K12.total": (300, 5), before: (40, 2)}))


def test_a_list_that_disappears_is_said() -> None:
    closed = scenario("dicht", levers=close_intake("klein"))
    found = compare_table.cautions(scene({}, scenarios=(closed,)))
    assert len(found) == 1 and "klein neemt geen nieuwe kinderen aan" in found[0]


# --- intervals ---


def test_the_title_counts_clear_differences() -> None:
    three = tuple(scenario(name) for name in ("a", "b", "c"))
    clear = scene({"K02.oct": (-40, 2)}, scenarios=three)
    assert compare_table.intervals_title(clear, WAITING, gap=True) == "Bij alle 3 een duidelijk verschil"
    none = scene({"K02.oct": (0, 20)}, scenarios=three)
    assert compare_table.intervals_title(none, WAITING, gap=True) == "Bij geen een duidelijk verschil"


def test_levels_show_what_is_compared_with_and_differences_do_not() -> None:
    found = scene({"K02.oct": (-40, 2)})
    assert [r.baseline for r in compare_table.interval_rows(found, WAITING, gap=False)] == [True, False]
    assert [r.baseline for r in compare_table.interval_rows(found, WAITING, gap=True)] == [False]


@pytest.mark.parametrize(
    ("mean", "width", "words"),
    [(-40, 2, "30 van de 30 doorrekeningen minder"), (40, 2, "30 van de 30 doorrekeningen meer"),
     (1, 30, "geen duidelijk verschil"), (0, 0, "evenveel")],
)  # fmt: skip
def test_each_difference_is_said_pair_by_pair(mean: float, width: float, words: str) -> None:
    (said,) = compare_table.pairs(scene({"K02.oct": (mean, width)}), WAITING)
    assert words in said and said.startswith("Idee anders")


def test_an_end_that_rounds_to_nothing_has_no_direction() -> None:
    assert compare_table.said("K02.oct", (-30.0, 0.2)) == "0 tot 30 minder"
    assert compare_table.said("K02.oct", (-30.0, 4.0)) == "van 30 minder tot 4 meer"


@pytest.mark.parametrize(("outcome", "mean"), [("K02.oct", -40), ("K28.total", 2_400_000)])
def test_chart_and_table_say_the_same(outcome: str, mean: float) -> None:
    found = scene({outcome: (mean, abs(mean) / 40)})
    rows = compare_table.interval_rows(found, outcome, gap=True)
    alt = compare_table.intervals_alt(rows, outcome)
    assert all(cell[1] in alt and cell[0] in alt for cell in compare_table.intervals_table(rows, outcome))
    assert abs(rows[0].spread.middle) < 100, "money stands on the axis in millions"


# --- causes ---

CAUSES = tuple(
    Cause(name, Text(nl=f"Oorzaak {name}", en=f"Cause {name}"), "loop") for name in ("a", "b", "c")
)


def divided(measure: float, sizes: dict[str, float], together: float = 0.0, noise: float = 1.0):
    """A change of a measure, causes that add up, and what a and b do only together."""
    luck = np.random.default_rng(3).normal(0, noise, 30)
    variants = Variants(scenario("baseline", "baseline"), scenario("anders"), CAUSES)
    levels: dict[str, dict[Series, object]] = {}
    for name in ("", "a", "b", "c", "all"):
        on = {c.id for c in CAUSES} - {name} if name != "all" else set()
        gap = measure + sum(sizes.get(c, 0.0) for c in on) + together * ({"a", "b"} <= on)
        today, level = variants.ids(name)
        levels[today], levels[level] = {LIST: 100 + luck}, {LIST: 100 + luck + gap + luck * (measure != 0)}
    division = divide(told(levels), variants, LIST)
    assert division is not None
    return division, variants


def test_the_waterfall_has_the_measure_first_and_the_whole_last() -> None:
    division, _ = divided(-40, {"a": 5, "b": 15})
    rows = compare_causes.part_rows(division)
    assert [r.piece for r in rows] == ["measure", "cause", "cause", "total"]
    assert [r.name for r in rows[1:3]] == ["Oorzaak b", "Oorzaak a"]
    assert sum(r.value for r in rows[:-1]) == pytest.approx(rows[-1].value)
    assert rows[0].label == "40 minder" and rows[1].label == "15 meer"


@pytest.mark.parametrize(
    ("measure", "sizes", "title"),
    [
        (-40, {"a": 15}, "Een deel gaat weer verloren"),
        (-40, {"a": -15}, "De maatregel zelf is een deel ervan"),
        (-40, {}, "Zo is het verschil opgebouwd"),
        (20, {"a": -60}, "Het komt door wat het losmaakt"),
        (0, {"a": -60}, "Het komt door wat het losmaakt"),
        (0.2, {}, "Te klein om oorzaken te noemen"),
    ],
)
def test_the_title_says_what_causes_do(measure: float, sizes: dict[str, float], title: str) -> None:
    assert compare_causes.causes_title(divided(measure, sizes)[0]) == title


@pytest.mark.parametrize(("measure", "answer"), [(-47.0, 7.0), (-40.0, -7.0), (20.0, -60.0)])
def test_the_title_says_nothing_of_causes_whose_own_band_holds_zero(measure: float, answer: float) -> None:
    """The measure and the whole are both clear, but pair by pair the rest goes both ways."""
    swing = np.where(np.arange(30) % 2, 1.0, -1.0) * abs(answer) * 3
    variants = Variants(scenario("baseline", "baseline"), scenario("anders"), CAUSES[:1])
    whole = min(measure + answer, -30.0)
    gaps = {"": np.full(30, whole), "a": measure + swing, "all": whole - answer + swing}
    levels: dict[str, dict[Series, object]] = {}
    for name, gap in gaps.items():
        today, level = variants.ids(name)
        levels[today], levels[level] = {LIST: np.full(30, 100.0)}, {LIST: 100 + gap}
    division = divide(told(levels), variants, LIST)
    assert division is not None and division.total.direction == -1 and not division.answer.direction
    assert compare_causes.causes_title(division) == "Zo is het verschil opgebouwd"


def test_nothing_is_said_of_causes_below_six_pairs() -> None:
    early = replace(divided(-40, {"a": 15}, noise=0)[0], asked=20)
    few = replace(early, **{n: replace(getattr(early, n), runs=5) for n in ("measure", "answer", "total")})
    assert compare_causes.causes_title(early) == "Een deel gaat weer verloren"
    assert compare_causes.causes_title(few) == "Nog te weinig doorrekeningen"
    assert compare_causes.part_rows(few)[0].label == "40 minder, niet zeker"


def test_a_part_whose_band_holds_zero_is_not_certain() -> None:
    division, _ = divided(-3, {"a": -30}, noise=8)
    assert compare_causes.part_rows(division)[0].label.endswith("niet zeker")


def test_notes_name_interaction_and_idle_causes_only_when_they_are_there() -> None:
    division, variants = divided(-40, {"a": 5}, together=9)
    notes = " ".join(compare_causes.causes_notes(division, variants))
    assert "aanwijzing" in notes and "Samenspel" in notes and "Oorzaak c" in notes
    division, variants = divided(-40, {"a": 5, "b": 4, "c": 3})
    notes = " ".join(compare_causes.causes_notes(division, variants))
    assert "Samenspel" not in notes and "geen enkele" not in notes


def test_the_table_of_causes_adds_up_and_names_all() -> None:
    division, _ = divided(-40, {"a": 5})
    names = [row[0] for row in compare_causes.causes_table(division)]
    assert names[0] == "De maatregel zelf" and names[-2:] == ["Samenspel van oorzaken", "Het hele verschil"]
    assert names[1:-2] == [f"Oorzaak {c}" for c in "abc"]


# --- for whom, by whom ---


def city() -> dict[str, object]:
    """Scenarios in a region with districts and needs."""
    named = region().model_copy(
        update={
            "districts": {"noord": District(title=text("Noord")), "zuid": District(title=text("Zuid"))},
            "profiles": {"leren": Profile(title=text("leren"))},
        }
    )
    return {
        name: scenario(name, kind).model_copy(update={"region": named})
        for name, kind in (("baseline", "baseline"), ("anders", "idea"))
    }


def worse(margins: dict[Series, tuple[float, float]], seats: float = 100.0) -> Scene:
    """Results in which an outcome of a margin goes from one value to another, with `seats` children there."""
    luck = np.linspace(-0.5, 0.5, 12)
    levels: dict[str, dict[Series, object]] = {"baseline": {}, "anders": {}}
    for s, (today, level) in margins.items():
        there = replace(s, indicator="K17.children_oct")
        levels["baseline"] |= {s: today + luck, there: seats + luck}
        levels["anders"] |= {s: level + luck + luck[::-1] / 10, there: seats + luck}
    return Scene(assumed(told(levels, city())), "baseline", YEARS[-1])  # type: ignore[arg-type]


def test_for_whom_it_becomes_less_names_districts_needs_and_ages() -> None:
    found = compare_people.less(
        worse(
            {
                Series("K34.count", district="noord"): (20, 30),
                Series("K34.count", profile="leren"): (20, 30),
                Series("K12.total", "age:4-7"): (200, 300),
                Series("K12.total", district="zuid"): (300, 200),
            }
        )
    )
    assert {r.whom for r in found.rows} == {"stadsdeel Noord", "hulpvraag: leren", "4 tot en met 7 jaar"}
    assert all(r.runs == "12 van de 12" for r in found.rows) and not found.notes
    noord = next(r for r in found.rows if r.whom == "stadsdeel Noord")
    assert noord.change == ("gemiddeld 10 kinderen meer", "10 meer")
    assert noord.before == ("20", "ongeveer 20")


def test_what_chance_can_explain_is_not_called_less() -> None:
    series = Series("K34.count", district="noord")
    there = replace(series, indicator="K17.children_oct")
    luck = np.linspace(-6, 14, 30)
    levels: dict[str, dict[Series, object]] = {
        "baseline": {series: np.full(30, 20.0), there: np.full(30, 100.0)},
        "anders": {series: 20 + luck, there: np.full(30, 100.0)},
    }
    found = compare_people.less(
        Scene(assumed(told(levels, city())), "baseline", YEARS[-1])  # type: ignore[arg-type]
    )
    assert not found.rows, "its mean is certain, but one run in three is better"
    assert found.notes[1] == "Bij 1 groep kan het bij ‘Idee anders’ minder worden, maar dat is niet zeker."


def test_what_assumptions_can_undo_is_counted_and_not_called_less() -> None:
    """By chance alone it is clear; with drawn assumptions the band holds zero."""
    sure = worse({Series("K34.count", district=d): (20, 30) for d in ("noord", "zuid")})
    values = dict(sure.results.values)
    at = sure.results.positions[Series("K34.count", district="zuid")]
    values["anders", "drawn"] = values["anders", "drawn"].copy()
    values["anders", "drawn"][:4, at] = values["baseline", "drawn"][:4, at] - 5
    found = compare_people.less(replace(sure, results=replace(sure.results, values=values)))
    assert [(r.whom, r.runs) for r in found.rows] == [("stadsdeel Noord", "12 van de 12")]
    assert found.notes == (
        "Bij nog 1 groep kan het bij ‘Idee anders’ minder worden, maar dat is niet zeker.",
    )


def test_for_whom_it_becomes_less_waits_for_six_pairs() -> None:
    sure = worse({Series("K34.count", district="noord"): (20, 30)})
    early = only(sure.results, {("anders", "drawn"): 5})
    found = compare_people.less(replace(sure, results=early))
    assert not found.rows and "nog te weinig doorrekeningen" in found.notes[0]


def test_kinds_of_school_and_small_groups_are_not_named() -> None:
    kind = worse({Series("K34.count", "klein"): (20, 40)})
    few = worse({Series("K34.count", district="noord"): (20, 40)}, seats=9)
    little = worse({Series("K34.count", district="noord"): (40, 43)})
    one = worse({Series("K34.count", district="noord"): (5, 7)})
    for found in map(compare_people.less, (kind, few, little, one)):
        assert not found.rows and "geen stadsdeel" in found.notes[0]


def test_many_groups_are_shortened_and_the_rest_is_counted() -> None:
    ages = {Series("K34.count", f"age:{a}-{a}"): (20.0, 30.0 + a) for a in range(4, 12)}
    found = compare_people.less(worse(ages))
    assert len(found.rows) == compare_people.MOST_ALIKE
    assert "nog 6 andere groepen" in found.notes[0]


def money(changes: dict[str, tuple[float, float]]) -> Scene:
    baseline = toy("money").model_copy(update={"id": "baseline"})
    named = {"baseline": baseline, "anders": baseline.model_copy(update={"id": "anders", "kind": "idea"})}
    levels: dict[str, dict[Series, object]] = {"baseline": {}, "anders": {}}
    paid = dict.fromkeys(baseline.region.payers, (0.0, 0.0)) | changes
    every = {Series("K28.total"): (0.0, 0.0)} | {
        Series("K28.total", f"payer:{p}"): g for p, g in paid.items()
    }
    for s, (low, high) in every.items():
        levels["baseline"][s] = [1e6] * 10
        levels["anders"][s] = 1e6 + np.linspace(low, high, 10)
    return Scene(assumed(told(levels, named)), baseline.id, YEARS[-1])


def test_who_pays_more_and_who_less_with_the_sum_below() -> None:
    rows = compare_people.pays(
        money({"light": (-60e3, -40e3), "heavy": (-10e3, 12e3), "city": (200e3, 240e3)})
    )
    said = {row.who: row.cells[0][0] for row in rows}
    assert rows[-1].whole and said["Allen samen"].startswith("▲ 170 meer")
    assert any(v.startswith("▼ 50 minder") for v in said.values())
    assert "geen duidelijk verschil" in said.values()


def test_who_pays_is_not_known_before_assumptions_count() -> None:
    paid = money({"city": (200e3, 240e3)})
    for there in ({("anders", "drawn"): 5}, {("anders", "fixed"): 2, ("anders", "drawn"): 2}):
        early = replace(paid, results=only(paid.results, there))
        assert {row.cells for row in compare_people.pays(early)} == {(("nog niet bekend", ""),)}


@pytest.mark.parametrize(
    ("low", "high", "cell"),
    [
        (0.4e3, 5e3, ("geen duidelijk verschil", "0 tot 5")),
        (300, 600, ("geen duidelijk verschil", "0 tot 1")),
        (-200, 300, ("evenveel", "")),
        (2e3, 5e3, ("▲ 4 meer", "2 tot 5")),
        (float("nan"), float("nan"), ("–", "")),
    ],
)
def test_a_payer_gets_a_direction_only_when_no_end_is_written_as_nothing(
    low: float, high: float, cell: tuple[str, str]
) -> None:
    runs = np.repeat([low, high], 6)
    assert compare_people.pay_cell(spread(runs, runs), counted=True) == cell


def test_staff_waits_for_six_pairs() -> None:
    found = results({"K26.asked": (5, 0), "K26.found": (5, 0)})
    early = Scene(only(found, {("anders", "drawn"): 5}), "baseline", YEARS[-1])
    rows, notes = compare_people.staff(early)
    assert not rows and notes == ["Idee anders: nog te weinig doorrekeningen om een verschil te noemen."]


def test_a_region_without_prices_says_so() -> None:
    assert compare_people.pays(scene({})) == []


def test_what_has_no_known_amount_is_named() -> None:
    assert compare_people.unknown_amounts(results({})) == []
    city_ = told({"baseline": {LIST: [1.0]}}, {"baseline": sim.load("baseline")})
    assert "jeugdhulp in een JOA" in compare_people.unknown_amounts(city_)


def test_conditions_are_said_with_the_runs_behind_them() -> None:
    idea = scenario("anders").model_copy(
        update={
            "requires": (Condition.model_validate({"of": "groups_open", "pool": "klein", "at_least": 0.9}),)
        }
    )
    series = Series("K26.groups_open", "klein")

    def terms(share: list[float]) -> compare_people.Terms:
        found = told({"baseline": {series: [1.0] * 3}, "anders": {series: share}}, {"anders": idea})
        return compare_people.terms(found, {"anders": "Idee"})[0]

    assert "alle 3 doorrekeningen" in terms([1.0, 0.95, 0.9]).held[0]
    some = terms([1.0, 0.8, 0.7]).failed[0]
    assert (
        "90%" in some
        and "(klein)" in some
        and "gehaald in 1 van de 3" in some
        and "Groepen blijven dicht" in some
    )
    assert "geen van de 3" in terms([0.1, 0.8, 0.7]).failed[0]


# --- the choice ---


IDEAS = tuple(
    scenario(name).model_copy(update={"order": float(i)}) for i, name in enumerate(("b", "a", "c", "d"))
)
FOUND = Shop(scenario("baseline", "baseline"), IDEAS, (), cast(Any, None), "1")


def test_what_is_on_screen_elsewhere_is_compared_else_the_first_ideas_of_the_documents() -> None:
    assert usual(FOUND, Asked()) == tuple(Choice((n,)) for n in ("b", "a", "c"))
    assert usual(FOUND, Asked(choice=Choice(("d",)))) == (Choice(("d",)),)


def test_what_is_compared_with_is_not_compared_with_itself() -> None:
    chosen = chosen_from(FOUND, Asked(baseline=Choice(("a",)), compare=(Choice(("a",)), Choice(("b",)))))
    assert chosen.against.id == "a" and [s.id for s in chosen.scenarios] == ["b"]


def test_an_idea_that_is_not_here_is_left_out_and_said() -> None:
    chosen = chosen_from(FOUND, Asked(compare=(Choice(("weg",)), Choice(("b",)))))
    assert [s.id for s in chosen.scenarios] == ["b"] and "weggelaten" in chosen.problems[0]


def test_what_is_compared_with_is_the_choice_that_is_really_used() -> None:
    assert chosen_from(FOUND, Asked(baseline=Choice(("a",)))).baseline == Choice(("a",))
    lost = chosen_from(FOUND, Asked(baseline=Choice(("weg",))))
    assert (lost.against, lost.baseline) == (FOUND.baseline, Choice()) and "weggelaten" in lost.problems[0]


def test_an_own_file_that_no_longer_fits_is_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfit(_: str) -> Scenario:
        raise ScenarioError([Problem("eigen.yaml", 1, "", "", "it does not fit")])

    monkeypatch.setattr(own, "load", unfit)
    assert list(options_of(FOUND, [Choice(("eigen-AAAAAAAAAAAAAAAAAAAAAA",))])) == ["b", "a", "c", "d"]


def test_options_are_in_the_order_of_the_documents() -> None:
    assert list(options_of(FOUND, [Choice(("b",))])) == ["b", "a", "c", "d"]


# --- as HTML ---


@pytest.mark.parametrize("lang", BOTH)
def test_all_parts_can_be_written_in_both_languages_and_escape_what_they_are_given(lang: Lang) -> None:
    speak(lang)
    bad = scenario("anders").model_copy(update={"title": Text(nl="<b>x</b>", en="<b>x</b>")})
    found = scene({"K02.oct": (-40, 2)}, scenarios=(bad,))
    html = compare_markup.outcomes(compare_table.lines(found), "")
    html += compare_markup.lines(compare_table.pairs(found, WAITING))
    html += compare_markup.terms(compare_people.terms(found.results, compare_table.others(found)))
    paid = money({"light": (-60e3, -40e3), "city": (200e3, 240e3)})
    html += compare_markup.pays(compare_people.pays(paid), list(compare_table.others(paid).values()))
    less = compare_people.less(worse({Series("K34.count", district="noord"): (20, 30)}))
    html += compare_markup.less(less.rows, "zo doorgaan")
    assert "<b>x</b>" not in html and "&lt;b&gt;x" in html
    assert html.count("<table") == 3 and 'scope="row"' in html and 'scope="rowgroup"' in html


def test_what_has_no_assumptions_counted_yet_is_called_provisional() -> None:
    clear = scene({"K02.oct": (-40, 2)})
    assert compare_table.lines(clear)[1].note == ""
    early = told({"baseline": {LIST: [90.0, 91.0, 92.0]}, "anders": {LIST: [40.0, 41.0, 42.0]}})
    found = Scene(early, "baseline", YEARS[-1])
    assert [line.note for line in compare_table.lines(found)] == ["", "voorlopig"]
    assert compare_table.intervals_title(found, WAITING, gap=True).startswith("Voorlopig")
    assert compare_table.lines(found)[1].cells[0].change == "nog niet bekend"
    assert "te weinig doorrekeningen" in compare_table.pairs(found, WAITING)[0]
