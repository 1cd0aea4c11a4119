"""The dashboard in a real Chromium: choose, turn a knob with the keyboard, see sentence, chart and table change."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from proof.screens.site import serving
from proof.screens.visitor import browsing, visiting
from sim.scenario.quantity import GRADE_MEANING

IDEA = "SBO gaat op in gewone scholen"
KNOB = "Basisonderwijs: plekken voor extra hulp (kinderen)"
# Two short runs of each: this test is about the screen.
SMALL = {"DOORSTROOM_REPLICATIONS": "2", "DOORSTROOM_YEARS": "3"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, list[str]]]:
    """A page that only this machine serves: every other request is blocked and remembered."""
    folder = tmp_path_factory.mktemp("dashboard")
    with serving(folder, SMALL) as site, browsing() as browser, visiting(browser) as visitor:
        visitor.page.goto(site.url)
        yield visitor.page, visitor.away


def settle(page: Page) -> None:
    """Wait until the answer is final: nothing in grey, nothing left to calculate, two charts."""
    expect(page.get_by_role("button", name="Stop met rekenen")).to_have_count(0)
    expect(page.locator(".st-key-answer")).to_have_css("opacity", "1")
    expect(page.locator(".js-plotly-plot .gtitle")).to_have_count(2)


def lines(page: Page) -> list[str]:
    """Shapes of all lines and bands in the chart of the waiting list."""
    return (
        page.locator(".js-plotly-plot")
        .first.locator("path.js-line, path.js-fill")
        .evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    )


def numbers(page: Page, column: int) -> list[str]:
    """One column of the table of outcomes."""
    cells = page.locator("table.ds").first.locator(f"tbody td:nth-of-type({column})")
    return cells.all_inner_texts()


def test_choose_turn_and_read(visit: tuple[Page, list[str]]) -> None:
    page, away = visit
    sentence = page.locator(".ds-answer")

    # First screen: question, answer, figures and both charts, without scrolling, in Dutch.
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat gebeurt er met de wachtlijst als …?")
    expect(sentence).to_contain_text("Als we zo doorgaan")
    settle(page)
    assert page.locator("html").get_attribute("lang") == "nl"
    assert page.locator(".ds-figures dt").count() == 6
    for chart in page.locator(".js-plotly-plot").all():
        box = chart.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 720
    assert (
        page.locator(
            '[data-testid="stPlotlyChart"] [aria-label], [data-testid="stPlotlyChart"][aria-label]'
        ).count()
        >= 2
    )

    # Choose an idea.
    before = lines(page)
    page.get_by_role("checkbox", name=IDEA, exact=True).check(force=True)
    expect(sentence).to_contain_text(f"Met ‘{IDEA}’")
    expect(sentence).to_contain_text("SBO neemt geen nieuwe kinderen aan")
    table = page.locator("table.ds").first
    expect(table.locator("thead")).to_contain_text(IDEA)
    settle(page)
    assert lines(page) != before
    chosen, chosen_lines = numbers(page, 2), lines(page)
    assert chosen != numbers(page, 1)

    # Turn a knob with the keyboard: its range and today's value come from the lever.
    knob = page.get_by_role("slider", name=KNOB)
    expect(knob).to_have_value("100")
    knob.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    expect(knob).to_have_value("60")
    expect(sentence).to_contain_text("Met ‘Eigen keuze’")
    expect(table.locator("thead")).to_contain_text("Eigen keuze")
    expect(page.locator(".js-plotly-plot").first).to_contain_text("Eigen keuze")
    settle(page)
    assert numbers(page, 2) != chosen
    assert lines(page) != chosen_lines

    # Where numbers come from, and the line that is always in sight.
    footer = page.get_by_text(re.compile("Dit is een berekening, geen voorspelling"))
    expect(footer).to_be_in_viewport()
    expect(page.get_by_text(GRADE_MEANING["A"]["nl"]).first).to_be_attached()

    # Put the knob back.
    page.get_by_role("button", name="Herstel").click()
    expect(sentence).to_contain_text(f"Met ‘{IDEA}’")
    expect(knob).to_have_value("100")

    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0
    assert away == []


def test_why_this_may_be_trusted(visit: tuple[Page, list[str]]) -> None:
    page, away = visit
    page.reload()
    settle(page)
    page.get_by_role("checkbox", name=IDEA, exact=True).check(force=True)
    expect(page.locator(".ds-answer")).to_contain_text(f"Met ‘{IDEA}’")
    page.get_by_role("link", name="Waarom kunt u dit vertrouwen?").click()

    # First screen: the short answer with the score, and what not to use the model for.
    expect(page.get_by_role("heading", level=1)).to_have_text("Waarom kunt u dit vertrouwen, en waar niet?")
    cards = page.locator(".ds-cards")
    expect(cards).to_contain_text(re.compile("toetsen van het rekenwerk slagen"))
    expect(cards).to_contain_text(re.compile("‘zelfde als vorig jaar’|nog geen score"))
    expect(cards).to_contain_text(re.compile("getallen zijn een aanname van de makers"))
    avoid = page.locator(".ds-avoid").bounding_box()
    assert avoid is not None and avoid["y"] + avoid["height"] <= 720

    # The register of assumptions, with range, source and date.
    page.get_by_text("Waar rusten de uitkomsten op?").click()
    register = page.get_by_role("region", name="Alle andere getallen met graad E of D")
    expect(register).to_be_visible()
    assert register.locator("tbody tr").count() > 100
    assert register.locator("tbody tr").first.locator("td").count() == 7

    # The whole report as one file, also in English.
    with page.expect_download() as saving:
        page.get_by_role("button", name="Bewaar het hele rapport").click()
    saved = saving.value.path().read_text(encoding="utf-8")
    assert saving.value.suggested_filename == "doorstroom-vertrouwen-nl.html" and '<html lang="nl">' in saved
    page.get_by_text("In English", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why can you trust this, and where not?")

    # What was chosen is still chosen after this visit.
    page.get_by_role("link", name="Verken").click()
    expect(page.locator(".ds-answer")).to_contain_text(f"Met ‘{IDEA}’")
    expect(page.get_by_role("checkbox", name=IDEA, exact=True)).to_be_checked()
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentWarning").count() == 0
    assert away == []


def test_everything_can_be_reached_with_the_keyboard(visit: tuple[Page, list[str]]) -> None:
    page, _ = visit
    page.reload()
    settle(page)
    reached = set()
    for _ in range(150):  # past every idea; a search word makes that list short
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(() => { const e = document.activeElement;"
                " return e.getAttribute('aria-label') || e.innerText || e.closest('label')?.innerText || ''; })()"
            ).strip()
        )
    assert {IDEA, "SBO: groepen", "Herstel", "De uitkomsten naast elkaar"} <= reached, reached
