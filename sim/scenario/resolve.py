"""From an id or a file to a resolved scenario: find the region's folder, and the scenario in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, nearest_first
from sim.scenario.evidence import Evidence
from sim.scenario.files import Source, read, shown
from sim.scenario.references import region_problems
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.scenario.shelf import EVIDENCE, REGION, Shelf, as_file, name_of, read_evidence, read_region
from sim.scenario.translate import validated


def load(id_or_path: str | Path, root: Path | str | None = None, years: int | None = None) -> Scenario:
    """Load one scenario and resolve it.

    Args:
        id_or_path: An id (`baseline`), an id with its region (`toy/name/baseline`), or the path of a file.
        root: Folder with the regions; by default `scenarios` in the working folder, else beside the package.
        years: School years to report after the replay; by default what the region says.

    Raises:
        ScenarioError: With every problem found in one pass.
    """
    shelf, name = _find(str(id_or_path), root)
    return shelf.resolve(name, years)


def part_of(
    id_or_path: str | Path, kept: Collection[str], *, own: bool = True, root: Path | str | None = None
) -> Scenario:
    """Load one scenario with only some of the scenarios that it extends or combines.

    Args:
        id_or_path: As for `load`.
        kept: Ids, as in `Scenario.builds_on`.
        own: Also keep what its own file changes.
        root: As for `load`.

    Raises:
        ScenarioError: With every problem found in one pass.
    """
    shelf, name = _find(str(id_or_path), root)
    return shelf.resolve(shelf.part_of(name, kept, own=own), None)


def catalogue(root: Path | str | None = None, region: str | None = None) -> list[Scenario]:
    """All scenarios of a region, by default of each directly under the root; baseline first, then by `order`.

    Raises:
        ScenarioError: When a file cannot be used; `survey` gives what can be used beside the problems.
    """
    found, problems = survey(root, region)
    if problems:
        raise ScenarioError(problems)
    return found


def survey(
    root: Path | str | None = None, region: str | None = None, deep: bool = False
) -> tuple[list[Scenario], list[Problem]]:
    """Like `catalogue` (with `deep`: of regions at any depth), and the problems of what cannot be used."""
    base = find_root(root)
    folders = regions(base, deep) if region is None else [_region_folder(region, base)]
    found: list[Scenario] = []
    problems: list[Problem] = []
    for folder in folders:
        shelf = Shelf(folder, base)
        problems += shelf.problems()
        here = []
        for name in shelf.names():
            try:
                here.append(shelf.resolve(name, None))
            except ScenarioError as error:
                problems += error.problems
        found += sorted(here, key=lambda s: (s.kind != "baseline", s.order, s.id))
    return found, list(dict.fromkeys(problems))


def regions(root: Path | str | None = None, deep: bool = False) -> list[Path]:
    """Folders of the regions directly under the root, or with `deep` at any depth."""
    base = find_root(root)
    return sorted(p.parent for p in base.glob(f"**/{REGION}" if deep else f"*/{REGION}"))


def region_of(name: str | None = None, root: Path | str | None = None) -> Region:
    """The region with this name (`toy/name` for one that lies deeper); by default the only one.

    Raises:
        ScenarioError: When there is no such region, or it cannot be used.
    """
    base = find_root(root)
    found = regions(base)
    if name is None and len(found) != 1:
        names = [name_of(p, base) for p in found]
        raise _asked("there is not one region here, so its name is needed", "", listing(names))
    shelf = Shelf(found[0] if name is None else _region_folder(name, base), base)
    if shelf.region is None:
        raise ScenarioError(shelf.problems())
    return shelf.region


def check(path: Path, root: Path | str | None = None) -> list[Problem]:
    """All problems of one file, whatever its kind: region, evidence or scenario."""
    try:
        source = read(path)
        kind = source.data.get("kind")
        if kind in ("region", "evidence"):
            return _check_region(source, path, str(kind))
        shelf, name = _own(path, root)
        shelf.resolve(name, None)
    except ScenarioError as error:
        return list(error.problems)
    return []


def find_root(root: Path | str | None = None) -> Path:
    """The folder with the regions.

    Raises:
        ScenarioError: When there is none.
    """
    if root is not None:
        choices = [Path(root)]
    else:
        choices = [Path.cwd() / "scenarios", Path(__file__).resolve().parents[2] / "scenarios"]
    for folder in choices:
        if folder.is_dir():
            return folder
    raise ScenarioError(
        [Problem(shown(choices[0]), 0, "", "", "there is no folder with scenarios here", "",
                 "Go to the folder that holds 'scenarios', or name another with --root.")]
    )  # fmt: skip


def _find(text: str, root: Path | str | None) -> tuple[Shelf, str]:
    """The shelf that holds a scenario, and its id there."""
    if _is_path(text):
        return _own(Path(text), root)
    base = find_root(root)
    short = text.rpartition("/")[2]
    shelves = _shelves_for(text, base)
    holding = [s for s in shelves if short in s.names()]
    if len(holding) == 1:
        return holding[0], short
    if holding:
        full = [f"{name_of(s.folder, base)}/{short}" for s in holding]
        raise _asked("more than one region has a scenario with this id", text, listing(full))
    raise _unknown(text, short, shelves)


def _own(path: Path, root: Path | str | None) -> tuple[Shelf, str]:
    """The shelf for a scenario file that lies in a region's folder or anywhere else, and its id there."""
    source = read(path)
    kind = source.data.get("kind")
    if kind in ("region", "evidence"):
        raise ScenarioError(
            [
                source.problem(
                    ("kind",),
                    f"this is a file of kind '{kind}', not a scenario",
                    allowed="a scenario file",
                    hint="'doorstroom validate' checks files of every kind.",
                )
            ]
        )
    near = next((p for p in path.resolve().parents if (p / REGION).is_file()), None)
    if near is not None:
        base = (
            Path(root) if root is not None else next((p for p in near.parents if p.name == "scenarios"), None)
        )
        shelf = Shelf(near, base)
    else:
        base = find_root(root)
        name = source.data.get("region")
        if not isinstance(name, str):
            raise ScenarioError(as_file(source, path).problems)
        try:
            folder = _region_folder(name, base)
        except ScenarioError as error:
            there = [
                replace(p, file=source.file, line=source.line(("region",)), path="region")
                for p in error.problems
            ]
            raise ScenarioError([*as_file(source, path).problems, *there]) from None
        shelf = Shelf(folder, base)
    return shelf, shelf.add(path)


