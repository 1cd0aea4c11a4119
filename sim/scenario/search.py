"""Find scenarios by a word that somebody remembers, or by their number in the documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from sim.scenario.scenario import Scenario


def matching(scenarios: Iterable[Scenario], words: Sequence[str]) -> list[Scenario]:
    """Scenarios in which every word stands: in its title, what it says, its id, or its number in the documents.

    Args:
        scenarios: Where to look.
        words: Parts of words, in either language; capitals and accents make no difference.
    """
    return [s for s in scenarios if has(_told(s), words)]


def has(text: str, words: Sequence[str]) -> bool:
    """Whether every word stands in a text."""
    plain = _plain(text)
    return all(_plain(word) in plain for word in words)


def _told(s: Scenario) -> str:
    item = s.source.item if s.source else ""
    return " ".join([s.id, item, *(f"{t.nl} {t.en}" for t in (s.title, s.sentence))])


def _plain(text: str) -> str:
    """Small letters without accents: nobody types those of "één" when searching."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
