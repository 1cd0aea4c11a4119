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
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.parallel import Executor, SimulationError, Task
from sim.study.results import DRAWN, FIXED, MEASURED, Collector, Results
from sim.study.runs import Study, plan
from sim.study.store import Block, Key, Store, decode

FIRST_PAIRS = 6
"""Pairs that must be there before a band is drawn."""

WATCHED_SECONDS = 6.0
MODES = (FIXED, DRAWN, MEASURED)
_KEPT, _KEPT_RESULTS = 90, 12
_TRIES = 3
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


@dataclass(frozen=True)
class Status:
    """How far the questions on a screen are.

    Attributes:
        pairs: Complete replications over all of them, in every mode asked.
        first_pairs: Complete replications with central values of the first two questions only (the baseline and the
            scenario in colour): enough of these make the first band.
        done: Replications that are there, over scenarios and modes on average: how far the work is.
        goal: Replications wanted.
        error: What went wrong, if anything.
    """

    pairs: int
    first_pairs: int
    done: int
    goal: int
    error: str = ""

    @property
    def finished(self) -> bool:
        """Nothing more will come."""
        return bool(self.error) or self.pairs >= self.goal

    @property
    def ready(self) -> bool:
        """Enough pairs for a first band."""
        return self.first_pairs >= min(FIRST_PAIRS, self.goal)


@dataclass
class _Cell:
    """One scenario in one mode: what is known and what is being made."""

    key: Key
    title: str
    mode: str
    task: Callable[[tuple[int, ...]], Task]
    blocks: dict[int, Block] = field(default_factory=dict)
    flying: set[int] = field(default_factory=set)
    rank: int = 0
    goal: int = 0
    asked: float = 0.0
    looked: int = 0
    error: str = ""


