"""All that matters of a screen, as one frozen value that is written in its link and read from it again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.app.choice import Choice, ChoiceError, parse
from sim.app.language import LANGUAGES, Lang

LANGUAGE, CHOICE, BASELINE, COMPARED, YEAR, VERSION = "taal", "wat", "tegen", "met", "jaar", "versie"
MOST_COMPARED = 5
_NAMES = (LANGUAGE, CHOICE, BASELINE, COMPARED, YEAR, VERSION)
_YEAR = re.compile(r"\d{4}-\d{4}")
_VERSION = re.compile(r"[0-9A-Za-z. ()+-]{1,40}")
_EXTRA_NAME, _EXTRA_MOST = re.compile(r"[a-z_]{1,20}"), 200


@dataclass(frozen=True)
class Asked:
    """What a visitor asked to see.

    Attributes:
        lang: Language.
        choice: What is in colour.
        baseline: What it is compared with; by default carrying on as we do.
        compare: What stands beside each other on Vergelijk.
        year: School year on screen; "" = as the page prefers.
        version: Version of the model with which a link was made; "" = the present one.
        extra: Settings of single pages that are kept in the link: name -> value.
        broken: Part of the link could not be read, and was left out.
    """

    lang: Lang = "nl"
    choice: Choice = field(default_factory=Choice)
    baseline: Choice = field(default_factory=Choice)
    compare: tuple[Choice, ...] = ()
    year: str = ""
    version: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False

    def to_query(self) -> dict[str, str | list[str]]:
        """As parameters of a link; what is as usual is left out."""
        query: dict[str, str | list[str]] = {}
        if self.lang != "nl":
            query[LANGUAGE] = self.lang
        for name, value in ((CHOICE, str(self.choice)), (BASELINE, str(self.baseline)), (YEAR, self.year)):
            if value:
                query[name] = value
        if self.compare:
            query[COMPARED] = [str(choice) for choice in self.compare]
        query |= {name: value for name, value in sorted(self.extra.items()) if value}
        if self.version:
            query[VERSION] = self.version
        return query


def from_query(query: Mapping[str, Sequence[str]]) -> Asked:
    """Read a link; what cannot be read is left out and marked, never repeated on screen.

    Args:
        query: Name -> values, in their order.
    """

    def last(name: str) -> str:
        values = query.get(name, ())
        return values[-1] if values else ""

    broken = (bool(last(YEAR)) and not _YEAR.fullmatch(last(YEAR))) or last(LANGUAGE) not in ("", *LANGUAGES)

    def choice(text: str) -> Choice:
        nonlocal broken
        try:
            return parse(text)
        except ChoiceError:
            broken = True
            return Choice()

    lang: Lang = next((known for known in LANGUAGES if known == last(LANGUAGE)), "nl")
    year, version = last(YEAR), last(VERSION)
    compare = tuple(dict.fromkeys(choice(text) for text in list(query.get(COMPARED, ()))[:MOST_COMPARED]))
    extra = {
        name: last(name)
        for name in query
        if name not in _NAMES and _EXTRA_NAME.fullmatch(name) and len(last(name)) <= _EXTRA_MOST
    }
    return Asked(
        lang=lang,
        choice=choice(last(CHOICE)),
        baseline=choice(last(BASELINE)),
        compare=compare,
        year=year if _YEAR.fullmatch(year) else "",
        version=version if _VERSION.fullmatch(version) else "",
        extra=extra,
        broken=broken,
    )
