"""The glossary: complete, plain, and shown where a word first stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sim.app import terms
from sim.app.language import FOLDER, LANGUAGES, Lang, raw, speak
from sim.app.terms import explained, found_in, glossary, line
from sim.indicators import INDICATORS
from sim.scenario.describe import number_rows
from sim.scenario.levers import levers_of
from sim.scenario.quantity import Text
from sim.scenario.resolve import survey

# Two capitals or more, or small letters between capitals (PrO, CvB).
ABBREVIATION = re.compile(r"(?<![\w-])[A-Z][A-Za-z]*[A-Z][A-Za-z0-9]*(?![\w])")
# Names that say all they can: of this program's files and of keys on a keyboard.
KNOWN = {
    "JSON",
    "README",
    "ID",
    "OK",
    "AA",
    "SHA",
    "GB",
    "MB",
    "II",
    "III",
    "DES",
    "STRESS",
    "JavaScript",
    "UTF",
}
# The left column of the table in the rules of the field.
NOT_ON_SCREEN = (
    "sbo sluiten", "sbo stopt", "verliezer", "loser", "worst case", "naïef", "adverse", "beste idee", "winnaar", "optima",
    "ernst", "severity", "drang", "dwang", "tegen de zin", "vangnet", "zittenden", "wachtrij", "gevallen",
)  # fmt: skip
LONGEST = 24  # words in one sentence


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    speak("nl")
    terms.begin()
    yield
    speak("nl")


def known(lang: Lang) -> set[str]:
    return {part for term in glossary(lang) for part in (term.short, *term.also)} | KNOWN


def leaves(node: Any, lang: Lang) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in LANGUAGES and key != lang and set(node) == set(LANGUAGES):
                continue
            yield from leaves(value, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_abbreviation_on_screen_is_in_the_glossary(lang: Lang) -> None:
    found, _ = survey(None, "almere")
    texts: list[Text] = []
    for scenario in found:
        texts += [scenario.title, scenario.sentence, *scenario.assumes, *scenario.risks]
        texts += [once.title for once in scenario.once]
    texts += [row.title for row in number_rows(found[0])]
    for lever in levers_of(found[0].region).values():
        texts += [lever.title, lever.help]
    for kind in found[0].region.place_types.values():
        texts += [kind.title, kind.name or kind.title]
    said = {getattr(text, lang) for text in texts}
    said |= {getattr(i.estimand, lang) for i in INDICATORS.values()}
    for file in FOLDER.glob("*.yaml"):
        if file.stem != terms.FILE:
            said |= set(leaves(dict(raw(file.stem)), lang))
    missing = {word for text in said for word in ABBREVIATION.findall(text)} - known(lang)
    assert not missing, f"write these in sim/app/texts/glossary.yaml: {sorted(missing)}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_glossary_is_plain(lang: Lang) -> None:
    for term in glossary(lang):
        text = " ".join((term.full, term.means)).lower()
        assert not [word for word in NOT_ON_SCREEN if word in text], term.short
        for sentence in re.split(r"(?<=[.?!]) ", term.means):
            assert len(sentence.split()) <= LONGEST, f"{term.short}: {sentence}"
        assert term.means.endswith("."), term.short
        assert term.origin in {"S", "K", "ask", "tool"}, term.short
        assert term.full or not term.is_abbreviation, term.short


def test_types_of_the_region_are_written_out_as_the_region_does() -> None:
    region = survey(None, "almere")[0][0].region
    full = {term.short: term.full for term in glossary("nl")}
    for kind in region.place_types.values():
        assert kind.name is not None
        assert kind.name.nl.startswith(full[kind.title.nl.split(" ")[0]])


def test_an_abbreviation_is_explained_once_where_it_first_stands() -> None:
    html = explained("<p>Het SBO en het SO. Nog eens SBO.</p>")
    assert html.count('class="ds-term"') == 2
    assert html.index("speciaal basisonderwijs") < html.index("Nog eens SBO")
    assert "ds-term" not in explained("<p>SBO</p>"), "it was explained on this page"
    terms.begin()
    assert "ds-term" in explained("<p>SBO</p>"), "a new page explains again"


def test_a_list_of_what_was_explained_can_be_kept_apart() -> None:
    seen: set[str] = set()
    explained("<p>VSO</p>", seen)
    assert seen == {"VSO"}
    assert "ds-term" in explained("<p>VSO</p>"), "the page's own list was left alone"


def test_the_explanation_can_be_reached_with_the_keyboard() -> None:
    assert 'class="ds-term" tabindex="0"' in explained("<p>TLV</p>")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="?x=SBO">SBO</a>', "<button>SBO</button>", "<h2>SBO <b>en SO</b></h2>", "<code>SBO</code>", '<img alt="SBO">',
        "<p>SBOX en ASSEN</p>", "<summary>SBO</summary>", "<!-- SBO -->", '<p title="SBO > SO">x</p>',
    ],
)  # fmt: skip
def test_controls_headings_and_attributes_stay_as_they_are(html: str) -> None:
    assert "ds-term" not in explained(html)


def test_a_control_that_was_left_alone_ends() -> None:
    html = explained("<p><a>SBO</a> SBO</p>")
    assert html.startswith("<p><a>SBO</a> <span")


def test_a_longer_name_comes_first() -> None:
    html = explained("<p>OPDC en PO, SBO-school, S(B)O</p>")
    assert html.count("ds-term") == 4
    assert "SO en SBO samen" in html


def test_a_line_for_under_a_chart() -> None:
    assert line("SBO, VSO en SBO") == "SBO = speciaal basisonderwijs · VSO = voortgezet speciaal onderwijs"
    assert line("niets bijzonders") == ""
    speak("en")
    assert line("SBO") == "SBO = special primary education"
    assert [term.short for term in found_in("the TLV for SO")] == ["TLV", "SO"]


def test_words_find_an_entry() -> None:
    assert [t.short for t in glossary("nl") if t.holds("JEUGDHULP behandeling")] == ["JOA"]
    assert any(t.holds("thuiszitter") and not t.is_abbreviation for t in glossary("nl"))
