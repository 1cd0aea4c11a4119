"""The workbook for Excel, in Dutch: a comparison, all outcomes, the years, and what everything means.

Numbers are numbers, not text: an Excel of any language shows them in its own way. The workbook holds
summaries; every replication stands in the tidy tables beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from sim.indicators.indicator import UNITS
from sim.indicators.register import INDICATORS
from sim.study import statistics
from sim.study.cautions import MEANING
from sim.study.compare import MEAN, Comparison, Outcome
from sim.study.equity import Less
from sim.study.margins import margin_title
from sim.study.outcomes import first_page
from sim.study.overview import COST, DOSE, LACKING, MISSED, SIGNAL, WAITING, Line
from sim.study.results import FIXED, Results
from sim.study.value import REASONS

COMPARISON, ALL, YEARS, EXPLANATION = "Vergelijking", "Alle uitkomsten", "Per schooljaar", "Uitleg"
OVERVIEW, LESS = "Overzicht", "Voor wie minder"

_HEADER = (
    "Scenario", "Code scenario", "Uitkomst", "Code uitkomst", "Soort plek", "Periode", "Eenheid",
    "Zo doorgaan: gemiddelde", "Scenario: gemiddelde",
    "Scenario, toeval: laag", "Scenario, toeval: hoog",
    "Scenario, toeval en aannames: laag", "Scenario, toeval en aannames: hoog",
    "Verschil: gemiddelde", "Verschil, toeval: laag", "Verschil, toeval: hoog",
    "Verschil, toeval en aannames: laag", "Verschil, toeval en aannames: hoog",
    "Gemiddeld verschil: ondergrens (95 %)", "Gemiddeld verschil: bovengrens (95 %)",
    "Keren met dit teken", "Keren gelijk", "Keren doorgerekend",
    "Deel dat blijft zonder ongemeten effecten", "Let op",
)  # fmt: skip
_OVERVIEW_HEADER = (
    "Scenario", "Code scenario", "Nummer", "Soort", "Hoort bij",
    "Gemiste weken: verschil", "Gemiste weken: laag", "Gemiste weken: hoog", "Kinderen die wachten: verschil",
    "Wachten vanaf het eerste signaal: verschil", "Zonder passende plek: verschil", "Kosten: verschil (duizend euro)",
    "Kosten: laag (duizend euro)", "Kosten: hoog (duizend euro)",
    "Extra personeel gevraagd (fte)", "Extra personeel gevonden (fte)", "Deel van het extra personeel dat er is",
    "Deel dat blijft zonder ongemeten effecten", "Keren: een voorwaarde niet gehaald", "Keren: een risico kwam uit",
    "Keren doorgerekend", "Euro per gemiste week minder", "Euro per gemiste week: laag", "Euro per gemiste week: hoog",
    "Waarom geen bedrag per week", "Maanden tot de lijst terug is", "Let op",
)  # fmt: skip
_LESS_HEADER = (
    "Scenario", "Code scenario", "Uitkomst", "Code uitkomst", "Voor wie", "Eenheid", "Zo doorgaan: gemiddelde",
    "Verschil: gemiddelde", "Keren slechter", "Keren doorgerekend", "Zeker slechter",
)  # fmt: skip
_KINDS = {
    "idea": "idee",
    "twin": "zonder de voorwaarden",
    "package": "pakket",
    "shock": "tegenslag",
    "own": "eigen",
}
_WIDE = {"Scenario": 34, "Uitkomst": 40, "Let op": 60, "Begrip": 34, "Betekenis": 120}

_TEXTS = (
    (
        "Wat dit is",
        "Een model rekent vele keren door wat er gebeurt als we zo doorgaan, en als we iets anders doen. "
        "Het is geen voorspelling. Kijk naar het verschil, niet naar de hoogte.",
    ),
    (
        "Toeval",
        "Band van de keren met de middelste waarde van elke aanname: acht van de tien keren liggen erin. "
        "Alleen het toeval verschilt. In elk scenario zijn het dezelfde kinderen.",
    ),
    (
        "Toeval en aannames",
        "Band van de keren waarin ook elke onzekere aanname een andere waarde kreeg binnen haar grenzen, "
        "in elk scenario dezelfde: acht van de tien keren liggen erin.",
    ),
    ("Verschil", "Scenario min zo doorgaan, keer voor keer, in de eenheid van de uitkomst."),
    (
        "Keren met dit teken",
        "In hoeveel keren het verschil dezelfde kant op wijst als het gemiddelde verschil. "
        "Keren zonder verschil tellen apart.",
    ),
    (
        "Deel dat blijft",
        "Welk deel van het verschil over is als elk effect dat niemand heeft gemeten (D of E) niets doet. "
        "Leeg: het verschil is niet van nul te onderscheiden.",
    ),
    ("Gemiddelde", "Gemiddelde over de getoonde schooljaren, zonder de jaren die al voorbij zijn."),
    ("Elke keer apart", "Staat in indicators.parquet naast dit bestand, en meestal ook in indicators.csv."),
)


def write_workbook(
    results: Results,
    comparison: Comparison,
    lines: Sequence[Line],
    path: Path,
    *,
    brief: bool = False,
    about: Iterable[Sequence[str]] = (),
) -> None:
    """Write the workbook.

    Args:
        results: Results of a study.
        comparison: Its comparison.
        lines: Its scenarios, one line each.
        path: File to write.
        brief: Without the sheets of all outcomes and of all school years.
        about: Rows (term and meaning) to put first on the sheet of explanations.
    """
    book = Workbook(write_only=True)
    shown, scenarios = first_page(comparison), comparison.scenarios or (comparison.baseline,)
    _sheet(book, COMPARISON, _HEADER, (
        _row(comparison, outcome)
        for scenario in scenarios
        for s in shown
        for period in comparison.periods
        if (outcome := comparison.outcome(scenario, s.indicator, s.place_type, period)) is not None
    ))  # fmt: skip
    if lines:
        _sheet(book, OVERVIEW, _OVERVIEW_HEADER, map(_line, lines))
        _sheet(book, LESS, _LESS_HEADER, (_less(line, less) for line in lines for less in line.less))
    if not brief:
        _values(book, results, comparison, scenarios)
    _sheet(book, EXPLANATION, ("Begrip", "Betekenis"), (*about, *_explanation(results, comparison)))
    book.save(path)


def _values(book: Workbook, results: Results, comparison: Comparison, scenarios: Sequence[str]) -> None:
    """The sheets of all outcomes and of all school years."""
    whole = [s for s in results.series if s.district == s.profile == "all"]
    _sheet(book, ALL, _HEADER, (
        _row(comparison, outcome)
        for scenario in scenarios
        for s in whole
        if (outcome := comparison.outcome(scenario, s.indicator, s.place_type, MEAN)) is not None
    ))  # fmt: skip
    _sheet(book, YEARS, (*_HEADER[:5], "Eenheid", *results.school_years), _years(results, comparison))


def _sheet(book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE.get(name, 16)
    cells = []
    for name in header:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6EE")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cells.append(cell)
    sheet.append(cells)
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, v, header[i]) for i, v in enumerate(row)])
        count += 1
    if count > 1:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{count}"


def _cell(sheet: Any, value: Any, column: str) -> Any:
    if isinstance(value, tuple):
        number, form = value
        if number is None or math.isnan(number):
            return None
        cell = WriteOnlyCell(sheet, value=float(number))
        cell.number_format = form
        return cell
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", value))
    # A text that begins with "=" stays a text; Excel would run it as a formula.
    cell.data_type = "s"
    if column == "Betekenis":
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _form(unit: str) -> str:
    """Number format; Excel itself puts in the comma or point of its language."""
    if unit == "share":
        return "0.0%"
    known = UNITS.get(unit)
    return "#,##0.00" if known is not None and known.decimals == 2 else "#,##0.0"


def _number(value: float | None, unit: str) -> tuple[float | None, str]:
    """A number in the unit that stands beside it (euros in thousands), and its format."""
    known = UNITS.get(unit)
    scale = known.scale if known is not None else 1.0
    return (None if value is None else value * scale, _form(unit))


def _banded(o: Outcome | None) -> tuple[float | None, float | None, float | None]:
    """A difference with its band: chance and assumptions, or chance alone when nothing was drawn."""
    if o is None:
        return None, None, None
    band = o.difference_chance if math.isnan(o.difference_both[0]) else o.difference_both
    return o.difference, *band


def _row(comparison: Comparison, o: Outcome) -> list[Any]:
    numbers = (
        o.today, o.level, *o.level_chance, *o.level_both, o.difference, *o.difference_chance,
        *o.difference_both, *o.interval,
    )  # fmt: skip
    notes = [
        MEANING[c.kind]["nl"]
        for c in comparison.cautions_for(o.scenario, o.indicator, o.place_type)
        if c.indicator and o.period == MEAN
    ]
    return [
        comparison.titles[o.scenario][0], o.scenario, _title(o.indicator), o.indicator, _place(comparison, o.place_type),
        _period(o.period, comparison), _unit(o.unit), *(_number(n, o.unit) for n in numbers),
        o.same_sign, o.ties, o.runs, (o.survives, "0%"), "; ".join(notes),
    ]  # fmt: skip


def _line(line: Line) -> list[Any]:
    s, value = line.scenario, line.value
    missed, cost = line.outcomes.get(MISSED), line.outcomes.get(COST)
    asked, found = line.staff or (None, None)
    dose = line.outcomes.get(DOSE)
    moved = [o.difference if (o := line.outcomes.get(name)) else None for name in (WAITING, SIGNAL, LACKING)]
    unmet, judged = line.unmet
    came, watched = line.came
    return [
        s.title.nl, s.id, s.source.item if s.source else "", _KINDS.get(s.kind, s.kind), line.under,
        *((v, "#,##0") for v in _banded(missed)), *((v, "#,##0.0") for v in moved),
        *(_number(v, "euro") for v in _banded(cost)), (asked, "#,##0.0"), (found, "#,##0.0"),
        (dose.level if dose else None, "0%"), (line.survives, "0%"), unmet if judged else None,
        came if watched else None, missed.runs if missed else None,
        *((v, "#,##0") for v in (value.ratio, *(value.interval or (None, None)))), REASONS[value.reason]["nl"],
        (line.recovery.median if line.recovery else None, "0"), s.surprise.nl if s.surprise else "",
    ]  # fmt: skip


def _less(line: Line, less: Less) -> list[Any]:
    unit, who = INDICATORS[less.indicator].unit, margin_title(line.scenario.region, less.label).nl
    return [
        line.scenario.title.nl, less.scenario, _title(less.indicator), less.indicator, who,
        _unit(unit), _number(less.today, unit), _number(less.difference, unit), less.times, less.runs,
        "ja" if less.sure else "nee",
    ]  # fmt: skip


def _years(results: Results, comparison: Comparison) -> Iterable[Sequence[Any]]:
    for scenario in results.scenarios:
        there = results.done[scenario.id, FIXED]
        means = statistics.mean(results.values[scenario.id, FIXED][there])
        for i, s in enumerate(results.series):
            if s.district == s.profile == "all":
                yield [
                    comparison.titles[scenario.id][0], scenario.id, _title(s.indicator), s.indicator,
                    _place(comparison, s.place_type), _unit(s.unit), *(_number(v, s.unit) for v in means[i].tolist()),
                ]  # fmt: skip


def _explanation(results: Results, comparison: Comparison) -> Iterable[Sequence[str]]:
    yield from _TEXTS
    yield (
        "Aantal keren doorgerekend",
        f"{comparison.pairs} met middelste waarden, {comparison.drawn_pairs} met aannames",
    )
    yield "Startgetal", str(results.seed)
    yield "Versie van het model", results.engine[:16]
    yield "Versie van de uitkomsten", results.indicators[:16]
    for scenario in results.scenarios:
        yield (
            f"Scenario: {scenario.title.nl}",
            f"{scenario.sentence.nl} ({scenario.id}, {scenario.digest()[:16]})",
        )
    for caution in comparison.cautions:
        if not caution.indicator:
            name = comparison.titles.get(caution.scenario, ("alle scenario's", ""))[0]
            yield f"Let op: {name}", caution.text("nl")
    for key in dict.fromkeys(s.indicator for s in results.series):
        if key in INDICATORS:
            yield f"{key} {_title(key)}", INDICATORS[key].estimand.nl


def _title(indicator: str) -> str:
    return INDICATORS[indicator].title.nl if indicator in INDICATORS else indicator


def _unit(unit: str) -> str:
    return "deel" if unit == "share" else UNITS[unit].many.nl if unit in UNITS else unit


def _place(comparison: Comparison, place_type: str) -> str:
    return "alle" if place_type == "all" else comparison.margins[place_type].nl


def _period(period: str, comparison: Comparison) -> str:
    if period != MEAN:
        return period
    years = comparison.school_years
    return f"gemiddeld {years[0]} t/m {years[-1]}" if years else "gemiddeld"
