"""K30: what one missed school week less costs, with a paired interval, or in words why that cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.study import statistics
from sim.study.pairs import paired
from sim.study.results import FIXED, Results, Series

COST, WEEKS = Series("K28.total"), Series("K12.total")
Reason = Literal["no_costs", "costs_nothing", "too_few", "no_fewer_weeks", "more_weeks", "saves_both", ""]
REASONS: dict[Reason, dict[str, str]] = {
    "no_costs": {"nl": "de regio heeft geen prijzen", "en": "the region has no prices"},
    "costs_nothing": {
        "nl": "het model kent geen kosten van dit idee",
        "en": "the model knows no cost of this",
    },
    "too_few": {"nl": "te weinig keer doorgerekend", "en": "too few runs"},
    "no_fewer_weeks": {
        "nl": "het is niet zeker dat kinderen minder weken missen",
        "en": "it is not certain that children miss fewer weeks",
    },
    "more_weeks": {"nl": "kinderen missen juist meer weken", "en": "children miss more weeks instead"},
    "saves_both": {"nl": "het scheelt weken én geld", "en": "it saves weeks and money"},
    "": {"nl": "", "en": ""},
}


@dataclass(frozen=True)
class Value:
    """Cost per missed school week avoided.

    Attributes:
        scenario: Scenario id.
        ratio: Extra cost divided by missed weeks avoided, per year (euro per school week); None with a `reason`.
        interval: 95 % interval over the pairs (Fieller); it shows what the mode leaves open and nothing else.
        reason: Why there is no ratio; empty when there is one.
        cloud: Missed weeks avoided and extra cost, pair by pair.
    """

    scenario: str
    ratio: float | None
    interval: tuple[float, float] | None
    reason: Reason
    cloud: tuple[tuple[float, float], ...]


def value_of(results: Results, scenario: str, mode: str = FIXED) -> Value:
    """Cost per missed school week avoided of one scenario (mean per reported year).

    No ratio is given when the interval of the weeks avoided holds zero: a small number below the line makes any number
    above it look large. A scenario that saves weeks and money has no price either.
    """
    cost, weeks = (paired(results, scenario, s, mode) for s in (COST, WEEKS))
    if cost is None or weeks is None:
        return Value(scenario, None, None, "no_costs", ())
    there = ~np.isnan(cost.difference + weeks.difference)
    extra, avoided = cost.difference[there], -weeks.difference[there]
    cloud = tuple(zip(avoided.tolist(), extra.tolist(), strict=True))
    reason = _reason(extra, avoided)
    if reason:
        return Value(scenario, None, None, reason, cloud)
    interval = statistics.fieller(extra, avoided)
    return Value(scenario, float(extra.mean() / avoided.mean()), interval, "", cloud)


def _reason(extra: statistics.Floats, avoided: statistics.Floats) -> Reason:
    if not len(extra):
        return "no_costs"
    if len(extra) < 2:
        return "too_few"
    if not extra.any():
        return "costs_nothing"
    half_avoided, half_extra = (float(statistics.half_width(v)) for v in (avoided, extra))
    if avoided.mean() + half_avoided < 0:
        return "more_weeks"
    if avoided.mean() - half_avoided <= 0:
        return "no_fewer_weeks"
    return "saves_both" if extra.mean() + half_extra < 0 else ""
