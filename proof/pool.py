"""Replications on a number of local processes; one process runs them in this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
Map = Callable[[Callable[..., T], Iterable[tuple[Any, ...]]], list[T]]


def here(function: Callable[..., T], jobs: Iterable[tuple[Any, ...]]) -> list[T]:
    """Call the function once for each job, in this process."""
    return [function(*job) for job in jobs]


@contextmanager
def workers(count: int) -> Iterator[Map[Any]]:
    """A map over `count` processes; results come back in the order of the jobs."""
    if count <= 1:
        yield here
        return
    with ProcessPoolExecutor(count) as pool:

        def spread(function: Callable[..., T], jobs: Iterable[tuple[Any, ...]]) -> list[T]:
            return [f.result() for f in [pool.submit(function, *job) for job in jobs]]

        yield spread
