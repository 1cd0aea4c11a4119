"""A number with its pedigree: value, unit, range, evidence grade, source and date.

Every number that the model uses is a `Quantity`. A bare number in a YAML file is a number *by definition* (a toy
region, a legal age): it has no grade and is never drawn. Everything that describes the world carries a grade.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

Grade = Literal["A", "B", "C", "D", "E"]
GRADE_MEANING = {
    "A": {
        "nl": "geteld in de regio zelf, of een wettelijke regel",
        "en": "counted in the region itself, or a legal rule",
    },
    "B": {"nl": "landelijk cijfer of Nederlands onderzoek", "en": "national figure or Dutch study"},
    "C": {"nl": "buitenlands onderzoek", "en": "study from abroad"},
    "D": {"nl": "richting genoemd, grootte onbekend", "en": "direction claimed, size unknown"},
    "E": {"nl": "aanname van de makers", "en": "assumption of the modellers"},
}


class Strict(BaseModel):
    """Base of everything read from a file: unknown keys are errors and nothing can be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Text(Strict):
    """A text in Dutch and English."""

    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Quantity(Strict):
    """One number with its pedigree.

    Attributes:
        value: Central value: half of the drawn values lie below it, half above.
        unit: Must equal the unit that the schema asks at this place.
        range: Lowest and highest value that is still plausible; `None` for a number by definition.
        calibrated: Part of the range in which the model was held against data, if any.
        grade: A-E (`GRADE_MEANING`); `None` only for a number by definition.
        source: Where the value comes from.
        date: Year or date to which the value belongs.
        note: What a reader should know before quoting it.
    """

    value: float
    unit: str = ""
    range: tuple[float, float] | None = None
    calibrated: tuple[float, float] | None = None
    grade: Grade | None = None
    source: str = ""
    date: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Quantity:
        if self.grade is None:
            if self.range is not None:
                raise ValueError("a range needs a grade (A-E), a source and a date")
            return self
        missing = [name for name in ("source", "date") if not getattr(self, name)]
        if missing:
            raise ValueError(f"a graded number needs {' and '.join(missing)}")
        if self.range is None:
            raise ValueError("a graded number needs a range: [lowest, highest]")
        low, high = self.range
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} lies outside its range [{low:g}, {high:g}]")
        return self

    def at(self, u: float) -> float:
        """Value at probability `u` (0-1): linear from lowest to value and from value to highest.

        The central value is the median, so a draw is as often below it as above it, however skew the range is.
        """
        if self.range is None:
            return self.value
        low, high = self.range
        if u < 0.5:
            return low + 2.0 * u * (self.value - low)
        return self.value + (2.0 * u - 1.0) * (high - self.value)


@dataclass(frozen=True)
class Spec:
    """What the schema asks of a quantity at one place; used as `Annotated[Quantity, Spec(...)]`.

    This is the one definition of a quantity's meaning: validation, JSON Schema, docs and screens are made from it.
    """

    unit: str
    low: float
    high: float
    nl: str
    en: str

    def named(self, nl: str, en: str) -> Spec:
        """The same unit and bounds under the title of one place in the schema."""
        return replace(self, nl=nl, en=en)

    def check(self, q: Quantity) -> Quantity:
        """Return `q` with the unit filled in, or raise when unit or bounds are wrong."""
        if q.unit and q.unit != self.unit:
            raise ValueError(f"wrong unit '{q.unit}': this must be in '{self.unit}'")
        if q.grade is not None and not q.unit:
            raise ValueError(f"unit is missing: this must be in '{self.unit}'")
        for number in (q.value, *(q.range or ())):
            if not self.low <= number <= self.high:
                raise ValueError(
                    f"{number:g} {self.unit} is out of bounds: allowed is {self.low:g} to {self.high:g}"
                )
        return q if q.unit else q.model_copy(update={"unit": self.unit})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a bare number (by definition) or a full quantity, then check unit and bounds."""
        return core_schema.no_info_after_validator_function(
            self.check, core_schema.no_info_before_validator_function(_number_to_quantity, handler(source))
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """JSON Schema for editors: a number, or a number with its pedigree."""
        number = {"type": "number", "minimum": self.low, "maximum": self.high}
        pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        text = {"type": "string", "minLength": 1}
        return {
            "title": self.nl,
            "description": f"{self.en} [{self.unit}], {self.low:g} to {self.high:g}",
            "anyOf": [
                number,
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["value", "unit", "range", "grade", "source", "date"],
                    "properties": {
                        "value": number,
                        "unit": {"const": self.unit},
                        "range": pair,
                        "calibrated": pair,
                        "grade": {"enum": list(GRADE_MEANING)},
                        "source": text,
                        "date": text,
                        "note": text,
                    },
                },
            ],
        }


def _number_to_quantity(raw: Any) -> Any:
    if isinstance(raw, bool):
        raise ValueError("a number is needed here, not true or false")
    return {"value": float(raw)} if isinstance(raw, int | float) else raw
