"""Counts of earlier school years as facts: pupils per type and year, which a calibration and a back-test learn from."""

from __future__ import annotations

from pathlib import Path

from sim.data.counts import Count
from sim.data.duo import Counts
from sim.data.facts import read_facts
from sim.data.factsfile import Cells, Key, with_facts
from sim.data.findings import Finding, Outcome
from sim.data.update import CELL_NOTE
from sim.scenario.files import shown
from sim.scenario.region import Region

FILE = "duo.csv"


def history(region: Region, counts: Counts, folder: Path) -> Outcome:
    """Pupils per type in the municipality as facts `<region>.stock.<type>` of the school year of the counts.

    A type of which one school could not be counted gets no row: a sum without it would be too low. What another file of
    facts already says of that type and year stays as it is there.

    Args:
        region: Which types and stages there are.
        counts: What was read.
        folder: Folder of facts beside the region file.

    Raises:
        ScenarioError: The facts that are there cannot be read.
    """
    findings, facts = list(counts.findings), dict[Key, Cells]()
    there = {
        (x.series, x.year): shown(Path(x.file))
        for x in (read_facts(folder).rows if folder.is_dir() else ())
        if Path(x.file).name != FILE
    }
    for kind in (*region.place_types, *region.regular):
        mine = [x for x in counts.locations if x.here and x.kind == kind]
        series = f"{region.id}.stock.{kind}"
        if not mine:
            continue
        total = sum((x.children for x in mine), Count())
        what = f"{series}, {counts.school_year}"
        if not all(x.whole for x in mine):
            done = "not written: a school could not be counted, so the sum would be too low"
            findings.append(Finding("unknown", mine[0].file, mine[0].line, what, done))
        elif (known := there.get((series, counts.start.year))) is not None:
            findings.append(
                Finding("check", mine[0].file, 0, what, f"not written: it already stands in {known}")
            )
        else:
            bounds = (str(total.low), str(total.high)) if total.hidden else ("", "")
            source = f"{mine[0].title}, school locations: {len(mine)}"
            facts[series, counts.school_year] = (
                f"{total.value:g}", *bounds, "children", "A", source, counts.day.isoformat(),
                CELL_NOTE if total.hidden else "",
            )  # fmt: skip
    return with_facts(Outcome(tuple(findings), ()), facts, folder / FILE)
