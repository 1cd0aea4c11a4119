"""Proof tables as sections of a report: what is missing or old says so, and every table carries its command."""

from __future__ import annotations

import ast
import math
from pathlib import Path

from sim.report.content import (
    Bar,
    Bars,
    Block,
    Bullets,
    Grid,
    Heading,
    Notice,
    Paragraph,
    Section,
    Tone,
    Tongue,
)
from sim.report.proofs import STATUSES, Line, Proofs, State, Table

# Part -> heading and introduction, each in Dutch and English. A part that is not named here is shown under its own name.
PARTS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "theory": (
        ("Wachtrijen uit het leerboek", "Textbook queues"),
        (
            "Kleine verzonnen regio’s waarvoor de uitkomst met een formule bekend is. Het model moet daarop uitkomen.",
            "Small made-up regions whose outcome a formula gives. The model must come to the same.",
        ),
    ),
    "closed-forms": (
        ("Rekenregels achter de terugkoppelingen", "Closed forms behind the feedback loops"),
        (
            "Elke terugkoppeling in het model heeft een rekenregel die u met een rekenmachine kunt nadoen.",
            "Each feedback loop of the model has a rule that a calculator can repeat.",
        ),
    ),
    "appendix": (
        ("Proefruns van de methode, herhaald", "Trial runs of the method, repeated"),
        (
            "Proefberekeningen die voor dit project met een ander programma zijn gemaakt, nu met dit model.",
            "Trial runs that were made for this project with another program, now with this model.",
        ),
    ),
    "keyed": (
        ("Elk kind houdt zijn eigen toeval", "Each child keeps its own chance"),
        (
            "Een verschil tussen twee scenario’s moet door het scenario komen en niet door andere dobbelstenen.",
            "A difference between two scenarios must come from the scenario, not from other dice.",
        ),
    ),
    "mutations": (
        ("Zou de toets een fout zien?", "Would the proof notice a fault?"),
        (
            "In het model zijn expres fouten gezet. De toetsen hierboven moeten dan mislukken. Gevonden = hoeveel er "
            "mislukten.",
            "Faults were put into the model on purpose. The checks above must then fail. Found = how many failed.",
        ),
    ),
    "moments": (
        ("Instroomcijfers passend gemaakt", "Inflow rates that were fitted"),
        (
            "Een vaste lijst instroomcijfers is binnen hun grenzen verschoven tot het aantal leerlingen gelijk blijft.",
            "A fixed list of inflow rates was moved inside their bands until the numbers of pupils stay.",
        ),
    ),
    "calibration": (
        ("Kalibratie", "Calibration"),
        ("Welke waarden van de instroomcijfers passen bij de tellingen?", "Which values of the rates go with the counts?"),
    ),
    "recovery": (
        ("Vindt de kalibratie bekende waarden terug?", "Does calibration find known values again?"),
        (
            "Verzonnen tellingen uit bekende waarden: de grenzen van 90 % moeten die waarden in 90 % van de proeven bevatten.",
            "Made-up counts from known values: the 90 % band must hold those values in 90 % of the trials.",
        ),
    ),
    "backtest": (
        ("Voorspellen wat al geteld is", "Forecasting what was already counted"),
        (
            "Het model krijgt alleen de jaren tot een grens en voorspelt de jaren daarna. De score is de CRPS (continuous "
            "ranked probability score): de afstand tussen voorspelling en telling. Lager is beter.",
            "The model gets the years up to a limit and forecasts those after it. The score is the CRPS (continuous ranked "
            "probability score): the distance between forecast and count. Lower is better.",
        ),
    ),
    "replay": (
        ("De jaren 2023-2026 nagespeeld", "The years 2023-26 replayed"),
        ("Het model naast elk cijfer dat na de start is gepubliceerd.", "The model beside every number published after "
            "its start."),
    ),
    "almere": (
        ("Almere naast gepubliceerde cijfers", "Almere beside published numbers"),
        (
            "Alleen de regels met een gepubliceerd getal of met een eis. De rest staat in docs/proof/almere.md.",
            "Only the lines with a published number or with a rule. The rest stands in docs/proof/almere.md.",
        ),
    ),
    "importer": (
        ("Beschadigde bestanden", "Damaged files"),
        (
            "Bestanden met een fout: elk moet een duidelijke melding geven en niets half wegschrijven.",
            "Files with a fault: each must give a clear message and write nothing half.",
        ),
    ),
}  # fmt: skip
VERIFICATION = ("theory", "closed-forms", "appendix", "keyed")
ENGLISH = "en"


