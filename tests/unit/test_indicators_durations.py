"""K04, K05, K07, K19 and the Aalen-Johansen estimator, by hand and against Kaplan-Meier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_factory import Factory, look_up

from sim.indicators import compute
from sim.indicators.durations import CENSORED, OTHER, SERVED, aalen_johansen
from sim.record import Why


def one(rows: list[tuple[float, int]]):
    time, event = np.array([r[0] for r in rows], dtype=float), np.array([r[1] for r in rows])
    return aalen_johansen(time, event, np.zeros(len(rows), dtype=np.intp), 1)


def test_aalen_johansen_by_hand() -> None:
    # Six children: served at 1, gave up at 2, censored at 3, served at 4, served at 5, censored at 6.
    # t=1: 6 followed, S- = 1,    served mass 1/6;                S = 5/6.
    # t=2: 5 followed, other;                                     S = 5/6 * 4/5 = 4/6.
    # t=3: censored (4 followed).
    # t=4: 3 followed, S- = 4/6,  mass 4/6 * 1/3 = 2/9;           S = 4/9.
    # t=5: 2 followed, S- = 4/9,  mass 4/9 * 1/2 = 2/9.
    # Served in the end: 1/6 + 2/9 + 2/9 = 11/18.
    found = one([(1, SERVED), (2, OTHER), (3, CENSORED), (4, SERVED), (5, SERVED), (6, CENSORED)])
    assert found.by(0.5)[0] == 0
    assert found.by(1)[0] == pytest.approx(1 / 6)
    assert found.by(4)[0] == pytest.approx(1 / 6 + 2 / 9)
    assert found.by(100)[0] == pytest.approx(11 / 18)
    assert found.quantile(0.5)[0] == 5
    assert np.isnan(found.quantile(0.9)[0])


def test_ends_count_before_censoring_at_the_same_time() -> None:
    # t=2: five followed; one served (mass 1/5), one gave up: S = 3/5; then two are censored.
    # t=3: one followed, served: mass 3/5.
    found = one([(2, CENSORED), (2, OTHER), (2, SERVED), (2, CENSORED), (3, SERVED)])
    assert found.by(2)[0] == pytest.approx(1 / 5)
    assert found.by(3)[0] == pytest.approx(4 / 5)


def naive(rows: list[tuple[float, int]], day: float) -> float:
    survival, served = 1.0, 0.0
    for t in sorted({r[0] for r in rows}):
        if t > day:
            break
        followed = sum(r[0] >= t for r in rows)
        ends = sum(r[0] == t and r[1] != CENSORED for r in rows)
        served += survival * sum(r[0] == t and r[1] == SERVED for r in rows) / followed
        survival *= 1 - ends / followed
    return served


ROWS = st.lists(
    st.tuples(st.integers(0, 12).map(float), st.sampled_from([CENSORED, SERVED, OTHER])), max_size=25
)


@settings(deadline=None, max_examples=150)
@given(groups=st.lists(ROWS, min_size=1, max_size=5), day=st.integers(0, 13).map(float))
def test_many_groups_at_once_equal_the_textbook_loop(
    groups: list[list[tuple[float, int]]], day: float
) -> None:
    flat = [(t, e, g) for g, rows in enumerate(groups) for t, e in rows]
    time, event = np.array([x[0] for x in flat], dtype=float), np.array([x[1] for x in flat], dtype=np.intp)
    group = np.array([x[2] for x in flat], dtype=np.intp)
    found = aalen_johansen(time, event, group, len(groups)).by(day)
    for g, rows in enumerate(groups):
        assert np.isnan(found[g]) if not rows else found[g] == pytest.approx(naive(rows, day), abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(rows=ROWS.filter(len), day=st.integers(0, 13).map(float))
def test_equals_one_minus_kaplan_meier_when_nothing_competes(
    rows: list[tuple[float, int]], day: float
) -> None:
    rows = [(t, SERVED if e == OTHER else e) for t, e in rows]
    survival = 1.0
    for t in sorted({r[0] for r in rows if r[0] <= day and r[1] == SERVED}):
        survival *= 1 - sum(r == (t, SERVED) for r in rows) / sum(r[0] >= t for r in rows)
    assert one(rows).by(day)[0] == pytest.approx(1 - survival, abs=1e-12)


def test_without_censoring_it_is_the_plain_share() -> None:
    found = one([(7, SERVED), (70, SERVED), (71, SERVED), (5, OTHER)])
    assert found.by(70)[0] == pytest.approx(2 / 4)
    assert found.quantile(0.5)[0] == 70


def test_wait_to_seat_by_year_of_listing() -> None:
    # Listed in year 0 for alpha: placed after 7, 70 and 210 days, and one gives up after 30 days.
    # Half of the four has a seat after 70 days = 10 weeks; within 10 weeks 2/4; within 26 weeks (182 days)
    # 2/4; within 52 weeks 3/4; nine in ten never.
    # Listed in year 1 for beta: placed after 14 days: median 2 weeks.
    f = Factory(years=3)
    for wait in (7, 70, 210):
        f.stay(f.pupil("north"), "alpha", 10 + wait, listed=10)
    f.wait(f.pupil("south"), "alpha", 10, 40, Why.GAVE_UP)
    f.stay(f.pupil("south"), "beta", 414, listed=400)
    table = compute(f.record())
    assert look_up(table, "K04.median", 0, "alpha") == look_up(table, "K04.median") == 10
    assert look_up(table, "K04.within_10_weeks", 0, "alpha") == pytest.approx(0.5)
    assert look_up(table, "K04.placed_26_weeks", 0, "alpha") == pytest.approx(0.5)
    assert look_up(table, "K04.placed_52_weeks", 0, "alpha") == pytest.approx(0.75)
    assert look_up(table, "K04.p90", 0, "alpha") is None
    assert look_up(table, "K04.median", 1, "beta") == 2
    assert look_up(table, "K04.median", 0, "beta") is None
    # In the north all three get a seat: after 7, 70 and 210 days. Two of three after 70.
    assert look_up(table, "K04.median", 0, district="north") == 10
    assert look_up(table, "K04.p90", 0, district="north") == 30


def test_a_child_with_an_agreed_start_waits_from_the_declaration() -> None:
    f = Factory(years=2)
    f.stay(f.pupil(), "alpha", 365, listed=225, ready=365)
    assert look_up(compute(f.record()), "K04.median") == 20


def test_only_what_everyone_in_the_cohort_could_be_followed_for() -> None:
    # Two years. Who was listed last in year 0 is followed for 365 days (52 weeks is 364), in year 1 for 0
    # days. A wait of 371 days from year 0 is not given as a median, though this child was followed to its
    # seat.
    f = Factory(years=2)
    f.stay(f.pupil(), "alpha", 371, listed=0)
    f.stay(f.pupil(), "beta", 365, listed=0)
    f.stay(f.pupil(), "beta", 407, listed=400)
    table = compute(f.record())
    assert look_up(table, "K04.placed_52_weeks", 0, "alpha") == 0
    assert look_up(table, "K04.median", 0, "alpha") is None
    assert look_up(table, "K04.median", 0, "beta") == pytest.approx(365 / 7)
    assert look_up(table, "K04.median", 1, "beta") is None
    assert look_up(table, "K04.within_10_weeks", 1) is None


def test_wait_from_first_signal() -> None:
    # Signals in year 0: a seat after 210 days (help and request in between), help that was enough after 0
    # days, a request refused. Served: 2 of 3, at 0 and 210 days. Half after 210 days = 30 weeks.
    f = Factory(years=2)
    a, b, c = f.pupil(), f.pupil(), f.pupil()
    f.help(a, "lower", 10, 100, Why.REFERRED, destination="alpha")
    f.decision(a, "alpha", 100, 120, Why.GRANTED, signalled=10)
    f.stay(a, "alpha", 220, listed=120, signalled=10)
    f.help(b, "lower", 20, 200, Why.RESOLVED, destination="alpha")
    f.decision(c, "alpha", 30, 50, Why.REFUSED)
    table = compute(f.record())
    assert look_up(table, "K05.median") == look_up(table, "K05.median", 0, "alpha") == 30
    assert look_up(table, "K05.p90") is None


def test_decisions_within_the_term_and_by_outcome() -> None:
    # Requests in year 0: granted after 70 days (in time), refused after 71 (late), one open since day 100
    # (late). Requests in year 1: granted after 20 days for a child in a seat of that type (renewed, in time),
    # one at day 700: less than ten weeks before the end at day 730, left out.
    f = Factory(years=2)
    a, b, c, d, e = (f.pupil() for _ in range(5))
    f.decision(a, "alpha", 10, 80, Why.GRANTED)
    f.decision(b, "alpha", 10, 81, Why.REFUSED)
    f.decision(c, "beta", 100)
    f.stay(d, "alpha", -30, 600, Why.LEFT)
    f.decision(d, "alpha", 400, 420, Why.GRANTED)
    f.decision(e, "beta", 700)
    table = compute(f.record())
    assert look_up(table, "K07.within_term") == pytest.approx(1 / 3)
    assert look_up(table, "K07.within_term", 0, "alpha") == pytest.approx(1 / 2)
    assert look_up(table, "K07.within_term", 1) == 1
    assert look_up(table, "K07.within_term", 1, "beta") is None
    assert [look_up(table, f"K19.{k}") for k in ("new", "renewed", "refused")] == [1, 0, 1]
    assert [look_up(table, f"K19.{k}", 1, "alpha") for k in ("new", "renewed", "refused")] == [0, 1, 0]


def test_a_decision_for_another_type_than_the_seat_is_new() -> None:
    f = Factory(years=1)
    a = f.pupil()
    f.stay(a, "alpha", -30)
    f.decision(a, "beta", 10, 20, Why.GRANTED)
    table = compute(f.record())
    assert look_up(table, "K19.new", 0, "beta") == 1
    assert look_up(table, "K19.renewed") == 0
