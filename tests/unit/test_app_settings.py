"""Settings of the server: one place, checked before anything starts, and a wrong one stops it with one message."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.app.settings import Settings, SettingsError, read, table

ROOT = Path(__file__).parents[2]


def test_an_empty_environment_gives_the_defaults_of_a_laptop() -> None:
    found = read({"PATH": "/bin", "DOORSTROOM_YEARS": ""})
    assert found.secret is None
    assert not found.read_only
    assert found.visitor_runs == 0
    assert (found.region, found.years, found.store) == ("almere", None, Path("results", "store"))


def test_values_come_from_the_environment() -> None:
    found = read({"DOORSTROOM_READ_ONLY": "1", "DOORSTROOM_YEARS": "4", "DOORSTROOM_OWN": "elsewhere"})
    assert found.read_only
    assert (found.years, found.own) == (4, Path("elsewhere"))


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("vier gewone woorden hier\nen nog een regel\n", encoding="utf-8")
    assert read({"DOORSTROOM_PASSWORD_FILE": str(tmp_path / "word")}).secret == "vier gewone woorden hier"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (
            {"DOORSTROOM_PASWORD": "x"},
            ("DOORSTROOM_PASWORD", "no setting", "Did you mean 'DOORSTROOM_PASSWORD'"),
        ),
        ({"DOORSTROOM_YEARS": "tien"}, ("DOORSTROOM_YEARS", "'tien'", "from 1 to 60", "docs/hosting.md")),
        ({"DOORSTROOM_YEARS": "0"}, ("DOORSTROOM_YEARS", "'0'", "from 1 to 60")),
        ({"DOORSTROOM_READ_ONLY": "ja"}, ("DOORSTROOM_READ_ONLY", "'ja'", "0 or 1")),
        ({"DOORSTROOM_REGION": "../../etc"}, ("DOORSTROOM_REGION", "no name of a region")),
        ({"DOORSTROOM_SCENARIOS": "no/such"}, ("DOORSTROOM_SCENARIOS", "no such folder", "'no/such'")),
        ({"DOORSTROOM_OWN": __file__}, ("DOORSTROOM_OWN", "a folder is needed")),
        ({"DOORSTROOM_PASSWORD": "kort"}, ("DOORSTROOM_PASSWORD", "too short", "12 signs")),
        (
            {"DOORSTROOM_PASSWORD_FILE": "no/such"},
            ("DOORSTROOM_PASSWORD_FILE", "cannot be read", "'no/such'"),
        ),
        (
            {"DOORSTROOM_PASSWORD": "x" * 20, "DOORSTROOM_PASSWORD_FILE": "y"},
            ("DOORSTROOM_PASSWORD_FILE", "given twice"),
        ),
    ],
)
def test_what_is_wrong_is_said_with_where_and_what_to_do(
    environment: dict[str, str], says: tuple[str, ...]
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(environment)
    for part in says:
        assert part in str(caught.value)


def test_a_file_with_an_empty_password_does_not_leave_the_server_open(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="too short"):
        read({"DOORSTROOM_PASSWORD_FILE": str(tmp_path / "word")})


def test_no_message_and_no_repr_shows_the_password() -> None:
    with pytest.raises(SettingsError) as caught:
        read({"DOORSTROOM_PASSWORD": "geheimpje", "DOORSTROOM_YEARS": "x"})
    assert "geheimpje" not in str(caught.value)
    assert "een lang geheim" not in repr(read({"DOORSTROOM_PASSWORD": "een lang geheim"}))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read({"DOORSTROOM_YEARS": "x", "DOORSTROOM_JOBS": "0", "DOORSTROOM_COLOUR": "red"})
    assert len(str(caught.value).splitlines()) == 3


def test_a_wrong_setting_ends_the_process_with_one_message_and_code_two() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from sim.app.settings import settings_or_stop; settings_or_stop()"],
        env={**os.environ, "DOORSTROOM_YEARS": "tien", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "DOORSTROOM_YEARS" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_setting_stands_in_the_table_for_the_page_on_hosting() -> None:
    for name in Settings.model_fields:
        assert f"`DOORSTROOM_{name.upper()}`" in table()


def test_the_page_on_hosting_has_that_table() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    written = page.partition("<!-- settings -->")[2].partition("<!-- /settings -->")[0].strip()
    assert written == table(), "put the output of 'python -m sim.app.settings' between the marks"
