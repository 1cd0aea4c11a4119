"""The commands import-duo, import-lists and region new: read outside files, say what was done, write a region file."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sim.data.districts import read_postcodes
from sim.data.duo import read_counts
from sim.data.facts import FOLDER
from sim.data.findings import KINDS, Outcome, as_csv, as_markdown
from sim.data.history import history
from sim.data.lists import from_lists
from sim.data.newregion import changes, new_evidence, new_region
from sim.data.regionfile import BACKUP, open_region, refuse_unwritable, replace_files, yaml_of
from sim.data.update import updated
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import read, shown
from sim.scenario.resolve import check, find_root

POSTCODES, REPORTS = "postcodes.csv", {".csv": as_csv, ".md": as_markdown}
UNTOUCHED = "The region was left as it is (--dry-run)."

Files = Annotated[list[Path], typer.Argument(help="CSV files.", metavar="FILE...")]
Out = Annotated[
    Path, typer.Option("-o", "--out", help="Region file to write or update.", metavar="REGION.YAML")
]
Base = Annotated[
    Path | None,
    typer.Option("--region", help="Region file to start from. Default: the one of -o.", metavar="FILE"),
]
Report = Annotated[
    Path | None,
    typer.Option("--report", help="Write what was done also to this .csv or .md file.", metavar="FILE"),
]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--date", formats=["%Y-%m-%d"], help="Count date, where a file does not tell it or has several."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and leave the region as it is.")
]
Municipality = Annotated[
    str, typer.Option("--municipality", help="Whose schools, as DUO writes it.", metavar="NAME")
]
Towns = Annotated[
    list[str] | None,
    typer.Option(
        "--town", help="Another town of the municipality, for files that name only towns.", metavar="NAME"
    ),
]

region_app = typer.Typer(help="Region files: start another municipality.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("import-duo")(import_duo)
    app.command("import-lists")(import_lists)
    app.add_typer(region_app, name="region")


def import_duo(
    files: Files,
    municipality: Municipality,
    out: Out,
    region: Base = None,
    day: Day = None,
    town: Towns = None,
    postcodes: Annotated[
        Path | None,
        typer.Option(
            help="Which postcode lies in which district. Default: postcodes.csv beside the region file."
        ),
    ] = None,
    move_start: Annotated[
        bool, typer.Option("--move-start", help="Let the region start in the school year of the counts.")
    ] = False,
    as_history: Annotated[
        bool,
        typer.Option(
            "--history",
            help="Keep the pupils per type of this year as facts beside the region file, which stays as it is.",
        ),
    ] = False,
    report: Report = None,
    dry_run: DryRun = False,
) -> None:
    """Put DUO's public counts of pupils into a region file: rolls, ages, regular pupils."""
    if as_history and move_start:
        raise _cannot("--history and --move-start do not go together", "Take one of the two away.")
    base = _base(out, region, report, files)
    file = open_region(base)
    codes = [p.code for p in file.region.places.values()]
    beside = base.parent / POSTCODES
    list_ = postcodes or (beside if beside.is_file() else None)
    known = read_postcodes(list_, file.region.districts) if list_ else {}
    counts = read_counts(files, municipality, codes, date.today(), day and day.date(), town or ())
    if as_history:
        _finish(history(file.region, counts, out.parent / FOLDER), report, dry_run)
    else:
        _finish(updated(file, counts, out, known, move_start), report, dry_run)


def import_lists(
    files: Files, out: Out, region: Base = None, report: Report = None, dry_run: DryRun = False
) -> None:
    """Put the partnership's own places, waiting lists and declarations per month into a region file."""
    file = open_region(_base(out, region, report, files))
    _finish(from_lists(files, file, out, date.today()), report, dry_run)


