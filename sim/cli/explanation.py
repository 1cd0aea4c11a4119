"""Print why results differ: one sentence, a table whose parts add up, and the inputs that differ."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.indicators import INDICATORS, UNITS
from sim.scenario import quantity
from sim.study.differences import ASSUMPTIONS, DATA, Difference
from sim.study.explain import CAUSES, CHANCE, MOST_SINGLE, VERSION, Explanation, Row
from sim.study.scorecard import REST
from sim.study.store import write_whole

Margins = Mapping[str, quantity.Text]
MOST_INPUTS = 20
_NOTHING = 0.05
WORDS: dict[str, dict[str, str]] = {
    "nl": {
        DATA: "gegevens", ASSUMPTIONS: "aannames", VERSION: "modelversie", CHANCE: "toeval", REST: "rest",
        f"by {DATA}": "door andere gegevens", f"by {ASSUMPTIONS}": "door andere aannames",
        f"by {VERSION}": "door een andere versie van het model", f"by {CHANCE}": "door toeval",
        f"by {REST}": "door iets anders",
        "said": "het was {was}, het is nu {now}", "equal": "het was {was} en het is nu {now}: niets veranderde",
        "same": "het was {was} en het is nu {now}; wat er veranderde heft elkaar op of telt hier niet",
        "over": "gemiddeld over {first} tot en met {last}", "in": "schooljaar {first}",
        "outcome": "uitkomst", "was": "was", "now": "is", "difference": "verschil", "path": "wat",
        "cause": "oorzaak", "grade": "graad", "alone": "alleen dit", "inputs": "Wat er anders is in de invoer",
        "none": "De invoer is gelijk: gegevens, aannames en maatregelen.", "more": "... en nog {n}.",
        "unchanged": "Geen verschil: {names}.",
        "unsure": "?: met zo weinig runs niet van nul te onderscheiden.",
        "maybe": " (met zo weinig runs niet van nul te onderscheiden)",
        "alone_note": "alleen dit: wat deze ene verandering doet met '{name}' ({n} runs); samen kan dat anders zijn. "
        "–: niet los te rekenen.",
        "not_alone": "Alleen de eerste {n} veranderingen zijn los doorgerekend.",
        "hidden": "Beide uitkomsten komen van één eerdere versie van het model. Er is gerekend met de versie van nu; wat bij "
        "'modelversie' staat, zou die eerdere versie anders hebben verdeeld.",
        "others": "Dit gaat over '{chosen}'. In beide staat ook: {names} (kies met --scenario).",
        "missing": "Alleen in een van beide, of niet met elke invoer te berekenen: {names}.",
    },
    "en": {
        DATA: "data", ASSUMPTIONS: "assumptions", VERSION: "version", CHANCE: "chance", REST: "rest",
        f"by {DATA}": "because data changed", f"by {ASSUMPTIONS}": "because assumptions changed",
        f"by {VERSION}": "because the model is another version", f"by {CHANCE}": "by chance",
        f"by {REST}": "for another reason",
        "said": "it said {was}, it says {now}", "equal": "it said {was} and it says {now}: nothing changed",
        "same": "it said {was} and it says {now}; what changed cancels out or does not matter here",
        "over": "mean of {first} to {last}", "in": "school year {first}",
        "outcome": "outcome", "was": "was", "now": "is", "difference": "difference", "path": "what",
        "cause": "cause", "grade": "grade", "alone": "alone", "inputs": "What differs in the inputs",
        "none": "The inputs are equal: data, assumptions and measures.", "more": "... and {n} more.",
        "unchanged": "No difference: {names}.",
        "unsure": "?: with so few runs it cannot be told from zero.",
        "maybe": " (with so few runs it cannot be told from zero)",
        "alone_note": "alone: what this one change does to '{name}' ({n} runs); together it may be otherwise. "
        "–: cannot be run alone.",
        "not_alone": "Only the first {n} changes were run alone.",
        "hidden": "Both results were made by one earlier version of the model. Today's version was run; what stands at "
        "'version', that earlier version would have divided in another way.",
        "others": "This is about '{chosen}'. Both also hold: {names} (choose with --scenario).",
        "missing": "In one of the two only, or not to be computed with each input: {names}.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Numbers of one row as they are shown: one decimal, and the parts add up to the difference."""

    was: str
    now: str
    difference: str
    parts: dict[str, str]


