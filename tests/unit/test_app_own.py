"""YAML of visitors: kept under a name nobody can guess, read as if it were meant to do harm."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.app import guard, own
from sim.app.analyse import workshop
from sim.app.own import PREFIX, Gone, Keeper, is_own
from sim.app.settings import settings
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import find_root

TEXT = """\
schema: 1
kind: {kind}
id: {id}
region: school
title: {{nl: "{title}", en: Mine}}
sentence: {{nl: Een zin., en: A sentence.}}
{more}
"""
DAY = 86_400.0


def text(id: str = "mijn-plan", title: str = "Van mij", more: str = "", kind: str = "own") -> str:
    return TEXT.format(id=id, title=title, more=more, kind=kind)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server that shows the toy region `school`, with a folder of its own."""
    monkeypatch.setenv("DOORSTROOM_OWN", str(tmp_path / "own"))
    monkeypatch.setenv("DOORSTROOM_REGION", "toy/school")
    _forget()
    yield tmp_path / "own"
    _forget()


def _forget() -> None:
    settings.cache_clear()
    guard.saves.cache_clear()


def test_what_is_saved_comes_back_as_it_was_and_as_a_scenario(folder: Path) -> None:
    written = "\ufeff# Mijn opmerking, met é\r\n" + text(title="Meer groepen").replace("\n", "\r\n")
    own_id = own.save(written)
    assert is_own(own_id)
    assert own.read(own_id) == written
    found = own.load(own_id)
    assert (found.title.nl, found.kind, found.region.id) == ("Meer groepen", "own", "school")
    assert found.id.startswith("toy/school/mijn-plan-")
    assert own.load(own_id).region is found.region


def test_ids_cannot_be_guessed_and_do_not_follow_from_the_text() -> None:
    ids = {own.save(text()) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(i) == len(PREFIX) + 22 for i in ids)


def test_the_id_of_the_scenario_does_not_give_the_link_away_and_differs_between_visitors() -> None:
    first, second = own.save(text()), own.save(text())
    assert own.load(first).id != own.load(second).id
    assert first.removeprefix(PREFIX) not in own.load(first).id
    assert own.load(first).digest() == own.load(second).digest()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_only_the_server_may_read_the_folder_and_its_files(folder: Path) -> None:
    own_id = own.save(text())
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / f"{own_id}.yaml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "own_id",
    [
        "", "eigen-", "eigen-" + "a" * 21, "eigen-" + "a" * 23, "eigen-" + "a" * 22 + "\n", "eigen-" + "é" * 22,
        "eigen-../../../etc/passwd", "eigen-../../../../etc/pas", "../eigen-" + "a" * 22, "eigen-" + "a" * 21 + "/",
        "eigen-" + "a" * 21 + "\0", "eigen-" + "." * 22, "/etc/passwd", "baseline", "EIGEN-" + "a" * 22, "eigen-" + "a" * 22,
    ],
)  # fmt: skip
def test_an_id_that_was_not_given_out_is_gone(own_id: str) -> None:
    own.save(text())
    for ask in (own.read, own.load):
        with pytest.raises(Gone):
            ask(own_id)


