"""The decision step, once for everyone who asks for a seat: meetings before it, the decision itself, money after it.

One child in the middle of an event and a school year's children at once meet the same step: a single number or an array.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.model.dated import Dated
from sim.model.draws import Draws, Purpose
from sim.model.laws import on_grid, triangle, triangle_weeks
from sim.model.layout import MONEY, Layout
from sim.model.log import Log
from sim.model.teams import WEEK, Step, Teams
from sim.record import Kind, Why


@dataclass(frozen=True)
class Verdict:
    """What came of a request, of one child or of many.

    Attributes:
        listed: Day on which the child may be listed.
        refused: The request was refused.
        steps: What was waited for, in order.
    """

    listed: Any
    refused: Any
    steps: tuple[Step, ...]


class Decisions:
    """All decisions of a region."""

    def __init__(self, layout: Layout, draws: Draws, levers: Dated, teams: Teams) -> None:
        """Lay out their terms."""
        self._layout, self._draws, self._levers, self._teams = layout, draws, levers, teams
        self._weeks = {name: triangle_weeks(d) for name, d in layout.region.decisions.items()}

    def take(
        self, name: str, asked: Any, hi: Any, lo: Any, district: Any, occasion: Any, latest: Any = math.inf
    ) -> Verdict:
        """What a request for this decision meets.

        Args:
            name: The decision.
            asked: Day of the request, or an array of days (then every answer is an array).
            hi: First word of the identity.
            lo: Second word.
            district: District code; the decision may not be needed everywhere.
            occasion: Number of the request.
            latest: Day on which it has been taken at the latest.
        """
        many = isinstance(asked, np.ndarray)
        draw = self._draws.block if many else self._draws.one
        model, types = self._layout.region.decisions[name], self._layout.types
        needed = self._needed(name, asked, district)
        steps = [
            Step(s.code, _least(s.start, latest), _least(s.end, latest), s.there & needed)
            for s in self._teams.steps("decision", name, hi, lo, occasion, asked)
        ]
        met = _either(needed, steps[-1].end, asked) if steps else asked
        weeks = triangle(*self._weeks[name], draw(Purpose.DECISION_TIME, hi, lo, occasion))
        weeks = weeks * self._number(f"{name}.weeks", 1.0, asked) + self._rush(name, asked)
        days = on_grid(weeks * 7)
        decided = _either(needed, _least(met + days, latest), asked)
        refused = needed & False
        strict = self._number(f"{name}.refused", model.refused.value if model.refused else 0.0, asked)
        if many or strict > 0:
            refused = needed & (draw(Purpose.REFUSED, hi, lo, occasion) < strict)
        why = _either(refused, int(Why.REFUSED), int(Why.GRANTED))
        steps.append(Step(types.index(name), met, decided, needed, why))
        listed = decided
        if model.money_weeks is not None and self._layout.region.mechanisms.money_wait:
            share = model.money_share.value if model.money_share else 1.0
            asks = needed & ~np.asarray(refused) & (draw(Purpose.MONEY, hi, lo, occasion) < share)
            wait = on_grid(self._number(f"{name}.money_weeks", model.money_weeks.value, decided) * WEEK)
            listed = _either(asks, _least(decided + wait, latest), decided)
            steps.append(Step(types.index(f"{name}{MONEY}"), decided, listed, asks))
        return Verdict(listed, refused, tuple(steps))

    def _rush(self, name: str, asked: Any) -> Any:
        """Extra weeks of a request that comes in a busy month, as far as requests are not spread over the year."""
        model = self._layout.region.decisions[name]
        if model.busy_weeks is None:
            return 0.0
        start = np.datetime64(self._layout.region.start)
        month = (start + np.floor(asked).astype("timedelta64[D]")).astype("datetime64[M]").astype(
            int
        ) % 12 + 1
        busy = np.isin(month, model.busy_months) * model.busy_weeks.value
        return busy * (1.0 - self._number(f"{name}.spread", 0.0, asked))

    def _number(self, path: str, base: float, day: Any) -> Any:
        many = isinstance(day, np.ndarray)
        return (self._levers.numbers if many else self._levers.number)(path, base, day)

    def _needed(self, name: str, asked: Any, district: Any) -> Any:
        """True where this decision is needed on that day, by district of the child."""
        path, names = f"{name}.required", self._layout.districts
        if not isinstance(asked, np.ndarray):
            where = names[district] if 0 <= district < len(names) else None
            return self._levers.number(path, 1.0, asked, district=where) >= 0.5
        if not self._levers.touched(path):
            return np.ones(len(asked), dtype=bool)
        out = np.zeros(len(asked), dtype=bool)
        for code in np.unique(district).tolist():
            mine = district == code
            where = names[code] if 0 <= code < len(names) else None
            out[mine] = np.asarray(self._levers.numbers(path, 1.0, asked[mine], district=where)) >= 0.5
        return out


def write_steps(
    log: Log, layout: Layout, steps: tuple[Step, ...], pupil: Any, profile: Any, signalled: Any, target: Any
) -> None:
    """Write down what was waited for: one row per step that a child met."""
    for s in steps:
        place = layout.home_of_type(s.code)
        if not isinstance(s.start, np.ndarray):
            if s.there:
                log.visits.extend(
                    (pupil, Kind.DECISION, place, s.code, -1, profile, signalled, s.start, s.start, s.start, s.end, s.why,
                     target)
                )  # fmt: skip
            continue
        on = s.there
        why = s.why[on] if isinstance(s.why, np.ndarray) else s.why
        log.visit_block(
            int(on.sum()), pupil=pupil[on], kind=Kind.DECISION, place=place, type=s.code, profile=profile[on],
            signalled=signalled[on], listed=s.start[on], ready=s.start[on], placed=s.start[on], left=s.end[on], why=why,
            destination=target[on],
        )  # fmt: skip


def _either(which: Any, yes: Any, no: Any) -> Any:
    return np.where(which, yes, no) if isinstance(which, np.ndarray) else yes if which else no


def _least(day: Any, latest: Any) -> Any:
    return np.minimum(day, latest) if isinstance(day, np.ndarray) else min(day, latest)