def verification(t: Tongue, proofs: Proofs, root: Path) -> Section:
    """Case by case: does the model compute what theory, the hand and the calculator say?"""
    blocks: list[Block] = [
        Paragraph(
            t(
                "Gevonden is het gemiddelde van de doorrekeningen; de standaardfout zegt hoe ver toeval dat kan "
                "verschuiven. De "
                "regels zelf zijn in het Engels, omdat het bewijs ze zo schrijft.",
                "Found is the mean of the runs; the standard error says how far chance may move it.",
            )
        )
    ]
    for part in VERIFICATION:
        blocks += part_blocks(t, proofs.table(part))
    blocks += _traces(t, root)
    named = {*PARTS}
    for part in proofs.tables:
        if part not in named:
            blocks += part_blocks(t, proofs.table(part))
    blocks += part_blocks(t, proofs.table("importer"))
    return Section("verification", t("Klopt het rekenwerk?", "Is the arithmetic right?"), tuple(blocks))


def mutations(t: Tongue, proofs: Proofs) -> Section:
    """Would the checks notice a fault?"""
    table = proofs.table("mutations")
    return Section("mutations", t(*PARTS["mutations"][0]), tuple(part_blocks(t, table, heading=False)))


def part_blocks(t: Tongue, table: Table, *, heading: bool = True) -> list[Block]:
    """One part: introduction, state, how many lines hold, and its tables."""
    title, intro = PARTS.get(table.part, ((table.part, table.part), ("", "")))
    # Of the long table of a region only what can fail, or stands beside something; the rest is in its own page.
    lines = tuple(x for x in table.lines if table.part != "almere" or x.checked or not math.isnan(x.expected))
    blocks: list[Block] = [Heading(t(*title))] if heading else []
    blocks += [Paragraph(t(*intro))] if any(intro) else []
    blocks += notices(t, table)
    if table.state == "missing":
        return blocks
    checked, failed = len(table.checked), table.failed
    if any(x.status for x in table.checked):
        blocks += _statuses(t, table)
    elif checked:
        words = t(
            f"{t.number(checked - len(failed))} van de {t.number(checked)} regels met een eis houden.",
            f"{t.number(checked - len(failed))} of {t.number(checked)} lines with a rule hold.",
        )
        if failed:
            words += " " + t("Niet: ", "Not: ") + "; ".join(f"{x.case}, {x.what}" for x in failed) + "."
        blocks.append(Notice(words, "bad" if failed else "good", table.command))
    shown = Table(table.part, table.state, lines, table.manifest)
    cases = shown.cases()
    name = t(*title)
    if not any(x.beside or x.column for x in lines):
        blocks.append(_one(t, name, lines, table.command))
    else:
        for case, mine in cases.items():
            caption = f"{name}: {case}"
            if all(math.isnan(x.found) and math.isnan(x.expected) for x in mine):
                blocks += [Heading(caption), Bullets(tuple(x.what for x in mine), ENGLISH)]
                continue
            crossed = all(x.column for x in mine)
            blocks.append((_crossed if crossed else _listed)(t, caption, mine, table.command))
    return blocks


