"""The commands of health, run on what should not be given to them: told in a sentence, nothing spoilt, no traceback."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from battuta.interfaces.cli.main import main

START = datetime(2025, 1, 1, tzinfo=UTC)
FINDING = {
    "string": "s",
    "cell": 1,
    "kind": "micro_short",
    "level": "act",
    "since": "2026-01-01T00:00:00+00:00",
    "found": "2026-01-02T00:00:00+00:00",
    "probability": 0.5,
    "days_to_limit": [10, 20, 30],
}
PLAN = ("--windows", "2026-12-14:16", "--today", "2026-06-01")


def telemetry(path: Path, start: datetime = START, n_cells: int = 4, name: str = "s") -> Path:
    """SYNTHETIC rows of a single string."""
    path.parent.mkdir(parents=True, exist_ok=True)
    n_rows = 30
    stamps = [start + timedelta(minutes=row) for row in range(n_rows)]
    frame = pl.DataFrame(
        {
            "time": pl.Series(stamps, dtype=pl.Datetime("us", "UTC")),
            "string_id": [name] * n_rows,
            "current_a": [10.0] * n_rows,
            "voltage_v": [[3.3 + 1e-4 * row + 1e-3 * cell for cell in range(n_cells)] for row in range(n_rows)],
            "temperature_c": [[25.0]] * n_rows,
        }
    )
    frame.write_parquet(path)
    return path


@pytest.fixture
def health(monkeypatch, capsys):
    """Run a command; gives its exit code and what it said on stderr."""

    def run(*words: object) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["battuta", "health", *map(str, words)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr().err
        assert "E000" not in told
        assert "Traceback" not in told
        return code, told

    return run


@pytest.mark.parametrize("command", ["scan", "features"])
@pytest.mark.parametrize("name", ["a.parquet", "findings.csv"])
def test_a_table_does_not_replace_telemetry(tmp_path, health, command, name) -> None:
    before = telemetry(tmp_path / "record" / "a.parquet").read_bytes()
    code, told = health(command, tmp_path / "record", "--out", tmp_path / "record" / name)
    assert code == 2
    assert "write it to another folder" in told
    assert [(each.name, each.read_bytes()) for each in (tmp_path / "record").iterdir()] == [("a.parquet", before)]


def test_a_record_that_cannot_be_read_is_no_healthy_one(tmp_path, health) -> None:
    path = telemetry(tmp_path / "a.parquet")
    pl.read_parquet(path).with_columns(current_a=pl.lit("x")).write_parquet(path)
    code, told = health("scan", path, "--out", tmp_path / "f.csv", "--state", tmp_path / "fleet.state")
    assert code == 4
    assert "no string of 1 could be read, so nothing was looked at" in told
    assert "column current_a holds String, not numbers" in told
    assert [each.name for each in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("command", ["scan", "commission"])
def test_years_that_nobody_lives_in_are_told(tmp_path, health, command) -> None:
    path = telemetry(tmp_path / "a.parquet", START.replace(year=3025))
    code, told = health(command, path)
    assert code == 4
    assert "set the clock right" in told


@pytest.mark.parametrize("capacity_ah", ["nan", "-3", "inf", "1e-300", "1e9"])
@pytest.mark.parametrize("command", ["scan", "features"])
def test_a_capacity_that_no_cell_has_is_refused(tmp_path, health, command, capacity_ah) -> None:
    path = telemetry(tmp_path / "a.parquet")
    out = tmp_path / "f.csv"
    code, told = health(command, path, "--capacity-ah", capacity_ah, "--out", out)
    assert code == 2
    assert "from 0.001 to 10,000 Ah" in told
    assert not out.exists()


@pytest.mark.parametrize("option", ["--state", "--layout"])
def test_a_device_is_not_read_to_its_end(tmp_path, health, option) -> None:
    code, told = health("scan", telemetry(tmp_path / "a.parquet"), option, "/dev/null")
    assert code == 4
    assert "it is no file; name a" in told


def test_brackets_in_a_name_are_letters(tmp_path, health) -> None:
    path = telemetry(tmp_path / "site [1]*" / "a?.parquet")
    for place in (path, path.parent):
        assert "s: none of its 4 cells was judged" in health("scan", place)[1], "it was read, and is too short"


def test_a_record_that_tells_nothing_is_no_healthy_one(tmp_path, health) -> None:
    path = telemetry(tmp_path / "a.parquet")
    silent = pl.lit([None] * 4, dtype=pl.List(pl.Float64))
    pl.read_parquet(path).with_columns(voltage_v=silent).write_parquet(path)
    code, told = health("scan", path)
    assert code == 4
    assert "error E202: nothing could be judged in 1 string" in told
    assert "s: none of its 4 cells was judged" in told
    code, told = health("scan", path, "--state", tmp_path / "fleet.state")
    assert code == 0, "a state that is built up day by day is no error while it is young"
    assert "s: none of its 4 cells was judged" in told
    assert (tmp_path / "fleet.state").exists(), "the next run goes on from here"


def test_the_state_of_another_fleet_is_refused_and_stays(tmp_path, health) -> None:
    state = tmp_path / "fleet.state"
    health("scan", telemetry(tmp_path / "a.parquet"), "--state", state)
    kept = state.read_bytes()
    code, told = health("scan", telemetry(tmp_path / "b.parquet", name="t"), "--state", state)
    assert code == 4
    assert "the state was kept of strings s, and " in told
    assert "has t: it is the state of another fleet" in told
    later = telemetry(tmp_path / "c.parquet", START + timedelta(days=1), n_cells=6)
    code, told = health("scan", later, "--state", state)
    assert code == 4
    assert "the state was kept of 4 cells, and the record has 6 on 2025-01-02" in told
    assert state.read_bytes() == kept


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ({"string": None}, "has the string None; name the string in text"),
        ({"string": " "}, "name the string in text"),
        ({"string": ["a"]}, "name the string in text"),
        ({"cell": 10**30}, "a cell is a number from 0"),
        ({"probability": 10**400}, "more than 300 digits"),
        ({"days_to_limit": "soon"}, "give a list of three"),
    ],
)
def test_a_finding_that_is_none_is_named(tmp_path, health, spoilt, words) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps({"findings": [FINDING | spoilt]}))
    code, told = health("plan", path, *PLAN)
    assert code == 4
    assert "f.json, finding 1" in told
    assert words in told


def test_a_table_of_another_program_without_rows_is_no_table_of_findings(tmp_path, health) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("time,price\n")
    code, told = health("plan", path, *PLAN)
    assert code == 4
    assert "has no column string, cell, kind, level, since, found; it has time, price" in told


@pytest.mark.parametrize("command", ["plan", "commission"])
def test_a_file_of_settings_may_begin_with_a_mark_and_not_nest_forever(tmp_path, health, command) -> None:
    record, found, stated = telemetry(tmp_path / "r" / "a.parquet"), tmp_path / "f.json", tmp_path / "s.toml"
    found.write_text(json.dumps({"findings": [FINDING]}))
    words = ("plan", found, *PLAN, "--costs") if command == "plan" else ("commission", record.parent, "--layout")
    stated.write_bytes(b"\xef\xbb\xbf" + (b"module_cost = 4000\n" if command == "plan" else b"n_cells = 4\n"))
    assert health(*words, stated)[0] == 0
    stated.write_bytes(b"a = " + b"[" * 50_000)
    code, told = health(*words, stated)
    assert code == 2
    assert "s.toml is no" in told


def test_a_word_that_nests_forever_is_refused(tmp_path, health) -> None:
    found = tmp_path / "f.json"
    found.write_text(json.dumps({"findings": [FINDING]}))
    code, told = health("plan", found, *PLAN, "--set", "module_cost=" + "[" * 50_000)
    assert code == 2
    assert "that is no number" in told
    assert len(told) < 300


def test_a_commission_of_nothing_says_that_it_is_not_there(tmp_path, health) -> None:
    code, told = health("commission", tmp_path / "nowhere")
    assert code == 4
    assert "does not exist" in told


LONG = "a" * 300


@pytest.mark.parametrize(
    "words",
    [
        ("scan", LONG),
        ("scan", ".", "--state", LONG),
        ("scan", ".", "--out", f"{LONG}.csv"),
        ("scan", ".", "--report", LONG),
        ("commission", LONG),
        ("commission", ".", "--site", LONG),
        ("features", LONG, "--out", "f.csv"),
        ("features", ".", "--out", f"{LONG}.csv"),
        ("plan", "f.json", *PLAN, "--out", f"{LONG}.csv"),
        ("site", LONG),
        ("example", LONG),
    ],
)
def test_a_name_that_is_too_long_is_told(tmp_path, health, monkeypatch, words) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = health(*words)
    assert code == 4
    assert told.startswith("error E200: aaa")
    assert "cannot be opened: File name too long; name another file" in told


def test_links_in_a_circle_are_told(tmp_path, health) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    code, told = health("scan", tmp_path / "a")
    assert code == 4
    assert "error E200" in told


def test_a_commission_in_which_nothing_was_tested_is_no_acceptance(tmp_path, health) -> None:
    path = telemetry(tmp_path / "a.parquet")
    bare = pl.read_parquet(path).with_columns(
        voltage_v=pl.lit([None] * 4, dtype=pl.List(pl.Float64)), current_a=pl.lit(None, dtype=pl.Float64),
        temperature_c=pl.lit([None], dtype=pl.List(pl.Float64)),
    )  # fmt: skip
    bare.write_parquet(path)
    code, told = health("commission", tmp_path)
    assert code == 4
    assert "error E202: nothing was tested, so nothing is accepted: 0 of" in told
