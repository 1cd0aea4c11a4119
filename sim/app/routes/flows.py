"""The picture of routes, from results: which stations and ribbons are drawn, and how flows differ between scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.app.answer import children_range, claim, ranged, span
from sim.app.language import own, words
from sim.app.routes.letters import FROM, HELP, INCLUDED, LIST, PROGRAMME, REQUEST, SEAT, TO
from sim.app.scene import children
from sim.charts.bands import Spread, spread
from sim.charts.sankey import ChangeRow, SankeyLink, SankeyNode
from sim.charts.style import GREY, type_colours
from sim.indicators.counting import Floats
from sim.scenario.region import Region
from sim.study.results import DRAWN, FIXED, Results
from sim.study.routes import flows_of, stocks_of
from sim.study.shortage import WAITING
from sim.study.stations import AWAY, BACK, EXEMPT, GAVE_UP, GONE, HELPED, ON, REFUSED

T, S = words("routes"), words("shared")
LEAST = 10.0
"""Flows of fewer children a year are not drawn: one run more or less would change them."""
MOST_CHANGES = 8
_LINE = 15
_OUT = {
    BACK: f"{TO}back", ON: f"{TO}on", HELPED: f"{TO}helped", REFUSED: f"{TO}stopped", GAVE_UP: f"{TO}stopped",
    EXEMPT: f"{TO}left", AWAY: f"{TO}left", GONE: f"{TO}left",
}  # fmt: skip
_STATION = {
    "request": REQUEST, "help": HELP, "list": LIST, "agreed": LIST, "programme": PROGRAMME, "programme_list": PROGRAMME,
    "included": INCLUDED,
}  # fmt: skip
_OTHER = f"{FROM}other"

Pair = tuple[str, str]
"""Two stations of the picture."""


@dataclass(frozen=True)
class Flow:
    """Children who go from one station of the picture to another, for one kind of school.

    Attributes:
        type: Kind of school that they come from, go to or ask for; "" = none.
        here, there: Runs of the scenario and of what it is compared with, per mode.
    """

    source: str
    target: str
    type: str
    here: Mapping[str, Floats]
    there: Mapping[str, Floats]

    @property
    def pair(self) -> Pair:
        """Its two stations."""
        return self.source, self.target

    @cached_property
    def level(self) -> Spread:
        """The scenario."""
        return spread(self.here[FIXED], self.here[DRAWN])

    @cached_property
    def before(self) -> Spread:
        """What it is compared with."""
        return spread(self.there[FIXED], self.there[DRAWN])

    @cached_property
    def difference(self) -> Spread:
        """The scenario minus what it is compared with, run by run."""
        return spread(*(self.here[m] - self.there[m] for m in (FIXED, DRAWN)))


@dataclass(frozen=True)
class Picture:
    """What is drawn of one school year.

    Attributes:
        year: School year.
        nodes, links: For the chart.
        flows: All flows, also those too small to draw, the largest first.
        hidden: Children in flows that are too small.
        upward: Children who go back to an earlier station (from a seat on a list again, for example).

    Sums over flows are made run by run, so that they have a range of their own.
    """

    year: str
    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    flows: tuple[Flow, ...]
    hidden: Spread
    upward: Spread

    def count(self, source: str = "", target: str = "") -> Spread:
        """Children from a station (or any) to one (or any), of those that are counted; stations may be a prefix (`seat:`)."""
        return together(
            f for f in self.flows if f.source.startswith(source) and f.target.startswith(target)
        ).level


def together(found: Iterable[Flow], source: str = "", target: str = "") -> Flow:
    """Flows as one, summed run by run; no flows are a flow of no children."""
    mine = list(found)
    none = {FIXED: np.zeros(1), DRAWN: np.zeros(0)}
    here, there = (
        {m: sum((side[m] for side in sides[1:]), sides[0][m]) for m in (FIXED, DRAWN)} if sides else none
        for sides in ([f.here for f in mine], [f.there for f in mine])
    )
    return Flow(source, target, "", here, there)


def flows(results: Results, scenario: str, year: str) -> tuple[Flow, ...]:
    """Flows between the stations of the picture in one school year, the largest first."""
    region = results.baseline.region
    found: dict[tuple[str, str, str], dict[tuple[str, str], Floats]] = {}
    nothing = np.zeros(results.replications)
    for who, key in (("here", scenario), ("there", results.baseline.id)):
        for mode in (FIXED, DRAWN):
            for (start, goal), values in flows_of(results, key, year, mode).items():
                source, target = _station(start, region, out=False), _station(goal, region, out=True)
                if source == target:
                    continue
                cell = found.setdefault((source, target, _type(start, goal, region)), {})
                cell[who, mode] = cell.get((who, mode), nothing) + values
    made = [
        Flow(
            *key,
            here={m: cell.get(("here", m), _none(results, scenario, m)) for m in (FIXED, DRAWN)},
            there={m: cell.get(("there", m), _none(results, results.baseline.id, m)) for m in (FIXED, DRAWN)},
        )
        for key, cell in found.items()
    ]
    return tuple(sorted(made, key=lambda f: (-_mean(f), f.source, f.target, f.type)))


def picture(results: Results, scenario: str, year: str, letters: Mapping[str, str] | None = None) -> Picture:
    """What is drawn of one school year.

    Args:
        results: With flows.
        scenario: Scenario in colour.
        year: School year.
        letters: Station -> letters of sliders.
    """
    region, every = results.baseline.region, flows(results, scenario, year)
    rows = rows_of(region)
    down = [f for f in every if rows[f.source] < rows[f.target]]
    upward = together(f for f in every if rows[f.source] >= rows[f.target]).level
    links, hidden = _links(down, region)
    there = {n for link in links for n in (link.source, link.target)}
    drawn = stocks_of(results, scenario, year, mode=DRAWN)
    stock = {
        _station(name, region, out=False): spread(values, drawn.get(name, np.empty(0)))
        for name, values in stocks_of(results, scenario, year).items()
        if name.startswith(SEAT)
    }
    colours = type_colours(list(region.place_types))
    nodes = tuple(
        _node(n, region, rows, every, stock, colours, (letters or {}).get(n, ""))
        for n in sorted(there, key=lambda n: (rows[n], _place(n, region)))
    )
    return Picture(year, nodes, tuple(links), every, hidden, upward)


def change_rows(found: Sequence[Flow], region: Region) -> list[ChangeRow]:
    """The flows between two stations that differ most between scenarios, kinds of school together where they go on together."""
    pairs: dict[Pair, list[Flow]] = {}
    for f in found:
        pairs.setdefault(f.pair, []).append(f)
    rows = []
    for (source, target), mine in pairs.items():
        one = together(mine, source, target)
        d = one.difference
        if max(one.level.middle, one.before.middle) < LEAST or not d.known or d.nothing:
            continue
        rows.append((abs(d.middle), one, d))
    rows.sort(key=lambda r: (-r[0], r[1].pair))
    colours = type_colours(list(region.place_types))
    out = []
    for _, f, d in rows[:MOST_CHANGES]:
        low, high = d.outer
        sure = bool(claim(WAITING, d.outer))
        kind = next((n.removeprefix(SEAT) for n in (f.target, f.source) if n.startswith(SEAT)), "")
        name = T.FROM_TO.format(source=plain(f.source, region), target=plain(f.target, region))
        out.append(
            ChangeRow(
                name, d.middle, low, high, difference_words(d), sure, colours.get(kind, GREY)
            )
        )  # fmt: skip
    return out


def difference_words(d: Spread) -> str:
    """A difference in words, with its range: "15 tot 40 meer", or that it is not clear."""
    told = span(WAITING, d.outer)
    return told if claim(WAITING, d.outer) else str(T.UNCLEAR.format(range=told))


def plain(station: str, region: Region) -> str:
    """Name of a station in a sentence or a table."""
    short: dict[str, str] = T.SHORT
    return short.get(station.replace(":", "_")) or name(station, region).replace("<br>", " ")


def name(station: str, region: Region) -> str:
    """Name of a station, with its line breaks."""
    if station.startswith(SEAT):
        return _folded(own(region.place_types[station.removeprefix(SEAT)].title))
    key = station.removeprefix(FROM)
    if station.startswith(FROM) and key in region.regular:
        return _folded(own(region.regular[key].title))
    return str(T.STATIONS[station.replace(":", "_")])


def _folded(title: str) -> str:
    """A long title on more lines."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def _mean(f: Flow) -> float:
    middle = f.level.middle
    return 0.0 if np.isnan(middle) else middle


