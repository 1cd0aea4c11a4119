"""What the command backtest does: make the forecasts, show how far it is, print the tables, write the file."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from sim.cli.comparison import console
from sim.cli.progress import Meter, writable
from sim.data.facts import Facts, facts_of, read_facts
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.resolve import find_root, load, region_of, regions
from sim.scenario.shelf import name_of
from sim.study.backtest.known import origins, series_of
from sim.study.backtest.run import LEAST_YEARS, NATIONAL, plan, run
from sim.study.backtest.table import Row, Score, by, csv_rows, is_part, score, title, verdict, without_covid
from sim.study.store import write_whole

WIRING = "backtest/nederland/baseline"
FILE = "backtest.csv"
FORECASTS = "Forecasts"


def backtest(
    region: str, *, since: int | None, draws: int, seed: int, jobs: int | None, out: Path | None
) -> None:
    """Make and score every forecast; on Ctrl-C print the tables of those that were made."""
    facts = _facts(region)
    parts = plan(load(WIRING), facts, region, since=since, draws=draws + draws % 2, seed=seed)
    screen = console()
    if not _enough(facts, region, since, screen):
        return
    if out is not None:
        writable(out)
    rows: dict[bool, list[Row]] = {}
    done, stopped = 0, False
    steps = run(parts, jobs or os.cpu_count() or 1)
    with closing(steps), Meter(console(error=True)) as meter:
        meter.show(FORECASTS, 0, len(parts))
        try:
            for done, (part, found) in enumerate(steps, start=1):
                rows.setdefault(part.task.given, []).extend(found)
                meter.show(FORECASTS, done, len(parts))
        except KeyboardInterrupt:
            stopped = True
    for given, some in sorted(rows.items(), reverse=True):
        _print(screen, some, given)
    if stopped:
        said = (
            f"Stopped after {done} of {len(parts)} forecasts; the tables are of those. Nothing was written."
        )
        console(error=True).print(said)
        raise typer.Exit(130)
    if out is not None:
        text = _csv(rows)
        write_whole(out / FILE, lambda half: half.write_text(text, encoding="utf-8", newline=""))
        screen.print(f"\nEvery forecast with its score is in {out / FILE}.")


def _facts(region: str) -> Facts:
    """The facts of a region; national figures stand among those of any region."""
    root = find_root()
    if region != NATIONAL:
        region_of(region)  # a region that is not there is told as such
        return facts_of(region)
    folders = [p / "facts" for p in regions(root) if (p / "facts").is_dir()]
    for folder in folders:
        facts = read_facts(folder)
        if any(name.startswith(f"{NATIONAL}.stock.") for name in facts.names()):
            return facts
    names = ", ".join(name_of(p, root) for p in regions(root))
    reason = "no region here has the national counts"
    raise ScenarioError(
        [Problem("backtest", 0, "", names, reason, "series national.stock.<type> in facts/", "")]
    )


def _enough(facts: Facts, region: str, since: int | None, screen: Console) -> bool:
    """Whether there are counts enough; if not, say which there are, and which files would make it possible."""
    full = series_of(facts, region, load(WIRING).region)
    fewest = min(len(c) for c in full.stocks.values())
    years = origins(full)
    if fewest >= LEAST_YEARS and years:
        if since is None or since in years:
            return True
        raise ScenarioError(
            [
                Problem(
                    "--from", 0, "", str(since), "no forecast can be made from this year",
                    f"{years[0]} to {years[-1]}: three counts of every type, and one to be held against",
                )
            ]
        )  # fmt: skip
    screen.print(
        f"There is no back-test of {region} in time. Counts by type on 1 October, in the facts of this region:"
    )
    for kind, counts in full.stocks.items():
        screen.print(f"  {region}.stock.{kind}: {', '.join(str(y) for y in counts) or 'none'}")
    stem = f"{region}.absent."
    if others := sorted({r.when for r in facts.rows if r.series.startswith(stem)}):
        screen.print(f"  {stem}*: {', '.join(others)} (no series: one year each, and not one definition)")
    screen.print(
        f"A back-test needs at least {LEAST_YEARS} years of each: three to learn from, and two to be held against. "
        "Counts of one year show nothing that the model could be wrong about.\n"
        "What would make it possible: DUO's files of pupils by school, type and age of earlier years, read with "
        f"'doorstroom import-duo FILE --history', which keeps '{region}.stock.<type>' of each year as facts. The inflow by "
        "origin of the SWV itself, if it has one, as '<region>.inflow.<type>.<origin>'.\n"
        "What there is instead: the replay of the years since the count against every later figure, in the proof."
    )
    return False


def _print(screen: Console, rows: Sequence[Row], given: bool) -> None:
    main = [r for r in rows if not is_part(r.series)]
    shock = "the shock of 2014-15 given" if given else "nothing given"
    per_series = by(main, lambda r: r.series)
    won = sum(x.won for x in per_series.values())
    screen.print(f"\n[bold]Forecasts from {min(r.origin for r in rows)} on, {shock}[/bold]")
    screen.print("CRPS and absolute error in children, lower is better; coverage of the 80 % interval.")
    table = _table("series")
    for name, x in per_series.items():
        _add(table, title(str(name)), x)
    if (total := score(main)) is not None:
        _add(table, "all", total, verdict_too=False)
    screen.print(table)
    screen.print(
        f"The model wins {won} of {len(per_series)}. {verdict(per_series, 'en')}\n{verdict(per_series, 'nl')}"
    )
    for heading, key, some in (
        ("Per year ahead", lambda r: f"{title(r.series)}, {r.ahead} ahead", main),
        ("Without the covid years 2020 and 2021", lambda r: title(r.series), without_covid(main)),
        (
            "Inflow by origin, beside the six",
            lambda r: title(r.series),
            [r for r in rows if is_part(r.series)],
        ),
    ):
        table = _table(heading)
        for name, x in by(some, key).items():
            _add(table, str(name), x)
        if table.row_count:
            screen.print(table)


def _table(first: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    names = ("last year", "trend")
    for name in ("counts", "CRPS model", *names, "won", "error model", *names, "covered", *names):
        table.add_column(name, justify="right")
    return table


def _add(table: Table, name: str, x: Score, verdict_too: bool = True) -> None:
    won = ("yes" if x.won else "no") if verdict_too else ""
    table.add_row(
        name, str(x.counts), *(f"{v:.0f}" for v in x.crps.values()), won, *(f"{v:.0f}" for v in x.error.values()),
        *(f"{100 * v:.0f} %" for v in x.coverage.values()),
    )  # fmt: skip


def _csv(rows: dict[bool, list[Row]]) -> str:
    stream = io.StringIO()
    lines = csv.writer(stream, lineterminator="\n")
    for i, (given, some) in enumerate(sorted(rows.items(), reverse=True)):
        header, *body = csv_rows(some)
        if not i:
            lines.writerow(["shock", *header])
        lines.writerows(["given" if given else "not given", *row] for row in body)
    return stream.getvalue()
