"""The pages of docs/: those that are made are up to date, and no link leads nowhere."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import sim
from sim.indicators import INDICATORS
from sim.scenario.definitions import DEFINITIONS
from sim.scenario.describe import number_rows
from sim.scenario.levers import levers_of
from sim.scenario.region import Mechanisms
from sim.scenario.resolve import catalogue

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "scripts" / "generate_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def made() -> dict[str, str]:
    return generator().pages()


def test_the_reference_is_as_fresh_as_its_definitions():
    found = {
        p.relative_to(DOCS / "reference").as_posix(): p.read_text(encoding="utf-8")
        for p in sorted((DOCS / "reference").rglob("*.md"))
    }
    old = [name for name in sorted(found.keys() | made().keys()) if found.get(name) != made().get(name)]
    assert not old, f"run 'make docs': {len(old)} pages differ from their definitions, the first is {old[0]}"


def test_pages_are_the_same_each_time():
    assert generator().pages() == made()


def test_every_lever_and_indicator_has_its_page():
    assert {f"levers/{d.role}-{d.key}.md" for d in DEFINITIONS} <= made().keys()
    assert {f"indicators/{name}.md" for name in INDICATORS} <= made().keys()
    for name, indicator in INDICATORS.items():
        page = made()[f"indicators/{name}.md"]
        assert indicator.title.nl in page and indicator.title.en in page


def test_a_lever_page_tells_who_sets_it():
    levers = levers_of(sim.load("baseline").region)
    for scenario in catalogue():
        for path in scenario.levers:
            d = levers[path].definition
            assert f"| `{scenario.id}` | `{path}` |" in made()[f"levers/{d.role}-{d.key}.md"]


def test_every_assumption_stands_there_once_with_its_source():
    pages = [text for name, text in made().items() if name.startswith("assumptions/")]
    for row in number_rows(sim.load("baseline")):
        holding = [text for text in pages if f"| path | `{row.path}` |" in text]
        assert len(holding) == 1, row.path
        assert " ".join(row.source.split()).replace("|", "\\|")[:40] in holding[0]


def test_no_link_leads_nowhere():
    texts = {page: page.read_text(encoding="utf-8") for page in WRITTEN}
    dead = []
    for page, text in texts.items():
        for link in LINK.findall(text):
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if re.match(r"https?:|mailto:", link):
                continue
            if not target.exists() or (anchor and anchor not in anchors(texts[target])):
                dead.append(f"{page.relative_to(ROOT).as_posix()}: {link}")
    assert not dead


def anchors(text: str) -> set[str]:
    """Names that a link may point at: those given by hand, and those that hosts make from headings."""
    made_from_headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)
    }
    return made_from_headings | set(ANCHOR.findall(text))


def test_every_loop_names_switches_and_tests_that_exist():
    text = (DOCS / "feedback.md").read_text(encoding="utf-8")
    loops = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [loop.split()[0] for loop in loops] == [f"FB{n}" for n in range(16)]
    for loop in loops:
        switch = re.search(r"^- Switch: (.*?)^- Holds it: ", loop, re.MULTILINE | re.DOTALL)
        assert switch is not None, loop
        assert set(re.findall(r"`(\w+)`", switch[1])) <= set(Mechanisms.model_fields)
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", loop)
        assert named, loop
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_the_page_of_architecture_names_every_file_of_the_model():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    files = {p.name for p in (ROOT / "sim" / "model").glob("*.py")} - {"__init__.py"}
    assert {name for name in files if name not in text} == set()
    of_a_replication = text[text.index("## One replication") : text.index("## Cells and lists")]
    assert set(re.findall(r"`(\w+\.py)`", of_a_replication)) <= files
