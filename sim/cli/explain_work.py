"""What explain does: read two folders, run what is needed to tell the causes apart, print them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import typer
from rich.console import Console

from sim.cli.comparison import console
from sim.cli.explanation import WORDS, print_explanation, write_csv
from sim.cli.runs_work import Meter, problems
from sim.study.explain import Again, Step, choose, common_years, one_by_one, read_said
from sim.study.explain import explain as explain_results
from sim.study.parallel import Workers
from sim.study.runs import Progress
from sim.study.store import Store, default_store

_STEPS: dict[str, dict[Step, str]] = {
    "nl": {
        "earlier": "De eerdere invoer met het model van nu", "data": "Latere gegevens, eerdere aannames",
        "assumptions": "Eerdere gegevens, latere aannames", "later": "De latere invoer",
        "seed": "De latere invoer met haar eigen seed", "single": "Eén verandering tegelijk",
    },
    "en": {
        "earlier": "The earlier inputs with today's model", "data": "Later data, earlier assumptions",
        "assumptions": "Earlier data, later assumptions", "later": "The later inputs",
        "seed": "The later inputs with their own seed", "single": "One change at a time",
    },
}  # fmt: skip


def explain(
    earlier: Path,
    later: Path,
    *,
    indicators: list[str],
    place_type: str | None,
    scenario: str | None,
    year: str | None,
    each: bool,
    out: Path | None,
    jobs: int | None,
    store: Path | None,
    lang: str,
) -> None:
    """Divide the differences between two result folders over their causes."""
    with problems():
        old, new = (read_said(folder, scenario) for folder in (earlier, later))
        years = common_years(old, new, year)
        items = choose(old, new, indicators, place_type)
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
        with run_again(jobs, store, lang) as again:
            found = explain_results(old, new, again, items, years)
            if each and found.rows:
                found = one_by_one(found, old, new, again)
        beside = write_csv(found, out) if out is not None else None
    say = console()
    print_explanation(say, found, lang)
    others = [name for name in old.others if name in new.others]
    if scenario is None and others:
        names = ", ".join(others)
        say.print(WORDS[lang]["others"].format(chosen=new.scenario.id, names=names), style="dim")
    if beside is not None and out is not None:
        say.print(f"\n{out.as_posix()}, {beside.as_posix()}")


class _Stages:
    """One meter after another, each under the name of what is run."""

    def __init__(self, out: Console, lang: str) -> None:
        self._out, self._lang = out, lang
        self._step: Step | None = None
        self._meter: Meter | None = None

    def show(self, step: Step, progress: Progress) -> None:
        """Show how far a step is; a step that the store has whole is passed over in silence."""
        if progress.total == progress.reused:
            return
        if step != self._step or self._meter is None or progress.done == progress.reused:
            self.close()
            self._step = step
            self._out.print(f"{_STEPS[self._lang][step]}:")
            self._meter = Meter(self._out).__enter__()
        self._meter.show(progress)

    def close(self) -> None:
        """End the meter that runs."""
        if self._meter is not None:
            self._meter.__exit__()
            self._meter = None


@contextmanager
def run_again(jobs: int | None, store: Path | None, lang: str) -> Generator[Again, None, None]:
    """A way to run again on one pool of workers, with a meter, that may be stopped."""
    kept = Store(store or default_store())
    stages = _Stages(console(error=True), lang)
    again = Again(kept, stages.show, jobs)
    try:
        with stoppable(kept):
            if jobs == 1:
                yield again
            else:
                with Workers(jobs) as workers:
                    yield replace(again, executor=workers)
    finally:
        stages.close()


@contextmanager
def stoppable(kept: Store) -> Generator[None, None, None]:
    """Say after Ctrl-C what is kept, and end with code 130."""
    try:
        yield
    except KeyboardInterrupt:
        console(error=True).print(
            f"Stopped. What was run is kept in {kept.root}. The same command goes on from there."
        )
        raise typer.Exit(130) from None
