"""The bill of a town in which nobody comes or goes, worked out by hand; and what a price may not say."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import sim
from proof.toys import toy
from sim.indicators import compute
from sim.scenario.errors import ScenarioError
from sim.scenario.quantity import Quantity, Text
from sim.scenario.scenario import Once, Scenario

UNSURE = {"value": 5, "unit": "euro", "range": [-1, 9], "grade": "E", "source": "made up", "date": "2024"}


def bill(scenario: Scenario) -> pd.DataFrame:
    """Values by indicator and margin (rows) and school year."""
    table = compute(sim.simulate(scenario, 1, 0))
    rows = table[table.indicator.astype(str).str.startswith(("K28", "K29"))]
    return rows.pivot_table(
        index=["indicator", "place_type"], columns="school_year", values="value", observed=True
    )


def test_the_bill_of_ten_children():
    found = bill(toy("money"))
    expected = {
        ("K28.total", "payer:heavy"): 10 * 12_000,
        ("K28.total", "payer:light"): 1000 * 100,
        ("K28.total", "organisation:board"): 220_000,
        ("K28.total", "payer:city"): 4 * 4000,
        ("K28.total", "purpose:rides"): 4 * 4000,
        ("K28.total", "purpose:teaching"): 220_000,
        ("K28.total", "purpose:rooms"): 0,
        ("K28.total", "all"): 236_000,
        ("K28.income", "payer:heavy"): 1010 * 130,
        ("K28.balance", "payer:heavy"): 1010 * 130 - 120_000,
        ("K28.balance", "organisation:board"): 1010 * 130 - 220_000,
        ("K29.riders", "special"): 4,
    }
    for row, value in expected.items():
        assert list(found.loc[row]) == pytest.approx([value] * 4), row
        calendar = (row[0].replace("K28.", "K28.calendar_"), row[1])
        if calendar in found.index:
            assert list(found.loc[calendar])[1:] == pytest.approx([value] * 3), calendar


def test_a_group_more_costs_a_room_from_its_day_on():
    lever = {"special.groups": [{"add": 2, "from": date(2028, 8, 1)}]}
    found = bill(toy("money", levers=lever))
    assert list(found.loc["K28.total", "purpose:rooms"]) == [0, 0, 120_000, 120_000]
    assert list(found.loc["K28.calendar_total", "purpose:rooms"])[1:] == [0, 50_000, 120_000]
    assert list(found.loc["K28.total", "payer:heavy"]) == [120_000] * 4  # a room without children


def test_a_single_payment_of_a_scenario():
    amount = Quantity(value=30_000, unit="euro")
    title = Text(nl="overgang", en="change")
    paid = Once(title=title, payer="city", purpose="rooms", on=date(2027, 12, 31), amount=amount)
    scenario = toy("money").model_copy(update={"once": (paid,)})
    found = bill(scenario)
    assert list(found.loc["K28.total", "payer:city"]) == [16_000, 46_000, 16_000, 16_000]
    assert list(found.loc["K28.calendar_total", "payer:city"])[1:] == [46_000, 16_000, 16_000]
    assert scenario.digest() != toy("money").digest()


def test_prices_move_no_child():
    dear = toy("money", {"prices.support.amount": 99_000})
    rows = [sim.simulate(s, 1, 0) for s in (toy("money"), dear)]
    for table in ("pupils", "visits", "levels"):
        first, second = (getattr(r, table) for r in rows)
        assert all((first[k].tobytes() == second[k].tobytes()) for k in first)


@pytest.mark.parametrize(
    ("edits", "path", "words"),
    [
        ({"prices.rides.payer": "citi"}, "prices.rides.payer", ("there is no payer", "Did you mean 'city'?")),
        ({"prices.rides.purpose": "fun"}, "prices.rides.purpose", ("there is no purpose", "teaching")),
        ({"prices.rides.of": ["regular"]}, "prices.rides.of", ("a price per 'ride'", "special")),
        ({"prices.rides.of": []}, "prices.rides.of", ()),
        ({"prices.classroom.profiles": ["any"]}, "prices.classroom", ("profiles go with", "per group")),
        (
            {"prices.rides.amount": UNSURE},
            "prices.rides", ("may not cross zero",),
        ),
        ({"payers.light.of": "city"}, "payers.light.of", ("there is no organisation", "board")),
    ],
)  # fmt: skip
def test_a_price_that_means_nothing_is_refused(edits, path, words):
    with pytest.raises(ScenarioError) as refused:
        toy("money", edits)
    text = str(refused.value)
    assert path in text
    assert all(word in text for word in words), text


@pytest.mark.parametrize(("hire", "found"), [(10, 0.5), (0.2, 0.2), (0, 0.0)])
def test_staff_beside_the_groups_costs_what_is_found(hire, found):
    """Half a full-time job more per group, of which as much is paid as is hired; the group's own teacher is not."""
    edits = {
        "staff": {"teacher": {"title": {"nl": "leraar", "en": "teacher"}, "leaving": 0, "hire": hire}},
        "place_types.special.staff": {"teacher": 1},
        "prices.staff": {
            "title": {"nl": "leraar", "en": "teacher"}, "payer": "city", "purpose": "teaching", "per": "staff",
            "of": ["teacher"], "above_today": True, "amount": 92_000,
        },
    }  # fmt: skip
    lever = {"special.hands": [{"add": 0.5, "from": date(2029, 8, 1)}]}
    paid = bill(toy("money", edits, lever)).loc["K28.total", "payer:city"]
    assert list(paid) == pytest.approx([16_000] * 3 + [16_000 + found * 92_000])
