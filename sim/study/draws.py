"""Drawn futures: the r-th row of the fitted posterior, and for all else the r-th scrambled Sobol point over the ranges.

Chance and assumptions are two kinds of not knowing. A replication shows chance; a draw shows what else the numbers of the
region and of the evidence register could have been. Draw r belongs to replication r, the same in every scenario, so that
a difference between scenarios is paired on the assumptions too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario

# Changes when the meaning of a draw changes, so that stored results of other draws are not taken for these.
METHOD = "sobol-owen-1"
# Points are made in blocks of a power of two; a longer block starts with the shorter one.
SMALLEST_BLOCK = 64
_PURPOSE, _JOINT = 0x50B0, 0x50B1


@dataclass(frozen=True)
class DrawPlan:
    """Which graded quantity takes which dimension of the Sobol sequence, and which take a row of the posterior.

    Attributes:
        paths: Sorted paths of the graded quantities of the baseline (region and evidence).
        seed: Master seed of the study; another seed gives another scrambling, and another order of the rows.
        fitted: Paths that are drawn together instead.
        rows: Their joint draws, each value as its place (0-1) in the quantity's range.
    """

    paths: tuple[str, ...]
    seed: int
    fitted: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()

    @cached_property
    def digest(self) -> str:
        """Hash (hex) of all that decides a draw, except its number and the ranges."""
        joint = [self.fitted, self.rows] if self.rows else []
        text = json.dumps([METHOD, self.seed, self.paths, *joint])
        return hashlib.sha256(text.encode()).hexdigest()

    def row(self, replication: int) -> NDArray[np.float64]:
        """Point `replication` of the sequence: one number in [0, 1) per path, whatever else is asked."""
        block = max(SMALLEST_BLOCK, 1 << replication.bit_length())
        row: NDArray[np.float64] = _points(len(self.paths), self.seed, block)[replication]
        return row

    def joint(self, replication: int) -> dict[str, float]:
        """Place in its range per fitted path: every row once, in an order of the seed, before any comes again."""
        if not self.rows:
            return {}
        again, at = divmod(replication, len(self.rows))
        row = self.rows[_order(len(self.rows), self.seed, again)[at]]
        return dict(zip(self.fitted, row, strict=True))

    def values(self, scenario: Scenario, replication: int) -> dict[str, float]:
        """Drawn value per path for one scenario.

        A path that the baseline lacks (an effect that only this scenario uses) gets a number of its own, made
            from its name: so it moves nobody else's draw, and is the same in every scenario that uses it. A scenario
            that moves a fitted number away draws it at the same place in its own range.
        """
        known = dict(zip(self.paths, self.row(replication).tolist(), strict=True)) | self.joint(replication)
        drawn = {}
        for path, quantity in scenario.quantities().items():
            u = known.get(path)
            drawn[path] = quantity.at(u if u is not None else _own(path, self.seed, replication))
        return drawn

    def apply(self, scenario: Scenario, replication: int) -> Scenario:
        """The scenario in the drawn future of this replication."""
        return scenario.with_values(self.values(scenario, replication))


def plan_draws(baseline: Scenario, seed: int) -> DrawPlan:
    """Plan of the draws of a study: one dimension per graded quantity of the baseline, sorted by path."""
    quantities, joint = baseline.quantities(), baseline.posterior
    # A scenario whose region was changed by hand may lack a number; the other columns are still drawn together.
    there = [(i, path) for i, path in enumerate(joint.paths) if path in quantities]
    rows = tuple(tuple(place_in(quantities[path], row[i]) for i, path in there) for row in joint.rows)
    return DrawPlan(tuple(quantities), seed, tuple(path for _, path in there), rows)


def place_in(quantity: Quantity, value: float) -> float:
    """Where a value lies in the range of a quantity, 0-1: the inverse of `Quantity.at`."""
    if quantity.range is None or value == quantity.value:
        return 0.5
    low, high = quantity.range
    if value < quantity.value:
        return max(0.0, 0.5 * (value - low) / (quantity.value - low))
    return (
        min(1.0, 0.5 + 0.5 * (value - quantity.value) / (high - quantity.value))
        if high > quantity.value
        else 1.0
    )


@lru_cache(maxsize=8)
def _points(dimensions: int, seed: int, count: int) -> NDArray[np.float64]:
    if dimensions == 0:
        return np.zeros((count, 0))
    # Loaded here, because it takes a second that a run with central values only need not wait for.
    sobol = import_module("scipy.stats.qmc").Sobol
    rng = np.random.default_rng([seed, _PURPOSE])
    points: NDArray[np.float64] = sobol(dimensions, scramble=True, rng=rng).random(count)
    points.setflags(write=False)
    return points


@lru_cache(maxsize=64)
def _order(rows: int, seed: int, again: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, _JOINT, again]).permutation(rows)


def _own(path: str, seed: int, replication: int) -> float:
    raw = hashlib.sha256(f"{METHOD}/{seed}/{replication}/{path}".encode()).digest()
    return int.from_bytes(raw[:8], "big") / 2.0**64
