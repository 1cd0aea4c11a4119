"""Reports as files: written beside and then moved, so that a half-written report never replaces a whole one."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import sim
from sim.report.content import Lang
from sim.report.credibility import credibility
from sim.report.pdf import pdf
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.resolve import catalogue, region_of
from sim.scenario.scenario import Scenario

ROOT = Path(str(sim.__file__)).parents[1]
PROOF = Path("docs/proof")


def write_credibility(
    region: str,
    lang: Lang,
    form: str,
    *,
    out: Path | None = None,
    proof: Path | None = None,
    scenarios: Path | None = None,
) -> Iterator[Path]:
    """Write the credibility report, and give the path of each file that was written.

    Args:
        region: Id of the region.
        lang: Language.
        form: html | pdf | both.
        out: File; its ending is replaced by that of the form.
        proof: Folder of the proof tables (by default `docs/proof` here, else beside the package).
        scenarios: Folder with the regions.

    Raises:
        ScenarioError: Something that the report needs cannot be read, or there is no Chromium. The HTML of a PDF that
            could not be printed is kept.
    """
    page = credibility_page(region, lang, proof=proof, scenarios=scenarios)
    path = out or Path("results") / f"credibility-{region}-{lang}.html"
    printed: bytes | None = None
    problems: ScenarioError | None = None
    if form != "html":
        try:
            printed = pdf(page, lang)
        except ScenarioError as error:
            problems = error
    if form != "pdf" or problems:
        yield _write(path.with_suffix(".html"), page.encode())
    if printed is not None:
        yield _write(path.with_suffix(".pdf"), printed)
    if problems:
        raise problems


def credibility_page(
    region: str, lang: Lang, *, proof: Path | None = None, scenarios: Path | None = None
) -> str:
    """The credibility report as one HTML page.

    Raises:
        ScenarioError: As `write_credibility`.
    """
    if importlib.util.find_spec("jinja2") is None:
        hint = "Install it: python -m pip install '.[report]'."
        raise ScenarioError([Problem("report", 0, "", "", "a report needs jinja2", "", hint)])
    from sim.report.html import html  # noqa: PLC0415 - needs the optional jinja2

    content = credibility(baseline(region, scenarios), proof or proof_folder(), lang, date.today(), scenarios)
    return html(content)


def proof_folder() -> Path:
    """The proof tables in the current folder, else beside the package."""
    return PROOF if PROOF.is_dir() else ROOT / PROOF


def baseline(region: str, scenarios: Path | None = None) -> Scenario:
    """Carrying on as we do, of a region.

    Raises:
        ScenarioError: There is no such region, or it has no baseline.
    """
    asked = region_of(region, scenarios).id
    found = next((s for s in catalogue(scenarios, asked) if s.kind == "baseline"), None)
    if found is None:
        hint = "Write baseline.yaml in the folder of the region."
        raise ScenarioError([Problem(asked, 0, "", "", "this region has no baseline to report on", "", hint)])
    return found


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path
