"""The command list: the shelf in the documents' order, or only what a remembered word or number leads to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.cli.options import Language
from sim.data.inventory import INVENTORY, Item, read_inventory
from sim.scenario.quantity import Text
from sim.scenario.resolve import find_root
from sim.scenario.scenario import Scenario
from sim.scenario.search import has
from sim.study.overview import in_order

_HEADINGS = {
    "baseline": Text(nl="Zo doorgaan", en="Carrying on"),
    "idea": Text(nl="Ideeën", en="Ideas"),
    "package": Text(nl="Pakketten van ideeën", en="Packages of ideas"),
    "shock": Text(nl="Tegenslagen", en="Shocks"),
    "twin": Text(nl="Zonder de voorwaarden", en="Without the conditions"),
    "own": Text(nl="Eigen scenario’s", en="Own scenarios"),
}
_ELSEWHERE = Text(nl="Andere punten uit de stukken", en="Other items of the documents")
_AS = {
    "engine": Text(nl="zit in het model", en="in the model"),
    "scenario": Text(nl="scenario", en="scenario"),
    "indicator": Text(nl="uitkomst", en="outcome"),
    "context": Text(nl="achtergrond, docs/context.md", en="background, docs/context.md"),
    "question": Text(nl="vraag aan Almere", en="question to the client"),
}
_NOTHING = Text(
    nl="Geen scenario met {words}. Probeer een kort woord, of een nummer uit de stukken zoals I06.",
    en="No scenario with {words}. Try one short word, or a number of the documents such as I06.",
)


def print_shelf(
    found: Sequence[Scenario], items: Sequence[Item], words: Sequence[str], lang: Language
) -> None:
    """Print scenarios per region and kind, a twin under its idea, and items that are answered elsewhere.

    Args:
        found: What to print, in the documents' order.
        items: Items of the documents with the words in them that none of these scenarios is about.
        words: What was asked for; nothing = everything.
        lang: Language of titles.
    """
    out = Console(highlight=False)
    if words and not found and not items:
        out.print(escape(_say(_NOTHING, lang).format(words=" + ".join(words))))
        return
    for region, mine in groupby(found, key=lambda s: s.region.id):
        rows = in_order(list(mine))
        named = {s.id: s for s, _ in rows}
        kinds = [named[under].kind if under else s.kind for s, under in rows]
        for kind in sorted(dict.fromkeys(kinds), key=lambda k: k != "baseline"):
            table = _columns(f"{_say(_HEADINGS[kind], lang)} · {region}")
            for (s, under), its in zip(rows, kinds, strict=True):
                if its == kind:
                    item = (
                        s.source.item.partition(",")[0] if s.source and kind == "idea" and not under else ""
                    )
                    mark = "· " if under else ""
                    table.add_row(escape(item), escape(f"{mark}{_say(s.title, lang)}"), escape(s.id))
            out.print(table)
    if items:
        table = _columns(_say(_ELSEWHERE, lang), whole=False)
        for it in items:
            where = "; ".join(f"{_say(_AS[p.kind], lang)}: {p.target}" for p in it.answers)
            table.add_row(it.id, escape(_say(it.about, lang)), escape(where))
        out.print(table)


def items_with(
    words: Sequence[str], found: Sequence[Scenario], regions: Iterable[str], root: Path | None
) -> list[Item]:
    """Items of the documents with these words that none of the scenarios found is about.

    Args:
        words: Parts of words; none gives no items.
        found: Scenarios that are shown already.
        regions: Ids of the regions to look in.
        root: Folder of the regions.
    """
    if not words:
        return []
    files = [find_root(root) / region / INVENTORY for region in dict.fromkeys(regions)]
    shown = {s.id for s in found}
    return [
        item
        for file in files
        if file.is_file()
        for item in read_inventory(file)
        if has(f"{item.id} {item.about.nl} {item.about.en}", words) and not shown & {p.target for p in item.answers}
    ]  # fmt: skip


def _columns(title: str, *, whole: bool = True) -> Table:
    """Number, title, and what to type, which must stay in one piece (`whole`) to be copied."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        show_header=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column(width=5, overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    table.add_column(no_wrap=whole, overflow="fold", style="dim")
    return table


def _say(text: Text, lang: Language) -> str:
    return text.nl if lang == "nl" else text.en
