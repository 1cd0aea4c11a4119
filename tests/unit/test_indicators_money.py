"""Money on records made by hand: every amount is a formula, and both sums equal the total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_factory import NAN, Factory, look_up, synthetic

from sim.indicators import compute
from sim.record import Kind, Level, OnceInfo, PayerInfo, PriceInfo, Why

BUDGETS = (PayerInfo("light", "board"), PayerInfo("heavy", "board"), PayerInfo("city"))
PURPOSES = ("teaching", "rides", "rooms")


def factory(*prices: PriceInfo, once: tuple[OnceInfo, ...] = (), years: int = 4) -> Factory:
    f = Factory(years=years, payers=BUDGETS, purposes=PURPOSES)
    f.prices, f.once = list(prices), list(once)
    return f


def price(per: str, *of: str, amount: float = 1000.0, **more: object) -> PriceInfo:
    return PriceInfo("heavy", "teaching", per, of, amount, **more)  # type: ignore[arg-type]


def total(f: Factory, year: int = 0, margin: str = "all", key: str = "K28.total") -> float | None:
    return look_up(compute(f.record()), key, year, margin)


def test_a_child_costs_its_part_of_the_year():
    f = factory(price("pupil", "alpha"))
    f.stay(f.pupil(), "alpha", 0)
    f.stay(f.pupil(), "alpha", f.day(2021, 2, 1), f.day(2021, 4, 12))  # 70 days
    assert total(f) == round(1000 * (1 + 70 / 365))
    assert total(f, 1) == 1000


def test_a_leap_year_costs_a_year():
    f = factory(price("pupil", "alpha"))
    f.stay(f.pupil(), "alpha", 0)
    assert [total(f, y) for y in range(4)] == [1000] * 4  # 2023-2024 has 366 days
    f.stay(f.pupil(), "alpha", f.day(2024, 2, 1), f.day(2024, 3, 1))
    assert total(f, 3) == round(1000 * (1 + 29 / 366))


def test_a_calendar_year_is_seven_and_five_twelfths():
    f = factory(price("pupil", "alpha", amount=12_000))
    first, second = f.day(2021, 8, 1), f.day(2022, 8, 1)
    f.stay(f.pupil(), "alpha", 0, first)
    f.stay(f.pupil(), "alpha", first, second)
    f.stay(f.pupil(), "alpha", first, second)
    assert total(f, 0, key="K28.calendar_total") is None  # of 2020 only five months are in the record
    assert total(f, 1, key="K28.calendar_total") == 7 * 1000 + 5 * 2000
    assert total(f, 2, key="K28.calendar_total") == 7 * 2000


@pytest.mark.parametrize(
    ("day", "school", "calendar"),
    [
        (date(2021, 7, 31), 0, 1), (date(2021, 8, 1), 1, 1), (date(2021, 12, 31), 1, 1),
        (date(2022, 1, 1), 1, 2), (date(2020, 12, 31), 0, None), (date(2024, 2, 29), 3, None),
        (date(2024, 8, 1), None, None), (date(2020, 7, 31), None, None),
    ],
)  # fmt: skip
def test_a_single_payment_counts_on_its_own_date(day: date, school: int | None, calendar: int | None):
    f = factory(once=(OnceInfo(float((day - date(2020, 8, 1)).days), "city", "rooms", 5000.0),))
    table = compute(f.record())
    for year in range(4):
        for margin in ("all", "payer:city", "purpose:rooms"):
            assert look_up(table, "K28.total", year, margin) == (5000 if year == school else 0)
            if year:
                found = look_up(table, "K28.calendar_total", year, margin)
                assert found == (5000 if year == calendar else 0)
        assert look_up(table, "K28.total", year, "organisation:board") == 0


def test_only_children_with_these_needs():
    f = factory(price("pupil", "alpha", profiles=("q",)), price("home", "ill", amount=10, profiles=("p",)))
    f.stay(f.pupil(profile="p"), "alpha", 0)
    f.stay(f.pupil(profile="q"), "alpha", 0)
    f.absence(f.pupil(profile="p"), "ill", 0)
    f.absence(f.pupil(profile="q"), "ill", 0)
    f.absence(f.pupil(profile="p"), "new", 0)
    assert total(f) == 1010


def test_children_of_regular_stages_are_counted_per_district():
    f = factory(price("pupil", "lower", "alpha", amount=-100))
    f.level(Level.POPULATION, 500, type="lower", district="north")
    f.level(Level.POPULATION, 300, type="lower", district="south")
    f.level(Level.POPULATION, 400, f.day(2021, 8, 1), type="lower", district="south")
    f.level(Level.POPULATION, 900, type="upper", district="south")
    f.stay(f.pupil(), "alpha", 0)
    assert total(f, 0, "payer:heavy", "K28.income") == 80_100
    assert total(f, 1, "payer:heavy", "K28.income") == 90_100
    assert total(f, 1, "organisation:board", "K28.balance") == 90_100
    assert total(f, 1, "payer:city", "K28.income") is None  # it has no income: unknown, not nothing
    assert total(f, 1) == 0


def test_a_balance_is_income_less_spending():
    f = factory(price("pupil", "alpha", amount=700), price("pupil", "alpha", amount=-1000))
    f.stay(f.pupil(), "alpha", 0)
    assert total(f, 0, "payer:heavy", "K28.balance") == 300
    assert total(f, 1, "payer:heavy", "K28.calendar_balance") == 300


def test_above_today_counts_place_by_place():
    f = factory(price("group", "alpha", "beta", above_today=True, amount=60_000))
    f.cell("alpha"), f.cell("beta")
    f.level(Level.GROUPS, 3, type="alpha", place="alpha", cell=0)
    f.level(Level.GROUPS, 2, type="beta", place="beta", cell=1)
    half = f.day(2022, 1, 30) + 0.5  # the middle of 365 days
    f.level(Level.GROUPS, 5, half, type="alpha", place="alpha", cell=0)
    f.level(Level.GROUPS, 0, half, type="beta", place="beta", cell=1)  # no saving: there was nothing to pay
    assert [total(f, y) for y in range(3)] == [0, 60_000, 120_000]


def test_an_exchange_between_the_cells_of_a_place_is_no_new_group():
    f = factory(price("group", "alpha", above_today=True))
    f.cell("alpha"), f.cell("alpha", band=1)
    for time, first, second in ((0, 3, 2), (f.day(2021, 8, 1), 1, 4)):
        f.level(Level.GROUPS, first, time, type="alpha", place="alpha", cell=0)
        f.level(Level.GROUPS, second, time, type="alpha", place="alpha", cell=1)
    assert [total(f, y) for y in range(3)] == [0, 0, 0]


def test_staff_places_help_reach():
    f = factory(
        price("staff", "teachers", amount=92_000), price("place", "course", amount=500),
        price("slot", "lower", amount=70, above_today=True), price("approach", "board", amount=8000, above_today=True),
    )  # fmt: skip
    f.level(Level.STAFF_EXTRA, 1.5)
    f.level(Level.SEATS, 8, type="course", place="course")
    f.level(Level.HELP_SLOTS, 60, type="lower")
    f.level(Level.REACH, 0.25, type="board")
    assert total(f) == 1.5 * 92_000 + 8 * 500
    later = f.day(2021, 8, 1)
    f.level(Level.HELP_SLOTS, 70, later, type="lower")
    f.level(Level.REACH, 0.75, later, type="board")
    assert total(f, 1) == 1.5 * 92_000 + 8 * 500 + 10 * 70 + 0.5 * 8000


def test_requests_are_counted_when_they_are_made():
    f = factory(price("request", "board", amount=350))
    for day in (10, 20, f.day(2021, 9, 1)):
        f.decision(f.pupil(), "alpha", day, day + 30, Why.GRANTED)
    assert [total(f, y) for y in range(3)] == [700, 350, 0]


def test_rides_follow_the_children_and_their_price():
    f = factory(PriceInfo("city", "rides", "ride", ("alpha", "beta"), 4000.0, share=0.4))
    for name in ("alpha", "alpha", "beta"):
        f.stay(f.pupil(), name, 0)
    half = f.day(2022, 1, 30) + 0.5
    f.level(Level.TRANSPORT, 1.0, type="alpha")
    f.level(Level.TRANSPORT, 0.5, half, type="alpha")
    table = compute(f.record())
    for year, cost in enumerate((4800, 3200 * 0.75 + 1600, 1600 + 1600)):
        assert look_up(table, "K29.riders", year) == pytest.approx(1.2)
        assert look_up(table, "K29.cost", year) == look_up(table, "K28.total", year, "purpose:rides") == cost
        assert look_up(table, "K29.cost", year, "beta") == 1600
    assert look_up(table, "K29.cost", 0, "gamma") is None


def test_a_region_without_payers_says_nothing_about_money():
    f = Factory(years=2)
    f.stay(f.pupil(), "alpha", 0)
    assert not compute(f.record()).indicator.astype(str).str.startswith(("K28", "K29")).any()


PER = {
    "pupil": ("type0", "type1", "lower"), "ride": ("type0", "type1"), "home": ("ill", "new"),
    "group": ("type0", "type1"), "slot": ("lower",), "request": ("board",), "staff": ("pool",),
}  # fmt: skip
RECORD = synthetic(pupils=300, years=4, special=2, districts=2, profiles=2)
AMOUNT = st.floats(-90_000, 90_000, allow_nan=False)


@st.composite
def prices(draw: st.DrawFn) -> PriceInfo:
    per = draw(st.sampled_from(sorted(PER)))
    return PriceInfo(
        draw(st.sampled_from([p.id for p in BUDGETS])), draw(st.sampled_from(PURPOSES)), per,
        (draw(st.sampled_from(PER[per])),), draw(AMOUNT), (), draw(st.floats(0, 1)),
        per != "request" and draw(st.booleans()),
    )  # fmt: skip


PAYMENT = st.builds(
    OnceInfo,
    st.floats(-100, 2000),
    st.sampled_from([p.id for p in BUDGETS]),
    st.sampled_from(PURPOSES),
    AMOUNT,
)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(prices(), max_size=8), st.lists(PAYMENT, max_size=4))
def test_every_euro_has_one_payer_and_one_purpose(some: list[PriceInfo], once: list[OnceInfo]):
    record = replace(RECORD, payers=BUDGETS, purposes=PURPOSES, prices=tuple(some), once=tuple(once))
    both_sums_agree(compute(record))


def both_sums_agree(table: pd.DataFrame) -> None:
    """Per school year and per calendar year, to the euro; an organisation is its budgets."""
    for key in ("K28.total", "K28.calendar_total"):
        mine = table[table.indicator == key]
        wide = mine.pivot_table(index="school_year", columns="place_type", values="value", observed=True)
        assert len(wide)
        for prefix in ("payer:", "purpose:"):
            parts = [c for c in wide.columns if c.startswith(prefix)]
            assert parts
            assert (wide[parts].sum(axis=1) == wide["all"]).all(), (key, prefix)
        if "organisation:board" in wide:
            assert (wide["payer:light"] + wide["payer:heavy"] == wide["organisation:board"]).all()


def test_an_absence_that_never_began_costs_nothing():
    f = factory(price("home", "ill"))
    f.visit(Kind.ABSENCE, f.pupil(), "ill", listed=0.0, placed=NAN)
    assert total(f) == 0
