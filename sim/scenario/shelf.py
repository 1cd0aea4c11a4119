"""One region folder with its files, each read once; scenarios resolve on it: `extends`, `combine`, checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.scenario.changes import Changes, clashes, lever_problems, normal
from sim.scenario.errors import Index, Problem, ScenarioError, shorten
from sim.scenario.evidence import Effect, Evidence
from sim.scenario.files import Source, read, read_sheet
from sim.scenario.posterior import POSTERIOR, Posterior, posterior_of
from sim.scenario.quantity import Quantity
from sim.scenario.references import Finder, evidence_problems, region_problems
from sim.scenario.region import Region
from sim.scenario.scenario import Condition, Item, Once, Override, Scenario, ScenarioFile, quantities_of
from sim.scenario.together import members, written_out
from sim.scenario.translate import validated

FOLDERS = ("", "ideas", "packages", "shocks")
REGION, EVIDENCE = "region.yaml", "evidence.yaml"


@dataclass
class _Parts:
    """What a scenario says, with what it takes over from others."""

    levers: Changes = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    requires: tuple[Condition, ...] = ()
    assumes: tuple[Any, ...] = ()
    risks: tuple[Any, ...] = ()
    once: tuple[Once, ...] = ()
    source: Item | None = None


@dataclass(frozen=True)
class ReadFile:
    """A scenario file as read; `file` is None when it does not fit the schema."""

    source: Source
    path: Path
    file: ScenarioFile | None
    problems: tuple[Problem, ...]

    @property
    def id(self) -> str:
        """The id that it gives itself."""
        return str(self.source.data.get("id", self.path.stem))


class Shelf:
    """One region folder: its region, its evidence and its scenario files, each read once."""

    def __init__(self, folder: Path, root: Path | None) -> None:
        """Read the folder; problems are kept until someone asks for what they touch."""
        self.folder = folder
        self.region, region_found = read_region(folder)
        self.evidence, evidence_found = read_evidence(folder, self.region)
        self.posterior, posterior_found = read_posterior(folder, self.region)
        self._of_region = region_found + evidence_found + posterior_found
        self._files: dict[str, ReadFile] = {}
        self._broken: list[Problem] = []
        self._doubles: list[Problem] = []
        below = root is not None and root.resolve() in folder.resolve().parents
        name = name_of(folder, root) if root is not None and below else folder.name
        self.prefix = f"{name}/" if "/" in name else ""
        for part in FOLDERS:
            for path in sorted((folder / part).glob("*.yaml")):
                if path.name not in (REGION, EVIDENCE):
                    self._shelve(path)

    def names(self) -> list[str]:
        """Ids of the scenarios that could be read."""
        return list(self._files)

    def problems(self) -> list[Problem]:
        """Problems of the folder: region, evidence, posterior, files that cannot be read, ids that stand twice."""
        return [*self._of_region, *self._broken, *self._doubles]

    def broken(self, name: str) -> list[Problem]:
        """Problems of a file that could not be read and that is named as this id."""
        return [p for p in self._broken if Path(p.file).stem == name]

    def add(self, path: Path) -> str:
        """Put a file from elsewhere on the shelf and return its id."""
        source = read(path)
        found = as_file(source, path)
        known = self._files.get(found.id)
        if known is not None and known.path.resolve() != path.resolve():
            problem = source.problem(
                ("id",),
                f"this id is already in use ({known.source.file})",
                found=shorten(found.id),
                allowed="an id of its own",
                hint=f"To change that scenario a little: another id, and 'extends: {found.id}'.",
            )
            raise ScenarioError([*found.problems, problem])
        self._files[found.id] = found
        return found.id

    def part_of(self, name: str, kept: Collection[str], *, own: bool) -> str:
        """Put a scenario on the shelf again with some of what it builds on, and return the id of that part.

        Args:
            name: Id of a scenario.
            kept: Ids of the scenarios to keep of those that it extends or combines.
            own: Also keep what the file itself changes.
        """
        found = self._files[name]
        if found.file is None:
            raise ScenarioError(found.problems)
        file, short = found.file, {k.removeprefix(self.prefix) for k in kept}
        update: dict[str, Any] = {
            "id": "+".join((name, *sorted(short), *(("own",) if own else ()))),
            "extends": file.extends if file.extends in short else None,
            "combine": tuple(c for c in file.combine if c in short),
        }
        if not own:
            update |= {"levers": {}, "once": (), "overrides": ()}
            single = self._files[next(iter(short))].file if len(short) == 1 else None
            if single is not None:
                update |= {"title": single.title, "sentence": single.sentence}
        self._files[update["id"]] = replace(found, file=file.model_copy(update=update))
        return str(update["id"])

    def resolve(self, name: str, years: int | None) -> Scenario:
        """Resolve one scenario with all checks."""
        found = self._files[name]
        problems = [*self._of_region, *(p for p in self._doubles if p.file == found.source.file)]
        parts = self._parts(name, (), problems)
        f = Finder(found.source)
        region, file = self.region, found.file
        if region is not None and file is not None and not problems:
            problems += clashes(parts.levers, parts.origin, f)
            problems += _override_problems(file, self._effects(), found.source)
        if years is not None and not 1 <= years <= 60:
            problems.append(
                Problem("--years", 0, "", str(years), "this number of years is out of bounds", "1 to 60")
            )
        if problems or region is None or file is None:
            raise ScenarioError(problems)
        effects = self._effects()
        for o in parts.overrides:
            effects[o.effect] = _overridden(effects[o.effect], o)
        return Scenario(
            id=f"{self.prefix}{file.id}", kind=file.kind, title=file.title, sentence=file.sentence,
            region=region, levers=normal(parts.levers, region), effects=effects,
            floor=self.evidence.floor if self.evidence else Quantity(value=0.0, unit="ratio"),
            overlap=self.evidence.overlap if self.evidence else Quantity(value=0.0, unit="share"),
            years=region.years if years is None else years, order=file.order, source=parts.source,
            requires=parts.requires, assumes=parts.assumes, risks=parts.risks, once=parts.once,
            overrides=parts.overrides, surprise=file.surprise,
            builds_on=tuple(f"{self.prefix}{parent}" for parent, _ in self._parents(file)),
            origin={k: v for k, v in parts.origin.items() if parts.levers.get(k)}, posterior=self.posterior,
        )  # fmt: skip

    def _shelve(self, path: Path) -> None:
        try:
            found = as_file(read(path), path)
        except ScenarioError as error:
            self._broken += error.problems
            return
        if found.id in self._files:
            other = self._files[found.id].source.file
            self._doubles.append(
                found.source.problem(("id",), f"this id is already in use ({other})", found=shorten(found.id),
                                     allowed="an id of its own")
            )  # fmt: skip
        else:
            self._files[found.id] = found

    def _effects(self) -> dict[str, Effect]:
        return dict(self.evidence.effects) if self.evidence else {}

    def _parts(self, name: str, chain: tuple[str, ...], problems: list[Problem]) -> _Parts:
        """What a scenario says with what it takes from its parents; problems go into `problems`."""
        found = self._files[name]
        problems += [p for p in found.problems if p not in problems]
        file = found.file
        if file is None:
            return _Parts()
        chain = (*chain, name)
        if self.region is not None:
            problems += self._of_file(file, found.source)
        if file.region != self.folder.name:
            reason, wrong = "this scenario is for another region", shorten(file.region)
            problems.append(found.source.problem(("region",), reason, found=wrong, allowed=self.folder.name))
        parts = _Parts()
        for parent, path in self._parents(file):
            if parent in chain:
                shown_chain = " -> ".join((*chain[chain.index(parent) :], parent))
                problems.append(
                    found.source.problem(
                        path,
                        f"this goes round in a circle: {shown_chain}",
                        found=shorten(parent),
                        allowed="a scenario that does not build on this one",
                    )
                )
            elif parent not in self._files:
                known = [n for n in self.names() if n != name]
                problems += self.broken(parent)
                f = Finder(found.source)
                f.known(path, parent, known, "scenario")
                problems += f.problems
            else:
                parts = _merged(parts, self._parts(parent, chain, problems))
        return _on_top(parts, file, found.source, self.region)

    def _parents(self, file: ScenarioFile) -> Iterable[tuple[str, tuple[Any, ...]]]:
        if file.extends is not None:
            yield file.extends, ("extends",)
        for i, name in enumerate(file.combine):
            yield name, ("combine", Index(i))

    def _of_file(self, file: ScenarioFile, source: Source) -> list[Problem]:
        assert self.region is not None
        f = Finder(source)
        for i, condition in enumerate(file.requires):
            path, pool = ("requires", Index(i), "pool"), condition.pool or ""
            if condition.of == "programme_room":
                f.known(path, pool, self.region.programmes, "programme")
            elif condition.of == "help_reach":
                helping = [key for key, stage in self.region.regular.items() if stage.support]
                f.known(path, pool, helping, "stage of regular education that helps")
            elif pool and condition.of in ("hired", "groups_open"):
                known = self.region.staff if condition.of == "hired" else self.region.place_types
                f.known(path, pool, known, "staff pool" if condition.of == "hired" else "place type")
        for i, once in enumerate(file.once):
            f.known(("once", Index(i), "payer"), once.payer, self.region.payers, "payer")
            f.known(("once", Index(i), "purpose"), once.purpose, self.region.purposes, "purpose")
        return lever_problems(file.levers, self.region, f, shock=file.kind == "shock")


def as_file(source: Source, path: Path) -> ReadFile:
    """A scenario file; one change of a lever may be written without a list."""
    data, lines, single = dict(source.data), dict(source.lines), set()
    levers = data.get("levers")
    if isinstance(levers, dict):
        data["levers"] = {}
        for key, change in levers.items():
            data["levers"][key] = (change,) if isinstance(change, dict) else change
            if isinstance(change, dict):
                top = ("levers", key)
                single.add(top)
                for place in [p for p in source.lines if p[:2] == top]:
                    lines[(*top, Index(0), *place[2:])] = source.lines[place]
    written = replace(source, lines=lines, unlisted=frozenset(single))
    file, problems = validated(ScenarioFile, written, data)
    return ReadFile(written, path, file, tuple(problems))


def read_region(folder: Path) -> tuple[Region | None, list[Problem]]:
    """The region of a folder and all its problems; None when it does not fit the schema."""
    try:
        source = read(folder / REGION)
    except ScenarioError as error:
        return None, list(error.problems)
    region, problems = validated(Region, source)
    if region is None:
        return None, problems
    if region.id != folder.name:
        reason = "the id of a region must be the name of its folder"
        problems.append(source.problem(("id",), reason, found=shorten(region.id), allowed=folder.name))
    problems += region_problems(region, source)
    return region, problems


def read_evidence(folder: Path, region: Region | None) -> tuple[Evidence | None, list[Problem]]:
    """The evidence register of a folder, if there is one, and all its problems."""
    path = folder / EVIDENCE
    if not path.is_file():
        return None, []
    try:
        source = read(path)
    except ScenarioError as error:
        return None, list(error.problems)
    evidence, problems = validated(Evidence, source)
    if evidence is not None and region is not None:
        problems += evidence_problems(evidence, region, source)
    return evidence, problems


def read_posterior(folder: Path, region: Region | None) -> tuple[Posterior, list[Problem]]:
    """The joint posterior of a region, if there is one, and all its problems."""
    path = folder / POSTERIOR
    if region is None or not path.is_file():
        return Posterior(), []
    graded = {k: q for k, q in quantities_of(region).items() if q.grade is not None}
    try:
        found, problems = posterior_of(read_sheet(path), graded)
    except ScenarioError as error:
        return Posterior(), list(error.problems)
    return found or Posterior(), problems


def _merged(first: _Parts, second: _Parts) -> _Parts:
    """Two sets of parts by path; what both took from one place counts once."""
    levers, origin = dict(first.levers), dict(first.origin)
    for path, changes in second.levers.items():
        if path in levers and origin.get(path) != second.origin.get(path):
            levers[path] = levers[path] + changes
            origin[path] = f"{origin[path]}, {second.origin[path]}"
        else:
            levers[path], origin[path] = changes, second.origin[path]
    return _Parts(
        levers,
        origin,
        _joined(first.overrides, second.overrides),
        _joined(first.requires, second.requires),
        _joined(first.assumes, second.assumes),
        _joined(first.risks, second.risks),
        _joined(first.once, second.once),
        first.source or second.source,
    )


def _on_top(parts: _Parts, file: ScenarioFile, source: Source, region: Region | None) -> _Parts:
    """A file's own words over what it takes over: a key that it writes replaces that key, levers by path."""
    own = file.model_fields_set
    levers = written_out(file.levers, region) if region is not None else file.levers
    lines = {
        member: f"{source.file}:{source.line(('levers', path))}"
        for path in file.levers
        for member in ((members(path, region) if region is not None else ()) or (path,))
    }
    # A twin is the scenario without its conditions, so it does not take them over.
    requires = file.requires if "requires" in own or file.kind == "twin" else parts.requires
    overridden = {o.effect for o in file.overrides}
    return _Parts(
        {**parts.levers, **levers},
        {**parts.origin, **lines},
        (*(o for o in parts.overrides if o.effect not in overridden), *file.overrides),
        requires,
        file.assumes if "assumes" in own else parts.assumes,
        file.risks if "risks" in own else parts.risks,
        file.once if "once" in own else parts.once,
        file.source if "source" in own else parts.source,
    )


