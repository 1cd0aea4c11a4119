"""Almere against what was counted and published, and where the numbers do not add up.

Fifty replications with central values, on a seed that was not used in fitting. Seats and waiting lists are **not** fitted to
any published waiting list: they stand beside it. Every stock and list has a date, because all leave on 1 August and entry
is all year. A child waits from its declaration until it has a seat; who has a seat promised for the coming 1 August is
counted apart. Children are counted by location of the school.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from proof import almere_counts as c
from proof import almere_findings as f
from proof.lines import CROSS, Line, page
from proof.moments import RATES
from proof.pool import Map
from proof.table import Part
from sim import load
from sim.data.facts import Fact, facts_of

YEARS = 8  # reported: up to and including school year 2033-34
SWEEP = (0.95, 0.975, 1.025, 1.05, 1.1)
TYPES = ("sbo", "so", "cluster2", "vso", "pro")
CITY = "all"
RUNS, THIN_RUNS = 50, 4
MOST = 0.03  # the stocks stay within this share of the count
REPLAYED = ("2023-2024", "2024-2025", "2025-2026")

VARIANTS = ((c.STILL, f.SEATED), (c.UNLIMITED, f.FREE))

# What the fitted rates stand for, from national or Almere figures: value, and how it was made. All per year.
FACTS: dict[str, tuple[float, str]] = {
    "sources.bo-sbo.rate": (0.0043, "5,911 of 1.364 million BO pupils (OCW in cijfers 2023)"),
    "sources.start-sbo.rate": (0.0043, "1,474 of a cohort of 170,000, over two ages (OCW in cijfers 2023)"),
    "sources.bo-so.rate": (
        0.00228,
        "3,734 of 1.364 million BO pupils (OCW in cijfers 2023), less one sixth for cluster 2 (2021)",
    ),
    "sources.start-so.rate": (
        0.00407,
        "3,317 of a cohort of 170,000 over four ages (OCW in cijfers 2023), less one sixth for cluster 2",
    ),
    "sources.start-cluster2.rate": (0.00099, "one sixth of those 3,734 + 3,317, of seven cohorts of 170,000"),
    "sources.bo-pro.rate": (0.0175, "1.5 to 2 % of those who leave primary, from memory"),
    "sources.vo-vso.rate": (0.0032, "3.1 of 980 thousand VO pupils (OCW in cijfers 2013)"),
    "sources.outside-vso.flow": (float("nan"), "none published"),
}

# Published flows, stays and ages, as facts: series and, where there are more, its period.
PUBLISHED_FLOWS: dict[str, tuple[str, ...]] = {
    "entries|sbo": ("almere.entries.sbo",), "entries|so": ("almere.entries.so",),
    "entries|vso": ("almere.entries.vso",), "stay|sbo": ("national.stay.sbo",), "stay|so": ("national.stay.so",),
    "stay|vso": ("national.stay.vso",), "stay|pro": ("national.stay.pro",),
    "leaving share|vso": ("national.leaving_share.vso",), "leaving share|pro": ("national.leaving_share.pro",),
    "age at entry|sbo": ("national.entry_age.sbo", "2021"), "age at entry|so": ("national.entry_age.so", "2021"),
    "age at leaving|vso": ("national.leaving_age.vso",),
}  # fmt: skip


class Runs:
    """Counts of all replications of the variants, by name.

    Attributes:
        n: Replications per variant.
    """

    def __init__(self, spread: Map[c.Counts], n: int) -> None:
        """Run nothing yet."""
        self.n = n
        self._spread = spread
        self._found: dict[str, dict[str, np.ndarray]] = {}

    def __call__(self, variant: str, key: str) -> np.ndarray:
        """One count in each replication; NaN where a replication has none."""
        if variant not in self._found:
            years = 1 if variant in (c.STILL, c.UNLIMITED) else YEARS
            rows = self._spread(c.replicate, [(variant, years, r) for r in range(self.n)])
            columns: dict[str, np.ndarray] = defaultdict(lambda: np.full(self.n, np.nan))
            for i, row in enumerate(rows):
                for name, value in row.items():
                    columns[name][i] = value
            self._found[variant] = dict(columns)
        return self._found[variant][key]


def checks(full: bool, spread: Map[c.Counts]) -> Iterator[Line]:
    """All lines, section by section."""
    runs = Runs(spread, RUNS if full else THIN_RUNS)
    for section in (
        _warm_start, _still, _rates, _flows, _growth, _olivijn, _lists, _seats, _signs, _at_home, _sound,
    ):  # fmt: skip
        yield from section(runs)


@cache
def _rolls() -> dict[str, float]:
    return {k: sum(q.value for q in p.roll.values()) for k, p in load("baseline").region.places.items()}


def _counted(type_id: str) -> float:
    places = load("baseline").region.places
    return sum(n for k, n in _rolls().items() if places[k].type == type_id)


def _line(
    case: str,
    what: str,
    values: np.ndarray,
    expected: float = float("nan"),
    rule: str = "beside",
    holds: bool = True,
    beside: str = "",
    unit: str = "",
) -> Line:
    """A line about one count: mean over replications, the middle 80 % of them (not of yes or no), standard error."""
    x = values[~np.isnan(values)]
    low, high = (float("nan"),) * 2 if values.dtype == np.bool_ else np.quantile(x, (0.1, 0.9))
    se = float(x.std(ddof=1) / np.sqrt(len(x))) if len(x) > 1 else 0.0
    return Line(case, what, expected, float(x.mean()), se, len(x), rule, holds, low, high, beside, unit)


def _warm_start(runs: Runs) -> Iterator[Line]:
    for school, roll in _rolls().items():
        found = runs(c.AS_IT_IS, f"day 0|{school}")
        worst = float(np.abs(found - roll).max())
        yield _line(
            "Warm start",
            f"children on day 0, {school}",
            found,
            roll,
            "each run within 1",
            worst <= 1,
            "DUO 2023-24",
        )


def _still(runs: Runs) -> Iterator[Line]:
    """With growth and trend off: the stock of 2023-24 stays; with unlimited seats no full school hides a wrong inflow."""
    for variant, seats in VARIANTS:
        for name in TYPES:
            for year in ("2024-2025", "2025-2026", "2026-2027"):
                off = runs(variant, f"K17.children_oct|{name}|{year}") / _counted(name) - 1.0
                must = variant == c.STILL
                rule = f"mean within {MOST:.0%} of the count" if must else "beside"
                holds = not must or abs(float(off.mean())) <= MOST
                yield _line(
                    f.STOCKS[seats],
                    f"{name}{CROSS}1 October {year[:4]}",
                    off,
                    0.0,
                    rule,
                    holds,
                    unit="change",
                )


def _rates(_: Runs) -> Iterator[Line]:
    """The fitted rates beside what was published and their band. None may leave its band."""
    quantities = load("baseline").quantities()
    for name in RATES:
        q = quantities[f"region.{name}"]
        assert q.range is not None
        fact, source = FACTS[name]
        inside = q.range[0] <= q.value <= q.range[1]
        low, high = q.range
        what = f"{name} ({q.unit})"
        yield Line(f.RATES, what, fact, q.value, 0.0, 0, "inside its band", inside, low, high, source)


def _published(fact: Fact) -> tuple[float, str]:
    """Value of a fact, a percentage as a share, and its source."""
    return fact.value / (100.0 if fact.unit.startswith("%") else 1.0), f"{fact.source}, {fact.when}"


def _flows(runs: Runs) -> Iterator[Line]:
    """Entries a year and where they come from, stays and ages, 2023-26, growth and trend off."""
    facts = facts_of("almere")
    beside = {key: _published(facts.one(*fact)) for key, fact in PUBLISHED_FLOWS.items()} | {
        "from|vso|so": (74.0, "46 % of 160 (national, 2013)"),
        "from|vso|vo": (48.0, "30 % of 160 (national, 2013)"),
        "from|vso|bo": (11.0, "7 % of 160 (national, 2013)"),
        "from|vso|sbo": (8.0, "5 % of 160 (national, 2013)"),
    }
    words = {
        "entries": "entries a year", "requests": "children listed a year", "stay": "mean stay (stock / entries), years",
        "leaving share": "share that leaves the type in a year", "age at entry": "mean age at entry",
        "age at leaving": "mean age at leaving the type",
    }  # fmt: skip
    origins = ("bo", "vo", "sbo", "so", "cluster2", "pro", "outside", "list of 2023")
    for variant, seats in VARIANTS:
        case = f.FLOWS[seats]
        for name in TYPES:
            for key, text in words.items():
                fact, source = beside.get(f"{key}|{name}", (float("nan"), ""))
                unit = "share" if key == "leaving share" else ""
                yield _line(
                    case, f"{name}: {text}", runs(variant, f"{key}|{name}"), fact, beside=source, unit=unit
                )
            for origin in origins:
                try:
                    found = np.nan_to_num(runs(variant, f"from|{name}|{origin}"))
                except KeyError:
                    continue
                fact, source = beside.get(f"from|{name}|{origin}", (float("nan"), ""))
                yield _line(case, f"{name}: entries a year from {origin}", found, fact, beside=source)


def _growth(runs: Runs) -> Iterator[Line]:
    """With growth and trend: where stocks and lists go. Published for 2023-24: nothing later is known here."""
    dates = (
        ("1 February 2026", "feb", "2025-2026"), ("1 October 2026", "oct", "2026-2027"),
        ("1 February 2033", "feb", "2032-2033"), ("1 October 2033", "oct", "2033-2034"),
    )  # fmt: skip
    for variant, case in ((c.AS_IT_IS, "Carrying on"), (c.DRAWN, f"Carrying on{f.DRAWN}")):
        for name in (*TYPES, CITY):
            for label, month, year in dates:
                seated = runs(variant, f"K17.children_{month}|{name}|{year}")
                waiting = runs(variant, f"K02.{month}|{name}|{year}")
                yield _line(f"{case}: children with a seat", f"{name}{CROSS}{label}", seated)
                yield _line(f"{case}: children waiting", f"{name}{CROSS}{label}", waiting)


def _olivijn(runs: Runs) -> Iterator[Line]:
    """Olivijn on the day on which it published its list, and empty seats beside waiting children everywhere."""
    site = "olivijn.almere-speciaal.nl, 27-03-2024"
    published = {
        "waiting": (17.0, "children waiting, no start agreed", site),
        "agreed": (float("nan"), "children with a start agreed for 1 August", ""),
        "empty": (8.0, "empty seats", site),
        "groups with an empty seat": (4.0, "kinds of group with an empty seat", f"{site}: groups"),
    }
    both = f"both|olivijn|{c.OLIVIJN_DAY}"
    for variant, case in ((c.AS_IT_IS, f.OLIVIJN), (c.DRAWN, f"{f.OLIVIJN}{f.DRAWN}")):
        for key, (fact, text, source) in published.items():
            yield _line(case, text, runs(variant, f"{key}|olivijn|{c.OLIVIJN_DAY}"), fact, beside=source)
        yield _together(case, "runs with empty seats and waiting children at once", runs(variant, both))
    for year in ("2023-2024", "2024-2025", "2025-2026", "2026-2027", "2033-2034"):
        what = f"runs in which Olivijn has both on 1 October {year[:4]}"
        yield _together(f.TOGETHER, what, runs(c.AS_IT_IS, f"both|olivijn|oct {year}"))
    for name in (*TYPES, CITY):
        found = runs(c.AS_IT_IS, f"K22.empty_while_waiting_oct|{name}|2026-2027")
        yield _line(f.TOGETHER, f"empty seats while children of the type wait, 1 October 2026, {name}", found)


def _together(case: str, what: str, both: np.ndarray) -> Line:
    return _line(case, what, both > 0.5, 1.0, "more than half", bool(both.mean() > 0.5), unit="share")


def _lists(runs: Runs) -> Iterator[Line]:
    """The city's list by date and by definition beside what was published; none of it was fitted."""
    clocks = {
        "K02.oct": "from declaration, 1 October", "K02.feb": "from declaration, 1 February",
        "K02.mean": "from declaration, school-year mean", "K02.agreed_feb": "start agreed for 1 August, 1 February",
        "K02.from_signal_oct": "from first signal to seat or help, 1 October",
    }  # fmt: skip
    for variant, case in ((c.AS_IT_IS, f.LISTS), (c.DRAWN, f"{f.LISTS}{f.DRAWN}")):
        for key, text in clocks.items():
            for year in REPLAYED:
                yield _line(
                    case, f"{text}{CROSS}{year[:4]}-{year[7:]}", runs(variant, f"{key}|{CITY}|{year}")
                )
    poll = "national poll, Oberon, October 2023"
    first = runs(c.AS_IT_IS, f"K02.oct|{CITY}|2023-2024")
    rate = f"{poll}: 1.5 % of SBO, SO and VSO; a judgement says up to 60"
    yield _line(f.PUBLISHED, "city list, 1 October 2023", first, 24.0, beside=rate)
    for clock, text in (("listed", "declaration"), ("signalled", "first signal")):
        for year in REPLAYED:
            found = runs(c.AS_IT_IS, f"over half a year|{clock}|{year}")
            half = 0.5 if year == REPLAYED[0] else float("nan")
            what = f"of those waiting: over half a year since {text}, 1 October {year[:4]}"
            yield _line(
                f.PUBLISHED,
                what,
                found,
                half,
                beside=f"{poll}: about half" if half == 0.5 else "",
                unit="share",
            )
    for variant, seats in VARIANTS:
        for month, label in ((8, "2 August"), (10, "2 October"), (2, "2 February"), (7, "2 July")):
            yield _line(
                f.DATES,
                f"city list, {seats}{CROSS}{label} 2025",
                runs(variant, f"list on the 2nd of month|{month}"),
            )
    for variant, seats in VARIANTS:
        for name in TYPES:
            swing = runs(variant, f"highest stock|{name}") / runs(variant, f"lowest stock|{name}") - 1.0
            yield _line(f.SWING, f"{name}{CROSS}{seats}", swing, unit="change")


