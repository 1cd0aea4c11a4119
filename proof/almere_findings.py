"""Where Almere's numbers do not add up, in words, with the numbers of the runs; and the names of the cases."""

from __future__ import annotations

from collections.abc import Sequence

from proof.lines import CROSS, Line

SEATED, FREE = "default seats", "unlimited seats"
STOCKS = {s: f"Growth and trend off, {s}: stock on 1 October against the count" for s in (SEATED, FREE)}
FLOWS = {s: f"Flows 2023-26, growth and trend off, {s}" for s in (SEATED, FREE)}
RATES = "Fitted rates"
OLIVIJN = "Olivijn on 27-03-2024"
DRAWN = ", assumptions drawn too"
TOGETHER = "Empty seats while children wait"
LISTS = "City list by date and by definition"
PUBLISHED = "Waiting beside published numbers"
DATES = "A date belongs to every list (growth and trend off)"
SWING = "Highest over lowest stock within 2025 (growth and trend off)"
SEATS = "Other numbers of seats, all but Olivijn's"
AS_THEY_ARE, UNDIVIDED = "seats as they are", "seats as they are, groups not divided again each year"
HOME = "Children at home in 2023-24"
SIGNS = "Pairs in which five per cent more seats gives more waiting, or just as much"


# Each names the numbers that `_numbers` takes from the runs.
TEXTS = (
    "**SO.** {so_in:.0f} children a year get a seat, and {so_free:.0f} would if seats were unlimited: not"
    " 79. With entry at {so_enter:.1f} and leaving at {so_leave:.1f} a stay lasts {so_stay:.1f} years, "
    "not 4.3, which is Little's law on a growing stock. The two rates differ {bo_so:+.0%} and "
    "{start_so:+.0%} from the national ones without cluster 2.",
    "**Age at entry.** {sbo_enter:.1f} in SBO and {so_enter:.1f} in SO (exact, on the day of entry), against 7.8 and "
    "6.8 nationally, where SO holds cluster 2 and the definition of age is not said. The ages at the first signal were "
    "set for this; nobody is registered before the age of 4 here, and who comes from SBO is about 10.",
    "**SBO.** The rate from primary schools differs {bo_sbo:+.0%} from the national one, inside its band:"
    " 554 children need it.",
    "**VSO.** {vso_in:.0f} a year, not 160; {vso_so:.0f} of them from SO, not 74; {vso_vo:.0f} from "
    "regular secondary schools. {vso_outside:.0f} a year must come across the border or move in, which "
    "nobody publishes. {vso_out:.0%} leave in a year, at {vso_leave:.1f} (CBS: 28 % at 17.6, which does "
    "not go with 601 pupils).",
    "**PrO.** {pro_bo:.0f} a year from primary schools, {pro_rate:.2%} of those who leave them (1.5 to 2 "
    "% is remembered), and {pro_out:.0%} leave in a year.",
    "**Bands.** Fitted rates outside their band: {outside}. Not fitted by the script, but chosen "
    "beforehand so that stocks stay: the ages at the start, the shares that leave VSO and PrO by age, the"
    " shares of needs per source, the flow of newcomers to VSO.",
    "**A three-year fit is no steady state.** With unlimited seats the stocks are off by at most "
    "{widest:+.1%} ({widest_of}), and full schools hide it. With growth and trend the list goes on "
    "growing: {list_2026:.0f} on 1 October 2026, {list_2033:.0f} in 2033.",
    "**A date belongs to every list.** Without growth {august:.0f} on 2 August and {july:.0f} on 2 July. "
    "Also with unlimited seats {july_free:.0f} wait on 2 July, until the next start after a holiday: that"
    " is the calendar and not a shortage. SBO then swings by {swing:.0%} within a year.",
    "**Seats.** Five per cent fewer or more outside Olivijn (grade E) makes the city list of 1 October "
    "2026 {fewer:.0f} or {more:.0f} instead of {list_2026:.0f}. Not dividing groups again each year makes"
    " it {undivided:.0f}.",
    "**The list is not fitted.** On 1 October 2023 the model has {list_2023:.0f} children waiting since "
    "their declaration; the national rate gives 24, a judgement up to 60. Over half a year wait "
    "{since_listed:.0%} since the declaration and {since_signal:.0%} since the first signal; the poll "
    "says about half, and does not say since when.",
    "**Olivijn, 27 March 2024.** {o_wait:.0f} waiting and {o_empty:.1f} empty seats, against 17 and 8; "
    "with drawn assumptions {o_wait_drawn:.0f} and {o_empty_drawn:.1f}. Both at once in {o_both:.0%} of "
    "the runs.",
    "**At home.** 2023-24 starts with {home:.0f} children at home for over four weeks (62, to which it was set but for "
    "those without a place: {home_no_place:.0f} come out of the lists, which are shortest on 1 August; 30 % [10-60] of "
    "62 is assumed). It ends with {home_end:.0f} (87); {home_ended:.0%} ended (37 %).",
    "**Signs.** With five per cent more seats the city list is longer in {sign_city:.0%} of the pairs, and "
    "the list of one type in at most {sign_type:.0%} ({sign_of}): where a type is not full, one child's step "
    "changes another's wait.",
)


