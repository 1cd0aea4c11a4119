"""The command `doorstroom`: parse, call, print."""

from __future__ import annotations

import importlib.util
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.cli.backtest import register as register_backtest
from sim.cli.calibrate import register as register_calibrate
from sim.cli.data import register as register_data
from sim.cli.diary import register as register_diary
from sim.cli.options import Language, Root
from sim.cli.plan import register as register_plan
from sim.cli.report import register as register_report
from sim.cli.runs import register as register_runs
from sim.cli.threshold import register as register_threshold
from sim.scenario.describe import condition_rows, grade_counts, lever_rows, meaning, number_rows
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import read
from sim.scenario.jsonschema import schema_of
from sim.scenario.quantity import Text
from sim.scenario.resolve import check, load, region_of, survey
from sim.scenario.scenario import Scenario
from sim.scenario.search import matching

Lang = Annotated[Language, typer.Option("--lang", help="Language of titles.")]
WRONG = 2
_FITTED = "fitted: drawn runs take it from the joint posterior; "

app = typer.Typer(
    name="doorstroom",
    help="What does a measure do to waiting for special education, compared with carrying on as now?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run a command. What the user can mend is told on stderr, with exit code 2 and without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old Windows console cannot print every character
    try:
        app()
    except ScenarioError as error:
        sys.exit(_told(error.problems))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"{name}{error.strerror or error}", file=sys.stderr)
        sys.exit(WRONG)


@app.callback(invoke_without_command=True)
def _top(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if show_version:
        print(f"doorstroom {_version()}")
        raise typer.Exit


@app.command("list")
def list_(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]...", help="Only what has these words in it, or a number such as I06."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also the small regions of the tutorial.")] = False,
    root: Root = None,
    lang: Lang = "en",
) -> None:
    """List the regions and their scenarios, in the documents' order; with a word, only what it stands in."""
    whole, problems = survey(root, deep=every)
    found = matching(whole, words or ())
    if Console().is_terminal:
        listing = import_module("sim.cli.listing")  # what it needs is slow to load
        items = listing.items_with(words or (), found, [s.region.id for s in whole], root)
        listing.print_shelf(found, items, words or (), lang)
    else:
        rows = [
            (s.region.id, s.id, s.kind, _say(s.title, lang), s.source.item if s.source else "") for s in found
        ]
        _table("", ("region", "id", "kind", "title", "item"), rows)
    if problems:
        raise ScenarioError(problems)


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="Files of a scenario, a region or its evidence.")],
    root: Root = None,
) -> None:
    """Check files, and report every mistake in one pass."""
    problems = []
    for path in files:
        wrong = check(path, root) or _watched(path, root)
        problems += wrong
        if not wrong:
            print(f"{path}: in order")
    if problems:
        raise ScenarioError(problems)


def _watched(path: Path, root: Path | None) -> list[Problem]:
    """Problems of the coded risks of a scenario file: which indicators exist is not known to the file's schema."""
    if read(path).data.get("kind") in ("region", "evidence"):
        return []
    found: list[Problem] = import_module("sim.study.risks").risk_problems([load(path, root)])
    return [replace(p, file=str(path)) for p in found]


@app.command()
def schema(
    kind: Annotated[
        Literal["scenario", "region", "evidence"], typer.Option(help="Kind of file.")
    ] = "scenario",
    region: Annotated[str | None, typer.Option(help="Region whose levers a scenario may set.")] = None,
    root: Root = None,
) -> None:
    """Print the JSON Schema of a kind of file, for completion and checks in an editor."""
    found = schema_of(kind, region_of(region, root) if kind == "scenario" else None)
    print(json.dumps(found, indent=2, ensure_ascii=False))


@app.command()
def show(
    scenario: Annotated[str, typer.Argument(metavar="ID", help="Id or file of a scenario.")],
    every: Annotated[
        bool, typer.Option("--all", help="Every number that it rests on, with its source.")
    ] = False,
    root: Root = None,
    lang: Lang = "en",
) -> None:
    """Show a scenario as it will run: what it changes, and where each number comes from."""
    _show(load(scenario, root), scenario, every, lang)


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port; the next free one is taken.")] = 8501,
) -> None:
    """Open the dashboard on this computer and print its address (stop with Ctrl-C)."""
    missing = [name for name in ("streamlit", "plotly") if importlib.util.find_spec(name) is None]
    if missing:
        raise _cannot(
            f"the dashboard needs {' and '.join(missing)}",
            "Install them in the folder of Doorstroom: python -m pip install '.[app]'.",
        )
    page = _dashboard_file()
    free = _free_port(port)
    print(f"The dashboard is at http://127.0.0.1:{free} (stop with Ctrl-C)", flush=True)
    command = [
        sys.executable, "-m", "streamlit", "run", str(page), "--server.headless=true",
        "--server.address=127.0.0.1", f"--server.port={free}", "--browser.gatherUsageStats=false",
    ]  # fmt: skip
    # Whoever ends this process means the server too: leaving by an exception makes `run` take it along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        code = subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        code = 0
    raise typer.Exit(code)