def shown(unit: str, was: float, now: float, parts: Mapping[str, float], lang: str) -> Shown:
    """Round a row for people; shares in per cent."""
    scale = 100.0 if unit == "share" else 1.0
    mark = "%" if unit == "share" else ""
    total = round((now - was) * scale, 1)
    rounded = add_up([p * scale for p in parts.values()], total)
    return Shown(
        number(was * scale, lang) + mark,
        number(now * scale, lang) + mark,
        number(total, lang, sign=True),
        {cause: number(value, lang, sign=True) for cause, value in zip(parts, rounded, strict=True)},
    )


def add_up(parts: Sequence[float], total: float, step: float = 0.1) -> list[float]:
    """Parts rounded to `step` such that their sum is the rounded total (largest remainders first).

    A part that is exactly zero stays zero as long as others can take what is left.
    """
    low = [math.floor(p / step + 1e-9) for p in parts]
    left = round(total / step) - sum(low)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] == 0, low[i] - parts[i] / step))
    for k in range(abs(left)):
        low[order[k % len(order)] if left > 0 else order[-1 - k % len(order)]] += 1 if left > 0 else -1
    return [n * step for n in low]


def number(value: float, lang: str, *, sign: bool = False) -> str:
    """One decimal, a real minus, and a plus when `sign` is asked and the number is above zero."""
    text = f"{abs(value):,.1f}"
    if lang == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    if float(f"{abs(value):.1f}") == 0:
        return text
    return ("−" if value < 0 else "+" if sign else "") + text


def sentence(row: Row, years: Sequence[str], margins: Margins, lang: str) -> str:
    """The answer first: what it said, what it says, and why."""
    words = WORDS[lang]
    over = words["in" if len(years) == 1 else "over"].format(first=years[0], last=years[-1])
    text = shown(row.unit, row.was, row.now, row.parts, lang)
    causes = [(c, p) for c, p in text.parts.items() if p[0] in "+−"]
    if causes:
        size = {c: abs(row.parts[c]) for c, _ in causes}
        causes.sort(key=lambda c: -size[c[0]])
        why = ", ".join(
            f"{p} {words[f'by {c}']}" + (words["maybe"] if _unsure(row, c) else "") for c, p in causes
        )
        said = words["said"].format(was=text.was, now=text.now) + f": {why}"
    else:
        key = "same" if any(row.parts.values()) else "equal"
        said = words[key].format(was=text.was, now=text.now)
    return f"{label(row.indicator, row.place_type, margins, lang)} ({over}): {said}."


def label(indicator: str, place_type: str, margins: Margins, lang: str) -> str:
    """Title of an outcome with its unit, and the type."""
    known = INDICATORS.get(indicator)
    title = indicator if known is None else getattr(known.title, lang)
    unit = "" if known is None else known.unit
    many = getattr(UNITS[unit].many, lang) if unit in UNITS else ""
    if many and unit != "children" and many not in title.lower():
        title = f"{title} ({many})"
    return title if place_type == "all" else f"{title}: {getattr(margins[place_type], lang)}"


