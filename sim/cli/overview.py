"""Print the whole shelf on 100 columns: one line per scenario, and under it what a line cannot hold."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.indicators import INDICATORS, present, rounded
from sim.study.compare import Comparison, Outcome
from sim.study.margins import margin_title
from sim.study.overview import COST, LACKING, MISSED, SIGNAL, WAITING, Line
from sim.study.parts import Division
from sim.study.recovery import Recovery
from sim.study.value import REASONS

_NOTHING = "–"
_MOST_LESS = 5
_KINDS = {"district": "district", "profile": "profile", "age": "age group"}


def print_overview(
    out: Console, lines: Sequence[Line], comparison: Comparison, *, full: bool = False
) -> None:
    """Print the table of all scenarios.

    Args:
        out: Where to.
        lines: One per scenario.
        comparison: The comparison that they come from.
        full: Also, per scenario, the conditions, the risks, for whom it becomes less and the cost per missed week.
    """
    years = comparison.school_years
    drawn = comparison.drawn_pairs > 0
    out.print()
    out.print(
        f"Every scenario beside carrying on as today: mean difference per school year, {years[0]} to {years[-1]}, "
        f"on {comparison.pairs} paired runs"
        + (f" and {comparison.drawn_pairs} with drawn assumptions." if drawn else ".")
    )
    costs = any(COST in line.outcomes for line in lines)
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", expand=False)
    table.add_column("scenario", overflow="fold", max_width=30)
    heads = ["missed\nweeks", "eight of ten\nlie between", "wait-\ning", "no\nplace"]
    heads += ["1,000\neuro"] if costs else []
    for head in (*heads, "staff\nfound", "left", "con-\nditions", "risks"):
        table.add_column(head, justify="right", no_wrap=True)
    last = ""
    for line in lines:
        # A twin stands under what it is the twin of, whatever kind that is.
        kind = last if line.under else line.scenario.kind
        if kind != last:
            table.add_row(Text(f"{kind}s" if kind != "own" else kind, style="bold"))
        last = kind
        table.add_row(*_cells(line, drawn=drawn, costs=costs))
    out.print(table)
    out.print()
    for words in _legend(drawn=drawn, costs=costs):
        out.print(words, style="dim")
    if any(line.recovery for line in lines):
        out.print()
    for line in lines:
        if line.recovery is not None:
            out.print(Text(f"{line.scenario.title.en}: {_recovered(line.recovery)}"))
    for line in lines:
        if line.scenario.surprise is not None:
            out.print()
            out.print(Text(f"{line.scenario.title.en}: {line.scenario.surprise.en}"))
    if full:
        print_beside(out, lines, conditions=True)


def print_parts(out: Console, divisions: Sequence[Division], title: str) -> None:
    """Print what each part of a package does.

    Args:
        out: Where to.
        divisions: One per outcome.
        title: Title of the package.
    """
    for division in divisions:
        unit = division.series.unit
        name = INDICATORS[division.series.indicator].title.en
        out.print()
        out.rule(Text(f"{title}: its parts · {_small(name)}", style="bold"), align="left")
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", expand=False)
        table.add_column("part", overflow="fold", max_width=44)
        shared = any(p.share is not None for p in division.parts)
        for head in ("alone", "± (95%)", "missing\nwithout it", "± (95%)", *(("share",) if shared else ())):
            table.add_column(head, justify="right", no_wrap=True)
        for part in division.parts:
            cells = [_signed(part.alone, unit), _size(part.alone_half, unit)]
            cells += [_signed(part.missing, unit), _size(part.missing_half, unit)]
            cells += [_NOTHING if part.share is None else _signed(part.share, unit)] if shared else []
            table.add_row(Text(f"{part.title.en} ({part.part})"), *(Text(c) for c in cells))
        out.print(table)
        alone = _signed(sum(p.alone for p in division.parts), unit)
        out.print(
            f"Together: {_signed(division.whole, unit)}. Each alone, added up: {alone}."
            + (" Share: the mean over all orders of adding them; the shares add up." if shared else ""),
            style="dim",
        )


def _cells(line: Line, *, drawn: bool, costs: bool) -> list[Text]:
    missed = line.outcomes.get(MISSED)
    mark = "  · " if line.under else ""
    item = f"{line.scenario.source.item} " if line.scenario.source and not line.under else ""
    band = None if missed is None else missed.difference_both if drawn else missed.difference_chance
    same = missed is not None and missed.all_equal
    unsure = band is not None and band[0] <= 0 <= band[1]
    found = [_change(missed) + (" ?" if unsure and not same else "")]
    found.append(
        _NOTHING
        if missed is None or band is None or same
        else " … ".join(_signed(v, missed.unit) for v in band)
    )
    found += [_change(line.outcomes.get(name)) for name in (WAITING, LACKING)]
    if costs:
        cost = line.outcomes.get(COST)
        found.append(_NOTHING if cost is None else _thousands(cost.difference))
    found.append(_staff(line))
    found.append(_NOTHING if line.survives is None else f"{line.survives:.0%}")
    found += [_of(line.unmet), _of(line.came)]
    return [
        Text(f"{mark}{item}{line.scenario.title.en}"),
        *(Text(c, style="dim" if unsure else "") for c in found),
    ]


def _legend(*, drawn: bool, costs: bool) -> list[str]:
    varied = "when luck and every uncertain number differ" if drawn else "when only luck differs"
    return [
        f"missed weeks: school weeks that children miss, all together, and the band {varied}. "
        "?: no direction can be claimed.",
        "waiting: children on a list, school-year mean. no place: children without a fitting place on 1 October."
        + (" 1,000 euro: all payers together." if costs else ""),
        "staff found: of the extra staff that it asks, in full-time jobs, or the share that is there. "
        "left: share of the missed weeks when effects of grade D and E do nothing.",
        "conditions: runs in which one was not met. risks: runs in which a coded one came true. "
        f"{_NOTHING}: none, or it cannot be told.",
    ]


def print_beside(out: Console, lines: Sequence[Line], *, conditions: bool = False) -> None:
    """Print per scenario what no average shows: risks that came true, for whom it becomes less, the price of a week.

    Args:
        out: Where to.
        lines: One per scenario.
        conditions: Also conditions that did not hold.
    """
    for line in lines:
        if parts := _beside(line, conditions=conditions):
            out.print()
            out.print(
                Text(f"Beside the averages: {line.scenario.title.en} ({line.scenario.id})", style="bold")
            )
            for part in parts:
                out.print(Text(f"  {part}"))


def _beside(line: Line, *, conditions: bool) -> list[str]:
    parts: list[str] = []
    region = line.scenario.region
    signal = line.outcomes.get(SIGNAL)
    if signal is not None:
        parts.append(f"Waiting from the first signal, on 1 October: {_change(signal)}.")
    for held in line.conditions if conditions else ():
        c = held.condition
        name = f"{c.of} {c.pool or ''}".strip()
        if held.held < held.runs:
            parts.append(
                f"Condition {name} >= {c.at_least:.0%}: held in {held.held} of {held.runs} runs, "
                f"lowest year {held.lowest:.0%}. {c.if_unmet.en}"
            )
    for came in line.risks:
        how = f"in {came.times} of {came.runs} runs" if came.runs else "not among these results"
        parts.append(f"Risk, {how}: {came.risk.en}")
    shown = [x for x in line.less if x.sure and rounded(x.difference, INDICATORS[x.indicator].unit)]
    for less in shown[:_MOST_LESS]:
        unit, who = INDICATORS[less.indicator].unit, margin_title(region, less.label).en
        who = f"children with need “{who}”" if less.profile != "all" else who
        parts.append(
            f"Less for {who}: {_small(INDICATORS[less.indicator].title.en)} {_signed(less.difference, unit)} "
            f"({_size(less.today, unit)} when we carry on), in {less.times} of {less.runs} runs."
        )
    if len(shown) > _MOST_LESS:
        parts.append(f"And {len(shown) - _MOST_LESS} more of these: see worse_off.csv of --out.")
    for gap in line.gaps:
        # Ages differ by nature (hardly a child under four is at home), so their ratio says nothing about fairness.
        if gap.measure == "missed" and gap.kind != "age":
            parts.append(
                f"Missed weeks per child, {margin_title(region, gap.worst).en} against {margin_title(region, gap.best).en}: "
                f"{gap.ratio:.1f} times "
                f"(carrying on: {gap.today_ratio:.1f}, between worst and best {_KINDS[gap.kind]})."
            )
    for kind, gain in line.gain.items():
        if gain is not None:
            parts.append(
                f"To the quarter of children in the worst off {_KINDS[kind]}s goes {gain:.0%} of the gain."
            )
    cost = line.outcomes.get(COST)
    if cost is not None and not cost.all_equal:
        chance = math.isnan(cost.difference_both[0])
        low, high = cost.difference_chance if chance else cost.difference_both
        parts.append(
            f"Cost of all payers together: {_thousands(cost.difference)} thousand euro a year, eight of ten between "
            f"{_thousands(low)} and {_thousands(high)}{' by chance alone' if chance else ''}. "
            "Many prices are assumptions."
        )
    value = line.value
    if value.ratio is not None and value.interval is not None:
        low, high = value.interval
        parts.append(
            f"Per missed week avoided: about {_euro(value.ratio)} euro (95%: {_euro(low)} to {_euro(high)})."
        )
    elif value.reason != "no_costs":
        parts.append(f"No price per missed week: {REASONS[value.reason]['en']}.")
    if line.recovery is not None:
        said = _recovered(line.recovery)
        parts.append(said[0].upper() + said[1:])
    return parts


def _recovered(recovery: Recovery) -> str:
    back = f"back within a tenth in {recovery.back} of {recovery.runs} runs"
    half = f", half of them within {recovery.median:.0f} months" if recovery.median is not None else ""
    return f"the waiting list is {back}{half}, counted from {recovery.ended}."


def _staff(line: Line) -> str:
    if line.staff is not None:
        asked, found = line.staff
        # Less than a twentieth of a job is no change in what is asked.
        return _NOTHING if abs(asked) < 0.05 else f"{found:+.1f}/{asked:+.1f}".replace("-", "−")
    dose = line.outcomes.get("K26.dose")
    return _NOTHING if dose is None or dose.all_equal else f"{dose.level:.0%}"


def _thousands(euro: float) -> str:
    shown = f"{euro / 1000:+,.0f}".replace("-", "−")
    return "0" if shown[1:] == "0" else shown


def _euro(value: float) -> str:
    """An amount in two digits that count: more would look sure."""
    return f"{float(f'{value:.2g}'):,.0f}".replace("-", "−")


def _of(counted: tuple[int, int]) -> str:
    return f"{counted[0]} of {counted[1]}" if counted[1] else _NOTHING


def _change(outcome: Outcome | None) -> str:
    if outcome is None:
        return _NOTHING
    return "0" if outcome.all_equal else _signed(outcome.difference, outcome.unit)


def _small(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]


def _signed(value: float, unit: str) -> str:
    return present(value, unit, against=0.0, language="en", with_unit=False).removesuffix(" %-pt")


def _size(value: float, unit: str) -> str:
    return present(abs(value), unit, language="en", with_unit=False)
