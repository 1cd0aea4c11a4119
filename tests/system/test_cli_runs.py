"""The commands run, compare and reproduce, with the real engine on a small region."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import made_up
import pytest
import typer
from typer.testing import CliRunner, Result

from sim.cli.runs import register

SCENARIO = "scenarios/madeup/ideas/more-groups.yaml"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    made_up.write_region(folder)
    return folder


def doorstroom(*words: str) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, list(words))


@pytest.fixture(scope="module")
def ran(home: Path) -> Result:
    before = Path.cwd()
    os.chdir(home)
    try:
        return doorstroom(
            "run", SCENARIO, "--replications", "3", "--jobs", "1", "--years", "2", "--out", "out"
        )
    finally:
        os.chdir(before)


def test_run_prints_a_comparison_on_100_columns(ran: Result, home: Path) -> None:
    assert ran.exit_code == 0, ran.output
    assert "Compared with: baseline (en) (baseline)." in ran.stdout
    assert "more-groups (en) (more-groups)" in ran.stdout
    assert "chance" in ran.stdout
    assert "of 3" in ran.stdout
    assert "too few replications" in ran.stdout
    assert max(len(line) for line in ran.stdout.splitlines()) <= 100
    assert (home / "results" / "store").is_dir()
    about = json.loads((home / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert about["years"] == 2
    assert SCENARIO in about["inputs"]


def test_compare_prints_the_same_again(ran: Result, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    again = doorstroom("compare", "out")
    assert again.exit_code == 0
    assert again.stdout.rstrip() == ran.stdout.split("Tables, workbook")[0].rstrip()
    assert "    2024-2025" in doorstroom("compare", "out", "--full").stdout


def test_reproduce_comes_out_equal_and_sees_a_difference(
    ran: Result, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ran.exit_code == 0
    monkeypatch.chdir(home)
    equal = doorstroom("reproduce", "out/manifest.json", "--jobs", "1")
    assert equal.exit_code == 0, equal.output
    assert "Equal" in equal.stdout
    path = home / "out" / "manifest.json"
    about = path.read_text(encoding="utf-8")
    path.write_text(about.replace('"seed": 1', '"seed": 5'), encoding="utf-8")
    try:
        other = doorstroom("reproduce", "out", "--jobs", "1")
    finally:
        path.write_text(about, encoding="utf-8")
    assert other.exit_code == 1
    assert "Not equal" in other.stdout
    assert "values differ" in " ".join(other.stdout.split())


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("run", "nothing-like-it"), "nothing-like-it"),
        (("run", SCENARIO, "--years", "0"), "years is 0: allowed is 1 to 60"),
        (("run", SCENARIO, "--replications", "0"), "replications is 0"),
        (("run", SCENARIO, "--seed", "-1"), "--seed"),
        (("run", SCENARIO, "--assumptions", "some"), "some"),
        (("run", SCENARIO, "--out", f"{SCENARIO}/below"), "more-groups.yaml"),
        (("compare", "nowhere"), "holds no manifest.json"),
        (("reproduce", "nowhere.json"), "nowhere.json"),
        (("reproduce", SCENARIO), "is not a manifest"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(
    words: tuple[str, ...], text: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    result = doorstroom(*words)
    assert result.exit_code == 2
    assert text in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a process group work otherwise on Windows")
def test_an_interrupted_run_keeps_what_is_done_and_says_how_to_go_on(home: Path) -> None:
    words = ["run", "baseline", "--replications", "4000", "--jobs", "2", "--store", "interrupted"]
    code = "import typer; from sim.cli.runs import register; a = typer.Typer(); register(a); a()"
    child = subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=home, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())}, start_new_session=True,
    )  # fmt: skip
    store, limit = home / "interrupted", time.monotonic() + 60
    while len(list(store.rglob("r*.parquet"))) < 3:
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < limit
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)
    _, error = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "replications are kept in interrupted" in error
    assert "Traceback" not in error
    assert not list(store.rglob(".half*"))
