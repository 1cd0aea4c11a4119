"""Sliders made from the lever definitions, and the own scenario that comes out of moving them.

Nothing about a lever is written here a second time: title, help, unit, step, bounds and calibrated range all
come from `sim.scenario.levers`. A knob only decides which part of the range fits on a screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.scenario.levers import Change, Lever, Value, Where, levers_of
from sim.scenario.quantity import Text
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario

SHARE = "share"
OWN_ID = "eigen-keuze"
MAIN_SPECIAL, MAIN_REGULAR = "groups", "support_slots"
_MAIN_TYPES = 3
FIRST = 6
"""Knobs that stand on the first screen, at most."""
_STEPS_WITHOUT_RANGE = 10


@dataclass(frozen=True)
class Knob:
    """One slider, switch or choice.

    Attributes:
        lever: The lever with its definition.
        low, high, step: What the slider shows; for a lever that is added to, this is the change from today.
        start: Position that the chosen scenario has.
        today: Position when no scenario touches the lever.
        calibrated: Part of the slider that is near what was ever seen; None when the definition has none.
        where: Part that the scenario changes; the knob changes the same part.
        places: Places to choose from, when the scenario changes the lever at one place; else empty.
        is_set: The chosen scenario touches this lever.
    """

    lever: Lever
    low: float
    high: float
    step: float
    start: Value
    today: Value
    calibrated: tuple[float, float] | None
    where: Where
    places: tuple[str, ...]
    is_set: bool

    @property
    def path(self) -> str:
        """Path of the lever (`<owner>.<key>`)."""
        return self.lever.path

    @property
    def times(self) -> float:
        """What a position is multiplied by on screen: a share of the whole stands there as a percentage."""
        return 100.0 if self.lever.definition.unit == SHARE else 1.0

    @property
    def kind(self) -> str:
        """number, switch or choice."""
        return self.lever.definition.kind


def knobs_of(scenario: Scenario, *, more: bool = False) -> tuple[Knob, ...]:
    """Knobs for a scenario: first the levers that it sets, then a few main ones (with `more`: all)."""
    levers = levers_of(scenario.region)
    chosen = [path for path in levers if path in scenario.levers]
    rest = [
        path for path in levers if path not in scenario.levers and (more or path in _main(scenario.region))
    ]
    found = (_knob(levers[path], scenario.levers.get(path, ()), scenario.region) for path in [*chosen, *rest])
    return tuple(knob for knob in found if knob is not None)


def on_screen(scenario: Scenario, moved: Collection[str]) -> tuple[Knob, ...]:
    """Knobs that stand on a screen: the first ones, and those that were moved; their order gives them their letters.

    Args:
        scenario: The chosen scenario, before any knob was moved.
        moved: Paths of the levers whose knobs were moved.
    """
    first = knobs_of(scenario)[:FIRST]
    shown = {knob.path for knob in first}
    hidden = set(moved) - shown
    return (*first, *(k for k in (knobs_of(scenario, more=True) if hidden else ()) if k.path in hidden))


def owner_title(region: Region, owner: str) -> Text:
    """What the knobs of one owner are of: the title of a type, programme, approach, team, stage, source or pool."""
    roles: tuple[Mapping[str, Any], ...] = (
        region.place_types, region.programmes, region.approaches, region.teams, region.decisions, region.regular,
        region.sources, region.staff,
    )  # fmt: skip
    title: Text = next(role[owner].title for role in roles if owner in role)
    return title


def with_knobs(
    scenario: Scenario, positions: Mapping[str, Value], title: Text, places: Mapping[str, str] | None = None
) -> Scenario:
    """The scenario with some knobs moved: an own scenario, or the same object when nothing was moved.

    Args:
        scenario: The chosen scenario.
        positions: Lever path -> position of its knob.
        title: Title of the own scenario.
        places: Lever path -> place at which a change holds, for knobs with `places`.
    """
    knobs = {knob.path: knob for knob in knobs_of(scenario, more=True)}
    levers = dict(scenario.levers)
    for path, knob in knobs.items():
        value, place = positions.get(path, knob.start), (places or {}).get(path)
        elsewhere = bool(knob.places) and place in knob.places and place not in knob.where.place
        if _same(value, knob.start) and not elsewhere:
            continue
        change = _change(knob, scenario, value)
        if change is not None and elsewhere and place is not None:
            change = change.model_copy(update={"where": knob.where.model_copy(update={"place": (place,)})})
        levers[path] = () if change is None else (change,)
    if levers == scenario.levers:
        return scenario
    # Levers keep the order of their paths, so that the same choice always has the same hash.
    kept = {path: changes for path, changes in sorted(levers.items()) if changes}
    return scenario.model_copy(
        update={
            "id": OWN_ID,
            "kind": "own",
            "title": title,
            "sentence": title,
            "levers": kept,
            "order": 1e6,
            "origin": {},
        }
    )


def start_of_own_changes(scenario: Scenario) -> date:
    """Date of a change that the scenario does not make itself: its own first date, else a 1 August ahead.

    The replayed years lie behind us and the first reported year has begun, so nothing can be decided for
    them.
    """
    dates = [change.from_ for changes in scenario.levers.values() for change in changes]
    begin = scenario.region.start
    earliest = begin.replace(
        year=begin.year + scenario.region.replay_years + (1 if scenario.years > 1 else 0)
    )
    return min(dates) if dates else earliest


def _main(region: Region) -> set[str]:
    # A decision of the region stands before these types, so the region has a say in them.
    kinds = [k for k, t in region.place_types.items() if t.seats == "groups"]
    kinds = ([k for k in kinds if region.place_types[k].decision] or kinds)[:_MAIN_TYPES]
    stages = [k for k, r in region.regular.items() if r.support][:1]
    return {f"{k}.{MAIN_SPECIAL}" for k in kinds} | {f"{k}.{MAIN_REGULAR}" for k in stages}


def _knob(lever: Lever, changes: tuple[Change, ...], region: Region) -> Knob | None:
    """A knob, or None when the scenario's changes of this lever are no single position on a slider."""
    d = lever.definition
    if len(changes) > 1 or (changes and changes[0].op != d.op):
        return None
    where = changes[0].where if changes else Where()
    of_type = tuple(key for key, place in region.places.items() if place.type == lever.owner)
    places = of_type if len(where.place) == 1 else ()
    start = _position(lever, changes[0]) if changes else _rest(lever)
    if d.kind != "number":
        return Knob(lever, 0, 1, 1, start, lever.today, None, where, places, bool(changes))
    assert not isinstance(start, str) and not isinstance(lever.today, str)
    rest = _rest(lever)
    assert not isinstance(rest, str)
    low, high = _window(lever, rest)
    return Knob(
        lever,
        min(low, start),
        max(high, start),
        d.step,
        start,
        rest,
        d.calibrated,
        where,
        places,
        bool(changes),
    )