def _none(results: Results, scenario: str, mode: str) -> Floats:
    """Zero in every run that was done; nothing in a mode that was not asked."""
    if (scenario, mode) not in results.done:
        return np.empty(0)
    return np.where(results.done[scenario, mode], 0.0, np.nan)


def _station(text: str, region: Region, *, out: bool) -> str:
    """Station of the picture for a station, source or exit of the results."""
    kind, _, type_ = text.partition(":")
    if kind == "seat":
        return f"{SEAT}{type_}"
    if kind in _STATION:
        return _STATION[kind]
    if out:
        return _OUT.get(kind, f"{TO}exit")
    if kind in region.sources:
        return f"{FROM}{region.sources[kind].of}"
    return _OTHER


def _type(start: str, goal: str, region: Region) -> str:
    """Kind of school of a flow: the one that it leads to, else the one from which it comes."""
    for text in (goal, start):
        type_ = text.partition(":")[2]
        if type_ in region.place_types:
            return type_
    return ""


def _depth(region: Region) -> dict[str, int]:
    """Kinds of school in the order of a school career: a kind stands below those whose last year leads to it."""
    kinds = region.place_types
    depth = dict.fromkeys(kinds, 0)
    for _ in kinds:
        for k, model in kinds.items():
            for to in model.transition.to if model.transition else ():
                if to in depth and to != k:
                    depth[to] = min(max(depth[to], depth[k] + 1), len(kinds))
    return depth


