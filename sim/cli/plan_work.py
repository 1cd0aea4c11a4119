"""What plan does: check what is asked, search, print the plan, write the file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.cli.comparison import console
from sim.cli.plan_asked import asked_of
from sim.cli.plan_words import COLUMNS, groups_text, lines
from sim.cli.progress import problems, writable
from sim.cli.threshold_words import few
from sim.cli.threshold_work import trying
from sim.scenario.resolve import find_root, load, region_of, regions
from sim.scenario.scenario import Scenario
from sim.scenario.shelf import name_of
from sim.study.engine import Engine
from sim.study.places_export import write_places
from sim.study.places_files import checked_suffix, read_places
from sim.study.places_plan import Asked, Plan, places_plan
from sim.study.trials import Trials

_STEPS = {
    "nl": {
        "unstaffed": "Groepen, met genoeg personeel",
        "staffed": "Groepen, met het personeel dat er is",
        "assumptions": "Aannames",
        "took": "Duur: {seconds} seconden.",
    },
    "en": {
        "unstaffed": "Groups, staff enough",
        "staffed": "Groups, staff that can be found",
        "assumptions": "Assumptions",
        "took": "Time needed: {seconds} seconds.",
    },
}


def plan(
    kind: str, waiting: float, school_year: str, *, profile: str | None, opens: str | None, region: str | None,
    replications: int, seed: int, jobs: int | None, store: Path | None, export: Path | None,
    imported: Path | None, root: Path | None, lang: str,
) -> None:  # fmt: skip
    """Search the number of groups and print it; write the file if one is asked."""
    with problems():
        for file in (export, imported):
            if file is not None:
                checked_suffix(file)
        if export is not None:
            writable(export.parent)
        today = load(_baseline(region, root), root)
        asked = asked_of(today.region, kind, waiting, school_year, profile, opens)
        given = read_places(imported, today) if imported is not None else None
        start = _until(today if given is None else given.scenario, asked)
        with trying(replications, seed, jobs, store, _STEPS[lang]) as trials:
            found = places_plan(start, asked, _by_need(trials))
        if export is not None:
            write_places(found, export, given, lines(found, "nl"))
    say = console()
    for line in lines(found, lang):
        say.print(line)
    _print(say, found, lang)
    for line in few(replications, lang):
        say.print(line, style="dim")
    if given is not None:
        for note in given.notes(lang):
            say.print(note, style="dim")
    if export is not None:
        say.print(f"\n{export.as_posix()}")


def _baseline(region: str | None, root: Path | None) -> str:
    """The baseline of a region, as it can be loaded."""
    name = region
    if name is None:
        region_of(None, root)  # not exactly one region is told as such
        base = find_root(root)
        name = name_of(regions(base)[0], base)
    else:
        region_of(name, root)
        with suppress(StopIteration):
            base = find_root(root)
            name = next(
                name_of(p, base)
                for p in regions(base, deep=True)
                if p.name == name or name_of(p, base) == name
            )
    return f"{name}/baseline"


def _until(scenario: Scenario, asked: Asked) -> Scenario:
    """The same scenario up to and with the school year asked: later years say nothing about it."""
    first = scenario.region.start.year + scenario.region.replay_years
    return scenario.model_copy(update={"years": int(asked.school_year[:4]) - first + 1})


def _by_need(trials: Trials) -> Trials:
    return replace(trials, engine=Engine(compute="sim.study.places_waiting:compute"))


def _print(out: Console, found: Plan, lang: str) -> None:
    table = Table(box=None, pad_edge=False)
    for i, name in enumerate(COLUMNS[lang]):
        table.add_column(name, justify="left" if i == 0 else "right")
    for free, held in zip(found.unstaffed, found.staffed, strict=True):
        table.add_row(
            free.school_year, f"{free.today:.0f}", groups_text(free.groups, found.most),
            f"{groups_text(free.few, found.most)} … {groups_text(free.many, found.most)}",
            f"{free.places:.0f}" if free.groups is not None else "–",
            groups_text(held.groups, found.most),
        )  # fmt: skip
    out.print(table)
