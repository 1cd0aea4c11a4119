"""One child with a support need: who it is, where it has a seat, what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.record import Why

if TYPE_CHECKING:
    from sim.model.cells import Cell

NOBODY = -1


class Pupil:
    """State of one child. Times are days; -1 means "none" for codes.

    Attributes:
        active: Counted among those who have a seat, wait, or stay in a regular stage.
        hi, lo: Identity, for keyed draws.
        seat: Cell where the child has a seat; None = no seat in special education.
        seat_times: signalled, listed, ready and placed of that stay.
        want: Type the child is on the list for.
        token: Changes whenever the child leaves a list, so that old list entries are known to be stale.
        want_times: signalled, listed and ready of that wait.
        why: Why the present seat will end when the child gets the seat it wants.
        requests, stays, offers: How many so far (occasions of draws).
        waited: Years waited before the present seat.
        stage: Regular stage (type code) in which the child stays because its type takes no one.
        stage_of: The type that took no one.
        absent_until: End of the last spell of not attending.
        home_from: Day since which the child is at home for want of a place; None = not at home.
    """

    __slots__ = (
        "absent_until", "active", "at_home", "birth", "chooses", "district", "elsewhere", "hi", "home_from", "index", "lo", "offers",
        "patience", "profile", "requests", "seat", "seat_times", "stage", "stage_from", "stage_of", "stay_u", "stays",
        "tie", "token", "waited", "want", "want_choice", "want_profile", "want_times", "why",
    )  # fmt: skip

    seat: Cell | None
    want_choice: Cell | None
    want_times: tuple[float, float, float]
    seat_times: tuple[float, float, float, float]
    stage_from: tuple[float, float, float]
    stage_of: int
    why: Why
    home_from: float | None

    def __init__(self, index: int, hi: int, lo: int, birth: float, district: int, profile: int, tie: float) -> None:
        """A child that has just been signalled."""
        self.index, self.hi, self.lo = index, hi, lo
        self.birth, self.district, self.profile, self.tie = birth, district, profile, tie
        self.seat = None
        self.want = NOBODY
        self.stage = NOBODY
        self.token = 0
        self.requests = self.stays = self.offers = 0
        self.waited = 0.0
        self.home_from = None
        self.stay_u = -1.0
        self.active = False
        self.absent_until = 0.0
        self.at_home = self.elsewhere = False
        self.chooses = self.patience = 0.0
        self.want_choice = None
        self.want_profile = NOBODY
