"""Flows between stations and waiting by cohort: by hand, adding up, and the same clocks as K04 and K05."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_results import told
from record_factory import NAN, Factory, look_up, synthetic

from sim import load, simulate
from sim.indicators import compute as indicators
from sim.indicators.flows import flows as moves
from sim.indicators.view import View
from sim.record import Record, Why
from sim.study.engine import Engine
from sim.study.results import Series
from sim.study.routes import END, ENGINE, FLOW, START, compute, flows_of, stocks_of
from sim.study.stations import Station, spans


def flows(record: Record, year: int = 0) -> dict[str, float]:
    table = compute(record)
    mine = table[(table.indicator == FLOW) & (table.school_year == record.school_years[year])]
    return dict(zip(mine.place_type, mine.value, strict=True))


def one_road() -> Factory:
    """Help from day 10, a request on 40, the list on 50, a seat on 100, and back to a regular school on 300."""
    f = Factory(years=2)
    child = f.pupil()
    f.help(child, "lower", 10.0, 40.0, Why.REFERRED, destination="alpha")
    f.decision(child, "alpha", 40.0, 50.0, Why.GRANTED, signalled=10.0)
    f.stay(child, "alpha", 100.0, 300.0, Why.BACK, listed=50.0, signalled=10.0, destination="lower")
    return f


def test_a_child_goes_from_station_to_station() -> None:
    assert flows(one_road().record()) == {
        "signals>help:alpha": 1.0,
        "help:alpha>request:alpha": 1.0,
        "request:alpha>list:alpha": 1.0,
        "list:alpha>seat:alpha": 1.0,
        "seat:alpha>back": 1.0,
    }


def test_a_seat_hides_the_list_for_another_and_a_temporary_place_its_own() -> None:
    f = Factory(years=2)
    sits, waits = f.pupil(), f.pupil()
    f.stay(sits, "alpha", 10.0, 200.0, Why.STEP_UP, destination="beta")
    f.stay(sits, "beta", 200.0, listed=100.0)
    f.wait(waits, "alpha", 20.0, 300.0, Why.GAVE_UP)
    f.help(waits, "course", 60.0, 90.0, Why.DONE)
    assert flows(f.record()) == {
        "signals>seat:alpha": 1.0,
        "seat:alpha>seat:beta": 1.0,
        "signals>list:alpha": 1.0,
        "list:alpha>programme": 1.0,
        "programme>list:alpha": 1.0,
        "list:alpha>gave_up": 1.0,
    }


def test_an_agreed_start_is_no_list_and_staying_in_a_regular_school_is_a_station() -> None:
    f = Factory(years=2)
    agreed, stays = f.pupil(), f.pupil()
    f.stay(agreed, "gamma", 365.0, listed=250.0, ready=365.0)
    f.help(stays, "lower", 80.0, NAN, Why.OPEN, signalled=20.0, listed=80.0)
    record = f.record()
    assert flows(record) == {"signals>agreed:gamma": 1.0, "signals>included": 1.0}
    assert flows(record, 1) == {"agreed:gamma>seat:gamma": 1.0}


@pytest.mark.parametrize(
    ("why", "to", "name"),
    [(Why.MOVED_AWAY, None, "away"), (Why.LEFT, "work", "work"), (Why.MOVED_ON, "upper", "on"), (Why.LEFT, None, "gone")],
)  # fmt: skip
def test_out_of_a_seat(why: Why, to: str | None, name: str) -> None:
    f = Factory(years=1)
    f.stay(f.pupil(), "alpha", 10.0, 40.0, why, destination=to)
    assert flows(f.record())[f"seat:alpha>{name}"] == 1.0


def test_a_refusal_leaves_the_road_and_a_new_request_comes_back_on_it() -> None:
    f = Factory(years=1)
    child = f.pupil()
    f.decision(child, "alpha", 10.0, 40.0, Why.REFUSED)
    f.decision(child, "alpha", 90.0, 120.0, Why.GRANTED)
    f.wait(child, "alpha", 120.0)
    found = flows(f.record())
    assert found["request:alpha>refused"] == found["again>request:alpha"] == 1.0


RECORDS = {
    "random": lambda: synthetic(pupils=900, years=4),
    "toy": lambda: simulate(load("toy/inclusion/baseline"), 1, 0),
    "interim": lambda: simulate(load("toy/interim/baseline"), 1, 0),
    "almere": lambda: simulate(load("almere/baseline").model_copy(update={"years": 2}), 1, 0),
}


@pytest.mark.parametrize("name", RECORDS)
def test_what_comes_in_goes_out_or_stays(name: str) -> None:
    record = RECORDS[name]()
    table = compute(record)
    flow = table[table.indicator == FLOW].copy()
    flow[["out", "in"]] = flow.place_type.str.split(">", expand=True)
    key = ["school_year", "place_type"]
    start, end = (table[table.indicator == i].set_index(key).value for i in (START, END))
    came = flow.groupby(["school_year", "in"]).value.sum().rename_axis(key)
    went = flow.groupby(["school_year", "out"]).value.sum().rename_axis(key)
    change = came.reindex(start.index, fill_value=0) - went.reindex(start.index, fill_value=0)
    assert len(start) > 0
    pd.testing.assert_series_equal(start + change, end, check_names=False)


@pytest.mark.parametrize("name", RECORDS)
def test_no_child_is_in_two_stations_and_every_seat_counts(name: str) -> None:
    record = RECORDS[name]()
    view = View(record)
    for home, waits in ((False, False), (True, True)):
        found = spans(view, home=home, waits=waits)
        same = found.pupil[1:] == found.pupil[:-1]
        assert (found.end > found.start).all()
        assert (found.start[1:] >= found.end[:-1])[same].all()
        seats = found.take(found.station == Station.SEAT)
        length = np.minimum(view.stays.left, record.end) - view.stays.placed
        assert (seats.end - seats.start).sum() == pytest.approx(length[length > 0].sum())


@pytest.mark.parametrize("name", RECORDS)
def test_as_many_come_into_each_type_as_k32_says(name: str) -> None:
    record = RECORDS[name]()
    table = compute(record)
    flow = table[table.indicator == FLOW].copy()
    flow[["out", "in"]] = flow.place_type.str.split(">", expand=True)
    seats = flow[flow["in"].str.startswith("seat:")]
    ours = seats.groupby(["school_year", seats["in"].str.removeprefix("seat:")]).value.sum()
    known = moves(record)
    known = known[(known["from"] != known["to"]) & known["to"].isin(ours.index.get_level_values(1))]
    theirs = known.groupby(["school_year", "to"]).children.sum()
    assert len(ours) > 0
    assert ours.to_dict() == theirs.to_dict()


def test_waits_are_of_the_whole_cohort_and_the_same_as_k04() -> None:
    record = synthetic(pupils=900, years=5)
    ours, theirs = compute(record), indicators(record)
    for year in range(3):
        for week in (26, 52):
            for kind in ("all", "type0", "type3"):
                known = look_up(theirs, f"K04.placed_{week}_weeks", year, kind)
                assert look_up(ours, f"R03.placed_{week}", year, kind) == pytest.approx(known)
                parts = [
                    look_up(ours, f"R03.{p}_{week}", year, kind) for p in ("waiting", "placed", "stopped")
                ]
                assert sum(p for p in parts if p is not None) == pytest.approx(1.0)


def test_half_of_the_signalled_have_a_seat_at_the_median_of_k05() -> None:
    record = synthetic(pupils=900, years=6)
    median = look_up(indicators(record), "K05.median", 1)
    assert median is not None
    before, after = (look_up(compute(record), f"R04.placed_{week}", 1) for week in (13, 104))
    assert before is not None and after is not None and before < 0.5 < after and 13 < median < 104


def test_a_child_that_still_waits_is_the_longest_wait_so_far() -> None:
    f = Factory(years=3)
    f.stay(f.pupil(), "alpha", 80.0, listed=10.0)
    f.wait(f.pupil(), "alpha", 20.0, 45.0, Why.GAVE_UP)
    f.wait(f.pupil(), "alpha", 30.0)
    table = compute(f.record())

    def of(name: str) -> float | None:
        return look_up(table, f"R03.{name}", 0, "alpha")

    assert (of("entered"), of("waiting_0"), of("longest_open")) == (3.0, 1.0, 1.0)
    assert of("longest") == pytest.approx((f.end - 30.0) / 7)
    assert (of("waiting_104"), of("placed_104"), of("stopped_104")) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    # The last child of this school year was followed for two years, so three years are not told.
    assert of("waiting_156") is None


def test_results_are_kept_apart_from_those_of_the_indicators() -> None:
    assert ENGINE.digest() == Engine().digest()
    assert ENGINE.indicator_digest() != Engine().indicator_digest()


def test_a_flow_that_a_run_does_not_have_is_zero_there() -> None:
    flow = Series(FLOW, "signals>seat:klein")
    found = told({"baseline": {flow: [3.0, float("nan"), 6.0]}})
    year = found.reported_years[0]
    assert flows_of(found, "baseline", year)["signals", "seat:klein"].tolist() == [3.0, 0.0, 6.0]
    assert flows_of(found, "baseline", "1999-2000") == stocks_of(found, "baseline", year) == {}
