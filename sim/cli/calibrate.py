"""The command calibrate as typed at a prompt; `calibrate_work` does the work."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Jobs, Root, Seed
from sim.scenario.errors import Problem, ScenarioError


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("calibrate")(calibrate)


def calibrate(
    region: Annotated[str, typer.Argument(help="Id of the region.")] = "almere",
    rates: Annotated[
        str | None,
        typer.Option(
            help="Paths of the rates to find (at most ten), with commas. Default: as the targets say."
        ),
    ] = None,
    targets: Annotated[
        Path | None, typer.Option(help="File of targets. Default: targets.csv beside the region.")
    ] = None,
    waves: Annotated[int, typer.Option(min=1, max=5, help="Waves of history matching.")] = 2,
    design: Annotated[
        int, typer.Option(help="Points per wave; the posterior takes four times as many.")
    ] = 200,
    draws: Annotated[int, typer.Option(min=20, max=2000, help="Joint draws to give.")] = 200,
    seed: Seed = 1,
    matching: Annotated[
        int, typer.Option(min=0, max=200, help="Replications per point of moment matching; 0 leaves it out.")
    ] = 10,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for report, draws and kept runs. Default: results/calibration/REGION."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the draws beside the region: drawn runs then use them.")
    ] = False,
    jobs: Jobs = None,
    root: Root = None,
) -> None:
    """Find what the facts say about at most ten rates, and name what they cannot say.

    A stopped calibration goes on where it was: the same command uses the runs that were kept.
    """
    if importlib.util.find_spec("sklearn") is None:
        hint = "Install it in the folder of Doorstroom: python -m pip install '.[analysis]'."
        raise ScenarioError([Problem("calibrate", 0, "", "", "this needs scikit-learn", "", hint)])
    # Loads the numerical libraries, which other commands need not wait for.
    import_module("sim.cli.calibrate_work").calibrate(
        region, rates=rates, targets=targets, waves=waves, design=design, draws=draws, seed=seed, matching=matching,
        out=out, write=write, jobs=jobs, root=root,
    )  # fmt: skip
