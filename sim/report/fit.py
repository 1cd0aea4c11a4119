"""What was fitted, and what the counts cannot say: first in words, then the tables."""

from __future__ import annotations

import math
import re

from sim.report.content import Block, Bullets, Heading, Notice, Paragraph, Section, Tongue
from sim.report.dutch import what
from sim.report.evidence import part_blocks
from sim.report.proofs import Line, Proofs, Table

RATES, TOGETHER, ALIKE = "Rates: the 90 %", "All rates together", "Rates that do nearly the same"
USED = "Facts used to fit"
_SHARES = ("origin", "destination", "leaving_share")
CONFLICTS, ROOM = "Facts that cannot all be true", "What rates can give"
SETTLED = 0.5
"""Known to half of what was possible before: the least that may be called known."""
OPEN = 0.85
"""From this share of the range on the counts say next to nothing."""


def section(t: Tongue, proofs: Proofs) -> Section:
    """What was fitted, and how firmly the counts hold it."""
    warning = t(
        "Passend gemaakt (gefit) is niet hetzelfde als getoetst. Dat deze cijfers bij de tellingen passen, komt doordat "
        "ze daarop zijn gekozen.",
        "Fitted is not the same as tested. These figures go with the counts because they were chosen to.",
    )
    blocks: list[Block] = [Notice(warning, "note"), *unknown(t, proofs.table("calibration"))]
    for part in ("moments", "calibration", "recovery"):
        blocks += part_blocks(t, proofs.table(part))
    return Section("fit", t("Wat is passend gemaakt?", "What was fitted?"), tuple(blocks))


def unknown(t: Tongue, table: Table) -> list[Block]:
    """What the counts leave open, and which numbers do not go together; nothing when there was no calibration."""
    rates, together = _lines(table, RATES), [x for x in _lines(table, TOGETHER) if x.what.startswith("width")]
    items = []
    if together:
        best, known = min(x.found for x in together), sum(x.found <= SETTLED for x in together)
        items.append(t(
            f"Van de {len(rates)} instroomcijfers leggen de tellingen er {known} goed vast. Van wat het best bekend is, blijft "
            f"{t.number(best, 'share')} over van wat vooraf kon.",
            f"Of the {len(rates)} inflow rates the counts settle {known}. Of what is known best, {t.number(best, 'share')} is "
            "left of what was possible before."))  # fmt: skip
    if loose := [x for x in rates if _width(x) >= OPEN]:
        items.append(t(
            f"Over {len(loose)} ervan zeggen de tellingen bijna niets: {_names(t, loose)}. Die blijven een aanname.",
            f"About {len(loose)} of them the counts say next to nothing: {_names(t, loose)}. Those stay assumptions.",
        ))  # fmt: skip
    for x in _lines(table, ALIKE):
        first, second = (what(t, name) for name in x.what.split(" with "))
        items.append(t(
            f"‘{first}’ en ‘{second}’ doen bijna hetzelfde: alleen hun som kan bekend zijn, niet elk apart.",
            f"“{first}” and “{second}” do nearly the same: only their sum can be known, not each."))  # fmt: skip
    for x in _lines(table, CONFLICTS):
        names = t(" en ", " and ").join(what(t, name) for name in x.what.split(" and "))
        items.append(t(
            f"Kan niet waar zijn naast al het andere in dit model: {names}{_given(t, table, x)}.",
            f"Cannot be true beside all else in this model: {names}{_given(t, table, x)}."))  # fmt: skip
    if steady := [x for x in _lines(table, USED) if x.what.startswith("steady")]:
        used = len(_lines(table, USED))
        items.append(t(
            f"{len(steady)} van de {used} gebruikte cijfers zijn geen telling, maar een aanname: de aantallen blijven gelijk.",
            f"{len(steady)} of the {used} numbers used are no count but an assumption: that the numbers of pupils stay.",
        ))  # fmt: skip
    if not items:
        return []
    blocks: list[Block] = [
        Heading(t("Wat kan de kalibratie niet weten?", "What can calibration not know?")),
        Bullets(tuple(items)),
    ]
    outside = [x for x in _lines(table, ROOM) if _gap(x) > 0]
    if far := [x for x in outside if _gap(x) >= 1]:
        heading = t(
            "Cijfers van buiten die het model niet kan geven zolang de gebruikte cijfers kloppen",
            "Numbers from elsewhere that the model cannot give while the numbers that were used are right",
        )
        blocks += [Heading(heading), Bullets(tuple(f"{what(t, x.what)}{_given(t, table, x)}" for x in far))]
        near = len(outside) - len(far)
        words = t(
            f"Nog {near} liggen erbuiten, maar minder dan zo’n cijfer er zelf naast kan zitten. Alle staan hieronder.",
            f"Another {near} lie outside, but by less than such a number may be off itself. All stand below.",
        )
        blocks += [Paragraph(words)] if near else []
    return blocks


def _lines(table: Table, case: str) -> list[Line]:
    return [x for x in table.lines if x.case.startswith(case)]


def _width(x: Line) -> float:
    """Posterior as a share of the range, as the table says it in words."""
    found = re.search(r"(\d+)% as wide", x.note)
    return int(found.group(1)) / 100 if found else math.nan


def _gap(x: Line) -> float:
    """How far a number lies outside what the model can give, in its own tolerances; 0 inside."""
    found = re.search(r"OUTSIDE by ([\d.]+)", x.note)
    return float(found.group(1)) if found else 0.0


def _names(t: Tongue, lines: list[Line]) -> str:
    return "; ".join(what(t, x.what) for x in lines)


def _given(t: Tongue, table: Table, x: Line) -> str:
    """The number from elsewhere, and what the model can give."""
    room = next((r for r in _lines(table, ROOM) if r.what == x.what), None)
    if room is None:
        return ""
    unit = "share" if x.what.partition(" ")[0] in _SHARES else ""
    given = f"{t.number(room.low, unit, 3)} {t('tot', 'to')} {t.number(room.high, unit, 3)}"
    known = t.number(room.expected, unit, 3)
    return t(f": {known}; het model kan {given} geven", f": {known}; the model can give {given}")
