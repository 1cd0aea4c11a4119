"""The desk that runs what screens ask for: one per server, shared by all visitors, unaware of Streamlit.

A screen says which questions it shows; the desk looks them up in the store and hands what is missing to
worker processes. It works only for questions that some screen asked about in the last seconds, so a moved
slider or a closed browser stops the work by itself, and two visitors with one question share one answer. The
thread in here waits for workers and files their answers; it never simulates.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from sim.app.budget import Budget, Turns
from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.grid import Axes, Grid
from sim.study.parallel import Executor, SimulationError, Task
from sim.study.results import DRAWN, FIXED, MEASURED, Cell, Results, Series
from sim.study.runs import Study, plan
from sim.study.statistics import Floats
from sim.study.store import Block, Key, Store, decode

FIRST_PAIRS = 6
"""Pairs that must be there before a band is drawn."""

WATCHED_SECONDS = 6.0
Held = Literal["", "read_only", "spent"]
MODES = (FIXED, DRAWN, MEASURED)
_KEPT, _KEPT_RESULTS, _KEPT_STUDIES = 90, 12, 60
# What somebody looks at is kept above `_KEPT` too, up to what fits in memory.
_MOST = 900
_TRIES = 3
RETRY_SECONDS = 60.0
"""A question that failed is tried again when somebody asks it so much later: the cause may have gone."""
# Later replications are run two by two: long enough to share a file, short enough to make way for a moved slider.
_TOGETHER = 2
# What a screen needs first: chance, then assumptions, then what is left without unmeasured effects.
_TURN = {mode: turn for turn, mode in enumerate(MODES)}


@dataclass(frozen=True)
class Settings:
    """How a server calculates.

    Attributes:
        replications: Pairs wanted in the end.
        years: School years reported after the replay; None = as the region says.
        seed: Master seed.
    """

    replications: int = 30
    years: int | None = None
    seed: int = 1


class HeldError(RuntimeError):
    """Nothing more is made for this visitor now; why and how long, as in `Status`."""

    def __init__(self, held: Held, more_in: float) -> None:
        """Keep why, and the seconds until more is made."""
        super().__init__(held)
        self.held, self.more_in = held, more_in


@dataclass(frozen=True)
class Status:
    """How far the questions on a screen are.

    Attributes:
        pairs: Complete replications over all of them, in every mode asked.
        there: Complete replications of the first two questions in each mode: what a picture can show.
        done: Replications that are there, over scenarios and modes on average: how far the work is.
        goal: Replications wanted.
        error: What went wrong, if anything.
        held: Why nothing more is made for this visitor now: the server only shows what is stored, or the visitor's
            hour is spent; "" = nothing is in the way.
        more_in: Seconds until something is made for this visitor again.
    """

    pairs: int
    there: tuple[int, ...]
    done: int
    goal: int
    error: str = ""
    held: Held = ""
    more_in: float = 0.0

    @property
    def finished(self) -> bool:
        """Nothing more will come."""
        return bool(self.error) or self.pairs >= self.goal

    @property
    def first_pairs(self) -> int:
        """Complete replications with central values of the first two questions: enough of these make the first band."""
        return self.there[0]

    @property
    def ready(self) -> bool:
        """Enough pairs for a first band."""
        return self.first_pairs >= min(FIRST_PAIRS, self.goal)


@dataclass
class _Cell:
    """One scenario in one mode: what is known and what is being made.

    Attributes:
        key: Where its results are kept.
        title: Scenario and mode in words.
        mode: Which numbers are drawn.
        task: Makes the work of some replications.
        runs: Replication -> its numbers on the grid.
        flying: Replications that a worker has now.
        rank: Place in the question that asks it most urgently.
        goal: Replications wanted.
        asked: When a screen last asked for it.
        used: When anybody last used it.
        looked: Replications for which the store was looked through.
        tries: Pools that broke with it in them since it last answered.
        error: What went wrong.
        failed_at: When that was.
        askers: Visitor -> when they last asked for it.
    """

    key: Key
    title: str
    mode: str
    task: Callable[[tuple[int, ...]], Task]
    runs: dict[int, Floats] = field(default_factory=dict)
    flying: set[int] = field(default_factory=set)
    rank: int = 0
    goal: int = 0
    asked: float = 0.0
    used: float = 0.0
    looked: int = 0
    tries: int = 0
    error: str = ""
    failed_at: float = 0.0
    askers: dict[str, float] = field(default_factory=dict)


class Desk:
    """Runs studies for screens.

    Args:
        settings: How to calculate.
        store: Where results are kept.
        executor: Makes a pool of workers; called again when a pool broke.
        kept: Which indicators of the engine are kept in memory: id -> also by district and need.
        engine: Functions to run, unless a study names others (of those every row is kept).
        budget: New replications that each visitor may ask for in an hour; no limit by default.
        read_only: Only show what is stored.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        executor: Callable[[], Executor],
        kept: Mapping[str, bool],
        engine: Engine | None = None,
        budget: Budget | None = None,
        read_only: bool = False,
    ) -> None:
        """Start without work."""
        self._budget, self._turns, self.read_only = budget or Budget(0), Turns(), read_only
        self.settings, self.store, self.engine = settings, store, engine or Engine()
        self._make, self._executor = executor, executor()
        self._kept = dict(kept)
        self._cells: OrderedDict[Key, _Cell] = OrderedDict()
        self._lock = threading.Lock()
        # Beside the lock for which every page waits: reading files, and starting processes, take long.
        self._reading, self._making = threading.Lock(), threading.Lock()
        self._busy = False
        # One order of rows per kind of result.
        self._grids: dict[str, Grid] = {}
        self._studies: OrderedDict[tuple[object, ...], Study] = OrderedDict()
        # An object that is kept keeps its identity, by which a question is known again.
        self._named: dict[tuple[object, ...], tuple[Scenario, ...]] = {}
        self._results: OrderedDict[tuple[object, ...], Results] = OrderedDict()

    def study(
        self,
        baseline: Scenario,
        scenarios: Sequence[Scenario],
        *,
        modes: Sequence[str] = MODES,
        engine: Engine | None = None,
        replications: int | None = None,
    ) -> Study:
        """The question of a screen.

        Args:
            baseline: What is compared with.
            scenarios: The scenario in colour, then the others.
            modes: Central values, drawn assumptions, measured effects only.
            engine: Other functions to run than those of this desk.
            replications: Pairs wanted, if not those of the settings.
        """
        s = self.settings
        # Checking a question costs more than drawing its answer, and a page asks the same one at every click.
        mark = (id(baseline), *map(id, scenarios), tuple(modes), engine, replications)
        with self._lock:
            found = self._studies.get(mark)
        if found is None:
            found = plan(
                scenarios, replications=replications or s.replications, years=s.years, seed=s.seed, modes=modes,
                baseline=baseline, engine=engine or self.engine,
            )  # fmt: skip
            with self._lock:
                self._studies[mark] = found
                self._named[mark] = (baseline, *scenarios)
                while len(self._studies) > _KEPT_STUDIES:
                    self._named.pop(self._studies.popitem(last=False)[0])
        return found

    def call(self, function: Callable[..., Any], *arguments: Any, visitor: str = "") -> Future[Any]:
        """Let a worker call a function of a module with plain data; for what is no row of a table.

        Raises:
            HeldError: Nothing is made for this visitor now.
        """
        if self.read_only or not self._budget.spend(visitor):
            raise HeldError("read_only" if self.read_only else "spent", self._budget.wait(visitor))
        executor = self._executor
        try:
            return executor.call(function, *arguments)
        except BrokenExecutor:
            return self._instead_of(executor).call(function, *arguments)

    def ask(self, study: Study, visitor: str = "") -> Status:
        """Say that a screen of this visitor shows this study; work goes on while this is called every few seconds."""
        self.open(study)
        with self._lock:
            now = time.monotonic()
            for rank, scenario in enumerate(study.scenarios):
                for mode in study.modes:
                    cell = self._cell(study, scenario, mode)
                    # Two screens may want one cell in another order; the more urgent wish holds while it is
                    # fresh.
                    fresh = now - cell.asked < WATCHED_SECONDS
                    cell.rank = min(rank, cell.rank) if fresh else rank
                    cell.goal = max(study.replications, cell.goal if fresh else 0)
                    cell.asked = now
                    cell.askers[visitor] = now
                    if cell.error and now - cell.failed_at > RETRY_SECONDS:
                        # Once, and alone if it broke a pool: what fails for good must not keep others waiting.
                        cell.error, cell.tries = "", min(cell.tries, _TRIES - 1)
            if not self._busy and self._next() is not None:
                threading.Thread(target=self._work, name="desk", daemon=True).start()
                self._busy = True
            return self._status(study, visitor)

    def open(self, study: Study) -> None:
        """Take from the store what it has of a study, without asking for more."""
        wanted = study.replications
        with self._lock:
            if all(cell.looked >= wanted for cell in self._cells_of(study)):
                return
        # One at a time: two visitors with one question read its files once.
        with self._reading:
            for scenario in study.scenarios:
                for mode in study.modes:
                    with self._lock:
                        cell = self._cell(study, scenario, mode)
                    blocks = list(self.store.read(cell.key, range(cell.looked, wanted)))
                    with self._lock:
                        for block in blocks:
                            cell.runs[block.replication] = self._grid(cell.key).lay(block)
                        cell.looked = max(cell.looked, wanted)

    def status(self, study: Study, visitor: str = "") -> Status:
        """How far a study is, without asking for more."""
        # A screen that stopped the work may show what went to make room for others.
        self.open(study)
        with self._lock:
            return self._status(study, visitor)

    def results(self, study: Study) -> Results:
        """What is known of a study now: only runs that baseline and scenario in colour both have."""
        # What went to make room for others is in the store.
        self.open(study)
        with self._lock:
            known = {c: self._cells[key].runs for c, key in study.keys.items() if key in self._cells}
            wanted = range(study.replications)
            there = {c: frozenset(r for r in wanted if r in known.get(c, ())) for c in study.keys}
            # A page is drawn again far more often than a run comes in.
            mark = (study.replications, tuple(study.keys.items()), tuple(there.items()))
            if mark in self._results:
                self._results.move_to_end(mark)
                return self._results[mark]
            grid = self._grid(next(iter(study.keys.values())))
            for mode in study.modes:
                pairs = frozenset.intersection(*(there[s.id, mode] for s in study.scenarios[:2]))
                for scenario in study.scenarios:
                    there[scenario.id, mode] &= pairs
            found = self._results[mark] = _results(
                study,
                grid.axes(),
                {c: {r: known[c][r] for r in runs} for c, runs in there.items()},
                self.store.problems,
            )
            while len(self._results) > _KEPT_RESULTS:
                self._results.popitem(last=False)
        return found

    def _cells_of(self, study: Study) -> list[_Cell]:
        return [self._cell(study, scenario, mode) for scenario in study.scenarios for mode in study.modes]

    def _cell(self, study: Study, scenario: Scenario, mode: str) -> _Cell:
        key, now = study.keys[scenario.id, mode], time.monotonic()
        if key not in self._cells:
            self._cells[key] = _Cell(
                key, f"scenario {scenario.id} ({mode})", mode, _tasks_of(study, scenario, mode, key), used=now
            )
            self._make_room(now)
        self._cells.move_to_end(key)
        self._cells[key].used = now
        return self._cells[key]

    def _make_room(self, now: float) -> None:
        """Let go of what was not used for longest; what a page draws now only when memory would not hold it."""
        while len(self._cells) > _KEPT:
            oldest = next((c for c in self._cells.values() if not c.flying), None)
            if oldest is None or (len(self._cells) <= _MOST and now - oldest.used <= WATCHED_SECONDS):
                return
            del self._cells[oldest.key]

    def _status(self, study: Study, visitor: str) -> Status:
        cells = {cell: self._cells[key] for cell, key in study.keys.items() if key in self._cells}

        wanted = set(range(study.replications))

        def there(scenario: Scenario, mode: str) -> set[int]:
            cell = cells.get((scenario.id, mode))
            return set() if cell is None else wanted & cell.runs.keys()

        every = [there(s, mode) for s in study.scenarios for mode in study.modes]
        pairs = [set.intersection(*(there(s, mode) for s in study.scenarios[:2])) for mode in study.modes]
        found = Status(
            len(set.intersection(*every)), tuple(map(len, pairs)), sum(map(len, every)) // len(every),
            study.replications, next((c.error for c in cells.values() if c.error), ""),
        )  # fmt: skip
        wait = self._budget.wait(visitor)
        # What is on its way, or what another visitor pays for, still comes.
        coming = any(c.flying or self._payers(c) for c in cells.values())
        if found.finished or coming or not (self.read_only or wait):
            return found
        return replace(found, held="read_only" if self.read_only else "spent", more_in=wait)

    def _next(self) -> tuple[_Cell, tuple[int, ...], str] | None:
        """The next replications and for whom: visitors take turns, and each gets its most urgent ones."""
        waiting: dict[str, list[_Cell]] = {}
        for cell in self._cells.values():
            if _missing(cell):
                for who in self._payers(cell):
                    waiting.setdefault(who, []).append(cell)
        if not waiting:
            return None
        who = self._turns.among(waiting)[0]
        return (*_most_urgent(waiting[who]), who)

    def _payers(self, cell: _Cell) -> list[str]:
        """Visitors who look at a question now, and may still ask for work."""
        now = time.monotonic()
        if self.read_only or cell.error or now - cell.asked > WATCHED_SECONDS:
            return []
        cell.askers = {who: when for who, when in cell.askers.items() if now - when <= WATCHED_SECONDS}
        return [who for who in cell.askers if not self._budget.wait(who)]

    def _tasks(self) -> Iterator[Task]:
        """What is asked for, the most urgent first; what may have broken a pool runs alone."""
        while True:
            with self._lock:
                found = self._next()
                if found is None:
                    return
                cell, wanted, who = found
                alone = bool(cell.tries)
                if alone and any(c.flying for c in self._cells.values()):
                    return
                cell.flying.update(wanted)
                self._budget.take(who, len(wanted))
                self._turns.done(who, len(wanted))
            yield cell.task(wanted)
            if alone:
                return

    def _work(self) -> None:
        """Hand out tasks until nothing is missing; the workers do the work, this thread files the answers."""
        try:
            while self._go_on():
                executor = self._executor
                try:
                    with closing(executor.run(self._tasks())) as answers:
                        for answer in answers:
                            self.store.write(answer.task.key, answer.task.replications, answer.raw)
                            self._file(answer.task, decode(answer.raw, answer.task.key))
                except SimulationError as error:
                    self._blame(str(error))
                except Exception as error:
                    self._broke(_said(error))
                    try:
                        self._instead_of(executor)
                    except Exception as none:
                        self._give_up(_said(none))
        except BaseException:
            # Whatever happened: the next screen that asks starts anew.
            with self._lock:
                self._land()
                self._busy = False
            raise

    def _go_on(self) -> bool:
        """Whether something is left to do; nothing is at work now."""
        with self._lock:
            self._land()
            self._busy = self._next() is not None
            return self._busy

    def _land(self) -> None:
        for cell in self._cells.values():
            cell.flying.clear()

    def _instead_of(self, broken: Executor) -> Executor:
        """A new executor, unless somebody replaced the broken one meanwhile."""
        with self._making:
            if self._executor is broken:
                self._executor = self._make()
            return self._executor

    def _file(self, task: Task, blocks: Sequence[Block]) -> None:
        with self._lock:
            cell = self._cells.get(task.key)
            if cell is not None:
                cell.tries = 0
                for block in blocks:
                    cell.runs[block.replication] = self._grid(task.key).lay(block)
                    cell.flying.discard(block.replication)

    def _blame(self, error: str) -> None:
        """Mark the question whose replication failed, so that it is not tried for ever."""
        with self._lock:
            suspects = self._suspects()
            _fail([c for c in suspects if error.startswith(c.title)] or suspects, error)

    def _broke(self, error: str) -> None:
        """A pool broke: whoever was in it may have done it, and who does so time after time did."""
        with self._lock:
            suspects = self._suspects()
            for cell in suspects:
                cell.tries += 1
            _fail([c for c in suspects if c.tries >= _TRIES], error)

    def _give_up(self, error: str) -> None:
        """There are no workers: nothing that is asked for comes."""
        with self._lock:
            lost = [c for c in self._cells.values() if c.flying or self._payers(c)]
            for cell in lost:
                cell.tries = 0
            _fail(lost, error)

    def _suspects(self) -> list[_Cell]:
        """Questions at work; with none at work, the one that came next."""
        flying = [c for c in self._cells.values() if c.flying]
        if flying:
            return flying
        found = self._next()
        return [] if found is None else [found[0]]

    def _grid(self, key: Key) -> Grid:
        """The order of rows of a kind of result; of the desk's own indicators only the rows that screens show."""
        if key.indicators not in self._grids:
            ours = key.indicators == self.engine.indicator_digest()
            self._grids[key.indicators] = Grid(self._shown if ours else lambda _: True)
        return self._grids[key.indicators]

    def _shown(self, series: Series) -> bool:
        by_margin = self._kept.get(series.indicator)
        return by_margin is not None and (by_margin or series.district == series.profile == "all")


