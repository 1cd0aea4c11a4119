"""Coded risks of a scenario, checked on its results: in how many runs did each come true?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.indicators import INDICATORS
from sim.scenario.errors import Problem, did_you_mean, listing, nearest_first, shorten
from sim.scenario.region import Region
from sim.scenario.scenario import Risk, Scenario
from sim.study import statistics
from sim.study.pairs import paired
from sim.study.results import FIXED, Results, Series

WHOLE = "all"


@dataclass(frozen=True)
class Came:
    """One coded risk and how it went.

    Attributes:
        scenario: Scenario id.
        risk: What was feared.
        came: Per run: the mean over the reported years went that way, by at least that share of what it is when we
            carry on as today. Empty when these results do not have the indicator.
    """

    scenario: str
    risk: Risk
    came: tuple[bool, ...]

    @property
    def runs(self) -> int:
        """Runs in which it could be judged."""
        return len(self.came)

    @property
    def times(self) -> int:
        """Runs in which it came true."""
        return sum(self.came)


def risks_of(results: Results, mode: str = FIXED) -> tuple[Came, ...]:
    """All coded risks of the scenarios of a study, in their order."""
    return tuple(
        Came(scenario.id, risk, _came(results, scenario.id, risk, mode))
        for scenario in results.scenarios
        for risk in scenario.risks
        if risk.of is not None
    )


def risk_problems(scenarios: Sequence[Scenario]) -> list[Problem]:
    """What is wrong with the coded risks of scenarios: indicators or margins that do not exist."""
    return [p for s in scenarios for number, risk in enumerate(s.risks) for p in _wrong(s, number, risk)]


def margins(region: Region) -> list[str]:
    """Names under which an indicator can stand beside the whole, in the column `place_type`."""
    tags = [f"tag:{t}" for kind in region.place_types.values() for t in kind.tags]
    named = [
        f"{name}:{key}"
        for name, keys in (
            ("pool", region.staff), ("programme", region.programmes), ("payer", region.payers),
            ("purpose", region.purposes), ("exit", region.exits), ("home", region.home),
            ("organisation", dict.fromkeys(p.of for p in region.payers.values() if p.of)),
        )
        for key in keys
    ]  # fmt: skip
    plain = (*region.place_types, *region.regular, *region.programmes, *region.staff)
    return [WHOLE, *dict.fromkeys((*plain, *tags, *named))]


def _wrong(scenario: Scenario, number: int, risk: Risk) -> Iterator[Problem]:
    if risk.of is None:
        return
    for key, found, known, what in (
        ("of", risk.of, list(INDICATORS), "indicator"),
        ("place_type", risk.place_type, margins(scenario.region), "margin of an indicator"),
    ):
        if found not in known:
            yield Problem(
                f"scenario '{scenario.id}'", 0, f"risks[{number}].{key}", shorten(found), f"there is no such {what}",
                listing(nearest_first(found, known)), did_you_mean(found, known),
            )  # fmt: skip


def _came(results: Results, scenario: str, risk: Risk, mode: str) -> tuple[bool, ...]:
    found = paired(results, scenario, Series(risk.of or "", risk.place_type), mode)
    if found is None:
        return ()
    moved = found.difference if risk.goes == "up" else -found.difference
    came = moved >= np.maximum(risk.by * np.abs(found.today), statistics.TIE)
    return tuple(came[~np.isnan(moved)].tolist())
