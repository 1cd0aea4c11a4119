"""The command threshold as typed at a prompt; `threshold_work` does the work."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Jobs, Kept, Lang, Seed


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("threshold")(threshold)


def threshold(
    scenario: Annotated[str, typer.Argument(metavar="ID", help="Id or file of a scenario.")],
    effect: Annotated[
        str | None,
        typer.Option(
            help="Effect of the evidence register. Default: the one of the scenario's uncertain effects that moves most."
        ),
    ] = None,
    indicator: Annotated[
        str, typer.Option(help="Outcome that must break even, mean over the school years.")
    ] = "K12.total",
    replications: Annotated[int, typer.Option(help="Paired replications of each value.")] = 20,
    seed: Seed = 1,
    jobs: Jobs = None,
    store: Kept = None,
    out: Annotated[Path | None, typer.Option(help="Folder for threshold.json and threshold.csv.")] = None,
    lang: Lang = "en",
) -> None:
    """It works if at least x: where a scenario's uncertain effect makes it as good as carrying on as today."""
    import_module("sim.cli.threshold_work").threshold(
        scenario, effect=effect, indicator=indicator, replications=replications, seed=seed, jobs=jobs, store=store,
        out=out, lang=lang,
    )  # fmt: skip
