"""The credibility report: what it says of proof tables, scores and assumptions; nothing missing is shown as good."""

from __future__ import annotations

import csv
import json
import math
import re
from pathlib import Path

import pytest
from little_region import write
from made_report import DAY, PROOF, grids, notices, section, shipped
from proof_folder import PLAIN, SOURCE, backtest, checked, line, make

from sim.report.content import Answer, Bullets, Content, Lang, Tongue
from sim.report.credibility import credibility
from sim.report.files import baseline
from sim.report.proofs import read_proofs
from sim.report.score import scores
from sim.scenario.describe import number_rows
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import load


def of(root: Path, tables: dict[str, list[dict[str, object]]], lang: Lang = "en") -> Content:
    """The report on a made-up folder."""
    return credibility(load("baseline"), make(root, tables), lang, DAY, root=root)


def value(text: str) -> float:
    """A number as shown in English, read back."""
    plain = text.replace(",", "").replace("−", "-").replace("+", "")
    return float(plain.rstrip(" %")) / 100 if plain.endswith("%") else float(plain)


def near(shown: str, written: str) -> bool:
    """Whether a shown number is the one of the CSV: four digits, or tenths of a per cent."""
    exact = float(written)
    if math.isnan(exact):
        return shown == ""
    return math.isclose(value(shown), exact, rel_tol=6e-4, abs_tol=6e-4 if shown.endswith("%") else 1e-12)


def rows_of(part: str) -> list[dict[str, str]]:
    with (PROOF / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("number", "unit", "nl", "en"),
    [
        (0.00528, "", "0,00528", "0.00528"),
        (1234.56, "", "1.235", "1,235"),
        (-12.34567, "", "−12,35", "−12.35"),
        (0.7512, "share", "75,1 %", "75.1 %"),
        (0.0004, "change", "+0,0 %", "+0.0 %"),
        (math.nan, "", "", ""),
    ],
)
def test_numbers_are_written_in_the_language(number: float, unit: str, nl: str, en: str) -> None:
    assert (Tongue("nl").number(number, unit), Tongue("en").number(number, unit)) == (nl, en)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("theory", "verification"),
        ("keyed", "verification"),
        ("importer", "verification"),
        ("mutations", "mutations"),
    ],
)
def test_every_number_of_a_table_is_that_of_its_csv(part: str, name: str) -> None:
    written = rows_of(part)
    grid = next(g for g in grids(section(shipped(), name)) if g.command == f"python -m proof {part}")
    assert len(grid.rows) == len(written)
    for cells, row in zip(grid.rows, written, strict=True):
        assert cells[:2] == (row["case"], row["what"])
        assert near(cells[2], row["expected"]) and near(cells[3], row["found"]), (cells, row)
        assert (
            cells[4] == "exact"
            if float(row["se"]) == 0
            else near(cells[4].replace("exact", "0"), f"{float(row['se']):.3g}")
        )
        assert cells[7] == ("yes" if row["holds"] == "True" else "NO") or row["rule"] == "beside"


@pytest.mark.parametrize(
    ("part", "name"),
    [("moments", "fit"), ("almere", "replay"), ("replay", "replay"), ("backtest", "backtest")],
)
def test_every_number_beside_a_published_one_is_that_of_its_csv(part: str, name: str) -> None:
    """Tables with one row per line, and tables of rows and columns."""
    seen = 0
    written = {(r["case"], r["what"]): r for r in rows_of(part)}
    for grid in grids(section(shipped(), name)):
        if grid.command != f"python -m proof {part}":
            continue
        for (case, what), row in written.items():
            head, _, column = what.partition(" | ")
            for cells in grid.rows:
                if (
                    column in grid.header
                    and cells[0] == head
                    and grid.caption.partition(": ")[2].startswith(f"{case}.")
                ):
                    shown = (
                        cells[grid.header.index(column)].partition(" (")[0].removesuffix(" – does not hold")
                    )
                elif cells[0] == what and grid.caption.endswith(f": {case}"):
                    shown = cells[1]
                    assert near(cells[4], row["expected"]), (cells, row)
                else:
                    continue
                assert near(shown, row["found"]), (shown, row)
                seen += 1
    asked = [
        r for r in written.values() if part != "almere" or r["rule"] != "beside" or r["expected"] != "nan"
    ]
    assert seen == len(asked)


