"""Signals that come sooner than they would have, because an approach finds children earlier.

The day of a signal is a function of the child's key, and an approach takes some months off it. A child belongs to the school
year in which the earlier day falls: it is looked for among those who would have come a year later, and left out there. So
nobody is counted twice or lost; the year in which it starts has more signals, and all later years as many as before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.laws import YEAR, on_grid
from sim.model.sources import Signalled, Sources
from sim.model.world import World

Floats = NDArray[np.float64]
_MONTH = YEAR / 12


class Early:
    """Days by which the signals of each school year's children come sooner."""

    def __init__(self, world: World, sources: Sources) -> None:
        """No shift for those of the first school year and before: today's reach is in the rates."""
        self._world, self._sources = world, sources
        self._found = [i for i, (_, s) in enumerate(sources.all) if s.early] if world.on.early_signal else []
        self._shift: dict[int, Floats] = {}

    def look_ahead(self, year: int) -> None:
        """Fix the shift of the next school year's children, from what is reached now. At most one school year."""
        if year < 0 or not self._found:
            return
        world, sources = self._world, self._sources
        n = max(1, len(world.layout.districts))
        shift = np.zeros((len(sources.all), n))
        for i in self._found:
            kinds = sources.all[i][1].of, world.rules[int(sources.target[i])].id
            shift[i] = np.clip(world.approaches.months(*kinds)[:n], -12.0, 12.0) * _MONTH
        if shift.any():
            self._shift[year + 1] = shift

    def cohorts(self, year: int) -> tuple[int, ...]:
        """School years to which the children belong who may be signalled in `year`."""
        others = (y for y in (year - 1, year + 1) if y in self._shift)
        return (year, *others)

    def within(
        self, who: Signalled, signal: Floats, birth: Floats, cohort: int, year: int
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """The day on which each child of a cohort is signalled, and whether that falls in a school year.

        Nobody is signalled sooner than at the youngest age of the school from which it would be (or on the old day).
        """
        layout = self._world.layout
        if cohort in self._shift:
            youngest = np.array(
                [
                    self._world.region.regular[s.of].ages[0] * YEAR
                    if s.of in self._world.region.regular
                    else 0.0
                    for _, s in self._sources.all
                ]
            )
            no_sooner = np.minimum(signal, birth + youngest[who.source])
            signal = on_grid(np.maximum(signal - self._shift[cohort][who.source, who.district], no_sooner))
        start, end = layout.first_august(year), layout.first_august(year + 1)
        if cohort == year and cohort not in self._shift:
            return signal, np.ones(len(signal), bool)
        return signal, (signal >= start) & (signal < end)