def _rest(lever: Lever) -> Value:
    """Position of a lever that nobody touches: no change when added to, today's value when set."""
    return 0.0 if lever.definition.op == "add" else lever.today


def _position(lever: Lever, change: Change) -> Value:
    value = change.add if lever.definition.op == "add" else change.set
    assert value is not None
    return value if isinstance(value, str) else float(value)


def _window(lever: Lever, rest: float) -> tuple[float, float]:
    """The part that is shown: the calibrated range and half as much on both sides, on whole steps."""
    d = lever.definition
    assert not isinstance(lever.today, str)
    shift = lever.today if d.op == "add" else 0.0
    bounds = (d.low - shift, d.high - shift)
    if d.calibrated:
        low, high = d.calibrated
        extra = max((high - low) / 2, d.step)
        low, high = low - extra, high + extra
    elif (d.high - d.low) / d.step <= 10 * _STEPS_WITHOUT_RANGE:
        low, high = bounds
    else:
        low, high = rest - _STEPS_WITHOUT_RANGE * d.step, rest + _STEPS_WITHOUT_RANGE * d.step
    low, high = max(low, bounds[0]), min(high, bounds[1])
    origin = 0.0 if d.op == "add" else rest
    # Steps are counted from today's value, so that the knob can always be put back exactly where it was.
    return (
        origin + _whole((low - origin) / d.step, up=True) * d.step,
        origin + _whole((high - origin) / d.step, up=False) * d.step,
    )


def _whole(steps: float, *, up: bool) -> int:
    rounded = round(steps)
    if abs(steps - rounded) < 1e-9:
        return rounded
    return int(-(-steps // 1)) if up else int(steps // 1)


def _change(knob: Knob, scenario: Scenario, value: Value) -> Change | None:
    """The change that puts a lever in this position; None when that is to leave it alone."""
    if knob.is_set:
        old = scenario.levers[knob.path][0]
        return old.model_copy(update={knob.lever.definition.op: value})
    if _same(value, knob.today):
        return None
    return Change.model_validate({knob.lever.definition.op: value, "from": start_of_own_changes(scenario)})


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return abs(a - b) < 1e-9
