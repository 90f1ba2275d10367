"""What the command tells of a forecast: the figures, what they lack, and the label."""

from datetime import date

import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.markets.simulated import simulated_prices
from battuta.app import forecasts
from battuta.interfaces.cli.forecast_words import issue_summary, print_issue, print_scores, summary

SERIES = simulated_prices(8, date(2026, 1, 1), 50)
LABEL = SERIES.money_label


@pytest.fixture(scope="module")
def scored():
    return forecasts.evaluate(SERIES, 2, ("lear",), compute=LocalCompute(1), n_paths=20)


@pytest.fixture(scope="module")
def published(scored):
    return forecasts.score_published(scored, SERIES, "insider")


def test_a_test_as_json(scored, published):
    told = summary(scored, published, LABEL)
    assert {"mae", "rmae", "smape", "rmse", "mae_naive", "crps", "crps_baseline", "coverage_90"} < set(told)
    assert (told["days"], told["first_day"], told["last_day"]) == (2, "2026-02-18", "2026-02-19")
    assert (told["model"], told["currency"], told["is_synthetic"], told["label"]) == ("lear", "EUR", True, LABEL)
    assert told["mae_members"]["lear"] > 0.0
    assert len(told["coverage_90_quarters"]) == 1
    assert told["published"]["mae"] == 0.0
    assert told["paths"]["energy_score"] > 0.0
    without = summary(forecasts.evaluate(SERIES, 1, ("lear",), compute=LocalCompute(1)), None, LABEL)
    assert {"published", "paths"} & set(without) == set()


def test_a_test_in_words(scored, published, capsys):
    print_scores(scored, published, LABEL)
    out = capsys.readouterr().out
    for word in ("MAE EUR/MWh", "similar day", "rMAE", "sMAPE", "CRPS", "90 % band", "energy score", "insider", LABEL):
        assert word in out
    assert "Diebold-Mariano p = " in out


def test_an_issue_as_json_and_in_words(capsys):
    issued = forecasts.issue(SERIES.slice(slice(0, 30 * 24)), ("lear",), n_paths=2)
    told = issue_summary(issued, LABEL, 1.5)
    assert (told["day"], told["known_at"], told["seconds"]) == ("2026-01-31", "2026-01-30T11:00:00+00:00", 1.5)
    assert len(told["point"]) == len(told["time"]) == len(told["quantiles"]["q05"]) == 24
    assert len(told["quantiles"]) == 99
    assert len(told["paths"]) == 2
    assert told["notes"][-1] == "no model can speak: the similar day stands in"
    print_issue(issued, LABEL, 1.5)
    out = capsys.readouterr().out
    for word in ("2026-01-31, EUR/MWh", "P5", "P95", "23:00", "2026-01-30 12:00", "similar day stands in", LABEL):
        assert word in out
