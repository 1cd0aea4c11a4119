"""Which columns of an outside file mean what: layouts as data, one for each form that a file has had.

No DUO file could be opened when this was written. The names come from public programs that read those files; `seen` says so,
and the import repeats it. A file that was really read changes `seen` to "real file" here, and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.data.tables import Table, plain
from sim.scenario.errors import ScenarioError, listing, nearest_first

Seen = Literal["real file", "column list only", "our own template"]


@dataclass(frozen=True)
class Layout:
    """One form of an outside file.

    Attributes:
        id: Its name in reports.
        title: What file it is.
        years: Which years are known to have had this form.
        seen: How sure these columns are.
        columns: Meaning -> names that the column may have; all of these must be there.
        also: Meaning -> names of columns that may be there.
        counts: Pattern of the columns that hold numbers of children; its group, if any, is an age.
        key: Meanings that together stand once in a file; empty = everything beside the counts.
        ignored: Pattern of known columns that are not needed.
    """

    id: str
    title: str
    years: str
    seen: Seen
    columns: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[str, ...]]
    counts: str
    key: tuple[str, ...]
    ignored: str = "(?!)"


_PO_SEEN: Seen = "column list only"
_PO = {
    "school": ("INSTELLINGSCODE", "INSTELLINGENCODE", "BRIN NUMMER"),
    "branch": ("VESTIGINGSCODE", "VESTIGINGSNUMMER"),
    "name": ("INSTELLINGSNAAM VESTIGING",),
    "municipality": ("GEMEENTENAAM",),
    "kind": ("SOORT PO",),
}
_PO_ALSO = {
    "date": ("PEILDATUM",), "postcode": ("POSTCODE VESTIGING",), "town": ("PLAATSNAAM",), "cluster": ("CLUSTER",),
    "total": ("TOTAAL",),
}  # fmt: skip
_PO_IGNORED = r"GEMEENTE\w*NUMMER|PROVINCIE|DENOMINATIE VESTIGING|BEVOEGD GEZAG NUMMER"
_VO_IGNORED = (
    r"PROVINCIE VESTIGING|SAMENWERKINGSVERBAND.*|BEVOEGD GEZAG.*|NAAM BEVOEGD GEZAG|DENOMINATIE.*|LWOO INDICATIE|"
    r"GEMEENTENUMMER.*|BRINVESTIGINGSNUMMER|INDICATIE VO-VAVO"
)
_VO = {
    "school": ("INSTELLINGSCODE", "INSTELLING", "BRIN NUMMER"),
    "branch": ("VESTIGINGSCODE", "VESTIGINGSNUMMER"),
    "name": ("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM"),
    "town": ("PLAATSNAAM VESTIGING", "PLAATSNAAM"),
    "course": ("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR",),
}
_VO_ALSO = {
    "date": ("PEILDATUM",), "municipality": ("GEMEENTENAAM", "GEMEENTENAAM VESTIGING"),
    "sector": ("VMBO SECTOR",), "department": ("AFDELING",), "code": ("ERKENDE OPLEIDINGSCODE", "ELEMENTCODE"),
    "training": ("OPLEIDINGSNAAM",), "lwoo": ("LWOO INDICATIE",), "total": ("TOTAAL",),
}  # fmt: skip
_BY_AGE = r"(?:LEEFTIJD |L)(JONGER|OUDER|3 MIN|25 PLUS|\d{1,2})"

DUO = (
    Layout(
        "po-age",
        "DUO, leerlingen po - soort po, cluster, leeftijd",
        "2023-24 to 2025-26",
        _PO_SEEN,
        {**_PO, "cluster": ("CLUSTER",)},
        _PO_ALSO,
        _BY_AGE,
        ("school", "branch", "kind", "cluster", "date"),
        _PO_IGNORED,
    ),
    Layout(
        "po-home-postcode",
        "DUO, leerlingen po - totaaloverzicht (by postcode of the pupil and age)",
        "2012-13 to 2023-24",
        _PO_SEEN,
        {**_PO, "home": ("POSTCODE LEERLING",)},
        _PO_ALSO,
        _BY_AGE,
        ("school", "branch", "kind", "home", "date"),
        _PO_IGNORED + "|GEMEENTENAAM LEERLING",
    ),
    Layout(
        "po-total",
        "DUO, leerlingen po - totaal per vestiging (onderwijsdata.duo.nl, brin6_totaal)",
        "all years in one file",
        _PO_SEEN,
        {
            "school": ("INSTELLINGSCODE",),
            "branch": ("VESTIGINGSCODE",),
            "kind": ("TYPE PO",),
            "year": ("PEILJAAR",),
        },
        {"cluster": ("CLUSTER",)},
        r"AANTAL LEERLINGEN",
        ("school", "branch", "kind", "cluster", "year"),
    ),
    Layout(
        "vo-course",
        "DUO, leerlingen vo per vestiging naar onderwijstype",
        "2014-15 to 2025-26",
        _PO_SEEN,
        _VO,
        _VO_ALSO,
        r"LEER- OF VERBLIJFSJAAR \d - (?:MAN|VROUW)",
        (),
        _VO_IGNORED,
    ),
)

OWN: Seen = "our own template"
LISTS = (
    Layout(
        "places",
        "places of the partnership",
        "",
        OWN,
        {
            "date": ("PEILDATUM",),
            "place": ("VESTIGINGSCODE",),
            "profile": ("PROFIEL",),
            "groups": ("GROEPEN",),
        },
        {"size": ("KLASSENGROOTTE",), "rooms": ("LOKALEN",)},
        "(?!)",
        ("date", "place", "profile"),
    ),
    Layout(
        "waiting",
        "waiting list of the partnership",
        "",
        OWN,
        {
            "date": ("PEILDATUM",),
            "place": ("VESTIGINGSCODE",),
            "profile": ("PROFIEL",),
            "waiting": ("WACHTEND",),
        },
        {"waited": ("GEWACHT DAGEN",)},
        "(?!)",
        ("date", "place", "profile"),
    ),
    Layout(
        "declarations",
        "declarations of the partnership per month",
        "",
        OWN,
        {
            "month": ("MAAND",),
            "type": ("SOORT",),
            "requested": ("AANGEVRAAGD",),
            "granted": ("AFGEGEVEN",),
        },
        {},
        "(?!)",
        ("month", "type"),
    ),
)
POSTCODES = (
    Layout(
        "postcodes",
        "districts by postcode",
        "",
        OWN,
        {"postcode": ("POSTCODE",), "district": ("WIJK",)},
        {},
        "(?!)",
        ("postcode",),
    ),
)


@dataclass(frozen=True)
class Fitted:
    """A layout laid on a table: position of each meaning, positions of the counts, and columns left over.

    Attributes:
        counts: Position -> age, or -1 where the column is of no single age.
        unused: Names of columns that the layout does not know.
    """

    layout: Layout
    at: Mapping[str, int]
    counts: Mapping[int, int]
    unused: tuple[str, ...]


def fit(table: Table, layouts: tuple[Layout, ...]) -> Fitted:
    """The layout that this table has.

    Raises:
        ScenarioError: When none fits: which columns are missing, or which files are known.
    """
    tried = sorted((_laid(table, layout) for layout in layouts), key=lambda t: (len(t[1]), -len(t[0].at)))
    best, missing = tried[0]
    if not missing:
        return best
    if len(missing) <= max(1, len(best.layout.columns) // 2):
        others = [c for c in table.header if c not in {table.header[i] for i in best.at.values()}]
        near = listing(nearest_first(missing[0], others), 4)
        raise ScenarioError(
            [table.problem(
                1, f"a column is missing for '{best.layout.title}'", found=f"without {listing(missing)}; beside it: {near}",
                allowed=f"all of {listing(names[0] for names in best.layout.columns.values())}",
                hint="Take the file as it was published, or rename the column if it only changed its name.",
            )]
        )  # fmt: skip
    known = {plain(n) for x in layouts for names in {**x.columns, **x.also}.values() for n in names}
    mine = listing(
        [n for n in table.header if n in known], 8
    )  # others are not told: they may be a row of a list of children
    raise ScenarioError(
        [table.problem(
            1, "no known layout has these columns", found=f"{len(table.header)} columns, known of these: {mine}",
            allowed=listing(f"{x.title}" for x in layouts),
            hint="docs/import.md tells which columns each has, and how to add a layout.",
        )]
    )  # fmt: skip


def _laid(table: Table, layout: Layout) -> tuple[Fitted, list[str]]:
    where = {name: i for i, name in enumerate(table.header)}
    at: dict[str, int] = {}
    missing = []
    for meaning, names in {**layout.also, **layout.columns}.items():
        found = next((where[plain(n)] for n in names if plain(n) in where), None)
        if found is not None:
            at[meaning] = found
        elif meaning in layout.columns:
            missing.append(names[0])
    counts = {}
    for name, i in where.items():
        match = re.fullmatch(layout.counts, name)
        if match:
            counts[i] = _age(match.group(1)) if match.groups() else -1
    if layout.counts != "(?!)" and not counts:
        missing.append("any column with numbers of pupils")
    missing += _gap(table, counts)
    used = {*at.values(), *counts}
    unused = tuple(n for n, i in where.items() if i not in used and not re.fullmatch(layout.ignored, n))
    return Fitted(layout, at, counts, unused), missing


def _gap(table: Table, counts: Mapping[int, int]) -> list[str]:
    """Columns with numbers of pupils that lack between the others: without them each sum would be too low."""
    ages = {age for age in counts.values() if age >= 0}
    steps = Counter(ages or [int(re.sub(r"\D", "", table.header[i]) or 0) for i in counts])
    most = max(steps.values(), default=0)
    lost = [n for n in range(min(steps, default=0), max(steps, default=0) + 1) if steps[n] < most]
    return [f"the numbers of pupils of {listing(map(str, lost))} (age or year)"] if lost else []


def _age(text: str) -> int:
    return {"JONGER": 3, "3 MIN": 3, "OUDER": 25, "25 PLUS": 25}.get(text) or int(text)