class Desk:
    """Runs studies for screens.

    Args:
        settings: How to calculate.
        store: Where results are kept.
        executor: Makes a pool of workers; called again when a pool broke.
        kept: Which indicators of the engine are kept in memory: id -> also by district and need.
        engine: Functions to run, unless a study names others (of those every row is kept).
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        executor: Callable[[], Executor],
        kept: Mapping[str, bool],
        engine: Engine | None = None,
    ) -> None:
        """Start without work."""
        self.settings, self.store, self.engine = settings, store, engine or Engine()
        self._make, self._executor = executor, executor()
        self._kept = dict(kept)
        self._cells: OrderedDict[Key, _Cell] = OrderedDict()
        self._lock = threading.Lock()
        self._busy = False
        self._filters: dict[str, tuple[np.ndarray, Block]] = {}
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
        return plan(
            scenarios, replications=replications or s.replications, years=s.years, seed=s.seed, modes=modes,
            baseline=baseline, engine=engine or self.engine,
        )  # fmt: skip

    def call(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let a worker call a function of a module with plain data; for what is no row of a table."""
        return self._executor.call(function, *arguments)

    def ask(self, study: Study, visitor: str = "") -> Status:
        """Say that a screen of this visitor shows this study; work goes on while this is called every few seconds."""
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
                    self._look(cell)
            if not self._busy and self._next() is not None:
                self._busy = True
                threading.Thread(target=self._work, name="desk", daemon=True).start()
            return self._status(study)

    def status(self, study: Study) -> Status:
        """How far a study is, without asking for more."""
        with self._lock:
            return self._status(study)

    def results(self, study: Study) -> Results:
        """What is known of a study now: only runs that baseline and scenario in colour both have."""
        with self._lock:
            known = {c: dict(self._cells[key].blocks) for c, key in study.keys.items() if key in self._cells}
            # A page is drawn again far more often than a run comes in.
            mark = (tuple(study.keys.items()), tuple(sorted((c, tuple(sorted(b))) for c, b in known.items())))
            if mark in self._results:
                self._results.move_to_end(mark)
                return self._results[mark]
        first = study.scenarios[:2]
        for mode in study.modes:
            pairs = set.intersection(*(set(known.get((s.id, mode), {})) for s in first))
            for scenario in study.scenarios:
                blocks = known.get((scenario.id, mode), {})
                known[scenario.id, mode] = {
                    r: b for r, b in blocks.items() if r in pairs and r < study.replications
                }
        collector = Collector(
            study.scenarios, study.modes, study.seed, study.replications, study.engine.digest(),
            study.engine.indicator_digest(), self.store.problems,
        )  # fmt: skip
        for cell, blocks in known.items():
            for block in blocks.values():
                collector.add([cell], block)
        found = collector.results()
        with self._lock:
            self._results[mark] = found
            while len(self._results) > _KEPT_RESULTS:
                self._results.popitem(last=False)
        return found

    def _cell(self, study: Study, scenario: Scenario, mode: str) -> _Cell:
        key = study.keys[scenario.id, mode]
        if key not in self._cells:
            self._cells[key] = _Cell(
                key, f"scenario {scenario.id} ({mode})", mode, _tasks_of(study, scenario, mode, key)
            )
            while len(self._cells) > _KEPT:
                oldest = next((k for k, c in self._cells.items() if not c.flying), None)
                if oldest is None:
                    break
                del self._cells[oldest]
        self._cells.move_to_end(key)
        return self._cells[key]

    def _status(self, study: Study) -> Status:
        cells = {cell: self._cells[key] for cell, key in study.keys.items() if key in self._cells}

        wanted = set(range(study.replications))

        def there(scenario: Scenario, mode: str) -> set[int]:
            cell = cells.get((scenario.id, mode))
            return set() if cell is None else wanted & cell.blocks.keys()

        every = [there(s, mode) for s in study.scenarios for mode in study.modes]
        first = [there(s, study.modes[0]) for s in study.scenarios[:2]]
        return Status(
            len(set.intersection(*every)), len(set.intersection(*first)), sum(map(len, every)) // len(every),
            study.replications, next((c.error for c in cells.values() if c.error), ""),
        )  # fmt: skip

    def _look(self, cell: _Cell) -> None:
        """Take from the store what is there, once."""
        if cell.looked < cell.goal:
            for block in self.store.read(cell.key, range(cell.looked, cell.goal)):
                cell.blocks[block.replication] = self._slim(block, cell.key)
            cell.looked = cell.goal

    def _next(self) -> tuple[_Cell, tuple[int, ...]] | None:
        """The most urgent missing replications: first six pairs (central values first), then the rest."""
        now, best, chosen = time.monotonic(), None, None
        for cell in self._cells.values():
            if cell.error or now - cell.asked > WATCHED_SECONDS:
                continue
            missing = [r for r in range(cell.goal) if r not in cell.blocks and r not in cell.flying]
            if not missing:
                continue
            first = missing[0]
            early = first < FIRST_PAIRS
            together = 1 if early else _TOGETHER
            # Baseline and the scenario in colour go together: only a pair can be shown.
            urgency = (
                not early,
                _TURN.get(cell.mode, 0) if early else 0,
                max(cell.rank, 1),
                first,
                cell.rank,
            )
            if best is None or urgency < best:
                best, chosen = urgency, (cell, tuple(r for r in missing[:together] if r < first + together))
        return chosen

    def _tasks(self) -> Iterator[Task]:
        while True:
            with self._lock:
                found = self._next()
                if found is None:
                    return
                cell, wanted = found
                cell.flying.update(wanted)
            yield cell.task(wanted)

    def _work(self) -> None:
        """Hand out tasks until nothing is missing; the workers do the work, this thread files the answers."""
        failures = 0
        while True:
            try:
                with closing(self._executor.run(self._tasks())) as answers:
                    for answer in answers:
                        self.store.write(answer.task.key, answer.task.replications, answer.raw)
                        self._file(answer.task, decode(answer.raw, answer.task.key))
                        failures = 0
            except SimulationError as error:
                self._blame(str(error))
            except Exception as error:
                failures += 1
                if failures >= _TRIES:
                    self._give_up(f"{type(error).__name__}: {error}")
                self._executor = self._make()
            with self._lock:
                for cell in self._cells.values():
                    cell.flying.clear()
                if self._next() is None:
                    self._busy = False
                    return

    def _file(self, task: Task, blocks: Sequence[Block]) -> None:
        with self._lock:
            cell = self._cells.get(task.key)
            if cell is not None:
                for block in blocks:
                    cell.blocks[block.replication] = self._slim(block, task.key)
                    cell.flying.discard(block.replication)

    def _blame(self, error: str) -> None:
        """Mark the question whose replication failed, so that it is not tried for ever."""
        with self._lock:
            guilty = [c for c in self._cells.values() if c.flying and error.startswith(c.title)]
            for cell in guilty or [c for c in self._cells.values() if c.flying]:
                cell.error = error

    def _give_up(self, error: str) -> None:
        with self._lock:
            for cell in self._cells.values():
                if cell.flying:
                    cell.error = error

    def _slim(self, block: Block, key: Key) -> Block:
        """Only the rows that screens show; all blocks of one shape share one index."""
        mark = f"{key.indicators}/{block.index_digest}"
        if mark not in self._filters:
            index = block.index
            keep = self._wanted(index) if key.indicators == self.engine.indicator_digest() else None
            if keep is None:
                keep = pa.array(np.ones(index.num_rows, dtype=bool))
            slim = Block(0, index.filter(keep).combine_chunks(), f"slim-{block.index_digest}", np.empty(0))
            self._filters[mark] = (keep.to_numpy(zero_copy_only=False), slim)
        mask, slim = self._filters[mark]
        return Block(block.replication, slim.index, slim.index_digest, block.values[mask])

    def _wanted(self, index: pa.Table) -> pa.Array:
        def column(name: str) -> pa.Array:
            return index[name].cast("string").combine_chunks()

        def one_of(ids: Sequence[str]) -> pa.Array:
            return pc.is_in(column("indicator"), value_set=pa.array(sorted(ids), pa.string()))

        whole = pc.and_(pc.equal(column("district"), "all"), pc.equal(column("profile"), "all"))
        split = one_of([name for name, parts in self._kept.items() if parts])
        return pc.or_(pc.and_(one_of(list(self._kept)), whole), split)


def _tasks_of(study: Study, scenario: Scenario, mode: str, key: Key) -> Callable[[tuple[int, ...]], Task]:
    raw = pickle.dumps(study.version(scenario, mode), protocol=pickle.HIGHEST_PROTOCOL)
    title, draws, engine = f"scenario {scenario.id} ({mode})", study.draws if key.draw else None, study.engine

    def task(replications: tuple[int, ...]) -> Task:
        return Task(key, title, raw, draws, replications, engine)

    return task
