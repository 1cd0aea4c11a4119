"""Every Dutch word of the dashboard, in one file, so that someone who does not program can mend it.

Style: taalniveau B1, u-form, sentences of about fifteen words, numbers as digits. What stands between braces is
filled in. The word list of the project decides on names (no "gevallen", no "winnaar").
"""

from __future__ import annotations

PAGE_TITLE = "Doorstroom – wat gebeurt er als …?"
EXPLORE = "Verken"
QUESTION = "Wat gebeurt er met de wachtlijst als …?"

# --- choosing ---
CHOOSE = "Wat wilt u uitproberen?"
CHOOSE_HELP = (
    "Kies er een tot vier. ‘Zo doorgaan’ staat er altijd bij, in grijs. Als u een idee kiest, ziet u "
    "eronder ook hoe het gaat zonder de voorwaarden."
)
SEARCH = "Zoek op een woord of een nummer"
SEARCH_EXAMPLE = "Zoek: taxi, thuis of I06 (Enter)"
SEARCH_NOTHING = "Niets gevonden. Probeer een kort woord."
GROUPS = {
    "idea": "Ideeën",
    "package": "Pakketten van ideeën",
    "shock": "Tegenslagen",
    "twin": "Zonder de voorwaarden",
    "own": "Eigen scenario’s",
}
FULL = "U bekijkt er nu vier. Zet er eerst een uit als u een andere wilt zien."
FOCUS = "Welke wilt u in kleur zien?"
YEAR = "Voor welk schooljaar?"
BASELINE = "zo doorgaan"
OWN = "Eigen keuze"
OWN_OF = "Eigen keuze, uitgaand van: {name}"
DESCRIPTION_NONE = "U ziet nu wat er gebeurt als alles blijft zoals het is afgesproken. Kies links een idee."

# --- sliders ---
KNOBS = "Draai zelf aan de knoppen"
KNOBS_HELP = "Wat u verandert, komt boven op: {name}. Het model rekent het meteen opnieuw door."
KNOB_TODAY = "nu: {value}"
KNOB_SAME = "0 = zoals nu ({value})"
KNOB_CALIBRATED = "donker: {low} tot {high} lijkt op wat eerder is gezien"
KNOB_PLACE = "Bij welke school?"
KNOB_FROM = "Wat u zelf verandert, gaat in op {date}, of op de dag die het idee noemt."
RESET = "Herstel"
RESET_HELP = "Zet alle knoppen terug zoals het gekozen idee ze heeft."
MORE_KNOBS = "Meer knoppen"
MORE_OF = "Knoppen van"
MOVED_KNOBS = "Knoppen die u zelf verzette"
ON, OFF = "aan", "uit"
CHOICES = {
    "date": "wie het langst op de lijst staat",
    "last": "wie het laatst is aangemeld",
    "priority": "wie het meest dringend is",
    "home_first": "wie thuis zit",
    "oldest_first": "wie het oudst is",
    "none": "niemand",
    "optional": "kinderen bij wie het onduidelijk is",
    "mandatory": "ieder kind dat wordt verwezen",
}
UNITS = {
    "children": "kinderen",
    "children per group": "kinderen per groep",
    "children per year": "kinderen per jaar",
    "per child per year": "per kind per jaar",
    "groups": "groepen",
    "rooms": "lokalen",
    "FTE": "voltijdbanen",
    "FTE per group": "voltijdbanen per groep",
    "FTE per slot": "voltijdbanen per plek",
    "FTE per year": "voltijdbanen per jaar",
    "share": "deel",
    "weeks": "weken",
    "months": "maanden",
    "days": "dagen",
    "years": "jaren",
    "schools": "scholen",
    "moments a year": "keer per jaar",
    "students per year": "studenten per jaar",
    "days per year": "dagen per jaar",
    "FTE per student": "voltijdbanen per student",
    "euro": "euro",
    "per year": "per jaar",
    "ratio": "verhouding (1 = nu, of geen effect)",
    "0 or 1": "aan of uit",
    "": "",
}

