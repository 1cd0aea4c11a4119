"""Words on screen: every text stands in `sim/app/texts/*.yaml`, in Dutch and English side by side.

Someone who does not program can mend a text there. Style: taalniveau B1, u-form, sentences of about fifteen words,
numbers as digits. What stands between braces is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml import YAML

from sim.charts.language import LANGUAGES, Lang, current, speak

__all__ = ["LANGUAGES", "Lang", "Words", "current", "own", "speak", "words"]

FOLDER = Path(__file__).with_name("texts")


class Told(Protocol):
    """A text of the region, a lever or an indicator, in both languages."""

    @property
    def nl(self) -> str:
        """In Dutch."""

    @property
    def en(self) -> str:
        """In English."""


def own(text: Told) -> str:
    """A text of the region, a lever or an indicator, in the language of this run."""
    found: str = getattr(text, current())
    return found


class Words:
    """The texts of one page; an attribute is the text of that name in the language of this run.

    A group of texts is a dict from name to text.
    """

    def __init__(self, page: str) -> None:
        """Name the page; its file is read when a text is first asked for."""
        self._page = page

    def __getattr__(self, name: str) -> Any:
        """The text, or the group of texts.

        Raises:
            AttributeError: The file has no such text.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        found = spoken(self._page, current())
        if name not in found:
            raise AttributeError(f"sim/app/texts/{self._page}.yaml has no text '{name}'")
        return found[name]


def words(page: str) -> Words:
    """The texts of a page (or `shared`, those of all pages)."""
    return Words(page)


@cache
def spoken(page: str, lang: Lang) -> dict[str, Any]:
    """All texts of a page in one language."""
    told: dict[str, Any] = _in(raw(page), lang)
    return told


@cache
def raw(page: str) -> Mapping[str, Any]:
    """What the file of a page holds: per text `nl` and `en`."""
    with (FOLDER / f"{page}.yaml").open(encoding="utf-8") as file:
        found: Mapping[str, Any] = YAML(typ="safe").load(file)
    return found


def _in(node: Any, lang: Lang) -> Any:
    if isinstance(node, Mapping):
        return node[lang] if set(node) == set(LANGUAGES) else {k: _in(v, lang) for k, v in node.items()}
    return node
