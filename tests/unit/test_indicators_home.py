"""K10, K11 and K12, worked out by hand. 1 October is day 61, 1 February day 184."""

from __future__ import annotations

import pytest
from record_factory import TYPES, Factory, look_up

from sim.indicators import compute
from sim.record import Level


def test_three_stocks_over_four_weeks() -> None:
    # On 1 October (day 61), over 28 days means at home since before day 33.
    # a: no place since day 0: yes. b: ill since day 33: exactly 28 days, not over: no. c: ill since day 32.5:
    # yes. d: new since day 0, back on day 61: no. On 1 February all who are still at home count: a (until
    # 300) and b.
    f = Factory(years=1)
    a, b, c, d = f.pupil("north", "p"), f.pupil("north", "q"), f.pupil("south", "q"), f.pupil("south", None)
    f.absence(a, "no_place", 0, 300)
    f.absence(b, "ill", 33, 200)
    f.absence(c, "ill", 32.5, 100)
    f.absence(d, "new", 0, 61)
    table = compute(f.record())
    assert [look_up(table, f"K10.{k}") for k in ("no_place", "has_place", "between")] == [1, 1, 0]
    assert [look_up(table, f"K10.{k}_feb") for k in ("no_place", "has_place", "between")] == [1, 1, 0]
    assert [look_up(table, "K10.has_place", district=x) for x in ("north", "south")] == [0, 1]
    assert [look_up(table, "K10.has_place_feb", profile=x) for x in ("p", "q")] == [0, 1]
    assert look_up(table, "K10.has_place", place_type="ill") is None


def test_over_three_months_stock_and_risk() -> None:
    # 91 days: a (since day -40) and b (since day -30) are over them on day 51 and 61; on day 61 only a is
    # *over* 91 days. c reaches the mark twice in year 0 (day 91 and day 311): once in the risk. d ends on day
    # 80: never. Risk: a, b and c = 3 children; 4,000 children all year and one special child half the year
    # (182.5 / 365).
    f = Factory(years=1)
    a, b, c, d, e = f.pupil("north"), f.pupil("south"), f.pupil("south"), f.pupil("south"), f.pupil("south")
    f.absence(a, "ill", -40, 70)
    f.absence(b, "new", -30, 70)
    f.absence(c, "no_place", 0, 100)
    f.absence(c, "ill", 220, 320)
    f.absence(d, "ill", 10, 80)
    f.stay(e, "alpha", 0, 182.5)
    f.level(Level.POPULATION, 1000, type="lower", district="north")
    f.level(Level.POPULATION, 3000, type="upper", district="south")
    table = compute(f.record())
    assert look_up(table, "K11.stock") == 1
    assert look_up(table, "K11.stock", district="north") == 1
    assert look_up(table, "K11.risk") == pytest.approx(3 / 4000.5 * 1000)
    assert look_up(table, "K11.risk", district="north") == pytest.approx(1 / 1000 * 1000)
    assert look_up(table, "K11.risk", district="south") == pytest.approx(2 / 3000.5 * 1000)


def test_missed_school_weeks() -> None:
    # 36.525 days at home = one tenth of a year of 365.25 days = 4 of 40 school weeks.
    # a: day 0 to 36.525 (4 weeks). b: from 10 days before the year to 73.05 (8 weeks in the year).
    # c: from day 365 - 18.2625 (2 weeks in year 0) for 2 * 18.2625 days (2 weeks in year 1).
    f = Factory(years=2)
    a, b, c = f.pupil("north"), f.pupil("north"), f.pupil("south")
    f.absence(a, "no_place", 0, 36.525)
    f.absence(b, "ill", -10, 73.05)
    f.absence(c, "new", 365 - 18.2625, 365 + 18.2625)
    table = compute(f.record())
    assert look_up(table, "K12.total") == pytest.approx(14)
    assert look_up(table, "K12.total", 1) == pytest.approx(2)
    assert [look_up(table, f"K12.{k}") for k in ("no_place", "has_place", "between")] == pytest.approx(
        [4, 8, 2]
    )
    assert look_up(table, "K12.total", district="north") == pytest.approx(12)


def test_a_child_in_two_stocks_misses_a_week_once() -> None:
    # No place day 0 to 73.05 (8 weeks), ill day 36.525 to 109.575 (8 weeks): together 12 weeks.
    f = Factory(years=1)
    a = f.pupil()
    f.absence(a, "no_place", 0, 73.05)
    f.absence(a, "ill", 36.525, 109.575)
    table = compute(f.record())
    assert look_up(table, "K12.total") == pytest.approx(12)
    assert look_up(table, "K12.no_place") == pytest.approx(8)
    assert look_up(table, "K12.has_place") == pytest.approx(8)


def test_exempt_children_and_part_of_the_time() -> None:
    # 36.525 days are four school weeks. a: exempt from day 0 on for 36.525 days, b since before day 0 (until 73.05: 8 weeks
    # in the year). c: attends 3/4 of the time for 73.05 days: 8 weeks x 1/4 = 2. d: at home 4 weeks, then 4 weeks in a
    # programme that counts for half: 2. The total leaves out who is exempt: 2 + 4 + 2 = 8.
    types = TYPES | {"exempt": ("home", ("exempt",)), "partly": ("home", ())}
    f = Factory(years=1, types=types, attends={"partly": 0.75, "course": 0.5})
    a, b, c, d = f.pupil("north"), f.pupil("south"), f.pupil("north"), f.pupil("south")
    f.absence(a, "exempt", 0, 36.525)
    f.absence(b, "exempt", -100, 73.05)
    f.absence(c, "partly", 0, 73.05)
    f.absence(d, "no_place", 0, 36.525)
    f.help(d, "course", 36.525, 73.05)
    table = compute(f.record())
    assert look_up(table, "K12.exempt") == pytest.approx(12)
    assert look_up(table, "K12.partial") == pytest.approx(4)
    assert look_up(table, "K12.no_place") == pytest.approx(4)
    assert look_up(table, "K12.total") == pytest.approx(8)
    assert [look_up(table, k) for k in ("K13.stock", "K13.new")] == [1, 1]
    assert [look_up(table, f"K10.{k}") for k in ("no_place", "has_place", "between")] == [0, 0, 0]
    assert look_up(table, "K11.stock") == 0


def test_groups_that_were_sent_home() -> None:
    # Each child of alpha misses 4 weeks a year of 365.25 days: three children, one in the north.
    f = Factory(years=1)
    for district in ("north", "south", "south"):
        f.stay(f.pupil(district), "alpha", -100)
    f.level(Level.SENT_HOME, 4, type="alpha")
    table = compute(f.record())
    weeks = 12 * f.end / 365.25
    assert look_up(table, "K12.sent_home") == pytest.approx(weeks)
    assert look_up(table, "K12.total") == pytest.approx(weeks)
    assert look_up(table, "K12.sent_home", district="north") == pytest.approx(weeks / 3)
