"""Whatever is decided, and whenever: nobody is lost, sits twice or sits where there is no seat."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from proof import invariants
from proof.toys import toy
from sim.scenario.levers import Change, levers_of

DATES = st.integers(0, 5 * 365).map(lambda n: date(2026, 8, 1) + timedelta(days=n))
CHANGES = {
    "special.groups": st.integers(-4, 4).map(lambda n: {"add": n}),
    "special.class_size": st.integers(-5, 5).map(lambda n: {"add": n}),
    "special.intake": st.sampled_from([0.0, 1.0]).map(lambda x: {"set": x}),
    "special.discipline": st.sampled_from(["date", "last"]).map(lambda x: {"set": x}),
    "statement.weeks": st.sampled_from([0.5, 1.5, 3.0]).map(lambda x: {"set": x}),
}


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(sorted(CHANGES)), DATES, max_size=4), st.data())
def test_school_with_levers(chosen, data):
    changes = {path: [data.draw(CHANGES[path]) | {"from": day}] for path, day in chosen.items()}
    record = sim.simulate(toy("school", levers=changes or None, years=7), seed=5, replication=0)
    assert invariants.all_of(record) == []


@pytest.mark.parametrize("step", [-1.0, 1.0])
def test_shipped_region_with_every_lever_moved(step):
    """All numbers of all levers one slider step up (or down) in the middle of a school year, all at once."""
    baseline = sim.load("baseline", years=2)
    moved = {}
    for path, lever in levers_of(baseline.region).items():
        d = lever.definition
        if d.kind == "number":
            value = min(d.high, max(d.low, float(lever.today) + step * d.step))
            moved[path] = (Change.model_validate({"set": value, "from": date(2026, 11, 15)}),)
    record = sim.simulate(baseline.model_copy(update={"levers": moved}), seed=5, replication=0)
    assert invariants.all_of(record) == []
