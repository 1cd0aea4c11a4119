"""Properties of every small world that hypothesis can think of: one school, any stays, changing seats."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from proof import invariants
from proof.measure import children
from proof.toys import steps, toy
from sim import simulate

DAYS = st.integers(0, 400).map(lambda n: n / 8)  # eighths of a day: sums are exact
ARRIVALS = st.lists(DAYS, min_size=1, max_size=30).map(sorted)
STAYS = st.one_of(
    st.integers(1, 120).map(lambda n: {"law": "fixed", "mean": n / 8}),
    st.integers(1, 40).map(lambda n: {"law": "exponential", "mean": n / 4}),
    st.integers(1, 40).map(lambda n: {"law": "lognormal", "mean": n / 4, "shape": 1.5}),
)
CHANGES = st.dictionaries(st.integers(1, 60), st.integers(0, 4), max_size=3)
SMALL = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def world(arrivals, stay, seats, changes=None, scale=1.0, **rules):
    """Record of the toy `queue`; `changes` are day -> seats."""
    edits = {
        "place_types.school.stay": stay,
        "places.only.groups": {"any": seats},
        "sources.signals.flow": None,
        "sources.signals.at": [a * scale for a in arrivals],
        **{f"place_types.school.list.{name}": value for name, value in rules.items() if value is not None},
    }
    levers = {"school.groups": steps(changes)} if changes else None
    return simulate(toy("queue", edits, levers, years=3), seed=7, replication=0)


@SMALL
@given(
    ARRIVALS,
    STAYS,
    st.integers(1, 4),
    CHANGES,
    st.sampled_from(["date", "last"]),
    st.sampled_from([None, 10.0, 50.0]),
    st.sampled_from([None, 0, 3]),
)
def test_conservation_seats_and_littles_law(arrivals, stay, seats, changes, discipline, patience, limit):
    record = world(arrivals, stay, seats, changes, discipline=discipline, patience=patience, limit=limit)
    assert sorted(children(record).listed) == arrivals
    assert invariants.everybody_somewhere(record) == []
    assert invariants.all_of(record) == []
    assert invariants.no_idle_seat(record, "school") == []


@SMALL
@given(ARRIVALS, STAYS, st.integers(1, 3), CHANGES, st.sampled_from([None, 30.0]))
def test_first_come_first_served(arrivals, stay, seats, changes, patience):
    c = children(world(arrivals, stay, seats, changes, patience=patience))
    for i in range(len(c.listed)):
        later = c.listed > c.listed[i]
        assert not np.any(later & (c.placed < min(c.placed[i], c.left[i]))), "a later child was placed first"


@SMALL
@given(ARRIVALS, st.lists(st.booleans(), min_size=30, max_size=30), st.integers(1, 3), st.integers(1, 120))
def test_priority_first_and_date_inside_a_class(arrivals, with_priority, seats, stay):
    groups = {
        name: [a for a, w in zip(arrivals, with_priority, strict=False) if w == (name == "first")]
        for name in ("first", "other")
    }
    edits = {
        "place_types.school.stay": {"law": "fixed", "mean": stay / 8},
        "places.only.groups": {"any": seats},
    }
    for name, days in groups.items():
        if days:
            edits |= {f"sources.{name}.flow": None, f"sources.{name}.at": days}
        else:
            edits[f"sources.{name}"] = None
    record = simulate(toy("priority", edits, years=3), seed=7, replication=0)
    c = children(record)
    rank = np.where(c.profile == record.profiles.index("first"), 0, 1)
    for i in range(len(c.listed)):
        ahead = (rank < rank[i]) | ((rank == rank[i]) & (c.listed < c.listed[i]))
        passed = ahead & (c.listed < c.placed[i]) & (c.placed > c.placed[i])
        assert not passed.any(), "a child with a better claim waited longer"


@SMALL
@given(
    ARRIVALS, st.integers(1, 120), st.integers(1, 4), st.sampled_from([2, 4, 8]), st.sampled_from([None, 24])
)
def test_time_can_be_rescaled(arrivals, stay, seats, k, patience):
    def run(scale):
        days = {"patience_days": patience * scale / 8} if patience else {}
        return children(
            world(arrivals, {"law": "fixed", "mean": stay * scale / 8}, seats, scale=scale, **days)
        )

    one, more = run(1), run(k)
    for name in ("listed", "placed", "left"):
        assert sorted(k * getattr(one, name)) == sorted(getattr(more, name))


@SMALL
@given(ARRIVALS, STAYS, st.integers(1, 3), st.integers(1, 3))
def test_more_seats_never_mean_a_longer_wait(arrivals, stay, seats, extra):
    few, many = (children(world(arrivals, stay, n)) for n in (seats, seats + extra))
    assert (few.listed == many.listed).all()
    assert (many.placed <= few.placed).all()


@SMALL
@given(ARRIVALS, STAYS, st.integers(1, 3), st.integers(1, 4))
def test_shorter_stays_never_mean_a_longer_wait(arrivals, stay, seats, divisor):
    short = {**stay, "mean": stay["mean"] / 2**divisor}
    before, after = (children(world(arrivals, s, seats)) for s in (stay, short))
    assert (after.placed <= before.placed).all()


def test_names_do_not_matter():
    """Other ids for type, place and profiles, and profiles in another order: the same record, row by row."""
    plain = simulate(toy("priority", years=2), seed=3, replication=1)
    scenario = toy("priority", years=2)
    region = scenario.region
    kind = region.place_types["school"]
    names = {"first": "zebra", "other": "aap"}
    renamed = region.model_copy(
        update={
            "place_types": {
                "academy": kind.model_copy(
                    update={"list": kind.list.model_copy(update={"priorities": {"aap": 2, "zebra": 1}})}
                )
            },
            "places": {"elsewhere": region.places["only"].model_copy(update={"type": "academy"})},
            "profiles": {"aap": region.profiles["other"], "zebra": region.profiles["first"]},
            "sources": {
                k: s.model_copy(
                    update={"to": "academy", "profiles": {names[p]: q for p, q in s.profiles.items()}}
                )
                for k, s in region.sources.items()
            },
        }
    )
    other = simulate(scenario.model_copy(update={"region": renamed}), seed=3, replication=1)
    for name in ("pupil", "kind", "listed", "placed", "left", "why"):
        np.testing.assert_array_equal(plain.visits[name], other.visits[name])
    assert [names[plain.profiles[i]] for i in plain.visits["profile"]] == [
        other.profiles[i] for i in other.visits["profile"]
    ]


def test_what_comes_after_does_not_change_the_waits_before():
    """More seats at the second school of a tandem: every wait for the first one stays as it was."""
    no_way_back = {
        "place_types.one.stay.next": {"two": 1},
        "place_types.two.stay.next": None,
        "place_types.three": None,
        "places.third": None,
    }
    few, many = (
        children(
            simulate(toy("network", {**no_way_back, "places.second.groups": {"any": n}}, years=4), 7, 0),
            "one",
        )
        for n in (1, 3)
    )
    assert (few.placed == many.placed).all()
    assert (few.left == many.left).all()
