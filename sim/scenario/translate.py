"""From a file's plain content to a strict model, with Pydantic's complaints put into plain words."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, TypeVar, Union

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import Index, Problem, did_you_mean, listing, nearest_first, shorten
from sim.scenario.files import Source
from sim.scenario.quantity import Quantity, Spec
from sim.scenario.schema import Asked, at, fields

M = TypeVar("M", bound=BaseModel)

_WORDS = {
    "int": "a whole number", "float": "a number", "str": "text", "bool": "true or false",
    "date": "a date without quotes, such as 2026-08-01", "dict": "a mapping of keys to values",
    "tuple": "a list",
}  # fmt: skip
_BOUNDS = {
    "ge": "from {}", "gt": "more than {}", "le": "up to {}", "lt": "less than {}",
    "min_length": "of at least {} characters",
}  # fmt: skip
# Words in the reasons of our own validators -> the key below that is meant.
_MEANT = {
    "wrong unit": "unit", "out of bounds": "value", "lies outside its range": "value",
    "a graded number needs a range": "grade", "until must": "until",
}  # fmt: skip
_ID = "lower-case letters and digits, with single '-' or '_' between them"


def validated(
    model: type[M], source: Source, data: dict[Any, Any] | None = None
) -> tuple[M | None, list[Problem]]:
    """Read `data` (by default all of the source) as a model; None with the problems when it does not fit."""
    data = source.data if data is None else data
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, _translated(model, source, data, error)


def _translated(
    model: type[BaseModel], source: Source, data: dict[Any, Any], error: ValidationError
) -> list[Problem]:
    found: dict[tuple[Any, ...], Problem] = {}
    for details in error.errors(include_url=False):
        path = _path(data, details["loc"])
        if path not in found:  # a union complains once for each of its members
            found[path] = _problem(model, source, data, path, details)
    return list(found.values())


def _path(data: Any, loc: tuple[int | str, ...]) -> tuple[Any, ...]:
    """Pydantic's location without the names of unions and validators that it mixes in."""
    path: list[Any] = []
    here = data
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(here, tuple) and isinstance(part, int):
            path.append(Index(part))
            here = here[part] if part < len(here) else None
        elif isinstance(here, dict):
            if part in here:
                path.append(part)
                here = here[part]
            elif last and part != "[key]":
                path.append(part)
    return tuple(path)


