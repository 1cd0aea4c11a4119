"""The value of a lever on any day: what is drawn ahead for a school year asks for the day on which it happens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import Layout
from sim.scenario.levers import apply

Floats = NDArray[np.float64]


class Dated:
    """Levers of one scenario by path and day."""

    def __init__(self, layout: Layout) -> None:
        """Remember the levers that a scenario touches."""
        self._layout, self._levers = layout, layout.scenario.levers

    def touched(self, path: str) -> bool:
        """True when the scenario moves this lever at some time."""
        return path in self._levers

    def number(
        self, path: str, base: float, day: float, *, district: str | None = None, place: str | None = None
    ) -> float:
        """Value of a number or switch on a day."""
        changes = self._levers.get(path)
        if not changes:
            return base
        return float(apply(changes, base, self._layout.date_of(day), district=district, place=place))

    def numbers(self, path: str, base: float, day: Floats, *, district: str | None = None) -> Floats | float:
        """The same for many days; one number when the scenario leaves the lever alone."""
        if path not in self._levers:
            return base
        whole, which = np.unique(np.floor(day), return_inverse=True)
        values = [self.number(path, base, d, district=district) for d in whole.tolist()]
        return np.array(values)[which]

    def choice(self, path: str, base: str, day: float, *, place: str | None = None) -> str:
        """Value of a choice on a day."""
        changes = self._levers.get(path)
        return str(apply(changes, base, self._layout.date_of(day), place=place)) if changes else base
