"""Write docs/screens: every page of the dashboard in both languages, as a visitor sees it (`make screenshots`).

Runs the dashboard with the results of this folder (`results/store`), calculates what is missing there, and opens each
page in Chromium. Numbers on the pictures are those of the model as it is; the pictures change only when the command is
run. Names of pages given on the command line make only those (`make screenshots PAGES=routes`).
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from proof.screens.part import LANGUAGES, PAGES, address
from proof.screens.site import ROOT, Site, serving
from proof.screens.standards import exceptions
from proof.screens.visitor import PHONE, PROJECTOR, WIDE, Size, browsing, visiting

TARGET = ROOT / "docs" / "screens"
MOST_BYTES = 200_000
EVERYWHERE = (PROJECTOR,)
SIZES = {"Verken": (PROJECTOR, PHONE, WIDE)}
ABOUT = {
    "Verken": ("Explore", "What happens if …? One sentence, three figures with their ranges, two charts, and the knobs."),
    "Vergelijk": ("Compare", "Two to five scenarios beside each other: outcomes, causes, for whom it becomes less, who pays."),
    "Routes": ("Routes", "Where children go in a school year, and the same made-up child in two futures."),
    "Analyse": ("Analysis", "Scenarios in YAML with messages at the line, many runs, and all data to take away."),
    "Aannames": ("Assumptions and help", "Every number with its range, grade and source, and what half or double does."),
}  # fmt: skip
HEAD = """<!-- Made by scripts/screenshots.py (make screenshots). -->

# What the dashboard looks like

Every page in Dutch, its own language, and in English, with the idea “SBO becomes part of regular schools” chosen, in a
window of 1280 × 720, the size of an old projector. The first page also on a telephone and on a wide screen.
"""


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        page: Name of the page, in Dutch.
        lang: Language.
        size: Window.
    """

    page: str
    lang: str
    size: Size

    @property
    def file(self) -> str:
        """Name of its file."""
        width = "" if self.size is PROJECTOR else f"-{self.size.width}"
        return f"{self.page.lower()}-{self.lang}{width}.png"


def shots() -> Iterator[Shot]:
    """All pictures, page by page."""
    for page in PAGES:
        for lang in LANGUAGES:
            yield from (Shot(page, lang, size) for size in SIZES.get(page, EVERYWHERE))


def take(site: Site, browser: Browser, shot: Shot) -> bytes:
    """Open the page, wait until its answer is final, and picture it.

    Raises:
        RuntimeError: The page shows an error.
    """
    with visiting(browser, shot.size) as visit:
        visit.go(site.url + address(shot.page, shot.lang))
        if wrong := exceptions(visit.page):
            raise RuntimeError(f"{shot.file}: {wrong[0]}")
        visit.page.wait_for_timeout(300)
        return visit.page.screenshot(animations="disabled")


def smaller(png: bytes) -> bytes:
    """The same picture with as many colours as fit in `MOST_BYTES`: screens have few."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = png
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        small = out.getvalue()
        if len(small) <= MOST_BYTES:
            break
    return small


def page() -> str:
    """`docs/screens/README.md`: all pictures with what they show."""
    out = [HEAD]
    for name in PAGES:
        english, about = ABOUT[name]
        out.append(f"## {name} · *{english}*\n\n{about}\n")
        for shot in (s for s in shots() if s.page == name):
            out.append(f"![{name}, {LANGUAGES[shot.lang]}, {shot.size.name}]({shot.file})\n")
    return "\n".join(out)


def main(asked: Sequence[str]) -> int:
    """Make the pictures of these pages, or of all.

    Returns:
        0; 2 when there is no such page.
    """
    wanted = [name for name in PAGES if not asked or name.lower() in asked]
    if len(wanted) < len(set(asked)):
        print(f"there are: {', '.join(PAGES).lower()}", file=sys.stderr)
        return 2
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="doorstroom-screenshots-") as folder:
        settings = {"DOORSTROOM_STORE": str(ROOT / "results" / "store")}
        with serving(Path(folder), settings) as site, browsing() as browser:
            for shot in shots():
                if shot.page in wanted:
                    (TARGET / shot.file).write_bytes(smaller(take(site, browser, shot)))
                    print(f"docs/screens/{shot.file}", flush=True)
    (TARGET / "README.md").write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
