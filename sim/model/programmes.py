"""Temporary places between referral and decision, each with its own queue (an observation group, for example).

A gate that everyone must pass becomes the queue: its throughput is groups x seats x school weeks / weeks of stay.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.laws import YEAR, grid
from sim.model.log import NAN
from sim.model.pupil import NOBODY, Pupil
from sim.model.world import FREE, World
from sim.record import Kind, Level, Why


class Programme:
    """One programme: seats, who is in, who waits."""

    def __init__(self, name: str, code: int, place: int) -> None:
        """No seats yet."""
        self.name, self.code, self.place = name, code, place
        self.seats = 0
        self.gate = "none"
        self.weeks = 0.0
        self.present = 0
        self.queue: deque[tuple[Pupil, float, float]] = deque()


class Programmes:
    """All programmes of a region."""

    def __init__(self, world: World) -> None:
        """Make them; `update` opens seats each school year."""
        self.world = world
        layout, region = world.layout, world.region
        self.all = [Programme(k, layout.types.index(k), layout.place_code(k)) for k in region.programmes]
        self.any = bool(self.all)
        names = list(region.sources)
        self._serves = [
            np.array([n in region.programmes[p.name].serves for n in names], bool) for p in self.all
        ]
        self._of_source = {
            names.index(s): p for p in self.all for s in region.programmes[p.name].serves if s in names
        }
        shares = (region.programmes[p.name].unclear for p in self.all)
        self._unclear = [q.value if q else 1.0 for q in shares]
        self._open = [False] * len(self.all)
        self._ratio: dict[str, float] = {
            p.name: world.effects.ratio("referral", p.name, {p.name: 1.0}) for p in self.all
        }

    def update(
        self, groups: dict[str, float], seats: dict[str, float], weeks: dict[str, float], gate: dict[str, str]
    ) -> None:
        """Open or close seats from now."""
        now = self.world.env.now
        for j, p in enumerate(self.all):
            p.seats = int(groups[p.name] * seats[p.name] + 0.5)
            p.weeks, p.gate = weeks[p.name], gate[p.name]
            self._open[j] = p.seats > 0 and p.gate != "none"
            self.world.log.level(now, Level.SEATS, p.seats, type=p.code, place=p.place)
            if not self._open[j]:
                while p.queue:
                    pupil, asked, _ = p.queue.popleft()
                    self._write(p, pupil, asked, NAN, Why.REFERRED)
                    self._asks(pupil)
            self._fill(p)

    def passes(self, source: NDArray[np.int64], unclear: NDArray[np.float64]) -> Any:
        """Which referrals go through a programme."""
        out = np.zeros(len(source), bool)
        for j, p in enumerate(self.all):
            if self._open[j]:
                share = 1.0 if p.gate == "mandatory" else self._unclear[j]
                out |= self._serves[j][source] & (unclear < share)
        return out

    def arrives(self, pupil: Pupil, source: int, diverted: float) -> None:
        """A child asks for the programme of its source on the day of its referral."""
        p = self._of_source[source]
        p.queue.append((pupil, self.world.env.now, diverted))
        self._fill(p)

    def _fill(self, p: Programme) -> None:
        now = self.world.env.now
        days = (
            grid(p.weeks * YEAR / self.world.region.school_weeks)
            if self.world.region.calendar != "none"
            else grid(p.weeks * 7)
        )
        while p.queue and p.present < p.seats:
            pupil, asked, diverted = p.queue.popleft()
            if self.world.too_old(pupil):
                self._write(p, pupil, asked, NAN, Why.AGED_OUT)
                continue
            p.present += 1
            self.world.at(now + days, FREE, self._over, (p, pupil, asked, now, diverted))
            if now + days >= self.world.layout.end:
                self._write(p, pupil, asked, now, Why.OPEN)

    def _over(self, what: tuple[Programme, Pupil, float, float, float]) -> None:
        p, pupil, asked, placed, diverted = what
        p.present -= 1
        needed = diverted < self._ratio[p.name]
        self._write(p, pupil, asked, placed, Why.REFERRED if needed else Why.RESOLVED)
        if needed:
            self._asks(pupil)
        self._fill(p)

    def _asks(self, pupil: Pupil) -> None:
        """The request for a decision follows."""
        target, pupil.want = pupil.want, NOBODY
        pupil.requests = 0
        self.world.request(pupil, target, pupil.want_times[0])

    def _write(self, p: Programme, pupil: Pupil, asked: float, placed: float, why: Why) -> None:
        left = NAN if why == Why.OPEN else self.world.env.now
        self.world.log.visits.extend(
            (pupil.index, Kind.SUPPORT, p.place, p.code, -1, pupil.want_profile, pupil.want_times[0], asked, asked, placed,
             left, why, pupil.want)
        )  # fmt: skip

    def finish(self) -> None:
        """At the end: write those who still wait."""
        for p in self.all:
            for pupil, asked, _ in p.queue:
                self._write(p, pupil, asked, NAN, Why.OPEN)
