"""Environments of peers: which Python is taken, and what is said where there is none."""

import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def environments(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("peers.environments")


def planted(path: Path, says: str) -> Path:
    """A program that answers as an interpreter would."""
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_this_python_is_taken_where_its_version_is_asked_for(environments) -> None:
    assert environments._interpreter(RUNNING) == sys.executable


def test_a_doorman_on_the_path_is_passed_over_for_one_that_starts(environments, monkeypatch, tmp_path) -> None:
    doorman = planted(tmp_path / "shims" / "python9.9", "exit 127")
    liar = planted(tmp_path / "other" / "python9.9", "echo 9.8")
    kept = planted(tmp_path / "pyenv" / "versions" / "9.9.2" / "bin" / "python", "echo 9.9")
    monkeypatch.setenv("PATH", os.pathsep.join((str(doorman.parent), str(liar.parent), os.environ["PATH"])))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert environments._interpreter("9.9") == str(kept)


def test_no_python_says_how_to_get_one(environments, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(environments.PeerUnavailableError, match=r"no Python 9\.9 here; install one"):
        environments._interpreter("9.9")


def test_every_peer_says_its_python_and_pins_each_package(environments) -> None:
    for name in environments.names():
        assert environments.python_version(name) in {"3.11", "3.12", "3.13"}, name
        for line in environments.pins(name).splitlines():
            assert line.startswith("#") or "==" in line, f"{name}: {line}"
