"""Approaches and what moves referrals, against closed forms on the toy `reach`. No number here was printed by the engine."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import product

import numpy as np
import pytest

import sim
from proof.keyed import fingerprint, zero_dose
from proof.toys import toy
from sim.model.approaches import combined, covered, fidelity
from sim.record import Kind, Level, Record, Why
from sim.scenario.errors import ScenarioError
from sim.scenario.facilities import Approach
from sim.scenario.levers import Change

SEED = 29
YEAR_1 = date(2027, 8, 1)
FULL = {"set": 1, "from": YEAR_1}
SIGMAS = 4.0


def run(levers=None, evidence=None, edits=None, years=4, replication=0) -> Record:
    return sim.simulate(toy("reach", edits, levers, years, evidence), SEED, replication)


@cache
def baseline(years: int = 4) -> Record:
    return sim.simulate(toy("reach", years=years), SEED, 0)


def signals(r: Record, source: str, year: int, district: str | None = None) -> int:
    """First signals of one source in a school year."""
    p = r.pupils
    mine = p["origin"] == r.origins.index(source)
    if district is not None:
        mine &= p["district"] == r.districts.index(district)
    return int(
        (mine & (p["signalled"] >= r.year_starts[year]) & (p["signalled"] < r.year_starts[year + 1])).sum()
    )


def referred(r: Record, source: str, year: int) -> float:
    """Share of a source's signals of a school year that led to a request."""
    p, v = r.pupils, r.visits
    mine = p["origin"] == r.origins.index(source)
    mine &= (p["signalled"] >= r.year_starts[year]) & (p["signalled"] < r.year_starts[year + 1])
    asked = np.zeros(len(mine), bool)
    asked[v["pupil"][(v["kind"] == Kind.DECISION)]] = True
    return float((mine & asked).sum() / mine.sum())


def near(found: float, expected: float, spread: float) -> bool:
    return abs(found - expected) <= SIGMAS * spread


# --- how effects combine ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("overlap", "left"), [(1.0, 0.5), (0.0, 0.35), (0.5, 0.425)])
def test_overlap_is_the_share_of_the_weaker_that_is_lost(overlap, left):
    """0.7 and 0.5: the strongest alone leaves 0.5, both in full leave 0.35."""
    assert float(combined([np.array(0.7), np.array(0.5)], overlap)) == pytest.approx(left)


def test_what_makes_a_chance_larger_is_not_lost_in_overlap():
    assert float(combined([np.array(1.2), np.array(1.5), np.array(0.9)], 1.0)) == pytest.approx(
        1.2 * 1.5 * 0.9
    )


@pytest.mark.parametrize(("overlap", "left"), [(1.0, 0.5), (0.0, 0.35), (0.5, 0.425)])
def test_two_approaches_leave_this_share_of_the_referrals(overlap, left):
    r = run({"coach.coverage": [FULL], "team.coverage": [FULL]}, {"overlap": overlap})
    was = signals(baseline(), "direct", 2)
    assert near(signals(r, "direct", 2), left * was, (was * left * (1 - left)) ** 0.5)
    was = referred(baseline(), "helped", 2)
    n = signals(baseline(), "helped", 2)
    assert near(referred(r, "helped", 2), left * was, (left / n) ** 0.5)


def test_reach_is_linear_and_stays_in_its_district():
    half = {"set": 0.5, "from": YEAR_1, "where": {"district": ["south"]}}
    r, b = run({"coach.coverage": [half]}), baseline()
    assert signals(r, "direct", 2, "north") == signals(b, "direct", 2, "north")
    was = signals(b, "direct", 2, "south")
    assert near(signals(r, "direct", 2, "south"), 0.85 * was, (was * 0.85 * 0.15) ** 0.5)
    assert signals(r, "elsewhere", 2) == signals(b, "elsewhere", 2)


def test_zero_dose_is_the_baseline():
    scenario = toy("reach", years=3)
    assert fingerprint(sim.simulate(zero_dose(scenario), SEED, 0)) == fingerprint(baseline(3))


def test_an_approach_without_an_effect_changes_nothing_but_its_reach():
    effects = {f"effects.{k}.size": 1 for k in ("coach_referral", "team_referral", "team_back")}
    r = run({"coach.coverage": [FULL], "team.coverage": [FULL]}, effects)
    for name, column in run(evidence=effects).visits.items():
        np.testing.assert_array_equal(column, r.visits[name])


def test_reach_that_is_taken_away_loses_its_effect():
    """Today's reach is inside the rates; without it the chance is 1 + 0.3 times today's, so there are more signals."""
    edits = {"approaches.coach.coverage": 1}
    r = run({"coach.coverage": [{"set": 0, "from": YEAR_1}]}, edits=edits, years=4)
    was = signals(run(edits=edits), "direct", 2)
    assert near(signals(r, "direct", 2), 1.3 * was, (0.3 * was) ** 0.5 * 2)


