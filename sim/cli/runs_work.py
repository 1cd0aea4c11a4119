"""What run, compare and reproduce do: call the study, show how far it is, print what came out."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from sim.cli.comparison import console, print_comparison
from sim.scenario.errors import ScenarioError
from sim.study import StudyError, plan, stream
from sim.study import compare as compare_results
from sim.study import runs as study_runs
from sim.study.export import MANIFEST
from sim.study.export import read as read_folder
from sim.study.export import write as write_folder
from sim.study.manifest import FolderError
from sim.study.parallel import SimulationError
from sim.study.reproduce import reproduce as reproduce_folder
from sim.study.store import Store, default_store

_LINE_SECONDS = 15.0


def run(
    scenarios: list[str],
    *,
    replications: int,
    years: int | None,
    seed: int,
    assumptions: study_runs.Assumptions,
    jobs: int | None,
    store: Path | None,
    out: Path | None,
    full: bool,
) -> None:
    """Run scenarios with their baseline, print the comparison, write the output folder if one is asked."""
    with problems():
        study = plan(
            scenarios, replications=replications, years=years, seed=seed, assumptions=assumptions
        )  # fmt: skip
        kept = Store(store or default_store())
        for folder in (kept.root, out):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
        say = console(error=True)
        last = None
        try:
            with closing(stream(study, store=kept, jobs=jobs)) as steps, Meter(say) as meter:
                for last in steps:
                    meter.show(last)
        except KeyboardInterrupt:
            done, total = (last.done, last.total) if last else (0, "all")
            say.print(
                f"Stopped. {done} of {total} replications are kept in {kept.root}. "
                "The same command goes on from there."
            )
            raise typer.Exit(130) from None
        assert last is not None
        results = last.collector.results()
        comparison = compare_results(results)
        if out is not None:
            write_folder(results, comparison, out, command=["doorstroom", *sys.argv[1:]], given=scenarios)
    print_comparison(console(), comparison, full=full)
    if out is not None:
        console().print(f"\nTables, workbook and manifest are in {out}.")


def compare(folder: Path, *, full: bool) -> None:
    """Print the comparison of an output folder."""
    with problems():
        if not (folder / MANIFEST).is_file():
            raise FolderError(
                f"{folder} holds no {MANIFEST}: give the folder that 'doorstroom run ... --out DIR' wrote"
            )
        results, _ = read_folder(folder)
    print_comparison(console(), compare_results(results), full=full)


def reproduce(manifest: Path, *, jobs: int | None) -> None:
    """Repeat a run and say whether it came out equal: exit code 1 when not."""
    with problems():
        path = manifest / MANIFEST if manifest.is_dir() else manifest
        say = console(error=True)
        try:
            with Meter(say) as meter:
                verdict = reproduce_folder(path, jobs=jobs, progress=meter.show)
        except KeyboardInterrupt:
            say.print("Stopped. Nothing was changed.")
            raise typer.Exit(130) from None
    out = console()
    for note in verdict.notes:
        out.print(f"Note: {note}.")
    if verdict.equal:
        out.print("Equal: the tables came out the same, bit for bit.")
        return
    out.print("Not equal:")
    for difference in verdict.differences:
        out.print(f"  - {difference}")
    raise typer.Exit(1)


@contextmanager
def problems() -> Generator[None, None, None]:
    """Say what is wrong in one message: exit 2 for what was asked, 1 for a replication that failed."""
    try:
        yield
    except (ScenarioError, StudyError, FolderError) as error:
        _stop(str(error), 2)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _stop(f"{where}{error.strerror or error}", 2)
    except SimulationError as error:
        _stop(f"a replication failed, which should never happen: {error}", 1)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(f"Error: {message}", err=True)
    raise typer.Exit(code) from None


class Meter:
    """How far a study is: a bar with the time left in a terminal, a line now and then elsewhere."""

    def __init__(self, out: Console) -> None:
        """Show on this console; nothing is shown before the first call of `show`."""
        self._out = out
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._begun = False
        self._start = self._said = time.monotonic()

    def __enter__(self) -> Meter:
        """Begin the bar, in a terminal."""
        if self._out.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                TextColumn("left"), TimeRemainingColumn(), console=self._out,
            )  # fmt: skip
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.stop()

    def show(self, step: study_runs.Progress) -> None:
        """Show one step."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("replications", total=step.total)
            self._bar.update(self._task, completed=step.done)
            return
        now = time.monotonic()
        last = step.done == step.total
        if step.done == step.reused and not self._begun:
            kept = f", {step.reused} of them are in the store already" if step.reused else ""
            self._out.print(f"{step.total} replications{kept}.")
            self._begun = True
            self._start = self._said = now
        elif last or now - self._said >= _LINE_SECONDS:
            made = step.done - step.reused
            left = (now - self._start) / made * (step.total - step.done) if made else 0.0
            rest = "" if last else f", about {_duration(left)} left"
            self._out.print(f"{step.done} of {step.total} replications{rest}")
            self._said = now


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
