"""Read YAML (and tables) into plain Python values and the line of each: the only file of the engine that reads files.

The YAML is a small, safe part of YAML 1.2: mappings with words or whole numbers as keys, lists, text,
numbers, true and false, dates. Refused, each with line and reason: tags, merge keys, too many or recursive
aliases, duplicate keys, more than one document, NaN and infinity, tabs, anything but UTF-8, and files that
are empty, huge or nested too deep.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from sim.scenario.errors import Index, Problem, ScenarioError, dotted, shorten

MOST_BYTES = 1_000_000
MOST_DEPTH = 24
MOST_ALIASES = 200
MOST_VALUES = 100_000

Path_ = tuple[Any, ...]

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|\s+)[0-9].*")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))")
_WORDS = {"true": True, "false": False, "null": None, "~": None}


@dataclass(frozen=True)
class Source:
    """A file as read.

    Attributes:
        file: The file as the user would name it.
        data: Its plain content: dict, tuple, str, int, float, bool, date or None.
        lines: Path of keys -> line from 1. Positions in lists are `Index`.
        unlisted: Paths of lists of one that the writer wrote without a list; messages leave their [0] out.
    """

    file: str
    data: dict[Any, Any]
    lines: dict[Path_, int]
    unlisted: frozenset[Path_] = frozenset()

    def line(self, path: Path_) -> int:
        """Line of a path, or of the nearest part above it that stands in the file."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1

    def problem(
        self, path: Path_, reason: str, *, found: str = "", allowed: str = "", hint: str = "", line: int = 0
    ) -> Problem:
        """A problem at a path of this file."""
        written = tuple(part for i, part in enumerate(path) if path[:i] not in self.unlisted)
        return Problem(self.file, line or self.line(path), dotted(written), found, reason, allowed, hint)


def read(path: Path) -> Source:
    """Read one YAML file.

    Raises:
        ScenarioError: With every problem that can be seen before the content is judged.
    """
    name = shown(path)
    return parse(_bytes(path, name, "'doorstroom list' shows what there is."), name)


@dataclass(frozen=True)
class Sheet:
    """A table as read, in text.

    Attributes:
        file: The file as the user would name it.
        about: Lines `# key: text` above the table.
        header: Names of the columns.
        rows: Line from 1, and cells, of each row.
        line: Line of the header.
    """

    file: str
    about: dict[str, str]
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    line: int


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file (comma, UTF-8) that may begin with lines of comment.

    Raises:
        ScenarioError: It cannot be read, or holds no header.
    """
    name = shown(path)
    lines = _decoded(_bytes(path, name), name).splitlines()
    comments = [line.lstrip("# ").partition(":") for line in lines if line.startswith("#")]
    table = [(i, line) for i, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    cells = [tuple(c.strip() for c in row) for row in csv.reader(line for _, line in table)]
    if not cells:
        raise _refused(name, 1, "this file is empty", allowed="a first line with the names of the columns")
    rows = tuple((i, row) for (i, _), row in zip(table, cells, strict=True))
    about = {key.strip(): text.strip() for key, colon, text in comments if colon}
    return Sheet(name, about, rows[0][1], rows[1:], rows[0][0])


def _bytes(path: Path, name: str, where: str = "") -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refused(
                name, 0, "this file is too large", f"{size:,} bytes", f"at most {MOST_BYTES:,} bytes",
                "Keep tables of outside data in facts/ and the region file to what the model needs.",
            )  # fmt: skip
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(name, 0, "there is no such file", hint=where) from None
    except OSError as error:
        raise _refused(name, 0, f"the file cannot be read ({error.strerror or error})") from None


def shown(path: Path) -> str:
    """The path as the user would name it: from the working folder when it lies there."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@lru_cache(maxsize=512)  # more than a region has files, so that a second look is fast
