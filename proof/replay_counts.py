"""What one run of Almere says about the facts that the replay is held against, in the definition of each fact.

Children of Almere's schools from 1 August 2023 on; flows over the three replayed school years. Nothing here is told what
was counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from proof import almere_counts as c
from sim import simulate
from sim.record import Kind, Level, Record, Why
from sim.study.draws import plan_draws

SEED = 20_260_801  # neither that of the fit (`proof.moments.SEED`) nor those of the other parts
DIRECT = {"start-sbo", "start-so"}  # first signals of children who are not at school yet
FROM_PRIMARY = {"bo-sbo", "bo-so"}
POOLED = ("so", "cluster2")  # the national figures of SO hold all clusters
LISTED = ("sbo", "so", "cluster2", "vso")  # the poll on waiting lists leaves out practical education
COHORTS = 8  # ages 4 to 11 of regular primary: one of them leaves in a year
# The school's own names of its groups, by age on 1 October as in the region file; the zorggroep is read as profile mg.
OLIVIJN_GROUPS = {"onderbouw": (4, 7), "midden": (8, 10), "boven": (11, 14)}
ZORGGROEP = "mg"


def replicate(variant: str, replication: int) -> c.Counts:
    """All counts of one replication, by `name|type|…`.

    Args:
        variant: `almere_counts.AS_IT_IS` (central values) or `almere_counts.DRAWN`.
        replication: Which future; with drawn assumptions also which draw.
    """
    scenario = c.almere(variant, 1)
    if variant == c.DRAWN:
        scenario = plan_draws(scenario, SEED).apply(scenario, replication)
    record = simulate(scenario, SEED, replication)
    found: c.Counts = {}
    parts = (c.waited, c.long_absent, c.olivijn, _olivijn_groups, _lists, _counts_of_october, _entered, _left)
    for part in parts:
        found.update(part(record))
    found.update(c.flows(record, scenario))
    pooled = [sum(found[f"{k}|{t}"] for t in POOLED) for k in ("stock", "entries")]
    found["stay|all so"] = pooled[0] / pooled[1]
    for name in ("vso", "pro"):
        found[f"of primary|{name}"] = found[f"from|{name}|bo"] / (found["october|bo"] / COHORTS)
        found[f"leavers|{name}"] = found[f"leaving share|{name}"] * found[f"stock|{name}"]
    start, new, ended = (found[f"absent {k}"] for k in ("at the start", "new", "ended"))
    found["absent closing"] = ended / (start + new)
    return found


def _october(record: Record, year: int = 0) -> float:
    return float(record.count_days("10-01")[year])


def _until(record: Record) -> float:
    return float(record.year_starts[record.replay_years])


def _type(record: Record, name: str) -> int:
    return record.types.index(name)


def _entered(record: Record) -> Iterator[tuple[str, float]]:
    """Mean age at entry in both definitions, and where children come from.

    Exact age on the day of entry; and whole years on the first 1 October on or after it, on which DUO counts.
    """
    v = record.visits
    stays = np.flatnonzero(v["kind"] == Kind.STAY)
    pupil, placed = v["pupil"][stays], c.column(record, "placed")[stays]
    order = np.lexsort((placed, pupil))
    first = np.zeros(len(stays), dtype=np.bool_)
    first[order] = np.append(True, pupil[order][1:] != pupil[order][:-1])
    entered = (placed > 0) & (placed <= _until(record))
    octobers = np.array(record.count_days("10-01"), dtype=np.float64)
    counted = octobers[np.minimum(np.searchsorted(octobers, placed), len(octobers) - 1)]
    birth = record.pupils["birth"][pupil].astype(np.float64)
    exact, whole = (placed - birth) / c.YEAR, np.floor((counted - birth) / c.YEAR)
    origin = np.array(record.origins)[record.pupils["origin"][pupil]]
    kind = v["type"][stays]
    for name, members in (("sbo", ("sbo",)), ("so", ("so",)), ("all so", POOLED)):
        mine = entered & np.isin(kind, [_type(record, m) for m in members])
        yield f"exact age at entry|{name}", float(exact[mine].mean())
        yield f"age on 1 October at entry|{name}", float(whole[mine].mean())
        if len(members) > 1:
            continue  # the source of cluster 2 does not tell who was at school before
        # Those of the first lists (origin "start") are left out: where they come from is not in the count.
        known = mine & ~(first & (origin == "start"))
        none, primary = (known & first & np.isin(origin, list(names)) for names in (DIRECT, FROM_PRIMARY))
        shares = {"none": none, "bo": primary, "other": known & ~none & ~primary}
        for key, who in shares.items():
            yield f"origin|{name}|{key}", float(who.sum() / known.sum())


def _left(record: Record) -> Iterator[tuple[str, float]]:
    """Where leavers go, and moves between types a year as a share of the stock."""
    v, until = record.visits, _until(record)
    placed, left = c.column(record, "placed"), c.column(record, "left")
    stays = v["kind"] == Kind.STAY
    gone = stays & (left > 0) & (left <= until)
    names = [*record.types, "gone"]  # destination -1 is the last
    for code, name in enumerate(record.types):
        if record.roles[code] != "special":
            continue
        mine = gone & (v["type"] == code)
        moved_on = Counter(names[d] for d in v["destination"][mine & (v["why"] == Why.MOVED_ON)])
        for to in names:
            yield f"end of primary|{name}|{to}", moved_on[to] / max(1, moved_on.total())
        stock = stays & (v["type"] == code)
        years = float((np.minimum(left, until) - np.maximum(placed, 0.0))[stock].clip(min=0).sum()) / c.YEAR
        crossed = mine & np.isin(v["why"], (Why.STEP_UP, Why.STEP_DOWN, Why.BACK))
        moves = Counter(names[d] for d in v["destination"][crossed])
        for to in names:
            yield f"crosses|{name}|{to}", moves[to] / years
            yield f"of all leavers|{name}|{to}", moves[to] / int(mine.sum())


def _lists(record: Record) -> Iterator[tuple[str, float]]:
    """Children on a list without an agreed start on 1 October 2023, and the share of special schools with a list."""
    day, v = _october(record), record.visits
    who = c.waits(record, day) & (c.column(record, "ready") <= day)
    special = [i for i, p in enumerate(record.places) if p.type in LISTED]
    waiting = who & np.isin(v["type"], [_type(record, t) for t in LISTED])
    seated = c.seated(record, day) & np.isin(v["type"], [_type(record, t) for t in LISTED])
    yield "special list", float(waiting.sum())
    yield "special list of stock", float(waiting.sum() / seated.sum())
    listed = np.bincount(v["place"][waiting & (v["place"] >= 0)], minlength=len(record.places))
    yield "schools with a list", float((listed[special] > 0).mean())


def _olivijn_groups(record: Record) -> Iterator[tuple[str, float]]:
    """Olivijn's groups on day 0, and who waits for it on the day of its list, by kind of group."""
    day, v = float((c.OLIVIJN_DAY - record.start).days), record.visits
    code = next(i for i, p in enumerate(record.places) if p.id == c.OLIVIJN)
    who = c.waits(record, day) & (v["place"] == code) & (c.column(record, "ready") <= day)
    levels = record.levels
    now = (levels["what"] == Level.GROUPS) & (levels["time"] <= 0)
    last = {int(cell): float(x) for cell, x in zip(levels["cell"][now], levels["value"][now], strict=True)}
    groups = sum(x for cell, x in last.items() if record.cells[cell].place == code)
    roll = float((c.seated(record, 0.0) & (v["place"] == code)).sum())
    yield "olivijn groups", groups
    yield "olivijn per group", roll / groups
    yield "olivijn waiting share", float(who.sum()) / roll
    care = v["profile"] == record.profiles.index(ZORGGROEP)
    age = np.floor((_october(record) - record.pupils["birth"][v["pupil"]].astype(np.float64)) / c.YEAR)
    yield "olivijn waiting|zorggroep", float((who & care).sum())
    for name, (low, high) in OLIVIJN_GROUPS.items():
        yield f"olivijn waiting|{name}", float((who & ~care & (age >= low) & (age <= high)).sum())


