"""Many children at once: what is read of each, and what is drawn for each, as arrays with one entry per child."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import Draws, Purpose
from sim.model.laws import YEAR
from sim.model.layout import MAX_AGE
from sim.model.pupil import NOBODY, Pupil

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Where = tuple[Ints, Ints, Ints]


def words(people: Sequence[Pupil], *more: str) -> list[Words]:
    """First and second word of their identities, and other whole numbers that a draw needs."""
    return [np.fromiter(map(attrgetter(k), people), np.uint64, len(people)) for k in ("hi", "lo", *more)]


def drawn(
    draws: Draws, people: Sequence[Pupil], purposes: Sequence[Purpose], occasion: int
) -> dict[Purpose, Floats]:
    """Their draws for some purposes."""
    hi, lo = words(people)
    rows = draws.block(np.array(purposes, dtype=np.uint64)[:, None], hi, lo, occasion)
    return dict(zip(purposes, rows, strict=True))


def ages(people: Sequence[Pupil], age_day: float) -> Ints:
    """Ages on a day, as an index into tables by age."""
    birth = np.fromiter(map(attrgetter("birth"), people), np.float64, len(people))
    return np.clip((age_day - birth) // YEAR, 0, MAX_AGE - 1).astype(np.int64)


def where(people: Sequence[Pupil], kind: Ints) -> Where:
    """Index of each child in a table of types x districts x places (-1 = unknown, or at no place)."""
    place = np.array([p.seat.place if p.seat is not None else NOBODY for p in people])
    return kind, np.fromiter(map(attrgetter("district"), people), np.int64, len(people)), place


def those(flags: NDArray[np.bool_]) -> list[int]:
    """Indices of those for whom it holds."""
    found: list[int] = np.flatnonzero(flags).tolist()
    return found
