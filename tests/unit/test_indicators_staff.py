"""K21, K23, K26 and K27 by hand. 1 October is day 61; the year has 365 days, August 31."""

from __future__ import annotations

import pytest
from record_factory import Factory, look_up

from sim.indicators import compute
from sim.record import Level


def with_pools() -> Factory:
    f = Factory(years=1)
    f.types["teacher"] = f.types["helper"] = ("staff", ())
    return f


def test_each_pool_has_its_own_rows_and_all_is_their_sum() -> None:
    # teacher: asked 20; 18 there, from day 73 on 19: short 0.2 * 2 + 0.8 * 1 = 1.2, and 2 in the first months. helper: asked
    # 5, there 6: the one to spare is no teacher.
    f = with_pools()
    for name, asked, there in (("teacher", 20, 18), ("helper", 5, 6)):
        f.level(Level.STAFF_ASKED, asked, 0, name, name)
        f.level(Level.STAFF_PRESENT, there, 0, name, name)
    f.level(Level.STAFF_PRESENT, 19, 73, "teacher", "teacher")
    table = compute(f.record())
    assert look_up(table, "K26.asked") == pytest.approx(25)
    assert look_up(table, "K26.found", 0, "pool:teacher") == pytest.approx(18.8)
    assert look_up(table, "K26.gap", 0, "pool:teacher") == pytest.approx(1.2)
    assert look_up(table, "K26.gap", 0, "pool:helper") == 0
    assert look_up(table, "K26.gap") == pytest.approx(1.2)
    assert look_up(table, "K26.worst") == pytest.approx(2)
    assert look_up(table, "K26.worst", 0, "pool:teacher") == pytest.approx(2)


def test_the_worst_month_is_a_mean_over_that_month() -> None:
    # Short by 10 from 17 August (day 16) to the end of the month: 15 of 31 days.
    f = with_pools()
    f.level(Level.STAFF_ASKED, 10, 0, "teacher", "teacher")
    f.level(Level.STAFF_PRESENT, 10, 0, "teacher", "teacher")
    f.level(Level.STAFF_PRESENT, 0, 16, "teacher", "teacher")
    f.level(Level.STAFF_PRESENT, 10, 31, "teacher", "teacher")
    assert look_up(compute(f.record()), "K26.worst") == pytest.approx(150 / 31)


def test_what_does_not_add_up_has_a_row_of_its_own_for_all() -> None:
    f = with_pools()
    for what in (Level.DOSE, Level.SICK):
        f.level(what, 0.4, 0, "teacher", "teacher")
        f.level(what, 1.0, 0, "helper", "helper")
        f.level(what, 0.5)
    f.level(Level.INCIDENTS, 110, 0, "alpha")
    f.level(Level.INCIDENTS, 104)
    f.level(Level.LEFT, 2, 0, "teacher", "teacher")
    f.level(Level.LEFT, 1, 0, "helper", "helper")
    table = compute(f.record())
    for key in ("K26.dose", "K27.sick"):
        rows = [look_up(table, key, 0, name) for name in ("all", "pool:teacher", "pool:helper")]
        assert rows == pytest.approx([0.5, 0.4, 1.0])
    assert look_up(table, "K23.incidents") == pytest.approx(104)
    assert look_up(table, "K23.incidents", 0, "alpha") == pytest.approx(110)
    assert look_up(table, "K27.left") == pytest.approx(3)


def test_class_size_as_a_child_meets_it_and_as_schools_count_it() -> None:
    # alpha: 2 groups with 6 children (3 each) for p, 1 group with 1 child for q. Over groups 7 / 3; over children
    # (6 * 3 + 1 * 1) / 7 = 19 / 7. Today's size is 2 seats a group: the two groups of 3 are fuller, of three groups.
    f = Factory(years=1)
    cells = f.cell("alpha", "p"), f.cell("alpha", "q")
    for cell, groups, children in zip(cells, (2, 1), (6, 1), strict=True):
        f.level(Level.GROUPS, groups, 0, "alpha", "alpha", cell)
        f.level(Level.SEATS, 2 * groups, 0, "alpha", "alpha", cell)
        for _ in range(children):
            f.stay(f.pupil(), "alpha", 0, cell=cell)
    table = compute(f.record())
    for name in ("all", "alpha"):
        assert look_up(table, "K21.group_size", 0, name) == pytest.approx(7 / 3)
        assert look_up(table, "K21.class_size", 0, name) == pytest.approx(19 / 7)
        assert look_up(table, "K21.above_norm", 0, name) == pytest.approx(2 / 3)


def test_children_of_a_school_whose_groups_closed_are_in_no_class() -> None:
    f = Factory(years=1)
    cell = f.cell("alpha", "p")
    f.level(Level.SEATS, 4, 0, "alpha", "alpha", cell)
    f.level(Level.GROUPS, 2, 0, "alpha", "alpha", cell)
    f.level(Level.SEATS, 0, 30, "alpha", "alpha", cell)
    f.level(Level.GROUPS, 0, 30, "alpha", "alpha", cell)
    f.stay(f.pupil(), "alpha", 0, cell=cell)
    table = compute(f.record())
    assert not (table["indicator"].astype(str).str.startswith("K21")).any()
