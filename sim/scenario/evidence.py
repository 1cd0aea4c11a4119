"""The evidence register: what a lever or a state does, how strongly, and how sure we are.

Scenarios set levers, never effects. An effect multiplies a chance or a rate of the engine (`acts_on`,
put into words in `HOOK`) by `ratio ** dose`; the dose is measured by its `cause` (in words in `DOSE`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.region import Id

Cause = Literal[
    "class_size", "hands", "waited", "support", "observed", "included_helped", "included_alone",
    "seats_per_child",
]  # fmt: skip
Hook = Literal["crowding", "back", "step_up", "absence", "staff_leaving", "referral"]
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
    "observed": {
        "nl": "1 voor een kind dat vóór het besluit door een tijdelijke groep ging",
        "en": "1 for a child that passed a programme before the decision",
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
}
NO_EFFECT = {"risk_ratio": 1.0, "hazard_ratio": 1.0, "elasticity": 0.0}

Ratio = Spec("ratio", 0, 20, "verhouding (1 = geen effect)", "ratio (1 = no effect)")


class Effect(Strict):
    """One row of the register.

    Attributes:
        lever: Lever or state that the row belongs to, as shown to readers (a lever key, or `state`).
        cause: How the dose is measured.
        acts_on: The chance or rate in the engine that is multiplied.
        types: Place types (or regular stages) where it acts; () = everywhere.
        measure: risk_ratio (a chance), hazard_ratio (a rate) or elasticity (an exponent).
        size: The effect per unit of dose.
    """

    title: Text
    lever: str
    cause: Cause
    acts_on: Hook
    types: tuple[Id, ...] = ()
    measure: Literal["risk_ratio", "hazard_ratio", "elasticity"]
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
    """

    schema_: Literal[1] = Field(alias="schema")
    kind: Literal["evidence"]
    floor: Annotated[
        Quantity, Ratio.named("ondergrens van alle effecten samen", "lowest value of all effects together")
    ]
    effects: dict[Id, Effect]