def _seats(runs: Runs) -> Iterator[Line]:
    """Default seats outside Olivijn are an assumption: what five per cent more or fewer does."""
    rows = [(f"seats {x - 1:+.1%}", f"seats x {x}") for x in SWEEP]
    rows.insert(2, (f.AS_THEY_ARE, c.AS_IT_IS))
    rows.append((f.UNDIVIDED, c.UNDIVIDED))
    measures = {
        "K02.oct": "city list, 1 October",
        "K02.feb": "city list, 1 February",
        "K12.total": "missed school weeks",
    }
    for key, text in measures.items():
        for label, variant in rows:
            for year in ("2023-2024", "2026-2027", "2033-2034"):
                found = runs(variant, f"{key}|{CITY}|{year}")
                yield _line(f"{f.SEATS}: {text}", f"{label}{CROSS}{year[:4]}-{year[7:]}", found)


def _signs(runs: Runs) -> Iterator[Line]:
    """Five per cent more seats against today's, the same children: how often the list is longer all the same."""
    for name in (*TYPES, CITY):
        for key in ("K02.oct", "K02.mean", *(("K10.no_place", "K12.total") if name == CITY else ())):
            for year in ("2026-2027", "2033-2034"):
                change = runs("seats x 1.05", f"{key}|{name}|{year}") - runs(
                    c.AS_IT_IS, f"{key}|{name}|{year}"
                )
                for what, hit in (("higher", change > 0), ("equal", change == 0)):
                    yield _line(
                        f.SIGNS,
                        f"{name}, {key}{CROSS}{what}, {year[:4]}-{year[7:]}",
                        hit,
                        unit="share",
                    )


