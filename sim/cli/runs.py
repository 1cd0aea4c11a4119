"""The commands run, compare and reproduce as typed at a prompt; `runs_work` does the work."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal

import typer

from sim.cli.options import Jobs, Kept, Seed

Full = Annotated[bool, typer.Option("--full", help="Every type, and single school years beside the mean.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("run")(run)
    app.command("compare")(compare)
    app.command("reproduce")(reproduce)


def run(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Ids or files of scenarios.", metavar="ID-or-FILE...")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every scenario of a region, on one page.")] = False,
    region: Annotated[
        str | None, typer.Option(help="With --all: which region, when there are several.")
    ] = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Of one package: also what each of its parts does.")
    ] = False,
    replications: Annotated[int, typer.Option(help="Paired replications of each scenario.")] = 30,
    years: Annotated[int | None, typer.Option(help="School years reported after the replay.")] = None,
    seed: Seed = 1,
    assumptions: Annotated[
        Literal["both", "fixed"],
        typer.Option(help="both: also draw every uncertain number; fixed: central values only."),
    ] = "both",
    jobs: Jobs = None,
    store: Kept = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables, workbook and manifest.")] = None,
    full: Full = False,
) -> None:
    """Run scenarios with their baseline, print the comparison, and write tidy tables and a manifest.

    With --all every scenario of the region stands on one line, and --out writes the tidy table as Parquet only.
    """
    _work().run(
        scenarios or [], every=every, region=region, parts=parts, replications=replications,
        years=years, seed=seed, assumptions=assumptions, jobs=jobs,
        store=store, out=out, full=full,
    )  # fmt: skip


def compare(
    folder: Annotated[Path, typer.Argument(help="Output folder of a run.", metavar="DIR")],
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Every scenario on one line, as run --all does.")
    ] = False,
    full: Full = False,
) -> None:
    """Print the comparison of an earlier run again, from its output folder."""
    _work().compare(folder, every=every, full=full)


def reproduce(
    manifest: Annotated[Path, typer.Argument(help="Manifest of a run.", metavar="DIR/manifest.json")],
    jobs: Jobs = None,
) -> None:
    """Repeat a run from its manifest, without the store, and say whether the result is equal."""
    _work().reproduce(manifest, jobs=jobs)


def _work() -> ModuleType:
    """The module that does the work; it loads the numerical libraries, which other commands do not need."""
    return import_module("sim.cli.runs_work")
