"""Whether the changes of a scenario fit the levers of its region."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import combinations
from typing import Any

from sim.scenario.errors import Index, Problem, did_you_mean, listing, nearest_first, shorten
from sim.scenario.levers import Change, Lever, Where, levers_of
from sim.scenario.references import Finder
from sim.scenario.region import Region
from sim.scenario.together import joint_levers, members

Changes = dict[str, tuple[Change, ...]]


def lever_problems(changes: Changes, region: Region, f: Finder, *, shock: bool = False) -> list[Problem]:
    """All problems of the levers that one file sets itself; only a `shock` may set what nobody decides."""
    levers = levers_of(region)
    for path, those in changes.items():
        if several := members(path, region):
            for member in several:
                _lever(f, path, those, levers[member], region, shock)
        elif path not in levers:
            owners = {lever.owner for lever in levers.values()}
            owner = path.rpartition(".")[0]
            of_owner = [name for name in levers if levers[name].owner == owner] if owner in owners else []
            every = [*levers, *joint_levers(region)]
            f.add(("levers", path), "unknown lever", allowed=listing(of_owner or nearest_first(path, every)),
                  hint=did_you_mean(path, every))  # fmt: skip
        else:
            _lever(f, path, those, levers[path], region, shock)
    f.problems = list(dict.fromkeys(f.problems))  # a joint lever that is wrong is wrong for each of its types
    return f.problems


def _lever(
    f: Finder, path: str, those: tuple[Change, ...], lever: Lever, region: Region, shock: bool
) -> None:
    if lever.definition.shock and not shock:
        f.add(("levers", path), "nobody decides this: it happens to a city",
              allowed="this lever in a scenario of kind 'shock' only")  # fmt: skip
        return
    for i, change in enumerate(those):
        _change(f, ("levers", path, Index(i)), lever, change, region)


def clashes(changes: Changes, origin: dict[str, str], f: Finder) -> list[Problem]:
    """Two `set` of one lever, in force at one time in one place: nobody could say which of them holds.

    Two that set the same value at once agree, so ideas that share a measure can be combined.
    """
    for path, those in changes.items():
        for a, b in combinations([c for c in those if c.op == "set"], 2):
            if _same_time(a, b) and _same_place(a.where, b.where) and not _agree(a, b):
                first, later = sorted((a, b), key=lambda c: c.from_)
                hint = f"Give the first one 'until: {later.from_}'." if first.from_ < later.from_ else ""
                where = origin.get(path, "")
                f.add(("levers", path), f"two 'set' at one time, from {first.from_} and from {later.from_}",
                      allowed="one 'set' at a time; 'scale' and 'add' may come on top",
                      hint=hint or (f"Set at {where}." if where else "Take one away."))  # fmt: skip
    return f.problems


def normal(changes: Changes, region: Region) -> Changes:
    """The same changes with one way of writing: a switch is 0 or 1; equal meaning gives an equal hash."""
    levers = levers_of(region)
    return {
        path: tuple(
            c.model_copy(update={"set": float(c.set or 0.0)})
            if levers[path].definition.kind == "switch"
            else c
            for c in those
        )
        for path, those in changes.items()
        if those
    }


def today_at(region: Region, path: str, where: Where) -> float | str:
    """Today's value of a lever in the part of the region that `where` names."""
    places = {
        key: p.model_copy(
            update={"groups": {k: q for k, q in p.groups.items() if not where.profile or k in where.profile}}
        )
        for key, p in region.places.items()
        if (not where.place or key in where.place) and (not where.district or p.district in where.district)
    }
    return levers_of(region.model_copy(update={"places": places}), path)[path].today


