"""Print a comparison on 100 columns: per scenario a headline in words, a table, and warnings."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.indicators import INDICATORS, UNITS, present, rounded
from sim.study.cautions import Caution
from sim.study.compare import MEAN, PRIMARY, Comparison, Outcome
from sim.study.outcomes import Shown, first_page

WIDTH = 100
# The short page: by type only what is counted per type; `--full` shows everything and single school years.
_BY_TYPE = ("K02.oct", "K17.children_oct", "K22.occupancy")
_BESIDE = (
    ("K34.count", "without a fitting place"),
    ("K10.no_place", "at home without a place"),
    ("K18.unsupported", "in a regular school without help"),
)
_CONFIDENT = 0.05


def console(*, error: bool = False) -> Console:
    """A console as wide as the terminal; 100 columns when the output goes to a file."""
    made = Console(stderr=error, highlight=False)
    return made if made.is_terminal else Console(stderr=error, highlight=False, width=WIDTH)


def print_comparison(out: Console, comparison: Comparison, *, full: bool = False) -> None:
    """Print the whole comparison.

    Args:
        out: Where to.
        comparison: What to print.
        full: Also every type, and single school years beside the mean.
    """
    years = comparison.school_years
    out.print()
    out.print(
        f"Compared with: {_title(comparison, comparison.baseline)}. "
        f"Mean over the school years {years[0]} to {years[-1]}, on {comparison.pairs} paired runs"
        + (f" and {comparison.drawn_pairs} with drawn assumptions." if comparison.drawn_pairs else ".")
    )
    if not comparison.drawn_pairs:
        out.print("Assumptions were held fixed: the bands show chance alone.")
    shown = first_page(comparison)
    if not comparison.scenarios:
        _print_levels(out, comparison, shown)
    for scenario in comparison.scenarios:
        _print_scenario(out, comparison, scenario, shown, full=full)
    if comparison.scenarios:
        _print_legend(out, drawn=comparison.drawn_pairs > 0)
    _print_cautions(out, comparison, [c for c in comparison.cautions if not c.scenario])
    _print_cautions(out, comparison, [c for c in comparison.cautions if c.scenario == comparison.baseline])


def headline(comparison: Comparison, scenario: str) -> str:
    """The answer for one scenario in plain words."""
    waiting = comparison.outcome(scenario, "K02.oct")
    if waiting is None or not waiting.runs:
        return "The waiting list is not among these results."
    if waiting.all_equal:
        return "In every run exactly as many children wait as when we carry on."
    size = abs(rounded(waiting.difference, waiting.unit))
    today, level = (
        present(v, waiting.unit, language="en", with_unit=False) for v in (waiting.today, waiting.level)
    )
    more = waiting.difference > 0
    first = (
        f"About as many children wait for a seat on 1 October as when we carry on ({today} and {level})"
        if size == 0
        else f"On 1 October about {size:,.0f} {'more' if more else 'fewer'} children wait for a seat "
        f"than when we carry on ({today} becomes {level})"
    )
    parts = [f"{first}; {'more' if more else 'fewer'} in {waiting.same_sign} of {waiting.runs} runs."]
    parts.append(f"By chance alone: {_range(waiting.difference_chance, waiting.unit)}.")
    band = waiting.difference_chance
    if waiting.drawn_runs:
        band = waiting.difference_both
        parts.append(f"With the assumptions varied too: {_range(band, waiting.unit)}.")
    if band[0] <= 0 <= band[1]:
        parts.append("So no direction can be claimed.")
    elif waiting.survives is not None:
        parts.append(f"{waiting.survives:.0%} of it is left when effects that nobody measured do nothing.")
    beside = []
    for indicator, words in _BESIDE:
        outcome = comparison.outcome(scenario, indicator)
        if outcome is not None and outcome.runs:
            beside.append(f"{words} {_change(outcome.difference, outcome.unit)}")
    if beside:
        parts.append(f"Beside it: {', '.join(beside)}.")
    return " ".join(parts)


def _print_scenario(
    out: Console, comparison: Comparison, scenario: str, shown: tuple[Shown, ...], *, full: bool
) -> None:
    out.print()
    out.print()
    out.rule(Text(_title(comparison, scenario), style="bold"), align="left")
    out.print(headline(comparison, scenario))
    out.print()
    drawn = comparison.drawn_pairs > 0
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", expand=False)
    table.add_column("outcome", overflow="fold")
    heads = (
        "carry on",
        "difference",
        "chance",
        *(("chance +\nassumptions",) if drawn else ()),
        "in runs",
        "left",
    )
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    equal: list[str] = []
    last = ""
    for s in shown:
        if not full and s.place_type != "all" and s.indicator not in _BY_TYPE:
            continue
        for period in comparison.periods if full else (MEAN,):
            outcome = comparison.outcome(scenario, s.indicator, s.place_type, period)
            if outcome is None or not outcome.runs:
                continue
            if outcome.all_equal:
                if period == MEAN:
                    equal.append(_label(comparison, s, brief=True))
                continue
            if s.indicator != last and s.place_type != "all":
                table.add_row(Text(_label(comparison, Shown(s.indicator, "all"))))
            last = s.indicator
            label = _label(comparison, s) if period == MEAN else f"    {period}"
            table.add_row(Text(label), *_cells(outcome, drawn=drawn))
    out.print(table)
    if equal:
        out.print(f"Equal in every run: {'; '.join(equal)}.", style="dim")
    primary = comparison.outcome(scenario, PRIMARY.indicator)
    if primary is not None and primary.simultaneous is not None and not primary.all_equal:
        low, high = (_change(v, primary.unit) for v in primary.simultaneous)
        sure = primary.p_holm is not None and primary.p_holm < _CONFIDENT
        out.print(
            "Missed school weeks, mean difference with 95% confidence for all scenarios together: "
            f"{low} to {high} ({'differs from zero' if sure else 'cannot be told from zero'}; chance only)."
        )
    _print_cautions(out, comparison, [c for c in comparison.cautions if c.scenario == scenario])


def _print_levels(out: Console, comparison: Comparison, shown: tuple[Shown, ...]) -> None:
    """Levels of the baseline, when it was run alone."""
    out.print("Only the baseline was run: there is nothing to compare with it.")
    out.print()
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("outcome", overflow="fold")
    for head in ("mean", "chance", *(("chance +\nassumptions",) if comparison.drawn_pairs else ())):
        table.add_column(head, justify="right", no_wrap=True)
    for s in shown:
        outcome = comparison.outcome(comparison.baseline, s.indicator, s.place_type)
        if outcome is None or not outcome.runs:
            continue
        bands = (outcome.today_chance, *((outcome.today_both,) if comparison.drawn_pairs else ()))
        cells = [_level(outcome.today, outcome.unit)]
        cells += [f"{_level(low, outcome.unit)} … {_level(high, outcome.unit)}" for low, high in bands]
        table.add_row(Text(_label(comparison, s, brief=True)), *cells)
    out.print(table)


def _level(value: float, unit: str) -> str:
    return present(value, unit, language="en", with_unit=False)


def _cells(outcome: Outcome, *, drawn: bool) -> list[Text]:
    unit = outcome.unit
    band = outcome.difference_both if drawn else outcome.difference_chance
    unsure = band[0] <= 0 <= band[1]
    cells = [
        _level(outcome.today, unit),
        _change(outcome.difference, unit) + (" ?" if unsure else ""),
        _band(outcome.difference_chance, unit),
    ]
    if drawn:
        cells.append(_band(outcome.difference_both, unit))
    ties = f" ({outcome.ties} =)" if outcome.ties else ""
    cells.append(f"{outcome.same_sign} of {outcome.runs}{ties}")
    cells.append("–" if outcome.survives is None else f"{outcome.survives:.0%}")
    return [Text(c, style="dim" if unsure and i else "") for i, c in enumerate(cells)]


def _change(value: float, unit: str) -> str:
    return present(value, unit, against=0.0, language="en", with_unit=False).removesuffix(" %-pt")


def _band(band: tuple[float, float], unit: str) -> str:
    return f"{_change(band[0], unit)} … {_change(band[1], unit)}"


def _range(band: tuple[float, float], unit: str) -> str:
    words = []
    for value in band:
        size = abs(rounded(value, unit))
        words.append(f"{size:,.0f} {'more' if value > 0 else 'fewer'}" if size else "no difference")
    return words[0] if words[0] == words[1] else f"{words[0]} to {words[1]}"


def _label(comparison: Comparison, shown: Shown, *, brief: bool = False) -> str:
    known = INDICATORS.get(shown.indicator)
    title = known.title.en if known else shown.indicator
    unit = known.unit if known else ""
    where = "" if shown.place_type == "all" else comparison.margins[shown.place_type].en
    if brief:
        return f"{title}: {where}" if where else title
    if where:
        return f"  {where}"
    if unit == "share":
        return f"{title} (%-points)"
    many = UNITS[unit].many.en if unit in UNITS else ""
    return title if unit == "children" or many in title.lower() else f"{title} ({many})"


def _title(comparison: Comparison, scenario: str) -> str:
    return f"{comparison.titles[scenario][1]} ({scenario})"


def _print_legend(out: Console, *, drawn: bool) -> None:
    out.print()
    out.print("chance: eight of ten differences lie between these, when only luck differs.", style="dim")
    if drawn:
        out.print(
            "chance + assumptions: the same when every uncertain number is drawn from its range as well.",
            style="dim",
        )
    out.print(
        "in runs: how often the difference has this sign (and how often there is none). "
        "left: share of the difference when effects of grade D and E "
        "do nothing (– = the difference cannot be told from zero). ?: no direction can be claimed.",
        style="dim",
    )


def _print_cautions(out: Console, comparison: Comparison, cautions: list[Caution]) -> None:
    """Warnings of a scenario as a whole in full; those of single outcomes gathered per kind."""
    for caution in cautions:
        if not caution.indicator:
            out.print(Text(f"! {caution.text('en')}", style="yellow"))
    growing = [c for c in cautions if c.kind == "unstable"]
    if growing:
        types = ", ".join(dict.fromkeys(comparison.margins[c.place_type].en for c in growing))
        who = "" if growing[0].scenario == "" else f" {growing[0].scenario}:"
        out.print(Text(f"!{who} {growing[0].text('en')} ({types})", style="yellow"))
