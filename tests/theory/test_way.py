"""The way to a seat against closed forms: meetings, decisions, money, placement moments, exits."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

import sim
from proof import invariants
from proof.measure import children
from proof.toys import toy
from sim.model.dated import Dated
from sim.model.draws import Draws
from sim.model.layout import lay_out
from sim.model.schooltime import SchoolTime
from sim.model.teams import Teams
from sim.record import Kind, Record, Why
from sim.scenario.levers import Change

TERMS = [["12-23", "01-08"], ["04-27", "05-06"], ["07-20", "09-02"]]
FROM = date(2026, 8, 1)
BEFORE_DECISION = {
    "title": {"nl": "t", "en": "t"},
    "before": "decision",
    "of": ["statement"],
    "every_weeks": 6,
}
MANY = {
    "place_types.special.seats": "unlimited",
    "sources.referrals.rate": 0.3,
    "sources.referrals.ages": {5: 1},
    "place_types.special.list.placement": "at_once",
}


def steps(record: Record, role: str) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of every step at a place of a role that ended within the run."""
    v = record.visits
    mine = (v["kind"] == Kind.DECISION) & (np.array(record.roles)[v["type"]] == role) & ~np.isnan(v["left"])
    return v["listed"][mine].astype(float), v["left"][mine].astype(float)


def holds(sample: np.ndarray, mean: float) -> bool:
    """The mean lies within 3.3 standard errors."""
    return abs(sample.mean() - mean) < 3.3 * sample.std() / math.sqrt(len(sample))


@pytest.mark.parametrize("holidays", [[], TERMS])
@pytest.mark.parametrize("share", [1.0, 0.4])
def test_a_case_waits_half_the_interval_in_school_time(holidays, share):
    team = BEFORE_DECISION | ({"share": share} if share < 1 else {})
    edits = MANY | {"teams.panel": team, "holidays": holidays}
    record = sim.simulate(toy("school", edits, years=4))
    start, end = steps(record, "team")
    clock = SchoolTime(record.start, 4, [tuple(h) for h in holidays])
    early = (start >= 0) & (start < record.end - 200)  # all of these have been seen within the run
    assert holds((clock.school(end) - clock.school(start))[early], 6 * 7 / 2)
    asked, _ = steps(record, "decision")
    assert abs(early.sum() / ((asked >= 0) & (asked < record.end - 200)).sum() - share) < 0.05
    if holidays:
        inside = [(clock.school(end + 0.5) - clock.school(end)) == 0]
        assert not np.any(inside), "a meeting in a holiday"


def test_one_child_and_many_wait_for_the_same_meetings():
    """Two teams one after another: the wait of one child in the middle of an event is its wait in a block."""
    second = BEFORE_DECISION | {"every_weeks": 4, "share": 0.5}
    edits = {"teams.panel": BEFORE_DECISION, "teams.heavy": second, "holidays": TERMS}
    layout = lay_out(toy("school", edits))
    teams = Teams(layout, Draws(1, 2), Dated(layout))
    lo, day = np.arange(50, dtype=np.uint64), np.linspace(-30.0, 900.0, 50).round()
    many = teams.wait("decision", "statement", np.full(50, 9, dtype=np.uint64), lo, 3, day)
    assert many.tolist() == [
        teams.wait("decision", "statement", 9, int(k), 3, float(d)) for k, d in zip(lo, day, strict=True)
    ]
    assert (teams.wait("action", "absent", 9, 1, 0, 12.0), len(np.unique(many))) == (0.0, 50)


def test_legal_terms_run_on_in_holidays():
    with_, without = (sim.simulate(toy("school", MANY | {"holidays": h}, years=2)) for h in (TERMS, []))
    assert np.array_equal(steps(with_, "decision"), steps(without, "decision"))


def test_help_starts_after_the_meeting_and_the_referral_count_stays():
    support = {"slots": 2000, "months": 4, "resolves": 0.2}
    team = BEFORE_DECISION | {"before": "help", "of": ["primary"]}
    edits = MANY | {"regular.primary.support": support, "sources.referrals.support": True}
    plain, met = (sim.simulate(toy("school", edits | more, years=6)) for more in ({}, {"teams.care": team}))
    start, end = steps(met, "team")
    assert holds((end - start)[(start >= 0) & (start < met.end - 60)], 21.0)
    v = met.visits
    help_ = (v["kind"] == Kind.SUPPORT) & (v["signalled"] >= 0) & (v["signalled"] < met.end - 60)
    assert holds(v["placed"][help_] - v["signalled"][help_], 21.0)
    days = v["left"][help_] - v["placed"][help_]
    assert np.nanmax(np.abs(days - 4 * 365.25 / 12)) <= 2 / 1024
    counts = [int((r.visits["why"] == Why.REFERRED).sum()) for r in (plain, met)]
    # Only those move that cross the ends of the run: three weeks of a year's referrals at either end.
    assert abs(counts[1] - counts[0]) <= 2 * counts[0] / 6 * 6 / 52


def test_a_team_that_meets_less_often_makes_the_same_children_wait_longer():
    edits = MANY | {"teams.panel": BEFORE_DECISION}
    levers = {"panel.every_weeks": [{"set": 12, "from": date(2027, 8, 1)}]}
    today, changed = (sim.simulate(toy("school", edits, ls, years=3)) for ls in (None, levers))
    for record, factor in ((today, 1), (changed, 2)):
        start, end = steps(record, "team")
        start, end = start[start >= 0], end[start >= 0]
        later = (start >= 365) & (start < record.end - 100)
        assert holds((end - start)[later], 21.0 * factor)
        assert holds((end - start)[start < 365], 21.0)