@region_app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Id of the new region, such as my-town.", metavar="ID")],
    title: Annotated[str, typer.Option("--title", help="Its name for people.")],
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", help="As DUO writes it. Default: the title.", metavar="NAME"),
    ] = None,
    counts: Annotated[
        list[Path] | None, typer.Option("--counts", help="DUO's pupil files; once for each.", metavar="FILE")
    ] = None,
    base: Annotated[
        str, typer.Option("--from", help="Region whose rules and rates are carried over.")
    ] = "almere",
    day: Day = None,
    town: Towns = None,
    root: Annotated[Path | None, typer.Option("--root", help="Folder with the regions.")] = None,
    report: Report = None,
    dry_run: DryRun = False,
) -> None:
    """Start the region of another municipality: own counts, and the rules and rates of a region that exists."""
    top = find_root(root)
    folder, other = top / name, top / base
    if not counts:
        raise _cannot("no counts were given", "Add DUO's pupil files: --counts FILE, once for each.")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise _cannot(f"'{name}' is no id", "Lower-case letters, digits and single '-', such as my-town.")
    if not title.strip():
        raise _cannot("the title is empty", "Add the name for people: --title NAME.")
    if folder.exists():
        raise _cannot(
            f"{shown(folder)} already exists", "Take another id; 'import-duo' updates a region that exists."
        )
    _check_report(report, counts)
    file = open_region(other / "region.yaml")
    found = read_counts(counts, municipality or title, (), date.today(), day and day.date(), town or ())
    data, findings = new_region(file, name, title, found)
    head = f"# {title}: counts of {found.day}; rules and rates from region {base}. Made by 'doorstroom region new'.\n"
    texts = {"region.yaml": f"{head}{yaml_of(data)}\n"}
    if (other / "evidence.yaml").is_file():
        kept = new_evidence(read(other / "evidence.yaml").data, data, base)
        texts["evidence.yaml"] = f"# Effects as in region {base}.\n{yaml_of(kept)}\n"
    texts["baseline.yaml"] = yaml_of({**read(other / "baseline.yaml").data, "region": name}) + "\n"
    outcome = Outcome(findings, changes(data))
    _tell(outcome)
    with TemporaryDirectory(prefix=f".{name}-", dir=top) as beside:
        made = Path(beside) / name
        made.mkdir()
        for file_name, text in texts.items():
            (made / file_name).write_text(text, encoding="utf-8", newline="\n")
        problems = [p for file_name in texts for p in check(made / file_name, made.parent)]
        if problems:
            raise ScenarioError(problems)
        if not dry_run:
            made.rename(folder)
    if dry_run:
        print(UNTOUCHED)
    else:
        print(f"Wrote {shown(folder)}. Next: doorstroom run {name}/baseline --replications 2")
    _report(outcome, report)


def _base(out: Path, region: Path | None, report: Path | None, files: list[Path]) -> Path:
    """The region file to start from, once it is sure that the result can be written."""
    if out.suffix not in (".yaml", ".yml"):
        raise _cannot(f"-o {out} is no region file", "Name a .yaml file.")
    refuse_unwritable(out)
    _check_report(report, files)
    if region is None and not out.exists():
        raise _cannot(
            f"{shown(out)} does not exist yet, and no region was named to start from",
            "Add --region FILE, or start a region with 'doorstroom region new'.",
        )
    return region or out


def _check_report(report: Path | None, files: list[Path]) -> None:
    if report is None:
        return
    if report.suffix not in REPORTS:
        raise _cannot(f"--report {report} has no known form", "Name a .csv or .md file.")
    if report.resolve() in [f.resolve() for f in files]:
        raise _cannot(f"--report {report} is one of the files to read", "Name another file.")
    refuse_unwritable(report)


def _finish(outcome: Outcome, report: Path | None, dry_run: bool) -> None:
    _tell(outcome)
    if dry_run:
        print(UNTOUCHED)
    elif outcome.texts:
        for path in outcome.texts:
            if path.parent.name == FOLDER:
                path.parent.mkdir(exist_ok=True)
        had = [p for p in outcome.texts if p.exists()]
        replace_files(outcome.texts)
        print(f"Wrote {', '.join(shown(p) for p in outcome.texts)}.")
        if had:
            print(f"As it was: {', '.join(shown(p) + BACKUP for p in had)}.")
    else:
        print("No change: nothing was written.")
    _report(outcome, report)


def _report(outcome: Outcome, report: Path | None) -> None:
    if report is not None:
        replace_files({report: REPORTS[report.suffix](outcome)}, keep=False)
        print(f"What was done is also in {shown(report)}.")


def _tell(outcome: Outcome) -> None:
    """All findings by kind, then what changed."""
    out = Console(soft_wrap=True, highlight=False)
    for kind, title in KINDS.items():
        found = [f for f in outcome.findings if f.kind == kind]
        if found:
            out.print(f"[bold]{escape(title)}[/]")
        for f in found:
            where = f"{f.file}:{f.line}: " if f.line else f"{f.file}: " if f.file else ""
            out.print(escape(f"  {where}{f.what}" + (f" -> {f.done}" if f.done else "")))
    out.print(f"[bold]What changed: {len(outcome.changes)}[/]")
    for c in outcome.changes:
        out.print(escape(f"  {c.path}: {c.was} -> {c.now}"))


def _cannot(reason: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem("doorstroom", 0, "", "", reason, "", hint)])
