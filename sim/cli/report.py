"""The command `report` as typed at a prompt: reports for people who were not in the room."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

import typer

report = typer.Typer(help="Write a report.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(report, name="report")


@report.callback()
def _group() -> None:
    """Write a report."""


@report.command()
def credibility(
    format_: Annotated[
        Literal["html", "pdf", "both"], typer.Option("--format", help="What to write.")
    ] = "html",
    lang: Annotated[Literal["nl", "en"], typer.Option(help="Language of the report.")] = "nl",
    out: Annotated[
        Path | None,
        typer.Option(help="File to write. Default: results/credibility-REGION-LANG.html (or .pdf)."),
    ] = None,
    proof: Annotated[
        Path | None, typer.Option(help="Folder of the proof tables. Default: docs/proof.")
    ] = None,
    region: Annotated[str, typer.Option(help="Region that the report is about.")] = "almere",
    root: Annotated[
        Path | None, typer.Option("--root", help="Folder with the regions (default: scenarios/).")
    ] = None,
) -> None:
    """Why this may be believed and where not: checks, fit, hold-out scores, assumptions, limits, open questions."""
    # Loads the numerical libraries, which other commands do not need.
    work = import_module("sim.report.files")
    for path in work.write_credibility(region, lang, format_, out=out, proof=proof, scenarios=root):
        print(path.as_posix())
