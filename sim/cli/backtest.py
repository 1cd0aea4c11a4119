"""The command backtest as typed at a prompt; `backtest_work` does the work."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Jobs, Seed


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("backtest")(backtest)


def backtest(
    region: Annotated[
        str, typer.Option(help="national, or the id of a region with yearly counts of its own.")
    ] = "national",
    since: Annotated[
        int | None,
        typer.Option("--from", help="First year to forecast from. Default: the first that the counts allow."),
    ] = None,
    draws: Annotated[
        int, typer.Option(min=10, help="Futures in each forecast; an odd number is made even.")
    ] = 120,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for backtest.csv: every forecast with its score.")
    ] = None,
) -> None:
    """Forecast from each past year with what was known then, and score it beside two naive forecasts."""
    work = import_module("sim.cli.backtest_work")
    work.backtest(region, since=since, draws=draws, seed=seed, jobs=jobs, out=out)
