"""``battuta health site``: findings around the cells as a table or one object, and what was not looked for."""

import json

import numpy as np
import polars as pl
import pytest
from typer import Typer
from typer.testing import CliRunner

from battuta.adapters.telemetry.site_parquet import write_site_log
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.interfaces.cli.health_site import measured_text, site
from unit.health.site_logs import RAMP, noise, site_log

app = Typer()
app.command()(site)


@pytest.fixture
def run(tmp_path):
    def checked(*words, leak=0.3):
        path = write_site_log(site_log(coolant_level=0.8 - leak * RAMP + noise(0.005)), tmp_path / "site.parquet")
        return CliRunner().invoke(app, [str(path), *words])

    return checked


def test_an_object_names_what_was_found_and_what_nobody_looked_for(run, tmp_path) -> None:
    result = run("--json", "--out", str(tmp_path / "findings.csv"))
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert {each["kind"] for each in said["findings"]} == {"coolant_level"}
    assert said["tested"] == ["coolant_level"]
    assert "insulation" in said["not_tested"]
    assert pl.read_csv(tmp_path / "findings.csv").height == len(said["findings"])


def test_people_get_a_table(run) -> None:
    said = run().stdout
    assert "coolant level" in said
    assert "(from 0)" not in said
    assert "Looked for: coolant level." in said
    assert "Not looked for, as no data tells of it: insulation" in said


def test_a_sound_site_has_no_finding(run) -> None:
    assert "No finding in" in run(leak=0.0).stdout


def test_the_log_is_not_written_over(run, tmp_path) -> None:
    assert run("--out", str(tmp_path / "site.parquet")).exit_code != 0


def test_a_column_without_data_was_not_looked_at(tmp_path) -> None:
    log = site_log(coolant_level=0.8 + noise(0.005), coolant_pressure_bar=noise(0.0) * np.nan)
    result = CliRunner().invoke(app, [str(write_site_log(log, tmp_path / "site.parquet")), "--json"])
    said = json.loads(result.stdout)
    assert said["tested"] == ["coolant_level"]
    assert "coolant_pressure" in said["not_tested"]
    assert "coolant_pressure_bar has no data" in said["remarks"][0]


def test_a_logarithm_is_said_in_ohm() -> None:
    evidence = {
        "insulation_log10_ohm": 5.85, "change_of_insulation_log10_ohm": -1.0, "score": 9.0, "trend_per_day": -0.01,
    }  # fmt: skip
    found = Finding(
        string_id="site", cell=None, fault=FaultClass.INSULATION, level=FindingLevel.PLAN, since_ns=0, found_ns=1,
        probability=0.5, evidence=evidence,
    )  # fmt: skip
    said = measured_text(found)
    assert said == "insulation 707,946 ohm, change: times 0.1, score 9, trend a day: times 0.977"
