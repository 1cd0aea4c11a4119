"""The commands diary and explain as typed at a prompt; `diary_work` and `explain_work` do the work."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from sim.cli.options import Jobs, Kept, Lang, Seed

Folder = Annotated[Path | None, typer.Option("--diary", help="Folder of the diary. Default: diary/REGION.")]
Today = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Take this day for today.")]
CountDate = Annotated[str, typer.Argument(metavar="DATE", help="A count date, as 2027-02-01.")]

diary = typer.Typer(
    name="diary",
    help="Forecasts kept on the day they were made, and the counts that came in later laid beside them.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(diary)
    app.command("explain")(explain)


@diary.command("forecast")
def forecast(
    scenario: Annotated[str, typer.Argument(help="Id or file of a scenario.")] = "baseline",
    replications: Annotated[int, typer.Option(help="Runs behind the forecast.")] = 30,
    seed: Seed = 1,
    folder: Folder = None,
    today: Today = None,
    jobs: Jobs = None,
    store: Kept = None,
    lang: Lang = "en",
) -> None:
    """Forecast each coming count date, and keep the forecast with all that is needed to make it again."""
    _work().forecast(
        scenario, replications=replications, seed=seed, folder=folder, today=today, jobs=jobs, store=store,
        lang=lang,
    )  # fmt: skip


@diary.command("count")
def count(
    on: CountDate,
    counts: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE.csv | TYPE=NUMBER...",
            help="A file with the columns type,what,count (what: seated or waiting), or words like sbo=540 and "
            "sbo.waiting=31. Write <5 for fewer than five.",
        ),
    ],
    source: Annotated[str, typer.Option(help="Where the count comes from.")],
    folder: Folder = None,
    today: Today = None,
    lang: Lang = "en",
) -> None:
    """Keep a count that came in, and lay it beside every forecast that was made for its date."""
    _work().count(on, counts, source=source, folder=folder, today=today, lang=lang)


@diary.command("show")
def show(
    on: Annotated[str | None, typer.Argument(metavar="[DATE]", help="Only this count date.")] = None,
    folder: Folder = None,
    lang: Lang = "en",
) -> None:
    """Show forecasts, counts and the score so far; exit code 1 when an entry was changed afterwards."""
    _work().show(on, folder=folder, lang=lang)


@diary.command("explain")
def explain_count(
    on: CountDate,
    made: Annotated[
        str | None, typer.Option(metavar="ENTRY", help="Which forecast. Default: the last one made before.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="The scenario as it is now. Default: as the forecast was asked for.")
    ] = None,
    folder: Folder = None,
    jobs: Jobs = None,
    store: Kept = None,
    lang: Lang = "en",
) -> None:
    """Say why a count differs from its forecast: data, assumptions, version of the model, chance, or the rest."""
    _work().explain_count(
        on, made=made, scenario=scenario, folder=folder, jobs=jobs, store=store, lang=lang
    )  # fmt: skip


def explain(
    earlier: Annotated[Path, typer.Argument(metavar="DIR1", help="Output folder of the earlier run.")],
    later: Annotated[Path, typer.Argument(metavar="DIR2", help="Output folder of the later run.")],
    indicator: Annotated[
        list[str] | None, typer.Option(help="Only this indicator, as K02.feb (may be given again).")
    ] = None,
    place_type: Annotated[str | None, typer.Option("--type", help="Only this type, tag or 'all'.")] = None,
    scenario: Annotated[str | None, typer.Option(help="Which scenario. Default: the baseline.")] = None,
    year: Annotated[
        str | None, typer.Option(help="One school year, as 2026-2027. Default: mean over those both report.")
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Also what each changed input does alone (ten at most).")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="CSV file for the table; the inputs that differ go beside it.")
    ] = None,
    jobs: Jobs = None,
    store: Kept = None,
    lang: Lang = "en",
) -> None:
    """Say why two results differ: data, assumptions, version of the model, or chance."""
    import_module("sim.cli.explain_work").explain(
        earlier, later, indicators=indicator or [], place_type=place_type, scenario=scenario, year=year,
        each=each, out=out, jobs=jobs, store=store, lang=lang,
    )  # fmt: skip


def _work() -> ModuleType:
    """The module that does the work; it loads the numerical libraries, which other commands do not need."""
    return import_module("sim.cli.diary_work")
