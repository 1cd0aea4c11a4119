"""A ten-year Almere replication, beside the same children as a plain SimPy model."""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np
import pandas as pd

import sim
from benchmarks.page import Table
from benchmarks.plain import simulate_plainly, summarise
from benchmarks.timing import spread, take_turns
from sim.indicators import compute
from sim.record import Kind, Record
from sim.scenario.scenario import Scenario


def tables(rounds: int) -> list[Table]:
    """Seconds and sizes."""
    scenario = sim.load("baseline")
    records: dict[int, Record] = {}
    others: dict[int, dict[str, pd.DataFrame]] = {}

    def ours(number: int) -> None:
        records[number % 2] = sim.simulate(scenario, 1, number)

    def plain(number: int) -> None:
        others[number % 2] = simulate_plainly(scenario, number)

    times = take_turns(
        {
            "simulate": ours,
            "indicators": lambda _: compute(next(iter(records.values()))),
            "plain": plain,
            "summary": lambda _: summarise(scenario, next(iter(others.values()))),
        },
        rounds,
    )
    for both, (first, second) in {
        "together": ("simulate", "indicators"),
        "plain together": ("plain", "summary"),
    }.items():
        times[both] = [a + b for a, b in zip(times[first], times[second], strict=True)]
    record = records[0]
    per_pupil = record.events / len(record.pupils["key"])
    years = scenario.total_years
    return [
        Table(
            f"One replication of the baseline: {years} school years ({scenario.region.replay_years} replayed, "
            f"{scenario.years} reported). About 0.5 s together is what the slider needs.",
            ("what", "ours", "plain SimPy", "plain : ours"),
            (
                ("simulate", _s(times["simulate"]), _s(times["plain"]), spread(times, "plain", "simulate")),
                ("indicators (plain: a summary)", _s(times["indicators"]), _s(times["summary"]), ""),
                ("together", _s(times["together"]), _s(times["plain together"]),
                 spread(times, "plain together", "together")),
                ("kernel events per simulated pupil (aim: at most 3)", f"{per_pupil:.2f}", "", ""),
            ),
        ),
        Table(
            "Is it the same work? Means over the school years of both models (one replication each; stocks on the "
            f"first count date). Aim: at least 4 times faster. {rounds} rounds.",
            ("per replication", "ours", "plain SimPy", "plain : ours"),
            _sizes(scenario, record, others[0]),
        ),
    ]  # fmt: skip


def _s(seconds: list[float]) -> str:
    return f"{median(seconds):.3f} s"


def _sizes(scenario: Scenario, record: Record, plain: dict[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    days = record.count_days(scenario.region.count_dates[0])
    ours, theirs = (
        _stocks(record, days),
        _plain_stocks(plain["visits"], list(scenario.region.place_types), days),
    )
    rows = [
        (f"children at {name}", a, b)
        for name, a, b in zip(scenario.region.place_types, *(ours, theirs), strict=True)
    ]
    v, p = record.visits, plain["visits"]
    kinds = p["kind"].value_counts()
    rows += [
        (
            "pupils (first signals, count of the start, spells at home)",
            len(record.pupils["key"]),
            len(plain["pupils"]),
        ),
        ("placements and children present at the start", int((v["kind"] == Kind.STAY).sum()), kinds["stay"]),
        ("decisions", int((v["kind"] == Kind.DECISION).sum()), kinds["decision"]),
        ("periods of help", int((v["kind"] == Kind.SUPPORT).sum()), kinds["support"]),
        ("spells at home", int((v["kind"] == Kind.ABSENCE).sum()), kinds["absence"]),
        ("offers", len(record.offers["pupil"]), len(plain["offers"])),
        ("rows of visits", len(v["pupil"]), len(p)),
    ]
    return [(name, f"{a:,.0f}", f"{b:,.0f}", f"{b / a:.2f}") for name, a, b in rows]


def _stocks(record: Record, days: Any) -> list[float]:
    v = record.visits
    stay = v["kind"] == Kind.STAY
    found = []
    for code, role in enumerate(record.roles):
        if role == "special":
            mine = stay & (v["type"] == code)
            placed, left = v["placed"][mine], v["left"][mine]
            found.append(float(np.mean([((placed <= d) & ~(left <= d)).sum() for d in days])))
    return found


def _plain_stocks(visits: pd.DataFrame, types: list[str], days: Any) -> list[float]:
    stay = visits[visits["kind"] == "stay"]
    return [
        float(np.mean([((s["placed"] <= d) & ~(s["left"] <= d)).sum() for d in days]))
        for s in (stay[stay["type"] == name] for name in types)
    ]
