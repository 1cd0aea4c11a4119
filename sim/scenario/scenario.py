"""A scenario as written in a file, and a scenario as resolved: frozen, complete, with a hash of its meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from sim.scenario.evidence import Effect
from sim.scenario.levers import Change
from sim.scenario.posterior import Posterior
from sim.scenario.quantity import Quantity, Strict, Text
from sim.scenario.region import Region
from sim.scenario.units import Euro, Id

Kind = Literal["baseline", "idea", "twin", "package", "shock", "own"]


class Item(Strict):
    """Where an idea comes from: document and item (I06 is the sixth idea of the workshop)."""

    file: str
    item: str = ""


UNMET = {
    "hired": {
        "nl": "Er is te weinig personeel te vinden. Dan bereikt het minder kinderen dan gepland.",
        "en": "Too few staff can be found. Then it reaches fewer children than planned.",
    },
    "help_reach": {
        "nl": "Er is te weinig hulp op de gewone scholen voor de kinderen die daar blijven.",
        "en": "There is too little help in regular schools for the children who stay there.",
    },
    "programme_room": {
        "nl": "De plekken zitten zo vol dat kinderen er eerst op moeten wachten.",
        "en": "The places are so full that children first have to wait for them.",
    },
    "groups_open": {
        "nl": "Er is geld voor de groepen, maar er zijn te weinig leraren of lokalen. Groepen blijven dicht.",
        "en": "There is money for the groups, but too few teachers or rooms. Groups stay closed.",
    },
}


class Condition(Strict):
    """A condition as data, checked on the results: a share that must be reached in every reported year.

    Attributes:
        of: hired = staff found of what programmes, extra hands and help ask for; help_reach = children in a regular
            stage (`pool`) who ask for help and get it; programme_room = places of a programme (`pool`) out of these
            places and the children who wait for them; groups_open = funded groups (of a type: `pool`) that are really open.
        pool: Staff pool, regular stage, programme or type; None = all together.
        at_least: The share, 0-1.
        if_unmet: What happens otherwise; without it the usual words for this kind of condition (`UNMET`).
    """

    of: Literal["hired", "help_reach", "programme_room", "groups_open"]
    pool: Id | None = None
    at_least: float = Field(ge=0, le=1)
    if_unmet: Text = Text(**UNMET["hired"])

    @model_validator(mode="before")
    @classmethod
    def _usual_words(cls, data: Any) -> Any:
        if isinstance(data, dict) and "if_unmet" not in data and data.get("of") in UNMET:
            return {**data, "if_unmet": UNMET[data["of"]]}
        return data


class Risk(Text):
    """Something that may go wrong, in words; with `of` it is also checked on the results.

    Attributes:
        of: Indicator that would show it, against carrying on as today.
        place_type: Margin of that indicator (a type, `tag:...`, `payer:...`); the whole by default.
        goes: up or down = came true.
        by: Smallest change that counts, as a share of the baseline's value.
    """

    of: str | None = None
    place_type: str = "all"
    goes: Literal["up", "down"] = "up"
    by: float = Field(default=0.0, ge=0, le=10)


class Once(Strict):
    """Money that is spent once (below zero: freed once), on a date."""

    title: Text
    payer: Id
    purpose: Id
    on: date
    amount: Annotated[Quantity, Euro.named("eenmalig bedrag", "amount, once")]


class Override(Strict):
    """An effect set by hand. It needs a reason and marks every result."""

    effect: Id
    value: float
    reason: str = Field(min_length=10)


class ScenarioFile(Strict):
    """What a scenario file may say. Levers only: effects stand in the evidence register.

    Attributes:
        extends, combine: Scenarios that this one builds on.
        surprise: Why the model says something else than most people expect, in three sentences.
    """

    schema_: Literal[1] = Field(alias="schema")
    kind: Kind
    id: Id
    region: Id
    title: Text
    sentence: Text
    source: Item | None = None
    order: float = 0
    extends: Id | None = None
    combine: tuple[Id, ...] = ()
    levers: dict[str, tuple[Change, ...]] = {}
    requires: tuple[Condition, ...] = ()
    assumes: tuple[Text, ...] = ()
    risks: tuple[Risk, ...] = ()
    once: tuple[Once, ...] = ()
    overrides: tuple[Override, ...] = ()
    surprise: Text | None = None

    @model_validator(mode="after")
    def _complete(self) -> ScenarioFile:
        if self.kind == "idea":
            missing = [k for k in ("source", "assumes", "risks") if not getattr(self, k)]
            if missing:
                raise ValueError(f"a scenario of kind 'idea' needs {', '.join(missing)}")
        return self


class Scenario(Strict):
    """A resolved scenario: a region, changes of levers, the evidence used and the horizon.

    Attributes:
        levers: Lever path -> changes.
        effects: Evidence used, by id.
        floor: Lowest product of effects on one chance.
        overlap: Share in which approaches reach the same children.
        once: Money spent once.
        builds_on: Ids of the scenarios that it extends or combines; not part of the meaning.
        surprise: Why the model says something else than most people expect.
        years: School years reported after the replay years.
        origin: Lever path -> "file:line" where it was set (for `show`; not part of the meaning).
        posterior: Joint draws of what was fitted, for drawn runs; not part of the meaning of a run with central values.
    """

    id: str
    kind: Kind
    title: Text
    sentence: Text
    region: Region
    levers: dict[str, tuple[Change, ...]] = {}
    effects: dict[str, Effect] = {}
    floor: Quantity = Quantity(value=0.0, unit="ratio")
    overlap: Quantity = Quantity(value=0.0, unit="share")
    years: int = Field(ge=1, le=60)
    order: float = 0
    source: Item | None = None
    requires: tuple[Condition, ...] = ()
    assumes: tuple[Text, ...] = ()
    risks: tuple[Risk, ...] = ()
    once: tuple[Once, ...] = ()
    overrides: tuple[Override, ...] = ()
    builds_on: tuple[str, ...] = ()
    surprise: Text | None = None
    origin: dict[str, str] = {}
    posterior: Posterior = Posterior()

    @property
    def total_years(self) -> int:
        """Simulated school years: replay and reported together."""
        return self.region.replay_years + self.years

    def digest(self) -> str:
        """Hash (hex) of the meaning: titles, sentences, sources, notes and the name are left out."""
        meaning = {
            "region": _meaning(self.region.model_dump(mode="json")),
            "levers": {
                k: [_meaning(c.model_dump(mode="json")) for c in v] for k, v in sorted(self.levers.items())
            },
            "effects": _meaning({k: e.model_dump(mode="json") for k, e in self.effects.items()}),
            "floor": self.floor.value,
            "overlap": self.overlap.value,
            "once": [_meaning(o.model_dump(mode="json")) for o in self.once],
            "years": self.years,
        }
        # The order of a mapping is part of the meaning: codes, and so draws, follow it.
        text = json.dumps(meaning, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def quantities(self) -> dict[str, Quantity]:
        """Every graded quantity by path (`region.places.x.roll.y`, `effects.z.size`), in sorted order."""
        found = quantities_of(self.region)
        for key, effect in self.effects.items():
            found[f"effects.{key}.size"] = effect.size
        for name in ("floor", "overlap"):
            if (q := getattr(self, name)).grade:
                found[name] = q
        for i, once in enumerate(self.once):
            found[f"once.{i}.amount"] = once.amount
        return {k: q for k, q in sorted(found.items()) if q.grade is not None}

    def with_values(self, values: Mapping[str, float]) -> Scenario:
        """The same scenario with other central values at these paths (one drawn future)."""
        data: dict[str, Any] = {"region": _replace(self.region, "region", values)}
        data["effects"] = {
            k: e.model_copy(update={"size": _valued(e.size, f"effects.{k}.size", values)})
            for k, e in self.effects.items()
        }
        data["floor"] = _valued(self.floor, "floor", values)
        data["overlap"] = _valued(self.overlap, "overlap", values)
        data["once"] = tuple(
            o.model_copy(update={"amount": _valued(o.amount, f"once.{i}.amount", values)})
            for i, o in enumerate(self.once)
        )
        return self.model_copy(update=data)

    def measured_only(self) -> Scenario:
        """The same scenario in which every effect of grade D or E does nothing."""
        effects = {k: e.without() if e.is_assumption else e for k, e in self.effects.items()}
        return self.model_copy(update={"effects": effects})


def quantities_of(region: Region) -> dict[str, Quantity]:
    """Every number of a region by path, graded or by definition."""
    return dict(_walk(region, "region"))


_TEXT = {
    "title",
    "sentence",
    "description",
    "name",
    "note",
    "source",
    "date",
    "code",
    "lever",
    "calibrated",
    "no_place",
}


def _meaning(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _meaning(v) for k, v in data.items() if k not in _TEXT}
    if isinstance(data, list):
        return [_meaning(v) for v in data]
    return data


def _valued(q: Quantity, path: str, values: Mapping[str, float]) -> Quantity:
    return q.model_copy(update={"value": values[path]}) if path in values else q


def _walk(node: Any, path: str) -> Iterator[tuple[str, Quantity]]:
    if isinstance(node, Quantity):
        yield path, node
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _walk(getattr(node, name), f"{path}.{name}")
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, f"{path}.{key}")


def _replace(node: Any, path: str, values: Mapping[str, float]) -> Any:
    if isinstance(node, Quantity):
        return _valued(node, path, values)
    if isinstance(node, BaseModel):
        update = {}
        for name in type(node).model_fields:
            old = getattr(node, name)
            new = _replace(old, f"{path}.{name}", values)
            if new is not old:
                update[name] = new
        return node.model_copy(update=update) if update else node
    if isinstance(node, dict):
        new_items = {k: _replace(v, f"{path}.{k}", values) for k, v in node.items()}
        return new_items if any(new_items[k] is not node[k] for k in node) else node
    return node
