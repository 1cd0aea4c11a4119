"""Keyed draws: the same child has the same fate in every scenario, so differences are caused by the scenario.

Byte-equal where nothing was decided; nobody else's draws change; a short run is the beginning of a long one;
and on the toy of the method's appendix a measure that can only help never looks as if it harmed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from proof import measure as m
from proof.pool import Map, here
from proof.table import Check
from proof.theory import SEED
from proof.toys import toy
from sim import simulate
from sim.record import Kind, Record, Table, Why
from sim.scenario.levers import Change, levers_of
from sim.scenario.scenario import Scenario

YEAR = 365.25
NEVER = date(2150, 8, 1)
TABLES = ("pupils", "visits", "offers", "states", "levels")


def fingerprint(r: Record, *, without: tuple[str, ...] = ("scenario",)) -> str:
    """Hash of every byte of a record, but for these fields."""
    total = hashlib.sha256()
    for part in fields(r):
        if part.name in without:
            continue
        value = getattr(r, part.name)
        total.update(part.name.encode())
        if part.name in TABLES:
            for name, column in value.items():
                total.update(f"{name} {column.dtype}".encode() + column.tobytes())
        else:
            total.update(repr(value).encode())
    return total.hexdigest()


def zero_dose(scenario: Scenario) -> Scenario:
    """Every lever of the region is moved, but on a date after the horizon."""
    moved = {path: (_late(lever.today),) for path, lever in levers_of(scenario.region).items()}
    return scenario.model_copy(update={"id": "never", "levers": moved})


def _late(today: float | str) -> Change:
    value: dict[str, Any] = {"set": today if isinstance(today, str) else float(today) + 1.0, "from": NEVER}
    return Change.model_validate(value)


def beginning(r: Record, end: float) -> dict[str, Table]:
    """The record as it would be if the run had stopped at `end`; who had not yet been listed is left out."""
    v = {k: col.copy() for k, col in r.visits.items()}
    first = np.fmin(v["listed"], v["placed"])
    keep = first < end
    v = {k: col[keep] for k, col in v.items()}
    over = ~(v["left"] < end)  # also who is still there and knows where it goes next
    v["why"][over] = Why.OPEN
    v["destination"][over & (v["kind"] != Kind.DECISION)] = -1  # what is asked for is known from the start
    unplaced = (v["placed"] >= end) & (v["kind"] == Kind.STAY)
    v["kind"][unplaced] = Kind.WAIT
    v["place"][
        v["kind"] == Kind.WAIT
    ] = -1  # a wait names the school of first choice, a stay that of the seat
    for name in ("ready", "placed", "left"):
        v[name][v[name] >= end] = np.nan
    levels = {k: col[r.levels["time"] < end] for k, col in r.levels.items()}
    return {"visits": _by_key(v, r), "levels": levels}


def _by_key(visits: Mapping[str, Any], r: Record) -> Table:
    """Visits with the child's key in the place of its row, in the order of keys."""
    key = r.pupils["key"][visits["pupil"]]
    order = np.lexsort((visits["kind"], visits["listed"], key))
    columns = {name: col[order] for name, col in visits.items() if name not in ("pupil", "profile", "cell")}
    return {"key": key[order], **columns}


def same(a: Mapping[str, Table], b: Mapping[str, Table]) -> bool:
    """Equal tables, column by column; NaN equals NaN."""
    return all(
        len(a[t][c]) == len(b[t][c]) and np.array_equal(a[t][c], b[t][c], equal_nan=a[t][c].dtype.kind == "f")
        for t in a
        for c in a[t]
    )


def others_untouched(base: Record, more: Record) -> bool:
    """Everybody in `base` has the same visits in `more`, in which there are other children too."""
    keys = base.pupils["key"]
    rows = np.isin(more.pupils["key"][more.visits["pupil"]], keys)
    extra = {k: col[rows] for k, col in more.visits.items()}
    return same({"v": _by_key(base.visits, base)}, {"v": _by_key(extra, more)})


def same_fates(base: Record, more: Record) -> bool:
    """Everybody in `base` comes on the same day and stays as long in `more`, also where the waits differ."""

    def fates(r: Record) -> dict[int, tuple[float, float]]:
        c = m.children(r)
        done = np.isfinite(c.placed) & np.isfinite(c.left)
        length = np.full(len(c.placed), np.nan)
        length[done] = c.left[done] - c.placed[done]
        return {int(r.pupils["key"][p]): (a, d) for p, a, d in zip(c.pupil, c.listed, length, strict=True)}

    one, two = fates(base), fates(more)
    return all(
        k in two and two[k][0] == a and (np.isnan(d) or np.isnan(two[k][1]) or two[k][1] == d)
        for k, (a, d) in one.items()
    )


