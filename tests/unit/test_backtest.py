"""The back-test: nothing counted later is seen, the books agree with the simulation, chance has the size of the country."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sim.data.facts import Fact, Facts, facts_of
from sim.model import simulate
from sim.scenario.resolve import load
from sim.scenario.routes import Source
from sim.scenario.scenario import Scenario
from sim.study.backtest.books import entry_ages, next_year, routes_of
from sim.study.backtest.forecast import Forecast, count, forecast
from sim.study.backtest.futures import Task, futures, middle, scenario_of, shocks
from sim.study.backtest.known import Series, known, origins, series_of
from sim.study.backtest.process import MEAN_VARIANCE, MEMORY, STAYS, future, roll
from sim.study.backtest.run import Part, make, plan
from sim.study.backtest.table import LAST, MODEL, Row, by, rows_of, score, verdict
from sim.study.scores import PRIOR_YEARS, crps

WIRING = "backtest/nederland/baseline"


@cache
def wiring() -> Scenario:
    return load(WIRING)


@cache
def facts() -> Facts:
    return facts_of("almere")


def task(
    year: int = 2019, horizon: int = 3, *, scale: float = 100.0, draws: int = 4, given: bool = True
) -> Task:
    series = series_of(known(facts(), year), "national", wiring().region)
    return Task(wiring(), series, year, horizon, given, scale, draws, replications=1)


def made_up(prefix: str, years: range, stocks: dict[str, float]) -> Facts:
    """Yearly counts that no one counted: a little up and down around a level."""
    return Facts(
        tuple(
            Fact(
                f"{prefix}.stock.{k}", str(y), x + 5.0 * (y % 3), None, None, "children", "A", "made up",
                f"{y}-10-01", "", "x", 1,
            )
            for k, x in stocks.items()
            for y in years
        )
    )  # fmt: skip


def test_only_what_was_known_then_is_seen() -> None:
    """Every later fact is changed, and some are added: the forecast is the same to the last bit."""
    later = [replace(r, value=3 * r.value + 7) if (r.year or 9999) > 2019 else r for r in facts().rows]
    other = Facts((*later, replace(later[0], series="national.inflow.vso.vo", when="2022", value=9e5)))
    a, b = (
        forecast(
            next(
                p.task for p in plan(wiring(), f, draws=4, replications=1, since=2019) if p.task.year == 2019
            )
        )
        for f in (facts(), other)
    )
    assert a.samples.keys() == b.samples.keys()
    assert all(np.array_equal(a.samples[k], b.samples[k]) for k in a.samples)


def test_an_undated_fact_is_never_known() -> None:
    undated = replace(facts().rows[0], when="undated")
    assert known(Facts((undated,)), 2030).rows == ()


def test_the_first_year_has_three_counts_of_everything() -> None:
    assert origins(series_of(facts(), "national", wiring().region)) == range(2014, 2023)


def test_the_shock_is_that_of_the_counts() -> None:
    """What the region file gives is what was counted in 2015 against 2014."""
    full = series_of(facts(), "national", wiring().region)
    for kind in ("sbo", "so"):
        bo = full.inflows[kind]["bo"]
        assert shocks(wiring().region)[2015][f"bo-{kind}"] == pytest.approx(bo[2015] / bo[2014], abs=5e-5)


def test_a_given_shock_is_taken_over_and_not_scored() -> None:
    part = next(
        p for p in plan(wiring(), facts(), draws=2, replications=1) if p.task.given and p.task.year == 2014
    )
    first = next(futures(replace(part.task, horizon=2)))
    assert first.inflow["bo-sbo"][0] == pytest.approx(5294, rel=1e-3)
    assert first.inflow["none-sbo"][0] == pytest.approx(1102)
    assert ("inflow.sbo", 2015) in part.given and ("stock.sbo", 2015) not in part.given


def test_the_books_agree_with_the_simulation() -> None:
    """Mean of 24 simulated countries against the yearly bookkeeping of the same future, every type and year."""
    t = task(2016, 3)
    f = middle(t, list(futures(t)))
    assert min(x.min() for x in f.rest.values()) > -0.05
    f = replace(f, rest={k: np.abs(x) for k, x in f.rest.items()})
    found = np.array([count(t, simulate(scenario_of(t, f), 5, r)) for r in range(24)])
    routes, entry, now = routes_of(f.region), entry_ages(f.region), dict(f.past.ages)
    for h in range(3):
        now = next_year(routes, now)
        for k in now:
            came = [(n, path[h]) for n, path in f.inflow.items() if n.endswith(f"-{k}")]
            came.append((f"other-{k}", f.rest[k][h] * t.series.stocks[k][t.year]))
            now[k] = now[k] + sum(x * entry[n] for n, x in came)
        for i, k in enumerate(now):
            se = found[:, i, h].std(ddof=1) / np.sqrt(24)
            # A year in days is not 365.25 of them, and ages at the start are spread within a year: half a per cent.
            assert found[:, i, h].mean() == pytest.approx(now[k].sum(), abs=3.5 * se + 0.005 * now[k].sum())


def test_chance_shrinks_with_the_root_of_the_scale() -> None:
    """A world with a quarter of the simulated children has twice the chance, so that chance / sqrt(scale) is one size."""
    size = {}
    for scale in (400.0, 1600.0):
        t = task(2019, 3, scale=scale)
        f = middle(t, list(futures(t)))
        found = np.array([count(t, simulate(scenario_of(t, f), 3, r)) for r in range(60)])[:, :6]
        size[scale] = np.sqrt(np.mean((found.std(axis=0, ddof=1) / found.mean(axis=0)) ** 2 / scale))
    assert size[1600.0] == pytest.approx(size[400.0], rel=0.15)


def test_a_net_flow_below_nothing_lowers_the_stock() -> None:
    t = task(2019, 2)
    f = middle(t, list(futures(t)))
    stocks = []
    for net in (0.0, -0.06):
        g = replace(f, rest={k: np.full(2, net) for k in f.rest})
        stocks.append(np.mean([count(t, simulate(scenario_of(t, g), 2, r))[0] for r in range(12)], axis=0))
    assert stocks[1][0] - stocks[0][0] == pytest.approx(-0.06 * t.series.stocks["sbo"][2019], rel=0.25)


def test_futures_mirror_each_other() -> None:
    """The logs of a pair of inflows lie as far above the middle as below it; their routes are the same."""
    pairs = list(futures(task(draws=6)))
    for a, b in zip(pairs[::2], pairs[1::2], strict=True):
        assert a.region is b.region
    middles = [
        np.log(a.inflow["bo-so"]) + np.log(b.inflow["bo-so"])
        for a, b in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    assert np.std(middles, axis=0).max() < np.std([np.log(f.inflow["bo-so"]) for f in pairs], axis=0).max()


def test_intervals_of_the_process_cover_at_their_level() -> None:
    """On series made as the process takes them to be: mean, memory, staying part and size of surprise drawn as in its prior."""
    rng, hits = np.random.default_rng(4), []
    for _ in range(200):
        deviation = 0.04 * np.sqrt(PRIOR_YEARS / rng.chisquare(PRIOR_YEARS))
        phi, q = rng.choice(MEMORY), rng.choice(STAYS)
        level, x = rng.normal(0, np.sqrt(q / (1 - phi**2))), np.empty(12)
        mean = rng.normal(0, np.sqrt(MEAN_VARIANCE))
        for i in range(12):
            level = phi * level + np.sqrt(q) * rng.standard_normal()
            x[i] = deviation * (mean + level + np.sqrt(1 - q) * rng.standard_normal())
        drawn = [
            future(range(8), x[:8], range(8, 12), roll(rng.uniform(size=6)), surprise=0.04) for _ in range(60)
        ]
        low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
        hits.append((low <= x[8:]) & (x[8:] <= high))
    assert np.mean(hits) == pytest.approx(0.79, abs=0.06)


def test_a_shock_fades_and_says_nothing_of_the_level_before() -> None:
    """After a drop of a quarter in the last year, the middle lies between drop and old level; not told so, nearer the drop."""
    x = np.log([100.0, 101.0, 99.0, 100.0, 75.0])
    rng = np.random.default_rng(6)
    dice = [roll(rng.uniform(size=4)) for _ in range(400)]
    told, not_told = (
        np.exp(
            np.median([future(range(5), x, range(5, 7), d, surprise=0.04, shocks=s) for d in dice], axis=0)
        )
        for s in ((4,), ())
    )
    assert 75 < told[0] < told[1] < 101
    assert not_told[1] < told[1]


def test_who_knows_the_truth_wins_the_table() -> None:
    full = series_of(facts(), "national", wiring().region)
    cut = series_of(known(facts(), 2020), "national", wiring().region)
    years = (2021, 2022, 2023)
    truth = {f"stock.{k}": np.array([[c[y]] * 3 for y in years]).T for k, c in full.stocks.items()}
    rows = rows_of(Forecast(2020, years, truth), cut, full, frozenset())
    scores = by(rows, lambda r: r.series)
    assert all(s.won and s.crps[MODEL] == 0 and s.coverage[MODEL] == 1 for s in scores.values())
    assert "niet beter" not in verdict(scores, "nl") and "no better" not in verdict(scores, "en")


def test_the_table_says_where_the_model_is_no_better() -> None:
    full = series_of(facts(), "national", wiring().region)
    cut = series_of(known(facts(), 2020), "national", wiring().region)
    wrong = {"stock.pro": np.full((3, 1), 1e6)}
    rows = rows_of(Forecast(2020, (2021,), wrong), cut, full, frozenset())
    assert (
        verdict(by(rows, lambda r: r.series), "nl")
        == "Het was niet beter dan 'zoals vorig jaar' voor: leerlingen in PrO."
    )
    assert (
        verdict(by(rows, lambda r: r.series), "en")
        == "It was no better than 'same as last year' for: pupils in PrO."
    )


def test_means_by_hand_and_given_counts_left_out() -> None:
    def row(forecaster: str, value: float, given: bool = False) -> Row:
        return Row("stock.a", 2020, 2021, 10.0, forecaster, 10.0 + value, 0, 0, value, value < 3, given)

    rows = [row(n, v) for n in (MODEL, LAST, "linear trend") for v in (1.0, 5.0)]
    found = score([*rows, row(MODEL, 99.0, given=True)])
    assert found is not None and found.counts == 2
    assert (found.crps[MODEL], found.error[MODEL], found.coverage[MODEL], found.bias[MODEL]) == (
        3.0,
        3.0,
        0.5,
        3.0,
    )
    assert score([row(MODEL, 1.0, given=True)]) is None


def test_another_region_with_counts_of_its_own_runs_the_same_way() -> None:
    """Six made-up yearly counts of four types, no inflow: forecasts from the third, simulated child by child."""
    f = made_up("dorp", range(2018, 2024), {"sbo": 300.0, "so": 200.0, "vso": 250.0, "pro": 280.0})
    parts = plan(wiring(), f, "dorp", draws=4, replications=1)
    assert [p.task.year for p in parts] == [2020, 2021, 2022]
    assert {p.task.scale for p in parts} == {1.0} and {p.task.given for p in parts} == {False}
    rows = make(Part(parts[1].task, parts[1].full, frozenset()))
    assert {r.series for r in rows} == {"stock.sbo", "stock.so", "stock.vso", "stock.pro"}
    assert all(0.5 * r.counted < r.middle < 1.5 * r.counted for r in rows if r.forecaster == MODEL)


def test_few_counts_allow_no_forecast() -> None:
    assert (
        plan(
            wiring(),
            made_up("dorp", range(2021, 2024), dict.fromkeys(["sbo", "so", "vso", "pro"], 100.0)),
            "dorp",
        )
        == []
    )
    assert origins(Series({}, {}, {})) == range(0)


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.0])
def test_a_level_of_one_year_moves_that_year_only(scale: float) -> None:
    """Level 1 changes nothing; a lower level leaves out children of that school year, and changes no other child."""
    base = wiring().region
    source = base.sources["bo-sbo"].model_copy(update={"by_year": {}})
    year = {2016: base.sources["bo-sbo"].by_year[2014].model_copy(update={"value": scale})}
    keys = []
    for by_year in ({}, year):
        changed = source.model_copy(update={"by_year": by_year})
        region = base.model_copy(update={"sources": {**base.sources, "bo-sbo": changed}, "years": 4})
        record = simulate(wiring().model_copy(update={"region": region, "years": 4}), 1, 0)
        mine = record.pupils["origin"] == record.origins.index("bo-sbo")
        keys.append((set(record.pupils["key"].tolist()), set(record.pupils["key"][mine].tolist())))
    (before, before_mine), (after, after_mine) = keys
    assert before - before_mine == after - after_mine
    assert after == before if scale == 1 else after < before if scale < 1 else after > before
    changed_keys = before ^ after
    # The birth year stands in the second word of the identity: age at the signal is that of one school year.
    assert len(changed_keys) == 0 if scale == 1 else 0.2 * 67 < len(changed_keys) < 1.5 * 67


def test_by_year_is_checked() -> None:
    good = {"title": {"nl": "x", "en": "x"}, "of": "outside", "to": "sbo", "flow": 3.0}
    assert Source.model_validate({**good, "by_year": {2014: 0.5}}).by_year[2014].value == 0.5
    for wrong in ({2014: -1.0}, {2014: 99.0}, {14: 1.0}, {"x": 1.0}):
        with pytest.raises(ValueError):
            Source.model_validate({**good, "by_year": wrong})
    with pytest.raises(ValueError, match="by_year goes with a rate or a flow"):
        Source.model_validate({**good, "flow": None, "at": (1.0,), "by_year": {2014: 1.0}})


def test_the_shares_of_one_table_add_up() -> None:
    """The model's score of a row is that of its own sample."""
    made = forecast(task(2022, 1, draws=4))
    full = series_of(facts(), "national", wiring().region)
    row = next(r for r in rows_of(made, task(2022).series, full, frozenset()) if r.series == "stock.so")
    assert row.crps == pytest.approx(crps(made.samples["stock.so"][:, 0], full.stocks["so"][2023]))
