"""What can be chosen: ideas in the documents' order, a twin as a switch of its idea, and what a word finds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from made_results import close_intake, scenario

from sim.app import own, session
from sim.app import resolve as resolving
from sim.app.choice import Choice, Move, parse
from sim.app.explore.choosing import offers, twin_of
from sim.app.resolve import UnknownChoiceError, all_fit, positions, resolve
from sim.app.server import Shop
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario


def told(id_: str, kind: str, title: str, of: str = "", order: float = 0) -> Scenario:
    more = {"title": Text(nl=title, en=title), "builds_on": (of,) if of else (), "order": order}
    return scenario(id_, kind).model_copy(update=more)


BUS, BARE = told("bus", "idea", "Minder bussen", order=2), told("bus-kaal", "twin", "Zonder chauffeur", "bus")
WALK, ALL = told("lopen", "idea", "Lopen", order=1), told("samen", "package", "Alles samen", "bus")
CLOSED = scenario("dicht", levers=close_intake("klein"))
FOUND = Shop(scenario("baseline", "baseline"), (ALL, BARE, BUS, WALK, CLOSED), (), cast(Any, None), "1")


def test_ideas_stand_in_the_documents_order_and_twins_are_no_line_of_the_list() -> None:
    assert list(offers(FOUND, "idea", ())) == ["dicht", "lopen", "bus"]
    assert list(offers(FOUND, "package", ())) == ["samen"]
    assert (twin_of(FOUND, "bus"), twin_of(FOUND, "lopen")) == ("bus-kaal", "")


def test_a_word_finds_in_every_kind() -> None:
    assert list(offers(FOUND, "idea", ("samen",))) == ["samen"]
    assert offers(FOUND, "idea", ("olifant",)) == {}


def test_a_choice_becomes_its_scenario() -> None:
    assert resolve(Choice(), FOUND) is FOUND.baseline
    assert resolve(parse("bus"), FOUND) is BUS
    moved = resolve(parse("bus!klein.groups=2"), FOUND)
    assert (moved.kind, moved.id) == ("own", parse("bus!klein.groups=2").id)
    assert moved.levers["klein.groups"][0].add == 2.0
    assert moved.title.nl == "Minder bussen, zelf aangepast"


def test_an_own_file_that_no_longer_fits_is_no_line_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfit(_: str) -> Scenario:
        raise ScenarioError([Problem("eigen.yaml", 1, "", "", "it does not fit")])

    monkeypatch.setattr(own, "load", unfit)
    mine = (parse("eigen-AAAAAAAAAAAAAAAAAAAAAA"), parse("bus!klein.groups=2"))
    monkeypatch.setattr(session, "own_choices", lambda: mine)
    assert list(offers(FOUND, "own", ())) == ["bus!klein.groups=2"]


class Slow(dict[str, Scenario]):
    """A memo in which another visitor comes by between any two steps."""

    def __iter__(self) -> Iterator[str]:
        time.sleep(0.0005)
        return super().__iter__()

    def __setitem__(self, key: str, value: Scenario) -> None:
        super().__setitem__(key, value)
        time.sleep(0.0005)


def test_visitors_resolve_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [Choice((f"idee-{n}",)) for n in range(4)]
    made = {choice: scenario(str(choice)) for choice in choices}
    monkeypatch.setattr(resolving, "_MOST_RESOLVED", 1)
    monkeypatch.setattr(resolving, "_resolved", lambda choice, _: made[choice])
    found = Shop(FOUND.baseline, (), (), cast(Any, None), "1")
    found.__dict__["resolved"] = Slow()
    with ThreadPoolExecutor(4) as visitors:
        answers = list(visitors.map(lambda choice: resolve(choice, found), choices * 25))
    assert answers == [made[choice] for choice in choices * 25]
    assert len(found.resolved) == 1


def test_what_is_not_here_is_said_to_be_unknown() -> None:
    for text in ("olifant", "bus,olifant", "eigen-AAAAAAAAAAAAAAAAAAAAAA"):
        with pytest.raises(UnknownChoiceError):
            resolve(parse(text), FOUND)


def test_a_link_cannot_move_a_knob_out_of_its_range_or_invent_one() -> None:
    wild = Choice((), (
        Move("groot.groups", 1e8), Move("klein.intake", 7.0), Move("klein.groups", "veel"),
        Move("niets.groups", 1.0), Move("klein.order", "olifant"),
    ))  # fmt: skip
    values, places = positions(wild, FOUND.baseline)
    assert set(values) == {"groot.groups", "klein.intake"} and places == {}
    assert values["klein.intake"] == 1.0
    assert isinstance(values["groot.groups"], float) and values["groot.groups"] < 100
    assert not all_fit(wild, FOUND.baseline), "and the screen says so"
    assert all_fit(Choice((), (Move("groot.groups", 1.0),)), FOUND.baseline)
