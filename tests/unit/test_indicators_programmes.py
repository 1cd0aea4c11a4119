"""K02, K04, K08 and K09 of temporary places, and K15, worked out by hand. 1 October is day 61."""

from __future__ import annotations

import math

import pytest
from record_factory import TYPES, Factory, look_up

from sim.indicators import compute
from sim.record import Level, Why

PLACES = TYPES | {"small": ("programme", ())}


def test_waiting_for_a_temporary_place() -> None:
    # Three ask on day 40: a starts on day 54, b on day 68, c never. On 1 October b and c wait. Half have a place after
    # four weeks (b, the second of three). The small programme has six places: shown in the whole, not apart.
    f = Factory(years=2, types=PLACES)
    f.level(Level.SEATS, 16, type="course")
    f.level(Level.SEATS, 6, type="small")
    for placed, left in ((54, 200), (68, 200), (math.nan, math.nan)):
        f.help(f.pupil(), "course", placed, left, Why.RESOLVED, listed=40, ready=40)
    f.help(f.pupil(), "small", 100, 200, Why.RESOLVED, listed=50, ready=50)
    table = compute(f.record())
    assert look_up(table, "K02.programme", place_type="course") == 2
    assert look_up(table, "K02.programme") == 3
    assert look_up(table, "K02.programme", place_type="small") is None
    assert look_up(table, "K04.programme", place_type="course") == pytest.approx(4)


def test_perspective_and_what_follows() -> None:
    # Four start on day 10. Known where to: a after 90 days, b after 150, c after 200, d leaves on day 100 without it.
    # a goes to its seat on day 200 (190 days), b leaves for a regular school on day 300, c leaves on day 300 to wait
    # elsewhere and has a seat on day 500. Within 365 days: a and b.
    f = Factory(years=3, types=PLACES)
    f.level(Level.SEATS, 16, type="course")
    a, b, c, d = (f.pupil() for _ in range(4))
    f.help(a, "course", 10, 200, Why.MOVED_ON, listed=0, ready=100, destination="alpha")
    f.stay(a, "alpha", 200, 700)
    f.help(b, "course", 10, 300, Why.RESOLVED, listed=0, ready=160, destination="lower")
    f.help(c, "course", 10, 300, Why.REFERRED, listed=0, ready=210, destination="alpha")
    f.stay(c, "alpha", 500, 700)
    f.help(d, "course", 10, 100, Why.AGED_OUT, listed=0, ready=math.nan)
    f.level(Level.HELD, 1, type="course", time=150)
    f.level(Level.HELD, 2, type="course", time=160)
    f.level(Level.HELD, 0, type="course", time=200)
    table = compute(f.record())
    assert look_up(table, "K08.within_3m", place_type="course") == pytest.approx(1 / 4)
    assert look_up(table, "K08.within_6m", place_type="course") == pytest.approx(2 / 4)
    assert look_up(table, "K09.within_12m", place_type="course") == pytest.approx(2 / 4)
    assert look_up(table, "K09.blocked_days", place_type="course") == pytest.approx(10 + 2 * 40)
    assert look_up(table, "K09.blocked_days") == pytest.approx(90)


def test_failed_starts() -> None:
    # Four start in year 0; one of them is on the list again after 50 days. The last year cannot be followed.
    f = Factory(years=2)
    for left, why in ((70, Why.FAILED), (700, Why.LEFT), (math.nan, Why.OPEN), (400, Why.BACK)):
        f.stay(f.pupil(), "alpha", 20, left, why)
    table = compute(f.record())
    assert look_up(table, "K15.failed", place_type="alpha") == pytest.approx(1 / 4)
    assert look_up(table, "K15.failed", 1) is None


def test_a_temporary_place_without_a_request_is_no_way_to_a_seat() -> None:
    # One child sits in a course because it was at home, another on its way to alpha: on 1 October only the second is on a way.
    f = Factory(years=1, types=PLACES)
    f.help(f.pupil(), "course", 30, 90, signalled=10)
    f.help(f.pupil(), "course", 30, 90, signalled=10, destination="alpha")
    table = compute(f.record())
    assert look_up(table, "K02.from_signal_oct") == 1
