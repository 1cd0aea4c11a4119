"""How a visitor reads and uses the page Verken, by the words on it: for tests, proof and benchmarks."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page, expect

from proof.screens.visitor import settle
from sim.app.language import spoken
from sim.scenario.resolve import load

REGION = "almere"
IDEA = "sbo-in-gewone-scholen"
ANSWER, FIGURES, BANNER = ".ds-answer", ".ds-card", ".ds-status"


@cache
def title(idea: str = IDEA) -> str:
    """Dutch title of a shipped scenario."""
    return load(f"{REGION}/{idea}").title.nl


def said(key: str, page: str = "shared") -> str:
    """A Dutch text of a screen."""
    found: str = spoken(page, "nl")[key]
    return found


def begins(key: str, page: str = "shared") -> str:
    """A Dutch text of a screen up to the first thing that is filled in."""
    return said(key, page).partition("{")[0]


def seen(page: Page) -> tuple[str, ...]:
    """What the answer says: the sentence and all figures."""
    return (page.locator(ANSWER).inner_text(), *page.locator(FIGURES).all_inner_texts())


def choose(page: Page, idea: str = IDEA) -> None:
    """One click on an idea."""
    page.get_by_text(title(idea), exact=True).first.click()


def answered(page: Page, words: str) -> None:
    """Wait until the sentence has these words and belongs to what is asked."""
    expect(page.locator(ANSWER)).to_contain_text(words)
    settle(page)


def turn(page: Page, steps: int = 3) -> str:
    """Move the first slider with the arrow keys; returns its name."""
    slider = page.get_by_role("slider").first
    before = page.url
    slider.focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    # A slider tells its position a moment after the last key; until then the page rests, with the old answer.
    expect(page).not_to_have_url(before)
    page.wait_for_timeout(500)
    settle(page)
    return slider.get_attribute("aria-label") or page.locator("label").filter(has=slider).inner_text()
