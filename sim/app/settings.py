"""Settings of the dashboard's server, read once from the environment and checked before anything starts.

This is the one place that says which settings there are: `docs/hosting.md` lists them from here. A wrong value,
and a name that is no setting (a password under a misspelt name would leave a server open), stop the server with
one message.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from sim.scenario.errors import did_you_mean

PREFIX = "DOORSTROOM_"
WRONG = 2
SHORTEST_PASSWORD = 12
_SWITCHES = ("0", "1")


class SettingsError(Exception):
    """The environment holds what this server cannot use; the text says what, where, and what to do."""


def _is_folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("there is no such folder")
    return path


def _may_become_folder(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise ValueError("this is a file, and a folder is needed")
    return path


Folder = Annotated[Path, AfterValidator(_may_become_folder)]


class Settings(BaseModel):
    """How this server behaves. `DOORSTROOM_` and the name of a field in capitals is the name in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str = Field("almere", pattern=r"^[a-z0-9_/-]{1,80}$", description="region on screen")
    scenarios: Annotated[Path, AfterValidator(_is_folder)] | None = Field(
        None, description="folder with the regions; by default `scenarios` here, else beside the package"
    )
    store: Folder = Field(
        Path("results", "store"), description="folder with results, the same as that of `doorstroom run`"
    )
    proof: Path | None = Field(None, description="folder with the proof tables; by default `docs/proof`")
    accessibility: Path | None = Field(
        None, description="accessibility statement that is shown; by default `docs/accessibility.md`"
    )
    own: Folder = Field(Path("results", "own"), description="folder with YAML that visitors save")
    own_days: int = Field(
        90, ge=1, le=3_650, description="a saved YAML that nobody opened for so many days is deleted"
    )
    own_most: int = Field(
        1_000, ge=0, le=100_000, description="saved YAMLs that are kept; the oldest go first"
    )
    replications: int = Field(30, ge=2, le=1_000, description="pairs of replications wanted in the end")
    years: int | None = Field(
        None, ge=1, le=60, description="school years reported after the replay; by default as the region says"
    )
    seed: int = Field(1, ge=0, le=2**31 - 1, description="master seed")
    jobs: int | None = Field(None, ge=1, le=256, description="worker processes; by default one per core")
    replication_seconds: int = Field(
        20,
        ge=1,
        le=3_600,
        description="a replication that asks more seconds of a core is stopped, and the screen says so",
    )
    read_only: bool = Field(
        False, description="1 = stored results only: no new calculations, no YAML of visitors"
    )
    password: SecretStr | None = Field(
        None, description=f"shared password for all visitors, of at least {SHORTEST_PASSWORD} signs"
    )
    password_file: Path | None = Field(
        None, description="file whose first line is the shared password, instead of `DOORSTROOM_PASSWORD`"
    )
    visitor_runs: int = Field(
        0, ge=0, le=1_000_000, description="new replications per hour per network address; 0 = no limit"
    )
    visitor_saves: int = Field(
        60, ge=0, le=100_000, description="YAMLs saved per hour per network address; 0 = no limit"
    )

    @model_validator(mode="before")
    @classmethod
    def _switches(cls, data: Any) -> Any:
        value = data.get("read_only", "0")
        if value not in _SWITCHES and not isinstance(value, bool):
            raise ValueError("read_only: 0 or 1 is needed")
        return data

    @property
    def secret(self) -> str | None:
        """The shared password; None = everyone may come in."""
        return self.password.get_secret_value() if self.password else None


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment; an empty value is as good as none.

    Raises:
        SettingsError: With everything that is wrong, one line each.
    """
    fields = {PREFIX + name.upper(): name for name in Settings.model_fields}
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value != ""}
    wrong = [
        _line(name, "this is no setting of the dashboard", hint=_meant(name, fields) or _SEE)
        for name in given
        if name not in fields
    ]
    values: dict[str, Any] = {fields[name]: value for name, value in given.items() if name in fields}
    if "password" in values and "password_file" in values:
        wrong.append(
            _line("DOORSTROOM_PASSWORD_FILE", "the password is given twice", hint="Take one of the two away.")
        )
    elif "password_file" in values:
        try:
            values["password"] = _first_line(Path(values["password_file"]))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            wrong.append(_line("DOORSTROOM_PASSWORD_FILE", f"this file cannot be read ({reason})",
                               found=values["password_file"]))  # fmt: skip
    if "password" in values or "password_file" in values:
        password = str(values.get("password", ""))
        if len(password) < SHORTEST_PASSWORD and not any("PASSWORD_FILE" in line for line in wrong):
            wrong.append(_line(
                "DOORSTROOM_PASSWORD_FILE" if "password_file" in values else "DOORSTROOM_PASSWORD",
                "the password is too short", allowed=f"at least {SHORTEST_PASSWORD} signs",
                hint="Four ordinary words in a row are easy to say and hard to guess.",
            ))  # fmt: skip
    try:
        found = Settings.model_validate(values)
    except ValidationError as error:
        wrong += _of_pydantic(error, values)
        found = None
    if wrong or found is None:
        raise SettingsError("\n".join(wrong))
    return found


@cache
def settings() -> Settings:
    """The settings of this server.

    Raises:
        SettingsError: With everything that is wrong, one line each.
    """
    return read(os.environ)


def settings_or_stop() -> Settings:
    """The settings of this server; a wrong one ends this process with a message and exit code 2."""
    try:
        return settings()
    except SettingsError as error:
        _stop(str(error))


def _stop(message: str) -> NoReturn:
    print(f"The dashboard was not started: its settings are wrong.\n{message}", file=sys.stderr, flush=True)
    raise SystemExit(WRONG)


_SEE = "docs/hosting.md lists all settings."


def _meant(name: str, known: Mapping[str, str]) -> str:
    near = did_you_mean(name, [k.lower() for k in known])
    return re.sub("'.*'", lambda found: found[0].upper(), near)


def _line(name: str, reason: str, *, found: str = "", allowed: str = "", hint: str = "") -> str:
    parts = [f"environment variable {name}: {reason}."]
    parts += [f"Found: {found!r}."] if found else []
    parts += [f"Allowed: {allowed}."] if allowed else []
    parts += [hint] if hint else []
    return " ".join(parts)


def _of_pydantic(error: ValidationError, values: Mapping[str, Any]) -> Iterator[str]:
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else "read_only"
        found = "" if name == "password" else str(values.get(name, ""))
        yield _line(
            PREFIX + name.upper(), _reason(problem["msg"]), found=found, allowed=allowed(name), hint=_SEE
        )


def _reason(message: str) -> str:
    plain = message.removeprefix("Value error, ").removeprefix("read_only: ")
    if plain.startswith(
        ("Input should be a valid integer", "Input should be greater", "Input should be less")
    ):
        return "this value does not fit"
    if plain.startswith("String should match"):
        return "this is no name of a region"
    return plain[:1].lower() + plain[1:]


def allowed(name: str) -> str:
    """What a setting may be, in words."""
    field = Settings.model_fields[name]
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    if low is not None and high is not None:
        return f"a whole number from {low} to {high}"
    return {
        "read_only": "0 or 1",
        "region": "the name of a region, such as almere",
        "password": f"at least {SHORTEST_PASSWORD} signs",
        "password_file": "a file",
        "scenarios": "a folder that is there",
    }.get(name, "a folder")


def table() -> str:
    """All settings as a table in Markdown, for the page on hosting."""
    rows = ["| setting | what it is | allowed | default |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else field.default
        shown = (
            default.as_posix()
            if isinstance(default, Path)
            else int(default)
            if isinstance(default, bool)
            else default
        )
        rows.append(
            f"| `{PREFIX}{name.upper()}` | {field.description} | {allowed(name)} | {f'`{shown}`' if shown != '' else ''} |"
        )
    return "\n".join(rows)


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline(10_000).rstrip("\r\n")


if __name__ == "__main__":
    print(table())