def test_nothing_outside_the_folder_is_read_through_a_link_or_anything_that_is_no_file(
    folder: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(text(), encoding="utf-8")
    own.save(text())
    link, directory, pipe = (PREFIX + sign * 22 for sign in "abc")
    (folder / f"{link}.yaml").symlink_to(secret)
    (folder / f"{directory}.yaml").mkdir()
    os.mkfifo(folder / f"{pipe}.yaml")
    for own_id in (link, directory, pipe):
        with pytest.raises(Gone):
            own.read(own_id)


def test_a_file_that_someone_made_large_or_unreadable_is_gone(folder: Path) -> None:
    own_id = own.save(text())
    (folder / f"{own_id}.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(Gone):
        own.read(own_id)
    (folder / f"{own_id}.yaml").write_bytes(b"x" * (own.MOST_BYTES + 1))
    with pytest.raises(Gone):
        own.read(own_id)


def test_a_text_that_nobody_opens_goes_and_one_in_use_stays(folder: Path) -> None:
    keeper = Keeper(folder, days=10, most=100)
    used, old = keeper.keep("used"), keeper.keep("old")
    for own_id, days in ((used, 9), (old, 11)):
        os.utime(folder / f"{own_id}.yaml", (time.time() - days * DAY,) * 2)
    with pytest.raises(Gone):
        keeper.read(old)
    assert not (folder / f"{old}.yaml").exists()
    assert keeper.read(used) == "used"
    assert time.time() - (folder / f"{used}.yaml").stat().st_mtime < DAY


def test_when_there_are_too_many_the_oldest_go_and_other_files_stay(folder: Path) -> None:
    keeper = Keeper(folder, days=10, most=3)
    folder.mkdir()
    (folder / "README.md").write_text("of the administrator")
    ids = []
    for n in range(5):
        ids.append(keeper.keep(str(n)))
        os.utime(folder / f"{ids[-1]}.yaml", (time.time() - 100 + n,) * 2)
    keeper.sweep()
    assert [n for n, i in enumerate(ids) if (folder / f"{i}.yaml").exists()] == [2, 3, 4]
    assert (folder / "README.md").exists()


def test_what_was_half_written_long_ago_goes(folder: Path) -> None:
    keeper = Keeper(folder, days=10, most=3)
    folder.mkdir()
    half = folder / ".half-0123-x.yaml"
    half.write_text("half")
    os.utime(half, (time.time() - 11 * DAY,) * 2)
    keeper.keep("x")
    assert not half.exists()


HOSTILE = {
    "too large": ("x" * (own.MOST_BYTES + 1), "too large"),
    "too large in bytes": ("é" * (own.MOST_BYTES // 2 + 1), "too large"),
    "empty": ("", "empty"),
    "NUL": (text(title="a\0b"), "cannot be seen"),
    "escape": (text(title="a\x1b[31m"), "cannot be seen"),
    "turned round": (text(title="a\u202eb"), "cannot be seen"),
    "half a sign": (text(title="\udc80"), "cannot be seen"),
    "NUL in quotes": (text(title="a\\0b"), "cannot be seen"),
    "turned round in quotes": (text(title="\\u202E"), "cannot be seen"),
    "half a sign in quotes": (text(title="\\ud800"), "cannot be seen"),
    "no such sign": (text(title="\\UFFFFFFFF"), "not YAML"),
    "a tag": (text(more="order: !!python/object/apply:os.system [id]"), "tag"),
    "a bomb": ("a: &a [" + "x," * 50 + "]\n" + "".join(
        f"{c}: &{c} [{','.join(['*' + p] * 50)}]\n" for p, c in zip("abcd", "bcde", strict=True)), "too large"),
    "alias of itself": ("a: &a [*a]\n", "no anchor"),
    "deep": ("a: " + "[" * 5_000, "nested too deep"),
    "many numbers": (text(more="x: [" + "1," * 5_000 + "1]"), "too many values"),
    "many levers": (text(more="levers:\n" + "".join(f"  a{i}.b: {{set: 1}}\n" for i in range(50))), "too many levers"),
    "many changes": (
        text(more="levers:\n" + "".join(
            f"  a{i}.b:\n" + "    - {set: 1, from: 2030-08-01}\n" * 50 for i in range(3))), "too many changes"),
    "a long list": (text(more="combine: [" + ",".join(["a"] * 70) + "]"), "list is too long"),
    "a long key": (text(more="a" * 70 + ": 1"), "too long"),
    "a long title": (text(title="x" * 1_001), "too long"),
    "a long word": (text(more="extends: " + "x" * 200), "too long"),
    "a script": (text(title="<script>alert(1)</script>"), "signs of markup"),
    "a link of Markdown": (text(title="[klik](evil.test)"), "signs of markup"),
    "an address": (text(title="Kijk op https://evil.test"), "address of the web"),
    "another address": (text(title="Kijk op WWW.evil.test"), "address of the web"),
    "two documents": (text() + "---\n" + text(), "more than one document"),
    "a region": (text(kind="region"), "cannot be of kind 'region'"),
    "evidence": (text(kind="evidence"), "cannot be of kind 'evidence'"),
    "a baseline": (text(kind="baseline"), "cannot be of kind 'baseline'"),
    "an id of ours": (text(id="baseline"), "already in use"),
    "another region": (text().replace("region: school", "region: queue"), "another region"),
    "a region by path": (text().replace("region: school", "region: ../../almere"), "wrong form"),
    "an id that is a path": (text(id="../../x"), "wrong form"),
    "extends a path": (text(more="extends: ../../../etc/passwd"), "wrong form"),
    "extends a file": (text(more="extends: region.yaml"), "wrong form"),
    "combines a path": (text(more="combine: [/etc/passwd]"), "wrong form"),
    "a risk of nothing": (text(more="risks:\n- {nl: Iets, en: Something, of: no.such}"), "no.such"),
    "extends itself": (text(more="extends: mijn-plan"), "circle"),
    "directive": ("%TAG ! tag:x,2000:\n" + text(), "not YAML"),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_refused_in_words_and_nothing_is_kept(sent: str, says: str, folder: Path) -> None:
    started = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        own.save(sent)
    assert time.process_time() - started < 10
    assert says in str(caught.value)
    assert len(caught.value.problems) <= own.MOST_PROBLEMS + 1
    assert not folder.exists()
    for problem in caught.value.problems:
        assert "/" not in problem.file
        str(problem).encode()


def test_messages_stand_at_the_line_and_show_no_folder_of_the_server(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        own.save(text(more="extends: baseline\nlevers:\n  no.lever: {set: 1, from: 2030-08-01}"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.path) == ("eigen.yaml", 9, "levers.no.lever")
    for id in ("baseline", "nothing-here"):
        with pytest.raises(ScenarioError) as caught:
            own.save(text(id=id, more="extends: nothing"))
        for folder in (str(Path.cwd()), str(tmp_path), "scenarios/", "toy/"):
            assert folder not in str(caught.value)


def test_where_a_lever_was_set_is_named_without_folders() -> None:
    own_id = own.save(text(more="levers:\n  special.groups: {set: 2, from: 2030-08-01}"))
    assert list(own.load(own_id).origin.values()) == ["eigen.yaml:8"]


def test_no_text_can_name_build_on_or_show_another() -> None:
    first = own.save(text(id="geheim-plan", title="Heel geheim"))
    own.load(first)
    for parent in ("geheim-plan", own.load(first).id.rpartition("/")[2]):
        with pytest.raises(ScenarioError) as caught:
            own.save(text(more=f"extends: {parent}"))
        assert "there is no scenario with this id" in str(caught.value)
        assert "Heel geheim" not in str(caught.value)
        assert "Did you mean 'geheim" not in str(caught.value)
    # The same id is free for everyone: that it is taken would tell that it exists.
    assert own.load(own.save(text(id="geheim-plan"))).title.nl == "Van mij"


def test_a_read_only_server_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTROOM_READ_ONLY", "1")
    _forget()
    with pytest.raises(ScenarioError, match="al zijn uitgerekend"):
        own.save(text())
    assert not folder.exists()


def test_a_visitor_who_saved_much_has_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTROOM_VISITOR_SAVES", "2")
    _forget()
    own.save(text())
    own.save(text())
    with pytest.raises(ScenarioError, match="Over 30 minuten kan het weer"):
        own.save(text())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written")
def test_a_full_or_closed_disk_is_said_in_words(folder: Path) -> None:
    folder.mkdir(mode=0o500)
    with pytest.raises(ScenarioError, match="cannot keep"):
        own.save(text())


def test_a_disk_that_fails_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Keeper, text: str) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Keeper, "keep", fails)
    with pytest.raises(ScenarioError, match="cannot keep this file now"):
        own.save(text())


def test_a_text_that_no_longer_fits_the_region_says_so(folder: Path) -> None:
    own_id = own.save(text())
    (folder / f"{own_id}.yaml").write_text(text(more="extends: vanished"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="no scenario with this id"):
        own.load(own_id)
    assert own.read(own_id)


def test_every_shipped_scenario_may_be_changed_and_sent_as_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTROOM_REGION", "almere")
    _forget()
    folder = find_root() / "almere"
    files = [p for part in ("ideas", "packages", "shocks") for p in sorted((folder / part).glob("*.yaml"))]
    assert len(files) > 80
    for path in files[::4]:
        written = path.read_text(encoding="utf-8")
        assert own.check(re.sub(r"(?m)^id: .*$", "id: van-mij", written, count=1)).kind == "own"


@pytest.mark.parametrize(
    "case",
    ["too large", "NUL", "NUL in quotes", "no such sign", "many numbers", "many levers", "many changes", "a long list",
     "a long title", "a region", "an id of ours", "a script", "an address"],
)  # fmt: skip
def test_what_is_refused_here_is_said_in_dutch(case: str) -> None:
    _, (finding, *_) = workshop.check(HOSTILE[case][0])
    with pytest.raises(ScenarioError) as caught:
        own.check(HOSTILE[case][0])
    problem = next(p for p in caught.value.problems if workshop.told(p.reason) == finding.reason)
    assert finding.reason != problem.reason
    assert finding.allowed != problem.allowed or problem.allowed in ("", "kind: own")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        own.check(text(title="<b>vet</b>", more="order: later\nstrange: 1"))
    assert [p.path for p in caught.value.problems] == ["title.nl", "order", "strange"]
