"""Groups and waiting lists: a cell is place x profile x age band, with its seats and the children listed for it.

Not `simpy.Resource`: its capacity and priorities are frozen when made. A list is a heap of entries with stale entries
skipped, so that serving a seat looks at few children however long the list is.
"""

from __future__ import annotations

import math

from sim.model.pupil import Pupil

Entry = tuple[float, float, float, int, int, Pupil]


class Cell:
    """Seats of one place for one profile and one age band.

    Attributes:
        seats: Seats open now. May be below `present` after a cut: nobody is sent away, nobody is let in.
        own: List of children whose first choice this place is.
        others: List of children who would also come here.
        vacant_since: Day on which a seat last came free in a full group.
    """

    __slots__ = (
        "band", "index", "open", "others", "own", "place", "present", "profile", "seats", "type", "vacant_since",
    )  # fmt: skip

    def __init__(self, index: int, type_: int, place: int, profile: int, band: int) -> None:
        """An empty cell without seats."""
        self.index, self.type, self.place, self.profile, self.band = index, type_, place, profile, band
        self.seats: float = 0
        self.present = 0
        self.open = True
        self.vacant_since = -math.inf
        self.own: list[Entry] = []
        self.others: list[Entry] = []


def entry(p: Pupil, listed: float, discipline: str, priority: int) -> Entry:
    """List entry of a child: what sorts first is served first.

    Ties (listed at the same moment) are broken by the child's own draw, never by the order in which things happened.
    """
    if discipline == "last":
        return (0.0, -listed, p.tie, p.index, p.token, p)
    first = 0.0
    if discipline == "priority":
        first = float(priority)
    elif discipline == "home_first":
        first = float(p.home_from is None)
    elif discipline == "oldest_first":
        first = p.birth
    return (first, listed, p.tie, p.index, p.token, p)
