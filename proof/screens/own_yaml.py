"""Ways of an analyst on the page Analyse: YAML that is good, wrong or hostile, its link, and the data to take along."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urlencode

import pyarrow.parquet as pq
from playwright.sync_api import FilePayload, Page, expect

from proof.screens.reading import ANSWER, IDEA, begins, said
from proof.screens.site import ROOT
from proof.screens.standards import exceptions
from proof.screens.step import Step, World, none, so
from proof.screens.visitor import settle, visiting
from sim.app import own
from sim.app.asked import Asked
from sim.app.choice import Choice
from sim.app.language import spoken

PATH = "/analyse?deel=yaml"
GOOD = """schema: 1
kind: own
id: proef
region: almere
title: {nl: Twee groepen erbij, en: Two more groups}
sentence: {nl: SO krijgt in 2027 twee groepen erbij., en: SO gets two more groups in 2027.}
levers:
  so.groups:
    - {add: 2, from: 2027-08-01}
"""
HARM = "<img src=x onerror=window.harm=1><script>window.harm=1</script>"


def wrong_files() -> dict[str, bytes]:
    """What a hostile or careless visitor may send: name -> its bytes."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return {
        "a lever that does not exist": GOOD.replace("so.groups", "so.gruops").encode(),
        "an alias bomb": bomb.encode(),
        "10 MB": b"# " + b"x" * 10_000_000,
        "500 kB": b"# " + b"x" * 500_000,
        "a path as region": GOOD.replace("region: almere", "region: ../../../../etc").encode(),
        "a path to build on": (GOOD + "extends: ../../../etc/passwd\n").encode(),
        "a Python object": b"!!python/object/apply:os.system ['touch /tmp/harm']\n",
        "no text at all": bytes(range(256)) * 40,
        "an empty file": b"",
    }


def good_yaml(world: World) -> Iterator[Step]:
    """A good YAML: uploaded, run, saved under a link that cannot be guessed, and not seen by others."""
    with visiting(world.browser) as maker:
        page = maker.page
        maker.go(world.site.url + PATH)
        _upload(page, GOOD.encode())
        fits = spoken("analyse", "nl")["FITS_ONE"].partition("‘")[0]
        yield so("the page says that it is in order", fits in _main(page), _main(page)[:200])
        page.get_by_role("button", name=said("SAVE", "analyse")).click()
        expect(page).to_have_url(_OWN)
        settle(page)
        yield so("it is run and named", "Twee groepen erbij" in page.locator(ANSWER).first.inner_text())
        link, shown = page.url, page.locator(ANSWER).first.inner_text()
        yield none("errors on screen", exceptions(page))
    with visiting(world.browser) as friend:
        friend.go(link)
        yield so("who has the link sees it in another browser",
                 friend.page.locator(ANSWER).first.inner_text() == shown)  # fmt: skip
    with visiting(world.browser) as stranger:
        stranger.go(world.site.url + "/analyse")
        yield so("who has not, does not see it", "Twee groepen erbij" not in stranger.page.content())
        stranger.go(link.replace(link.partition("eigen-")[2][:22], "A" * 22))
        yield so(
            "a guessed link opens nothing",
            begins("GONE", "analyse") in _main(stranger.page),
            _main(stranger.page)[:200],
        )


def mended_yaml(world: World) -> Iterator[Step]:
    """A YAML with one mistake: the message names the line, and the mended text fits."""
    with visiting(world.browser) as visit:
        page = visit.page
        visit.go(world.site.url + PATH)
        _upload(page, GOOD.replace("add: 2", "add: veel").encode())
        line = spoken("analyse", "nl")["PROBLEM_LINE"].format(line=9)
        yield so("the message names line 9 and what is allowed", line in _main(page), _problems(page))
        editor = page.get_by_role("textbox", name=said("EDITOR", "analyse"))
        editor.fill(GOOD)
        editor.press("Control+Enter")
        settle(page)
        fits = spoken("analyse", "nl")["FITS_ONE"].partition("‘")[0]
        yield so("the mended text fits", fits in _main(page), _problems(page))


def hostile_yaml(world: World) -> Iterator[Step]:
    """Uploads that are wrong or want to do harm are refused in words."""
    for name, raw in wrong_files().items():
        with visiting(world.browser) as visit:
            page = visit.page
            visit.go(world.site.url + PATH)
            _upload(page, raw)
            broken = [*exceptions(page), *visit.errors]
            yield so(f"{name}: nothing breaks", not broken, "; ".join(broken))
            # Streamlit itself turns away a file that is far too large: then the editor has another text.
            text = page.get_by_role("textbox", name=said("EDITOR", "analyse")).input_value()
            away = text.encode()[:30] != raw[:30] and len(raw) > own.MOST_BYTES
            stopped = page.get_by_role("button", name=said("SAVE", "analyse")).is_disabled()
            yield so(f"{name}: it cannot be saved", stopped or away, _main(page)[:200])
            yield so(f"{name}: no folder of the server is told", str(ROOT) not in _main(page))
    with visiting(world.browser) as visit:
        visit.go(world.site.url + PATH)
        _upload(visit.page, GOOD.replace("nl: Twee groepen erbij", f"nl: '{HARM}'").encode())
        save = visit.page.get_by_role("button", name=said("SAVE", "analyse"))
        if save.is_enabled():
            save.click()
            settle(visit.page)
        visit.page.wait_for_timeout(500)
        yield so("a script in the title stays text", not visit.page.evaluate("() => window.harm"))
        yield none("requests away", visit.away)


def data_to_take(world: World) -> Iterator[Step]:
    """All data as CSV, CSV for Excel, workbook and Parquet, and the command that repeats it."""
    labels = spoken("downloads", "nl")["LABELS"]
    query = urlencode(Asked(choice=Choice((IDEA,))).to_query(), doseq=True)
    with visiting(world.browser) as visit:
        page = visit.page
        visit.go(f"{world.site.url}/analyse?{query}")
        files: dict[str, bytes] = {}
        for kind in ("CSV", "CSV_SEMICOLON", "XLSX", "PARQUET"):
            with page.expect_download() as saving:
                page.get_by_role("button", name=labels[kind], exact=True).first.click()
            files[kind] = saving.value.path().read_bytes()
        rows = files["CSV"].decode("utf-8-sig").splitlines()
        yield so("CSV has a head and rows", len(rows) > 10 and "," in rows[0])
        excel = files["CSV_SEMICOLON"].decode("utf-8-sig").splitlines()
        yield so("CSV for Excel has ; and a decimal comma", ";" in excel[0] and len(excel) == len(rows) and
                 any("," in cell for row in excel[1:200] for cell in row.split(";")))  # fmt: skip
        yield so("the workbook can be opened", zipfile.ZipFile(io.BytesIO(files["XLSX"])).testzip() is None)
        yield so("Parquet has rows", pq.read_table(io.BytesIO(files["PARQUET"])).num_rows > 10)
        yield so("the command is there", "doorstroom run" in _main(page))
        yield none("errors on screen", exceptions(page))


_OWN = re.compile("wat=eigen-")


def _upload(page: Page, raw: bytes) -> None:
    file: FilePayload = {"name": "proef.yaml", "mimeType": "application/yaml", "buffer": raw}
    page.locator('input[type="file"]').set_input_files(files=[file])
    page.wait_for_timeout(1500)
    settle(page)


def _main(page: Page) -> str:
    return page.locator('[data-testid="stMain"]').inner_text()


def _problems(page: Page) -> str:
    found = page.locator(".ds-problems")
    return found.first.inner_text()[:600] if found.count() else ""
