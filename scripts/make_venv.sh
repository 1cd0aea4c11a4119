#!/bin/sh
# Make the virtual environment .venv with Python 3.11 or later. Keeps one that is good already.
# Usage: scripts/make_venv.sh [PYTHON]     PYTHON: the interpreter to use (default: the first that fits)
set -eu
cd "$(dirname "$0")/.."

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -x .venv/bin/python ] && fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
    exit 0
fi

if [ -n "${1:-}" ]; then
    python=$1
    if ! fits "$python"; then
        echo "PYTHON=$python is not a Python 3.11 or later. Give another, or leave PYTHON out." >&2
        exit 1
    fi
else
    python=
    for candidate in python3.11 python3 python3.12 python3.13 python3.14 python; do
        if fits "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        found=$(python3 --version 2>/dev/null || echo "no python3")
        echo "Doorstroom needs Python 3.11 or later; found: $found." >&2
        echo "Install one and run again, or name it: make install PYTHON=/path/to/python3.11" >&2
        exit 1
    fi
fi

echo "Making .venv with $("$python" --version)."
if "$python" -m venv --clear .venv >/dev/null 2>&1; then
    exit 0
fi

# Debian and its relatives ship Python without venv.
if command -v apt-get >/dev/null 2>&1; then
    root=
    if [ "$(id -u)" -ne 0 ]; then
        root=sudo
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Python cannot make a virtual environment. As root, run: apt-get install python3-venv" >&2
            exit 1
        fi
    fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    echo "Installing python3-venv, which Python needs to make a virtual environment."
    $root apt-get update
    $root apt-get install -y --no-install-recommends python3-venv
    if ! "$python" -m venv --clear .venv >/dev/null 2>&1; then
        $root apt-get install -y --no-install-recommends "$package" || true
    else
        exit 0
    fi
fi

if ! "$python" -m venv --clear .venv; then
    echo "Python cannot make a virtual environment (see above). Install its venv module and run again." >&2
    exit 1
fi
