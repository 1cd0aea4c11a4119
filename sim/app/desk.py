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
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.parallel import Executor, SimulationError, Task
from sim.study.results import DRAWN, FIXED, Collector, Results
from sim.study.runs import Study, plan, slices
from sim.study.store import Block, Key, Store, decode

FIRST_PAIRS = 6
"""Pairs that must be there before a band is drawn."""

WATCHED_SECONDS = 6.0
_KEPT = 60
_TRIES = 3


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
        pairs: Complete replications with central values over all of them; `wide_pairs` with drawn
            assumptions.
        first_pairs: The same for the first two questions only (the baseline and the scenario in colour).
        goal: Replications wanted.
        error: What went wrong, if anything.
    """

    pairs: int
    wide_pairs: int
    first_pairs: int
    goal: int
    error: str = ""

    @property
    def finished(self) -> bool:
        """Nothing more will come."""
        return bool(self.error) or min(self.pairs, self.wide_pairs) >= self.goal


@dataclass
class _Cell:
    """One scenario in one mode: what is known and what is being made."""

    key: Key
    title: str
    task: Callable[[tuple[int, ...]], Task]
    blocks: dict[int, Block] = field(default_factory=dict)
    flying: set[int] = field(default_factory=set)
    rank: int = 0
    asked: float = 0.0
    looked: bool = False
    error: str = ""


class Desk:
    """Runs studies for screens.

    Args:
        settings: How to calculate.
        store: Where results are kept.
        executor: Makes a pool of workers; called again when a pool broke.
        indicators: Indicators that screens show; other rows are not kept in memory.
        engine: Functions to run.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        executor: Callable[[], Executor],
        indicators: frozenset[str],
        engine: Engine | None = None,
    ) -> None:
        """Start without work."""
        self.settings, self.store, self.engine = settings, store, engine or Engine()
        self._make, self._executor = executor, executor()
        self._indicators = indicators
        self._cells: OrderedDict[Key, _Cell] = OrderedDict()
        self._lock = threading.Lock()
        self._busy = False
        self._filters: dict[str, tuple[np.ndarray, Block]] = {}

    def study(self, baseline: Scenario, scenarios: Sequence[Scenario]) -> Study:
        """The question of a screen: the baseline first, then the scenario in colour, then the others."""
        s = self.settings
        return plan(
            scenarios, replications=s.replications, years=s.years, seed=s.seed, modes=(FIXED, DRAWN),
            baseline=baseline, engine=self.engine,
        )  # fmt: skip

    def ask(self, study: Study) -> Status:
        """Say that a screen shows this study; work goes on as long as this is called every few seconds."""
        with self._lock:
            now = time.monotonic()
            for rank, scenario in enumerate(study.scenarios):
                for mode in study.modes:
                    cell = self._cell(study, scenario, mode)
                    # Two screens may want one cell in another order; the more urgent wish holds while it is
                    # fresh.
                    fresh = now - cell.asked < WATCHED_SECONDS
                    cell.rank, cell.asked = (min(rank, cell.rank) if fresh else rank), now
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
        first = study.scenarios[:2]
        for mode in study.modes:
            pairs = set.intersection(*(set(known.get((s.id, mode), {})) for s in first))
            for scenario in study.scenarios:
                blocks = known.get((scenario.id, mode), {})
                known[scenario.id, mode] = {r: b for r, b in blocks.items() if r in pairs}
        collector = Collector(
            study.scenarios, study.modes, study.seed, study.replications, study.engine.digest(),
            study.engine.indicator_digest(), self.store.problems,
        )  # fmt: skip
        for cell, blocks in known.items():
            for block in blocks.values():
                collector.add([cell], block)
        return collector.results()

    def _cell(self, study: Study, scenario: Scenario, mode: str) -> _Cell:
        key = study.keys[scenario.id, mode]
        if key not in self._cells:
            self._cells[key] = _Cell(
                key, f"scenario {scenario.id} ({mode})", _tasks_of(study, scenario, mode, key)
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

        def pairs(mode: str, scenarios: Sequence[Scenario]) -> int:
            sets = [set(cells[s.id, mode].blocks) if (s.id, mode) in cells else set() for s in scenarios]
            return len(set.intersection(*sets) & set(range(study.replications)))

        return Status(
            pairs(FIXED, study.scenarios), pairs(DRAWN, study.scenarios), pairs(FIXED, study.scenarios[:2]),
            study.replications, next((c.error for c in cells.values() if c.error), ""),
        )  # fmt: skip

    def _look(self, cell: _Cell) -> None:
        """Take from the store what is there, once."""
        if not cell.looked:
            cell.looked = True
            for block in self.store.read(cell.key, range(self.settings.replications)):
                cell.blocks[block.replication] = self._slim(block)

    def _next(self) -> tuple[_Cell, tuple[int, ...]] | None:
        """The most urgent missing replications: first six pairs (central values first), then the rest."""
        now, best, chosen = time.monotonic(), None, None
        for cell in self._cells.values():
            if cell.error or now - cell.asked > WATCHED_SECONDS:
                continue
            for part in slices(self.settings.replications):
                wanted = tuple(r for r in part if r not in cell.blocks and r not in cell.flying)
                if wanted:
                    early = wanted[0] < FIRST_PAIRS
                    # Baseline and the scenario in colour go together: only a pair can be shown.
                    urgency = (
                        not early,
                        early and bool(cell.key.draw),
                        max(cell.rank, 1),
                        wanted[0],
                        cell.rank,
                    )
                    if best is None or urgency < best:
                        best, chosen = urgency, (cell, wanted)
                    break
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
                    cell.blocks[block.replication] = self._slim(block)
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

    def _slim(self, block: Block) -> Block:
        """Only the rows that screens show; all blocks of one shape share one index."""
        if block.index_digest not in self._filters:
            index = block.index
            keep = pc.and_(
                pc.is_in(index["indicator"].cast("string"), value_set=pa.array(sorted(self._indicators))),
                pc.and_(
                    pc.equal(index["district"].cast("string"), "all"),
                    pc.equal(index["profile"].cast("string"), "all"),
                ),
            )
            slim = Block(0, index.filter(keep).combine_chunks(), f"slim-{block.index_digest}", np.empty(0))
            self._filters[block.index_digest] = (keep.to_numpy(zero_copy_only=False), slim)
        mask, slim = self._filters[block.index_digest]
        return Block(block.replication, slim.index, slim.index_digest, block.values[mask])


def _tasks_of(study: Study, scenario: Scenario, mode: str, key: Key) -> Callable[[tuple[int, ...]], Task]:
    raw = pickle.dumps(study.version(scenario, mode), protocol=pickle.HIGHEST_PROTOCOL)
    title, draws, engine = f"scenario {scenario.id} ({mode})", study.draws if key.draw else None, study.engine

    def task(replications: tuple[int, ...]) -> Task:
        return Task(key, title, raw, draws, replications, engine)

    return task
