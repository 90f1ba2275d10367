"""``battuta twin`` from the command line."""

import polars as pl
import pytest
from typer.testing import CliRunner

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.main import app
from unit.studies.life_case import example_file


def test_a_study_is_printed_and_its_lives_written(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    path, out = example_file(tmp_path), tmp_path / "lives.parquet"
    found = CliRunner().invoke(app, ["twin", str(path), "--lives", "6", "--out", str(out), "--threads", "1"])
    assert found.exit_code == 0, found.output
    assert "6 lives of 3 years" in found.stdout
    assert "IRR of the equity" in found.stdout
    assert pl.read_parquet(out).height == 3 * 6 * 3


def test_what_is_no_report_is_refused_before_anything_is_done(tmp_path):
    found = CliRunner().invoke(app, ["twin", str(tmp_path / "no.toml"), "--report", "a.doc"])
    assert isinstance(found.exception, UsageError)
    assert ".pdf or a .html" in str(found.exception)


def test_a_wear_table_is_a_json_file_and_is_written_last(tmp_path):
    path, table = example_file(tmp_path), tmp_path / "wear.json"
    found = CliRunner().invoke(app, ["twin", str(path), "--wear-table", str(tmp_path / "wear.csv")])
    assert isinstance(found.exception, UsageError)
    assert "a wear table is a .json file" in str(found.exception)
    found = CliRunner().invoke(app, ["twin", str(path), "--spread-per-mwh", "60"])
    assert "--wear-table FILE.json" in str(found.exception)
    asked = ["twin", str(path), "--lives", "3", "--threads", "1", "--wear-table", str(table), "--spread-per-mwh", "60"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0, found.output
    assert "wear table of base in EUR" in found.stderr
    assert '"currency": "EUR"' in table.read_text()


@pytest.mark.parametrize("option", ["--out", "--report", "--wear-table"])
def test_no_result_takes_the_place_of_a_file_that_the_study_names(tmp_path, option):
    path, name = example_file(tmp_path), {"--out": "soh.csv", "--report": "a.pdf", "--wear-table": "a.json"}[option]
    (tmp_path / name).write_text("days,soh_capacity\n365,0.97\n")
    path.write_text(f'{path.read_text()}\n[telemetry]\npath = "{name}"\nlived_as = "base"\ndeviation = 0.01\n')
    found = CliRunner().invoke(app, ["twin", str(path), option, str(tmp_path / name)])
    assert isinstance(found.exception, UsageError), found.output
    assert f"would overwrite {tmp_path / name}, which is read" in str(found.exception)
    assert (tmp_path / name).read_text().startswith("days")


def test_a_spread_that_is_no_price_is_refused_before_anything_is_done(tmp_path):
    asked = ["twin", str(tmp_path / "no.toml"), "--wear-table", "a.json", "--spread-per-mwh", "nan"]
    found = CliRunner().invoke(app, asked)
    assert isinstance(found.exception, UsageError)
    assert "--spread-per-mwh nan is no price" in str(found.exception)


def test_a_wear_table_that_could_not_be_is_refused_before_a_life_is_lived(tmp_path):
    path = example_file(tmp_path)
    path.write_text(f"{path.read_text()}\n[augmentation]\ncost_per_kwh = 120.0\nsoh_energy_floor = 0.8\n")
    found = CliRunner().invoke(app, ["twin", str(path), "--wear-table", str(tmp_path / "wear.json")])
    assert isinstance(found.exception, UsageError), found.output
    assert "strings are of several ages" in str(found.exception)
    assert "living" not in found.stderr
