"""The credibility report of what is in the repository, made once per language, and its parts by kind."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from sim.report.content import Content, Grid, Lang, Notice, Section
from sim.report.credibility import credibility
from sim.scenario.resolve import load

PROOF = Path(__file__).resolve().parents[1] / "docs" / "proof"
DAY = date(2026, 11, 22)


@cache
def shipped(lang: Lang = "en") -> Content:
    """The report on what is in the repository."""
    return credibility(load("baseline"), PROOF, lang, DAY)


def section(content: Content, name: str) -> Section:
    return next(s for s in content.sections if s.id == name)


def grids(part: Section) -> list[Grid]:
    return [b for b in part.blocks if isinstance(b, Grid)]


def notices(part: Section) -> list[Notice]:
    return [b for b in part.blocks if isinstance(b, Notice)]
