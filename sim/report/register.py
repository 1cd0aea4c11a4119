"""The register of assumptions: how many numbers have which grade, and every number that is our own assumption."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.content import Bar, Bars, Block, Grid, Notice, Paragraph, Section, Tongue
from sim.scenario.describe import NumberRow, grade_counts, number_rows
from sim.scenario.quantity import GRADE_MEANING
from sim.scenario.scenario import Scenario

ASSUMED = ("E", "D")
"""Grades that nobody measured: our own assumption, and a direction without a size."""
EFFECTS = "effects."


def section(t: Tongue, scenario: Scenario) -> Section:
    """Counts by grade, then effects, then every other number of grade D and E, with range, source and date."""
    rows = number_rows(scenario)
    command = command_of(scenario)
    effects = [r for r in rows if r.path.startswith(EFFECTS)]
    assumed = [r for g in ASSUMED for r in rows if r.grade == g and not r.path.startswith(EFFECTS)]
    blocks: list[Block] = [
        Paragraph(
            t(
                "Elk getal heeft een graad. Bij A tot en met E wordt het steeds minder zeker. Een effect met graad D of "
                "E kan ook "
                "niets doen: dat zit in zijn grenzen. In een berekening met wisselende aannames krijgt elk getal telkens een "
                "andere waarde binnen zijn grenzen.",
                "Every number has a grade; from A to E it is ever less sure. An effect of grade D or E may also do "
                "nothing: its "
                "range includes that. In a run with drawn assumptions each number takes another value within its range.",
            )
        ),
        _chart(t, rows),
        Notice(_measured(t, effects), "bad", command),
        _grid(t, t("Wat een maatregel of een toestand doet", "What a measure or a state does"), effects, command),
        _grid(t, t("Alle andere getallen met graad E of D", "All other numbers of grade E or D"), assumed, command),
        Notice(t("Ook de getallen met graad A, B en C, met hun bron:", "The numbers of grade A, B and C too, with their "
            "source:"), "note", command),
    ]  # fmt: skip
    return Section(
        "register", t("Waar rusten de uitkomsten op?", "What do the results rest on?"), tuple(blocks)
    )


def command_of(scenario: Scenario) -> str:
    """The command that prints every number with its source."""
    return f"doorstroom show {scenario.id} --all"


def counted_here(rows: Sequence[NumberRow]) -> int:
    """How many effects were measured in the region itself."""
    return sum(r.path.startswith(EFFECTS) and r.grade == "A" for r in rows)


def _measured(t: Tongue, effects: Sequence[NumberRow]) -> str:
    here = sum(r.grade == "A" for r in effects)
    if here == 0:
        return t(
            f"Geen van de {len(effects)} effecten is in de regio zelf gemeten.",
            f"None of the {len(effects)} effects was measured in the region itself.",
        )
    return t(
        f"{here} van de {len(effects)} effecten zijn in de regio zelf gemeten.",
        f"{here} of the {len(effects)} effects were measured in the region itself.",
    )


def _chart(t: Tongue, rows: Sequence[NumberRow]) -> Bars:
    counts = grade_counts(list(rows))
    groups = tuple(
        (f"{g}: {GRADE_MEANING[g][t.lang]}", (Bar("", n, t.number(n), strong=g in ASSUMED),))
        for g, n in counts.items()
    )
    title = t(
        f"{counts['E']} van de {len(rows)} getallen zijn onze eigen aanname",
        f"{counts['E']} of the {len(rows)} numbers are our own assumption",
    )
    points = "; ".join(f"{g} {n}" for g, n in counts.items())
    return Bars(title, f"{title}: {points}.", groups, max(counts.values()))


def _grid(t: Tongue, caption: str, rows: Sequence[NumberRow], command: str) -> Grid:
    header = (
        t("wat", "what"), t("waarde", "value"), t("kan liggen tussen", "may lie between"), t("eenheid", "unit"),
        t("graad", "grade"),
        t("bron", "source"), t("datum", "date"), t("pad", "path"),
    )  # fmt: skip
    cells = tuple(
        (
            t.text(r.title), t.number(r.value), t.span(*r.range) if r.range else "", r.unit, r.grade,
            "; ".join(x for x in (r.source, r.note) if x), r.date, r.path,
        )
        for r in rows
    )  # fmt: skip
    return Grid(caption, header, cells, frozenset({1}), command)
