"""``battuta twin`` from the command line."""

import polars as pl
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
