"""The evidence register: what a lever or a state does, how strongly, and how sure we are.

Scenarios set levers, never effects. An effect multiplies a chance or a rate of the engine (`acts_on`,
put into words in `HOOK`) by `ratio ** dose`; the dose is measured by its `cause` (in words in `DOSE`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.units import Id

STATES = (
    "class_size", "hands", "waited", "support", "included_helped", "included_alone", "seats_per_child",
    "easy_access", "schools_closed", "schools_moved", "back_without_help", "new_start", "workload", "incidents",
)  # fmt: skip
"""Causes that every region knows; the id of an approach or of a programme is a cause as well."""
Hook = Literal[
    "crowding", "back", "step_up", "absence", "staff_leaving", "referral", "again", "refusal", "giving_up", "closing",
    "at_home", "exemption", "sickness", "sent_home", "early", "failed_start", "transport", "help_places", "exit", "incidents",
]  # fmt: skip
DOSE = {
    "class_size": {
        "nl": "kinderen per groep boven die van nu (1 = één kind meer)",
        "en": "children per group above today's (1 = one child more)",
    },
    "hands": {
        "nl": "extra handen per groep die zijn gevonden (1 = een halve voltijdbaan)",
        "en": "extra hands per group that were found (1 = half a full-time job)",
    },
    "waited": {
        "nl": "jaren gewacht vóór de plek van nu (1 = een jaar)",
        "en": "years waited before the present seat (1 = one year)",
    },
    "support": {
        "nl": "1 voor een aangemeld kind dat hulp kreeg op de gewone school",
        "en": "1 for a signalled child that got help in the regular school",
    },
    "included_helped": {
        "nl": "1 voor een kind dat met hulp op de gewone school blijft: zijn soort neemt niemand aan",
        "en": "1 for a child that stays in a regular school, with help, because its type takes no one",
    },
    "included_alone": {
        "nl": "1 voor een kind dat zonder hulp op de gewone school blijft: zijn soort neemt niemand aan",
        "en": "1 for a child that stays in a regular school, without help, because its type takes no one",
    },
    "seats_per_child": {
        "nl": "plekken per kind dat vraagt (een macht: bij 0,3 geven 10 % meer plekken 3 % meer vragen)",
        "en": "seats per child that asks (an exponent: at 0.3, 10 % more seats give 3 % more requests)",
    },
    "easy_access": {
        "nl": "deel van de tijd tot een plek mag worden gevraagd dat vervalt (1 = geen verklaring meer nodig)",
        "en": "share of the time to a decision that falls away (1 = no declaration needed any more)",
    },
    "schools_closed": {
        "nl": "deel van de gewone scholen dat is gesloten (1 = alle)",
        "en": "share of the regular schools that was closed (1 = all)",
    },
    "schools_moved": {
        "nl": "deel van de kinderen dat het afgelopen jaar naar een andere gewone school moest (1 = alle)",
        "en": "share of the children who had to change regular school in the past year (1 = all)",
    },
    "back_without_help": {
        "nl": "1 voor een kind dat terugging naar een gewone school zonder plek voor hulp",
        "en": "1 for a child that went back to a regular school without a place for help",
    },
    "new_start": {
        "nl": "1 voor een kind in het eerste half jaar op een nieuwe plek",
        "en": "1 for a child in its first half year at a new place",
    },
    "workload": {
        "nl": "kinderen per groep boven die van nu, na extra handen (1 = één kind meer)",
        "en": "children per group above today's, after extra hands (1 = one child more)",
    },
    "incidents": {
        "nl": "incidenten vergeleken met nu (1 = twee keer zoveel als nu)",
        "en": "incidents compared with today (1 = twice as many as today)",
    },
}
OF_APPROACH = {
    "nl": "deel van de kinderen dat wordt bereikt, boven dat van nu en voor zover er personeel is (1 = alle)",
    "en": "share of the children reached, above today's and as far as staff is there (1 = all)",
}
OF_PROGRAMME = {
    "nl": "1 voor een kind dat door deze tijdelijke plek ging",
    "en": "1 for a child that passed this temporary place",
}
HOOK = {
    "crowding": {"nl": "last van een grotere groep", "en": "trouble from a larger group"},
    "back": {
        "nl": "jaarlijkse kans om terug te gaan naar een gewone school",
        "en": "yearly chance of going back to a regular school",
    },
    "step_up": {
        "nl": "jaarlijkse kans op een overstap naar een zwaardere soort",
        "en": "yearly chance of a move to a more intensive type",
    },
    "absence": {"nl": "kans per jaar om thuis te komen zitten", "en": "rate of no longer attending"},
    "staff_leaving": {"nl": "kans per jaar dat personeel vertrekt", "en": "rate at which staff leaves"},
    "referral": {"nl": "kans op een verwijzing", "en": "chance of a referral"},
    "again": {
        "nl": "kans op een nieuwe verwijzing na teruggaan",
        "en": "chance of a new referral after going back",
    },
    "refusal": {"nl": "kans op nee op een aangeboden plek", "en": "chance of no to an offered place"},
    "giving_up": {
        "nl": "kans per jaar dat ouders stoppen met wachten",
        "en": "rate at which parents stop waiting",
    },
    "closing": {"nl": "kans per jaar dat thuiszitten stopt", "en": "rate at which a spell at home ends"},
    "at_home": {
        "nl": "deel van de wachtende kinderen dat thuis is",
        "en": "share of the waiting children that is at home",
    },
    "exemption": {
        "nl": "kans op een vrijstelling van de leerplicht",
        "en": "rate of exemption from compulsory education",
    },
    "sickness": {"nl": "ziekteverzuim van personeel", "en": "time lost through illness of staff"},
    "sent_home": {
        "nl": "schooldagen dat een groep naar huis wordt gestuurd",
        "en": "school days on which a group is sent home",
    },
    "early": {"nl": "maanden dat een signaal eerder komt", "en": "months by which a signal comes earlier"},
    "failed_start": {"nl": "kans dat een start mislukt", "en": "chance that a start fails"},
    "transport": {"nl": "kosten van vervoer per kind", "en": "cost of transport per child"},
    "help_places": {
        "nl": "plekken voor hulp met hetzelfde personeel",
        "en": "places for help with the same staff",
    },
    "exit": {
        "nl": "kans per jaar om na 16 jaar verder te gaan",
        "en": "yearly chance of moving on after age 16",
    },
    "incidents": {"nl": "incidenten in de groep", "en": "incidents in the group"},
}


def dose_of(cause: str, programmes: Collection[str]) -> dict[str, str]:
    """How the dose of a cause is measured, in words (nl, en); a cause that is no state is an approach or a programme."""
    return DOSE.get(cause, OF_PROGRAMME if cause in programmes else OF_APPROACH)


NO_EFFECT = {"risk_ratio": 1.0, "hazard_ratio": 1.0, "elasticity": 0.0, "months": 0.0}

Ratio = Spec("ratio", 0, 20, "verhouding (1 = geen effect)", "ratio (1 = no effect)")


class Effect(Strict):
    """One row of the register.

    Attributes:
        lever: Lever or state that the row belongs to, as shown to readers (a lever key, or `state`).
        cause: How the dose is measured: a state (`STATES`), or the id of an approach or programme.
        acts_on: The chance or rate in the engine that is multiplied.
        types: Place types (or regular stages) where it acts; () = everywhere.
        measure: risk_ratio (a chance), hazard_ratio (a rate), elasticity (an exponent) or months.
        size: The effect per unit of dose.
    """

    title: Text
    lever: str
    cause: Id
    acts_on: Hook
    types: tuple[Id, ...] = ()
    measure: Literal["risk_ratio", "hazard_ratio", "elasticity", "months"]
    size: Annotated[Quantity, Ratio]

    @model_validator(mode="after")
    def _may_do_nothing(self) -> Effect:
        none = NO_EFFECT[self.measure]
        if self.size.grade in ("D", "E") and self.size.range is not None:
            low, high = self.size.range
            if not low <= none <= high:
                raise ValueError(
                    f"an effect of grade {self.size.grade} must include 'no effect' ({none:g}) in its range "
                    f"[{low:g}, {high:g}]"
                )
        return self

    @property
    def is_assumption(self) -> bool:
        """True for grades D and E: nobody measured this."""
        return self.size.grade in ("D", "E")

    def without(self) -> Effect:
        """The same row with no effect."""
        q = self.size.model_copy(update={"value": NO_EFFECT[self.measure]})
        return self.model_copy(update={"size": q})


class Evidence(Strict):
    """The register of one region.

    Attributes:
        floor: Lowest value that the product of all effects on one chance may take.
        overlap: Share in which approaches reach the same children: at 1 only the strongest counts, at 0 all of them in full.
    """

    schema_: Literal[1] = Field(alias="schema")
    kind: Literal["evidence"]
    floor: Annotated[
        Quantity, Ratio.named("ondergrens van alle effecten samen", "lowest value of all effects together")
    ]
    overlap: Annotated[
        Quantity,
        Spec("share", 0, 1, "overlap tussen aanpakken", "overlap of approaches"),
    ] = Quantity(value=0.0, unit="share")
    effects: dict[Id, Effect]
