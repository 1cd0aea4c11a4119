"""The workshop: bad YAML gets messages at the line in the language of the screen, and ideas go together or say why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from made_results import scenario

from sim.app.analyse.workshop import check, clashes, findings, id_of, lever_list, package_text, told
from sim.app.language import LANGUAGES, raw, speak, words
from sim.scenario.errors import Problem
from sim.scenario.levers import Change
from sim.scenario.resolve import load

T = words("analyse")
BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)
)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    speak("nl")
    yield
    speak("nl")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_is_in_order(lang: Any) -> None:
    speak(lang)
    found, wrong = check(T.TEMPLATE)
    assert found is not None and not wrong
    assert found.levers["so.groups"][0].add == 2


# What is changed in the template -> line, part of the reason, part of what is allowed or advised.
BAD = {
    "a tab": (("  so.groups", "\tso.groups"), 12, "een tab", "spaties"),
    "twice": (("schema: 1\n", "schema: 1\nschema: 1\n"), 3, "twee keer (de eerste keer op regel 2)", "één van de twee"),
    "a word for a number": (("- add: 2 ", "- add: twee "), 13, "niet wat hier hoort", "een getal"),
    "a number in quotes": (("- add: 2 ", '- add: "2" '), 13, "niet wat hier hoort", "aanhalingstekens weg"),
    "an unknown lever": (("so.groups:", "so.grups:"), 12, "deze knop bestaat niet", "Bedoelde u 'so.groups'?"),
    "a way out of the folder": (("mijn-idee ", "../../etc/passwd "), 4, "niet de goede vorm", "kleine letters"),
    "a way in": (("# extends: een-lijst", "extends: ../../../etc/passwd"), 10, "niet de goede vorm", "kleine letters"),
    "a slip of the pen": (("# extends: een-lijst", "extends: een-lyst"), 10, "geen scenario met deze id", "Bedoelde u"),
    "far too much": (("add: 2 ", "add: 2000000 "), 13, "buiten de grenzen", "0 tot 100000"),
    "a share above 1": (("so.groups:", "sbo.staff_to_regular:"), 13, "buiten de grenzen", "0 tot 1 (deel)"),
    "no such day": (("2027-08-01", "2027-13-01"), 14, "datum bestaat niet", "zoals 2026-08-01"),
    "no region": (("region: almere\n", ""), 1, "ontbreekt een sleutel", "bovenaan"),
    "an effect": (("levers:", "effects: {a: 1}\nlevers:"), 11, "sleutel bestaat niet", "levers"),
    "a tag": (("add: 2 ", "add: !!python/object:os.system 2 "), 13, "YAML-tag mag hier niet", "geen tags"),
    "another kind": (("kind: own", "kind: baseline"), 3, "kan niet van soort 'baseline' zijn", "kind: own"),
    "an id in use": (("mijn-idee ", "een-lijst "), 4, "al in gebruik", "extends: een-lijst"),
    "the past": (("2027-08-01", "2020-08-01"), 14, "vóór het begin", "2023-08-01 of later"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_in_dutch_at_its_line(name: str) -> None:
    (old, new), line, reason, advice = BAD[name]
    text = T.TEMPLATE.replace(old, new, 1)
    assert text != T.TEMPLATE
    found, wrong = check(text)
    assert found is None
    first = next(f for f in wrong if f.line == line)
    assert reason in first.reason
    assert advice in f"{first.allowed} {first.hint}"
    assert not first.text or first.text == text.splitlines()[line - 1].strip()


def test_hostile_texts_are_refused_at_once() -> None:
    for text, reason in (
        (BOMB, "te groot als alle verwijzingen"),
        (T.TEMPLATE + "# " + "x" * 200_000, "te groot"),
        ("", "leeg"),
        ("- a\n- b\n", "bovenaan"),
        ("a: b\n---\nc: d\n", "meer dan één document"),
        ("a: [" * 60 + "]" * 60, "te veel lagen"),
        ("\x00", "een teken"),
    ):
        found, wrong = check(text)
        assert found is None and reason in wrong[0].reason, text[:20]


def test_a_coded_risk_must_exist() -> None:
    _, wrong = check(T.TEMPLATE + "risks:\n  - {nl: a, en: b, of: K99.x}\n")
    assert "uitkomst met deze naam bestaat niet" in wrong[0].reason


def test_english_is_the_reader_itself_and_an_unknown_text_stays_as_it_is() -> None:
    assert told("something that nobody translated") == "something that nobody translated"
    speak("en")
    _, wrong = check(T.TEMPLATE.replace("so.groups:", "so.grups:"))
    assert (wrong[0].reason, wrong[0].hint) == ("unknown lever", "Did you mean 'so.groups'?")


def test_a_problem_of_a_shipped_file_names_that_file_and_no_line_of_the_visitor() -> None:
    (found,) = findings([Problem("een-lijst.yaml", 3, "levers.x", "", "unknown lever")], "a\nb\nc\n")
    assert (found.line, found.path, found.text) == (0, "een-lijst.yaml: levers.x", "")


def test_texts_of_the_reader_have_no_two_meanings() -> None:
    for group in raw("problems").values():
        english = [entry["en"] for entry in group.values()]
        assert len(set(english)) == len(english)


def with_groups(name: str, value: float, where: str = "a.yaml:1") -> Any:
    change = Change.model_validate({"set": value, "from": date(2027, 8, 1)})
    made = scenario(name, levers={"klein.groups": (change,)})
    return made.model_copy(update={"origin": {"klein.groups": where}})


def test_two_ideas_that_set_one_lever_clash_and_say_so() -> None:
    first, second = with_groups("een", 5.0), with_groups("twee", 6.0, "b.yaml:1")
    (clash,) = clashes([first, second])
    assert clash.sentence == (
        "‘Idee een’ en ‘Idee twee’ zetten in dezelfde tijd allebei ‘klein: groepen’, elk op iets anders. "
        "Kies één van de twee."
    )


def test_what_agrees_or_came_from_one_file_does_not_clash() -> None:
    assert not clashes([with_groups("een", 5.0), with_groups("twee", 5.0, "b.yaml:1")])
    assert not clashes([with_groups("een", 5.0), with_groups("twee", 6.0)])
    assert not clashes([with_groups("een", 5.0), scenario("drie")])


def test_a_package_of_shipped_ideas_is_a_file_that_is_in_order() -> None:
    ideas = [load("een-lijst"), load("daginvulling")]
    text = package_text(ideas, "Eén ’n Plan!", "almere")
    found, wrong = check(text)
    assert found is not None and not wrong
    assert (found.id, found.title.nl, found.builds_on) == (
        "een-n-plan",
        "Eén ’n Plan!",
        ("een-lijst", "daginvulling"),
    )
    named, _ = check(package_text(ideas, "", "almere"))
    assert named is not None and named.title.en == " + ".join(s.title.en for s in ideas)


@pytest.mark.parametrize(
    ("title", "id_"), [("Plan B", "plan-b"), ("  ", ""), ("../../etc", "etc"), ("É" * 80, "e" * 50)]
)
def test_an_id_is_made_of_a_title(title: str, id_: str) -> None:
    assert id_of(title) == id_


def test_the_list_of_levers_holds_what_people_decide() -> None:
    rows = {row.path: row for row in lever_list(load("baseline"))}
    assert rows["so.groups"].unit == "groups" and rows["so.groups"].allowed.startswith("0 – ")
    assert not any("shock" in path for path in rows)
