"""The uncertain numbers behind the places of one type: who comes, how they grow, how long they stay, how full groups are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.describe import number_rows
from sim.scenario.quantity import Quantity, Text
from sim.scenario.scenario import Scenario

MOST = 10
_PER_YEAR = ("trend", "growth")


@dataclass(frozen=True)
class Assumption:
    """Numbers that are moved together.

    Attributes:
        title: What it is.
        low, high: Path -> value at the lowest and at the highest end of the range.
        grade: The lowest grade among them.
        width: Width of the range beside the value; of a growth, over all years of the horizon.
    """

    title: Text
    low: dict[str, float]
    high: dict[str, float]
    grade: str
    width: float


def assumptions(scenario: Scenario, kind: str) -> tuple[Assumption, ...]:
    """The widest uncertain numbers behind a type, the widest first.

    Args:
        scenario: The scenario.
        kind: The type.
    """
    graded = scenario.quantities()
    titles = {row.path: row.title for row in number_rows(scenario)}
    found = []
    for stem in dict.fromkeys(_stems(scenario, kind)):
        paths = [
            p
            for p in graded
            if (p == stem or p.startswith(f"{stem}."))
            and graded[p].range not in (None, (graded[p].value,) * 2)
        ]
        if paths:
            found.append(
                _together(scenario, {p: graded[p] for p in paths}, titles[paths[0]], single=paths == [stem])
            )
    return tuple(sorted(found, key=lambda a: -a.width)[:MOST])


def _stems(scenario: Scenario, kind: str) -> Iterator[str]:
    """Paths of the numbers, or of the mappings of numbers that are moved together."""
    region = scenario.region
    for name, source in region.sources.items():
        if source.to == kind:
            yield from (f"region.sources.{name}.{part}" for part in ("rate", "flow", "trend"))
            if source.of in region.regular:
                yield f"region.regular.{source.of}.growth"
    own = f"region.place_types.{kind}"
    yield from (
        f"{own}.{part}"
        for part in ("stay.mean", "review.back", "transition.ages", "leave", "moving", "class_size")
    )
    yield from (f"{own}.review.moves.{to}.rate" for to in region.place_types)
    yield f"{own}.list.patience"
    for other in region.place_types:
        yield f"region.place_types.{other}.review.moves.{kind}.rate"
        yield f"region.place_types.{other}.transition.to.{kind}"
    yield from (f"region.places.{place}.class_size" for place, p in region.places.items() if p.type == kind)
    for name, effect in scenario.effects.items():
        if effect.lever == "groups" and kind in effect.types:
            yield f"effects.{name}.size"


def _together(scenario: Scenario, graded: dict[str, Quantity], title: Text, *, single: bool) -> Assumption:
    low, high, widths = {}, {}, []
    for path, q in graded.items():
        assert q.range is not None
        low[path], high[path] = q.range
        width = q.range[1] - q.range[0]
        per_year = any(part in path.split(".") for part in _PER_YEAR)
        widths.append(width * scenario.total_years if per_year else width / max(abs(q.value), 1e-9))
    if not single:  # "of what, for whom": the last part tells the members apart
        title = Text(nl=_without_member(title.nl), en=_without_member(title.en))
    return Assumption(
        title, low, high, max(q.grade or "" for q in graded.values()), sum(widths) / len(widths)
    )


def _without_member(title: str) -> str:
    parts = title.split(" · ")
    return " · ".join(parts[:-2] + parts[-1:]) if len(parts) > 2 else title
