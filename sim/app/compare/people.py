"""Vergelijk, for whom and by whom: who gets less, who pays, staff, conditions. Pure: results in, rows and words out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.app.answer import claim
from sim.app.compare.table import all_counted, between, others, said
from sim.app.language import current, own, words
from sim.app.scene import Scene, amount, difference_of, rounds_to_nothing
from sim.charts.bands import Spread, spread
from sim.indicators import INDICATORS, present
from sim.scenario.scenario import Condition
from sim.study.conditions import Held, conditions_of
from sim.study.equity import SEATED, Less, for_whom_less
from sim.study.margins import margin_title
from sim.study.money import title_of, unknown
from sim.study.pairs import Paired, paired
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.risks import Came, risks_of
from sim.study.statistics import Floats, mean

S, T = words("shared"), words("compare")
SMALLEST = 10
"""Children: of fewer in a group, nothing is said."""
SMALLEST_SHARE, FEWEST = 0.1, 3.0
"""Less than this of what it is now, or fewer children or weeks, is no news."""
MOST, MOST_ALIKE = 6, 2
"""Groups of children named per scenario, and with one outcome in one kind of group."""
ASKED, FOUND = "K26.asked", "K26.found"
_AGE = "age:"
# No payer of a region has this name.
_TOGETHER = ""


@dataclass(frozen=True)
class LessRow:
    """A group of children for whom an outcome becomes worse; `before` and `change` are a mean and its range."""

    scenario: str
    whom: str
    what: str
    before: tuple[str, str]
    change: tuple[str, str]
    runs: str


@dataclass(frozen=True)
class LessList:
    """All scenarios: rows, and what stands below them."""

    rows: tuple[LessRow, ...]
    notes: tuple[str, ...]


def less(scene: Scene) -> LessList:
    """For whom it becomes less: districts, needs and ages; no schools, and no group of under ten children."""
    rows, notes = [], []
    for key, name in others(scene).items():
        if not all_counted(scene, key):
            notes.append(T.PAIRS_LATER.format(name=name))
            continue
        seen = [x for x in for_whom_less(scene.results, key) if _large(scene.results, x)]
        found = [x for x in seen if _certain(scene.results, x)]
        named = _various(found)
        rows += [_less_row(scene.results, name, x) for x in named]
        if not found:
            notes.append(T.LESS_NONE.format(name=name))
        elif len(found) > len(named):
            notes.append(T.LESS_MORE.format(name=name, count=len(found) - len(named)))
        if len(seen) > len(found):
            notes.append(_unsure(name, len(seen) - len(found), more=bool(found)))
    return LessList(tuple(rows), tuple(notes))


def _various(found: Sequence[Less]) -> list[Less]:
    """The largest changes, of several outcomes and kinds of groups: five districts with one outcome say one thing."""
    alike: Counter[tuple[str, str | None]] = Counter()
    named: list[Less] = []
    for x in found:
        kind = x.indicator, _kind(x)
        alike[kind] += 1
        if alike[kind] <= MOST_ALIKE and len(named) < MOST:
            named.append(x)
    return named


def _unsure(name: str, count: int, *, more: bool) -> str:
    """How many groups may get less, while that is not certain: what is not proved must not be hidden either."""
    return str(
        T.LESS_UNSURE[("other" if more else "any") + ("_one" if count == 1 else "")].format(
            name=name, count=count
        )
    )


def _large(results: Results, x: Less) -> bool:
    """On average worse beyond the chance in that mean, large enough, of a district, need or age, and of enough children."""
    large = abs(x.difference) >= FEWEST and x.relative >= SMALLEST_SHARE
    few = INDICATORS[x.indicator].unit == "children" and max(x.today, x.today + x.difference) < SMALLEST
    if _kind(x) is None or not x.sure or not large or few:
        return False
    there = paired(results, x.scenario, Series(SEATED, x.place_type, x.district, x.profile))
    return there is not None and float(mean(there.today)) >= SMALLEST


def _certain(results: Results, x: Less) -> bool:
    """True when chance and assumptions together leave no doubt that it becomes worse."""
    d = _spread(results, x, "difference")
    worse = 1 if INDICATORS[x.indicator].better == "lower" else -1
    return d.has_wide and claim(x.indicator, d.outer) == worse


def _kind(x: Less) -> str | None:
    if x.district != "all":
        return "district"
    if x.profile != "all":
        return "profile"
    return "age" if x.place_type.startswith(_AGE) else None


def _spread(results: Results, x: Less, side: Literal["today", "difference"]) -> Spread:
    """Chance, and chance with assumptions, of what it is now or of the difference."""
    series = Series(x.indicator, x.place_type, x.district, x.profile)
    return _of_pairs(results, *(_side(paired(results, x.scenario, series, m), side) for m in (FIXED, DRAWN)))


def _side(pair: Paired | None, side: Literal["today", "difference"]) -> Floats:
    found: Floats = np.empty(0) if pair is None else getattr(pair, side)
    return found


def _of_pairs(results: Results, central: Floats, drawn: Floats) -> Spread:
    """Spread of complete pairs, which have no place for the runs that are still to come."""
    return spread(central, drawn, asked=results.replications)


def _less_row(results: Results, name: str, x: Less) -> LessRow:
    title = own(margin_title(results.baseline.region, x.label))
    size = difference_of(INDICATORS[x.indicator].unit, x.difference, word=True)
    today, change = _spread(results, x, "today"), _spread(results, x, "difference")
    return LessRow(
        name,
        T.KINDS[_kind(x) or "age"].format(name=title),
        own(INDICATORS[x.indicator].title),
        (amount(x.indicator, x.today), between(x.indicator, today)),
        (
            T.MEAN_CHANGE.format(size=size, word=S.MORE if x.difference > 0 else S.LESS),
            said(x.indicator, change.outer),
        ),
        T.RUNS.format(agree=change.agree, runs=change.outer_runs),
    )


@dataclass(frozen=True)
class PayRow:
    """One payer: per scenario the difference and where eight in ten runs lie."""

    who: str
    cells: tuple[tuple[str, str], ...]
    whole: bool = False


def pays(scene: Scene) -> list[PayRow]:
    """Who pays more and who less, in the order of the region, and all together below; () without prices."""
    region, named = scene.results.baseline.region, others(scene)
    if not region.payers or not named or Series("K28.total") not in scene.results.positions:
        return []
    each = {key: _paid(scene.results, key) for key in named}
    counted = {key: all_counted(scene, key) for key in named}
    rows = []
    for payer in region.payers:
        sums = {key: each[key][payer] for key in named}
        if any(d.known and not d.nothing for d in sums.values()):
            cells = tuple(pay_cell(d, counted=counted[key]) for key, d in sums.items())
            rows.append(PayRow(own(title_of(region, f"payer:{payer}")), cells))
    net = tuple(pay_cell(each[key][_TOGETHER], counted=counted[key]) for key in named)
    return [*rows, PayRow(str(T.PAYS_TOGETHER), net, whole=True)]


def _paid(results: Results, scenario: str) -> dict[str, Spread]:
    """Payer -> difference in euros a school year, on average over the school years; and of all payers together."""
    gaps: dict[str, list[Floats]] = {}
    for payer in results.baseline.region.payers:
        series = Series("K28.total", f"payer:{payer}")
        gaps[payer] = [_side(paired(results, scenario, series, m), "difference") for m in (FIXED, DRAWN)]
    gaps[_TOGETHER] = [_added([gap[i] for gap in gaps.values()]) for i in range(2)]
    return {payer: _of_pairs(results, *values) for payer, values in gaps.items()}


def _added(gaps: Sequence[Floats]) -> Floats:
    """Run by run; a payer of whom nothing is known adds nothing."""
    there = [gap for gap in gaps if len(gap)]
    return np.sum(there, axis=0) if there else np.empty(0)


def pay_cell(d: Spread, *, counted: bool) -> tuple[str, str]:
    """A difference in words with its mark, and its band; no mark when an end of the band is nothing, as it is written.

    Args:
        d: Difference in euros a year.
        counted: Whether assumptions count, so that a direction may be named.
    """
    if not counted:
        return str(T.CHANGE_LATER), ""
    if not d.enough or math.isnan(d.middle):
        return "–", ""
    low, high = (_thousands(v) for v in d.outer)
    if low == high == 0:
        return str(T.PAYS_SAME), ""
    band = S.RANGE.format(low=euro(d.outer[0]), high=euro(d.outer[1]))
    if not d.has_wide or low <= 0 <= high:
        return str(S.DIFFERENCE_UNCLEAR), band
    sized = S.RANGE_ONE_NUMBER.format(size=euro(abs(d.middle)), word=S.MORE if low > 0 else T.LESS_MONEY)
    return (T.UP if low > 0 else T.DOWN).format(text=sized), band


def euro(value: float) -> str:
    """Thousands of euros, rounded: to 5 from 20, and to 50 from a thousand."""
    return present(_thousands(value) * 1000, "euro", with_unit=False, language=current())


def _thousands(value: float) -> int:
    thousands = value / 1000
    step = 50 if abs(thousands) >= 1000 else 5 if abs(thousands) >= 20 else 1
    return round(thousands / step) * step


def unknown_amounts(results: Results) -> list[str]:
    """What has no known amount, in words."""
    return [own(u.title) for u in unknown(results.baseline.region)]


@dataclass(frozen=True)
class StaffRow:
    """Staff of one kind that a scenario asks for, and finds, more or fewer than what it is compared with."""

    scenario: str
    pool: str
    asked: str
    found: str
    whole: bool = False


def staff(scene: Scene) -> tuple[list[StaffRow], list[str]]:
    """Asked and found per pool, and sentences about who asks for nobody."""
    rows: list[StaffRow] = []
    notes = []
    pools = scene.results.baseline.region.staff
    for key, name in others(scene).items():
        if not all_counted(scene, key):
            notes.append(T.PAIRS_LATER.format(name=name))
            continue
        mine = []
        for pool in pools:
            asked, found = (scene.difference(i, f"pool:{pool}", key) for i in (ASKED, FOUND))
            if not asked.known or (asked.nothing and found.nothing):
                continue
            if rounds_to_nothing(ASKED, asked.middle) and rounds_to_nothing(FOUND, found.middle):
                continue
            mine.append(StaffRow(name, own(pools[pool].title), _jobs(ASKED, asked), _jobs(FOUND, found)))
        if not mine:
            notes.append(T.STAFF_NONE.format(name=name, against=scene.against))
            continue
        asked, found = (scene.difference(i, "all", key) for i in (ASKED, FOUND))
        rows += mine
        if len(mine) > 1 and asked.known:
            rows.append(
                StaffRow(name, str(T.STAFF_ALL), _jobs(ASKED, asked), _jobs(FOUND, found), whole=True)
            )
    return rows, notes


def _jobs(indicator: str, d: Spread) -> str:
    if d.nothing:
        return str(S.DIFFERENCE_NONE)
    return said(indicator, d.outer)


@dataclass(frozen=True)
class Terms:
    """What one scenario counts on, what may go wrong, and what surprises."""

    name: str
    failed: tuple[str, ...]
    held: tuple[str, ...]
    risks: tuple[str, ...]
    surprise: str


def terms(results: Results, names: dict[str, str]) -> list[Terms]:
    """Conditions, risks and surprise of each scenario, in words with the runs behind them."""
    conditions, risks = conditions_of(results), risks_of(results)
    found = []
    for key, name in names.items():
        scenario = results.scenario(key)
        mine = [c for c in conditions if c.scenario == key]
        found.append(
            Terms(
                name,
                tuple(condition_words(results, c) for c in mine if c.held < c.runs),
                tuple(condition_words(results, c) for c in mine if c.held == c.runs),
                tuple(
                    _risk(own(r), [c for c in risks if c.scenario == key and c.risk == r])
                    for r in scenario.risks
                ),
                own(scenario.surprise) if scenario.surprise else "",
            )
        )
    return found


def condition_words(results: Results, held: Held) -> str:
    """One condition, how often it held, and what happens otherwise."""
    words_ = _condition(results, held.condition)
    if held.held == held.runs:
        return str(T.HELD.format(condition=words_, held=T.HELD_ALWAYS.format(runs=held.runs)))
    template = T.HELD_SOME if held.held else T.HELD_NEVER
    text = template.format(held=held.held, runs=held.runs)
    return str(T.IF_UNMET.format(condition=words_, held=text, unmet=own(held.condition.if_unmet)))


def _condition(results: Results, condition: Condition) -> str:
    pool = ""
    if condition.pool:
        pool = T.CONDITION_POOL.format(pool=own(margin_title(results.baseline.region, condition.pool)))
    share = f"{round(condition.at_least * 100)}%"
    return str(T.CONDITION[condition.of].format(share=share, pool=pool))


def _risk(text: str, came: Sequence[Came]) -> str:
    judged = [c for c in came if c.runs]
    if not judged:
        return text
    return str(T.RISK_CAME.format(risk=text, times=judged[0].times, runs=judged[0].runs))
