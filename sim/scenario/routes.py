"""Where children come from and what stands before a seat: stages, sources, decisions and teams."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Quantity, Spec, Strict, Text
from sim.scenario.units import (
    OUTSIDE,
    Age,
    Count,
    Flow,
    Fte,
    Id,
    Months,
    Rate,
    Share,
    Times,
    Trend,
    Weeks,
    Year,
)


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
        staff: Pool -> staff asked for one extra slot.
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
    staff: dict[
        Id,
        Annotated[Quantity, Spec("FTE per slot", 0, 2, "voltijdbanen per plek", "full-time jobs per slot")],
    ] = {}


class Build(Strict):
    """New houses in a district: children who move in, from a date, on top of growth."""

    from_: date = Field(alias="from")
    until: date | None = None
    per_year: Annotated[
        Quantity, Flow.named("kinderen die er per jaar bij komen wonen", "children who move in per year")
    ]


class Regular(Strict):
    """A stage of regular education (role `regular`): counts of children, who are not simulated one by one.

    Attributes:
        tags: Labels shared with the special types of the same stage (their children make up one denominator).
        builds: District -> new houses.
        schools: Number of schools, for the lever that closes small ones.
        freed_per_school: Staff freed per closed school, per pool.
    """

    title: Text
    tags: tuple[Id, ...] = ()
    ages: tuple[Age, Age]
    count: dict[Id, Annotated[Quantity, Count.named("kinderen die hier wonen", "children who live here")]]
    growth: dict[
        Id,
        Annotated[Quantity, Trend.named("groei van het aantal kinderen", "growth of the number of children")],
    ] = {}
    builds: dict[Id, Build] = {}
    support: RegularSupport | None = None
    schools: Annotated[Quantity, Spec("schools", 0, 100_000, "scholen", "schools")] | None = None
    freed_per_school: dict[
        Id, Annotated[Quantity, Fte.named("voltijdbanen vrij per school", "full-time jobs freed per school")]
    ] = {}


class Source(Strict):
    """A stream of first signals of need: from where, to which type, how often, at which ages.

    Attributes:
        of: Regular stage whose children are counted (rate per child per year) or `outside` (children per year).
        ages: Age -> relative chance among the ages named here.
        by_year: First calendar year of a school year -> that year's signals, times the usual number; absent = 1. For what
            is known to come from elsewhere: a law that takes effect, a large or a small cohort.
        support: The regular school helps first; part needs no referral.
        moment: continuous, or `transition`: the child starts on the next 1 August.
        to: Special type, or a programme that takes children of its own.
        admits: Today's share of those from outside who are admitted (a lever changes it).
        early: Its signals can be brought forward by an approach with an effect on `early`.
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
    admits: Annotated[Quantity, Share.named("deel dat wordt toegelaten", "share that is admitted")] | None = (
        None
    )
    early: bool = False
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
        busy_weeks: Extra weeks for a request that is received in one of the `busy_months` (1-12), when all come at once.
        money_weeks: Weeks until the money is agreed, after the decision and before the child may be listed.
        money_share: Share of requests for which money has to be agreed.
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
    busy_weeks: (
        Annotated[Quantity, Weeks.named("extra weken in drukke maanden", "extra weeks in busy months")] | None
    ) = None
    busy_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    money_weeks: (
        Annotated[Quantity, Weeks.named("weken tot het geld is geregeld", "weeks until the money is agreed")]
        | None
    ) = None
    money_share: (
        Annotated[
            Quantity,
            Share.named("deel waarvoor geld geregeld moet worden", "share that needs money agreed"),
        ]
        | None
    ) = None


class Team(Strict):
    """A team that meets in a rhythm (role `team`): a case waits for its next meeting. Holidays stop meetings.

    Attributes:
        before: What the meeting stands before: `help` in a regular stage, a `decision`, or `action` on absence (a child at
            home is seen, and can be offered a temporary place, from this meeting on).
        of: Stages, decisions or home stocks.
        every_weeks: School weeks between meetings.
        share: Share of the cases that must come to this team (heavy cases need one that meets less often).
        staff: Pool -> FTE for its meetings, at today's rhythm.
    """

    title: Text
    before: Literal["help", "decision", "action"]
    of: tuple[Id, ...]
    every_weeks: Annotated[Quantity, Weeks.named("weken tussen twee overleggen", "weeks between meetings")]
    share: Annotated[Quantity, Share.named("deel dat hierheen moet", "share that must come here")] | None = (
        None
    )
    staff: dict[Id, Annotated[Quantity, Fte.named("voltijdbanen nu", "full-time jobs today")]] = {}
