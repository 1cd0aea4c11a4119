"""What a scenario says, as rows: for `show`, the docs and the screen ("where each number comes from")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from sim.scenario.changes import described, today_at
from sim.scenario.evidence import Effect, Evidence
from sim.scenario.levers import Change, Lever, apply, levers_of
from sim.scenario.quantity import GRADE_MEANING, Quantity, Spec, Text
from sim.scenario.region import Region
from sim.scenario.scenario import Once, Scenario
from sim.scenario.schema import fields
from sim.scenario.units import ANY_PROFILE, GONE, OUTSIDE, Months

BY_DEFINITION = Text(nl="afspraak, geen meting", en="by definition, not measured")
_SEPARATOR = " · "
_WORDS = {
    GONE: Text(nl="verlaat het onderwijs", en="leaves education"),
    OUTSIDE: Text(nl="van buiten", en="from outside"),
    ANY_PROFILE: Text(nl="elke hulpvraag", en="every need"),
}


@dataclass(frozen=True)
class LeverRow:
    """One change of one lever against the baseline.

    Attributes:
        path: Path of the lever; `title`, `help` and `unit` come from its definition.
        today: Value without a scenario, in the part that `where` names.
        new: Value when the change is fully in force.
        change: The change in a few signs (`+ 2`, `x 1.1`, `= 12`).
        ramp_months: Months in which it comes in; None = at once.
        where: The part that is meant; empty = everywhere.
        origin: file:line where it was set.
        calibrated: The change stays near what was ever seen.
    """

    path: str
    title: Text
    help: Text
    unit: str
    today: float | str
    new: float | str
    change: str
    from_: date
    until: date | None
    ramp_months: float | None
    where: Text | None
    origin: str
    calibrated: bool


@dataclass(frozen=True)
class ConditionRow:
    """One condition that must hold."""

    of: str
    pool: str
    at_least: float
    if_unmet: Text


@dataclass(frozen=True)
class NumberRow:
    """One number with its pedigree.

    Attributes:
        path: Path in the scenario, as in `Scenario.quantities()`.
        title: What it is, of what, for whom.
        grade: A-E, or empty for a number by definition; `meaning` says what the grade means.
        overridden: Reason of the scenario that replaced the value; empty when none did.
        fitted: Drawn runs take it from the joint posterior, together with what else was fitted.
    """

    path: str
    title: Text
    value: float
    range: tuple[float, float] | None
    unit: str
    grade: str
    meaning: Text
    source: str
    date: str
    note: str
    overridden: str = ""
    fitted: bool = False


def lever_rows(scenario: Scenario) -> list[LeverRow]:
    """What the scenario sets against the baseline, in the order of the levers' definitions."""
    rows = []
    for path, lever in levers_of(scenario.region).items():
        for change in scenario.levers.get(path, ()):
            rows.append(_lever_row(scenario, lever, change))
    return rows


def condition_rows(scenario: Scenario) -> list[ConditionRow]:
    """The conditions of the scenario."""
    return [ConditionRow(c.of, c.pool or "", c.at_least, c.if_unmet) for c in scenario.requires]


def number_rows(scenario: Scenario, by_definition: bool = False) -> list[NumberRow]:
    """Every graded number that the scenario rests on (`by_definition`: every number), sorted by path."""
    names = _names(scenario.region)
    reasons = {f"effects.{o.effect}.size": o.reason for o in scenario.overrides}
    found: list[tuple[str, Text, Quantity]] = [*_numbers(scenario.region, "region", None, names)]
    for key, effect in scenario.effects.items():
        title = _joined(effect.title, _measure(effect))
        found.append((f"effects.{key}.size", title, _in_its_unit(effect)))
    found.append(("floor", _title_of(Evidence, "floor"), scenario.floor))
    found.append(("overlap", _title_of(Evidence, "overlap"), scenario.overlap))
    for i, once in enumerate(scenario.once):
        found.append((f"once.{i}.amount", _joined(once.title, _title_of(Once, "amount")), once.amount))
    return sorted(
        (
            _number_row(path, title, q, reasons.get(path, ""), path in scenario.posterior.paths)
            for path, title, q in found
            if q.grade or by_definition
        ),
        key=lambda row: row.path,
    )


def grade_counts(rows: list[NumberRow]) -> dict[str, int]:
    """How many numbers there are of each grade."""
    return {grade: sum(row.grade == grade for row in rows) for grade in GRADE_MEANING}


def meaning(grade: str | None) -> Text:
    """What a grade means, in words."""
    return Text(**GRADE_MEANING[grade]) if grade else BY_DEFINITION


