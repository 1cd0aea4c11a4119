"""K01, K03, K17, K18, K22 and K26, by hand. 1 October is day 61, 1 February day 184, the year has 365."""

from __future__ import annotations

import pytest
from record_factory import Factory, look_up

from sim.indicators import compute
from sim.record import Level, Why


def test_children_with_a_seat_and_their_share() -> None:
    # On 1 October: a in alpha, b in beta, c in gamma; d comes later. Regular: lower 90 in the north and 7 in
    # the south, upper 49 in the south. alpha and beta share the tag "young" with lower: 1 / (97 + 2) each;
    # gamma shares "old" with upper: 1 / (49 + 1). The tag "special" covers both stages: 3 / (146 + 3), as
    # does everything together.
    f = Factory(years=1)
    a, b, c, d = f.pupil("north"), f.pupil("south", "q"), f.pupil("south", "q"), f.pupil("north")
    f.stay(a, "alpha", -10, 100, Why.LEFT)
    f.stay(b, "beta", -10)
    f.stay(c, "gamma", 61)
    f.stay(d, "alpha", 62)
    f.level(Level.POPULATION, 90, type="lower", district="north")
    f.level(Level.POPULATION, 7, type="lower", district="south")
    f.level(Level.POPULATION, 49, type="upper", district="south")
    table = compute(f.record())
    assert look_up(table, "K17.children_oct") == 3
    assert look_up(table, "K17.children_feb") == 3
    assert [look_up(table, "K17.children_oct", 0, t) for t in ("alpha", "beta", "gamma")] == [1, 1, 1]
    assert look_up(table, "K17.children_oct", profile="q") == 2
    assert look_up(table, "K17.share", 0, "alpha") == pytest.approx(1 / 99)
    assert look_up(table, "K17.share", 0, "gamma") == pytest.approx(1 / 50)
    assert look_up(table, "K17.share", 0, "tag:young") == pytest.approx(2 / 99)
    assert look_up(table, "K17.share", 0, "tag:special") == pytest.approx(3 / 149)
    assert look_up(table, "K17.share") == pytest.approx(3 / 149)
    assert look_up(table, "K17.share", district="north") == pytest.approx(1 / 91)


def test_without_tags_the_share_is_of_all_children() -> None:
    f = Factory(years=1)
    f.types["lower"] = ("regular", ())
    f.types["upper"] = ("regular", ())
    f.stay(f.pupil("north"), "alpha", -10)
    f.stay(f.pupil("north"), "gamma", -10)
    f.level(Level.POPULATION, 98, type="lower", district="north")
    assert look_up(compute(f.record()), "K17.share", 0, "alpha") == pytest.approx(1 / 100)


def test_seats_and_empty_seats() -> None:
    # alpha: cell 0 (p) 2 seats, 1 child: 1 empty; cell 1 (q) 1 seat, 2 children: none empty (never below 0).
    # beta: cell 2 (p) 3 seats, from day 30 only 2; no child: 2 empty. A child waits for alpha, none for beta
    # (only with an agreed start).
    f = Factory(years=1)
    first, second, third = f.cell("alpha", "p"), f.cell("alpha", "q"), f.cell("beta", "p")
    for cell, name, value in ((first, "alpha", 2), (second, "alpha", 1), (third, "beta", 3)):
        f.level(Level.SEATS, value, 0, name, name, cell)
    f.level(Level.SEATS, 2, 30, "beta", "beta", third)
    f.stay(f.pupil(), "alpha", 0, cell=first)
    f.stay(f.pupil(), "alpha", 0, 100, cell=second)
    f.stay(f.pupil(), "alpha", 0, 100, cell=second)
    f.wait(f.pupil(), "alpha", 10)
    f.wait(f.pupil(), "beta", 10, ready=300)
    table = compute(f.record())
    assert [look_up(table, "K22.seats_oct", 0, t) for t in ("all", "alpha", "beta", "tag:young")] == [
        5,
        3,
        2,
        5,
    ]
    assert [look_up(table, "K22.empty_oct", 0, t) for t in ("all", "alpha", "beta", "tag:young")] == [
        3,
        1,
        2,
        3,
    ]
    assert [look_up(table, "K22.empty_while_waiting_oct", 0, t) for t in ("all", "alpha", "beta")] == [
        1,
        1,
        0,
    ]
    assert [look_up(table, "K22.seats_oct", profile=p) for p in ("p", "q")] == [4, 1]
    # alpha: 365 + 100 + 100 pupil-days on 3 * 365 seat-days; beta: none on 3 * 30 + 2 * 335.
    assert look_up(table, "K22.occupancy", 0, "alpha") == pytest.approx(565 / 1095)
    assert look_up(table, "K22.occupancy") == pytest.approx(565 / (1095 + 760))
    assert look_up(table, "K22.occupancy", 0, "gamma") is None
    assert look_up(table, "K22.seats_oct", 0, "tag:old") is None


