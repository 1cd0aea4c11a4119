"""Programmes against what can be worked out by hand: blocking, a stage before the list, interim places, exemption."""

from __future__ import annotations

import numpy as np
import pytest

from proof import invariants
from proof.measure import children
from proof.toys import steps, toy
from sim import simulate
from sim.record import Kind, Level, Record, Why

YEAR = 365.25


def rows(r: Record, kind: Kind, type_id: str) -> dict[str, np.ndarray]:
    """Visits of one kind to one type, as columns."""
    mine = (r.visits["kind"] == kind) & (r.visits["type"] == r.types.index(type_id))
    return {name: column[mine] for name, column in r.visits.items()}


def days(r: Record, kind: Kind, type_id: str) -> float:
    """Days of these visits together; those that go on end with the run."""
    v = rows(r, kind, type_id)
    left = np.where(np.isnan(v["left"]), r.end, v["left"])
    return float(np.nansum(left - v["placed"]))


# --- FB10: blocking --------------------------------------------------------------------------------

SEATS, SCHOOL_DAYS, PLACES, TREATMENT_DAYS = 10, 364, 8, 182
FROM, UNTIL = 2 * 364, 7 * 364  # five school stays, after the school filled up


def treated(groups: int = 1, *, blocking: bool = True) -> Record:
    edits = {"programmes.treatment.groups": groups, "mechanisms.blocking": blocking}
    return simulate(toy("treatment", edits), seed=5, replication=0)


def starts(r: Record) -> int:
    """Treatments that start in the window."""
    placed = rows(r, Kind.SUPPORT, "treatment")["placed"]
    return int(((placed >= FROM) & (placed < UNTIL)).sum())


def test_treatment_before_a_full_school_lets_through_what_the_school_does():
    """Doubling the places changes nothing: each start waits for a seat, SEATS per stay at the school."""
    through = SEATS * (UNTIL - FROM) / SCHOOL_DAYS
    assert starts(treated()) == starts(treated(2)) == through


def test_without_blocking_treatment_lets_through_what_its_places_do():
    for groups in (1, 2):
        r = treated(groups, blocking=False)
        assert starts(r) == pytest.approx(
            PLACES * groups * (UNTIL - FROM) / TREATMENT_DAYS, abs=PLACES * groups
        )
        assert (r.levels["what"] != Level.HELD).all()


def test_held_children_go_from_their_place_to_the_seat_and_all_places_are_blocked():
    r = treated()
    v = rows(r, Kind.SUPPORT, "treatment")
    seated = v["why"] == Why.MOVED_ON
    stays = rows(r, Kind.STAY, "school")
    first_day = dict(zip(stays["pupil"].tolist(), stays["placed"].tolist(), strict=True))
    assert seated.sum() > 50
    assert [first_day[i] for i in v["pupil"][seated].tolist()] == v["left"][seated].tolist()
    held = r.levels["value"][r.levels["what"] == Level.HELD]
    assert held.max() == PLACES
    known = v["ready"] - v["placed"]
    assert set(known[~np.isnan(known)].tolist()) == {TREATMENT_DAYS / 2}


# --- FB5: half a year first ------------------------------------------------------------------------


def test_a_stage_before_the_list_shortens_the_list_and_lengthens_the_wait_from_the_first_signal():
    """One seat, stays of 30, a child every 10 days; everyone first has 26 weeks of help that changes nothing.

    The first start comes 182 days later, and all others follow as they did: each wait from first signal is 182 days
    longer, each official wait is what it was, and for 182 days nobody is on the list.
    """
    arrivals = [10.0 * i for i in range(12)]
    edits = {
        "place_types.school.stay": {"law": "fixed", "mean": 30},
        "places.only.groups": {"any": 1},
        "sources.signals.flow": None,
        "sources.signals.at": arrivals,
    }
    first = {
        "programmes.first": {
            "title": {"nl": "Eerst hulp", "en": "Help first"}, "groups": 10, "seats": 10, "stay_weeks": 26,
            "gate": "mandatory", "serves": ["signals"], "unclear": 1,
        }
    }  # fmt: skip
    before, after = (
        children(simulate(toy("queue", e, years=3), seed=1, replication=0)) for e in (edits, edits | first)
    )
    assert (after.placed == before.placed + 182).all()
    assert (after.placed - after.listed == before.placed - before.listed).all()
    assert before.listed.min() == 0
    assert after.listed.min() == 182


# --- interim places --------------------------------------------------------------------------------


def test_a_day_place_cuts_the_days_at_home_by_the_days_that_it_is_taken():
    """Seats are given on days 0, 100, 200 and 300, so three children wait 90 + 180 + 270 days at home.

    The day place is taken from day 10, when the first of them is at home, until day 300, when the last has a seat: by
    turns of 28 days, who is longest at home first. That is 290 days; 540 - 290 = 250 remain.
    """
    r = simulate(toy("interim"), seed=1, replication=0)
    v = rows(r, Kind.SUPPORT, "day-place")
    order = np.argsort(v["placed"])
    assert v["placed"][order][:6].tolist() == [10, 38, 66, 94, 100, 128]
    assert v["left"][order][:6].tolist() == [38, 66, 94, 100, 128, 156]
    assert days(r, Kind.SUPPORT, "day-place") == 290
    assert days(r, Kind.ABSENCE, "no_place") == 250
    assert sorted(children(r).placed) == [0, 100, 200, 300]


