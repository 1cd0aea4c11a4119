"""The commands diary and explain, with the real engine on the small town of the tutorial."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from sim.cli import diary, runs
from sim.scenario.resolve import find_root

TOWN = "school/baseline"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with two forecasts, the second with larger classes; the working folder while the tests run."""
    source = find_root() / "toy" / "school"
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(source, folder / "scenarios" / "school")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    for day, size in (("2026-11-22", 14), ("2026-12-22", 15)):
        region = folder / "scenarios" / "school" / "region.yaml"
        region.write_text(region.read_text(encoding="utf-8").replace("class_size: 14", f"class_size: {size}"))
        made = doorstroom("diary", "forecast", TOWN, "--replications", "3", "--date", day, "--jobs", "1")
        assert made.exit_code == 0, made.output
    yield folder
    patch.undo()


def doorstroom(*words: str) -> Result:
    app = typer.Typer()
    runs.register(app)
    diary.register(app)
    return CliRunner().invoke(app, list(words))


def test_a_forecast_is_kept_and_can_be_made_again(home: Path) -> None:
    assert sorted(p.name for p in (home / "diary" / "school").iterdir()) == [
        "2026-11-22",
        "2026-12-22",
        "ledger.csv",
    ]
    again = doorstroom("reproduce", "diary/school/2026-12-22", "--jobs", "1")
    assert again.exit_code == 0, again.output
    assert "Equal" in again.stdout


def test_a_count_is_laid_beside_and_explained(home: Path) -> None:
    words = ("2027-02-01", "special=84", "special.waiting=3", "--source", "register", "--date", "2027-03-01")
    made = doorstroom("diary", "count", *words)
    assert made.exit_code == 0, made.output
    assert "<5" in made.stdout
    assert "3" not in (home / "diary" / "school" / "counts" / "2027-02-01.csv").read_text().split(",", 3)[3]
    shown = doorstroom("diary", "show", "--lang", "nl")
    assert shown.exit_code == 0, shown.output
    assert "Stand over 2 tellingen (baseline)" in " ".join(shown.stdout.split())
    explained = doorstroom("diary", "explain", "2027-02-01", "--made", "2026-11-22", "--jobs", "1")
    assert explained.exit_code == 0, explained.output
    assert (
        "Special, seated, on 2027-02-01: expected 84.0 (made on 2026-11-22), counted 84: as expected."
        in explained.stdout
    )
    assert "region.place_types.special.class_size" in explained.stdout


def test_two_entries_are_explained(home: Path) -> None:
    told = doorstroom(
        "explain", "diary/school/2026-11-22", "diary/school/2026-12-22", "--indicator", "K02.feb", "--each",
        "--lang", "nl", "--jobs", "1", "--out", "why.csv",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("Kinderen die wachten op 1 februari (gemiddeld over")
    assert "door andere gegevens" in " ".join(told.stdout.split())
    table = pd.read_csv("why.csv")
    causes = table[["data", "assumptions", "version", "chance"]]
    assert causes.sum(axis=1).to_numpy() == pytest.approx(table["difference"].to_numpy())
    assert (causes["data"] < 0).all()
    assert (causes.drop(columns="data") == 0).all().all()
    assert pd.read_csv("why-inputs.csv")["path"].tolist() == ["region.place_types.special.class_size"]


def test_two_runs_are_explained(home: Path) -> None:
    for seed in ("1", "2"):
        ran = doorstroom(
            "run", TOWN, "--replications", "2", "--years", "2", "--assumptions", "fixed", "--seed", seed,
            "--jobs", "1", "--out", f"run{seed}",
        )  # fmt: skip
        assert ran.exit_code == 0, ran.output
    told = doorstroom("explain", "run1", "run2", "--indicator", "K02.mean", "--jobs", "1")
    assert told.exit_code == 0, told.output
    assert "by chance" in " ".join(told.stdout.split())
    assert "The inputs are equal" in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "nowhere", "diary/school/2026-11-22"), "nowhere holds no manifest.json"),
        (("explain", *["diary/school/2026-11-22"] * 2, "--scenario", "x"), "holds no scenario 'x'"),
        (
            ("explain", *["diary/school/2026-11-22"] * 2, "--indicator", "K99"),
            "indicator 'K99' is not in both",
        ),
        (("diary", "show", "--diary", "nowhere"), "make a forecast first"),
        (("diary", "show", "2027-02-02"), "no forecast was made for this date"),
        (("diary", "show", "yesterday"), "not a date"),
        (("diary", "count", "2999-02-01", "special=9", "--source", "x"), "this date lies ahead"),
        (("diary", "count", "2026-03-01", "special=9", "--source", "x"), "not a count date"),
        (("diary", "count", "2026-02-01", "special=9", "--source", " "), "a count needs a source"),
        (("diary", "count", "2026-02-01", "speciaal=9", "--source", "x"), "Did you mean 'special'?"),
        (("diary", "count", "2026-02-01", "lost.csv", "--source", "x"), "lost.csv: No such file"),
        (("diary", "explain", "2027-10-01"), "nothing to explain"),
        (("diary", "explain", "2027-10-01", "--made", "x"), "'x' is no forecast for 2027-10-01"),
        (("diary", "forecast", TOWN, "--date", "2050-01-01"), "no count date"),
        (("diary", "forecast", TOWN, "--replications", "0"), "replications is 0"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(home: Path, words: tuple[str, ...], said: str) -> None:
    before = sorted(p for p in home.rglob("*") if "store" not in p.parts)
    told = doorstroom(*words)
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert "Traceback" not in told.output
    assert sorted(p for p in home.rglob("*") if "store" not in p.parts) == before


def test_a_diary_holds_one_region(home: Path) -> None:
    shutil.copytree(home / "scenarios" / "school", home / "scenarios" / "village")
    for path in (home / "scenarios" / "village").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("id: school", "id: village").replace("region: school", "region: village")
        )
    told = doorstroom("diary", "forecast", "village/baseline", "--diary", "diary/school")
    assert told.exit_code == 2
    assert "is the diary of region 'school', not of 'village'" in told.stderr


def test_a_changed_entry_is_not_passed_over_in_silence(home: Path) -> None:
    shutil.copytree(home / "diary" / "school", home / "mixed")
    with (home / "mixed" / "2026-11-22" / "manifest.json").open("a") as file:
        file.write(" ")
    shown = doorstroom("diary", "show", "--diary", "mixed")
    assert shown.exit_code == 1
    assert "2026-11-22 was changed after it was written (manifest.json)" in shown.stderr
