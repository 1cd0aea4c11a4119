"""docs/coverage.md: every item of the documents with where the project answers it, as links."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from sim.data.inventory import INVENTORY, KINDS, Item, Pointer, read_inventory
from sim.indicators import INDICATORS
from sim.scenario.levers import levers_of
from sim.scenario.region import Region

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = {
    "N": ("Numbers, population, calendar", "Aantallen en kalender"),
    "A": ("Actors and money", "Wie doet mee en wie betaalt"),
    "F": ("Schools and other places", "Scholen en andere plekken"),
    "R": ("Education with youth help", "Onderwijs met jeugdhulp"),
    "T": ("Teams", "Teams"),
    "M": ("The survey among professionals", "De vragenlijst onder professionals"),
    "P": ("Young children: the study of bureau PEERS", "Jonge kinderen: het onderzoek van bureau PEERS"),
    "Q": ("Statement and dilemmas", "Stelling en dilemma’s"),
    "H": ("Cries from the heart", "Hartenkreten"),
    "I": ("The twelve ideas", "De twaalf ideeën"),
    "S": ("Further suggestions", "Overige suggesties"),
    "C": ("Pampus", "Pampus"),
    "B": ("Advice to directors", "Advies aan bestuurders"),
    "L": ("Met Andere Ogen", "Met Andere Ogen"),
}


def coverage_page(region: Region, made: Collection[str]) -> str:
    """The page.

    Args:
        region: Of the inventory.
        made: Pages below docs/reference, to link to those that exist.
    """
    items = read_inventory(ROOT / "scenarios" / region.id / INVENTORY)
    counts = ", ".join(f"{sum(k in {p.kind for p in i.answers} for i in items)} {k}" for k in KINDS)
    lines = [
        "<!-- Made by scripts/generate_docs.py (make docs) from inventory.csv. Change that file, not this page. -->", "",
        "# Coverage", "",
        f"Every item that the five documents name ({len(items)}), and where this project answers it: in the engine, in a "
        "scenario, by an indicator, on [the page of what has no lever](context.md), or as a question to the client. "
        f"An item may have several answers: {counts}.",
    ]  # fmt: skip
    for letter, (en, nl) in SECTIONS.items():
        rows = [i for i in items if i.id[0] == letter]
        lines += ["", f"## {en} · *{nl}*", "", "| item | about | answered by |", "|---|---|---|"]
        lines += [f"| {i.id} | {i.about.en} · *{i.about.nl}* | {_answers(i, region, made)} |" for i in rows]
    return "\n".join(lines) + "\n"


def _answers(item: Item, region: Region, made: Collection[str]) -> str:
    return "<br>".join(f"{p.kind}: [{p.target}]({_link(p, region, made)})" for p in item.answers)


def _link(p: Pointer, region: Region, made: Collection[str]) -> str:
    folder = f"../scenarios/{region.id}"
    if p.kind == "context":
        return f"context.md#{p.target}"
    if p.kind == "question":
        return f"{folder}/questions.csv"
    if p.kind == "scenario":
        found = next((ROOT / "scenarios" / region.id).glob(f"*/{p.target}.yaml"))
        return f"{folder}/{found.parent.name}/{found.name}"
    if p.kind == "indicator":
        return f"reference/indicators/{p.target if p.target in INDICATORS else 'README'}.md"
    if p.target.startswith("mechanisms."):
        return "../tests/system/test_mechanisms.py"  # what happens without it, in a few words each
    return next(
        (f"reference/{page}" for page in _pages(p.target, region) if page in made), f"{folder}/region.yaml"
    )


def _pages(target: str, region: Region) -> Iterator[str]:
    """Reference pages that tell of a lever or of a part of the region, the nearest first."""
    lever = levers_of(region).get(target)
    if lever is not None:
        yield f"levers/{lever.definition.role}-{lever.definition.key}.md"
    kind, _, rest = target.partition(".")
    yield f"assumptions/{kind.replace('_', '-')}/{rest.partition('.')[0]}.md"