def test_the_floor_holds_for_all_effects_on_a_chance_together():
    r = run({"coach.coverage": [FULL], "team.coverage": [FULL]}, {"floor": 0.6})
    was = signals(baseline(), "direct", 2)
    assert near(signals(r, "direct", 2), 0.6 * was, (was * 0.24) ** 0.5)


# --- what is reached, and how it wears off --------------------------------------------------------------------------------


def approach(**more) -> Approach:
    return Approach.model_validate({"title": {"nl": "a", "en": "a"}, "coverage": 0.0, **more})


def test_dates_of_what_exists():
    a = approach(coverage=0.25, since={"south": date(2027, 8, 1)}, until=date(2029, 8, 1))
    days = [date(2026, 8, 1), date(2028, 8, 1), date(2029, 8, 1)]
    assert [covered(a, "south", d) for d in days] == [0.0, 1.0, 0.0]
    assert [covered(a, "north", d) for d in days] == [0.25, 0.25, 0.0]


def test_strength_wears_off_until_people_are_trained_again():
    a = approach(fades=0.2)
    once = Change.model_validate({"set": 1, "from": date(2027, 8, 1), "ramp": {"months": 12}})
    again = Change.model_validate({"set": 1, "from": date(2030, 8, 1)})
    assert fidelity(a, (once,), None, date(2028, 7, 1)) == 1.0
    assert fidelity(a, (once,), None, date(2030, 7, 31)) == pytest.approx(0.8**2, rel=1e-3)
    assert fidelity(a, (once, again), None, date(2030, 8, 1)) == 1.0
    assert fidelity(approach(), (once,), None, date(2035, 8, 1)) == 1.0


def test_short_of_staff_the_dose_shrinks():
    """10 FTE at full reach, of a pool that has none to spare and can find 4 a year: two fifths of the effect."""
    staff = {"title": {"nl": "s", "en": "s"}, "present": 0, "leaving": 0, "hire": 4}
    edits = {"staff": {"people": staff}, "approaches.coach.staff": {"people": 10}}
    r = run({"coach.coverage": [{"set": 1, "from": date(2026, 8, 2)}]}, edits=edits, years=3)
    rows = (r.levels["what"] == Level.REACH) & (r.levels["type"] == r.types.index("coach"))
    rows &= r.levels["time"] == r.year_starts[1]
    assert r.levels["value"][rows][0] == pytest.approx(0.4)
    was = signals(run(edits=edits, years=3), "direct", 1)
    left = 1 - 0.3 * 0.4
    assert near(signals(r, "direct", 1), left * was, (was * left * (1 - left)) ** 0.5)


def test_an_approach_at_a_school_acts_on_its_own_children_only():
    edits = {"approaches.team.at": ["east"]}
    r = run({"team.coverage": [FULL]}, edits=edits, years=3)
    b = run(edits=edits, years=3)

    def back(record: Record, place: str) -> float:
        """Children who went back, of those present, on 1 August of year 2 (levers are in force since year 1)."""
        v = record.visits
        here = (v["kind"] == Kind.STAY) & (v["place"] == [p.id for p in record.places].index(place))
        day = record.year_starts[2]
        left = here & (v["left"] == day) & (v["why"] == Why.BACK)
        return left.sum() / (here & (v["placed"] < day) & ~(v["left"] < day)).sum()

    assert back(r, "west") == back(b, "west")
    assert back(r, "east") == pytest.approx(2 * back(b, "east"), rel=0.35)
    assert back(r, "east") > back(b, "east")


# --- FB7: early signals ------------------------------------------------------------------------------------------------------


def test_early_signals_are_a_bulge_once_and_nobody_is_lost_or_doubled():
    """The first year holds also those who would have come in the first nine months of the next; then as many as before."""
    r, b = run({"finder.coverage": [FULL]}, years=5), baseline(5)
    p = b.pupils
    direct = p["origin"] == b.origins.index("direct")
    shift = 9 * 365.25 / 12
    own = signals(b, "direct", 1)
    start = b.year_starts[2]
    ahead = int((direct & (p["signalled"] >= start) & (p["signalled"] < start + shift)).sum())
    assert signals(r, "direct", 0) == signals(b, "direct", 0)
    assert signals(r, "direct", 1) == own + ahead
    assert near(ahead, 1000 * 0.75, (1000 * 0.75) ** 0.5)  # lambda x shift
    for year in (2, 3):
        assert near(signals(r, "direct", year), 1000, 1000**0.5)
    keys = r.pupils["key"]
    assert len(np.unique(keys)) == len(keys)
    soon = r.pupils["signalled"][np.isin(keys, p["key"][direct & (p["signalled"] >= start)])]
    assert set(p["key"][direct & (p["signalled"] < b.year_starts[4])]) <= set(keys)
    assert (soon >= b.year_starts[1]).all()


