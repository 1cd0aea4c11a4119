"""Repeat a study from its output folder, without the store, and say whether it came out equal."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.study import export, manifest
from sim.study.engine import Engine
from sim.study.parallel import Executor
from sim.study.results import MEASURED, Results
from sim.study.runs import Progress, plan, stream


@dataclass(frozen=True)
class Verdict:
    """Whether results made again are equal to an output folder.

    Attributes:
        differences: What differs; empty when all is equal.
        notes: What is other than it was, without being a difference in the numbers.
    """

    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """True when tables and CSV file came out equal, and the file in the folder was not changed."""
        return not self.differences


def check(results: Results, about: dict[str, Any], folder: Path, scratch: Path) -> Verdict:
    """Compare results made again with an output folder.

    Args:
        results: Results made again.
        about: The manifest.
        folder: Where it stands.
        scratch: A file name to write the CSV table to, for its hash.
    """
    differences, notes = [], []
    written, known = folder / export.CSV, about["sha256"].get(export.CSV)
    if known is not None and not written.is_file():
        notes.append(f"{export.CSV} is no longer in the folder; the hash in the manifest was used")
    elif known is not None and manifest.sha256(written) != known:
        differences.append(
            f"{export.CSV} in the folder was changed after the run: its hash is not that of the manifest"
        )
    for name, digest in (("engine", results.engine), ("indicators", results.indicators)):
        if digest != about["engine"]["digest" if name == "engine" else "indicators"]:
            notes.append(
                f"the code of the {name}, or a library below it, is another version than in the manifest"
            )
    equal = (
        results.digest() == about["table_digest"] and results.digest((MEASURED,)) == about["measured_digest"]
    )
    if known is not None and _csv_hash(results, scratch) != known:
        differences.append(f"{export.CSV}, made again, has another hash")
    elif not equal:
        differences.append("the sorted columns have another hash")
    if not equal:
        differences += _where(results, folder)
    return Verdict(tuple(differences), tuple(notes))


def _csv_hash(results: Results, scratch: Path) -> str:
    export.write_csv(results, scratch)
    return manifest.sha256(scratch)


def _where(results: Results, folder: Path) -> list[str]:
    try:
        before, _ = export.read(folder)
    except (manifest.FolderError, OSError) as error:
        return [f"the tables in the folder cannot be compared: {error}"]
    if before.series != results.series or before.school_years != results.school_years:
        return ["the tables have other rows: other indicators, place types or school years"]
    lines = []
    for cell in results.cells:
        if cell not in before.values:
            lines.append(f"scenario {cell[0]} ({cell[1]}): it was not there")
            continue
        old, new = before.values[cell], results.values[cell]
        gap = np.where(
            np.isnan(old) != np.isnan(new), np.inf, np.abs(np.nan_to_num(old) - np.nan_to_num(new))
        )
        if gap.max(initial=0.0) > 0:
            r, s, y = np.unravel_index(int(gap.argmax()), gap.shape)
            series = results.series[s]
            lines.append(
                f"scenario {cell[0]} ({cell[1]}): {int((gap > 0).sum())} of {gap.size} values differ, most "
                f"at {series.indicator} {series.place_type} {results.school_years[y]} replication {r}: "
                f"{old[r, s, y]:.10g} was, {new[r, s, y]:.10g} is"
            )
    return lines


def reproduce(
    path: Path,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[Progress], object] | None = None,
    engine: Engine | None = None,
) -> Verdict:
    """Run again what a manifest describes, from the scenarios as they were resolved then.

    Args:
        path: The manifest, in its output folder.
        jobs: Worker processes; None = one per core.
        executor: A warm pool to use instead.
        progress: Called after each step.
        engine: The functions to run; None = those of the model.

    Raises:
        FolderError: The folder is not a whole output folder of this version.
        OSError: A file cannot be opened.
    """
    about, folder = manifest.read(path), path.parent
    scenarios = export.scenarios_of(about, folder)
    study = plan(
        scenarios, replications=about["replications"], seed=about["seed"], modes=about["modes"],
        baseline=scenarios[0], engine=engine,
    )  # fmt: skip
    last = None
    with closing(stream(study, jobs=jobs, executor=executor)) as steps:
        for last in steps:
            if progress is not None:
                progress(last)
    assert last is not None
    with tempfile.TemporaryDirectory() as scratch:
        return check(last.collector.results(), about, folder, Path(scratch, export.CSV))
