"""What a visitor looks at, as one short text that fits in a link.

`sbo-in-gewone-scholen` is a shipped scenario; `a,b` is both together; `eigen-…` is a file that a visitor left on this
server; `!sbo.groups=2` behind any of these is a knob that was moved, and `@school-id` the place at which. The empty
choice is carrying on as we do. Whoever has the text sees the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.scenario.levers import Value

OWN_PREFIX = "eigen-"
MOST_PARTS, MOST_MOVES, MOST_LENGTH = 12, 40, 4000
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_MOVE = re.compile(r"([a-z0-9_+-]{1,60}\.[a-z0-9_]{1,60})=([^@=]{1,40})(?:@([a-z0-9-]{1,80}))?")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")


class ChoiceError(ValueError):
    """A text in a link that is no choice."""


@dataclass(frozen=True)
class Move:
    """A knob that was moved: path of the lever, its position, and the place at which ("" = where the scenario has it)."""

    path: str
    value: Value
    place: str = ""

    def __str__(self) -> str:
        """As in a link."""
        number = self.value if isinstance(self.value, str) else f"{self.value:.6f}".rstrip("0").rstrip(".")
        return f"{self.path}={number}{'@' if self.place else ''}{self.place}"


@dataclass(frozen=True)
class Choice:
    """Scenarios (one, or several together) and the knobs that were moved on them.

    Attributes:
        parts: Ids; none = carrying on as we do.
        moves: Moved knobs, sorted by path, each path once.
    """

    parts: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()

    def __str__(self) -> str:
        """As in a link; `parse` reads it again."""
        return "!".join([",".join(self.parts), *map(str, self.moves)])

    @property
    def is_baseline(self) -> bool:
        """Nothing chosen and nothing moved: carrying on as we do."""
        return not self.parts and not self.moves

    @property
    def is_own(self) -> bool:
        """Made by a visitor: several together, a moved knob, or a file."""
        return bool(self.moves) or len(self.parts) > 1 or any(p.startswith(OWN_PREFIX) for p in self.parts)

    @property
    def base(self) -> Choice:
        """The same without moved knobs."""
        return Choice(self.parts)

    @property
    def id(self) -> str:
        """Id of the scenario that an own choice becomes: the same choice always has the same one."""
        return f"{OWN_PREFIX}{hashlib.sha256(str(self).encode()).hexdigest()[:10]}"

    def moved(self, positions: Mapping[str, tuple[Value, str]]) -> Choice:
        """The choice with these knobs moved (path -> position and place), and no others."""
        return replace(self, moves=tuple(Move(p, *positions[p]) for p in sorted(positions)))


def parse(text: str) -> Choice:
    """Read a choice from a link.

    Raises:
        ChoiceError: The text is no choice; nothing of it is repeated to the visitor.
    """
    if len(text) > MOST_LENGTH:
        raise ChoiceError("too long")
    ids, *moved = text.split("!")
    parts = tuple(ids.split(",")) if ids else ()
    if len(parts) > MOST_PARTS or len(moved) > MOST_MOVES or not all(map(_ID.fullmatch, parts)):
        raise ChoiceError("no ids of scenarios")
    if len(set(parts)) < len(parts):
        raise ChoiceError("one scenario twice")
    moves = {}
    for piece in moved:
        found = _MOVE.fullmatch(piece)
        if found is None or found[1] in moves:
            raise ChoiceError("no moved knob")
        value = float(found[2]) if _NUMBER.fullmatch(found[2]) else found[2]
        moves[found[1]] = Move(found[1], value, found[3] or "")
    return Choice(parts, tuple(moves[path] for path in sorted(moves)))
