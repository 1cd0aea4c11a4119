"""A change divided over its causes: what is left without each, the measure itself, and what they do together.

Each pair of runs is divided on its own, with the same children and the same luck in every variant:

- part of a cause = the difference with everything on, minus the difference without that cause;
- the measure itself = the difference without any of the causes: places, rules and people, and nothing that answers;
- interaction = the rest. Two causes that need each other are both counted in full, and what is counted twice stands here.

So the parts add up to the whole in every pair, and no order has to be chosen: a cause is held against everything, never
after another. That costs two scenarios per cause; Shapley's mean would cost two per set of causes (decision 0017). The
parts are indicative: another list of causes divides the same whole in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.study import statistics
from sim.study.causes import Cause, Variants
from sim.study.compare import MEAN
from sim.study.results import FIXED, Results, Series
from sim.study.statistics import Floats

Piece = Literal["measure", "cause", "interaction", "total"]
DEFAULT = Series("K02.oct")


@dataclass(frozen=True)
class Part:
    """One part of a change, over the pairs of runs.

    Attributes:
        piece: The measure itself, a cause, the interaction, or the whole change.
        cause: Which cause; None for the other pieces, and for all causes together.
        mean: Mean over the pairs; the means of all pieces add up to that of the whole.
        low, high: Where eight in ten of the pairs lie: chance alone, with central values.
        more, fewer, runs: Pairs above zero, below zero, and all.
    """

    piece: Piece
    cause: Cause | None
    mean: float
    low: float
    high: float
    more: int
    fewer: int
    runs: int

    @property
    def agree(self) -> int:
        """Pairs with the sign of the mean."""
        return self.more if self.mean > 0 else self.fewer if self.mean < 0 else 0

    @property
    def direction(self) -> int:
        """+1 or -1 when the band leaves out zero; else 0, and no direction may be claimed."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    @property
    def nothing(self) -> bool:
        """True when it plays no part in any pair."""
        return self.more == self.fewer == 0


@dataclass(frozen=True)
class Division:
    """A change divided over its causes.

    Attributes:
        series: Outcome.
        period: `mean` over the reported school years, or one of them.
        measure: The measure itself.
        causes: In the order of the variants.
        interaction: What the causes do together.
        answer: All causes together, interaction included: the whole without the measure itself, pair by pair.
        total: The whole change.
        asked: Pairs asked for; `runs` of them are there.
    """

    series: Series
    period: str
    measure: Part
    causes: tuple[Part, ...]
    interaction: Part
    answer: Part
    total: Part
    asked: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that adds up to the whole."""
        return (self.measure, *self.causes, self.interaction)

    @property
    def runs(self) -> int:
        """Pairs behind it."""
        return self.total.runs


def divide(
    results: Results, variants: Variants, series: Series = DEFAULT, period: str = MEAN
) -> Division | None:
    """Divide the change of one outcome over the causes of a scenario.

    Args:
        results: Results of all variants, complete or not; a pair counts when every variant has a value in it.
        variants: What was run.
        series: Outcome.
        period: `mean` or a school year.

    Returns:
        The parts; None when these results lack the outcome, or when no pair is complete yet.
    """
    names = ["", *(c.id for c in variants.causes), *(["all"] if variants.causes else [])]
    if series not in results.positions:
        return None
    gaps = {name: _gap(results, variants.ids(name), series, period) for name in names}
    there = np.logical_and.reduce([~np.isnan(gap) for gap in gaps.values()])
    if not there.any():
        return None
    gaps = {name: gap[there] for name, gap in gaps.items()}
    whole = gaps[""]
    measure = gaps.get("all", whole)
    own = [whole - gaps[cause.id] for cause in variants.causes]
    rest = whole - measure - np.sum(own, axis=0) if own else np.zeros_like(whole)
    return Division(
        series,
        period,
        _part("measure", measure),
        tuple(_part("cause", values, cause) for values, cause in zip(own, variants.causes, strict=True)),
        _part("interaction", rest),
        _part("cause", whole - measure),
        _part("total", whole),
        results.replications,
    )


def _gap(results: Results, ids: tuple[str, str], series: Series, period: str) -> Floats:
    """Scenario minus baseline in one variant, per replication; NaN where one of the two is not there."""
    at = results.positions[series]
    today, level = (results.values[name, FIXED][:, at] for name in ids)
    gap = level - today
    if period == MEAN:
        return statistics.mean(gap[:, results.baseline.region.replay_years :], axis=1)
    found: Floats = gap[:, results.school_years.index(period)]
    return found


def _part(piece: Piece, values: Floats, cause: Cause | None = None) -> Part:
    low, high = statistics.band(values)
    signs = statistics.signs(values)
    return Part(
        piece, cause, float(values.mean()), float(low), float(high),
        int(signs.above), int(signs.below), len(values),
    )  # fmt: skip
