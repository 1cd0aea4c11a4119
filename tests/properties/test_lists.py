"""How seats are given: whatever the order, nobody is lost; one list leaves no seat empty that a child wants."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from proof import invariants
from proof.measure import children
from proof.toys import START, toy
from sim import simulate
from sim.record import Kind, Record, Why
from sim.scenario.levers import Change

SMALL = settings(max_examples=40, deadline=None, derandomize=True, database=None)
DAYS = st.lists(st.integers(0, 300).map(lambda n: n / 8), min_size=1, max_size=25).map(sorted)
DISCIPLINES = ["date", "last", "home_first", "oldest_first"]


def on(days: float, value: float | str, place: str | None = None) -> dict:
    where = {"where": {"place": [place]}} if place else {}
    return {"set": value, "from": START + timedelta(days=days), **where}


def two(light, heavy=(), levers=None, seed=3, **edits) -> Record:
    """The toy `lists` with these days of application."""
    days = {"signals": light, "others": heavy}
    for name, at in days.items():
        if len(at):
            edits |= {f"sources.{name}.flow": None, f"sources.{name}.at": list(at)}
        else:
            edits[f"sources.{name}"] = None
    return simulate(toy("lists", edits, levers, years=2), seed=seed)


def starts(record: Record) -> list[tuple[float, str]]:
    """Day and school of each start, in the order of application."""
    v = record.visits
    rows = np.flatnonzero((v["kind"] == Kind.STAY) & ~np.isnan(v["placed"]))
    rows = rows[np.lexsort((v["placed"][rows], v["listed"][rows]))]
    return [(float(v["placed"][i]), record.places[v["place"][i]].id) for i in rows]


SECOND = {"light.groups": [on(1, 1, "far")]}
NEAR_FIRST = 2  # with this seed the children of days 2 and 3 choose `near` as well, when both have a group
TALKS = {"place_types.light.list.friction_weeks": 1}


@pytest.mark.parametrize(
    ("edits", "levers", "last"),
    [({}, {}, 11.0), (TALKS, {}, 18.0), (TALKS, {"light.one_list": [on(1, 1)]}, 11.0),
     (TALKS | {"mechanisms.friction": False}, {}, 11.0)],
)  # fmt: skip
def test_talks_between_schools_keep_a_seat_empty(edits, levers, last):
    """One seat near, one far from day 1; stays of 10; children on days 0, 0.5, 2 and 3, all with `near` first.

    0: near, 0-10. 0.5: far, when it opens on day 1, until 11. 2: near, on day 10. 3: far, which comes free on day 11;
    with a week of talks about a child of another list on day 18. With one list nobody talks first.
    """
    record = two([0, 0.5, 2, 3], levers=SECOND | levers, seed=NEAR_FIRST, **edits)
    assert starts(record) == [(0.0, "near"), (1.0, "far"), (10.0, "near"), (last, "far")]


def test_a_group_shared_by_two_types_serves_both_by_date():
    """One seat near; stays of 10. Heavy children on days 1 and 2, light ones on 0 and 3; the heavy school is full.

    `third` takes the first heavy child (1-11). From day 0 the group of `near` is open to heavy children too: light 0 sits
    there until 10; on day 10 heavy 2 goes before light 3, who starts on day 20.
    """
    levers = {"light.shared_with": [on(0, "heavy", "near")]}
    record = two([0, 3], [1, 2], levers)
    assert starts(record) == [(0.0, "near"), (1.0, "third"), (10.0, "near"), (20.0, "near")]
    v = record.visits
    guest = record.pupils["origin"][v["pupil"]] == record.origins.index("others")
    kinds = {record.types[t] for t in v["type"][guest & (v["kind"] == Kind.STAY)]}
    assert kinds == {"light", "heavy"}, "the rules of the group that a child sits in are those of its type"


@SMALL
@given(DAYS, DAYS, st.sampled_from(DISCIPLINES), st.booleans(), st.integers(0, 2), st.integers(0, 20))
def test_nobody_is_lost_however_seats_are_given(light, heavy, discipline, one_list, far, from_day):
    levers = {
        "light.discipline": [on(from_day, discipline)],
        "light.one_list": [on(from_day, float(one_list))],
        "light.shared_with": [on(from_day, "heavy", "near"), on(from_day, "heavy", "far")],
        "light.groups": [on(from_day + 1, far, "far")],
    }
    record = two(light, heavy, levers, **TALKS, **{"place_types.light.list.at_home": 0.5})
    assert sorted(children(record).listed) == sorted([*light, *heavy])
    assert invariants.everybody_somewhere(record) == []
    assert invariants.all_of(record) == []


@SMALL
@given(DAYS, st.sampled_from(DISCIPLINES), st.integers(1, 3))
def test_the_order_changes_who_waits_and_not_how_long_all_wait_together(light, discipline, near):
    """Fixed stays: the days on which seats come free do not depend on who sits in them."""
    edits = {"places.near.groups": {"any": near}, "place_types.light.list.at_home": 0.5}
    by_date, other = (
        two(light, levers=levers, **edits) for levers in (None, {"light.discipline": [on(0, discipline)]})
    )
    assert sorted(children(by_date).placed) == sorted(children(other).placed)


@SMALL
@given(DAYS, st.integers(1, 3), st.integers(1, 3), st.integers(0, 4))
def test_one_list_leaves_no_seat_empty_that_a_child_wants(light, near, far, weeks):
    """All would go to both schools, so with one list no seat of either is empty while somebody waits."""
    edits = {
        "places.near.groups": {"any": near}, "places.far.groups": {"any": far},
        "place_types.light.list.friction_weeks": weeks,
    }  # fmt: skip
    c = children(two(light, levers={"light.one_list": [on(0, 1.0)]}, **edits), "light")
    for t in np.unique(np.concatenate((c.listed, c.placed, c.left))):
        waiting = int(((c.listed <= t) & (c.placed > t)).sum())
        seated = int(((c.placed <= t) & (c.left > t)).sum())
        assert not (waiting and seated < near + far), f"day {t}: {waiting} wait, {seated} seated"


@SMALL
@given(DAYS)
def test_fb8_children_at_home_go_first(light):
    """No child that waits at its own school starts while one at home, listed before, still waits."""
    record = two(
        light, levers={"light.discipline": [on(0, "home_first")]}, **{"place_types.light.list.at_home": 0.5}
    )
    v = record.visits
    at_home = np.isin(np.arange(len(record.pupils["key"])), v["pupil"][v["kind"] == Kind.ABSENCE])
    c = children(record, "light")
    home = at_home[c.pupil]
    for i in np.flatnonzero(~home & (c.placed > c.listed) & np.isfinite(c.placed)):
        passed = home & (c.listed < c.placed[i]) & (c.placed > c.placed[i])
        assert not passed.any()


def test_a_lever_after_the_end_changes_nothing():
    """Every lever of lists, decisions, teams and exits at zero dose: the same record, byte for byte."""
    base = sim.load("baseline", years=1)
    late = date(2090, 8, 1)
    values: dict[str, float | str] = {
        "so.discipline": "home_first", "so.placement_moments": 2, "so.at_vacancy": 0, "so.one_list": 1, "so.mandate": 0.5,
        "sbo.shared_with": "so", "vso.exit_places": 5, "zorgteam.every_weeks": 2, "tlv.refused": 0.1, "tlv.required": 0,
        "tlv.money_weeks": 0, "tlv.weeks": 0.5,
    }  # fmt: skip
    levers = {k: (Change.model_validate({"set": v, "from": late}),) for k, v in values.items()}
    today, same = (simulate(s, seed=5) for s in (base, base.model_copy(update={"levers": levers})))
    for name in ("pupils", "visits", "offers", "states", "levels"):
        for column, expected in getattr(today, name).items():
            assert np.array_equal(expected, getattr(same, name)[column], equal_nan=expected.dtype.kind == "f")
    assert today.events == same.events


def test_all_levers_of_lists_together_in_the_shipped_region():
    """Merged schools, one list, power to decide, fewer moments: nobody lost, nobody past an age limit."""
    base = sim.load("baseline", years=3)
    day = date(2026, 11, 15)
    values: dict[str, float | str] = {
        "so.discipline": "home_first", "sbo.discipline": "oldest_first", "so.placement_moments": 3, "sbo.at_vacancy": 0,
        "so.one_list": 1, "sbo.one_list": 1, "so.mandate": 0.5, "sbo.shared_with": "so", "so.shared_with": "sbo",
        "pro.shared_with": "vso", "vso.exit_places": 5, "zorgteam.every_weeks": 2,
    }  # fmt: skip
    levers = {k: (Change.model_validate({"set": v, "from": day}),) for k, v in values.items()}
    record = simulate(base.model_copy(update={"levers": levers}), seed=5)
    assert invariants.all_of(record) == []
    v = record.visits
    for name, kind in base.region.place_types.items():
        stays = (v["kind"] == Kind.STAY) & (v["type"] == record.types.index(name))
        for october in record.count_days("10-01"):
            there = stays & (v["placed"] <= october) & ~(v["left"] <= october)
            age = (october - record.pupils["birth"][v["pupil"][there]]) // 365.25
            assert age.max() < (kind.limit or 99)
    pro = (v["type"] == record.types.index("pro")) & (v["kind"] == Kind.STAY)
    assert (record.pupils["origin"][v["pupil"][pro]] == record.origins.index("vo-vso")).any(), (
        "nobody used it"
    )
    assert (v["why"] == Why.LEFT).any()
