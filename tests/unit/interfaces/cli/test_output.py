"""JSON is one finite object on stdout, talk is on stderr, tables show their numbers whole."""

import io
import json
import math
import sys

from battuta.interfaces.cli.output import note, print_json, print_table, progress_bar, time_left


def test_json_is_one_finite_object(capsys):
    print_json({"net": 1.5, "ratio": math.nan, "inner": [{"worst": -math.inf}], "name": "Zürich", "days": 3})
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "net": 1.5,
        "ratio": None,
        "inner": [{"worst": None}],
        "name": "Zürich",
        "days": 3,
    }
    assert said.out.count("\n") == 1


def test_letters_that_stdout_does_not_know_are_escapes(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    print_json({"name": "Z\u00fcrich"})
    stream.flush()
    assert json.loads(stream.buffer.getvalue()) == {"name": "Z\u00fcrich"}


def test_talk_stays_off_stdout(capsys):
    note("beside")
    with progress_bar() as show:
        show("work", 1, 1)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("beside\n")


def test_a_table_shows_every_cell(capsys):
    print_table("money", ["strategy", "net EUR"], [["idle", "-1.00"], ["oracle_day", "12,345.67"]])
    out = capsys.readouterr().out
    assert all(word in out for word in ("money", "strategy", "net EUR", "oracle_day", "12,345.67"))


def test_a_narrow_table_breaks_no_number_and_no_name(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    row = ["median_profile_28d", "12,345,678.90", "stored energy is worth more than the price"]
    print_table("money", ["strategy", "net EUR", "reason"], [row], ends_in_text=True)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 50
    assert any("median_profile_28d" in line and "12,345,678.90" in line for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_what_does_not_fit_at_all_is_shown_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    print_table("money", ["strategy", "net EUR"], [["median_profile_28d", "12,345,678.90"]])
    assert any(
        "median_profile_28d" in line and "12,345,678.90" in line for line in capsys.readouterr().out.splitlines()
    )


def test_time_left_is_said_from_the_first_piece_on():
    assert time_left(0.0, 0, 4) == "time left unknown"
    assert time_left(20.0, 1, 4) == "1:00 left"
    assert time_left(7200.0, 1, 3) == "4:00:00 left"
    assert time_left(80.0, 4, 4) == "1:20 in all"


def test_a_bar_shows_the_time_left(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # stderr counts as a terminal
    monkeypatch.setenv("COLUMNS", "100")
    with progress_bar() as show:
        for done in range(1, 4):
            show("calibrating", done, 9)
    said = capsys.readouterr().err
    assert "calibrating" in said
    assert " left" in said
