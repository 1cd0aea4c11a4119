"""Dutch for the words of the proof tables, which the proof writes in English, and names for the paths in them."""

from __future__ import annotations

import re
from functools import cache

from sim.report.content import Tongue
from sim.scenario.region import Region

# Longest first wins. What is not here stays English: sources, and reasons in whole sentences.
_PHRASES = {
    # Back-test
    "What it had to show": "Wat het moest laten zien",
    "series won, of 6": "gewonnen reeksen, van de 6",
    "80 % intervals of the model that hold the count": "tellingen binnen de band van 80 % van het model",
    "Absolute error of the middle": "Hoe ver de middelste uitkomst ernaast zit",
    "Middle less count": "De middelste uitkomst min de telling",
    "Coverage of the 80 % interval": "Deel van de tellingen binnen de band van 80 %",
    "CRPS by years ahead": "CRPS per aantal jaren vooruit",
    "CRPS of forecasts from": "CRPS van voorspellingen vanaf",
    "CRPS of inflow by origin": "CRPS van de instroom naar herkomst",
    "(beside the six)": "(naast de zes)",
    "half of the series": "de helft van de reeksen",
    "at least": "minstens",
    "70 % to 90 %": "70 % tot 90 %",
    "pupils in": "leerlingen in",
    "inflow of": "instroom van",
    "from none": "zonder school ervoor",
    "from bo": "van de basisschool",
    "national, without 2020 and 2021": "landelijk, zonder 2020 en 2021",
    "national, nothing given": "landelijk, de daling van 2014-2015 niet verteld",
    "national": "landelijk",
    "last year": "zelfde als vorig jaar",
    "linear trend": "rechte lijn",
    "all six": "alle zes",
    "ahead": "jaar vooruit",
    # Replay: headings
    "Mean stays": "Hoe lang leerlingen blijven",
    "Ages": "Leeftijden",
    "Destinations of leavers": "Waar vertrekkers heen gaan",
    "Moves between types, a year": "Overstappen tussen soorten school, per jaar",
    "Entries and leavers, a year": "Nieuwe leerlingen en vertrekkers, per jaar",
    "Long absentees, school year 2023-24": "Lang thuis, schooljaar 2023-2024",
    "Waiting lists": "Wachtlijsten",
    "Olivijn, 27 March 2024": "Olivijn, 27 maart 2024",
    "Counts of 2023-24, kept on 1 October 2023": "Tellingen van 2023-2024, gelijk gehouden op 1 oktober 2023",
    "with drawn assumptions": "met wisselende aannames",
    "Not in the model": "Niet in het model",
    # Replay: rows
    "years": "jaren",
    "entry to": "begin in",
    "exact age on the day of entry": "precieze leeftijd op de dag zelf",
    "whole years on the next 1 October": "hele jaren op de volgende 1 oktober",
    "leaving VSO": "vertrek uit VSO",
    "SO with cluster 2": "SO met cluster 2",
    "regular primary: to": "basisschool: naar",
    "end of primary: to": "einde basisschooltijd: naar",
    "regular secondary (vmbo and the rest)": "gewoon voortgezet onderwijs (vmbo en de rest)",
    "of all leavers: to": "van alle vertrekkers: naar",
    "share of the stock that leaves in a year": "deel dat in een jaar vertrekt",
    "back to regular primary": "terug naar de basisschool",
    "SBO to SO": "SBO naar SO",
    "SO to SBO": "SO naar SBO",
    "PrO to VSO": "PrO naar VSO",
    "VSO to regular secondary": "VSO naar gewoon voortgezet onderwijs",
    "regular secondary": "gewoon voortgezet onderwijs",
    "entries": "nieuwe leerlingen",
    "leavers": "vertrekkers",
    "from no school before": "zonder school ervoor",
    "from regular primary": "van de basisschool",
    "from elsewhere, mainly the other type": "van elders, vooral de andere soort",
    "at the start": "aan het begin",
    "at the end": "aan het einde",
    "share that ended": "deel dat voorbij is",
    "wait over half a year": "wacht langer dan een half jaar",
    "since the declaration": "sinds het besluit (TLV)",
    "since the first signal": "sinds het eerste signaal",
    "1 October": "1 oktober",
    "1 August": "1 augustus",
    "children waiting": "wachtende kinderen",
    "SBO, SO and VSO": "SBO, SO en VSO",
    "the same as a share of the children with a seat": "hetzelfde als deel van de kinderen met een plek",
    "special schools with a list": "speciale scholen met een wachtlijst",
    "empty seats": "lege plaatsen",
    "kinds of group with an empty seat": "soorten groep met een lege plaats",
    "waiting as a share of the roll": "wachtenden als deel van de leerlingen",
    "waiting for the": "wachtend op de groep",
    "children per group": "kinderen per groep",
    "groups": "groepen",
    "of primary": "van het primair onderwijs",
    "of secondary": "van het voortgezet onderwijs",
    # Replay: what stands beside
    "the band holds the fact": "de band bevat het cijfer",
    "the band does not hold the fact": "de band bevat het cijfer niet",
    "mean within 10 % of the fact, or inside its bounds":
        "gemiddelde hoogstens 10 % naast het cijfer, of binnen de grenzen ervan",
    "fact inside P10 to P90": "cijfer binnen 8 van de 10 doorrekeningen",
    "off by more than the rule allows, and named as a finding": "verder ernaast dan de eis toestaat, en als bevinding gemeld",
    "from memory": "uit het hoofd",
    "eight rates are moved until the stocks stay": "acht instroomcijfers zijn verschoven tot de aantallen gelijk blijven",
    "sets ages at the first signal": "bepaalt leeftijden bij het eerste signaal",
    "sets children at home at the start": "bepaalt kinderen thuis aan het begin",
    "sets groups of Olivijn": "bepaalt groepen van Olivijn",
    "sets how fast children at home go back": "bepaalt hoe snel kinderen thuis teruggaan",
    "sets how long the children of the first lists have waited": "bepaalt hoe lang de eerste wachtlijsten al wachten",
    "sets lists on 1 August 2023, 1.5 % of each roll": "bepaalt de lijsten op 1 augustus 2023, 1,5 % van elke school",
    "sets moves between types": "bepaalt overstappen tussen soorten",
    "sets new children at home a year": "bepaalt nieuwe kinderen thuis per jaar",
    "sets rate from regular primary to VSO": "bepaalt de stroom van basisschool naar VSO",
    "sets roll and groups of Olivijn": "bepaalt leerlingen en groepen van Olivijn",
    "sets roll of Olivijn": "bepaalt leerlingen van Olivijn",
    "sets rolls and counts at the start": "bepaalt de aantallen aan het begin",
    "sets seats of Olivijn (178 children and 8 empty seats), and by their ratio all other seats":
        "bepaalt plaatsen van Olivijn (178 kinderen en 8 lege plaatsen), en in die verhouding alle andere plaatsen",
    "sets shares that leave PrO, by age": "bepaalt hoeveel er uit PrO vertrekken, per leeftijd",
    "sets shares that leave VSO, by age": "bepaalt hoeveel er uit VSO vertrekken, per leeftijd",
    "sets the counts of which it is made": "bepaalt de tellingen waar dit uit bestaat",
    "sets transition of SBO": "bepaalt de overgang uit SBO",
    "sets transition of SO": "bepaalt de overgang uit SO",
    # Fit, calibration, recovery
    "Fitted again": "Nog een keer passend gemaakt",
    "Stock after the fit": "Aantal leerlingen na het passend maken",
    "default seats": "plaatsen zoals nu",
    "unlimited seats": "plaats voor iedereen",
    "after 1 year(s)": "na 1 jaar",
    "after 2 year(s)": "na 2 jaar",
    "after 3 year(s)": "na 3 jaar",
    "within 10% of its band": "hoogstens een tiende van de band ernaast",
    "Rates: the 90 % that the facts leave (in place of P10 to P90), beside the value in the region":
        "Instroomcijfers: de 90 % die de tellingen overlaten, naast de waarde in de regio",
    "median; posterior": "mediaan; wat overblijft is",
    "as wide as the range": "zo breed als wat vooraf kon",
    "the region's value lies inside": "de waarde van de regio ligt erin",
    "All rates together": "Alle instroomcijfers samen",
    "share of the posterior farther out than the region's values": "deel dat verder weg ligt dan de waarden van de regio",
    "at least 10 %: they lie inside the joint 90 %": "minstens 10 %: ze liggen samen binnen de 90 %",
    "width of combination": "breedte van combinatie",
    "of the rates, as a share of its prior width": "van de cijfers, als deel van wat vooraf kon",
    "Rates that do nearly the same to the fitted facts: cosine of what they do":
        "Instroomcijfers die bijna hetzelfde doen (1 = precies hetzelfde)",
    "correlation in the posterior": "samenhang in wat overblijft",
    "Moment matching, step one": "Eerste stap: passend maken op aantallen",
    "the region": "de regio",
    "Facts used to fit (fitted)": "Cijfers waarop passend is gemaakt",
    "Facts laid beside (not used to fit)": "Cijfers die er alleen naast liggen (niet gebruikt)",
    "standard deviations off": "standaardafwijkingen ernaast",
    "Facts that cannot all be true: distance in standard deviations at the nearest point, above 3":
        "Cijfers die niet allemaal waar kunnen zijn: afstand in standaardafwijkingen, meer dan 3",
    "What rates can give that give every fitted fact to within 2 standard deviations (lowest to highest)":
        "Wat het model nog kan geven als alle gebruikte cijfers kloppen (laagste tot hoogste)",
    "OUTSIDE by": "ERBUITEN met",
    "of its own tolerance": "maal wat het cijfer ernaast mag zitten",
    "inside": "erbinnen",
    "Emulators: share of the variance between runs foretold for held-out runs, beside what chance leaves":
        "Snelle benadering van het model: welk deel van de verschillen zij voorspelt",
    "The 90 % posterior holds the truth": "De grenzen van 90 % bevatten de ware waarde",
    "Wider when the last year is withheld": "Breder als het laatste jaar ontbreekt (breedte zonder / met)",
    "all rates together (geometric mean of their widths)": "alle cijfers samen (meetkundig gemiddelde van de breedtes)",
    "Wilson 95 % interval (in place of P10 to P90) reaches 90 %": "de band van 95 % (Wilson) haalt 90 %",
    "mean of width without / with it above 1": "gemiddelde boven 1",
    "by 2 standard errors": "met 2 standaardfouten",
    "Findings": "Bevindingen (in het Engels)",
    # Sources that are sums
    "1.5 % of SBO, SO and VSO in Almere": "1,5 % van SBO, SO en VSO in Almere",
    "by the definition of the samenwerkingsverband 2.67": "volgens het samenwerkingsverband 2,67",
    "1.6 without cluster 2": "1,6 zonder cluster 2",
    "98 with cluster 2": "98 met cluster 2",
    "0.8 of 175 thousand": "0,8 van de 175 duizend",
    "about 0.8 of 37.7 thousand": "ongeveer 0,8 van de 37,7 duizend",
    "about 650 of the 687 other inflow of SBO on 34 thousand": "ongeveer 650 van de 687 andere instroom van SBO op 34 duizend",
    "about 800 of the 926 other inflow of SO on 34 thousand": "ongeveer 800 van de 926 andere instroom van SO op 34 duizend",
    "almost 11 of about 39 thousand": "bijna 11 van ongeveer 39 duizend",
    "on VSO leavers after 2015/16": "over vertrekkers uit VSO na 2015-2016",
    "OCW flows hint at it (4.8 thousand to VSO, 0.4 to 0.5 thousand to regular secondary)":
        "stromen van OCW wijzen erop (4,8 duizend naar VSO, 0,4 tot 0,5 duizend naar gewoon voortgezet onderwijs)",
    "6,200 to 7,300 leavers a year": "6.200 tot 7.300 vertrekkers per jaar",
    "the range is from memory": "de grenzen zijn uit het hoofd",
    "vtoi-nvtk.nl and ingrado.nl": "vtoi-nvtk.nl en ingrado.nl",
    "PrO leavers to VSO": "vertrekkers uit PrO naar VSO",
    "Almere stock x national inflow": "aantal in Almere x landelijke instroom",
    "national rates include all clusters": "landelijke cijfers tellen alle clusters mee",
    "count x national inflow rate": "aantal x landelijke instroom",
    "count x national rate": "aantal x landelijk deel",
    "stock / inflow": "aantal / instroom",
    "stock / leavers": "aantal / vertrekkers",
    "of 2012 to 2014": "van 2012 tot en met 2014",
    "sum of": "som van",
    "derived": "afgeleid",
    "Oberon poll, through": "peiling van Oberon, via",
    "municipality of Almere, summary of the yearly report on compulsory education":
        "gemeente Almere, samenvatting van het jaarverslag leerplicht",
    # The log
    "What was checked": "Wat is gecontroleerd",
    "Not done yet": "Nog niet gedaan",
    "Nobody outside the makers has checked the code or repeated the proof on another computer.":
        "Niemand buiten de makers heeft de code gecontroleerd of het bewijs op een andere computer herhaald.",
    "The regional partnership, its schools and the care team have not looked at the routes, the rules or a child's story in "
    "the model.":
        "Het samenwerkingsverband, de scholen en het zorgteam hebben de routes, de regels en het verhaal van een kind in het "
        "model niet bekeken.",
    "No count of Almere after school year 2023-24 has been laid beside a forecast that was made before it.":
        "Geen telling van Almere van na schooljaar 2023-2024 is naast een eerder gemaakte voorspelling gelegd.",
    "No number of grade E was replaced by an answer of Almere; the questions are in the credibility report.":
        "Geen getal met graad E is vervangen door een antwoord uit Almere; de vragen staan in dit rapport.",
    "Parents, pupils and teachers have not been asked whether the words on the screen say what they mean.":
        "Aan ouders, leerlingen en leraren is niet gevraagd of de woorden op het scherm zeggen wat zij bedoelen.",
    "Nobody outside the makers has audited the calculation of money.":
        "Niemand buiten de makers heeft de berekening van geld gecontroleerd.",
}  # fmt: skip
_KINDS = {
    "steady": ("verandering in drie jaar van", "change in three years of"),
    "entries": ("nieuwe leerlingen per jaar in", "entries a year to"),
    "origin": ("herkomst", "origin"),
    "stay": ("hoeveel jaar leerlingen blijven in", "years that pupils stay in"),
    "entry_age": ("leeftijd bij begin in", "age at entry to"),
    "leaving_age": ("leeftijd bij vertrek uit", "age at leaving"),
    "leaving_share": ("deel dat in een jaar vertrekt uit", "share that leaves in a year from"),
    "destination": ("bestemming", "destination"),
}  # fmt: skip


