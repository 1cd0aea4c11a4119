"""Teams that meet in a rhythm: a case waits for the next meeting, and meetings stop in holidays.

Cases come at any moment of the interval, so a case waits U x interval of school time: half the interval on average.
Teams that stand before the same thing see a case one after another, in the order of the region file.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.model.dated import Dated
from sim.model.draws import Draws, Purpose
from sim.model.layout import Layout
from sim.model.schooltime import SchoolTime
from sim.record import Why
from sim.scenario.routes import Team

WEEK = 7.0
_TEAMS = 1 << 16  # an occasion holds the team in its upper half and the number of the case in its lower half


@dataclass(frozen=True)
class Step:
    """One stretch of waiting on the way to a seat, of one child or of many (then every field but `code` is an array).

    Attributes:
        code: Type code of the team, decision or agreement on money.
        start, end: Days.
        there: The child meets this step.
        why: How it ended (`Why`).
    """

    code: int
    start: Any
    end: Any
    there: Any
    why: Any = int(Why.GRANTED)

    def take(self, some: Any) -> Step:
        """The same for some of the children (mask or indices)."""
        why = self.why[some] if isinstance(self.why, np.ndarray) else self.why
        return Step(self.code, self.start[some], self.end[some], self.there[some], why)

    def spread(self, mine: Any, n: int) -> Step:
        """The same as part of `n` children, of whom the others do not meet this step."""
        out = [np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool), np.full(n, int(Why.GRANTED))]
        for whole, part in zip(out, (self.start, self.end, self.there, self.why), strict=True):
            whole[mine] = part
        return Step(self.code, *out)


@dataclass(frozen=True)
class _Seat:
    """A team as the engine meets it: its code, its word for draws, and its lever."""

    code: int
    word: int
    path: str
    model: Team


class Teams:
    """All teams of a region, by what they stand before."""

    def __init__(self, layout: Layout, draws: Draws, levers: Dated) -> None:
        """Look up codes; a region without teams has none, and nobody waits."""
        region = layout.region
        self._draws, self._levers = draws, levers
        self.time = SchoolTime(region.start, layout.scenario.total_years, region.holidays)
        self._teams: dict[tuple[str, str], list[_Seat]] = {}
        if region.mechanisms.teams:
            for name, model in region.teams.items():
                word = (zlib.crc32(name.encode()) % _TEAMS) * _TEAMS
                team = _Seat(layout.types.index(name), word, f"{name}.every_weeks", model)
                for of in model.of:
                    self._teams.setdefault((model.before, of), []).append(team)

    def wait(self, before: str, of: str, hi: Any, lo: Any, occasion: Any, day: Any) -> Any:
        """Days until a case that comes on `day` has been seen by all teams that stand before something.

        Args:
            before: help, decision or action.
            of: Regular stage, decision or home stock.
            hi: First word of the child's identity (or an array of them; then the answer is an array).
            lo: Second word.
            occasion: Number of the case, below 65,536.
            day: Day on which the case comes.
        """
        steps = self.steps(before, of, hi, lo, occasion, day)
        return steps[-1].end - day if steps else 0.0 * day

    def steps(self, before: str, of: str, hi: Any, lo: Any, occasion: Any, day: Any) -> tuple[Step, ...]:
        """The meetings that a case waits for, one after another. Arguments as in `wait`."""
        draw = self._draws.block if isinstance(day, np.ndarray) else self._draws.one
        found: list[Step] = []
        for team in self._teams.get((before, of), ()):
            key = team.word + occasion
            every = self._levers.numbers if isinstance(day, np.ndarray) else self._levers.number
            school_days = every(team.path, team.model.every_weeks.value, day) * WEEK
            seen = self.time.after(day, draw(Purpose.MEETING, hi, lo, key) * school_days)
            if team.model.share is None:
                there = np.ones(len(day), dtype=bool) if isinstance(day, np.ndarray) else True
                end = seen
            else:
                there = draw(Purpose.TO_TEAM, hi, lo, key) < team.model.share.value
                end = np.where(there, seen, day) if isinstance(day, np.ndarray) else seen if there else day
            found.append(Step(team.code, day, end, there))
            day = end
        return tuple(found)
