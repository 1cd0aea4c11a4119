"""K14 and K16, worked out by hand. School years start on day 0, 365, 730 and 1095 (2020 to 2023)."""

from __future__ import annotations

import pytest
from record_factory import Factory, look_up

from sim.indicators import compute
from sim.record import Why


def test_unplanned_changes_per_child_year() -> None:
    # a: alpha until day 100, steps up to beta for the rest of year 0: one change, of alpha.
    # b: alpha until day 200, goes on to gamma at the end of the stage: planned.
    # c: alpha until day 50, back to a regular school, again in alpha from day 250: one change (the second
    # start). Pupil-days of year 0: a 365, b 365, c 50 + 115 = 165 -> 895. Changes 2 / (895 / 365.25).
    f = Factory(years=1)
    a, b, c = f.pupil("north"), f.pupil("south"), f.pupil("south")
    f.stay(a, "alpha", -200, 100, Why.STEP_UP, destination="beta")
    f.stay(a, "beta", 100, listed=20)
    f.stay(b, "alpha", -900, 200, Why.MOVED_ON, destination="gamma")
    f.stay(b, "gamma", 200)
    f.stay(c, "alpha", -100, 50, Why.BACK, destination="lower")
    f.stay(c, "alpha", 250, listed=200)
    table = compute(f.record())
    assert look_up(table, "K14.changes") == pytest.approx(2 / (895 / 365.25))
    # alpha: a 100 days, b 200, c 165.
    assert look_up(table, "K14.changes", 0, "alpha") == pytest.approx(2 / (465 / 365.25))
    assert look_up(table, "K14.changes", 0, "beta") == 0
    assert look_up(table, "K14.changes", district="north") == pytest.approx(1 / (365 / 365.25))
    # c went back once; 895 pupil-days.
    assert look_up(table, "K16.returns") == pytest.approx(100 / (895 / 365.25))


def test_two_or_more_changes_in_three_years() -> None:
    # 1 October of year 3 is day 1095 + 61 = 1156; three years before is day 61.
    # a: changes on day 100 and 800: two. b: on day 50 (too long ago) and 800: one. c: none.
    # a has left by then in none of the cases; present: a, b, c -> 1/3. Years 0 to 2 have no row.
    f = Factory(years=4)
    a, b, c = f.pupil("north"), f.pupil("south"), f.pupil("south")
    for child, first in ((a, 100), (b, 50)):
        f.stay(child, "alpha", -50, first, Why.STEP_UP, destination="beta")
        f.stay(child, "beta", first, 800, Why.STEP_DOWN, destination="alpha")
        f.stay(child, "alpha", 800)
    f.stay(c, "alpha", 0)
    table = compute(f.record())
    assert look_up(table, "K14.two_or_more", 3) == pytest.approx(1 / 3)
    assert look_up(table, "K14.two_or_more", 3, district="north") == 1
    assert look_up(table, "K14.two_or_more", 3, district="south") == 0
    assert look_up(table, "K14.two_or_more", 2) is None


def test_still_in_a_regular_school_after_two_years() -> None:
    # Back in year 0: a on day 100 and on a list again on day 829 (729 days later): no. b on day 100 and again
    # on day 831 (731 days later): yes. c never again: yes. Year 1 can be followed (until 1461), years 2 and 3
    # cannot.
    f = Factory(years=4)
    a, b, c, d = (f.pupil() for _ in range(4))
    f.stay(a, "alpha", -50, 100, Why.BACK)
    f.wait(a, "alpha", 829)
    f.stay(b, "alpha", -50, 100, Why.BACK)
    f.stay(b, "beta", 900, listed=831)
    f.stay(c, "beta", -50, 300, Why.BACK)
    f.stay(d, "beta", -50, 800, Why.BACK)
    table = compute(f.record())
    assert look_up(table, "K16.still_regular") == pytest.approx(2 / 3)
    assert look_up(table, "K16.still_regular", 0, "alpha") == pytest.approx(1 / 2)
    assert look_up(table, "K16.still_regular", 1) is None
    assert look_up(table, "K16.still_regular", 2) is None