def test_a_child_at_home_is_offered_a_place_after_the_meeting_about_its_absence():
    """A team that meets every eight weeks: the first child at home, since day 10, waits at most 56 days for its turn."""
    team = {
        "teams.absence": {
            "title": {"nl": "Overleg", "en": "Meeting"}, "before": "action", "of": ["no_place"], "every_weeks": 8,
        }
    }  # fmt: skip
    days_until = []
    for replication in range(20):
        v = rows(simulate(toy("interim", team), seed=1, replication=replication), Kind.SUPPORT, "day-place")
        days_until.append(v["placed"].min() - 10)
    assert min(days_until) > 0 and max(days_until) <= 56
    assert np.std(days_until) > 5


def test_interim_places_can_be_switched_off_and_closed():
    for edits in ({"mechanisms.interim": False}, {"programmes.day-place.groups": 0}):
        r = simulate(toy("interim", edits), seed=1, replication=0)
        assert days(r, Kind.SUPPORT, "day-place") == 0
        assert days(r, Kind.ABSENCE, "no_place") == 540


ILL = {
    "sources.signals.at": [700],
    "home.ill": {
        "title": {"nl": "Ziek thuis", "en": "Ill at home"}, "start": 1, "flow": 0, "closing": 0, "ages": {10: 1},
        "has_place": True,
    },
}  # fmt: skip


@pytest.mark.parametrize(("next_", "at_home"), [({}, 365 * 2 - 28 * 26), ({"gone": 1}, 0)])
def test_a_child_taken_from_home_is_back_there_or_goes_on(next_, at_home):
    """One child that never goes back by itself. Without `next` it comes and goes; with it, it is gone after 28 days."""
    edits = ILL | {"programmes.day-place.takes": ["ill"], "programmes.day-place.next": next_}
    r = simulate(toy("interim", edits), seed=1, replication=0)
    v = rows(r, Kind.SUPPORT, "day-place")
    expected = 1 if next_ else 27
    assert len(v["placed"]) == expected
    home = rows(r, Kind.ABSENCE, "ill")
    assert home["left"].max() == 0 and (home["placed"] < 0).all()  # its days at home before day 0
    assert v["why"][0] == (Why.LEFT if next_ else Why.DONE)


# --- exemption -------------------------------------------------------------------------------------


def test_exemption_hides_children_from_the_list_and_counts_them_apart():
    """At a chance of 50 a year nearly all who wait at home are exempt soon: days at home fall, exempt days take over."""
    exempt = {
        "programmes": {},
        "home.exempt": {
            "title": {"nl": "Vrijgesteld", "en": "Exempt"}, "start": 0, "flow": 0, "closing": 0, "exempt": True,
            "from_no_place": 50,
        },
    }  # fmt: skip
    r = simulate(toy("interim", exempt), seed=1, replication=0)
    v = rows(r, Kind.ABSENCE, "exempt")
    assert len(v["placed"]) == 3
    assert (r.visits["why"] == Why.EXEMPTED).sum() == 6  # each left the list and left home
    assert days(r, Kind.ABSENCE, "no_place") < 3 * 60
    off = simulate(toy("interim", exempt | {"mechanisms.exemption": False}), seed=1, replication=0)
    assert days(off, Kind.ABSENCE, "no_place") == 540


# --- failed starts ---------------------------------------------------------------------------------


def test_every_start_fails_within_half_a_year_and_the_child_is_on_the_list_again():
    edits = {
        "place_types.school.fails": 1,
        "place_types.school.stay": {"law": "fixed", "mean": 400},
        "places.only.groups": {"any": 1},
        "sources.signals.flow": None,
        "sources.signals.at": [5],
    }
    r = simulate(toy("queue", edits, years=3), seed=1, replication=0)
    v = rows(r, Kind.STAY, "school")
    failed = v["why"] == Why.FAILED
    assert failed.sum() >= 5
    lengths = (v["left"] - v["placed"])[failed]
    assert lengths.min() >= 0 and lengths.max() <= YEAR / 2
    assert (v["placed"][1:] == v["left"][:-1]).all()
    off = simulate(toy("queue", edits | {"mechanisms.failed_starts": False}, years=3), seed=1, replication=0)
    assert (rows(off, Kind.STAY, "school")["why"] == Why.DONE).sum() == 1


def test_nobody_is_lost():
    for r in (treated(), treated(2, blocking=False), simulate(toy("interim"), seed=1, replication=0)):
        assert invariants.all_of(r) == []


def test_a_programme_that_opens_after_the_horizon_does_nothing():
    closed = {"programmes.day-place.groups": 0}
    plain = simulate(toy("interim", closed), seed=1, replication=0)
    late = simulate(toy("interim", closed, {"day-place.groups": steps({2000: 1})}), seed=1, replication=0)
    for name, column in plain.visits.items():
        np.testing.assert_array_equal(column, late.visits[name])
    assert plain.events == late.events
