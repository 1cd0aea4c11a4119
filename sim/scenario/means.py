"""Staff and money: pools, payers, purposes, prices and income."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.units import Euro, Fte, Id, PerYear, Share

FtePerYear = Spec("FTE per year", 0, 10_000, "voltijdbanen per jaar", "full-time jobs per year")


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

    Attributes:
        per: What is counted: `pupil` (a child in a special type), `stage` (a child of a regular stage), `place` (an open
            place of a programme), `group` (an open group), `staff` (FTE of a pool), `approach` (full reach), `slot` (a
            place for help), `ride` (a child that rides to a special type), `home` (a child of a home stock), `request`.
        of: Type, stage, programme, pool, approach, home stock or decision.
        profiles: Only these needs; () = all.
        amount: Euros per unit per year; below zero = income.
        above_today: Count only what is above the level of day 0.
        share: Share of the units for which it is paid (children who ride, for example).
    """

    title: Text
    payer: Id
    purpose: Id
    per: Literal["pupil", "stage", "place", "group", "staff", "approach", "slot", "ride", "home", "request"]
    of: Id
    profiles: tuple[Id, ...] = ()
    amount: Annotated[Quantity, Euro.named("bedrag per jaar", "amount per year")]
    above_today: bool = False
    share: Annotated[Quantity, Share.named("deel waarvoor het geldt", "share to which it applies")] | None = (
        None
    )
