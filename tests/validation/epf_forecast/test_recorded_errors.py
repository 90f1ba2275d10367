"""Errors on real days of the EPF benchmark stay what they were when they were recorded, beside the published ones.

They are here to see that no change of the code changes a forecast by accident. 28 days say little about which forecast
is better: on these, the published mean of the four windows of LEAR errs 5 % less than ours.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from battuta.app.prices import PriceRequest, load_prices
from battuta.domain.prices import History
from battuta.forecast.day_table import DayTable
from battuta.forecast.member import blocks, run_block
from battuta.forecast.price_model import PriceModel, by_family

RECORDED = tomllib.loads(Path(__file__).with_name("recorded.toml").read_text(encoding="utf-8"))
N_DAYS = 28
CASES = [(market, family) for market, case in RECORDED.items() for family in case["mae"]]


def real_days(data_dir, market):
    request = PriceRequest(path=data_dir / "trading" / f"epf_{market}.csv.gz", source="epf", currency="EUR")
    table = DayTable(History(load_prices(request).series))
    first = len(table.dates) - RECORDED[market]["days_before_end"]
    assert table.dates[first] == RECORDED[market]["first"]
    return table, first, table.prices_per_mwh(first, first + N_DAYS)


@pytest.mark.slow
@pytest.mark.parametrize(("market", "family"), CASES)
def test_a_family_errs_as_recorded(data_dir, market, family):
    table, first, came = real_days(data_dir, market)
    members = PriceModel(families=(family,)).members
    rows = [row for block in blocks(table, first, first + N_DAYS) for row in run_block(table, members, *block)]
    said = np.array([by_family(row.values)[family] for row in rows])
    assert np.abs(said - came).mean() == pytest.approx(RECORDED[market]["mae"][family], rel=0.01)


@pytest.mark.parametrize("column", RECORDED["NP"]["published"])
def test_the_published_forecasts_err_as_recorded(data_dir, column):
    _, _, came = real_days(data_dir, "NP")
    path = data_dir / "trading" / "epf_forecasts_NP.csv.gz"
    request = PriceRequest(path=path, source="epf_forecast", currency="EUR", price_column=column)
    said = load_prices(request).series.price_per_mwh[: N_DAYS * 24].reshape(N_DAYS, 24)
    assert np.abs(said - came).mean() == pytest.approx(RECORDED["NP"]["published"][column], rel=1e-3)
