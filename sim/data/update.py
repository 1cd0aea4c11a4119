"""From counted schools to changes of a region file: rolls, ages at the start, regular pupils per district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sim.data.counts import Count
from sim.data.districts import district_of
from sim.data.duo import Counts, Location
from sim.data.findings import Change, Finding, Outcome
from sim.data.regionfile import Edit, Keys, RegionFile, changed
from sim.scenario.errors import ScenarioError, dotted
from sim.scenario.places import Place
from sim.scenario.quantity import Quantity
from sim.scenario.region import Region

CELL_NOTE = "cells '<5' taken as 2.5 children, range 1 to 4"


def updated(
    file: RegionFile, counts: Counts, out: Path, postcodes: Mapping[str, str], move_start: bool
) -> Outcome:
    """What the counts change in a region file.

    Args:
        file: The region as it is.
        counts: What was read.
        out: The file to write.
        postcodes: Beginning of a postcode -> district; empty when no such list was given.
        move_start: Let the region start in the school year of the counts.

    Raises:
        ScenarioError: When the counts are of another school year than the start of the region.
    """
    region, findings = file.region, list(counts.findings)
    edits: dict[Keys, Edit] = _start(file, counts, move_start, findings)
    places = _matched(file, counts, findings)
    for key, found in places.items():
        if found.whole:
            roll = _roll(key, region.places[key], found, counts, file, findings)
            edits |= {("places", key, "roll", p): Edit(q) for p, q in roll.items()}
    edits |= _start_ages(region, places.values(), counts, findings)
    for stage in region.regular:
        here = [x for x in counts.locations if x.kind == stage and x.here]
        if here:
            edits |= _regular(stage, here, counts, file, postcodes, findings)
    return outcome(file, edits, findings, out)


def outcome(file: RegionFile, edits: Mapping[Keys, Edit], findings: Sequence[Finding], out: Path) -> Outcome:
    """Only what differs: the changes for people, and the new text when there is one."""
    real = {p: e for p, e in edits.items() if not same(at(file.source.data, p), e.value)}
    changes = [Change(dotted(p), told(at(file.source.data, p)), told(e.value)) for p, e in real.items()]
    text = changed(file, real) if real else file.text
    new = bool(real) or out.resolve() != file.path.resolve()
    return Outcome(tuple(findings), tuple(changes), {out: text} if new else {})


def quantity(
    value: float, unit: str, low: float, high: float, grade: str, source: str, day: date, note: str = ""
) -> dict[str, Any]:
    """A graded number as it stands in a region file."""
    q = {"value": tidy(value), "unit": unit, "range": (tidy(low), tidy(high)), "grade": grade, "source": source,
         "date": day.isoformat()}  # fmt: skip
    return q | {"note": note} if note else q


def tidy(number: float) -> float | int:
    """A number with two decimals at most, whole when it is."""
    short = round(number, 2)
    return int(short) if short == int(short) else short


def at(data: Any, path: Keys) -> Any:
    """What stands at a path, or None."""
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data


def same(old: Any, new: Any) -> bool:
    """True when both say the same; a number equals itself, whole or not."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[k], new[k]) for k in new)
    return bool(old == new)


def told(value: Any) -> str:
    """A value of a region file for people."""
    if value is None:
        return "nothing"
    if isinstance(value, dict) and "value" in value:
        low, high = value.get("range", (value["value"], value["value"]))
        span = f" [{low:g} to {high:g}]" if low != high else ""
        return f"{value['value']:g}{span} {value.get('grade', '')} {value.get('date', '')}".rstrip()
    if isinstance(value, dict):
        return ", ".join(f"{k}: {told(v)}" for k, v in value.items())
    return str(value)


def _start(file: RegionFile, counts: Counts, move: bool, findings: list[Finding]) -> dict[Keys, Edit]:
    start, region = counts.start, file.region
    if start == region.start:
        return {}
    if not move:
        problem = file.source.problem(
            ("start",),
            "the counts are of another school year than the start of this region",
            found=f"counts of {counts.day} ({counts.school_year})",
            allowed=f"counts of the school year from {region.start}",
            hint=f"Give the files of that year, or add --move-start to let the region start on {start}.",
        )
        raise ScenarioError([problem])
    replay = max(0, region.replay_years - (start.year - region.start.year))
    what = f"the start moves from {region.start} to {start}"
    done = "what these files do not count (lists, seats, children at home) keeps the date that stands with it"
    findings.append(Finding("check", file.source.file, file.source.line(("start",)), what, done))
    return {("start",): Edit(start), ("replay_years",): Edit(replay)}


