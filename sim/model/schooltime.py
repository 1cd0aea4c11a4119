"""School time: the clock that stands still in holidays. Meetings follow it; legal terms follow the calendar.

Both clocks count days. They agree on day 0; in term time one day is one day, in a holiday school time does not move.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.laws import grid, on_grid

Floats = NDArray[np.float64]
_AROUND = 2  # years before the first and after the last that are laid out: a case may come, or be seen, outside the run


class SchoolTime:
    """Calendar days to school days and back, piecewise linear.

    Attributes:
        stops: There are holidays; without them both clocks are one.
    """

    def __init__(self, start: date, years: int, holidays: Sequence[tuple[str, str]]) -> None:
        """Lay out the terms.

        Args:
            start: Date of day 0.
            years: School years that are simulated.
            holidays: Month-day of the first day, and of the first school day after it, of each holiday of a year. One that
                runs past 31 December ends in the next year.
        """
        spans = []
        for year in range(start.year - _AROUND, start.year + years + _AROUND + 1):
            for first, back in holidays:
                begins, ends = _date(year, first), _date(year, back)
                ends = ends if ends > begins else _date(year + 1, back)
                spans.append(((begins - start).days, (ends - start).days))
        self.stops = bool(spans)
        opens, closes = [_date(start.year - _AROUND, "01-01").toordinal() - start.toordinal()], []
        for starts, stops in sorted(spans):
            if starts > opens[-1]:
                closes.append(starts)
                opens.append(stops)
            else:
                opens[-1] = max(opens[-1], stops)
        lengths = np.subtract(closes, opens[: len(closes)])
        self._opens: Floats = np.array(opens, dtype=np.float64)
        self._closes: Floats = np.array([*closes, np.inf])
        self._gone: Floats = np.concatenate(([0.0], np.cumsum(lengths, dtype=np.float64)))
        self._gone -= self._gone_by(np.zeros(1))[0]
        # The same as plain lists: for a single number they are far faster than arrays.
        self._terms = self._opens.tolist(), self._closes.tolist(), self._gone.tolist()

    def _gone_by(self, day: Floats) -> Floats:
        term = np.maximum(np.searchsorted(self._opens, day, side="right") - 1, 0)
        return np.asarray(self._gone[term] + np.minimum(day, self._closes[term]) - self._opens[term])

    def school(self, day: Any) -> Any:
        """School days gone by on a calendar day (arrays and single numbers)."""
        if not self.stops:
            return day
        if isinstance(day, np.ndarray):
            return self._gone_by(day)
        opens, closes, gone = self._terms
        term = max(bisect_right(opens, day) - 1, 0)
        return gone[term] + min(day, closes[term]) - opens[term]

    def calendar(self, school: Any) -> Any:
        """First calendar day in term on which that many school days have gone by (arrays and single numbers)."""
        if not self.stops:
            return school
        if isinstance(school, np.ndarray):
            which = np.maximum(np.searchsorted(self._gone, school, side="right") - 1, 0)
            return self._opens[which] + school - self._gone[which]
        opens, _, gone = self._terms
        term = max(bisect_right(gone, school) - 1, 0)
        return opens[term] + school - gone[term]

    def after(self, day: Any, school_days: Any) -> Any:
        """The calendar day that lies so many school days after a day, on the grid of times."""
        found = self.calendar(self.school(day) + school_days)
        return on_grid(found) if isinstance(found, np.ndarray) else grid(found)


def _date(year: int, month_day: str) -> date:
    """A month-day in a year; 29 February is 1 March where there is none."""
    month, day = (int(part) for part in month_day.split("-"))
    if (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
        month, day = 3, 1
    return date(year, month, day)
