"""The table, the register and the rounding."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from record_factory import Factory, synthetic

import sim.indicators
from sim.indicators import INDICATORS, UNITS, compute, present, rounded

IDS = [
    "K01.load",
    "K02.mean",
    "K02.oct",
    "K02.feb",
    "K02.may",
    "K02.aug",
    "K02.agreed_oct",
    "K02.agreed_feb",
    "K02.from_signal_oct",
    "K02.programme",
    "K03.rooms",
    "K03.funding",
    "K03.staff",
    "K04.median",
    "K04.p90",
    "K04.within_10_weeks",
    "K04.placed_26_weeks",
    "K04.placed_52_weeks",
    "K04.programme",
    "K05.median",
    "K05.p90",
    *(
        f"K06.{reason}"
        for reason in (
            "help",
            "meeting",
            "programme",
            "decision",
            "money",
            "start_agreed",
            "no_group",
            "no_room",
            "no_staff",
            "refusal",
            "other",
        )
    ),
    "K07.within_term",
    "K08.within_3m",
    "K08.within_6m",
    "K09.within_12m",
    "K09.blocked_days",
    "K10.no_place",
    "K10.has_place",
    "K10.between",
    "K10.no_place_feb",
    "K10.has_place_feb",
    "K10.between_feb",
    "K11.stock",
    "K11.risk",
    "K12.total",
    "K12.no_place",
    "K12.has_place",
    "K12.between",
    "K12.partial",
    "K12.sent_home",
    "K12.exempt",
    "K13.stock",
    "K13.new",
    "K14.changes",
    "K14.two_or_more",
    "K15.failed",
    "K16.returns",
    "K16.still_regular",
    "K17.children_oct",
    "K17.children_feb",
    "K17.share",
    "K18.supported",
    "K18.unsupported",
    "K19.new",
    "K19.renewed",
    "K19.refused",
    "K19.peak",
    "K20.own_district",
    "K21.class_size",
    "K21.group_size",
    "K21.above_norm",
    "K22.occupancy",
    "K22.seats_oct",
    "K22.empty_oct",
    "K22.empty_while_waiting_oct",
    "K23.incidents",
    "K25.first_choice",
    "K26.asked",
    "K26.found",
    "K26.gap",
    "K26.worst",
    "K26.groups_not_open",
    "K26.groups_open",
    "K26.dose",
    "K27.sick",
    "K27.left",
    "K28.total",
    "K28.income",
    "K28.balance",
    "K28.calendar_total",
    "K28.calendar_income",
    "K28.calendar_balance",
    "K29.riders",
    "K29.cost",
    "K34.count",
]


def test_the_register_has_exactly_these_indicators() -> None:
    assert sorted(INDICATORS) == sorted(IDS)
    assert [k.split(".")[0] for k in INDICATORS] == sorted(k.split(".")[0] for k in IDS)


@pytest.mark.parametrize("key", IDS)
def test_every_estimand_is_complete_in_both_languages(key: str) -> None:
    indicator = INDICATORS[key]
    assert indicator.unit in UNITS
    for words in (
        indicator.title,
        indicator.population,
        indicator.start,
        indicator.end,
        indicator.stop,
        indicator.window,
    ):
        assert words.nl.strip() and words.en.strip()
    for part in ("Wie telt mee", "Begin", "Einde", "Klok stopt", "Periode", "Eenheid"):
        assert f"{part}: " in indicator.estimand.nl
    for part in ("Population", "Start", "End", "Clock stop", "Window", "Unit"):
        assert f"{part}: " in indicator.estimand.en
    assert ".." not in indicator.estimand.nl + indicator.estimand.en


def test_table_has_the_agreed_columns_and_no_holes() -> None:
    record = synthetic(pupils=300, years=4, special=2, districts=2, profiles=2)
    table = compute(record)
    assert list(table.columns) == [
        "school_year",
        "indicator",
        "place_type",
        "district",
        "profile",
        "value",
        "unit",
    ]
    assert not table.value.isna().any()
    assert not table.duplicated(["school_year", "indicator", "place_type", "district", "profile"]).any()
    assert set(table.school_year) == {"2020-2021", "2021-2022", "2022-2023", "2023-2024"}
    split = (table[["place_type", "district", "profile"]] != "all").sum(axis=1)
    assert set(split) == {0, 1}
    assert {"type0", "type1", "tag:special", "tag:young", "tag:old"} <= set(table.place_type)
    never = {"K04.p90", "K05.p90"}  # may never be reached
    programme = {"K04.programme", "K08.within_3m", "K08.within_6m", "K09.within_12m"}  # none here
    unknown = {"K20.own_district", "K25.first_choice"}  # no districts of schools and no offers here
    assert set(IDS) - set(table.indicator) <= never | programme | unknown
    assert compute(record).equals(table)


def test_an_empty_record_gives_counts_of_nothing() -> None:
    table = compute(Factory(years=2).record())
    assert (table.value == 0).all()
    assert "K02.oct" in set(table.indicator)
    assert "K04.median" not in set(table.indicator)


def test_a_record_without_districts_profiles_and_tags() -> None:
    f = Factory(years=1, districts=(), profiles=(), types={"only": ("special", ())})
    f.stay(f.pupil(None, None), "only", 0)
    f.pupils[0]["district"], f.visits[0]["profile"] = 0, 0  # codes without a name
    table = compute(f.record())
    assert {t for t in table.place_type if ":" not in t} == {"all", "only"}
    assert set(table.district) == set(table.profile) == {"all"}


def test_indicators_import_the_record_and_nothing_else_of_ours() -> None:
    for path in Path(sim.indicators.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                ours = name.startswith("sim")
                assert not ours or name == "sim.record" or name.startswith("sim.indicators"), (
                    path.name,
                    name,
                )


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (237.4, "children", 235), (237.5, "children", 240), (19.6, "children", 20), (19.4, "children", 19),
        (2.5, "children", 3), (-2.5, "children", -3), (-22.4, "children", -20), (0.31, "children", 0),
        (0.425, "share", 43), (12.5, "weeks", 13), (412.4, "school weeks", 412), (1.046, "load", 1.05),
        (3.25, "FTE", 3.3), (0.0049, "per child-year", 0.0), (1_234_567.0, "euro", 1235), (-499.0, "euro", 0),
    ],
)  # fmt: skip
def test_rounding_for_people(value: float, unit: str, shown: float) -> None:
    assert rounded(value, unit) == pytest.approx(shown)


def test_a_difference_is_taken_before_rounding() -> None:
    # 102.6 and 97.4 are both shown as 105 and 95 (rounded first: 10); the difference is 5.2.
    assert present(102.6, "children") == "105 kinderen"
    assert present(97.4, "children") == "95 kinderen"
    assert present(102.6, "children", against=97.4) == "+5 kinderen"
    assert present(97.4, "children", against=102.6, with_unit=False) == "−5"
    assert present(0.501, "share", against=0.496) == "+1 procentpunt"
    assert present(0.3, "children", against=0.1) == "0 kinderen"


def test_words_and_signs_in_both_languages() -> None:
    assert present(1, "children") == "1 kind"
    assert present(1, "weeks", language="en") == "1 week"
    assert present(1234.5, "school weeks") == "1.235 schoolweken"
    assert present(1234.5, "school weeks", language="en") == "1,235 school weeks"
    assert present(0.123, "share") == "12%"
    assert present(1.046, "load", with_unit=False) == "1,05"
    assert present(0.1, "share", against=0.2, language="en") == "−10 percentage points"
    assert present(float("nan"), "weeks") == "–"
    assert present(1_234_567.0, "euro") == "1.235 duizend euro"
    assert present(1_234_567.0, "euro", against=1_300_000.0, language="en") == "−65 thousand euros"


def test_small_real_counts_are_hidden_and_simulated_ones_are_not() -> None:
    assert present(3, "children", real=True) == "< 5 kinderen"
    assert present(3, "children") == "3 kinderen"
    assert present(0, "children", real=True) == "0 kinderen"
    assert present(5, "children", real=True) == "5 kinderen"
    assert present(3, "weeks", real=True) == "3 weken"


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        rounded(1.0, "apples")
