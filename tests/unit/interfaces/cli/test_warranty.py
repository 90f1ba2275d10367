"""``battuta warranty``: a table, JSON, and errors that say what to mend."""

import json

import pytest
from typer.testing import CliRunner

from battuta.domain.errors import BattutaError
from battuta.interfaces.cli.main import app
from unit.app.warranty_case import records


def asked(tmp_path, *more):
    records(3 * 1440).write_parquet(tmp_path / "log.parquet")
    words = ["warranty", "assumed_314ah", str(tmp_path / "log.parquet"), "--start", "2027-01-01"]
    return CliRunner().invoke(app, [*words, "--installed-mwh", "5.0", *more], catch_exceptions=True)


def test_a_table_with_its_labels(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    said = asked(tmp_path).stdout
    assert "SYNTHETIC records; the warranty is ASSUMED, nobody signed it" in said
    assert "as of 2027-01-04 00:00 UTC, 4,320 records" in said
    assert "soh_capacity: no test of a time for which a floor is promised on record to judge it by" in said
    assert said.splitlines()[-1] == "no clause is broken"


def test_json_is_one_object(tmp_path):
    found = json.loads(asked(tmp_path, "--json", "--until", "2027-02-01T00:00+00:00").stdout)
    assert found["is_synthetic"]
    assert found["first_breach"] == "2027-01-11T00:00:00+00:00", "168 hours of silence after the third day"
    assert found["clauses"]["missing_hours_per_year"]["margin"] == pytest.approx(168 - 28 * 24)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--start", "tomorrow"), "--start 'tomorrow' is no day"),
        (("--until", "2027-02-01"), "--until '2027-02-01' is no instant with its offset"),
        (("--opened", "2026-02-01T00:00Z"), "lies outside the term"),
        (("--start", "0001-01-01"), "start_year = 1 is outside [1990, 2100]"),
        (("--start", "9999-12-31"), "start_year = 9999 is outside [1990, 2100]"),
        (("--until", "9999-12-31T00:00Z"), "time 9999-12-31T00:00:00+00:00 is out of reach"),
        (("--installed-mwh", "1e30"), "installed_mwh = 1e+30 MWh is outside (0, 1e+06] MWh"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, more, said):
    error = asked(tmp_path, *more).exception
    assert isinstance(error, BattutaError)
    assert said in str(error)


def test_the_memory_is_not_written_over_what_is_read(tmp_path):
    error = asked(tmp_path, "--state", str(tmp_path / "log.parquet")).exception
    assert isinstance(error, BattutaError)