def findings(lines: Sequence[Line]) -> list[str]:
    """The findings with the numbers of these lines, in the order of the field's own list of them."""
    numbers = _numbers({(x.case, x.what): x.found for x in lines})
    rates = {x.what.split()[0]: x for x in lines if x.case == RATES}
    for name in ("bo_sbo", "bo_so", "start_so"):
        rate = rates[f"sources.{name.replace('_', '-')}.rate"]
        numbers[name] = rate.found / rate.expected - 1.0
    numbers["pro_rate"] = rates["sources.bo-pro.rate"].found
    signs = [x for x in lines if x.case == SIGNS and "K02" in x.what and "higher" in x.what]
    wrong = max(signs, key=lambda x: x.found)
    widest = max((x for x in lines if x.case == STOCKS[FREE]), key=lambda x: abs(x.found))
    texts = {
        "outside": ", ".join(name for name, x in rates.items() if not x.holds) or "none",
        "widest_of": widest.what.replace(CROSS, ", "),
        "sign_of": wrong.what.split(",")[0],
    }
    numbers |= {"widest": widest.found, "sign_type": wrong.found}
    return [text.format(**numbers, **texts) for text in TEXTS]


def _numbers(found: dict[tuple[str, str], float]) -> dict[str, float]:
    flows = FLOWS[SEATED]
    lists = f"{SEATS}: city list, 1 October"
    waiting, empty = "children waiting, no start agreed", "empty seats"
    since = "of those waiting: over half a year since {}, 1 October 2023"
    lines = {
        "so_in": (flows, "so: entries a year"), "so_free": (FLOWS[FREE], "so: entries a year"),
        "so_enter": (flows, "so: mean age at entry"), "so_leave": (flows, "so: mean age at leaving the type"),
        "so_stay": (flows, "so: mean stay (stock / entries), years"), "sbo_enter": (flows, "sbo: mean age at entry"),
        "vso_in": (flows, "vso: entries a year"), "vso_so": (flows, "vso: entries a year from so"),
        "vso_vo": (flows, "vso: entries a year from vo"), "vso_outside": (flows, "vso: entries a year from outside"),
        "vso_out": (flows, "vso: share that leaves the type in a year"),
        "vso_leave": (flows, "vso: mean age at leaving the type"), "pro_bo": (flows, "pro: entries a year from bo"),
        "pro_out": (flows, "pro: share that leaves the type in a year"),
        "list_2026": (lists, f"{AS_THEY_ARE}{CROSS}2026-27"), "list_2033": (lists, f"{AS_THEY_ARE}{CROSS}2033-34"),
        "fewer": (lists, f"seats -5.0%{CROSS}2026-27"), "more": (lists, f"seats +5.0%{CROSS}2026-27"),
        "undivided": (lists, f"{UNDIVIDED}{CROSS}2026-27"),
        "august": (DATES, f"city list, {SEATED}{CROSS}2 August 2025"),
        "july": (DATES, f"city list, {SEATED}{CROSS}2 July 2025"),
        "july_free": (DATES, f"city list, {FREE}{CROSS}2 July 2025"), "swing": (SWING, f"sbo{CROSS}{FREE}"),
        "list_2023": (PUBLISHED, "city list, 1 October 2023"),
        "since_listed": (PUBLISHED, since.format("declaration")),
        "since_signal": (PUBLISHED, since.format("first signal")),
        "o_wait": (OLIVIJN, waiting), "o_empty": (OLIVIJN, empty), "o_wait_drawn": (OLIVIJN + DRAWN, waiting),
        "o_empty_drawn": (OLIVIJN + DRAWN, empty),
        "o_both": (OLIVIJN, "runs with empty seats and waiting children at once"),
        "home": (HOME, "at home over four weeks, at the start"), "home_no_place": (HOME, "at the start, without a place"),
        "home_end": (HOME, "at home over four weeks, at the end"),
        "home_ended": (HOME, "share that ended (52 of 62 + 77)"),
        "sign_city": (SIGNS, f"all, K02.oct{CROSS}higher, 2026-27"),
    }  # fmt: skip
    return {name: found[line] for name, line in lines.items()}
