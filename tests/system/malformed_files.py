"""Kinds of malformed file: what a file may hold at all, its keys, its types and its quantities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bad:
    """One mistake: which file, what replaces what, and what the message must say.

    `at` is text on the line that must be named (None = the whole file); `says` are the parts of the message.
    """

    name: str
    file: str
    old: str
    new: str
    at: str | None
    path: str
    says: tuple[str, ...]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)

IN_FILE = [
    # the file itself
    Bad("empty", "mine", "*", "", "", "", ("1: this file is empty", "Allowed: a mapping")),
    Bad("only a comment", "mine", "*", "# later\n", "# later", "", ("this file is empty",)),
    Bad(
        "a list at the top",
        "mine",
        "*",
        "- a\n- b\n",
        "- a",
        "",
        ("not a mapping", "Allowed: keys with values"),
    ),
    Bad("text at the top", "mine", "*", "hello\n", "hello", "", ("not a mapping", "Found: 'hello'")),
    Bad("tabs", "mine", "*", "levers:\n\tlight.groups: 1\n", "\tlight", "", ("tab", "Allowed: spaces")),
    Bad(
        "two documents",
        "bigger",
        "order: 2",
        "---\norder: 2",
        "---",
        "",
        ("more than one document", "Allowed: one"),
    ),
    Bad(
        "a tag",
        "bigger",
        "order: 2",
        "order: !!python/object:os.system 2",
        "order:",
        "order",
        ("YAML tag", "no tags"),
    ),
    Bad("a merge key", "bigger", "order: 2", "<<: {order: 2}", "<<", "<<", ("merge keys", "extends")),
    Bad(
        "alias bomb", "mine", "*", BOMB, "e: &e", "e[", ("grows too large", "Allowed: at most 100,000 values")
    ),
    Bad(
        "many aliases",
        "mine",
        "*",
        "a: &a 1\nb: [" + "*a, " * 300 + "1]\n",
        "b:",
        "b[200]",
        ("too many aliases", "200"),
    ),
    Bad("alias of itself", "mine", "*", "a: &a [*a]\n", "a: &a", "a[0]", ("no anchor '&a' above",)),
    Bad(
        "nested too deep",
        "mine",
        "*",
        "a: " + "[" * 200 + "]" * 200,
        "a:",
        "a[0][0]",
        ("nested too deep", "24 levels"),
    ),
    Bad("open bracket", "bigger", "order: 2", "order: [2", "extends:", "", ("this is not YAML",)),
    Bad(
        "colon in text",
        "bigger",
        "order: 2",
        "order: a: b",
        "order:",
        "",
        ("a colon stands where it cannot", "quotes"),
    ),
    Bad(
        "duplicate key",
        "bigger",
        "order: 2",
        "order: 2\norder: 3",
        "order: 3",
        "order",
        ("twice", "each key once"),
    ),
    Bad("a list as key", "bigger", "order: 2", "? [a, b]\n: 2", "? [a", "", ("a key must be one word",)),
    Bad(
        "not a number",
        "bigger",
        "order: 2",
        "order: .nan",
        "order:",
        "order",
        ("finite number", "Found: .nan"),
    ),
    Bad(
        "infinity", "bigger", "order: 2", "order: 1e999", "order:", "order", ("finite number", "Found: 1e999")
    ),
    Bad("no value", "bigger", "order: 2", "order:", "order:", "order", ("no value stands after this key",)),
    Bad(
        "bad date",
        "bigger",
        "2026-08-01",
        "2026-02-30",
        "watch.groups",
        "levers.watch.groups.from",
        ("no such date",),
    ),
    Bad(
        "a time",
        "bigger",
        "2026-08-01",
        "2026-08-01 10:00:00",
        "watch.groups",
        "levers.watch.groups.from",
        ("without a time", "Found: 2026-08-01 10:00:00"),
    ),
    Bad(
        "control character",
        "bigger",
        "order: 2",
        "order: \x07",
        "order:",
        "",
        ("control character", "U+0007"),
    ),
    # keys and types
    Bad(
        "unknown key",
        "bigger",
        "sentence:",
        "sentense:",
        "sentense:",
        "sentense",
        ("unknown key", "'sentence'"),
    ),
    Bad(
        "unknown key of a change",
        "bigger",
        "{add: 1, from: 2025-08-01}",
        "{add: 1, form: 2025-08-01}",
        "light.class_size",
        "levers.light.class_size.form",
        ("unknown key", "Did you mean 'from'?"),
    ),
    Bad(
        "missing key",
        "bigger",
        "title: {nl: Grotere klassen, en: Bigger classes}",
        "title: {nl: Grotere klassen}",
        "title:",
        "title.en",
        ("this key is missing", "Allowed: text"),
    ),
    Bad(
        "missing region",
        "bigger",
        "region: littletown\n",
        "",
        None,
        "region",
        ("this key is missing", "top of the file"),
    ),
    Bad(
        "string for a number",
        "region",
        "years: 5",
        "years: '5'",
        "years: '5'",
        "years",
        ("Found: '5'", "a whole number from 1 up to 60", "Take the quotes away."),
    ),
    Bad(
        "string for a quantity",
        "region",
        "south: 600",
        "south: '600'",
        "south: '600'",
        "regular.primary.count.south",
        ("Found: '600'", "0 to 5,000,000 (children)", "Take the quotes away."),
    ),
    Bad(
        "bool for a number",
        "region",
        "south: 600",
        "south: true",
        "south: true",
        "regular.primary.count.south",
        ("not true or false", "Found: true", "(children)"),
    ),
    Bad(
        "number for text",
        "region",
        "date: '2024'",
        "date: 2024",
        "date: 2024",
        "sources.young.rate.date",
        ("Found: 2024", "Allowed: text", "Put it in quotes."),
    ),
    Bad(
        "number instead of a date",
        "region",
        "start: 2023-08-01",
        "start: 2023",
        "start:",
        "start",
        ("Found: 2023", "a date without quotes, such as 2026-08-01"),
    ),
    Bad(
        "bad id",
        "bigger",
        "id: bigger",
        "id: Bigger Classes",
        "id:",
        "id",
        ("wrong form", "lower-case letters"),
    ),
    Bad(
        "wrong choice in a region",
        "region",
        "placement: moments",
        "placement: monthly",
        "placement:",
        "place_types.light.list.placement",
        ("Found: 'monthly'", "Allowed: at_once, moments"),
    ),
    Bad(
        "out of bounds",
        "region",
        "years: 5",
        "years: 500",
        "years: 500",
        "years",
        ("out of bounds", "up to 60"),
    ),
    Bad(
        "a range of one",
        "region",
        "range: [880, 920]",
        "range: [880]",
        "north: {value",
        "regular.primary.count.north.range",
        ("too few values", "a list of 2"),
    ),
    # quantities
    Bad(
        "wrong unit",
        "region",
        "unit: per child per year",
        "unit: percent",
        "unit: percent",
        "sources.young.rate.unit",
        ("wrong unit 'percent'", "must be in 'per child per year'"),
    ),
    Bad(
        "missing unit",
        "region",
        "value: 900, unit: children,",
        "value: 900,",
        "value: 900",
        "regular.primary.count.north",
        ("unit is missing", "children"),
    ),
    Bad(
        "quantity out of bounds",
        "region",
        "resolves: 0.2",
        "resolves: 1.2",
        "resolves:",
        "regular.primary.support.resolves",
        ("1.2 share is out of bounds", "0 to 1"),
    ),
    Bad(
        "graded without range",
        "region",
        "range: [0.005, 0.02], grade",
        "grade",
        "grade: E",
        "sources.young.rate.grade",
        ("a graded number needs a range",),
    ),
    Bad(
        "value outside its range",
        "region",
        "[880, 920]",
        "[910, 920]",
        "[910, 920]",
        "regular.primary.count.north.value",
        ("value 900 lies outside its range [910, 920]",),
    ),
    Bad(
        "no source",
        "region",
        "source: guess, date",
        "date",
        "grade: E",
        "sources.young.rate",
        ("a graded number needs source",),
    ),
    Bad(
        "effect without no effect",
        "evidence",
        "[0.9, 1.4]",
        "[1.05, 1.4]",
        "more-children",
        "effects.more-children",
        ("grade E must include 'no effect' (1)",),
    ),
]
