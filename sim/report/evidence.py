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
    Tongue,
)
from sim.report.dutch import say
from sim.report.parts import PARTS, RUNS, SPREAD, TRANSLATED, VERIFICATION
from sim.report.proofs import Line, Proofs, State, Table

ENGLISH = "en"


def verification(t: Tongue, proofs: Proofs, root: Path) -> Section:
    """Case by case: does the model compute what theory, the hand and the calculator say?"""
    blocks: list[Block] = [
        Paragraph(
            t(
                "Gevonden is het gemiddelde van de doorrekeningen; de standaardfout zegt hoe ver toeval dat kan "
                "verschuiven. De regels zelf zijn in het Engels, omdat het bewijs ze zo schrijft.",
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


def part_blocks(
    t: Tongue, table: Table, *, heading: bool = True, findings: Proofs | None = None
) -> list[Block]:
    """One part: introduction, state, how many lines hold, what was found in words, and its tables."""
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
            names = "; ".join(f"{say(t, x.case)}, {say(t, x.what)}" for x in failed)
            words += f" {t('Niet', 'Not')}: {names}."
        blocks.append(Notice(words, "bad" if failed else "good", table.command))
    blocks += finding_blocks(t, findings, table.part) if findings else []
    shown = Table(table.part, table.state, lines, table.manifest)
    cases = shown.cases()
    name = t(*title)
    if not any(x.beside or x.column for x in lines):
        blocks.append(_one(t, name, lines, table))
    else:
        for case, mine in cases.items():
            caption = f"{name}: {say(t, case) if table.part in TRANSLATED else case}"
            if all(math.isnan(x.found) and math.isnan(x.expected) for x in mine):
                blocks += [Heading(caption), Bullets(tuple(x.what for x in mine), ENGLISH)]
                continue
            crossed = all(x.column for x in mine)
            blocks.append((_crossed if crossed else _listed)(t, caption, mine, shown))
    return blocks


def _statuses(t: Tongue, table: Table) -> list[Block]:
    """Not used or used in fitting, right or off: never one number for all."""
    words = {
        (False, False): t("niet gebruikt om te passen, en het komt uit", "not used in fitting, and right"),
        (False, True): t("niet gebruikt om te passen, en het wijkt af", "not used in fitting, and off"),
        (True, False): t("wel gebruikt: dat het klopt, bewijst niets", "used: that it is right proves nothing"),
        (True, True): t("wel gebruikt, en het wijkt toch af", "used, and off all the same"),
    }  # fmt: skip
    lines = {key: table.judged(used=key[0], off=key[1]) for key in words}
    right, off = len(lines[False, False]), (*lines[False, True], *lines[True, True])
    title = t(
        f"Van de {right + len(lines[False, True])} cijfers die niet zijn gebruikt, komen er {right} uit",
        f"Of the {right + len(lines[False, True])} numbers that were not used, {right} come out right",
    )
    groups = tuple(
        (words[key], (Bar("", len(x), t.number(len(x)), strong=not key[0]),)) for key, x in lines.items()
    )
    alt = "; ".join(f"{words[key]}: {len(x)}" for key, x in lines.items())
    lost = t(f" {len(table.failed)} regels houden niet.", f" {len(table.failed)} lines do not hold.")
    told = f"{title}. {t('In totaal wijken af', 'Off in all')}: {len(off)}.{lost if table.failed else ''}"
    blocks: list[Block] = [
        Notice(told, "bad" if off or table.failed else "good", table.command),
        Bars(title, f"{title}. {alt}.", groups, max(len(x) for x in lines.values())),
    ]
    if off:
        heading = t(
            "Wat wijkt af: het model, en het cijfer ernaast",
            "What is off: the model, and the number beside it",
        )
        blocks += [Heading(heading), Bullets(tuple(_off(t, x) for x in off))]
    return blocks


def _off(t: Tongue, x: Line) -> str:
    beside = t("naast", "beside")
    return f"{say(t, x.case)}: {say(t, x.what)}: {t.number(x.found, x.unit, 3)} {beside} {t.number(x.expected, x.unit, 3)}"


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


def finding_blocks(t: Tongue, proofs: Proofs, part: str) -> list[Block]:
    """What was found in words, from the page beside a table."""
    found = _findings(proofs.folder / f"{part}.md")
    if not found:
        return []
    source = f"{proofs.name}/{part}.md"
    title = t(
        f"Bevindingen met hun reden (uit {source}, in het Engels)",
        f"Findings with their reasons (from {source})",
    )
    return [Heading(title), Bullets(found, ENGLISH)]


def _findings(page: Path) -> tuple[str, ...]:
    if not page.is_file():
        return ()
    _, _, after = page.read_text(encoding="utf-8").partition("## Findings\n")
    part = after.partition("\n## ")[0]
    return tuple(line[2:].replace("**", "") for line in part.splitlines() if line.startswith("- "))


def _one(t: Tongue, caption: str, lines: tuple[Line, ...], table: Table) -> Grid:
    """All lines in one table, the case as its first column."""
    known = table.part in TRANSLATED
    header = (
        t("geval", "case"), t("wat", "what"), t("theorie", "theory"), t("gevonden", "found"),
        t("standaardfout", "standard error"),
        t(*RUNS.get(table.part, ("doorrekeningen", "runs"))), t("klopt als", "holds when"), t("klopt", "holds"),
    )  # fmt: skip
    rows = tuple(
        (
            *(say(t, words) if known else words for words in (x.case, x.what)),
            t.number(x.expected, x.unit), t.number(x.found, x.unit), _error(t, x),
            t.number(x.replications), say(t, _rule(x)) if known else _rule(x), _holds(t, x),
        )
        for x in lines
    )  # fmt: skip
    own = "" if known else ENGLISH
    return Grid(caption, header, rows, frozenset({2, 3, 4, 5}), table.command, own, _marked(lines))


def _listed(t: Tongue, caption: str, lines: tuple[Line, ...], table: Table) -> Grid:
    """One line per row, with the spread of the runs and what stands beside it."""
    case = lines[0].case
    usual = ("hier liggen 8 van de 10 doorrekeningen", "middle 80 % of the runs")
    spread = next((words for start, words in SPREAD.items() if case.startswith(start)), usual)
    header = (
        t("wat", "what"), t("gevonden", "found"), t(*spread), t(*RUNS.get(table.part, ("doorrekeningen", "runs"))),
        t("cijfer of eis", "number or rule"), t("bron of eis", "source or rule"), t("klopt", "holds"),
    )  # fmt: skip
    known = table.part in TRANSLATED

    def dutch(words: str) -> str:
        return say(t, words) if known else words

    rows = tuple(
        (
            dutch(x.what), t.number(x.found, x.unit), t.span(x.low, x.high, x.unit),
            t.number(x.replications) if x.replications else "",
            t.number(x.expected, x.unit), "; ".join(dutch(part) for part in (x.note, _rule(x)) if part), _holds(t, x),
        )
        for x in lines
    )  # fmt: skip
    own = "" if table.part == "replay" and case != "Not in the model" else ENGLISH
    foreign = frozenset({5}) if known else frozenset[int]()
    return Grid(
        caption, header, rows, frozenset({1, 3, 4}), table.command, own, _marked(lines), foreign
    )  # fmt: skip


def _crossed(t: Tongue, caption: str, lines: tuple[Line, ...], table: Table) -> Grid:
    """Lines named `row | column` as a table of rows and columns."""
    known = table.part in TRANSLATED
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
        body.append((say(t, row) if known else row, *cells))
    rule = next((x.rule for x in lines if x.checked), "")
    note = t(f" Eis: {say(t, rule)}.", f" Rule: {rule}.") if rule else ""
    spread_too = (
        t(
            " Tussen haakjes waar 8 van de 10 doorrekeningen liggen.",
            " In brackets the middle 80 % of the runs.",
        )
        if not math.isnan(lines[0].low)
        else ""
    )
    return Grid(
        f"{caption}.{note}{spread_too}", (t("wat", "what"), *(say(t, c) if known else c for c in columns)), tuple(body),
        frozenset(range(1, len(columns) + 1)), table.command, "" if known else ENGLISH, frozenset(marked),
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
        off = t("wijkt af", "off") if x.status == "finding" else ""
        if x.used:
            return ", ".join(part for part in (t("passend gemaakt", "fitted"), off) if part)
        if x.checked:
            return off or t("komt uit", "right")
        return t("niet beoordeeld", "not judged")
    if not x.checked:
        return ""
    return t("ja", "yes") if x.holds else t("NEE", "NO")


def _marked(lines: tuple[Line, ...]) -> frozenset[int]:
    return frozenset(i for i, x in enumerate(lines) if not x.holds or x.status == "finding")
