"""What can be decided: the definitions of the levers, and how a change works out in time.

Each lever is defined once, for a role of special education; `levers_of` turns the definitions into the levers of a
region (`<place type, programme, regular stage or decision>.<lever>`). YAML validation, JSON Schema, sliders, the data
dictionary and the docs are all made from these definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Strict, Text
from sim.scenario.region import Decision, Id, PlaceType, Programme, Region, Regular

Value = float | str


@dataclass(frozen=True)
class LeverDefinition:
    """One lever for every member of a role.

    Attributes:
        key: Last part of the path.
        role: special | programme | regular | decision.
        kind: number | switch (0 or 1) | choice.
        low, high: Bounds of the resulting value that nobody may cross.
        calibrated: Largest change from today's value that is still near what was ever seen; None = all.
        op: How a slider and most scenarios set it (set or add).
        step: Step of the slider.
        where: Filters that make sense: place, profile, district.
        nl, en: Title; `{name}` is the type, programme, stage or decision.
        nl_help, en_help: One line of explanation.
    """

    key: str
    role: Literal["special", "programme", "regular", "decision"]
    kind: Literal["number", "switch", "choice"]
    unit: str
    low: float
    high: float
    op: Literal["set", "add"]
    step: float
    nl: str
    en: str
    nl_help: str
    en_help: str
    options: tuple[str, ...] = ()
    calibrated: tuple[float, float] | None = None
    where: tuple[str, ...] = ()


DEFINITIONS: tuple[LeverDefinition, ...] = (
    LeverDefinition(
        "class_size",
        "special",
        "number",
        "children per group",
        1,
        200,
        "add",
        1,
        "{name}: kinderen per groep",
        "{name}: children per group",
        "Hoeveel kinderen meer (of minder) er in een groep zitten dan nu.",
        "How many more (or fewer) children sit in a group than today.",
        calibrated=(-1, 1),
        where=("place", "profile"),
    ),
    LeverDefinition(
        "groups",
        "special",
        "number",
        "groups",
        0,
        100_000,
        "add",
        1,
        "{name}: groepen",
        "{name}: groups",
        "Hoeveel groepen er meer (of minder) worden betaald dan nu. Er zijn ook lokalen en leraren voor nodig.",
        "How many more (or fewer) groups are funded than today. They also need rooms and teachers.",
        calibrated=(-3, 3),
        where=("place", "profile"),
    ),
    LeverDefinition(
        "rooms",
        "special",
        "number",
        "rooms",
        0,
        100_000,
        "add",
        1,
        "{name}: lokalen",
        "{name}: rooms",
        "Hoeveel lokalen er bij komen of af gaan.",
        "How many rooms are added or taken away.",
        where=("place",),
    ),
    LeverDefinition(
        "intake",
        "special",
        "switch",
        "0 or 1",
        0,
        1,
        "set",
        1,
        "{name}: neemt nieuwe kinderen aan",
        "{name}: takes new children",
        "Uit: er komen geen nieuwe kinderen bij. Wie er zit, mag blijven.",
        "Off: no new children come in. Those who are there may stay.",
        where=("place", "profile"),
    ),
    LeverDefinition(
        "hands",
        "special",
        "number",
        "FTE per group",
        0,
        3,
        "set",
        0.1,
        "{name}: extra handen per groep",
        "{name}: extra hands per group",
        "Onderwijsassistenten erbij, in voltijdbanen per groep. Lukt alleen als zij te vinden zijn.",
        "Extra assistants, in full-time jobs per group. Works only when they can be found.",
        calibrated=(0, 0.5),
    ),
    LeverDefinition(
        "staff_to_regular",
        "special",
        "number",
        "share",
        0,
        1,
        "set",
        0.1,
        "{name}: deel van het personeel dat meegaat naar gewone scholen",
        "{name}: share of staff that moves to regular schools",
        "Als groepen leeg raken: welk deel van hun personeel gaat helpen op gewone scholen.",
        "When groups run empty: which share of their staff goes to help in regular schools.",
    ),
    LeverDefinition(
        "discipline",
        "special",
        "choice",
        "",
        0,
        0,
        "set",
        0,
        "{name}: volgorde van de wachtlijst",
        "{name}: order of the waiting list",
        "Wie het eerst aan de beurt is. Dit is beleid van de school.",
        "Who comes first. This is the school's own policy.",
        options=("date", "last", "priority"),
    ),
    LeverDefinition(
        "groups",
        "programme",
        "number",
        "groups",
        0,
        1000,
        "set",
        1,
        "{name}: groepen",
        "{name}: groups",
        "Hoeveel groepen er tegelijk open zijn.",
        "How many groups are open at one time.",
        calibrated=(0, 6),
    ),
    LeverDefinition(
        "seats",
        "programme",
        "number",
        "children per group",
        1,
        200,
        "set",
        1,
        "{name}: plaatsen per groep",
        "{name}: places per group",
        "Hoeveel kinderen er in een groep passen.",
        "How many children fit in a group.",
        calibrated=(6, 10),
    ),
    LeverDefinition(
        "stay_weeks",
        "programme",
        "number",
        "weeks",
        1,
        200,
        "set",
        1,
        "{name}: duur in schoolweken",
        "{name}: length in school weeks",
        "Hoe lang een kind blijft.",
        "How long a child stays.",
        calibrated=(6, 16),
    ),
    LeverDefinition(
        "gate",
        "programme",
        "choice",
        "",
        0,
        0,
        "set",
        0,
        "{name}: voor wie",
        "{name}: for whom",
        "Niemand, alleen kinderen bij wie het onduidelijk is, of ieder kind dat wordt verwezen.",
        "No one, only children whose need is unclear, or every child that is referred.",
        options=("none", "optional", "mandatory"),
    ),
    LeverDefinition(
        "support_slots",
        "regular",
        "number",
        "children",
        0,
        1_000_000,
        "add",
        5,
        "{name}: plekken voor extra hulp",
        "{name}: places for extra help",
        "Hoeveel kinderen tegelijk extra hulp krijgen op de gewone school. Vraagt personeel.",
        "How many children get extra help in the regular school at one time. Asks for staff.",
        calibrated=(-50, 100),
    ),
    LeverDefinition(
        "weeks",
        "decision",
        "number",
        "ratio",
        0.1,
        5,
        "set",
        0.1,
        "{name}: tijd tot het besluit (1 = nu)",
        "{name}: time to the decision (1 = today)",
        "Hoe lang het besluit duurt, vergeleken met nu.",
        "How long the decision takes, compared with today.",
        calibrated=(0.5, 1.5),
    ),
)


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


def levers_of(region: Region) -> dict[str, Lever]:
    """All levers of a region, by path, in the order of the definitions."""
    owners: dict[str, Mapping[str, PlaceType | Programme | Regular | Decision]] = {
        "special": region.place_types, "programme": region.programmes,
        "regular": {k: v for k, v in region.regular.items() if v.support}, "decision": region.decisions,
    }  # fmt: skip
    found = {}
    for d in DEFINITIONS:
        for owner, model in owners[d.role].items():
            title = model.title
            found[f"{owner}.{d.key}"] = Lever(
                path=f"{owner}.{d.key}",
                owner=owner,
                definition=d,
                title=Text(nl=d.nl.format(name=title.nl), en=d.en.format(name=title.en)),
                help=Text(nl=d.nl_help, en=d.en_help),
                today=_today(region, owner, d),
            )
    return found


def _today(region: Region, owner: str, d: LeverDefinition) -> Value:
    if d.role == "programme":
        value = getattr(region.programmes[owner], d.key)
        return value if isinstance(value, str) else float(value.value)
    if d.role == "regular":
        support = region.regular[owner].support
        return support.slots.value if support else 0.0
    if d.role == "decision":
        return 1.0
    kind = region.place_types[owner]
    places = [p for p in region.places.values() if p.type == owner]
    groups = sum(q.value for p in places for q in p.groups.values())
    if d.key == "discipline":
        return kind.list.discipline
    if d.key == "intake":
        return 1.0
    if d.key == "rooms":
        return sum((p.rooms.value if p.rooms else sum(q.value for q in p.groups.values())) for p in places)
    if d.key == "groups":
        return groups
    if d.key == "class_size":
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
    split: float = 1.0,
) -> Value:
    """Value of a lever on a date: set, then scale, then add.

    Args:
        changes: Changes of this lever's path.
        base: Value without a scenario.
        today: The date.
        place: Cell asked for; changes whose `where` does not hold are left out.
        profile: The same.
        district: The same.
        split: Share of an `add` that falls on this cell (a type's groups are divided over its cells).
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
            value += dose * c.add * split
    return value


def dates(changes: dict[str, tuple[Change, ...]], school_year_starts: tuple[date, ...]) -> tuple[date, ...]:
    """Dates on which some lever changes and that are not the start of a school year (the calendar re-runs then)."""
    found = {d for cs in changes.values() for c in cs for d in (c.from_, c.until) if d is not None}
    return tuple(sorted(found - set(school_year_starts)))