def test_early_signals_can_be_switched_off():
    edits = {"mechanisms": {"early_signal": False}}
    r, b = run({"finder.coverage": [FULL]}, edits=edits), run(edits=edits)
    assert [signals(r, "direct", y) for y in range(4)] == [signals(b, "direct", y) for y in range(4)]


def test_nobody_is_found_before_the_youngest_age_of_the_school():
    edits = {"sources.direct.ages": {4: 1}}
    r = run({"finder.coverage": [FULL]}, edits=edits)
    mine = r.pupils["origin"] == r.origins.index("direct")
    moved = mine & (r.pupils["signalled"] >= r.year_starts[2])
    ages = (r.pupils["signalled"] - r.pupils["birth"])[moved] / 365.25
    b = run(edits=edits)
    usual = (b.pupils["signalled"] - b.pupils["birth"])[
        b.pupils["origin"] == b.origins.index("direct")
    ] / 365.25
    assert ages.min() >= min(4.0, usual.min()) - 1e-6
    assert ages.mean() < usual.mean()


# --- an easier way in, and where children come from -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lever", "ratio"),
    [
        ({"statement.weeks": [{"set": 0.5, "from": YEAR_1}]}, 1.2),  # half the time: 1.44 ** 0.5
        ({"statement.required": [{"set": 0, "from": YEAR_1}]}, 1.44),
        ({"statement.weeks": [{"set": 1.5, "from": YEAR_1}]}, 1 / 1.2),
    ],
)
def test_easier_access_brings_this_many_requests(lever, ratio):
    r, b = run(lever), baseline()
    was = signals(b, "direct", 2)
    assert near(signals(r, "direct", 2), ratio * was, (abs(ratio - 1) * was) ** 0.5 * 2)
    assert signals(r, "elsewhere", 2) == signals(b, "elsewhere", 2)  # they come with a decision
    off = {"mechanisms": {"easy_access": False}}
    assert signals(run(lever, edits=off), "direct", 2) == was


def test_who_is_admitted_from_elsewhere_and_more_signals_than_expected():
    b = baseline()
    shock = {"direct.signals": (Change.model_validate({"set": 2, "from": YEAR_1}),)}
    admits = toy("reach", levers={"elsewhere.admits": [{"set": 1, "from": YEAR_1}]}, years=4)
    more = sim.simulate(admits.model_copy(update={"levers": admits.levers | shock}), SEED, 0)
    assert near(signals(b, "elsewhere", 2), 250, 250**0.5)
    assert near(signals(more, "elsewhere", 2), 500, 500**0.5)
    assert near(signals(more, "direct", 2), 2000, 2000**0.5)


def test_a_district_that_is_built_has_children_from_its_date():
    """1,000 children move in per year, in two years; until then nobody comes there, from elsewhere neither."""
    edits = {
        "districts.new": {"title": {"nl": "Nieuw", "en": "New"}},
        "regular.primary.count.new": 0,
        "regular.primary.builds": {
            "new": {"from": date(2027, 8, 1), "until": date(2029, 8, 1), "per_year": 1000}
        },
    }
    r = run(edits=edits, years=5)
    rows = (r.levels["what"] == Level.POPULATION) & (r.levels["district"] == r.districts.index("new"))
    np.testing.assert_allclose(r.levels["value"][rows], [0, 0, 1000, 2000, 2000], rtol=3e-3)
    assert signals(r, "direct", 1, "new") == 0
    assert near(signals(r, "direct", 4, "new"), 2000 / 8 * 0.5, (2000 / 8 * 0.5) ** 0.5)
    assert signals(r, "direct", 4, "north") == signals(baseline(5), "direct", 4, "north")
    assert signals(r, "elsewhere", 4, "new") == 0


# --- FB9: going back needs help --------------------------------------------------------------------------------------------


def again_share(r: Record) -> tuple[float, int]:
    """Share of those who went back (in time to see it) that is referred again within two years, and how many went back."""
    v = r.visits
    back = np.flatnonzero((v["kind"] == Kind.STAY) & (v["why"] == Why.BACK) & (v["left"] < r.end - 2 * 366))
    later = (v["kind"] == Kind.DECISION) | (v["kind"] == Kind.STAY)
    found = 0
    for i in back:
        after = later & (v["pupil"] == v["pupil"][i]) & (v["listed"] > v["left"][i])
        found += bool(after.any())
    return found / len(back), len(back)


def reach_of(r: Record) -> float:
    asked, slots = (r.levels["value"][r.levels["what"] == k] for k in (Level.HELP_ASKED, Level.HELP_SLOTS))
    return float(np.minimum(1.0, slots / asked)[2])