def _show(s: Scenario, asked: str, every: bool, lang: Language) -> None:
    out = Console(soft_wrap=True, highlight=False)
    out.print(f"[bold]{escape(s.id)}[/] ({s.kind}): {escape(_say(s.title, lang))}")
    out.print(escape(_say(s.sentence, lang)))
    start = f"{s.region.replay_years} replay years from {s.region.start}"
    out.print(f"Region {s.region.id}: {start}, then {s.years} years to report.")
    if s.source is not None:
        out.print(escape(f"In the documents: {s.source.item}"))
    levers = [
        (
            r.path, _say(r.title, lang), _value(r.today), _value(r.new), r.change, r.unit,
            _period(r.from_, r.until), f"{r.ramp_months:g} months" if r.ramp_months else "",
            _say(r.where, lang), r.origin, "" if r.calibrated else "beyond what was ever seen",
        )
        for r in lever_rows(s)
    ]  # fmt: skip
    header = ("lever", "title", "today", "new", "change", "unit", "when", "ramp", "where", "set at", "note")
    if levers:
        _table("What it changes against carrying on as now", header, levers)
    else:
        out.print("It changes nothing: this is carrying on as now.")
    for o in s.overrides:
        out.print(
            f"[bold red]Effect set by hand:[/] {escape(o.effect)} = {o.value:g}, because: {escape(o.reason)}"
        )
    conditions = [(c.of, c.pool, f"{c.at_least:g}", _say(c.if_unmet, lang)) for c in condition_rows(s)]
    if conditions:
        _table("Conditions that must hold", ("share", "of", "at least", "if not"), conditions)
    surprise = (s.surprise,) if s.surprise else ()
    for name, texts in (
        ("It assumes", s.assumes),
        ("Risks", s.risks),
        ("Why this is not what most people expect", surprise),
    ):
        if texts:
            out.print(f"[bold]{name}[/]")
            for text in texts:
                out.print(escape(f"- {_say(text, lang)}"))
    _show_numbers(s, asked, every, lang, out)


def _show_numbers(s: Scenario, asked: str, every: bool, lang: Language, out: Console) -> None:
    rows = number_rows(s)
    counts = [(g, str(n), _say(meaning(g), lang)) for g, n in grade_counts(rows).items() if n]
    if counts:
        _table("How sure its numbers are", ("grade", "numbers", "meaning"), counts)
    # Without levers nothing is moved: then all effects hold as they are.
    own = import_module("sim.study.threshold").driven(s) if s.levers else tuple(s.effects)
    moved = {f"effects.{name}.size" for name in own}
    numbers = [
        (
            r.path, _say(r.title, lang), f"{r.value:g}",
            f"{r.range[0]:g} to {r.range[1]:g}" if r.range else "", r.unit, r.grade, r.source, r.date,
            f"set by hand: {r.overridden}" if r.overridden else f"{_FITTED}{r.note}" if r.fitted else r.note,
        )
        for r in (number_rows(s, by_definition=True) if every else rows)
        if every or r.path in moved
    ]  # fmt: skip
    header = ("path", "title", "value", "range", "unit", "grade", "source", "date", "note")
    if numbers:
        _table("Every number" if every else "The effects of what it changes", header, numbers)
    if not every:
        if s.levers and len(moved) < len(s.effects):
            out.print(
                f"{len(s.effects) - len(moved)} other effects hold as they do when we carry on as today."
            )
        out.print(f"All {len(rows)} graded numbers with their sources: doorstroom show {escape(asked)} --all")


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for people on a terminal; lines with tabs for everything else."""
    out = Console()
    if not out.is_terminal:
        for line in ([f"# {title}"] if title else []) + ["\t".join(row) for row in (header, *rows)]:
            print(line)
        return
    # A column without any entry says nothing.
    used = [i for i in range(len(header)) if any(row[i] for row in rows)] or list(range(len(header)))
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for i in used:
        table.add_column(header[i], overflow="fold")
    for row in rows:
        table.add_row(*(escape(row[i]) for i in used))
    out.print(table)


def _say(text: Text | None, lang: Language) -> str:
    return "" if text is None else text.nl if lang == "nl" else text.en


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def _period(start: object, end: object) -> str:
    return f"from {start}" if end is None else f"from {start} until {end}"


def _version() -> str:
    try:
        return version("doorstroom")
    except PackageNotFoundError:
        return "(not installed: run from its folder)"


def _told(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if len(problems) > 1:
        print(f"{len(problems)} problems", file=sys.stderr)
    return WRONG


def _cannot(reason: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem("doorstroom", 0, "", "", reason, "", hint)])


def _dashboard_file() -> Path:
    for folder in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (folder / "dashboard.py").is_file():
            return folder / "dashboard.py"
    raise _cannot(
        "dashboard.py is not here", "Run this in the folder of Doorstroom, where dashboard.py lies."
    )


def _free_port(first: int) -> int:
    for port in range(first, min(first + 50, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise _cannot(f"no free port from {first} on", "Name another with --port.")


for _register in (
    register_runs,
    register_diary,
    register_data,
    register_calibrate,
    register_backtest,
    register_report,
    register_threshold,
    register_plan,
):
    _register(app)
