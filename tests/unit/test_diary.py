"""The diary: entries stay as they were written, a change is seen, and counts are laid beside the right forecast."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import load
from sim.study import Results, StudyError, diary, plan, stream
from sim.study.counts import SEATED, WAITING, Count, from_file, from_words
from sim.study.explain import CHANCE, VERSION, Again, read_said
from sim.study.manifest import FolderError
from sim.study.results import DRAWN, FIXED
from sim.study.scorecard import REST, explain_count, laid, running
from sim.study.scores import crps, last_value

MADE = date(2027, 3, 1)
FEB = date(2028, 2, 1)


@pytest.fixture(scope="module")
def results() -> Results:
    scenario = load("toy/school/baseline", years=2)
    study = plan([], baseline=scenario, replications=4, modes=(FIXED, DRAWN))
    *_, last = stream(study, jobs=1)
    return last.collector.results()


def kept(results: Results, folder: Path, made: date = MADE) -> diary.Entry:
    return diary.add_forecast(folder, results, made, asked="toy/school/baseline")


def counted(on: date, value: float | None, what: str = WAITING, kind: str = "special") -> Count:
    return Count(on, kind, what, value, "register")


def test_a_forecast_says_each_coming_count_date(results: Results, tmp_path: Path) -> None:
    entry = kept(results, tmp_path)
    assert [f.on for f in entry.forecasts] == [date(2027, 10, 1)] * 4 + [FEB] * 4
    one = next(f for f in entry.forecasts if (f.on, f.place_type, f.what) == (FEB, "special", WAITING))
    frame = results.select(indicator="K02.feb", place_type="special")
    frame = frame[frame["school_year"] == "2027-2028"]
    fixed, drawn = (frame[frame["assumptions"] == m]["value"].to_numpy() for m in (FIXED, DRAWN))
    assert one.expected == pytest.approx(fixed.mean())
    assert one.chance == pytest.approx(np.quantile(fixed, [0.1, 0.9]))
    assert one.band == pytest.approx(np.quantile(drawn, [0.1, 0.9]))
    assert sorted(entry.sample(one)) == pytest.approx(sorted(drawn))
    read = diary.read(tmp_path).entries[0].forecasts
    assert [(f.on, f.place_type, f.indicator) for f in read] == [
        (f.on, f.place_type, f.indicator) for f in entry.forecasts
    ]
    assert [f.band for f in read] == [pytest.approx(f.band, abs=1e-3) for f in entry.forecasts]
    assert {p.name for p in entry.folder.iterdir()} == {
        "forecast.csv", "indicators.parquet", "scenarios.json", "manifest.json"
    }  # fmt: skip
    assert sum(p.stat().st_size for p in entry.folder.iterdir()) < 50_000


def test_an_entry_is_an_output_folder_that_can_be_explained(results: Results, tmp_path: Path) -> None:
    said = read_said(kept(results, tmp_path).folder)
    assert said.scenario.digest() == results.baseline.digest()
    assert {"K02.feb", "K17.children_oct"} <= set(said.values["indicator"])


def test_nothing_is_written_over(results: Results, tmp_path: Path) -> None:
    first = kept(results, tmp_path)
    before = {p: p.read_bytes() for p in first.folder.iterdir()}
    second = kept(results, tmp_path)
    assert (first.name, second.name) == ("2027-03-01", "2027-03-01-2")
    assert before == {p: p.read_bytes() for p in first.folder.iterdir()}
    book = diary.read(tmp_path)
    names = [diary.add_counts(book, [counted(FEB, value)], MADE) for value in (20, 21)]
    assert names == ["counts/2028-02-01.csv", "counts/2028-02-01-2.csv"]
    assert [c.value for c in diary.read(tmp_path).counts] == [21]
    assert not diary.read(tmp_path).problems
    assert not list(tmp_path.rglob(".half-*"))


@pytest.mark.parametrize("name", ["forecast.csv", "scenarios.json", "indicators.parquet", "manifest.json"])
def test_a_later_change_of_an_entry_is_seen(results: Results, tmp_path: Path, name: str) -> None:
    entry = kept(results, tmp_path)
    kept(results, tmp_path)
    (entry.folder / name).write_bytes((entry.folder / name).read_bytes() + b" ")
    book = diary.read(tmp_path)
    assert book.problems == (f"2027-03-01 was changed after it was written ({name}): it is left out",)
    assert [e.name for e in book.entries] == ["2027-03-01-2"]


def test_a_change_of_the_ledger_or_a_count_is_seen(results: Results, tmp_path: Path) -> None:
    kept(results, tmp_path)
    name = diary.add_counts(diary.read(tmp_path), [counted(FEB, 20)], MADE)
    diary.add_counts(diary.read(tmp_path), [counted(FEB, 21, SEATED)], MADE)
    ledger = tmp_path / diary.LEDGER
    whole = ledger.read_text()
    rows = list(csv.reader(whole.splitlines()))
    ledger.write_text("\n".join(",".join(r) for r in rows if r[0] != name) + "\n")
    problems = diary.read(tmp_path).problems
    assert any("counts/2028-02-01-2.csv, or one before it, was changed" in p for p in problems)
    assert f"{name} is not in ledger.csv: it is left out" in problems
    ledger.write_text(whole)
    (tmp_path / name).write_text((tmp_path / name).read_text().replace("20", "25"))
    book = diary.read(tmp_path)
    assert book.problems == (f"{name} was changed after it was written (2028-02-01.csv): it is left out",)
    assert [c.what for c in book.counts] == [SEATED]
    (tmp_path / name).unlink()
    assert diary.read(tmp_path).problems == (
        f"{name} is in ledger.csv and not in the folder: it is left out",
    )
    ledger.write_bytes(b"\xff\xfe")
    with pytest.raises(FolderError, match="is not a ledger"):
        diary.read(tmp_path)


def test_a_forecast_that_lies_behind_the_horizon_is_refused(results: Results, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"between 2028-02-01 and the end of the last simulated school year"):
        kept(results, tmp_path / "new", FEB)
    assert not (tmp_path / "new").exists()
    with pytest.raises(FolderError, match="make a forecast first"):
        diary.read(tmp_path)


def test_a_count_is_laid_beside_its_forecast_and_scored(results: Results, tmp_path: Path) -> None:
    entry = kept(results, tmp_path)
    book = diary.read(tmp_path)
    earlier = date(2027, 2, 1)
    diary.add_counts(book, [counted(earlier, 14)], MADE)
    diary.add_counts(book, [counted(FEB, 25), counted(FEB, None, SEATED)], FEB)
    rows = [r for r in laid(diary.read(tmp_path)) if r.count is not None]
    waiting, seated = sorted(rows, key=lambda r: r.forecast.what, reverse=True)
    assert waiting.difference == pytest.approx(25 - waiting.forecast.expected, abs=1e-3)
    assert waiting.score == pytest.approx(crps(entry.sample(waiting.forecast), 25))
    assert waiting.naive == pytest.approx(crps(last_value([2027], [14], 2028), 25))
    assert (seated.difference, seated.score) == (None, None), "a masked count has no number"
    score = running(rows)
    assert score is not None
    assert (score.counted, score.paired) == (1, 1)
    assert score.score == score.paired_score == waiting.score
    assert running([seated]) is None


def test_a_count_that_came_after_the_forecast_does_not_help_the_naive_one(
    results: Results, tmp_path: Path
) -> None:
    kept(results, tmp_path, date(2026, 11, 1))
    book = diary.read(tmp_path)
    diary.add_counts(book, [counted(date(2027, 2, 1), 14)], MADE)
    diary.add_counts(book, [counted(FEB, 25)], FEB)
    assert all(r.naive is None for r in laid(diary.read(tmp_path)))


def test_a_difference_is_divided_over_its_causes(results: Results, tmp_path: Path) -> None:
    entry = kept(results, tmp_path)
    diary.add_counts(diary.read(tmp_path), [counted(FEB, 60), counted(FEB, 84, SEATED)], FEB)
    rows = laid(diary.read(tmp_path))
    today = results.baseline.with_values({"region.sources.referrals.rate": 0.0084})
    found, surprises = explain_count(entry, rows, today, Again(jobs=1))
    assert [d.path for d in found.differences] == ["region.sources.referrals.rate"]
    surprise = next(s for s in surprises if s.forecast.what == WAITING)
    assert sum(surprise.parts.values()) == pytest.approx(60 - surprise.forecast.expected, abs=1e-3)
    assert surprise.parts["assumptions"] > 0
    assert surprise.parts[VERSION] == 0
    assert surprise.parts[CHANCE] > 0
    assert surprise.parts[REST] > 0, "sixty lies far outside the band of chance"
    nothing = [replace(r, count=None) for r in rows]
    with pytest.raises(StudyError, match="nothing to explain"):
        explain_count(entry, nothing, today, Again(jobs=1))


def test_small_counts_are_never_written_down(tmp_path: Path) -> None:
    path = tmp_path / "count.csv"
    path.write_text(
        "type;what;count\nspecial;seated;84\nspecial;waiting;3\nall;waiting;<5\n", encoding="utf-8-sig"
    )
    found = from_file(path, FEB, "register", ["all", "special"])
    assert [c.value for c in found] == [84, None, None]
    assert [c.value for c in from_words(["special=4", "all=5"], FEB, "x", ["all", "special"])] == [None, 5]


def test_what_is_wrong_with_a_count_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "count.csv"
    path.write_text("type,what,count\nspecail,seated,84\nspecial,seat,8.5\nspecial,seated\nall,seated,-3\n")
    with pytest.raises(ScenarioError) as caught:
        from_file(path, FEB, "register", ["all", "special"])
    text = str(caught.value)
    for part in (
        f"{path}:2: type: no forecast has this type. Found: 'specail'. Allowed: all, special. Did you mean 'special'?",
        f"{path}:3: what: not what is counted. Found: 'seat'. Allowed: seated or waiting.",
        f"{path}:3: count: not a count. Found: '8.5'.",
        f"{path}:4: three cells are needed.",
        f"{path}:5: count: not a count. Found: '-3'.",
    ):
        assert part in text
    for text in ("", "kind,count\nspecial,3\n", "type,what,count\n"):
        path.write_text(text)
        with pytest.raises(ScenarioError):
            from_file(path, FEB, "register", ["special"])
    path.write_bytes(b"type,what,count\nsp\xebcial,seated,84\n")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        from_file(path, FEB, "register", ["special"])
    with pytest.raises(ScenarioError, match="neither a file that exists nor TYPE=NUMBER"):
        from_words(["special"], FEB, "register", ["special"])
    with pytest.raises(ScenarioError, match="counted twice"):
        from_words(["special=7", "special.seated=8"], FEB, "register", ["special"])