@pytest.mark.parametrize("slots", [0, 900])
def test_going_back_without_help_leads_to_more_new_referrals(slots):
    """again(reach) = today's x (reach + (1 - reach) s) / (today's reach + (1 - today's reach) s), s = 2."""
    b = baseline(5)
    lever = {"primary.support_slots": [{"set": slots, "from": date(2026, 8, 2)}]}
    r = run(lever, {"effects.alone_again.size": 2}, years=5)
    then, now = reach_of(b), reach_of(r)
    expected = 0.4 * (now + (1 - now) * 2) / (then + (1 - then) * 2)
    share, n = again_share(r)
    assert near(share, expected, (expected * (1 - expected) / n) ** 0.5)
    off = {"mechanisms": {"returns_need_help": False}}
    share, n = again_share(run(lever, edits=off, years=5))
    assert near(share, 0.4, (0.24 / n) ** 0.5)


@pytest.mark.parametrize(("back", "again"), list(product([0.1, 0.3], [0.0, 0.4])))
def test_the_seats_that_going_back_frees_are_the_time_saved_times_who_stays_away(back, again):
    """Children in a steady state, before 1 August = signals / (1 - stay x (1 - back (1 - again)))."""
    edits = {
        "place_types.school.review": {"back": back, "back_to": "primary", "again": again},
        "mechanisms": {"returns_need_help": False},
        "sources.direct": None,
        "sources.elsewhere": None,
        "regular.primary.support": None,
        "sources.helped.support": False,
        "decisions": {},
        "place_types.school.decision": None,
    }
    years = 24
    r = run(edits=edits, evidence={"effects.easy": None}, years=years)
    v = r.visits
    stays = v["kind"] == Kind.STAY
    present = [
        int((stays & (v["placed"] < day) & ~(v["left"] < day)).sum()) for day in r.year_starts[14:years]
    ]
    expected = 2000 / (1 - 0.8 * (1 - back * (1 - again)))
    assert np.mean(present) == pytest.approx(expected, rel=0.02)


# --- FB12: a flow has a slope, seats have a head start --------------------------------------------------------------------


def test_prevention_is_a_slope_and_no_head_start():
    """Children kept away from special education after t years: reduction x signals x t."""
    r, b = run({"team.coverage": [{"set": 1, "from": date(2026, 8, 2)}]}, years=6), baseline(6)
    kept = np.cumsum([signals(b, "direct", y) - signals(r, "direct", y) for y in range(1, 6)])
    for t, found in enumerate(kept, start=1):
        assert near(found, 0.5 * 1000 * t, (0.5 * 1000 * t) ** 0.5)


# --- FB3: more seats may bring more requests -------------------------------------------------------------------------------


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 0.8])
def test_a_tenth_more_seats_bring_epsilon_tenths_more_requests(epsilon):
    """Requests go with (seats per child that asks) ** epsilon, so of few extra seats about the share epsilon fills again."""
    group = {"type": "school", "title": {"nl": "p", "en": "p"}, "class_size": 40}
    roomy = {**group, "groups": {"any": 200}, "roll": {"any": 1500}}
    edits = {"place_types.school.seats": "groups", "places": {"east": roomy, "west": roomy}}
    row = {
        "title": {"nl": "Meer plaatsen", "en": "More seats"},
        "lever": "groups",
        "cause": "seats_per_child",
        "acts_on": "referral",
        "measure": "elasticity",
        "size": epsilon,
    }
    more = {"school.groups": [{"scale": 1.1, "from": YEAR_1}]}
    evidence = {"effects.seats": row}
    was = signals(run(None, evidence, edits, years=2), "direct", 1)
    added = signals(run(more, evidence, edits, years=2), "direct", 1) - was
    expected = was * (1.1**epsilon - 1)
    assert near(added, expected, expected**0.5)
    off = edits | {"mechanisms": {"induced_demand": False}}
    assert signals(run(more, evidence, off, years=2), "direct", 1) == signals(
        run(None, evidence, off, years=2), "direct", 1
    )


# --- what may not be said --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "evidence", "message"),
    [
        ({"approaches.team.at": ["nowhere"]}, None, "school"),
        ({"sources.direct.moment": "transition"}, None, "cannot be brought forward"),
        (None, {"effects.coach_referral.measure": "months"}, "'early' is in months"),
        (None, {"effects.finder_early.measure": "risk_ratio"}, "'early' is in months"),
        (None, {"effects.coach_referral.measure": "elasticity"}, "no elasticity"),
    ],
)
def test_what_means_nothing_is_refused(edits, evidence, message):
    with pytest.raises(ScenarioError, match=message):
        toy("reach", edits, evidence=evidence)