def _statuses(t: Tongue, table: Table) -> list[Block]:
    """Fitted, checked or a finding: never one number for all three."""
    words = {
        "checked": t("niet gebruikt om te passen, en het komt uit", "not used in fitting, and right"),
        "finding": t("niet gebruikt om te passen, en het wijkt af", "not used in fitting, and off"),
        "fitted": t(
            "gebruikt om te passen: dat het klopt, bewijst niets",
            "used in fitting: that it is right proves nothing",
        ),
    }
    counts = {status: len(table.judged(status)) for status in STATUSES}
    title = t(
        f"Van de {counts['checked'] + counts['finding']} cijfers die niet zijn gebruikt, komen er {counts['checked']} uit",
        f"Of the {counts['checked'] + counts['finding']} numbers that were not used, {counts['checked']} come out right",
    )
    groups = tuple(
        (words[status], (Bar("", n, t.number(n), strong=status != "fitted"),)) for status, n in counts.items()
    )
    alt = "; ".join(f"{words[status]}: {n}" for status, n in counts.items())
    off = len(table.failed)
    lost = t(f" {off} regels houden niet.", f" {off} lines do not hold.") if off else ""
    tone: Tone = "bad" if counts["finding"] or off else "good"
    return [
        Notice(f"{title}.{lost}", tone, table.command),
        Bars(title, f"{title}. {alt}.", groups, max(counts.values())),
    ]


def notices(t: Tongue, table: Table) -> list[Block]:
    """What must be said about the state of a table; nothing when it is up to date."""
    words = state_words(t, table.state)
    again = (
        t("Opnieuw maken:", "Make it again:")
        if table.state != "missing"
        else t("Zo wordt hij gemaakt:", "To make it:")
    )
    return [Notice(f"{words} {again}", "bad", table.command)] if words else []


def state_words(t: Tongue, state: State) -> str:
    """What is known of the version of the model behind a table; empty when it is that of today."""
    return {
        "current": "",
        "missing": t("Deze tabel is nog niet gemaakt.", "This table was not made yet."),
        "earlier": t("Gemaakt met een eerdere versie van het model.", "Made with an earlier version of the model."),
        "altered": t("De tabel is veranderd nadat hij is gemaakt.", "The table was changed after it was made."),
        "unknown": t("Onbekend met welke versie van het model dit is gemaakt.", "It is not known which version of the "
            "model made this."),
    }[state]  # fmt: skip


def finding_blocks(t: Tongue, proofs: Proofs, *parts: str) -> list[Block]:
    """What was found in words, from the pages beside the tables."""
    blocks: list[Block] = []
    for part in parts:
        if found := _findings(proofs.folder / f"{part}.md"):
            source = f"{proofs.name}/{part}.md"
            title = t(f"Bevindingen (uit {source}, in het Engels)", f"Findings (from {source})")
            blocks += [Heading(title), Bullets(found, ENGLISH)]
    return blocks


def _findings(page: Path) -> tuple[str, ...]:
    if not page.is_file():
        return ()
    _, _, after = page.read_text(encoding="utf-8").partition("## Findings\n")
    part = after.partition("\n## ")[0]
    return tuple(line[2:].replace("**", "") for line in part.splitlines() if line.startswith("- "))


def _one(t: Tongue, caption: str, lines: tuple[Line, ...], command: str) -> Grid:
    """All lines in one table, the case as its first column."""
    header = (
        t("geval", "case"), t("wat", "what"), t("theorie", "theory"), t("gevonden", "found"),
        t("standaardfout", "standard error"),
        t("doorrekeningen", "runs"), t("klopt als", "holds when"), t("klopt", "holds"),
    )  # fmt: skip
    rows = tuple(
        (
            x.case, x.what, t.number(x.expected, x.unit), t.number(x.found, x.unit), _error(t, x), t.number(x.replications),
            _rule(x), _holds(t, x),
        )
        for x in lines
    )  # fmt: skip
    return Grid(caption, header, rows, frozenset({2, 3, 4, 5}), command, ENGLISH, _marked(lines))


