"""The answer in words: no direction without a band that leaves out zero, no list without the other figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from made_results import TYPES, YEARS, close_intake, results, scenario, told

from sim.app import answer
from sim.app.explore import tables
from sim.app.language import LANGUAGES, Lang, speak, words
from sim.app.scene import FIGURES, KEPT, ROWS, Scene
from sim.indicators import INDICATORS
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.shortage import CHILDREN, SEATS, WAITING

T = words("explore")
YEAR = "2029"


@pytest.fixture(autouse=True)
def _dutch() -> Iterator[None]:
    speak("nl")
    yield
    speak("nl")


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
    assert "niet zeker" in said and "te klein" not in said
    assert re.search(r"van \d+ minder tot \d+ meer", said)


def test_only_a_band_of_a_few_children_is_a_small_difference() -> None:
    assert "te klein om iets over te zeggen" in answer.sentence(scene(0.2, 0.5))
    assert "niet zeker" in answer.sentence(scene(0.2, 5))


def test_clear_by_chance_but_not_with_assumptions_is_said_with_reserve() -> None:
    said = answer.sentence(scene(-20, 10))
    assert "niet zeker" in said and "aannames" in said


def test_without_drawn_runs_the_answer_is_provisional() -> None:
    assert "voorlopig" in answer.sentence(scene(-40, 0.5, wide=False))


def test_no_difference_at_all_is_said_so() -> None:
    assert "<b>evenveel</b> kinderen op een plek als bij zo doorgaan" in answer.sentence(scene(0, 0))


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


def test_an_end_that_rounds_to_nothing_has_no_direction() -> None:
    assert answer.span("K02.oct", (-0.4, 12.0)) == "0 tot 12 meer"
    assert answer.span("K02.oct", (-12.0, 0.4)) == "0 tot 12 minder"
    assert answer.span("K02.oct", (-0.4, 0.4)) == "0"
    assert answer.span("K12.total", (-3.0, 920.0)) == "0 tot 920 schoolweken meer"


def test_money_that_is_written_as_nothing_is_no_direction() -> None:
    assert answer.claim("K28.total", (1_500.0, 4_000.0)) == 0  # "0.00 to 0.00 million more"
    assert answer.claim("K28.total", (4_900.0, 90_000.0)) == 0
    assert answer.claim("K28.total", (5_100.0, 90_000.0)) == 1
    assert answer.claim("K28.total", (-90_000.0, -5_100.0)) == -1


def test_less_than_one_child_is_no_direction() -> None:
    assert answer.claim("K02.oct", (0.2, 9.0)) == 0
    assert answer.claim("K02.oct", (0.6, 9.0)) == 1
    assert answer.claim("K02.oct", (-9.0, 1.0)) == 0
    assert answer.claim("K12.total", (-920.0, -3.0)) == 0  # "0 to 920 fewer" would be no direction


def test_chart_title_claims_what_the_band_shows() -> None:
    assert answer.waiting_title(scene(-40, 0.5)) == T.CHART_WAIT_DOWN.format(year=YEAR, beside="zo doorgaan")
    assert answer.waiting_title(scene(40, 0.5)) == T.CHART_WAIT_UP.format(year=YEAR, beside="zo doorgaan")
    assert answer.waiting_title(scene(1, 30)) == T.CHART_WAIT_UNCLEAR.format(year=YEAR, beside="zo doorgaan")


def listed(fixed: list[float], drawn: list[float], year: int = -1) -> Scene:
    """Carrying on with a list of 100 that changes by so many children from the first to the last reported year."""
    path = {m: 100.0 + np.outer(g, np.linspace(0, 1, 4)) for m, g in ((FIXED, fixed), (DRAWN, drawn))}
    parts = [told({"baseline": {Series(WAITING): table}}, mode=mode) for mode, table in path.items()]
    values, done = ({k: v for x in parts for k, v in getattr(x, name).items()} for name in ("values", "done"))
    found = replace(parts[0], modes=(FIXED, DRAWN), values=values, done=done)
    return Scene(found, "baseline", found.reported_years[year])


@pytest.mark.parametrize(
    ("fixed", "drawn", "title"),
    [
        ([40.0, 45.0] * 15, [20.0, 60.0] * 15, "Als we zo doorgaan, groeit de wachtlijst"),
        ([-40.0, -45.0] * 15, [-20.0, -60.0] * 15, "Als we zo doorgaan, wordt de wachtlijst korter"),
        ([40.0, 45.0] * 15, [-20.0, 90.0] * 15, "Of de wachtlijst langer of korter wordt, is niet zeker"),
        ([1.0, -1.0] * 15, [-30.0, 30.0] * 15, "Of de wachtlijst langer of korter wordt, is niet zeker"),
        ([1.0, -1.0] * 15, [-8.0, 8.0] * 15, "Als we zo doorgaan, blijft de wachtlijst ongeveer gelijk"),
    ],
)
def test_growth_is_said_only_when_the_whole_band_grows(
    fixed: list[float], drawn: list[float], title: str
) -> None:
    """Chance alone is not enough, and the year on screen makes no difference: also with the first one chosen."""
    for year in range(4):
        assert answer.waiting_title(listed(fixed, drawn, year)) == title


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


def backed(left: float | None, width: float = 0.0, mean: float = -40) -> str:
    """What is said when so much of the difference is left without effects that nobody measured."""
    found = results({"K02.oct": (mean, 0.5)})
    values, done = dict(found.values), dict(found.done)
    if left is not None:
        for name in ("baseline", "anders"):
            base = found.values["baseline", FIXED]
            noise = width * np.linspace(-1, 1, len(base))[:, None, None] * (name == "anders")
            values[name, "measured"] = base + left * (found.values[name, FIXED] - base) + noise
            done[name, "measured"] = done[name, FIXED]
    return answer.backed(Scene(replace(found, values=values, done=done), "anders", found.school_years[-1]))


@pytest.mark.parametrize(
    ("left", "width", "said", "range_"),
    [
        (0.0, 0.0, "BACKED_NOTHING", "0 kinderen"),
        (1.0, 0.0, "BACKED_ALL", r"\d+( tot \d+)? kinderen minder"),
        (0.4, 0.0, "BACKED", r"\d+( tot \d+)? kinderen minder"),
        (1.82, 0.0, "BACKED_LARGER", r"\d+( tot \d+)? kinderen minder"),
        (-0.5, 0.0, "BACKED_TURNS", r"\d+( tot \d+)? kinderen meer"),
        (-0.5, 60.0, "BACKED_UNCLEAR", r"van \d+ minder tot \d+ kinderen meer"),
        (1.82, 120.0, "BACKED_UNCLEAR", r"van \d+ minder tot \d+ kinderen meer"),
        (None, 0.0, "BACKED_BUSY", ""),
    ],
)
def test_how_much_is_assumption(left: float | None, width: float, said: str, range_: str) -> None:
    """Without such effects a difference can also be larger, or turn round: that is no share between 0 and 1."""
    head, _, tail = getattr(T, said).format(share="40%", range="|").partition("|")
    assert re.fullmatch(re.escape(head) + range_ + re.escape(tail), backed(left, width))


def test_a_difference_that_is_not_there_has_no_share() -> None:
    assert backed(0.5, mean=0.1) == T.BACKED_SMALL


def test_abbreviations_are_written_out() -> None:
    assert answer.abbreviations(scene(0, 0)) == "klein = klein voluit · groot = groot voluit"


def test_alternatives_in_words_name_every_line_and_bar() -> None:
    s = scene(-40, 0.5)
    assert all(name in answer.waiting_alt(s) for name in s.names.values())
    assert "klein: " in answer.places_alt(s, answer.places_rows(s))


# --- compared with another scenario than carrying on ---


def other(
    shift: float, spread: float, *, focus: str = "derde", gaps: dict[str, float] | None = None
) -> Scene:
    """The scenario "derde" against "anders": carrying on has no part in it."""
    found = results({}, scenarios=(scenario("anders"), scenario("derde")))
    values = {cell: array.copy() for cell, array in found.values.items()}
    noise = spread * np.linspace(-1, 1, 30)[:, None]
    for mode in (FIXED, DRAWN):
        for name, gap in ({WAITING: shift} | (gaps or {})).items():
            values["derde", mode][:, found.positions[Series(name)], 3:] += gap + noise
    for name in ("anders", "derde"):
        values[name, "measured"] = values[name, FIXED]
    done = {cell: np.ones(30, dtype=bool) for cell in values}
    found = replace(found, scenarios=found.scenarios[1:], values=values, done=done)
    return Scene(found, focus, found.school_years[-1])


def every_text(s: Scene) -> Iterator[str]:
    """All that the pure functions of Verken say of a scene."""
    rows = answer.places_rows(s)
    yield from (answer.sentence(s), answer.also(s), answer.backed(s), answer.versus(s), answer.places_key(s))
    yield from (answer.waiting_title(s), answer.waiting_alt(s), answer.places_title(s, rows))
    yield from (answer.places_alt(s, rows), answer.closed_groups(s), answer.abbreviations(s))
    yield from (text for row in rows for text in (row.label, row.queue, row.tip))
    cells = [c for f in answer.figures(s) for c in f.cells] + [c for _, cs in answer.outcomes(s) for c in cs]
    yield from (text for c in cells for text in (c.value, c.range, c.change))
    for grid in (tables.waiting(s), tables.places(s, rows)):
        yield from (grid.caption, *grid.head, *(cell for row in grid.rows for cell in row))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("focus", ["anders", "derde"])
@pytest.mark.parametrize(("shift", "spread"), [(-40, 1), (40, 1), (0, 60), (0, 2), (0, 0)])
def test_carrying_on_is_not_said_of_another_scenario(
    lang: Lang, focus: str, shift: float, spread: float
) -> None:
    speak(lang)
    for text in every_text(other(shift, spread, focus=focus)):
        assert not re.search(r"doorgaan|carry", text, re.IGNORECASE), text


def test_what_is_compared_with_is_named() -> None:
    s = other(-40, 1)
    assert re.search(r"^Met ‘Idee derde’ .* dan met ‘Idee anders’ \(", answer.sentence(s))
    assert answer.waiting_title(s) == "In 2029 is de wachtlijst korter dan bij ‘Idee anders’"
    assert answer.versus(s) == "Blauwe tekst: het verschil met ‘Idee anders’."
    alone = other(0, 0, focus="anders")
    assert answer.sentence(alone).startswith(
        "Met ‘Idee anders’ wachten er op 1 oktober 2029 naar verwachting"
    )
    assert answer.waiting_title(alone) == "Met ‘Idee anders’ groeit de wachtlijst"


def test_carrying_on_against_another_scenario_is_said_of_carrying_on() -> None:
    found = results({"K02.oct": (-40, 1)})
    s = Scene(replace(found, scenarios=found.scenarios[::-1]), "baseline", found.school_years[-1])
    said = answer.sentence(s)
    assert (
        said.startswith("Als we zo doorgaan, wachten er")
        and "meer</b> op een plek dan met ‘Idee anders’" in said
    )


def test_a_long_name_does_not_break_the_title_of_a_chart() -> None:
    s = other(-40, 1)
    long = scenario("anders").model_copy(update={"title": scenario("x" * 70).title})
    title = answer.waiting_title(Scene(replace(s.results, scenarios=(long, s.scenario)), "derde", s.year))
    assert len(title) <= 58 and title.endswith("…’") and "‘Idee xxx" in title


# --- when, and where there is room ---


def test_years_ahead_are_counted_from_the_same_zero() -> None:
    found = results({})
    assert [w.words for w in answer.whens(found)] == ["volgend jaar", "over 3 jaar"]
    region = found.baseline.region.model_copy(update={"replay_years": 1})
    ten = replace(
        found,
        scenarios=(found.baseline.model_copy(update={"region": region}),),
        school_years=tuple(f"{y}-{y + 1}" for y in range(2025, 2036)),
    )
    assert [(w.year, w.words) for w in answer.whens(ten)] == [
        ("2027-2028", "volgend jaar"), ("2030-2031", "over 4 jaar"), ("2035-2036", "over 9 jaar"),
    ]  # fmt: skip


def room(children: list[float], waiting: list[float], seats: float) -> Scene:
    """Two kinds of school, the second with room and nobody who waits."""
    first, second = TYPES
    runs = 15
    levels = {
        Series(CHILDREN, first): children * runs, Series(WAITING, first): waiting * runs,
        Series(SEATS, first): [seats] * runs * len(children), Series(CHILDREN, second): [10.0] * runs * len(children),
        Series(WAITING, second): [0.0] * runs * len(children), Series(SEATS, second): [20.0] * runs * len(children),
    }  # fmt: skip
    return Scene(told({"baseline": levels}), "baseline", YEARS[-1])


@pytest.mark.parametrize(
    ("children", "waiting", "seats", "title"),
    [
        ([105.0, 107.0], [0.0, 0.0], 100.0, "Bij 1 van de 2 soorten school is te weinig plaats"),
        ([95.0, 96.0], [10.0, 12.0], 100.0, "Bij 1 van de 2 soorten school zijn te weinig plaatsen"),
        ([99.0, 100.0], [0.0, 0.0], 100.0, "Bij 1 van de 2 soorten school is bijna alles bezet"),
        # On average more children than places, but not in all runs.
        ([80.0, 90.0], [2.0, 40.0], 100.0, "Er zijn plaatsen over, ook waar kinderen wachten"),
        ([80.0, 90.0], [0.0, 0.0], 100.0, "Er zijn plaatsen over"),
    ],
)
def test_a_kind_of_school_is_short_when_the_whole_band_is(
    children: list[float], waiting: list[float], seats: float, title: str
) -> None:
    s = room(children, waiting, seats)
    assert answer.places_title(s, answer.places_rows(s)) == title


def test_when_no_kind_surely_has_room_it_is_not_said() -> None:
    s = room([80.0, 120.0], [0.0, 0.0], 100.0)
    only = [row for row in answer.places_rows(s) if row.place_type == TYPES[0]]
    assert answer.places_title(s, only) == "Of er plaatsen genoeg zijn, is niet zeker"


def test_charts_in_words_and_tables_have_ranges() -> None:
    s = scene(-40, 0.5)
    rows = answer.places_rows(s)
    assert len(re.findall(r"\d+ \(\d+ tot \d+\)", answer.waiting_alt(s))) == 4
    assert all(re.search(r"\d+ \(\d+ tot \d+\) leerlingen", row.tip) for row in rows)
    assert all(re.search(r"bij zo doorgaan \d+ \(\d+ tot \d+\) leerlingen", row.tip) for row in rows)
    grid = tables.places(s, rows)
    assert len(grid.head) == len(set(grid.head)) == 9
    assert all(len(row) == 9 and re.fullmatch(r"\d+ tot \d+", row[2]) for row in grid.rows)
    assert len(tables.places(scene(0, 0, focus="baseline"), rows).head) == 7


def test_tables_round_as_the_rest_of_the_screen() -> None:
    """146 in a table beside 145 on the screen is one number too many."""
    found: Results = told({"baseline": {Series(WAITING): [146.0] * 30}})
    cells = tables.waiting(Scene(found, "baseline", YEARS[-1])).rows[-1]
    assert cells[2:4] == ("145", "145")
    s = room([146.0, 146.0], [21.4, 21.4], 163.0)
    assert tables.places(s, answer.places_rows(s)).rows[0][1:] == ["145", "145", "165", "165", "20", "20"]
