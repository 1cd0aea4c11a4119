"""Every scenario of the schatkist: it resolves, zero dose is nothing, it moves something, and without effects no child moves.

The thin version of `python -m proof schatkist`: of what asks for two runs without effects, a third of the scenarios, another
third when the engine or a scenario changes.
"""

from __future__ import annotations

import hashlib
from functools import cache

import pytest

from proof import schatkist
from proof.table import digest
from sim.indicators import INDICATORS
from sim.scenario.resolve import load, survey
from sim.scenario.scenario import Scenario


@cache
def found() -> dict[str, Scenario]:
    return schatkist.scenarios()


@cache
def third() -> list[str]:
    """A third of the scenarios, chosen by the engine and the scenarios themselves."""
    salt = digest("sim/model", "scenarios/almere")
    return [s for s in found() if int(hashlib.sha256(f"{salt}{s}".encode()).hexdigest(), 16) % 3 == 0]


def test_every_scenario_resolves():
    assert survey(region="almere")[1] == []
    assert len(found()) > 60


def test_every_idea_has_a_risk_that_can_be_seen():
    bare = [s.id for s in found().values() if s.kind == "idea" and not any(r.of for r in s.risks)]
    assert bare == []


def test_risks_and_claims_name_indicators_that_exist():
    asked = {r.of for s in found().values() for r in s.risks if r.of} | {
        c.indicator for c in schatkist.claims()
    }
    assert asked - INDICATORS.keys() == set()


def test_a_twin_differs_in_levers_only():
    for s in found().values():
        if s.kind == "twin":
            parent = load(f"almere/{s.builds_on[-1]}")
            assert s.effects == parent.effects and not s.overrides
            assert s.levers != parent.levers


def test_what_surprises_is_said_in_three_sentences():
    told = [s for s in found().values() if s.surprise]
    assert len(told) >= 12
    for s in told:
        assert s.surprise is not None
        for text in (s.surprise.nl, s.surprise.en):
            assert sum(text.count(mark) for mark in (". ", "? ", "! ")) == 2, s.id


def test_every_scenario_has_a_claim():
    assert {c.scenario for c in schatkist.claims()} == found().keys()


def test_ideas_come_in_the_order_of_the_documents():
    ids = [
        s.id
        for s in found().values()
        if s.kind == "idea" and s.source and s.source.item in ("I01", "I06", "I12")
    ]
    assert ids == ["geintegreerd-in-de-school", "wijkobservatiegroepen", "anders-opleiden"]


@pytest.mark.parametrize("name", found())
def test_zero_dose_is_byte_for_byte_today(name: str):
    assert schatkist.same_as_baseline(schatkist.never(found()[name]), years=1)


@pytest.mark.parametrize("name", found())
def test_it_moves_an_indicator_or_says_why_not(name: str):
    assert schatkist.moved(schatkist.fully(found()[name])) == (name not in schatkist.MUST_NOT)


@pytest.mark.parametrize("name", [n for n in third() if schatkist.only_approaches(found()[n])])
def test_without_effects_an_approach_moves_no_child(name: str):
    assert schatkist.none(name)