# Wrong signs.

MEASURES = ("12 seats more", "5 % fewer referrals")


def changed(measure: str, load: float) -> Scenario:
    """The 300 seats with one measure from day 0 ("" = none)."""
    day = date(2026, 8, 1)
    change = {
        "": None,
        MEASURES[0]: {"school.groups": [{"add": 1, "from": day}]},
        MEASURES[1]: {"primary.support_slots": [{"add": 1000, "from": day}]},
    }[measure]
    return toy("prevention", {"sources.signals.rate": load * 0.006}, change, years=10)


def list_after(measure: str, load: float, replication: int) -> int:
    """Children on the list after ten years."""
    return m.waiting_at(m.children(simulate(changed(measure, load), SEED, replication)), 10 * YEAR - 0.5)


def signs(n: int, spread: Map[int] = here) -> Iterator[Check]:
    """In how many of `n` runs a measure that can only shorten the list made it longer (wrong) or did nothing."""
    for load in (1.00, 1.03):
        base = np.array(spread(list_after, [("", load, r) for r in range(n)]))
        for measure in MEASURES:
            pairs = {
                "keyed draws": np.array(spread(list_after, [(measure, load, r) for r in range(n)])) - base,
                "independent runs": np.array(spread(list_after, [(measure, load, n + r) for r in range(n)]))
                - base,
            }
            for how, difference in pairs.items():
                case, keyed = f"{measure}, load {load:.2f}, {how}", how == "keyed draws"
                wrong, ties = int((difference > 0).sum()), int((difference == 0).sum())
                i = m.interval(difference.tolist())
                yield Check(
                    case,
                    "runs with the wrong sign",
                    0.0,
                    float(wrong),
                    0.0,
                    n,
                    "none" if keyed else "beside",
                    not keyed or wrong == 0,
                )
                yield Check(case, "ties", 0.0, float(ties), 0.0, n, "beside", True)
                yield Check(case, "sd of the difference", 0.0, i.se * n**0.5, 0.0, n, "beside", True)
                yield Check(case, "mean difference", 0.0, i.mean, i.se, n, "below 0", i.mean < 0)


def _holds(case: str, what: str, holds: bool) -> Check:
    return Check(case, what, 1.0, float(holds), 0.0, 1, "equal", holds)


def nothing_decided(name: str) -> Check:
    """Zero dose on a toy."""
    plain = toy(name)
    equal = fingerprint(simulate(plain, SEED, 0)) == fingerprint(simulate(zero_dose(plain), SEED, 0))
    return _holds(f"zero dose, {name}", "byte-equal to the baseline", equal)


def one_more_child() -> Iterator[Check]:
    """A child that nobody counted on, on day 100."""
    texts = {"title": {"nl": "Nog een kind", "en": "One more child"}}
    extra = {"sources.extra": {**texts, "of": "outside", "to": "school", "at": [100.0]}}
    for name, edits in (("queue", {"place_types.school.seats": "unlimited"}), ("appendix", {})):
        base, more = (simulate(toy(name, {**edits, **e}, years=5), SEED, 0) for e in ({}, extra))
        if edits:
            yield _holds(
                f"one more child, {name}, seats unlimited",
                "all visits of the others equal",
                others_untouched(base, more),
            )
        what = "days of arrival and stays of the others equal"
        yield _holds(f"one more child, {name}", what, same_fates(base, more))


def unused_purposes() -> Check:
    """Draws for patience, being at home and the profile, none of which decides anything."""
    unused = {
        "place_types.school.list.patience": 0,
        "place_types.school.list.at_home": 0,
        "sources.signals.profiles": {"x": 0.5, "y": 0.5},
        "profiles": {k: {"title": {"nl": k, "en": k}} for k in "xy"},
    }
    base, more = (simulate(toy("appendix", edits, years=10), SEED, 0) for edits in ({}, unused))
    return _holds("three purposes more", "all visits equal", others_untouched(base, more))


def beginning_of(name: str) -> Check:
    """Five years against the first five of ten."""
    short, long = (simulate(toy(name, years=y), SEED, 1) for y in (5, 10))
    equal = same(beginning(short, short.end), beginning(long, short.end))
    return _holds(f"five years of ten, {name}", "the run is the beginning of the longer one", equal)


def checks(full: bool, spread: Map[int] = here) -> Iterator[Check]:
    """All claims about keyed draws."""
    for name in ("school", "appendix", "gate", "inclusion"):
        yield nothing_decided(name)
    yield from one_more_child()
    yield unused_purposes()
    for name in ("queue", "appendix", "network", "priority", "school"):
        yield beginning_of(name)
    yield from signs(200 if full else 20, spread)
