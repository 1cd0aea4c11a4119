"""A scenario laid out for the engine: names become numbers, rules become small tables. Nothing here changes in a run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.record import OnceInfo, PayerInfo, PlaceInfo, PriceInfo
from sim.scenario.places import PlaceType
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.scenario.units import ANY_PROFILE, GONE

Floats = NDArray[np.float64]
MAX_AGE = 32
MOSTLY = 0.5
NO_PLACE = "no_place"
MONEY = "-money"  # after the name of a decision: the agreement on money that follows it


@dataclass(frozen=True)
class TypeRules:
    """The rules of one special type as numbers.

    Attributes:
        band_of: Age on the age date -> band; who is too young or too old for any group goes with the nearest.
        ends: Age -> share that reaches the end of the stage.
        leaves: Age -> share that leaves for good.
        to: Destinations at the end of the stage: special type index, or -1 (a regular stage or gone).
        to_shares: Their shares.
        to_profiles: Per destination: profile indices and shares; empty = keeps its profile.
        ups, downs: Moves of the yearly review: (type index, chance, profile indices, shares).
        next_to, next_shares: Where to after a stay of one duration.
        moments: Seats are given at placement moments only (and at vacancies where the list says so).
        limit: Most children that may wait at one place.
        law, mean, shape: Law of a stay ("hazard" = decided each 1 August).
        fails: Share of starts that fail within half a year.
    """

    index: int
    id: str
    model: PlaceType
    band_of: tuple[int, ...]
    n_bands: int
    ends: Floats
    leaves: Floats
    to: tuple[int, ...]
    to_names: tuple[str, ...]
    to_shares: tuple[float, ...]
    to_profiles: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...]
    ups: tuple[tuple[int, float, tuple[int, ...], tuple[float, ...]], ...]
    downs: tuple[tuple[int, float, tuple[int, ...], tuple[float, ...]], ...]
    next_to: tuple[int, ...]
    next_shares: tuple[float, ...]
    places: tuple[int, ...]
    max_age: int
    moments: bool
    limit: float
    law: str
    mean: float
    shape: float | None
    closable: bool
    fails: float

    def too_old(self, age: int) -> bool:
        """True when most children of this age have left the type."""
        return age >= self.max_age or (0 <= age < MAX_AGE and self.ends[age] >= MOSTLY)


@dataclass(frozen=True)
class Layout:
    """All codes of a scenario.

    Type codes: special types first, then regular stages, home, decisions, programmes, teams, agreements on money, exits.
    """

    scenario: Scenario
    region: Region
    special: tuple[str, ...]
    types: tuple[str, ...]
    roles: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    places: tuple[PlaceInfo, ...]
    districts: tuple[str, ...]
    profiles: tuple[str, ...]
    origins: tuple[str, ...]
    rules: tuple[TypeRules, ...]
    year_days: tuple[float, ...]
    end: float

    def type_code(self, name: str) -> int:
        """Code of a type, stage, home stock, decision or programme; -1 for gone."""
        return -1 if name == GONE else self.types.index(name)

    def profile_code(self, name: str) -> int:
        """Code of a profile; -1 for groups that take any profile."""
        return -1 if name == ANY_PROFILE else self.profiles.index(name)

    def place_code(self, name: str) -> int:
        """Code of a place."""
        return self._place_codes[name]

    @cached_property
    def _place_codes(self) -> dict[str, int]:
        return {p.id: i for i, p in enumerate(self.places)}

    def home_of_type(self, code: int) -> int:
        """Place that a type is, for stages, stocks, decisions and programmes; -1 for types with schools."""
        return -1 if self.roles[code] == "special" else self.place_code(self.types[code])

    def date_of(self, day: float) -> date:
        """Date of a day."""
        return date.fromordinal(self.region.start.toordinal() + int(day // 1))

    def day_of(self, day: date) -> float:
        """Day of a date."""
        return float(day.toordinal() - self.region.start.toordinal())

    def first_august(self, year: int) -> float:
        """Day on which school year `year` (0 = the first) starts; negative years lie before day 0."""
        return self.day_of(date(self.region.start.year + year, 8, 1))

    def month_days(self, year: int) -> Floats:
        """Days, counted from the start of the school year, on which its twelve months start, and its end."""
        first, base = self.region.start.year + year, self.first_august(year)
        months = [date(first + (m > 12), (m - 1) % 12 + 1, 1) for m in range(8, 21)]
        return np.array([self.day_of(d) - base for d in months])

    def age_day(self, year: int) -> float:
        """Day of the age date in school year `year`."""
        return self.in_year(self.region.age_date, year)

    def in_year(self, month_day: str, year: int) -> float:
        """Day of a month-day in school year `year`."""
        month, day = (int(x) for x in month_day.split("-"))
        return self.day_of(date(self.region.start.year + year + (month < 8), month, day))


def lay_out(scenario: Scenario) -> Layout:
    """Turn a resolved scenario into codes and tables."""
    region = scenario.region
    special = tuple(region.place_types)
    homes = (*region.home, *((NO_PLACE,) if region.no_place else ()))
    others = [("regular", tuple(region.regular)), ("home", homes), ("decision", tuple(region.decisions))]
    others.append(("programme", tuple(region.programmes)))
    others.append(("staff", tuple(region.staff)))
    others.append(("approach", tuple(region.approaches)))
    on = region.mechanisms
    others.append(("team", tuple(region.teams) if on.teams else ()))
    paid = (k for k, d in region.decisions.items() if d.money_weeks is not None and on.money_wait)
    others.append(("money", tuple(f"{k}{MONEY}" for k in paid)))
    others.append(("exit", tuple(region.exits) if on.exits else ()))
    types, roles = list(special), ["special"] * len(special)
    tags: list[tuple[str, ...]] = [t.tags for t in region.place_types.values()]
    places = [
        PlaceInfo(
            k,
            p.type,
            "special",
            region.place_types[p.type].tags,
            district=list(region.districts).index(p.district) if p.district else -1,
        )
        for k, p in region.places.items()
    ]
    for role, names in others:
        for name in names:
            types.append(name)
            roles.append(role)
            tag = region.regular[name].tags if role == "regular" else _home_tags(region, role, name)
            tags.append(tag)
            places.append(PlaceInfo(name, name, role, tag, _attends(region, role, name)))
    profiles = tuple(region.profiles)
    place_ids = list(region.places)
    rules = tuple(_rules(i, special, region, profiles, place_ids) for i in range(len(special)))
    start = region.start.year
    year_days = tuple(
        float(date(start + y, 8, 1).toordinal() - region.start.toordinal())
        for y in range(scenario.total_years + 1)
    )
    return Layout(
        scenario=scenario, region=region, special=special, types=tuple(types), roles=tuple(roles), tags=tuple(tags),
        places=tuple(places), districts=tuple(region.districts), profiles=profiles,
        origins=(*region.sources, *region.home, "start"), rules=rules, year_days=year_days, end=year_days[-1],
    )  # fmt: skip


def _home_tags(region: Region, role: str, name: str) -> tuple[str, ...]:
    home = region.home.get(name) if role == "home" else None
    return tuple(tag for tag in ("has_place", "exempt") if home and getattr(home, tag))


def _attends(region: Region, role: str, name: str) -> float:
    """Share of school time that counts as education: none at home, all elsewhere, unless the region says so."""
    model = region.home.get(name) if role == "home" else region.programmes.get(name)
    usual = 0.0 if role == "home" else 1.0
    return model.attends.value if model and model.attends else usual


def _shares(
    profiles: tuple[str, ...], shares: dict[str, object]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    return tuple(profiles.index(k) for k in shares), tuple(q.value for q in shares.values())  # type: ignore[attr-defined]


def _rules(
    i: int, special: tuple[str, ...], region: Region, profiles: tuple[str, ...], places: list[str]
) -> TypeRules:
    name = special[i]
    m = region.place_types[name]
    on = region.mechanisms
    last = max(0, len(m.bands) - 1)
    band_of = [0 if not m.bands or age < m.bands[0][0] else last for age in range(MAX_AGE)]
    for b, (low, high) in enumerate(m.bands):
        for age in range(low, high + 1):
            band_of[age] = b
    ends, leaves = np.zeros(MAX_AGE), np.zeros(MAX_AGE)
    to: list[str] = []
    shares: list[float] = []
    if m.transition and on.transition:
        for age, q in m.transition.ages.items():
            ends[age] = q.value
        top = max(m.transition.ages)
        ends[top:] = ends[top]
        to, shares = list(m.transition.to), [q.value for q in m.transition.to.values()]
    if on.leaving:
        for age, q in m.leave.items():
            leaves[age] = q.value
        if m.leave:
            leaves[max(m.leave) :] = leaves[max(m.leave)]
    moves = m.review.moves if m.review else {}

    def of_kind(kind: str) -> tuple[tuple[int, float, tuple[int, ...], tuple[float, ...]], ...]:
        return tuple(
            (special.index(t), mv.rate.value, *_shares(profiles, dict(mv.profiles)))
            for t, mv in moves.items()
            if mv.kind == kind and getattr(on, kind)
        )

    code = {t: k for k, t in enumerate(special)}
    to_profiles = tuple(
        _shares(profiles, dict(m.transition.profiles.get(t, {}))) if m.transition else ((), ()) for t in to
    )
    rest = 1.0 - sum(q.value for q in m.stay.next.values())
    return TypeRules(
        index=i, id=name, model=m, band_of=tuple(band_of), n_bands=max(1, len(m.bands)), ends=ends, leaves=leaves,
        to=tuple(code.get(t, -1) for t in to), to_names=tuple(to), to_shares=tuple(shares), to_profiles=to_profiles,
        ups=of_kind("step_up"), downs=of_kind("step_down"),
        next_to=(*(code.get(t, -1) for t in m.stay.next), -1),
        next_shares=(*(q.value for q in m.stay.next.values()), max(0.0, rest)),
        places=tuple(k for k, p in enumerate(places) if region.places[p].type == name),
        max_age=m.limit if m.limit is not None else MAX_AGE,
        moments=m.list.placement == "moments" and on.moments,
        limit=math.inf if m.list.limit is None else m.list.limit,
        law=m.stay.law, mean=m.stay.mean.value if m.stay.mean else 0.0, shape=m.stay.shape,
        closable=m.included_in is not None, fails=m.fails.value if m.fails and on.failed_starts else 0.0,
    )  # fmt: skip


def money_of(layout: Layout) -> dict[str, Any]:
    """The money part of a record: prices and payers as they stand; nothing in a run depends on them."""
    region = layout.region
    return {
        "payers": tuple(PayerInfo(k, p.of or "") for k, p in region.payers.items()),
        "purposes": tuple(region.purposes),
        "prices": tuple(
            PriceInfo(
                p.payer, p.purpose, p.per, p.of, p.amount.value, p.profiles, p.share.value if p.share else 1.0,
                p.above_today,
            )
            for p in region.prices.values()
        ),
        "once": tuple(
            OnceInfo(layout.day_of(o.on), o.payer, o.purpose, o.amount.value) for o in layout.scenario.once
        ),
    }  # fmt: skip
