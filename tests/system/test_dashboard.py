"""The dashboard in a real Chromium: every page in both languages, and the way from opening to an answer.

`python -m proof screens` looks at every page in four windows, and walks all ways.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from proof.screens.part import PAGES, address
from proof.screens.site import serving
from proof.screens.standards import axe, exceptions, language, overflow, tab_through, unwanted
from proof.screens.step import World
from proof.screens.visitor import browsing, settle, visiting
from proof.screens.ways import WAYS
from sim.app.language import spoken

# Two short runs of each: this test is about screens.
SMALL = {"DOORSTROOM_REPLICATIONS": "2", "DOORSTROOM_YEARS": "3"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A running dashboard and a Chromium."""
    folder = tmp_path_factory.mktemp("dashboard")
    with serving(folder, SMALL) as site, browsing() as browser:
        yield World(site, browser, folder)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_both_languages(world: World, page: str) -> None:
    with visiting(world.browser) as visit:
        visit.go(world.site.url + address(page, "nl"))
        for lang, other in (("nl", "en"), ("en", "nl")):
            assert language(visit.page) == lang
            assert exceptions(visit.page) == []
            assert overflow(visit.page) == []
            if lang == "nl":
                assert unwanted(visit.page) == []
                assert axe(visit.page) == []
                walk = tab_through(visit.page)
                assert walk.ended and (walk.missed, walk.unseen) == ((), ())
                heading = visit.page.get_by_role("heading", level=1).inner_text()
                visit.page.get_by_role("button", name=spoken("shared", "nl")["OTHER_LANGUAGE"]).click()
                expect(visit.page.locator("html")).to_have_attribute("lang", other)
                settle(visit.page)
                assert visit.page.get_by_role("heading", level=1).inner_text() != heading
        assert visit.away == []
        assert visit.errors == []


@pytest.mark.parametrize("way", ["thirty-seconds", "keyboard"])
def test_a_way_to_an_answer(world: World, way: str) -> None:
    wrong = [s for s in WAYS[way](world) if not s.holds and not s.what.startswith("seconds")]
    assert wrong == []
