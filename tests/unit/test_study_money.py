"""The bill, who pays and who saves, on results made by hand."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from proof.toys import toy
from sim.study.money import bill, pockets, present_value, title_of, unknown
from sim.study.results import DRAWN, FIXED, Results, Series

YEARS = ("2026-2027", "2027-2028", "2028-2029")
MARGINS = ("all", "payer:light", "payer:heavy", "payer:city")
TODAY = {"payer:light": 100.0, "payer:heavy": 50.0, "payer:city": 20.0}


def made(changes: dict[str, tuple[float, ...]], mode: str = FIXED, factor: float = 1.0) -> Results:
    """Results in which each payer pays `changes` more than today, one number per replication."""
    baseline = toy("money")
    idea = baseline.model_copy(update={"id": "idea", "kind": "own"})
    keys = [f"K28.{prefix}total" for prefix in ("", "calendar_")]
    series = tuple(sorted(Series(key, margin, unit="euro") for key in keys for margin in MARGINS))
    runs = len(next(iter(changes.values())))
    values = {}
    for scenario in (baseline.id, "idea"):
        for one, times in ((FIXED, 1.0), *(((mode, factor),) if mode != FIXED else ())):
            table = np.zeros((runs, len(series), len(YEARS)))
            for i, s in enumerate(series):
                payers = TODAY if s.place_type == "all" else [s.place_type]
                for p in payers:
                    more = np.array(changes.get(p, (0.0,) * runs)) * (times if scenario == "idea" else 0.0)
                    table[:, i] += (TODAY[p] + more)[:, None]
            values[scenario, one] = table
    values[("idea", FIXED)][:, [s.indicator.startswith("K28.cal") for s in series], 0] = np.nan
    modes = tuple(dict.fromkeys((FIXED, mode)))
    done = {cell: np.ones(runs, dtype=bool) for cell in values}
    return Results((baseline, idea), modes, 1, runs, series, YEARS, values, done, "engine", "indicators")


def test_who_pays_and_who_saves():
    found = pockets(
        made({"payer:light": (-30.0, -10.0), "payer:heavy": (5.0, -5.0), "payer:city": (20.0, 30.0)}), "idea"
    )
    assert {k: v.mean for k, v in found.pays.items()} == {"city": 25.0}
    assert {k: v.mean for k, v in found.saves.items()} == {"light": -20.0}  # heavy: as often more as less
    assert found.extra.mean == (25 + 30) / 2
    assert found.saved.mean == (30 + 15) / 2
    assert found.net.mean == found.extra.mean - found.saved.mean == 5.0
    assert found.net.chance == pytest.approx((-5 + 0.1 * 20, -5 + 0.9 * 20))
    assert np.isnan(found.net.both).all()


def test_drawn_futures_give_their_own_band():
    found = pockets(made({"payer:city": (10.0, 20.0)}, DRAWN, factor=3.0), "idea")
    assert found.net.chance == pytest.approx((11, 19))
    assert found.net.both == pytest.approx((33, 57))


def test_the_bill_per_calendar_year_and_per_school_year():
    results = made({"payer:city": (10.0, 20.0)})
    table = bill(results, "idea", "school").set_index(["kind", "margin", "year"])
    assert table.loc[("total", "payer:city", "2027-2028"), "difference"] == 15
    assert table.loc[("total", "all", "2027-2028"), "today"] == 170
    assert table.loc[("total", "payer:city", "2027-2028"), "title_nl"] == "gemeente"
    calendar = bill(results, "idea").set_index(["kind", "margin", "year"])
    assert calendar.loc[("total", "payer:city", "2028"), "level"] == 35
    assert np.isnan(calendar.loc[("total", "payer:city", "2026"), "difference"])
    assert set(table.index.get_level_values("kind")) == {"total"}  # this study gave no income


def test_present_value_is_discounted_from_the_middle_of_each_year():
    results = made({"payer:city": (10.0, 20.0)})
    assert present_value(results, "idea", 0.0, "payer:city").mean == pytest.approx(45)
    expected = 15 * sum(1.04 ** -(k + 0.5) for k in range(3))
    assert present_value(results, "idea", 0.04, "payer:city").mean == pytest.approx(expected)


def test_names_of_margins():
    region = toy("money").region
    assert title_of(region, "payer:city").nl == "gemeente"
    assert title_of(region, "organisation:board").nl == "samenwerkingsverband"
    assert title_of(region, "purpose:rooms").en == "rooms"
    with pytest.raises(KeyError):
        title_of(region, "payer:nobody")


def test_what_is_not_known_is_said():
    guess = {"value": 5, "unit": "euro", "range": [0, 9], "grade": "E", "source": "made up", "date": "2026"}
    region = toy(
        "money", {"prices.support": None, "prices.rides.amount": guess, "prices.income.of": ["regular"]}
    ).region
    assert [u.path for u in unknown(region)] == ["place_types.special", "prices.rides"]
    assert [u.amount and u.amount.value for u in unknown(region)] == [None, 5]
    assert unknown(toy("queue").region) == ()


def test_in_almere_every_euro_is_graded_and_what_is_unknown_is_said():
    scenario = sim.load("baseline")
    amounts = {k: q for k, q in scenario.quantities().items() if k.startswith("region.prices.")}
    assert len(amounts) >= len(scenario.region.prices)
    assert all(q.grade and q.source and q.date for q in amounts.values())
    said = {u.path for u in unknown(scenario.region)}
    assert {"prices.noodlokaal", "prices.ondersteuning-cluster2", "decisions.tlv"} <= said
    # Nobody gave these a price, and they ask no staff; one that only asks staff is known by its pools.
    assert {"approaches.vervoer-slim", "approaches.oudergesprek"} <= said
    assert not {"programmes.observatiegroep", "approaches.coach-in-de-klas"} & said
