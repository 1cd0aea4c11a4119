"""Ways through the dashboard that a visitor takes; each function walks one and tells what it found, step by step."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

from playwright.sync_api import expect

from proof.screens.own_yaml import data_to_take, good_yaml, hostile_yaml, mended_yaml
from proof.screens.reading import (
    ANSWER,
    BANNER,
    FIGURES,
    IDEA,
    answered,
    begins,
    choose,
    said,
    seen,
    title,
    turn,
)
from proof.screens.site import serving
from proof.screens.step import Step, World, none, seconds, so
from proof.screens.together import offline, privacy, runs, sharing
from proof.screens.visitor import STOP, Visit, settle, visiting
from sim.app.desk import WATCHED_SECONDS
from sim.app.language import spoken

# A whole decade, many runs: long enough to be stopped.
LONG = {"DOORSTROOM_REPLICATIONS": "60", "DOORSTROOM_YEARS": "10"}
_CHANCE = re.compile(r"\d+ (tot|to) \d+|niet zeker|not certain|te klein|too small")


def thirty_seconds(world: World) -> Iterator[Step]:
    """From opening the page to a changed sentence, with stored results."""
    with visiting(world.browser) as earlier:
        earlier.go(world.site.url)
        choose(earlier.page)
        answered(earlier.page, title())
    with visiting(world.browser) as visit:
        page = visit.page
        began = time.perf_counter()
        page.goto(world.site.url)
        expect(page.locator(ANSWER)).to_contain_text("Als we zo doorgaan")
        opened = time.perf_counter()
        choose(page)
        expect(page.locator(ANSWER)).to_contain_text(f"‘{title()}’")
        changed = time.perf_counter()
        settle(page)
        yield Step("clicks from opening to the changed sentence", 1.0, 2.0, "at most 2", True)
        yield seconds("seconds of machine until the first sentence", opened - began, 10)
        yield seconds("seconds of machine from the click to the changed sentence", changed - opened, 5)
        yield so(
            "the sentence has a range, or says that it is too small to say",
            bool(_CHANCE.search(seen(page)[0])),
        )
        below = [
            f"{part} ends at {box['y'] + box['height']:.0f}"
            for part in (ANSWER, FIGURES, '[data-testid="stPlotlyChart"]')
            for box in [page.locator(part).last.bounding_box()]
            if box is None or box["y"] + box["height"] > 720
        ]
        yield none("of sentence, figures and charts below the first screen of 720", below)
        yield none("requests away", visit.away)


def keyboard(world: World) -> Iterator[Step]:
    """The same way without a mouse."""
    with visiting(world.browser) as visit:
        page = visit.page
        visit.go(world.site.url)
        before, presses = seen(page), 0
        for _ in range(80):
            page.keyboard.press("Tab")
            presses += 1
            if page.evaluate("() => document.activeElement?.type === 'radio'"):
                break
        yield so("Tab reaches the ideas", page.evaluate("() => document.activeElement?.type === 'radio'"))
        for _ in range(60):
            if page.evaluate("() => document.activeElement?.closest('label')?.innerText.trim()") == title():
                break
            page.keyboard.press("ArrowDown")
            presses += 1
        answered(page, title())
        yield so("arrows choose an idea, and the sentence changes", seen(page) != before)
        chosen = seen(page)
        for _ in range(80):
            page.keyboard.press("Tab")
            presses += 1
            if page.evaluate("() => document.activeElement?.getAttribute('role') === 'slider' || "
                             "document.activeElement?.type === 'range'"):  # fmt: skip
                break
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page).to_have_url(re.compile(r"wat=[^&]*(!|%21)"))
        settle(page)
        yield so("Tab reaches a slider, arrows turn it, and the answer changes", seen(page) != chosen)
        yield Step("presses of a key in all", float(presses), 200.0, "at most 200", presses <= 200)
        yield none("requests away", visit.away)


def link(world: World) -> Iterator[Step]:
    """A link: another browser, and after the server was started again."""
    with visiting(world.browser) as first:
        first.go(world.site.url)
        choose(first.page)
        answered(first.page, title())
        turn(first.page)
        year = first.page.get_by_role("combobox", name=said("YEAR", "explore"))
        yield so("a year can be chosen", year.count() == 1)
        first.page.get_by_role("button", name=said("COPY", "explore")).click()
        expect(first.page.get_by_role("button", name=said("COPIED", "explore"))).to_be_visible()
        copied: str = first.page.evaluate("() => navigator.clipboard.readText()")
        yield so("the copied link is the address on screen", copied == first.page.url, copied)
        yield so("it holds the version of the model", "versie=" in copied, copied)
        told = seen(first.page)
        first.page.reload()
        settle(first.page)
        yield _same("a reload shows the same sentence and figures", told, first)
        first.page.get_by_role("link", name=spoken("shared", "nl")["PAGES"]["explain"]).first.click()
        settle(first.page)
        first.page.get_by_role("link", name=spoken("shared", "nl")["PAGES"]["explore"]).first.click()
        answered(first.page, "Met ‘")
        yield _same("another page and back shows the same", told, first)
    with visiting(world.browser) as second:
        second.go(copied)
        yield _same("another browser shows the same", told, second)
    world.site.stop()
    world.site.start()
    with visiting(world.browser) as third:
        third.go(copied)
        yield _same("after a restart of the server another browser shows the same", told, third)
        yield none("banners about the link", third.page.locator(BANNER).all_inner_texts())


def _same(what: str, told: tuple[str, ...], visit: Visit) -> Step:
    now = seen(visit.page)
    return so(what, now == told, f"first {told[0]!r}, then {now[0]!r}")


def old_and_broken_links(world: World) -> Iterator[Step]:
    """Links of an older model, links that are broken, and links that want to do harm."""
    links = {
        "an older version is told": (f"wat={IDEA}&versie=0.0.1 (abc)", begins("OLDER_LINK") + "0.0.1"),
        "a part that is no choice is told": ("wat=%00..%2F..", begins("BROKEN_LINK")),
        "an unknown scenario is told": ("wat=eigen-AAAAAAAAAAAAAAAAAAAAAA", begins("UNKNOWN_CHOICE")),
        "a path is no scenario": ("wat=..%2F..%2Fetc%2Fpasswd", begins("BROKEN_LINK")),
        "a script is no scenario": (f"wat={quote('<script>window.harm=1</script>')}", begins("BROKEN_LINK")),
        "a thousand scenarios are too many": (
            "wat=" + ",".join(f"a{i}" for i in range(1000)),
            begins("BROKEN_LINK"),
        ),
    }
    for what, (query, words) in links.items():
        with visiting(world.browser) as visit:
            visit.go(f"{world.site.url}/?{query}")
            text = visit.page.locator('[data-testid="stMain"]').inner_text()
            broken = (
                visit.page.get_by_test_id("stException").count()
                + visit.page.get_by_test_id("stAlertContentError").count()
            )
            harmed = bool(visit.page.evaluate("() => window.harm"))
            yield so(f"{what}, without an error", words in text and not broken and not harmed, text[:150])


def cancel(world: World) -> Iterator[Step]:
    """Stop a long calculation, and go on with it."""
    folder = world.folder / "long"
    folder.mkdir(exist_ok=True)
    with serving(folder, LONG) as site, visiting(world.browser) as visit:
        page = visit.page
        page.goto(site.url)
        stop = page.get_by_role("button", name=STOP[0]).first
        expect(page.locator(ANSWER)).to_contain_text("Als we zo doorgaan")
        stop.click()
        go_on = page.get_by_role("button", name=said("RESUME")).first
        expect(go_on).to_be_visible()
        page.wait_for_timeout(1000 * (WATCHED_SECONDS + 3))  # what was handed out ends, and is kept
        made = runs(site.store)
        page.wait_for_timeout(4000)
        yield so("after Stop nothing is calculated any more", len(runs(site.store)) == len(made))
        yield so(
            "the answer stays, and says how far it is", begins("STOPPED") in page.locator("body").inner_text()
        )
        go_on.click()
        for _ in range(30):  # a busy machine takes its time
            page.wait_for_timeout(1000)
            if len(runs(site.store)) > len(made):
                break
        later = runs(site.store)
        yield so("after Go on more is calculated", len(later) > len(made))
        again = sum(later[path] != when for path, when in made.items())
        yield Step("runs made twice", float(again), 0.0, "none (0)", again == 0)


WAYS: dict[str, Callable[[World], Iterator[Step]]] = {
    "thirty-seconds": thirty_seconds,
    "keyboard": keyboard,
    "link": link,
    "old-links": old_and_broken_links,
    "cancel": cancel,
    "sharing": sharing,
    "privacy": privacy,
    "offline": offline,
    "yaml-good": good_yaml,
    "yaml-mended": mended_yaml,
    "yaml-hostile": hostile_yaml,
    "data": data_to_take,
}
