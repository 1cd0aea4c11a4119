"""The commands that look at scenarios, on the little region and on what is shipped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from little_region import write

from sim.cli import calibrate_work, main
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import catalogue, find_root, load


def out_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `doorstroom` prints when all is well."""
    monkeypatch.setattr(sys, "argv", ["doorstroom", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    assert stopped.value.code == 0, err
    return out


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path)


def test_list(town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row.split("\t") for row in out_of(monkeypatch, capsys, "list").splitlines()]
    assert rows == [
        ["region", "id", "kind", "title", "item"],
        ["littletown", "baseline", "baseline", "Carry on", ""],
        ["littletown", "bigger", "idea", "Bigger classes", "Q1"],
    ]
    assert "Grotere klassen" in out_of(monkeypatch, capsys, "list", "--lang", "nl")


def test_show(town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = out_of(monkeypatch, capsys, "show", "bigger")
    line = next(row for row in out.splitlines() if row.startswith("light.class_size"))
    assert line.split("\t")[:6] == [
        "light.class_size",
        "Light: children per group",
        "14",
        "15",
        "+ 1",
        "children per group",
    ]
    assert str(Path("ideas", "bigger.yaml:11")) in line
    for part in ("hired", "Too few people.", "Less calm.", "There are rooms.", "assumption of the modellers"):
        assert part in out
    assert "region.places.birch.roll.calm" not in out
    every = out_of(monkeypatch, capsys, "show", "bigger", "--all")
    assert "birch.roll.calm\tBirch · Calm · pupils at the start\t40\t38 to 42\tchildren\tA\tRegister" in every


def test_show_names_an_override(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = (town / "baseline.yaml").read_text(encoding="utf-8").replace("id: baseline", "id: mine")
    mine += "overrides: [{effect: more-children-more-steps, value: 1, reason: what if it does nothing}]\n"
    Path("mine.yaml").write_text(mine, encoding="utf-8")
    out = out_of(monkeypatch, capsys, "show", "mine.yaml")
    assert "Effect set by hand: more-children-more-steps = 1, because: what if it does nothing" in out


def test_validate(town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(p) for p in sorted(town.rglob("*.yaml"))]
    out = out_of(monkeypatch, capsys, "validate", *files)
    assert out.splitlines() == [f"{f}: in order" for f in files]


def test_schema(town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("scenario", "region", "evidence"):
        assert json.loads(out_of(monkeypatch, capsys, "schema", "--kind", kind))["$id"].startswith(
            "urn:doorstroom:"
        )


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert out_of(monkeypatch, capsys, "--version").startswith("doorstroom ")


def test_every_shipped_scenario_can_be_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for scenario in catalogue():
        assert scenario.id in out_of(monkeypatch, capsys, "show", scenario.id, "--all", "--lang", "nl")


def test_it_prints_where_letters_are_few(town: Path) -> None:
    """A console that knows only ASCII, as an old Windows console may."""
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "show", str(town / "ideas" / "bigger.yaml"), "--all"],
        cwd=Path(__file__).parents[2],
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_a_posterior_that_no_longer_fits_can_be_made_anew(tmp_path: Path) -> None:
    shutil.copytree(find_root() / "toy" / "school", tmp_path / "school")
    path = tmp_path / "school" / "posterior.csv"
    path.write_text("sources.referrals.rate\n9\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="outside its range"):
        load("school/baseline", tmp_path)
    assert not calibrate_work.baseline("school", tmp_path).posterior.rows
    path.write_text("", encoding="utf-8")
    (tmp_path / "school" / "region.yaml").write_text("id: school\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"region\.yaml"):
        calibrate_work.baseline("school", tmp_path)