def _value(data: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _problem(
    model: type[BaseModel], source: Source, data: dict[Any, Any], path: tuple[Any, ...], details: ErrorDetails
) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    found = _value(data, path)
    wanted = at(model, path)
    if details["loc"] and details["loc"][-1] == "[key]":
        return _bad_key(source, path, kind)
    if kind == "extra_forbidden":
        return _unknown_key(model, source, path)
    if kind == "missing":
        if path and isinstance(path[-1], Index):
            return source.problem(path[:-1], "too few values", found=shorten(_value(data, path[:-1])),
                                  allowed=_allowed(at(model, path[:-1])))  # fmt: skip
        return source.problem(
            path, "this key is missing", allowed=_allowed(wanted), line=source.line(path[:-1]),
            hint="Add it here." if len(path) > 1 else "Add it at the top of the file.",
        )  # fmt: skip
    if kind == "value_error":
        return _own_words(source, path, found, wanted, str(context.get("error", details["msg"])))
    if kind == "literal_error":
        options = wanted.of if wanted else ()
        return source.problem(
            path, "this is not one of the values allowed here", found=shorten(found),
            allowed=listing(options) or str(context.get("expected", "")), hint=did_you_mean(found, options),
        )  # fmt: skip
    if kind == "string_pattern_mismatch":
        return source.problem(
            path, "this text has the wrong form", found=shorten(found), allowed=_allowed(wanted)
        )
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return source.problem(
            path, "this number is out of bounds", found=shorten(found), allowed=_allowed(wanted)
        )
    if kind == "string_too_short":
        least = context.get("min_length", 1)
        reason = (
            "this text is empty" if not found else f"this text is too short (at least {least} characters)"
        )
        return source.problem(path, reason, found=shorten(found), allowed=_allowed(wanted))
    if kind == "too_long":
        return source.problem(path, "too many values", found=shorten(found), allowed=_allowed(wanted))
    hint = ""
    if isinstance(found, str) and wanted is not None and _is_number(wanted) and _looks_like_number(found):
        hint = "Take the quotes away."
    elif wanted is not None and wanted.kind is str and isinstance(found, int | float | date):
        hint = "Put it in quotes."
    elif found is None and wanted is not None:
        hint = "Give a value, or leave the key out."
    return source.problem(
        path, "this is not what is needed here", found=shorten(found), allowed=_allowed(wanted), hint=hint
    )


def _unknown_key(model: type[BaseModel], source: Source, path: tuple[Any, ...]) -> Problem:
    parent = at(model, path[:-1])
    names = list(fields(parent.model)) if parent and parent.model else []
    return source.problem(
        path, "unknown key", allowed=listing(nearest_first(path[-1], names) if len(names) > 14 else names),
        hint=did_you_mean(path[-1], names),
    )  # fmt: skip


def _bad_key(source: Source, path: tuple[Any, ...], kind: str) -> Problem:
    if kind == "string_pattern_mismatch":
        return source.problem(path, "this key has the wrong form", allowed=_ID)
    if kind in ("greater_than_equal", "less_than_equal"):
        return source.problem(path, "this key is out of bounds", allowed="an age from 0 to 25")
    return source.problem(
        path, "this key has the wrong form", allowed="an age (a whole number) or a name, as asked here"
    )


def _own_words(
    source: Source, path: tuple[Any, ...], found: Any, wanted: Asked | None, reason: str
) -> Problem:
    """Our own validators say the reason themselves; point at the key that is meant where there is one."""
    spec, whole = wanted.spec if wanted else None, found
    if isinstance(found, dict):
        for word, key in _MEANT.items():
            if word in reason and key in found:
                path, found = (*path, key), found[key]
                break
    allowed = ""
    if spec is not None and "unit" in reason:
        allowed = spec.unit
    elif spec is not None:
        allowed = _allowed(wanted) if not isinstance(whole, dict) else f"numbers of {_within(spec)}"
    return source.problem(
        path, reason, found="" if isinstance(found, dict) else shorten(found), allowed=allowed
    )


def _allowed(wanted: Asked | None) -> str:
    """What may stand at a place, in a few words."""
    if wanted is None:
        return ""
    spec = wanted.spec
    if spec is not None:
        return f"a number of {_within(spec)}, alone or with value, unit, range, grade, source and date"
    if wanted.kind is Literal:
        return listing(wanted.of)
    if wanted.kind is Union:
        return " or ".join(_WORDS.get(getattr(t, "__name__", ""), str(t)) for t in wanted.of)
    if wanted.kind is tuple and wanted.of and Ellipsis not in wanted.of:
        return f"a list of {len(wanted.of)}: [lowest, highest]"
    if wanted.model is not None:
        return f"a mapping with {listing(fields(wanted.model))}"
    name = _WORDS.get(getattr(wanted.kind, "__name__", ""), "")
    for part in wanted.metadata:
        pattern = getattr(part, "pattern", None)
        if pattern is not None:
            name = "month and day as in 10-01" if "12][0-9]" in pattern else _ID
    return name + _bounds(wanted)


def _within(spec: Spec) -> str:
    return f"{spec.low:,.10g} to {spec.high:,.10g} ({spec.unit})"


def _bounds(wanted: Asked) -> str:
    low: list[str] = []
    for part in wanted.metadata:
        for key, words in _BOUNDS.items():
            bound = getattr(part, key, None)
            if bound is not None and (key, bound) != ("min_length", 1):
                low.append(words.format(bound))
    return f" {' '.join(low)}" if low else ""


def _is_number(wanted: Asked) -> bool:
    return wanted.kind in (int, float, Quantity)


def _looks_like_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
