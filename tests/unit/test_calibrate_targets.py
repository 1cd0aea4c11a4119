"""What goes into a calibration and comes out: targets, rates, kept runs, the file posterior.csv; and what is refused."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli import main
from sim.data.facts import Facts, facts_of, read_facts
from sim.data.posterior import posterior_text, with_values
from sim.scenario.errors import ScenarioError
from sim.scenario.posterior import POSTERIOR
from sim.scenario.resolve import find_root, load
from sim.scenario.scenario import Scenario
from sim.study.calibrate.moments import held
from sim.study.calibrate.points import Points
from sim.study.calibrate.prior import MOST_RATES, prior_of
from sim.study.calibrate.summaries import summary_of
from sim.study.calibrate.targets import HEADER, TARGETS, read_targets

TOY = "toy/calibration"
REFERRALS, DIRECT = "sources.referrals.rate", "sources.direct.rate"
FACT_HEADER = "series,when,value,low,high,unit,grade,source,date,note"
FACTS = f"""{FACT_HEADER}
town.entries.lighter,2030,25,,,children per year,A,made up,2030,
town.entries.heavier,2030,19,,,children per year,A,made up,2030,
town.stay.lighter,2030,30,,,years,E,made up,2030,
town.share,2030,40,,,%,A,made up,2030,
town.stock,2030,100,,,children,A,made up,2030,
"""
MONTHS = "".join(
    f"town.granted,{2029 if m > 9 else 2030}-{m:02d}-01,{m + 4},,,children per month,A,made up,2030,\n"
    for m in range(1, 13)
)
GOOD = f"""# made up
{",".join(HEADER)}
rate,{REFERRALS},,,,,,
rate,{DIRECT},,,,,,
fit,entries lighter 2030,town.entries.lighter,2030,,run,,
fit,entries heavier 2030,town.entries.heavier,2030,,poisson,0.2,
beside,stay lighter,town.stay.lighter,,,none,,does not go with the rest
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy of the recovery with facts and targets, in a working folder of its own."""
    folder = tmp_path / "scenarios" / "calibration"
    (folder / "facts").mkdir(parents=True)
    for name in ("region.yaml", "baseline.yaml"):
        (folder / name).write_bytes((find_root() / TOY / name).read_bytes())
    (folder / "facts" / "town.csv").write_text(FACTS, encoding="utf-8")
    (folder / TARGETS).write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    monkeypatch.setattr(sys, "argv", ["doorstroom", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def test_targets_take_their_value_from_the_facts_and_their_error_from_the_row(town: Path) -> None:
    more = "beside,origin heavier lighter,town.share,2030,,none,,\nbeside,steady lighter,town.stock,2030,,poisson,,\n"
    (town / TARGETS).write_text(GOOD + more, encoding="utf-8")
    found = read_targets(town / TARGETS, load("baseline").region, facts_of("calibration"))
    assert found.rates == (REFERRALS, DIRECT)
    lighter, heavier = found.fit
    assert (lighter.value, lighter.sampling, lighter.discrepancy) == (25, None, 2.5)
    assert (heavier.value, heavier.discrepancy) == (19, 19 * 0.2)
    assert heavier.sampling == pytest.approx(19**0.5)
    assert lighter.variance(9.0) == 9 + 2.5**2
    stay, share, steady = found.beside
    assert (stay.fitted, stay.discrepancy, stay.sampling) == (False, 1.5, 0.0)
    assert share.value == 0.4
    assert (steady.value, steady.discrepancy) == (0.0, 0.03)
    assert steady.sampling == pytest.approx(0.1)  # a count of 100 has ten by chance


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("use,what", "use,which", 2, "not that of a file of targets"),
        ("fit,entries lighter", "fits,entries lighter", 5, "Did you mean 'fit'?"),
        ("entries lighter 2030", "entries light 2030", 5, "Did you mean 'lighter'?"),
        ("entries lighter 2030", "entry lighter 2030", 5, "there is no measure 'entry'"),
        ("entries lighter 2030", "entries lighter 1990", 5, "outside the simulated years"),
        (
            "town.entries.lighter,2030",
            "town.entry.lighter,2030",
            5,
            "there are no facts of 'town.entry.lighter'",
        ),
        ("town.entries.lighter,2030", "town.entries.lighter,1990", 5, "0 facts of 1990"),
        (",run,", ",maybe,", 5, "Allowed: poisson, none, run"),
        ("0.2,", "20%,", 6, "no share of the value"),
        ("0.2,", "7,", 6, "0 to 1"),
        (",none,,does", ",none,does", 7, "not complete"),
        ("fit,", "beside,", 2, "no row is used to fit"),
        ("beside,stay lighter", "fit,steady lighter", 2, "cannot be fitted in one go"),
    ],
)
def test_bad_targets_are_refused_with_their_line(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, says: str
) -> None:  # fmt: skip
    text = GOOD.replace(old, new) if old == "fit," else GOOD.replace(old, new, 1)
    (town / TARGETS).write_text(text, encoding="utf-8")
    assert command(monkeypatch, "calibrate", "calibration") == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert f"{TARGETS}:{line}:" in err
    assert says in err
    assert not (Path.cwd() / "results").exists()


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ([], "1 to 10"),
        ([REFERRALS] * (MOST_RATES + 1), "1 to 10"),
        ([REFERRALS, REFERRALS], "named twice"),
        (["sources.referral.rate"], "Did you mean 'sources.referrals.rate'?"),
        (["regular.primary.count.town"], "no graded number with a range"),
    ],
)
def test_at_most_ten_rates_that_the_region_has(names: list[str], says: str) -> None:
    with pytest.raises(ScenarioError, match="rates: ") as refused:
        prior_of(load(f"{TOY}/baseline"), names)
    assert says in str(refused.value)


def test_the_prior_is_that_of_the_drawn_runs() -> None:
    scenario = load(f"{TOY}/baseline")
    prior = prior_of(scenario, ["region." + REFERRALS, DIRECT])
    assert prior.central.tolist() == [0.5, 0.5]
    low, high = prior.numbers(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert low.tolist() == [0.002, 0.001]
    assert high.tolist() == [0.009, 0.006]


def test_runs_that_were_kept_are_not_run_again(tmp_path: Path) -> None:
    calls: list[int] = []

    def counting(function: Any, jobs: Iterable[tuple[Any, ...]]) -> list[Any]:
        todo = list(jobs)
        calls.append(len(todo))
        return [np.array([float(len(calls)), float(number)]) for *_, number in todo]

    scenario = load(f"{TOY}/baseline")
    wanted = (summary_of("entries lighter"), summary_of("entries heavier"))
    points = Points(scenario, prior_of(scenario, [REFERRALS]), wanted, 1, counting, tmp_path)
    design = np.linspace(0, 1, 45)[:, None]
    first = points.run(design, 100, "x")
    assert calls == [20, 20, 5]
    assert first[:, 1].tolist() == list(range(100, 145))  # a replication of its own for each point
    assert np.array_equal(points.run(design, 100, "x"), first)
    assert calls == [20, 20, 5]
    next(tmp_path.rglob("*.npy")).unlink()  # as if killed halfway
    points.run(design, 100, "x")
    assert len(calls) == 4
    other = Points(scenario, points.prior, wanted, 2, counting, tmp_path)
    other.run(design, 100, "x")  # another seed is another question
    assert len(calls) == 7


def test_held_still_has_no_growth_and_may_have_unlimited_seats() -> None:
    region = held(load("baseline"), unlimited=True).region
    assert not region.mechanisms.demand_growth
    assert not region.mechanisms.trend
    assert {t.seats for t in region.place_types.values()} == {"unlimited"}
    assert {t.seats for t in held(load("baseline"), unlimited=False).region.place_types.values()} == {
        "groups"
    }


def test_the_command_calibrates_writes_and_the_region_uses_it(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["calibrate", "calibration", "--waves", "1", "--design", "20", "--draws", "30", "--jobs", "1"]
    assert command(monkeypatch, *words) == 0
    out = capsys.readouterr().out
    assert "stay lighter = 30 (nearest" in out
    assert "## Emulators" in out
    assert not (town / POSTERIOR).exists()
    kept = Path("results", "calibration", "calibration")
    first = (kept / POSTERIOR).read_text(encoding="utf-8")
    assert command(monkeypatch, *words, "--write") == 0  # from the runs that were kept
    assert (
        (town / POSTERIOR).read_text(encoding="utf-8")
        == (kept / POSTERIOR).read_text(encoding="utf-8")
        == first
    )
    capsys.readouterr()
    scenario: Scenario = load("baseline")
    assert scenario.posterior.paths == ("region." + REFERRALS, "region." + DIRECT)
    assert len(scenario.posterior.rows) == 30
    assert {"engine", "targets", "seed", "made", "runs"} <= set(scenario.posterior.about)
    # A number that the posterior may not hold is refused, with its line.
    (town / POSTERIOR).write_text(first.replace(f"{REFERRALS},", "sources.nothing.rate,"), encoding="utf-8")
    assert command(monkeypatch, "show", "baseline") == 2
    assert "posterior.csv:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "empty"),
        (f"{REFERRALS}\n", 1, "no draws"),
        ("sources.referral.rate\n0.005\n", 1, "Did you mean 'sources.referrals.rate'?"),
        (f"{REFERRALS},{REFERRALS}\n0.005,0.005\n", 1, "stands twice"),
        (f"# made: today\n{REFERRALS}\n0.005\n0.5\n", 4, "0.002 to 0.009 per child per year"),
        (f"{REFERRALS}\nmany\n", 2, "not a number"),
        (f"{REFERRALS}\nnan\n", 2, "not a number"),
        (f"{REFERRALS},{DIRECT}\n0.005\n", 2, "not complete"),
    ],
)
def test_a_bad_posterior_is_refused_with_its_line(town: Path, text: str, line: int, says: str) -> None:
    (town / POSTERIOR).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load("baseline")
    assert f"{POSTERIOR}:{line}:" in str(refused.value)
    assert says in str(refused.value)


def test_a_written_posterior_stays_in_the_ranges(town: Path) -> None:
    prior = prior_of(load("baseline"), [REFERRALS, DIRECT])
    rows = [[0.0089999999, 0.00100000001], [0.002, 0.0060]]
    (town / POSTERIOR).write_text(
        posterior_text(prior.names, prior.quantities, rows, {"seed": "1"}), encoding="utf-8"
    )
    found = load("baseline").posterior
    assert np.array(found.rows) == pytest.approx(np.array(rows), rel=1e-4)
    assert found.about == {"seed": "1"}
    assert list(town.glob(".half*")) == []


def test_central_values_are_put_in_a_region_file_and_nothing_else() -> None:
    text = (find_root() / "almere" / "region.yaml").read_text(encoding="utf-8")
    changed = with_values(text, {"sources.bo-so.rate": 0.0019})
    old, new = text.splitlines(), changed.splitlines()
    (different,) = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    assert "rate: {value: 0.0019, unit" in new[different]
    with pytest.raises(ValueError, match=r"sources\.nothing\.rate was not found"):
        with_values(text, {"sources.nothing.rate": 1.0})


def test_targets_of_almere_are_in_order() -> None:
    scenario = load("almere/baseline")
    facts: Facts = facts_of("almere")
    found = read_targets(find_root() / "almere" / TARGETS, scenario.region, facts)
    assert prior_of(scenario, found.rates).size <= MOST_RATES
    named = " ".join(t.source for t in found.all)
    assert "list" not in named  # a published waiting list is never a target
    assert "olivijn" not in named


def test_declarations_of_twelve_months_are_added_up(town: Path) -> None:
    row = "fit,declarations heavier 2030,town.granted,2030,,poisson,,\n"
    (town / TARGETS).write_text(GOOD + row, encoding="utf-8")
    (town / "facts" / "months.csv").write_text(f"{FACT_HEADER}\n{MONTHS}", encoding="utf-8")
    region, facts = load("baseline").region, read_facts(town / "facts")
    target = next(t for t in read_targets(town / TARGETS, region, facts).fit if "declarations" in t.name)
    assert target.value == sum(m + 4 for m in range(1, 13))
    assert target.sampling == pytest.approx(target.value**0.5)
    without = "".join(line for line in MONTHS.splitlines(keepends=True) if ",2030-02-01," not in line)
    (town / "facts" / "months.csv").write_text(f"{FACT_HEADER}\n{without}", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no fact of 2030-02; all twelve months"):
        read_targets(town / TARGETS, region, read_facts(town / "facts"))
