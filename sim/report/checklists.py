"""Two descriptions for colleagues, filled in from the files.

STRESS-DES is the checklist of Monks and others (2019); the summary has the form of ODD (Grimm and others, 2020).
"""

from __future__ import annotations

from sim.report.content import Grid, Paragraph, Section, Tongue
from sim.report.system import Facts

REPOSITORY = "LICENSE, CITATION.cff"
COMMAND = "doorstroom report credibility"


def stress(t: Tongue, f: Facts) -> Section:
    """The twenty items of STRESS-DES, filled in from the files."""
    r = f.region
    items = (
        ("1.1", t("Doel van het model", "Purpose of the model"), t(
            "Vergelijken wat een maatregel doet met wachten, thuiszitten, plaatsing en personeel, naast zo doorgaan.",
            "Compare what a measure does to waiting, absence, placement and staff with carrying on as now.")),
        ("1.2", t("Uitkomsten", "Model outputs"), t(
            f"{f.indicators} indicatoren, elk met wie telt, begin, einde en eenheid (docs/reference/indicators).",
            f"{f.indicators} indicators, each with population, start, end and unit (docs/reference/indicators).")),
        ("1.3", t("Doel van de experimenten", "Aims of experimentation"), t(
            f"{len(f.scenarios)} scenario’s naast elkaar op dezelfde kinderen: {', '.join(f.scenarios)}.",
            f"{len(f.scenarios)} scenarios side by side on the same children: {', '.join(f.scenarios)}.")),
        ("2.1", t("Schema van het basismodel", "Diagram of the base model"), t(
            "Het stroomschema staat in docs/architecture.md; de routes staan in het regiobestand.",
            "The flow diagram stands in docs/architecture.md; the routes stand in the region file.")),
        ("2.2", t("Logica van het basismodel", "Logic of the base model"), t(
            f"Eerste signaal, hulp op school, besluit, wachtlijst, plek, jaarlijkse beoordeling, vertrek. "
            f"{len(r.sources)} bronnen van "
            f"signalen, {f.moves} overstappen tussen soorten school, {f.back} wegen terug, {f.transitions} bestemmingen "
            f"aan het einde.",
            f"First signal, help at school, decision, waiting list, seat, yearly review, leaving. {len(r.sources)} "
            f"sources of signals, "
            f"{f.moves} moves between types, {f.back} ways back, {f.transitions} destinations at the end of a stage.")),
        ("2.3", t("Logica van de scenario’s", "Logic of the scenarios"), t(
            f"Een scenario zet {f.levers} mogelijke knoppen, met een datum; wat een knop doet, staat in het bewijsregister.",
            f"A scenario sets some of {f.levers} levers, with a date; what a lever does stands in the evidence register.")),
        ("2.4", t("Algoritmen", "Algorithms"), t(
            "Plaatsing per soort, leeftijdsgroep en hulpvraag in de volgorde van de lijst; groepen worden op 1 augustus "
            "opnieuw verdeeld.",
            "Matching by type, age band and need in the order of the list; groups are divided again on 1 August.")),
        ("2.5", t("Onderdelen", "Components"), _components(t, f)),
        ("3.1", t("Bronnen", "Data sources"), t(
            f"{f.numbers()} getallen met bron en datum, naar graad: {f.grades()}. Open gegevens van DUO, OCW, CBS en de "
            f"gemeente.",
            f"{f.numbers()} numbers with source and date, by grade: {f.grades()}. Open data of DUO, OCW, CBS and the city.")),
        ("3.2", t("Bewerking vooraf", "Pre-processing"), t(
            "Tellingen onder vijf zijn afgeschermd: elk telt als 2,5 met grenzen 1 tot 4, en dat wordt gemeld. Instroomcijfers "
            "zijn passend gemaakt (python -m proof moments).",
            "Counts under five are masked: each counts as 2.5 with range 1 to 4, and this is told. Inflow rates were fitted "
            "(python -m proof moments).")),
        ("3.3", t("Invoer", "Input parameters"), t(
            f"Alle waarden met grenzen: doorstroom show {f.scenario.id} --all. Met wisselende aannames: {f.fitted} passend "
            f"gemaakte cijfers nemen samen een rij uit de kalibratie, alle andere een Sobol-reeks over hun grenzen.",
            f"All values with ranges: doorstroom show {f.scenario.id} --all. With drawn assumptions {f.fitted} fitted numbers "
            f"take a row of the calibration together, all others a Sobol sequence over their ranges.")),
        ("3.4", t("Aannames", "Assumptions"), t(
            "Het register in dit rapport; in de grenzen van elk aangenomen effect zit ook ‘geen effect’.",
            "The register in this report; the range of every assumed effect includes no effect.")),
        ("4.1", t("Beginstand", "Initialisation"), t(
            f"Warm: {t.number(f.roll)} leerlingen in hun groep en {t.number(f.waiting)} op een lijst op {r.start}, met "
            f"een deel van verblijf en "
            "wachttijd al achter zich.",
            f"Warm: {t.number(f.roll)} pupils in their groups and {t.number(f.waiting)} on a list at {r.start}, with "
            f"part of their stay and wait "
            "behind them.")),
        ("4.2", t("Looptijd", "Run length"), t(
            f"{r.replay_years} jaren nagespeeld en {f.scenario.years} jaren gerapporteerd: {f.horizon} schooljaren. "
            f"Tijd in dagen.",
            f"{r.replay_years} replay years and {f.scenario.years} reported: {f.horizon} school years. Time in days.")),
        ("4.3", t("Schatten", "Estimation approach"), t(
            "Herhalingen met gepaarde verschillen; de middelste 80 % van de doorrekeningen; toeval en aannames als twee "
            "banden. "
            "30 doorrekeningen als u niets kiest.",
            "Replications with paired differences; the middle 80 % of the runs; chance and assumptions as two bands. 30 "
            "runs by default.")),
        ("5.1", t("Programma’s", "Software"), t(f"Python {f.python}; {f.versions()}.", f"Python {f.python}; {f.versions()}.")),
        ("5.2", t("Toeval", "Random sampling"), t(
            f"Philox4x32-10; elk getal hoort bij beginwaarde, herhaling, kind, doel ({f.purposes} doelen) en "
            f"gelegenheid. Beginwaarden van het "
            f"bewijs: {f.seeds()}.",
            f"Philox4x32-10; each number belongs to seed, replication, pupil, purpose ({f.purposes} purposes) and "
            f"occasion. Seeds of the "
            f"proof: {f.seeds()}.")),
        ("5.3", t("Uitvoering", "Model execution"), t(
            "SimPy met één agenda; bij gelijke tijd eerst de kalender, dan vrijgekomen plaatsen, dan aanmeldingen, dan "
            "wie stopt met wachten.",
            "SimPy with one agenda; at equal times first the calendar, then seats that come free, then who arrives, "
            "then who gives up.")),
        ("5.4", t("Computer", "System specification"), t(
            f"Dit rapport: {f.machine}. Een herhaling van Almere duurt ongeveer een halve seconde (docs/proof/benchmarks.md).",
            f"This report: {f.machine}. One replication of Almere takes about half a second (docs/proof/benchmarks.md).")),
        ("6.1", t("Toegang tot de code", "Code access"), t(
            f"Open broncode onder EUPL-1.2 ({REPOSITORY}); kenmerk van het model: {f.engine}.",
            f"Open source under EUPL-1.2 ({REPOSITORY}); digest of the model: {f.engine}.")),
    )  # fmt: skip
    title = t("Controlelijst STRESS-DES", "STRESS-DES checklist")
    intro = t(
        "Twintig punten waarmee een ander het model kan nabouwen (Monks en anderen, 2019). De cijfers komen uit de "
        "bestanden zelf.",
        "Twenty points with which someone else can rebuild the model (Monks and others, 2019). The figures come from "
        "the files.",
    )
    return Section(
        "stress",
        title,
        (
            Paragraph(intro),
            Grid(
                title,
                (t("punt", "item"), t("onderwerp", "subject"), t("antwoord", "answer")),
                items,
                command=COMMAND,
            ),
        ),
    )


