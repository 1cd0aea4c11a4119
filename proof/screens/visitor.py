"""A visitor of the dashboard in a real Chromium, of whom every request is looked at."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from sim.app.language import LANGUAGES, spoken

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
STANDARDS = Path(__file__).with_name("standards.js")
STOP = [spoken("shared", lang)["STOP"] for lang in LANGUAGES]
"""Words of the button that is there as long as something is being calculated."""
PATIENCE = 60_000
"""Milliseconds until a screen that does not come is a failure: a busy machine takes ten times what a free one does."""
SECONDS_TO_SETTLE = 240.0
"""The same for a page of which all must still be calculated."""
QUIET = 0.35
"""Seconds without work after which a screen counts as settled: longer than between two runs of one click."""


@dataclass(frozen=True)
class Size:
    """A window.

    Attributes:
        name: For tables.
        width, height: In CSS pixels.
        zoom: How much larger everything is drawn.
    """

    name: str
    width: int
    height: int
    zoom: float = 1.0


PHONE = Size("390 × 844", 390, 844)
PROJECTOR = Size("1280 × 720", 1280, 720)
# Zoom to 125 % leaves 1024 × 576 CSS pixels of a window of 1280 × 720.
ZOOMED = Size("1280 × 720 at 125 %", 1024, 576, 1.25)
WIDE = Size("1920 × 1080", 1920, 1080)
SIZES = (PHONE, PROJECTOR, ZOOMED, WIDE)


def chromium() -> str:
    """Path of a Chromium.

    Raises:
        RuntimeError: There is none; a test then fails, because a skipped test looks like a passed one.
    """
    found = next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *NAMES)))), None)
    if found is None:
        raise RuntimeError(
            "no Chromium found: install one, or set CHROMIUM to its path (make test does both)"
        )
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """One Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        expect.set_options(timeout=PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One visitor: a browser of its own (nothing is shared with other visits) with one page.

    Attributes:
        page: The page.
        away: Requests that would have left this machine; they were stopped.
        errors: What the browser's console and scripts complained of.
    """

    page: Page
    away: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, url: str) -> None:
        """Open an address and wait until everything that it shows is there."""
        self.page.goto(url)
        settle(self.page)


@contextmanager
def visiting(browser: Browser, size: Size = PROJECTOR) -> Iterator[Visit]:
    """A visitor whose requests are counted; what would leave the machine is stopped."""
    window: ViewportSize = {"width": size.width, "height": size.height}
    context = browser.new_context(
        viewport=window, device_scale_factor=size.zoom, locale="nl-NL", accept_downloads=True,
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    try:
        yield watched(context)
    finally:
        context.close()


def watched(context: BrowserContext) -> Visit:
    """A new page in a browser, of which every request is looked at."""
    context.add_init_script(path=STANDARDS)
    visit = Visit(context.new_page())
    visit.page.set_default_timeout(PATIENCE)

    def leaves(url: str) -> bool:
        outside = is_outside(url)
        if outside:
            visit.away.append(url)
        return outside

    context.route("**/*", lambda route: route.abort() if leaves(route.request.url) else route.continue_())
    visit.page.on("websocket", lambda socket: leaves(socket.url))
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    return visit


def is_outside(url: str) -> bool:
    """Whether an address is of another machine."""
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob", "about") and parts.hostname not in ("127.0.0.1", "localhost")


def settle(page: Page) -> None:
    """Wait until nothing runs, nothing is being calculated and every chart is drawn.

    Raises:
        TimeoutError: That did not come.
    """
    page.wait_for_selector('[data-testid="stApp"]')
    reason = ""
    end, quiet_since = time.monotonic() + SECONDS_TO_SETTLE, 0.0
    while time.monotonic() < end:
        if reason := page.evaluate("stop => standards.busy(stop)", STOP):
            quiet_since = 0.0
        elif not quiet_since:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= QUIET:
            return
        page.wait_for_timeout(60)
    raise TimeoutError(f"{page.url} was not done within {SECONDS_TO_SETTLE:.0f} s: it {reason}")
