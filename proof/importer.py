"""Damaged outside files through the real commands, each in an empty folder of its own.

A file that cannot be counted honestly is refused with one clear message (exit code 2, file and line) and nothing is written;
one that can be read is read, and every odd row is listed by name. Then what must never happen: a second import that changes
something, a line outside the changed values that moves, a real number under 5 that comes out again. All counts are of a town
that does not exist, in DUO's layouts.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sim
from proof.importer_cases import CASES, PO, TOWN, VO, Case, command, made_up_region, run, wrong
from proof.lines import Line, page
from proof.pool import Map
from proof.table import REPO, Part

REFUSED, LISTED = "Damaged files that are refused", "Damaged files that are read, with the odd rows listed"
NEVER, TOWN_CASE = "What never happens", "A second region from counts alone"
THIN = ("missing column", "real numbers under 5", "column with names")
LISTS = [REPO / "docs" / "templates" / f"{name}.csv" for name in ("waiting", "declarations")]
ALMERE = REPO / "scenarios" / "almere" / "region.yaml"

PART = Part(
    "importer", "Outside files", __doc__,
    reads={"importer": ("sim/data", "sim/scenario"), "region": ("scenarios/almere",)}, seed=0,
    page=lambda part, lines: page(part, lines, ()),
)  # fmt: skip


def checks(full: bool, _: Map[object]) -> Iterator[Line]:
    """Every case, then what must never happen."""
    for case in CASES:
        if full or case.name in THIN:
            yield damaged(case)
    yield again()
    yield hidden()
    yield untouched()
    if full:
        yield town()


def damaged(case: Case) -> Line:
    """One damaged file: 1 when the command did all that it must."""
    with tempfile.TemporaryDirectory() as folder:
        amiss = wrong(case, run(case, Path(folder)))
    rule = "exit 2, says what, where and what to do; no file changed" if case.code else "read; listed by name"
    what = case.name + (f" ({amiss})" if amiss else "")
    return _line(REFUSED if case.code else LISTED, what, 1, int(not amiss), rule)


def again() -> Line:
    """Import, then the same import on what it wrote: how many values change the second time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "region.yaml").write_text(older(), encoding="utf-8")
        first, second = (_changed(_import(folder)) for _ in range(2))
    what = f"values that the same import changes again (first time {first})"
    return _line(NEVER, what, 0, second if first > 0 else -1, "equal to 0")


def hidden() -> Line:
    """The same files with 1, 2, 3 and 4 in their hidden cells, through every import: how many different outputs."""
    outputs = set()
    for number in "1234":
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "region.yaml").write_text(older(), encoding="utf-8")
            shown = {f: f.read_bytes().replace(b"<5", number.encode()) for f in (PO, VO, *LISTS)}
            said = [_import(folder, shown[PO])]
            for file, text in shown.items():
                (folder / file.name).write_bytes(text)
            secondary = ("import-duo", VO.name, "--history", "--municipality", TOWN)
            for words in (secondary, ("import-lists", *(f.name for f in LISTS))):
                said.append(command(folder, *words, "-o", "region.yaml", "--report", f"{len(said)}.md")[1])
            given = {folder / "file.csv", *(folder / f.name for f in shown)}
            made = sorted(f for f in folder.rglob("*") if f.is_file() and f not in given)
            outputs.add((*said, *(f.name + f.read_text(encoding="utf-8") for f in made)))
    what = (
        "outputs (screen, reports, region file, facts, .bak) that differ when hidden cells hold 1, 2, 3 or 4"
    )
    return _line(NEVER, what, 0, len(outputs) - 1, "equal to 0")


def untouched() -> Line:
    """New counts in the shipped region: lines that lost or gained anything but the numbers asked for."""
    text = ALMERE.read_text(encoding="utf-8")
    codes = re.findall(r"code: (\w{4})(\w\d)", text)
    head = PO.read_bytes().decode("cp1252").splitlines()[0]
    rows = [
        f"2023-10-01;{a};{b};School;1315AA;ALMERE;34;ALMERE;F;Sbo;;X;1" + ";0" * 4 + ";21" * 8 + ";0" * 11
        for a, b in codes
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "region.yaml").write_text(text, encoding="utf-8", newline="")
        said = _import(folder, "\r\n".join([head, *rows]).encode(), "Almere")
        new = (folder / "region.yaml").read_text(encoding="utf-8")
    lost = [
        d for d in difflib.ndiff(text.splitlines(), new.splitlines())
        if d[0] in "+-" and not re.match(r". +(roll|leren|gedrag|start_ages): ?", d)
    ]  # fmt: skip
    found = len(lost) if _changed(said) > 0 else -1
    what = "lines of the shipped region that change beside rolls and ages (comments, anchors, order stay)"
    return _line(NEVER, what, 0, found, "equal to 0")


def town() -> Line:
    """A town from DUO's files alone: made, checked and run without touching code; replications that came out."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        base = root / "scenarios" / "almere"
        base.mkdir(parents=True)
        for file in ("region.yaml", "evidence.yaml", "baseline.yaml"):
            (base / file).write_bytes((ALMERE.parent / file).read_bytes())
        code, _ = command(
            root, "region", "new", "verzonnenstad", "--title", TOWN, "--counts", str(PO), "--counts", str(VO)
        )
        made = root / "scenarios" / "verzonnenstad"
        code += command(root, "validate", *(str(p) for p in sorted(made.glob("*.yaml"))))[0]
        results = sim.run(
            [str(made / "baseline.yaml")],
            replications=2,
            years=2,
            assumptions="fixed",
            jobs=1,
            store=root / "store",
        )
        runs = len(set(results.table["replication"])) if code == 0 else 0
    return _line(
        TOWN_CASE, "replications of a town made with 'region new', after 'validate'", 2, runs, "equal to 2"
    )


def older() -> str:
    """The made-up region with the counts of an earlier time, so that an import has something to change."""
    return re.sub(
        r"roll: \{any: \{value: [\d.]+, unit: children, range: \[[\d., ]+\]",
        "roll: {any: {value: 50, unit: children, range: [45, 55]",
        made_up_region(),
    )


def _import(folder: Path, text: bytes | None = None, municipality: str = TOWN) -> str:
    (folder / "file.csv").write_bytes(PO.read_bytes() if text is None else text)
    code, said = command(
        folder,
        "import-duo",
        "file.csv",
        "--municipality",
        municipality,
        "-o",
        "region.yaml",
        "--report",
        "r.csv",
    )
    return said if code == 0 else f"What changed: -1\n{said}"


def _changed(said: str) -> int:
    found = re.search(r"What changed: (-?\d+)", said)
    return int(found.group(1)) if found else -1


def _line(case: str, what: str, expected: int, found: int, rule: str) -> Line:
    return Line(case, what, float(expected), float(found), 0.0, 1, rule, expected == found)
