"""From a choice to the scenario that it means: shipped, several together, a visitor's file, with knobs moved."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from sim.app.choice import OWN_PREFIX, Choice, Move
from sim.app.knobs import Knob, knobs_of, with_knobs
from sim.app.server import Shop
from sim.scenario.errors import ScenarioError
from sim.scenario.levers import Value
from sim.scenario.quantity import Text
from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario


class UnknownChoiceError(LookupError):
    """A choice names a scenario that this server does not have (any more)."""


def resolve(choice: Choice, found: Shop) -> Scenario:
    """The scenario that a choice means.

    An own scenario bears the id of its choice, so that several can stand beside each other in one comparison.

    Raises:
        UnknownChoiceError: A part of it is not here.
        ScenarioError: Its parts do not go together.
    """
    base = base_of(choice, found)
    moved = with_knobs(base, *positions(choice, base), own_title(choice, found))
    if moved is base and len(choice.parts) < 2:
        return base
    return moved.model_copy(update={"id": choice.id, "kind": "own"})


def base_of(choice: Choice, found: Shop) -> Scenario:
    """The scenario of a choice before any knob was moved.

    Raises:
        UnknownChoiceError, ScenarioError: As for `resolve`.
    """
    if not choice.parts:
        return found.baseline
    if len(choice.parts) == 1:
        return _one(choice.parts[0], found)
    for part in choice.parts:
        _one(part, found)
    return _together(choice.parts, found.root, own_title(choice.base, found))


def own_title(choice: Choice, found: Shop) -> Text:
    """Name of an own choice: what it is made of, and how many knobs were moved."""
    parts = [_one(part, found).title for part in choice.parts] or [found.baseline.title]
    names = {lang: " + ".join(getattr(part, lang) for part in parts) for lang in ("nl", "en")}
    if not choice.moves:
        return Text(**names)
    return Text(nl=f"{names['nl']}, zelf aangepast", en=f"{names['en']}, with own changes")


def positions(choice: Choice, base: Scenario) -> tuple[dict[str, Value], dict[str, str]]:
    """Positions and places of the moved knobs that this scenario has; a number outside a knob goes to its end.

    A link may come from anyone: what is no knob, or no position of it, is left out.
    """
    knobs = {knob.path: knob for knob in knobs_of(base, more=True)} if choice.moves else {}
    values: dict[str, Value] = {}
    places: dict[str, str] = {}
    for move in choice.moves:
        knob = knobs.get(move.path)
        value = None if knob is None else _allowed(knob, move)
        if knob is None or value is None:
            continue
        values[move.path] = value
        if move.place in knob.places:
            places[move.path] = move.place
    return values, places


def _allowed(knob: Knob, move: Move) -> Value | None:
    if knob.kind == "choice":
        return move.value if move.value in knob.lever.definition.options else None
    if isinstance(move.value, str):
        return None
    if knob.kind == "switch":
        return float(bool(move.value))
    return min(max(float(move.value), knob.low), knob.high)


def _one(part: str, found: Shop) -> Scenario:
    if part.startswith(OWN_PREFIX):
        return found.own(part)
    scenario = found.named.get(part)
    if scenario is None:
        raise UnknownChoiceError(part)
    return scenario


@lru_cache(maxsize=64)
def _together(parts: tuple[str, ...], root: Path, title: Text) -> Scenario:
    """Several scenarios at once, as a file with `combine` would have them."""
    words: Mapping[str, str] = {"nl": title.nl, "en": title.en}
    content = {
        "schema": 1, "kind": "own", "id": "samen-gekozen", "region": root.name, "title": dict(words),
        "sentence": dict(words), "combine": list(parts),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "samen-gekozen.yaml")
        with path.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(content, file)
        return load(path, root.parent)


__all__ = ["ScenarioError", "UnknownChoiceError", "base_of", "own_title", "positions", "resolve"]
