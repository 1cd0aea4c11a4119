"""What a region file may say: places, groups, routes, decisions, counts. Wiring is data; mechanisms are code.

The engine knows the roles of special education (regular, special, programme, decision, home, gone) and no place, type,
district or school: those are keys of the mappings below.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Age = Annotated[int, Field(ge=0, le=25)]
Year = Annotated[int, Field(ge=1900, le=2400)]
GONE = "gone"
OUTSIDE = "outside"
ANY_PROFILE = "any"

Share = Spec("share", 0, 1, "aandeel", "share")
PerYear = Spec("per year", 0, 50, "kans per jaar", "rate per year")
Count = Spec("children", 0, 5_000_000, "aantal kinderen", "number of children")
Groups = Spec("groups", 0, 100_000, "aantal groepen", "number of groups")
ClassSize = Spec("children per group", 1, 200, "kinderen per groep", "children per group")
Days = Spec("days", 0, 100_000, "dagen", "days")
Weeks = Spec("weeks", 0, 520, "weken", "weeks")
Months = Spec("months", 0, 120, "maanden", "months")
Fte = Spec("FTE", 0, 100_000, "voltijdbanen", "full-time jobs")
FtePerGroup = Spec("FTE per group", 0, 10, "voltijdbanen per groep", "full-time jobs per group")
Trend = Spec("per year", -0.2, 0.2, "groei per jaar", "growth per year")
Rate = Spec("per child per year", 0, 5, "per kind per jaar", "per child per year")
Times = Spec("times", 0, 20, "keer", "times")
Flow = Spec("children per year", 0, 10_000_000, "kinderen per jaar", "children per year")


class District(Strict):
    """A part of the region; children live in exactly one."""

    title: Text


class Profile(Strict):
    """A leading kind of support need, used to match children and groups."""

    title: Text


class RegularSupport(Strict):
    """Help in the regular school before a referral, and for children who stay there instead of moving.

    Attributes:
        slots: Children who can be helped at one time with today's staff.
        months: How long one period of help lasts before the school decides whether to refer.
        resolves: Share of signalled children who need no referral even without extra help.
        fte_per_slot: Staff asked for one extra slot.
    """

    slots: Annotated[Quantity, Count.named("plekken voor extra hulp", "places for extra help")]
    months: Annotated[Quantity, Months.named("duur van een periode hulp", "length of one period of help")]
    resolves: Annotated[
        Quantity,
        Share.named(
            "deel dat ook zonder extra hulp geen verwijzing nodig heeft",
            "share that needs no referral, even without extra help",
        ),
    ]
    fte_per_slot: Annotated[
        Quantity, Spec("FTE per slot", 0, 2, "voltijdbanen per plek", "full-time jobs per slot")
    ]


class Regular(Strict):
    """A stage of regular education (role `regular`): counts of children, who are not simulated one by one.

    Attributes:
        tags: Labels shared with the special types of the same stage (their children make up one denominator).
    """

    title: Text
    tags: tuple[Id, ...] = ()
    ages: tuple[Age, Age]
    count: dict[Id, Annotated[Quantity, Count.named("kinderen die hier wonen", "children who live here")]]
    growth: dict[
        Id,
        Annotated[Quantity, Trend.named("groei van het aantal kinderen", "growth of the number of children")],
    ] = {}
    support: RegularSupport | None = None


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
        discipline: date = first listed first; last = last listed first; priority = by `priorities`, then date.
        limit: Most children that may wait; later ones are turned away. None = no limit.
        patience: Chance per year that parents stop waiting; None = nobody stops.
        patience_days: Everybody stops after exactly this time on the list, instead of `patience` (hand traces).
        accept: Chance that an offer of the school of first choice is accepted by parents and school.
        accept_elsewhere: The same for another school of the type.
        placement: at_once = whenever a seat and a child are there; moments = on `moments` (and at vacancies).
        at_vacancy: With `moments`: a seat that comes free in between goes to the next child at once.
        at_home: Share of those who wait that is at home, without a place to attend.
    """

    discipline: Literal["date", "last", "priority"] = "date"
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
    fte_per_group: Annotated[Quantity, FtePerGroup] | None = None
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


