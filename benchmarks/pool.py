"""What the pool of workers costs: two workers beside two bare processes that do the same replications."""

from __future__ import annotations

import random
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median

import sim
from benchmarks.page import Table
from benchmarks.timing import Times, spread
from sim.indicators import compute
from sim.study import Study, plan, stream
from sim.study.parallel import Workers

JOBS, REPLICATIONS = 2, 8


def tables(rounds: int) -> list[Table]:
    """Wall time of the pool and of bare processes, both warm."""
    study = plan(["baseline"], replications=REPLICATIONS, modes=("fixed",))
    times: Times = {"pool": [], "bare": []}
    bare = _Bare()
    with Workers(JOBS) as workers:
        workers.warm()
        _pooled(study, workers)
        bare.run()
        for _ in range(rounds):
            for name in random.sample(list(times), 2):
                began = time.perf_counter()
                if name == "pool":
                    _pooled(study, workers)
                else:
                    bare.run()
                times[name].append(time.perf_counter() - began)
    bare.close()
    return [
        Table(
            f"Wall time of {REPLICATIONS} replications of Almere with their indicators on {JOBS} processes, all warm. "
            f"Efficiency: bare : pool. {rounds} rounds.",
            ("what", "wall time"),
            (
                (f"{JOBS} workers of the pool, results back as tables", f"{median(times['pool']):.2f} s"),
                (f"{JOBS} bare processes, results thrown away", f"{median(times['bare']):.2f} s"),
                ("efficiency of the pool", spread(times, "bare", "pool")),
            ),
        )
    ]


def _pooled(study: Study, workers: Workers) -> None:
    for _ in stream(study, executor=workers):
        pass


class _Bare:
    """Two processes that wait for a word, do their half and answer."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.ends, self.processes = [], []
        for first in range(JOBS):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, first), daemon=True)
            process.start()
            self.ends.append(ours)
            self.processes.append(process)

    def run(self) -> None:
        for end in self.ends:
            end.send("go")
        for end in self.ends:
            end.recv()

    def close(self) -> None:
        for end in self.ends:
            end.send("stop")
        for process in self.processes:
            process.join()


def _work(end: Connection, first: int) -> None:
    scenario = sim.load("baseline")
    while end.recv() == "go":
        for replication in range(first, REPLICATIONS, JOBS):
            compute(sim.simulate(scenario, 1, replication))
        end.send("done")
