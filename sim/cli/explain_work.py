"""What explain does: read two folders, run what is needed to tell the causes apart, print them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sim.cli.comparison import console
from sim.cli.explanation import WORDS, print_explanation, write_csv
from sim.cli.progress import Meter, problems, stoppable, writable
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
            writable(out.parent)
        with run_again(jobs, store, lang) as again:
            found = explain_results(old, new, again, items, years)
            if each and found.rows and found.differences:
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


@contextmanager
def run_again(jobs: int | None, store: Path | None, lang: str) -> Generator[Again, None, None]:
    """A way to run again on one pool of workers, with a meter, that may be stopped."""
    kept = Store(store or default_store())
    with stoppable(lambda: goes_on(kept)), Meter(console(error=True)) as meter:

        def show(step: Step, progress: Progress) -> None:
            if progress.reused < progress.total:  # what the store has whole is passed over in silence
                meter.show(_STEPS[lang][step], progress.done, progress.total, progress.reused)

        again = Again(kept, show, jobs)
        if jobs == 1:
            yield again
        else:
            with Workers(jobs) as workers:
                yield replace(again, executor=workers)


def goes_on(kept: Store) -> str:
    """What to say after Ctrl-C about what is in a store."""
    return f"What was run is kept in {kept.root}; the same command goes on from there."
