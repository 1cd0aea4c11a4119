"""Whether a region and its evidence hang together: ids that are used exist, shares sum to 1, ages fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sim.scenario.definitions import DEFINITIONS
from sim.scenario.errors import Index, Problem, did_you_mean, listing, nearest_first, shorten
from sim.scenario.evidence import STATES, Evidence
from sim.scenario.facilities import Programme
from sim.scenario.files import Source
from sim.scenario.places import PlaceType
from sim.scenario.quantity import Quantity
from sim.scenario.region import Region
from sim.scenario.units import ANY_PROFILE, GONE, OUTSIDE

NO_PLACE = "no_place"
RESERVED = (GONE, OUTSIDE, ANY_PROFILE, "all", "start")
TOLERANCE = 1e-6


class Finder:
    """Collects the problems of one file."""

    def __init__(self, source: Source) -> None:
        """Start with none."""
        self.source = source
        self.problems: list[Problem] = []

    def add(
        self, path: tuple[Any, ...], reason: str, *, found: object = None, allowed: str = "", hint: str = ""
    ) -> None:
        """Note a problem."""
        text = "" if found is None else shorten(found)
        self.problems.append(self.source.problem(path, reason, found=text, allowed=allowed, hint=hint))

    def known(self, path: tuple[Any, ...], name: str, allowed: Iterable[str], what: str) -> bool:
        """Note a reference to something that does not exist."""
        names = list(allowed)
        if name in names:
            return True
        self.add(path, f"there is no {what} with this id", found=name,
                 allowed=listing(nearest_first(name, names)), hint=did_you_mean(name, names))  # fmt: skip
        return False

    def shares(self, path: tuple[Any, ...], shares: Mapping[Any, Quantity], *, part: bool = False) -> None:
        """Note shares that do not sum to 1 (or, for a part, that sum to more)."""
        total = sum(q.value for q in shares.values())
        if shares and (total > 1 + TOLERANCE or (not part and total < 1 - TOLERANCE)):
            wanted = "at most 1" if part else "exactly 1"
            self.add(path, f"these shares sum to {total:.6g}", allowed=f"shares that sum to {wanted}")

    def weights(self, path: tuple[Any, ...], weights: Iterable[float]) -> None:
        """Note weights that are negative or all zero."""
        numbers = list(weights)
        if numbers and (min(numbers) < 0 or sum(numbers) <= 0):
            self.add(path, "weights may not be negative, and one must be above 0", found=min(numbers))

    def month_day(self, path: tuple[Any, ...], text: str) -> None:
        """Note a month-day that some year does not have."""
        month, day = (int(part) for part in text.split("-"))
        try:
            date(2001, month, day)
        except ValueError:
            self.add(path, "not every year has this day", found=text, allowed="month and day as in 10-01")


def region_problems(region: Region, source: Source) -> list[Problem]:
    """All problems between the parts of a region."""
    f = Finder(source)
    _top(f, region)
    _unique(f, region)
    for stage, r in region.regular.items():
        path = ("regular", stage)
        _ages(f, (*path, "ages"), r.ages)
        for district in r.count:
            f.known((*path, "count", district), district, region.districts, "district")
        for district in r.growth:
            f.known((*path, "growth", district), district, r.count, "district with a count in this stage")
    for key, kind in region.place_types.items():
        _place_type(f, region, ("place_types", key), key, kind)
    _places(f, region)
    _sources(f, region)
    for key, d in region.decisions.items():
        if not d.shortest.value <= d.usual.value <= d.longest.value:
            found = f"{d.shortest.value:g}, {d.usual.value:g}, {d.longest.value:g}"
            f.add(("decisions", key), f"shortest, usual and longest must go up; they are {found}")
    fed = {s.to for s in region.sources.values()}
    for key, p in region.programmes.items():
        serves = ("programmes", key, "serves")
        if not (p.serves or p.takes or key in fed):
            f.add(serves, "children must be able to come here: serves, takes, or a source that goes to it",
                  allowed=listing(region.sources))  # fmt: skip
        if p.serves and p.unclear is None:
            f.add(("programmes", key), "a programme that serves referrals needs 'unclear'")
        for i, name in enumerate(p.serves):
            f.known((*serves, Index(i)), name, region.sources, "source")
        _programme(f, region, ("programmes", key), p)
    for key, h in region.home.items():
        f.weights(("home", key, "ages"), h.ages.values())
    _teams_and_approaches(f, region)
    _means(f, region)
    return f.problems


def _programme(f: Finder, region: Region, path: tuple[Any, ...], p: Programme) -> None:
    homes = [*region.home, *([NO_PLACE] if region.no_place else [])]
    for i, name in enumerate(p.takes):
        f.known((*path, "takes", Index(i)), name, homes, "stock at home")
    for i, name in enumerate(p.profiles):
        f.known((*path, "profiles", Index(i)), name, region.profiles, "profile")
    if p.at is not None:
        f.known((*path, "at"), p.at, region.places, "school")
    others = [k for k, other in region.programmes.items() if other is not p]
    for name in p.next:
        f.known(
            (*path, "next", name), name, [*region.place_types, *others, *region.regular, GONE],
            "type, other programme, stage or gone",
        )  # fmt: skip
    f.shares((*path, "next"), p.next)
    if p.ages is not None:
        _ages(f, (*path, "ages"), p.ages)
    if p.holds and not (p.next or p.serves):
        f.add((*path, "holds"), "a place can only be held for what follows: 'next' or 'serves' is needed")
    if p.start is not None and p.start.value > p.groups.value * p.seats.value:
        f.add((*path, "start"), "more children at the start than places", found=p.start.value,
              allowed=f"at most {p.groups.value * p.seats.value:g} (groups x places)")  # fmt: skip
    _pools(f, region, path, p.staff)


def _pools(f: Finder, region: Region, path: tuple[Any, ...], staff: Mapping[str, Quantity]) -> None:
    for name in staff:
        f.known((*path, "staff", name), name, region.staff, "staff pool")


def _teams_and_approaches(f: Finder, region: Region) -> None:
    homes = [*region.home, *([NO_PLACE] if region.no_place else [])]
    of = {
        "help": [k for k, r in region.regular.items() if r.support],
        "decision": list(region.decisions),
        "action": homes,
    }
    for key, team in region.teams.items():
        for i, name in enumerate(team.of):
            f.known(
                ("teams", key, "of", Index(i)),
                name,
                of[team.before],
                f"what a team before '{team.before}' can stand for",
            )
        _pools(f, region, ("teams", key), team.staff)
    for key, approach in region.approaches.items():
        for name in approach.since:
            f.known(("approaches", key, "since", name), name, region.districts, "district")
        for i, name in enumerate(approach.at):
            f.known(("approaches", key, "at", Index(i)), name, region.places, "school")
        _pools(f, region, ("approaches", key), approach.staff)


def _means(f: Finder, region: Region) -> None:
    """Staff pools, payers and prices name things that exist."""
    for key, kind in region.place_types.items():
        _pools(f, region, ("place_types", key), kind.staff)
        if kind.hands_from is not None:
            f.known(("place_types", key, "hands_from"), kind.hands_from, region.staff, "staff pool")
        for name in kind.exits:
            f.known(("place_types", key, "exits", name), name, region.exits, "exit")
        f.shares(("place_types", key, "exits"), kind.exits)
    for key, r in region.regular.items():
        if r.support:
            _pools(f, region, ("regular", key, "support"), r.support.staff)
        for name in r.freed_per_school:
            f.known(("regular", key, "freed_per_school", name), name, region.staff, "staff pool")
        for name in r.builds:
            f.known(("regular", key, "builds", name), name, region.districts, "district")
    for key, pool in region.staff.items():
        if pool.lends_to is not None:
            f.known(
                ("staff", key, "lends_to"),
                pool.lends_to,
                [k for k in region.staff if k != key],
                "other staff pool",
            )
    _prices(f, region)


def _prices(f: Finder, region: Region) -> None:
    for key, payer in region.payers.items():
        if payer.of is not None:
            f.known(("payers", key, "of"), payer.of, region.organisations, "organisation")
    homes = [*region.home, *([NO_PLACE] if region.no_place else [])]
    of: dict[str, Iterable[str]] = {
        "pupil": [*region.place_types, *region.regular], "ride": region.place_types, "home": homes,
        "group": region.place_types, "place": region.programmes, "staff": region.staff, "approach": region.approaches,
        "slot": [k for k, r in region.regular.items() if r.support], "request": region.decisions,
    }  # fmt: skip
    for key, price in region.prices.items():
        path = ("prices", key)
        f.known((*path, "payer"), price.payer, region.payers, "payer")
        f.known((*path, "purpose"), price.purpose, region.purposes, "purpose")
        for i, name in enumerate(price.of):
            f.known((*path, "of", Index(i)), name, of[price.per], f"what a price per '{price.per}' can be of")
            if price.profiles and name in region.regular:
                f.add((*path, "of", Index(i)), "a price for some needs cannot be of a regular stage", found=name,
                      allowed="place types, whose children have a need; or no profiles")  # fmt: skip
        for i, name in enumerate(price.profiles):
            f.known((*path, "profiles", Index(i)), name, region.profiles, "profile")


def evidence_problems(evidence: Evidence, region: Region, source: Source) -> list[Problem]:
    """All problems between an evidence register and its region."""
    f = Finder(source)
    keys = [*dict.fromkeys(d.key for d in DEFINITIONS), "state"]
    causes = [*STATES, *region.approaches, *region.programmes]
    for key, effect in evidence.effects.items():
        path = ("effects", key)
        for i, name in enumerate(effect.types):
            f.known(
                (*path, "types", Index(i)),
                name,
                [*region.place_types, *region.regular, *region.home, *region.staff],
                "place type, stage, home stock or staff pool",
            )
        f.known((*path, "cause"), effect.cause, causes, "state, approach or programme")
        if effect.cause in region.approaches and (effect.measure == "months") != (effect.acts_on == "early"):
            f.add((*path, "measure"), "an effect on 'early' is in months, any other is a ratio", found=effect.measure,
                  allowed="months" if effect.acts_on == "early" else "risk_ratio or hazard_ratio")  # fmt: skip
        if effect.cause in region.approaches and effect.measure == "elasticity":
            f.add((*path, "measure"), "an approach has no elasticity", found="elasticity",
                  allowed="risk_ratio or hazard_ratio")  # fmt: skip
        f.known((*path, "lever"), effect.lever.rpartition(".")[2], keys, "lever")
    return f.problems


def _top(f: Finder, region: Region) -> None:
    if (region.start.month, region.start.day) != (8, 1):
        f.add(("start",), "a school year starts on 1 August", found=region.start,
              allowed=f"{region.start.year}-08-01 or that day of another year")  # fmt: skip
    f.month_day(("age_date",), region.age_date)
    for i, text in enumerate(region.count_dates):
        f.month_day(("count_dates", Index(i)), text)
    for part in ("place_types", "places"):
        if not getattr(region, part):
            f.add((part,), f"a region needs at least one of its {part.replace('_', ' ')}")


def _unique(f: Finder, region: Region) -> None:
    """Types, stages, decisions, programmes and homes share one list of codes; schools stand apart."""
    seen: dict[str, str] = {name: "a reserved word" for name in RESERVED}
    if region.no_place is not None:
        seen[NO_PLACE] = "a reserved word"
    for part in (
        "place_types",
        "regular",
        "decisions",
        "programmes",
        "home",
        "teams",
        "approaches",
        "staff",
        "exits",
    ):
        for key in getattr(region, part):
            if key in seen:
                f.add(
                    (part, key),
                    f"this id is already in use ({seen[key]})",
                    found=key,
                    allowed="an id of its own",
                )
            else:
                seen[key] = f"in {part}"
    for key in region.places:
        if seen.get(key, "").startswith("in ") and seen[key] != "in place_types":
            f.add(
                ("places", key),
                f"this id is already in use ({seen[key]})",
                found=key,
                allowed="an id of its own",
            )
    for part in ("districts", "profiles", "sources"):
        for key in getattr(region, part):
            if key in RESERVED:
                f.add((part, key), "this id is a reserved word", found=key, allowed="another id")


def _ages(f: Finder, path: tuple[Any, ...], ages: tuple[int, int]) -> None:
    if ages[0] > ages[1]:
        f.add(
            path,
            "the lowest age comes first",
            found=f"[{ages[0]}, {ages[1]}]",
            allowed=f"[{ages[1]}, {ages[0]}]",
        )


def _place_type(f: Finder, region: Region, path: tuple[Any, ...], key: str, kind: PlaceType) -> None:
    if kind.decision is not None:
        f.known((*path, "decision"), kind.decision, region.decisions, "decision")
    if kind.included_in is not None:
        f.known((*path, "included_in"), kind.included_in, region.regular, "stage of regular education")
    _bands(f, path, kind)
    for i, text in enumerate(kind.list.moments):
        f.month_day((*path, "list", "moments", Index(i)), text)
    if kind.list.placement == "moments" and not kind.list.moments:
        f.add((*path, "list", "placement"), "placement at moments needs 'moments'", found="moments",
              allowed="moments: ['08-01', ...] beside it, or placement: at_once")  # fmt: skip
    for name in kind.list.priorities:
        f.known(
            (*path, "list", "priorities", name),
            name,
            [*region.profiles, *region.sources],
            "profile or source",
        )
    nexts = [*region.place_types, *region.regular, GONE]
    for name in kind.stay.next:
        f.known((*path, "stay", "next", name), name, nexts, "place type or stage")
    f.shares((*path, "stay", "next"), kind.stay.next, part=True)
    if kind.review is not None:
        _review(f, region, (*path, "review"), key, kind)
    if kind.transition is not None:
        t = kind.transition
        for name in t.to:
            f.known((*path, "transition", "to", name), name, nexts, "place type or stage")
        if not t.ages:
            f.add(
                (*path, "transition", "ages"), "at least one age is needed", allowed="age: share that leaves"
            )
        if not t.to:
            f.add((*path, "transition", "to"), "at least one destination is needed", allowed=listing(nexts))
        f.shares((*path, "transition", "to"), t.to)
        for name, shares in t.profiles.items():
            f.known((*path, "transition", "profiles", name), name, t.to, "destination of this transition")
            _profiles(f, region, (*path, "transition", "profiles", name), shares)


def _review(f: Finder, region: Region, path: tuple[Any, ...], key: str, kind: PlaceType) -> None:
    review = kind.review
    assert review is not None
    if review.back is not None and review.back_to is None:
        f.add(
            (*path, "back"),
            "back needs back_to: the stage that children go back to",
            allowed=listing(region.regular),
        )
    if review.back_to is not None:
        f.known((*path, "back_to"), review.back_to, region.regular, "stage of regular education")
    others = [name for name in region.place_types if name != key]
    for name, move in review.moves.items():
        f.known((*path, "moves", name), name, others, "other place type")
        _profiles(f, region, (*path, "moves", name, "profiles"), move.profiles)


def _profiles(f: Finder, region: Region, path: tuple[Any, ...], shares: Mapping[str, Quantity]) -> None:
    for name in shares:
        f.known((*path, name), name, region.profiles, "profile")
    f.shares(path, shares)


def _bands(f: Finder, path: tuple[Any, ...], kind: PlaceType) -> None:
    bands = kind.bands
    for i, band in enumerate(bands):
        _ages(f, (*path, "bands", Index(i)), band)
        if i and band[0] != bands[i - 1][1] + 1:
            f.add((*path, "bands", Index(i)), "age bands must follow each other without gap or overlap",
                  found=f"[{band[0]}, {band[1]}] after [{bands[i - 1][0]}, {bands[i - 1][1]}]",
                  allowed=f"a band that begins at {bands[i - 1][1] + 1}")  # fmt: skip
    f.weights((*path, "start_ages"), kind.start_ages.values())
    if not bands:
        return
    low, high = bands[0][0], bands[-1][1]
    in_transition = tuple(kind.transition.ages) if kind.transition else ()
    parts: list[tuple[tuple[str, ...], tuple[int, ...], int]] = [
        (("start_ages",), tuple(kind.start_ages), high),
        # On 1 August a child is a year older on paper, so the age of leaving may lie one above the last band.
        (("leave",), tuple(kind.leave), high + 1),
        (("transition", "ages"), in_transition, high + 1),
    ]
    for keys, ages, top in parts:
        for age in ages:
            if not low <= age <= top:
                f.add(
                    (*path, *keys, age),
                    "this age lies outside the age bands",
                    found=age,
                    allowed=f"{low} to {top}",
                )


def _places(f: Finder, region: Region) -> None:
    for key, place in region.places.items():
        path = ("places", key)
        if f.known((*path, "type"), place.type, region.place_types, "place type"):
            kind = region.place_types[place.type]
            if kind.seats == "groups" and kind.class_size is None and place.class_size is None:
                f.add(
                    path, "class_size is missing here and at the type", allowed="class_size at one of the two"
                )
        if place.district is not None:
            f.known((*path, "district"), place.district, region.districts, "district")
        for name in place.groups:
            f.known((*path, "groups", name), name, [*region.profiles, ANY_PROFILE], "profile")
        for part in ("roll", "waiting"):
            for name in getattr(place, part):
                f.known((*path, part, name), name, place.groups, "profile with groups at this place")


def _sources(f: Finder, region: Region) -> None:
    for key, s in region.sources.items():
        path = ("sources", key)
        f.known((*path, "to"), s.to, [*region.place_types, *region.programmes], "place type or programme")
        if (
            f.known((*path, "of"), s.of, [*region.regular, OUTSIDE], "stage of regular education")
            and s.of != OUTSIDE
        ):
            low, high = region.regular[s.of].ages
            for age in s.ages:
                if not low <= age <= high:
                    f.add((*path, "ages", age), f"this age lies outside the ages of '{s.of}'", found=age,
                          allowed=f"{low} to {high}")  # fmt: skip
        _profiles(f, region, (*path, "profiles"), s.profiles)
        for district in s.districts:
            f.known((*path, "districts", district), district, region.districts, "district")
        f.weights((*path, "ages"), s.ages.values())
        f.weights((*path, "districts"), s.districts.values())
        f.weights((*path, "months"), s.months)
        if s.early and s.moment == "transition":
            f.add((*path, "early"), "children who start on the next 1 August cannot be brought forward", found=True,
                  allowed="false, or moment: continuous")  # fmt: skip
        if s.at and (list(s.at) != sorted(s.at) or s.at[0] < 0):
            f.add((*path, "at"), "arrival days must go up and not lie before day 0")
        if s.support and s.of != OUTSIDE and (stage := region.regular.get(s.of)) and stage.support is None:
            f.add((*path, "support"), f"'{s.of}' gives no help, so this source cannot pass it", found=True,
                  allowed=f"false, or add 'support' to regular.{s.of}")  # fmt: skip
