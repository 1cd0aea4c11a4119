"""Every page of the dashboard in a real Chromium, in both languages and in four windows, and the ways through it.

In each window a page must show no error, send nothing away from this machine, break no rule of WCAG 2.1 A or AA that
axe-core knows, need no scrolling sideways, say which language it is in, avoid the words that the project agreed not to
use, and be usable with Tab alone, with the focus in sight. The ways through the dashboard (`proof/screens/ways.py`)
are walked as a visitor would. Runs are few and short: this is about screens, not numbers. Zero is what is asked for
unless the rule says otherwise. A window of 1280 × 720 at 125 % is one of 1024 × 576 in which everything is drawn larger.

Cases that were done stand in `results/proof-screens/`, so a stopped proof goes on: `python -m proof screens`. One case
alone, which writes nothing: `python -m proof.screens verken-nl`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Error as PlaywrightError

from proof import lines
from proof.lines import CROSS, Line
from proof.pool import Map
from proof.screens.site import ROOT, serving
from proof.screens.standards import axe, exceptions, language, leftovers, overflow, tab_through, unwanted
from proof.screens.step import Step, World, so
from proof.screens.visitor import PROJECTOR, SIZES, Size, Visit, browsing, visiting
from proof.screens.ways import WAYS
from proof.table import Check, Part, inputs
from sim.app.asked import Asked
from sim.app.choice import Choice

IDEA = "sbo-in-gewone-scholen"
OTHERS = ("wijkobservatiegroepen", "grotere-klassen")
PAGES = {
    "Verken": "",
    "Vergelijk": "vergelijk",
    "Routes": "routes",
    "Analyse": "analyse",
    "Aannames": "aannames",
}
LANGUAGES = {"nl": "in Dutch", "en": "in English"}
KEPT = ROOT / "results" / "proof-screens"


@dataclass(frozen=True)
class Outcome:
    """What a case found: its lines, and in words what was wrong or worth telling."""

    lines: tuple[Line, ...]
    told: tuple[str, ...] = ()


def address(page: str, lang: str) -> str:
    """Path and query of a page with an idea chosen, and others beside it."""
    asked = Asked(
        lang="en" if lang == "en" else "nl",
        choice=Choice((IDEA,)),
        compare=tuple(Choice((idea,)) for idea in (IDEA, *OTHERS)),
    )
    return f"/{PAGES[page]}?{urlencode(asked.to_query(), doseq=True)}"


def names() -> list[str]:
    """Every case: a page in a language, or a way."""
    return [*(f"{page.lower()}-{lang}" for page in PAGES for lang in LANGUAGES), *WAYS]


def looked_at(world: World, page: str, lang: str) -> Outcome:
    """One page in one language, in every window."""
    found: list[Line] = []
    told: list[str] = []
    for size in SIZES:
        with visiting(world.browser, size) as visit:
            restless: list[str] = []
            try:
                visit.go(world.site.url + address(page, lang))
            except (TimeoutError, PlaywrightError) as error:
                restless.append(str(error).splitlines()[0])
            for what, wrong in {"never done": restless, **_wrong(visit, size, lang)}.items():
                found.append(
                    Line(
                        f"{page} {LANGUAGES[lang]}", f"{size.name}{CROSS}{what}", 0.0, float(len(wrong)), 0.0, 1,
                        "0 everywhere", not wrong,
                    )
                )  # fmt: skip
                told += [f"{page} {LANGUAGES[lang]}, {size.name}, {what}: {text}" for text in wrong[:4]]
            if size is PROJECTOR and lang == "nl":
                english = leftovers(visit.page)
                if english:
                    told.append(f"{page}: English words of Streamlit itself that stay: {', '.join(english)}.")
    return Outcome(tuple(found), tuple(told))


def _wrong(visit: Visit, size: Size, lang: str) -> dict[str, Sequence[str]]:
    """Per check what is wrong: nothing when it holds."""
    said = language(visit.page)
    wrong: dict[str, Sequence[str]] = {
        "errors on screen": exceptions(visit.page),
        "errors in the browser": visit.errors,
        "rules of WCAG broken": axe(visit.page),
        "parts outside the window": overflow(visit.page),
        "wrong language": [] if said == lang else [said or "none"],
        "words not to use": unwanted(visit.page) if lang == "nl" else [],
    }
    if size is PROJECTOR:
        walk = tab_through(visit.page)
        wrong["out of reach of Tab"] = walk.missed
        wrong["focus out of sight"] = walk.unseen
        wrong["traps"] = () if walk.ended else ("Tab never left the page",)
    wrong["requests away"] = visit.away
    return wrong


def outcome(world: World, name: str) -> Outcome:
    """Run one case."""
    for page in PAGES:
        for lang in LANGUAGES:
            if name == f"{page.lower()}-{lang}":
                return looked_at(world, page, lang)
    title = (WAYS[name].__doc__ or name).splitlines()[0].rstrip(".")
    found: list[Step] = []
    try:
        found.extend(WAYS[name](world))
    except (PlaywrightError, AssertionError, TimeoutError) as error:
        found.append(so("the way can be walked to its end", False, str(error).splitlines()[0]))
    made = tuple(
        Line(title, step.what, step.expected, step.found, 0.0, 1, step.rule, step.holds) for step in found
    )
    return Outcome(made, tuple(f"{title}: {s.what}: {s.told}" for s in found if s.told))


def checks(full: bool, _: Map[object]) -> Iterator[Check]:
    """All cases, those that were done before from their file; the thin version looks at one page."""
    todo = names() if full else names()[:1]
    _TOLD.clear()
    kept = KEPT / hashlib.sha256(json.dumps(inputs(PART), sort_keys=True).encode()).hexdigest()[:12]
    done = {name: _read(kept / f"{name}.json") for name in todo if full and (kept / f"{name}.json").exists()}
    for name, found in run([n for n in todo if n not in done]):
        if full:
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{name}.json").write_text(json.dumps(asdict(found)), encoding="utf-8")
        done[name] = found
        for line in found.lines:
            state = "holds" if line.holds else "FAILS"
            print(f"  {state}  {name}: {line.what}: {line.found:g}", file=sys.stderr, flush=True)
    for name in todo:
        _TOLD.extend(done[name].told)
        yield from done[name].lines


_TOLD: list[str] = []


def run(todo: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
    """Run these cases on one server with one browser, and give each as it is done."""
    if not todo:
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstroom-screens-")))
        world = World(stack.enter_context(serving(folder)), stack.enter_context(browsing()), folder)
        for name in todo:
            yield name, outcome(world, name)


def _read(path: Path) -> Outcome:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Outcome(tuple(Line(**line) for line in data["lines"]), tuple(data["told"]))


def _page(part: Part, found: Sequence[Line]) -> str:
    return lines.page(part, found, tuple(_TOLD))


PART = Part(
    "screens", "The screens, in a real browser", __doc__ or "",
    reads={"screens": ("sim/app", "sim/charts"), "walked": ("proof/screens",)},
    seed=1,
    page=_page,
)  # fmt: skip