def parse(raw: bytes, name: str) -> Source:
    """Parse the bytes of a file (the same bytes are parsed once)."""
    text = _decoded(raw, name)
    for number, row in enumerate(text.splitlines(), start=1):
        if "\t" in row[: len(row) - len(row.lstrip())]:
            raise _refused(
                name,
                number,
                "a tab is used to indent",
                allowed="spaces",
                hint="Replace each tab by two spaces.",
            )
    builder = _Builder(name)
    try:
        # Events of the plain parser: they carry lines, and comments (which the round-trip parser keeps) take time.
        builder.feed(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "this is not YAML"
        raise ScenarioError(
            [*builder.problems, _syntax(name, mark.line + 1 if mark else 0, reason)]
        ) from None
    except (YAMLError, ValueError) as error:
        raise _refused(name, 0, f"this is not YAML ({error})") from None
    if builder.problems:
        raise ScenarioError(builder.problems)
    if not isinstance(builder.data, dict):
        if builder.data is None:
            raise _refused(
                name, 1, "this file is empty", allowed="a mapping that begins with schema and kind",
                hint="'doorstroom schema' shows which keys there are.",
            )  # fmt: skip
        raise _refused(
            name, 1, "the top of this file is not a mapping", shorten(builder.data),
            "keys with values, such as 'schema: 1' and 'kind: baseline'",
        )  # fmt: skip
    return Source(name, builder.data, builder.lines)


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(
            name, 1, "this file is not in UTF-8 (it looks like UTF-16)", allowed="UTF-8",
            hint="Save it again with encoding UTF-8.",
        )  # fmt: skip
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(
            name, line, "this file is not in UTF-8", f"byte 0x{raw[error.start]:02x}", "UTF-8",
            "Save it again with encoding UTF-8 (Windows-1252 and latin-1 are not).",
        ) from None  # fmt: skip
    for number, row in enumerate(text.split("\n"), start=1):
        strange = next(
            (c for c in row if (ord(c) < 32 and c not in "\t\r") or ord(c) in (127, 0xFFFE, 0xFFFF)), None
        )
        if strange is not None:
            raise _refused(
                name, number, "a control character stands in this file", f"U+{ord(strange):04X}", "text",
                "Save it again as plain text with encoding UTF-8.",
            )  # fmt: skip
    return text


def _syntax(name: str, line: int, reason: str) -> Problem:
    hint = "Look at this line and the one above it: indentation, a missing colon, an open quote or bracket."
    if "mapping values are not allowed" in reason:
        reason, hint = (
            "a colon stands where it cannot",
            "Put text with a colon in quotes, or check the indentation.",
        )
    elif "cannot start any token" in reason or "found character" in reason:
        hint = "Put text that begins with @, `, % or a tab in quotes."
    elif "undefined alias" in reason:
        hint = "Name an anchor (&name) above it, or put text that begins with * in quotes."
    return Problem(name, line, "", "", f"this is not YAML: {reason}", "", hint)


def _refused(
    name: str, line: int, reason: str, found: str = "", allowed: str = "", hint: str = ""
) -> ScenarioError:
    return ScenarioError([Problem(name, line, "", found, reason, allowed, hint)])


@dataclass(frozen=True)
class _Anchored:
    value: Any
    size: int


class _Builder:
    """Builds plain values from YAML events. Going by events, a bomb is seen before it is built."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: Any = None
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self._anchors: dict[str, _Anchored] = {}
        self._aliases = 0
        self._size = 0
        self._depth = 0

    def feed(self, events: Iterator[Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stop(
                        event, (), "this file holds more than one document", "one document: no line '---'"
                    )
            elif isinstance(event, NodeEvent):
                self.data = self._value(event, events, ())

    def _value(self, event: Event, events: Iterator[Event], path: Path_) -> Any:
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        assert isinstance(event, NodeEvent)
        before = self._size
        self._grow(event, path, 1)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._note(event, path, f"a YAML tag is not allowed here: {tag}", "no tags", "Leave the tag out.")
        if isinstance(event, ScalarEvent):
            value = self._scalar(event, path)
        else:
            self._depth += 1
            if self._depth > MOST_DEPTH:
                raise self._stop(
                    event, path[:3], "this file is nested too deep", f"at most {MOST_DEPTH} levels"
                )
            build: Callable[..., Any] = (
                self._mapping if isinstance(event, MappingStartEvent) else self._sequence
            )
            value = build(events, path)
            self._depth -= 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, self._size - before)
        return value

    def _mapping(self, events: Iterator[Event], path: Path_) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event, events, path)
            place = (*path, key)
            if key in found:
                first = self.lines[place]
                self._note(
                    event, place, f"this key stands twice (first on line {first})", "each key once",
                    "Take one of the two away.",
                )  # fmt: skip
            else:
                self.lines[place] = event.start_mark.line + 1
            value = self._value(next(events), events, place)
            found.setdefault(key, value)
        return found

    def _key(self, event: Event, events: Iterator[Event], path: Path_) -> str | int:
        if not isinstance(event, ScalarEvent):
            raise self._stop(
                event, path, "a key must be one word or a whole number", "a word or a whole number"
            )
        if event.value == "<<":
            raise self._stop(
                event, (*path, "<<"), "merge keys are not allowed", "the keys themselves, or 'extends'"
            )
        if getattr(event, "tag", None) is not None:
            self._note(
                event, path, f"a YAML tag is not allowed here: {event.tag}", "no tags", "Leave the tag out."
            )
        self._grow(event, path, 1)
        key = self._scalar(event, path) if event.implicit[0] else event.value
        return key if isinstance(key, int) and not isinstance(key, bool) else str(event.value)

    def _sequence(self, events: Iterator[Event], path: Path_) -> tuple[Any, ...]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            place = (*path, Index(len(found)))
            self.lines[place] = event.start_mark.line + 1
            found.append(self._value(event, events, place))
        return tuple(found)

    def _alias(self, event: AliasEvent, path: Path_) -> Any:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise self._stop(event, path, "too many aliases (*name) in this file", f"at most {MOST_ALIASES}")
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            self._note(
                event, path, f"there is no anchor '&{event.anchor}' above this alias", "an anchor above it"
            )
            return None
        self._grow(event, path, anchored.size)
        return anchored.value

    def _grow(self, event: Event, path: Path_, size: int) -> None:
        self._size += size
        if self._size > MOST_VALUES:
            raise self._stop(
                event,
                path,
                "this file grows too large, counting what its aliases repeat",
                f"at most {MOST_VALUES:,} values",
            )

    def _scalar(self, event: ScalarEvent, path: Path_) -> Any:
        # The round-trip scanner marks each fold of a `>` text with a BEL, which no YAML file may hold itself.
        text: str = event.value.replace("\a", "")
        if not event.implicit[0]:
            return text
        if text == "":
            # The parser puts an empty value where the next thing stands; its key is what the writer must see.
            line, hint = self.lines.get(path, 1), "Give a value, or leave the key out."
            reason = "no value stands after this key"
            self.problems.append(Problem(self.name, line, dotted(path), "", reason, "a value", hint))
            return None
        if text.lower() in _WORDS and text in (text.lower(), text.upper(), text.capitalize()):
            return _WORDS[text.lower()]
        if _INT.fullmatch(text) and len(text) <= 18:
            return int(text)
        if _NOT_FINITE.fullmatch(text) or (_FLOAT.fullmatch(text) and not math.isfinite(float(text))):
            self._note(event, path, "this is not a finite number", "a finite number", found=text)
            return 0.0
        if _FLOAT.fullmatch(text):
            return float(text)
        if match := _DATE.fullmatch(text):
            try:
                return date(*(int(part) for part in match.groups()))
            except ValueError:
                self._note(
                    event, path, "there is no such date", "year-month-day, such as 2026-08-01", found=text
                )
                return date(2000, 8, 1)
        if _MOMENT.fullmatch(text):
            self._note(
                event,
                path,
                "a date without a time is needed",
                "year-month-day, such as 2026-08-01",
                found=text,
            )
            return date(2000, 8, 1)
        return text

    def _note(
        self, event: Event, path: Path_, reason: str, allowed: str, hint: str = "", found: str = ""
    ) -> None:
        line = event.start_mark.line + 1
        self.problems.append(Problem(self.name, line, dotted(path), found, reason, allowed, hint))

    def _stop(self, event: Event, path: Path_, reason: str, allowed: str) -> ScenarioError:
        problem = Problem(self.name, event.start_mark.line + 1, dotted(path), "", reason, allowed)
        return ScenarioError([*self.problems, problem])
