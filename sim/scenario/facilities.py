"""Temporary places, approaches in regular schools, and the stocks of children at home."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.quantity import Quantity, Strict, Text
from sim.scenario.units import (
    Age,
    ClassSize,
    Count,
    Flow,
    Fte,
    FtePerGroup,
    Groups,
    Id,
    PerYear,
    Share,
    Trend,
    Weeks,
)


class Programme(Strict):
    """A temporary place (role `programme`) with its own queue: before a decision, beside a school, or instead of home.

    Children come to it in one of three ways: as a referral that passes it (`serves`), by a source that names it (`Source.to`),
    or from a stock at home (`takes`).

    Attributes:
        groups: Groups today (often 0: a lever opens them).
        stay_weeks: Length of a stay in school weeks; `law` says how it varies.
        gate: none | optional (unclear cases only) | mandatory (every referral that it serves). Children who come by a source or
            from home need no gate.
        serves: Sources whose referrals may or must pass.
        unclear: Share of those referrals whose need is unclear or complex.
        profiles: Only children with these needs; () = all.
        ages: Lowest and highest age on the age date.
        takes: Stocks at home from which it takes children (`no_place` = those who wait at home for a seat).
        at: School at which it stands, if any.
        next: Where to after the stay: type, other programme, stage or `gone` -> share. A child that came with a referral goes
            on to that, or needs it no more (effect of the programme on referral). Empty: a child taken from home is at home
            again when its time is up, if its wait or its spell there still goes on.
        holds: A child whose next place is full keeps its place here until that place is free, so the programme can block.
        perspective_weeks: School weeks after which it is known where the child goes; a request is made then, not at the end.
        start: Children present on day 0.
        attends: Share of school time that counts as education here (1 = all of it).
    """

    title: Text
    groups: Annotated[Quantity, Groups.named("groepen", "groups")]
    seats: Annotated[Quantity, ClassSize.named("plaatsen per groep", "places per group")]
    stay_weeks: Annotated[Quantity, Weeks.named("duur in schoolweken", "length in school weeks")]
    law: Literal["fixed", "exponential", "erlang"] = "fixed"
    phases: int = Field(default=5, ge=1, le=50, description="phases of an Erlang stay")
    gate: Literal["none", "optional", "mandatory"] = "none"
    serves: tuple[Id, ...] = ()
    unclear: (
        Annotated[
            Quantity,
            Share.named("deel bij wie onduidelijk is welke hulp nodig is", "share whose need is unclear"),
        ]
        | None
    ) = None
    profiles: tuple[Id, ...] = ()
    ages: tuple[Age, Age] | None = None
    takes: tuple[Id, ...] = ()
    at: Id | None = None
    next: dict[Id, Annotated[Quantity, Share.named("deel dat hierheen gaat", "share that goes there")]] = {}
    holds: bool = False
    perspective_weeks: (
        Annotated[
            Quantity,
            Weeks.named("schoolweken tot duidelijk is waarheen", "school weeks until it is clear where to"),
        ]
        | None
    ) = None
    start: Annotated[Quantity, Count.named("kinderen bij de start", "children at the start")] | None = None
    attends: (
        Annotated[
            Quantity, Share.named("deel van de tijd dat onderwijs is", "share of the time that is education")
        ]
        | None
    ) = None
    staff: dict[Id, Annotated[Quantity, FtePerGroup]] = {}


class Approach(Strict):
    """Something that schools or teams do with many children (role `approach`): coaching, a team, training, an arrangement.

    It reaches a share of the children it is meant for (`coverage`). What it does stands in the evidence register: rows whose
    cause is the id of the approach, relative to today's coverage. When staff is short the dose shrinks.

    Attributes:
        coverage: Share reached today.
        since: District -> date from which it is covered there in full (instead of `coverage`).
        until: Today's coverage ends on this date (a temporary project).
        at: Schools where it is done; it acts on the children who sit there. () = wherever children are.
        staff: Pool -> FTE at full coverage.
        fades: Share of its strength lost per year after a change, through turnover of people; training again is a lever.
    """

    title: Text
    coverage: Annotated[Quantity, Share.named("bereik nu", "reach today")]
    since: dict[Id, date] = {}
    until: date | None = None
    at: tuple[Id, ...] = ()
    staff: dict[
        Id, Annotated[Quantity, Fte.named("voltijdbanen bij volledig bereik", "full-time jobs at full reach")]
    ] = {}
    fades: Annotated[Quantity, PerYear.named("sleet per jaar", "share of strength lost per year")] | None = (
        None
    )


class Home(Strict):
    """A stock of children at home (role `home`) that is not a waiting list.

    Attributes:
        start: Children at the start.
        flow: New children per year who are not simulated elsewhere.
        closing: Chance per year that a spell ends.
        has_place: Receives the spells of children who do have a place (`PlaceType.absence`).
        exempt: Children freed from compulsory education by law: they are counted beside those at home, never among them.
        attends: Share of school time that they do attend (agreed partial attendance); None = none.
        from_no_place: Chance per year that a child waiting at home for a seat ends up here and leaves the list.
    """

    title: Text
    start: Annotated[Quantity, Count.named("kinderen bij de start", "children at the start")]
    flow: Annotated[Quantity, Flow.named("kinderen die erbij komen per jaar", "new children per year")]
    closing: Annotated[Quantity, PerYear.named("kans per jaar dat het stopt", "chance per year that it ends")]
    trend: Annotated[Quantity, Trend.named("groei", "growth")] | None = None
    ages: dict[Age, float] = {}
    has_place: bool = False
    exempt: bool = False
    attends: (
        Annotated[Quantity, Share.named("deel van de tijd wél op school", "share of the time at school")]
        | None
    ) = None
    from_no_place: (
        Annotated[
            Quantity,
            PerYear.named("kans per jaar vanuit thuis wachten", "chance per year for who waits at home"),
        ]
        | None
    ) = None
