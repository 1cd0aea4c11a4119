"""Toy regions and their variants: the file of a toy with other numbers, read by the real loader."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import sim
from sim.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent / "scenarios" / "toy"
START = date(2026, 8, 1)
Edits = Mapping[str, Any]
Levers = Mapping[str, Sequence[Mapping[str, Any]]]


def toy(
    name: str,
    edits: Edits | None = None,
    levers: Levers | None = None,
    years: int | None = None,
    evidence: Edits | None = None,
) -> Scenario:
    """A toy region's baseline, with other numbers and levers where asked.

    Args:
        name: Folder in `scenarios/toy`.
        edits: Path in the region file (`place_types.school.stay.mean`) -> value; None takes the key away.
        levers: Lever path -> changes, as in a scenario file.
        years: School years to simulate.
        evidence: Path in the evidence register (`effects.staying.size`) -> value.

    Returns:
        The scenario as the loader resolves it.
    """
    if not edits and not levers and years is None and not evidence:
        return sim.load(str(ROOT / name / "baseline.yaml"))
    region = _edited(ROOT / name / "region.yaml", edits)
    if years is not None:
        region["years"] = years
    baseline = _read(ROOT / name / "baseline.yaml")
    if levers:
        baseline |= {
            "levers": {path: [dict(change) for change in changes] for path, changes in levers.items()}
        }
    register = (
        _edited(ROOT / name / "evidence.yaml", evidence) if (ROOT / name / "evidence.yaml").exists() else None
    )
    return _load(name, _text(region), _text(baseline), _text(register) if register else "")


def steps(changes: Mapping[int, float]) -> list[dict[str, Any]]:
    """Changes of a lever that set it from these days on, each until the next."""
    days = sorted(changes)
    dated = [START + timedelta(days=d) for d in days]
    return [
        {"set": changes[d], "from": a} | ({"until": b} if b else {})
        for d, a, b in zip(days, dated, [*dated[1:], None], strict=True)
    ]


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(path)
    return data


def _edited(path: Path, edits: Edits | None) -> dict[str, Any]:
    data = _read(path)
    for keys, value in (edits or {}).items():
        _edit(data, keys.split("."), value)
    return data


def _text(data: dict[str, Any]) -> str:
    stream = io.StringIO()
    YAML(typ="safe").dump(data, stream)
    return stream.getvalue()


def _edit(node: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    for key in keys[:-1]:
        node = node.setdefault(key, {})
    if value is None:
        node.pop(keys[-1], None)
    else:
        node[keys[-1]] = value


@cache
def _load(name: str, region: str, baseline: str, evidence: str) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / name
        place.mkdir()
        (place / "region.yaml").write_text(region, encoding="utf-8")
        (place / "baseline.yaml").write_text(baseline, encoding="utf-8")
        if evidence:
            (place / "evidence.yaml").write_text(evidence, encoding="utf-8")
        return sim.load(str(place / "baseline.yaml"))