def _change(f: Finder, path: tuple[Any, ...], lever: Lever, change: Change, region: Region) -> None:
    d = lever.definition
    value = change.set
    if change.from_ < region.start:
        f.add((*path, "from"), "this date lies before the start of the simulation", found=change.from_,
              allowed=f"{region.start} or later")  # fmt: skip
    if d.kind == "number":
        _number(f, path, lever, change, region)
    else:
        allowed = "set: true or false (1 or 0)" if d.kind == "switch" else f"set: {listing(d.options)}"
        fits = (
            value in d.options if d.kind == "choice" else not isinstance(value, str) and value in (0.0, 1.0)
        )
        if change.op != "set":
            f.add((*path, change.op), f"this lever is a {d.kind}: it can only be set", allowed=allowed)
        elif not fits:
            hint = did_you_mean(value, d.options) if d.kind == "choice" else ""
            f.add((*path, "set"), f"not a value of this {d.kind}", found=value, allowed=allowed, hint=hint)
        if change.ramp is not None:
            f.add((*path, "ramp"), f"a {d.kind} cannot come in gradually", allowed="no ramp")
    _where(f, path, lever, change.where, region)


def _number(f: Finder, path: tuple[Any, ...], lever: Lever, change: Change, region: Region) -> None:
    d, value = lever.definition, change.set
    allowed = f"{d.low:g} to {d.high:g} ({d.unit})"
    if isinstance(value, bool | str):
        hint = (
            "Take the quotes away." if isinstance(value, str) and value.replace(".", "", 1).isdigit() else ""
        )
        f.add((*path, "set"), "a number is needed here", found=value, allowed=allowed, hint=hint)
        return
    today = today_at(region, lever.path, change.where)
    assert isinstance(today, float | int)
    result = value if value is not None else today * change.scale if change.scale is not None else today
    result += change.add or 0.0
    if not d.low <= result <= d.high:
        amount = getattr(change, change.op)
        reason = (
            "out of bounds"
            if change.op == "set"
            else f"this makes {today:g} into {result:g}, which is out of bounds"
        )
        f.add((*path, change.op), reason, found=amount, allowed=allowed)


def _where(f: Finder, path: tuple[Any, ...], lever: Lever, where: Where, region: Region) -> None:
    d = lever.definition
    of_type = {k: p for k, p in region.places.items() if p.type == lever.owner}
    known: dict[str, tuple[list[str], Collection[str]]] = {
        "place": (list(of_type), region.places),
        "profile": (_each(name for p in of_type.values() for name in p.groups), region.profiles),
        "district": (districts_of(region, lever), region.districts),
    }
    for key, (names, everywhere) in known.items():
        wanted = getattr(where, key)
        if wanted and key not in d.where:
            f.add((*path, "where", key), f"this lever cannot be split by {key}", found=wanted[0],
                  allowed=f"where with {listing(d.where)}" if d.where else "no where")  # fmt: skip
            continue
        for i, name in enumerate(wanted):
            if name not in names:
                reason = (
                    f"'{lever.owner}' has nothing in this {key}"
                    if name in everywhere
                    else f"there is no {key} with this id"
                )
                f.add((*path, "where", key, Index(i)), reason, found=name,
                      allowed=listing(nearest_first(name, names)),
                      hint=did_you_mean(name, names))  # fmt: skip


def districts_of(region: Region, lever: Lever) -> list[str]:
    """Districts that a lever can be split by: those of its schools, or all of them where children are meant."""
    if lever.definition.role != "special":
        return list(region.districts)
    return _each(p.district for p in region.places.values() if p.type == lever.owner and p.district)


def _each(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _same_time(a: Change, b: Change) -> bool:
    end = date.max
    return a.from_ < (b.until or end) and b.from_ < (a.until or end)


def _agree(a: Change, b: Change) -> bool:
    return a.set == b.set and a.ramp is None and b.ramp is None


def _same_place(a: Where, b: Where) -> bool:
    pairs = ((a.place, b.place), (a.profile, b.profile), (a.district, b.district))
    return all(not x or not y or set(x) & set(y) for x, y in pairs)


def described(change: Change) -> str:
    """A change in a few signs: `= 12`, `x 1.1`, `+ 2`."""
    if change.op == "set":
        return f"= {shorten(change.set) if not isinstance(change.set, str) else change.set}"
    if change.scale is not None:
        return f"x {change.scale:g}"
    assert change.add is not None
    return f"{'+' if change.add >= 0 else '-'} {abs(change.add):g}"
