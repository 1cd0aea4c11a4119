"""The page on paper: Chromium prints the HTML as a tagged PDF with page numbers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError

NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
_FOOTER = (
    '<div style="width:100%;padding:0 14mm;font:8pt Arial,sans-serif;color:#4B5563;display:flex;'
    'justify-content:space-between"><span class="title"></span><span><span class="pageNumber"></span> / '
    '<span class="totalPages"></span></span></div>'
)


def pdf(page: str, lang: str) -> bytes:
    """Print an HTML page.

    Args:
        page: The page as text; it may not need the network, and gets none.
        lang: Language of the document.

    Raises:
        ScenarioError: Playwright or a Chromium is not there, or Chromium did not print.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise _cannot("a PDF needs playwright", "Install it: python -m pip install '.[report]'.") from error
    try:
        with sync_playwright() as playwright:
            program = chromium() or playwright.chromium.executable_path
            if not Path(program).exists():
                raise _cannot(
                    "a PDF needs Chromium, and none was found",
                    "Install Chromium or Chrome, or name it: CHROMIUM=/path/to/chromium. Or print the HTML from any browser.",
                )
            browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
            try:
                sheet = browser.new_page(locale=lang, offline=True)
                sheet.set_content(page)
                sheet.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
                return sheet.pdf(
                    prefer_css_page_size=True, print_background=True, tagged=True, outline=True, display_header_footer=True,
                    header_template="<span></span>", footer_template=_FOOTER,
                )  # fmt: skip
            finally:
                browser.close()
    except Error as error:
        raise _cannot(
            f"Chromium did not print: {str(error).splitlines()[0]}",
            "Try another with CHROMIUM=/path/to/chromium, or print the HTML from any browser.",
        ) from error


def chromium() -> str | None:
    """Path of the Chromium that the environment names, else of one on the path.

    Raises:
        ScenarioError: The environment names one that is not there.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise _cannot(
                f"CHROMIUM={chosen} is no program", "Name a Chromium or Chrome, or leave CHROMIUM out."
            )
        return found
    return next(filter(None, map(shutil.which, NAMES)), None)


def _cannot(reason: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem("PDF", 0, "", "", reason, "", hint)])
