"""Every kind of malformed file through the real command: exit code 2, file, line, path, reason."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from little_region import BASELINE, EVIDENCE, IDEA, REGION, line_of, write
from malformed_files import IN_FILE, Bad
from meaningless_files import REGION_CASES, SCENARIO_CASES

from sim.cli import main

CASES = [*IN_FILE, *REGION_CASES, *SCENARIO_CASES]
FILES = {
    "region": ("region.yaml", REGION),
    "evidence": ("evidence.yaml", EVIDENCE),
    "baseline": ("baseline.yaml", BASELINE),
    "bigger": (str(Path("ideas", "bigger.yaml")), IDEA),
    "mine": (str(Path("ideas", "mine.yaml")), ""),
}


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `doorstroom` and give its exit code."""
    monkeypatch.setattr(sys, "argv", ["doorstroom", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    code = stopped.value.code
    return code if isinstance(code, int) else 1


def told(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return err


@pytest.mark.parametrize("bad", CASES, ids=lambda c: c.name.replace(" ", "-"))
def test_a_malformed_file_is_reported(
    bad: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file, text = FILES[bad.file]
    if bad.old == "*":
        text = bad.new
    else:
        assert bad.old in text, "the case itself is wrong"
        text = text.replace(bad.old, bad.new, 1)
    write(tmp_path, **{bad.file: text})
    name = str(Path("scenarios", "littletown", file))
    assert command(monkeypatch, "validate", name) == 2
    message = told(capsys)
    line = 1 if bad.at is None else line_of(text, bad.at) if bad.at else 1
    place = f"{name}:{line}: {bad.path}"
    assert any(row.startswith(place) for row in message.splitlines()), f"not at {place}:\n{message}"
    for part in bad.says:
        assert part in message, message


def test_there_are_enough_kinds() -> None:
    assert len({c.name for c in CASES}) == len(CASES) >= 25


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (BASELINE.replace("Niets", "Één").encode("latin-1"), 6, "not in UTF-8"),
        (BASELINE.encode("utf-16"), 1, "looks like UTF-16"),
        (b"# " + b"x" * 1_100_000, 0, "too large"),
    ],
    ids=["latin-1", "utf-16", "huge"],
)
def test_a_wrong_encoding_or_size_is_reported(
    raw: bytes,
    line: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, mine=raw)
    name = str(Path("scenarios", "littletown", "ideas", "mine.yaml"))
    assert command(monkeypatch, "validate", name) == 2
    message = told(capsys)
    assert message.startswith(f"{name}:{line}: " if line else f"{name}: ")
    assert says in message
    assert "Allowed: " in message


def test_a_byte_order_mark_and_windows_line_ends_are_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, bigger=b"\xef\xbb\xbf" + IDEA.replace("\n", "\r\n").encode())
    name = str(Path("scenarios", "littletown", "ideas", "bigger.yaml"))
    assert command(monkeypatch, "validate", name) == 0
    assert "in order" in capsys.readouterr().out


def test_a_circle_shows_its_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    def builds_on(own_id: str, other: str) -> str:
        return (
            BASELINE.replace("id: baseline", f"id: {own_id}").replace("kind: baseline", "kind: own") + other
        )

    write(
        tmp_path, one=builds_on("one", "extends: two\n"), two=builds_on("two", "combine: [baseline, one]\n")
    )
    assert command(monkeypatch, "show", "one") == 2
    assert "goes round in a circle: one -> two -> one" in told(capsys)


def test_all_problems_come_in_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    idea = (
        IDEA.replace("[birch]", "[brich]")
        .replace("light.class_size", "light.size")
        .replace("set: 2,", "set: no,")
    )
    region = REGION.replace("district: south", "district: west").replace("gone: 0.75", "gone: 0.5")
    write(tmp_path, bigger=idea, region=region)
    assert command(monkeypatch, "validate", *(str(p) for p in Path("scenarios").rglob("*.yaml"))) == 2
    message = told(capsys)
    for part in ("brich", "light.size", "Found: 'no'", "Found: 'west'", "sum to 0.75"):
        assert part in message
    assert "5 problems" in message


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("show", "biger"),
            ("biger: there is no scenario with this id", "baseline", "Did you mean 'bigger'?"),
        ),
        (("show", "littletwon/bigger"), ("there is no region with this id", "Did you mean 'littletown'?")),
        (("show", "nothing.yaml"), ("nothing.yaml: there is no such file", "doorstroom list")),
        (("validate", "nothing.yaml"), ("nothing.yaml: there is no such file",)),
        (("schema", "--region", "elsewhere"), ("there is no region with this id", "littletown")),
        (("list", "--root", "nowhere"), ("no folder with scenarios here", "--root")),
        (("shwo",), ("No such command",)),
        (
            ("show", "scenarios/littletown/region.yaml"),
            ("kind 'region', not a scenario", "doorstroom validate"),
        ),
    ],
    ids=["scenario", "region", "file", "validate", "schema", "root", "command", "not-a-scenario"],
)
def test_an_unknown_name_is_reported(
    words: tuple[str, ...],
    says: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    assert command(monkeypatch, *words) == 2
    message = told(capsys)
    for part in says:
        assert part in message, message


def test_list_shows_what_can_be_used_beside_the_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, broken="schema: 1\nid: broken\n")
    assert command(monkeypatch, "list") == 2
    out, err = capsys.readouterr()
    assert "bigger" in out
    assert "broken.yaml" in err
    assert "this key is missing" in err


def test_the_dashboard_says_which_extra_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert command(monkeypatch, "dashboard") == 2
    assert "[app]" in told(capsys)
