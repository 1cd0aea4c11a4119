"""Start the region file of another municipality: own counts from DUO, rules and national rates of a region that exists.

What was counted in the other region is not carried over as a count: places and numbers of children are dropped or made anew;
numbers that grow with the number of children are scaled by it; grade A becomes E with a wide range. Each finding says so.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sim.data.counts import Count
from sim.data.duo import Counts, Location
from sim.data.findings import Change, Finding
from sim.data.regionfile import RegionFile
from sim.data.update import ages_of, counted, quantity
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.evidence import STATES
from sim.scenario.region import Region
from sim.scenario.units import ANY_PROFILE, GONE

# Units of numbers that grow with the number of children of a region.
GROWS = {"children", "children per year", "groups", "FTE", "FTE per year"}
WIDE = 2.0  # a number of the other region may be half or twice as large here
LEGAL = "legal_weeks"
ELSEWHERE = 0.3  # secondary pupils scaled from primary ones: three tenths either way
Found = list[Finding]


def new_region(
    base: RegionFile, name: str, title: str, counts: Counts
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The content of the new region file, and what was done to make it.

    Raises:
        ScenarioError: When the counts hold no regular pupils, or no special school at all.
    """
    region, findings = base.region, list(counts.findings)
    here = [x for x in counts.locations if x.here]
    regular = {s: sum((x.children for x in here if x.kind == s), Count()) for s in region.regular}
    main = _main(base)
    if not regular[main].value:
        raise _missing(here, f"the counts hold no pupils of '{main}'", "the file of regular primary schools")
    schools = [x for x in here if x.kind in region.place_types]
    lost = [x for x in schools if not x.whole]
    for x in lost:
        findings.append(Finding("unknown", x.file, x.line, f"{x.name} ({x.code})", "not in the new region"))
    schools = [x for x in schools if x.whole and x.children.value]
    if not schools:
        raise _missing(here, "the counts hold no special school", "a file with special schools")
    scale = regular[main].value / sum(q.value for q in region.regular[main].count.values())
    data = _carried(dict(base.source.data), base, title, scale, findings)
    # Places, districts and sizes of the other region end here.
    data |= {
        "id": name, "title": {"nl": title, "en": title}, "start": counts.start, "replay_years": 0,
        "description": {
            "nl": f"Telling van {counts.day}. Regels en landelijke cijfers komen uit regio {region.id}.",
            "en": f"Count of {counts.day}. Rules and national rates come from region {region.id}.",
        },
        "districts": {name: {"title": {"nl": title, "en": title}}},
    }  # fmt: skip
    _regular(data, region, regular, counts, name, here, scale, findings)
    data["places"] = _places(schools, region, name, counts, findings)
    _drop_local(data)
    for kind in [k for k in region.place_types if k not in {x.kind for x in schools}]:
        drop_type(data, kind)
        what = f"no school of type '{kind}' in the files given"
        done = f"the type is left out: nobody is referred or moves to it; who goes on to it after a stage leaves ('{GONE}')"
        findings.append(Finding("left out", base.source.file, 0, what, done))
    for source in data["sources"].values():
        source.pop("districts", None)
    _start_ages(data, schools, counts, findings)
    what = f"rates of referral were fitted to region {region.id}"
    findings.append(Finding("check", base.source.file, 0, what, "hold them against this region's own flows"))
    return data, tuple(findings)


