"""Runs at points of the prior, each kept as soon as it is there: a killed calibration goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.model import simulate
from sim.scenario.scenario import Scenario
from sim.study.calibrate import summaries as _summaries
from sim.study.calibrate.prior import Floats, Prior
from sim.study.calibrate.summaries import Summary, summaries
from sim.study.engine import Engine
from sim.study.store import write_whole

# Calls a function once for each tuple of arguments and returns the answers in order, here or on other processors.
Spread = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], list[Any]]
_BATCH = 20


@dataclass(frozen=True)
class Points:
    """Runs points of the prior and gives their summaries.

    Attributes:
        scenario: What is simulated, before the values of a point are put in.
        prior: Which values those are.
        wanted: What is measured.
        seed: Master seed.
        spread: Where the runs are done.
        folder: Where they are kept; None = nowhere.
        told: Called after each batch with a title, how many are done and how many are asked.
    """

    scenario: Scenario
    prior: Prior
    wanted: tuple[Summary, ...]
    seed: int
    spread: Spread
    folder: Path | None = None
    told: Callable[[str, int, int], object] = field(default=lambda *_: None)

    @cached_property
    def digest(self) -> str:
        """Hash (hex) of all that decides the summaries of a point, except the point."""
        code = Path(_summaries.__file__).read_bytes().replace(b"\r\n", b"\n")
        parts = [
            Engine().digest(), hashlib.sha256(code).hexdigest(), self.scenario.digest(), self.seed, self.prior.names,
            [str(s) for s in self.wanted],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def run(self, points: Floats, first: int, title: str) -> Floats:
        """Summaries of one run at each point (points x summaries).

        Each point has a replication of its own, so that chance is not the same everywhere and an emulator can see past
        it.

        Args:
            points: Points x rates, each 0-1.
            first: Replication number of the first point; no other call may use the same numbers for other points.
            title: What is being run, for people who wait.
        """
        found = np.full((len(points), len(self.wanted)), np.nan)
        for start in range(0, len(points), _BATCH):
            part = points[start : start + _BATCH]
            found[start : start + len(part)] = self._batch(part, first + start)
            self.told(title, start + len(part), len(points))
        return found

    def kept(self, name: str, make: Callable[[], Floats]) -> Floats:
        """What was made before under this name for this question, or what `make` makes now, which is then kept."""
        if self.folder is None:
            return make()
        path = self.folder / self.digest[:16] / f"{name}.npy"
        if path.is_file():
            known: Floats = np.load(path, allow_pickle=False)
            return known
        made = make()
        write_whole(path, lambda temporary: _save(temporary, made))
        return made

    def _batch(self, points: Floats, first: int) -> Floats:
        where = hashlib.sha256(np.ascontiguousarray(points).tobytes() + str(first).encode()).hexdigest()

        def run() -> Floats:
            jobs = [
                (self.scenario.with_values(self.prior.values(p)), self.wanted, self.seed, first + i)
                for i, p in enumerate(points)
            ]
            return np.array(self.spread(run_point, jobs)).reshape(len(points), len(self.wanted))

        return self.kept(where[:16], run)


def run_point(scenario: Scenario, wanted: Sequence[Summary], seed: int, replication: int) -> Floats:
    """Summaries of one run: what workers call."""
    return summaries(simulate(scenario, seed, replication), wanted)


def _save(path: Path, values: Floats) -> None:
    with path.open("wb") as file:  # a name given to numpy would get '.npy' behind it
        np.save(file, values, allow_pickle=False)
