"""Pages of the documentation that the screen shows: what has no lever, and the accessibility statement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import sim
from sim.charts.language import Lang

ROOT = Path(str(sim.__file__)).parents[1]
CONTEXT, STATEMENT = Path("docs/context.md"), Path("docs/accessibility.md")
_ITEM = re.compile(r"\*\*(?P<id>[A-Z]\d+) (?P<title>.+?)\.\*\* (?P<text>.+)")
_ENGLISH = re.compile(r"\*(?P<text>[^*].*)\*")
_HEADS: dict[Lang, str] = {"nl": "# Nederlands\n", "en": "# English\n"}
_BLANK = re.compile(r"\[[^\]]+\](?!\()")


@dataclass(frozen=True)
class Item:
    """One thing that the documents name and that has no lever.

    Attributes:
        id: Its number.
        title: What it is; empty in English, where title and reason are one text.
        text: Why it has no lever.
    """

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Statement:
    """The accessibility statement in one language, and whether something is left to fill in."""

    text: str
    unfinished: bool


def context(lang: Lang, root: Path = ROOT) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """What has no lever, by group; empty when the page is not beside the program."""
    path = root / CONTEXT
    if not path.is_file():
        return ()
    groups: list[tuple[str, list[Item]]] = []
    number = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            dutch, _, english = line[3:].partition(" · ")
            groups.append((dutch if lang == "nl" else english or dutch, []))
        elif found := _ITEM.fullmatch(line):
            number = found["id"]
            if lang == "nl":
                groups[-1][1].append(Item(number, found["title"], found["text"]))
        elif lang == "en" and number and (found := _ENGLISH.fullmatch(line)):
            title, _, text = found["text"].partition(". ")
            groups[-1][1].append(Item(number, title, text))
            number = ""
    return tuple((title, tuple(items)) for title, items in groups if items)


def statement(lang: Lang, named: Path | None = None) -> Statement | None:
    """The accessibility statement in the file that is named, else beside the program; None when there is none."""
    path = named or ROOT / STATEMENT
    if not path.is_file():
        return None
    _, found, rest = path.read_text(encoding="utf-8").partition(_HEADS[lang])
    if not found:
        return None
    text = re.split(r"^# ", rest, maxsplit=1, flags=re.MULTILINE)[0].strip()
    return Statement(text, bool(_BLANK.search(text)))
