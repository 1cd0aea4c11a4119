"""The command plan as typed at a prompt; `plan_work` does the work."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Jobs, Kept, Lang, Root, Seed


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("plan")(plan)


def plan(
    kind: Annotated[str, typer.Option("--type", help="Type of special education: its id or its title.")],
    waiting: Annotated[
        float, typer.Option("--waiting-at-most", min=0, help="Children that may wait on 1 October.")
    ],
    school_year: Annotated[str, typer.Option(help="School year in which it must hold: 2029-2030.")],
    profile: Annotated[
        str | None, typer.Option(help="Add groups for this need only. Default: for those who wait.")
    ] = None,
    opens: Annotated[
        str | None,
        typer.Option(
            "--from", help="Date on which the groups open. Default: the first 1 August that is reported."
        ),
    ] = None,
    region: Annotated[str | None, typer.Option(help="Region. Default: the only one.")] = None,
    replications: Annotated[int, typer.Option(help="Replications of each number of groups.")] = 20,
    seed: Seed = 1,
    jobs: Jobs = None,
    store: Kept = None,
    export: Annotated[
        Path | None, typer.Option(help="File (.csv or .xlsx) for places per school, today's and planned.")
    ] = None,
    import_: Annotated[
        Path | None,
        typer.Option("--import", help="File (.csv or .xlsx) with today's places per school, to plan from."),
    ] = None,
    root: Root = None,
    lang: Lang = "en",
) -> None:
    """How many groups a type needs for its waiting list to be at most so long in a school year."""
    import_module("sim.cli.plan_work").plan(
        kind, waiting, school_year, profile=profile, opens=opens, region=region, replications=replications,
        seed=seed, jobs=jobs, store=store, export=export, imported=import_, root=root, lang=lang,
    )  # fmt: skip