def new_evidence(data: Mapping[str, Any], region: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The evidence register for a region in which less exists: effects of or on what is not there are left out."""
    names = {k for part in ("place_types", "regular", "home", "staff") for k in region.get(part, {})}
    causes = {*STATES, *region.get("approaches", {}), *region.get("programmes", {})}
    effects = {}
    for key, effect in data["effects"].items():
        named = effect.get("types", ())
        kept = tuple(t for t in named if t in names)
        if effect["cause"] in causes and (kept or not named):
            effects[key] = {**effect, **({"types": kept} if named else {})}
    return {**data, "effects": _graded(effects, base, 1.0, ())}


def drop_type(data: dict[str, Any], kind: str) -> None:
    """Take a type out of everything that leads to it; who would go there leaves the region."""
    del data["place_types"][kind]
    gone = {k for k, s in data["sources"].items() if s["to"] == kind}
    data["sources"] = {k: s for k, s in data["sources"].items() if k not in gone}
    for other in data["place_types"].values():
        other.get("review", {}).get("moves", {}).pop(kind, None)
        transition = other.get("transition", {})
        transition.get("profiles", {}).pop(kind, None)
        for shares in (transition.get("to", {}), other.get("stay", {}).get("next", {})):
            if kind in shares:
                shares[GONE] = _sum(shares.get(GONE), shares.pop(kind))
    _prune_programmes(data, kind)
    _prune_prices(data)


def _drop_local(data: dict[str, Any]) -> None:
    """Take out what stands at a school of the other region, and where; the rest is as anywhere."""
    data["programmes"] = {
        k: _not_overfull(p) for k, p in data.get("programmes", {}).items() if not p.get("at")
    }
    approaches = {k: a for k, a in data.get("approaches", {}).items() if not a.get("at")}
    data["approaches"] = {k: {x: v for x, v in a.items() if x != "since"} for k, a in approaches.items()}
    _prune_programmes(data)
    _prune_prices(data)


def _not_overfull(p: dict[str, Any]) -> dict[str, Any]:
    """A full programme stays just full after its numbers were scaled and rounded."""
    most = p["groups"]["value"] * p["seats"]["value"]
    if p.get("start") and p["start"]["value"] > most:
        return {**p, "start": {**p["start"], "value": most}}
    return p


def _prune_programmes(data: dict[str, Any], kind: str = "") -> None:
    """Take out the programmes to which nobody can come any more, and the ways to them or to the type just taken out."""
    programmes = dict(data.get("programmes", {}))
    while True:
        fed = {s["to"] for s in data["sources"].values()}
        for key, p in list(programmes.items()):
            kept = {**p, "serves": tuple(s for s in p.get("serves", ()) if s in data["sources"])}
            if kept["serves"] or p.get("takes") or key in fed:
                programmes[key] = kept
            else:
                del programmes[key]
        ends = {*data["place_types"], *data.get("regular", {}), *programmes}
        sources = {k: s for k, s in data["sources"].items() if s["to"] in ends}
        if sources == data["sources"]:
            break
        data["sources"] = sources
    missing = ({kind} | set(data.get("programmes", {}))) - set(programmes)
    for key, p in programmes.items():
        after = dict(p.get("next", {}))
        for name in missing & after.keys():
            after[GONE] = _sum(after.get(GONE), after.pop(name))
        programmes[key] = {**p, "next": after} if after else p
    data["programmes"] = programmes


def _prune_prices(data: dict[str, Any]) -> None:
    """Take out the prices of types, programmes and approaches that are not there."""
    there = {"pupil": {*data["place_types"], *data["regular"]}, "place": data["programmes"],
             "ride": data["place_types"], "group": data["place_types"], "approach": data["approaches"]}  # fmt: skip
    prices = {}
    for key, price in data.get("prices", {}).items():
        of = tuple(x for x in price["of"] if x in there.get(price["per"], (x,)))
        if of:
            prices[key] = {**price, "of": of}
    data["prices"] = prices


def changes(data: Mapping[str, Any]) -> tuple[Change, ...]:
    """What the new file holds, as changes against no file at all."""
    rows = [("regular", s, r["count"]) for s, r in data["regular"].items()]
    told = [
        Change(f"regular.{s}.count.{d}", "nothing", f"{q['value']:g} {q['grade']}") for _, s, c in rows for d, q in c.items()
    ]  # fmt: skip
    for key, place in data["places"].items():
        total = sum(q["value"] for q in place["roll"].values())
        told.append(Change(f"places.{key}.roll", "nothing", f"{total:g} ({place['type']})"))
    return tuple(told)


def _main(base: RegionFile) -> str:
    """The stage to whose size numbers are scaled; a region without pupils cannot be carried over."""
    region = base.region
    counted = {p.type for p in region.places.values() if any(q.value for q in p.roll.values())}
    main = next(iter(region.regular), "")
    if (
        main
        and sum(q.value for q in region.regular[main].count.values())
        and counted >= set(region.place_types)
    ):
        return main
    reason, allowed = (
        "this region cannot be carried over",
        "a region with regular pupils, and pupils in each type",
    )
    raise ScenarioError([Problem(base.source.file, 0, "", "", reason, allowed, "Take --from almere.")])


def _missing(here: Sequence[Location], reason: str, hint: str) -> ScenarioError:
    file = here[0].file if here else "doorstroom"
    return ScenarioError([Problem(file, 0, "", "", reason, "", f"Give {hint} too (--counts).")])


def renamed(value: Any, old: str, new: str) -> Any:
    """The same content with another name of the region in its titles (texts in two languages, never a source)."""
    if not isinstance(value, dict):
        return value
    if value.keys() == {"nl", "en"}:
        return {k: v.replace(old, new) for k, v in value.items()}
    return {k: renamed(v, old, new) for k, v in value.items()}


def _carried(
    data: dict[str, Any], base: RegionFile, title: str, scale: float, findings: Found
) -> dict[str, Any]:
    left = {k: v for k, v in data.items() if k not in ("places", "districts", "regular")}
    carried = renamed(_graded(left, base.region.id, scale, ()), base.region.title.nl, title)
    grades = Counter(q["grade"] for q in _quantities(carried))
    told = ", ".join(f"{n} of grade {g}" for g, n in sorted(grades.items()))
    what = f"rules, rates and assumptions of region {base.region.id}: {told}"
    done = f"grade A became E; numbers that grow with children times {scale:.2g}, half to twice as range"
    findings.append(Finding("carried", base.source.file, 0, what, done))
    return dict(carried)


def _graded(value: Any, base: str, scale: float, path: tuple[Any, ...]) -> Any:
    """The same content with every graded number as it may be carried over; copies, so that the other stays whole."""
    if isinstance(value, dict):
        if "value" in value and "grade" in value:
            return _number(value, base, scale, path)
        return {k: _graded(v, base, scale, (*path, k)) for k, v in value.items()}
    return value


def _number(q: dict[str, Any], base: str, scale: float, path: tuple[Any, ...]) -> dict[str, Any]:
    low, high = q["range"]
    note = f"carried over from region {base}" + (f"; {q['note']}" if q.get("note") else "")
    new = {k: v for k, v in q.items() if k not in ("calibrated", "note")} | {"note": note}
    grows = q["unit"] in GROWS
    if LEGAL in path or (q["grade"] != "A" and not grows):
        return new
    factor = scale if grows else 1.0
    most = 1.0 if q["unit"] == "share" else math.inf
    return new | {
        "value": _short(q["value"] * factor),
        "range": (_short(low * factor / WIDE), _short(min(most, high * factor * WIDE))),
        "grade": "E",
    }


def _short(number: float) -> float:
    return float(f"{number:.3g}")


def _quantities(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value] if "grade" in value else [q for v in value.values() for q in _quantities(v)]
    return []


def _sum(a: Any, b: Any) -> Any:
    """Two shares together; the ranges add, up to 1."""
    if a is None:
        return b
    if not isinstance(a, dict) or not isinstance(b, dict):
        return (a["value"] if isinstance(a, dict) else a) + (b["value"] if isinstance(b, dict) else b)
    low, high = (x + y for x, y in zip(a["range"], b["range"], strict=True))
    value = round(a["value"] + b["value"], 6)
    return {
        **a,
        "value": value,
        "range": (min(low, 1.0), min(high, 1.0)),
        "grade": "E",
        "source": f"{a['source']}; {b['source']}",
    }


def _regular(
    data: dict[str, Any], region: Region, totals: Mapping[str, Count], counts: Counts, district: str,
    here: Sequence[Location], scale: float, findings: Found,
) -> None:  # fmt: skip
    data["regular"] = {}
    for stage, rule in region.regular.items():
        c, title = totals[stage], next((x.title for x in here if x.kind == stage), "")
        if c.value:
            count = counted(c, title, counts.day)
        else:
            value = scale * sum(q.value for q in rule.count.values())
            bounds = ((1 - ELSEWHERE) * value, (1 + ELSEWHERE) * value)
            source = f"no count given; region {region.id} scaled by primary pupils"
            count = quantity(round(value), "children", *bounds, "E", source, counts.day)
            findings.append(
                Finding("check", "", 0, f"no file counts '{stage}'", "scaled from the other region: grade E")
            )
        growth = {"value": 0.0, "unit": "per year", "range": (-0.01, 0.02), "grade": "E",
                  "source": "not known for this region", "date": str(counts.day.year)}  # fmt: skip
        kept = rule.model_dump(mode="python", exclude_unset=True, exclude={"count", "growth", "builds"})
        data["regular"][stage] = _graded(kept, region.id, scale, ()) | {
            "count": {district: count},
            "growth": {district: growth},
        }


def _places(
    schools: Sequence[Location], region: Region, district: str, counts: Counts, findings: Found
) -> dict[str, Any]:
    """A place for each school: its roll is counted; its groups, seats and list follow the other region.

    Groups take every profile, because DUO counts none.
    """
    places: dict[str, Any] = {}
    for x in schools:
        others = [p for p in region.places.values() if p.type == x.kind]
        pupils = sum(q.value for p in others for q in p.roll.values())
        groups = sum(g.value for p in others for g in p.groups.values())
        seats = sum(g.value * p.class_size.value for p in others for g in p.groups.values() if p.class_size)
        waiting = sum(q.value for p in others for q in p.waiting.values())
        waited = next((p.waited for p in others if p.waited), None)
        here = x.children.value
        number = max(1, round(here * groups / pupils))
        size, list_ = max(1.0, here * seats / pupils / number), here * waiting / pupils
        same = sum(y.name == x.name for y in schools) > 1
        name = f"{x.name} ({region.place_types[x.kind].title.nl})" if same else x.name
        how, day = f"as type '{x.kind}' in region {region.id}", counts.day
        place = {
            "title": {"nl": name, "en": name}, "type": x.kind, "district": district, "code": x.code,
            "groups": {ANY_PROFILE: quantity(number, "groups", number, number, "E", f"pupils per group {how}", day)},
            "class_size": quantity(size, "children per group", 0.9 * size, 1.15 * size, "E", f"seats per pupil {how}", day),
            "roll": {ANY_PROFILE: counted(x.children, x.title, day)},
        }  # fmt: skip
        if waited is not None:
            source = f"children waiting per pupil {how}"
            place["waiting"] = {ANY_PROFILE: quantity(list_, "children", 0, 3 * list_ + 5, "E", source, day)}
            place["waited"] = _graded(waited.model_dump(exclude_defaults=True), region.id, 1.0, ())
        places[_id(name, x.code, places)] = place
        what = f"{x.name} ({x.code}, {x.kind}): groups, seats, list"
        findings.append(Finding("carried", x.file, x.line, what, f"{how}, grade E"))
    return places


def _id(name: str, code: str, taken: Mapping[str, Any]) -> str:
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    return slug if slug and slug not in taken else f"{slug or 'place'}-{code.lower()}"


def _start_ages(data: dict[str, Any], schools: Sequence[Location], counts: Counts, findings: Found) -> None:
    for kind, rule in data["place_types"].items():
        of_type = [x for x in schools if x.kind == kind]
        age_date = data.get("age_date", "10-01")
        edit = ages_of(kind, of_type, rule.get("bands", ()), rule.get("limit"), age_date, counts, findings)
        if edit is not None:
            rule["start_ages"] = edit.value
