"""The page of a report: every cell of the content, readable for everyone, and nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from made_report import DAY, grids, shipped
from proof_folder import backtest, make

import sim
from sim.app.explain import blocks
from sim.report.bars import svg
from sim.report.content import Answer, Bar, Bars, Bullets, Content, Grid, Lang, Notice, Paragraph, Section
from sim.report.credibility import credibility
from sim.report.html import html
from sim.scenario.resolve import load

STYLES = Path(str(sim.__file__)).parent / "report" / "templates" / "report.css"
VOID = {"meta", "link", "br", "img", "line", "rect"}


class Page(HTMLParser):
    """Elements, cells of tables and the text of a page; complains about what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {k: v or "" for k, v in attrs}))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.found if tag in tags]


@cache
def page(lang: Lang = "nl") -> Page:
    return Page(html(shipped(lang)))


def ids(found: Page) -> Iterator[str]:
    return (attrs["id"] for _, attrs in found.found if "id" in attrs)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_cell_of_the_content_is_on_the_page(lang: Lang) -> None:
    wanted = [list(r) for s in shipped(lang).sections for g in grids(s) for r in (g.header, *g.rows)]
    assert page(lang).rows == wanted


def test_the_page_can_be_read_by_everyone() -> None:
    found = page()
    assert found.all("html") == [{"lang": "nl"}]
    assert len(found.all("h1")) == 1 and len(found.all("main")) == 1 and len(found.all("title")) > 0
    levels = [int(tag[1]) for tag, _ in found.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    assert all(attrs.get("scope") in ("col", "row") for attrs in found.all("th"))
    assert len(found.all("caption")) == len(found.all("table"))
    names = list(ids(found))
    assert len(names) == len(set(names))
    known = set(names)
    for picture in found.all("svg"):
        assert picture["role"] == "img" and set(picture["aria-labelledby"].split()) <= known
    assert {a["href"] for a in found.all("a")} <= {f"#{name}" for name in known}
    assert found.all("a")[0] == {"class": "skip", "href": "#main"}
    # A box that scrolls can be reached with the keyboard and has a name.
    boxes = [attrs for attrs in found.all("div") if attrs.get("class") == "scroll"]
    assert boxes and all(b["tabindex"] == "0" and b["aria-label"] for b in boxes)


def test_english_lines_in_the_dutch_page_say_so() -> None:
    assert any(attrs.get("lang") == "en" for attrs in page().all("tbody"))
    assert not any("lang" in attrs for attrs in page("en").all("tbody"))


def test_nothing_comes_from_outside() -> None:
    text = html(shipped())
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", text)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", text)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "white"), ("quiet", "white"), ("accent", "white"), ("ink", "card"), ("quiet", "card"), ("good", "card"),
        ("bad", "card"), ("ink", "good-pale"), ("good", "good-pale"), ("ink", "bad-pale"), ("bad", "bad-pale"),
    ],
)  # fmt: skip
def test_text_stands_out(ink: str, paper: str) -> None:
    colours = {
        "white": "#FFFFFF",
        **dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", STYLES.read_text(encoding="utf-8"))),
    }
    assert contrast(colours[ink], colours[paper]) >= 4.5


def test_bars_stand_out_and_are_as_long_as_their_values() -> None:
    chart = Bars(
        "Title <b>",
        "In words & more",
        (("a", (Bar("", 2, "2", True),)), ("b", (Bar("", 1, "1"),))),
        2,
        (1, 2, "asked"),
    )
    text = svg(chart, 3)
    found = Page(text)
    assert "Title &lt;b&gt;" in text and "In words &amp; more" in text and "chart-3-title" in set(ids(found))
    long, short = (float(r["width"]) for r in found.all("rect")[1:])
    assert long == 2 * short
    assert all(
        contrast(colour, "#FFFFFF") >= 3
        for colour in re.findall(r"fill: (#[0-9A-F]{6})", text)
        if colour != "#FFF1D6"
    )
    assert contrast("#7A2E0E", "#FFF1D6") >= 4.5


def test_texts_are_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    parts = (
        Paragraph(nasty),
        Notice(nasty, "bad", nasty),
        Bullets((nasty,)),
        Grid(nasty, (nasty,), ((nasty,),), command=nasty),
    )
    content = Content(
        "en",
        nasty,
        nasty,
        nasty,
        (Answer(nasty, "good", nasty, nasty, nasty),),
        Bullets((nasty,)),
        (Section("a", nasty, parts),),
    )
    for text in (html(content), blocks.short(content) + blocks.section(content.sections[0], "en")):
        assert "<script>alert" not in text and text.count("&lt;script&gt;") > 10


def test_scores_become_charts(tmp_path: Path) -> None:
    folder = make(tmp_path, {"backtest": backtest([9, 11])})
    found = html(credibility(load("baseline"), folder, "nl", DAY, root=tmp_path))
    assert "korter is beter" in found and "hier hoort het te liggen" in found
    assert Page(found).all("svg")
