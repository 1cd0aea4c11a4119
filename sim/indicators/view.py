"""The record as indicators look at it: years, count dates, margins, and the visits by what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.indicators.counting import Bools, Floats, Ints, sortable
from sim.indicators.indicator import SPLITS, Split
from sim.indicators.margins import Rows, Spans, Spread
from sim.record import Kind, Record

DAYS_PER_YEAR = 365.25
AGE_GROUPS = ((0, 3), (4, 7), (8, 11), (12, 15), (16, 25))
"""Ages in years when a wait, a stay or a spell at home began; margins `age:0-3` ... in the column place_type."""


@dataclass(frozen=True)
class Waits:
    """All waits for a seat of a special type: those that ended in a seat and those that did not.

    Attributes:
        rows: Codes; the type is the type waited for.
        listed, ready, end: Days; `end` is infinite for a wait that is still open.
        served: The wait ended in a seat.
        visit: Index of the visit.
    """

    rows: Rows
    listed: Floats
    ready: Floats
    end: Floats
    served: Bools
    visit: Ints

    @cached_property
    def free(self) -> Floats:
        """Day from which the child waits without an agreed start."""
        return np.maximum(self.listed, self.ready)


@dataclass(frozen=True)
class Stays:
    """All stays in places of special types.

    Attributes:
        rows: Codes; the type is the type of the place.
        placed, left: Days; `left` is infinite for a stay that goes on.
        why: Code of `Why`.
        cell: Cell of the seat in which the stay ended, -1 for none.
        visit: Index of the visit.
    """

    rows: Rows
    placed: Floats
    left: Floats
    why: Ints
    cell: Ints
    visit: Ints


class View:
    """A record, prepared once for all indicators. Nothing in it changes the record.

    Attributes:
        edges: Days on which school years start, and the end of the last (years + 1).
        length: Days in each school year.
        october, february: The two count dates in each school year.
        kinds, place_types, districts, profiles: Split and labels of each margin.
        special, regular, deciding, programme: True for type codes of the roles special, regular, decision and programme.
        margin_of_type: Margin of each type code that has one (special types, regular stages, pools, programmes), else -1.
        margin_of_tag: Margin of each tag of special types.
        tagged: Type code x tag: a special type with that tag.
        margin_of_money: Margin of each payer, organisation and purpose, by label (`payer:...`).
    """

    def __init__(self, record: Record) -> None:
        """Prepare `record`."""
        self.record = record
        self.edges: Floats = record.year_starts
        self.length: Floats = np.diff(self.edges)
        self.years = len(self.length)
        self.october: Floats = record.count_days("10-01")
        self.february: Floats = record.count_days("02-01")
        roles = np.array(record.roles)
        self.special: Bools = roles == "special"
        self.regular: Bools = roles == "regular"
        self.deciding: Bools = roles == "decision"
        self.programme: Bools = roles == "programme"
        self._margins()

    def _margins(self) -> None:
        record = self.record
        special, stages = np.flatnonzero(self.special), np.flatnonzero(self.regular)
        pools = np.array([i for i, role in enumerate(record.roles) if role == "staff"], dtype=np.intp)
        programmes = np.flatnonzero(self.programme)
        tags = list(dict.fromkeys(tag for i in special for tag in record.tags[i]))
        labels: list[tuple[Split, str, str, str]] = [("all", "all", "all", "all")]
        labels += [("type", record.types[i], "all", "all") for i in special]
        labels += [("tag", f"tag:{tag}", "all", "all") for tag in tags]
        labels += [("district", "all", name, "all") for name in record.districts]
        labels += [("profile", "all", "all", name) for name in record.profiles]
        labels += [("stage", record.types[i], "all", "all") for i in stages]
        labels += [("age", f"age:{low}-{high}", "all", "all") for low, high in AGE_GROUPS]
        labels += [("pool", f"pool:{record.types[i]}", "all", "all") for i in pools]
        labels += [("programme", record.types[i], "all", "all") for i in programmes]
        organisations = dict.fromkeys(p.organisation for p in record.payers if p.organisation)
        labels += [("payer", f"payer:{p.id}", "all", "all") for p in record.payers]
        labels += [("organisation", f"organisation:{name}", "all", "all") for name in organisations]
        labels += [("purpose", f"purpose:{name}", "all", "all") for name in record.purposes]
        self.kinds = np.array([SPLITS.index(label[0]) for label in labels])
        self.place_types = [label[1] for label in labels]
        self.districts = [label[2] for label in labels]
        self.profiles = [label[3] for label in labels]
        self.margins = len(labels)
        first = {
            split: self.kinds.searchsorted(SPLITS.index(split))
            for split in ("type", "tag", "district", "profile", "stage", "age", "pool", "programme", "payer")
        }
        self._first = {split: int(index) for split, index in first.items()}
        # The last entry is code -1: a row without a type belongs to no margin of a type.
        self.margin_of_type = np.full(len(record.types) + 1, -1, dtype=np.intp)
        self.margin_of_type[special] = self._first["type"] + np.arange(len(special))
        self.margin_of_type[stages] = self._first["stage"] + np.arange(len(stages))
        self.margin_of_type[programmes] = self._first["programme"] + np.arange(len(programmes))
        self.margin_of_type[pools] = self._first["pool"] + np.arange(len(pools))
        of_money = range(self._first["payer"], self.margins)
        self.margin_of_money = {self.place_types[m]: m for m in of_money}
        self.margin_of_tag = self._first["tag"] + np.arange(len(tags))
        self.tagged = np.zeros((len(record.types) + 1, len(tags)), dtype=np.bool_)
        for i, own in enumerate(record.tags):
            self.tagged[i] = [self.special[i] and tag in own for tag in tags]

    def mask(self, splits: tuple[Split, ...]) -> Bools:
        """True for the margins of these splits."""
        return np.isin(self.kinds, [SPLITS.index(split) for split in splits])

    def spread(self, rows: Rows) -> Spread:
        """Repeat rows for every margin to which they belong."""
        everyone = np.arange(len(rows.type))
        of_type = self.margin_of_type[rows.type]
        typed = np.flatnonzero(of_type >= 0)
        tag_row, tag = np.nonzero(self.tagged[rows.type])
        lives = np.flatnonzero(rows.district >= 0)
        needs = np.flatnonzero(rows.profile >= 0)
        aged = np.arange(0) if rows.age is None else np.flatnonzero(rows.age >= 0)
        row = np.concatenate((everyone, typed, tag_row, lives, needs, aged))
        margin = np.concatenate(
            (
                np.zeros(len(everyone), dtype=np.intp),
                of_type[typed],
                tag + self._first["tag"],
                rows.district[lives] + self._first["district"],
                rows.profile[needs] + self._first["profile"],
                aged if rows.age is None else rows.age[aged] + self._first["age"],
            )
        )
        return Spread(row, margin, rows, self.margins)

    def blank(self) -> Floats:
        """A table of margins x years that says nothing yet (NaN)."""
        return np.full((self.margins, self.years), np.nan)

    @cached_property
    def kind(self) -> Ints:
        """Kind of each visit."""
        return self.record.visits["kind"].astype(np.intp)

    def rows(self, visit: Ints, type_: Ints | None = None) -> Rows:
        """Codes of some visits; `type_` replaces their own type."""
        record, visits = self.record, self.record.visits
        pupil = visits["pupil"][visit].astype(np.intp)
        district = record.pupils["district"][pupil].astype(np.intp)
        profile = visits["profile"][visit].astype(np.intp)
        # A region without districts or profiles has no margin for the one code that its children may carry.
        return Rows(
            pupil,
            visits["type"][visit].astype(np.intp) if type_ is None else type_,
            np.where(district < len(record.districts), district, -1),
            np.where(profile < len(record.profiles), profile, -1),
            self._age_group[visit],
        )

    @cached_property
    def _age_group(self) -> Ints:
        """Age group of the child when each visit began (it was listed, or it was placed without a list)."""
        visits = self.record.visits
        began = np.where(np.isnan(visits["listed"]), visits["placed"], visits["listed"])
        age = (began - self.record.pupils["birth"][visits["pupil"]]) / DAYS_PER_YEAR
        lows = np.array([low for low, _ in AGE_GROUPS])
        known = ~np.isnan(age) & (age >= 0) & (age < AGE_GROUPS[-1][1] + 1)
        return np.where(known, np.searchsorted(lows, np.nan_to_num(age), side="right") - 1, -1).astype(
            np.intp
        )

    def offered(self, pupil: Ints, place: Ints) -> Rows:
        """Codes of offers: the type is that of the school, the profile that of the child's first signal."""
        record = self.record
        types = {name: code for code, name in enumerate(record.types)}
        of_place = np.array([types.get(p.type, -1) for p in record.places], dtype=np.intp)
        district, profile = (record.pupils[k][pupil].astype(np.intp) for k in ("district", "profile"))
        return Rows(
            pupil,
            of_place[place],
            np.where(district < len(record.districts), district, -1),
            np.where(profile < len(record.profiles), profile, -1),
        )

    def day(self, column: str, visit: Ints) -> Floats:
        """A column of days of some visits; NaN is "not (yet)"."""
        return self.record.visits[column][visit].astype(np.float64)

    def of_kind(self, kind: Kind, role: Bools | None = None) -> Ints:
        """Visits of one kind, in places of one role (type codes) if given."""
        keep = self.kind == kind
        if role is not None:
            keep &= np.append(role, False)[self.record.visits["type"]]
        return np.flatnonzero(keep)

    @cached_property
    def stays(self) -> Stays:
        """All stays in places of special types."""
        visit = self.of_kind(Kind.STAY, self.special)
        visit = visit[~np.isnan(self.day("placed", visit))]
        visits = self.record.visits
        return Stays(
            self.rows(visit),
            self.day("placed", visit),
            never(self.day("left", visit)),
            visits["why"][visit].astype(np.intp),
            visits["cell"][visit].astype(np.intp),
            visit,
        )

    @cached_property
    def stay_spread(self) -> Spread:
        """`stays`, repeated for every margin."""
        return self.spread(self.stays.rows)

    @cached_property
    def pupil_days(self) -> Floats:
        """Pupil-days in special education (margins x years)."""
        return self.stay_spread.days(self.stays.placed, self.stays.left, self.edges)

    @cached_property
    def waits(self) -> Waits:
        """All waits for a seat of a special type that have a day of listing."""
        visit = np.concatenate((self.of_kind(Kind.WAIT, self.special), self.of_kind(Kind.STAY, self.special)))
        visit = visit[~np.isnan(self.day("listed", visit))]
        listed, placed = self.day("listed", visit), self.day("placed", visit)
        end = never(np.where(self.kind[visit] == Kind.STAY, placed, self.day("left", visit)))
        # A start that is not within the horizon ("not yet") was agreed for a later day.
        return Waits(self.rows(visit), listed, never(self.day("ready", visit)), end, ~np.isnan(placed), visit)

    @cached_property
    def wait_spread(self) -> Spread:
        """`waits`, repeated for every margin."""
        return self.spread(self.waits.rows)

    @cached_property
    def waiting(self) -> Spans:
        """Children who wait without an agreed start, each once per margin."""
        return self.wait_spread.children(self.waits.free, self.waits.end)

    @cached_property
    def requests(self) -> Ints:
        """Visits that are a request for a decision (without meetings before it and agreements on money after it)."""
        return self.of_kind(Kind.DECISION, self.deciding)

    @cached_property
    def renewals(self) -> Bools:
        """True for each request for the type in which the child has a seat on the day of the decision."""
        asked = self.requests
        moment = never(self.day("left", asked))
        # An open request is judged by the day on which it was made.
        moment = np.where(np.isinf(moment), self.day("listed", asked), moment)
        seat = last_before(self.stays.rows.pupil, self.stays.placed, self.rows(asked).pupil, moment)
        found = seat >= 0
        if not len(self.stays.placed):
            return found
        destination = self.record.visits["destination"][asked]
        renewed: Bools = (
            found & (self.stays.left[seat] > moment) & (self.stays.rows.type[seat] == destination)
        )
        return renewed