def _components(t: Tongue, f: Facts) -> str:
    r = f.region
    return t(
        f"Leerlingen, vanaf hun eerste signaal. Activiteiten: hulp, besluit, wachten, verblijf, verzuim. Middelen: "
        f"{len(r.places)} "
        f"schoollocaties van {len(r.place_types)} soorten ({f.names(t, 'place_types')}) en {len(r.staff)} soorten personeel. "
        f"Wachtlijsten per school, "
        f"leeftijd en hulpvraag, volgorde: {f.disciplines(t)}. In: {len(r.sources)} bronnen, waarvan {f.from_outside} "
        f"van buiten; uit: "
        "einde van de schooltijd, gewone school, verhuizing.",
        f"Pupils, from their first signal on. Activities: help, decision, waiting, stay, absence. Resources: "
        f"{len(r.places)} school "
        f"locations of {len(r.place_types)} types ({f.names(t, 'place_types')}) and {len(r.staff)} staff pools. "
        f"Queues by school, age and need, "
        f"order: {f.disciplines(t)}. In: {len(r.sources)} sources, {f.from_outside} from outside; out: end of schooling, "
        f"regular school, moving.",
    )  # fmt: skip


def odd(t: Tongue, f: Facts) -> Section:
    """A summary in the seven elements of the ODD protocol."""
    r = f.region
    items = (
        (t("1 Doel en patronen", "1 Purpose and patterns"), t(
            "Welk verschil maakt een maatregel? Het model moet laten zien: lege plaatsen en wachtende kinderen "
            "tegelijk, het jaarritme van de "
            "lijst, aantallen en stromen per soort school.",
            "What difference does a measure make? Patterns to show: empty seats and waiting children at once, the "
            "yearly rhythm of the list, "
            "stocks and flows per type.")),
        (t("2 Wie en wat, en op welke schaal", "2 Entities, state variables and scales"), t(
            f"Leerlingen (geboortedag, wijk, hulpvraag, hoeveel hulp nodig is); {len(r.places)} scholen met groepen; "
            f"{len(r.profiles)} "
            f"hulpvragen ({f.names(t, 'profiles')}); {len(r.districts)} wijken; dagen, {f.horizon} schooljaren vanaf "
            f"{r.start}.",
            f"Pupils (birthday, district, need, level of need); {len(r.places)} schools with groups; {len(r.profiles)} needs "
            f"({f.names(t, 'profiles')}); {len(r.districts)} districts; days, {f.horizon} school years from {r.start}.")),
        (t("3 Verloop en volgorde", "3 Process overview and scheduling"), t(
            "Op 1 augustus: vertrek en overstap, verlengingen, personeel en groepen, een jaar ouder, plaatsing, te oud, "
            "nieuwe signalen. "
            "Daartussen losse gebeurtenissen op hun dag.",
            "On 1 August: exits and moves, renewals, staff and groups, a year older, matching, too old, new signals. In "
            "between single events "
            "on their day.")),
        (t("4 Ontwerp", "4 Design concepts"), t(
            f"Wachten ontstaat uit groepen, leeftijden en hulpvragen. {len(f.switched_on)} mechanismen staan aan en "
            f"kunnen los uit: "
            f"{', '.join(f.switched_on)}. Scholen en ouders leren of onderhandelen niet. Toeval: {f.purposes} soorten "
            f"trekking. Waarneming: elk "
            "verblijf, wachten, aanbod en besluit wordt vastgelegd.",
            f"Waiting emerges from groups, ages and needs. {len(f.switched_on)} mechanisms are on and can be switched "
            f"off one by one: "
            f"{', '.join(f.switched_on)}. Schools and parents do not learn or bargain. Stochasticity: {f.purposes} "
            f"kinds of draw. Observation: "
            "every stay, wait, offer and decision is recorded.")),
        (t("5 Beginstand", "5 Initialization"), t(
            f"De telling van {r.start}: {t.number(f.roll)} leerlingen op {len(r.places)} locaties, "
            f"{t.number(f.waiting)} op een lijst.",
            f"The count of {r.start}: {t.number(f.roll)} pupils at {len(r.places)} locations, {t.number(f.waiting)} on "
            f"a list.")),
        (t("6 Invoer in de tijd", "6 Input data"), t(
            f"Kinderen in de gewone school per wijk en hun groei ({f.names(t, 'regular')}); trends per bron; knoppen "
            f"met een datum.",
            f"Children in regular schools by district and their growth ({f.names(t, 'regular')}); trends per source; "
            f"levers with a date.")),
        (t("7 Deelmodellen", "7 Submodels"), t(
            f"Signalen en hulp; besluiten ({f.names(t, 'decisions')}); programma’s ({f.names(t, 'programmes')}); "
            f"groepen en personeel; "
            f"plaatsing; jaarlijkse beoordeling; thuis ({f.names(t, 'home')}). Elk in een eigen bestand van sim/model.",
            f"Signals and help; decisions ({f.names(t, 'decisions')}); programmes ({f.names(t, 'programmes')}); groups "
            f"and staff; matching; "
            f"yearly review; home ({f.names(t, 'home')}). Each in its own file of sim/model.")),
    )  # fmt: skip
    title = t("Samenvatting volgens ODD", "ODD summary")
    intro = t(
        "De vorm waarin modellen met losse personen worden beschreven (Grimm en anderen, 2020).",
        "The form in which models of individuals are described (Grimm and others, 2020).",
    )
    return Section(
        "odd",
        title,
        (
            Paragraph(intro),
            Grid(
                title, (t("onderdeel", "element"), t("beschrijving", "description")), items, command=COMMAND
            ),
        ),
    )