def _joined(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*first, *(x for x in second if x not in first))


def _override_problems(file: ScenarioFile, effects: dict[str, Effect], source: Source) -> list[Problem]:
    f = Finder(source)
    for i, o in enumerate(file.overrides):
        path = ("overrides", Index(i))
        f.known((*path, "effect"), o.effect, effects, "effect")
        if not 0 <= o.value <= 20:
            f.add((*path, "value"), "this number is out of bounds", found=o.value, allowed="0 to 20 (ratio)")
        if o.effect in [x.effect for x in file.overrides[:i]]:
            f.add(
                (*path, "effect"),
                "this effect is overridden twice",
                found=o.effect,
                allowed="each effect once",
            )
    return f.problems


def _overridden(effect: Effect, o: Override) -> Effect:
    """The effect with another central value; its range grows with it, so that draws stay in order."""
    q = effect.size
    low, high = q.range if q.range is not None else (q.value, q.value)
    update: dict[str, Any] = {"value": o.value}
    if q.range is not None:
        update["range"] = (min(low, o.value), max(high, o.value))
    return effect.model_copy(update={"size": q.model_copy(update=update)})


def name_of(folder: Path, root: Path) -> str:
    """Name of a region's folder under the root, as in `toy/name`."""
    return folder.resolve().relative_to(root.resolve()).as_posix()
