"""Write docs/reference: a page per lever and indicator, and a page or section per assumption.

Everything comes from the definitions in `sim` and from the region's own files; nothing is written a second
time here. The pages hold no date of making, so they change only when a definition changes. `make docs` calls
this; a test fails when the pages in the repository are not those that this makes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from coverage_page import coverage_page

from sim.indicators import INDICATORS, UNITS, Indicator
from sim.scenario.definitions import DEFINITIONS, LeverDefinition
from sim.scenario.describe import LeverRow, NumberRow, grade_counts, lever_rows, number_rows
from sim.scenario.evidence import HOOK, NO_EFFECT, Effect, dose_of
from sim.scenario.levers import levers_of
from sim.scenario.quantity import GRADE_MEANING
from sim.scenario.resolve import catalogue, load
from sim.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
TARGET = ROOT / "docs" / "reference"
COVERAGE = ROOT / "docs" / "coverage.md"
REGION = "almere"
MADE = "<!-- Made by scripts/generate_docs.py (make docs). Change the definition, not this page. -->"
ROLES = {
    "special": "types of special education",
    "programme": "programmes (temporary places between referral and decision)",
    "regular": "stages of regular education that have extra help",
    "decision": "decisions before a child may be listed",
}
OPERATIONS = {"set": "sets a value", "add": "adds to today's value"}
SPLITS = {
    "all": "everything together", "type": "place type", "tag": "tag (a label of types)",
    "district": "district", "profile": "leading need", "stage": "regular stage", "programme": "programme",
    "payer": "payer (a budget)", "organisation": "organisation (its budgets together)", "purpose": "purpose",
    "age": "age when it began", "pool": "staff pool",
}  # fmt: skip
BETTER = {
    "lower": "lower is better for children", "higher": "higher is better for children",
    "neither": "neither direction is better by itself",
}  # fmt: skip
MEASURES = {
    "risk_ratio": "risk ratio (multiplies a chance)", "hazard_ratio": "hazard ratio (multiplies a rate)",
    "elasticity": "elasticity (an exponent)",
}  # fmt: skip
# Kinds of owners of an assumption: part of the path -> heading, in the order of the index.
KINDS = {
    "places": "Schools", "place_types": "Types of special education", "sources": "Streams of first signals",
    "regular": "Regular education", "decisions": "Decisions", "programmes": "Programmes",
    "home": "Children at home", "staff": "Staff", "approaches": "Approaches", "teams": "Teams",
    "prices": "Prices",
}  # fmt: skip


def pages() -> dict[str, str]:
    """All pages: path below docs/reference -> text."""
    baseline = load(f"{REGION}/baseline", SCENARIOS)
    scenarios = [s for s in catalogue(SCENARIOS, REGION) if s.kind != "baseline"]
    made = {
        "README.md": _index(baseline),
        **_lever_pages(baseline, scenarios),
        **_indicator_pages(),
        **_assumption_pages(baseline),
    }
    return dict(sorted(made.items()))


def main() -> None:
    """Write the pages and take away those that no definition stands behind any more."""
    made = pages()
    for path in sorted(TARGET.rglob("*.md")):
        if path.relative_to(TARGET).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    region = load(f"{REGION}/baseline", SCENARIOS).region
    COVERAGE.write_text(coverage_page(region, made), encoding="utf-8", newline="\n")
    print(f"{len(made)} pages in {TARGET.relative_to(ROOT).as_posix()}")


def _index(baseline: Scenario) -> str:
    rows = number_rows(baseline)
    counts = ", ".join(f"{n} of grade {grade}" for grade, n in grade_counts(rows).items() if n)
    lines = [
        "# Reference", "",
        "Made from the definitions in the code and from the files of Almere.", "",
        f"- [Levers](levers/README.md): what someone can decide ({len(DEFINITIONS)}).",
        f"- [Indicators](indicators/README.md): what is counted, exactly ({len(INDICATORS)}).",
        f"- [Assumptions](assumptions/README.md): every number with its range, grade and source "
        f"({len(rows)}: {counts}).", "",
        "## Grades", "",
        *_table(("grade", "meaning", "in Dutch"), ((g, t["en"], t["nl"]) for g, t in GRADE_MEANING.items())),
        "",
        "An effect of grade D or E has \"no effect\" within its range, and of every difference it is told "
        "which share is left with all of these effects switched off. A drawn value lies as often below the "
        "value as above it; see "
        "[decision 0005](../decisions/0005-the-value-is-the-median-of-its-range.md).",
    ]  # fmt: skip
    return _page(lines)


# --- levers ---------------------------------------------------------------------------------------


def _lever_pages(baseline: Scenario, scenarios: Sequence[Scenario]) -> dict[str, str]:
    set_by: dict[str, list[tuple[Scenario, LeverRow]]] = {}
    for scenario in scenarios:
        for row in lever_rows(scenario):
            set_by.setdefault(row.path, []).append((scenario, row))
    levers = levers_of(baseline.region)
    lines = [
        "# Levers", "",
        "A lever is something that someone can decide. A scenario sets levers and nothing else: what a lever "
        "*does* stands in the [effects](../assumptions/README.md#effects). In a file a lever is written as "
        "`<owner>.<lever>`, for example `sbo.class_size`.",
    ]  # fmt: skip
    made = {}
    for role, words in ROLES.items():
        lines += ["", f"## For {words}", ""]
        rows = []
        for d in (d for d in DEFINITIONS if d.role == role):
            mine = {p: lever for p, lever in levers.items() if lever.definition is d}
            touched = {p: set_by[p] for p in mine if p in set_by}
            made[f"levers/{_lever_name(d)}.md"] = _lever_page(
                d, [(p, lever.title.en, lever.today) for p, lever in mine.items()], touched
            )
            rows.append(
                (
                    f"[{d.key}]({_lever_name(d)}.md)",
                    _short(d.en),
                    _short(d.nl),
                    d.unit or d.kind,
                    _scenarios_of(touched),
                )
            )
        lines += _table(("lever", "title", "in Dutch", "unit", "set by"), rows)
    made["levers/README.md"] = _page(lines)
    return made


def _lever_page(
    d: LeverDefinition,
    here: Iterable[tuple[str, str, float | str]],
    set_by: dict[str, list[tuple[Scenario, LeverRow]]],
) -> str:
    if d.kind == "number":
        bounds = f"{_number(d.low)} to {_number(d.high)} {d.unit}"
    else:
        bounds = "0 (off) or 1 (on)" if d.kind == "switch" else ", ".join(f"`{o}`" for o in d.options)
    if d.calibrated is None:
        seen = "no part is marked"
    elif d.op == "add":
        seen = f"{_signed(d.calibrated[0])} to {_signed(d.calibrated[1])} {d.unit} from today's value"
    else:
        seen = f"{_number(d.calibrated[0])} to {_number(d.calibrated[1])} {d.unit}"
    where = ", ".join(f"`{w}`" for w in d.where) or "no: always the whole"
    lines = [
        f"# {d.key} ({d.role})", "",
        f"**{_short(d.en)}** · *{_short(d.nl)}*", "",
        d.en_help, "", f"*{d.nl_help}*", "",
        *_table(("", ""), (
            ("path", f"`<owner>.{d.key}`; owners are {ROLES[d.role]}"),
            ("kind", d.kind), ("unit", d.unit or "none"), ("bounds", bounds),
            ("near what was ever seen", seen),
            ("how a slider sets it", _operation(d)),
            ("can be split by (`where`)", where),
        )),
        "", "## In Almere", "",
        *_table(("path", "title", "today"), ((f"`{p}`", title, _value(today)) for p, title, today in here)),
        "", "## Scenarios that set it", "",
    ]  # fmt: skip
    rows = [
        (f"`{s.id}`", f"`{path}`", row.change, _period(row), row.where.en if row.where else "everywhere")
        for path, found in set_by.items()
        for s, row in found
    ]
    lines += (
        _table(("scenario", "path", "change", "when", "where"), rows)
        if rows
        else ["No shipped scenario sets it."]
    )
    return _page(lines)


def _operation(d: LeverDefinition) -> str:
    return OPERATIONS[d.op] + (f", in steps of {_number(d.step)}" if d.step else "")


def _scenarios_of(set_by: dict[str, list[tuple[Scenario, LeverRow]]]) -> str:
    names = dict.fromkeys(f"`{s.id}`" for found in set_by.values() for s, _ in found)
    return ", ".join(names) or "–"


def _period(row: LeverRow) -> str:
    text = f"from {row.from_}" + (f" until {row.until}" if row.until else "")
    return text + (f", over {_number(row.ramp_months)} months" if row.ramp_months else "")


def _lever_name(d: LeverDefinition) -> str:
    return f"{d.role}-{d.key}"


def _short(title: str) -> str:
    return title.removeprefix("{name}: ").format(name="…")


# --- indicators -----------------------------------------------------------------------------------


def _indicator_pages() -> dict[str, str]:
    lines = [
        "# Indicators", "",
        "Each is one pure function of the record of a replication. Its definition (the estimand) says "
        "exactly who is counted, from when, until when. The same text stands on the screen and in the "
        "workbook.",
    ]  # fmt: skip
    families: dict[str, list[Indicator]] = {}
    for indicator in INDICATORS.values():
        families.setdefault(indicator.id.split(".")[0], []).append(indicator)
    made: dict[str, str] = {}
    for family, members in sorted(families.items()):
        lines += ["", f"## {family}", ""]
        lines += _table(
            ("indicator", "title", "in Dutch", "unit"),
            ((f"[{i.id}]({i.id}.md)", i.title.en, i.title.nl, i.unit) for i in members),
        )
        made |= {f"indicators/{i.id}.md": _indicator_page(i) for i in members}
    made["indicators/README.md"] = _page(lines)
    return made


def _indicator_page(i: Indicator) -> str:
    parts = (
        ("Population", "Wie telt mee", i.population), ("Start", "Begin", i.start), ("End", "Einde", i.end),
        ("Clock stop", "Klok stopt", i.stop), ("Window", "Periode", i.window),
        *((("Note", "Let op", i.note),) if i.note else ()),
    )  # fmt: skip
    unit = UNITS[i.unit].many
    about = [
        ("unit", f"`{i.unit}`" + (f" ({unit.en} · *{unit.nl}*)" if unit.en else "")),
        ("split by", ", ".join(SPLITS[s] for s in i.splits)),
        ("parts add up to the whole", "yes" if i.additive else "no"),
        ("direction", BETTER[i.better]),
    ]
    lines = [
        f"# {i.id}", "", f"**{i.title.en}** · *{i.title.nl}*", "",
        "## Estimand", "", *_table(("", ""), ((en, text.en) for en, _, text in parts)), "",
        "## In het Nederlands", "", *_table(("", ""), ((nl, text.nl) for _, nl, text in parts)), "",
        "## In tables", "", *_table(("", ""), about),
    ]  # fmt: skip
    return _page(lines)


# --- assumptions ----------------------------------------------------------------------------------


def _assumption_pages(baseline: Scenario) -> dict[str, str]:
    rows = number_rows(baseline)
    sizes = {row.path.split(".")[1]: row for row in rows if row.path.startswith("effects.")}
    owners: dict[str, dict[str, list[NumberRow]]] = {kind: {} for kind in KINDS}
    for row in rows:
        if row.path.startswith("region."):
            _, kind, owner, *_ = row.path.split(".")
            # The staff pool has no parts with names of their own.
            owners[kind].setdefault("staff" if kind == "staff" else owner, []).append(row)
    floor = next(row for row in rows if row.path == "floor")
    made = {
        f"assumptions/effects/{key}.md": _effect_page(
            key, baseline.effects[key], row, baseline.region.programmes
        )
        for key, row in sizes.items()
    }
    made["assumptions/effects/floor.md"] = _page(
        [
            "# floor",
            "",
            "Effects multiply; their product on one chance never falls below this.",
            "",
            *_number_section(floor),
        ]
    )
    lines = [
        "# Assumptions", "",
        "Every number that a run for Almere rests on and that is not true by definition: its value, its "
        "range, how sure we are of it, and where it comes from. In a run with drawn assumptions each takes "
        "another value within its range.",
        "", *_grades(rows), "", "## Effects", "",
        "What a lever or a state does. No effect was measured in Almere.", "",
        *_table(
            ("effect", "title", "acts on", "size", "range", "grade"),
            (
                *(
                    _effect_row(k, baseline.effects[k].title.en, HOOK[baseline.effects[k].acts_on]["en"], row)
                    for k, row in sizes.items()
                ),
                _effect_row("floor", floor.title.en, "all of them together", floor),
            ),
        ),
    ]  # fmt: skip
    for kind, heading in KINDS.items():
        titles = _titles(baseline, kind)
        entries = []
        for owner, mine in sorted(owners[kind].items()):
            name = f"{kind.replace('_', '-')}/{owner}.md"
            made[f"assumptions/{name}"] = _owner_page(heading, titles.get(owner, owner), mine)
            entries.append((f"[{titles.get(owner, owner)}]({name})", str(len(mine)), _counted(mine)))
        if entries:
            lines += ["", f"## {heading}", "", *_table(("of", "numbers", "by grade"), entries)]
    made["assumptions/README.md"] = _page(lines)
    return made


def _effect_row(key: str, title: str, acts_on: str, row: NumberRow) -> tuple[str, ...]:
    return f"[{key}](effects/{key}.md)", title, acts_on, _number(row.value), _range(row), row.grade


def _titles(baseline: Scenario, kind: str) -> dict[str, str]:
    return {key: item.title.en for key, item in getattr(baseline.region, kind).items()}


def _owner_page(heading: str, title: str, rows: Sequence[NumberRow]) -> str:
    lines = [f"# {title}", "", f"{heading}. {len(rows)} numbers: {_counted(rows)}.", ""]
    lines += _table(
        ("number", "value", "range", "unit", "grade"),
        (
            (f"[{_below(row, title)}](#{_anchor(row)})", _number(row.value), _range(row), row.unit, row.grade)
            for row in rows
        ),
    )
    for row in rows:
        lines += [
            "",
            f'<a id="{_anchor(row)}"></a>',
            "",
            f"## {_below(row, title)}",
            "",
            *_number_section(row),
        ]
    return _page(lines)


def _effect_page(key: str, effect: Effect, row: NumberRow, programmes: Collection[str]) -> str:
    where = ", ".join(f"`{t}`" for t in effect.types) or "everywhere"
    lever = (
        "a state of the child, which no lever sets directly"
        if effect.lever == "state"
        else ", ".join(
            f"[{d.key} ({d.role})](../../levers/{_lever_name(d)}.md)"
            for d in DEFINITIONS
            if d.key == effect.lever
        )
    )
    none = NO_EFFECT[effect.measure]
    lines = [
        f"# {key}", "", f"**{effect.title.en}** · *{effect.title.nl}*", "",
        *_table(("", ""), (
            ("belongs to", lever),
            ("cause", f"`{effect.cause}`: {dose_of(effect.cause, programmes)['en']}"),
            ("acts on", f"`{effect.acts_on}`: {HOOK[effect.acts_on]['en']}"),
            ("where", where),
            ("measure", f"{MEASURES[effect.measure]}; {_number(none)} = no effect"),
            ("measured by someone", "no: only claimed or assumed" if effect.is_assumption else "yes"),
        )),
        "", "## Size per unit of dose", "", *_number_section(row),
    ]  # fmt: skip
    return _page(lines)


def _number_section(row: NumberRow) -> list[str]:
    rows = [
        ("in Dutch", row.title.nl), ("value", f"{_number(row.value)} {row.unit}"),
        ("range", f"{_range(row)} {row.unit}"), ("grade", f"{row.grade}: {row.meaning.en}"),
        ("source", row.source), ("date", row.date),
        *((("note", row.note),) if row.note else ()), ("path", f"`{row.path}`"),
    ]  # fmt: skip
    return _table(("", ""), rows)


def _grades(rows: Sequence[NumberRow]) -> list[str]:
    return _table(
        ("grade", "meaning", "numbers"),
        ((g, GRADE_MEANING[g]["en"], str(n)) for g, n in grade_counts(list(rows)).items()),
    )


def _counted(rows: Sequence[NumberRow]) -> str:
    return ", ".join(f"{n} {grade}" for grade, n in grade_counts(list(rows)).items() if n)


def _below(row: NumberRow, owner: str) -> str:
    """Title of a number without the name of what it belongs to, which heads the page."""
    return row.title.en.removeprefix(owner).removeprefix(" · ")


def _anchor(row: NumberRow) -> str:
    return "-".join(row.path.split(".")[3:]) or row.path.rpartition(".")[2]


# --- words ----------------------------------------------------------------------------------------


def _number(value: float) -> str:
    text = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return text.replace("-", "−")


def _signed(value: float) -> str:
    return f"+{_number(value)}" if value > 0 else _number(value)


def _value(value: float | str) -> str:
    return f"`{value}`" if isinstance(value, str) else f"{value:,.4g}"


def _range(row: NumberRow) -> str:
    return f"{_number(row.range[0])} to {_number(row.range[1])}" if row.range else "–"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(_cell(text) for text in row) + " |" for row in rows]


def _cell(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    # Only paths in backticks hold angle brackets that must stay; elsewhere they would become HTML.
    return plain if "`" in plain else plain.replace("<", "&lt;")


def _page(lines: Sequence[str]) -> str:
    return "\n".join((MADE, "", *lines)) + "\n"


if __name__ == "__main__":
    main()
