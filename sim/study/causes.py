"""Why a scenario differs from carrying on: which causes there are, and the pairs of runs without each of them.

A cause is something that *answers* to what was decided: a feedback loop of the model (`docs/feedback.md`), or an effect of
the evidence register that the scenario brings in. `sim.study.parts_by_cause` divides the change over them.

Only what can matter is run. A loop is asked about when the scenario moves a lever that it answers to, an effect when the
scenario moves its cause. Not a cause are mechanisms that any year has whatever is decided (growth, ages, moving house),
those that *are* a measure (help, declarations, meetings, money), and those that say how something is counted (who waits at
home). What stands in two registers stands here once: that more seats bring more requests is a loop, and its row in the
evidence register is not listed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sim.scenario.evidence import NO_EFFECT, Effect
from sim.scenario.levers import Lever, levers_of
from sim.scenario.quantity import Text
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario

MOST = 8
"""Causes of one scenario at most: each asks for two more scenarios to be run."""

Kind = Literal["effect", "loop"]
_WITHOUT, _ALL = "--without-", "all"
_HELP = ("regular.support_slots", "special.staff_to_regular", "staff.lent", "regular.schools_closed")
_PEOPLE = ("special.hands", *_HELP, "staff.extra", "staff.training")


@dataclass(frozen=True)
class Cause:
    """Something that answers to a decision, and can be switched off.

    Attributes:
        id: Kebab-case, unique among the causes of one scenario.
        title: What happens, in words.
        kind: An effect of the evidence register, or a loop.
        mechanisms: Switches of the region that it goes by.
        effects: Ids of the effects that it goes by.
        of: What is in it, when several causes are taken together; else empty.
    """

    id: str
    title: Text
    kind: Kind
    mechanisms: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    of: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Loop:
    """A loop with the levers (`role.key`) that it answers to; () = all of them, because it answers to the list itself."""

    cause: Cause
    moved_by: tuple[str, ...] = ()


def _loop(id_: str, nl: str, en: str, mechanisms: tuple[str, ...], *moved_by: str) -> _Loop:
    return _Loop(Cause(id_, Text(nl=nl, en=en), "loop", mechanisms), moved_by)


# In order of how often they decide: what comes last is taken together first when there are too many.
_LOOPS = (
    _loop("staff", "Er zijn te weinig mensen te vinden", "Too few people can be found", ("staff",),
          "approach.coverage", "programme.groups", "special.groups", *_PEOPLE),
    _loop("crowding", "Vollere groepen: onrust, ziekte en minder kinderen terug",
          "Fuller groups: unrest, illness and fewer children going back", ("crowding", "sickness"),
          "special.class_size", "special.hands", "special.groups", "staff.extra", "staff.lent", "staff.training"),
    _loop("induced-demand", "Meer plaatsen kan meer aanmeldingen geven", "More seats may bring more requests",
          ("induced_demand",)),
    _loop("step-up", "Kinderen die later naar een zwaardere soort gaan", "Children who later go to a more intensive type",
          ("step_up",), "special.intake"),
    _loop("programmes", "Een tijdelijke plek heeft zelf een wachtlijst", "A temporary place has a list of its own",
          ("programmes", "blocking"),
          "programme.groups", "programme.seats", "programme.stay_weeks", "programme.gate"),
    _loop("moments", "Plaatsen worden op vaste momenten verdeeld", "Seats are given out at fixed moments", ("moments",),
          "special.placement_moments", "special.at_vacancy"),
    _loop("easy-access", "Makkelijker aanvragen kan meer aanvragen geven", "An easier application may bring more requests",
          ("easy_access",), "decision.weeks", "decision.required"),
    _loop("exits", "Wie eerder van school kan, maakt plaats", "Who can leave school sooner makes room", ("exits",),
          "special.exit_places"),
    _loop("school-closure", "Kinderen wisselen van school, leraren komen vrij",
          "Children change school, teachers come free", ("school_closure",), "regular.schools_closed"),
    _loop("training", "Studenten kosten eerst begeleiding", "Students first take supervision", ("training",),
          "staff.training"),
    _loop("returns-need-help", "Wie terugkomt, heeft ook hulp nodig", "Who comes back needs help as well",
          ("returns_need_help",), *_HELP),
    _loop("waiting", "Wie lang wacht, stopt met wachten of heeft later meer hulp nodig",
          "Who waits long gives up, or needs more help later", ("waiting_needs", "reneging")),
    _loop("fading", "Een aanpak slijt als mensen komen en gaan", "An approach wears off as people come and go",
          ("fading",), "approach.coverage"),
)  # fmt: skip
# Causes of effects that are states, when a scenario moves what makes them: the others go by a loop.
_STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "support": ("help", _HELP), "hands": ("hands", ("special.hands",)),
    "included_helped": ("included", ("special.intake",)), "included_alone": ("included", ("special.intake",)),
}  # fmt: skip
_TITLES = {
    "help": Text(
        nl="Hulp op de gewone school: minder verwijzingen",
        en="Help in the regular school: fewer referrals",
    ),
    "hands": Text(nl="Extra handen in de groep", en="Extra hands in the group"),
    "included": Text(
        nl="Hoe het kinderen vergaat die op de gewone school blijven",
        en="How children fare who stay in the regular school",
    ),
    "other-effects": Text(nl="Andere effecten samen", en="Other effects together"),
    "other-loops": Text(nl="Andere terugwerkingen samen", en="Other feedback together"),
}


@dataclass(frozen=True)
class Variants:
    """A scenario and its baseline, and both without each cause and without all of them.

    Attributes:
        baseline: What it is compared with.
        scenario: The scenario.
        causes: What is switched off, one at a time.
    """

    baseline: Scenario
    scenario: Scenario
    causes: tuple[Cause, ...]

    def ids(self, cause: str = "") -> tuple[str, str]:
        """Ids of the baseline and of the scenario without one cause; "" = with everything on, "all" = without any."""
        if not cause:
            return self.baseline.id, self.scenario.id
        return f"{self.baseline.id}{_WITHOUT}{cause}", f"{self.scenario.id}{_WITHOUT}{cause}"

    @cached_property
    def others(self) -> tuple[Scenario, ...]:
        """All scenarios to run beside the baseline, in pairs.

        Runs with central values only: a drawn future draws the size of an effect again, also of one that is off.
        """
        found = [self.scenario]
        for cause in (*self.causes, None) if self.causes else ():
            off = self.causes if cause is None else (cause,)
            names = self.ids(_ALL if cause is None else cause.id)
            for scenario, name in zip((self.baseline, self.scenario), names, strict=True):
                found.append(without(scenario, off).model_copy(update={"id": name}))
        return tuple(found)


def variants_of(baseline: Scenario, scenario: Scenario, most: int = MOST) -> Variants:
    """The pairs that are worth running to say why a scenario differs from a baseline."""
    return Variants(baseline, scenario, causes_of(baseline, scenario, most))


def causes_of(baseline: Scenario, scenario: Scenario, most: int = MOST) -> tuple[Cause, ...]:
    """Causes that can play a part in the difference between two scenarios: effects first, then loops.

    Half of the room is for effects and half for loops; what one side leaves, the other takes. Effects stand one by one
    while they fit, then by the approach that brings them; what still does not fit is taken together.

    Args:
        baseline: What it is compared with.
        scenario: The scenario.
        most: Causes at most.
    """
    moved = _moved(baseline, scenario)
    keys = {f"{lever.definition.role}.{lever.definition.key}" for lever in moved}
    loops = list(_loops(scenario.region, moved, keys))
    brought = {
        name: group
        for name, effect in scenario.effects.items()
        if effect.size.value != NO_EFFECT[effect.measure] and (group := _group(effect, moved, keys))
    }
    room = max(most - len(loops), most // 2)
    effects = [
        Cause(name.replace("_", "-"), scenario.effects[name].title, "effect", (), (name,)) for name in brought
    ]
    if len(effects) > room:
        effects = _by_group(scenario.region, brought)
    return (
        *_at_most(effects, room, "other-effects"),
        *_at_most(loops, most - min(len(effects), room), "other-loops"),
    )


def without(scenario: Scenario, causes: Iterable[Cause]) -> Scenario:
    """The same scenario with these causes switched off."""
    off = tuple(causes)
    mechanisms = {name: False for cause in off for name in cause.mechanisms}
    effects = {name for cause in off for name in cause.effects}
    region = scenario.region
    switched = region.mechanisms.model_copy(update=mechanisms)
    return scenario.model_copy(
        update={
            "region": region.model_copy(update={"mechanisms": switched}),
            "effects": {
                name: row.without() if name in effects and not _idle(scenario, row) else row
                for name, row in scenario.effects.items()
            },
        }
    )


def _idle(scenario: Scenario, effect: Effect) -> bool:
    """True when nobody is reached, today or later: then the effect is off already, and its run is known."""
    approach = scenario.region.approaches.get(effect.cause)
    return (
        approach is not None
        and approach.coverage.value == 0
        and not approach.since
        and f"{effect.cause}.coverage" not in scenario.levers
    )


def _moved(baseline: Scenario, scenario: Scenario) -> list[Lever]:
    """Levers on which the two differ."""
    known = levers_of(scenario.region)
    paths = dict.fromkeys([*scenario.levers, *baseline.levers])
    return [
        known[path]
        for path in paths
        if path in known and scenario.levers.get(path) != baseline.levers.get(path)
    ]


def _loops(region: Region, moved: Sequence[Lever], keys: AbstractSet[str]) -> Iterator[Cause]:
    for loop in _LOOPS:
        on = tuple(name for name in loop.cause.mechanisms if getattr(region.mechanisms, name))
        if not on or not moved or (loop.moved_by and keys.isdisjoint(loop.moved_by)):
            continue
        if loop.cause.id == "staff" and not any(_asks_staff(region, lever) for lever in moved):
            continue
        yield Cause(loop.cause.id, loop.cause.title, "loop", on)


def _asks_staff(region: Region, lever: Lever) -> bool:
    """True when what a lever moves takes people, or brings or takes them."""
    match lever.definition.role:
        case "approach":
            return bool(region.approaches[lever.owner].staff)
        case "programme":
            return bool(region.programmes[lever.owner].staff)
        case "special" if lever.definition.key == "groups":
            return bool(region.place_types[lever.owner].staff)
        case role:
            return f"{role}.{lever.definition.key}" in _PEOPLE


def _group(effect: Effect, moved: Sequence[Lever], keys: AbstractSet[str]) -> str:
    """What brings an effect in: an approach, a programme or a state that the scenario moves; "" when it moves none."""
    if effect.cause in _STATES:
        name, moved_by = _STATES[effect.cause]
        return name if not keys.isdisjoint(moved_by) else ""
    owners = {lever.owner for lever in moved if lever.definition.role in ("approach", "programme")}
    return effect.cause if effect.cause in owners else ""


def _by_group(region: Region, brought: dict[str, str]) -> list[Cause]:
    """One cause per approach, programme or state."""
    found = []
    for group in dict.fromkeys(brought.values()):
        model = region.approaches.get(group) or region.programmes.get(group)
        title = _TITLES[group] if model is None else model.title
        found.append(Cause(group, title, "effect", (), tuple(n for n, g in brought.items() if g == group)))
    return found


def _at_most(causes: Sequence[Cause], room: int, name: str) -> list[Cause]:
    """The first causes, and the others taken together when there is no room for all."""
    if len(causes) <= room:
        return list(causes)
    kept, rest = causes[: room - 1], causes[room - 1 :]
    together = Cause(
        name, _TITLES[name], rest[0].kind,
        tuple(m for c in rest for m in c.mechanisms), tuple(e for c in rest for e in c.effects), tuple(c.title for c in rest),
    )  # fmt: skip
    return [*kept, together]
