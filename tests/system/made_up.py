"""A made-up region and engine for tests of the study: pure, fast, with an effect that nobody measured."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario
from sim.study.engine import Engine

ENGINE = Engine("made_up:simulate", "made_up:compute")

REGION = """\
schema: 1
kind: region
id: madeup
title: {nl: Bedacht, en: Made up}
start: 2023-08-01
replay_years: 1
years: 4
calendar: school_year
place_types:
  blue: {title: {nl: Blauw, en: Blue}, class_size: 10}
  red: {title: {nl: Rood, en: Red}, class_size: 10}
places:
  one:
    title: {nl: Een, en: One}
    type: blue
    groups:
      any: {value: 5, unit: groups, range: [4, 8], grade: B, source: made up, date: "2024"}
  two:
    title: {nl: Twee, en: Two}
    type: red
    groups:
      any: {value: 9, unit: groups, range: [8, 12], grade: E, source: made up, date: "2024"}
sources:
  blues:
    title: {nl: Aanmeldingen, en: Applications}
    of: outside
    to: blue
    flow: {value: 20, unit: children per year, range: [10, 30], grade: C, source: made up, date: "2024"}
"""

EVIDENCE = """\
schema: 1
kind: evidence
floor: 0.1
effects:
  hoped:
    title: {nl: Gehoopt, en: Hoped}
    lever: hands
    cause: hands
    acts_on: back
    measure: risk_ratio
    size: {value: 1.5, unit: ratio, range: [1, 2], grade: D, source: made up, date: "2024"}
  seen:
    title: {nl: Gezien, en: Seen}
    lever: class_size
    cause: class_size
    acts_on: crowding
    measure: risk_ratio
    size: {value: 1.2, unit: ratio, range: [1.1, 1.3], grade: B, source: made up, date: "2024"}
"""

SCENARIO = """\
schema: 1
kind: {kind}
id: {id}
region: madeup
title: {{nl: "{id} (nl)", en: "{id} (en)"}}
sentence: {{nl: Een zin., en: A sentence.}}
{levers}
"""


def write_region(root: Path) -> Path:
    """Write the region with a baseline and two scenarios below `root`, and return its folder."""
    folder = root / "scenarios" / "madeup"
    (folder / "ideas").mkdir(parents=True)
    (folder / "region.yaml").write_text(REGION, encoding="utf-8")
    (folder / "evidence.yaml").write_text(EVIDENCE, encoding="utf-8")
    (folder / "baseline.yaml").write_text(SCENARIO.format(kind="baseline", id="baseline", levers=""))
    for name, add in (("more-groups", 3), ("one-group", 1), ("no-dose", 0)):
        levers = f"levers:\n  blue.groups: [{{add: {add}, from: 2024-08-01}}]" if add else ""
        (folder / "ideas" / f"{name}.yaml").write_text(SCENARIO.format(kind="own", id=name, levers=levers))
    return folder


def scenarios(root: Path) -> tuple[Scenario, list[Scenario]]:
    """The baseline and the two scenarios that do something."""
    folder = write_region(root)
    base = load(folder / "baseline.yaml")
    return base, [load(folder / "ideas" / f"{name}.yaml") for name in ("more-groups", "one-group")]


@dataclass(frozen=True)
class Rows:
    """What the made-up engine hands to the made-up indicators."""

    scenario: Scenario
    seed: int
    replication: int


def simulate(scenario: Scenario, seed: int, replication: int) -> Rows:
    """Nothing happens; a test may ask for a log of calls, for time to pass, or for a failure."""
    log = os.environ.get("MADE_UP_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{scenario.id} {scenario.digest()} {replication}\n")
    time.sleep(float(os.environ.get("MADE_UP_SECONDS", "0")))
    if os.environ.get("MADE_UP_FAILS") == str(replication):
        raise ZeroDivisionError("made-up failure")
    return Rows(scenario, seed, replication)


def compute(rows: Rows) -> pd.DataFrame:
    """Numbers that depend on groups, effects and the replication; one of them is not always there."""
    s, rng = rows.scenario, np.random.default_rng([rows.seed, rows.replication])
    groups = s.region.places["one"].groups["any"].value
    added = sum(c.add or 0.0 for c in s.levers.get("blue.groups", ()))
    effect = s.effects["hoped"].size.value
    noise = rng.normal(size=s.total_years)
    found = []
    for year in range(s.total_years):
        name = f"{2023 + year}-{2024 + year}"
        waiting = (
            100.0
            - 4.0 * groups
            + 3.0 * noise[year]
            - (added * (2.0 + 6.0 * (effect - 1.0)) if year > 0 else 0.0)
        )
        for place_type in ("all", "blue"):
            found.append((name, "K02.oct", place_type, "all", "all", waiting, "children"))
            found.append((name, "K02.mean", place_type, "all", "all", waiting + 10.0 * year, "children"))
        found.append((name, "K02.oct", "all", "north", "all", waiting / 3.0, "children"))
        found.append((name, "K12.total", "all", "all", "all", 40.0 * waiting, "school weeks"))
        found.append((name, "K34.count", "all", "all", "all", waiting + 1.0, "children"))
        found.append((name, "K17.children_oct", "red", "all", "all", 90.0, "children"))
        found.append((name, "K11.risk", "all", "all", "all", abs(noise[year]), "per 1,000 children per year"))
        if noise[year] < 1.0:
            found.append((name, "K04.median", "all", "all", "all", 20.0 + noise[year], "weeks"))
    columns = ["school_year", "indicator", "place_type", "district", "profile", "value", "unit"]
    return pd.DataFrame(found, columns=columns)