def test_tables_that_were_not_made_are_not_shown_as_good(tmp_path: Path) -> None:
    found = of(tmp_path, {})
    assert all(a.tone != "good" for a in found.answers)
    assert any("no score yet" in a.text for a in found.answers)
    for name in ("backtest", "fit", "replay", "verification", "mutations"):
        told = [n for n in notices(section(found, name)) if "not made yet" in n.text]
        assert told and all(n.tone == "bad" and n.command.startswith("python -m proof ") for n in told), name


def test_a_table_says_with_which_sources_it_was_made(tmp_path: Path) -> None:
    folder = make(tmp_path, {"theory": [checked("queue", "wait", 1.0)]}, PLAIN)
    read = lambda: read_proofs(folder, tmp_path).table("theory").state  # noqa: E731
    assert read() == "current"
    (tmp_path / SOURCE).write_text("speed = 2\n", encoding="utf-8")
    assert read() == "earlier"
    told = notices(section(credibility(load("baseline"), folder, "en", DAY, root=tmp_path), "verification"))
    assert any("earlier version" in n.text and n.tone == "bad" for n in told)
    table = folder / "theory.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("1.0", "1.1"), encoding="utf-8")
    assert read() == "altered"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    assert read() == "unknown"
    del manifest["theory"]["reads"]
    assert read_proofs(folder, tmp_path).table("none").state == "missing"


def test_arithmetic_is_good_only_when_all_of_it_holds_with_todays_sources(tmp_path: Path) -> None:
    parts = ("theory", "closed-forms", "appendix", "keyed", "mutations")
    tables = {part: [checked("case", "what", 1.0), line("case", "shown only", 2.0)] for part in parts}
    good = of(tmp_path, tables).answers[0]
    assert (good.tone, good.figure) == ("good", "4 of 4")
    tables["keyed"].append(checked("case", "wrong", 9.0, holds=False))
    bad = of(tmp_path, tables)
    assert (bad.answers[0].tone, bad.answers[0].figure) == ("bad", "4 of 5")
    assert any("Not: case, wrong." in n.text for n in notices(section(bad, "verification")))


@pytest.mark.parametrize(
    ("model", "covered", "won", "tone", "band"),
    [
        ([9, 11, 5], 0.75, "2 of 3", "note", "wide enough"),
        ([10, 11, 5], 0.5, "1 of 3", "bad", "too narrow"),
        ([9], 0.95, "1 of 1", "good", "too wide"),
    ],
)
def test_a_series_is_won_when_it_beats_the_better_naive_forecast(
    tmp_path: Path, model: list[float], covered: float, won: str, tone: str, band: str
) -> None:
    found = of(tmp_path, {"backtest": backtest(model, covered)})
    score, bands = (a for a in found.answers if a.command == "python -m proof backtest")
    assert (score.figure, score.tone) == (won, tone)
    assert band in bands.text and (bands.tone == "good") == (band == "wide enough")
    lost = [f"pupils in S{i}" for i, mine in enumerate(model) if mine >= 10]
    assert all(name in score.text for name in lost)
    first, other = scores(read_proofs(tmp_path / "docs" / "proof", tmp_path).table("backtest"))
    assert (first.won, first.covered) == (int(won[0]), covered) and other.scale == "national, nothing given"
    dutch = of(tmp_path, {"backtest": backtest(model, covered)}, "nl").answers[1].text
    assert "(landelijk)" in dutch and ("leerlingen in S" in dutch) == bool(lost)


def test_a_total_that_fits_does_not_hide_series_that_are_off_both_ways(tmp_path: Path) -> None:
    case = "Coverage of the 80 % interval, national"
    rows = [r for r in backtest([9, 11, 5], 0.75) if r["case"] != case]
    shares = {"pupils in S0": 0.95, "pupils in S1": 0.6, "pupils in S2": 0.8, "all six": 0.8}
    rows += [line(case, f"{name} | model", share, unit="share") for name, share in shares.items()]
    bands = of(tmp_path, {"backtest": rows}).answers[2]
    assert bands.tone == "bad"
    assert "Too narrow for pupils in S1" in bands.text and "Too wide for pupils in S0" in bands.text


