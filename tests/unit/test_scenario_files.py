"""Reading YAML: what each way of writing becomes, and where it stood."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.errors import Index, Problem, ScenarioError, did_you_mean, listing, shorten
from sim.scenario.files import MOST_BYTES, parse, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("3.0", 3.0),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("2026-08-01", date(2026, 8, 1)),
        ("08-01", "08-01"),
        ("2023-24", "2023-24"),
        ("'3'", "3"),
        ('"true"', "true"),
        ("yes", "yes"),
        ("on", "on"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12345678901234567890", 12345678901234567890.0),
        ("[1, a]", (1, "a")),
        ("{}", {}),
        (">-\n  one\n  two", "one two"),
    ],
)
def test_a_value_becomes_what_yaml_1_2_says(text: str, value: object) -> None:
    found = parse(f"key: {text}\n".encode(), "x.yaml").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_each_path_knows_its_line() -> None:
    source = parse(b"a: 1\nb:\n  c:\n    - x\n    - y: 2\n  7: z\n", "x.yaml")
    assert source.line(("a",)) == 1
    assert source.line(("b", "c")) == 3
    assert source.line(("b", "c", Index(1), "y")) == 5
    assert source.line(("b", 7)) == 6
    assert source.line(("b", "not there", "at all")) == 2
    assert source.line(("nowhere",)) == 1


def test_an_alias_repeats_its_anchor() -> None:
    assert parse(b"a: &s {x: [1, 2]}\nb: *s\n", "x.yaml").data == {"a": {"x": (1, 2)}, "b": {"x": (1, 2)}}


def test_a_file_is_read_once_for_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert read(path) is read(path)
    path.write_text("a: 2\n", encoding="utf-8")
    assert read(path).data == {"a": 2}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read(tmp_path)


def test_size_is_judged_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\n#" + b" " * MOST_BYTES)
    with pytest.raises(ScenarioError, match="too large"):
        read(path)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_read_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(parse(raw, "x.yaml").data, dict)
    except ScenarioError as error:
        assert all(p.file == "x.yaml" and p.reason for p in error.problems)


@given(st.text(alphabet="ab:{}[]&*-!'\"\n #|>?,01.", max_size=60))
def test_no_yaml_like_text_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text.encode(), "x.yaml").data, dict)
    except ScenarioError as error:
        assert error.problems


def test_a_message_has_its_parts_in_order() -> None:
    problem = Problem("a.yaml", 3, "b.c", "'x'", "unknown key", "d, e", "Did you mean 'd'?")
    assert str(problem) == "a.yaml:3: b.c: unknown key. Found: 'x'. Allowed: d, e. Did you mean 'd'?"
    assert str(Problem("a.yaml", 0, "", reason="too large")) == "a.yaml: too large."


def test_an_error_holds_each_problem_once_in_the_order_of_lines() -> None:
    late, early = Problem("a", 9, "", reason="late"), Problem("a", 2, "", reason="early")
    assert ScenarioError([late, early, late]).problems == (early, late)


def test_small_words() -> None:
    assert did_you_mean("grops", ["groups", "rooms"]) == "Did you mean 'groups'?"
    assert did_you_mean("xyz", ["groups", "rooms"]) == ""
    assert listing([]) == "nothing"
    assert listing(["a", "b", "c"], most=2) == "a, b ... and 1 more"
    assert shorten("a\tb" * 50).endswith("...")
