"""What a card about one number says besides its row: what it does, which ideas touch it, and how it may be tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from sim.app.explain.links import effect_paths
from sim.app.explain.numbers import figure, is_few, scale_of, unit_of
from sim.app.language import current, own, words
from sim.scenario.describe import NumberRow
from sim.scenario.evidence import HOOK, dose_of
from sim.scenario.levers import Change
from sim.scenario.scenario import Scenario
from sim.study.overview import in_order
from sim.study.what_if import Try, is_ratio, no_effect

T = words("explain")


@dataclass(frozen=True)
class Slider:
    """Ends, present value and step of a slider, all times `scale`."""

    low: float
    high: float
    value: float
    step: float
    scale: float


EFFECTS = "effects."
# A part of a whole: when it changes, the engine scales the others.
_PARTS = (".next.", ".to.", ".profiles.", ".exits.")


def does(scenario: Scenario, path: str) -> str:
    """What an effect changes, counted by what, and where; empty for a number that is no effect."""
    effect = scenario.effects.get(path.removeprefix(EFFECTS).removesuffix(".size"))
    if not path.startswith(EFFECTS) or effect is None:
        return ""
    region, lang = scenario.region, current()
    text: str = T.DOES_TEXT.format(
        hook=HOOK[effect.acts_on][lang], dose=dose_of(effect.cause, region.programmes)[lang]
    )
    roles = (region.place_types, region.regular, region.home, region.staff)
    types = [own(role[name].title) for name in effect.types for role in roles if name in role]
    return f"{text} {T.DOES_TYPES.format(types=', '.join(types))}" if types else text


def used_by(scenario: Scenario, path: str, ideas: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Ideas whose levers touch a number, in the documents' order, without their twins.

    An effect is touched by an idea that sets it to work; any other number by an idea with a lever of the same school,
    type, programme, approach, team, stage or pool.
    """
    rows = [idea for idea, under in in_order(ideas) if not under and idea.kind in ("idea", "package")]
    return tuple(
        idea for idea in rows if any(_touches(scenario, path, *lever) for lever in idea.levers.items())
    )


def rules(scenario: Scenario, path: str, tried: Sequence[Try]) -> tuple[str, ...]:
    """What a reader must know of half and double of this number."""
    q = scenario.quantities()[path]
    told: list[str] = []
    if is_ratio(scenario, path):
        told.append(T.RULE_RATIO)
    if any(part in path for part in _PARTS):
        told.append(T.RULE_SHARE)
    told += [T.CLIPPED.format(value=_with_unit(t.value, q.unit)) for t in tried if t.clipped]
    outside = [T.NAMES[t.step] for t in tried if t.outside]
    if outside and q.range and q.range[0] < q.range[1]:
        told.append(T.OUTSIDE.format(steps=", ".join(outside)))
    if path in scenario.posterior.paths:
        told.append(T.FITTED)
    return tuple(told)


def step_label(step: Try, row: NumberRow) -> str:
    """A step with its value, as on a button; of a small count the value is not shown."""
    if is_few(row):
        return str(T.NAMES[step.step][:1].upper() + T.NAMES[step.step][1:])
    return str(T.STEPS[step.step].format(value=_with_unit(step.value, row.unit)))


def slider_of(row: NumberRow) -> Slider | None:
    """A slider over the range of a number, on the scale on which it is written; None when there is nothing to choose."""
    if row.range is None or row.range[0] >= row.range[1] or is_few(row):
        return None
    low, high = row.range
    scale = scale_of(row.value, row.unit)
    # About fifty steps, each a round number.
    raw = (high - low) * scale / 50
    ten = 10.0 ** floor(log10(raw))
    step = next(round(ten * n, 12) for n in (1, 2, 5, 10) if ten * n >= raw)
    return Slider(low * scale, high * scale, row.value * scale, step, scale)


def none_mark(scenario: Scenario, row: NumberRow) -> float | None:
    """Where on the picture of a range "no effect" lies; None when that is no part of it."""
    none = no_effect(scenario, row.path)
    return none if none is not None and row.range and row.range[0] <= none <= row.range[1] else None


def _touches(scenario: Scenario, path: str, lever: str, changes: Sequence[Change]) -> bool:
    if path.startswith(EFFECTS):
        return path in effect_paths(scenario, lever)
    parts = path.split(".")
    owner = lever.rpartition(".")[0]
    if parts[:2] == ["region", "places"]:
        place = scenario.region.places[parts[2]]
        return owner == place.type and any(not c.where.place or parts[2] in c.where.place for c in changes)
    return parts[0] == "region" and owner in parts[2:3]


def _with_unit(value: float, unit: str) -> str:
    return f"{figure(value, unit)} {unit_of(value, unit)}".strip()
