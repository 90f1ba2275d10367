"""One way to end: the exit code of the error, its code on stderr, no traceback."""

import os
import subprocess
import sys

import pytest

import battuta as bt
from battuta.interfaces.cli import main as command_line


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
    assert result.stderr == "error E100: there is no schema 'moon'; choose: asset, study, trading_study, warranty\n"
    assert battuta_command("backtest", "--moon").returncode == 2


def _broken():
    message = "boom\nand more"
    raise RuntimeError(message)


def test_what_nobody_expected_is_one_line_with_how_to_report_it(monkeypatch, capsys):
    monkeypatch.setattr(command_line, "app", _broken)
    monkeypatch.delenv("BATTUTA_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert "RuntimeError: boom and more" in said.err
    assert "BATTUTA_TRACEBACK=1" in said.err


def test_the_traceback_is_shown_when_it_is_asked_for(monkeypatch, capsys):
    monkeypatch.setattr(command_line, "app", _broken)
    monkeypatch.setenv("BATTUTA_TRACEBACK", "1")
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_failure():
    command = f"{sys.executable} -m battuta schema asset | head -c 1 > /dev/null; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.stdout.strip() in {"0", "1"}


def test_a_reader_that_has_gone_is_met_in_silence():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "battuta", "schema", "asset"]
    with os.fdopen(writer, "wb") as stdout:
        result = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    assert result.stderr == ""


def test_a_full_place_for_what_is_printed_is_named():
    command = f"{sys.executable} -m battuta schema asset > /dev/full"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == (
        "error E700: standard output cannot be written: No space left on device; free space, or send it elsewhere\n"
    )


def test_letters_that_the_shell_does_not_know_are_named():
    strange = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "battuta", "schema", "\u00fcber.csv"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=strange)
    assert result.returncode == 2
    assert (
        "error E100: \\udcc3\\udcbcber.csv holds letters that are none in the encoding of this shell" in result.stderr
    )
    assert "PYTHONUTF8=1" in result.stderr
