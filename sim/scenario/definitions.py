"""What can be decided: each lever defined once, for a role of special education.

YAML validation, JSON Schema, sliders, the data dictionary and the docs are all made from these definitions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["special", "programme", "approach", "team", "decision", "regular", "source", "staff"]


@dataclass(frozen=True)
class LeverDefinition:
    """One lever for every member of a role.

    Attributes:
        key: Last part of the path.
        role: Whose lever it is.
        kind: number | switch (0 or 1) | choice.
        low, high: Bounds of the resulting value that nobody may cross.
        calibrated: Largest change from today's value that is still near what was ever seen; None = all.
        op: How a slider and most scenarios set it (set or add).
        step: Step of the slider.
        where: Filters that make sense: place, profile, district.
        shock: Nobody decides this: only a scenario of kind `shock` may set it.
        nl, en: Title; `{name}` is the type, programme, stage or decision.
        options: What a choice offers (`shared_with`: the other types of the region, beside `none`).
        nl_help, en_help: One line of explanation.
    """

    key: str
    role: Role
    kind: Literal["number", "switch", "choice"]
    unit: str
    low: float
    high: float
    op: Literal["set", "add"]
    step: float
    nl: str
    en: str
    nl_help: str
    en_help: str
    options: tuple[str, ...] = ()
    calibrated: tuple[float, float] | None = None
    where: tuple[str, ...] = ()
    shock: bool = False


DEFINITIONS: tuple[LeverDefinition, ...] = (
    LeverDefinition(
        "class_size",
        "special",
        "number",
        "children per group",
        1,
        200,
        "add",
        1,
        "{name}: kinderen per groep",
        "{name}: children per group",
        "Hoeveel kinderen meer (of minder) er in een groep zitten dan nu.",
        "How many more (or fewer) children sit in a group than today.",
        calibrated=(-1, 1),
        where=("place", "profile"),
    ),
    LeverDefinition(
        "groups",
        "special",
        "number",
        "groups",
        0,
        100_000,
        "add",
        1,
        "{name}: groepen",
        "{name}: groups",
        "Hoeveel groepen er meer (of minder) worden betaald dan nu. Er zijn ook lokalen en leraren voor nodig.",
        "How many more (or fewer) groups are funded than today. They also need rooms and teachers.",
        calibrated=(-3, 3),
        where=("place", "profile"),
    ),
    LeverDefinition(
        "rooms",
        "special",
        "number",
        "rooms",
        0,
        100_000,
        "add",
        1,
        "{name}: lokalen",
        "{name}: rooms",
        "Hoeveel lokalen er bij komen of af gaan.",
        "How many rooms are added or taken away.",
        where=("place",),
    ),
    LeverDefinition(
        "intake",
        "special",
        "switch",
        "0 or 1",
        0,
        1,
        "set",
        1,
        "{name}: neemt nieuwe kinderen aan",
        "{name}: takes new children",
        "Uit: er komen geen nieuwe kinderen bij. Wie er zit, mag blijven.",
        "Off: no new children come in. Those who are there may stay.",
        where=("place", "profile"),
    ),
    LeverDefinition(
        "hands",
        "special",
        "number",
        "FTE per group",
        0,
        3,
        "set",
        0.1,
        "{name}: extra handen per groep",
        "{name}: extra hands per group",
        "Onderwijsassistenten erbij, in voltijdbanen per groep. Lukt alleen als zij te vinden zijn.",
        "Extra assistants, in full-time jobs per group. Works only when they can be found.",
        calibrated=(0, 0.5),
    ),
    LeverDefinition(
        "staff_to_regular",
        "special",
        "number",
        "share",
        0,
        1,
        "set",
        0.1,
        "{name}: deel van het personeel dat meegaat naar gewone scholen",
        "{name}: share of staff that moves to regular schools",
        "Als groepen leeg raken: welk deel van hun personeel gaat helpen op gewone scholen.",
        "When groups run empty: which share of their staff goes to help in regular schools.",
    ),
    LeverDefinition(
        "discipline",
        "special",
        "choice",
        "",
        0,
        0,
        "set",
        0,
        "{name}: volgorde van de wachtlijst",
        "{name}: order of the waiting list",
        "Wie het eerst aan de beurt is. Dit is beleid van de school.",
        "Who comes first. This is the school's own policy.",
        options=("date", "last", "priority", "home_first", "oldest_first"),
    ),
    LeverDefinition(
        "placement_moments", "special", "number", "moments a year", 1, 12, "set", 1,
        "{name}: aantal keer per jaar dat plekken worden verdeeld", "{name}: times a year that seats are given out",
        "Hoe vaak per jaar scholen samen kijken wie er op welke plek kan beginnen.",
        "How often a year schools look together at who can start where.",
        calibrated=(1, 6),
    ),
    LeverDefinition(
        "at_vacancy", "special", "switch", "0 or 1", 0, 1, "set", 1,
        "{name}: een vrije plek gaat meteen naar het volgende kind", "{name}: a free seat goes to the next child at once",
        "Uit: een plek die vrijkomt, blijft leeg tot de volgende verdeling.",
        "Off: a seat that comes free stays empty until seats are given out again.",
    ),
    LeverDefinition(
        "one_list", "special", "switch", "0 or 1", 0, 1, "set", 1,
        "{name}: één wachtlijst voor alle scholen", "{name}: one waiting list for all schools",
        "Aan: scholen delen één lijst op datum en praten niet eerst apart over elk kind. Ouders kiezen nog steeds.",
        "On: schools share one list by date and do not first talk about each child. Parents still choose.",
    ),
    LeverDefinition(
        "mandate", "special", "number", "share", 0, 1, "set", 0.1,
        "{name}: doorzettingsmacht, zoals besturen die hebben afgesproken", "{name}: power to decide, as agreed by the boards",
        "Welk deel van de keren nee op een plek toch ja wordt, omdat besturen dat samen hebben afgesproken.",
        "Which share of refusals becomes a yes after all, because the boards agreed so.",
        calibrated=(0, 0.5),
    ),
    LeverDefinition(
        "shared_with", "special", "choice", "", 0, 0, "set", 0,
        "{name}: groepen ook open voor", "{name}: groups also open to",
        "Kinderen van een andere soort mogen in deze groepen beginnen, onder één dak en met één lijst.",
        "Children of another type may start in these groups, under one roof and with one list.",
        options=("none",), where=("place",),
    ),
    LeverDefinition(
        "exit_places", "special", "number", "children per year", -500, 500, "add", 1,
        "{name}: plekken voor wie eerder verder kan", "{name}: places for those who can move on sooner",
        "Werk, dagbesteding of mbo voor leerlingen vanaf 16 jaar die daar aan toe zijn. Onder nul: er vallen plekken weg.",
        "Work, day care or vocational education for pupils of 16 and over who are ready. Below zero: places fall away.",
        calibrated=(-10, 20),
    ),
    LeverDefinition(
        "groups",
        "programme",
        "number",
        "groups",
        0,
        1000,
        "set",
        1,
        "{name}: groepen",
        "{name}: groups",
        "Hoeveel groepen er tegelijk open zijn.",
        "How many groups are open at one time.",
        calibrated=(0, 6),
    ),
    LeverDefinition(
        "seats",
        "programme",
        "number",
        "children per group",
        1,
        200,
        "set",
        1,
        "{name}: plaatsen per groep",
        "{name}: places per group",
        "Hoeveel kinderen er in een groep passen.",
        "How many children fit in a group.",
        calibrated=(6, 10),
    ),
    LeverDefinition(
        "stay_weeks",
        "programme",
        "number",
        "weeks",
        1,
        200,
        "set",
        1,
        "{name}: duur in schoolweken",
        "{name}: length in school weeks",
        "Hoe lang een kind blijft.",
        "How long a child stays.",
        calibrated=(6, 16),
    ),
    LeverDefinition(
        "gate",
        "programme",
        "choice",
        "",
        0,
        0,
        "set",
        0,
        "{name}: voor wie",
        "{name}: for whom",
        "Niemand, alleen kinderen bij wie het onduidelijk is, of ieder kind dat wordt verwezen.",
        "No one, only children whose need is unclear, or every child that is referred.",
        options=("none", "optional", "mandatory"),
    ),
    LeverDefinition(
        "support_slots",
        "regular",
        "number",
        "children",
        0,
        1_000_000,
        "add",
        5,
        "{name}: plekken voor extra hulp",
        "{name}: places for extra help",
        "Hoeveel kinderen tegelijk extra hulp krijgen op de gewone school. Vraagt personeel.",
        "How many children get extra help in the regular school at one time. Asks for staff.",
        calibrated=(-50, 100),
    ),
    LeverDefinition(
        "weeks",
        "decision",
        "number",
        "ratio",
        0.1,
        5,
        "set",
        0.1,
        "{name}: tijd tot het besluit (1 = nu)",
        "{name}: time to the decision (1 = today)",
        "Hoe lang het besluit duurt, vergeleken met nu.",
        "How long the decision takes, compared with today.",
        calibrated=(0.5, 1.5),
    ),
    LeverDefinition(
        "coverage", "approach", "number", "share", 0, 1, "set", 0.1,
        "{name}: bereik", "{name}: reach",
        "Welk deel van de kinderen of scholen waarvoor het bedoeld is, ermee wordt bereikt. Vraagt personeel.",
        "Which share of the children or schools it is meant for is reached. Asks for staff.",
        where=("district",),
    ),
    LeverDefinition(
        "every_weeks", "team", "number", "weeks", 0.5, 52, "set", 1,
        "{name}: schoolweken tussen twee overleggen", "{name}: school weeks between two meetings",
        "Hoe vaak het team bij elkaar komt. Een kind wacht op het eerstvolgende overleg.",
        "How often the team meets. A child waits for the next meeting.",
    ),
    LeverDefinition(
        "refused", "decision", "number", "share", 0, 1, "set", 0.01,
        "{name}: deel van de aanvragen dat wordt afgewezen", "{name}: share of requests that is refused",
        "Strenger kijken: meer aanvragen worden afgewezen. Het kind blijft dan waar het is.",
        "Looking more strictly: more requests are refused. The child then stays where it is.",
        calibrated=(0, 0.15),
    ),
    LeverDefinition(
        "required", "decision", "switch", "0 or 1", 0, 1, "set", 1,
        "{name}: is nodig", "{name}: is needed",
        "Uit: een kind kan zonder dit besluit op de lijst komen.",
        "Off: a child can be listed without this decision.",
        where=("district",),
    ),
    LeverDefinition(
        "money_weeks", "decision", "number", "weeks", 0, 52, "set", 1,
        "{name}: weken tot het geld is geregeld", "{name}: weeks until the money is agreed",
        "Eerst plaatsen en dan over geld praten: nul weken.",
        "Place first and talk about money later: zero weeks.",
    ),
    LeverDefinition(
        "spread", "decision", "number", "share", 0, 1, "set", 0.1,
        "{name}: aanvragen verspreid over het jaar", "{name}: requests spread over the year",
        "Welk deel van de drukte in de drukke maanden verdwijnt, omdat scholen eerder aanvragen.",
        "Which part of the rush in the busy months goes away, because schools ask sooner.",
    ),
    LeverDefinition(
        "schools_closed", "regular", "number", "schools", 0, 1000, "set", 1,
        "{name}: kleine scholen die sluiten", "{name}: small schools that close",
        "Hoeveel kleine gewone scholen opgaan in grotere. Welke, zegt het model niet.",
        "How many small regular schools become part of larger ones. The model does not say which.",
        calibrated=(0, 10),
    ),
    LeverDefinition(
        "admits", "source", "number", "share", 0, 1, "set", 0.1,
        "{name}: deel dat wordt toegelaten", "{name}: share that is admitted",
        "Welk deel van de kinderen van buiten die vragen, mag komen.",
        "Which share of the children from outside who ask may come.",
    ),
    LeverDefinition(
        "signals", "source", "number", "ratio", 0, 5, "set", 0.05,
        "{name}: aantal signalen (1 = zoals verwacht)", "{name}: number of signals (1 = as expected)",
        "Meer of minder kinderen dan verwacht. Dit overkomt een stad; niemand besluit het.",
        "More or fewer children than expected. This happens to a city; nobody decides it.",
        shock=True,
    ),
    LeverDefinition(
        "extra", "staff", "number", "FTE", -10000, 10000, "add", 1,
        "{name}: mensen erbij van buiten", "{name}: people added from outside",
        "Voltijdbanen die er van buiten bij komen (studenten, chauffeurs, zij-instromers), of wegvallen.",
        "Full-time jobs added from outside (students, drivers, side entrants), or lost.",
        calibrated=(-10, 20),
    ),
    LeverDefinition(
        "training", "staff", "number", "students per year", 0, 10000, "add", 1,
        "{name}: studenten per jaar die hier in opleiding gaan", "{name}: students a year who train here",
        "Extra studenten die elk jaar beginnen. Zij kosten eerst begeleiding en werken pas na hun opleiding.",
        "Extra students who start each year. They first take supervision and work only after their training.",
        calibrated=(0, 20),
    ),
    LeverDefinition(
        "lent", "staff", "number", "FTE", 0, 10000, "set", 1,
        "{name}: uitgeleend aan gewone scholen", "{name}: lent to regular schools",
        "Voltijdbanen die meehelpen op gewone scholen. Zij staan dan niet voor een eigen groep.",
        "Full-time jobs that help in regular schools. They do not stand before their own group then.",
        calibrated=(0, 10),
    ),
)  # fmt: skip
