"""Which numbers are looked for, and what was known of each before: its own graded range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, nearest_first
from sim.scenario.posterior import PREFIX
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
MOST_RATES = 10  # more than this a handful of facts cannot tell apart


@dataclass(frozen=True)
class Prior:
    """The named rates, each with its own range; beforehand they are independent.

    A point is a place (0-1) in each range, uniform beforehand: `Quantity.at` makes the value of it, so the prior is the
    same as that of the drawn runs.

    Attributes:
        names: Paths in the region (`sources.x.rate`).
        quantities: The quantities there.
    """

    names: tuple[str, ...]
    quantities: tuple[Quantity, ...]

    @property
    def size(self) -> int:
        """How many rates."""
        return len(self.names)

    def values(self, point: Floats) -> dict[str, float]:
        """Value per path in a scenario, of one point."""
        pairs = zip(self.names, self.quantities, point.tolist(), strict=True)
        return {PREFIX + name: q.at(u) for name, q, u in pairs}

    def numbers(self, points: Floats) -> Floats:
        """Values of points (points x rates)."""
        return np.array([list(self.values(p).values()) for p in points]).reshape(len(points), self.size)

    @property
    def central(self) -> Floats:
        """The point of the values that stand in the region: the central value is the median of its range."""
        return np.full(self.size, 0.5)


def prior_of(scenario: Scenario, names: Sequence[str], where: str = "--rates") -> Prior:
    """The prior of the named rates.

    Args:
        scenario: The scenario whose region holds them.
        names: Paths in the region, with or without `region.`.
        where: Where the names stand, for messages.

    Raises:
        ScenarioError: No name, more than ten, a name twice, or a name that is no graded number with a range.
    """
    short = [name.removeprefix(PREFIX) for name in names]
    graded = {
        path.removeprefix(PREFIX): q
        for path, q in scenario.quantities().items()
        if path.startswith(PREFIX) and q.range is not None and q.range[0] < q.range[1]
    }
    problems = []
    if not 1 <= len(short) <= MOST_RATES:
        reason = "this is not a number of rates that can be calibrated together"
        hint = "Name those that matter most; all others keep being drawn from their own ranges."
        problems.append(Problem(where, 0, "", str(len(short)), reason, f"1 to {MOST_RATES}", hint))
    for i, name in enumerate(short):
        if name not in graded:
            near, hint = listing(nearest_first(name, graded), 4), did_you_mean(name, graded)
            reason = "the region has no graded number with a range at this path"
            problems.append(Problem(where, 0, "", name, reason, near, hint))
        elif name in short[:i]:
            problems.append(Problem(where, 0, "", name, "this rate is named twice", "each rate once"))
    if problems:
        raise ScenarioError(problems)
    return Prior(tuple(short), tuple(graded[name] for name in short))
