"""Every bound that the schema declares is enforced, and every quantity refuses what no quantity may be."""

from __future__ import annotations

import math
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.scenario.definitions import DEFINITIONS
from sim.scenario.evidence import Evidence
from sim.scenario.quantity import Quantity, Spec
from sim.scenario.region import Region
from sim.scenario.scenario import ScenarioFile
from sim.scenario.schema import Asked, asked, fields, quantities

PLACES = [(".".join(path), spec) for model in (Region, Evidence) for path, spec in quantities(model)]


def adapter(spec: Spec) -> TypeAdapter[Quantity]:
    return TypeAdapter(Annotated[Quantity, spec])


def full(spec: Spec, value: float, **changed: object) -> dict[str, object]:
    found: dict[str, object] = {"value": value, "unit": spec.unit, "range": (value, value), "grade": "B"}
    found |= {"source": "x", "date": "2024"}
    return {**found, **changed}


def bounded(model: type[BaseModel], path: str = "") -> list[tuple[str, Asked]]:
    """Every plain field with bounds, wherever it stands."""
    found: list[tuple[str, Asked]] = []

    def visit(here: Asked, name: str) -> None:
        if here.kind is Quantity:
            return
        if here.model is not None:
            for key, inner in fields(here.model).items():
                visit(inner, f"{name}.{key}")
        elif here.kind in (dict, tuple):
            for part in here.of:
                if part is not Ellipsis:
                    visit(asked(part), f"{name}.*")
        elif any(hasattr(m, key) for m in here.metadata for key in ("ge", "gt", "le", "lt")):
            found.append((name, here))

    visit(Asked(model), path)
    return found


@pytest.mark.parametrize(("path", "spec"), PLACES, ids=[p for p, _ in PLACES])
def test_a_quantity_keeps_to_its_place(path: str, spec: Spec) -> None:
    check = adapter(spec)
    assert spec.low < spec.high and spec.unit and spec.nl and spec.en
    step = max(1e-6, (spec.high - spec.low) * 1e-6)
    for fine in (spec.low, spec.high, (spec.low + spec.high) / 2):
        assert check.validate_python(fine).unit == spec.unit
        assert check.validate_python(full(spec, fine)).grade == "B"
    for wrong in (spec.low - step, spec.high + step, math.inf, -math.inf, math.nan, True, "1", None, [1.0]):
        with pytest.raises(ValidationError):
            check.validate_python(wrong)
    middle = (spec.low + spec.high) / 2
    for changed in (
        {"unit": "furlongs"},
        {"unit": ""},
        {"range": None},
        {"range": (spec.high, spec.low)},
        {"range": (spec.low - step, spec.high)},
        {"range": (spec.low, spec.high + step)},
        {"grade": "F"},
        {"grade": None},
        {"source": ""},
        {"date": ""},
        {"weight": 3},
    ):
        with pytest.raises(ValidationError):
            check.validate_python(full(spec, middle, **changed))


@given(st.sampled_from(PLACES), st.floats(allow_nan=False))
def test_a_number_is_allowed_exactly_within_its_bounds(place: tuple[str, Spec], number: float) -> None:
    spec = place[1]
    try:
        adapter(spec).validate_python(number)
        allowed = True
    except ValidationError:
        allowed = False
    assert allowed == (spec.low <= number <= spec.high)


BOUNDED = [b for model in (Region, Evidence, ScenarioFile) for b in bounded(model, model.__name__)]


@pytest.mark.parametrize(("path", "here"), BOUNDED, ids=[p for p, _ in BOUNDED])
def test_a_plain_number_keeps_to_its_bounds(path: str, here: Asked) -> None:
    kind: Any = Annotated[(here.kind, *here.metadata)]
    check: TypeAdapter[Any] = TypeAdapter(kind)
    wrong: list[float] = []
    for m in here.metadata:
        wrong += [
            getattr(m, key) + by
            for key, by in (("ge", -1), ("gt", 0), ("le", 1), ("lt", 0))
            if hasattr(m, key)
        ]
    assert wrong
    for number in wrong:
        with pytest.raises(ValidationError):
            check.validate_python(here.kind(number))


@pytest.mark.parametrize("d", DEFINITIONS, ids=lambda d: f"{d.role}.{d.key}")
def test_a_lever_is_defined_completely(d: Any) -> None:
    assert d.nl and d.en and d.nl_help and d.en_help
    assert (d.kind == "choice") == bool(d.options)
    if d.kind == "number":
        assert d.low < d.high and d.unit and d.step > 0
    assert set(d.where) <= {"place", "profile", "district"}
