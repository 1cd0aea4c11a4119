"""How often signals lead to a referral, compared with today: approaches, an easier way in, and schools that close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.model.sources import Sources
from sim.model.world import World
from sim.scenario.levers import apply
from sim.scenario.routes import Source
from sim.scenario.units import OUTSIDE

Floats = NDArray[np.float64]
SchoolDoses = Callable[[str], dict[str, float]]


class Referrals:
    """Sets `Sources.pressure`, once a year and when a lever changes."""

    def __init__(self, world: World, sources: Sources) -> None:
        """Find the decision that stands before each source's type."""
        self.world, self.sources = world, sources
        self._levers = world.layout.scenario.levers
        self._districts: tuple[str | None, ...] = world.layout.districts or (None,)
        needed = (world.rules[t].model.decision for t in sources.target)
        on = world.on.easy_access and world.on.decisions
        self._decision = [
            name if on and not s.decided else None for (_, s), name in zip(sources.all, needed, strict=True)
        ]

    def update(self, school_doses: SchoolDoses) -> None:
        """Pressure from now.

        Args:
            school_doses: Per regular stage, doses of what closing small schools does.
        """
        day = self.world.layout.date_of(self.world.env.now)
        doses = {stage: school_doses(stage) for stage in self.world.region.regular}
        for i, (_, s) in enumerate(self.sources.all):
            self.sources.pressure[i] = self._of(i, s, day, doses.get(s.of, {}))

    def _of(self, i: int, s: Source, day: date, schools: dict[str, float]) -> Floats:
        """Chance of a referral of one source, compared with today, per district.

        Approaches act in the regular school; on children who start in special education at once only when an effect names
        their type. Nothing that is done here changes who moves in from elsewhere.
        """
        world = self.world
        target = world.rules[int(self.sources.target[i])].id
        helped = bool(self.sources.helped[i])
        doses = schools if helped else {}
        n = len(self._districts)
        reach = np.ones(n)
        if s.of != OUTSIDE:
            kinds = (s.of, target) if helped else (target,)
            reach = world.approaches.ratio("referral", *kinds, named=not helped)[:n, -1]
        size = world.effects.size("easy_access", "referral", s.of, target)
        reach = reach * size ** self._easier(self._decision[i], day)
        return world.effects.together("referral", s.of, doses, reach)

    def _easier(self, decision: str | None, day: date) -> Floats:
        """Share of the time to the decision that falls away, per district (1 where none is needed)."""
        if decision is None:
            return np.zeros(len(self._districts))
        weeks = float(apply(self._levers.get(f"{decision}.weeks", ()), 1.0, day))
        required = self._levers.get(f"{decision}.required", ())
        needed = [float(apply(required, 1.0, day, district=d)) for d in self._districts]
        return np.array([1.0 - weeks if x >= 0.5 else 1.0 for x in needed])
