"""The credibility report: why this may be believed, and where it may not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import sim
from sim.report import checklists, evidence, fit, limits, register, score, short
from sim.report.content import Content, Grid, Lang, Paragraph, Section, Tongue
from sim.report.dutch import names_of
from sim.report.parts import PARTS
from sim.report.proofs import Proofs, Table, read_proofs
from sim.report.system import facts
from sim.scenario.resolve import catalogue, find_root, regions
from sim.scenario.scenario import Scenario

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def credibility(
    scenario: Scenario,
    proof: Path,
    lang: Lang,
    made: date,
    scenarios: Path | None = None,
    root: Path | None = None,
) -> Content:
    """Everything the report says, from the proof tables, the region's numbers and the log.

    Args:
        scenario: The baseline of the region.
        proof: Folder of the proof tables.
        lang: Language.
        made: Date on the report.
        scenarios: Folder with the regions (by default the one that scenarios come from).
        root: Repository whose sources decide whether a table is up to date (by default where this package lies).

    Raises:
        ScenarioError: A table, the manifest or the list of questions cannot be read.
    """
    t = Tongue(lang, names_of(Tongue(lang), scenario.region))
    home = root or Path(str(sim.__file__)).parents[1]
    proofs = read_proofs(proof, home)
    region = scenario.region
    name = t.text(region.title)
    ids = [s.id for s in catalogue(scenarios, region.id)]
    known = facts(scenario, ids, proofs)
    folder = next(
        (p for p in regions(find_root(scenarios), deep=True) if p.name == region.id),
        find_root(scenarios) / region.id,
    )
    said = short.answers(t, proofs, scenario)
    words = {word for answer in said for word in re.findall(r"\w+", answer.text)}
    return Content(
        lang=lang,
        title=t("Waarom kunt u dit vertrouwen, en waar niet?", "Why can you trust this, and where not?"),
        subtitle=t(f"Doorstroom, {name}: wat is getoetst, hoe goed het voorspelt en waar het op rust",
                   f"Doorstroom, {name}: what was tested, how well it forecasts and what it rests on"),
        made=t(f"Gemaakt op {made.day} {_MONTHS[made.month - 1]} {made.year}", f"Made on {made.day} {made:%B} {made.year}"),
        answers=said,
        terms=tuple(pair for pair in limits.types(t, region) if pair[0] in words),
        avoid=limits.avoid(t),
        sections=(
            score.section(t, proofs),
            fit.section(t, proofs),
            _replay(t, proofs, name),
            register.section(t, scenario),
            limits.limits(t),
            limits.questions(t, folder, name),
            evidence.verification(t, proofs, home),
            evidence.mutations(t, proofs),
            limits.assurance(t, home),
            checklists.stress(t, known),
            checklists.odd(t, known),
            limits.abbreviations(t, region),
            _again(t, proofs),
        ),
    )  # fmt: skip


def _replay(t: Tongue, proofs: Proofs, name: str) -> Section:
    """The replay, and the region beside published numbers: fitted, checked, or a finding."""
    blocks = [
        *evidence.part_blocks(t, proofs.table("replay"), findings=proofs),
        *evidence.part_blocks(t, proofs.table("almere"), findings=proofs),
    ]
    title = t(f"{name} naast cijfers van buiten", f"{name} beside numbers from elsewhere")
    return Section("replay", title, tuple(blocks))


def _again(t: Tongue, proofs: Proofs) -> Section:
    """How to print every number again, and what each table was made with."""
    states = {
        "current": t("met het model van nu", "with today’s model"),
        "earlier": t("met een eerdere versie", "with an earlier version"),
        "altered": t("daarna veranderd", "changed afterwards"),
        "unknown": t("onbekend", "unknown"),
        "missing": t("nog niet gemaakt", "not made yet"),
    }  # fmt: skip
    header = (
        t("tabel", "table"), t("gemaakt", "made"), t("regels", "lines"), t("beginwaarde", "seed"), t("bronnen", "sources"),
        t("tabel (sha256)", "table (sha256)"),
        t("programma’s", "software"), t("opnieuw", "again"),
    )  # fmt: skip

    def row(table: Table) -> tuple[str, ...]:
        m = table.manifest
        digests = ", ".join(f"{key} {str(m[key])[:12]}" for key in m.get("reads", ()) if key in m)
        software = ", ".join(f"{key} {number}" for key, number in m.get("packages", {}).items())
        python = f"Python {m['python']}, " if "python" in m else ""
        return (
            table.part, states[table.state], t.number(len(table.lines)) if table.lines else "", str(m.get("seed", "")), digests,
            str(m.get("csv_sha256", ""))[:12], python + software, table.command,
        )  # fmt: skip

    parts = dict.fromkeys((*PARTS, *proofs.tables))
    title = t("Elk getal opnieuw laten uitrekenen", "Have every number computed again")
    intro = t(
        "`make proof` maakt alle tabellen opnieuw; `make docs` de naslag; `doorstroom report credibility` dit rapport. "
        "De kenmerken hieronder "
        f"staan volledig in {proofs.name}/manifest.json.",
        "`make proof` makes all tables again; `make docs` the reference; `doorstroom report credibility` this report. "
        "The digests below "
        f"stand in full in {proofs.name}/manifest.json.",
    )  # fmt: skip
    grid = Grid(title, header, tuple(row(proofs.table(p)) for p in parts), frozenset({2}), "make proof")
    return Section("again", title, (Paragraph(intro.replace("`", "")), grid))
