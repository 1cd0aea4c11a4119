"""JSON Schema (draft 2020-12) of the files, for editors; made from the models and levers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from sim.scenario.changes import districts_of
from sim.scenario.evidence import Evidence
from sim.scenario.levers import Lever, levers_of
from sim.scenario.region import Region
from sim.scenario.scenario import ScenarioFile
from sim.scenario.together import joint_levers

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VERSION = 1
SchemaKind = Literal["scenario", "region", "evidence"]


def schema_of(kind: SchemaKind, region: Region | None = None) -> dict[str, Any]:
    """The JSON Schema of a kind of file.

    Args:
        kind: scenario, region or evidence.
        region: Region whose levers a scenario may set, and whose ids may be named.
    """
    models: dict[str, type[BaseModel]] = {"scenario": ScenarioFile, "region": Region, "evidence": Evidence}
    schema = models[kind].model_json_schema(by_alias=True)
    name = f"urn:doorstroom:schema:{VERSION}:{kind}"
    if kind == "scenario":
        if region is None:
            raise ValueError("the schema of a scenario needs a region")
        name = f"{name}:{region.id}"
        _with_levers(schema, region)
    return {"$schema": DRAFT, "$id": name, **schema}


def _with_levers(schema: dict[str, Any], region: Region) -> None:
    levers = levers_of(region)
    schema["properties"]["region"] = {"const": region.id, "title": region.title.nl}
    schema["properties"]["levers"] = {
        "type": "object",
        "title": "Levers",
        "description": "What the scenario changes: path of a lever -> one change or a list of changes.",
        "additionalProperties": False,
        "properties": {
            **{path: _lever(region, lever) for path, lever in levers.items()},
            **{
                path: _lever(region, levers[members[0]], path)
                for path, members in joint_levers(region).items()
            },
        },
        "patternProperties": _several(region, levers),
    }
    schema["$defs"].pop("Change", None)
    schema["$defs"].pop("Where", None)


def _several(region: Region, levers: dict[str, Lever]) -> dict[str, Any]:
    """Levers of several owners in one line (`a+b.groups`): what the first owner with that lever may set."""
    first: dict[str, Lever] = {}
    for lever in levers.values():
        first.setdefault(lever.definition.key, lever)
    owners = "|".join(dict.fromkeys(path.rpartition(".")[0] for path in (*levers, *joint_levers(region))))
    return {
        rf"^({owners})(\+({owners}))+\.{key}$": _lever(region, lever, f"...+...{key}")
        for key, lever in first.items()
    }


def _lever(region: Region, lever: Lever, joint: str = "") -> dict[str, Any]:
    """The changes of one lever; `joint` is the path of a joint lever of which it is the first."""
    d = lever.definition
    bounds = f", {d.low:g} to {d.high:g}" if d.kind == "number" else ""
    today = f"{lever.today:g}" if isinstance(lever.today, float | int) else lever.today
    unit = f" [{d.unit}{bounds}]" if d.unit else ""
    change = _change(region, lever)
    if joint:
        return {
            "title": joint,
            "description": f"For all that it stands for at once, as {lever.path}{unit}. {lever.help.en}",
            "anyOf": [change, {"type": "array", "items": change}],
        }
    return {
        "title": lever.title.nl,
        "description": f"{lever.title.en}{unit}. {lever.help.en} Today: {today}.",
        "anyOf": [change, {"type": "array", "items": change}],
    }


def _change(region: Region, lever: Lever) -> dict[str, Any]:
    d = lever.definition
    day = {"type": "string", "format": "date"}
    if d.kind == "choice":
        value: dict[str, Any] = {"enum": list(d.options)}
    elif d.kind == "switch":
        value = {"enum": [True, False, 0, 1]}
    else:
        value = {"type": "number", "minimum": d.low, "maximum": d.high}
    properties: dict[str, Any] = {
        "set": {**value, "description": f"New value{f' [{d.unit}]' if d.unit else ''}"},
        "from": {**day, "description": "First day on which it holds"},
        "until": {**day, "description": "First day on which it no longer holds"},
    }
    if d.kind == "number":
        properties["scale"] = {"type": "number", "minimum": 0, "description": "Times today's value"}
        properties["add"] = {"type": "number", "description": f"On top of today's value [{d.unit}]"}
        properties["ramp"] = {"$ref": "#/$defs/Ramp"}
    if d.where:
        names = {
            "place": [k for k, p in region.places.items() if p.type == lever.owner],
            "profile": list(
                dict.fromkeys(n for p in region.places.values() if p.type == lever.owner for n in p.groups)
            ),
            "district": districts_of(region, lever),
        }
        properties["where"] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: {"type": "array", "items": {"enum": names[key]}} for key in d.where},
        }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["from"],
        "properties": properties,
        "oneOf": [{"required": [op]} for op in ("set", "scale", "add") if op in properties],
    }