def rows_of(region: Region) -> dict[str, int]:
    """Row of every station of the picture, from top to bottom."""
    depth = _depth(region)
    first, last = 4, 5 + max(depth.values(), default=0)
    rows = {f"{FROM}{k}": 0 for k in (*region.regular, "outside", "other")}
    rows |= {
        HELP: 1,
        REQUEST: 2,
        f"{TO}helped": 2,
        LIST: 3,
        PROGRAMME: 3,
        INCLUDED: first,
        f"{TO}stopped": first,
    }
    rows |= {f"{SEAT}{k}": first + d for k, d in depth.items()}
    rows |= {f"{TO}{k}": last for k in ("back", "on", "exit", "left")}
    return rows


def _place(station: str, region: Region) -> float:
    """Where in its row: kinds of the first school years left, later ones right, so that ribbons do not cross."""
    fixed = {
        HELP: 0.35, REQUEST: 0.4, f"{TO}helped": 0.02, LIST: 0.42, PROGRAMME: 0.93, INCLUDED: 0.86, f"{TO}stopped": 0.97,
        f"{TO}back": 0.9, f"{TO}on": 0.12, f"{TO}exit": 0.5, f"{TO}left": 0.97, f"{FROM}outside": 0.9, _OTHER: 0.98,
    }  # fmt: skip
    if station in fixed:
        return fixed[station]
    if station.startswith(FROM):
        stages = list(region.regular)
        return 0.3 + 0.4 * stages.index(station.removeprefix(FROM)) / max(1, len(stages) - 1)
    depth, kind = _depth(region), station.removeprefix(SEAT)
    row = [k for k in region.place_types if depth[k] == depth[kind]]
    return 0.08 + 0.3 * bool(depth[kind]) + 0.42 * row.index(kind) / max(1, len(row) - 1)


def _links(down: Sequence[Flow], region: Region) -> tuple[list[SankeyLink], Spread]:
    """Ribbons: one per kind of school, small ones of one pair of stations together; and what is too small even so."""
    colours = type_colours(list(region.place_types))
    found: list[SankeyLink] = []
    hidden: list[Flow] = []
    small: dict[Pair, list[Flow]] = {}
    for f in down:
        if _mean(f) >= LEAST:
            found.append(SankeyLink(*f.pair, _mean(f), colours.get(f.type, GREY), _tip(f, region)))
        else:
            small.setdefault(f.pair, []).append(f)
    for pair, rest in small.items():
        one = together(rest, *pair)
        if _mean(one) >= LEAST:
            told = {"children": children(_mean(one)), "range": children_range(*one.level.outer)}
            tip = T.TIP_FLOW_SMALL.format(name=_pair(pair, region), **told)
            found.append(SankeyLink(*pair, _mean(one), GREY, tip))
        else:
            hidden += rest
    return found, together(hidden).level


def _tip(f: Flow, region: Region) -> str:
    kind = own(region.place_types[f.type].title) if f.type else ""
    label = _pair(f.pair, region)
    if kind and kind not in label:
        label = f"{label} ({kind})"
    return str(
        T.TIP_FLOW.format(name=label, children=children(_mean(f)), range=children_range(*f.level.outer))
    )


def _pair(pair: Pair, region: Region) -> str:
    return str(T.FROM_TO.format(source=plain(pair[0], region), target=plain(pair[1], region)))


def at_station(every: Sequence[Flow], station: str, *, comes: bool) -> Flow:
    """All who come to a station, or all who leave it, as one flow."""
    mine = [f for f in every if (f.target if comes else f.source) == station]
    return together(mine, "" if comes else station, station if comes else "")


def _node(
    station: str, region: Region, rows: Mapping[str, int], every: Sequence[Flow], stock: Mapping[str, Spread],
    colours: Mapping[str, str], letters: str,
) -> SankeyNode:  # fmt: skip
    came, went = (at_station(every, station, comes=comes).level for comes in (True, False))
    number = went if station.startswith(FROM) else came
    tip = T.TIP_STATION.format(name=plain(station, region), came=ranged(came), went=ranged(went))
    if station in stock:
        tip += T.TIP_STOCK.format(children=ranged(stock[station]))
    return SankeyNode(
        station, name(station, region), rows[station], _place(station, region),
        colours.get(station.removeprefix(SEAT), GREY), children(number.middle), tip, letters,
    )  # fmt: skip
