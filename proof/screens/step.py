"""One thing that a way through the dashboard found, and what a way can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from proof.screens.site import Site


@dataclass(frozen=True)
class World:
    """What a way can use.

    Attributes:
        site: A running dashboard with few, short runs.
        browser: Chromium.
        folder: For files of this proof.
    """

    site: Site
    browser: Browser
    folder: Path


@dataclass(frozen=True)
class Step:
    """One thing that a way found.

    Attributes:
        what: In words.
        found: A number: how many, how long, or 1 for yes.
        expected: What it must be.
        rule: In words.
        holds: Whether it is so.
        told: More in words, when something is wrong or worth telling.
    """

    what: str
    found: float
    expected: float
    rule: str
    holds: bool
    told: str = ""


def so(what: str, found: bool, told: str = "") -> Step:
    """A step that must be so."""
    return Step(what, float(found), 1.0, "yes (1)", found, "" if found else told)


def none(what: str, wrong: Sequence[str]) -> Step:
    """A step of which nothing may be found."""
    return Step(what, float(len(wrong)), 0.0, "none (0)", not wrong, "; ".join(wrong[:4]))


def seconds(what: str, found: float, most: float) -> Step:
    """A step that may take so long."""
    return Step(
        what, round(found, 1), most, f"at most {most:g} s on this machine, which was not free", found <= most
    )
