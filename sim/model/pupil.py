"""One child with a support need: who it is, where it has a seat, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.cells import Cell

NOBODY = -1
Times = tuple[float, float, float]
NO_TIMES: Times = (0.0, 0.0, 0.0)


@dataclass(slots=True, eq=False)
class Pupil:
    """State of one child. Times are days; -1 means "none" for codes.

    Slots, because a child is read and written far more often than it is made (and beyond thirty fields Python no longer
    keeps an object without slots in one piece: that alone was a third of the time of a run).

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
        next_offer: Draw for the answer to the next offer (-1 = not drawn yet).
        next_start: Draw for whether the next start fails (-1 = not drawn yet).
        requests, stays, offers: How many so far (occasions of draws).
        stage: Regular stage (type code) in which the child stays because its type takes no one.
        stage_of: The type that took no one.
        stage_from: signalled, listed and start of that.
        home_from: Day since which the child is at home for want of a place; None = not at home.
        absent_until: End of the last spell of not attending.
        guest: Its stay in a programme; None = in none.
        turns: Stays in programmes so far (occasion of draws).
    """

    index: int
    hi: int
    lo: int
    birth: float
    district: int
    profile: int
    tie: float
    want: int = NOBODY
    want_times: Times = NO_TIMES
    chooses: float = 0.0
    elsewhere: bool = False
    at_home: bool = False
    patience: float = 0.0
    stay_days: float = -1.0
    next_offer: float = -1.0
    next_start: float = -1.0
    want_profile: int = NOBODY
    want_choice: Cell | None = None
    token: int = 0
    active: bool = False
    seat: Cell | None = None
    seat_times: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    waited: float = 0.0
    why: int = 0
    requests: int = 0
    stays: int = 0
    offers: int = 0
    stage: int = NOBODY
    stage_of: int = NOBODY
    stage_from: Times = NO_TIMES
    home_from: float | None = None
    absent_until: float = 0.0
    guest: Any = None
    turns: int = 0
