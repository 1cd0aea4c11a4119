"""Outside files through the real commands: damage, clean round trips, small numbers, lists, a second region."""

from __future__ import annotations

import csv
import os
import re
import shutil
from pathlib import Path

import pytest

from proof import importer
from proof.importer_cases import (
    CASES,
    FIXTURES,
    NEXT,
    PO,
    TOWN,
    VO,
    Case,
    command,
    made_up_region,
    run,
    wrong,
)
from proof.table import REPO
from sim.data.facts import COLUMNS, read_facts
from sim.scenario.files import parse

LISTS = REPO / "docs" / "templates"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the region of a town that does not exist."""
    (tmp_path / "region.yaml").write_bytes(made_up_region().encode())
    return tmp_path


def importing(folder: Path, *words: str) -> str:
    code, said = command(folder, "import-duo", *words, "--municipality", TOWN, "-o", "region.yaml")
    assert code == 0, said
    return said


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name.replace(" ", "-"))
def test_a_damaged_file_gives_one_clear_message_and_no_half_written_region(
    case: Case, tmp_path: Path
) -> None:
    result = run(case, tmp_path)
    assert not wrong(case, result), result.said


def test_there_are_enough_kinds_of_damage() -> None:
    assert len({c.name for c in CASES}) == len(CASES) >= 30


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who may read everything")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "file.csv").write_bytes(PO.read_bytes())
    (folder / "file.csv").chmod(0)
    code, said = command(folder, "import-duo", "file.csv", "--municipality", TOWN, "-o", "region.yaml")
    assert (code, "cannot be read" in said) == (2, True)


@pytest.mark.parametrize("line", [importer.again, importer.hidden, importer.untouched, importer.town])
def test_what_the_proof_shows(line) -> None:
    row = line()
    assert row.holds, row


def test_the_next_year_moves_the_start_only_when_asked(folder: Path) -> None:
    said = importing(folder, str(NEXT), "--move-start", "--report", "r.md")
    text = (folder / "region.yaml").read_text(encoding="utf-8")
    assert "start: 2024-08-01" in text and "What changed: 8" in said
    assert 'date: "2024-10-01"' in text and "# DUO, leerlingen po" in text
    assert (folder / "region.yaml.bak").read_text(encoding="utf-8") == made_up_region()
    page = (folder / "r.md").read_text(encoding="utf-8")
    assert "| start | 2023-08-01 | 2024-08-01 |" in page and "## Cells '<5'" in page
    assert "No change: nothing was written." in importing(folder, str(NEXT), "--move-start")


def test_an_earlier_year_is_kept_as_facts_and_changes_nothing_else(folder: Path) -> None:
    for _ in range(2):
        said = importing(folder, str(NEXT), "--history")
    assert "No change: nothing was written." in said
    assert (folder / "region.yaml").read_text(encoding="utf-8") == made_up_region()
    facts = read_facts(folder / "facts")
    fact = facts.one("verzonnenstad.stock.sbo", "2024-25")
    assert (fact.value, fact.low, fact.high, fact.date) == (100, 97, 103, "2024-10-01")
    assert {"so", "vso", "bo"} <= {x.series.rpartition(".")[2] for x in facts.rows}


def test_a_count_that_stands_elsewhere_or_is_not_whole_is_not_kept_as_a_fact(folder: Path) -> None:
    facts = folder / "facts"
    facts.mkdir()
    row = "verzonnenstad.stock.sbo,2024-25,98,,,children,A,own count,2024-10-01,"
    (facts / "own.csv").write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    lines = NEXT.read_text(encoding="cp1252").splitlines()
    at = next(i for i, line in enumerate(lines) if ";vso;" in line.lower())
    lines[at] = re.sub(r";<5(?=;)", ";x", lines[at])
    (folder / NEXT.name).write_text("\n".join(lines), encoding="cp1252")
    said = importing(folder, NEXT.name, "--history")
    assert "already stands in facts/own.csv" in said and "the sum would be too low" in said
    kept = {x.series for x in read_facts(facts).rows if Path(x.file).name == "duo.csv"}
    assert (
        not kept & {"verzonnenstad.stock.sbo", "verzonnenstad.stock.vso"} and "verzonnenstad.stock.so" in kept
    )


def test_history_does_not_move_the_start(folder: Path) -> None:
    words = (str(NEXT), "--history", "--move-start", "--municipality", TOWN, "-o", "region.yaml")
    code, said = command(folder, "import-duo", *words)
    assert (code, "do not go together" in said) == (2, True)
    assert not (folder / "facts").exists()


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    said = importing(folder, str(NEXT), "--move-start", "--dry-run")
    assert "What changed: 8" in said and "The region was left as it is" in said
    assert [p.name for p in folder.iterdir()] == ["region.yaml"]


def test_a_new_file_may_start_from_another_region_file(folder: Path) -> None:
    code, said = command(
        folder, "import-duo", str(NEXT), "--municipality", TOWN, "--region", "region.yaml", "-o", "new.yaml", "--move-start"
    )  # fmt: skip
    assert code == 0, said
    assert (folder / "region.yaml").read_text(encoding="utf-8") == made_up_region()
    assert command(folder, "validate", "new.yaml")[0] == 0


def test_practical_schools_come_from_the_secondary_file_and_its_date_from_its_name(folder: Path) -> None:
    said = importing(folder, str(PO), str(VO), "--report", "r.csv")
    assert "2023-10-01 is 1 October of the year in the file's name" in said
    assert "What changed: 0" in said
    with (folder / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["section"][:12] for r in rows} >= {"What was rea", "Cells '<5', "}
    assert any("Verzonnen Praktijkschool (98DA00)" in r["found"] for r in rows)


def test_towns_of_a_municipality_can_be_named(folder: Path) -> None:
    said = importing(folder, str(VO), "--town", "Elderstad")
    assert "regular.vo.count.verzonnenstad: 1830.5" in said
    assert "-> 2032.5 [" in said  # with the 202 of the other town


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ","])
def test_encodings_and_separators_give_the_same_counts(encoding: str, separator: str, folder: Path) -> None:
    text = PO.read_bytes().decode("cp1252").replace(", Éénhoornpad", " Éénhoornpad").replace(";", separator)
    (folder / "file.csv").write_bytes(text.encode(encoding))
    said = importing(folder, "file.csv")
    assert "What changed: 0" in said
    assert f"'{separator}'" in said


def test_a_new_region_names_itself_and_not_the_other(folder: Path) -> None:
    data = parse((folder / "region.yaml").read_bytes(), "region.yaml").data
    assert data["sources"]["outside-so"]["title"]["nl"] == "van buiten Verzonnenstad naar SO"
    grades = [q["grade"] for q in graded(data) if "carried over" in q.get("note", "")]
    assert grades.count("A") == 1, "only the legal term stays a legal rule"
    assert {q["grade"] for q in graded(data["places"])} == {"A", "B", "E"}


def graded(value: object) -> list[dict[str, str]]:
    if not isinstance(value, dict):
        return []
    return [value] if "grade" in value else [q for v in value.values() for q in graded(v)]


TOTALS = "INSTELLINGSCODE,VESTIGINGSCODE,TYPE_PO,PEILJAAR,AANTAL_LEERLINGEN\n"
HOME = (
    "PEILDATUM;GEMEENTENUMMER;GEMEENTENAAM;POSTCODE_LEERLING;GEMEENTENAAM_LEERLING;BRIN_NUMMER;VESTIGINGSNUMMER;"
    "INSTELLINGSNAAM_VESTIGING;POSTCODE_VESTIGING;PLAATSNAAM;PROVINCIE;SOORT_PO;L3_MIN;L4;L5;TOTAAL\n"
)


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        (TOTALS + '"98BA","00","SBO","2023","120"\n"98BA","00","SBO","2022","110"\n', ("--date", "2023-10-01"),
         ("120 A 2023-10-01", "1 rows of other dates")),
        (HOME + "01-10-2023;1;VERZONNENSTAD;9991;X;98BA;0;SBO;9991AA;V;N;SBO;0;60;0;60\n"
         "01-10-2023;1;VERZONNENSTAD;9992;X;98BA;0;SBO;9991AA;V;N;SBO;0;50;<5;53\n", (),
         ("112.5 [111 to 114] A 2023-10-01", "TOTAAL -> not used: it would give hidden cells away", "no CLUSTER")),
    ],
    ids=["totals", "by home postcode"],
)  # fmt: skip
def test_other_layouts(text: str, words: tuple[str, ...], says: tuple[str, ...], folder: Path) -> None:
    (folder / "file.csv").write_text(text, encoding="utf-8")
    said = importing(folder, "file.csv", *words)
    for part in says:
        assert part in said


def test_a_school_is_divided_as_before_and_districts_follow_postcodes(tmp_path: Path) -> None:
    almere = REPO / "scenarios" / "almere"
    (tmp_path / "region.yaml").write_bytes((almere / "region.yaml").read_bytes())
    (tmp_path / "postcodes.csv").write_bytes((almere / "postcodes.csv").read_bytes())
    head = PO.read_bytes().decode("cp1252").splitlines()[0]
    # Made-up counts under real codes: 200 pupils at the school with two profiles, and one regular school per district.
    rows = [("17FI", "1314AA", "Sbo", 25)] + [
        (f"90A{chr(65 + i)}", postcode, "Bo", 100 + i)
        for i, postcode in enumerate(("1351AA", "1312AA", "1314AA", "1331AA", "1363AA", "1341AA"))
    ]
    lines = [
        f"2023-10-01;{code};00;School;{postcode};ALMERE;34;ALMERE;F;{kind};;X;1"
        + ";0" * 3
        + f";{n}" * 8
        + ";0" * 12
        for code, postcode, kind, n in rows
    ]
    (tmp_path / "file.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    code, said = command(tmp_path, "import-duo", "file.csv", "--municipality", "almere", "-o", "region.yaml")
    assert code == 0, said
    assert "places.bombardon.roll.gedrag: 121 [115 to 127] E 2023-24 -> 149 [" in said
    assert "places.bombardon.roll.leren: 41 [38 to 43] E 2023-24 -> 51 [" in said
    assert "as before: 75 %, 25 %" in said
    assert "regular.bo.count.haven: 1894 [1860 to 1930] A 2023-24 -> 800 A 2023-10-01" in said
    assert "regular.bo.count.hout: 992 [970 to 1015] A 2023-24 -> 840 A 2023-10-01" in said
    assert "200 pupils on 169 seats -> groups and class size were not changed" in said
    assert "De Watertuin (15SJ00, sbo): no row has its code and type -> left as it was" in said


def test_lists_of_the_partnership(folder: Path) -> None:
    names = [str(LISTS / f"{n}.csv") for n in ("places", "waiting", "declarations")]
    code, said = command(folder, "import-lists", *names, "-o", "region.yaml")
    assert code == 0, said
    text = (folder / "region.yaml").read_text(encoding="utf-8")
    assert "waiting: {any: {value: 9, unit: children, range: [9, 9], grade: A" in text
    assert "waiting: {any: {value: 2.5, unit: children, range: [1, 4], grade: A" in text
    facts = read_facts(folder / "facts")
    granted = facts.one("verzonnenstad.declarations.so.granted", "2025-05-01")
    assert (granted.value, granted.low, granted.high, granted.grade) == (2.5, 1, 4, "A")
    assert facts.one("verzonnenstad.declarations.sbo.requested", "2025-06-01").value == 25
    assert "No change" in command(folder, "import-lists", *names, "-o", "region.yaml")[1]
    (folder / "region.yaml").rename(
        folder / "copy.yaml"
    )  # under its own name, the folder must have the region's id
    assert command(folder, "validate", "copy.yaml")[0] == 0


def test_a_new_month_leaves_the_months_before_it(folder: Path) -> None:
    head = "MAAND;SOORT;AANGEVRAAGD;AFGEGEVEN\n"
    for text in ("2025-05;sbo;21;14\n", "2025-06;sbo;25;22\n2025-05;sbo;23;14\n"):
        (folder / "list.csv").write_text(head + text, encoding="utf-8")
        assert command(folder, "import-lists", "list.csv", "-o", "region.yaml")[0] == 0
    facts = read_facts(folder / "facts")
    values = {
        w: facts.one("verzonnenstad.declarations.sbo.requested", w).value
        for w in ("2025-05-01", "2025-06-01")
    }
    assert values == {"2025-05-01": 23, "2025-06-01": 25}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("a-town",), "no counts were given"),
        (("A Town", "--counts", str(PO)), "is no id"),
        (("almere", "--counts", str(PO)), "already exists"),
        (("a-town", "--from", "nowhere", "--counts", str(PO)), "nowhere"),
        (("a--town", "--counts", str(PO)), "is no id"),
        (("a-town", "--title", "", "--counts", str(PO)), "the title is empty"),
        (
            ("a-town", "--from", "toy/queue", "--municipality", TOWN, "--counts", str(PO)),
            "cannot be carried over",
        ),
        (("a-town", "--municipality", "Elderstad", "--counts", str(PO)), "the counts hold no special school"),
        (("a-town", "--municipality", TOWN, "--counts", str(VO)), "the counts hold no pupils of 'bo'"),
    ],
)
def test_a_new_region_that_cannot_be_made(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    almere = tmp_path / "scenarios" / "almere"
    almere.mkdir(parents=True)
    for file in ("region.yaml", "evidence.yaml", "baseline.yaml"):
        (almere / file).write_bytes((REPO / "scenarios" / "almere" / file).read_bytes())
    shutil.copytree(REPO / "scenarios" / "toy" / "queue", tmp_path / "scenarios" / "toy" / "queue")
    code, said = command(tmp_path, "region", "new", "--title", "A town", *words)
    assert (code, says in said) == (2, True), said
    assert sorted(p.name for p in (tmp_path / "scenarios").iterdir()) == ["almere", "toy"]


def test_every_command_of_the_page_works(tmp_path: Path) -> None:
    text = (REPO / "docs" / "import.md").read_text(encoding="utf-8")
    block = text.split("```sh\n")[1].split("```")[0].replace("\\\n", " ")
    for source in ("tests/fixtures/duo", "docs/templates", "scenarios/almere"):
        shutil.copytree(REPO / source, tmp_path / source)
    lines = [line.split()[1:] for line in block.splitlines() if line.startswith("doorstroom")]
    assert len(lines) == 5
    for words in lines:
        if words[0] != "run":  # the proof runs the town
            code, said = command(tmp_path, *words)
            assert code == 0, said
    assert (tmp_path / "what-was-done.md").is_file()


def test_fixtures_say_that_they_are_made_up() -> None:
    assert all("verzonnen" in p.name for p in FIXTURES.iterdir())
