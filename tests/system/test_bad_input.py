"""Every kind of malformed file, through the real command: file, line, path, reason, what is allowed; never a traceback."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.cli import main
from tests.little_region import BASELINE, EVIDENCE, IDEA, REGION, line_of, write


@dataclass(frozen=True)
class Bad:
    """One mistake: which file, what replaces what, and what the message must say.

    `at` is text on the line that must be named (None = the whole file); `says` are the parts of the message.
    """

    name: str
    file: str
    old: str
    new: str
    at: str | None
    path: str
    says: tuple[str, ...]


def own(levers: str, extra: str = "") -> str:
    """A scenario of kind own with these levers."""
    head = BASELINE.replace("kind: baseline", "kind: own").replace("id: baseline", "id: mine")
    return f"{head}{extra}levers:\n{levers}"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)

CASES = [
    # the file itself
    Bad("empty", "mine", "*", "", "", "", ("1: this file is empty", "Allowed: a mapping")),
    Bad("only a comment", "mine", "*", "# later\n", "# later", "", ("this file is empty",)),
    Bad("a list at the top", "mine", "*", "- a\n- b\n", "- a", "", ("not a mapping", "Allowed: keys with values")),
    Bad("text at the top", "mine", "*", "hello\n", "hello", "", ("not a mapping", "Found: 'hello'")),
    Bad("tabs", "mine", "*", "levers:\n\tlight.groups: 1\n", "\tlight", "", ("tab", "Allowed: spaces")),
    Bad("two documents", "bigger", "order: 2", "---\norder: 2", "---", "", ("more than one document", "Allowed: one")),
    Bad("a tag", "bigger", "order: 2", "order: !!python/object:os.system 2", "order:", "order", ("YAML tag", "no tags")),
    Bad("a merge key", "bigger", "order: 2", "<<: {order: 2}", "<<", "", ("merge keys", "extends")),
    Bad("alias bomb", "mine", "*", BOMB, "f: &f", "", ("grows too large", "Allowed: at most 100,000 values")),
    Bad("many aliases", "mine", "*", "a: &a 1\nb: [" + "*a, " * 300 + "1]\n", "b:", "", ("too many aliases", "200")),
    Bad("alias of itself", "mine", "*", "a: &a [*a]\n", "a: &a", "a[0]", ("no anchor '&a' above",)),
    Bad("nested too deep", "mine", "*", "a: " + "[" * 200 + "]" * 200, "a:", "", ("nested too deep", "24 levels")),
    Bad("open bracket", "bigger", "order: 2", "order: [2", "extends:", "", ("this is not YAML",)),
    Bad("colon in text", "bigger", "order: 2", "order: a: b", "order:", "", ("a colon stands where it cannot", "quotes")),
    Bad("duplicate key", "bigger", "order: 2", "order: 2\norder: 3", "order: 3", "order", ("twice", "each key once")),
    Bad("a list as key", "bigger", "order: 2", "? [a, b]\n: 2", "? [a", "", ("a key must be one word",)),
    Bad("not a number", "bigger", "order: 2", "order: .nan", "order:", "order", ("finite number", "Found: .nan")),
    Bad("infinity", "bigger", "order: 2", "order: 1e999", "order:", "order", ("finite number", "Found: 1e999")),
    Bad("no value", "bigger", "order: 2", "order:", "order:", "order", ("no value stands after this key",)),
    Bad("bad date", "bigger", "2026-08-01", "2026-02-30", "watch.groups", "levers.watch.groups.from", ("no such date",)),
    Bad("a time", "bigger", "2026-08-01", "2026-08-01 10:00:00", "watch.groups", "levers.watch.groups.from",
        ("without a time", "Found: 2026-08-01 10:00:00")),
    Bad("control character", "bigger", "order: 2", "order: \x07", "order:", "", ("control character", "U+0007")),
    # keys and types
    Bad("unknown key", "bigger", "sentence:", "sentense:", "sentense:", "sentense", ("unknown key", "'sentence'")),
    Bad("unknown key of a change", "bigger", "{add: 1, from: 2025-08-01}", "{add: 1, form: 2025-08-01}",
        "light.class_size", "levers.light.class_size.form", ("unknown key", "Did you mean 'from'?")),
    Bad("missing key", "bigger", "title: {nl: Grotere klassen, en: Bigger classes}", "title: {nl: Grotere klassen}",
        "title:", "title.en", ("this key is missing", "Allowed: text")),
    Bad("missing region", "bigger", "region: littletown\n", "", None, "region", ("this key is missing", "top of the file")),
    Bad("string for a number", "region", "years: 5", "years: '5'", "years: '5'", "years",
        ("Found: '5'", "a whole number from 1 up to 60", "Take the quotes away.")),
    Bad("string for a quantity", "region", "south: 600", "south: '600'", "south: '600'", "regular.primary.count.south",
        ("Found: '600'", "0 to 5e+06 (children)", "Take the quotes away.")),
    Bad("bool for a number", "region", "south: 600", "south: true", "south: true", "regular.primary.count.south",
        ("not true or false", "Found: true", "(children)")),
    Bad("number for text", "region", "date: '2024'", "date: 2024", "date: 2024", "sources.young.rate.date",
        ("Found: 2024", "Allowed: text", "Put it in quotes.")),
    Bad("number instead of a date", "region", "start: 2023-08-01", "start: 2023", "start:", "start",
        ("Found: 2023", "a date without quotes, such as 2026-08-01")),
    Bad("bad id", "bigger", "id: bigger", "id: Bigger Classes", "id:", "id", ("wrong form", "lower-case letters")),
    Bad("wrong choice in a region", "region", "placement: moments", "placement: monthly", "placement:",
        "place_types.light.list.placement", ("Found: 'monthly'", "Allowed: at_once, moments")),
    Bad("out of bounds", "region", "years: 5", "years: 500", "years:", "years", ("out of bounds", "up to 60")),
    Bad("a range of one", "region", "range: [880, 920]", "range: [880]", "north: {value",
        "regular.primary.count.north.range", ("too few values", "a list of 2")),
    # quantities
    Bad("wrong unit", "region", "unit: per child per year", "unit: percent", "unit: percent", "sources.young.rate.unit",
        ("wrong unit 'percent'", "must be in 'per child per year'")),
    Bad("missing unit", "region", "value: 900, unit: children,", "value: 900,", "value: 900",
        "regular.primary.count.north", ("unit is missing", "children")),
    Bad("quantity out of bounds", "region", "resolves: 0.2", "resolves: 1.2", "resolves:",
        "regular.primary.support.resolves", ("1.2 share is out of bounds", "0 to 1")),
    Bad("graded without range", "region", "range: [0.005, 0.02], grade", "grade", "grade: E", "sources.young.rate.grade",
        ("a graded number needs a range",)),
    Bad("value outside its range", "region", "[880, 920]", "[910, 920]", "[910, 920]",
        "regular.primary.count.north.value", ("value 900 lies outside its range [910, 920]",)),
    Bad("no source", "region", "source: guess, date", "date", "grade: E", "sources.young.rate",
        ("a graded number needs source",)),
    Bad("effect without no effect", "evidence", "[0.9, 1.4]", "[1.05, 1.4]", "more-children", "effects.more-children",
        ("grade E must include 'no effect' (1)",)),
    # a region that does not hang together
    Bad("shares of a source", "region", "{calm: 0.6, busy: 0.4}", "{calm: 0.6, busy: 0.5}", "busy: 0.5}",
        "sources.young.profiles", ("sum to 1.1", "exactly 1")),
    Bad("shares of a transition", "region", "gone: 0.75", "gone: 0.7", "gone: 0.7", "place_types.light.transition.to",
        ("sum to 0.95", "exactly 1")),
    Bad("unknown district", "region", "district: south", "district: sout", "district: sout", "places.oak.district",
        ("there is no district", "Did you mean 'south'?")),
    Bad("unknown type", "region", "to: light", "to: lite", "to: lite", "sources.young.to", ("no place type", "light, heavy")),
    Bad("unknown decision", "region", "decision: panel", "decision: board", "decision: board",
        "place_types.light.decision", ("no decision", "Allowed: panel")),
    Bad("unknown source in a programme", "region", "serves: [young]", "serves: [old]", "serves: [old]",
        "programmes.watch.serves[0]", ("no source", "Allowed: young")),
    Bad("a gap between bands", "region", "[[4, 7], [8, 13]]", "[[4, 7], [9, 13]]", "[9, 13]", "place_types.light.bands[1]",
        ("without gap or overlap", "begins at 8")),
    Bad("age outside the bands", "region", "{12: 0.9, 13: 1}", "{12: 0.9, 16: 1}", "16: 1",
        "place_types.light.transition.ages.16", ("outside the age bands", "4 to 14")),
    Bad("no such month-day", "region", "'02-01'", "'02-30'", "'02-30'", "place_types.light.list.moments[1]",
        ("not every year has this day", "10-01")),
    Bad("moments without dates", "region", "      moments: ['08-01', '02-01']\n", "", "placement: moments",
        "place_types.light.list.placement", ("needs 'moments'", "at_once")),
    Bad("profile without groups", "region", "      busy: 25", "      other: 25", "other: 25", "places.birch.roll.other",
        ("no profile with groups at this place", "calm, busy")),
    Bad("one id twice", "region", "programmes:\n  watch:", "programmes:\n  heavy:", "programmes:", "programmes.heavy",
        ("already in use (in place_types)", "an id of its own")),
    Bad("a year that starts in January", "region", "start: 2023-08-01", "start: 2023-01-01", "start:", "start",
        ("1 August", "2023-08-01")),
    Bad("unknown type in evidence", "evidence", "types: [light]", "types: [bright]", "types:",
        "effects.more-children-more-steps.types[0]", ("no place type or stage", "Did you mean 'light'?")),
    # levers
    Bad("unknown lever", "bigger", "light.class_size", "light.class_siez", "class_siez", "levers.light.class_siez",
        ("unknown lever", "light.groups", "Did you mean 'light.class_size'?")),
    Bad("wrong choice", "mine", "*", own("  watch.gate: {set: sometimes, from: 2025-08-01}\n"), "watch.gate",
        "levers.watch.gate.set", ("Found: 'sometimes'", "none, optional, mandatory")),
    Bad("a number for a switch", "mine", "*", own("  light.intake: {set: 3, from: 2025-08-01}\n"), "light.intake",
        "levers.light.intake.set", ("Found: 3", "true or false")),
    Bad("add to a switch", "mine", "*", own("  light.intake: {add: 1, from: 2025-08-01}\n"), "light.intake",
        "levers.light.intake.add", ("it can only be set", "true or false")),
    Bad("a bool for a number lever", "bigger", "{add: 1, from: 2025-08-01}\n  light.groups",
        "{set: true, from: 2025-08-01}\n  light.groups", "light.class_size", "levers.light.class_size.set",
        ("a number is needed here", "Found: true", "1 to 200 (children per group)")),
    Bad("text for a number lever", "mine", "*", own("  light.groups: {set: '3', from: 2025-08-01}\n"), "light.groups",
        "levers.light.groups.set", ("a number is needed here", "Found: '3'", "Take the quotes away.")),
    Bad("lever out of bounds", "bigger", "{set: 2, from: 2026-08-01", "{set: 5000, from: 2026-08-01", "watch.groups",
        "levers.watch.groups.set", ("out of bounds", "Found: 5000", "0 to 1000 (groups)")),
    Bad("fewer than none", "bigger", "- {add: 1", "- {add: -9", "- {add: -9", "levers.light.groups[0].add",
        ("this makes 5 into -4", "0 to 100000 (groups)")),
    Bad("set and add", "bigger", "{add: 1, from: 2025-08-01}\n", "{add: 1, set: 3, from: 2025-08-01}\n", "set: 3",
        "levers.light.class_size", ("exactly one of set, scale and add",)),
    Bad("until before from", "bigger", "{add: 1, from: 2025-08-01}\n", "{add: 1, from: 2025-08-01, until: 2024-08-01}\n",
        "until:", "levers.light.class_size.until", ("until must be later than from",)),
    Bad("before the start", "bigger", "{set: 2, from: 2026-08-01", "{set: 2, from: 2016-08-01", "2016-08-01",
        "levers.watch.groups.from", ("before the start of the simulation", "2023-08-01 or later")),
    Bad("two sets at one time", "mine", "*",
        own("  light.groups:\n    - {set: 3, from: 2025-08-01}\n    - {set: 4, from: 2026-08-01}\n"), "light.groups",
        "levers.light.groups", ("two 'set' at one time", "Give the first one 'until: 2026-08-01'")),
    Bad("unknown place in where", "bigger", "[birch]", "[brich]", "[brich]", "levers.light.groups[0].where.place[0]",
        ("there is no place with this id", "birch, oak", "Did you mean 'birch'?")),
    Bad("place of another type", "bigger", "[birch]", "[pine]", "[pine]", "levers.light.groups[0].where.place[0]",
        ("'light' has nothing in this place", "birch, oak")),
    Bad("where that makes no sense", "bigger", "where: {place: [birch]}", "where: {district: [north]}", "district:",
        "levers.light.groups[0].where.district", ("cannot be split by district", "place, profile")),
    Bad("a ramp without length", "bigger", "{months: 12}", "{months: 0}", "months: 0", "levers.watch.groups.ramp.months",
        ("out of bounds", "more than 0")),
    # scenarios among each other
    Bad("extends an unknown id", "bigger", "extends: baseline", "extends: basline", "extends:", "extends",
        ("no scenario with this id", "Did you mean 'baseline'?")),
    Bad("combines an unknown id", "bigger", "extends: baseline", "combine: [baseline, nothing]", "combine:", "combine[1]",
        ("no scenario with this id", "Found: 'nothing'", "Allowed: baseline")),
    Bad("extends itself", "bigger", "extends: baseline", "extends: bigger", "extends:", "extends",
        ("goes round in a circle: bigger -> bigger",)),
    Bad("another region", "bigger", "region: littletown", "region: bigtown", "region:", "region",
        ("for another region", "Allowed: littletown")),
    Bad("an id twice", "mine", "*", BASELINE, "id: baseline", "id", ("already in use", "an id of its own")),
    Bad("idea without risks", "bigger", "risks:\n  - {nl: Minder rust., en: Less calm.}\n", "", None, "",
        ("a scenario of kind 'idea' needs risks",)),
    Bad("override of an unknown effect", "mine", "*",
        own("  {}\n", "overrides:\n  - {effect: more-children, value: 1, reason: what if it does nothing}\n"), "effect:",
        "overrides[0].effect", ("no effect with this id", "more-children-more-steps")),
    Bad("override without a reason", "mine", "*",
        own("  {}\n", "overrides:\n  - {effect: more-children-more-steps, value: 1, reason: why}\n"), "reason: why",
        "overrides[0].reason", ("too short (at least 10 characters)",)),
    Bad("unknown kind", "bigger", "kind: idea", "kind: ideal", "kind: ideal", "kind",
        ("Found: 'ideal'", "baseline, idea, twin", "Did you mean 'idea'?")),
    Bad("schema of another version", "bigger", "schema: 1", "schema: 2", "schema: 2", "schema", ("Found: 2", "Allowed: 1")),
]  # fmt: skip
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
    raw: bytes, line: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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
        return BASELINE.replace("id: baseline", f"id: {own_id}").replace("kind: baseline", "kind: own") + other

    write(tmp_path, one=builds_on("one", "extends: two\n"), two=builds_on("two", "combine: [baseline, one]\n"))
    assert command(monkeypatch, "show", "one") == 2
    assert "goes round in a circle: one -> two -> one" in told(capsys)


def test_all_problems_come_in_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    idea = IDEA.replace("[birch]", "[brich]").replace("light.class_size", "light.size").replace("set: 2,", "set: no,")
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
        (("show", "biger"), ("biger: there is no scenario with this id", "baseline", "Did you mean 'bigger'?")),
        (("show", "littletwon/bigger"), ("there is no region with this id", "Did you mean 'littletown'?")),
        (("show", "nothing.yaml"), ("nothing.yaml: there is no such file", "doorstroom list")),
        (("validate", "nothing.yaml"), ("nothing.yaml: there is no such file",)),
        (("schema", "--region", "elsewhere"), ("there is no region with this id", "littletown")),
        (("list", "--root", "nowhere"), ("no folder with scenarios here", "--root")),
        (("shwo",), ("No such command",)),
        (("show", "scenarios/littletown/region.yaml"), ("kind 'region', not a scenario", "doorstroom validate")),
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
