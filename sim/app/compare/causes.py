"""Vergelijk, the causes: the parts of a change as rows, a title, and words. Pure: a division in, words and rows out."""

from __future__ import annotations

from collections.abc import Sequence

from sim.app.answer import claim
from sim.app.language import own, words
from sim.app.scene import amount, difference_of, rounds_to_nothing, unit_of
from sim.charts.bands import fewest
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
    return [
        WaterfallRow(name_of_part(p), part_label(division, p), p.piece, p.mean, p.low, p.high) for p in shown
    ]


def name_of_part(part: Part) -> str:
    """What a part is called."""
    if part.cause is not None:
        return own(part.cause.title)
    return str({"measure": T.MEASURE, "interaction": T.INTERACTION, "total": T.TOTAL}[part.piece])


def part_label(division: Division, part: Part) -> str:
    """How much a part is, in which direction; "not certain" when its band holds zero or has too few pairs."""
    indicator = division.series.indicator
    if rounds_to_nothing(indicator, part.mean):
        return str(T.PART_NOTHING)
    word = S.MORE if part.mean > 0 else S.LESS
    template = T.PART if _certain(division, part) else T.PART_UNSURE
    return str(template.format(size=difference_of(unit_of(indicator), part.mean), word=word))


def causes_title(division: Division) -> str:
    """The message: what the causes do to the measure.

    No direction when the whole has none, and nothing is lost or added when what answers to the measure has none: its own
    band decides, because the measure and the whole differ pair by pair.
    """
    whole, measure, answer = (
        _certain(division, p) for p in (division.total, division.measure, division.answer)
    )
    if not _enough(division):
        kind = "few"
    elif not whole:
        kind = "unclear"
    elif not answer:
        kind = "plain"
    elif measure == whole:
        kind = "added" if answer == whole else "lost"
    elif measure or division.measure.mean * division.total.mean <= 0:
        kind = "turned"
    else:
        kind = "plain"
    return str(T.CAUSES_TITLE[kind])


def _enough(division: Division) -> bool:
    return division.runs >= fewest(division.asked)


def _certain(division: Division, part: Part) -> int:
    """+1 or -1 when a part may be called more or less, as with any other band of differences."""
    return claim(division.series.indicator, (part.low, part.high)) if _enough(division) else 0


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
