"""Change single numbers in a region file and leave every other character of it as it is.

Not by reading and writing the whole file: comments, anchors, order and layout belong to its writer. The parser's events give
where each value stands; only that text is replaced. What comes out is checked as any region file before anything is written.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import Source, parse, read, shown
from sim.scenario.references import region_problems
from sim.scenario.region import Region
from sim.scenario.translate import validated

Keys = tuple[Any, ...]
BACKUP = ".bak"


@dataclass(frozen=True)
class RegionFile:
    """A region file that may be changed.

    Attributes:
        path: Where it was read.
        text: Its text.
        source: The same, as plain values with lines.
        region: The same, validated.
    """

    path: Path
    text: str
    source: Source
    region: Region


@dataclass(frozen=True)
class Edit:
    """A new value for one path; `remark` stands behind it as a comment (for what has no source field)."""

    value: Any
    remark: str = ""


@dataclass(frozen=True)
class _Node:
    start: int
    end: int
    flow: bool
    column: int
    shared: bool


def open_region(path: Path) -> RegionFile:
    """Read a region file.

    Raises:
        ScenarioError: When there is none, or it is not in order.
    """
    source = read(path)
    region = _checked(source)
    return RegionFile(path, path.read_bytes().decode("utf-8-sig"), source, region)


def changed(file: RegionFile, edits: Mapping[Keys, Edit]) -> str:
    """The text with these values in place of the old; keys that were not there are added.

    Raises:
        ScenarioError: When a value is shared by an alias, or the file would no longer be in order.
    """
    nodes = dict(_nodes(file.text))
    pieces: list[tuple[int, int, str]] = []
    new: dict[Keys, dict[Any, Any]] = {}
    for path, edit in edits.items():
        node = nodes.get(path)
        if node is not None and not node.shared:
            pieces.append(_replaced(file.text, node, edit))
            continue
        near = next(path[:n] for n in range(len(path) - 1, -1, -1) if path[:n] in nodes)
        if node is not None or nodes[near].shared:
            raise ScenarioError(
                [file.source.problem(path, "this value is shared with another place (&name, *name)",
                                     hint="Write it out in full at both places first.")]
            )  # fmt: skip
        inner = new.setdefault(near, {})
        for key in path[len(near) : -1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = edit.value
    pieces += [_added(file.text, nodes[near], values) for near, values in new.items()]
    text = file.text
    for start, end, piece in sorted(pieces, reverse=True):
        text = text[:start] + piece + text[end:]
    _checked(parse(text.encode(), f"{shown(file.path)} (as it would be)"))
    return text


def replace_files(texts: Mapping[Path, str], keep: bool = True) -> None:
    """Write texts so that each file is wholly old or wholly new; the old one stays beside it as `.bak` when asked.

    Raises:
        ScenarioError: When a file may not be written; then none was.
    """
    for path in texts:
        refuse_unwritable(path)
    beside = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, new in beside.items():
            new.write_bytes(texts[path].encode())
        for path, new in beside.items():
            if keep and path.exists():
                path.with_name(path.name + BACKUP).write_bytes(path.read_bytes())
            new.replace(path)
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)


def refuse_unwritable(path: Path) -> None:
    """Say beforehand that a file cannot be written.

    Raises:
        ScenarioError: When its folder is missing, it is a folder, or it is read-only.
    """
    reason = hint = ""
    if path.is_dir():
        reason, hint = (
            "this is a folder, not a file",
            f"Name a file in it, such as {shown(path / 'region.yaml')}.",
        )
    elif not path.parent.is_dir():
        reason, hint = "the folder of this file does not exist", "Make the folder, or name another file."
    elif path.exists() and not path.stat().st_mode & stat.S_IWUSR:
        reason, hint = "this file is read-only, so it was not changed", "Allow writing, or name another file."
    if reason:
        raise ScenarioError([Problem(shown(path), 0, "", "", reason, "", hint)])


def yaml_of(value: Any, indent: int = 0) -> str:
    """Plain values as YAML: mappings of mappings over lines, everything else in one line."""
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and item and not _one_line(item):
            lines.append(f"{' ' * indent}{key}:\n{yaml_of(item, indent + 2)}")
        else:
            lines.append(f"{' ' * indent}{key}: {flow(item)}")
    return "\n".join(lines)


def flow(value: Any) -> str:
    """One value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    if isinstance(value, str):
        plain = value.replace("-", "").replace("_", "").isalpha() and value.lower() not in (
            "true",
            "false",
            "null",
        )
        return (
            value if plain and value.isascii() and value[0] != "-" else json.dumps(value, ensure_ascii=False)
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _one_line(item: dict[Any, Any]) -> bool:
    inner = [v for v in item.values() if isinstance(v, dict)]
    return not inner or "value" in item or (len(item) == 1 and "value" in inner[0])


def _checked(source: Source) -> Region:
    region, problems = validated(Region, source)
    if region is not None:
        problems = problems + region_problems(region, source)
    if problems or region is None:
        raise ScenarioError(problems)
    return region


def _replaced(text: str, node: _Node, edit: Edit) -> tuple[int, int, str]:
    stop = text.find("\n", node.end)
    rest = text[node.end : stop if stop >= 0 else len(text)]
    if edit.remark and (not rest.strip() or rest.lstrip().startswith("#")):
        return node.start, node.end + len(rest), f"{flow(edit.value)} # {edit.remark}"
    return node.start, node.end, flow(edit.value)


def _added(text: str, node: _Node, values: dict[Any, Any]) -> tuple[int, int, str]:
    if node.flow:
        at = node.end - 1
        comma = ", " if text[node.start : node.end].strip("{} \n") else ""
        return at, at, comma + flow(values)[1:-1]
    stop = text.find("\n", len(text[: node.end].rstrip()))  # a folded text ends on the line after it
    stop = len(text) if stop < 0 else stop
    return stop, stop, "\n" + yaml_of(values, node.column)


def _nodes(text: str) -> Iterator[tuple[Keys, _Node]]:
    events = iter(YAML(typ="safe", pure=True).parse(text))
    for event in events:
        if isinstance(event, NodeEvent):
            found: dict[Keys, _Node] = {}
            _walk(event, events, (), False, found)
            yield from found.items()
            return


def _walk(event: Event, events: Iterator[Event], path: Keys, shared: bool, found: dict[Keys, _Node]) -> int:
    """Note the node and those below it; return where its text ends."""
    start, column = event.start_mark.index, event.start_mark.column
    end: int = event.end_mark.index
    shared = shared or isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None
    is_flow = bool(getattr(event, "flow_style", False))
    if isinstance(event, MappingStartEvent):
        for key in events:
            if isinstance(key, MappingEndEvent):
                end = key.end_mark.index if is_flow else end
                break
            assert isinstance(key, ScalarEvent)  # `read` refuses other keys
            name = int(key.value) if key.value.isdecimal() and key.implicit[0] else key.value
            end = _walk(next(events), events, (*path, name), shared, found)
    elif isinstance(event, SequenceStartEvent):
        for item in events:
            if isinstance(item, SequenceEndEvent):
                end = item.end_mark.index if is_flow else end
                break
            end = _walk(item, events, (*path, None), shared, found)
    found[path] = _Node(start, end, is_flow, column, shared)
    return end
