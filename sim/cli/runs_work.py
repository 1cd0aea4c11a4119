"""What run, compare and reproduce do: call the study, show how far it is, print what came out."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import typer

from sim.cli.comparison import console, print_comparison
from sim.cli.progress import REPLICATIONS, Meter, problems, stoppable, writable
from sim.study import compare as compare_results
from sim.study import plan, stream
from sim.study import runs as study_runs
from sim.study.export import MANIFEST
from sim.study.export import read as read_folder
from sim.study.export import write as write_folder
from sim.study.manifest import FolderError
from sim.study.reproduce import reproduce as reproduce_folder
from sim.study.store import Store, default_store


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
                writable(folder)
        last = None

        def kept_so_far() -> str:
            done, total = (last.done, last.total) if last else (0, "all")
            return f"{done} of {total} replications are kept in {kept.root}. The same command goes on from there."

        with (
            stoppable(kept_so_far),
            closing(stream(study, store=kept, jobs=jobs)) as steps,
            Meter(console(error=True)) as meter,
        ):
            for last in steps:
                meter.show(REPLICATIONS, last.done, last.total, last.reused)
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
        with stoppable(lambda: "Nothing was changed."), Meter(console(error=True)) as meter:
            verdict = reproduce_folder(
                path, jobs=jobs, progress=lambda step: meter.show(REPLICATIONS, step.done, step.total)
            )
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