# --- the answer ---
EIGHT_IN_TEN = "in 8 van de 10 doorrekeningen"
PROVISIONAL = "{sentence} Dit is voorlopig: onzekere aannames tellen nog niet mee."
ANSWER_BASELINE = (
    "Als we zo doorgaan, wachten er op {date} naar verwachting <b>{low} tot {high} kinderen</b> op een plek "
    "({eight})."
)
ANSWER_CLEAR = "Met ‘{name}’ wachten er op {date} waarschijnlijk <b>{range}</b> op een plek dan als we zo doorgaan ({eight})."
ANSWER_CHANCE_ONLY = (
    "Met ‘{name}’ wachten er op {date} misschien <b>{chance}</b> op een plek dan als we zo doorgaan. "
    "Maar met andere aannames is het {range} ({eight})."
)
ANSWER_UNCLEAR = (
    "Met ‘{name}’ is het verschil op {date} <b>te klein om iets over te zeggen</b>: "
    "{range} kinderen die wachten ({eight})."
)
ANSWER_SAME = (
    "Met ‘{name}’ verandert er op {date} <b>niets</b> aan het aantal kinderen dat wacht op een plek."
)
ALSO = "Let ook op: {parts}."
ALSO_PART = "{range} {where}"
WHERE = {
    "K02.from_signal_oct": "tussen eerste signaal en plek",
    "K18.supported": "op een gewone school met hulp",
    "K18.unsupported": "op een gewone school zonder genoeg hulp",
    "K10.no_place": "thuis zonder plek",
}
NO_INTAKE = (
    "{names} neemt geen nieuwe kinderen aan. De eigen wachtlijst verdwijnt dan, maar de kinderen niet."
)
NO_INTAKE_PART = (
    "Een deel van {names} neemt geen nieuwe kinderen aan. Kijk daarom ook naar de andere cijfers."
)
MORE, LESS, AND = "meer", "minder", "en"
RANGE_ONE_WAY = "{low} tot {high} {word}"
RANGE_ONE_NUMBER = "{size} {word}"
POINTS = "procentpunt"
RANGE_BOTH_WAYS = "van {low} minder tot {high} meer"
DATE = "1 {month} {year}"
OCTOBER = "oktober"

# --- figures ---
FIGURES = {
    "K02.oct": "Wacht op een plek",
    "K34.count": "Zonder passende plek",
    "K10.no_place": "Thuis, geen plek",
    "K10.has_place": "Thuis, heeft wel een plek",
    "K18.supported": "Gewone school, met hulp",
    "K18.unsupported": "Gewone school, zonder genoeg hulp",
}
FIGURE_RANGE = "{low} tot {high}"
FIGURE_CHANGE = "{range} dan bij zo doorgaan"

# --- charts ---
CHART_WAIT_UP = "De wachtlijst wordt langer dan bij zo doorgaan"
CHART_WAIT_GONE = "De lijst is korter, want een deel ervan verdwijnt"
CHART_WAIT_ELSEWHERE = "De lijst is korter, maar er wordt ergens anders gewacht"
CHART_WAIT_DOWN = "De wachtlijst wordt korter dan bij zo doorgaan"
CHART_WAIT_UNCLEAR = "De wachtlijst verschilt niet duidelijk van zo doorgaan"
CHART_WAIT_GROWS = "Als we zo doorgaan, groeit de wachtlijst"
CHART_WAIT_SHRINKS = "Als we zo doorgaan, wordt de wachtlijst korter"
CHART_WAIT_LEVEL = "Als we zo doorgaan, blijft de wachtlijst ongeveer gelijk"
CHART_WAIT_COUNTED = "kinderen die op 1 oktober wachten op een plek"
CHART_FUTURE = "vooruitblik →"
BAND_CHANCE = "toeval"
BAND_WIDE = "toeval en aannames"
BAND_KEY_CHANCE = "donkere band: alleen toeval"
BAND_KEY_WIDE = "lichte band: toeval en onzekere aannames samen"
BAND_KEY = "In elke band ligt de uitkomst in 8 van de 10 doorrekeningen. De lijn is het gemiddelde."
CHART_WAIT_ALT = (
    "Lijngrafiek van het aantal kinderen dat wacht op een plek, per schooljaar. {points}. "
    "De tabel eronder geeft alle uitkomsten."
)
CHART_WAIT_ALT_POINT = "{name}: {first} in {first_year}, {last} in {last_year}, {eight} {low} tot {high}"
CHART_PLACES_OVER = "Bij {count} van de {total} soorten school is te weinig plaats"
CHART_PLACES_FULL = "Bij {count} van de {total} soorten school is bijna alles bezet"
CHART_PLACES_ROOM = "Er zijn plaatsen over, ook waar kinderen wachten"
CHART_PLACES_COUNTED = "leerlingen en plaatsen op {date}"
CHART_PLACES_LABEL = "{children} van {seats}"
CHART_PLACES_WAITING = "{waiting} wachten"
CHART_PLACES_KEY = "Balk: leerlingen. Zwarte streep: plaatsen. Grijze balk: leerlingen bij zo doorgaan."
CHART_PLACES_KEY_BASELINE = "Balk: leerlingen. Zwarte streep: plaatsen."
CHART_PLACES_ALT = "Staafgrafiek van leerlingen en plaatsen per soort school op {date}. {points}."
CHART_PLACES_ALT_POINT = "{name}: {children} leerlingen, {seats} plaatsen"
ABBREVIATION = "{short} = {full}"

# --- table of outcomes ---
TABLE = "De uitkomsten naast elkaar"
TABLE_CAPTION = "Schooljaar {year}. Gemiddelde, met eronder waar 8 van de 10 doorrekeningen liggen."
TABLE_CAPTION_CHANCE = TABLE_CAPTION + " Onzekere aannames tellen nog niet mee."
TABLE_OUTCOME = "Uitkomst"
TABLE_CHANGE = "{range}, in {agree} van de {runs} doorrekeningen"
TABLE_UNCLEAR = "geen duidelijk verschil"
TABLE_SAME = "evenveel"
TABLE_COUNT_BY_TYPE = "Wacht op een plek: {name}"
MEANING = "Wat betekenen deze uitkomsten precies?"

