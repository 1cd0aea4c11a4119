"""Ways of more than one visitor, and of a visitor whose network goes: what is shared, what is not, and what is needed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import expect

from proof.screens.reading import ANSWER, answered, choose, said, seen, title, turn
from proof.screens.step import Step, World, none, so
from proof.screens.visitor import settle, visiting

SHARED, MINE = "vroegsignalering", "grotere-klassen"
SECONDS_OF_LOOKING = 60.0


def sharing(world: World) -> Iterator[Step]:
    """Two visitors who ask the same at once share one calculation."""
    before = runs(world.site.store)
    written: dict[str, set[int]] = {}
    with visiting(world.browser) as one, visiting(world.browser) as two:
        for visit in (one, two):
            visit.go(world.site.url)
        for visit in (one, two):
            choose(visit.page, SHARED)
        end = time.monotonic() + SECONDS_OF_LOOKING
        told = [False, False]
        while time.monotonic() < end and not all(told):
            for path, when in runs(world.site.store).items():
                if path not in before:
                    written.setdefault(path, set()).add(when)
            told = [f"‘{title(SHARED)}’" in v.page.locator(ANSWER).inner_text() for v in (one, two)]
            one.page.wait_for_timeout(20)
        for visit in (one, two):
            answered(visit.page, title(SHARED))
        for path, when in runs(world.site.store).items():
            if path not in before:
                written.setdefault(path, set()).add(when)
        yield so("both see the same sentence and figures", seen(one.page) == seen(two.page))
        yield so("something was calculated for them", bool(written))
        twice = [path for path, moments in written.items() if len(moments) > 1]
        yield none("files of results written twice", twice)


def privacy(world: World) -> Iterator[Step]:
    """What one visitor makes is not seen by another."""
    with visiting(world.browser) as maker, visiting(world.browser) as other:
        maker.go(world.site.url)
        choose(maker.page, MINE)
        answered(maker.page, title(MINE))
        turn(maker.page)
        own = said("GROUPS", "explore")["own"]
        maker.page.get_by_role("radio", name=own, exact=True).or_(
            maker.page.get_by_role("button", name=own, exact=True)
        ).first.click()
        settle(maker.page)
        ideas = maker.page.locator(".st-key-ideas")
        yield so("the maker finds it under own", said("OWN_NOTHING", "explore") not in ideas.inner_text())
        other.go(world.site.url)
        other.page.get_by_role("radio", name=own, exact=True).or_(
            other.page.get_by_role("button", name=own, exact=True)
        ).first.click()
        settle(other.page)
        yield so("another visitor finds nothing there", said("OWN_NOTHING", "explore") in
                 other.page.locator(".st-key-ideas").inner_text())  # fmt: skip
        yield so("and still sees carrying on as we do", "Als we zo doorgaan" in seen(other.page)[0])


def offline(world: World) -> Iterator[Step]:
    """No network: only this machine can be reached, and even that goes away for a while."""
    with visiting(world.browser) as visit:
        page = visit.page
        visit.go(world.site.url)
        choose(page)
        answered(page, title())
        yield so("the page answers all the same", f"‘{title()}’" in seen(page)[0])
        told = seen(page)
        visit.page.context.set_offline(True)
        page.wait_for_timeout(4000)
        visit.page.context.set_offline(False)
        settle(page)
        yield so("after a sleep of the laptop the same stands there", seen(page) == told)
        choose(page, MINE)
        answered(page, title(MINE))
        yield so("and the next choice is answered", f"‘{title(MINE)}’" in seen(page)[0])
        page.reload()
        expect(page.locator(ANSWER)).to_contain_text(title(MINE))
        settle(page)
        yield none("requests away", visit.away)
        yield none("errors in the browser", visit.errors)


def runs(store: Path) -> Mapping[str, int]:
    """Files of results with the moment of writing."""
    found = {}
    for path in store.rglob("r*.parquet"):
        found[path.as_posix()] = path.stat().st_mtime_ns
    return found
