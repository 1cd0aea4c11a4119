"""One child's way through a temporary place, and the place itself: seats, who is in, who waits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from sim.model.log import NAN
from sim.model.pupil import NOBODY, Pupil
from sim.model.spells import Spell
from sim.record import Why
from sim.scenario.facilities import Programme as Model

GATE = "gate"  # a referral that passes it: what follows is that referral
OWN = "own"  # comes of itself, or from another programme: what follows is `next`
INTERIM = "interim"  # waits at home for a seat, and keeps its place on the list
AT_HOME = "at_home"  # at home for another reason


@dataclass(slots=True, eq=False)
class Guest:
    """One child's way through one programme.

    Attributes:
        asked: Day from which it waits for this programme.
        route: GATE, OWN, INTERIM or AT_HOME.
        since: Signalled: first day of this episode.
        diverted: Draw that decides whether the referral of a gate is still needed.
        spell: The spell at home that is interrupted (AT_HOME).
        home_from: First day at home of this wait (INTERIM): the child must still be at home when its turn comes.
        placed, due, known: First day, planned last day, and day on which it is known where to (NaN = not yet).
        goal: Code of the type, stage or programme that follows; -1 = none, or not known.
        why: How the stay ends when its time is up.
        pending: It waits, in its place, for the seat that follows.
        held: Its time is up and it still waits.
    """

    pupil: Pupil
    programme: Programme
    asked: float
    route: str
    since: float
    diverted: float = 0.0
    spell: Spell | None = None
    home_from: float | None = None
    placed: float = NAN
    due: float = NAN
    known: float = NAN
    goal: int = NOBODY
    why: Why = Why.OPEN
    pending: bool = False
    held: bool = False


@dataclass(slots=True, eq=False)
class Programme:
    """One programme: seats, who is in, who waits. `next` holds codes and shares."""

    name: str
    model: Model
    code: int
    place: int
    next: tuple[tuple[int, ...], tuple[float, ...]]
    profiles: tuple[int, ...]
    seats: int = 0
    gate: str = "none"
    weeks: float = 0.0
    held: int = 0
    inside: dict[Guest, None] = field(default_factory=dict)
    queue: deque[Guest] = field(default_factory=deque)