def _results(
    study: Study, axes: Axes, runs: Mapping[Cell, Mapping[int, Floats]], problems: Sequence[str]
) -> Results:
    """Results of the runs that are there."""
    shape = (study.replications, len(axes.series) * len(axes.years))
    values, done = {}, {}
    for cell, found in runs.items():
        array, there = np.full(shape, np.nan), np.zeros(study.replications, dtype=bool)
        for replication, numbers in found.items():
            # A run that came before the grid grew has fewer rows; what came later is not defined in it.
            array[replication, axes.places[: len(numbers)]] = numbers
            there[replication] = True
        values[cell] = array.reshape(study.replications, len(axes.series), len(axes.years))
        done[cell] = there
    return Results(
        study.scenarios, study.modes, study.seed, study.replications, axes.series, axes.years, values, done,
        study.engine.digest(), study.engine.indicator_digest(), tuple(dict.fromkeys(problems)),
    )  # fmt: skip


def _tasks_of(study: Study, scenario: Scenario, mode: str, key: Key) -> Callable[[tuple[int, ...]], Task]:
    raw = pickle.dumps(study.version(scenario, mode), protocol=pickle.HIGHEST_PROTOCOL)
    title, draws, engine = f"scenario {scenario.id} ({mode})", study.draws if key.draw else None, study.engine

    def task(replications: tuple[int, ...]) -> Task:
        return Task(key, title, raw, draws, replications, engine)

    return task


def _missing(cell: _Cell) -> list[int]:
    # What the store was not looked through for may be there.
    known = range(min(cell.goal, cell.looked))
    return [r for r in known if r not in cell.runs and r not in cell.flying]


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _fail(cells: Iterable[_Cell], error: str) -> None:
    for cell in cells:
        cell.error, cell.failed_at = error, time.monotonic()


def _most_urgent(cells: Sequence[_Cell]) -> tuple[_Cell, tuple[int, ...]]:
    """The most urgent missing replications: first six pairs (central values first), then the rest."""

    def urgency(cell: _Cell) -> tuple[int, ...]:
        first = _missing(cell)[0]
        early = first < FIRST_PAIRS
        # Baseline and the scenario in colour go together: only a pair can be shown.
        return (not early, _TURN.get(cell.mode, 0) if early else 0, max(cell.rank, 1), first, cell.rank)

    cell = min(cells, key=urgency)
    missing = _missing(cell)
    together = 1 if missing[0] < FIRST_PAIRS else _TOGETHER
    return cell, tuple(r for r in missing[:together] if r < missing[0] + together)
