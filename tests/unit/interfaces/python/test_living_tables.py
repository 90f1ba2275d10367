"""Deliveries as a table: one row per interval and site, marked synthetic."""

import polars as pl
import pytest

from battuta.app.living_request import RunRequest
from battuta.app.living_result import finish
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import live_in_lockstep
from battuta.app.prices import synthetic_prices
from battuta.interfaces.python.living_tables import delivery_frame, write_deliveries


def test_one_row_per_interval_and_site(tmp_path) -> None:
    request = RunRequest(n_sites=2, duration_s=600, has_journal=False)
    run = LivingRun(request, synthetic_prices(1, 60), living_site(), tmp_path)
    live_in_lockstep(run, float("inf"), lambda _: None)
    result = finish(run)
    frame = delivery_frame(result)
    assert frame.columns == ["time", "site", "power_kw", "price_per_mwh", "revenue", "is_synthetic"]
    assert frame["site"].to_list() == [0, 1]
    assert frame["is_synthetic"].all()
    assert frame["revenue"].sum() == pytest.approx(result.revenue, rel=1e-9)
    write_deliveries(result, tmp_path / "deliveries.csv")
    assert pl.read_csv(tmp_path / "deliveries.csv").height == 2
