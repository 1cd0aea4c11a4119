"""The letters of sliders, and where on the picture of routes each of them acts.

A lever acts where its owner stands: groups of a type on its school, a team on what it decides, an approach on the chances that
the evidence register says it changes. What acts on no flow (staff, children at home) has a letter too, but no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from sim.scenario.levers import Lever
from sim.scenario.scenario import Scenario
from sim.scenario.units import OUTSIDE

K = TypeVar("K")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HELP, REQUEST, LIST, PROGRAMME, INCLUDED = "help", "request", "list", "programme", "included"
FROM, SEAT, TO = "from:", "seat:", "out:"
Elsewhere = Literal["staff", "home", "costs"]
ON_THE_LIST = ("discipline", "placement_moments", "at_vacancy", "one_list", "mandate")
# Where a chance of the evidence register stands in the picture; the first that is known decides.
_HOOKS = {
    "referral": REQUEST,
    "early": HELP,
    "help_places": HELP,
    "refusal": LIST,
    "giving_up": LIST,
    "back": f"{TO}back",
    "exit": f"{TO}exit",
    "again": REQUEST,
}
_TYPED = ("step_up", "failed_start", "crowding")
_ELSEWHERE: dict[str, Elsewhere] = {
    "staff_leaving": "staff",
    "sickness": "staff",
    "sent_home": "staff",
    "incidents": "staff",
    "absence": "home",
    "closing": "home",
    "at_home": "home",
    "exemption": "home",
    "transport": "costs",
}


class HasPath(Protocol):
    """Whatever has the path of a lever: a knob, or a lever itself."""

    @property
    def path(self) -> str:
        """Path of the lever."""
        ...


@dataclass(frozen=True)
class Spot:
    """Where a lever acts.

    Attributes:
        node: Id of a station; "" = at none.
        source: With a source, the flow from there to `node` is meant.
        elsewhere: What it acts on when that is no flow.
    """

    node: str = ""
    source: str = ""
    elsewhere: Elsewhere | Literal[""] = ""


def letters(knobs: Iterable[HasPath]) -> dict[str, str]:
    """Path -> letter, in the order of the knobs: A, B, C …, and AA after Z.

    Args:
        knobs: `knobs_of(scenario)`: those that the scenario sets and a few main ones. Knobs that stand only in the long list
            of Verken have no letter, so that opening it changes no letter.
    """
    found: dict[str, str] = {}
    for knob in knobs:
        if knob.path not in found:
            first, second = divmod(len(found), len(ALPHABET))
            found[knob.path] = (ALPHABET[first - 1] if first else "") + ALPHABET[second]
    return found


def spot(lever: Lever, scenario: Scenario) -> Spot:
    """Where on the picture a lever acts."""
    owner, key, region = lever.owner, lever.definition.key, scenario.region
    match lever.definition.role:
        case "special":
            if key in ON_THE_LIST:
                return Spot(f"{SEAT}{owner}", LIST)
            if key == "exit_places":
                return Spot(f"{TO}exit", f"{SEAT}{owner}")
            return Spot(HELP) if key == "staff_to_regular" else Spot(f"{SEAT}{owner}")
        case "programme":
            return Spot(PROGRAMME)
        case "decision":
            return Spot(REQUEST)
        case "regular":
            return Spot(HELP) if key == "support_slots" else Spot(f"{FROM}{owner}")
        case "source":
            of = region.sources[owner].of
            return Spot(f"{FROM}{OUTSIDE if of == OUTSIDE else of}")
        case "team":
            before = region.teams[owner].before
            return {"help": Spot(HELP), "decision": Spot(REQUEST)}.get(before, Spot(elsewhere="home"))
        case "approach":
            return _of_approach(owner, scenario)
    return Spot(elsewhere="staff")


def _of_approach(owner: str, scenario: Scenario) -> Spot:
    """An approach acts where its effects do; most of its effects on flows come before those on staff or absence."""
    rows = [effect for effect in scenario.effects.values() if effect.cause == owner]
    for row in rows:
        if row.acts_on in _HOOKS:
            return Spot(_HOOKS[row.acts_on])
    for row in rows:
        if row.acts_on in _TYPED:
            kinds = [t for t in row.types if t in scenario.region.place_types]
            if kinds:
                return Spot(f"{SEAT}{kinds[0]}")
    for row in rows:
        if row.acts_on in _ELSEWHERE:
            return Spot(elsewhere=_ELSEWHERE[row.acts_on])
    return Spot(elsewhere="staff")


def at_nodes(spots: Mapping[str, Spot], named: Mapping[str, str], drawn: Sequence[str]) -> dict[str, str]:
    """Station -> letters that stand there, with a blank between; only stations that are drawn."""
    return _collect({p: s.node for p, s in spots.items() if s.node in drawn and not s.source}, named)


def at_flows(
    spots: Mapping[str, Spot], named: Mapping[str, str], drawn: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Flow -> letters that stand there; only flows that are drawn."""
    there = set(drawn)
    return _collect(
        {p: (s.source, s.node) for p, s in spots.items() if s.source and (s.source, s.node) in there}, named
    )


def _collect(places: Mapping[str, K], named: Mapping[str, str]) -> dict[K, str]:
    found: dict[K, list[str]] = {}
    for path, place in places.items():
        found.setdefault(place, []).append(named[path])
    return {place: " ".join(names) for place, names in found.items()}
