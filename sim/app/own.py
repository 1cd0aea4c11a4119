"""YAML of visitors, kept under a name that cannot be guessed: hostile until the strict reader says otherwise.

What a visitor saves is text, and stays text: it lies in one folder of its own, under a random name that only
its link holds, and is never listed. Before the strict reader sees it, its size and its shape are limited, so
that no text costs more than a moment; what that reader says names no folder of the server. A text can build
on shipped scenarios and on nothing else: each is resolved on a shelf of its own, which holds the shipped files
and this one, so nobody's text can name, show or change another's.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from sim.app.guard import may_save
from sim.app.settings import settings
from sim.scenario.errors import Index, Problem, ScenarioError, shorten
from sim.scenario.files import Path_, Source, parse
from sim.scenario.resolve import find_root, regions
from sim.scenario.scenario import Scenario
from sim.scenario.shelf import Shelf, as_file, name_of
from sim.study.risks import risk_problems
from sim.study.store import write_whole

PREFIX = "eigen-"
FILE = "eigen.yaml"
MOST_BYTES = 50_000

# The largest shipped scenario has 99 values and six levers.
MOST_VALUES = 3_000
MOST_IN_LIST = 60
MOST_LEVERS = 40
MOST_CHANGES = 120
MOST_SIGNS = {"key": 60, "word": 120, "prose": 1_000}
MOST_PROBLEMS = 40
_PROSE = frozenset(("nl", "en", "reason", "note", "source", "file", "item"))

_LOG = logging.getLogger(__name__)
_ID = re.compile(r"eigen-[A-Za-z0-9_-]{22}")
_DAY_SECONDS = 86_400.0
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# What turns the direction of text, joins or hides signs, or is no character: a title could look like another.
_STRANGE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
# Pages escape what they show; a label that reads Markdown must not make a link of a title all the same.
_MARKUP = re.compile(r"[<>\[\]`$\\]")
_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)


class Gone(Exception):
    """The server does not keep this text (any more); the page offers the visitor's own file instead."""


