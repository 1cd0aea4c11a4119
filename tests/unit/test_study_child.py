"""The same child in two futures: by hand in a region of four children, and in a larger one for what must always hold."""

from __future__ import annotations

from datetime import date

import pytest
from record_factory import Factory

from sim import load
from sim.record import Why
from sim.scenario.levers import Change
from sim.scenario.scenario import Scenario
from sim.study.child import PICKS, Futures, follow, parts_on, two_futures

FIRST = date(2026, 8, 1)


def moved(scenario: Scenario, path: str, when: date, **change: float) -> Scenario:
    """The scenario with one lever moved."""
    made = Change.model_validate({**change, "from": when})
    return scenario.model_copy(update={"id": "moved", "levers": {path: (made,)}})


@pytest.fixture(scope="module")
def one_seat() -> Scenario:
    return load("toy/interim/baseline")


@pytest.fixture(scope="module")
def two_seats(one_seat: Scenario) -> Futures:
    """Stays of 100 days; children come on days 0, 10, 20 and 30. There is one seat, or there are two from the first day."""
    return two_futures(one_seat, moved(one_seat, "school.class_size", FIRST, add=1), 1, 0)


def test_the_same_scenario_gives_the_same_roads(one_seat: Scenario) -> None:
    found = two_futures(one_seat, one_seat, 1, 0)
    assert (found.since, found.children, found.same, dict(found.chosen)) == (None, 4, 4, {})


def test_a_lever_that_is_not_touched_parts_nobody(one_seat: Scenario) -> None:
    assert parts_on(one_seat, one_seat) is None
    assert parts_on(one_seat, moved(one_seat, "school.class_size", FIRST, add=1)) == FIRST


def test_the_middle_child_is_shown(two_seats: Futures) -> None:
    """Three children wait less, by 90, 100 and 190 days; the first never waits."""
    assert (two_seats.children, two_seats.same, two_seats.shorter) == (4, 1, 3)
    assert (two_seats.longer, two_seats.other_type) == (0, 0)
    assert set(two_seats.chosen) == {"typical", "shorter"}
    child = two_seats.chosen["typical"]
    assert [round(road.waited * 7) for road in child.roads] == [180, 80]
    assert child.change == pytest.approx(-100 / 7)
    assert [road.seat for road in child.roads] == ["school", "school"]
    assert [round((road.to_seat or 0) * 7) for road in child.roads] == [180, 80]


def test_a_road_tells_what_the_child_did_meanwhile(two_seats: Futures) -> None:
    """It waits at home, and is in the day place for four weeks at a time when that is free."""
    road = two_seats.chosen["typical"].roads[0]
    kinds = [e.kind for e in road.episodes]
    assert kinds[-1] == "out" or kinds[-1] in ("gone", "seat")
    assert {"home", "programme", "seat"} <= set(kinds)
    assert all(e.waits for e in road.episodes if e.kind in ("home", "programme"))
    assert not any(e.waits for e in road.episodes if e.kind == "seat")


def test_a_child_can_be_asked_for_by_its_key(one_seat: Scenario, two_seats: Futures) -> None:
    key = two_seats.chosen["typical"].key
    other = moved(one_seat, "school.class_size", FIRST, add=1)
    assert two_futures(one_seat, other, 1, 0, key).asked == two_seats.chosen["typical"]
    assert two_futures(one_seat, other, 1, 0, "zz").asked is None
    assert two_futures(one_seat, other, 1, 0, "0").asked is None


@pytest.fixture(scope="module")
def included() -> Futures:
    base = load("toy/inclusion/baseline")
    return two_futures(base, moved(base, "lighter.intake", date(2030, 8, 1), set=0), 1, 0)


def test_staying_in_a_regular_school_is_no_shorter_wait(included: Futures) -> None:
    assert included.since == date(2030, 8, 1)
    assert included.other_type > 0 and included.shorter == 0
    assert 0 < included.same < included.children
    child = included.chosen["other_type"]
    assert child.roads[0].seat == "lighter"
    assert child.roads[1].episodes[0].kind == "included"
    assert child.age in {6, 7}


def test_episodes_are_in_order_and_do_not_overlap(included: Futures, two_seats: Futures) -> None:
    for found in (included, two_seats):
        for pick in PICKS:
            if (child := found.chosen.get(pick)) is None:
                continue
            for road in child.roads:
                assert all(e.start < e.end for e in road.episodes)
                pairs = zip(road.episodes, road.episodes[1:], strict=False)
                assert all(a.end == b.start for a, b in pairs)
                assert road.episodes[-1].end == found.until
            assert child.roads[0].episodes[0].start == child.roads[1].episodes[0].start


def test_until_the_scenarios_part_the_roads_are_the_same(included: Futures) -> None:
    assert included.since is not None
    for child in included.chosen.values():
        before = [[e.kind for e in road.episodes if e.end <= included.since] for road in child.roads]
        assert before[0] == before[1]


def test_a_child_of_which_nothing_is_asked_has_a_road_too() -> None:
    f, empty = Factory(years=2), Factory(years=2)
    child = f.pupil()
    f.wait(child, "alpha", 20.0, 300.0, Why.GAVE_UP)
    found = follow(f.record(), empty.record(), date(2020, 8, 1))
    assert (found.children, found.same) == (1, 0)
    shown = found.chosen["typical"]
    assert [e.kind for e in shown.roads[0].episodes] == ["list", "gave_up"]
    assert [e.kind for e in shown.roads[1].episodes] == ["not_asked"]


def test_children_who_are_only_at_home_have_no_road() -> None:
    f = Factory(years=2)
    f.absence(f.pupil(), "ill", 20.0, 90.0)
    assert follow(f.record(), f.record(), None).children == 0
