"""Which fact the replay holds against which count, which facts set a number of the region, and which it does not have.

One table each. The status of a line follows from them: `fitted` when the fact, or part of it, set a number of the region
(`FITTED` says which); else `checked`; and `finding` when it is off, with the reason (`WHY`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.data.facts import Fact, Facts

SINCE = date(2023, 8, 1)  # every fact that held or was published after this day is listed
ASKED = (
    "national.stay.",
    "national.entry_age.",
    "national.leavers.",
    "national.leaving_",
)  # these of whatever date
NEAR, BAND = "mean within 10 % of the fact, or inside its bounds", "fact inside P10 to P90"
SHOWN = "beside"  # a later date than that of the fact: shown, not judged

STAYS, AGES = "Mean stays", "Ages"
LEAVERS, MOVES = "Destinations of leavers", "Moves between types, a year"
ENTRIES = "Entries and leavers, a year"
HOME = "Long absentees, school year 2023-24"
LISTS, SITE = "Waiting lists", "Olivijn, 27 March 2024"
COUNTS = "Counts of 2023-24, kept on 1 October 2023"


@dataclass(frozen=True)
class Measure:
    """A count of the runs beside one fact, or beside a sum of facts.

    Attributes:
        case, what: Heading and row in words.
        key: Name of the count (`proof.replay_counts`).
        series: The facts; more than one are added up.
        when: Their period; empty = the only one that there is.
        why: Name of the reason, for a fact from which the model is known to differ.
        rule: `NEAR`, `BAND` or `SHOWN`.
    """

    case: str
    what: str
    key: str
    series: tuple[str, ...]
    when: str = ""
    why: str = ""
    rule: str = NEAR

    def facts(self, facts: Facts) -> list[Fact]:
        """The facts of this measure."""
        return [facts.one(name, self.when or None) for name in self.series]


def _m(
    case: str, what: str, key: str, series: str, when: str = "", why: str = "", rule: str = NEAR
) -> Measure:
    return Measure(case, what, key, tuple(series.split(" + ")), when, why, rule)


EXACT, WHOLE = "exact age on the day of entry", "whole years on the next 1 October"
MEASURES: tuple[Measure, ...] = (
    _m(STAYS, "SBO, years", "stay|sbo", "national.stay.sbo"),
    _m(STAYS, "SO with cluster 2, years", "stay|all so", "national.stay.so", why="so"),
    _m(STAYS, "VSO, years", "stay|vso", "national.stay.vso", why="vso"),
    _m(STAYS, "PrO, years", "stay|pro", "national.stay.pro"),
    _m(AGES, f"entry to SBO, {EXACT}", "exact age at entry|sbo", "national.entry_age.sbo", "2021"),
    _m(AGES, f"entry to SBO, {WHOLE}", "age on 1 October at entry|sbo", "national.entry_age.sbo", "2021"),
    _m(AGES, f"entry to SO with cluster 2, {EXACT}", "exact age at entry|all so", "national.entry_age.so", "2021"),
    _m(AGES, f"entry to SO with cluster 2, {WHOLE}", "age on 1 October at entry|all so", "national.entry_age.so", "2021"),
    _m(AGES, "leaving VSO", "age at leaving|vso", "national.leaving_age.vso"),
    _m(LEAVERS, "regular primary: to VSO", "of primary|vso", "national.leavers.bo.vso"),
    _m(LEAVERS, "regular primary: to PrO", "of primary|pro", "national.leavers.bo.pro", why="pro"),
    _m(LEAVERS, "SBO, end of primary: to VSO", "end of primary|sbo|vso", "national.leavers.sbo.vso"),
    _m(LEAVERS, "SBO, end of primary: to PrO", "end of primary|sbo|pro", "national.leavers.sbo.pro"),
    _m(LEAVERS, "SBO, end of primary: to regular secondary (vmbo and the rest)", "end of primary|sbo|vo",
       "national.leavers.sbo.vmbo + national.leavers.sbo.other"),
    _m(LEAVERS, "SO, end of primary: to VSO", "end of primary|so|vso", "national.leavers.so.vso"),
    _m(LEAVERS, "SO, end of primary: to PrO", "end of primary|so|pro", "national.leavers.so.pro"),
    _m(LEAVERS, "SO, end of primary: to regular secondary", "end of primary|so|vo", "national.leavers.so.vo"),
    _m(LEAVERS, "PrO, of all leavers: to VSO", "of all leavers|pro|vso", "national.leavers.pro.vso", why="pro-vso"),
    _m(LEAVERS, "VSO: share of the stock that leaves in a year", "leaving share|vso", "national.leaving_share.vso",
       why="vso"),
    _m(LEAVERS, "PrO: share of the stock that leaves in a year", "leaving share|pro", "national.leaving_share.pro"),
    _m(MOVES, "SBO to SO", "crosses|sbo|so", "national.cross.sbo.so", why="steps"),
    _m(MOVES, "SO to SBO", "crosses|so|sbo", "national.cross.so.sbo", why="steps"),
    _m(MOVES, "SBO back to regular primary", "crosses|sbo|bo", "national.cross.sbo.bo"),
    _m(MOVES, "SO back to regular primary", "crosses|so|bo", "national.cross.so.bo"),
    _m(MOVES, "VSO to regular secondary", "crosses|vso|vo", "national.cross.vso.vo", why="steps"),
    _m(MOVES, "PrO to VSO", "crosses|pro|vso", "national.cross.pro.vso"),
    _m(ENTRIES, "SBO, entries", "entries|sbo", "almere.entries.sbo"),
    _m(ENTRIES, "SO, entries", "entries|so", "almere.entries.so", why="so"),
    _m(ENTRIES, "VSO, entries", "entries|vso", "almere.entries.vso", why="vso"),
    _m(ENTRIES, "VSO, leavers", "leavers|vso", "almere.leavers.vso", why="vso"),
    _m(ENTRIES, "PrO, leavers", "leavers|pro", "almere.leavers.pro"),
    *(_m(ENTRIES, f"{name}, from {words}", f"origin|{t}|{key}", f"national.origin_share.{t}.{key}", why=why)
      for t, name in (("sbo", "SBO"), ("so", "SO"))
      for key, words, why in (("none", "no school before", "origins"), ("bo", "regular primary", "origins"),
                              ("other", "elsewhere, mainly the other type", "origins"))),
    _m(HOME, "at the start", "absent at the start", "almere.absent.start"),
    _m(HOME, "new", "absent new", "almere.absent.new"),
    _m(HOME, "ended", "absent ended", "almere.absent.ended", why="absent"),
    _m(HOME, "at the end", "absent at the end", "almere.absent.end"),
    _m(HOME, "share that ended", "absent closing", "almere.absent.closing", why="absent"),
    *(_m(LISTS, f"wait over half a year, since {words}, 1 October {year[:4]}", f"over half a year|{clock}|{year}",
         "national.list.over_six_months", why="half", rule=NEAR if year == "2023-2024" else SHOWN)
      for clock, words in (("listed", "the declaration"), ("signalled", "the first signal"))
      for year in ("2023-2024", "2024-2025", "2025-2026")),
    _m(LISTS, "children waiting, SBO, SO and VSO, 1 October 2023", "special list", "almere.list.at_national_rate",
       why="list"),
    _m(LISTS, "the same as a share of the children with a seat", "special list of stock",
       "national.list.share_of_special", why="list"),
    _m(LISTS, "special schools with a list, 1 October 2023", "schools with a list", "national.list.schools",
       why="list"),
    _m(SITE, "children waiting", "waiting|olivijn|2024-03-27", "almere.olivijn.waiting", rule=BAND, why="olivijn"),
    _m(SITE, "empty seats", "empty|olivijn|2024-03-27", "almere.olivijn.empty", rule=BAND, why="olivijn"),
    _m(SITE, "kinds of group with an empty seat", "groups with an empty seat|olivijn|2024-03-27",
       "almere.olivijn.empty_groups", rule=BAND, why="olivijn"),
    _m(SITE, "waiting as a share of the roll", "olivijn waiting share", "almere.olivijn.waiting_share", rule=BAND,
       why="olivijn"),
    *(_m(SITE, f"waiting for the {group}", f"olivijn waiting|{group}", f"almere.olivijn.waiting.{group}", rule=BAND,
         why="olivijn") for group in ("onderbouw", "midden", "boven", "zorggroep")),
    _m(COUNTS, "Olivijn, children per group", "olivijn per group", "almere.olivijn.per_group"),
    _m(COUNTS, "Olivijn, groups", "olivijn groups", "almere.olivijn.groups"),
    _m(COUNTS, "Olivijn", "october|olivijn", "almere.olivijn.roll"),
    *(_m(COUNTS, name, f"october|{name}", f"almere.stock.{name}") for name in (
        "watertuin", "bombardon", "klimop", "olivijn", "bongerd", "nautilus-so", "roozendaal", "aventurijn",
        "lierstraat", "paul-kleestraat", "radioweg", "pro-bachweg", "pro-tom-poesstraat", "pro-koningsbelt",
        "sbo", "so", "cluster2", "vso", "pro", "bo", "vo", "special", "primary")),
    _m(COUNTS, "SBO of primary", "participation|sbo", "almere.share_of_po.sbo"),
    _m(COUNTS, "SO with cluster 2 of primary", "participation|all so", "almere.share_of_po.so"),
    _m(COUNTS, "VSO of secondary", "participation|vso", "almere.share_of_vo.vso"),
    _m(COUNTS, "PrO of secondary", "participation|pro", "almere.share_of_vo.pro"),
)  # fmt: skip

# Facts that set a number of the region, by the beginning of the name of the series -> which number.
FITTED: dict[str, str] = {
    "almere.stock.": "rolls and counts at the start; eight rates are moved until the stocks stay",
    "almere.share_of_": "the counts of which it is made",
    "almere.olivijn.empty": "seats of Olivijn (178 children and 8 empty seats), and by their ratio all other seats",
    "almere.olivijn.empty_groups": "",
    "almere.olivijn.groups": "groups of Olivijn",
    "almere.olivijn.roll": "roll of Olivijn",
    "almere.olivijn.per_group": "roll and groups of Olivijn",
    "almere.absent.start": "children at home at the start",
    "almere.absent.new": "new children at home a year",
    "almere.absent.ended": "how fast children at home go back",
    "almere.absent.end": "how fast children at home go back",
    "almere.absent.closing": "how fast children at home go back",
    "almere.list.at_national_rate": "lists on 1 August 2023, 1.5 % of each roll",
    "national.list.share_of_special": "lists on 1 August 2023, 1.5 % of each roll",
    "national.list.pupils": "lists on 1 August 2023, 1.5 % of each roll",
    "national.list.over_six_months": "how long the children of the first lists have waited",
    "national.entry_age.": "ages at the first signal",
    "national.leavers.bo.vso": "rate from regular primary to VSO",
    "national.leavers.sbo.": "transition of SBO",
    "national.leavers.so.": "transition of SO",
    "national.leaving_age.vso": "shares that leave VSO, by age",
    "national.leaving_share.pro": "shares that leave PrO, by age",
    "national.stay.pro": "shares that leave PrO, by age",
    "national.cross.": "moves between types",
    "national.referral_rate.": "band of the rates from regular primary",
    "national.direct_start.": "band of the rates of a direct start",
    "almere.population.dwellings_forecast": "a judgement of the growth per district",
    "almere.shortage": "a judgement of how much staff can be hired",
}

WHY: dict[str, tuple[str, str]] = {
    "so": ("SO", "Entry at about 7, leaving at 12 to 13 and 4.3 years in between cannot all be true of a stock that "
           "stays: the national stay is stock divided by inflow of a stock that grew. The rates of SO are moved until "
           "342 children stay as many, so entries lie below the national rate and stays above it."),
    "vso": ("VSO", "28 % a year leaving, at 17.6, does not go with 601 children of these ages, nor with the children "
            "that Almere's own routes bring; the model keeps the count, so stays are longer, and fewer enter and leave."),
    "pro": ("PrO from primary", "1.5 to 2 % is remembered; 489 children stay as many only with more, or with fewer leaving."),
    "pro-vso": ("PrO to VSO", "The region takes 1.5 % of the stock a year, from memory (1 to 2 %, band 0.5 to 3); the "
                "monitor's 2.6 % of leavers is about 0.6 % of the stock. Both cannot be true."),
    "steps": ("Moves between types", "The region takes the published rates, which count moves that were made, as children "
              "for whom a move is asked: one that finds no seat, or is in its last year, does not move."),
    "origins": ("Origins", "In Almere's model fewer children enter SO for the first time than the national rate says, "
                "while as many come from SBO and from outside: so their share is larger. Those of cluster 2, of whom many "
                "start at once, stand apart here and inside the national figure."),
    "half": ("Over half a year", "The poll does not say since when a wait counts. Counted from the declaration most waits "
             "are younger in the model, because seats are given after each holiday and on 1 August; counted from the first "
             "signal, half a year of help comes first."),
    "absent": ("Children at home", "The three groups with youth help of today take children from home, and the rate at which "
               "spells end was taken from a city that has these groups: what they do counts twice, for some eight "
               "children a year."),
    "list": ("Size of the lists", "The poll's 1.5 % is of the whole country and of those whom a school calls waiting; "
             "the model counts every child with a declaration and without a seat, also one that starts after the next "
             "holiday. So each school has somebody waiting on 1 October. Olivijn alone had 17."),
    "olivijn": ("Olivijn's groups", "Who waits, by age and need, is not known and not fitted: here most are young. Groups are "
                "divided over ages each 1 August to fit who is there and who waits, so empty seats lie in fewer kinds."),
}  # fmt: skip

# Facts after 1 August 2023 that the model has no count of, by the beginning of the name of the series -> why.
NOT_IN_MODEL: dict[str, str] = {
    "national.stock.": "a count of the whole country; the series are held against the model in the part 'backtest'",
    "national.inflow.": "a count of the whole country; the series are held against the model in the part 'backtest'",
    "national.outflow.": "a count of the whole country: stock + inflow - stock",
    "national.share_of_": "a share of the whole country; Almere's own is counted",
    "national.referral_rate.": "a national rate; the part 'almere' has it beside the fitted one",
    "national.direct_start.": "a national rate; the part 'almere' has it beside the fitted one",
    "national.list.pupils": "a count of the whole country; its share of the children with a seat is counted",
    "national.list.no_date": "no child gets the date of a seat beforehand, but for 1 August",
    "national.leavers.vso.": "where children go who leave education is not followed",
    "national.leavers.pro.": "where children go who leave education is not followed",
    "national.shortage": "staff of special education only, and no share of vacancies",
    "almere.shortage": "staff of special education only, and no share of vacancies",
    "amsterdam.shortage": "another city",
    "rotterdam.": "another city; youth care is not simulated",
    "almere.absent.reports": "absence of less than four weeks is not simulated",
    "almere.absent.reported": "absence of less than four weeks is not simulated",
    "almere.stock.opdc": "OPDC pupils stand in the counts of their secondary schools",
    "almere.stock.taalcentrum": "counted with regular secondary education",
    "almere.stock.international": "counted with regular secondary education",
    "almere.population.": "children of regular schools are counts that grow per district, not inhabitants or dwellings",
    "almere.youth_care.": "youth care is not simulated",
    "almere.transport.": "no money yet",
    "national.transport.": "no money yet",
    "national.money.": "no money yet",
    "national.group_size.": "from memory; class sizes of the region come from its own groups and rolls",
}


def of(table: dict[str, str], series: str) -> str:
    """The entry of a table whose name is the longest beginning of the name of a series; empty without one."""
    names = [name for name in table if series.startswith(name)]
    return table[max(names, key=len)] if names else ""


def asked(facts: Facts) -> list[Fact]:
    """Facts that held or were published after `SINCE`, and the newest on stays, ages and leavers; in the order of files."""
    newest = {
        name: max(x.when for x in facts.rows if x.series == name)
        for name in facts.names()
        if name.startswith(ASKED)
    }
    return [
        x
        for x in facts.rows
        if newest.get(x.series) == x.when or (x.last_day is not None and x.last_day > SINCE)
    ]


def unmeasured(facts: Facts) -> list[Fact]:
    """Of these facts, those that no measure is held against."""
    held = {(x.series, x.when) for m in MEASURES for x in m.facts(facts)}
    return [x for x in asked(facts) if (x.series, x.when) not in held]
