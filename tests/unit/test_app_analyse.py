"""The page Analyse without a browser: single runs in words, and how far each own scenario is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_results import TYPES, region, results, scenario, told

from sim.app.analyse.edit import fits, text_of
from sim.app.analyse.runs import (
    Asked,
    Runs,
    curve_figure,
    curve_title,
    dots_alt,
    dots_figure,
    dots_table,
    enough_alt,
    enough_figure,
    enough_table,
    enough_title,
    runs_of,
)
from sim.app.analyse.words import places_of, runs_offered, types_of
from sim.app.analyse.workshop import check
from sim.app.language import speak
from sim.scenario.resolve import load
from sim.study.results import Series

YEAR = "2028-2029"


@pytest.fixture(autouse=True)
def dutch() -> None:
    speak("nl")


def runs(
    shift: tuple[float, float] = (-30, 3), *, narrow: int = 10, difference: bool = True, **more: object
) -> Runs:
    found = results({"K02.oct": shift}, **more)
    return runs_of(found, "anders", Asked("K02.oct", "all", YEAR, difference, narrow))


def test_runs_are_paired_differences_of_one_year() -> None:
    found = results({"K02.oct": (-30, 3)})
    made = runs_of(found, "anders", Asked("K02.oct", "all", YEAR, True))
    at = found.positions[Series("K02.oct")]
    year = found.school_years.index(YEAR)
    gap = found.values["anders", "fixed"][:, at, year] - found.values["baseline", "fixed"][:, at, year]
    assert np.array_equal(made.chance, gap) and len(made.drawn) == 30
    assert (
        made.counted == "Kinderen die wachten op 1 oktober, 2028-2029: verschil met ‘zo doorgaan’ (kinderen)"
    )


def test_a_level_has_its_own_words_and_no_line_of_no_difference() -> None:
    made = runs(difference=False)
    assert made.counted == "Kinderen die wachten op 1 oktober, 2028-2029 (kinderen)"
    assert curve_title(made).startswith("8 van de 10 keer: tussen 1")
    assert not any("geen verschil" in (a.text or "") for a in dots_figure(made).layout.annotations)


def test_the_message_claims_a_direction_only_when_the_band_leaves_out_zero() -> None:
    assert curve_title(runs()).endswith(" minder")
    assert "Niet duidelijk: van " in curve_title(runs((0.0, 20.0)))


def test_the_message_rests_on_the_band_of_the_other_pages_and_needs_six_pairs() -> None:
    """One drawn run said "8 of 10 times", and drawn runs narrower than chance gave a band of their own."""
    chance = np.linspace(-12.0, 8.0, 30)
    made = replace(runs(), chance=chance, drawn=np.full(30, -2.0))
    assert curve_title(made) == "Niet duidelijk: van 10 minder tot 6 meer"
    for few in (1, 5):
        assert curve_title(replace(made, drawn=np.full(few, -2.0))) == "Nog te weinig doorrekeningen"
    level = replace(made, asked=replace(made.asked, difference=False))
    assert curve_title(replace(level, drawn=level.drawn[:1])) == "Nog te weinig doorrekeningen"


def test_titles_of_charts_fit_on_a_telephone() -> None:
    for shift in ((-30, 1), (-30, 40), (0.0, 20.0), (-3000, 2000)):
        made = runs(shift)
        assert max(len(curve_title(made)), len(enough_title(made))) <= 50


def test_enough_runs_are_said_with_the_number_that_is_needed() -> None:
    assert enough_title(runs((-30, 1))).startswith("Genoeg voor het gemiddelde: na ")
    few = enough_title(runs((-30, 40)))
    assert few.startswith("Nog niet genoeg: ongeveer ")
    # A margin of half the width needs about four times as many runs.
    wide, narrow = (
        int(enough_title(runs((-300, 300), narrow=n)).split()[-3].replace(".", "")) for n in (20, 10)
    )
    assert 3.5 < narrow / wide < 4.5


def test_no_run_that_differs_is_said_and_an_outcome_that_is_not_there_is_unknown() -> None:
    same = told({"baseline": {Series("K02.oct"): [5.0, 6.0]}, "anders": {Series("K02.oct"): [5.0, 6.0]}})
    assert runs_of(same, "anders", Asked("K02.oct", "all", YEAR, True)).same
    assert not runs_of(same, "anders", Asked("K99.none", "all", YEAR, True)).known
    assert not runs_of(same, "anders", Asked("K02.oct", "all", "1999-2000", True)).known


def test_shares_are_shown_in_per_cent() -> None:
    shares = told(
        {
            "baseline": {Series("K07.within_term"): [0.5, 0.6]},
            "anders": {Series("K07.within_term"): [0.7, 0.8]},
        }
    )
    made = runs_of(shares, "anders", Asked("K07.within_term", "all", YEAR, True))
    assert made.unit == "procentpunt" and made.wanted == pytest.approx(0.02)
    assert {round(x) for t in dots_figure(made).data if t.name for x in t.x} <= set(range(19, 22))
    assert dots_table(made).rows[0][4] == "+20"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_each_figure_has_words_and_a_table(lang: str) -> None:
    speak(lang)
    made = runs()
    for figure in (dots_figure(made), curve_figure(made), enough_figure(made)):
        assert figure.layout.title.text and not figure.layout.showlegend
    assert "30" in dots_alt(made) and enough_title(made) in enough_alt(made)
    assert [len(row) for row in dots_table(made).rows] == [7, 7]
    assert len(enough_table(made).rows) == 30


def test_a_long_table_of_the_running_mean_is_thinned_and_ends_with_the_last_run() -> None:
    rows = enough_table(runs(runs=200)).rows
    assert len(rows) <= 41 and rows[-1][0] == "200"


def test_runs_to_choose_from_hold_what_the_server_usually_runs() -> None:
    assert runs_offered(30) == [12, 30, 50, 100, 200]
    assert runs_offered(8, 50) == [8, 12, 30, 50]


def test_small_kinds_of_school_are_not_shown_apart() -> None:
    made = region()
    assert types_of("K02.oct", made) == ["all", *TYPES]
    few = {
        key: place.model_copy(update={"groups": {}})
        for key, place in made.places.items()
        if place.type == "klein"
    }
    assert types_of("K02.oct", made.model_copy(update={"places": {**made.places, **few}})) == ["all", "groot"]
    assert places_of("groot", made) == 40
    assert all(
        places_of(kind, load("baseline").region) >= 10
        for kind in types_of("K02.oct", load("baseline").region)[1:]
    )


def test_what_is_on_screen_becomes_a_text_to_change() -> None:
    given = load("sbo-in-gewone-scholen")
    found, wrong = check(text_of(given))
    assert found is not None and not wrong
    assert found.id == "mijn-sbo-in-gewone-scholen" and found.digest() == given.digest()
    assert "verandert 3 knoppen" in fits(found)
    assert "geen enkele knop" in fits(scenario("leeg"))
