"""The page Aannames: rows and cards of numbers, links to them, and what the answer becomes when one is different."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.app import terms
from sim.app.answer import Cell, span
from sim.app.explain import html as explain_html
from sim.app.explain.answer import MONEY, difference, outcomes_of, told
from sim.app.explain.card import Slider, does, rules, slider_of, step_label, used_by
from sim.app.explain.context import ROOT, context, statement
from sim.app.explain.links import behind, behind_routes, effect_paths, lever_number, seat_paths
from sim.app.explain.numbers import (
    KINDS,
    PER_SHEET,
    Wanted,
    figure,
    figures,
    in_words,
    is_few,
    kind_of,
    position,
    sheet,
    shown,
    title_of,
    unit_of,
    wanted_rows,
)  # fmt: skip
from sim.app.language import speak, words
from sim.app.scene import FIGURES, phrase
from sim.charts.bands import spread
from sim.indicators import INDICATORS
from sim.report.content import Tongue
from sim.report.limits import limits
from sim.scenario.describe import NumberRow, number_rows
from sim.scenario.levers import levers_of
from sim.scenario.resolve import survey
from sim.scenario.scenario import Scenario
from sim.study import what_if
from sim.study.results import FIXED, Results, Series
from sim.study.shortage import CHILDREN, SEATS, WAITING

HELP = "effects.support_referral.size"
YEAR = "2030-2031"
TITLES = {outcome: outcome for outcome in (*FIGURES, MONEY)}


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    speak("nl")
    terms.begin()
    yield
    speak("nl")


@pytest.fixture(scope="module")
def shelf() -> tuple[Scenario, ...]:
    return survey(None, "almere")[0]


@pytest.fixture(scope="module")
def baseline(shelf: tuple[Scenario, ...]) -> Scenario:
    return shelf[0]


@pytest.fixture(scope="module")
def rows(baseline: Scenario) -> list[NumberRow]:
    return number_rows(baseline)


def row(rows: list[NumberRow], path: str) -> NumberRow:
    return next(r for r in rows if r.path == path)


# --- the list ---


def test_every_number_is_of_a_kind(rows: list[NumberRow]) -> None:
    kinds = {kind_of(r.path) for r in rows}
    assert kinds == set(KINDS) - {"other"}
    assert kind_of("region.places.olivijn.groups.zml") == "places"
    assert kind_of("region.place_types.so.class_size") == "places"
    assert kind_of("region.place_types.so.list.patience") == "waiting"
    assert kind_of("region.place_types.so.review.back") == "flows"
    assert kind_of("once.0.amount") == "money"


def test_words_grade_and_kind_narrow_the_list(rows: list[NumberRow]) -> None:
    assert len(wanted_rows(rows, Wanted())) == len(rows)
    found = wanted_rows(rows, Wanted("OLIVIJN groepen", "places", "E"))
    assert found
    assert all("olivijn" in r.path and r.grade == "E" for r in found)
    assert wanted_rows(rows, Wanted("severe learning Olivijn")), "English words find a number too"
    assert wanted_rows(rows, Wanted("bestaatnietzo")) == ()


def test_a_page_of_the_list_exists(rows: list[NumberRow]) -> None:
    first, last, beyond = (sheet(rows, at) for at in (1, 25, 99))
    assert (len(first.rows), first.sheets, first.found) == (PER_SHEET, 25, len(rows))
    assert beyond.at == last.at == 25
    assert sheet([], 3).sheets == 1


@pytest.mark.parametrize(
    ("value", "unit", "dutch", "english"),
    [
        (0.156, "share", "15,6%", "15.6%"),
        (0.0044, "per child per year", "4,4 per 1.000 kinderen per jaar", "4.4 per 1,000 children a year"),
        (5717, "children", "5.717 kinderen", "5,717 children"),
        (1.0, "weeks", "1 week", "1 week"),
        (0.8, "ratio", "0,8", "0.8"),
        (10.38, "children per group", "10,4 kinderen per groep", "10.4 children per group"),
        (0, "groups", "0 groepen", "0 groups"),
        (-0.013, "per year", "−0,013 per jaar", "−0.013 a year"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_people_say_it(value: float, unit: str, dutch: str, english: str) -> None:
    assert f"{figure(value, unit)} {unit_of(value, unit)}".strip() == dutch
    speak("en")
    assert f"{figure(value, unit)} {unit_of(value, unit)}".strip() == english


def test_a_range_is_on_the_scale_of_its_value() -> None:
    assert figures(0.05, (0.01, 0.5), "per child per year") == ("50", "10", "500")
    assert figures(0.2, (0.05, 1.0), "share") == ("20%", "5%", "100%")
    assert (position(3, 2, 4), position(9, 2, 4), position(1, 1, 1)) == (0.5, 1.0, 0.5)


def test_an_effect_says_how_much_it_changes(rows: list[NumberRow]) -> None:
    found = row(rows, HELP)
    assert in_words(found) == "= 20% minder"
    assert title_of(found) == (
        "verhouding (1 = geen effect)",
        "Extra hulp op de gewone school: minder verwijzingen",
    )
    exponent = next(r for r in rows if r.path.startswith("effects.") and "0 = geen effect" in r.title.nl)
    assert in_words(exponent) == ""


def test_small_counts_of_one_school_are_not_shown(rows: list[NumberRow]) -> None:
    few = [r for r in rows if is_few(r)]
    assert few, "some schools start with a few children on their list"
    assert all(shown(r) == "< 5" for r in few)
    html = explain_html.number_list(few, {})
    assert "klein aantal" in html
    assert "ds-range" not in html


def test_rows_carry_link_grade_source_and_language(rows: list[NumberRow]) -> None:
    html = explain_html.number_list([row(rows, HELP)], {HELP: 1.0})
    assert f'id="{HELP}"' in html
    assert f"getal={HELP}" in html
    assert 'lang="en"' in html, "the source stands there in English"
    assert "geen effect: 1" in html
    speak("en")
    assert 'lang="en"' not in explain_html.number_list([row(rows, HELP)], {})


def test_nothing_of_a_file_becomes_markup(rows: list[NumberRow]) -> None:
    import dataclasses  # noqa: PLC0415

    bad = dataclasses.replace(row(rows, HELP), source="<script>x</script>", note='"><b>', path='x"y')
    html = explain_html.card(bad, None, "<i>") + explain_html.number_list([bad], {})
    assert "<script>" not in html
    assert "<i>" not in html.replace('<i style="left', "")


# --- the card ---


def test_a_card_says_what_an_effect_does(baseline: Scenario) -> None:
    assert does(baseline, HELP).startswith("Verandert: kans op een verwijzing.")
    assert "Basisonderwijs" in does(baseline, HELP)
    assert does(baseline, "region.places.olivijn.class_size") == ""


def test_ideas_that_touch_a_number(baseline: Scenario, shelf: tuple[Scenario, ...]) -> None:
    ids = [idea.id for idea in used_by(baseline, HELP, shelf[1:])]
    assert "sbo-in-gewone-scholen" in ids
    assert not [name for name in ids if name.endswith("-zonder-voorwaarden")]
    of_school = used_by(baseline, "region.places.olivijn.groups.zml", shelf[1:])
    for idea in of_school:
        assert any(lever.startswith("so.") for lever in idea.levers)
    assert used_by(baseline, "floor", shelf[1:]) == ()


def test_half_and_double_come_with_what_must_be_known(baseline: Scenario) -> None:
    def said(path: str) -> str:
        return " ".join(rules(baseline, path, what_if.tries(baseline, path)))

    assert "wortel" in said(HELP)
    assert "niet" in said("region.place_types.sbo.list.accept"), "a chance over 1 is pulled back"
    assert "samen" in said("region.sources.bo-sbo.profiles.leren")
    fitted = baseline.posterior.paths[0]
    assert "passend gemaakt" in said(fitted)
    fixed = "region.places.olivijn.groups.zml"
    assert "aannemelijk" not in said(fixed), "a number without a range lies outside nothing"


def test_a_step_bears_its_value(baseline: Scenario, rows: list[NumberRow]) -> None:
    steps = what_if.tries(baseline, HELP)
    assert [step_label(step, row(rows, HELP)) for step in steps] == [
        "De helft: 0,894", "Het dubbele: 0,64", "Geen effect: 1",
    ]  # fmt: skip
    few = next(r for r in rows if is_few(r))
    assert step_label(what_if.tries(baseline, few.path)[0], few) == "Met de helft", (
        "no way round to a small count"
    )


def test_a_slider_has_round_steps_within_the_range(rows: list[NumberRow]) -> None:
    assert slider_of(row(rows, HELP)) == Slider(0.6, 1.0, 0.8, 0.01, 1.0)
    share = slider_of(row(rows, "region.place_types.sbo.list.accept"))
    assert share is not None
    assert (share.high, share.scale) == (100.0, 100.0)
    assert slider_of(row(rows, "region.places.olivijn.groups.zml")) is None
    assert all(slider_of(r) is None for r in rows if is_few(r))


# --- links from other pages ---


def test_every_path_behind_a_lever_is_a_number(baseline: Scenario) -> None:
    known = set(baseline.quantities())
    levers = levers_of(baseline.region)
    assert all(set(effect_paths(baseline, lever)) <= known for lever in levers)
    starts = {lever: lever_number(baseline.region, lever) for lever in levers}
    assert set(starts.values()) - {""} <= known
    assert starts["bo.support_slots"] == "region.regular.bo.support.slots"
    assert HELP not in effect_paths(baseline, "so.groups")


def test_what_stands_behind_a_knob_is_linked(baseline: Scenario) -> None:
    found = behind(baseline, ["bo.support_slots", "bo.support_slots"])
    assert {"region.regular.bo.support.slots", HELP} <= set(found)
    html = explain_html.behind(found)
    assert f"Aannames hierachter: {len(found)}" in html
    assert f"getal={HELP}" in html
    assert explain_html.behind({}) == ""


def test_behind_the_routes_stand_who_comes_and_where_they_go(baseline: Scenario) -> None:
    found = behind_routes(baseline)
    assert {"region.sources.bo-so.rate", "region.place_types.so.transition.to.vso"} <= set(found)
    assert set(found) <= set(baseline.quantities())
    assert not any(".profiles." in path for path in found)


def test_seats_are_made_of_groups_and_children_per_group(baseline: Scenario) -> None:
    for kind in baseline.region.place_types:
        paths = seat_paths(baseline.region, kind)
        assert paths
        assert set(paths) <= set(baseline.quantities())
    assert "region.places.olivijn.class_size" in seat_paths(baseline.region, "so")


# --- the answer ---


def results(tried: what_if.Tried, levels: dict[str, float], runs: int = 8, lacking: str = "") -> Results:
    """Waiting children per scenario, with a little chance; all other outcomes stay the same."""
    scenarios = (tried.baseline, *tried.scenarios)
    series = (
        Series(WAITING),
        Series("K12.total"),
        Series(WAITING, "so"),
        Series(CHILDREN, "so"),
        Series(SEATS, "so"),
    )
    values = {}
    for s in scenarios:
        table = np.full((runs, len(series), 1), 100.0)
        table[:, 0, 0] = levels.get(s.id, 100.0) + np.arange(runs)
        values[s.id, FIXED] = table
    done = {(s.id, FIXED): np.full(runs, s.id != lacking) for s in scenarios}
    return Results(
        scenarios=scenarios, modes=(FIXED,), seed=1, replications=runs, series=series, school_years=(YEAR,), values=values,
        done=done, engine="", indicators="",
    )  # fmt: skip


def idea(shelf: tuple[Scenario, ...]) -> Scenario:
    return next(s for s in shelf if s.id == "sbo-in-gewone-scholen")


def test_the_level_alone(baseline: Scenario) -> None:
    tried = what_if.plan(baseline, baseline, HELP)
    found = told(
        results(tried, {"baseline": 100, "baseline~half": 140, "baseline~double": 60}), tried, YEAR, TITLES
    )
    assert found.sentences[0] == "Met de helft zijn er 40 meer wachtende kinderen."
    assert found.sentences[1] == "Met het dubbele zijn er 40 minder wachtende kinderen."
    now, half, *_ = found.rows[0].cells
    assert now == Cell("105", "(100 tot 105)", "")
    assert half.change == "40 meer"


def test_nothing_to_say_before_a_value_is_chosen(baseline: Scenario) -> None:
    tried = what_if.plan(baseline, baseline, HELP, ())
    found = told(results(tried, {}), tried, YEAR, TITLES)
    assert found.sentences == ("Zo is het nu. Kies hierboven een andere waarde om te zien wat er verandert.",)


def test_a_number_that_does_nothing_is_said_to_do_nothing(
    baseline: Scenario, shelf: tuple[Scenario, ...]
) -> None:
    alone = what_if.plan(baseline, baseline, HELP)
    assert "Kies hierboven een idee" in told(results(alone, {}), alone, YEAR, TITLES).sentences[0]
    both = what_if.plan(baseline, idea(shelf), HELP)
    found = told(results(both, {}), both, YEAR, TITLES)
    assert found.sentences == ("Het antwoord verandert niet: in geen enkele doorrekening.",)
    assert [c.value for c in found.rows[0].cells] == ["evenveel"] * 4


def test_whether_the_direction_stays(baseline: Scenario, shelf: tuple[Scenario, ...]) -> None:
    name = idea(shelf).id
    tried = what_if.plan(baseline, idea(shelf), HELP)
    levels = {name: 60, f"{name}~half": 80, f"{name}~double": 150, f"{name}~none": 100}
    found = told(results(tried, levels), tried, YEAR, TITLES)
    assert found.sentences == (
        "De richting blijft met de helft gelijk: minder wachtende kinderen.",
        "De richting draait met het dubbele om: meer wachtende kinderen.",
        "De richting is zonder effect niet meer duidelijk, voor wachtende kinderen.",
    )
    assert [c.value for c in found.rows[0].cells] == ["40 minder", "20 minder", "50 meer", "evenveel"]


def test_a_value_without_runs_waits_for_them(baseline: Scenario) -> None:
    tried = what_if.plan(baseline, baseline, HELP)
    found = told(results(tried, {"baseline~half": 140}, lacking="baseline~double"), tried, YEAR, TITLES)
    assert found.rows[0].cells[2] == Cell("…", "wordt berekend", "")
    assert len(found.sentences) == 2


def test_a_price_is_shown_with_the_money(baseline: Scenario) -> None:
    assert MONEY in outcomes_of(baseline, "region.prices.vervoer.amount")
    assert outcomes_of(baseline, HELP) == FIGURES
    rides = [name for name, effect in baseline.effects.items() if effect.acts_on == "transport"]
    assert rides, "the region has an effect on transport"
    assert all(MONEY in outcomes_of(baseline, f"effects.{name}.size") for name in rides)
    # What an effect is called decides nothing.
    renamed = baseline.model_copy(update={"effects": {"anders": baseline.effects[rides[0]]}})
    assert MONEY in outcomes_of(renamed, "effects.anders.size")
    assert difference(WAITING, spread(np.array([-5.0, 5.0, 1.0]), np.empty(0))) == "geen duidelijk verschil"


def test_a_level_beside_a_difference_has_its_range(baseline: Scenario, shelf: tuple[Scenario, ...]) -> None:
    tried = what_if.plan(baseline, idea(shelf), HELP)
    found = told(results(tried, {idea(shelf).id: 60}), tried, YEAR, TITLES)
    assert found.rows[0].cells[0].range == "in totaal 65 (60 tot 65)"


def test_both_ends_of_a_band_are_rounded_alike_on_every_page() -> None:
    band = spread(np.array([95.0, 4350.0]), np.empty(0))
    assert difference("K12.total", band) == span("K12.total", band.outer, bare=True)
    assert not difference("K12.total", band).startswith("95 ")


@pytest.mark.parametrize(("lang", "carry_on"), [("nl", "doorgaan"), ("en", "carry")])
def test_what_a_number_is_tried_beside_has_its_own_name(
    baseline: Scenario, shelf: tuple[Scenario, ...], lang: str, carry_on: str
) -> None:
    speak("en" if lang == "en" else "nl")
    other = shelf[1]
    alone = what_if.plan(other, other, HELP)
    (text,) = told(results(alone, {}), alone, YEAR, TITLES).sentences
    caption = words("explain").ANSWER_VERSUS.format(name="Idee", against=phrase(other, "beside"), year=YEAR)
    assert phrase(other, "beside") in text and phrase(other, "beside") in caption
    assert carry_on not in f"{text} {caption}".lower()


# --- the other parts ---


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_outcome_has_its_definition(lang: str) -> None:
    speak(lang)  # type: ignore[arg-type]
    for indicator in INDICATORS.values():
        html = explain_html.outcome(indicator, opened=False)
        assert f'id="{indicator.id}"' in html
        assert html.count("<dt>") >= 7
    assert "ds-numcard" in explain_html.short_outcome(opened=True)


def test_what_has_no_lever_is_all_of_the_page_of_the_docs() -> None:
    text = (ROOT / "docs/context.md").read_text(encoding="utf-8")
    for lang in ("nl", "en"):
        items = [item for _, items in context(lang) for item in items]  # type: ignore[arg-type]
        assert len(items) == sum(line.startswith("**") for line in text.splitlines())
        assert all(item.title and item.text for item in items)
    assert context("nl", Path("/nowhere")) == ()


def test_the_statement_is_unfinished_until_it_is_filled_in(tmp_path: Path) -> None:
    for lang in ("nl", "en"):
        found = statement(lang)  # type: ignore[arg-type]
        assert found is not None
        assert found.unfinished
    file = tmp_path / "ours.md"
    file.write_text(
        "# Nederlands\n\nKlaar, zie [de site](https://x).\n\n# English\n\nDone.\n", encoding="utf-8"
    )
    ours = statement("nl", file)
    assert ours is not None
    assert (ours.text, ours.unfinished) == ("Klaar, zie [de site](https://x).", False)
    assert statement("nl", tmp_path / "none.md") is None


def test_the_limits_are_those_of_this_version() -> None:
    text = str(limits(Tongue("nl")).blocks)
    assert "wachten vanaf het eerste signaal" in text


def test_the_language_of_a_source_is_told() -> None:
    assert explain_html.language_of("assumption: most of the children are in school") == "en"
    assert explain_html.language_of("telling van de gemeente") == "nl"
    assert explain_html.language_of("DUO 2023") is None
