"""The workshop of the analyst: a scenario file checked line by line, and ideas put together without a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from sim.app import own
from sim.app.language import Lang, current, spoken, words
from sim.app.language import own as said
from sim.app.repeat import package
from sim.scenario.changes import clashes as clashes_of
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import Source
from sim.scenario.levers import levers_of
from sim.scenario.references import Finder
from sim.scenario.scenario import Scenario

S, T, P = words("shared"), words("analyse"), words("problems")
_HOLE = re.compile(r"\{(\w+)\}")
_DEEPEST = 3


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a file, in the language of the screen.

    Attributes:
        line: Line from 1; 0 when the whole file is meant.
        path: Keys from the top, joined by dots.
        reason: What is wrong.
        found, allowed: What stands there, and what may stand there; "" = does not apply.
        hint: What to do.
        text: The line itself, as it was written.
    """

    line: int
    path: str
    reason: str
    found: str
    allowed: str
    hint: str
    text: str = ""


def check(text: str) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario that a text describes, or all that is wrong with it; nothing is kept.

    The reader is that of `doorstroom validate`, behind the limits for what comes from a visitor.
    """
    try:
        scenario = own.check(text)
    except ScenarioError as error:
        return None, findings(error.problems, text)
    return scenario, ()


def findings(problems: Sequence[Problem], text: str = "") -> tuple[Finding, ...]:
    """Problems in the language of the screen, in the order of their lines, with the line that is meant.

    A problem of another file says so: a visitor can build on a shipped file and cannot mend it.
    """
    rows = text.splitlines()
    found = []
    for p in problems:
        mine = p.file in (own.FILE, "") or p.file.startswith("scenario '")
        path = p.path if mine else f"{p.file}: {p.path}".rstrip(": ")
        row = rows[p.line - 1].strip() if mine and 0 < p.line <= len(rows) else ""
        # A line of comment is never what is wrong: the whole file lacks something.
        row = "" if row.startswith("#") else row
        found.append(
            Finding(
                p.line if mine else 0, path, told(p.reason), told(p.found), told(p.allowed), told(p.hint), row
            )
        )
    return tuple(found)


def told(text: str, depth: int = 0) -> str:
    """A text of the strict reader in the language of the screen; as it is when nobody wrote it in that language."""
    if current() == "en" or not text or depth > _DEEPEST:
        return text
    for pattern, template in _templates(current()):
        match = pattern.fullmatch(text)
        if match is not None:
            parts = {name: told(part, depth + 1) for name, part in match.groupdict().items()}
            if "low" in parts and "unit" in parts:
                parts["unit"] = S.UNITS.get(parts["unit"], parts["unit"])
            return template.format(**parts)
    return text


@cache
def _templates(lang: Lang) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pattern of each English text, and its text in a language; those with fewer holes first."""
    english = spoken("problems", "en")
    groups = {"REASONS": P.REASONS, "ALLOWED": P.ALLOWED, "HINTS": P.HINTS, "WHAT": P.WHAT}
    pairs = [(english[group][name], text) for group, texts in groups.items() for name, text in texts.items()]
    pairs.sort(key=lambda pair: (len(_HOLE.findall(pair[0])), -len(pair[0])))
    return tuple((_pattern(text), told_as) for text, told_as in pairs)


def _pattern(text: str) -> re.Pattern[str]:
    parts = _HOLE.split(text)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), re.DOTALL
    )


@dataclass(frozen=True)
class Clash:
    """Two ideas that set one lever at one time, each to something else.

    Attributes:
        first, second: The ideas.
        lever: Title of the lever.
    """

    first: Scenario
    second: Scenario
    lever: str

    @property
    def sentence(self) -> str:
        """The clash in words, with what to do."""
        return str(
            T.CLASH.format(first=said(self.first.title), second=said(self.second.title), lever=self.lever)
        )


def clashes(scenarios: Sequence[Scenario]) -> tuple[Clash, ...]:
    """Which of these ideas cannot be done together, two by two; each lever of a pair once."""
    found = []
    for first, second in combinations(scenarios, 2):
        for path in first.levers:
            # What both took over from one file is one change, not two.
            if path not in second.levers or first.origin.get(path) == second.origin.get(path):
                continue
            both = {path: (*first.levers[path], *second.levers[path])}
            if clashes_of(both, {}, Finder(Source("", {}, {}))):
                title = said(levers_of(first.region, only=path)[path].title)
                found.append(Clash(first, second, title))
    return tuple(found)


def package_text(scenarios: Sequence[Scenario], title: str, region: str) -> str:
    """YAML of a package of these ideas, with a title that a visitor gave it (or one made of theirs)."""
    names: Mapping[str, str] = {
        lang: title.strip() or " + ".join(getattr(s.title, lang) for s in scenarios) for lang in ("nl", "en")
    }
    parts = [s.id.rpartition("/")[2] for s in scenarios]
    return package(parts, id_=id_of(title) or "mijn-pakket", region=region, title=names, sentence=names)


def id_of(title: str) -> str:
    """An id from a title: lower-case letters, digits and single dashes; "" when nothing is left."""
    plain = title.lower().translate(str.maketrans("éèëêïíöóüúáàäç", "eeeeiioouuaaac"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")


@dataclass(frozen=True)
class LeverRow:
    """One lever that a file may set."""

    path: str
    title: str
    today: float | str
    allowed: str
    unit: str


def lever_list(scenario: Scenario) -> tuple[LeverRow, ...]:
    """All levers of a region, in the order of their definitions, as a file names them."""
    rows = []
    for lever in levers_of(scenario.region).values():
        d = lever.definition
        if d.shock:
            continue
        allowed = (
            ", ".join(d.options)
            if d.kind == "choice"
            else "0, 1"
            if d.kind == "switch"
            else f"{d.low:g} – {d.high:g}"
        )
        rows.append(LeverRow(lever.path, said(lever.title), lever.today, allowed, d.unit))
    return tuple(rows)
