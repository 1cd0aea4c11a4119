"""Whatever is asked of whatever people there are: nobody is handed out twice, and nobody who is not there."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from proof import invariants
from proof.toys import toy
from sim.model.staff import Staff

FROM = st.sampled_from([date(2026, 8, 1), date(2027, 1, 15), date(2027, 8, 1), date(2028, 8, 1)])
ADDS = {
    "school.groups": st.integers(-10, 10),
    "school.hands": st.sampled_from([0.1, 0.5]),
    "school.class_size": st.integers(-2, 6),
    "primary.support_slots": st.integers(-10, 60),
    "primary.schools_closed": st.integers(0, 5),
    "course.groups": st.integers(0, 4),
    "teacher.extra": st.integers(-15, 15),
    "assistant.extra": st.integers(-8, 8),
    "helper.extra": st.integers(-2, 5),
    "teacher.training": st.integers(0, 20),
    "teacher.lent": st.integers(0, 12),
}
SMALL = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def handed_out(patch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Who is present and who is handed out, of each pool at each update from now on."""
    seen: list[tuple[float, float]] = []

    def watch(staff: Staff, open_groups, original=Staff.share):
        original(staff, open_groups)
        by_groups = staff.of_groups(open_groups)
        for name, pool in staff.pools.items():
            beside = sum(
                staff.given(a.today, a.wanted, a.staff) * a.staff[name].value
                for a in staff.asks(staff.funded)
                if name in a.staff
            )
            # A group may run with a post that is not filled; then nothing is left for anything else.
            seen.append((pool.present, min(by_groups[name], pool.present) + beside))

    patch.setattr(Staff, "share", watch)
    return seen


@SMALL
@given(
    st.dictionaries(st.sampled_from(sorted(ADDS)), FROM, max_size=6),
    st.sampled_from([0, 0.5, 4]),
    st.sampled_from([None, 10, 40]),
    st.data(),
)
def test_no_more_staff_is_handed_out_than_is_present(chosen, hire, present, data):
    levers = {path: [{"add": data.draw(ADDS[path]), "from": day}] for path, day in chosen.items()}
    edits = {"staff.teacher.hire": hire, "staff.teacher.present": present}
    with pytest.MonkeyPatch.context() as patch:
        seen = handed_out(patch)
        record = sim.simulate(toy("staff", edits, levers or None, years=4), seed=5, replication=0)
    assert seen and all(used <= there + 1e-6 for there, used in seen)
    assert invariants.all_of(record) == []
