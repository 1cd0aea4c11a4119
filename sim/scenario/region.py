"""What a region file may say. Wiring is data; mechanisms are code.

The engine knows the roles of special education (regular, special, programme, approach, team, decision, home, staff,
gone) and no place, type, district or school: those are keys of the mappings below.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from sim.scenario.facilities import Approach, Home, Programme
from sim.scenario.means import Payer, Pool, Price, Titled
from sim.scenario.places import Place, PlaceType
from sim.scenario.quantity import Strict, Text
from sim.scenario.routes import Decision, District, Profile, Regular, Source, Team
from sim.scenario.units import Id, MonthDay


class Mechanisms(Strict):
    """Which mechanisms run. All are on unless a region switches one off.

    Feedback loops are switched here: crowding and sickness (larger classes, and the spiral), induced_demand, programmes (a
    temporary place is a queue; without it one that is open has room for all), moments (the calendar as a wait),
    early_signal, returns_need_help, blocking (a child keeps its temporary place until the next is free), exemption (that
    stock, and who leaves a list for it), school_closure, training.
    """

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
    programmes: bool = True
    approaches: bool = True
    fading: bool = True
    early_signal: bool = True
    teams: bool = True
    money_wait: bool = True
    easy_access: bool = True
    failed_starts: bool = True
    returns_need_help: bool = True
    blocking: bool = True
    interim: bool = True
    exemption: bool = True
    sickness: bool = True
    training: bool = True
    sent_home: bool = True
    school_closure: bool = True
    friction: bool = True
    exits: bool = True


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
    holidays: tuple[tuple[MonthDay, MonthDay], ...] = Field(
        default=(),
        description="first day and first school day after it, of each holiday; meetings stop, legal terms do not",
    )
    ties: Literal["place_first", "leave_first"] = "place_first"
    districts: dict[Id, District] = {}
    profiles: dict[Id, Profile] = {}
    regular: dict[Id, Regular] = {}
    place_types: dict[Id, PlaceType]
    places: dict[Id, Place]
    sources: dict[Id, Source] = {}
    decisions: dict[Id, Decision] = {}
    teams: dict[Id, Team] = {}
    approaches: dict[Id, Approach] = {}
    programmes: dict[Id, Programme] = {}
    home: dict[Id, Home] = {}
    no_place: Text | None = None
    exits: dict[Id, Titled] = {}
    staff: dict[Id, Pool] = {}
    organisations: dict[Id, Titled] = {}
    payers: dict[Id, Payer] = {}
    purposes: dict[Id, Titled] = {}
    prices: dict[Id, Price] = {}
    mechanisms: Mechanisms = Mechanisms()
