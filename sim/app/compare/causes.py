"""Vergelijk, the causes: the parts of a change as rows, a title, and words. Pure: a division in, words and rows out."""

from __future__ import annotations

from collections.abc import Sequence

from sim.app.language import own, words
from sim.app.scene import amount, difference_of, rounds_to_nothing, unit_of
from sim.charts.waterfall import WaterfallRow
from sim.study.causes import Variants
from sim.study.parts_by_cause import Division, Part

S, T = words("shared"), words("compare")


def part_rows(division: Division) -> list[WaterfallRow]:
    """The measure itself, the causes with the largest first, what they do together, and the whole.

    What plays no part in any run is left out; `idle` names it.
    """
    causes = sorted((p for p in division.causes if not p.nothing), key=lambda p: -abs(p.mean))
    shown = [
        division.measure,
        *causes,
        *([] if division.interaction.nothing else [division.interaction]),
        division.total,
    ]
    indicator = division.series.indicator
    return [
        WaterfallRow(name_of_part(p), part_label(indicator, p), p.piece, p.mean, p.low, p.high) for p in shown
    ]


def name_of_part(part: Part) -> str:
    """What a part is called."""
    if part.cause is not None:
        return own(part.cause.title)
    return str({"measure": T.MEASURE, "interaction": T.INTERACTION, "total": T.TOTAL}[part.piece])


def part_label(indicator: str, part: Part) -> str:
    """How much a part is, in which direction; "not certain" when its band holds zero."""
    if rounds_to_nothing(indicator, part.mean):
        return str(T.PART_NOTHING)
    word = S.MORE if part.mean > 0 else S.LESS
    template = T.PART if part.direction else T.PART_UNSURE
    return str(template.format(size=difference_of(unit_of(indicator), part.mean), word=word))


def causes_title(division: Division) -> str:
    """The message: what the causes do to the measure. No direction when the whole has none."""
    whole, measure = division.total, division.measure
    if not whole.direction:
        return str(T.CAUSES_TITLE["unclear"])
    if not measure.direction:
        return str(T.CAUSES_TITLE["turned" if measure.mean * whole.mean <= 0 else "plain"])
    if measure.direction != whole.direction:
        return str(T.CAUSES_TITLE["turned"])
    between = abs(measure.mean) - abs(whole.mean)
    if rounds_to_nothing(division.series.indicator, between):
        return str(T.CAUSES_TITLE["plain"])
    return str(T.CAUSES_TITLE["lost" if between > 0 else "added"])


def causes_alt(name: str, rows: Sequence[WaterfallRow]) -> str:
    """The chart in words."""
    points = "; ".join(T.CAUSES_POINT.format(part=row.name, label=row.label) for row in rows)
    return str(T.CAUSES_ALT.format(name=name, points=points))


def causes_table(division: Division) -> list[tuple[str, ...]]:
    """All parts in numbers, also those that play no part."""
    indicator = division.series.indicator
    found: list[tuple[str, ...]] = []
    for part in (*division.parts, division.total):
        low, high = (amount(indicator, v, word=False) for v in (part.low, part.high))
        found.append(
            (
                name_of_part(part), amount(indicator, part.mean, word=False), S.RANGE.format(low=low, high=high),
                T.RUNS.format(agree=part.agree, runs=part.runs),
            )
        )  # fmt: skip
    return found


def causes_notes(division: Division, variants: Variants) -> list[str]:
    """How to read it: indicative; what interaction is; what was taken together, and what played no part."""
    notes = [str(T.CAUSES_NOTE)]
    if not division.interaction.nothing:
        notes.append(str(T.CAUSES_INTERACTION))
    notes += [
        T.CAUSES_TOGETHER.format(name=own(c.title), names="; ".join(own(t) for t in c.of))
        for c in variants.causes
        if c.of
    ]
    idle = [own(p.cause.title) for p in division.causes if p.nothing and p.cause is not None]
    if idle:
        notes.append(T.CAUSES_IDLE.format(names="; ".join(idle)))
    return notes
