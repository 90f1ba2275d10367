"""One way to end: the exit code of the error, its code on stderr, no traceback."""

import subprocess
import sys

import battuta as bt


def battuta_command(*words):
    command = [sys.executable, "-m", "battuta", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_prints_its_version():
    result = battuta_command("--version")
    assert (result.returncode, result.stdout.strip()) == (0, bt.__version__)


def test_it_lists_its_commands():
    result = battuta_command("--help")
    assert result.returncode == 0
    for command in ("run", "backtest", "schedule", "doctor", "schema", "data"):
        assert command in result.stdout


def test_an_error_ends_with_its_code():
    result = battuta_command("schema", "moon")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error E100: there is no schema 'moon'; choose: asset\n"
    assert battuta_command("backtest", "--moon").returncode == 2
