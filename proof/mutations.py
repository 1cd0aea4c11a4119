"""Would the proof notice? Four faults are put into the engine, one at a time; on each, a check must fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from proof import theory
from proof.table import Check
from sim.model import cells, demand, laws, listing, world


@contextmanager
def last_come_first_served() -> Iterator[None]:
    """The child that was listed last goes first."""

    def entry(p: Any, listed: float, discipline: str, priority: int) -> Any:
        return cells.entry(p, listed, "last" if discipline == "date" else discipline, priority)

    with patch.object(listing, "entry", entry):
        yield


@contextmanager
def stays_five_per_cent_longer() -> Iterator[None]:
    """Every stay is 1.05 times as long as the region file says."""

    def stay(law: str, mean: float, shape: float | None, u: Any) -> Any:
        return laws.stay(law, 1.05 * mean, shape, u)

    with patch.object(world, "stay", stay), patch.object(demand, "stay", stay):
        yield


@contextmanager
def priorities_ignored() -> Iterator[None]:
    """Everybody has the same priority."""

    def entry(p: Any, listed: float, discipline: str, priority: int) -> Any:
        return cells.entry(p, listed, discipline, 0)

    with patch.object(listing, "entry", entry):
        yield


class _Generous(cells.Cell):
    """A group that lets in one child too many."""

    __slots__ = ()

    @property
    def seats(self) -> float:  # type: ignore[override]
        """One more than there are."""
        return float(cells.Cell.seats.__get__(self)) + 1.0  # type: ignore[attr-defined]

    @seats.setter
    def seats(self, value: float) -> None:
        cells.Cell.seats.__set__(self, value)  # type: ignore[attr-defined]


@contextmanager
def one_seat_too_many() -> Iterator[None]:
    """Every group of seats lets in one more child than it has seats."""
    with patch.object(world, "Cell", _Generous):
        yield


Mutation = Callable[[], AbstractContextManager[None]]
# Each fault with the cases that are held against it. A mean cannot see the order of the list; the tail of the
# waits can.
MUTATIONS: dict[str, tuple[Mutation, tuple[str, ...]]] = {
    "last listed first": (last_come_first_served, ("M/M/1 at 0.8", "M/M/3 at 0.8")),
    "stays x 1.05": (stays_five_per_cent_longer, ("M/M/10 at 0.5", "M/M/2/4 at 1")),
    "priorities ignored": (
        priorities_ignored,
        ("M/M/1 two classes 0.2 and 0.6", "M/M/5 two classes 1 and 3"),
    ),
    "one seat too many": (one_seat_too_many, ("M/M/1 at 0.5", "M/M/3/6 at 1.33")),
}


def failures(name: str, case_id: str, full: bool) -> list[str]:
    """What a case finds wrong while the fault is in the engine."""
    mutation, _ = MUTATIONS[name]
    with mutation():
        try:
            rows = theory.check(theory.cases()[case_id], full)
        except ValueError as error:  # somebody never got a seat
            return [str(error)]
    return [r.what for r in rows if not r.holds]


def fault(name: str, case_id: str, full: bool) -> Check:
    """One fault against one case; the line holds when the case notices."""
    found = failures(name, case_id, full)
    size = theory.cases()[case_id].size
    what = f"checks of {case_id} that fail: {', '.join(found) or 'none'}"
    runs = size.runs if full else size.thin_runs
    return Check(name, what, 1.0, float(len(found)), 0.0, runs, "at least 1", bool(found))


def checks(full: bool) -> Iterator[Check]:
    """Every fault against its cases, in this process: a fault cannot be sent to another one."""
    for name, (_, case_ids) in MUTATIONS.items():
        for case_id in case_ids:
            yield fault(name, case_id, full)