def names_of(t: Tongue, region: Region) -> dict[str, str]:
    """Names of the region's schools, types and sources, by the ids and paths that stand in the tables."""
    parts = (region.place_types, region.regular, region.places)
    found = {key: t.text(x.title) for part in parts for key, x in part.items()}
    for key, x in region.sources.items():
        found |= dict.fromkeys((key, f"sources.{key}.rate", f"sources.{key}.flow"), t.text(x.title))
    special, primary = (
        t("speciaal onderwijs samen", "special education"),
        t("primair onderwijs", "primary education"),
    )
    return {"special": special, "primary": primary, **found}


def say(t: Tongue, words: str) -> str:
    """Words of a proof table in the language of the report; English keeps them as the table has them."""
    if t.lang == "en":
        return words
    if words in t.names:
        return t.names[words]
    kind, _, rest = words.partition(" ")
    if kind in _KINDS and all(x in t.names for x in re.split(r"[ +]", rest) if x != "start"):
        return what(t, words)
    if " with " in words and all(x in t.names for x in words.split(" with ")):
        return " en ".join(t.names[x] for x in words.split(" with "))
    said = _pattern().sub(lambda found: _PHRASES[found.group()], words)
    return re.sub(r"(?<=\d) of (?=\d)", " van ", said)


def what(t: Tongue, words: str) -> str:
    """The name of a published figure as it stands in a sentence, in both languages."""
    kind, _, rest = words.partition(" ")
    if kind in _KINDS:
        return f"{t(*_KINDS[kind])} {': '.join(_parts(t, x) for x in rest.split())}"
    return t.names.get(words) or say(t, words)


def _parts(t: Tongue, words: str) -> str:
    return " + ".join(t.names.get(x, x) for x in words.split("+"))


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_PHRASES, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w.]){re.escape(x)}(?!\.?\w)" for x in longest))
