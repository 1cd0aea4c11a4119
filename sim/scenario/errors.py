"""What is wrong with a file, said so that its writer can mend it: where, what, what may stand there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MOST_SHOWN = 14


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in one file.

    Attributes:
        file: The file as the user would name it.
        line: Line number from 1; 0 when the whole file is meant.
        path: Keys from the top of the file, joined by dots; empty for the whole file.
        found: What stands there, shortened.
        reason: What is wrong.
        allowed: What may stand there.
        hint: What to do.
    """

    file: str
    line: int
    path: str
    found: str = ""
    reason: str = ""
    allowed: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """One line: file:line: path: reason; then what was found, what is allowed, and what to do."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = [f"{self.path}: {self.reason}" if self.path else self.reason]
        if self.found:
            parts.append(f"Found: {self.found}")
        if self.allowed:
            parts.append(f"Allowed: {self.allowed}")
        if self.hint:
            parts.append(self.hint)
        return f"{where}: {' '.join(_sentence(p) for p in parts)}"


class ScenarioError(Exception):
    """A scenario, region or evidence file cannot be used; holds every problem of one pass."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of files and lines, each once."""
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """All problems, one a line."""
        return "\n".join(str(p) for p in self.problems)


def did_you_mean(found: object, allowed: Iterable[object]) -> str:
    """`Did you mean 'x'?` for the nearest of `allowed`, or nothing when none is near."""
    names = [str(a) for a in allowed]
    near = difflib.get_close_matches(str(found).lower(), names, n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def listing(names: Iterable[object], most: int = MOST_SHOWN) -> str:
    """The names in their own order, separated by commas; a long list is cut and says so."""
    shown = [str(n) for n in names]
    if not shown:
        return "nothing"
    rest = len(shown) - most
    return ", ".join(shown) if rest <= 0 else f"{', '.join(shown[:most])} ... and {rest} more"


def nearest_first(found: object, names: Iterable[object]) -> list[str]:
    """The names, those most like `found` first, so that a cut list still shows what was probably meant."""
    text = str(found).lower()
    return sorted((str(n) for n in names), key=lambda n: -difflib.SequenceMatcher(None, text, n).ratio())


def dotted(path: Iterable[object]) -> str:
    """A path for people: `levers.x.groups[0].set` (numbers count from 0, as editors' schemas do)."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, Index) else f".{part}" if text else str(part)
    return text


class Index(int):
    """Position in a sequence, told apart from a number that is a key (an age)."""


def shorten(value: object, most: int = 60) -> str:
    """What was found, short enough for one line."""
    text = f"'{value}'" if isinstance(value, str) else _plain(value)
    text = text.replace("\n", "\\n").replace("\t", "\\t")
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _plain(value: object) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"a mapping with {listing(value, 6)}" if value else "an empty mapping {}"
    if isinstance(value, tuple | list):
        return f"a list of {len(value)}" if value else "an empty list []"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
