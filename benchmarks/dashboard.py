"""How fast the dashboard answers: in a real Chromium, and for ten visitors at once; and what memory it takes."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.page import Table
from benchmarks.visitors import moves
from proof.screens.reading import ANSWER, choose
from proof.screens.site import ROOT, Site, serving
from proof.screens.visitor import PATIENCE, STOP, browsing, settle, visiting
from sim.app.asked import Asked
from sim.app.choice import Choice

STORED = ("wijkobservatiegroepen", "grotere-klassen", "sbo-in-gewone-scholen")
VISITORS, MOVES_EACH = 10, 6
FEW, MANY, MOST_SECONDS = 50, 500, 90.0
MEGABYTE = 2**20


def tables(rounds: int) -> list[Table]:
    """Wall time of what a visitor waits for, and memory of the server."""
    with _site() as site:
        with browsing() as browser:
            cold, warm = _opened(site, browser), [_opened(site, browser) for _ in range(rounds)]
            _store(site, browser)
            stored = _choices(site, browser, rounds)
            first, last = _turns(site, browser, rounds)
        # Playwright has a loop of events of its own as long as its browser is open.
        many = asyncio.run(moves(site.port, _queries(), VISITORS, MOVES_EACH))
        memory = _memory(site)
    rows = [
        ("page load, first visitor of a server just started", cold, [cold], ""),
        ("page load, later visitors", median(warm), warm, ""),
        ("stored result → redrawn", median(stored), stored, "0.5 s"),
        ("slider released → first band of six pairs", median(first), first, "3 s"),
        ("slider released → all 30 pairs, both bands", median(last), last, ""),
        (f"{VISITORS} visitors, {MOVES_EACH} moves each between stored scenarios", median(many), many, ""),
    ]
    times = Table(
        f"Wall time of the whole: server, workers, browser and visitors share one machine. {rounds} rounds. A choice or a "
        "slider counts until the answer to it is drawn, not in grey. The ten visitors have no browser: they speak the messages "
        "of Streamlit over a websocket and go to another stored scenario about once a second.",
        ("what", "median", "p95", "aim"),
        [(what, f"{middle:.2f} s", f"{_p95(values):.2f} s", aim) for what, middle, values, aim in rows],
    )
    return [times, memory]


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


@contextmanager
def _site() -> Iterator[Site]:
    """A server with the results of this folder, if there are any, so that not all is calculated again."""
    with tempfile.TemporaryDirectory(prefix="doorstroom-bench-") as folder:
        kept = ROOT / "results" / "store"
        if kept.is_dir():
            shutil.copytree(kept, Path(folder, "store"))
        with serving(Path(folder), {}) as site:
            yield site


def _opened(site: Site, browser: Browser) -> float:
    """Seconds from an empty browser to the first sentence and both charts."""
    with visiting(browser) as visit:
        began = time.perf_counter()
        visit.page.goto(site.url)
        visit.page.wait_for_function(_DRAWN, arg=[ANSWER, ""], timeout=10 * PATIENCE)
        seconds = time.perf_counter() - began
        settle(visit.page)
    return seconds


# The address is another one, the answer is there and not grey, nothing runs, and both charts are drawn.
_DRAWN = """([answer, address]) => {
  const sentence = document.querySelector(answer), app = document.querySelector('[data-testid="stApp"]');
  if (!sentence || location.href === address || app.dataset.testScriptState !== 'notRunning') return false;
  for (let e = sentence; e; e = e.parentElement) if (Number(getComputedStyle(e).opacity) < 1) return false;
  return document.querySelectorAll('.js-plotly-plot .main-svg .gtitle').length >= 2;
}"""


def _store(site: Site, browser: Browser) -> None:
    """Calculate what is to be there already."""
    with visiting(browser) as visit:
        visit.page.goto(site.url)
        for idea in ("", *STORED):
            visit.page.goto(f"{site.url}/?{_query(idea)}")
            visit.page.wait_for_function(_DRAWN, arg=[ANSWER, ""], timeout=10 * PATIENCE)
            _wait_for_all(visit.page)


def _wait_for_all(page: Page) -> None:
    page.wait_for_function(
        "stop => ![...document.querySelectorAll('button')].some(b => stop.includes(b.innerText.trim()))"
        " && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'",
        arg=STOP, timeout=10 * PATIENCE,
    )  # fmt: skip


def _timed(page: Page, act: Callable[[], object]) -> float:
    """Seconds from an act of a visitor until the answer to it is drawn."""
    before = page.url
    began = time.perf_counter()
    act()
    page.wait_for_function(_DRAWN, arg=[ANSWER, before], timeout=10 * PATIENCE, polling=50)
    return time.perf_counter() - began


def _choices(site: Site, browser: Browser, rounds: int) -> list[float]:
    """Seconds of choosing a stored idea."""
    with visiting(browser) as visit:
        visit.go(site.url)
        seconds = []
        for number in range(rounds + 1):
            idea = STORED[number % len(STORED)]
            seconds.append(_timed(visit.page, lambda idea=idea: choose(visit.page, idea)))  # type: ignore[misc]
            settle(visit.page)
    return seconds[1:]


def _turns(site: Site, browser: Browser, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds from a slider at a new position to the first band of six pairs, and to the last of all pairs."""
    first, last = [], []
    with visiting(browser) as visit:
        visit.go(f"{site.url}/?{_query(STORED[2])}")
        slider = visit.page.get_by_role("slider").first
        for number in range(rounds):
            slider.focus()
            began = time.perf_counter()
            first.append(_timed(visit.page, lambda: visit.page.keyboard.press("ArrowLeft")))
            if number < 2:  # all pairs take long on two cores
                _wait_for_all(visit.page)
                last.append(time.perf_counter() - began)
            slider = visit.page.get_by_role("slider").first
    return first, last


def _query(idea: str) -> str:
    return urlencode(Asked(choice=Choice((idea,) if idea else ())).to_query(), doseq=True)


def _queries() -> list[str]:
    return [_query(idea) for idea in STORED]


def _memory(site: Site) -> Table:
    """Memory of the serving process as one visitor moves on and on, without its workers."""
    rows, done, end = [("before", _megabytes(site))], 0, time.monotonic() + MOST_SECONDS
    while done < MANY and time.monotonic() < end:
        asyncio.run(moves(site.port, _queries(), 1, FEW, pause=0.0))
        done += FEW
        if done == FEW:
            rows.append((f"after {FEW} moves", _megabytes(site)))
    rows.append((f"after {done} moves", _megabytes(site)))
    return Table(
        f"Memory of the process that serves, without its workers, after ten visitors; then one visitor after the other "
        f"makes {FEW} moves between stored scenarios as fast as answers come, {MANY} in all or for {MOST_SECONDS:.0f} s.",
        ("when", "memory"),
        [(when, f"{size:.0f} MB") for when, size in rows],
    )


def _megabytes(site: Site) -> float:
    return float(psutil.Process(site.process).memory_info().rss) / MEGABYTE