def test_children_go_on_to_the_groups_of_their_age() -> None:
    # Two age bands at one school: 4 to 7 and 8 to 11, each 1 seat. One child, 6.5 years old on 1 October of
    # year 0, sits there all along: in the first band in years 0 and 1 (6.5 and 7.5), in the second in year 2
    # (8.5), when two seats of the first band are open. Its visit has the cell in which it ended.
    # Empty: year 0 the second band (1), year 1 the same (1), year 2 the first band (2).
    f = Factory(years=3, bands={"alpha": ((4, 7), (8, 11))})
    young, old = f.cell("alpha", "p", 0), f.cell("alpha", "p", 1)
    f.level(Level.SEATS, 1, 0, "alpha", "alpha", young)
    f.level(Level.SEATS, 1, 0, "alpha", "alpha", old)
    f.level(Level.SEATS, 2, 731, "alpha", "alpha", young)
    f.stay(f.pupil(birth=61 - 6.5 * 365.25), "alpha", -10, cell=old)
    table = compute(f.record())
    assert [look_up(table, "K22.empty_oct", year, "alpha") for year in range(3)] == [1, 1, 2]


def test_load_is_demand_divided_by_seats() -> None:
    # Two seats of alpha. Stays of 100 and 300 days: 400 seat-days, 2 entries, mean 200.
    # Four children listed in year 0: 4 * 200 seat-days asked, 2 * 365 there: 800 / 730.
    f = Factory(years=1)
    cell = f.cell("alpha")
    f.level(Level.SEATS, 2, 0, "alpha", "alpha", cell)
    f.stay(f.pupil(), "alpha", 10, 110, Why.DONE, cell=cell)
    f.stay(f.pupil(), "alpha", 20, 320, Why.DONE, cell=cell)
    f.wait(f.pupil(), "alpha", 30)
    f.wait(f.pupil(), "alpha", 40)
    table = compute(f.record())
    assert look_up(table, "K01.load", 0, "alpha") == pytest.approx(800 / 730)
    assert look_up(table, "K01.load") == pytest.approx(800 / 730)
    assert look_up(table, "K01.load", 0, "beta") is None


def test_mean_stay_is_seat_days_divided_by_entries() -> None:
    # a: there from the start to day 100: 100 days, no entry. b: day 50 to 400. c: begins on 1 August (day 365),
    # d: on day 500. In one year: 100 + 315 days and one entry (b) -> 415 days; listed is b; 1 seat.
    f = Factory(years=1)
    cell = f.cell("alpha")
    f.level(Level.SEATS, 1, 0, "alpha", "alpha", cell)
    f.stay(f.pupil(), "alpha", -100, 100, Why.DONE, cell=cell)
    f.stay(f.pupil(), "alpha", 50, 400, Why.DONE, cell=cell)
    assert look_up(compute(f.record()), "K01.load", 0, "alpha") == pytest.approx(415 / 365)
    # In two years: until 1 August of the second, that day's entry (c) with it -> 415 / 2 days. Listed are b in the
    # first year, c and d in the second.
    f = Factory(years=2)
    cell = f.cell("alpha")
    f.level(Level.SEATS, 1, 0, "alpha", "alpha", cell)
    f.stay(f.pupil(), "alpha", -100, 100, Why.DONE, cell=cell)
    f.stay(f.pupil(), "alpha", 50, 400, Why.DONE, cell=cell)
    f.stay(f.pupil(), "alpha", 365, cell=cell)
    f.stay(f.pupil(), "alpha", 500, cell=cell)
    table = compute(f.record())
    assert look_up(table, "K01.load", 0, "alpha") == pytest.approx(415 / 2 / 365)
    assert look_up(table, "K01.load", 1, "alpha") == pytest.approx(2 * 415 / 2 / 365)


