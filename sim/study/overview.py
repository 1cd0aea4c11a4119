"""The whole shelf on one page: per scenario one line with what it gives, costs, asks, rests on and risks."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.scenario.scenario import Kind, Scenario
from sim.study.compare import Comparison, Outcome
from sim.study.conditions import Held, conditions_of
from sim.study.equity import KINDS, Gap, Less, for_whom_less, gain_of_worst, gaps_of
from sim.study.recovery import Recovery, recovery_of
from sim.study.results import Results
from sim.study.risks import Came, risks_of
from sim.study.value import REASONS, Value, value_of

# What is read per line: missed weeks, lists, children without a fitting place, euro, and staff asked and found.
MISSED, WAITING, SIGNAL, LACKING, COST = (
    "K12.total",
    "K02.mean",
    "K02.from_signal_oct",
    "K34.count",
    "K28.total",
)
ASKED, FOUND, DOSE = "K26.asked", "K26.found", "K26.dose"
OUTCOMES = (MISSED, WAITING, SIGNAL, LACKING, COST, ASKED, FOUND, DOSE)
_KINDS: tuple[Kind, ...] = ("idea", "twin", "package", "shock", "own", "baseline")


@dataclass(frozen=True)
class Line:
    """One scenario beside carrying on as today.

    Attributes:
        scenario: The scenario.
        under: Id of the scenario of which this is the twin; empty for all others.
        outcomes: Indicator -> outcome (mean over the reported years), of those that these results have.
        conditions: Its conditions and in which runs they held.
        risks: Its coded risks and in which runs they came true.
        value: Cost per missed week avoided.
        recovery: For a shock: how long until the list is back.
        less: For whom it becomes less.
        gaps: How far the worst off are from the best off.
        gain: Per kind of margin: share of the missed weeks avoided that goes to the quarter that misses most today.
    """

    scenario: Scenario
    under: str
    outcomes: dict[str, Outcome]
    conditions: tuple[Held, ...]
    risks: tuple[Came, ...]
    value: Value
    recovery: Recovery | None
    less: tuple[Less, ...]
    gaps: tuple[Gap, ...]
    gain: dict[str, float | None]

    @property
    def survives(self) -> float | None:
        """Share (0-1) of the missed weeks that is left when effects of grade D and E do nothing."""
        missed = self.outcomes.get(MISSED)
        return None if missed is None else missed.survives

    @property
    def unmet(self) -> tuple[int, int]:
        """Runs in which a condition was not met, of how many."""
        return _any([[not m for m in c.met] for c in self.conditions])

    @property
    def came(self) -> tuple[int, int]:
        """Runs in which a coded risk came true, of how many."""
        return _any([list(r.came) for r in self.risks])

    @property
    def staff(self) -> tuple[float, float] | None:
        """Extra staff asked and found (FTE); None when these results do not count it."""
        asked, found = self.outcomes.get(ASKED), self.outcomes.get(FOUND)
        return None if asked is None or found is None else (asked.difference, found.difference)


def overview(results: Results, comparison: Comparison) -> tuple[Line, ...]:
    """One line per scenario, in the order of the documents: ideas with their twins, packages, shocks, own.

    Args:
        results: Results of a study.
        comparison: Its comparison.
    """
    conditions, risks = conditions_of(results), risks_of(results)
    found = []
    for scenario, under in in_order(results.scenarios[1:]):
        outcomes = {
            i: o for i in OUTCOMES if (o := comparison.outcome(scenario.id, i)) is not None and o.runs
        }
        found.append(
            Line(
                scenario, under, outcomes,
                tuple(c for c in conditions if c.scenario == scenario.id),
                tuple(r for r in risks if r.scenario == scenario.id),
                value_of(results, scenario.id),
                recovery_of(results, scenario) if scenario.kind == "shock" else None,
                for_whom_less(results, scenario.id),
                gaps_of(results, scenario.id),
                {kind: gain_of_worst(results, scenario.id, kind) for kind in KINDS},
            )
        )  # fmt: skip
    return tuple(found)


def in_order(scenarios: Sequence[Scenario]) -> list[tuple[Scenario, str]]:
    """Scenarios as the documents have them, each twin under what it is the twin of (whose id stands beside it)."""
    named = {s.id: s for s in scenarios}

    def place(s: Scenario) -> tuple[int, float, str, bool, float, str]:
        root = _root(s, named)
        return _KINDS.index(root.kind), root.order, root.id, s.id != root.id, s.order, s.id

    return [
        (s, "" if (root := _root(s, named)).id == s.id else root.id) for s in sorted(scenarios, key=place)
    ]


def _root(scenario: Scenario, named: dict[str, Scenario]) -> Scenario:
    """What a twin is the twin of; the scenario itself when it is none, or that one is not among those named."""
    seen = [scenario]
    while seen[-1].kind == "twin" and seen[-1].builds_on:
        above = named.get(seen[-1].builds_on[0])
        if above is None or above in seen:
            break
        seen.append(above)
    return seen[-1]


def _any(each: Sequence[Sequence[bool]]) -> tuple[int, int]:
    """Runs in which at least one of several things is so; judged runs only."""
    judged = [e for e in each if e]
    runs = min((len(e) for e in judged), default=0)
    return (int(np.any([e[:runs] for e in judged], axis=0).sum()) if runs else 0), runs


_HEADER = (
    "scenario", "kind", "under", "item", "title_nl", "title_en",
    *(f"{name}_{part}" for name in ("missed_weeks", "waiting", "waiting_from_signal", "without_place", "cost")
      for part in ("difference", "chance_low", "chance_high", "both_low", "both_high")),
    "staff_asked", "staff_found", "share_of_extra_staff_found", "left_without_unmeasured_effects",
    "conditions", "runs_with_a_condition_unmet", "runs_judged",
    "coded_risks", "runs_in_which_a_risk_came_true", "runs_watched",
    "euro_per_missed_week_avoided", "euro_per_missed_week_low", "euro_per_missed_week_high", "why_no_ratio",
    "months_to_recover", "runs_recovered", "groups_of_children_worse_off",
    *(f"{name}_{kind}" for kind in KINDS
      for name in ("worst_off", "missed_weeks_ratio", "missed_weeks_ratio_today", "gain_of_worst_quarter")),
)  # fmt: skip
_LESS_HEADER = (
    "scenario", "indicator", "place_type", "district", "profile", "today", "difference", "worse_in_runs", "runs", "sure",
)  # fmt: skip


def write_overview(lines: Sequence[Line], path: Path) -> None:
    """The table as CSV: one row per scenario, UTF-8, LF; an empty cell is a number that is not known."""
    _write(path, _HEADER, [_row(line) for line in lines])


def write_worse_off(lines: Sequence[Line], path: Path) -> None:
    """For whom it becomes less, as CSV: one row per scenario, outcome and group of children."""
    rows = [
        [
            x.scenario,
            x.indicator,
            x.place_type,
            x.district,
            x.profile,
            x.today,
            x.difference,
            x.times,
            x.runs,
            int(x.sure),
        ]
        for line in lines
        for x in line.less
    ]
    _write(path, _LESS_HEADER, rows)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(v) for v in row] for row in rows)


def _cell(value: object) -> object:
    return "" if value is None or (isinstance(value, float) and np.isnan(value)) else value


def _row(line: Line) -> list[object]:
    s, value, recovery = line.scenario, line.value, line.recovery
    row: list[object] = [s.id, s.kind, line.under, s.source.item if s.source else "", s.title.nl, s.title.en]
    for name in (MISSED, WAITING, SIGNAL, LACKING, COST):
        o = line.outcomes.get(name)
        row += [None] * 5 if o is None else [o.difference, *o.difference_chance, *o.difference_both]
    dose = line.outcomes.get(DOSE)
    row += [*(line.staff or (None, None)), dose.level if dose else None, line.survives]
    row += [len(line.conditions), *line.unmet, len(line.risks), *line.came]
    row += [value.ratio, *(value.interval or (None, None)), REASONS[value.reason]["en"]]
    row += [recovery.median if recovery else None, recovery.back if recovery else None]
    row.append(sum(x.sure for x in line.less))
    for kind in KINDS:
        gap = next((g for g in line.gaps if (g.measure, g.kind) == ("missed", kind)), None)
        row += [gap.worst, gap.ratio, gap.today_ratio] if gap else [None] * 3
        row.append(line.gain[kind])
    return row