def test_fitted_is_never_counted_as_checked(tmp_path: Path) -> None:
    rows = [
        checked("Stays", "a", 1.0, beside="fitted; sets a rate; count"),
        checked("Stays", "b", 1.0, beside="checked; count"),
        checked("Stays", "c", 3.0, beside="finding; count"),
        line("Stays", "d", 3.0, beside="checked; count"),
        checked("Stays", "e", 3.0, beside="finding; sets a share; count"),
    ]
    found = of(tmp_path, {"replay": rows})
    answer = next(a for a in found.answers if a.command == "python -m proof replay")
    assert (answer.figure, answer.tone) == ("1 of 2", "bad")
    assert (
        "Beside the model lie 4 numbers from elsewhere; 2 are off." in answer.text
        and "2 were used" in answer.text
    )
    (grid,) = (g for g in grids(section(found, "replay")) if g.rows)
    assert [cells[-1] for cells in grid.rows] == ["fitted", "right", "off", "not judged", "fitted, off"]
    assert grid.marked == {2, 4}


def test_what_calibration_cannot_know_is_told_in_words(tmp_path: Path) -> None:
    rows = [
        line("Rates: the 90 % that", "sources.vo-vso.rate", 0.5, beside="median; posterior 98% as wide as the range"),
        line("All rates together", "width of combination 1 of the rates", 0.6, unit="share"),
        line("Facts used to fit (fitted)", "steady sbo", 0.0),
        line("Facts that cannot all be true: distance", "leaving_share vso", 3.4),
        line("What rates can give", "leaving_share vso", 0.23, expected=0.28, low=0.21, high=0.23, beside="OUTSIDE by 2.0 of"),
        line("What rates can give", "stay so", 4.0, expected=4.1, low=3.0, high=4.0, beside="OUTSIDE by 0.4 of"),
    ]  # fmt: skip
    told = [
        b for b in section(of(tmp_path, {"calibration": rows}, "nl"), "fit").blocks if isinstance(b, Bullets)
    ]
    first, far = told[0].items, told[1].items
    assert (
        "van gewoon voortgezet onderwijs naar VSO" in first[1]
        and "60,0 %" in first[0]
        and "1 van de 1" in first[-1]
    )
    assert far == ("deel dat in een jaar vertrekt uit VSO: 28,0 %; het model kan 21,0 % tot 23,0 % geven",)


def test_all_series_together_are_told_when_they_are_lost(tmp_path: Path) -> None:
    score = of(tmp_path, {"backtest": backtest([9.5, 9.5, 40])}, "nl").answers[1]
    assert score.tone == "bad" and "Alle reeksen samen: slechter." in score.text
    assert "Afstand tot de tellingen: 19,7 bij het model, 10 bij de beste simpele regel." in score.text
    assert "Maar net beter: leerlingen in S0, leerlingen in S1." in score.text


def test_headings_and_rows_of_the_forecasts_are_dutch() -> None:
    english = re.compile(r"\b(the|and|with|without|since|share|children|pupils|leavers|entries)\b")
    for name in ("backtest", "replay"):
        for grid in grids(section(shipped("nl"), name)):
            if grid.command.endswith((" backtest", " replay")) and "Niet in het model" not in grid.caption:
                assert not any(english.search(words) for words in (grid.caption, *grid.header)), grid.caption
                assert not any(english.search(row[0]) for row in grid.rows), grid.caption


def test_lines_without_a_number_are_told_in_words(tmp_path: Path) -> None:
    rows = [line("Rates", f"rate {i}", 0.5, low=0.4, high=0.6, beside="a fact") for i in range(6)]
    words = line("Findings", "two rates cannot be told apart", math.nan)
    fit = section(of(tmp_path, {"calibration": [*rows, words]}), "fit")
    assert ("two rates cannot be told apart",) in [b.items for b in fit.blocks if isinstance(b, Bullets)]
    (grid,) = grids(fit)
    assert len(grid.rows) == 6 and grid.rows[0][:3] == ("rate 0", "0.5", "0.4 to 0.6")


