"""Almere as shipped: the count it starts from, conservation, empty seats beside waiting children, and that all of it runs.

The thin version of `python -m proof almere`.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import sim
from proof import almere_counts as counts
from proof import invariants, keyed
from proof.moments import still
from sim.indicators import compute
from sim.indicators.money import Units
from sim.indicators.view import View
from sim.record import Kind, PriceInfo, Record
from sim.scenario.levers import levers_of
from sim.study.calibrate.moments import stocks
from sim.study.draws import plan_draws

SEED, REPLICATIONS = 17, 4
IDEAS = [
    "wijkobservatiegroepen",
    "wijkobservatiegroepen-verplichte-poort",
    "sbo-in-gewone-scholen",
    "sbo-in-gewone-scholen-zonder-voorwaarden",
    "een-sbo-minder",
    "grotere-klassen",
    "grotere-klassen-zonder-voorwaarden",
]
# One lever of each kind: what is funded, what is asked of staff, a programme, help, a decision, an order.
SINGLE = [
    "so.groups",
    "sbo.hands",
    "observatiegroep.gate",
    "bo.support_slots",
    "tlv.weeks",
    "vso.discipline",
    "sbo.intake",
]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    baseline = sim.load("baseline", years=1)
    return [sim.simulate(baseline, SEED, r) for r in range(REPLICATIONS)]


def test_the_start_is_the_count_of_each_school(records):
    places = sim.load("baseline").region.places
    rolls = {k: sum(q.value for q in p.roll.values()) for k, p in places.items() if p.roll}
    assert len(rolls) == 14
    for record in records:
        v = record.visits
        seated = (v["kind"] == Kind.STAY) & (v["placed"] <= 0) & ~(v["left"] <= 0)
        present = np.bincount(v["place"][seated], minlength=len(record.places))
        found = {p.id: int(n) for p, n in zip(record.places, present, strict=True) if p.id in rolls}
        assert {k: n for k, n in found.items() if abs(n - rolls[k]) > 1} == {}


@pytest.mark.proof
def test_the_counted_stock_stays_when_growth_and_trend_are_off():
    """All types together, a few runs; each type apart over fifty runs stands in `docs/proof/almere.md`."""
    scenario = still({}, unlimited=False)
    counted = sum(q.value for p in scenario.region.places.values() for q in p.roll.values())
    for year in np.mean([stocks(scenario, counts.SEED, r) for r in range(REPLICATIONS)], axis=0)[1:]:
        assert year.sum() == pytest.approx(counted, rel=0.03)


def test_nobody_is_lost_and_few_events_are_needed(records):
    for record in records:
        assert invariants.all_of(record) == []
        assert record.events <= 3 * len(record.pupils["key"])


def test_stocks_are_counted_for_every_type_and_year(records):
    types = {t for t, role in zip(records[0].types, records[0].roles, strict=True) if role == "special"}
    for record in records:
        table = compute(record).query("indicator == 'K17.children_oct' and place_type in @types")
        assert len(table) == len(types) * len(record.school_years)
        assert np.isfinite(table["value"]).all()
        assert (table["value"] > 0).all()


def test_olivijn_has_empty_seats_and_waiting_children_at_once(records):
    """On the day of its published list (8 empty seats, 17 waiting); counted by group, so by school, age and need."""
    days = (f"{counts.OLIVIJN_DAY}", "oct 2023-2024", "oct 2026-2027")
    found = [dict(counts.olivijn(record)) for record in records]
    for day in days:
        assert sum(f[f"both|olivijn|{day}"] for f in found) >= REPLICATIONS / 2, day


@pytest.mark.parametrize("idea", IDEAS)
def test_every_idea_runs(idea):
    record = sim.simulate(sim.load(idea, years=3), SEED, 0)
    assert record.scenario == idea
    assert not compute(record).empty


@pytest.mark.parametrize("draw", range(3))
def test_drawn_futures_run(draw):
    baseline = sim.load("baseline", years=1)
    drawn = plan_draws(baseline, SEED).apply(baseline, draw)
    assert drawn.digest() != baseline.digest()
    assert not compute(sim.simulate(drawn, SEED, draw)).empty


def test_zero_dose_is_the_baseline(records):
    """Every lever moved, but on a date after the horizon: every byte equal but for the name."""
    never = keyed.zero_dose(sim.load("baseline", years=1))
    assert set(never.levers) == set(levers_of(never.region))
    assert keyed.fingerprint(sim.simulate(never, SEED, 0)) == keyed.fingerprint(records[0])


@pytest.mark.parametrize("lever", SINGLE)
def test_zero_dose_of_one_lever(records, lever):
    never = keyed.zero_dose(sim.load("baseline", years=1))
    one = never.model_copy(update={"levers": {lever: never.levers[lever]}})
    assert all(change.from_ > date(2040, 8, 1) for change in one.levers[lever])
    assert keyed.fingerprint(sim.simulate(one, SEED, 0)) == keyed.fingerprint(records[0])


def test_every_child_with_a_declaration_has_one_price_for_support(records):
    """Support is priced by need: together the prices of a type cover all its children, none twice."""
    for record in records:
        units = Units(View(record))
        for name in ("sbo", "so", "vso", "pro"):
            paid = [
                p for p in record.prices
                if p.per == "pupil" and p.of == (name,) and p.amount > 0 and p.purpose == "ondersteuning"
            ]  # fmt: skip
            children = units.of(PriceInfo("", "", "pupil", (name,), 1.0))
            assert sum(units.of(p) for p in paid) == pytest.approx(children)


@pytest.mark.parametrize("idea", IDEAS)
def test_every_euro_of_an_idea_has_one_payer_and_one_purpose(idea):
    """With central values and drawn ones, per school year and per calendar year, to the euro."""
    scenario = sim.load(idea, years=1)
    for one in (scenario, plan_draws(sim.load("baseline", years=1), SEED).apply(scenario, 1)):
        table = compute(sim.simulate(one, SEED, 0)).query("indicator in ('K28.total', 'K28.calendar_total')")
        for _, mine in table.groupby(["indicator", "school_year"], observed=True):
            euros = dict(zip(mine["place_type"], mine["value"], strict=True))
            for prefix in ("payer:", "purpose:"):
                assert sum(v for k, v in euros.items() if k.startswith(prefix)) == euros["all"] > 0
            budgets = sum(v for k, v in euros.items() if k.startswith("payer:swv"))
            assert budgets == euros["organisation:swv"]
