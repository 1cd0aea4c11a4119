"""The levers of a region, and how a change works out in time. `definitions.py` says what each lever is.

A path is `<owner>.<key>`; the owner is a type, programme, approach, team, decision, stage, source or staff pool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import Field, model_validator

from sim.scenario.definitions import DEFINITIONS, LeverDefinition
from sim.scenario.quantity import Strict, Text
from sim.scenario.region import Region
from sim.scenario.units import Id

Value = float | str
K = TypeVar("K", bound=tuple[str, str | None])


@dataclass(frozen=True)
class Lever:
    """A lever of one region: a definition for one type, programme, stage or decision.

    Attributes:
        path: `<owner>.<key>`.
        today: Value when no scenario touches it (for a type with many places: the sum or the mean over places).
    """

    path: str
    owner: str
    definition: LeverDefinition
    title: Text
    help: Text
    today: Value


def levers_of(region: Region, only: str | None = None) -> dict[str, Lever]:
    """All levers of a region, by path, in the order of the definitions; with `only`, just the one with this path."""
    owners: dict[str, Mapping[str, Any]] = {
        "special": region.place_types, "programme": region.programmes, "approach": region.approaches, "team": region.teams,
        "decision": region.decisions, "regular": region.regular, "source": region.sources, "staff": region.staff,
    }  # fmt: skip
    found = {}
    for d in DEFINITIONS:
        for owner, model in owners[d.role].items():
            if only not in (None, f"{owner}.{d.key}") or not _has(region, owner, d):
                continue
            options = (
                ("none", *(k for k in region.place_types if k != owner))
                if d.key == "shared_with"
                else d.options
            )
            title = model.title
            found[f"{owner}.{d.key}"] = Lever(
                path=f"{owner}.{d.key}",
                owner=owner,
                definition=replace(d, options=options),
                title=Text(nl=d.nl.format(name=title.nl), en=d.en.format(name=title.en)),
                help=Text(nl=d.nl_help, en=d.en_help),
                today=_today(region, owner, d),
            )
    return found


def _has(region: Region, owner: str, d: LeverDefinition) -> bool:
    """True when this member of the role has what the lever moves."""
    match d.key:
        case "support_slots":
            return region.regular[owner].support is not None
        case "schools_closed":
            return region.regular[owner].schools is not None
        case "placement_moments" | "at_vacancy":
            return region.place_types[owner].list.placement == "moments"
        case "shared_with":
            return len(region.place_types) > 1
        case "exit_places":
            return bool(region.place_types[owner].exits)
        case "admits":
            return region.sources[owner].admits is not None
        case "spread":
            return region.decisions[owner].busy_weeks is not None
        case "money_weeks":
            return region.decisions[owner].money_weeks is not None
        case "training":
            return region.staff[owner].training_years is not None
        case "lent":
            return region.staff[owner].lends_to is not None
    return True


def _today(region: Region, owner: str, d: LeverDefinition) -> Value:
    match d.role:
        case "special":
            return _today_of_type(region, owner, d.key)
        case "programme":
            value = getattr(region.programmes[owner], d.key)
            return value if isinstance(value, str) else float(value.value)
        case "approach":
            return region.approaches[owner].coverage.value
        case "team":
            return region.teams[owner].every_weeks.value
        case "source":
            admits = region.sources[owner].admits
            return admits.value if d.key == "admits" and admits else 1.0
        case "staff":
            return 0.0
        case "regular":
            support = region.regular[owner].support
            return support.slots.value if d.key == "support_slots" and support else 0.0
    decision = region.decisions[owner]
    if d.key in ("refused", "money_weeks"):
        q = decision.refused if d.key == "refused" else decision.money_weeks
        return q.value if q else 0.0
    return 0.0 if d.key == "spread" else 1.0


def _today_of_type(region: Region, owner: str, key: str) -> Value:
    kind = region.place_types[owner]
    places = [p for p in region.places.values() if p.type == owner]
    groups = sum(q.value for p in places for q in p.groups.values())
    match key:
        case "discipline":
            return kind.list.discipline
        case "shared_with":
            return "none"
        case "intake":
            return 1.0
        case "at_vacancy":
            return float(kind.list.at_vacancy)
        case "placement_moments":
            return float(len(kind.list.moments))
        case "rooms":
            return sum(
                (p.rooms.value if p.rooms else sum(q.value for q in p.groups.values())) for p in places
            )
        case "groups":
            return groups
        case "class_size":
            seats = sum(
                q.value * size.value
                for p in places
                if (size := p.class_size or kind.class_size)
                for q in p.groups.values()
            )
            return seats / groups if groups else 0.0
    return 0.0


class Ramp(Strict):
    """How a change comes in: over `months`, in a straight line."""

    months: float = Field(gt=0, le=240)


class Where(Strict):
    """Which part is meant; an absent key means all."""

    place: tuple[Id, ...] = ()
    profile: tuple[Id, ...] = ()
    district: tuple[Id, ...] = ()

    def holds(self, place: str | None, profile: str | None, district: str | None) -> bool:
        """True when a cell with this place, profile and district is meant."""
        return all(
            not wanted or have in wanted
            for wanted, have in ((self.place, place), (self.profile, profile), (self.district, district))
        )


class Change(Strict):
    """One change of one lever: exactly one of set, scale and add, from a date."""

    set: float | bool | str | None = None
    scale: float | None = Field(default=None, ge=0)
    add: float | None = None
    from_: date = Field(alias="from")
    until: date | None = None
    ramp: Ramp | None = None
    where: Where = Where()

    @model_validator(mode="after")
    def _one(self) -> Change:
        if sum(v is not None for v in (self.set, self.scale, self.add)) != 1:
            raise ValueError("exactly one of set, scale and add is needed")
        if self.until is not None and self.until <= self.from_:
            raise ValueError("until must be later than from")
        return self

    @property
    def op(self) -> str:
        """set, scale or add."""
        return "set" if self.set is not None else "scale" if self.scale is not None else "add"

    def dose(self, today: date) -> float:
        """How much of the change is in force on a date (0-1)."""
        if today < self.from_ or (self.until is not None and today >= self.until):
            return 0.0
        if self.ramp is None:
            return 1.0
        return min(1.0, (today - self.from_).days / (self.ramp.months * 365.25 / 12))


def apply(
    changes: tuple[Change, ...],
    base: Value,
    today: date,
    *,
    place: str | None = None,
    profile: str | None = None,
    district: str | None = None,
    split: Callable[[Where], float] | None = None,
) -> Value:
    """Value of a lever on a date: set, then scale, then add.

    Args:
        changes: Changes of this lever's path.
        base: Value without a scenario.
        today: The date.
        place: Cell asked for; changes whose `where` does not hold are left out.
        profile: The same.
        district: The same.
        split: Share of an `add` that falls on this cell, of the cells that are meant (`split_over`); None = all of it.
    """
    live = [(c, c.dose(today)) for c in changes if c.where.holds(place, profile, district)]
    value = base
    for c, dose in live:
        if c.op == "set" and dose > 0:
            assert c.set is not None
            if isinstance(c.set, str) or isinstance(value, str):
                value = c.set if isinstance(c.set, str) else value
            else:
                value = value + dose * (float(c.set) - value)
    if isinstance(value, str):
        return value
    for c, dose in live:
        if c.scale is not None and dose > 0:
            value *= 1.0 + dose * (c.scale - 1.0)
    for c, dose in live:
        if c.add is not None and dose > 0:
            value += dose * c.add * (split(c.where) if split else 1.0)
    return value


def split_over(weights: Mapping[K, float], cell: K) -> Callable[[Where], float]:
    """How an `add` is divided over cells: by weight among the cells that are meant, in equal parts when all weigh nothing.

    Args:
        weights: Place and profile (None = not split by it) -> weight, usually today's groups.
        cell: The cell asked for.
    """

    def share(where: Where) -> float:
        meant = [w for (place, profile), w in weights.items() if where.holds(place, profile, None)]
        total = sum(meant)
        return weights[cell] / total if total else 1.0 / len(meant)

    return share


def dates(changes: dict[str, tuple[Change, ...]], school_year_starts: tuple[date, ...]) -> tuple[date, ...]:
    """Dates on which some lever changes and that are not the start of a school year (the calendar re-runs then)."""
    found = {d for cs in changes.values() for c in cs for d in (c.from_, c.until) if d is not None}
    return tuple(sorted(found - set(school_year_starts)))