def _lever_row(scenario: Scenario, lever: Lever, change: Change) -> LeverRow:
    d = lever.definition
    today = today_at(scenario.region, lever.path, change.where)
    # Long after the start and before any end the change is fully in force: that is the value to show.
    whole = change.model_copy(update={"until": None, "ramp": None})
    cell = change.where
    new = apply(
        (whole,), today, whole.from_, place=next(iter(cell.place), None),
        profile=next(iter(cell.profile), None), district=next(iter(cell.district), None),
    )  # fmt: skip
    near = True
    if d.calibrated is not None and isinstance(new, float | int) and isinstance(today, float | int):
        near = d.calibrated[0] <= (new - today if d.op == "add" else new) <= d.calibrated[1]
    return LeverRow(
        path=lever.path, title=lever.title, help=lever.help, unit=d.unit, today=today, new=new,
        change=described(change), from_=change.from_, until=change.until,
        ramp_months=change.ramp.months if change.ramp else None, where=_where(scenario.region, change),
        origin=scenario.origin.get(lever.path, ""), calibrated=near,
    )  # fmt: skip


def _where(region: Region, change: Change) -> Text | None:
    titled: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = (
        (change.where.place, region.places),
        (change.where.profile, region.profiles),
        (change.where.district, region.districts),
    )
    parts = [
        of[name].title if name in of else Text(nl=name, en=name) for names, of in titled for name in names
    ]
    if not parts:
        return None
    return Text(nl=", ".join(t.nl for t in parts), en=", ".join(t.en for t in parts))


def _number_row(path: str, title: Text, q: Quantity, reason: str, fitted: bool) -> NumberRow:
    return NumberRow(
        path=path, title=title, value=q.value, range=q.range, unit=q.unit, grade=q.grade or "",
        meaning=meaning(q.grade), source=q.source, date=q.date, note=q.note, overridden=reason, fitted=fitted,
    )  # fmt: skip


def _in_its_unit(effect: Effect) -> Quantity:
    """A file gives every size as a number per unit of dose; readers are told what it counts."""
    if effect.measure == "months":
        return effect.size.model_copy(update={"unit": Months.unit})
    return effect.size


def _measure(effect: Effect) -> Text:
    if effect.measure == "elasticity":
        return Text(nl="gevoeligheid (0 = geen effect)", en="elasticity (0 = no effect)")
    if effect.measure == "months":
        return Text(nl="maanden eerder (0 = geen effect)", en="months earlier (0 = no effect)")
    return _title_of(Effect, "size")


def _title_of(model: type[BaseModel], field: str) -> Text:
    spec = fields(model)[field].spec
    assert spec is not None
    return Text(nl=spec.nl, en=spec.en)


def _names(region: Region) -> dict[str, Text]:
    """Titles by id, for keys of mappings that point at something with a title."""
    found = dict(_WORDS)
    parts: tuple[Mapping[str, Any], ...] = (
        region.sources, region.home, region.programmes, region.approaches, region.teams, region.exits, region.staff,
        region.payers, region.purposes, region.decisions, region.regular, region.place_types,
        region.profiles, region.districts,
    )  # fmt: skip
    for part in parts:
        found.update({key: item.title for key, item in part.items()})
    return found


def _numbers(
    node: Any, path: str, title: Text | None, names: Mapping[str, Text], spec: Spec | None = None
) -> Iterator[tuple[str, Text, Quantity]]:
    if isinstance(node, Quantity):
        assert spec is not None
        yield path, _joined(title, Text(nl=spec.nl, en=spec.en)), node
    elif isinstance(node, BaseModel):
        own = getattr(node, "title", None)
        if isinstance(own, Text) and not isinstance(node, Region):
            title = _joined(title, own)
        for key, asked in fields(type(node)).items():
            name = key if key in type(node).model_fields else f"{key}_"
            inner = asked.spec or next((s for s in _inner_specs(asked.of)), None)
            yield from _numbers(getattr(node, name), f"{path}.{name}", title, names, inner)
    elif isinstance(node, dict):
        for key, value in node.items():
            below = _joined(title, _key_title(key, names)) if not hasattr(value, "title") else title
            yield from _numbers(value, f"{path}.{key}", below, names, spec)


def _inner_specs(of: tuple[Any, ...]) -> Iterator[Spec]:
    """The definition of the quantities in a mapping (of mappings)."""
    for part in of:
        for item in getattr(part, "__metadata__", ()):
            if isinstance(item, Spec):
                yield item
        yield from _inner_specs(getattr(part, "__args__", ()))


def _key_title(key: str | int, names: Mapping[str, Text]) -> Text:
    if isinstance(key, int):
        return Text(nl=f"{key} jaar", en=f"age {key}")
    return names.get(key, Text(nl=key, en=key))


def _joined(first: Text | None, second: Text) -> Text:
    """Two titles after each other."""
    if first is None:
        return second
    return Text(nl=f"{first.nl}{_SEPARATOR}{second.nl}", en=f"{first.en}{_SEPARATOR}{second.en}")