def test_money_takes_its_weeks_for_its_share_and_nothing_after_place_first():
    edits = MANY | {"decisions.statement.money_weeks": 8, "decisions.statement.money_share": 0.25}
    record = sim.simulate(toy("school", edits, years=3))
    start, end = steps(record, "money")
    asked, _ = steps(record, "decision")
    assert np.allclose(end - start, 56.0)
    assert abs(len(start) / len(asked) - 0.25) < 0.03
    none = sim.simulate(toy("school", edits, {"statement.money_weeks": [{"set": 0, "from": FROM}]}, years=3))
    start, end = steps(none, "money")
    assert (end == start)[start > 0].all()


def test_a_decision_that_is_not_needed_in_one_district():
    levers = {"statement.required": [{"set": 0, "from": FROM, "where": {"district": ["north"]}}]}
    record = sim.simulate(toy("school", MANY | {"sources.referrals.ages": {5: 1}}, levers, years=3))
    v = record.visits
    of = np.array(record.districts)[record.pupils["district"][v["pupil"]]]
    new = record.pupils["origin"][v["pupil"]] == record.origins.index("referrals")
    new &= v["signalled"] >= 0
    asked = (v["kind"] == Kind.DECISION) & new
    assert asked[of == "centre"].any()
    assert not asked[of == "north"].any()
    listed = new & (v["kind"] == Kind.STAY)
    assert (v["listed"] == v["signalled"])[listed & (of == "north")].all()
    assert (v["listed"] > v["signalled"])[listed & (of == "centre")].all()


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_a_stricter_decision_refuses_its_share(share):
    levers = {"statement.refused": [{"set": share, "from": FROM}]}
    record = sim.simulate(toy("school", MANY, levers, years=3))
    v = record.visits
    decided = (v["kind"] == Kind.DECISION) & (v["listed"] >= 0) & ~np.isnan(v["left"])
    refused = v["why"][decided] == Why.REFUSED
    assert abs(refused.mean() - share) <= 3.3 * math.sqrt(share * (1 - share) / len(refused))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 12])
def test_fb6_with_seats_to_spare_a_child_waits_half_the_interval(n):
    """Uniform arrivals and seats for all: the mean wait is the sum of the squared gaps over twice the year."""
    edits = {
        "sources.signals.flow": 400,
        "places.only.groups": {"any": 1000},
        "place_types.school.list": {"discipline": "date", "placement": "moments", "moments": ["08-01"]},
    }
    levers = {"school.placement_moments": [{"set": n, "from": FROM}]} if n > 1 else None
    record = sim.simulate(toy("queue", edits, levers, years=5))
    c = children(record)
    starts = np.unique(c.placed[np.isfinite(c.placed)])
    assert len(starts[(starts >= 365) & (starts < 4 * 365)]) == 3 * n
    gaps = np.diff([0.0, *starts])
    whole = np.isfinite(c.placed)
    assert holds((c.placed - c.listed)[whole], float((gaps**2).sum() / 2 / gaps.sum()))
    assert gaps.mean() == pytest.approx(365.25 / n, rel=0.02)


@pytest.mark.parametrize(("accept", "mandate"), [(0.5, 0.0), (0.5, 0.6), (0.5, 1.0)])
def test_power_to_decide_turns_its_share_of_the_noes_into_a_yes(accept, mandate):
    edits = {
        "place_types.school.list.accept": accept,
        "sources.signals.flow": 2000,
        "places.only.groups": {"any": 40},
    }
    levers = {"school.mandate": [{"set": mandate, "from": FROM}]} if mandate else None
    offers = sim.simulate(toy("queue", edits, levers, years=2)).offers
    chance = accept + mandate * (1 - accept)
    error = math.sqrt(chance * (1 - chance) / len(offers["accepted"]))
    assert abs(offers["accepted"].mean() - chance) <= 3.3 * error


def leavers(record: Record, kind: str, year: int) -> int:
    """Pupils who left education from a type on the 1 August that starts a school year."""
    v = record.visits
    mine = (v["type"] == record.types.index(kind)) & (v["kind"] == Kind.STAY) & (v["why"] == Why.LEFT)
    return int((mine & (v["left"] == record.year_starts[year])).sum())


@pytest.mark.parametrize("more", [-10, 10])
def test_exit_places_move_exactly_as_many_leavers_in_their_first_year(more):
    base = sim.load("baseline", years=2)
    levers = {"vso.exit_places": (Change.model_validate({"set": more, "from": date(2026, 8, 1)}),)}
    today, changed = (sim.simulate(s, seed=5) for s in (base, base.model_copy(update={"levers": levers})))
    assert leavers(changed, "vso", 3) - leavers(today, "vso", 3) == more
    assert leavers(changed, "vso", 2) == leavers(today, "vso", 2)
    assert invariants.all_of(changed) == []
    v = changed.visits
    stays = (v["kind"] == Kind.STAY) & (v["type"] == changed.types.index("vso"))
    october = changed.count_days("10-01")
    for day in october:
        there = stays & (v["placed"] <= day) & ~(v["left"] <= day)
        age = (day - changed.pupils["birth"][v["pupil"][there]]) // 365.25
        assert age.max() < base.region.place_types["vso"].limit


def test_leavers_go_where_the_region_says():
    base = sim.load("baseline", years=4)
    record = sim.simulate(base, seed=5)
    v = record.visits
    left = (v["type"] == record.types.index("vso")) & (v["why"] == Why.LEFT) & (v["destination"] >= 0)
    for name, q in base.region.place_types["vso"].exits.items():
        share = (v["destination"][left] == record.types.index(name)).mean()
        assert abs(share - q.value) <= 3.3 * math.sqrt(q.value * (1 - q.value) / left.sum())
