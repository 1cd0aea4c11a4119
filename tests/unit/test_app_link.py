"""What is asked survives in a link, and a link from anyone can do no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.app.asked import Asked, from_query
from sim.app.choice import Choice, ChoiceError, Move, parse

ids = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
paths = st.from_regex(r"[a-z][a-z0-9_+-]{0,10}\.[a-z_]{1,10}", fullmatch=True)
values = st.one_of(
    st.sampled_from(["date", "home_first"]),
    st.integers(-9999, 9999).map(float),
    st.floats(-99, 99).map(lambda v: round(v, 4) + 0.0),
)
moves = st.builds(Move, paths, values, st.one_of(st.just(""), ids))
choices = st.builds(
    Choice,
    st.lists(ids, max_size=4, unique=True).map(tuple),
    st.lists(moves, max_size=4, unique_by=lambda m: m.path).map(
        lambda m: tuple(sorted(m, key=lambda x: x.path))
    ),
)


@given(choices)
def test_a_choice_is_read_from_its_own_text(choice: Choice) -> None:
    assert parse(str(choice)) == choice


@given(
    st.sampled_from(["nl", "en"]), choices, choices, st.lists(choices, max_size=5, unique=True).map(tuple),
    st.sampled_from(["", "2030-2031"]), st.dictionaries(st.just("deel"), st.sampled_from(["a", "b c"])),
)  # fmt: skip
def test_all_that_is_asked_survives_in_a_link(lang, choice, baseline, compare, year, extra) -> None:  # type: ignore[no-untyped-def]
    asked = Asked(lang, choice, baseline, compare, year, "0.1.0 (abc)", extra)
    query = {k: [v] if isinstance(v, str) else v for k, v in asked.to_query().items()}
    assert from_query(query) == asked


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=60), max_size=7), max_size=6))
def test_any_text_in_the_address_is_survived(query: dict[str, list[str]]) -> None:
    found = from_query(query)
    assert found.lang in ("nl", "en") and len(found.compare) <= 5
    assert all(len(v) <= 200 for v in found.extra.values())


@pytest.mark.parametrize(
    "text",
    ["a b", "../x", "a,a", "a!b", "a!sbo.groups", "a!sbo.groups=1!sbo.groups=2", "<script>", "a" * 5000,
     ",".join(f"x{i}" for i in range(20))],
)  # fmt: skip
def test_what_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(ChoiceError):
        parse(text)


def test_what_cannot_be_read_is_left_out_and_said() -> None:
    found = from_query({"wat": ["<b>"], "taal": ["xx"], "jaar": ["nu"], "versie": ["<i>"]})
    assert found == Asked(broken=True)


@pytest.mark.parametrize(("name", "value"), [("taal", "xx"), ("jaar", "1900"), ("jaar", "abc")])
def test_an_odd_language_or_school_year_is_said_too(name: str, value: str) -> None:
    assert from_query({name: [value]}).broken
    assert not from_query({"taal": ["en"], "jaar": ["2030-2031"]}).broken


def test_the_same_own_choice_has_the_same_id_and_another_has_another() -> None:
    one, two = parse("a!x.groups=1"), parse("a!x.groups=2")
    assert one.id == parse("a!x.groups=1").id != two.id
    assert one.base == parse("a") and one.is_own and not one.base.is_own