def _counts_of_october(record: Record) -> Iterator[tuple[str, float]]:
    """Children per school and type on 1 October 2023, and participation by location of the school."""
    day, v = _october(record), record.visits
    here = c.seated(record, day)
    schools = np.bincount(v["place"][here], minlength=len(record.places))
    types = np.bincount(v["type"][here], minlength=len(record.types))
    stock = {name: float(types[i]) for i, name in enumerate(record.types) if record.roles[i] == "special"}
    levels = record.levels
    now = (levels["what"] == Level.POPULATION) & (levels["time"] == levels["time"].min())
    for i, name in enumerate(record.types):
        if record.roles[i] == "regular":
            stock[name] = float(levels["value"][now & (levels["type"] == i)].sum())
    yield from (
        (f"october|{p.id}", float(schools[i])) for i, p in enumerate(record.places) if p.role == "special"
    )
    yield from ((f"october|{name}", n) for name, n in stock.items())
    stock["all so"] = stock["so"] + stock["cluster2"]
    primary = stock["bo"] + stock["sbo"] + stock["all so"]
    secondary = stock["vo"] + stock["pro"] + stock["vso"]
    yield "october|primary", primary
    yield "october|special", stock["sbo"] + stock["all so"] + stock["vso"]
    for name, base in (("sbo", primary), ("all so", primary), ("vso", secondary), ("pro", secondary)):
        yield f"participation|{name}", stock[name] / base
