"""K02 and K34, by hand. Day 0 is 1 August 2020; 1 October is day 61, 1 February day 184; 365 days."""

from __future__ import annotations

import pytest
from record_factory import NAN, Factory, look_up

from sim.indicators import compute
from sim.record import Why

OCT, FEB = 61.0, 184.0


def test_children_who_wait_on_a_date_and_on_average() -> None:
    # a: listed day 0, placed day 100: waits on 1 October only; 100 days.
    # b: listed day 50, gives up day 200: waits on both dates; 150 days.
    # c: listed day 61 (on the day itself), still waiting: both dates; 304 days of this year.
    # d: listed day 20, placed day 61: no longer waits on 1 October; 41 days.
    # Year 0: (100 + 150 + 304 + 41) / 365 = 595 / 365. Year 1: c waits all 365 days.
    f = Factory(years=2)
    a, b, c, d = f.pupil("north", "p"), f.pupil("south", "p"), f.pupil("south", "q"), f.pupil("north", "q")
    f.stay(a, "alpha", 100, listed=0)
    f.wait(b, "beta", 50, 200, Why.GAVE_UP)
    f.wait(c, "gamma", OCT)
    f.stay(d, "alpha", OCT, 300, Why.LEFT, listed=20)
    table = compute(f.record())
    assert look_up(table, "K02.oct") == 3
    assert look_up(table, "K02.feb") == 2
    assert look_up(table, "K02.mean") == pytest.approx(595 / 365)
    assert look_up(table, "K02.mean", 1) == pytest.approx(1)
    assert [look_up(table, "K02.oct", 0, t) for t in ("alpha", "beta", "gamma")] == [1, 1, 1]
    assert [look_up(table, "K02.oct", 0, t) for t in ("tag:special", "tag:young", "tag:old")] == [3, 2, 1]
    assert [look_up(table, "K02.oct", 0, district=d) for d in ("north", "south")] == [1, 2]
    assert [look_up(table, "K02.oct", 0, profile=p) for p in ("p", "q")] == [2, 1]
    assert look_up(table, "K02.mean", 0, "beta") == pytest.approx(150 / 365)


def test_the_list_in_spring_and_at_the_end_of_the_year() -> None:
    # 1 May is day 273, 31 July day 364. a: day 100 to 300, on 1 May only. b: day 300 to 364, placed on 31 July itself:
    # on neither. c: from day 364, on 31 July and on both dates of the next year.
    f = Factory(years=2)
    a, b, c = f.pupil(), f.pupil(), f.pupil()
    f.wait(a, "alpha", 100, 300, Why.GAVE_UP)
    f.stay(b, "alpha", 364, listed=300)
    f.wait(c, "alpha", 364)
    table = compute(f.record())
    assert [look_up(table, "K02.may", y) for y in (0, 1)] == [1, 1]
    assert [look_up(table, "K02.aug", y) for y in (0, 1)] == [1, 1]


def test_an_agreed_start_is_a_line_of_its_own() -> None:
    # a: listed day 30, agreed start day 365, placed then: agreed on both dates, waits 0 days.
    # b: listed day 30, agreed start day 100, placed day 200: agreed on 1 October, waits on 1 February; 100
    # days. c: listed day 150 with an agreed start after the horizon ("not yet"): agreed on 1 February.
    f = Factory(years=2)
    a, b, c = f.pupil(), f.pupil(), f.pupil()
    f.stay(a, "alpha", 365, listed=30, ready=365)
    f.stay(b, "alpha", 200, listed=30, ready=100)
    f.wait(c, "beta", 150, ready=NAN)
    table = compute(f.record())
    assert (look_up(table, "K02.oct"), look_up(table, "K02.feb")) == (0, 1)
    assert (look_up(table, "K02.agreed_oct"), look_up(table, "K02.agreed_feb")) == (2, 2)
    assert look_up(table, "K02.mean") == pytest.approx(100 / 365)