def _at_home(runs: Runs) -> Iterator[Line]:
    """Children at home for over four weeks in 2023-24, as Almere counts them."""
    source = "samenvatting jaarverslag leerplicht, Almere 2023-24"
    found = {k: runs(c.AS_IT_IS, f"absent {k}") for k in ("at the start", "new", "ended", "at the end")}
    for (key, values), fact in zip(found.items(), (62.0, 77.0, 52.0, 87.0), strict=True):
        yield _line(f.HOME, f"at home over four weeks, {key}", values, fact, beside=source)
    share = found["ended"] / (found["at the start"] + found["new"])
    yield _line(f.HOME, "share that ended (52 of 62 + 77)", share, 52 / 139, beside=source, unit="share")
    lacking = runs(c.AS_IT_IS, "absent at the start without a place")
    yield _line(
        f.HOME, "at the start, without a place", lacking, 0.3 * 62, beside="30 % [10-60] of 62, an assumption"
    )


def _sound(runs: Runs) -> Iterator[Line]:
    """Nobody lost, no seat given twice, Little's law, on every run above; and few kernel events per child."""
    for variant in (c.AS_IT_IS, c.DRAWN, c.STILL, c.UNLIMITED):
        broken = runs(variant, "broken")
        what = f"violations of conservation, of seats and of Little's law, {variant}"
        yield _line("Sound", what, broken, 0.0, "none", broken.max() == 0)
    events = runs(c.AS_IT_IS, "events per child")
    yield _line("Sound", "kernel events per simulated child", events, 3.0, "at most 3", events.max() <= 3)


def _page(part: Part, lines: Sequence[Line]) -> str:
    return page(part, lines, f.findings(lines))


PART = Part(
    "almere",
    "Almere beside what was counted and published",
    __doc__ or "",
    reads={
        "engine": ("sim/scenario", "sim/model", "sim/indicators", "sim/data"),
        "almere": ("scenarios/almere",),
    },
    seed=c.SEED,
    page=_page,
)
