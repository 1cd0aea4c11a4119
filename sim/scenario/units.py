"""Ids and units of region files: what a key may look like, and what a number at one place may be."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.quantity import Spec

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
Euro = Spec("euro", -1_000_000_000, 1_000_000_000, "euro", "euro")
