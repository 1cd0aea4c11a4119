"""Staff and money: pools, payers, purposes, prices and income."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.units import Euro, Fte, Id, PerYear, Share

PER_CHILD = ("pupil", "ride", "home", "request")
FtePerYear = Spec(
    "FTE per year",
    0,
    10_000,
    "voltijdbanen die per jaar te vinden zijn",
    "full-time jobs that can be found per year",
)


class Pool(Strict):
    """A pool of staff (role `staff`), shared by everything that asks from it. Groups go first.

    Attributes:
        present: FTE today; None = as many as today's groups, programmes and approaches ask.
        vacancies: Share of what is asked for that nobody fills today. Groups that run are staffed; children of unfilled posts
            are sent home at times (`sent_home_days`).
        leaving: Chance per year that a member of staff leaves.
        hire: Staff that can be found per year above replacing those who usually leave.
        sick: Share of working time lost through illness today. Only more illness than today costs groups.
        training_years: Years from the start of training to the first working day.
        supervision: FTE of this pool that one student in training takes in the first two years.
        lends_to: Pool to which staff can be lent by a lever.
        sent_home_days: School days per year that a group stays home for each unfilled full-time job of this pool.
    """

    title: Text
    present: Annotated[Quantity, Fte.named("voltijdbanen nu", "full-time jobs today")] | None = None
    vacancies: (
        Annotated[Quantity, Share.named("deel dat nu niet is ingevuld", "share that is unfilled today")]
        | None
    ) = None
    leaving: Annotated[Quantity, PerYear.named("kans per jaar op vertrek", "chance per year of leaving")]
    hire: Annotated[Quantity, FtePerYear]
    sick: Annotated[Quantity, Share.named("ziekteverzuim", "time lost through illness")] | None = None
    training_years: (
        Annotated[Quantity, Spec("years", 0, 20, "jaren opleiding", "years of training")] | None
    ) = None
    supervision: (
        Annotated[
            Quantity,
            Spec("FTE per student", 0, 1, "begeleiding per student", "supervision per student"),
        ]
        | None
    ) = None
    lends_to: Id | None = None
    sent_home_days: (
        Annotated[
            Quantity,
            Spec("days per year", 0, 200, "dagen thuis per open baan", "days at home per unfilled job"),
        ]
        | None
    ) = None


class Titled(Strict):
    """Something with a name only: a payer, a purpose, an exit."""

    title: Text


class Payer(Strict):
    """Who pays, and from which budget. Two budgets of one organisation are two payers with one `of`.

    Attributes:
        of: Organisation, where budgets are kept apart (primary and secondary, light and heavy).
    """

    title: Text
    of: Id | None = None


class Price(Strict):
    """What one unit costs per year, who pays it and what for. Every euro of the model comes from one price.

    A euro counts where it is spent on children, so once: what one budget passes to another is income of the other (an
    amount below zero), never spending of the one. What a school pays out of an amount per pupil is inside that amount.
    The number of children of a regular stage does not move when children of the model come or go: an amount that follows a
    child to any school belongs on the stage alone, else a move would look like a saving.

    Attributes:
        per: What is counted: `pupil` (a child in a special type or a regular stage), `ride` (a child that rides to a special
            type), `home` (a child of a home stock), `place` (an open place of a programme), `group` (an open group), `staff`
            (FTE of a pool at work above day 0, beside the groups: programmes, approaches, extra hands and help), `approach`
            (its reach, 1 = full), `slot` (a place for help), `request` (each request for a decision, once).
        of: Types and stages, programmes, pools, approaches, home stocks or decisions.
        profiles: Only children with these needs; () = all.
        amount: Euros per unit per year, at the price level of its date; below zero = income. A range from zero says that the
            amount is not known.
        above_today: Count only what is above the number of day 0, place by place.
        share: Share of the units for which it is paid (children who ride, for example).
    """

    title: Text
    payer: Id
    purpose: Id
    per: Literal["pupil", "ride", "home", "place", "group", "staff", "approach", "slot", "request"]
    of: tuple[Id, ...] = Field(min_length=1)
    profiles: tuple[Id, ...] = ()
    amount: Annotated[Quantity, Euro.named("bedrag per jaar", "amount per year")]
    above_today: bool = False
    share: Annotated[Quantity, Share.named("deel waarvoor het geldt", "share to which it applies")] | None = (
        None
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Price:
        low, high = self.amount.range or (self.amount.value, self.amount.value)
        if low < 0 < high:
            raise ValueError("what is paid and what is received are two prices: the range may not cross zero")
        if self.profiles and self.per not in PER_CHILD:
            raise ValueError(
                f"profiles go with a price per {', '.join(PER_CHILD)}; this one is per {self.per}"
            )
        if self.above_today and self.per == "request":
            raise ValueError(
                "above_today goes with what is there all year; a request is counted when it is made"
            )
        return self