def _matched(file: RegionFile, counts: Counts, findings: list[Finding]) -> dict[str, Location]:
    region = file.region
    found: dict[str, Location] = {}
    by_code: dict[tuple[str, str], str] = {}
    for key, place in region.places.items():
        if place.code and (place.code, place.type) in by_code:
            raise ScenarioError(
                [file.source.problem(("places", key, "code"), "another place of this type has the same code",
                                     found=place.code, allowed="each code once")]
            )  # fmt: skip
        by_code[place.code, place.type] = key
    for x in counts.locations:
        mine = by_code.get((x.code, x.kind))
        if mine is not None:
            found[mine] = x
            if not x.here:
                done = "counted, because the region file names it"
                findings.append(Finding("check", x.file, x.line, f"{x.name} ({x.code}) lies elsewhere", done))
        elif x.kind not in region.regular and x.here:
            what = f"{x.name} ({x.code}, {x.kind}): {x.children} pupils"
            done = "no place of the region has this code and type; not added"
            findings.append(Finding("unmatched", x.file, x.line, what, done))
    read = {x.kind for x in counts.locations}
    for key, place in region.places.items():
        if key not in found:
            line = file.source.line(("places", key))
            where = "no row has its code and type" if place.type in read else "no file given counts this type"
            what = f"{place.title.en} ({place.code or 'no code'}, {place.type}): {where}"
            findings.append(Finding("unmatched", file.source.file, line, what, "left as it was"))
    return found


def _roll(
    key: str, place: Place, x: Location, counts: Counts, file: RegionFile, findings: list[Finding]
) -> dict[str, dict[str, Any]]:
    """The roll per profile: DUO counts no profiles, so a school with more than one keeps its proportions."""
    old = place.roll or {p: Quantity(value=1.0) for p in place.groups}
    note = CELL_NOTE if x.children.hidden else ""
    seats = place.class_size and sum(g.value for g in place.groups.values()) * place.class_size.value
    if seats and x.children.value > seats:
        what = f"{place.title.en}: {x.children} pupils on {seats:.0f} seats"
        line = file.source.line(("places", key, "groups"))
        findings.append(
            Finding("check", file.source.file, line, what, "groups and class size were not changed")
        )
    if len(old) == 1:
        (profile,) = old
        return {profile: counted(x.children, x.title, counts.day)}
    whole = sum(q.value for q in old.values()) or 1.0
    findings.append(
        Finding("split", x.file, x.line, f"{place.title.en}: {x.children} pupils over {', '.join(old)}",
                f"as before: {', '.join(f'{100 * q.value / whole:.0f} %' for q in old.values())}")
    )  # fmt: skip
    source = f"{x.title}: {x.children}; split as before"
    rolls: dict[str, dict[str, Any]] = {}
    given, total = 0.0, x.children.value
    for profile, q in old.items():
        last = profile == list(old)[-1]
        value = total - given if last else round(total * q.value / whole, 0 if x.children.hidden == 0 else 1)
        given += value
        rolls[profile] = quantity(
            value, "children", *_scaled(q, value, x.children, source), "E", source, counts.day, note
        )
    return rolls


def _scaled(old: Quantity, value: float, children: Count, source: str) -> tuple[float, float]:
    """The old range around the new value, wider by what hidden cells leave open; the same import again changes nothing."""
    low, high = old.range or (0.9 * old.value, 1.1 * old.value)
    if old.source == source and old.value == tidy(value):
        return low, high
    grow = value / old.value if old.value else 1.0
    whole = children.value or 1.0
    return min(value, low * grow * children.low / whole), max(value, high * grow * children.high / whole)