def _check_region(source: Source, path: Path, kind: str) -> list[Problem]:
    if kind == "region" and path.name == REGION:
        return read_region(path.parent)[1]
    if kind == "evidence" and path.name == EVIDENCE:
        return read_evidence(path.parent, read_region(path.parent)[0])[1]
    if kind == "evidence":
        return validated(Evidence, source)[1]
    region, problems = validated(Region, source)
    return problems if region is None else problems + region_problems(region, source)


def _is_path(text: str) -> bool:
    return text.endswith((".yaml", ".yml")) or "\\" in text or Path(text).is_file()


def _region_folder(name: str, root: Path) -> Path:
    """The folder of a region by its name under the root, or by its last part when that is unique."""
    if (root / name / REGION).is_file():
        return root / name
    all_of = {name_of(p, root): p for p in regions(root, deep=True)}
    found = [p for p in all_of.values() if p.name == name]
    if len(found) == 1:
        return found[0]
    raise _asked("there is no region with this id" if not found else "more than one region has this id", name,
                 listing(nearest_first(name, all_of)), did_you_mean(name, all_of))  # fmt: skip


def _shelves_for(text: str, root: Path) -> list[Shelf]:
    name = text.rpartition("/")[0]
    folders = regions(root) if not name else [_region_folder(name, root)]
    return [Shelf(folder, root) for folder in folders]


def _unknown(text: str, short: str, shelves: list[Shelf]) -> ScenarioError:
    names = [f"{s.prefix}{n}" for s in shelves for n in s.names()]
    broken = [p for s in shelves for p in s.broken(short)]
    if broken:
        return ScenarioError(broken)
    return _asked("there is no scenario with this id", text, listing(nearest_first(text, names)),
                  did_you_mean(text, names) or "'doorstroom list' shows all.")  # fmt: skip


def _asked(reason: str, found: str, allowed: str, hint: str = "") -> ScenarioError:
    """A problem in what was asked for, not in a file."""
    return ScenarioError([Problem(found or "doorstroom", 0, "", "", reason, allowed, hint)])
