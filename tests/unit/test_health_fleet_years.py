"""The long run of healthy years: what is kept, what is gone on with, and what does not count."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

from battuta.domain.errors import DataError

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def fleet():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("health_fleet_years")
    sys.path.remove(str(BENCHMARKS))


def year_of(fleet, seed: int, **changed):
    row = {
        "made_by": "a", "seed": seed, "n_cells": 240, "n_days": 365, "duty": "solar", "n_samples": 10,
        "act_cells": (), "watch_cells": (), "told": {},
    }  # fmt: skip
    return fleet.StringYear(**(row | changed))


def test_what_was_written_is_read_again(fleet, tmp_path) -> None:
    path = tmp_path / "years.jsonl"
    years = [year_of(fleet, 20_000), year_of(fleet, 20_001, watch_cells=(3, 7), told={"micro_short watch": 2})]
    for each in years:
        fleet.append(path, each)
    assert fleet.read_kept(path) == years
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_a_line_cut_off_is_cut_away_and_lived_anew(fleet, tmp_path) -> None:
    path = tmp_path / "years.jsonl"
    fleet.append(path, year_of(fleet, 20_000))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"made_by": "a", "se')
    assert [each.seed for each in fleet.read_kept(path)] == [20_000]
    fleet.append(path, year_of(fleet, 20_001))
    assert [each.seed for each in fleet.read_kept(path)] == [20_000, 20_001]


def test_a_line_of_something_else_is_refused_with_its_number(fleet, tmp_path) -> None:
    path = tmp_path / "years.jsonl"
    fleet.append(path, year_of(fleet, 20_000))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"price": 3}\n')
    with pytest.raises(DataError, match="line 2 is no string-year"):
        fleet.read_kept(path)


def test_the_seeds_that_are_missing_come_next_and_no_more_than_needed(fleet) -> None:
    years = {20_001: year_of(fleet, 20_001)}
    each = 240 * 365 / 365.25
    assert fleet.seeds_wanted({}, 2.5 * each) == [20_000, 20_001, 20_002]
    assert fleet.seeds_wanted(years, 2.5 * each) == [20_000, 20_002]
    assert fleet.seeds_wanted(years, each) == []
    assert len(fleet.seeds_wanted(years, 300_000.0)) == fleet.AT_ONCE


def test_false_alarms_count_cells_and_bound_the_rate(fleet) -> None:
    years = [year_of(fleet, seed, n_days=1461) for seed in range(20_000, 20_050)]  # 960 cell-years each
    years[3] = year_of(fleet, 20_003, n_days=1461, watch_cells=(3, 9))
    told = {each.name: each for each in fleet.false_alarms(years)}
    assert told["healthy_cell_years"].value == pytest.approx(48_000.0)
    assert told["act_false_per_100_mwh_year"].value == 0.0
    assert told["act_false_per_100_mwh_year_upper_95"].value == pytest.approx(2.9957 / 0.48, rel=1e-4)
    assert told["watch_false_per_100_mwh_year"].value == pytest.approx(2.0 / 0.48)
    assert told["watch_false_per_100_mwh_year_upper_95"].value == pytest.approx(6.2958 / 0.48, rel=1e-4)
    assert told["act_false_per_100_mwh_year_upper_95"].met is False


def test_nothing_kept_is_not_run(fleet) -> None:
    told = {each.name: each.value for each in fleet.false_alarms([])}
    assert told["act_false_per_100_mwh_year"] == "not run"


def test_a_year_is_the_same_whenever_it_is_lived(fleet) -> None:
    first, again = (fleet.live_year(20_000, "a", n_days=3) for _ in range(2))
    assert first == again
    assert first.n_samples > 3 * 1300 * 240
    assert first.cell_years == pytest.approx(240 * 3 / 365.25)
    assert first.duty in {"arbitrage", "regulation", "solar", "peak_shaving", "standby"}


def test_years_of_other_sources_are_told_and_not_counted(fleet, tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "years.jsonl"
    fleet.append(path, year_of(fleet, 20_000, made_by="older"))
    fleet.append(path, year_of(fleet, 20_001, made_by=fleet.hash_of_sources()))
    monkeypatch.setattr(sys, "argv", ["health_fleet_years.py", str(path), "--no-run", "--json"])
    fleet.main()
    answer = json.loads(capsys.readouterr().out)
    assert answer["machine"]["string_years_of_other_sources"] == 1
    assert answer["figures"][0]["value"] == pytest.approx(240 * 365 / 365.25)
