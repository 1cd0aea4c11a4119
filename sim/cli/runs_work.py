"""What run, compare and reproduce do: call the study, show how far it is, print what came out."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import typer

from sim.cli.comparison import console, print_comparison
from sim.cli.overview import print_beside, print_overview, print_parts
from sim.cli.progress import REPLICATIONS, Meter, problems, stoppable, writable
from sim.scenario.resolve import catalogue, region_of
from sim.scenario.scenario import Scenario
from sim.study import Comparison, Results, StudyError, plan, stream
from sim.study import compare as compare_results
from sim.study import runs as study_runs
from sim.study.export import MANIFEST
from sim.study.export import read as read_folder
from sim.study.export import write as write_folder
from sim.study.manifest import FolderError
from sim.study.overview import overview
from sim.study.parts import Package, divide, package
from sim.study.reproduce import reproduce as reproduce_folder
from sim.study.store import Store, default_store


def run(
    scenarios: Sequence[str],
    *,
    every: bool = False,
    region: str | None = None,
    parts: bool = False,
    replications: int,
    years: int | None,
    seed: int,
    assumptions: study_runs.Assumptions,
    jobs: int | None,
    store: Path | None,
    out: Path | None,
    full: bool,
) -> None:
    """Run scenarios with their baseline, print what came out, write the output folder if one is asked."""
    with problems():
        asked, taken = _asked(scenarios, every=every, region=region, parts=parts)
        study = plan(asked, replications=replications, years=years, seed=seed, assumptions=assumptions)
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
                if every and last.done == last.reused:
                    console(error=True).print(_ahead(study, last, jobs))
                meter.show(REPLICATIONS, last.done, last.total, last.reused)
        assert last is not None
        results = last.collector.results()
        comparison = compare_results(results, margins=False)
        if out is not None:
            write_folder(
                results,
                comparison,
                out,
                command=["doorstroom", *sys.argv[1:]],
                given=scenarios,
                brief=every,
            )
    if every and comparison.scenarios:
        print_overview(console(), overview(results, comparison), comparison, full=full)
    elif taken is not None:
        whole = replace(results, scenarios=(results.baseline, taken.whole))
        _print(whole, compare_results(whole, margins=False), full=full)
        print_parts(console(), divide(results, taken), taken.whole.title.en)
    else:
        _print(results, comparison, full=full)
    if out is not None:
        console().print(f"\nTables, workbook and manifest are in {out}.")


def _asked(
    scenarios: Sequence[str], *, every: bool, region: str | None, parts: bool
) -> tuple[Sequence[str | Scenario], Package | None]:
    """Scenarios to run, and the package of which the parts are asked."""
    if every and (scenarios or parts):
        other = "--parts" if parts else f"'{scenarios[0]}'"
        raise StudyError(
            f"--all runs every scenario of a region, so {other} cannot be asked with it: leave one out"
        )
    if region is not None and not every:
        raise StudyError("--region belongs to --all: an id of a scenario says of which region it is")
    if every:
        return catalogue(region=region or region_of().id), None
    if not parts:
        if not scenarios:
            raise StudyError(
                "no scenario was asked: give at least one id or file, or --all for every scenario"
            )
        return scenarios, None
    if len(scenarios) != 1:
        raise StudyError(
            f"--parts takes one package apart, and {len(scenarios)} scenarios were given: name one"
        )
    taken = package(scenarios[0])
    return taken.scenarios, taken


def _ahead(study: study_runs.Study, step: study_runs.Progress, jobs: int | None) -> str:
    """How much work there is and how long it takes, from one replication of the baseline."""
    simulate, compute = study.engine.functions()
    start = time.perf_counter()
    compute(simulate(study.scenarios[0], study.seed, 0))
    cores = jobs or os.cpu_count() or 1
    minutes = (time.perf_counter() - start) * (step.total - step.done) / cores / 60
    return (
        f"{len(study.scenarios)} scenarios, {study.replications} runs each in {len(study.modes)} versions: "
        f"{step.total} replications, of which {step.reused} are there; about {max(minutes, 1):.0f} min on {cores} cores. "
        "Ctrl-C keeps what is done."
    )


def compare(folder: Path, *, every: bool = False, full: bool) -> None:
    """Print the comparison of an output folder."""
    with problems():
        if not (folder / MANIFEST).is_file():
            raise FolderError(
                f"{folder} holds no {MANIFEST}: give the folder that 'doorstroom run ... --out DIR' wrote"
            )
        results, _ = read_folder(folder)
    comparison = compare_results(results, margins=False)
    if every and comparison.scenarios:
        print_overview(console(), overview(results, comparison), comparison, full=full)
    else:
        _print(results, comparison, full=full)


def _print(results: Results, comparison: Comparison, *, full: bool) -> None:
    """The comparison, and beside it what no average shows."""
    print_comparison(console(), comparison, full=full)
    print_beside(console(), overview(results, comparison))


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
