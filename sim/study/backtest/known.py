"""What was known in a year: the facts cut off there, and the yearly series of a region in them.

Everything that a forecast learns goes through `known`, so nothing that was counted later can reach it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.data.facts import Facts
from sim.scenario.region import Region

LEAST = 3  # counts of each type before a first forecast: fewer say nothing about how much a year differs from the next


def known(facts: Facts, year: int) -> Facts:
    """The facts of this year and before; an undated fact is not known in any year."""
    return Facts(tuple(row for row in facts.rows if row.year is not None and row.year <= year))


@dataclass(frozen=True)
class Series:
    """Yearly counts of one region.

    Attributes:
        stocks: Type -> year -> children on 1 October.
        inflows: Type -> origin -> year -> children who were not there a year before; only origins of which a source
            `<origin>-<type>` stands in the region.
        outside: Type -> year -> counted inflow from all but the types themselves, for a type without such sources.
    """

    stocks: Mapping[str, Mapping[int, float]]
    inflows: Mapping[str, Mapping[str, Mapping[int, float]]]
    outside: Mapping[str, Mapping[int, float]]

    def inflow(self, kind: str) -> dict[int, float]:
        """Sum over the origins of a type, in the years in which each was counted."""
        parts = list(self.inflows[kind].values())
        if not parts:
            return {}
        return {year: sum(p[year] for p in parts) for year in parts[0] if all(year in p for p in parts)}

    @property
    def last(self) -> int:
        """Last year in which every type was counted; 0 when there is none."""
        return min((max(counts, default=0) for counts in self.stocks.values()), default=0)


def series_of(facts: Facts, prefix: str, region: Region) -> Series:
    """The yearly series of a region.

    Args:
        facts: The facts, cut or whole.
        prefix: First word of the names of its series: `<prefix>.stock.<type>`, `<prefix>.inflow.<type>.<origin>`.
        region: Which types there are, and which origins have a source.
    """
    names = set(facts.names())

    def years(name: str) -> dict[int, float]:
        return facts.years(name) if name in names else {}

    inflows: dict[str, dict[str, dict[int, float]]] = {}
    outside: dict[str, dict[int, float]] = {}
    for kind in region.place_types:
        stem = f"{prefix}.inflow.{kind}."
        origins = [n.removeprefix(stem) for n in facts.names() if n.startswith(stem)]
        inflows[kind] = {
            o: years(stem + o) for o in origins if f"{o}-{kind}" in region.sources and o != OTHER
        }
        outside[kind] = (
            {} if inflows[kind] else _outside({o: years(stem + o) for o in origins if o not in WITHIN})
        )
    return Series({k: years(f"{prefix}.stock.{k}") for k in region.place_types}, inflows, outside)


OTHER = "other"
# Origins that the model itself sends children from (a type, under its name in the tables on secondary education), and sums.
WITHIN = ("sbao", "sbo", "so", "vso", "pro", "total")


def _outside(parts: Mapping[str, Mapping[int, float]]) -> dict[int, float]:
    """Sum per year; an origin left out of a year's table is taken as in the year before."""
    total: dict[int, float] = {}
    for year in sorted({y for p in parts.values() for y in p}):
        total[year] = sum(p[max(y for y in p if y <= year)] for p in parts.values() if min(p) <= year)
    return total


def origins(series: Series) -> range:
    """Years from which a forecast can be made: from `LEAST` counts of every type (and inflow) to the year before the last."""
    counted = [*series.stocks.values(), *(c for k in series.stocks if (c := series.inflow(k)))]
    if not counted or any(len(c) < LEAST for c in counted):
        return range(0)
    first = max(sorted(c)[LEAST - 1] for c in counted)
    return range(first, series.last)
