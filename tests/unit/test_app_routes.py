"""The page Routes without a browser: letters of sliders, the picture from results, the child and the waits in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from sim import load
from sim.app.knobs import knobs_of
from sim.app.language import LANGUAGES, speak
from sim.app.routes import child as routes_child
from sim.app.routes import waits as routes_waits
from sim.app.routes.flows import LEAST, change_rows, difference_words, flows, picture, rows_of
from sim.app.routes.future import pick_of, run_of
from sim.app.routes.letters import Spot, at_flows, at_nodes, letters, spot
from sim.app.routes.tables import (
    flow_table,
    letter_rows,
    list_of_letters,
    message,
    note,
    sankey_alt,
    without_letter,
)
from sim.app.routes.waits import Usual, Waits
from sim.app.scene import phrase
from sim.charts.bands import Spread
from sim.scenario.levers import Change, levers_of
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from sim.study.child import Child, Episode, Futures, Road, two_futures
from sim.study.parallel import InProcess
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.routes import ENGINE, LISTED, SIGNALLED, WEEKS
from sim.study.runs import run
from sim.study.store import Store

CLOSED = date(2030, 8, 1)
YEAR = "2035-2036"


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    speak("nl")
    yield
    speak("nl")


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load("toy/inclusion/baseline")


@pytest.fixture(scope="module")
def closed(base: Scenario) -> Scenario:
    """The lighter type takes no new children: they stay in regular schools."""
    change = Change.model_validate({"set": 0, "from": CLOSED})
    return base.model_copy(update={"id": "dicht", "kind": "idea", "levers": {"lighter.intake": (change,)}})


@pytest.fixture(scope="module")
def results(base: Scenario, closed: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Results:
    store = Store(tmp_path_factory.mktemp("store"))
    return run(
        [closed], baseline=base, replications=6, assumptions="fixed", engine=ENGINE, store=store,
        executor=InProcess(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def almere() -> Scenario:
    return load("almere/sbo-in-gewone-scholen")


# --- letters ---


def test_each_slider_has_a_letter_in_the_order_of_the_page(almere: Scenario) -> None:
    named = letters(knobs_of(almere))
    assert list(named.values()) == list("ABCDEFGH")[: len(named)]
    every = letters(knobs_of(almere, more=True))
    assert len(set(every.values())) == len(every) > 26
    assert list(every.values())[25:28] == ["Z", "AA", "AB"]


def test_every_lever_of_almere_has_a_place_or_says_why_not(almere: Scenario) -> None:
    for lever in levers_of(almere.region).values():
        at = spot(lever, almere)
        assert bool(at.node) != bool(at.elsewhere), lever.path
    levers = levers_of(almere.region)
    assert spot(levers["so.groups"], almere) == Spot("seat:so")
    assert spot(levers["so.discipline"], almere) == Spot("seat:so", "list")
    assert spot(levers["bo.support_slots"], almere) == Spot("help")
    assert spot(levers["tlv.refused"], almere) == Spot("request")
    assert spot(levers["outside-vso.admits"], almere) == Spot("from:outside")
    assert spot(levers["leraar.extra"], almere) == Spot(elsewhere="staff")
    assert spot(levers["vso.exit_places"], almere) == Spot("out:exit", "seat:vso")


def test_letters_stand_only_where_something_is_drawn() -> None:
    spots = {"a": Spot("help"), "b": Spot("seat:so", "list"), "c": Spot("programme"), "d": Spot("help")}
    named = letters([type("K", (), {"path": p}) for p in spots])
    assert at_nodes(spots, named, ["help"]) == {"help": "A D"}
    assert at_flows(spots, named, [("list", "seat:so")]) == {("list", "seat:so"): "B"}
    assert at_flows(spots, named, [("list", "seat:sbo")]) == {}


def test_the_list_of_letters_says_where_each_works(results: Results, closed: Scenario) -> None:
    knobs, shown = knobs_of(closed), picture(results, closed.id, YEAR)
    spots = {k.path: spot(k.lever, closed) for k in knobs}
    rows = letter_rows(knobs, spots, letters(knobs), shown, closed.region)
    assert rows[0].is_set and rows[0].letter == "A"
    html = list_of_letters(rows)
    assert html.count("<dt>") == len(knobs) and "<b>" in html


def test_what_has_no_slider_is_named(closed: Scenario) -> None:
    assert without_letter(closed, letters(knobs_of(closed))) == ""
    change = closed.levers["lighter.intake"][0]
    later = change.model_copy(update={"from_": date(2031, 8, 1)})
    twice = closed.model_copy(update={"levers": {"lighter.intake": (change, later)}})
    assert "Lichter: neemt nieuwe kinderen aan" in without_letter(twice, letters(knobs_of(twice)))


# --- the picture ---


def test_children_of_a_closed_type_are_drawn_where_they_stay(results: Results, closed: Scenario) -> None:
    before, after = (picture(results, k, YEAR) for k in (results.baseline.id, closed.id))
    assert "included" in {n.id for n in after.nodes} and "included" not in {n.id for n in before.nodes}
    assert after.count(target="included").middle > LEAST
    assert before.count(target="seat:lighter").middle > LEAST > after.count(target="seat:lighter").middle


def test_small_flows_are_not_drawn_but_told(results: Results, closed: Scenario) -> None:
    shown = picture(results, closed.id, YEAR)
    assert all(link.children >= LEAST for link in shown.links)
    rows = {n.id: n.row for n in shown.nodes}
    assert all(rows[x.source] < rows[x.target] for x in shown.links)
    drawn = sum(x.children for x in shown.links)
    every = sum(f.level.middle for f in shown.flows if not np.isnan(f.level.middle))
    assert drawn + shown.hidden.middle + shown.upward.middle == pytest.approx(every)
    assert str(round(shown.hidden.middle)) in note(shown) or shown.hidden.middle >= 20


def test_a_later_kind_of_school_stands_below(almere: Scenario, results: Results) -> None:
    rows = rows_of(almere.region)
    assert rows["seat:sbo"] == rows["seat:so"] == rows["seat:cluster2"] < rows["seat:vso"] == rows["seat:pro"]
    assert (
        rows["from:bo"] < rows["help"] < rows["request"] < rows["list"] < rows["seat:sbo"] < rows["out:exit"]
    )
    assert rows["out:exit"] > rows["seat:vso"]


def test_the_difference_of_a_flow_is_paired_and_told_only_when_clear(
    results: Results, closed: Scenario
) -> None:
    rows = change_rows(picture(results, closed.id, YEAR).flows, closed.region)
    sure = [r for r in rows if r.sure]
    assert sure and all(r.low > 0 or r.high < 0 for r in sure)
    assert abs(rows[0].middle) == max(abs(r.middle) for r in rows)
    same = flows(results, results.baseline.id, YEAR)
    assert all(f.difference.nothing for f in same)
    assert not change_rows(same, closed.region)


def test_an_unclear_difference_says_so() -> None:
    unclear = Spread(2.0, -3.0, 8.0, float("nan"), float("nan"), 6, 0)
    assert difference_words(unclear).startswith("niet duidelijk")
    clear = Spread(-30.0, -40.0, -25.0, float("nan"), float("nan"), 6, 0)
    assert difference_words(clear) == "25 tot 40 minder"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_has_words_and_a_table_in_both_languages(
    results: Results, closed: Scenario, lang: str
) -> None:
    speak("en" if lang == "en" else "nl")
    shown = picture(results, closed.id, YEAR)
    head, rows = flow_table(shown, closed.region, "zo doorgaan")
    assert len(head) == 7 and rows and all(len(r) == 7 for r in rows)
    assert len(flow_table(shown, closed.region)[1][0]) == 5
    for text in (message(shown), note(shown), sankey_alt(shown, closed.region, "Idee")):
        assert text and "{" not in text


def test_a_year_without_flows_draws_nothing(results: Results) -> None:
    assert picture(results, results.baseline.id, "1999-2000").links == ()


# --- the same child in two futures ---


def road(seat: str, waited: float, *episodes: Episode) -> Road:
    return Road(episodes, waited, False, seat, 40.0 if seat else None)


def child(before: Road, after: Road) -> Child:
    return Child("1f", 7, (before, after))


WAITS = Episode("list", "lighter", date(2030, 1, 1), date(2030, 6, 1), waits=True)
SEAT = Episode("seat", "lighter", date(2030, 6, 1), date(2033, 8, 1))
LEFT = Episode("out", "", date(2033, 8, 1), date(2036, 8, 1), open=True)
STAYS = Episode("included", "", date(2030, 1, 1), date(2036, 8, 1), open=True)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (road("lighter", 30.0, SEAT), road("lighter", 10.0, SEAT), "20 weken korter op een wachtlijst: 10 weken"),
        (road("lighter", 1.2, SEAT), road("lighter", 9.0, SEAT), "8 weken langer op een wachtlijst: 9 weken"),
        (road("lighter", 10.1, WAITS, SEAT), road("lighter", 9.9, SEAT), "even lang"),
        (road("lighter", 10.1, SEAT), road("lighter", 9.9, SEAT), "verandert bijna niets"),
        (road("lighter", 10.0, SEAT), road("", 0.0, STAYS), "blijft dit kind op de gewone school"),
        (road("", 0.0, STAYS), road("heavier", 0.0, SEAT), "een plek in Zwaarder"),
    ],
)  # fmt: skip
def test_the_message_of_a_child(closed: Scenario, before: Road, after: Road, words: str) -> None:
    assert words in routes_child.title(child(before, after), closed.region)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_road_is_told_in_steps(closed: Scenario, lang: str) -> None:
    speak("en" if lang == "en" else "nl")
    one = child(road("lighter", 21.0, WAITS, SEAT, LEFT), road("", 0.0, STAYS))
    names = ("zo doorgaan", "Idee")
    told = routes_child.steps(one.roads[0], closed.region)
    assert told.count("<li>") == 3 and "{" not in told
    assert len(routes_child.rows(one, names, closed.region)) == 4
    assert "{" not in routes_child.alt(one, names, closed.region)
    lines = routes_child.lines(one, names, closed.region)
    assert [len(x.stretches) for x in lines] == [3, 1]
    assert [s.waits for s in lines[0].stretches] == [True, False, False]


def test_nothing_but_its_age_is_told_of_a_child() -> None:
    one = child(road("", 0.0, STAYS), road("", 0.0, STAYS))
    assert routes_child.who(one) == "een verzonnen kind, 7 jaar bij het eerste signaal dat hulp nodig is"
    assert routes_child.who(Child("1f", None, one.roads)) == "een verzonnen kind"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_episode_has_words(base: Scenario, closed: Scenario, lang: str) -> None:
    speak("en" if lang == "en" else "nl")
    found: Futures = two_futures(base, closed, 1, 0)
    assert f"{found.same} van de {found.children}" in routes_child.counts(found, 1) or lang == "en"
    assert str(found.other_type) in routes_child.divided(found)
    for shown in found.chosen.values():
        assert routes_child.rows(shown, ("a", "b"), closed.region)
    for kind in (
        "help", "request", "agreed", "list", "home", "programme_list", "programme", "included", "seat", "regular",
        "not_asked", "back", "on", "helped", "refused", "gave_up", "away", "exempt", "gone", "out",
    ):  # fmt: skip
        episode = Episode(kind, "", date(2030, 1, 1), date(2031, 1, 1))
        assert routes_child.told(episode, closed.region)


# --- how long children wait ---


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Results:
    base = load("toy/priority/baseline")
    change = Change.model_validate({"add": 1, "from": base.region.start})
    path = next(p for p in levers_of(base.region) if p.endswith(".class_size"))
    more = base.model_copy(update={"id": "meer", "kind": "idea", "levers": {path: (change,)}})
    store = Store(tmp_path_factory.mktemp("store"))
    return run(
        [more], baseline=base, replications=6, assumptions="fixed", engine=ENGINE, store=store,
        executor=InProcess(),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_waits_in_words(queue: Results, lang: str) -> None:
    speak("en" if lang == "en" else "nl")
    year = queue.reported_years[1]
    for focus, count in ((queue.baseline.id, 1), ("meer", 2)):
        waits = Waits(queue, focus, year)
        assert waits.compares is (count == 2)
        lines = routes_waits.lines(waits)
        assert len(lines) == count
        assert all(np.all(np.diff(x.middle) <= 1e-9) for x in lines), "who waits only becomes fewer"
        for text in (routes_waits.title(waits), routes_waits.counted(waits), routes_waits.alt(waits)):
            assert text and "{" not in text
        rows = routes_waits.rows(waits)
        assert len(rows) == count * (len(waits.known) + 1) and all(len(r) == 6 for r in rows)


def test_a_shorter_wait_without_a_place_is_no_gain(results: Results, closed: Scenario) -> None:
    """The lighter type takes no one: its children wait no longer, and have no place either."""
    waits = Waits(results, closed.id, YEAR, clock=SIGNALLED)
    assert "op de gewone school gebleven" in routes_waits.stopped(waits)
    assert not routes_waits.stopped(Waits(results, results.baseline.id, YEAR, clock=SIGNALLED))


def test_a_cohort_that_is_followed_for_a_short_time_ends_early(queue: Results) -> None:
    early, late = (Waits(queue, "meer", queue.reported_years[i]).known for i in (0, -1))
    assert len(late) < len(early)
    assert routes_waits.title(Waits(queue, "meer", "1999-2000")).startswith("In dit schooljaar")


def test_pages_read_what_a_link_asks() -> None:
    assert [run_of(t) for t in ("", "1", "3", "99", "x", "-2")] == [0, 0, 2, 29, 0, 0]
    assert [pick_of(t) for t in ("", "longer", "anders")] == ["typical", "longer", "typical"]


@pytest.mark.parametrize(
    ("shares", "week"), [((1.0, 0.6, 0.4, 0.1), 19.5), ((1.0, 0.4, 0.3, 0.1), 0.5 / 0.6 * 13)]
)
def test_the_usual_wait_is_where_the_line_passes_a_half(shares: tuple[float, ...], week: float) -> None:
    assert routes_waits._half_way((0, 13, 26, 52), shares) == pytest.approx(week)
    assert math.isinf(routes_waits._half_way((0, 13), (1.0, 0.9)))


# --- how long children wait, from made numbers ---

MADE_YEAR = "2034-2035"
Shares = tuple[float, ...]


def made(base: Scenario, shares: dict[str, dict[str, Shares]], entered: float = 60.0) -> Results:
    """Results with cohorts: scenario -> kind of school -> who still waits after 0, 4, 13 ... weeks, as far as followed.

    Runs differ by two in a hundred by chance, and by ten with assumptions.
    """
    ids = list(shares)
    scenarios = tuple(
        base if name == base.id else base.model_copy(update={"id": name, "kind": "idea"}) for name in ids
    )
    kinds = sorted({kind for by_kind in shares.values() for kind in by_kind})
    names = [f"{LISTED}.{what}_{week}" for what in ("waiting", "placed", "stopped") for week in WEEKS]
    names += [f"{LISTED}.entered", f"{LISTED}.longest", f"{LISTED}.longest_open"]
    series = tuple(Series(name, kind) for kind in kinds for name in names)
    runs, values = 8, {}
    for name in ids:
        for mode, width in ((FIXED, 0.02), (DRAWN, 0.1)):
            table = np.full((runs, len(series), 1), np.nan)
            chance = np.linspace(-width, width, runs)
            for at, one in enumerate(series):
                what, _, week = one.indicator.removeprefix(f"{LISTED}.").partition("_")
                line = shares[name].get(one.place_type, ())
                if what == "entered":
                    table[:, at, 0] = entered * (1 + chance)
                elif what == "longest":
                    table[:, at, 0] = 1.0 if week else 90 * (1 + chance)
                elif (step := WEEKS.index(int(week))) < len(line):
                    waiting = np.clip(line[step] + chance * (step > 0), 0, 1)
                    table[:, at, 0] = waiting if what == "waiting" else (1 - waiting) / 2
            values[name, mode] = table
    done = {(name, mode): np.ones(runs, dtype=bool) for name in ids for mode in (FIXED, DRAWN)}
    return Results(
        scenarios=scenarios, modes=(FIXED, DRAWN), seed=1, replications=runs, series=series, school_years=(MADE_YEAR,),
        values=values, done=done, engine="", indicators="",
    )  # fmt: skip


FAST, SLOW = (1.0, 0.8, 0.3, 0.1, 0.0), (1.0, 0.95, 0.9, 0.82, 0.7, 0.65)


@pytest.fixture(scope="module")
def two_kinds() -> Scenario:
    """Carrying on, with two kinds of school."""
    return load("toy/inclusion/baseline").model_copy(update={"id": "baseline"})


def test_a_kind_of_school_where_most_still_wait_is_not_left_out(two_kinds: Scenario) -> None:
    found = made(two_kinds, {"baseline": {"all": FAST, "lighter": FAST, "heavier": SLOW}})
    told = routes_waits.half_by_type(Waits(found, "baseline", MADE_YEAR))
    assert "Lichter 9 (" in told
    assert "Zwaarder meer dan 52" in told
    assert "Zwaarder meer dan 52 (" not in told, "a range of which both ends lie beyond says nothing"


def test_the_line_of_a_scenario_where_most_still_wait_has_its_words(two_kinds: Scenario) -> None:
    waits = Waits(made(two_kinds, {"baseline": {"all": SLOW}}), "baseline", MADE_YEAR)
    (line,) = routes_waits.half(waits)
    assert line.startswith("Gewone wacht, zo doorgaan: meer dan 52 weken.")
    assert Usual(20.0, 13.0, math.inf, 52).range == " (13 tot meer dan 52)"


def test_a_year_that_cannot_be_followed_yet_is_not_told_per_hundred(two_kinds: Scenario) -> None:
    waits = Waits(made(two_kinds, {"baseline": {"all": (1.0,), "heavier": (1.0,)}}), "baseline", MADE_YEAR)
    assert waits.known == (0,) and not waits.followable
    assert routes_waits.title(waits).startswith("Dit schooljaar is nog niet te volgen")
    assert routes_waits.half(waits) == [] and routes_waits.half_by_type(waits) == ""
    few = Waits(made(two_kinds, {"baseline": {"all": (1.0,)}}, entered=4), "baseline", MADE_YEAR)
    assert "te weinig kinderen" in routes_waits.title(few)


def test_the_usual_wait_starts_where_the_line_starts() -> None:
    assert routes_waits._half_way((0, 4), (0.45, 0.4)) == 0.0
    assert routes_waits._half_way((0, 4), (0.8, 0.2)) == pytest.approx(2.0)


def test_waits_stand_with_their_range_everywhere(two_kinds: Scenario) -> None:
    lines = {"baseline": {"all": SLOW}, "idee": {"all": (1.0, 0.8, 0.5, 0.4, 0.35, 0.3)}}
    waits = Waits(made(two_kinds, lines), "idee", MADE_YEAR)
    assert routes_waits.title(waits) == (
        "Van de 100 kinderen wachten er na 26 weken nog 40 (32 tot 48), bij zo doorgaan 82 (74 tot 90); maar meer kinderen "
        "hebben dan geen plek"
    )
    assert "60 (55 tot 65) kinderen, bij zo doorgaan 60 (55 tot 65)" in routes_waits.cohort(waits)
    assert "35 (" in routes_waits.stopped(waits) and "; bij zo doorgaan 18 (" in routes_waits.stopped(waits)
    row = routes_waits.rows(waits)[-4]
    assert row[4].count("(") == row[5].count("(") == 1, "who has a place, who stopped"


def test_the_band_of_the_chart_is_the_one_that_the_words_give(two_kinds: Scenario) -> None:
    waits = Waits(made(two_kinds, {"baseline": {"all": SLOW}}), "baseline", MADE_YEAR)
    (line,) = routes_waits.lines(waits)
    s = waits.of("waiting", 26, "baseline")
    assert s.outer[0] < s.low, "assumptions make it wider"
    assert (line.low[3], line.high[3]) == (100 * s.outer[0], 100 * s.outer[1])
    assert "aannames" in routes_waits.band_words(waits)
    fixed = made(two_kinds, {"baseline": {"all": SLOW}})
    fixed.values["baseline", DRAWN][:] = np.nan
    assert "alleen door toeval" in routes_waits.band_words(Waits(fixed, "baseline", MADE_YEAR))


# --- compared with another scenario ---


@pytest.mark.parametrize(("lang", "carry_on"), [("nl", "doorgaan"), ("en", "carry")])
def test_what_is_compared_with_has_its_own_name(
    two_kinds: Scenario, closed: Scenario, lang: str, carry_on: str
) -> None:
    speak("en" if lang == "en" else "nl")
    title = Text(nl="Meer groepen", en="More groups")
    other = two_kinds.model_copy(update={"id": "baseline", "kind": "idea", "title": title})
    texts = []
    for line in (SLOW, FAST, (1.0, 0.96, 0.92, 0.83, 0.71, 0.66), ()):
        waits = Waits(made(other, {"baseline": {"all": SLOW}, "idee": {"all": line}}), "idee", MADE_YEAR)
        texts += [routes_waits.title(waits), routes_waits.cohort(waits), routes_waits.stopped(waits)]
        texts += [*routes_waits.half(waits), routes_waits.alt(waits)]
    one = child(road("lighter", 10.0, SEAT), road("", 0.0, STAYS))
    texts += [routes_waits.T.CHILD_SAME, routes_child.title(one, closed.region)]
    templates = routes_waits.T
    for text in (*templates.SHOWS.values(), templates.CHANGES_NONE, templates.CHANGES_SAME):
        texts.append(text.format(against=phrase(other, "beside")))
    assert not [text for text in texts if carry_on in text.lower()]
    assert any(phrase(other, "beside") in text for text in texts) and phrase(other, "beside").startswith("‘")
    assert carry_on in phrase(two_kinds, "beside")


def test_the_table_names_what_is_compared_with(results: Results, closed: Scenario) -> None:
    shown = picture(results, closed.id, YEAR)
    assert flow_table(shown, closed.region, "iets anders")[0][5] == "Iets anders"


# --- ranges in the picture ---


def test_sums_over_flows_are_made_run_by_run(results: Results, closed: Scenario) -> None:
    shown = picture(results, closed.id, YEAR)
    runs = np.zeros(results.replications)
    for f in shown.flows:
        if f.target.startswith("seat:"):
            runs += f.here[FIXED]
    low, high = shown.count(target="seat:").outer
    assert runs.min() <= low < runs.mean() < high <= runs.max()
    of_flows = [f.level.outer for f in shown.flows if f.target.startswith("seat:")]
    assert high < sum(ends[1] for ends in of_flows), "no sum of the ends of flows"
    assert shown.count(target="nowhere").outer == (0.0, 0.0)


def test_no_number_of_the_picture_stands_without_its_range(results: Results, closed: Scenario) -> None:
    shown = picture(results, closed.id, YEAR)
    assert message(shown).count(" tot ") == 2
    assert len(message(shown)) < 130, "two lines at the most"
    for text in (note(shown), sankey_alt(shown, closed.region, "Idee")):
        assert " tot " in text
    assert all(" tot " in n.tip for n in shown.nodes) and all(" tot " in x.tip for x in shown.links)
    rows = flow_table(shown, closed.region)[1]
    stations = [row for row in rows if "(alles samen)" in row[:2]]
    assert len(stations) == len(shown.nodes) and rows[: len(stations)] == stations