def age_weights(
    places: Sequence[Location], bands: Sequence[tuple[int, int]], limit: int | None
) -> tuple[dict[int, float], list[int]]:
    """Percentage of children per age that the type can have, and the ages that lie outside it (counted with the nearest)."""
    youngest = min((low for low, _ in bands), default=0)
    oldest = limit - 1 if limit else max((high for _, high in bands), default=25)
    ages: dict[int, float] = defaultdict(float)
    outside: set[int] = set()
    for x in places:
        for age, c in x.ages.items():
            if c.value:
                ages[min(max(age, youngest), oldest)] += c.value
                outside |= {age} - set(range(youngest, oldest + 1))
    whole = sum(ages.values())
    return {a: tidy(round(100 * ages[a] / whole, 1)) for a in sorted(ages)}, sorted(outside)


def ages_of(
    kind: str,
    places: Sequence[Location],
    bands: Sequence[tuple[int, int]],
    limit: int | None,
    age_date: str,
    counts: Counts,
    findings: list[Finding],
) -> Edit | None:
    """Ages of the children present at the start, when every counted school of this type tells them on the age date."""
    if not places or not all(x.ages and x.whole for x in places):
        return None
    file = places[0].file
    if f"{counts.day:%m-%d}" != age_date:
        what = f"{kind}: ages on {counts.day}, not on the region's age date {age_date}"
        findings.append(Finding("unused", file, 0, what, "the ages at the start stay as they were"))
        return None
    weights, outside = age_weights(places, bands, limit)
    if outside:
        what = f"{kind}: children of {', '.join(map(str, outside))} years, which this type does not have"
        findings.append(Finding("check", file, 0, what, "counted with the nearest age of the type"))
    return Edit(weights, f"{places[0].title}, {counts.day}; {CELL_NOTE}") if weights else None


def _start_ages(
    region: Region, found: Iterable[Location], counts: Counts, findings: list[Finding]
) -> dict[Keys, Edit]:
    edits: dict[Keys, Edit] = {}
    of_type: dict[str, list[Location]] = defaultdict(list)
    for x in found:
        of_type[x.kind].append(x)
    for kind, places in of_type.items():
        rule = region.place_types[kind]
        edit = ages_of(kind, places, rule.bands, rule.limit, region.age_date, counts, findings)
        if edit is not None:
            edits["place_types", kind, "start_ages"] = edit
    return edits


def _regular(
    stage: str,
    here: Sequence[Location],
    counts: Counts,
    file: RegionFile,
    postcodes: Mapping[str, str],
    findings: list[Finding],
) -> dict[Keys, Edit]:
    """Regular pupils per district: by the postcode of the school, else in the proportions that were there."""
    old = file.region.regular[stage].count
    path: Keys = ("regular", stage, "count")
    lost = [x for x in here if not x.whole]
    if lost:
        what = f"{stage}: {len(lost)} schools have a number that is not known"
        findings.append(Finding("unknown", lost[0].file, lost[0].line, what, "this stage is left as it was"))
        return {}
    title, total = here[0].title, sum((x.children for x in here), Count())
    per: dict[str, Count] = defaultdict(Count)
    for x in here:
        per[district_of(x.postcode, postcodes)] += x.children
    strange = [x for x in here if district_of(x.postcode, postcodes) not in old]
    if len(old) == 1:
        per, strange = {next(iter(old)): total}, []
    if not strange:
        source = title if len(old) == 1 else f"{title}, by postcode of the school"
        return {(*path, d): Edit(counted(per[d], source, counts.day)) for d in old}
    if postcodes:
        names = ", ".join(f"{x.name} ({x.code})" for x in strange)
        what = f"{stage}: no district for {names}"
        findings.append(Finding("check", here[0].file, 0, what, "the postcodes were not used"))
    what = f"{stage}: {total} pupils over {', '.join(old)}"
    findings.append(Finding("split", here[0].file, 0, what, "in the proportions that were there"))
    source = f"{title}: {total} in all; split as before"
    note = CELL_NOTE if total.hidden else ""
    whole = sum(q.value for q in old.values()) or 1.0
    edits: dict[Keys, Edit] = {}
    for d, q in old.items():
        value = round(total.value * q.value / whole)
        low, high = _scaled(q, value, total, source)
        edits[*path, d] = Edit(quantity(value, "children", low, high, "E", source, counts.day, note))
    return edits


def counted(c: Count, source: str, day: date) -> dict[str, Any]:
    """A count as a graded number of the region."""
    return quantity(c.value, "children", c.low, c.high, "A", source, day, CELL_NOTE if c.hidden else "")
