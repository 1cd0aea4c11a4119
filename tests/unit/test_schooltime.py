"""School time stands still in holidays; without holidays it is the calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.model.schooltime import SchoolTime

HOLIDAYS = (("12-23", "01-08"), ("02-17", "02-26"), ("07-20", "09-02"))
START = date(2027, 8, 1)  # a Sunday; 2028 is a leap year


def day(year: int, month: int, number: int) -> float:
    return float((date(year, month, number) - START).days)


@pytest.fixture(scope="module")
def clock() -> SchoolTime:
    return SchoolTime(START, 3, HOLIDAYS)


def test_without_holidays_every_day_counts():
    clock = SchoolTime(START, 3, ())
    assert not clock.stops
    assert clock.after(12.25, 30.0) == 42.25
    days = np.array([-3.5, 0.0, 700.0])
    assert (clock.school(days) == days).all()


def test_day_zero_lies_in_a_holiday_and_both_clocks_agree_on_it(clock):
    assert clock.school(0.0) == 0.0
    assert clock.school(day(2027, 9, 2)) == 0.0
    assert clock.calendar(0.0) == day(2027, 9, 2)


def test_a_holiday_over_new_year(clock):
    """Two school days after 22 December: one day of term is left, the second comes after the holiday."""
    assert clock.after(day(2027, 12, 22), 2.0) == day(2028, 1, 9)
    assert clock.after(day(2027, 12, 30), 0.0) == day(2028, 1, 8)


def test_a_leap_year_has_one_school_day_more(clock):
    terms = [clock.school(day(y, 8, 1)) - clock.school(day(y - 1, 8, 1)) for y in (2028, 2029)]
    holidays = 16 + 9 + 44  # 23 Dec - 7 Jan, 17 - 25 Feb, 20 Jul - 1 Sep
    assert terms == [366 - holidays, 365 - holidays]


def test_back_and_forth_and_never_backwards(clock):
    days = np.arange(-500.0, 1500.0, 0.375)
    school = clock.school(days)
    assert (np.diff(school) >= 0).all()
    back = clock.calendar(school)
    assert (back >= days).all()
    assert np.allclose(clock.school(back), school)


def test_one_day_and_many_give_the_same(clock):
    days = np.array([-40.0, 3.0, 140.5, 145.0, 200.0, 1000.0])
    many = clock.after(days, np.full(len(days), 17.5))
    assert [clock.after(float(d), 17.5) for d in days] == many.tolist()


def test_29_february_in_an_ordinary_year():
    clock = SchoolTime(date(2026, 8, 1), 2, (("02-20", "02-29"),))
    assert (
        clock.after(float((date(2027, 2, 25) - date(2026, 8, 1)).days), 0.0)
        == (date(2027, 3, 1) - date(2026, 8, 1)).days
    )