def test_nobody_entered_no_load() -> None:
    f = Factory(years=1)
    cell = f.cell("alpha")
    f.level(Level.SEATS, 1, 0, "alpha", "alpha", cell)
    f.stay(f.pupil(), "alpha", -100, 100, Why.DONE, cell=cell)
    f.wait(f.pupil(), "alpha", 30)
    assert look_up(compute(f.record()), "K01.load", 0, "alpha") is None


def test_which_limit_binds() -> None:
    # Place alpha: funding (1) for 73 days, then staff (2) for 292 of 365. Place beta: rooms (0) all year.
    f = Factory(years=1)
    f.level(Level.BINDS, 1, 0, "alpha", "alpha")
    f.level(Level.BINDS, 2, 73, "alpha", "alpha")
    f.level(Level.BINDS, 0, 0, "beta", "beta")
    table = compute(f.record())
    assert [look_up(table, f"K03.{k}", 0, "alpha") for k in ("rooms", "funding", "staff")] == pytest.approx(
        [0, 0.2, 0.8]
    )
    assert [look_up(table, f"K03.{k}") for k in ("rooms", "funding", "staff")] == pytest.approx(
        [0.5, 0.1, 0.4]
    )


def test_staff_short_groups_shut_and_dose() -> None:
    # Asked 110 FTE; present 100, from day 73 on 105: mean gap 0.2 * 10 + 0.8 * 5 = 6.
    # alpha: 4 groups funded, cells with 2 and 1 open, the second opens one more on day 73: mean open 3.8 ->
    # 0.2 not open.
    f = Factory(years=2)
    f.level(Level.STAFF_ASKED, 110)
    f.level(Level.STAFF_PRESENT, 100)
    f.level(Level.STAFF_PRESENT, 105, 73)
    f.level(Level.DOSE, 0.5)
    f.level(Level.DOSE, 1, 365)
    first, second = f.cell("alpha"), f.cell("alpha", "q")
    f.level(Level.FUNDED, 4, 0, "alpha", "alpha")
    f.level(Level.GROUPS, 2, 0, "alpha", "alpha", first)
    f.level(Level.GROUPS, 1, 0, "alpha", "alpha", second)
    f.level(Level.GROUPS, 2, 73, "alpha", "alpha", second)
    table = compute(f.record())
    assert look_up(table, "K26.gap") == pytest.approx(6)
    assert look_up(table, "K26.gap", 1) == pytest.approx(5)
    assert look_up(table, "K26.dose") == pytest.approx(0.5)
    assert look_up(table, "K26.dose", 1) == pytest.approx(1)
    assert look_up(table, "K26.groups_not_open", 0, "alpha") == pytest.approx(0.2)
    assert look_up(table, "K26.groups_open", 0, "alpha") == pytest.approx(3.8 / 4)


def test_help_in_regular_schools_with_and_without() -> None:
    # lower: 3 places for help, 4 children ask: three quarters are helped. upper: 5 places for 2: all.
    # On 1 October: a and b in lower, c in upper; d has left, e is in a programme (no regular stage).
    f = Factory(years=1)
    a, b, c, d, e = f.pupil("north"), f.pupil("south"), f.pupil("south", "q"), f.pupil(), f.pupil()
    f.help(a, "lower", 0)
    f.help(b, "lower", 61, 90, Why.REFERRED)
    f.help(c, "upper", 10)
    f.help(d, "lower", 0, 61, Why.RESOLVED)
    f.help(e, "course", 0)
    for name, slots, asked in (("lower", 3, 4), ("upper", 5, 2)):
        f.level(Level.HELP_SLOTS, slots, type=name)
        f.level(Level.HELP_ASKED, asked, type=name)
    table = compute(f.record())
    assert look_up(table, "K18.supported") == pytest.approx(2.5)
    assert look_up(table, "K18.unsupported") == pytest.approx(0.5)
    assert look_up(table, "K18.supported", 0, "lower") == pytest.approx(1.5)
    assert look_up(table, "K18.unsupported", 0, "upper") == 0
    assert look_up(table, "K18.supported", district="south") == pytest.approx(1.75)
    assert look_up(table, "K18.supported", profile="q") == pytest.approx(1)


def test_unlimited_seats_have_no_occupancy() -> None:
    f = Factory(years=1)
    f.cell("alpha")
    f.stay(f.pupil(), "alpha", 0, cell=0)
    table = compute(f.record())
    assert look_up(table, "K22.occupancy") is None
    assert look_up(table, "K22.empty_oct") is None
    assert look_up(table, "K17.children_oct") == 1
