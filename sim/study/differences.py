"""What differs between the inputs of two results, and inputs that take part of the one and part of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.scenario.changes import described
from sim.scenario.describe import NumberRow, lever_rows, number_rows
from sim.scenario.quantity import Quantity, Text
from sim.scenario.scenario import Scenario

DATA, ASSUMPTIONS = "data", "assumptions"
_JUDGED = ("C", "D", "E")
_EVIDENCE = ("effects.", "floor")
_STRUCTURE, _LEVERS = "region.", "levers."
# Names and words move no child.
_WORDS = ("title", "description", "name", "code")
_NONE = "–"


@dataclass(frozen=True)
class Difference:
    """One input that differs.

    Attributes:
        cause: `data` or `assumptions`.
        path: Path in the scenario (`region.places.x.roll.y`, `effects.z.size`, `levers.x.groups`).
        title: What it is, in words; None = no words beyond the path.
        was, now: Values as text.
        grade: Grade in the later result; empty for what has none.
        size: How much it changed, relative to what it was; infinite for what came or went.
        effect: What this change does alone to the leading outcome; None = not run.
    """

    cause: str
    path: str
    title: Text | None
    was: str
    now: str
    grade: str
    size: float
    effect: float | None = None


def differences(old: Scenario, new: Scenario) -> tuple[Difference, ...]:
    """Inputs with another value, the largest change first: what came, went or is wired otherwise before numbers.

    A range that changed round the same value is not among them: central values decide what a result says.
    """
    found = [*_structure(old.region, new.region, "region"), *_numbers(old, new), *_levers(old, new)]
    return tuple(sorted(found, key=lambda d: (-d.size, d.path)))


def mixed(old: Scenario, new: Scenario, *, data: bool) -> Scenario:
    """The data of one and the assumptions of the other.

    Args:
        old: Inputs of the earlier result.
        new: Inputs of the later result.
        data: True = later data with earlier assumptions; False = earlier data with later assumptions.
    """
    frame, judged = (new, old) if data else (old, new)
    theirs = {r.path: r.value for r in _rows(judged)}
    numbers = {
        row.path: theirs[row.path]
        for row in _rows(new)
        if row.path in theirs and _cause(row) == ASSUMPTIONS and row.path.startswith(_STRUCTURE)
    }
    return frame.with_values(numbers).model_copy(
        update={
            "levers": judged.levers, "effects": judged.effects, "floor": judged.floor,
            "overrides": judged.overrides, "requires": judged.requires,
        }
    )  # fmt: skip


def only(old: Scenario, new: Scenario, difference: Difference) -> Scenario | None:
    """The earlier inputs with this one change; None when it cannot be made alone (another structure)."""
    if difference.path.startswith(_LEVERS):
        path = difference.path.removeprefix(_LEVERS)
        levers = {k: v for k, v in old.levers.items() if k != path}
        return old.model_copy(update={"levers": levers | {k: v for k, v in new.levers.items() if k == path}})
    later = {r.path: r.value for r in _rows(new)}
    earlier = {r.path for r in _rows(old)}
    if difference.path not in later or difference.path not in earlier:
        return None
    return old.with_values({difference.path: later[difference.path]})


def _rows(scenario: Scenario) -> list[NumberRow]:
    return number_rows(scenario, by_definition=True)


def _cause(row: NumberRow) -> str:
    judged = row.grade in _JUDGED or row.path.startswith(_EVIDENCE)
    return ASSUMPTIONS if judged else DATA


def _numbers(old: Scenario, new: Scenario) -> list[Difference]:
    """Numbers that both have with another value, and effects that came or went."""
    earlier, later = ({r.path: r for r in _rows(s)} for s in (old, new))
    found = []
    for path in sorted(earlier.keys() | later.keys()):
        was, now = earlier.get(path), later.get(path)
        row = now or was
        assert row is not None
        if was is None or now is None:
            # What came to a region or left it is reported once, as structure.
            if path.startswith(_STRUCTURE):
                continue
            size = float("inf")
        elif was.value == now.value:
            continue
        else:
            size = abs(now.value - was.value) / max(abs(was.value), 1e-9)
        before, after = (_NONE if r is None else f"{r.value:.6g}" for r in (was, now))
        found.append(Difference(_cause(row), path, row.title, before, after, row.grade, size))
    return found


def _levers(old: Scenario, new: Scenario) -> list[Difference]:
    texts = []
    for scenario in (old, new):
        texts.append({
            path: "; ".join(f"{described(c)} from {c.from_}" for c in changes)
            for path, changes in scenario.levers.items()
        })  # fmt: skip
    titles = {r.path: r.title for s in (old, new) for r in lever_rows(s)}
    return [
        Difference(
            ASSUMPTIONS, f"{_LEVERS}{path}", titles.get(path), texts[0].get(path, _NONE),
            texts[1].get(path, _NONE), "", float("inf"),
        )
        for path in sorted({*old.levers, *new.levers})
        if old.levers.get(path) != new.levers.get(path)
    ]  # fmt: skip


def _structure(old: Any, new: Any, path: str) -> list[Difference]:
    """What came, went or is another rule, each at the highest place where it differs; numbers are not looked at."""
    if isinstance(old, Quantity) and isinstance(new, Quantity):
        return []
    if isinstance(old, Text) or isinstance(new, Text):
        return []
    pairs: dict[str, tuple[Any, Any]] = {}
    if isinstance(old, BaseModel) and type(old) is type(new):
        names = [n for n in type(old).model_fields if n not in _WORDS]
        pairs = {n: (getattr(old, n), getattr(new, n)) for n in names}
    elif isinstance(old, dict) and isinstance(new, dict):
        if old.keys() == new.keys() and list(old) != list(new):
            # Codes, and so draws, follow the order in which a region names things.
            return [Difference(DATA, path, None, "in this order", "in another order", "", float("inf"))]
        pairs = {str(k): (old.get(k), new.get(k)) for k in dict.fromkeys([*old, *new])}
    elif old == new:
        return []
    else:
        was, now = (_NONE if v is None else _brief(v) for v in (old, new))
        return [Difference(DATA, path, None, was, now, "", float("inf"))]
    return [d for name, (a, b) in pairs.items() for d in _structure(a, b, f"{path}.{name}")]


def _brief(value: Any) -> str:
    if isinstance(value, Quantity):
        return f"{value.value:.6g}"
    return "✓" if isinstance(value, BaseModel | dict) else str(value)
