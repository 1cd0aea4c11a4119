"""Typed warnings that travel with every result: what a reader must know before quoting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sim.scenario.levers import Change, Lever, levers_of
from sim.scenario.scenario import Scenario
from sim.study.conditions import conditions_of
from sim.study.results import FIXED, Results
from sim.study.statistics import TIE

Kind = Literal[
    "too_few",
    "damaged_store",
    "override",
    "condition",
    "outside_calibrated",
    "unstable",
    "no_direction",
    "assumptions",
    "not_defined",
]

# Below twenty runs the outer tenths of a band rest on one or two runs.
FEWEST_RUNS = 20
# Less than half of a difference that was measured by anyone: the rest is what somebody expects.
RESTS_ON_ASSUMPTIONS = 0.5
# A list grows for good when it grew over the last half of the years in nine of ten runs, by a tenth or more.
GROWING_RUNS, GROWTH = 0.9, 0.1
LIST = "K02.mean"

MEANING: dict[Kind, dict[str, str]] = {
    "too_few": {
        "nl": "te weinig keer doorgerekend om op de banden te bouwen",
        "en": "too few replications to rely on the bands",
    },
    "damaged_store": {"nl": "een bewaard bestand was beschadigd", "en": "a stored file was damaged"},
    "override": {
        "nl": "een effect is met de hand gezet, buiten het register om",
        "en": "an effect was set by hand, against the evidence register",
    },
    "condition": {
        "nl": "een voorwaarde is niet in alle doorrekeningen gehaald",
        "en": "a condition did not hold in all runs",
    },
    "outside_calibrated": {
        "nl": "verder van nu dan waar het model aan cijfers is getoetst",
        "en": "further from today than where the model was held against data",
    },
    "unstable": {
        "nl": "de wachtlijst blijft groeien: er is geen evenwicht, dus elk later jaar geeft een ander getal",
        "en": "the waiting list keeps growing: no steady state exists, so each later year differs",
    },
    "no_direction": {
        "nl": "meer en minder zijn allebei mogelijk: geen richting te noemen",
        "en": "both more and fewer are possible: no direction can be claimed",
    },
    "assumptions": {
        "nl": "steunt voor meer dan de helft op effecten die niemand heeft gemeten",
        "en": "rests for more than half on effects that nobody measured",
    },
    "not_defined": {
        "nl": "soms is er geen getal (de helft kreeg nooit een plek, bijvoorbeeld); dat telt niet mee",
        "en": "some runs have no number (half never got a seat, for example); the mean leaves those out",
    },
}


@dataclass(frozen=True)
class Caution:
    """One warning.

    Attributes:
        kind: Which kind; `MEANING` has its text.
        scenario: Scenario id; empty = all scenarios.
        indicator: Indicator; empty = the scenario as a whole.
        place_type: Place type of that indicator.
        detail: What was found, in data: a lever path, an effect, a number of runs.
    """

    kind: Kind
    scenario: str = ""
    indicator: str = ""
    place_type: str = ""
    detail: str = ""

    def text(self, language: str = "en") -> str:
        """The warning in Dutch (`nl`) or English (`en`)."""
        return MEANING[self.kind][language] + (f" ({self.detail})" if self.detail else "")


def cautions_of(results: Results, frame: pd.DataFrame) -> tuple[Caution, ...]:
    """All warnings of a study.

    Args:
        results: The results.
        frame: Rows of the comparison (`Comparison.frame`).
    """
    found = [Caution("damaged_store", detail=m) for m in results.messages]
    runs = min((int(results.done[cell].sum()) for cell in results.cells), default=0)
    if runs < FEWEST_RUNS:
        found.append(Caution("too_few", detail=f"{runs} < {FEWEST_RUNS}"))
    for scenario in results.scenarios:
        found += cautions_of_scenario(results, scenario)
    found += _of_conditions(results)
    found += _of_outcomes(frame, int(frame["runs"].max()))
    return tuple(found)


def cautions_of_scenario(results: Results, scenario: Scenario) -> tuple[Caution, ...]:
    """Warnings that belong to one scenario whatever it is compared with: overrides, levers turned far, growing lists."""
    return (*_of_scenario(scenario), *_growing(results, scenario.id))


def _of_scenario(scenario: Scenario) -> Iterator[Caution]:
    for override in scenario.overrides:
        yield Caution(
            "override", scenario.id, detail=f"{override.effect} = {override.value:g}: {override.reason}"
        )
    levers = levers_of(scenario.region)
    for path, changes in scenario.levers.items():
        if path in levers and any(_outside(levers[path], change) for change in changes):
            yield Caution("outside_calibrated", scenario.id, detail=path)


def _of_conditions(results: Results) -> Iterator[Caution]:
    for c in conditions_of(results):
        if c.held < c.runs:
            name = f"{c.condition.of} {c.condition.pool or ''}".strip()
            shares = f"{name} >= {c.condition.at_least:.0%} in {c.held} of {c.runs} runs, lowest year {c.lowest:.0%}"
            yield Caution("condition", c.scenario, detail=f"{shares}: {c.condition.if_unmet.en}")


def _outside(lever: Lever, change: Change) -> bool:
    """True when a change goes past the range that was held against data; False when that cannot be told."""
    bounds, today = lever.definition.calibrated, lever.today
    if bounds is None or isinstance(today, str):
        return False
    if change.add is not None:
        moved = change.add
    elif change.where.place or change.where.profile or change.where.district:
        # Today's value is that of the whole type, which says nothing about one place or profile.
        return False
    else:
        moved = (float(change.set) if change.set is not None else today * (change.scale or 0.0)) - today
    value = moved if lever.definition.op == "add" else today + moved
    return not bounds[0] <= value <= bounds[1]


def _growing(results: Results, scenario: str) -> Iterator[Caution]:
    first = results.baseline.region.replay_years
    years = len(results.school_years) - first
    if years < 4:
        return
    for series in results.series:
        if series.indicator != LIST or not series.district == series.profile == "all":
            continue
        lists = results.through_years(scenario, series, FIXED)
        middle, last = lists[:, first + years // 2 - 1], lists[:, -1]
        there = ~np.isnan(middle + last)
        if not there.any():
            continue
        grown = (last - middle)[there]
        more = np.mean(grown > TIE) >= GROWING_RUNS
        if more and np.mean(grown) >= max(1.0, GROWTH * float(np.mean(middle[there]))):
            yield Caution("unstable", scenario, LIST, series.place_type)


def _of_outcomes(frame: pd.DataFrame, pairs: int) -> Iterator[Caution]:
    """Warnings per scenario, indicator and place type, on the mean over the reported years.

    Args:
        frame: Rows of the comparison.
        pairs: Complete pairs of replications.
    """
    rows = frame[(frame["period"] == "mean") & (frame["district"] == "all") & (frame["profile"] == "all")]
    both = rows["difference_both_low"].notna()
    low = rows["difference_both_low"].where(both, rows["difference_chance_low"])
    high = rows["difference_both_high"].where(both, rows["difference_chance_high"])
    differs = (rows["ties"] < rows["runs"]) | (rows["drawn_ties"] < rows["drawn_runs"])
    names = ["scenario", "indicator", "place_type"]
    for row in rows.loc[differs & (low <= 0) & (high >= 0), names].itertuples(index=False):
        yield Caution("no_direction", *row)
    for row in rows.loc[rows["runs"].between(1, pairs - 1), names].itertuples(index=False):
        yield Caution("not_defined", *row)
    for row in rows.loc[rows["survives"] < RESTS_ON_ASSUMPTIONS, names].itertuples(index=False):
        yield Caution("assumptions", *row)
