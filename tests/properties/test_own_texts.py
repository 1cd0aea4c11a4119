"""Whatever a visitor sends: words instead of a traceback, no file outside the folder, nobody else's text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.app import guard, own
from sim.app import settings as server
from sim.scenario.errors import ScenarioError

SECRET = "het geheim van een ander"
GOOD = f"""\
schema: 1
kind: own
id: mijn-plan
region: school
title: {{nl: "{SECRET}", en: Mine}}
sentence: {{nl: Een zin., en: A sentence.}}
order: 1
combine: [baseline]
levers:
  special.groups: [{{set: 2, from: 2030-08-01}}, {{add: 1, from: 2031-08-01, ramp: {{months: 6}}}}]
"""
# Signs that mean something to YAML, to a file system, to a terminal or to a page.
SIGNS = st.sampled_from(
    [*"{}[]&*!|>'\"%@`:,-?#<~\\\0\x1b\n\r\t\u2028\u202e\ufeff\ud800/.. ", "<<: ", "!!", "*a", "&a ", "---\n"]
)
ANY_TEXT = st.one_of(st.text(), st.lists(SIGNS, max_size=60).map("".join))


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A good text with a piece replaced, repeated or taken out."""
    start = draw(st.integers(0, len(GOOD)))
    end = draw(st.integers(start, min(len(GOOD), start + 40)))
    piece = draw(st.one_of(ANY_TEXT, st.just(GOOD[start:end] * 2), st.just("")))
    return GOOD[:start] + piece * draw(st.integers(1, 3)) + GOOD[end:]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("DOORSTROOM_OWN", str(tmp_path / "own"))
    monkeypatch.setenv("DOORSTROOM_REGION", "toy/school")
    monkeypatch.setenv("DOORSTROOM_VISITOR_SAVES", "0")
    for cached in (server.settings, guard.saves):
        cached.cache_clear()
    yield tmp_path / "own"
    for cached in (server.settings, guard.saves):
        cached.cache_clear()


QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUICK
@given(sent=st.one_of(ANY_TEXT, changed()))
def test_any_text_is_kept_as_it_is_or_refused_in_words(sent: str, folder: Path) -> None:
    before = set(folder.parent.rglob("*"))
    try:
        own_id = own.save(sent)
    except ScenarioError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.file == "eigen.yaml" or problem.file.endswith(".yaml")
            said = str(problem)
            said.encode()
            assert str(folder.parent) not in said and str(Path.cwd()) not in said
            assert not any(ord(sign) < 32 for sign in said)
        assert set(folder.parent.rglob("*")) == before
    else:
        assert own.read(own_id) == sent
        assert own.load(own_id).region.id == "school"
        new = set(folder.parent.rglob("*")) - before
        assert new <= {folder, folder / f"{own_id}.yaml"}


@QUICK
@given(
    own_id=st.one_of(
        ANY_TEXT, ANY_TEXT.map(lambda t: f"eigen-{t}"), st.from_regex(r"eigen-[A-Za-z0-9_-]{22}")
    )
)
def test_no_id_but_its_own_gives_a_text(own_id: str, folder: Path) -> None:
    mine = own.save(GOOD)
    (folder.parent / "outside.yaml").write_text(GOOD, encoding="utf-8")
    if own_id != mine:
        with pytest.raises(own.Gone):
            own.read(own_id)
    assert own.read(mine) == GOOD


@QUICK
@given(sent=changed())
def test_no_message_repeats_what_another_visitor_wrote(sent: str) -> None:
    own.load(own.save(GOOD))
    if SECRET in sent:
        return
    try:
        found = own.load(own.save(sent))
    except ScenarioError as error:
        assert SECRET not in str(error)
    else:
        assert SECRET not in found.model_dump_json()
