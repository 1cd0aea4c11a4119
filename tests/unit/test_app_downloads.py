"""Downloads: what they hold, and that the file and the command made for a screen repeat it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_results import scenario

from sim.app import own
from sim.app.choice import parse
from sim.app.desk import Desk, Settings
from sim.app.downloads import (
    Download,
    csv,
    csv_semicolon,
    from_store,
    kept,
    only,
    parquet,
    scenario_files,
    xlsx,
)
from sim.app.language import speak
from sim.app.repeat import Recipe, as_baseline, package, recipes_of, written, yaml_of
from sim.app.resolve import resolve
from sim.app.server import Shop
from sim.scenario.levers import Change
from sim.scenario.resolve import check, load
from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.parallel import InProcess
from sim.study.runs import plan, stream
from sim.study.store import Store

MADE = Engine("made_results:simulate", "made_results:compute")


def change(**words: object) -> Change:
    return Change.model_validate({"from": date(2027, 8, 1), **words})


def moved(base: Scenario, **levers: tuple[Change, ...]) -> Scenario:
    """The scenario after knobs were moved, as a screen makes it."""
    paths = {**base.levers, **{path.replace("__", "."): changes for path, changes in levers.items()}}
    kept = {path: changes for path, changes in sorted(paths.items()) if changes}
    return base.model_copy(update={"id": "eigen-0123456789", "kind": "own", "levers": kept})


def read_back(text: str, folder: Path, name: str = "eigen-0123456789.yaml") -> Scenario:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    assert check(path) == []
    return load(path)


@pytest.mark.parametrize(
    "id_", ["sbo-in-gewone-scholen", "grotere-klassen-twee", "inclusief-2035", "schok-gebouw"]
)
def test_a_moved_scenario_comes_back_from_its_file_with_the_same_meaning(id_: str, tmp_path: Path) -> None:
    base = load(id_)
    other = moved(
        base, so__groups=(change(add=3.0),), bo__support_slots=(change(add=40.5, ramp={"months": 24.0}),)
    )
    text = yaml_of(Recipe(other, (id_,), base))
    assert f"extends: {id_}" in text
    assert read_back(text, tmp_path).digest() == other.digest()


def test_a_lever_that_was_put_back_is_taken_away_again(tmp_path: Path) -> None:
    base = load("sbo-in-gewone-scholen")
    other = moved(base, sbo__intake=())
    assert read_back(yaml_of(Recipe(other, (base.id,), base)), tmp_path).digest() == other.digest()


def test_moved_knobs_on_carrying_on_and_on_a_package(tmp_path: Path) -> None:
    base = load("baseline")
    other = moved(base, so__groups=(change(add=2.0),))
    text = yaml_of(Recipe(other, (), base))
    assert "extends" not in text
    assert read_back(text, tmp_path).digest() == other.digest()
    parts = ("een-lijst", "daginvulling")
    text = package(
        parts,
        id_="samen",
        region="almere",
        title={"nl": "Samen", "en": "Both"},
        sentence={"nl": "S", "en": "B"},
    )
    both = read_back(text, tmp_path, "samen.yaml")
    other = moved(both, so__groups=(change(add=2.0),))
    assert read_back(yaml_of(Recipe(other, parts, both)), tmp_path).digest() == other.digest()


@pytest.mark.parametrize("id_", ["sbo-in-gewone-scholen", "pampus-campus", "snel-plaatsen", "schok-budget"])
def test_a_scenario_of_which_nothing_shipped_is_left_is_written_whole(id_: str, tmp_path: Path) -> None:
    other = load(id_).model_copy(update={"id": "eigen-0123456789"})
    back = read_back(yaml_of(Recipe(other)), tmp_path)
    assert back.digest() == other.digest()
    assert (back.requires, back.risks, back.assumes) == (other.requires, other.risks, other.assumes)


def test_another_baseline_is_a_file_that_the_command_takes_for_it(tmp_path: Path) -> None:
    base, other = load("een-lijst"), load("daginvulling")
    text = as_baseline(Recipe(base, (base.id,), base))
    back = read_back(text, tmp_path, "tegen-een-lijst.yaml")
    assert (back.kind, back.digest()) == ("baseline", base.digest())
    again = written(plan([other], baseline=base, replications=8), {})
    assert list(again.files) == ["tegen-een-lijst.yaml"]
    assert again.command.startswith(
        "doorstroom run tegen-een-lijst.yaml daginvulling --replications 8 --years 10"
    )
    study = plan([tmp_path / "tegen-een-lijst.yaml", "daginvulling"])
    assert study.scenarios[0].digest() == base.digest()


def test_the_command_asks_for_the_same_question() -> None:
    """The same words at a prompt make a study with the same keys, so the store answers it."""
    screen = plan(["een-lijst", "daginvulling"], replications=12, seed=4, modes=("fixed", "drawn"))
    again = written(screen, {})
    assert again.command == (
        "doorstroom run een-lijst daginvulling --replications 12 --years 10 --seed 4 --out results/daginvulling"
    )
    assert not again.files
    typed = plan(["een-lijst", "daginvulling"], replications=12, years=10, seed=4)
    assert {cell: typed.keys[cell] for cell in screen.keys} == dict(screen.keys)
    assert "--assumptions fixed" in written(plan(["een-lijst"], modes=("fixed",)), {}).command
    assert written(plan(["baseline"]), {}).command.startswith("doorstroom run baseline ")


def test_the_text_of_a_visitor_is_given_back_as_it_was_written() -> None:
    text = "# mijn eigen woorden\nschema: 1\n"
    assert yaml_of(Recipe(scenario("eigen"), text=text)) == text


@pytest.fixture
def asked(tmp_path: Path) -> Download:
    """A screen with six runs of two made-up scenarios, in a store of its own."""
    speak("nl")
    study = plan([scenario("anders")], baseline=scenario("baseline", "baseline"), replications=6,
                 modes=("fixed", "drawn"), engine=MADE)  # fmt: skip
    store = Store(tmp_path / "store")
    for _ in stream(study, store=store, jobs=1):
        pass
    return Download(study, store, "0.1 (abc)", {}, ("K02.oct",))


def test_csv_holds_every_run_of_the_screen_and_where_it_comes_from(asked: Download) -> None:
    frame = pd.read_csv(io.BytesIO(csv(asked)))
    assert set(frame["scenario"]) == {"baseline", "anders"} and set(frame["replication"]) == set(range(6))
    assert set(frame["indicator"]) == {"K02.oct"} and set(frame["district"]) == {"all"}
    only_one = {
        name: frame[name].unique().tolist() for name in ("seed", "runs", "model", "data_date", "note")
    }
    assert only_one == {
        "seed": [1], "runs": [6], "model": ["0.1 (abc)"], "data_date": ["2023-08-01"],
        "note": ["een berekening, geen voorspelling"],
    }  # fmt: skip
    assert frame["title"].str.contains("wachten").all()


def test_csv_for_a_dutch_excel_has_semicolons_and_decimal_commas(asked: Download) -> None:
    raw = csv_semicolon(asked)
    assert raw.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(raw), sep=";", decimal=",", encoding="utf-8-sig")
    plain = pd.read_csv(io.BytesIO(csv(asked)))
    pd.testing.assert_frame_equal(frame, plain)


def test_parquet_holds_everything(asked: Download) -> None:
    found = pq.read_table(io.BytesIO(parquet(asked)))
    assert set(found["indicator"].to_pylist()) == {"K02.oct", "K07.within_term"}
    assert "noord" in found["district"].to_pylist()
    assert found.schema.metadata[b"doorstroom"].startswith(b"doorstroom run anders")


def test_the_workbook_says_what_it_is(asked: Download) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(asked)))
    said = {row[0].value: row[1].value for row in book["Uitleg"].iter_rows()}
    assert (
        said["Versie van het model"]
        and said["Doorrekeningen"] == "6"
        and said["Gegevens van"] == "2023-08-01"
    )
    assert said["Let op"] == "een berekening, geen voorspelling"
    assert said["Herhalen met"].startswith("doorstroom run anders")


def test_half_finished_runs_are_not_exported(asked: Download) -> None:
    longer = plan(
        asked.study.scenarios[1:], baseline=asked.study.scenarios[0], replications=9, modes=("fixed", "drawn"),
        engine=MADE,
    )  # fmt: skip
    results = from_store(longer, asked.store)
    assert kept(longer, asked.store) == 6
    assert results.complete == 6 and only(results, ("K02.oct",)).complete == 6


def test_scenario_files_bear_the_command_and_several_come_in_one_archive(asked: Download) -> None:
    base = asked.study.scenarios[0]
    one = {"anders": Recipe(asked.study.scenarios[1])}
    text = scenario_files(Download(asked.study, asked.store, "0.1", one)).decode()
    assert (
        "# Herhalen: doorstroom run anders.yaml --replications 6 --years 4 --seed 1 --out results/anders"
        in text
    )
    assert "geen voorspelling" in text and "6 doorrekeningen" in text
    two = one | {"baseline": Recipe(base.model_copy(update={"kind": "own"}))}
    archive = zipfile.ZipFile(io.BytesIO(scenario_files(Download(asked.study, asked.store, "0.1", two))))
    assert archive.namelist() == ["tegen-baseline.yaml", "anders.yaml"]


def a_shop(tmp_path: Path) -> Shop:
    """What a server of Almere has, with a desk that never works."""
    ideas = tuple(load(id_) for id_ in ("een-lijst", "daginvulling", "sbo-in-gewone-scholen"))
    desk = Desk(Settings(replications=6), Store(tmp_path / "store"), InProcess, {})
    return Shop(load("baseline"), ideas, (), desk, "0.1 (abc)")


@pytest.mark.parametrize("text", ["", "een-lijst", "een-lijst!so.groups=2", "een-lijst,daginvulling", "!so.groups=-1",
                                  "een-lijst,daginvulling!so.groups=2", "sbo-in-gewone-scholen!sbo.intake=1"])  # fmt: skip
def test_what_a_link_asks_is_repeated_by_its_file(text: str, tmp_path: Path) -> None:
    found, choice = a_shop(tmp_path), parse(text)
    (recipe,) = recipes_of([choice], found).values()
    assert recipe.is_shipped == (text in ("", "een-lijst"))
    back = read_back(yaml_of(recipe), tmp_path, f"{recipe.scenario.id}.yaml") if choice.is_own else None
    assert back is None or back.digest() == resolve(choice, found).digest()


def test_the_file_of_a_visitor_comes_back_alone_and_is_written_whole_when_a_knob_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORSTROOM_OWN", str(tmp_path / "own"))
    found = a_shop(tmp_path)
    text = "# eigen\n" + package(["een-lijst"], id_="mijn", region="almere", title={"nl": "M", "en": "M"},
                                 sentence={"nl": "M", "en": "M"})  # fmt: skip
    kept = own.save(text)
    (alone,) = recipes_of([parse(kept)], found).values()
    assert yaml_of(alone) == text
    for more in (f"{kept}!so.groups=2", f"{kept}!so.groups=-1!sbo.groups=2"):
        (recipe,) = recipes_of([parse(more)], found).values()
        back = read_back(yaml_of(recipe), tmp_path, f"{recipe.scenario.id}.yaml")
        assert back.digest() == recipe.scenario.digest() == resolve(parse(more), found).digest()
