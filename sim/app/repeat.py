"""What repeats a screen: the YAML of each scenario that is no shipped file, and the command that runs them all.

A file made here says the same as the scenario on screen: the strict reader takes it, and its hash of meaning is equal,
so `doorstroom run` finds the same results in the same store.
"""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from sim.app.choice import Choice
from sim.app.own import Gone, is_own, read
from sim.app.resolve import base_of, resolve
from sim.app.server import Shop
from sim.scenario.levers import Change
from sim.scenario.scenario import Scenario
from sim.study.results import DRAWN
from sim.study.runs import Study

AGAINST = "tegen-"
_WIDTH = 110


@dataclass(frozen=True)
class Recipe:
    """How a scenario on screen came to be.

    Attributes:
        scenario: The scenario as it runs.
        parts: Ids of the shipped scenarios that it is built on; none = nothing shipped can be named.
        base: What those parts are together before any knob was moved; None = nothing shipped can be named.
        text: YAML of a visitor, when the scenario is just that.
    """

    scenario: Scenario
    parts: tuple[str, ...] = ()
    base: Scenario | None = None
    text: str = ""

    @property
    def is_shipped(self) -> bool:
        """A scenario that the command finds by its id."""
        return not self.text and self.base is not None and self.scenario.id == self.base.id


@dataclass(frozen=True)
class Written:
    """What repeats a screen.

    Attributes:
        command: The command, as typed in the folder in which the files lie.
        files: Name of a file -> its text, for what is no shipped scenario.
    """

    command: str
    files: Mapping[str, str]


def recipes_of(choices: Iterable[Choice], found: Shop) -> dict[str, Recipe]:
    """How the scenarios of these choices came to be, by scenario id.

    Raises:
        UnknownChoiceError, ScenarioError: As for `resolve`.
    """
    recipes = {}
    for choice in choices:
        scenario = resolve(choice, found)
        if not any(is_own(part) for part in choice.parts):
            recipe = Recipe(scenario, choice.parts or (found.baseline.id,), base_of(choice, found))
        elif len(choice.parts) == 1 and not choice.moves:
            recipe = Recipe(scenario, text=_kept(choice.parts[0]))
        else:
            recipe = Recipe(scenario)
        recipes[scenario.id] = recipe
    return recipes


def _kept(own_id: str) -> str:
    """The text of a visitor; "" when its time is over while its scenario is still on screen: it is written whole then."""
    try:
        return read(own_id)
    except Gone:
        return ""


def written(study: Study, recipes: Mapping[str, Recipe], head: Sequence[str] = ()) -> Written:
    """The command and the files that repeat a study.

    Args:
        study: What is on screen.
        recipes: Scenario id -> how it came to be; what is not named is taken for a shipped scenario.
        head: Lines of comment above each file.
    """
    files, names = {}, []
    others = study.scenarios[1:]
    for place, scenario in enumerate(study.scenarios):
        recipe = recipes.get(scenario.id) or Recipe(scenario, (scenario.id,), scenario)
        if place == 0:
            if recipe.is_shipped and scenario.kind == "baseline":
                names += [] if others else [scenario.id]
                continue
            name, text = f"{AGAINST}{_short(scenario.id)}", as_baseline(recipe)
        elif recipe.is_shipped:
            names.append(scenario.id)
            continue
        else:
            name, text = _short(scenario.id), yaml_of(recipe)
        names.append(f"{name}.yaml")
        files[names[-1]] = "".join(f"# {line}\n" for line in head) + text
    last = study.scenarios[-1]
    words = [
        "doorstroom", "run", *names, "--replications", str(study.replications), "--years", str(last.years),
        "--seed", str(study.seed), *(() if DRAWN in study.modes else ("--assumptions", "fixed")),
        "--out", f"results/{_short(last.id)}",
    ]  # fmt: skip
    return Written(shlex.join(words), files)


def yaml_of(recipe: Recipe) -> str:
    """A scenario file that says what is on screen: a visitor's own text as it was written, else one made here."""
    return recipe.text or _dumped(_content(recipe, _short(recipe.scenario.id), "own"))


def as_baseline(recipe: Recipe) -> str:
    """The same as what other scenarios are compared with: the command takes the file of this kind for it."""
    return _dumped(_content(recipe, f"{AGAINST}{_short(recipe.scenario.id)}", "baseline"))


def package(
    parts: Sequence[str], *, id_: str, region: str, title: Mapping[str, str], sentence: Mapping[str, str]
) -> str:
    """YAML of a package: ideas that are done together.

    Args:
        parts: Ids of the ideas, in their own order.
        id_: Id of the package.
        region: Region of the ideas.
        title: Language -> title.
        sentence: Language -> what it is, in a sentence.
    """
    head = {"schema": 1, "kind": "own", "id": id_, "region": region}
    built = {"combine": list(parts)} if len(parts) != 1 else {"extends": parts[0]}
    return _dumped({**head, "title": dict(title), "sentence": dict(sentence), **built})


def _content(recipe: Recipe, id_: str, kind: str) -> dict[str, Any]:
    scenario, base = recipe.scenario, recipe.base
    content: dict[str, Any] = {
        "schema": 1, "kind": kind, "id": id_, "region": scenario.region.id,
        "title": scenario.title.model_dump(), "sentence": scenario.sentence.model_dump(),
    }  # fmt: skip
    if base is None:
        return content | _whole(scenario)
    parts = [part.rpartition("/")[2] for part in recipe.parts]
    if parts and base.kind != "baseline":
        content |= {"combine": parts} if len(parts) > 1 else {"extends": parts[0]}
    moved = {path: changes for path, changes in scenario.levers.items() if base.levers.get(path) != changes}
    # An empty list takes away what the parts do with a lever.
    moved |= {path: () for path in base.levers if path not in scenario.levers}
    return content | ({"levers": _levers(moved)} if moved else {})


def _whole(scenario: Scenario) -> dict[str, Any]:
    """All that a scenario says, when there is nothing shipped that says part of it."""
    content: dict[str, Any] = {"levers": _levers(scenario.levers)} if scenario.levers else {}
    for name in ("requires", "assumes", "risks", "once", "overrides"):
        rows = [row.model_dump(by_alias=True, exclude_defaults=True) for row in getattr(scenario, name)]
        content |= {name: _plain(rows)} if rows else {}
    return content


def _levers(levers: Mapping[str, tuple[Change, ...]]) -> dict[str, Any]:
    return {
        path: _plain([c.model_dump(by_alias=True, exclude_defaults=True) for c in changes])
        for path, changes in sorted(levers.items())
    }


def _plain(value: Any) -> Any:
    """Lists for tuples, and whole numbers without a point, as a person would write them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e9 else value


def _dumped(content: dict[str, Any]) -> str:
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.width = False, True, _WIDTH
    yaml.sort_base_mapping_type_on_output = False
    out = io.StringIO()
    yaml.dump(content, out)
    return out.getvalue()


def _short(scenario_id: str) -> str:
    return scenario_id.rpartition("/")[2]
