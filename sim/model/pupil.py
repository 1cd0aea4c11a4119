"""One child with a support need: who it is, where it has a seat, what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.cells import Cell

NOBODY = -1
NO_TIMES = (0.0, 0.0, 0.0)


class Pupil:
    """State of one child. Times are days; -1 means "none" for codes.

    What most children never have is a class attribute until it is set: making a child must be cheap.

    Attributes:
        hi, lo: Identity, for keyed draws.
        tie: Own draw that decides between children listed at the same moment.
        active: Counted among those who have a seat, wait, or stay in a regular stage.
        seat: Cell where the child has a seat; None = no seat in special education.
        seat_times: signalled, listed, ready and placed of that stay.
        waited: Years waited before the present seat.
        want: Type the child is on the list for.
        want_times: signalled, listed and ready of that wait.
        want_profile: Profile with which it is listed.
        want_choice: Cell of first choice.
        why: Why the present seat will end when the child gets the seat it wants.
        token: Changes whenever the child leaves a list, so that old list entries are known to be stale.
        chooses: Draw for the school of first choice.
        elsewhere: Would also go to another school of the type.
        at_home: Is at home while it waits.
        patience: Days until parents stop waiting (0 = never).
        stay_days: Length of the first stay, where that is one duration (-1 = not drawn).
        requests, stays, offers: How many so far (occasions of draws).
        stage: Regular stage (type code) in which the child stays because its type takes no one.
        stage_of: The type that took no one.
        stage_from: signalled, listed and start of that.
        home_from: Day since which the child is at home for want of a place; None = not at home.
        absent_until: End of the last spell of not attending.
    """

    active = False
    seat: Cell | None = None
    seat_times = (0.0, 0.0, 0.0, 0.0)
    waited = 0.0
    want = NOBODY
    want_times = NO_TIMES
    want_profile = NOBODY
    want_choice: Cell | None = None
    why = 0
    token = 0
    chooses = 0.0
    elsewhere = False
    at_home = False
    patience = 0.0
    stay_days = -1.0
    requests = stays = offers = 0
    stage = NOBODY
    stage_of = NOBODY
    stage_from = NO_TIMES
    home_from: float | None = None
    absent_until = 0.0

    def __init__(
        self, index: int, hi: int, lo: int, birth: float, district: int, profile: int, tie: float
    ) -> None:
        """A child that has just been signalled."""
        self.index, self.hi, self.lo = index, hi, lo
        self.birth, self.district, self.profile, self.tie = birth, district, profile, tie
