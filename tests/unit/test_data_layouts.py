"""Layouts: each known form of a file is recognised, and data about persons never."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.data.districts import district_of, read_postcodes
from sim.data.layouts import DUO, LISTS, POSTCODES, fit
from sim.data.tables import PERSONAL, Table, plain, read_table
from sim.scenario.errors import ScenarioError

DOCS = Path(__file__).parents[2] / "docs"


def columns(layout: object, which: int) -> tuple[str, ...]:
    names = [n[min(which, len(n) - 1)] for n in layout.columns.values()]  # type: ignore[attr-defined]
    sample = {"po-age": "LEEFTIJD 4", "po-home-postcode": "L4", "po-total": "AANTAL LEERLINGEN"}
    more = {"vo-course": "LEER- OF VERBLIJFSJAAR 1 - MAN"} | sample
    return tuple(dict.fromkeys([*names, *([more[layout.id]] if layout.id in more else [])]))  # type: ignore[attr-defined]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("layout", [*DUO, *LISTS, *POSTCODES], ids=lambda x: x.id)
def test_each_layout_is_recognised_by_its_columns(layout: object, which: int) -> None:
    family = next(f for f in (DUO, LISTS, POSTCODES) if layout in f)
    table = Table("file", columns(layout, which), (), "UTF-8", ";")
    assert fit(table, family).layout is layout


def test_the_page_names_every_layout_and_how_sure_it_is() -> None:
    page = (DOCS / "import.md").read_text(encoding="utf-8")
    for layout in (*DUO, *LISTS, *POSTCODES):
        assert f"`{layout.id}`" in page
    assert all(x.seen == "column list only" for x in DUO) and "column list only" in page


@pytest.mark.parametrize(
    "name",
    ["Voornaam", "achternaam", "NAAM_LEERLING", "Naam van het kind", "naam", "Geboortedatum", "GEBOORTE_JAAR", "BSN",
     "Burgerservicenummer", "onderwijsnummer", "leerlingnr", "Straat", "e-mail", "Telefoonnummer", "birth date", "Diagnose"],
)  # fmt: skip
def test_columns_about_persons_are_known(name: str) -> None:
    assert PERSONAL.search(plain(name))


def test_no_column_of_a_known_layout_is_about_persons() -> None:
    for layout in (*DUO, *LISTS, *POSTCODES):
        for names in (*layout.columns.values(), *layout.also.values()):
            assert not [n for n in names if PERSONAL.search(n)]
    assert not PERSONAL.search("GEMEENTENAAM LEERLING")


def test_a_refused_list_gives_nothing_of_its_rows_away(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("VESTIGINGSCODE;NAAM LEERLING;WACHTEND\n98BA00;Janneke;7\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_table(path)
    assert "Janneke" not in str(error.value)
    assert "nothing was read" in str(error.value)


def test_the_longest_beginning_of_a_postcode_wins(tmp_path: Path) -> None:
    path = tmp_path / "postcodes.csv"
    path.write_text("POSTCODE;WIJK\n13;rest\n131;west\n1314;east\n", encoding="utf-8")
    known = read_postcodes(path, ["rest", "west", "east"])
    assert [district_of(p, known) for p in ("1314 AB", "1315ab", "1350XX", "9999ZZ")] == [
        "east",
        "west",
        "rest",
        "",
    ]


def test_the_shipped_postcodes_are_of_the_shipped_region() -> None:
    path = DOCS.parent / "scenarios" / "almere" / "postcodes.csv"
    districts = ["haven", "stad-west", "stad-oost", "buiten", "poort", "hout"]
    assert set(read_postcodes(path, districts).values()) == set(districts)
