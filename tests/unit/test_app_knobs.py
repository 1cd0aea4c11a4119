"""Knobs come from the lever definitions; moving one makes an own scenario, moving none changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from made_results import close_intake, scenario

from sim.app import markup
from sim.app.knobs import OWN_ID, knobs_of, start_of_own_changes, with_knobs
from sim.scenario.definitions import DEFINITIONS
from sim.scenario.levers import Change, levers_of
from sim.scenario.quantity import Text

OWN = Text(nl="Eigen keuze", en="Own choice")


def change(**what: object) -> tuple[Change, ...]:
    return (Change.model_validate({"from": date(2027, 8, 1), **what}),)


def test_levers_that_the_scenario_sets_come_first() -> None:
    paths = [k.path for k in knobs_of(scenario("a", levers={"groot.hands": change(set=0.5)}))]
    assert paths[0] == "groot.hands"
    assert {"klein.groups", "groot.groups"} <= set(paths)


def test_all_knobs_are_there_on_request_and_inside_the_bounds() -> None:
    levers = levers_of(scenario("a").region)
    knobs = knobs_of(scenario("a"), more=True)
    assert {k.path for k in knobs} == set(levers)
    for knob in knobs:
        d = knob.lever.definition
        if knob.kind != "number":
            continue
        shift = float(knob.lever.today) if d.op == "add" else 0.0
        assert d.low <= knob.low + shift <= knob.high + shift <= d.high
        assert knob.low <= knob.start <= knob.high
        assert (knob.start - knob.low) / knob.step == pytest.approx(
            round((knob.start - knob.low) / knob.step)
        )


def test_a_knob_says_what_is_now_and_what_was_seen_before() -> None:
    knob = next(k for k in knobs_of(scenario("a")) if k.path == "klein.groups")
    drawn = markup.scale(knob)
    assert "0 = zoals nu (4 groepen)" in drawn
    assert "−3 tot 3" in drawn


def test_a_share_stands_on_screen_as_a_percentage() -> None:
    shares = [k for k in knobs_of(scenario("a"), more=True) if k.times != 1]
    assert shares, "the toy region has a lever with a share"
    for knob in shares:
        assert f"<span>{knob.high * 100:.0f}%</span></span>" in markup.scale(knob)
        assert markup.today(knob).endswith("%")


def test_nothing_moved_is_the_same_scenario() -> None:
    base = scenario("a", levers={"groot.hands": change(set=0.5)})
    positions = {k.path: k.start for k in knobs_of(base, more=True)}
    assert with_knobs(base, positions, OWN) is base


def test_a_moved_knob_makes_an_own_scenario_and_leaves_the_rest() -> None:
    base = scenario("a", levers={"groot.hands": change(set=0.5)})
    own = with_knobs(base, {"klein.groups": 2.0}, OWN)
    assert (own.id, own.kind, own.title.nl) == (OWN_ID, "own", "Eigen keuze")
    assert own.levers["groot.hands"] == base.levers["groot.hands"]
    assert own.levers["klein.groups"][0].add == 2.0
    assert own.levers["klein.groups"][0].from_ == date(2027, 8, 1)
    assert own.digest() != base.digest()


def test_the_order_of_moving_does_not_matter() -> None:
    one = with_knobs(scenario("a"), {"klein.groups": 2.0, "groot.groups": 1.0}, OWN)
    two = with_knobs(scenario("b"), {"groot.groups": 1.0, "klein.groups": 2.0}, OWN)
    assert one.digest() == two.digest()


def test_a_knob_of_the_scenario_keeps_its_date_and_ramp() -> None:
    base = scenario("a", levers={"klein.groups": change(add=2.0, ramp={"months": 24})})
    moved = with_knobs(base, {"klein.groups": 3.0}, OWN).levers["klein.groups"][0]
    assert (moved.add, moved.from_, moved.ramp) == (
        3.0,
        date(2027, 8, 1),
        base.levers["klein.groups"][0].ramp,
    )


def test_a_switch_can_be_put_back_and_a_place_can_be_chosen() -> None:
    base = scenario("a", levers={"klein.intake": change(set=0.0, where={"place": ("school-klein",)})})
    knob = knobs_of(base)[0]
    assert (knob.kind, knob.start, knob.places) == ("switch", 0.0, ("school-klein",))
    assert with_knobs(base, {"klein.intake": 1.0}, OWN).levers["klein.intake"][0].set == 1.0
    assert with_knobs(base, {}, OWN, {"klein.intake": "school-klein"}) is base
    assert with_knobs(base, {}, OWN, {"klein.intake": "elders"}) is base


def test_changes_that_are_no_single_position_have_no_knob() -> None:
    twice = change(add=1.0) + change(add=1.0)
    assert "klein.groups" not in {k.path for k in knobs_of(scenario("a", levers={"klein.groups": twice}))}
    scaled = scenario("a", levers={"klein.groups": change(scale=1.1)})
    assert "klein.groups" not in {k.path for k in knobs_of(scaled)}


def test_own_changes_start_with_the_scenario_or_after_the_first_reported_year() -> None:
    assert start_of_own_changes(scenario("a")) == date(2027, 8, 1)
    assert start_of_own_changes(scenario("a", levers=close_intake("klein"))) == date(2026, 8, 1)


def test_the_definitions_have_what_a_knob_needs() -> None:
    for d in DEFINITIONS:
        assert d.nl_help and d.nl
        assert d.kind != "number" or d.step > 0


def test_a_title_of_a_visitor_is_no_markdown() -> None:
    assert markup.plain("*x* [a](b)") == r"\*x\* \[a\]\(b\)"
    assert markup.plain("Meer plaatsen") == "Meer plaatsen"
