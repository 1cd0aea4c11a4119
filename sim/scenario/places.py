"""Special education as a region writes it: types, schools, stays, reviews, transitions and waiting lists."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.units import (
    Age,
    ClassSize,
    Count,
    Days,
    FtePerGroup,
    Groups,
    Id,
    MonthDay,
    PerYear,
    Share,
    Weeks,
)


class Stay(Strict):
    """How long a child stays, when the stay is one duration (`hazard` = decided each 1 August by the review).

    Attributes:
        start_mean: Mean for the children present at the start, who came under other rules; None = as `mean`.
        next: Type to go on to after the stay -> share; the rest leaves.
    """

    law: Literal["hazard", "exponential", "erlang", "lognormal", "fixed"] = "hazard"
    mean: Annotated[Quantity, Days.named("gemiddeld verblijf", "mean stay")] | None = None
    start_mean: (
        Annotated[Quantity, Days.named("gemiddeld verblijf van wie er al is", "mean stay of those present")]
        | None
    ) = None
    shape: float | None = Field(default=None, gt=0, description="Erlang: number of phases; lognormal: cv")
    next: dict[Id, Annotated[Quantity, Share.named("deel dat hierheen gaat", "share that goes there")]] = {}

    @model_validator(mode="after")
    def _complete(self) -> Stay:
        if (self.law == "hazard") == (self.mean is not None):
            raise ValueError("mean is needed for every law except 'hazard', which has none")
        if self.law in ("erlang", "lognormal") and self.shape is None:
            raise ValueError(f"shape is needed for law '{self.law}'")
        if self.law == "erlang" and self.shape is not None and self.shape != int(self.shape):
            raise ValueError("shape of an Erlang law is a whole number of phases")
        return self


class Move(Strict):
    """A move to another type that the yearly review may decide."""

    rate: Annotated[Quantity, PerYear.named("kans per jaar op deze overstap", "chance per year of this move")]
    kind: Literal["step_up", "step_down"]
    profiles: dict[
        Id, Annotated[Quantity, Share.named("deel met deze hulpvraag", "share with this need")]
    ] = {}


class Review(Strict):
    """Yearly review: stay, go back to a regular school, step up or step down.

    Attributes:
        back: Yearly chance of going back to `back_to`.
        again: Share of those who went back and are referred again within two years.
        moves: Type to move to -> chance per year.
    """

    back: (
        Annotated[
            Quantity,
            PerYear.named(
                "kans per jaar om terug te gaan naar een gewone school",
                "chance per year of going back to a regular school",
            ),
        ]
        | None
    ) = None
    back_to: Id | None = None
    again: (
        Annotated[
            Quantity,
            Share.named(
                "deel dat binnen twee jaar opnieuw wordt verwezen",
                "share that is referred again within two years",
            ),
        ]
        | None
    ) = None
    moves: dict[Id, Move] = {}


class Transition(Strict):
    """The end of a stage: by age on the age date, which share leaves, and where to.

    Attributes:
        ages: Age -> share of those still present who leave on 1 August.
        to: Type, regular stage or `gone` -> share (sums to 1).
        profiles: Target type -> profile shares there; absent = the child keeps its profile.
    """

    ages: dict[
        Age,
        Annotated[
            Quantity,
            Share.named(
                "deel dat op deze leeftijd van school wisselt", "share that changes school at this age"
            ),
        ],
    ]
    to: dict[Id, Annotated[Quantity, Share.named("deel dat hierheen gaat", "share that goes there")]]
    profiles: dict[
        Id, dict[Id, Annotated[Quantity, Share.named("deel met deze hulpvraag", "share with this need")]]
    ] = {}


class ListRule(Strict):
    """Waiting list: order, limit, offers, leaving the list, and when places are given.

    Attributes:
        discipline: date = first listed first; last = last listed first; priority = by `priorities`, then date; home_first =
            who waits at home, then date; oldest_first = by birthday.
        limit: Most children that may wait; later ones are turned away. None = no limit.
        patience: Chance per year that parents stop waiting; None = nobody stops.
        patience_days: Everybody stops after exactly this time on the list, instead of `patience` (hand traces).
        accept: Chance that an offer of the school of first choice is accepted by parents and school.
        accept_elsewhere: The same for another school of the type.
        placement: at_once = whenever a seat and a child are there; moments = on `moments` (and at vacancies).
        at_vacancy: With `moments`: a seat that comes free in between goes to the next child at once.
        friction_weeks: Weeks before a seat that no child of the own list takes is offered to children of other schools' lists.
        at_home: Share of those who wait that is at home, without a place to attend.
    """

    discipline: Literal["date", "last", "priority", "home_first", "oldest_first"] = "date"
    priorities: dict[Id, int] = {}
    limit: int | None = Field(default=None, ge=0)
    patience: (
        Annotated[
            Quantity,
            PerYear.named(
                "kans per jaar dat ouders stoppen met wachten", "chance per year that parents stop waiting"
            ),
        ]
        | None
    ) = None
    patience_days: Annotated[Quantity, Days] | None = None
    accept: (
        Annotated[
            Quantity,
            Share.named(
                "kans op ja bij de school van eerste keuze", "chance of yes at the school of first choice"
            ),
        ]
        | None
    ) = None
    accept_elsewhere: (
        Annotated[
            Quantity, Share.named("kans op ja bij een andere school", "chance of yes at another school")
        ]
        | None
    ) = None
    placement: Literal["at_once", "moments"] = "at_once"
    moments: tuple[MonthDay, ...] = ()
    at_vacancy: bool = False
    friction_weeks: (
        Annotated[
            Quantity,
            Weeks.named("weken overleg tussen scholen", "weeks of talks between schools"),
        ]
        | None
    ) = None
    at_home: (
        Annotated[
            Quantity,
            Share.named(
                "deel van de wachtende kinderen dat thuis is", "share of the waiting children that is at home"
            ),
        ]
        | None
    ) = None


class PlaceType(Strict):
    """A type of special education (role `special`): the rules that all its places share.

    Attributes:
        tags: Labels by which indicators group types (primary, secondary, special, practical ...).
        decision: Decision needed before a child may be listed; None = own admission.
        bands: Age bands (age on the age date) into which groups are divided; () = one band.
        leave: Age on the age date -> chance of leaving education's stage for good on 1 August.
        limit: Age on the age date at which a child may no longer start a school year here.
        staff: Pool -> FTE per group.
        hands_from: Pool from which extra hands come; None = the first pool of `staff`.
        fails: Share of starts that fail within half a year: the child is on the list again.
        incidents: Incidents in a usual group, for the index of unrest; None = 100 is today.
        exits: Where those who leave education go: exit -> share.
        included_in: Regular stage in which children stay when this type takes no new pupils.
        regroup: A school divides its groups again over ages each 1 August, within its profiles.
        absence: Chance per year that a child with a place here stops attending for over four weeks.
        moving: Chance per year of leaving the region.
        order: Types with a lower order are matched first on 1 August.
        start_ages: Age on the age date -> weight, for the children present at the start.
    """

    title: Text
    name: Text | None = None
    role: Literal["special"] = "special"
    tags: tuple[Id, ...] = ()
    decision: Id | None = None
    renew_years: (
        Annotated[Quantity, Spec("years", 0, 20, "geldigheid in jaren", "years of validity")] | None
    ) = None
    bands: tuple[tuple[Age, Age], ...] = ()
    seats: Literal["groups", "unlimited"] = "groups"
    class_size: Annotated[Quantity, ClassSize] | None = None
    staff: dict[Id, Annotated[Quantity, FtePerGroup]] = {}
    hands_from: Id | None = None
    fails: (
        Annotated[
            Quantity,
            Share.named("deel van de starts dat mislukt", "share of starts that fail"),
        ]
        | None
    ) = None
    incidents: (
        Annotated[
            Quantity,
            Spec(
                "per 100 children per month",
                0,
                1000,
                "incidenten per 100 kinderen per maand",
                "incidents per 100 children a month",
            ),
        ]
        | None
    ) = None
    exits: dict[
        Id, Annotated[Quantity, Share.named("deel van wie van school gaat", "share of those who leave")]
    ] = {}
    regroup: bool = True
    stay: Stay = Stay()
    review: Review | None = None
    transition: Transition | None = None
    leave: dict[
        Age,
        Annotated[
            Quantity,
            Share.named(
                "deel dat op deze leeftijd het onderwijs verlaat", "share that leaves education at this age"
            ),
        ],
    ] = {}
    limit: Age | None = None
    list: ListRule = ListRule()
    included_in: Id | None = None
    absence: (
        Annotated[
            Quantity,
            PerYear.named("kans per jaar om thuis te komen zitten", "chance per year of no longer attending"),
        ]
        | None
    ) = None
    moving: (
        Annotated[Quantity, PerYear.named("kans per jaar op verhuizen", "chance per year of moving away")]
        | None
    ) = None
    order: int = 0
    start_ages: dict[Age, float] = {}


class Place(Strict):
    """One school location: groups, rooms and children present, by profile.

    Attributes:
        groups: Profile (or `any`: groups for every profile) -> groups that are funded.
        rooms: Rooms for groups; None = as many as groups ask.
        class_size: Children per group here; None = that of the type.
        roll: Profile -> children present at the start.
        waiting: Profile -> children on the list at the start.
        waited: Mean of the waits that they have behind them.
    """

    title: Text
    type: Id
    district: Id | None = None
    code: str = ""
    groups: dict[
        Id, Annotated[Quantity, Groups.named("groepen die worden betaald", "groups that are funded")]
    ]
    rooms: Annotated[Quantity, Spec("rooms", 0, 100_000, "lokalen", "rooms")] | None = None
    class_size: Annotated[Quantity, ClassSize] | None = None
    roll: dict[Id, Annotated[Quantity, Count.named("leerlingen bij de start", "pupils at the start")]] = {}
    waiting: dict[
        Id,
        Annotated[Quantity, Count.named("wachtende kinderen bij de start", "waiting children at the start")],
    ] = {}
    waited: (
        Annotated[Quantity, Days.named("gemiddelde wachttijd bij de start", "mean wait so far at the start")]
        | None
    ) = None
