"""Help in the regular school: who gets it, and whether a referral follows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import Purpose
from sim.model.laws import YEAR, on_grid
from sim.model.pupil import Pupil
from sim.model.sources import Sources
from sim.model.world import World
from sim.record import Level
from sim.scenario.routes import RegularSupport

Floats = NDArray[np.float64]


class Help:
    """Places for help per regular stage, this school year.

    Attributes:
        stages: Stages with help, by id.
        reach: Share of those who ask that gets help, per stage.
        slots: Places for help, per stage.
    """

    def __init__(self, world: World) -> None:
        """Start with today's places; `calibrate` sets how many signals lie behind today's referrals."""
        self.world = world
        on = world.on.support
        self.stages: dict[str, RegularSupport] = {
            k: m.support for k, m in world.region.regular.items() if m.support is not None and on
        }
        self.slots = {k: s.slots.value for k, s in self.stages.items()}
        self.reach = dict.fromkeys(self.stages, 1.0)
        self._ratio = {k: world.effects.ratio("referral", k, {"support": 1.0}) for k in self.stages}
        self._size = {k: world.effects.size("support", "referral", k) for k in self.stages}

    def referred(self, stage: str, reach: float) -> float:
        """Share of signalled children that is referred when `reach` of them gets help."""
        without = 1.0 - self.stages[stage].resolves.value
        return without * (reach * self._ratio[stage] + 1.0 - reach)

    def calibrate(self, sources: Sources, returns: dict[str, float]) -> None:
        """Published figures count referrals: find how many signals lie behind each, with today's help.

        Today's reach depends on the signals and the signals on the reach, so it is found by repetition.

        Args:
            sources: For the expected signals.
            returns: Children a year who come back to each stage, and ask for help there as well.
        """
        self.world.returned = dict(returns)
        for stage, support in self.stages.items():
            reach = 1.0
            for _ in range(30):
                sources.per_referral[stage] = 1.0 / max(self.referred(stage, reach), 1e-9)
                asked = self._asked(sources, stage, 0)
                reach = min(1.0, self.slots[stage] / asked) if asked > 0 else 1.0
            self.reach[stage] = reach
        self.world.reach_today = dict(self.reach)

    def _asked(self, sources: Sources, stage: str, year: int) -> float:
        """Children who ask for help at one time: those signalled, and those who came back from special education."""
        asked = sources.asking_for_help(stage, year)
        if self.world.on.returns_need_help:
            asked += self.world.returned.get(stage, 0.0)
        return asked * self.stages[stage].months.value / 12

    def update(self, sources: Sources, year: int, slots: dict[str, float], staying: dict[str, int]) -> None:
        """This year's places and reach.

        Args:
            sources: For the expected signals.
            year: School year.
            slots: Places for help per stage.
            staying: Children per stage who stay there because their type takes no one.
        """
        layout = self.world.layout
        now = self.world.env.now
        for stage in self.stages:
            asked = self._asked(sources, stage, year) + staying.get(stage, 0)
            places = slots[stage] * self.world.approaches.city("help_places", stage)
            self.slots[stage] = places
            self.reach[stage] = min(1.0, places / asked) if asked > 0 else 1.0
            code = layout.types.index(stage)
            self.world.log.level(now, Level.HELP_SLOTS, places, type=code)
            self.world.log.level(now, Level.HELP_ASKED, asked, type=code)

    def outcome(
        self, sources: Sources, source: Any, district: Any, signal: Floats, u: dict[Purpose, Floats]
    ) -> tuple[Floats, Any]:
        """Day on which a child is referred (or help ends), and whether no referral is needed."""
        asks, resolved = signal.copy(), np.zeros(len(source), bool)
        for i, (_, s) in enumerate(sources.all):
            if not sources.helped[i]:
                continue
            mine = np.flatnonzero(source == i)
            helped = u[Purpose.HELPED][mine] < self.reach[s.of]
            less = np.minimum(1.0, sources.pressure[i])[district[mine]]
            both = np.where(
                less < 1.0, np.maximum(self.world.effects.floor, self._size[s.of] * less), self._ratio[s.of]
            )
            chance = (1.0 - self.stages[s.of].resolves.value) * np.where(helped, both, less)
            asks[mine] = on_grid(signal[mine] + self.stages[s.of].months.value * YEAR / 12)
            resolved[mine] = u[Purpose.REFERRED][mine] >= chance
        return asks, resolved


def staying(world: World, p: Pupil, year: int) -> dict[str, float]:
    """Dose of staying in a regular stage: with help or without, this school year."""
    reach = world.reach.get(world.layout.types[p.stage], 1.0)
    helped = world.draws.one(Purpose.HELPED, p.hi, p.lo, year + 1) < reach
    return {"included_helped" if helped else "included_alone": 1.0}


def record_help(world: World, year: int) -> None:
    """Write, for children who stay in a regular stage because their type takes no one, whether they get help this year."""
    now = world.env.now
    for p in world.active:
        if p.stage >= 0:
            helped = "included_helped" in staying(world, p, year)
            world.log.states.extend((now, p.index, 1.0, float(helped), p.waited))