@dataclass(frozen=True)
class Keeper:
    """A folder with texts of visitors.

    Attributes:
        folder: The folder; made when something is saved.
        days: A text that nobody opened for so many days goes.
        most: Texts kept; when there are more, those that were not opened longest go.
    """

    folder: Path
    days: float
    most: int

    def keep(self, text: str) -> str:
        """Keep a text and return its id; the only place where a name of a file is made."""
        own_id = PREFIX + secrets.token_urlsafe(16)
        # Who may list the folder knows every link: on a shared computer that is only the server itself.
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._path(own_id), lambda path: _write_private(path, text.encode("utf-8")))
        self.sweep()
        return own_id

    def read(self, own_id: str) -> str:
        """The text under an id.

        Raises:
            Gone: There is none, it is too old, or this is no id.
        """
        path = self._path(own_id)
        try:
            handle = os.open(path, os.O_RDONLY | _NO_FOLLOW)
        except (OSError, ValueError):
            raise Gone(own_id) from None
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            os.close(handle)
            raise Gone(own_id)
        with os.fdopen(handle, "rb") as file:
            if path.is_symlink() or found.st_size > MOST_BYTES:
                raise Gone(own_id)
            if self._too_old(found.st_mtime):
                path.unlink(missing_ok=True)
                raise Gone(own_id)
            raw = file.read(MOST_BYTES + 1)
        if time.time() - found.st_mtime > _DAY_SECONDS:
            with suppress(OSError):
                os.utime(path)  # a link that is used stays
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Gone(own_id) from None

    def sweep(self) -> None:
        """Take away what is too old, and the oldest when there are too many."""
        with suppress(OSError):
            found = sorted(self._all(), reverse=True)
            for number, (modified, path) in enumerate(found):
                if number >= self.most or self._too_old(modified):
                    path.unlink(missing_ok=True)

    def _all(self) -> Iterator[tuple[float, Path]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                stem, dot, ending = entry.name.partition(".")
                if (_ID.fullmatch(stem) and dot + ending == ".yaml") or entry.name.startswith(".half-"):
                    with suppress(FileNotFoundError):
                        yield entry.stat(follow_symlinks=False).st_mtime, Path(entry.path)

    def _too_old(self, modified: float) -> bool:
        return time.time() - modified > self.days * _DAY_SECONDS

    def _path(self, own_id: str) -> Path:
        if not is_own(own_id):
            raise Gone("this is no id of a text of a visitor")
        return self.folder / f"{own_id}.yaml"


def is_own(text: str) -> bool:
    """True when this has the form of an id of a visitor's text."""
    return _ID.fullmatch(text) is not None


def save(text: str) -> str:
    """Keep the YAML of a visitor and return its id, which is all that gives access to it.

    Raises:
        ScenarioError: With every problem that the strict reader finds, or why this visitor cannot save now (in the
            language of the page); nothing is kept then.
    """
    if reason := may_save():
        raise _refused(0, reason)
    check(text)
    try:
        return keeper().keep(text)
    except OSError as error:
        _LOG.error("a text of a visitor was not kept: %s", error)
        raise _refused(
            0, "the server cannot keep this file now", hint="Keep it yourself, and try later."
        ) from None


def read(own_id: str) -> str:
    """The YAML that was saved under an id, as its writer wrote it.

    Raises:
        Gone: The server does not keep it.
    """
    return keeper().read(own_id)


def load(own_id: str) -> Scenario:
    """The scenario of a saved YAML, resolved against the shipped region.

    Its id is that of the file with a few signs behind it: two visitors may give one id to two scenarios, and
    the id in an exported table must not give the link away.

    Raises:
        Gone: The server does not keep it.
        ScenarioError: It was good when it was saved, but does not fit the region of today.
    """
    scenario = check(read(own_id))
    mark = hashlib.sha256(own_id.encode()).hexdigest()[:6]
    return scenario.model_copy(update={"id": f"{scenario.id}-{mark}"})


def check(text: str) -> Scenario:
    """The scenario that a text describes; its kind is always `own`, whatever the file says.

    Raises:
        ScenarioError: With every problem, each at its line of `eigen.yaml`.
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise _refused(0, "this file is too large", "", f"at most {MOST_BYTES:,} bytes")
    found = _checked(text.removeprefix("\ufeff"), settings().scenarios, settings().region)
    years = settings().years
    return found if years in (None, found.years) else found.model_copy(update={"years": years})


def keeper() -> Keeper:
    """The texts of this server."""
    return Keeper(settings().own, settings().own_days, settings().own_most)


@lru_cache(maxsize=128)
def _checked(text: str, root: Path | None, region: str) -> Scenario:
    shelf, noted = _OneText(_shipped(root, region)), list[Problem]()
    try:
        source = _source(text)
        noted += _markup(source)
        scenario = shelf.resolve(shelf.put(source), None)
        noted += risk_problems([scenario])
    except ScenarioError as error:
        noted += error.problems
    if noted:
        raise _for_a_visitor(ScenarioError(noted))
    return scenario.model_copy(update={"kind": "own"})


@lru_cache(maxsize=4)
def _shipped(root: Path | None, region: str) -> Shelf:
    base = find_root(root)
    folder = next((p for p in regions(base, deep=True) if name_of(p, base) == region), None)
    if folder is None:
        raise _refused(0, "this server has no region to build on")
    return Shelf(folder, base)


class _OneText(Shelf):
    """The shipped scenarios and one text. Files are named without their folders: messages go to a visitor."""

    def __init__(self, shipped: Shelf) -> None:
        """Take over what the shipped shelf read; the two do not share what is put on them."""
        self.__dict__.update(shipped.__dict__)
        self._files = {
            key: replace(f, source=replace(f.source, file=f.path.name)) for key, f in shipped._files.items()
        }

    def put(self, source: Source) -> str:
        """Put the text on the shelf and return its id."""
        if (kind := source.data.get("kind")) in ("region", "evidence", "baseline"):
            raise _at(source, ("kind",), f"a file of your own cannot be of kind '{kind}'", "kind: own")
        found = as_file(source, Path(source.file))
        if found.id in self._files:
            hint = f"To change that scenario a little: another id, and 'extends: {found.id}'."
            double = source.problem(("id",), "this id is already in use", found=shorten(found.id),
                                    allowed="an id of its own", hint=hint)  # fmt: skip
            raise ScenarioError([*found.problems, double])
        self._files[found.id] = found
        return found.id


def _source(text: str) -> Source:
    """The text as the strict reader reads it, small enough for all that comes after."""
    if strange := _STRANGE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise _refused(line, "a sign stands here that cannot be seen", f"U+{ord(strange[0]):04X}",
                       "text", "Type this line again.")  # fmt: skip
    try:
        # Past the reader's cache: what visitors send must not fill the memory of the server.
        source: Source = parse.__wrapped__(text.encode("utf-8"), FILE)
    except (ArithmeticError, AssertionError, LookupError, TypeError, AttributeError, RecursionError):
        # The YAML library knows a few texts that it cannot read and does not say so in its own words.
        raise _refused(0, "this is not YAML", hint="Look for a strange \\ or % in this file.") from None
    problems = list(_too_much(source))
    if problems:
        raise ScenarioError(problems)
    return source


def _too_much(source: Source) -> Iterator[Problem]:
    """What is well-formed and yet more than a scenario needs: it could keep the server busy for minutes."""
    values = 0
    waiting: list[tuple[Path_, object]] = [((), source.data)]
    while waiting:
        path, value = waiting.pop()
        values += 1
        if values > MOST_VALUES:
            yield source.problem(
                path[:2], "this file holds too many values", allowed=f"at most {MOST_VALUES:,}"
            )
            return
        if isinstance(value, dict):
            for key, item in value.items():
                if (wrong := _unfit(str(key), "key")) is not None:
                    yield source.problem(path, wrong, found=shorten(str(key)), allowed=_allowed("key"))
                waiting.append(((*path, key), item))
        elif isinstance(value, tuple):
            if len(value) > MOST_IN_LIST:
                yield source.problem(path, "this list is too long", found=f"a list of {len(value)}",
                                     allowed=f"at most {MOST_IN_LIST}")  # fmt: skip
            waiting += [((*path, Index(i)), item) for i, item in enumerate(value)]
        elif isinstance(value, str):
            kind = "prose" if path[-1] in _PROSE or "assumes" in path else "word"
            if (wrong := _unfit(value, kind)) is not None:
                yield source.problem(path, wrong, found=shorten(value), allowed=_allowed(kind))
    levers = source.data.get("levers")
    if isinstance(levers, dict):
        if len(levers) > MOST_LEVERS:
            yield source.problem(("levers",), "too many levers", found=str(len(levers)),
                                 allowed=f"at most {MOST_LEVERS}")  # fmt: skip
        changes = sum(len(c) if isinstance(c, tuple) else 1 for c in levers.values())
        if changes > MOST_CHANGES:
            yield source.problem(("levers",), "too many changes of levers", found=str(changes),
                                 allowed=f"at most {MOST_CHANGES}")  # fmt: skip


def _markup(source: Source) -> Iterator[Problem]:
    """Texts that a page could take for more than text."""
    waiting: list[tuple[Path_, object]] = [((), source.data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, tuple):
            waiting += [((*path, Index(i)), item) for i, item in enumerate(value)]
        elif isinstance(value, str) and path[-1] in _PROSE:
            if _MARKUP.search(value):
                yield source.problem(path, "this text holds signs of markup", found=shorten(value),
                                     allowed="text without < > [ ] ` $ and \\")  # fmt: skip
            elif path[-1] in ("nl", "en") and _ADDRESS.search(value):
                yield source.problem(path, "this text holds an address of the web", found=shorten(value),
                                     allowed="text; an address may stand in a 'source'")  # fmt: skip


def _unfit(text: str, kind: str) -> str | None:
    if len(text) > MOST_SIGNS[kind]:
        return "this text is too long"
    # Escapes in quotes ("\0", "\u202e") pass the look at the text as a whole.
    return "this text holds a sign that cannot be seen" if _STRANGE.search(text) else None


def _allowed(kind: str) -> str:
    return f"at most {MOST_SIGNS[kind]:,} signs, all of them to be seen"


def _for_a_visitor(error: ScenarioError) -> ScenarioError:
    """The same problems without folders of the server; after the first forty only how many more there are."""
    named = [_plain(p) for p in error.problems]
    # The visitor's own file first: that is the one that can be mended.
    named.sort(key=lambda p: (p.file != FILE, p.line))
    if len(named) > MOST_PROBLEMS:
        rest = len(named) - MOST_PROBLEMS
        last = Problem(FILE, named[MOST_PROBLEMS - 1].line, "", "", f"and {rest} more problems")
        named = [*named[:MOST_PROBLEMS], last]
    return ScenarioError(named)


def _plain(problem: Problem) -> Problem:
    said = {
        k: _STRANGE.sub("\ufffd", str(v)) for k, v in asdict(problem).items() if k not in ("file", "line")
    }
    return Problem(Path(problem.file).name, problem.line, **said)


def _write_private(path: Path, raw: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)


def _at(source: Source, path: Path_, reason: str, allowed: str) -> ScenarioError:
    return ScenarioError([source.problem(path, reason, allowed=allowed)])


def _refused(line: int, reason: str, found: str = "", allowed: str = "", hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(FILE, line, "", found, reason, allowed, hint)])
