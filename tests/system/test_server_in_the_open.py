"""A server in the open, in a real Chromium: password, stored results only, limits, and what visitors leave on it."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from proof.screens.site import SMALL, Site, serving
from proof.screens.standards import axe, exceptions, language
from proof.screens.visitor import PHONE, browsing, visiting
from sim.app.own import Keeper

pytestmark = pytest.mark.browser
WORD = "vier gewone woorden hier"
LOCKED = {**SMALL, "DOORSTROOM_PASSWORD": WORD, "DOORSTROOM_READ_ONLY": "1"}
OWN = """\
schema: 1
kind: own
id: mijn-plan
region: almere
title: {nl: Mijn eigen plan, en: My own plan}
sentence: {nl: Een SBO minder en grotere klassen., en: One SBO less and larger classes.}
extends: een-sbo-minder
levers:
  sbo.class_size: {set: 15, from: 2027-08-01}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A server with a password that only shows stored results, and the id of a text that a visitor left before."""
    folder = tmp_path_factory.mktemp("locked")
    own_id = Keeper(folder / "own", days=1, most=10).keep(OWN)
    with serving(folder, LOCKED) as site:
        yield site, own_id


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def upgraded(site: Site, origin: str) -> int:
    """What the server answers to a page that wants a websocket."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{site.port}", "Upgrade: websocket", "Connection: Upgrade",
        f"Origin: {origin}", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Version: 13", "", "",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as line:
        line.sendall("\r\n".join(lines).encode())
        return int(line.recv(64).split()[1])


def test_a_link_survives_the_password_and_the_screen_says_what_this_server_does_not_do(
    locked: tuple[Site, str], browser: Browser
) -> None:
    site, own_id = locked
    with visiting(browser, PHONE) as visit:
        page = visit.page
        page.goto(f"{site.url}/?wat={own_id}")
        field = page.get_by_label("Wachtwoord")
        expect(field).to_be_focused()
        assert language(page) == "nl"
        assert axe(page) == []
        page.keyboard.type("fout")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("klopt niet")
        assert axe(page) == []
        page.get_by_role("link", name="English").click()
        expect(page.get_by_label("Password")).to_be_focused()
        assert language(page) == "en"
        page.keyboard.type(WORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("This answer is not there yet")).to_be_visible()
        expect(page.get_by_text("This server calculates nothing")).to_be_visible()
        expect(page.get_by_text("One SBO less and larger classes.").first).to_be_visible()
        assert own_id in page.url
        assert language(page) == "en"
        assert exceptions(page) == []
        assert visit.away == []
        # The pass is no business of scripts, and goes when the browser closes.
        (kept,) = (c for c in page.context.cookies() if c["name"] == "doorstroom_toegang")
        assert kept["httpOnly"] and kept["expires"] == -1
    assert not list(site.store.glob("**/*.parquet"))


def test_nothing_but_the_form_and_the_health_of_the_server_is_there_without_a_pass(
    locked: tuple[Site, str],
) -> None:
    site, own_id = locked
    assert status(f"{site.url}/_stcore/health") == 200
    for path in (
        "_stcore/host-config",
        "_stcore/stream",
        "static/index.html",
        "media/x",
        "_stcore/upload_file/a/b",
    ):
        assert status(f"{site.url}/{path}") == 403
    for path in ("_stcore/metrics", "_stcore/agent/openapi.json"):
        assert status(f"{site.url}/{path}") == 404
    with urllib.request.urlopen(f"{site.url}/?wat={own_id}", timeout=20) as answer:
        assert answer.headers["cache-control"] == "no-store"
        assert "Mijn eigen plan" not in answer.read().decode()


def test_when_the_hour_is_spent_the_screen_says_when_more_comes(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path, {**SMALL, "DOORSTROOM_VISITOR_RUNS": "3"}) as site, visiting(browser) as visit:
        visit.page.goto(f"{site.url}/?wat=een-sbo-minder")
        expect(visit.page.get_by_text("U hebt dit uur veel laten uitrekenen")).to_be_visible()
        expect(visit.page.get_by_text("minuten rekent de server weer voor u")).to_be_visible()
        assert exceptions(visit.page) == []
        assert visit.away == []
        # A page of another server cannot open a websocket here with this visitor's cookies.
        assert [upgraded(site, origin) for origin in (site.url, "https://evil.test", "null")] == [
            101,
            403,
            403,
        ]
        # Three for this visitor, and at most three that the server itself ran of carrying on while it started.
        assert sum(1 for _ in site.store.glob("**/*.parquet")) <= 6