def never(day: Floats) -> Floats:
    """Days with "not (yet)" (NaN) as infinity."""
    return np.where(np.isnan(day), np.inf, day)


def last_before(pupil: Ints, day: Floats, who: Ints, when: Floats) -> Ints:
    """Row with the latest `day` <= `when` of the same pupil; -1 for none."""
    order, key = _sorted_days(pupil, day)
    found = np.searchsorted(key, sortable(who, when), side="right") - 1
    return _own(np.append(order, -1)[found], pupil, who)


def first_after(pupil: Ints, day: Floats, who: Ints, when: Floats) -> Floats:
    """Earliest `day` >= `when` of the same pupil; infinity for none."""
    order, key = _sorted_days(pupil, day)
    found = np.searchsorted(key, sortable(who, when), side="left")
    row = _own(np.append(order, -1)[found], pupil, who)
    return np.where(row >= 0, np.append(day, np.inf)[row], np.inf)


def _sorted_days(pupil: Ints, day: Floats) -> tuple[Ints, Floats]:
    key = sortable(pupil, day)
    order = np.argsort(key, kind="stable")
    return order, key[order]


def _own(row: Ints, pupil: Ints, who: Ints) -> Ints:
    return np.where((row >= 0) & (np.append(pupil, -1)[row] == who), row, -1)


def ratio(above: Floats, below: Floats) -> Floats:
    """`above` / `below`, NaN where there is nothing below."""
    out = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out