def _listed(t: Tongue, caption: str, lines: tuple[Line, ...], command: str) -> Grid:
    """One line per row, with the spread of the runs and what stands beside it."""
    header = (
        t("wat", "what"), t("gevonden", "found"),
        t("hier liggen 8 van de 10, of de grenzen", "middle 80 % of the runs, or band"), t("doorrekeningen", "runs"),
        t("gepubliceerd of verwacht", "published or expected"), t("bron of eis", "source or rule"), t("klopt", "holds"),
    )  # fmt: skip
    rows = tuple(
        (
            x.what, t.number(x.found, x.unit), t.span(x.low, x.high, x.unit),
            t.number(x.replications) if x.replications else "",
            t.number(x.expected, x.unit), "; ".join(part for part in (x.note, _rule(x)) if part), _holds(t, x),
        )
        for x in lines
    )  # fmt: skip
    return Grid(caption, header, rows, frozenset({1, 3, 4}), command, ENGLISH, _marked(lines))


def _crossed(t: Tongue, caption: str, lines: tuple[Line, ...], command: str) -> Grid:
    """Lines named `row | column` as a table of rows and columns."""
    columns, rows = (list(dict.fromkeys(getattr(x, side) for x in lines)) for side in ("column", "row"))
    at = {(x.row, x.column): x for x in lines}
    body, marked = [], set()
    for number, row in enumerate(rows):
        cells = []
        for column in columns:
            x = at.get((row, column))
            spread = t.span(x.low, x.high, x.unit) if x else ""
            cells.append(f"{t.number(x.found, x.unit)}{f' ({spread})' if spread else ''}" if x else "")
            if x and not x.holds:
                marked.add(number)
                cells[-1] += t(" – klopt niet", " – does not hold")
        body.append((row, *cells))
    rule = next((x.rule for x in lines if x.checked), "")
    note = t(f" Eis: {rule}.", f" Rule: {rule}.") if rule else ""
    spread_too = (
        t(
            " Tussen haakjes waar 8 van de 10 doorrekeningen liggen.",
            " In brackets the middle 80 % of the runs.",
        )
        if not math.isnan(lines[0].low)
        else ""
    )
    return Grid(
        f"{caption}.{note}{spread_too}", (t("wat", "what"), *columns), tuple(body), frozenset(range(1, len(columns) + 1)),
        command, ENGLISH, frozenset(marked),
    )  # fmt: skip


def _traces(t: Tongue, root: Path) -> list[Block]:
    """The traces worked out by hand: each is a test that compares exactly."""
    names = []
    for path in sorted((root / "tests" / "traces").glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names += [
            n.name.removeprefix("test_").replace("_", " ")
            for n in tree.body
            if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
        ]
    if not names:
        return []
    words = t(
        f"{len(names)} kleine verhalen zijn op papier uitgewerkt; het model moet dag voor dag gelijk zijn. Ze staan "
        f"niet in een "
        "tabel, maar worden bij elke wijziging getoetst.",
        f"{len(names)} small stories were worked out on paper; the model must be equal day by day. They stand in no table, but "
        "are tested at every change.",
    )
    return [
        Heading(t("Met de hand nagerekend", "Worked out by hand")),
        Notice(words, "note", "python -m pytest tests/traces"),
        Bullets(tuple(names), ENGLISH),
    ]


def _error(t: Tongue, x: Line) -> str:
    return t.number(x.se, x.unit, 3) if x.se else t("exact", "exact")


def _rule(x: Line) -> str:
    return x.rule if x.checked else ""


def _holds(t: Tongue, x: Line) -> str:
    if x.status:
        return {
            "checked": t("getoetst", "checked"),
            "finding": t("wijkt af", "finding"),
            "fitted": t("passend gemaakt", "fitted"),
        }[x.status]
    if not x.checked:
        return ""
    return t("ja", "yes") if x.holds else t("NEE", "NO")


def _marked(lines: tuple[Line, ...]) -> frozenset[int]:
    return frozenset(i for i, x in enumerate(lines) if not x.holds or x.status == "finding")
