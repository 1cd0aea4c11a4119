"""How far long work is, and how it ends: a meter, Ctrl-C, and one message for what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
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

from sim.cli.comparison import console
from sim.scenario.errors import Problem, ScenarioError
from sim.study import StudyError
from sim.study.manifest import FolderError
from sim.study.parallel import SimulationError

REPLICATIONS = "Replications"
_LINE_SECONDS = 15.0


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
        _stop(f"A replication failed, which should never happen: {error}", 1)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code) from None


@contextmanager
def stoppable(said: Callable[[], str]) -> Generator[None, None, None]:
    """After Ctrl-C say what is kept, and end with code 130."""
    try:
        yield
    except KeyboardInterrupt:
        console(error=True).print(f"Stopped. {said()}")
        raise typer.Exit(130) from None


def writable(folder: Path) -> None:
    """See that a folder is there and can be written, before minutes of work.

    Raises:
        ScenarioError: It cannot.
    """
    probe = folder / ".doorstroom"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror or str(error)
        reason = f"cannot be used as a folder to write in ({why})"
        raise ScenarioError([Problem(str(folder), 0, "", "", reason, "", "Name another one.")]) from None


class Meter:
    """How far the work is: a bar with the time left in a terminal, a line now and then elsewhere."""

    def __init__(self, out: Console) -> None:
        """Show on this console; nothing is shown before the first call of `show`."""
        self._out = out
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._title, self._done, self._first = "", 0, 0
        self._start = self._said = 0.0

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

    def show(self, title: str, done: int, total: int, reused: int = 0) -> None:
        """So much of a step is done; another title, or less done than before, begins the next step.

        Args:
            title: What is done.
            done: How many of them are there.
            total: How many there will be.
            reused: How many of those that are there were there already.
        """
        now = time.monotonic()
        begins = title != self._title or done < self._done
        self._title, self._done = title, done
        if begins:
            self._start, self._first = now, done
        if self._bar is not None:
            if begins or self._task is None:
                self._task = self._bar.add_task(title, total=total)
            self._bar.update(self._task, completed=done)
        elif begins or done == total or now - self._said >= _LINE_SECONDS:
            made = done - self._first
            left = (now - self._start) / made * (total - done) if made else 0.0
            kept = f", {reused} of them were there already" if begins and reused else ""
            self._out.print(
                f"{title}: {done} of {total}{kept}{f', about {_duration(left)} left' if left else ''}"
            )
            self._said = now


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
