"""What the model cannot do, what only the region can answer, and who checked what."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.report.content import Block, Bullets, Grid, Heading, Notice, Paragraph, Section, Tongue
from sim.report.dutch import say
from sim.report.evidence import ENGLISH
from sim.scenario.errors import Problem, ScenarioError, listing
from sim.scenario.region import Region

QUESTIONS = "questions.csv"
LOG = "docs/assurance.md"
_COLUMNS = ["id", "nl", "en", "why_nl", "why_en"]


def avoid(t: Tongue) -> Bullets:
    """What not to use the model for."""
    return Bullets(
        (
            t("om over één kind of één school te oordelen", "to judge one child or one school"),
            t("om te zeggen wat kinderen leren", "to say what children learn"),
            t("als voorspelling van een precies aantal over tien jaar", "as a forecast of an exact number in ten years"),
            t("voor groepen van minder dan tien plaatsen", "for groups of fewer than ten places"),
            t("om een idee te kiezen zonder de aannames te lezen", "to choose an idea without reading its assumptions"),
        )
    )  # fmt: skip


def limits(t: Tongue) -> Section:
    """Known limits of the model itself."""
    items = (
        t("Passend gemaakt is niet getoetst. Instroomcijfers zijn zo gekozen dat de tellingen kloppen; dat zegt niets "
          "over de jaren daarna.",
          "Fitted is not tested. Inflow rates were chosen so that the counts are right; that says nothing about later years."),
        t("Drie jaar gelijk blijven is geen evenwicht. Volle scholen verbergen een verkeerde instroom; kijk daarom ook "
          "naar de wachtlijst.",
          "Three years without change are no balance. Full schools hide a wrong inflow, so look at the waiting list too."),
        t("Plaatsen en groepen zijn van bijna elke school geschat. Vijf procent meer of minder plaatsen verandert de "
          "wachtlijst sterk.",
          "Seats and groups of nearly every school are estimates. Five per cent more or fewer seats moves the waiting "
          "list a lot."),
        t("Wat een maatregel doet, is niet hier gemeten. Onder aannames die kunnen kloppen, doet een maatregel soms niets.",
          "What a measure does was not measured here. Under assumptions that may be right a measure sometimes does nothing."),
        t("De leeftijden waarop kinderen binnenkomen en vertrekken zijn gekozen om op het landelijke gemiddelde te lijken. "
          "Van deze regio zijn ze niet bekend.",
          "The ages at which children enter and leave were chosen to come near the national mean. Those of this region are not "
          "known."),
        t("Wie uit een andere gemeente komt of daar naar school gaat, is niet bekend. Het model telt naar de plaats van "
          "de school.",
          "Who comes from another municipality or goes to school there is unknown. The model counts by location of the "
          "school."),
        t("Kinderen thuis zijn drie groepen: zonder plek, met een plek, tussen scholen in. Hoe groot elk deel is, is "
          "een aanname.",
          "Children at home are three groups: without a place, with a place, between schools. The size of each is an "
          "assumption."),
        t("Leeftijdsgrenzen werken met de leeftijd op één dag in het jaar. Uitzonderingen van de inspectie ontbreken.",
          "Age limits work with the age on one day of the year. Exceptions by the inspectorate are left out."),
        t("Alleen een kind op een wachtlijst kan in het model thuis zijn omdat er geen plek is. Wie een kind van de lijst "
          "houdt, lijkt dus weken te winnen. Kijk daarom ook naar het wachten vanaf het eerste signaal.",
          "In the model only a child on a waiting list can be at home for want of a place. So whatever keeps a child off the "
          "list seems to save weeks. Look at the wait from the first signal too."),
        t("Geld is een optelsom van prijzen, geen begroting. De meeste bedragen zijn aannames.",
          "Money is a sum of prices, not a budget. Most amounts are assumptions."),
        t("Reistijd, leerresultaten, de kwaliteit van een school en wat een kind zelf wil, zitten niet in deze versie.",
          "Travel time, learning, the quality of a school and what a child wants are not in this version."),
        t("De jaren met corona en wetswijzigingen na de bronnen zijn niet apart nagebootst.",
          "The years of covid and changes of law after the sources are not modelled apart."),
    )  # fmt: skip
    return Section("limits", t("Wat kan het model niet?", "What can the model not do?"), (Bullets(items),))


def types(t: Tongue, region: Region) -> list[tuple[str, str]]:
    """Short names of the types of school, and the same in full."""
    named = [x for x in region.place_types.values() if x.name and x.name != x.title]
    return [(t.text(x.title), t.text(x.name)) for x in named if x.name]


def abbreviations(t: Tongue, region: Region) -> Section:
    """Short names in this report, in full."""
    rows = [
        *types(t, region),
        ("PO, VO", t("primair onderwijs (basisschool, SBO en SO), voortgezet onderwijs", "primary education (regular, SBO "
            "and SO), secondary education")),
        ("DUO, OCW, CBS", t("Dienst Uitvoering Onderwijs; ministerie van Onderwijs, Cultuur en Wetenschap; Centraal Bureau "
            "voor de Statistiek", "executive agency and ministry of education; Statistics Netherlands")),
        ("TLV", t("toelaatbaarheidsverklaring: het besluit dat een kind naar speciaal onderwijs mag", "declaration that "
            "a child may go to special education")),
        ("SWV", t("samenwerkingsverband van scholen in een regio", "regional partnership of schools")),
        ("CRPS", t("continuous ranked probability score: de afstand tussen een voorspelling met band en de "
                   "telling", "continuous ranked probability score: the distance between a forecast with its band and "
                              "the count")),
        ("STRESS-DES, ODD", t("twee internationale manieren om een simulatie volledig te beschrijven",
                              "two international ways of describing a simulation in full")),
    ]  # fmt: skip
    title = t("Afkortingen", "Abbreviations")
    return Section(
        "abbreviations", title, (Grid(title, (t("kort", "short"), t("voluit", "in full")), tuple(rows)),)
    )


def questions(t: Tongue, folder: Path, region: str) -> Section:
    """Questions that only the region can answer, from its folder."""
    title = t(f"Vragen die alleen {region} kan beantwoorden", f"Questions that only {region} can answer")
    path = folder / QUESTIONS
    if not path.is_file():
        words = t(
            "Voor deze regio zijn nog geen vragen opgeschreven.",
            "No questions were written down for this region yet.",
        )
        return Section("questions", title, (Notice(words, "note"),))
    rows = _read(path)
    header = (t("nummer", "number"), t("vraag", "question"), t("waarom", "why"))
    cells = tuple((r["id"], t(r["nl"], r["en"]), t(r["why_nl"], r["why_en"])) for r in rows)
    intro = t(
        "Elk antwoord maakt een aanname tot een gegeven. De volgorde is die van de methode, niet die van belang.",
        "Each answer turns an assumption into a fact. The order is that of the method, not of importance.",
    )
    return Section("questions", title, (Paragraph(intro), Grid(title, header, cells)))


def assurance(t: Tongue, root: Path) -> Section:
    """The assurance log: roles, dates, what was checked, outcome."""
    title = t("Wie heeft wat gecontroleerd?", "Who checked what?")
    path = root / LOG
    if not path.is_file():
        words = t(f"Het logboek {LOG} staat niet in deze map.", f"The log {LOG} is not in this folder.")
        return Section("assurance", title, (Notice(words, "bad"),))
    blocks: list[Block] = [
        Paragraph(t(f"Uit {LOG}, deels in het Engels. Rollen, geen namen.", f"From {LOG}. Roles, no names."))
    ]
    heading = ""
    table: list[str] = []
    items: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), "## "]:
        if line.startswith("## "):
            if table:
                head, *body = (
                    tuple(c.strip().replace("`", "") for c in row.strip("|").split("|")) for row in table
                )
                named = t("datum|rol|wat|hoe|uitkomst", "|".join(head)).split("|") if len(head) == 5 else head
                blocks.append(Grid(heading, tuple(named), tuple(body[1:]), lang=ENGLISH))
            if items:
                said = tuple(say(t, item) for item in items)
                blocks += [Heading(heading), Bullets(said, ENGLISH if said == tuple(items) else "")]
            heading, table, items = say(t, line[3:]), [], []
        elif line.startswith("|"):
            table.append(line)
        elif line.startswith("- "):
            items.append(line[2:])
        elif items and line.startswith("  "):
            items[-1] += " " + line.strip()
    return Section("assurance", title, tuple(blocks))


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if list(reader.fieldnames or ()) != _COLUMNS:
            found = ",".join(reader.fieldnames or ())
            raise ScenarioError(
                [
                    Problem(
                        path.as_posix(),
                        1,
                        "",
                        found,
                        "has other columns than a list of questions",
                        listing(_COLUMNS),
                    )
                ]
            )
        rows = []
        for row in reader:
            if None in row or any(not value for value in row.values()):
                raise ScenarioError(
                    [
                        Problem(
                            path.as_posix(),
                            reader.line_num,
                            "",
                            "",
                            "needs five filled cells",
                            listing(_COLUMNS),
                        )
                    ]
                )
            rows.append(row)
    return rows
