"""Find a Chromium for the browser test, or install one, and print its path.

Only the path goes to standard output; what happens on the way goes to standard error. So
``CHROMIUM=$(python scripts/ensure_chromium.py)`` works. The order:

1. the environment variable ``CHROMIUM``;
2. ``chromium``, ``chromium-browser`` or ``google-chrome`` on the path;
3. the Chromium that Playwright downloaded earlier;
4. on a Debian-like machine, the package ``chromium`` (as root or with sudo);
5. a download by Playwright.

A browser counts only if it answers ``--version``: on some systems the command is a stub that
points to another package manager.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
VERSION_SECONDS = 30
APT_SECONDS = 900
DOWNLOAD_SECONDS = 900


def say(text: str) -> None:
    """Tell the person at the keyboard what happens, on standard error."""
    print(text, file=sys.stderr, flush=True)


def answers(path: str | Path) -> bool:
    """Tell whether the program at ``path`` starts and gives its version.

    On Windows Chromium opens a window for ``--version``, so there the file's existence decides.
    """
    if sys.platform == "win32":
        return Path(path).is_file()
    try:
        done = subprocess.run(
            [str(path), "--version"], capture_output=True, timeout=VERSION_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def on_path() -> str | None:
    """Return the first working Chromium on the path, or None."""
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and answers(path)), None)


def of_playwright() -> str | None:
    """Return the Chromium that Playwright downloaded, or None."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an optional extra
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and answers(path) else None


def runs_well(command: list[str], seconds: int) -> bool:
    """Run ``command`` with its output on standard error; tell whether it succeeded in time."""
    say("  " + " ".join(command))
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=seconds, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"  {error}")
        return False


def as_root() -> list[str] | None:
    """Return the words to put before a command to run it as root, or None if that is impossible."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    return None


def install_with_apt() -> None:
    """Install the package ``chromium`` on a Debian-like machine; do nothing elsewhere."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        return
    say("No Chromium found; installing the package 'chromium'.")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if runs_well([*apt, "update"], APT_SECONDS):
        runs_well([*apt, "install", "-y", "--no-install-recommends", "chromium"], APT_SECONDS)


def install_with_playwright() -> None:
    """Let Playwright download its own Chromium."""
    say("No Chromium found; letting Playwright download one.")
    runs_well([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS)


def find() -> str | None:
    """Return the path of a Chromium that starts, installing one when there is none."""
    found = on_path() or of_playwright()
    if found is None:
        install_with_apt()
        found = on_path()
    if found is None:
        install_with_playwright()
        found = of_playwright()
    return found


def main() -> int:
    """Print the path of a Chromium; return 0, or 1 when there is none."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None or not answers(path):
            say(
                f"CHROMIUM={chosen} does not start. Give the path of a Chromium or Chrome, "
                "or leave CHROMIUM out to let this script find one."
            )
            return 1
    else:
        path = find()
        if path is None:
            say(
                "The browser test needs Chromium; none was found and none could be installed.\n"
                "Install Chromium or Chrome yourself, then run again, or give its path: "
                "make test CHROMIUM=/path/to/chromium\n"
                "(On Linux a downloaded Chromium may lack system libraries: "
                "python -m playwright install-deps chromium)"
            )
            return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
