"""The answer in words: no direction without a band that leaves out zero, no list without the other figures."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from made_results import close_intake, results, scenario

from sim.app import answer
from sim.app.language import words
from sim.app.scene import FIGURES, KEPT, ROWS, Scene
from sim.indicators import INDICATORS

T = words("explore")
YEAR = "2029"


def scene(mean: float, width: float, *, focus: str = "anders", **more: object) -> Scene:
    found = results({"K02.oct": (mean, width), **more.pop("shift", {})}, **more)
    return Scene(found, focus, found.school_years[-1])


def test_baseline_gives_a_range_and_no_comparison() -> None:
    said = answer.sentence(scene(0, 0, focus="baseline"))
    assert said.startswith("Als we zo doorgaan, wachten er op 1 oktober 2029")
    assert "8 van de 10 doorrekeningen" in said
    assert not re.search("meer|minder", said)


@pytest.mark.parametrize(("mean", "word"), [(-40, "minder"), (40, "meer")])
def test_a_clear_difference_is_said_with_its_range(mean: float, word: str) -> None:
    said = answer.sentence(scene(mean, 3))
    assert re.search(rf"<b>\d+ tot \d+ kinderen {word}</b>", said) and "8 van de 10 doorrekeningen" in said
    assert "voorlopig" not in said


def test_a_range_that_rounds_to_one_number_is_one_number() -> None:
    assert "<b>40 kinderen minder</b>" in answer.sentence(scene(-40, 0.1))


def test_a_band_with_zero_in_it_gives_no_direction() -> None:
    said = answer.sentence(scene(1, 30))
    assert "te klein om iets over te zeggen" in said
    assert re.search(r"van \d+ minder tot \d+ meer", said)


def test_clear_by_chance_but_not_with_assumptions_is_said_with_reserve() -> None:
    said = answer.sentence(scene(-20, 10))
    assert "niet zeker" in said and "aannames" in said


def test_without_drawn_runs_the_answer_is_provisional() -> None:
    assert "voorlopig" in answer.sentence(scene(-40, 0.5, wide=False))


def test_no_difference_at_all_is_said_so() -> None:
    assert "<b>niets</b>" in answer.sentence(scene(0, 0))


def test_one_child_is_one_child() -> None:
    assert "1 kind meer" in answer.sentence(scene(1.1, 0.01))


def test_names_are_escaped() -> None:
    nasty = scenario("anders").model_copy(update={"title": scenario("<i>x").title})
    assert "<i>" not in answer.sentence(scene(-40, 0.5, scenarios=(nasty,)))


def test_a_closed_type_is_never_shown_as_a_shorter_list_alone() -> None:
    closed = scenario("anders", levers=close_intake("klein"))
    s = scene(-40, 0.5, scenarios=(closed,), shift={"K18.unsupported": (55, 1), "K18.supported": (400, 1)})
    beside = answer.also(s)
    assert "klein neemt geen nieuwe kinderen aan" in beside
    assert re.search(r"\d+ kinderen meer op een gewone school met hulp", beside)
    assert re.search(r"\d+ kinderen meer op een gewone school zonder genoeg hulp", beside)
    assert answer.waiting_title(s) == T.CHART_WAIT_GONE.format(year=YEAR)


def test_a_shorter_list_behind_a_longer_road_is_no_shorter_wait() -> None:
    s = scene(-40, 0.5, shift={"K02.from_signal_oct": (300, 5)})
    assert answer.waiting_title(s) == T.CHART_WAIT_ELSEWHERE.format(year=YEAR)
    assert "kinderen meer tussen eerste signaal en plek" in answer.also(s)


def test_a_difference_of_shares_is_in_percentage_points() -> None:
    assert answer.span("K04.placed_26_weeks", (0.05, 0.12)) == "5 tot 12 procentpunt meer"
    assert answer.span("K26.gap", (-3.0, -1.0)) == "1,0 tot 3,0 voltijdbanen minder"
    assert answer.span("K02.oct", (-31.0, 44.0)) == "van 30 minder tot 45 meer"


def test_less_than_one_child_is_no_direction() -> None:
    assert answer.claim("K02.oct", (0.2, 9.0)) == 0
    assert answer.claim("K02.oct", (0.6, 9.0)) == 1
    assert answer.claim("K02.oct", (-9.0, 1.0)) == 0
    assert answer.claim("K12.total", (-920.0, -3.0)) == 0  # "0 to 920 fewer" would be no direction


def test_chart_title_claims_what_the_band_shows() -> None:
    assert answer.waiting_title(scene(-40, 0.5)) == T.CHART_WAIT_DOWN.format(year=YEAR)
    assert answer.waiting_title(scene(40, 0.5)) == T.CHART_WAIT_UP.format(year=YEAR)
    assert answer.waiting_title(scene(1, 30)) == T.CHART_WAIT_UNCLEAR.format(year=YEAR)
    assert answer.waiting_title(scene(0, 0, focus="baseline")) == T.CHART_WAIT_GROWS
    assert answer.waiting_title(scene(0, 0, focus="baseline", waiting=5000.0)) == T.CHART_WAIT_LEVEL


def test_table_has_a_column_per_scenario_and_ranges_beside_numbers() -> None:
    s = scene(-40, 0.5, scenarios=(scenario("anders"), scenario("derde")))
    rows = dict(answer.outcomes(s))
    cells = rows[INDICATORS["K02.oct"].title.nl]
    assert [len(cells), cells[0].change] == [3, ""]
    assert all(re.fullmatch(r"\d+ tot \d+", c.range) for c in cells)
    assert re.fullmatch(r"\d+( tot \d+)? minder, in 30 van de 30 doorrekeningen", cells[1].change)
    assert "Wacht op een plek: klein" in rows


def test_every_indicator_on_screen_exists() -> None:
    assert set(INDICATORS) == set(KEPT)
    assert set(FIGURES) - {"short"} <= set(INDICATORS)
    assert {title for title, _ in answer.definitions()} == {INDICATORS[i].title.nl for i in ROWS}


def test_three_figures_in_three_school_years_with_range_and_difference() -> None:
    s = scene(-40, 0.5)
    whens = answer.whens(s.results)
    assert [w.year for w in whens] == ["2027-2028", "2029-2030"]  # four reported years: no fourth year ahead
    figures = answer.figures(s)
    assert [f.id for f in figures] == list(FIGURES)
    waiting = figures[0].cells[-1]
    assert re.fullmatch(r"\d+ tot \d+", waiting.range) and re.fullmatch(
        r"\d+( tot \d+)? minder", waiting.change
    )


def test_fewer_missed_weeks_with_more_who_wait_before_the_list_gets_a_caution() -> None:
    shift = {"K12.total": (-15, 0.5), "K34.count": (12, 0.5)}
    assert answer.misses_before_the_list(scene(-5, 0.5, shift=shift))
    assert not answer.misses_before_the_list(scene(-5, 0.5, shift={"K12.total": (-15, 0.5)}))


@pytest.mark.parametrize(
    ("left", "said"), [(0.0, "BACKED_NOTHING"), (1.0, "BACKED_ALL"), (0.4, "BACKED"), (None, "BACKED_BUSY")]
)
def test_how_much_is_assumption(left: float | None, said: str) -> None:
    found = results({"K02.oct": (-40, 0.5)})
    values, done = dict(found.values), dict(found.done)
    if left is not None:
        for name in ("baseline", "anders"):
            base = found.values["baseline", "fixed"]
            values[name, "measured"] = base + left * (found.values[name, "fixed"] - base)
            done[name, "measured"] = done[name, "fixed"]
    s = Scene(replace(found, values=values, done=done), "anders", found.school_years[-1])
    assert answer.backed(s) == getattr(T, said).format(share="40%")


def test_abbreviations_are_written_out() -> None:
    assert answer.abbreviations(scene(0, 0)) == "klein = klein voluit · groot = groot voluit"


def test_alternatives_in_words_name_every_line_and_bar() -> None:
    s = scene(-40, 0.5)
    assert all(name in answer.waiting_alt(s) for name in s.names.values())
    assert "klein: " in answer.places_alt(s, answer.places_rows(s))