# --- where numbers come from ---
SOURCES = "Waar komen de getallen vandaan?"
SOURCES_ANCHOR = "aannames"
SOURCES_INTRO = (
    "Elk getal heeft een herkomst. U ziet hoe zeker het is en tussen welke grenzen het kan liggen."
)
SOURCES_COUNT = "{count} getallen: {parts}."
SOURCES_SHOW = "Welke getallen wilt u zien?"
SOURCES_EFFECTS = "Wat een maatregel doet"
SOURCES_ALL = "Alle getallen"
SOURCES_GRADE = "Zekerheid {grade}: {meaning}"
SOURCES_SCENARIO = "Wat ‘{name}’ verandert"
SOURCES_NO_CHANGE = "Dit verandert niets: alles blijft zoals het is afgesproken."
SOURCES_ASSUMES = "Dit gaat ervan uit dat:"
SOURCES_REQUIRES = "Wat als een voorwaarde niet lukt?"
SOURCES_OF_GRADE = "met zekerheid"
SOURCES_RISKS = "Voor wie wordt het minder, of wat kan misgaan?"
SOURCES_SURPRISE = "Waarom dit anders uitpakt dan u misschien verwacht"
SOURCES_FROM = "Nummer in de stukken: {source}"
COLUMN_WHAT, COLUMN_VALUE, COLUMN_RANGE, COLUMN_GRADE, COLUMN_SOURCE, COLUMN_DATE = (
    "Wat", "Waarde", "Kan liggen tussen", "Hoe zeker", "Bron", "Datum",
)  # fmt: skip
COLUMN_LEVER, COLUMN_TODAY, COLUMN_CHANGE, COLUMN_START = "Wat verandert er", "Nu", "Wordt", "Vanaf"
CHANGE_WHERE = "alleen: {where}"
CHANGE_OUTSIDE = "verder van nu dan waar het model aan cijfers is getoetst"
CHANGE_RAMP = "geleidelijk, in {months} maanden"

CAUTION = "Let op:"
CAUTIONS = {
    "override": "een effect is met de hand gezet. Dit antwoord staat dus los van de bronnen.",
    "outside_calibrated": "u draait verder dan waar het model aan cijfers is getoetst.",
    "unstable": "de wachtlijst blijft groeien. Elk later jaar geeft dus een hoger getal.",
}

FOOTER_RUNS = "{goal} doorrekeningen"
FOOTER_BUSY = "op weg naar {goal} doorrekeningen"
FOOTER_LINK = "Aannames en bronnen"

# --- why this may be believed; the sentences themselves are those of the report (sim/report) ---
TRUST = "Waarom kunt u dit vertrouwen?"
TRUST_ADDRESS = "vertrouwen"
TRUST_MORE = {"nl": "Alles nalezen", "en": "Read all of it"}
TRUST_SAVE = {"nl": "Bewaar het hele rapport", "en": "Save the whole report"}
TRUST_SAVE_HELP = {
    "nl": "Eén bestand (HTML) dat u zonder internet kunt lezen, afdrukken en doorsturen.",
    "en": "One file (HTML) that you can read without the internet, print and pass on.",
}
TRUST_FILE = "doorstroom-{name}-{language}.html"
TRUST_BROKEN = "Het rapport kan niet worden gemaakt. Zo lost u het op:"
ENGLISH = "In English"
ENGLISH_HELP = "This page in English"

# --- calculating ---
STALE = "wordt opnieuw berekend ({done} van {goal})"
FIRST = "Wordt berekend: {done} van {goal}"
FIRST_HELP = "Het eerste antwoord verschijnt na {first} doorrekeningen. U kunt intussen gewoon verder."
REFINING = "{done} van {goal} doorrekeningen klaar. Het antwoord wordt nog nauwkeuriger."
STOPPED = "Gestopt na {done} van {goal} doorrekeningen."
STOP = "Stop met rekenen"
RESUME = "Reken verder"
FAILED = "Deze berekening is niet gelukt. Zo lost u het op: klik op ‘Herstel’ of kies een ander idee."
FAILED_DETAIL = "Melding van het model: {error}"
BROKEN = "Er ging iets mis ({kind}). Zo lost u het op: laad de pagina opnieuw."
UNREADABLE = "Deze bestanden kunnen niet worden gelezen:"
NO_SCENARIOS = (
    "Er zijn geen scenario’s gevonden. Zo lost u het op: start het dashboard in de map van het project, "
    "of zet DOORSTROOM_SCENARIOS op de map met scenario’s."
)
FOOTER = (
    "{runs} van {years} schooljaren · gegevens van {date} · modelversie {version} · "
    "Dit is een berekening, geen voorspelling"
)
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
