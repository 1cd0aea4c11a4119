"""Help in the regular school: who gets it, and whether a referral follows. Also what more or fewer seats do to demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import Purpose
from sim.model.laws import YEAR, on_grid
from sim.model.world import World
from sim.record import Level
from sim.scenario.region import RegularSupport

if TYPE_CHECKING:
    from sim.model.demand import Demand

Floats = NDArray[np.float64]


class Help:
    """Places for help per regular stage, this school year.

    Attributes:
        stages: Stages with help, by id.
        reach: Share of those who ask that gets help, per stage.
        slots: Places for help, per stage.
        induced: Per special type, how much more (or less) is signalled because seats are easier (or harder) to get.
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
        self._today = dict.fromkeys(self.stages, 1.0)
        self.induced = [1.0] * len(world.rules)
        self._ratio = {k: max(world.effects.ratio("referral", k, {"support": 1.0}), 0.0) for k in self.stages}

    def referred(self, stage: str, reach: float) -> float:
        """Share of signalled children that is referred when `reach` of them gets help."""
        without = 1.0 - self.stages[stage].resolves.value
        return without * (reach * self._ratio[stage] + 1.0 - reach)

    def signals_per_referral(self, stage: str) -> float:
        """Published figures count referrals; this many signals lie behind each one, with today's help."""
        return 1.0 / max(self.referred(stage, self._today[stage]), 1e-9)

    def calibrate(self, demand: Demand) -> None:
        """Find today's reach: it depends on the signals, which depend on the reach."""
        for stage in self.stages:
            for _ in range(30):
                asked = demand.expected_help(stage, 0)
                self._today[stage] = min(1.0, self.slots[stage] / asked) if asked > 0 else 1.0
            self.reach[stage] = self._today[stage]

    def update(self, demand: Demand, year: int, slots: dict[str, float], staying: dict[str, int]) -> None:
        """This year's places and reach.

        Args:
            demand: For the expected signals.
            year: School year.
            slots: Places for help per stage.
            staying: Children per stage who stay there because their type takes no one.
        """
        layout = self.world.layout
        now = self.world.env.now
        for stage in self.stages:
            asked = demand.expected_help(stage, year) + staying.get(stage, 0)
            self.slots[stage] = slots[stage]
            self.reach[stage] = min(1.0, slots[stage] / asked) if asked > 0 else 1.0
            code = layout.types.index(stage)
            self.world.log.level(now, Level.HELP_SLOTS, slots[stage], type=code)
            self.world.log.level(now, Level.HELP_ASKED, asked, type=code)

    def outcome(
        self, demand: Demand, source: Any, signal: Floats, u: dict[Purpose, Floats]
    ) -> tuple[Floats, Any]:
        """Day on which a child is referred (or help ends), and whether no referral is needed."""
        asks, resolved = signal.copy(), np.zeros(len(source), bool)
        for i, (_, s) in enumerate(demand.sources):
            if not demand.helped[i]:
                continue
            mine = np.flatnonzero(source == i)
            helped = u[Purpose.HELPED][mine] < self.reach[s.of]
            chance = (1.0 - self.stages[s.of].resolves.value) * np.where(helped, self._ratio[s.of], 1.0)
            asks[mine] = on_grid(signal[mine] + self.stages[s.of].months.value * YEAR / 12)
            resolved[mine] = u[Purpose.REFERRED][mine] >= chance
        return asks, resolved
