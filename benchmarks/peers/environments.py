"""Gives each peer a Python environment of its own, so that comparing against a peer never changes Battuta's.

`python benchmarks/peers/environments.py` builds all of them, `... environments.py pypsa` builds one. A peer's
pins lie in `NAME.txt` beside this file, its Python version in that file's first line, its environment in
`.envs/NAME`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parent
ENVIRONMENTS = PEERS / ".envs"
PROJECT_UV = PEERS.parents[1] / ".venv" / "bin" / "uv"
VERSION_PREFIX = "# python "
BUILT_FROM = "built_from.txt"  # a copy of the pins, written last: an environment without it is unfinished
REASON_LINES = 12


class PeerUnavailableError(RuntimeError):
    """A peer's environment cannot be built here; the message says why."""


def names() -> tuple[str, ...]:
    """Return the peers that have pins, in alphabetical order."""
    return tuple(sorted(path.stem for path in PEERS.glob("*.txt")))


def pins(name: str) -> str:
    """Return the text of a peer's pins; an unknown name raises PeerUnavailableError."""
    path = PEERS / f"{name}.txt"
    if not path.is_file():
        message = f"no pins for a peer named {name!r}; there are: {', '.join(names())}"
        raise PeerUnavailableError(message)
    return path.read_text(encoding="utf-8")


def python_version(name: str) -> str:
    """Return the Python version a peer asks for in the first line of its pins, like "3.11"."""
    first_line = pins(name).split("\n", maxsplit=1)[0]
    if not first_line.startswith(VERSION_PREFIX):
        message = f"{name}.txt must begin with a line like '{VERSION_PREFIX}3.11', it begins with {first_line!r}"
        raise PeerUnavailableError(message)
    return first_line.removeprefix(VERSION_PREFIX).strip()


def environment_python(name: str) -> Path | None:
    """Find the Python of a peer's environment.

    Parameters
    ----------
    name : str
        The peer, as its pins are named.

    Returns
    -------
    Path or None
        The interpreter, or None while the environment is absent, unfinished or built from other pins.
    """
    folder = ENVIRONMENTS / name
    python, built_from, wanted = folder / "bin" / "python", folder / BUILT_FROM, PEERS / f"{name}.txt"
    if not (python.exists() and built_from.is_file() and wanted.is_file()):
        return None
    return python if built_from.read_bytes() == wanted.read_bytes() else None


def build(name: str) -> Path:
    """Build a peer's environment, or leave it alone where it is up to date.

    Parameters
    ----------
    name : str
        The peer, as its pins are named.

    Returns
    -------
    Path
        Its interpreter. PeerUnavailableError says why there is none.
    """
    if found := environment_python(name):
        return found
    version = python_version(name)
    folder, requirements = ENVIRONMENTS / name, PEERS / f"{name}.txt"
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "bin" / "python"
    base = _interpreter(version)
    if PROJECT_UV.is_file():
        uv = str(PROJECT_UV)
        _call(uv, "venv", "--quiet", "--no-project", "--no-python-downloads", "--python", base, str(folder))
        _call(uv, "pip", "sync", "--quiet", "--python", str(python), str(requirements))
    else:
        _call(base, "-m", "venv", str(folder))
        _call(str(python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements))
    shutil.copyfile(requirements, folder / BUILT_FROM)
    return python


def _interpreter(version: str) -> str:
    """Find a Python of the version asked for that really starts: this one, one on the path, one that pyenv keeps.

    A name on the path may be pyenv's doorman, which ends with an error while that version is not switched on; so each
    candidate has to say its own version.
    """
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    candidates = [Path(sys.executable), *(each / f"python{version}" for each in folders)]
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [each / "bin" / "python" for each in sorted(kept.glob(f"{version}.*"), reverse=True)]
    for candidate in candidates:
        if candidate.is_file() and _version_of(candidate) == version:
            return str(candidate)
    message = f"no Python {version} here; install one (Debian: apt install python{version}-venv) and try again"
    raise PeerUnavailableError(message)


def _version_of(python: Path) -> str | None:
    """Ask an interpreter for its version, like "3.12"; None where it does not start."""
    words = (str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _call(*command: str) -> None:
    """Run a command quietly; its last lines become the reason when it fails."""
    environment = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    except OSError as error:
        raise PeerUnavailableError(str(error)) from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-REASON_LINES:]
        raise PeerUnavailableError("\n".join(lines) or f"{command[0]} ended with {done.returncode}")


def _say(line: str) -> None:
    """Write a line of progress to stderr."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> int:
    """Build the environments named on the command line, all without a name; 1 when one could not be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", help="peers to build; all of them without a name")
    wanted = parser.parse_args().name or list(names())
    failures = 0
    for number, name in enumerate(wanted, start=1):
        _say(f"[{number}/{len(wanted)}] {name}: building its environment ...")
        try:
            python = build(name)
        except PeerUnavailableError as reason:
            failures += 1
            _say(f"[{number}/{len(wanted)}] {name}: not installed\n{reason}")
        else:
            _say(f"[{number}/{len(wanted)}] {name}: ready, {python}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
