"""``battuta health plan``: a table or one object, what was assumed, and words for what cannot be planned."""

import json

import polars as pl
import pytest
from typer import Typer
from typer.testing import CliRunner

from battuta.domain.errors import BattutaError
from battuta.domain.health import FaultClass
from battuta.interfaces.cli.health_plan import plan, say_age
from battuta.interfaces.cli.health_words import finding_json
from unit.health.maintenance_cases import TODAY, finding

FOUND = [
    finding(17, days=(20.0, 50.0, 140.0)),
    finding(99, probability=0.02),
    finding(None, fault=FaultClass.COOLING),
]
app = Typer()
app.command()(plan)


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "findings.json"
    rows = [{**finding_json(each), "probability": each.probability} for each in FOUND]
    path.write_text(json.dumps({"findings": rows}))

    def planned(*words):
        given = [str(path), "--windows", "2026-12-14:16,2027-02-01:24", "--today", "2026-11-27", *words]
        return CliRunner().invoke(app, given)

    return planned


def test_the_object_has_the_plan_rules_orders_and_what_was_assumed(run) -> None:
    said = json.loads(run("--json", "--set", "n_spares=0", "--set", "lead_days=10").stdout)
    assert {each["module"]: each["visit"] for each in said["modules"]} == {1: "2026-12-14", 6: None}
    assert said["expected_cost"] == pytest.approx(sum(said["costs"].values()))
    assert said["expected_cost"] <= min(said["rules"].values())
    assert said["orders"] == [{"by": "2026-12-04", "modules": 1, "use": "2026-12-14"}]
    assert len(said["sensitivity"]) == 6
    assert said["left_out"] == ["S1, cooling: another module would not mend it"]
    assert "module_cost" in said["assumed"]
    assert "n_spares" not in said["assumed"]


def test_people_read_tables_and_what_to_order(run, tmp_path) -> None:
    result = run("--set", "lead_days=10", "--out", str(tmp_path / "modules.csv"))
    assert result.exit_code == 0
    assert "exchange all in next window" in result.stdout
    assert "Order 1 by 2026-12-04, for 2026-12-14." in result.stdout
    assert "assumed, not stated: currency" in result.stderr
    assert pl.read_csv(tmp_path / "modules.csv").height == 2


def test_nothing_to_exchange_is_said(run, tmp_path) -> None:
    (tmp_path / "findings.json").write_text('{"findings": []}')
    result = run()
    assert result.exit_code == 0
    assert "No module to exchange" in result.stdout
    assert "Expected cost" not in result.stdout
    assert "Were it otherwise" not in result.stdout


def test_a_window_beyond_what_is_counted_is_refused(run) -> None:
    result = run("--set", "horizon_days=10")
    assert isinstance(result.exception, BattutaError)
    assert "outside the 10 days" in str(result.exception)


def test_a_wrong_setting_is_refused(run) -> None:
    assert "no setting" in str(run("--set", "modul=3").exception)


def test_findings_of_long_ago_are_said_to_be_old(run, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert "the newest finding" not in run().stderr
    assert "cells (from 0)" in run().stdout
    say_age([finding(age_days=30.0)], TODAY)
    assert capsys.readouterr().err == ""
    say_age([finding(age_days=400.0), finding(age_days=31.0)], TODAY)
    said = capsys.readouterr().err
    assert "the newest finding was told on 2026-10-27, 31 days before 2026-11-27: scan newer telemetry first" in said
