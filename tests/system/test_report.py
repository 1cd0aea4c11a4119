"""`doorstroom report credibility` as typed: files written whole, mistakes told, and a PDF that can be read again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from proof.screens.visitor import chromium
from sim.cli import main


def report(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Exit code of the command."""
    monkeypatch.setattr(sys, "argv", ["doorstroom", "report", "credibility", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_html(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report.html"
    assert report(monkeypatch, "--out", str(out), "--lang", "en") == 0
    assert capsys.readouterr().out.split() == [out.as_posix()]
    assert "Why can you trust this, and where not?" in out.read_text(encoding="utf-8")
    assert [p.name for p in out.parent.iterdir()] == ["report.html"]


@pytest.mark.parametrize("words", [("--proof", "no/such/folder"), ("--region", "atlantis")])
def test_what_is_not_there_is_told_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: tuple[str, str],
) -> None:
    out = tmp_path / "report.html"
    assert report(monkeypatch, *words, "--out", str(out)) == 2
    told = capsys.readouterr().err
    assert words[1] in told and "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_an_old_report_stays_when_the_new_one_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("old", encoding="utf-8")
    assert report(monkeypatch, "--proof", str(tmp_path), "--out", str(out)) == 2
    assert out.read_text(encoding="utf-8") == "old"


def test_without_chromium_the_html_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    out = tmp_path / "report.pdf"
    assert report(monkeypatch, "--format", "pdf", "--out", str(out)) == 2
    assert "CHROMIUM" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.browser
def test_pdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", chromium())
    assert report(monkeypatch, "--format", "both", "--out", str(tmp_path / "report.html")) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.html", "report.pdf"]
    paper = PdfReader(tmp_path / "report.pdf")
    first, last = (" ".join(page.extract_text().split()) for page in (paper.pages[0], paper.pages[-1]))
    title = "Waarom kunt u dit vertrouwen, en waar niet?"
    assert paper.metadata is not None and paper.metadata.title == f"Doorstroom – {title}"
    assert title in first and "toetsen van het rekenwerk slagen" in first
    assert f"1 / {len(paper.pages)}" in first and f"{len(paper.pages)} / {len(paper.pages)}" in last
    # Tagged, in Dutch, with an outline: a screen reader can use it.
    assert paper.root_object["/MarkInfo"]["/Marked"]
    assert str(paper.root_object["/Lang"]).startswith("nl")
    headings = [item for item in flat(paper.outline) if str(item["/Title"]) == "Wachtrijen uit het leerboek"]
    assert len(headings) == 1
    # What is folded on screen is unfolded on paper.
    at = paper.get_destination_page_number(headings[0])
    assert at is not None
    assert "M/M/1 at 0.5" in "".join(page.extract_text() for page in paper.pages[at : at + 2])


def flat(outline: list[Any]) -> Iterator[Any]:
    """Items of an outline and of its branches."""
    for item in outline:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item
