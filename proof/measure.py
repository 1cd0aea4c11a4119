"""What a record says about queues: time averages over a window, waits of those who came in it, and intervals.

Written apart from `sim.indicators`, so that a proof does not lean on what it would have to prove.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.record import Kind, Record, Why

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Children:
    """Visits to one type (or all): one row per child that was listed there.

    Attributes:
        listed: Day on the list.
        placed: Day of the seat; infinite when there was none before the end.
        left: Day on which the seat or the list was left; infinite when not before the end.
        turned_away, gave_up: How a wait without a seat ended.
        profile: Profile code.
        pupil: Row in the table of pupils.
        end: Horizon.
    """

    listed: Vector
    placed: Vector
    left: Vector
    turned_away: Mask
    gave_up: Mask
    profile: NDArray[np.int64]
    pupil: NDArray[np.int64]
    end: float

    def only(self, mask: Mask) -> Children:
        """Those for whom `mask` holds."""
        return Children(
            *(
                getattr(self, f)[mask]
                for f in ("listed", "placed", "left", "turned_away", "gave_up", "profile", "pupil")
            ),
            end=self.end,
        )


def children(record: Record, type_id: str | None = None) -> Children:
    """The waits and stays of a record, those of one type when it is named."""
    v = record.visits
    rows = np.isin(v["kind"], (Kind.WAIT, Kind.STAY))
    if type_id is not None:
        rows &= v["type"] == record.types.index(type_id)
    why, stay = v["why"][rows], v["kind"][rows] == Kind.STAY
    placed = np.where(stay, v["placed"][rows].astype(float), np.inf)
    left = v["left"][rows].astype(float)
    return Children(
        listed=v["listed"][rows].astype(float),
        placed=np.where(np.isnan(placed), np.inf, placed),
        left=np.where(np.isnan(left), np.inf, left),
        turned_away=why == Why.TURNED_AWAY,
        gave_up=why == Why.GAVE_UP,
        profile=np.where(v["profile"] >= 0, v["profile"], record.pupils["profile"][v["pupil"]])[rows].astype(
            np.int64
        ),
        pupil=v["pupil"][rows].astype(np.int64),
        end=record.end,
    )


def _mean_present(begin: Vector, stop: Vector, t0: float, t1: float) -> float:
    return float(np.maximum(np.minimum(stop, t1) - np.maximum(begin, t0), 0.0).sum() / (t1 - t0))


def mean_busy(c: Children, t0: float, t1: float) -> float:
    """Mean number of seats in use in [t0, t1)."""
    seated = np.isfinite(c.placed)
    return _mean_present(c.placed[seated], c.left[seated], t0, t1)


def mean_waiting(c: Children, t0: float, t1: float) -> float:
    """Mean number on the list in [t0, t1)."""
    return _mean_present(c.listed, np.minimum(c.placed, c.left), t0, t1)


def busy_at(c: Children, t: float) -> int:
    """Seats in use at `t`, after all that happens then."""
    return int(((c.placed <= t) & (c.left > t)).sum())


def waiting_at(c: Children, t: float) -> int:
    """Children on the list at `t`, after all that happens then."""
    return int(((c.listed <= t) & (np.minimum(c.placed, c.left) > t)).sum())


def came(c: Children, t0: float, t1: float) -> Children:
    """Those who were listed in [t0, t1)."""
    return c.only((c.listed >= t0) & (c.listed < t1))


def waits(c: Children) -> Vector:
    """Days on the list until a seat, or until they gave up.

    Raises:
        ValueError: Somebody still waits at the end: then the window lies too close to the horizon.
    """
    days = np.minimum(c.placed, c.left) - c.listed
    if not np.isfinite(days).all():
        raise ValueError(
            "some children still wait at the end of the run; take them from a window that ends earlier"
        )
    return days


@dataclass(frozen=True)
class Interval:
    """Mean over replications with its standard error and 95 % t-interval."""

    mean: float
    se: float
    n: int

    @property
    def half(self) -> float:
        """Half of the width of the 95 % interval."""
        return float(stats.t.ppf(0.975, self.n - 1)) * self.se


def interval(values: Sequence[float]) -> Interval:
    """Mean, standard error and number of replications."""
    x = np.asarray(values, float)
    return Interval(float(x.mean()), float(x.std(ddof=1) / math.sqrt(len(x))), len(x))
