"""The four scores of the EPF benchmark, from the published forecasts to the published table, digit by digit."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from battuta.numerics import scores

EXPECTED = tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))
N_TEST, N_WEEK = 728 * 24, 7 * 24


@pytest.mark.parametrize("market", EXPECTED)
@pytest.mark.parametrize("model", ["LEAR", "DNN"])
def test_the_table(data_dir, market, model):
    prices = pd.read_csv(data_dir / "trading" / f"epf_{market}.csv.gz", index_col=0).iloc[:, 0]
    forecasts = pd.read_csv(data_dir / "trading" / f"epf_forecasts_{market}.csv.gz", index_col=0)
    assert forecasts.index.equals(prices.index[-N_TEST:])
    came, week_ago = prices.to_numpy()[-N_TEST:], prices.to_numpy()[-N_TEST - N_WEEK : -N_WEEK]
    said = forecasts[f"{model} Ensemble"].to_numpy()
    expected = EXPECTED[market][model]
    assert round(scores.mae(came, said), 3) == expected["mae"]
    assert round(scores.rmae(came, said, week_ago), 3) == expected["rmae"]
    assert round(100.0 * scores.smape(came, said), 2) == expected["smape_percent"]
    assert round(scores.rmse(came, said), 2) == expected["rmse"]