class Source(Strict):
    """A stream of first signals of need: from where, to which type, how often, at which ages.

    Attributes:
        of: Regular stage whose children are counted (rate per child per year) or `outside` (children per year).
        ages: Age -> relative chance among the ages named here.
        by_year: First calendar year of a school year -> that year's signals, times the usual number; absent = 1. For what
            is known to come from elsewhere: a law that takes effect, a large or a small cohort.
        support: The regular school helps first; part needs no referral.
        moment: continuous, or `transition`: the child starts on the next 1 August.
        decided: The child arrives with a decision that holds here.
        months: Twelve weights, August first: when in the school year signals come.
        at: Exact days of arrival, for hand traces (then no rate).
    """

    title: Text
    of: Id
    to: Id
    rate: (
        Annotated[
            Quantity, Rate.named("eerste signalen per kind per jaar", "first signals per child per year")
        ]
        | None
    ) = None
    flow: Annotated[Quantity, Flow.named("eerste signalen per jaar", "first signals per year")] | None = None
    ages: dict[Age, float] = {}
    profiles: dict[
        Id, Annotated[Quantity, Share.named("deel met deze hulpvraag", "share with this need")]
    ] = {}
    districts: dict[Id, float] = {}
    trend: (
        Annotated[Quantity, Trend.named("groei van het aantal signalen", "growth of the number of signals")]
        | None
    ) = None
    by_year: dict[
        Year,
        Annotated[
            Quantity,
            Times.named(
                "signalen in dit schooljaar, keer het gewone aantal",
                "signals in this school year, times the usual number",
            ),
        ],
    ] = {}
    support: bool = False
    moment: Literal["continuous", "transition"] = "continuous"
    decided: bool = False
    months: tuple[float, ...] = Field(default=(), description="12 weights, August first")
    at: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _one_rate(self) -> Source:
        given = [
            n for n, v in (("rate", self.rate), ("flow", self.flow), ("at", self.at)) if v not in (None, ())
        ]
        if len(given) != 1:
            raise ValueError(
                f"exactly one of rate, flow and at is needed; found {', '.join(given) or 'none'}"
            )
        if self.by_year and self.at:
            raise ValueError("by_year goes with a rate or a flow; days given with 'at' are what they are")
        if self.months and len(self.months) != 12:
            raise ValueError(f"months needs 12 weights (August first); found {len(self.months)}")
        if (self.of == OUTSIDE) == (self.rate is not None):
            raise ValueError(
                "a source from outside has a flow (children per year); a regular stage has a rate per child"
            )
        return self


class Decision(Strict):
    """A decision that must be taken before a child may be listed (role `decision`).

    Attributes:
        weeks: Shortest, usual and longest time from complete file to decision (a triangle).
        refused: Share of requests refused; the child then stays where it is.
    """

    title: Text
    shortest: Annotated[
        Quantity, Weeks.named("kortste tijd tot het besluit", "shortest time to the decision")
    ]
    usual: Annotated[Quantity, Weeks.named("gewone tijd tot het besluit", "usual time to the decision")]
    longest: Annotated[Quantity, Weeks.named("langste tijd tot het besluit", "longest time to the decision")]
    refused: Annotated[Quantity, Share.named("deel dat wordt afgewezen", "share that is refused")] | None = (
        None
    )
    legal_weeks: Annotated[Quantity, Weeks.named("wettelijke termijn", "legal term")] | None = None