def print_explanation(out: Console, found: Explanation, lang: str) -> None:
    """Print the sentence of the first row, all rows, and what differs."""
    words = WORDS[lang]
    if found.rows:
        out.print(sentence(found.rows[0], found.years, found.margins, lang), style="bold")
    changed = [r for r in found.rows if any(abs(p) > 0 for p in r.parts.values())]
    if changed:
        out.print()
        table = columns((words["outcome"],), (*(words[w] for w in ("was", "now", "difference")),
                                             *(words[c] for c in CAUSES)))  # fmt: skip
        last = ""
        for row in changed:
            if row.place_type != "all" and row.indicator != last:
                table.add_row(label(row.indicator, "all", found.margins, lang))
            last = row.indicator
            name = (
                label(row.indicator, "all", found.margins, lang)
                if row.place_type == "all"
                else f"  {getattr(found.margins[row.place_type], lang)}"
            )
            text = shown(row.unit, row.was, row.now, row.parts, lang)
            cells = [text.was, text.now, text.difference]
            cells += [text.parts[c] + (" ?" if _unsure(row, c) else "") for c in CAUSES]
            table.add_row(name, *cells)
        out.print(table)
        if any(_unsure(r, c) for r in changed for c in CAUSES):
            out.print(words["unsure"], style="dim")
    equal = [label(r.indicator, r.place_type, found.margins, lang) for r in found.rows if r not in changed]
    if equal:
        out.print(words["unchanged"].format(names="; ".join(equal)), style="dim")
    if found.missing:
        names = "; ".join(label(*item, found.margins, lang) for item in found.missing)
        out.print(words["missing"].format(names=names), style="dim")
    if found.hidden_version:
        out.print(words["hidden"])
    print_inputs(out, found, lang)


def print_inputs(out: Console, found: Explanation, lang: str) -> None:
    """Print the inputs that differ, the largest first."""
    words = WORDS[lang]
    out.print()
    if not found.differences:
        out.print(words["none"])
        return
    alone = found.single_replications > 0
    out.print(words["inputs"], style="bold")
    right = (words["was"], words["now"], words["grade"], *((words["alone"],) if alone else ()))
    table = columns((words["cause"], words["path"]), right)
    for d in found.differences[:MOST_INPUTS]:
        effect = (number(d.effect, lang, sign=True) if d.effect is not None else "–",) if alone else ()
        what = Text(d.path if d.title is None else getattr(d.title, lang))
        if d.title is not None:
            what.append(f"\n{d.path}", style="dim")
        table.add_row(words[d.cause], what, d.was, d.now, d.grade, *effect)
    out.print(table)
    if len(found.differences) > MOST_INPUTS:
        out.print(words["more"].format(n=len(found.differences) - MOST_INPUTS))
    if alone:
        lead = found.rows[0]
        name = label(lead.indicator, lead.place_type, found.margins, lang)
        out.print(words["alone_note"].format(name=name, n=found.single_replications), style="dim")
        if len(found.differences) > MOST_SINGLE:
            out.print(words["not_alone"].format(n=MOST_SINGLE), style="dim")


def write_csv(found: Explanation, path: Path) -> Path:
    """Write all rows, unrounded, to `path`, and the inputs that differ beside it; returns the second file.

    Raises:
        OSError: It cannot be written.
    """
    head = ["indicator", "place_type", "unit", "was", "now", "difference", *CAUSES]
    sure = [c for c in CAUSES if c != CHANCE]
    rows = [
        [r.indicator, r.place_type, r.unit, r.was, r.now, r.now - r.was, *(r.parts[c] for c in CAUSES),
         *(r.unsure[c] for c in sure)]
        for r in found.rows
    ]  # fmt: skip
    _write(path, [*head, *(f"{c}_half_width" for c in sure)], rows)
    beside = path.with_name(f"{path.stem}-inputs{path.suffix}")
    inputs = [_input(d) for d in found.differences]
    _write(beside, ["cause", "path", "title", "was", "now", "grade", "alone"], inputs)
    return beside


def _input(d: Difference) -> list[object]:
    title = "" if d.title is None else d.title.en
    return [d.cause, d.path, title, d.was, d.now, d.grade, "" if d.effect is None else d.effect]


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    write_whole(path, lambda half: half.write_text(sink.getvalue(), encoding="utf-8", newline="\n"))


def _unsure(row: Row, cause: str) -> bool:
    part, half = row.parts[cause], row.unsure.get(cause, 0.0)
    scale = 100.0 if row.unit == "share" else 1.0
    return abs(part) * scale >= _NOTHING and abs(part) <= half


def columns(left: Sequence[str], right: Sequence[str]) -> Table:
    """An empty table: words to the left, numbers to the right."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in left:
        table.add_column(name, overflow="fold")
    for name in right:
        table.add_column(name, justify="right", overflow="fold")
    return table
