"""Synthetic results of a small world, so that screens can be tested without running the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from sim.indicators import INDICATORS
from sim.scenario.levers import Change
from sim.scenario.places import Place, PlaceType
from sim.scenario.quantity import Quantity, Text
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.study.results import DRAWN, FIXED, Results, Series

YEARS = tuple(f"{year}-{year + 1}" for year in range(2023, 2030))
TYPES = ("klein", "groot")


def text(words: str) -> Text:
    return Text(nl=words, en=words)


def region() -> Region:
    return Region(
        schema=1,
        kind="region",
        id="proef",
        title=text("Proef"),
        start=date(2023, 8, 1),
        replay_years=3,
        years=4,
        calendar="school_year",
        place_types={
            kind: PlaceType(
                title=text(kind),
                name=text(f"{kind} voluit"),
                class_size=Quantity(value=10, unit="children per group"),
            )
            for kind in TYPES
        },
        places={
            f"school-{kind}": Place(
                title=text(f"School {kind}"),
                type=kind,
                groups={
                    "p": Quantity(
                        value=4, unit="groups", range=(3, 6), grade="E", source="bedacht", date="2024"
                    )
                },
            )
            for kind in TYPES
        },
    )


def scenario(id_: str, kind: str = "idea", levers: dict[str, tuple[Change, ...]] | None = None) -> Scenario:
    return Scenario.model_validate(
        {
            "id": id_,
            "kind": kind,
            "title": text(f"Idee {id_}"),
            "sentence": text(f"Wat {id_} is"),
            "region": region(),
            "levers": levers or {},
            "years": 4,
        }
    )


def simulate(scenario: Scenario, seed: int, replication: int) -> tuple[Scenario, int]:
    """A model that takes no time; a scenario with the id "stuk" breaks it."""
    if scenario.id == "stuk":
        raise RuntimeError("dit model is stuk")
    return scenario, 1000 * seed + replication


def compute(record: tuple[Scenario, int]) -> pd.DataFrame:
    """Indicators of that model: one list, and a row that no screen shows."""
    scenario, luck = record
    seats = sum(q.value for p in scenario.region.places.values() for q in p.groups.values())
    rows = [
        (year, "K02.oct", "all", district, "all", luck + seats, "children")
        for year in YEARS
        for district in ("all", "noord")
    ]
    rows.append((YEARS[0], "K07.within_term", "all", "all", "all", 0.5, "share"))
    columns = ["school_year", "indicator", "place_type", "district", "profile", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def told(
    levels: dict[str, dict[Series, object]], scenarios: dict[str, Scenario] | None = None, mode: str = FIXED
) -> Results:
    """Results that say exactly this, in the reported years; the first scenario is the baseline.

    Args:
        levels: Scenario -> series -> one value per run, or one per run and reported year.
        scenarios: Scenarios by id; by default made here.
        mode: Mode of the runs.
    """
    units = {name: i.unit for name, i in INDICATORS.items()}
    named = sorted({s for given in levels.values() for s in given})
    series = tuple(replace(s, unit=units.get(s.indicator, "")) for s in named)
    first = region().replay_years
    values, done = {}, {}
    for name, given in levels.items():
        tables = {s: np.asarray(v, dtype=float) for s, v in given.items()}
        runs = len(next(iter(tables.values())))
        array = np.full((runs, len(series), len(YEARS)), np.nan)
        for s, table in tables.items():
            array[:, series.index(s), first:] = table[:, None] if table.ndim == 1 else table
        values[name, mode], done[name, mode] = array, np.ones(runs, dtype=bool)
    known = scenarios or {}
    every = tuple(
        known.get(name) or scenario(name, "idea" if i else "baseline") for i, name in enumerate(levels)
    )
    return Results(every, (mode,), 1, runs, series, YEARS, values, done, "engine", "indicators")


def close_intake(kind: str) -> dict[str, tuple[Change, ...]]:
    return {f"{kind}.intake": (Change.model_validate({"set": 0.0, "from": date(2026, 8, 1)}),)}


def results(
    shift: dict[str, tuple[float, float]],
    *,
    scenarios: tuple[Scenario, ...] = (),
    runs: int = 30,
    wide: bool = True,
    waiting: float = 150.0,
) -> Results:
    """Baseline and scenarios in which each indicator differs from the baseline by `shift`.

    Args:
        shift: Indicator -> mean and standard deviation of the paired difference.
        scenarios: Scenarios beside the baseline; by default one, "anders".
        runs: Replications.
        wide: Also drawn runs, whose difference spreads three times as far.
        waiting: List of the baseline in the first year; it grows by ten a year.
    """
    rng = np.random.default_rng(7)
    base = scenario("baseline", "baseline")
    others = scenarios or (scenario("anders"),)
    levels = {"K02.oct": waiting, "K17.children_oct": 36.0, "K22.seats_oct": 40.0, "K18.supported": 60.0}
    series, values = [], {}
    for name in INDICATORS:
        for kind in ("all", *TYPES):
            series.append(Series(name, kind, unit=INDICATORS[name].unit))
    series.sort()
    modes = (FIXED, DRAWN) if wide else (FIXED,)
    for mode in modes:
        factor = 3.0 if mode == DRAWN else 1.0
        luck = rng.normal(0, 4 * factor, (runs, len(series), len(YEARS)))
        start = np.array([levels.get(s.indicator, 20.0) for s in series])[None, :, None]
        growth = np.array([10.0 if s.indicator == "K02.oct" else 0.0 for s in series])[None, :, None]
        table = start + growth * np.arange(len(YEARS)) + luck
        values[base.id, mode] = table
        for other in others:
            gap = np.zeros_like(table)
            for i, s in enumerate(series):
                if s.indicator in shift:
                    mean, spread = shift[s.indicator]
                    gap[:, i, 3:] = rng.normal(mean, factor * spread, (runs, 1))
            values[other.id, mode] = table + gap
    done = {cell: np.ones(runs, dtype=bool) for cell in values}
    return Results(
        (base, *others), modes, 1, runs, tuple(series), YEARS, values, done, "engine", "indicators"
    )
