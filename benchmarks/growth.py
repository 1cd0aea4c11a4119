"""How the work grows with the size of the region: from Almere to ten times Almere.

Work is what happens, whatever the machine: kernel events, and entries of waiting lists that are looked at.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass

import numpy as np

import sim
from benchmarks.page import Table
from sim.scenario.scenario import Scenario

SIZES = (1, 2, 5, 10)


@dataclass(frozen=True)
class Work:
    """What one replication took.

    Attributes:
        size: How many times Almere.
        pupils: Simulated one by one.
        events: Kernel events.
        inspections: Entries of waiting lists that were looked at.
        seconds: Processor time.
    """

    size: int
    pupils: int
    events: int
    inspections: int
    seconds: float


def scaled(scenario: Scenario, size: float) -> Scenario:
    """The same region with `size` times the children, seats, rooms, help and staff: as many schools, each larger."""
    region, values = scenario.region, {}
    for name, stage in region.regular.items():
        values |= {f"region.regular.{name}.count.{d}": q.value for d, q in stage.count.items()}
        if stage.support:
            values[f"region.regular.{name}.support.slots"] = stage.support.slots.value
    for name, place in region.places.items():
        for part in ("groups", "roll", "waiting"):
            values |= {f"region.places.{name}.{part}.{p}": q.value for p, q in getattr(place, part).items()}
        if place.rooms:
            values[f"region.places.{name}.rooms"] = place.rooms.value
    values |= {f"region.sources.{k}.flow": s.flow.value for k, s in region.sources.items() if s.flow}
    for name, home in region.home.items():
        values |= {f"region.home.{name}.start": home.start.value, f"region.home.{name}.flow": home.flow.value}
    for name, pool in region.staff.items():
        values[f"region.staff.{name}.hire"] = pool.hire.value
    return scenario.with_values({path: value * size for path, value in values.items()})


def measure(scenario: Scenario, size: int, replication: int = 0) -> Work:
    """Run one replication of `size` times the scenario."""
    larger = scaled(scenario, size)
    gc.collect()
    began = time.process_time()
    record = sim.simulate(larger, 1, replication)
    seconds = time.process_time() - began
    return Work(size, len(record.pupils["key"]), record.events, record.inspections, seconds)


def exponent(sizes: list[float], work: list[float]) -> float:
    """Slope of log(work) on log(size): 1 = twice the region is twice the work."""
    return float(np.polyfit(np.log(sizes), np.log(work), 1)[0])


def tables(rounds: int) -> list[Table]:
    """Work and its exponents, from one to ten times Almere."""
    scenario = sim.load("baseline")
    measure(scenario, 1)
    found = {size: [measure(scenario, size, r) for r in range(max(1, rounds // 3))] for size in SIZES}
    rows = []
    for size, runs in found.items():
        w, seconds = runs[0], min(r.seconds for r in runs)
        rows.append(
            (
                f"{size} × Almere", f"{w.pupils:,}", f"{w.events:,}", f"{w.inspections:,}",
                f"{(w.events + w.inspections) / scenario.total_years:,.0f}", f"{w.events / w.pupils:.2f}", f"{seconds:.2f} s",
            )
        )  # fmt: skip
    sizes = [float(s) for s in SIZES]
    work = [float(r[0].events + r[0].inspections) for r in found.values()]
    events = [float(r[0].events) for r in found.values()]
    looks = [float(r[0].inspections) for r in found.values()]
    seconds = [min(w.seconds for w in r) for r in found.values()]
    rows.append(
        (
            "exponent", f"{exponent(sizes, [float(r[0].pupils) for r in found.values()]):.2f}",
            f"{exponent(sizes, events):.2f}", f"{exponent(sizes, looks):.2f}", f"{exponent(sizes, work):.2f}", "",
            f"{exponent(sizes, seconds):.2f}",
        )
    )  # fmt: skip
    return [
        Table(
            f"{scenario.total_years} school years; as many schools, each larger. The exponent is the slope of the logarithms "
            "(1 = twice the region is twice the work); aim for events and inspections per year: at most 1.1. "
            "Seconds: the shortest of a few runs.",
            (
                "size",
                "pupils",
                "kernel events",
                "inspections",
                "events + inspections a year",
                "events per pupil",
                "simulate",
            ),
            rows,
        )
    ]
