"""A remembered word or number leads to its scenario, or to where else the documents' item is answered."""

from __future__ import annotations

import pytest
from made_results import scenario

from sim.cli.listing import items_with, print_shelf
from sim.scenario.quantity import Text
from sim.scenario.scenario import Item
from sim.scenario.search import matching


def told(id_: str, nl: str, item: str = "") -> object:
    return scenario(id_).model_copy(
        update={"title": Text(nl=nl, en="A title"), "source": Item(file="f", item=item)}
    )


SHELF = [
    told("bus", "Eén bus minder", "I10"),
    told("thuis", "Wie thuis zit"),
    told("les", "Les op school", "S01"),
]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ((), ["bus", "thuis", "les"]),
        (("een bus",), ["bus"]),
        (("THUIS",), ["thuis"]),
        (("i10",), ["bus"]),
        (("les", "school"), ["les"]),
        (("les", "bus"), []),
    ],
)
def test_every_word_must_stand_somewhere(words: tuple[str, ...], ids: list[str]) -> None:
    assert [s.id for s in matching(SHELF, words)] == ids


def test_an_item_without_a_scenario_is_found_in_the_documents() -> None:
    (found,) = items_with(("s10",), [], ["almere"], None)
    assert found.id == "S10"
    assert items_with((), [], ["almere"], None) == []


def test_nothing_found_says_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    print_shelf([], [], ("xyz",), "nl")
    assert "Geen scenario met xyz" in capsys.readouterr().out


def test_a_twin_stands_under_its_idea_and_carrying_on_first(capsys: pytest.CaptureFixture[str]) -> None:
    idea = told("bus", "Eén bus minder", "I10, I11").model_copy(update={"kind": "idea"})
    twin = told("bus-kaal", "Zonder chauffeur", "I10").model_copy(
        update={"kind": "twin", "builds_on": ("bus",)}
    )
    base = told("zo", "Zo doorgaan").model_copy(update={"kind": "baseline", "source": None})
    print_shelf([idea, twin, base], [], (), "nl")
    lines = capsys.readouterr().out.splitlines()
    order = [
        next(i for i, line in enumerate(lines) if word in line)
        for word in ("Zo doorgaan", "I10 ", "· Zonder")
    ]
    assert order == sorted(order)
    assert "I11" not in "".join(lines)
