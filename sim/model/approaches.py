"""Approaches at work: whom each reaches, and what that does to a chance, per district and school.

Today's reach is inside the region's rates, so only the change from today counts. More reach is worth less where staff is
short, and wears off as people come and go; reach that is taken away counts in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.model.effects import acts
from sim.model.layout import Layout
from sim.model.log import Log
from sim.record import Level
from sim.scenario.evidence import Effect
from sim.scenario.facilities import Approach
from sim.scenario.levers import Change, apply
from sim.scenario.quantity import Quantity

Floats = NDArray[np.float64]
Given = Callable[[float, float, Mapping[str, Quantity]], float]
_MONTH = timedelta(days=365.25 / 12)


def covered(model: Approach, district: str | None, day: date) -> float:
    """Share that an approach reaches in a district on a day when no scenario touches it."""
    if model.until is not None and day >= model.until:
        return 0.0
    began = model.since.get(district) if district is not None else None
    return model.coverage.value if began is None else float(day >= began)


def wanted_reach(model: Approach, changes: tuple[Change, ...], district: str | None, day: date) -> float:
    """Share that is to be reached in a district on a day, with a scenario's changes."""
    reach = float(apply(changes, covered(model, district, day), day, district=district))
    return min(1.0, max(0.0, reach))


def fidelity(model: Approach, changes: tuple[Change, ...], district: str | None, day: date) -> float:
    """What is left (0-1) of an approach's strength since the last change of its reach was completed."""
    done = [
        c.from_ + (c.ramp.months * _MONTH if c.ramp else timedelta())
        for c in changes
        if c.dose(day) > 0 and c.where.holds(None, None, district)
    ]
    began = model.since.get(district) if district is not None else None
    if began is not None and began <= day:
        done.append(began)
    if model.fades is None or not done:
        return 1.0
    years = max(0.0, (day - max(done)).days / 365.25)
    return float(max(0.0, 1.0 - model.fades.value) ** years)


def combined(ratios: list[Floats], overlap: float) -> Floats:
    """Effect of several approaches together, one ratio each (arrays of one shape).

    Args:
        ratios: 0.8 = a fifth less.
        overlap: At 1 only the strongest reduction counts (they reach the same children), at 0 all count in full. What makes a
            chance larger always counts in full.
    """
    strongest, left, more = np.zeros(()), np.ones(()), np.ones(())
    for ratio in ratios:
        cut = np.maximum(0.0, 1.0 - ratio)
        strongest = np.maximum(strongest, cut)
        left = left * (1.0 - cut)
        more = more * np.maximum(1.0, ratio)
    return np.asarray((1.0 - strongest - (1.0 - overlap) * (1.0 - left - strongest)) * more)


class Approaches:
    """Doses of all approaches of a region, and the ratios they give.

    Tables have a row per district and a last row for the region as a whole; a column per place and a last column for children
    who sit at none of them. So an unknown district or no place (-1) is an index as well.
    """

    def __init__(self, layout: Layout) -> None:
        """Nothing has changed yet: every dose is 0."""
        self._layout = layout
        scenario, region = layout.scenario, layout.region
        self._models = region.approaches if region.mechanisms.approaches else {}
        self._fading = region.mechanisms.fading
        self._levers = scenario.levers
        self._overlap = scenario.overlap.value
        self._districts: tuple[str | None, ...] = layout.districts or (None,)
        self._shape = (len(self._districts) + 1, len(layout.places) + 1)
        self._ones = np.ones(self._shape)
        self._dose = {name: np.zeros(self._shape[0]) for name in self._models}
        self._at = {name: self._where(model) for name, model in self._models.items()}
        self._rows: dict[str, list[Effect]] = {}
        for row in scenario.effects.values():
            if row.cause in self._models:
                self._rows.setdefault(row.acts_on, []).append(row)
        self._tables: dict[tuple[str, tuple[str, ...], bool], Floats] = {}
        self._city: dict[tuple[str, tuple[str, ...]], float] = {}

    def _where(self, model: Approach) -> Floats:
        if not model.at:
            return np.ones(self._shape[1])
        return np.array([p.id in model.at for p in self._layout.places] + [False], dtype=np.float64)

    def update(self, now: float, children: Floats, given: Given, log: Log) -> None:
        """Doses from now.

        Args:
            now: Day.
            children: Children living in each district, to weigh the districts by for the region as a whole.
            given: How much is really there of something that was there on day 0 (first) and is wanted now (second), by the
                staff that it asks for.
            log: Reach is written here.
        """
        layout = self._layout
        day = layout.date_of(now)
        total = float(children.sum())
        weights = children / total if total > 0 else np.full(len(self._districts), 1 / len(self._districts))
        for name, model in self._models.items():
            changes = self._levers.get(f"{name}.coverage", ())
            # Where no district differs from another, one is looked at for all.
            districts = self._districts if changes or model.since else (None,)
            today = [covered(model, d, layout.region.start) for d in districts]
            wanted = [wanted_reach(model, changes, d, day) for d in districts]
            reach = np.empty(len(self._districts))
            reach[:] = [given(t, w, model.staff) for t, w in zip(today, wanted, strict=True)]
            dose = reach - np.array(today)
            if self._fading and (dose > 0).any():
                left = [fidelity(model, changes, d, day) for d in districts]
                dose = np.where(dose > 0, dose * np.array(left), dose)
            dose = np.append(dose, weights @ dose)
            if (dose != self._dose[name]).any():
                self._dose[name] = dose
                self._tables.clear()
                self._city.clear()
            log.level(now, Level.REACH, float(weights @ reach), type=layout.types.index(name))

    def ratio(self, hook: str, *kinds: str, named: bool = False) -> Floats:
        """Ratio on one chance, for children of these kinds: districts (and the whole) x places (and none).

        Args:
            hook: The chance, as in the evidence register.
            kinds: Types or stages that the children belong to; an effect acts when it names one of them, or no kind at all.
            named: Leave out effects that name no kind.
        """
        key = hook, kinds, named
        if key not in self._tables:
            rows = [r for r in self._rows.get(hook, ()) if acts(r, kinds) and not (named and not r.types)]
            moved = [r for r in rows if self._dose[r.cause].any()]
            ratios = [np.maximum(0.0, 1.0 - (1.0 - r.size.value) * self._dose_at(r.cause)) for r in moved]
            self._tables[key] = combined(ratios, self._overlap) * self._ones if ratios else self._ones
        return self._tables[key]

    def city(self, hook: str, *kinds: str) -> float:
        """The same for the region as a whole, where a district does not matter."""
        key = hook, kinds
        if key not in self._city:
            self._city[key] = float(self.ratio(hook, *kinds)[-1, -1])
        return self._city[key]

    def months(self, *kinds: str) -> Floats:
        """Months by which signals of these kinds come earlier, per district (the last: the whole)."""
        rows = [r for r in self._rows.get("early", ()) if acts(r, kinds)]
        shifts = np.array([r.size.value * self._dose[r.cause] for r in rows]).reshape(-1, self._shape[0])
        strongest = np.maximum(shifts, 0.0).max(axis=0, initial=0.0)
        return np.asarray(
            strongest
            + (1.0 - self._overlap) * (np.maximum(shifts, 0.0).sum(axis=0) - strongest)
            + np.minimum(shifts, 0.0).sum(axis=0)
        )

    def _dose_at(self, name: str) -> Floats:
        return self._dose[name][:, None] * self._at[name][None, :]

    @property
    def thins(self) -> bool:
        """True when some approach may lower the chance of a referral."""
        return "referral" in self._rows
