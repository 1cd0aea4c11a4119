"""Counts again, the slow way: plain loops over the visits of random records must give the same numbers."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_factory import Factory, look_up, synthetic

from sim.indicators import INDICATORS, compute
from sim.record import Kind, Level, Record, Why

YEARS = 4
SPECIAL = ("alpha", "beta", "gamma")
MARGINS = (
    ("all", "all", "all"), *((t, "all", "all") for t in SPECIAL), ("tag:young", "all", "all"), ("tag:special",
    "all", "all"), ("all", "north", "all"), ("all", "south", "all"), ("all", "all", "p"), ("all", "all", "q"),
)  # fmt: skip
DAY = st.integers(-150, 4 * 365).map(lambda x: x / 2 + 0.25 * (x % 3))
LENGTH = st.integers(0, 500).map(float)


@st.composite
def records(draw: Any) -> tuple[Record, list[dict[str, Any]]]:
    """A random small record: children with overlapping waits, stays, absences and decisions."""
    f = Factory(years=YEARS)
    cells = {name: f.cell(name) for name in SPECIAL}
    for name, cell in cells.items():
        for time in (0, *draw(st.lists(st.integers(1, 1000), max_size=2, unique=True))):
            f.level(Level.SEATS, draw(st.integers(0, 3)), time, name, name, cell)
    f.level(Level.POPULATION, 500, type="lower", district="north")
    f.level(Level.POPULATION, 300, 400, type="lower", district="north")
    for _ in range(draw(st.integers(1, 5))):
        child = f.pupil(
            draw(st.sampled_from(("north", "south", None))), draw(st.sampled_from(("p", "q", None)))
        )
        for _ in range(draw(st.integers(1, 4))):
            what = draw(st.sampled_from(("wait", "stay", "absence", "decision")))
            name, start = draw(st.sampled_from(SPECIAL)), draw(DAY)
            middle = start + draw(LENGTH)
            end = draw(st.one_of(st.just(math.nan), LENGTH.map(lambda x, m=middle: m + x)))
            open_ = math.isnan(end)
            if what == "wait":
                f.wait(
                    child,
                    name,
                    start,
                    end,
                    Why.OPEN if open_ else Why.GAVE_UP,
                    ready=min(middle, end if not open_ else middle),
                )
            elif what == "stay":
                why = Why.OPEN if open_ else draw(st.sampled_from((Why.STEP_UP, Why.BACK, Why.LEFT)))
                f.stay(child, name, middle, end, why, listed=start, cell=cells[name])
            elif what == "absence":
                f.absence(child, draw(st.sampled_from(("no_place", "ill", "new"))), start, end)
            else:
                f.decision(
                    child,
                    name,
                    start,
                    end,
                    Why.OPEN if open_ else draw(st.sampled_from((Why.GRANTED, Why.REFUSED))),
                )
    return f.record(), f.visits


def belongs(
    record: Record, row: dict[str, Any], margin: tuple[str, str, str], code: int | None = None
) -> bool:
    type_, district, profile = margin
    code = row["type"] if code is None else code
    own = record.pupils["district"][row["pupil"]]
    fits = type_ == "all" or record.types[code] == type_ or type_.removeprefix("tag:") in record.tags[code]
    return bool(
        fits and (district == "all" or own == record.districts.index(district))
        and (profile == "all" or row["profile"] == record.profiles.index(profile))
    )  # fmt: skip


def never(day: float) -> float:
    return math.inf if math.isnan(day) else day


def union_days(spells: list[tuple[int, float, float]], low: float, high: float) -> float:
    """Days in a year covered by at least one spell of each child, by walking over all borders."""
    total = 0.0
    for child in {s[0] for s in spells}:
        mine = [(max(a, low), min(b, high)) for c, a, b in spells if c == child]
        borders = sorted({x for s in mine for x in s if low <= x <= high})
        for left, right in pairwise(borders):
            if any(a <= left and b >= right for a, b in mine):
                total += right - left
    return total


def on_date(spells: list[tuple[int, float, float]], day: float) -> int:
    return len({child for child, a, b in spells if a <= day < b})


def same(found: float | None, expected: float) -> None:
    assert found == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(made=records())
def test_stocks_and_sums_equal_plain_loops(made: tuple[Record, list[dict[str, Any]]]) -> None:
    record, visits = made
    table = compute(record)
    oct_, feb, edges = record.count_days("10-01"), record.count_days("02-01"), record.year_starts
    places = {record.places[v["place"]].id for v in visits}
    assert places
    for margin in MARGINS:
        mine = [v for v in visits if belongs(record, v, margin)]
        lists = [v for v in mine if v["kind"] in (Kind.WAIT, Kind.STAY)]
        ends = [never(v["placed"] if v["kind"] == Kind.STAY else v["left"]) for v in lists]
        waits = [(v["pupil"], max(v["listed"], v["ready"]), e) for v, e in zip(lists, ends, strict=True)]
        agreed = [(v["pupil"], v["listed"], min(v["ready"], e)) for v, e in zip(lists, ends, strict=True)]
        stays = [(v["pupil"], v["placed"], never(v["left"])) for v in lists if v["kind"] == Kind.STAY]
        home = [(v["pupil"], v["placed"], never(v["left"])) for v in visits
                if v["kind"] == Kind.ABSENCE and belongs(record, v, ("all", *margin[1:]))]  # fmt: skip
        lacking = [(v["pupil"], v["placed"], never(v["left"])) for v in visits
                   if v["kind"] == Kind.ABSENCE and record.types[v["type"]] == "no_place"
                   and belongs(record, v, ("all", *margin[1:]))]  # fmt: skip
        asked = [
            v for v in visits if v["kind"] == Kind.DECISION and belongs(record, v, margin, v["destination"])
        ]
        for y in range(YEARS):
            low, high = edges[y], edges[y + 1]
            days = sum(max(0.0, min(b, high) - max(a, low)) for _, a, b in stays)

            def get(key: str, y: int = y, margin: tuple[str, str, str] = margin) -> float | None:
                return look_up(table, key, y, *margin)

            same(get("K02.oct"), on_date(waits, oct_[y]))
            same(get("K02.feb"), on_date(waits, feb[y]))
            same(get("K02.agreed_oct"), on_date(agreed, oct_[y]))
            same(get("K02.mean"), union_days(waits, low, high) / (high - low))
            same(get("K17.children_oct"), on_date(stays, oct_[y]))
            same(get("K17.children_feb"), on_date(stays, feb[y]))
            in_year = [v for v in asked if low <= never(v["left"]) < high]
            same(get("K19.refused"), sum(v["why"] == Why.REFUSED for v in in_year))
            granted = sum(v["why"] == Why.GRANTED for v in in_year)
            same((get("K19.new") or 0) + (get("K19.renewed") or 0), granted)
            back = sum(v["why"] == Why.BACK and low <= v["left"] < high for v in lists)
            if days > 0:
                same(get("K16.returns"), 100 * back / (days / 365.25))
            else:
                assert get("K16.returns") is None
            if margin[0] == "all":
                same(get("K12.total"), union_days(home, low, high) * 40 / 365.25)
                over = [(c, a + 91 + 1e-9, b) for c, a, b in home]
                same(get("K11.stock"), on_date(over, oct_[y]))
                same(get("K34.count"), on_date(waits + lacking, oct_[y]))


@settings(deadline=None, max_examples=40)
@given(made=records())
def test_seats_equal_plain_loops(made: tuple[Record, list[dict[str, Any]]]) -> None:
    record, visits = made
    table = compute(record)
    levels = record.levels
    for name in SPECIAL:
        code = record.types.index(name)
        for y, today in enumerate(record.count_days("10-01")):
            rows = [
                (levels["time"][i], levels["value"][i]) for i in range(len(levels["time"]))
                if levels["what"][i] == Level.SEATS and levels["type"][i] == code and levels["time"][i] <=
                today
            ]  # fmt: skip
            seats = max(rows)[1]
            present = sum(
                v["kind"] == Kind.STAY and v["type"] == code and v["placed"] <= today < never(v["left"])
                for v in visits
            )
            same(look_up(table, "K22.seats_oct", y, name), seats)
            same(look_up(table, "K22.empty_oct", y, name), max(0, seats - present))
            waiting = look_up(table, "K02.oct", y, name)
            expected = max(0, seats - present) if waiting else 0
            same(look_up(table, "K22.empty_while_waiting_oct", y, name), expected)


def test_margins_add_up() -> None:
    # Each child of this record has one district and one profile, and is on one list at a time.
    table = compute(synthetic(pupils=400, years=4, special=3, districts=2, profiles=3))
    for indicator in INDICATORS.values():
        if not indicator.additive:
            continue
        mine = table[table.indicator == indicator.id]
        total = mine[(mine.place_type == "all") & (mine.district == "all") & (mine.profile == "all")].value
        assert len(total), indicator.id
        for split, column in (
            ("type", "place_type"),
            ("stage", "place_type"),
            ("district", "district"),
            ("profile", "profile"),
        ):
            if split not in indicator.splits:
                continue
            others = [c for c in ("place_type", "district", "profile") if c != column]
            part = mine[(mine[column] != "all") & (mine[others] == "all").all(axis=1)]
            part = part[~part.place_type.astype(str).str.contains(":")]  # a tag, an age, a payer
            added = part.groupby("school_year", observed=True).value.sum()
            assert list(added) == pytest.approx(list(total), abs=1e-6), (indicator.id, split)


def test_ages_add_up_where_every_child_has_one() -> None:
    # Ages are those at the start of a wait, so each wait belongs to one group and the groups sum to the whole list.
    table = compute(synthetic(pupils=400, years=4, special=3, districts=2, profiles=3))
    mine = table[table.indicator == "K02.oct"]
    ages = (
        mine[mine.place_type.astype(str).str.startswith("age:")]
        .groupby("school_year", observed=True)
        .value.sum()
    )
    whole = mine[(mine.place_type == "all") & (mine.district == "all") & (mine.profile == "all")]
    assert list(ages) == pytest.approx(list(whole.value), abs=1e-6)
