"""Random small worlds with programmes of every kind: no child is ever in two places, and no place holds too many."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from proof import invariants
from proof.toys import toy
from sim import simulate
from sim.record import Kind, Record

SMALL = settings(max_examples=40, deadline=None, derandomize=True, database=None)
WEEKS = st.integers(1, 40)
STAY_LAW = st.sampled_from(["fixed", "exponential", "erlang"])


@st.composite
def programmes(draw):
    """A gate, a treatment that may hold its children, and a temporary place for who is at home."""
    title = {"title": {"nl": "Plek", "en": "Place"}}

    def size():
        return {
            "groups": draw(st.integers(0, 2)), "seats": draw(st.integers(1, 3)), "stay_weeks": draw(WEEKS),
            "law": draw(STAY_LAW),
        }  # fmt: skip

    after = draw(st.sampled_from([{}, {"gone": 1}, {"school": 0.5, "treatment": 0.5}, {"school": 1}]))
    return {
        "gate": {
            **title, **size(), "gate": draw(st.sampled_from(["none", "optional", "mandatory"])), "serves": ["signals"],
            "unclear": draw(st.sampled_from([0.3, 1])), "holds": draw(st.booleans()),
        },
        "treatment": {
            **title, **size(), "next": {"school": 0.7, "gone": 0.3}, "holds": draw(st.booleans()),
            "perspective_weeks": draw(st.integers(1, 20)),
        },
        "refuge": {**title, **size(), "takes": ["no_place", "ill"], "next": after},
        "day-place": {**title, **size(), "takes": ["no_place", "ill"]},
    }  # fmt: skip


@st.composite
def worlds(draw):
    """The toy `interim` with many children, all programmes, illness, exemption and starts that fail."""
    title = {"title": {"nl": "Bron", "en": "Source"}, "of": "outside"}
    home = {"title": {"nl": "Thuis", "en": "At home"}, "flow": draw(st.integers(0, 20))}
    return {
        "programmes": draw(programmes()),
        "place_types.school.stay": {"law": "exponential", "mean": draw(st.integers(20, 400))},
        "place_types.school.fails": draw(st.sampled_from([0, 0.5])),
        "place_types.school.list.patience": draw(st.sampled_from([None, 1.0])),
        "places.only.groups": {"any": draw(st.integers(1, 6))},
        "sources": {
            "signals": {**title, "to": "school", "flow": draw(st.integers(5, 40))},
            "young": {**title, "to": "treatment", "flow": draw(st.integers(1, 20))},
        },
        "home.ill": {**home, "start": draw(st.integers(0, 5)), "closing": 1, "ages": {8: 1, 12: 1}, "has_place": True},
        "home.exempt": {
            **home, "start": 2, "closing": 0.1, "ages": {8: 1, 12: 1}, "exempt": True,
            "from_no_place": draw(st.sampled_from([0.0, 1.0])),
        },
        "mechanisms.blocking": draw(st.booleans()),
    }  # fmt: skip


def whereabouts(r: Record, with_seat: tuple[str, ...] = ()) -> list[str]:
    """Children who are in two places at one time: a seat, a programme or home (`with_seat`: at home, and keep their seat)."""
    v = r.visits
    roles = np.array(r.roles)[v["type"]]
    mine = (
        (v["kind"] == Kind.STAY)
        | (v["kind"] == Kind.ABSENCE)
        | ((v["kind"] == Kind.SUPPORT) & (roles == "programme"))
    )
    mine &= ~np.isnan(v["placed"])
    mine &= ~np.isin(v["type"], [r.types.index(name) for name in with_seat])
    pupil, start = v["pupil"][mine], v["placed"][mine]
    end = np.where(np.isnan(v["left"][mine]), np.inf, v["left"][mine])
    order = np.lexsort((end, start, pupil))
    twice = (pupil[order][1:] == pupil[order][:-1]) & (start[order][1:] < end[order][:-1])
    return [f"child {i} is in two places" for i in pupil[order][1:][twice].tolist()]


def too_full(r: Record) -> list[str]:
    """Programmes with more children than places."""
    found = []
    for code, role in enumerate(r.roles):
        if role != "programme":
            continue
        v = {
            k: c[(r.visits["kind"] == Kind.SUPPORT) & (r.visits["type"] == code)] for k, c in r.visits.items()
        }
        placed = np.sort(v["placed"][~np.isnan(v["placed"])])
        left = np.sort(np.where(np.isnan(v["left"]), np.inf, v["left"])[~np.isnan(v["placed"])])
        present = np.searchsorted(placed, placed, "right") - np.searchsorted(left, placed, "right")
        seats = r.levels["value"][(r.levels["what"] == 0) & (r.levels["type"] == code)].max(initial=0)
        if len(present) and present.max() > seats:
            found.append(f"{r.types[code]}: {present.max()} children in {seats} places")
    return found


@SMALL
@given(worlds(), st.integers(0, 3))
def test_nobody_is_in_two_places_and_nobody_is_lost(edits, replication):
    r = simulate(toy("interim", edits, years=3), seed=7, replication=replication)
    assert whereabouts(r) == []
    assert too_full(r) == []
    assert invariants.all_of(r) == []
