"""What an indicator is: an id, a title, a unit and an estimand, in Dutch and English.

The definitions stand beside the functions that compute them (one file per concept); `register.py` collects
them. Screens, exports and generated docs take their words from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Split = Literal[
    "all", "type", "tag", "district", "profile", "stage", "age", "pool", "programme", "payer", "organisation", "purpose"
]  # fmt: skip
SPLITS: tuple[Split, ...] = get_args(Split)
CHILD_SPLITS: tuple[Split, ...] = ("all", "district", "profile", "age")
POOL_SPLITS: tuple[Split, ...] = ("all", "pool")
PROGRAMME_SPLITS: tuple[Split, ...] = ("all", "programme")
TYPE_SPLITS: tuple[Split, ...] = ("all", "type", "tag")
FULL_SPLITS: tuple[Split, ...] = ("all", "type", "tag", "district", "profile", "age")


@dataclass(frozen=True)
class Words:
    """A text in Dutch and English."""

    nl: str
    en: str


@dataclass(frozen=True)
class Unit:
    """A unit: the key that stands in tables, and the words behind a number on a screen.

    Attributes:
        many, one: Words behind a plural and a singular number.
        step: Whole numbers are multiples of this above 20 (children are shown to 5).
        decimals: Digits behind the comma.
        scale: What a value is multiplied with before it is shown (money in thousands of euros).
    """

    many: Words
    one: Words
    step: int = 1
    decimals: int = 0
    scale: float = 1.0


UNITS: dict[str, Unit] = {
    "children": Unit(Words("kinderen", "children"), Words("kind", "child"), step=5),
    "seats": Unit(Words("plekken", "seats"), Words("plek", "seat"), step=5),
    "decisions": Unit(Words("beslissingen", "decisions"), Words("beslissing", "decision"), step=5),
    "weeks": Unit(Words("weken", "weeks"), Words("week", "week")),
    "days": Unit(Words("dagen", "days"), Words("dag", "day")),
    "school weeks": Unit(Words("schoolweken", "school weeks"), Words("schoolweek", "school week")),
    "share": Unit(Words("", ""), Words("", "")),
    "load": Unit(
        Words("keer de plekken", "times the seats"), Words("keer de plekken", "times the seats"), decimals=2
    ),
    "FTE": Unit(Words("voltijdbanen", "full-time jobs"), Words("voltijdbaan", "full-time job"), decimals=1),
    "groups": Unit(Words("groepen", "groups"), Words("groep", "group"), decimals=1),
    "children per group": Unit(
        Words("kinderen per groep", "children per group"),
        Words("kind per groep", "child per group"),
        decimals=1,
    ),
    "index": Unit(Words("(100 = nu)", "(100 = today)"), Words("(100 = nu)", "(100 = today)")),
    "per child-year": Unit(
        Words("per kind per jaar", "per child per year"),
        Words("per kind per jaar", "per child per year"),
        decimals=2,
    ),
    "per 100 pupil-years": Unit(
        Words("per 100 leerlingen per jaar", "per 100 pupils per year"),
        Words("per 100 leerlingen per jaar", "per 100 pupils per year"),
        decimals=1,
    ),
    "per 1,000 children per year": Unit(
        Words("per 1.000 kinderen per jaar", "per 1,000 children per year"),
        Words("per 1.000 kinderen per jaar", "per 1,000 children per year"),
        decimals=1,
    ),
    "euro": Unit(
        Words("duizend euro", "thousand euros"), Words("duizend euro", "thousand euros"), scale=0.001
    ),
}


@dataclass(frozen=True)
class Indicator:
    """One indicator with its estimand: exactly what is counted, from when, until when.

    Attributes:
        id: Fixed id in tables, links and slides (`K02.oct`).
        title: Short title for screens.
        unit: Key of `UNITS`.
        population: Who counts.
        start: What starts the clock, or from when a child counts.
        end: What ends it.
        stop: What stops the clock without being the end that is asked for.
        window: The days, or the year, that are looked at.
        splits: Margins in which the table has it: each alone, the others "all".
        additive: Parts add up to the whole (types, districts and profiles each sum to `all`).
        better: Which direction is better for children; "neither" when it depends.
        note: What a reader should know before quoting it.
    """

    id: str
    title: Words
    unit: str
    population: Words
    start: Words
    end: Words
    stop: Words
    window: Words
    splits: tuple[Split, ...] = FULL_SPLITS
    additive: bool = False
    better: Literal["lower", "higher", "neither"] = "lower"
    note: Words | None = None

    @property
    def estimand(self) -> Words:
        """The whole definition as one text, the same on every screen and in the docs."""
        unit = UNITS[self.unit].many
        if self.unit == "share":
            unit = Words("deel van het geheel (op het scherm in procenten)", "share (on screen in per cent)")
        parts = (
            ("Wie telt mee", "Population", self.population),
            ("Begin", "Start", self.start),
            ("Einde", "End", self.end),
            ("Klok stopt", "Clock stop", self.stop),
            ("Periode", "Window", self.window),
            ("Eenheid", "Unit", unit),
            *((("Let op", "Note", self.note),) if self.note else ()),
        )
        return Words(
            " ".join(f"{nl}: {text.nl}." for nl, _, text in parts),
            " ".join(f"{en}: {text.en}." for _, en, text in parts),
        )


NO_CLOCK = Words("geen klok: dit is een telling", "no clock: this is a count")
ON_OCT = Words("1 oktober van elk schooljaar", "1 October of each school year")
ON_FEB = Words("1 februari van elk schooljaar", "1 February of each school year")
OVER_YEAR = Words("het schooljaar, 1 augustus tot 1 augustus", "the school year, 1 August to 1 August")
