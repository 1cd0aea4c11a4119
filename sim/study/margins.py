"""Words of a margin: what a row of the tables is about, as people read it."""

from __future__ import annotations

from sim.scenario.quantity import Text
from sim.scenario.region import Region

_ALL = Text(nl="alles samen", en="everything together")
_PARTS = {"pool": "staff", "payer": "payers", "organisation": "organisations", "purpose": "purposes"}
_PLAIN = (
    "districts",
    "profiles",
    "place_types",
    "regular",
    "programmes",
    "approaches",
    "home",
    "staff",
    "decisions",
    "teams",
)


def margin_title(region: Region, label: str) -> Text:
    """Name of a margin: `all`, a type, a district, `tag:...` (its types), `age:4-7`, `pool:...`, `payer:...`.

    Args:
        region: Where districts, types, pools and payers have their names.
        label: As it stands in the tables.

    Raises:
        KeyError: The region has no such pool, payer, organisation or purpose.
    """
    if label == "all":
        return _ALL
    split, _, name = label.rpartition(":")
    if split == "age":
        low, _, high = name.partition("-")
        return Text(nl=f"{low} tot en met {high} jaar", en=f"{low} to {high} years old")
    if split in _PARTS:
        titled: Text = getattr(region, _PARTS[split])[name].title
        return titled
    for part in _PLAIN:
        if not split and name in getattr(region, part):
            title: Text = getattr(region, part)[name].title
            return title
    tagged = [t.title for t in region.place_types.values() if split == "tag" and name in t.tags]
    if tagged:
        return Text(nl=" + ".join(t.nl for t in tagged), en=" + ".join(t.en for t in tagged))
    return Text(nl=name, en=name)
