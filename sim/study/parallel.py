"""Replications on worker processes: plain data in, plain data out.

A task holds all that a worker needs, as bytes, numbers and names; its answer is the bytes of a Parquet file.
An executor turns tasks into answers in any order. `InProcess` and `Workers` are two; a cluster is one more
class with the same `run`.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, TypeVar

from loky import ProcessPoolExecutor

from sim.scenario.scenario import Scenario
from sim.study.draws import DrawPlan
from sim.study.engine import Engine
from sim.study.store import Key, encode

# Each worker computes on one core; libraries that start threads of their own would only fight over it.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_KEPT_SCENARIOS = 64
_WATCH_SECONDS = 1.0
# The most that Unix knows: such a process computes when no other wants its core.
_LAST_IN_LINE = 19
T = TypeVar("T")


class SimulationError(RuntimeError):
    """A replication stopped with an error; the text says which one, so that it can be repeated."""


@dataclass(frozen=True)
class Task:
    """Consecutive replications of one scenario in one mode.

    Attributes:
        key: Where the result belongs.
        title: Scenario and mode in words, for messages.
        scenario: The pickled scenario.
        plan: Draws to apply; None = central values.
        replications: Replication numbers.
        engine: Names of the functions to run.
    """

    key: Key
    title: str
    scenario: bytes
    plan: DrawPlan | None
    replications: tuple[int, ...]
    engine: Engine


@dataclass(frozen=True)
class Answer:
    """A finished task and the bytes of its Parquet file."""

    task: Task
    raw: bytes


class Executor(Protocol):
    """Whatever can turn tasks into answers."""

    def run(self, tasks: Iterable[Task]) -> Generator[Answer, None, None]:
        """Yield answers as they come; closing the generator cancels what has not started."""
        ...

    def call(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Call a function of a module with plain data."""
        ...


def execute(task: Task, seconds: float | None = None) -> bytes:
    """Run one task.

    Args:
        task: What to run.
        seconds: Most that one replication may ask of a core; None = no limit.

    Raises:
        SimulationError: A replication failed or took too long, or this worker started with other code than its parent.
    """
    # A worker that starts after someone edited the code would put new results under the old digest.
    if (task.engine.digest(), task.engine.indicator_digest()) != (task.key.engine, task.key.indicators):
        raise SimulationError(f"{task.title}: the code changed while this was running; start it again")
    simulate, compute = task.engine.functions()
    scenario = _scenario(task.scenario)
    frames = []
    for replication in task.replications:
        try:
            with within(seconds):
                chosen = task.plan.apply(scenario, replication) if task.plan else scenario
                frames.append((replication, compute(simulate(chosen, task.key.seed, replication))))
        except Exception as error:
            which = f"{task.title}, seed {task.key.seed}, replication {replication}"
            raise SimulationError(f"{which}: {type(error).__name__}: {error}") from error
    return encode(task.key, frames)


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Stop what runs in here when it asked so many seconds of a core: some scenarios that are well-formed never end.

    Works in the main thread of a process, where workers compute, and not on Windows, which has no such alarm.

    Raises:
        TimeoutError: It took longer.
    """
    known = hasattr(signal, "SIGVTALRM") and threading.current_thread() is threading.main_thread()
    if seconds is None or not known:
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"it took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _call(seconds: float | None, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    with within(seconds):
        return function(*arguments)


class InProcess:
    """One task after another in this process: for one job, and for finding faults."""

    def run(self, tasks: Iterable[Task]) -> Generator[Answer, None, None]:
        """Yield answers in the order of the tasks."""
        for task in tasks:
            yield Answer(task, execute(task))

    def call(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Call a function here and now."""
        answer: Future[T] = Future()
        try:
            answer.set_result(function(*arguments))
        except Exception as error:
            answer.set_exception(error)
        return answer


class Workers:
    """Local worker processes that stay warm between studies (loky: it also survives inside a web server).

    Args:
        jobs: Number of processes; None = one per core.
        ahead: Tasks that wait in the pool beside those at work; few of them make way sooner for what is more urgent.
        seconds: Most that one replication, or one call, may ask of a core; None = no limit.
        gives_way: Whether these processes leave the cores to whatever else wants them, such as the screen on which their
            answer is to be drawn.
    """

    def __init__(
        self,
        jobs: int | None = None,
        ahead: int | None = None,
        seconds: float | None = None,
        gives_way: bool = False,
    ) -> None:
        """Make the pool; processes start with the first task or with `warm`."""
        self.seconds = seconds
        self.jobs = jobs or os.cpu_count() or 1
        self.ahead = self.jobs if ahead is None else ahead
        self._pool = ProcessPoolExecutor(
            max_workers=self.jobs, initializer=_prepare, initargs=(os.getpid(), gives_way), env=_ONE_THREAD
        )

    def warm(self, engine: Engine | None = None) -> None:
        """Start all processes and import the engine in each, without waiting for them."""
        for _ in range(self.jobs):
            self._pool.submit(_import, engine or Engine())

    def run(self, tasks: Iterable[Task]) -> Generator[Answer, None, None]:
        """Yield answers as they come; few tasks wait in the pool, so that closing the generator is quick."""
        queue = iter(tasks)
        waiting: dict[Future[bytes], Task] = {}

        def fill() -> None:
            while len(waiting) < self.jobs + self.ahead and (task := next(queue, None)) is not None:
                waiting[self._pool.submit(execute, task, self.seconds)] = task

        try:
            fill()
            while waiting:
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    task = waiting.pop(future)
                    yield Answer(task, future.result())
                fill()
        finally:
            for future in waiting:
                future.cancel()

    def call(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Call a function in a worker."""
        answer: Future[T] = self._pool.submit(_call, self.seconds, function, arguments)
        return answer

    def close(self, *, kill: bool = False) -> None:
        """Stop the processes, at once with `kill`."""
        self._pool.shutdown(wait=True, kill_workers=kill)

    def __enter__(self) -> Workers:
        """The pool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None
    ) -> None:
        """Close; after an interrupt nobody waits for replications in flight."""
        self.close(kill=kind is not None)


def run_tasks(
    tasks: Iterable[Task], jobs: int | None, executor: Executor | None
) -> Generator[Answer, None, None]:
    """Run tasks on `executor`, or on `jobs` processes of their own (one job: in this process)."""
    if executor is not None:
        with closing(executor.run(tasks)) as answers:
            yield from answers
    elif (jobs or os.cpu_count() or 1) == 1:
        yield from InProcess().run(tasks)
    else:
        with Workers(jobs) as workers, closing(workers.run(tasks)) as answers:
            yield from answers


def _prepare(parent: int, gives_way: bool) -> None:
    """Make a worker ready: what is imported now is never garbage, and Ctrl-C is the parent's business."""
    if gives_way and hasattr(os, "nice"):
        os.nice(_LAST_IN_LINE)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _leave_with(parent: int) -> None:
    """End this worker when its parent is gone: a parent that is killed cannot tell its workers."""
    # Windows keeps the number of a parent that is gone; there the closed pipe has to do.
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


def _import(engine: Engine) -> None:
    with suppress(ImportError):
        engine.functions()
    gc.freeze()


_known: OrderedDict[bytes, Scenario] = OrderedDict()
_lock = threading.Lock()


def _scenario(raw: bytes) -> Scenario:
    """The scenario of these bytes; kept, because one scenario comes with many tasks."""
    with _lock:
        if raw not in _known:
            _known[raw] = pickle.loads(raw)  # made by this program in the parent process
            while len(_known) > _KEPT_SCENARIOS:
                _known.popitem(last=False)
        return _known[raw]
