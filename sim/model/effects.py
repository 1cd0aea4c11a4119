"""Effects of the evidence register at work: products of ratios on one chance, with a floor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario.evidence import Effect
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]


def acts(row: Effect, kinds: tuple[str, ...]) -> bool:
    """True when an effect acts on children of these types or stages: it names one of them, or none at all."""
    return not row.types or any(k in row.types for k in kinds)


class Effects:
    """The register of one scenario, ready to be asked."""

    def __init__(self, scenario: Scenario) -> None:
        """Index the rows by cause and hook."""
        self._rows: dict[tuple[str, str], list[Effect]] = {}
        self.floor = scenario.floor.value
        for row in scenario.effects.values():
            self._rows.setdefault((row.cause, row.acts_on), []).append(row)

    def size(self, cause: str, hook: str, *kinds: str) -> float:
        """Effect per unit of dose of one cause on one hook for a type or stage (1 = none)."""
        product = 1.0
        for row in self._rows.get((cause, hook), ()):
            if acts(row, kinds):
                product *= row.size.value
        return product

    def ratio(self, hook: str, kind: str, doses: dict[str, float]) -> float:
        """Product of all effects on one chance, each ratio to the power of its dose, never below the floor."""
        return max(self.floor, self._product(hook, kind, doses))

    def together(self, hook: str, kind: str, doses: dict[str, float], reach: Floats) -> Floats:
        """The same with what approaches do to that chance (`reach`), under one floor."""
        return np.maximum(self.floor, self._product(hook, kind, doses) * reach)

    def _product(self, hook: str, kind: str, doses: dict[str, float]) -> float:
        product = 1.0
        for cause, dose in doses.items():
            if dose:
                product *= self.size(cause, hook, kind) ** dose
        return product

    def elasticity(self, cause: str, hook: str, kind: str) -> float:
        """Exponent of an elasticity (0 = none)."""
        return sum(row.size.value for row in self._rows.get((cause, hook), ()) if acts(row, (kind,)))