class Programme(Strict):
    """A temporary place between signal and decision (role `programme`), with its own queue.

    Attributes:
        groups: Groups today (often 0: a lever opens them).
        gate: none | optional (unclear cases only) | mandatory (every referral that it serves).
        serves: Sources whose referrals may or must pass.
        unclear: Share of those referrals whose need is unclear or complex.
    """

    title: Text
    groups: Annotated[Quantity, Groups.named("groepen", "groups")]
    seats: Annotated[Quantity, ClassSize.named("plaatsen per groep", "places per group")]
    stay_weeks: Annotated[Quantity, Weeks.named("duur in schoolweken", "length in school weeks")]
    gate: Literal["none", "optional", "mandatory"] = "none"
    serves: tuple[Id, ...]
    unclear: Annotated[
        Quantity,
        Share.named("deel bij wie onduidelijk is welke hulp nodig is", "share whose need is unclear"),
    ]
    fte_per_group: Annotated[Quantity, FtePerGroup] | None = None


class Home(Strict):
    """A stock of children at home (role `home`) that is not a waiting list.

    Attributes:
        start: Children at the start.
        flow: New children per year who are not simulated elsewhere.
        closing: Chance per year that a spell ends.
        lawful: True when the law counts this absence as lawful.
        attends: Receives the spells of children who do have a place (`PlaceType.absence`).
    """

    title: Text
    start: Annotated[Quantity, Count.named("kinderen bij de start", "children at the start")]
    flow: Annotated[Quantity, Flow.named("kinderen die erbij komen per jaar", "new children per year")]
    closing: Annotated[Quantity, PerYear.named("kans per jaar dat het stopt", "chance per year that it ends")]
    trend: Annotated[Quantity, Trend.named("groei", "growth")] | None = None
    ages: dict[Age, float] = {}
    has_place: bool = False


class Staff(Strict):
    """The shared pool of staff for special groups, programmes and extra help.

    Attributes:
        leaving: Chance per year that a member of staff leaves.
        hire: Staff that can be found per year above replacing those who usually leave.
    """

    title: Text
    leaving: Annotated[Quantity, PerYear.named("kans per jaar op vertrek", "chance per year of leaving")]
    hire: Annotated[
        Quantity, Spec("FTE per year", 0, 10_000, "voltijdbanen per jaar", "full-time jobs per year")
    ]


class Mechanisms(Strict):
    """Which mechanisms run. All are on unless a region switches one off."""

    demand_growth: bool = True
    trend: bool = True
    support: bool = True
    decisions: bool = True
    offers_refused: bool = True
    reneging: bool = True
    moments: bool = True
    regrouping: bool = True
    returns: bool = True
    step_up: bool = True
    step_down: bool = True
    transition: bool = True
    leaving: bool = True
    moving: bool = True
    home: bool = True
    staff: bool = True
    crowding: bool = True
    induced_demand: bool = True
    waiting_needs: bool = True


class Region(Strict):
    """A region: everything that is true whatever is decided."""

    schema_: Literal[1] = Field(alias="schema")
    kind: Literal["region"]
    id: Id
    title: Text
    description: Text | None = None
    start: date
    replay_years: int = Field(ge=0, le=10)
    years: int = Field(
        default=10, ge=1, le=60, description="school years reported by default, after the replay"
    )
    calendar: Literal["none", "school_year"]
    age_date: MonthDay = "10-01"
    count_dates: tuple[MonthDay, ...] = ("10-01", "02-01")
    school_weeks: int = Field(default=40, ge=1, le=53)
    ties: Literal["place_first", "leave_first"] = "place_first"
    districts: dict[Id, District] = {}
    profiles: dict[Id, Profile] = {}
    regular: dict[Id, Regular] = {}
    place_types: dict[Id, PlaceType]
    places: dict[Id, Place]
    sources: dict[Id, Source] = {}
    decisions: dict[Id, Decision] = {}
    programmes: dict[Id, Programme] = {}
    home: dict[Id, Home] = {}
    no_place: Text | None = None
    staff: Staff | None = None
    mechanisms: Mechanisms = Mechanisms()