def test_the_word_validated_is_never_said_of_what_was_fitted() -> None:
    for lang in ("nl", "en"):
        text = repr(section(shipped(lang), "fit")).lower()
        assert "validat" not in text and "gevalideerd" not in text


def test_the_register_has_every_assumption_with_range_source_and_date() -> None:
    register = section(shipped(), "register")
    rows = {cells[-1]: cells for grid in grids(register) for cells in grid.rows}
    own = [r for r in number_rows(load("baseline")) if r.grade == "E"]
    assert len(own) > 100
    for r in own:
        cells = rows[r.path]
        assert r.range is not None and near(cells[1], repr(r.value))
        assert all(near(shown, repr(v)) for shown, v in zip(cells[2].split(" to "), r.range, strict=True))
        assert r.source in cells[5] and cells[6] == r.date
    assert all(grid.command == "doorstroom show baseline --all" for grid in grids(register))
    assumed: Answer = shipped().answers[-1]
    assert assumed.figure == f"{len(own)} of {len(number_rows(load('baseline')))}"


def test_the_checklists_are_filled_in_from_the_files() -> None:
    (stress,) = grids(section(shipped(), "stress"))
    assert len(stress.rows) == 20
    text = " ".join(cell for row in stress.rows for cell in row)
    region = load("baseline").region
    assert f"{len(region.places)} school locations of {len(region.place_types)} types" in text
    assert f"{len(region.sources)} sources of signals" in text and "numpy" in text
    (odd,) = grids(section(shipped(), "odd"))
    assert [row[0][0] for row in odd.rows] == list("1234567")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_questions_log_and_commands_are_there(lang: Lang) -> None:
    content = shipped(lang)
    (questions,) = grids(section(content, "questions"))
    assert [row[0] for row in questions.rows] == [f"V{i:02d}" for i in range(1, 18)]
    assert grids(section(content, "assurance"))
    for part in content.sections:
        for grid in grids(part):
            assert grid.command or part.id in ("questions", "assurance", "abbreviations"), grid.caption
    assert all(a.command for a in content.answers) and 4 <= len(content.answers) <= 5


def test_no_name_of_a_machine_stands_in_the_report() -> None:
    assert not re.search(r"/(work|tmp|home|opt)/", repr(shipped()))


def test_another_region_has_a_report_too(tmp_path: Path) -> None:
    scenarios = write(tmp_path)
    folder = make(tmp_path, {})
    found = credibility(baseline("littletown", scenarios), folder, "en", DAY, scenarios, tmp_path)
    assert "No questions were written down" in repr(section(found, "questions"))
    assert "bigger" in repr(section(found, "stress"))


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "why"),
    [
        ("theory.csv", "case,what", "story,what", "theory.csv:1", "lacks the column case"),
        ("theory.csv", "holds,low", "holds,lowest", "theory.csv:1", "unknown column lowest"),
        ("theory.csv", ",1.0,", ",one,", "theory.csv:2: found", "not a number"),
        ("theory.csv", "True", "maybe", "theory.csv:2: holds", "neither True nor False"),
        ("theory.csv", "queue,wait", "queue", "theory.csv:2", "another number of cells"),
        ("manifest.json", "{", "[", "manifest.json:1", "not JSON"),
    ],
)
def test_a_damaged_table_is_told_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, where: str, why: str
) -> None:
    folder = make(tmp_path, {"theory": [checked("queue", "wait", 1.0)]})
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_proofs(folder, tmp_path)
    assert where in str(error.value) and why in str(error.value)


def test_a_damaged_list_of_questions_is_told(tmp_path: Path) -> None:
    scenarios = write(tmp_path)
    folder = next(scenarios.rglob("region.yaml")).parent
    for text, why in (
        ("id,nl\n", "other columns"),
        ("id,nl,en,why_nl,why_en\nV01,a,b,,d\n", "five filled cells"),
    ):
        (folder / "questions.csv").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError, match=why):
            credibility(baseline("littletown", scenarios), make(tmp_path, {}), "en", DAY, scenarios, tmp_path)
