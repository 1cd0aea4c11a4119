"""A spell at home that something may end early: a child of a stock from which a programme takes children."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.log import Log
from sim.model.pupil import Pupil
from sim.record import Kind, Why


@dataclass(slots=True, eq=False)
class Spell:
    """One child at home for another reason than a waiting list.

    Attributes:
        stock: Id of the stock; `type` and `place` are its codes.
        since: First day at home (again).
        left: Day on which it ends by itself.
        at_home: False while the child has a temporary place instead.
    """

    pupil: Pupil
    stock: str
    type: int
    place: int
    since: float
    left: float
    at_home: bool = True

    def interrupt(self, log: Log, now: float) -> None:
        """The child gets a temporary place."""
        self.at_home = False
        self.write(log, now)

    def write(self, log: Log, until: float) -> None:
        """Write the days at home so far."""
        t = self.since
        if t < until:
            p = self.pupil
            log.visits.extend(
                (
                    p.index,
                    int(Kind.ABSENCE),
                    self.place,
                    self.type,
                    -1,
                    p.profile,
                    t,
                    t,
                    t,
                    t,
                    until,
                    int(Why.RETURNED),
                    -1,
                )
            )
