"""What the models ask at a path: the one definition, looked up for messages, `show`, docs and tests."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.quantity import Quantity, Spec


@dataclass(frozen=True)
class Asked:
    """What may stand at one place.

    Attributes:
        kind: The bare type: a model, `dict`, `tuple`, `float`, `str`, ... or `Literal`.
        of: Type of the values of a mapping or of the items of a tuple; the options of a `Literal`.
        metadata: What `Annotated` and `Field` add (bounds, pattern, `Spec`).
        optional: `null` is allowed.
    """

    kind: Any
    of: tuple[Any, ...] = ()
    metadata: tuple[Any, ...] = ()
    optional: bool = False

    @property
    def spec(self) -> Spec | None:
        """The definition of the quantity that stands here, if one does."""
        return next((m for m in self.metadata if isinstance(m, Spec)), None)

    @property
    def model(self) -> type[BaseModel] | None:
        """The model that stands here, if one does."""
        return self.kind if isinstance(self.kind, type) and issubclass(self.kind, BaseModel) else None


def asked(annotation: Any) -> Asked:
    """Read an annotation."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = asked(args[0])
        return Asked(inner.kind, inner.of, (*inner.metadata, *_flat(args[1:])), inner.optional)
    if origin in (Union, types.UnionType):
        parts = [a for a in args if a is not type(None)]
        if len(parts) == 1:
            inner = asked(parts[0])
            return Asked(inner.kind, inner.of, inner.metadata, True)
        return Asked(Union, tuple(parts), (), len(parts) < len(args))
    if origin is dict:
        return Asked(dict, args)
    if origin is tuple:
        return Asked(tuple, args)
    if origin is Literal:
        return Asked(Literal, args)
    return Asked(annotation)


def fields(model: type[BaseModel]) -> dict[str, Asked]:
    """What each key of a model asks, under the names that files use."""
    return {info.alias or name: of_field(info) for name, info in model.model_fields.items()}


def of_field(info: FieldInfo) -> Asked:
    """What one field of a model asks."""
    found = asked(info.annotation)
    return Asked(found.kind, found.of, (*found.metadata, *_flat(info.metadata)), found.optional)


def at(model: type[BaseModel], path: tuple[Any, ...]) -> Asked | None:
    """What a model asks at a path of keys; None when there is no such place."""
    here = Asked(model)
    for part in path:
        inner = here.model
        if inner is not None:
            found = fields(inner).get(part) or fields(inner).get(f"{part}".removesuffix("_"))
            if found is None:
                return None
            here = found
        elif here.kind is dict:
            here = asked(here.of[1])
        elif here.kind is tuple and here.of:
            here = asked(here.of[0])
        else:
            return None
    return here


def quantities(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Spec]]:
    """Every place of a model where a quantity may stand; `*` stands for any key of a mapping."""
    for name, found in fields(model).items():
        yield from _inside(found, (*path, name))


def _inside(found: Asked, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Spec]]:
    if found.kind is Quantity and found.spec is not None:
        yield path, found.spec
    elif found.model is not None:
        yield from quantities(found.model, path)
    elif found.kind is dict:
        yield from _inside(asked(found.of[1]), (*path, "*"))
    elif found.kind is tuple and found.of:
        yield from _inside(asked(found.of[0]), (*path, "*"))


def _flat(metadata: Any) -> tuple[Any, ...]:
    """`Field(ge=0)` inside `Annotated` keeps its bounds one level down."""
    out: list[Any] = []
    for m in metadata:
        out.extend(m.metadata if isinstance(m, FieldInfo) else [m])
    return tuple(out)
