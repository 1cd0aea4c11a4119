"""A small but complete region on disk, for tests that read files; they replace its texts to make mistakes."""

from __future__ import annotations

from pathlib import Path

REGION = """\
schema: 1
kind: region
id: littletown
title: {nl: Kleinstad, en: Little town}
start: 2023-08-01
replay_years: 1
years: 5
calendar: school_year
districts:
  north: {title: {nl: Noord, en: North}}
  south: {title: {nl: Zuid, en: South}}
profiles:
  calm: {title: {nl: Rustig, en: Calm}}
  busy: {title: {nl: Druk, en: Busy}}
regular:
  primary:
    title: {nl: Basisonderwijs, en: Primary}
    ages: [4, 12]
    count:
      north: {value: 900, unit: children, range: [880, 920], grade: A, source: Register, date: '2023-10-01'}
      south: 600
    support: {slots: 20, months: 4, resolves: 0.2, staff: {team: 0.05}}
place_types:
  light:
    title: {nl: Licht, en: Light}
    tags: [special]
    decision: panel
    bands: [[4, 7], [8, 13]]
    class_size: 14
    staff: {team: 1.5}
    included_in: primary
    review:
      back: 0.03
      back_to: primary
      again: 0.1
      moves:
        heavy: {rate: 0.02, kind: step_up, profiles: {calm: 0.5, busy: 0.5}}
    transition:
      ages: {12: 0.9, 13: 1}
      to: {heavy: 0.25, gone: 0.75}
    list:
      placement: moments
      moments: ['08-01', '02-01']
      patience: 0.1
  heavy:
    title: {nl: Zwaar, en: Heavy}
    class_size: 8
    leave: {18: 0.5, 19: 1}
places:
  birch:
    title: {nl: De Berk, en: Birch}
    type: light
    district: north
    groups: {calm: 3, busy: 2}
    roll:
      calm: {value: 40, unit: children, range: [38, 42], grade: A, source: Register, date: '2023-10-01'}
      busy: 25
  oak:
    title: {nl: De Eik, en: Oak}
    type: light
    district: south
    groups: {calm: 2}
  pine:
    title: {nl: De Den, en: Pine}
    type: heavy
    groups: {busy: 3}
sources:
  young:
    title: {nl: Jonge kinderen, en: Young children}
    of: primary
    to: light
    rate: {value: 0.01, unit: per child per year, range: [0.005, 0.02], grade: E, source: guess, date: '2024'}
    ages: {4: 1, 5: 1, 6: 1}
    profiles: {calm: 0.6, busy: 0.4}
    support: true
decisions:
  panel: {title: {nl: Besluit, en: Decision}, shortest: 1, usual: 3, longest: 6}
programmes:
  watch:
    title: {nl: Kijkgroep, en: Watch group}
    groups: 0
    seats: 8
    stay_weeks: 10
    serves: [young]
    unclear: 0.3
home:
  away: {title: {nl: Thuis, en: At home}, start: 5, flow: 4, closing: 1, has_place: true}
staff: {team: {title: {nl: Personeel, en: Staff}, leaving: 0.1, hire: 5}}
"""
EVIDENCE = """\
schema: 1
kind: evidence
floor: 0.3
effects:
  more-children-more-steps:
    title: {nl: Meer kinderen in een groep, en: More children in a group}
    lever: class_size
    cause: class_size
    acts_on: step_up
    types: [light]
    measure: risk_ratio
    size: {value: 1.1, unit: ratio, range: [0.9, 1.4], grade: E, source: guess, date: '2024'}
"""
BASELINE = """\
schema: 1
kind: baseline
id: baseline
region: littletown
title: {nl: Zo doorgaan, en: Carry on}
sentence: {nl: Niets verandert., en: Nothing changes.}
"""
IDEA = """\
schema: 1
kind: idea
id: bigger
region: littletown
title: {nl: Grotere klassen, en: Bigger classes}
sentence: {nl: Een kind erbij., en: One more child.}
source: {file: workshop.txt, item: Q1}
order: 2
extends: baseline
levers:
  light.class_size: {add: 1, from: 2025-08-01}
  light.groups:
    - {add: 1, from: 2025-08-01, where: {place: [birch]}}
  watch.groups: {set: 2, from: 2026-08-01, ramp: {months: 12}}
requires:
  - {of: hired, at_least: 0.8, if_unmet: {nl: Te weinig mensen., en: Too few people.}}
assumes:
  - {nl: Er zijn lokalen., en: There are rooms.}
risks:
  - {nl: Minder rust., en: Less calm.}
"""
TEXTS = {
    "region.yaml": REGION,
    "evidence.yaml": EVIDENCE,
    "baseline.yaml": BASELINE,
    "ideas/bigger.yaml": IDEA,
}


def write(root: Path, **changed: str | bytes) -> Path:
    """Write the region under `root`/scenarios/littletown and return that folder.

    Names of `changed` are those of the files without folder and suffix; other names become ideas.
    """
    folder = root / "scenarios" / "littletown"
    (folder / "ideas").mkdir(parents=True)
    texts: dict[str, str | bytes] = dict(TEXTS)
    for name, text in changed.items():
        known = next((file for file in TEXTS if Path(file).stem == name), f"ideas/{name}.yaml")
        texts[known] = text
    for file, text in texts.items():
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def line_of(text: str, part: str) -> int:
    """Number of the first line of `text` that holds `part`."""
    return next(n for n, row in enumerate(text.splitlines(), start=1) if part in row)
