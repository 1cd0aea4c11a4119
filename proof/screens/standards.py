"""What every screen must keep to, whatever it shows: each function tells what is wrong, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
MOST_STOPS = 600
"""Presses of Tab after which a page has no end: a trap."""
UNWANTED = (
    r"verliezers?", r"losers?", r"worst case", r"naïe[fv]e?", r"adverse twin", r"beste idee", r"p\(best\)", r"winnaars?",
    r"optimaa?le?", r"ernst", r"severity", r"iq", r"drang en dwang", r"tegen de zin", r"zittenden", r"wachtrij(en)?",
    r"gevallen", r"vangnet wordt gebruikt", r"sbo (sluiten|stopt|sluit)", r"entiteiten", r"baseline", r"mediaan",
    r"parameters?", r"betrouwbaarheidsinterval",
)  # fmt: skip
"""Words that Dutch screens do not use (the house's list), each with a word of its own on both sides."""
STREAMLIT = (
    "Main menu", "Link to heading", "Help for", "Remove", "Clear all", "Decrement", "Increment", "Upload", "file upload",
    "Drag and drop", "Browse files", "Limit", "Download plot", "Zoom", "Pan", "Autoscale", "Reset axes", "Fullscreen",
    "View fullscreen", "Show/hide columns", "Download as CSV", "Search", "Copy to clipboard", "Skip to main content",
    "Select all", "No results", "Choose an option", "Choose options", "Close", "Press Enter", "Open", "Toggle", "Deploy",
    "Running", "Rerun", "Manage app",
)  # fmt: skip
"""What Streamlit 1.67 says in English whatever the page does; a word of it on screen is told as a finding."""


def exceptions(page: Page) -> list[str]:
    """Errors on screen: what Streamlit shows when a script broke, in its own box or in ours."""
    return page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').all_inner_texts()


def overflow(page: Page) -> list[str]:
    """What sticks out of the window to the right, so that a reader would have to scroll sideways."""
    found: list[str] = page.evaluate("() => standards.overflow()")
    return found


def axe(page: Page) -> list[str]:
    """What breaks WCAG 2.1 A or AA, as axe-core sees it: rule, how many, and the first place."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - half a megabyte, only where it is used

    options: dict[str, Any] = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": list(WCAG)},
    }
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{v['id']} ({v['impact']}) × {len(v['nodes'])}: {v['nodes'][0]['target'][0]} — {v['help']}"
        for v in found
    ]


def language(page: Page) -> str:
    """The language that the page says it is in."""
    return page.locator("html").get_attribute("lang") or ""


@dataclass(frozen=True)
class Walk:
    """What Tab comes past.

    Attributes:
        reached: What has been in focus, by its name, in order.
        missed: What can be used with a mouse and was never in focus.
        unseen: What had the focus without looking different.
        ended: Whether the focus left the page at its end, so that there is no trap.
    """

    reached: tuple[str, ...]
    missed: tuple[str, ...]
    unseen: tuple[str, ...]
    ended: bool


def tab_through(page: Page) -> Walk:
    """Press Tab from the top of the page to its end."""
    page.evaluate("() => standards.begin()")
    reached: list[str] = []
    unseen: list[str] = []
    missed: list[str] = []
    ended = False
    # A part that was drawn anew in between takes the focus to the top: then the way is gone once more.
    for _ in range(2):
        ended = False
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            name, again, seen = page.evaluate("() => standards.stop()")
            if not name:
                ended = True
                break
            if not again:
                reached.append(name)
                unseen += [] if seen else [name]
        missed = page.evaluate("() => standards.missed()")
        if not missed:
            break
    return Walk(tuple(reached), tuple(missed), tuple(unseen), ended)


def unwanted(page: Page) -> list[str]:
    """Words on screen that the project agreed not to use."""
    text = page.locator('[data-testid="stApp"]').inner_text()
    found = re.findall(rf"(?i)(?<![\w-])({'|'.join(UNWANTED)})(?![\w-])", text)
    return sorted({match[0].lower() for match in found})


def leftovers(page: Page) -> list[str]:
    """English words of Streamlit itself on a page: seen, or read aloud."""
    said: list[str] = page.evaluate("() => standards.said()")
    return sorted({text for text in said if re.match(rf"({'|'.join(STREAMLIT)})(?!\w)", text)})
