"""The command backtest: a short one prints its tables and writes its file; what cannot be done is said in one message."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from sim.cli import main

TINY = ("backtest", "--from", "2022", "--draws", "10", "--jobs", "1")


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["doorstroom", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


def test_a_short_back_test(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = run(monkeypatch, capsys, *TINY, "--out", str(tmp_path / "new"))
    assert code == 0, err
    assert "the shock of 2014-15 given" in out and "nothing given" in out
    assert "pupils in SBO" in out and "same as last year" in out and "zoals vorig jaar" in out
    assert "2 of 2" in err
    rows = list(csv.DictReader((tmp_path / "new" / "backtest.csv").open(encoding="utf-8")))
    assert {r["forecaster"] for r in rows} == {"model", "last year", "linear trend"}
    assert {(r["origin"], r["year"]) for r in rows} == {("2022", "2023")}
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["backtest.csv"]


def test_a_region_with_one_count_is_told_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "backtest", "--region", "almere")
    assert code == 0
    assert "There is no back-test of almere in time" in out and "almere.stock.sbo: 2023" in out
    assert "import-duo" in out and "almere.absent.*: 2015-16, 2023-24" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2013"), "2014 to 2022"),
        (("--from", "2023"), "2014 to 2022"),
        (("--region", "nergens"), "there is no region with this id"),
        (("--seed", "-1"), "--seed"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, out, err = run(monkeypatch, capsys, "backtest", *words)
    assert (code, out) == (2, "")
    assert told in err and "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_said_before_the_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, _, err = run(monkeypatch, capsys, *TINY, "--out", str(tmp_path / "file"))
    assert (
        code == 2
        and "cannot be used as a folder to write in" in err
        and "Traceback" not in err
        and "Forecasts" not in err
    )
