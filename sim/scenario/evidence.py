"""The evidence register: what a lever or a state does, how strongly, and how sure we are.

Scenarios set levers; they never set effects. An effect multiplies a chance or a rate in the engine (`hook`) by
`ratio ** dose`, where the dose is measured by its `cause`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.region import Id

Cause = Literal[
    "class_size",  # dose: children per group above today's size, in units of 1 child
    "hands",  # dose: extra hands per group, in units of 0.5 FTE
    "waited",  # dose: years waited before the seat
    "support",  # dose: 1 when a signalled child got help in the regular school
    "observed",  # dose: 1 when a child passed a programme before the decision
    "included_helped",  # dose: 1 for a child that stays in a regular school, with help, where its type took no one
    "included_alone",  # dose: 1 for the same child without help
    "seats_per_child",  # dose: relative change of seats per child that asks (an elasticity)
]
Hook = Literal["crowding", "back", "step_up", "absence", "staff_leaving", "referral"]
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
                    f"an effect of grade {self.size.grade} must include 'no effect' ({none:g}) in its range [{low:g}, {high:g}]"
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
