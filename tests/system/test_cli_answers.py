"""The commands threshold and plan on a toy region whose answers have a closed form; bad questions get one message."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from pathlib import Path

import pytest

from sim.cli import main

SIGNALS, SEATS, SIZE, STAY, YEARS = 75.0, 300.0, 12.0, 5.0, 10.0
PLAN = ("plan", "--region", "toy/breakeven", "--type", "School")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["doorstroom", *words])
    code = 0
    try:
        main()
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, " ".join(out.split()), err


def test_help_instead_of_groups_breaks_even_where_the_formula_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kept: Path
) -> None:
    """Five groups fewer: nobody enters for T = S ln(seats / fewer), then fewer / S a year do; help saves (1 - r) signals."""
    fewer = SEATS - 5 * SIZE
    usual, less, t = SEATS / STAY, fewer / STAY, STAY * math.log(SEATS / fewer)
    missed = usual * t**2 / 2 + (usual - less) * (YEARS**2 - t**2) / 2 + less * t * (YEARS - t)
    ratio = 1 - missed / (SIGNALS * YEARS**2 / 2)
    code, out, err = run(
        monkeypatch, capsys, "threshold", "toy/breakeven/help-instead-of-groups", "--indicator", "K02.mean",
        "--replications", "20", "--jobs", "1", "--store", str(kept), "--out", str(tmp_path),
    )  # fmt: skip
    assert code == 0, err
    found = json.loads((tmp_path / "threshold.json").read_text(encoding="utf-8"))
    (crossing,) = found["crossings"]
    assert (found["answer"], crossing["better"]) == ("value", "below")
    assert crossing["value"] == pytest.approx(ratio, abs=0.02)
    assert crossing["interval"][0] <= crossing["value"] <= crossing["interval"][1]
    assert found["manifest"]["seed"] == 1
    assert set(found["manifest"]["scenarios"]) == {"toy/breakeven/baseline", found["scenario"]}
    rows = list(csv.DictReader((tmp_path / "threshold.csv").open(encoding="utf-8")))
    assert {float(r["value"]) for r in rows} >= {0.5, 0.8, 1.0}
    children = round(100 * (1 - crossing["value"]))
    assert f"if of 100 children at least {children} no longer need a referral" in out


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        ("only-help", "It works as soon as there is any effect. Only at 1 it changes nothing"),
        ("only-fewer-groups", "rests on no uncertain effect"),
    ],
)
def test_answers_without_a_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kept: Path, scenario: str, told: str
) -> None:
    code, out, err = run(
        monkeypatch, capsys, "threshold", f"toy/breakeven/{scenario}", "--indicator", "K02.mean", "--replications", "4",
        "--jobs", "1", "--store", str(kept),
    )  # fmt: skip
    assert code == 0, err
    assert told in out


def test_an_effect_that_the_scenario_does_not_drive_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kept: Path
) -> None:
    code, out, err = run(
        monkeypatch, capsys, "threshold", "toy/breakeven/only-fewer-groups", "--effect", "help", "--indicator", "K02.mean",
        "--replications", "2", "--jobs", "1", "--store", str(kept), "--lang", "nl",
    )  # fmt: skip
    assert code == 0, err
    assert "Deze uitkomst hangt niet van dit effect af" in out


def test_a_plan_of_places_is_that_of_the_load_law(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kept: Path
) -> None:
    """After t years with n groups more, full from the start: list = signals t - 12 n - (300 + 12 n) t / S."""
    t, at_most = 9 + 61 / 365, 86.0
    exact = (SIGNALS * t - SEATS * t / STAY - at_most) / (SIZE * (1 + t / STAY))
    groups = math.ceil(exact)
    assert groups == 2 and 0.3 < exact % 1 < 0.7, "the case lies far from the next whole group"
    code, out, err = run(
        monkeypatch, capsys, *PLAN, "--waiting-at-most", str(at_most), "--school-year", "2035-2036",
        "--replications", "30", "--jobs", "1", "--store", str(kept), "--export", str(tmp_path / "plan.csv"),
    )  # fmt: skip
    assert code == 0, err
    assert f"School: {groups} groups more from 2026-08-01 ({groups * SIZE:.0f} places)" in out
    assert "Rooms are needed too: All groups 2" in out
    assert "2026 € 100,000 (The city); 2027 € 240,000 (The city)" in out and "2036 € 140,000" in out
    moved = re.search(r"Referrals .* Lowest value: (\d) groups?; highest: (\d) groups?", out)
    assert moved and int(moved[1]) < groups < int(moved[2])
    (row,) = csv.DictReader((tmp_path / "plan.csv").open(encoding="utf-8-sig"), delimiter=";")
    assert (row["vestigingscode"], row["schooljaar"], row["plaatsen 26-27"]) == ("99ZZ00", "2026-2027", "300")
    assert (row["plan groepen 35-36"], row["plan plaatsen 35-36"]) == ("27", "324")
    assert list(tmp_path.iterdir()) == [tmp_path / "plan.csv"]


def test_a_plan_goes_on_from_the_file_that_it_wrote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kept: Path
) -> None:
    asked = (
        *PLAN, "--waiting-at-most", "60", "--school-year", "2027-2028", "--replications", "2", "--jobs", "1",
        "--store", str(kept),
    )  # fmt: skip
    code, first, err = run(monkeypatch, capsys, *asked, "--export", str(tmp_path / "a.xlsx"))
    assert code == 0, err
    code, second, err = run(
        monkeypatch, capsys, *asked, "--import", str(tmp_path / "a.xlsx"), "--export", str(tmp_path / "b.csv")
    )
    assert code == 0, err
    assert "no group is needed" in first and first.split(" The assumption")[0] in second
    assert "1 arrangements, in force from school year 2026-2027" in second
    (row,) = csv.DictReader((tmp_path / "b.csv").open(encoding="utf-8-sig"), delimiter=";")
    assert (row["huidig aantal"], row["beschikbaar"], row["groepen"]) == ("300", "0", "25")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("threshold", "toy/breakeven/only-helpp"), "Did you mean 'toy/breakeven/only-help'"),
        (("threshold", "toy/breakeven/baseline"), "carrying on as today"),
        (("threshold", "toy/breakeven/only-help", "--effect", "hulp"), "not in the evidence register"),
        (("threshold", "toy/breakeven/only-help", "--indicator", "K02.men"), "Did you mean 'K02.mean'"),
        (("threshold", "toy/breakeven/only-help", "--indicator", "K22.seats_oct"), "neither more nor less"),
        (("threshold", "toy/breakeven/only-help", "--replications", "0"), "replications is 0"),
        ((*PLAN[:4], "skool", "--waiting-at-most", "5", "--school-year", "2029-2030"), "Did you mean 'school'"),
        ((*PLAN, "--waiting-at-most", "-1", "--school-year", "2029-2030"), "--waiting-at-most"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029"), "2026-2027 to 2035-2036"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029-2031"), "not a school year"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2040-2041"), "not reported"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029-2030", "--from", "2031-08-01"), "before the groups open"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029-2030", "--from", "soon"), "not a date"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029-2030", "--profile", "x"), "--profile"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029-2030", "--export", "plan.pdf"), ".csv, .xlsx"),
        ((*PLAN, "--waiting-at-most", "5", "--school-year", "2029-2030", "--import", "none.csv"), "no such file"),
        (("plan", "--region", "nowhere", "--type", "so", "--waiting-at-most", "5", "--school-year", "2029-2030"), "no region"),
        (
            ("plan", "--region", "toy/inclusion", "--type", "lighter", "--waiting-at-most", "5", "--school-year", "2029-2030"),
            "as many seats as are asked",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kept: Path, words: tuple[str, ...], told: str
) -> None:  # fmt: skip
    code, out, err = run(monkeypatch, capsys, *words, "--store", str(kept))
    assert (code, out) == (2, "")
    assert told in " ".join(err.replace("│", " ").split())
