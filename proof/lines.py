"""Lines of a proof that stand beside published numbers, with the spread of the runs; and the page made of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from proof.table import Check, Part

NAMED = "off by more than the rule allows, and named as a finding"
CROSS = " | "  # a case whose lines are all named "row | column" is shown as a table of rows and columns


@dataclass(frozen=True)
class Line(Check):
    """A check with the spread of the runs, or a number that is only shown beside a published one.

    Attributes:
        low, high: The middle 80 % of the runs (P10, P90); for a fitted rate its band.
        beside: Where `expected` comes from.
        unit: `share` is shown as a percentage.
    """

    low: float = math.nan
    high: float = math.nan
    beside: str = ""
    unit: str = ""


def page(part: Part, lines: Sequence[Line], findings: Sequence[str]) -> str:
    """The page of a part: what was found in words, then one table per case."""
    out = [
        f"# {part.title}",
        "",
        part.text.strip(),
        "",
        f"Written by `python -m proof {part.id}`; not by hand.",
        "",
    ]
    failed = [f"{x.case}: {x.what.replace(CROSS, ', ')}" for x in lines if not x.holds]
    checked = sum(x.rule != "beside" for x in lines)
    named = sum(x.holds and x.rule == NAMED for x in lines)
    which = f"; not: {'; '.join(failed)}" if failed else ""
    off = f"; {named} are off, and named as findings" if named else ""
    out += [f"{checked - len(failed) - named} of {checked} lines with a rule hold{which}{off}.", ""]
    if findings:
        out += ["## Findings", "", *(f"- {text}" for text in findings), ""]
    for case in dict.fromkeys(x.case for x in lines):
        rows = [x for x in lines if x.case == case]
        out += [
            f"## {case}",
            "",
            *(_crossed(rows) if all(CROSS in x.what for x in rows) else _listed(rows)),
            "",
        ]
    return "\n".join(out)


def _listed(lines: Sequence[Line]) -> list[str]:
    out = [
        "| what | found | P10 to P90 (a rate: its band) | runs | published or expected | source or rule | holds |"
    ]
    out.append("|---|--:|---|--:|--:|---|---|")
    for x in lines:
        spread = "" if math.isnan(x.low) else f"{_number(x.low, x)} to {_number(x.high, x)}"
        expected = "" if math.isnan(x.expected) else _number(x.expected, x)
        holds = "" if x.rule == "beside" else "yes" if x.holds else "**NO**"
        notes = "; ".join(n for n in (x.beside, x.rule if x.rule != "beside" else "") if n)
        out.append(
            f"| {x.what} | {_number(x.found, x)} | {spread} | {x.replications or ''} | {expected} | {notes} | {holds} |"
        )
    return out


def _crossed(lines: Sequence[Line]) -> list[str]:
    rule = next((x.rule for x in lines if x.rule != "beside"), "")
    columns = list(dict.fromkeys(x.what.split(CROSS)[1] for x in lines))
    spread_too = "" if math.isnan(lines[0].low) else ", in brackets P10 to P90"
    out = [
        f"Mean of {lines[0].replications} runs{spread_too}." + (f" Must hold: {rule}." if rule else ""),
        "",
    ]
    out += ["| |" + "".join(f" {c} |" for c in columns), "|---|" + "--:|" * len(columns)]
    for row in dict.fromkeys(x.what.split(CROSS)[0] for x in lines):
        cells = []
        for column in columns:
            x = next((x for x in lines if x.what == f"{row}{CROSS}{column}"), None)
            spread = (
                "" if x is None or math.isnan(x.low) else f" ({_number(x.low, x)} to {_number(x.high, x)})"
            )
            cells.append("" if x is None else f"{_number(x.found, x)}{spread}{'' if x.holds else ' **NO**'}")
        out.append(f"| {row} | " + " | ".join(cells) + " |")
    return out


def _number(value: float, line: Line) -> str:
    if line.unit == "share":
        return f"{100 * value:.1f} %"
    if line.unit == "change":
        return f"{100 * value:+.1f} %"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
