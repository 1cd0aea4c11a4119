"""One line for several levers: `all.<lever>` for every type or source, `<tag>.<lever>` for the types with a tag, `a+b.<lever>`.

A file may say `special.one_list` instead of the same change for each type. It is written out for each of them before
anything else looks at it, so a scenario that extends it can still change one type alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.definitions import DEFINITIONS
from sim.scenario.levers import Change, levers_of
from sim.scenario.region import Region

ALL, AND = "all", "+"
Changes = dict[str, tuple[Change, ...]]


def members(path: str, region: Region) -> tuple[str, ...]:
    """Levers that a joint lever stands for, in the order of the region; () when this is no joint lever."""
    owner, _, key = path.rpartition(".")
    if AND in owner:
        parts = [
            members(p, region) or tuple(levers_of(region, only=p))
            for o in owner.split(AND)
            for p in (f"{o}.{key}",)
        ]
        return tuple(dict.fromkeys(m for part in parts for m in part)) if all(parts) else ()
    types = [k for k, t in region.place_types.items() if owner in (ALL, *t.tags)]
    owners = [*types, *(region.sources if owner == ALL else ())]
    if not owners or owner in region.place_types:
        return ()
    return tuple(p for k in owners if levers_of(region, only=(p := f"{k}.{key}")))


def joint_levers(region: Region) -> dict[str, tuple[str, ...]]:
    """Joint levers of a region by `all` or a tag, with what each stands for."""
    tags = dict.fromkeys(tag for t in region.place_types.values() for tag in t.tags)
    keys = dict.fromkeys(d.key for d in DEFINITIONS if d.role in ("special", "source"))
    paths = [f"{owner}.{key}" for owner in (ALL, *tags) for key in keys]
    return {path: found for path in paths if (found := members(path, region))}


def written_out(changes: Mapping[str, tuple[Change, ...]], region: Region) -> Changes:
    """The same changes with every joint lever replaced by the levers that it stands for."""
    out: Changes = {}
    for path, those in changes.items():
        for member in members(path, region) or (path,):
            out[member] = (*out.get(member, ()), *those)
    return out
