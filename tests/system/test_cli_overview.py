"""`run --all` and `run PACKAGE --parts`, with the real engine on a small region."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import made_up
import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from sim.cli.commands import validate
from sim.cli.runs import register
from sim.scenario.errors import ScenarioError

WRONG_RISK = """\
schema: 1
kind: own
id: feared
region: madeup
title: {nl: Gevreesd, en: Feared}
sentence: {nl: Een zin., en: A sentence.}
risks:
  - {nl: Het loopt vol., en: It fills up., of: K02.maen}
"""
RED = made_up.SCENARIO.format(
    kind="own", id="red-group", levers="levers:\n  red.groups: [{add: 1, from: 2024-08-01}]"
)
PACKAGE = made_up.SCENARIO.format(
    kind="package", id="both", levers="combine: [more-groups, red-group]\nlevers:\n  red.class_size: "
    "[{add: 1, from: 2024-08-01}]",
)  # fmt: skip
SHOCK = made_up.SCENARIO.format(
    kind="shock",
    id="short",
    levers="levers:\n  blue.groups: [{add: -2, from: 2024-08-01, until: 2025-08-01}]",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("home")
    folder = made_up.write_region(root)
    for part in ("packages", "shocks"):
        (folder / part).mkdir()
    (folder / "ideas" / "red-group.yaml").write_text(RED, encoding="utf-8")
    (folder / "packages" / "both.yaml").write_text(PACKAGE, encoding="utf-8")
    (folder / "shocks" / "short.yaml").write_text(SHOCK, encoding="utf-8")
    (root / "feared.yaml").write_text(WRONG_RISK, encoding="utf-8")
    return root


def doorstroom(home: Path, *words: str) -> Result:
    app = typer.Typer()
    register(app)
    before = Path.cwd()
    os.chdir(home)
    try:
        return CliRunner().invoke(app, list(words))
    finally:
        os.chdir(before)


FEW = ("--replications", "3", "--jobs", "1", "--years", "2")


@pytest.fixture(scope="module")
def ran(home: Path) -> Result:
    return doorstroom(home, "run", "--all", *FEW, "--assumptions", "fixed", "--out", "out", "--full")


def test_every_scenario_stands_on_one_page_of_100_columns(ran: Result, home: Path) -> None:
    assert ran.exit_code == 0, ran.output
    assert "7 scenarios, 3 runs each in 2 versions" in " ".join(ran.stderr.split())
    for words in (
        "packages",
        "shocks",
        "both (en)",
        "short (en)",
        "no-dose (en)",
        "the waiting list is back within a tenth in",
    ):
        assert words in ran.stdout
    assert max(len(line) for line in ran.stdout.splitlines()) <= 100
    with (home / "out" / "overview.csv").open(encoding="utf-8") as file:
        rows = {row["scenario"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"more-groups", "one-group", "no-dose", "red-group", "both", "short"}
    assert float(rows["no-dose"]["waiting_difference"]) == 0.0
    assert float(rows["more-groups"]["waiting_difference"]) < 0.0
    assert rows["short"]["runs_recovered"] != ""


def test_the_table_of_a_whole_shelf_is_parquet_only_and_can_be_reproduced(ran: Result, home: Path) -> None:
    assert ran.exit_code == 0
    assert not (home / "out" / "indicators.csv").exists()
    assert (home / "out" / "indicators.parquet").is_file()
    book = openpyxl.load_workbook(home / "out" / "indicators.xlsx", read_only=True)
    assert book.sheetnames == ["Vergelijking", "Overzicht", "Voor wie minder", "Uitleg"]
    assert list(json.loads((home / "out" / "manifest.json").read_text(encoding="utf-8"))["sha256"]) == [
        "scenarios.json"
    ]
    again = doorstroom(home, "reproduce", "out", "--jobs", "1")
    assert again.exit_code == 0, again.output


def test_compare_prints_the_same_page_again(ran: Result, home: Path) -> None:
    again = doorstroom(home, "compare", "out", "--all", "--full")
    assert again.exit_code == 0, again.output
    assert again.stdout.rstrip() == ran.stdout.split("Tables, workbook")[0].rstrip()


def test_a_shelf_is_resumed_from_what_is_kept(ran: Result, home: Path) -> None:
    assert ran.exit_code == 0
    again = doorstroom(home, "run", "--all", "--region", "madeup", *FEW, "--assumptions", "fixed")
    said = " ".join(again.stderr.split())
    assert "of which" in said
    total = said.split(" replications, of which ")[0].split()[-1]
    assert f"of which {total} are there" in said


def test_a_package_is_taken_apart(home: Path) -> None:
    result = doorstroom(home, "run", "both", "--parts", *FEW, "--assumptions", "fixed")
    assert result.exit_code == 0, result.output
    for words in (
        "more-groups (en)",
        "red-group (en)",
        "what the package itself changes",
        "share",
        "missing",
    ):
        assert words in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 100


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("run",), "no scenario was asked: give at least one id or file, or --all"),
        (("run", "both", "--all"), "--all runs every scenario of a region, so 'both'"),
        (("run", "--all", "--parts"), "so --parts cannot be asked"),
        (("run", "both", "--region", "madeup"), "--region belongs to --all"),
        (("run", "--all", "--region", "madeip"), "Did you mean 'madeup'?"),
        (("run", "--parts", "both", "short"), "--parts takes one package apart, and 2 scenarios were given"),
        (("run", "more-groups", "--parts"), "has no parts"),
        (("run", "feared.yaml"), "risks[0].of: there is no such indicator. Found: 'K02.maen'."),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_message(words: tuple[str, ...], text: str, home: Path) -> None:
    result = doorstroom(home, *words, *FEW)
    assert result.exit_code == 2
    assert text in result.stderr
    assert "Traceback" not in result.output


def test_validate_knows_the_indicators_that_a_risk_may_watch(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    with pytest.raises(
        ScenarioError, match=r"feared.yaml: risks\[0\].of: there is no such indicator"
    ) as raised:
        validate([Path("feared.yaml")])
    assert "Did you mean 'K02.mean'?" in str(raised.value)
