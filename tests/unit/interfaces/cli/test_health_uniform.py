"""``battuta health uniform``: a table by model, and one JSON object."""

import json

import pytest
from typer.testing import CliRunner

from battuta.domain.errors import UsageError
from battuta.health.ageing_arms_table import Gain
from battuta.interfaces.cli.health import app

FEW = ["uniform", "--ways", "passive,active", "--models", "naumann_lfp,lfp_250ah", "--strings", "5", "--threads", "1"]


def test_machines_read_lives_gains_and_orders() -> None:
    result = CliRunner().invoke(app, [*FEW, "--json"])
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert said["is_synthetic"]
    assert (said["modules"], said["strings"], said["years"], said["models"]) == (
        24, 5, 20, ["naumann_lfp", "lfp_250ah"],
    )  # fmt: skip
    active = said["ways"]["active"]
    gain = active["life_over_passive"]
    assert 0.0 < gain["p10"] <= gain["mean"] <= gain["p90"]
    assert said["ways"]["passive"]["life_over_passive"]["mean"] == 0.0
    assert set(active["by_model"]) == {"naumann_lfp", "lfp_250ah"}
    assert active["by_model"]["lfp_250ah"]["life_years"] > active["by_model"]["naumann_lfp"]["life_years"]
    assert 0.9 < active["delivered_share"] <= 1.0
    assert said["order"]["naumann_lfp"] == ["active", "passive"]
    assert said["disputed"] == []


def test_people_read_a_table_that_says_it_is_synthetic() -> None:
    result = CliRunner().invoke(app, FEW)
    assert result.exit_code == 0
    assert "SYNTHETIC" in result.stdout
    assert "5 strings of 24 modules under each of 2 models" in result.stdout
    assert "All models put the ways in the same order." in result.stdout
    assert "lfp_250ah" in result.stdout


def test_names_that_are_not_there_are_refused() -> None:
    refused = CliRunner().invoke(app, ["uniform", "--models", "mine"])
    assert isinstance(refused.exception, UsageError)
    assert "no ageing model is named 'mine'" in str(refused.exception)
    refused = CliRunner().invoke(app, ["uniform", "--ways", "passive,magic"])
    assert "no way of using a string is named 'magic'" in str(refused.exception)


def test_what_models_disagree_about_is_said_with_each_ones_gain() -> None:
    from battuta.interfaces.cli.health_uniform import disputed_words

    class Found:
        laws = ("one", "two")

        def disputed(self):
            return (("steered", "even"),)

        def gain(self, a, b, law):
            return Gain(mean=0.01 if law == "one" else -0.02, low=0.0, high=0.0, error=0.0)

    assert disputed_words(Found()) == ("Models disagree about steered over even: one +1.0 %; two -2.0 %.",)


@pytest.mark.parametrize("one", [["--models", "lfp_250ah"]])
def test_one_model_says_nothing_of_agreement(one) -> None:
    result = CliRunner().invoke(app, ["uniform", "--ways", "passive,low_window", "--strings", "2", *one])
    assert "models" in result.stdout
    assert "disagree" not in result.stdout
    assert "same order" not in result.stdout
