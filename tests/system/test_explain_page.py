"""The page Aannames in a real Chromium: from a figure to its definition, from a number to what it does to the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from proof.screens.site import serving
from proof.screens.step import World
from proof.screens.visitor import browsing, settle, visiting

# Two short runs of each: this test is about screens.
SMALL = {"DOORSTROOM_REPLICATIONS": "2", "DOORSTROOM_YEARS": "3"}
NUMBER = "region.staff.leraar.sick"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("explain")
    with serving(folder, SMALL) as site, browsing() as browser:
        yield World(site, browser, folder)


def cells(page: Page) -> list[str]:
    """The first row of the table of what the answer becomes."""
    return page.locator("table.ds tbody tr").first.locator("td b").all_inner_texts()


def test_a_number_is_doubled_and_the_link_keeps_it(world: World) -> None:
    with visiting(world.browser) as first:
        page = first.page
        first.go(f"{world.site.url}/aannames?aanname_zoek=ziekteverzuim")
        page.locator(f'details[id="{NUMBER}"] summary').click()
        page.locator(f'details[id="{NUMBER}"]').get_by_role("link", name="Halveer of verdubbel").click()
        expect(page.get_by_role("heading", name="Ziekteverzuim")).to_be_visible()
        settle(page)
        assert len(cells(page)) == 1
        page.get_by_role("button", name=re.compile("Het dubbele")).focus()
        page.keyboard.press("Enter")
        expect(page.locator("table.ds thead th")).to_have_count(3)
        settle(page)
        told = cells(page)
        assert "…" not in told
        assert len(told) == 2
        page.get_by_role("slider").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("table.ds thead th")).to_have_count(4)
        settle(page)
        told = cells(page)
        assert len(told) == 3
        address = page.url
        assert f"getal={NUMBER}" in unquote(address)
        assert "stap=double" in address
        assert (first.away, first.errors) == ([], [])
    with visiting(world.browser) as second:
        second.go(address)
        assert cells(second.page) == told, "another browser shows the same"
        second.page.get_by_role("button", name="In English").click()
        expect(second.page.get_by_role("heading", name="What if this number is different?")).to_be_visible()
        settle(second.page)
        assert len(cells(second.page)) == 3
        second.page.get_by_role("button", name="Back to the list").click()
        expect(second.page.locator(".ds-nums")).to_be_visible()
        assert "getal" not in second.page.url


def test_a_quick_hand_on_a_page_that_is_still_being_drawn_moves_nothing_else(world: World) -> None:
    with visiting(world.browser) as visit:
        page = visit.page
        page.goto(f"{world.site.url}/aannames?getal={NUMBER}")
        page.get_by_role("button", name=re.compile("Het dubbele")).focus()
        page.keyboard.press("Enter")
        expect(page.locator("table.ds thead th")).to_have_count(3)
        settle(page)
        # The browser once drew the slider at its low end, and told the server so.
        assert "waarde=" not in page.url
        assert len(cells(page)) == 2


def test_a_figure_leads_to_what_it_counts(world: World) -> None:
    with visiting(world.browser) as visit:
        page = visit.page
        visit.go(world.site.url)
        page.locator('table.ds-card[data-figure="short"]').get_by_role("link").click()
        expect(page.get_by_role("heading", name="Plaatsen te weinig")).to_be_visible()
        visit.go(f"{world.site.url}/aannames?getal=effects.bestaat-niet.size")
        expect(page.get_by_text("Dit getal bestaat niet")).to_be_visible()
        expect(page.locator(".ds-nums > li")).to_have_count(25)


def test_a_word_is_explained_on_focus_and_goes_with_escape(world: World) -> None:
    with visiting(world.browser) as visit:
        page = visit.page
        visit.go(f"{world.site.url}/aannames?aanname_deel=trust")
        term = page.locator(".ds-term").first
        term.focus()
        tip = term.locator(".ds-tip")
        box = tip.bounding_box()
        assert box is not None
        assert box["width"] > 100
        assert box["x"] + box["width"] <= 1280
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        visit.go(f"{world.site.url}/aannames?aanname_deel=words&aanname_zoek=toelaatbaarheid")
        expect(page.locator(".ds-glossary dt").first).to_contain_text("TLV")
        with page.expect_download() as saved:
            visit.go(f"{world.site.url}/aannames?aanname_deel=trust")
            page.get_by_role("button", name="Bewaar het hele rapport").click()
        assert saved.value.suggested_filename == "doorstroom-vertrouwen-nl.html"