def test_a_child_on_two_lists_counts_once_per_margin() -> None:
    # One child waits for alpha from day 0 to 100 and for beta from day 50 to 150: once in everything together
    # and in the tag, once in each type; 150 days together, 100 in each.
    f = Factory(years=1)
    a = f.pupil()
    f.wait(a, "alpha", 0, 100, Why.GAVE_UP)
    f.wait(a, "beta", 50, 150, Why.GAVE_UP)
    table = compute(f.record())
    assert look_up(table, "K02.oct") == look_up(table, "K02.oct", 0, "tag:young") == 1
    assert look_up(table, "K02.oct", 0, "alpha") == look_up(table, "K02.oct", 0, "beta") == 1
    assert look_up(table, "K02.mean") == pytest.approx(150 / 365)
    assert look_up(table, "K02.mean", 0, "alpha") == pytest.approx(100 / 365)


def test_a_child_with_a_seat_elsewhere_still_waits() -> None:
    f = Factory(years=1)
    a = f.pupil()
    f.stay(a, "alpha", -100, 120, Why.STEP_UP, destination="beta")
    f.stay(a, "beta", 120, listed=10)
    table = compute(f.record())
    assert look_up(table, "K02.oct", 0, "beta") == look_up(table, "K02.oct") == 1
    assert look_up(table, "K17.children_oct") == look_up(table, "K17.children_oct", 0, "alpha") == 1


def test_from_first_signal_to_seat_or_help_that_was_enough() -> None:
    # On 1 October (day 61):
    # a: signal 0, help to 90, request to 110, listed 110, placed 200: still on the way -> counts, for alpha.
    # b: signal 10, help to 100, that was enough: served at the start of the help -> no.
    # c: signal 20, request 30 to 50, refused: over -> no.
    # d: signal 20, help that goes on at the end of the record: not known to be enough -> counts.
    # e: signal 0, listed 5, from day 40 in a regular school because the type takes no one -> waits no longer.
    # f: a renewal while in the seat is no new signal -> no.
    f = Factory(years=1)
    a, b, c, d, e, g = (f.pupil() for _ in range(6))
    f.help(a, "lower", 0, 90, Why.REFERRED, destination="alpha")
    f.decision(a, "alpha", 90, 110, Why.GRANTED, signalled=0)
    f.stay(a, "alpha", 200, listed=110, signalled=0)
    f.help(b, "lower", 10, 100, Why.RESOLVED, destination="alpha")
    f.decision(c, "beta", 30, 50, Why.REFUSED, signalled=20)
    f.help(d, "lower", 20, destination="alpha")
    f.decision(e, "beta", 0, 5, Why.GRANTED)
    f.help(e, "lower", 40, signalled=0, listed=5)
    f.stay(g, "alpha", -300)
    f.decision(g, "alpha", 50, 71, Why.GRANTED)
    table = compute(f.record())
    assert look_up(table, "K02.from_signal_oct") == 2
    assert look_up(table, "K02.from_signal_oct", 0, "alpha") == 2
    assert look_up(table, "K02.from_signal_oct", 0, "beta") == 0


def test_children_without_a_fitting_place_count_once() -> None:
    # a waits at home (both reasons): once. b waits at school. c is at home without a place, on no list. d is
    # ill: has a place. e has an agreed start ahead and is not at home: has a fitting place coming.
    f = Factory(years=1)
    a, b, c, d, e = f.pupil("north"), f.pupil("south"), f.pupil("south"), f.pupil(), f.pupil()
    f.wait(a, "alpha", 0)
    f.absence(a, "no_place", 10)
    f.wait(b, "beta", 30)
    f.absence(c, "no_place", 60, 62)
    f.absence(d, "ill", 0)
    f.wait(e, "gamma", 0, ready=NAN)
    table = compute(f.record())
    assert look_up(table, "K34.count") == 3
    assert [look_up(table, "K34.count", district=x) for x in ("north", "south")] == [1, 2]
    assert look_up(table, "K34.count", place_type="alpha") is None
