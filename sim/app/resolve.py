"""From a choice to the scenario that it means: shipped, several together, a visitor's file, with knobs moved."""

from __future__ import annotations

import json
import threading
from functools import lru_cache

from sim.app import own
from sim.app.choice import OWN_PREFIX, Choice, Move
from sim.app.knobs import Knob, knobs_of, with_knobs
from sim.app.server import Shop, dated
from sim.scenario.levers import Value
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario

_MOST_TITLE = 110
_MOST_RESOLVED = 200
# All visitors share what was resolved.
_keeping = threading.Lock()


class UnknownChoiceError(LookupError):
    """A choice names a scenario that this server does not have (any more)."""


def resolve(choice: Choice, found: Shop) -> Scenario:
    """The scenario that a choice means.

    An own scenario bears the id of its choice, so that several can stand beside each other in one comparison.

    Raises:
        UnknownChoiceError: A part of it is not here.
        ScenarioError: Its parts do not go together.
    """
    key = str(choice)
    with _keeping:
        known = found.resolved.get(key)
    if known is None:
        made = _resolved(choice, found)
        with _keeping:
            # Who came first: an object that is kept keeps its identity.
            known = found.resolved.setdefault(key, made)
            while len(found.resolved) > _MOST_RESOLVED:
                del found.resolved[next(iter(found.resolved))]
    return known


def _resolved(choice: Choice, found: Shop) -> Scenario:
    base = base_of(choice, found)
    values, places = positions(choice, base)
    moved = with_knobs(base, values, own_title(choice, found), places)
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
    title = own_title(choice.base, found)
    return _together(choice.parts, found.baseline.region.id, _short(title.nl), _short(title.en))


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


def all_fit(choice: Choice, base: Scenario) -> bool:
    """True when this scenario has every knob that was moved, in just that position."""
    values, _ = positions(choice, base)
    return all(values.get(move.path) == move.value for move in choice.moves)


def _short(title: str) -> str:
    return title if len(title) <= _MOST_TITLE else f"{title[: _MOST_TITLE - 1]}…"


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
        try:
            return dated(own.load(part))
        except own.Gone:
            raise UnknownChoiceError(part) from None
    scenario = found.named.get(part)
    if scenario is None:
        raise UnknownChoiceError(part)
    return scenario


@lru_cache(maxsize=64)
def _together(parts: tuple[str, ...], region: str, nl: str, en: str) -> Scenario:
    """Several scenarios at once, as a file with `combine` would have them."""
    content = {
        "schema": 1, "kind": "own", "id": "samen-gekozen", "region": region, "title": {"nl": nl, "en": en},
        "sentence": {"nl": nl, "en": en}, "combine": list(parts),
    }  # fmt: skip
    # A text of JSON is a text of YAML.
    return dated(own.check(json.dumps(content)))
