"""Seven traces worked out by hand, compared exactly. All times are days since 1 August 2026.

Rules at one and the same moment, written down first: (1) the calendar (levers, ages) comes before everything;
(2) seats that come free are given to those who already wait; (3) then new children come; (4) then children
whose patience ends leave the list. So with `ties: place_first` a seat that comes free at the very moment is
still in time; with `ties: leave_first` it is not. The horizon is half-open: nothing that falls on it happens.
"""

from __future__ import annotations

import math

import pytest

from proof.measure import Children, children
from proof.toys import steps, toy
from sim import simulate
from sim.record import Why


def trace(arrivals, stay, seats, *, changes=None, **edits) -> Children:
    """The toy `queue` with fixed stays and these days of arrival; `changes` are day -> seats."""
    scenario = toy(
        "queue",
        {
            "place_types.school.stay": {"law": "fixed", "mean": stay},
            "places.only.groups": {"any": seats},
            "sources.signals.flow": None,
            "sources.signals.at": list(arrivals),
            **{key.replace("__", "."): value for key, value in edits.items()},
        },
        {"school.groups": steps(changes)} if changes else None,
        years=1,
    )
    return children(simulate(scenario, seed=1, replication=0))


def starts(c: Children) -> list[float]:
    """Starts in the order of arrival (children who come at one moment in the order of their starts)."""
    return [c.placed[i] for i in sorted(range(len(c.placed)), key=lambda i: (c.listed[i], c.placed[i]))]


def test_1_seats_are_added():
    """One seat until day 6, then three; stays of 3; a child each day from 0 to 9.

    0 starts at once and leaves at 3, then 1 (3-6). On day 6 two seats open and the one of child 1 comes free:
    2, 3 and 4 start (6-9). On day 9 they leave: 5, 6 and 7 start; on day 12: 8 and 9.
    """
    c = trace(range(10), 3, 1, changes={6: 3})
    assert starts(c) == [0, 3, 6, 6, 6, 9, 9, 9, 12, 12]
    assert [s - a for a, s in enumerate(starts(c))] == [0, 2, 4, 3, 2, 4, 3, 2, 4, 3]


def test_2_seats_are_taken_away_and_nobody_is_sent_away():
    """Two seats, one from day 2; stays of 3; children on days 0, 0, 1 and 2.

    The two of day 0 sit until 3, also after one seat is gone on day 2. On day 3 both leave, but only one seat
    is left: the child of day 1 starts at 3, the child of day 2 when that one leaves, at 6.
    """
    c = trace([0, 0, 1, 2], 3, 2, changes={2: 1})
    assert starts(c) == [0, 0, 3, 6]


@pytest.mark.parametrize(
    ("ties", "third_start", "third_left"), [("place_first", 5, 10), ("leave_first", math.inf, 5)]
)
def test_3_patience_ends_as_a_seat_comes_free(ties, third_start, third_left):
    """One seat; stays of 5; patience of 3; children on days 0, 1 and 2.

    The first sits 0-5. The second leaves the list at 1 + 3 = 4. The third's patience ends at 2 + 3 = 5, the
    moment at which the seat comes free. Place first: it starts at 5 and leaves at 10. Leave first: it is gone
    at 5.
    """
    c = trace([0, 1, 2], 5, 1, ties=ties, place_types__school__list__patience_days=3)
    rows = sorted(zip(c.listed, c.placed, c.left, c.gave_up, strict=True))
    assert rows == [
        (0, 0, 5, False),
        (1, math.inf, 4, True),
        (2, third_start, third_left, ties == "leave_first"),
    ]


def test_4_no_seats_for_a_while():
    """Two seats, none from day 2 to day 6, then two; stays of 3; children on days 0, 1, 3, 5 and 7.

    The first two sit 0-3 and 1-4: who sits may finish. The children of days 3 and 5 come while there is no
    seat and wait; the seats that come free on 3 and 4 are not given. On day 6 both start (6-9). The child of
    day 7 starts at 9.
    """
    c = trace([0, 1, 3, 5, 7], 3, 2, changes={2: 0, 6: 2})
    assert starts(c) == [0, 1, 6, 6, 9]


def test_5_all_at_once_at_a_moment_and_at_the_horizon():
    """One seat; stays of 5; children on days 350, 355, 355, 358, 360 and 365; the run ends on day 365.

    350 sits until 355. At that moment two come: one starts at once (355-360), the other waits, and so does
    358. At 360 one of those two, the older, starts (360-365); 360 comes at the same moment and waits. At 365
    nothing happens any more: that stay is not seen to end, nobody is placed, and the child of day 365 is not
    in the record.
    """
    c = trace([350, 355, 355, 358, 360, 365], 5, 1)
    rows = sorted(zip(c.listed, c.placed, c.left, strict=True))
    inf = math.inf
    assert rows == [
        (350, 350, 355), (355, 355, 360), (355, 360, inf), (358, inf, inf), (360, inf, inf),
    ]  # fmt: skip


def test_6_priority_overtakes_and_does_not_evict():
    """One seat; stays of 4; children without priority on days 0 and 1, with priority on days 2 and 9.

    0 sits 0-4: the child of day 2 does not send it away. At 4 the child of day 2 goes before the child of day
    1 and sits 4-8. At 8 the child of day 1 starts (8-12); the child of day 9 cannot send it away and starts
    at 12.
    """
    scenario = toy(
        "priority",
        {
            "place_types.school.stay": {"law": "fixed", "mean": 4},
            "sources.first.flow": None,
            "sources.first.at": [2, 9],
            "sources.other.flow": None,
            "sources.other.at": [0, 1],
        },
        years=1,
    )
    c = children(simulate(scenario, seed=1, replication=0))
    assert sorted(zip(c.listed, c.placed, c.left, strict=True)) == [
        (0, 0, 4),
        (1, 8, 12),
        (2, 4, 8),
        (9, 12, 16),
    ]


def test_7_too_old_on_the_day_that_a_seat_comes_free():
    """One seat, school calendar, nobody of 12 may start; stays of 365. Ages are those on 1 October.

    A child of 9 comes on day 0 and sits 0-365: until 1 August 2027. A child of 11 is listed on day 40, one of
    8 on day 50. On 1 August 2027 the calendar comes first: the eldest is now 12 and leaves the list, at the
    very moment at which the seat comes free. So the child of 8 is placed on day 365, though it was listed
    later. It sits until day 730.
    """
    source = {"title": {"nl": "Kind", "en": "Child"}, "of": "outside", "to": "school"}
    days = {"sitting": (0, 9), "eldest": (40, 11), "youngest": (50, 8)}
    scenario = toy(
        "queue",
        {
            "calendar": "school_year",
            "place_types.school.stay": {"law": "fixed", "mean": 365},
            "place_types.school.limit": 12,
            "places.only.groups": {"any": 1},
            "sources": {k: {**source, "at": [day], "ages": {age: 1}} for k, (day, age) in days.items()},
        },
        years=3,
    )
    record = simulate(scenario, seed=1, replication=0)
    c = children(record)
    inf = math.inf
    assert sorted(zip(c.listed, c.placed, c.left, strict=True)) == [
        (0, 0, 365),
        (40, inf, 365),
        (50, 365, 730),
    ]
    assert Why.AGED_OUT in record.visits["why"]
