"""What can be ticked: ideas in groups, a twin once its idea is chosen, and what a word finds."""

from __future__ import annotations

from made_results import scenario

from sim.app.controls import shelf
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario


def told(id_: str, kind: str, title: str, of: str = "") -> Scenario:
    builds_on = (of,) if of else ()
    return scenario(id_, kind).model_copy(update={"title": Text(nl=title, en=title), "builds_on": builds_on})


BUS, BARE = told("bus", "idea", "Minder bussen"), told("bus-kaal", "twin", "Zonder chauffeur", "bus")
ALL = told("samen", "package", "Alles samen", "bus")
SHELF = (ALL, BARE, BUS)


def seen(ticked: tuple[Scenario, ...] = (), words: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(s.id, group) for s, group in shelf(SHELF, ticked, words)]


def test_ideas_come_before_packages_and_twins_stay_out_of_sight() -> None:
    assert seen() == [("bus", "idea"), ("samen", "package")]


def test_a_twin_stands_under_its_idea_once_that_is_chosen() -> None:
    assert seen(ticked=(BUS,)) == [("bus", "idea"), ("bus-kaal", "idea"), ("samen", "package")]


def test_a_word_finds_twins_too_and_keeps_what_is_chosen() -> None:
    assert seen(words=("chauffeur",)) == [("bus-kaal", "idea")]
    assert seen(ticked=(ALL,), words=("chauffeur",)) == [("bus-kaal", "idea"), ("samen", "package")]
