"""Many runs with a made-up engine: the same tables whatever the workers, the order, a kill or a resume."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_up
import numpy as np
import openpyxl
import pandas as pd
import psutil
import pytest

from sim.scenario.scenario import Scenario
from sim.study import Results, StudyError, compare, plan, run, stream
from sim.study.engine import Engine
from sim.study.export import read, write
from sim.study.parallel import InProcess, SimulationError, Task, Workers, execute
from sim.study.reproduce import reproduce
from sim.study.results import COLUMNS, DRAWN, FIXED, MEASURED
from sim.study.runs import slices
from sim.study.store import Store

REPLICATIONS = 12


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, list[Scenario]]:
    return made_up.scenarios(tmp_path_factory.mktemp("region"))


@pytest.fixture(scope="module")
def results(asked: tuple[Scenario, list[Scenario]], tmp_path_factory: pytest.TempPathFactory) -> Results:
    return go(asked, tmp_path_factory.mktemp("store"))


@pytest.fixture
def folder(results: Results, tmp_path: Path) -> Path:
    write(results, compare(results), tmp_path, engine=made_up.ENGINE, command=["doorstroom", "run"])
    return tmp_path


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as pool:
        yield pool


def go(asked: tuple[Scenario, list[Scenario]], store: Path | Store, **more: Any) -> Results:
    base, others = asked
    settings: dict[str, Any] = {"replications": REPLICATIONS, "jobs": 1, "engine": made_up.ENGINE} | more
    return run(others, baseline=base, store=store, **settings)


def test_one_two_and_four_workers_give_equal_tables(
    asked: tuple[Scenario, list[Scenario]], results: Results, workers: Workers, tmp_path: Path
) -> None:
    two = go(asked, tmp_path / "two", executor=workers)
    four = go(asked, tmp_path / "four", jobs=4)
    assert two.digest() == four.digest() == results.digest()
    assert two.digest((MEASURED,)) == results.digest((MEASURED,))
    pd.testing.assert_frame_equal(two.table, results.table)


def test_the_order_of_the_scenarios_and_fewer_replications_change_nothing(
    asked: tuple[Scenario, list[Scenario]], results: Results, tmp_path: Path
) -> None:
    base, others = asked
    assert go((base, others[::-1]), tmp_path).digest() == results.digest()
    fewer = go(asked, tmp_path / "other", replications=5).table
    whole = results.table
    pd.testing.assert_frame_equal(fewer, whole[whole["replication"] < 5].reset_index(drop=True))


def test_the_table_is_tidy_sorted_and_complete(results: Results) -> None:
    table = results.table
    assert tuple(table.columns) == COLUMNS
    keys = [c for c in COLUMNS if c not in ("value", "unit")]
    plain = table[keys].astype({k: str for k in keys if k != "replication"})
    assert plain.equals(plain.sort_values(keys).reset_index(drop=True))
    assert not plain.duplicated().any()
    assert table["value"].notna().all()
    assert set(table["assumptions"]) == {FIXED, DRAWN}
    assert set(table["replication"]) == set(range(REPLICATIONS))
    one = results.select(scenario="baseline", indicator="K02.oct", place_type="blue", modes=(FIXED,))
    assert len(one) == REPLICATIONS * len(results.school_years)
    assert len(results.select(indicator="K02.oct", margins=False)) < len(results.select(indicator="K02.oct"))


def test_nothing_is_run_twice(
    asked: tuple[Scenario, list[Scenario]], results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("MADE_UP_LOG", str(log))
    go(asked, tmp_path / "store", replications=5)
    first = Counter(log.read_text().splitlines())
    assert max(first.values()) == 1
    again = go(asked, tmp_path / "store")
    lines = Counter(log.read_text().splitlines())
    assert max(lines.values()) == 1
    assert again.digest() == results.digest()
    go(asked, tmp_path / "store")
    assert Counter(log.read_text().splitlines()) == lines


def test_a_scenario_without_a_dose_is_the_baseline_and_costs_nothing(
    asked: tuple[Scenario, list[Scenario]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("MADE_UP_LOG", str(log))
    base, _ = asked
    twin = base.model_copy(update={"id": "no-dose"})
    found = go((base, [twin]), tmp_path / "store", replications=3)
    assert len(log.read_text().splitlines()) == 9, "fixed, drawn and measured of the baseline, three times"
    outcome = compare(found).outcome("no-dose", "K02.oct")
    assert outcome is not None
    assert outcome.all_equal


def test_first_pairs_are_complete_early(asked: tuple[Scenario, list[Scenario]]) -> None:
    base, others = asked
    study = plan(others, baseline=base, replications=REPLICATIONS, engine=made_up.ENGINE)
    with closing(stream(study, jobs=1)) as steps:
        for step in steps:
            if step.done == 9 * 6:
                break
        assert step.collector.results().complete == 6
    assert [len(s) for s in slices(30)] == [1] * 6 + [4] * 6
    assert slices(30)[:7] == [*slices(7)[:6], range(6, 10)]


def test_the_draw_is_the_same_in_every_scenario(results: Results) -> None:
    values = {s.id: results.values[s.id, DRAWN] for s in results.scenarios}
    before = [values[s][:, :, 0] for s in values]
    assert np.array_equal(before[0], before[1], equal_nan=True), "nothing differs before the measure starts"
    assert not np.array_equal(before[0], results.values["baseline", FIXED][:, :, 0], equal_nan=True)


def test_comparison_of_the_made_up_engine(results: Results) -> None:
    outcome = compare(results).outcome("more-groups", "K02.oct")
    assert outcome is not None
    # 3 groups x (2 + 6 x (1.5 - 1)) fewer, in each reported year; without the hoped effect 3 x 2.
    assert outcome.difference == pytest.approx(-15.0)
    assert outcome.survives == pytest.approx(6 / 15)
    assert (outcome.same_sign, outcome.runs) == (REPLICATIONS, REPLICATIONS)


def test_a_killed_run_resumes_and_comes_out_equal(
    asked: tuple[Scenario, list[Scenario]], results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up.write_region(tmp_path)
    code = (
        "import made_up\nfrom pathlib import Path\n"
        "from sim.scenario.resolve import load\nfrom sim.study import run\n"
        "f = Path('scenarios/madeup')\n"
        "run([load(f / 'ideas' / 'more-groups.yaml'), load(f / 'ideas' / 'one-group.yaml')], "
        f"baseline=load(f / 'baseline.yaml'), replications={REPLICATIONS}, jobs=2, store='store', "
        "engine=made_up.ENGINE)\n"
    )
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(Path(made_up.__file__).parent), str(Path.cwd())]),
        "MADE_UP_SECONDS": "0.05",
    }
    child = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environment)
    store = tmp_path / "store"
    limit = time.monotonic() + 60
    while len(list(store.rglob("r*.parquet"))) < 10:
        assert child.poll() is None, "it must be killed while it runs"
        assert time.monotonic() < limit
        time.sleep(0.02)
    workers = [p for p in psutil.Process(child.pid).children() if "popen_loky" in " ".join(p.cmdline())]
    child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    child.wait()
    _, left = psutil.wait_procs(workers, timeout=30)
    assert workers
    assert not left, "workers leave when their parent is killed"
    kept = len(list(store.rglob("r*.parquet")))
    log = tmp_path / "log"
    monkeypatch.setenv("MADE_UP_LOG", str(log))
    resumed = go(asked, store)
    assert resumed.digest() == results.digest()
    assert resumed.digest((MEASURED,)) == results.digest((MEASURED,))
    assert resumed.messages == ()
    made_again = len(log.read_text().splitlines())
    assert 0 < made_again <= 9 * REPLICATIONS - kept


def test_a_damaged_file_is_run_again_and_reported(
    asked: tuple[Scenario, list[Scenario]], results: Results, tmp_path: Path
) -> None:
    go(asked, tmp_path)
    path = sorted(tmp_path.rglob("r0006-*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:200])
    again = go(asked, tmp_path)
    assert again.digest() == results.digest()
    assert path.name in again.messages[0]
    assert "damaged_store" in {c.kind for c in compare(again).cautions}
    assert go(asked, tmp_path).messages == ()


def test_a_failing_replication_is_named(
    asked: tuple[Scenario, list[Scenario]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADE_UP_FAILS", "3")
    with pytest.raises(
        SimulationError, match=r"scenario baseline \(fixed\), seed 1, replication 3: ZeroDivision"
    ):
        go(asked, tmp_path)
    assert len(list(tmp_path.rglob("r0002-0002.parquet"))) == 9, "what was done is kept"


def test_other_code_has_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other_engine.py").write_text("def simulate(): ...\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    other = Engine("other_engine:simulate", made_up.ENGINE.compute)
    assert other.digest() != made_up.ENGINE.digest() != Engine().digest()
    assert other.indicator_digest() == made_up.ENGINE.indicator_digest()


def test_a_worker_with_other_code_than_its_parent_refuses(asked: tuple[Scenario, list[Scenario]]) -> None:
    base, _ = asked
    study = plan([base], baseline=base, replications=1, engine=made_up.ENGINE)
    key = replace(next(iter(study.keys.values())), engine="of yesterday")
    task = Task(key, "scenario baseline (fixed)", pickle.dumps(base), None, (0,), made_up.ENGINE)
    with pytest.raises(SimulationError, match="the code changed"):
        execute(task)


def test_what_cannot_be_run_is_refused(asked: tuple[Scenario, list[Scenario]]) -> None:
    base, others = asked
    for settings, text in (
        ({"replications": 0}, "replications is 0: allowed is 1 to"),
        ({"years": 99}, "years is 99: allowed is 1 to 60"),
        ({"seed": -1}, "seed is -1"),
        ({"assumptions": "most"}, "allowed is both or fixed"),
    ):
        with pytest.raises(StudyError, match=text):
            plan(others, baseline=base, **settings)  # type: ignore[arg-type]
    with pytest.raises(StudyError, match="two different scenarios have the id 'more-groups'"):
        plan([others[0], others[1].model_copy(update={"id": "more-groups"})], baseline=base)
    with pytest.raises(StudyError, match="one region at a time"):
        plan(["baseline"], baseline=base)
    with pytest.raises(StudyError, match="no scenario"):
        plan([])


def test_the_baseline_beside_a_file_is_found(tmp_path: Path) -> None:
    folder = made_up.write_region(tmp_path)
    study = plan([folder / "ideas" / "one-group.yaml"], years=2)
    assert [s.id for s in study.scenarios] == ["baseline", "one-group"]
    assert {s.years for s in study.scenarios} == {2}


def test_an_output_folder_reads_back_to_the_same_results(results: Results, folder: Path) -> None:
    again, about = read(folder)
    assert again.digest() == results.digest() == about["table_digest"]
    assert again.digest((MEASURED,)) == results.digest((MEASURED,))
    assert [s.digest() for s in again.scenarios] == [s.digest() for s in results.scenarios]
    pd.testing.assert_frame_equal(compare(again).frame, compare(results).frame)
    assert not list(folder.glob(".half*"))


def test_csv_and_parquet_hold_the_same_numbers(results: Results, folder: Path) -> None:
    raw = (folder / "indicators.csv").read_bytes()
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(raw).hexdigest() == about["sha256"]["indicators.csv"]
    assert raw.splitlines()[0].decode() == ",".join(COLUMNS)
    assert b"\r" not in raw
    assert b'"per 1,000 children per year"' in raw
    from_csv = pd.read_csv(folder / "indicators.csv")
    from_parquet = pd.read_parquet(folder / "indicators.parquet")
    assert from_csv["value"].tolist() == from_parquet["value"].tolist() == results.table["value"].tolist()
    for name in COLUMNS:
        assert from_csv[name].astype(str).tolist() == from_parquet[name].astype(str).tolist()
    assert about["rows"] == len(from_csv)


def test_the_manifest_says_what_is_needed_to_repeat(results: Results, folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert about["command"] == ["doorstroom", "run"]
    assert [s["id"] for s in about["scenarios"]] == ["baseline", "more-groups", "one-group"]
    assert [s["digest"] for s in about["scenarios"]] == [s.digest() for s in results.scenarios]
    assert (about["seed"], about["replications"], about["years"]) == (1, REPLICATIONS, 4)
    assert about["packages"]["numpy"] == np.__version__
    assert about["engine"]["digest"] == made_up.ENGINE.digest()
    assert about["platform"]["machine"]
    assert about["modes"] == [FIXED, DRAWN, MEASURED]


def test_the_workbook_opens_with_numbers_as_numbers(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "indicators.xlsx")
    assert book.sheetnames == [
        "Vergelijking", "Overzicht", "Voor wie minder", "Alle uitkomsten", "Per schooljaar", "Uitleg",
    ]  # fmt: skip
    for name in book.sheetnames:
        assert book[name].freeze_panes == "A2"
    rows = list(book["Vergelijking"].iter_rows(values_only=True))
    header = rows[0]
    place = {name: i for i, name in enumerate(header)}
    found = [
        r
        for r in rows[1:]
        if r[place["Code scenario"]] == "more-groups"
        and r[place["Code uitkomst"]] == "K02.oct"
        and r[place["Soort plek"]] == "alle"
        and str(r[place["Periode"]]).startswith("gemiddeld")
    ]
    assert len(found) == 1
    assert found[0][place["Verschil: gemiddelde"]] == pytest.approx(-15.0)
    assert found[0][place["Deel dat blijft zonder ongemeten effecten"]] == pytest.approx(0.4)
    assert isinstance(found[0][place["Keren doorgerekend"]], int)
    years = list(book["Per schooljaar"].iter_rows(values_only=True))
    assert all(isinstance(v, float | int) or v is None for r in years[1:] for v in r[6:])
    assert years[0][6:] == ("2023-2024", "2024-2025", "2025-2026", "2026-2027", "2027-2028")


def test_a_title_that_looks_like_a_formula_stays_text(results: Results, tmp_path: Path) -> None:
    first = results.scenarios[1]
    title = first.title.model_copy(update={"nl": "=1+1\x07"})
    bent = replace(results, scenarios=(results.scenarios[0], first.model_copy(update={"title": title})))
    write(bent, compare(bent), tmp_path, engine=made_up.ENGINE)
    cell = openpyxl.load_workbook(tmp_path / "indicators.xlsx")["Vergelijking"]["A2"]
    assert cell.value == "=1+1 "
    assert cell.data_type == "s"


def test_reproduce_says_equal_or_what_differs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = reproduce(folder / "manifest.json", executor=InProcess(), engine=made_up.ENGINE)
    assert verdict.equal
    assert verdict.notes == ()
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(about | {"seed": 2}), encoding="utf-8")
    other = reproduce(folder / "manifest.json", executor=InProcess(), engine=made_up.ENGINE)
    assert not other.equal
    assert any("values differ" in line for line in other.differences)


def test_a_changed_table_is_noticed(folder: Path) -> None:
    with (folder / "indicators.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    verdict = reproduce(folder / "manifest.json", executor=InProcess(), engine=made_up.ENGINE)
    assert not verdict.equal
    assert "was changed after the run" in verdict.differences[0]
