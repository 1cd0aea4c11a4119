"""The parts of the proof: their headings, what they are about, and what the columns of their tables mean."""

from __future__ import annotations

# Part -> heading and introduction, each in Dutch and English. A part that is not named here is shown under its own name.
PARTS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "theory": (
        ("Wachtrijen uit het leerboek", "Textbook queues"),
        (
            "Kleine verzonnen regio’s waarvoor de uitkomst met een formule bekend is. Het model moet daarop uitkomen.",
            "Small made-up regions whose outcome a formula gives. The model must come to the same.",
        ),
    ),
    "closed-forms": (
        ("Rekenregels achter de terugkoppelingen", "Closed forms behind the feedback loops"),
        (
            "Elke terugkoppeling in het model heeft een rekenregel die u met een rekenmachine kunt nadoen.",
            "Each feedback loop of the model has a rule that a calculator can repeat.",
        ),
    ),
    "appendix": (
        ("Proefruns van de methode, herhaald", "Trial runs of the method, repeated"),
        (
            "Proefberekeningen die voor dit project met een ander programma zijn gemaakt, nu met dit model.",
            "Trial runs that were made for this project with another program, now with this model.",
        ),
    ),
    "keyed": (
        ("Elk kind houdt zijn eigen toeval", "Each child keeps its own chance"),
        (
            "Een verschil tussen twee scenario’s moet door het scenario komen en niet door andere dobbelstenen.",
            "A difference between two scenarios must come from the scenario, not from other dice.",
        ),
    ),
    "mutations": (
        ("Zou de toets een fout zien?", "Would the proof notice a fault?"),
        (
            "In het model zijn expres fouten gezet. De toetsen hierboven moeten dan mislukken. Gevonden = hoeveel er "
            "mislukten.",
            "Faults were put into the model on purpose. The checks above must then fail. Found = how many failed.",
        ),
    ),
    "screens": (
        ("De schermen van het dashboard, in een echte browser", "The screens of the dashboard, in a real browser"),
        (
            "Elke pagina in beide talen en in vier vensters, en de wegen die een bezoeker neemt.",
            "Every page in both languages and in four windows, and the ways that a visitor takes.",
        ),
    ),
    "moments": (
        ("Instroomcijfers passend gemaakt", "Inflow rates that were fitted"),
        (
            "Een vaste lijst instroomcijfers is binnen hun grenzen verschoven tot het aantal leerlingen gelijk blijft.",
            "A fixed list of inflow rates was moved inside their bands until the numbers of pupils stay.",
        ),
    ),
    "calibration": (
        ("Kalibratie", "Calibration"),
        ("Welke waarden van de instroomcijfers passen bij de tellingen?", "Which values of the rates go with the counts?"),
    ),
    "recovery": (
        ("Vindt de kalibratie bekende waarden terug?", "Does calibration find known values again?"),
        (
            "Verzonnen tellingen uit bekende waarden: de grenzen van 90 % moeten die waarden in 90 % van de proeven bevatten.",
            "Made-up counts from known values: the 90 % band must hold those values in 90 % of the trials.",
        ),
    ),
    "backtest": (
        ("Voorspellen wat al geteld is", "Forecasting what was already counted"),
        (
            "Het model krijgt alleen de jaren tot een grens en voorspelt de jaren daarna. De score is de CRPS (continuous "
            "ranked probability score): de afstand tussen voorspelling en telling. Lager is beter.",
            "The model gets the years up to a limit and forecasts those after it. The score is the CRPS (continuous ranked "
            "probability score): the distance between forecast and count. Lower is better.",
        ),
    ),
    "replay": (
        ("De jaren 2023-2026 nagespeeld", "The years 2023-26 replayed"),
        (
            "Het model naast elk cijfer van na de start. De cijfers hangen samen: delen van één geheel en groepen van één "
            "school tellen elk mee. Niet elk cijfer is gepubliceerd: ‘uit het hoofd’ staat erbij.",
            "The model beside every number of after its start. The numbers hang together: parts of one whole and groups of one "
            "school count each. Not every number was published: it says “from memory” where it was not.",
        ),
    ),
    "almere": (
        ("Almere naast gepubliceerde cijfers", "Almere beside published numbers"),
        (
            "Alleen de regels met een gepubliceerd getal of met een eis. De rest staat in docs/proof/almere.md.",
            "Only the lines with a published number or with a rule. The rest stands in docs/proof/almere.md.",
        ),
    ),
    "importer": (
        ("Beschadigde bestanden", "Damaged files"),
        (
            "Bestanden met een fout: elk moet een duidelijke melding geven en niets half wegschrijven.",
            "Files with a fault: each must give a clear message and write nothing half.",
        ),
    ),
}  # fmt: skip
TRANSLATED = ("backtest", "replay", "moments", "calibration", "recovery")
"""Parts whose headings and rows have Dutch words; the others keep the English of the proof."""
RUNS = {
    "backtest": ("tellingen", "counts"),
    "recovery": ("proeven", "trials"),
}  # fmt: skip
# Beginning of a heading -> what low and high are, where they are not the middle 80 % of the runs.
SPREAD = {
    "Fitted": ("grenzen vooraf", "range beforehand"),
    "Moment matching": ("grenzen vooraf", "range beforehand"),
    "Rates: the 90 %": ("90 % ligt hier", "90 % lies here"),
    "What rates can": ("laagste tot hoogste", "lowest to highest"),
    "The 90 % posterior": ("band van 95 %", "95 % band"),
    "Wider when": ("hier liggen 8 van de 10 proeven", "middle 80 % of the trials"),
}  # fmt: skip
VERIFICATION = ("theory", "closed-forms", "appendix", "keyed")
