"""Prices are fetched over real sockets into a file that reads back the same; token and cache are found here only."""

from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.markets.energy_charts.fake import CC_BY, FakeEnergyCharts
from battuta.adapters.markets.entsoe.fake import FakeEntsoe
from battuta.app.fetch_prices import PriceService, PriceWish, cache_folder, fetch_prices
from battuta.app.prices import PriceRequest, load_prices
from battuta.domain.errors import DataError, SourceUnavailableError, UsageError


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("BATTUTA_ENTSOE_TOKEN", raising=False)
    return tmp_path / "cache"


def wish(service, **changes):
    settings = {"zone_code": "DE-LU", "first_day": "2026-01-30", "last_day": "2026-02-02"}
    return PriceWish(service=service, **(settings | changes))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("service", PriceService)
def test_what_was_fetched_is_read_back_without_loss(service, ending, tmp_path, monkeypatch):
    monkeypatch.setenv("BATTUTA_ENTSOE_TOKEN", "a-token")
    path = tmp_path / f"prices.{ending}"
    fake = FakeEnergyCharts() if service is PriceService.ENERGY_CHARTS else FakeEntsoe()
    with fake.serve() as server:
        fetched = fetch_prices(wish(service, base_url=server.base_url), path)
    again = load_prices(PriceRequest(path=path, zone=fetched.series.zone)).series
    assert np.array_equal(again.time_ns, fetched.series.time_ns)
    assert np.array_equal(again.price_per_mwh, fetched.series.price_per_mwh)
    assert (again.currency, again.step, again.n_times) == ("EUR", fetched.series.step, 4 * 96)
    assert not again.is_synthetic
    assert fetched.licence == CC_BY or service is PriceService.ENTSOE
    assert list(tmp_path.glob(".part-*")) == []


def test_a_kept_answer_serves_offline(tmp_path):
    with FakeEnergyCharts().serve() as server:
        asked = wish(PriceService.ENERGY_CHARTS, base_url=server.base_url)
        fetch_prices(asked, tmp_path / "first.csv")
    kept = fetch_prices(
        wish(PriceService.ENERGY_CHARTS, base_url=asked.base_url, is_offline=True), tmp_path / "second.csv"
    )
    assert kept.from_cache
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "second.csv").read_bytes()
    with pytest.raises(SourceUnavailableError, match="offline, and no answer is kept"):
        fetch_prices(wish(PriceService.ENERGY_CHARTS, is_offline=True), tmp_path / "third.csv")


def test_what_cannot_be_asked_is_refused_before_anyone_is_asked(tmp_path):
    with pytest.raises(UsageError, match="BATTUTA_ENTSOE_TOKEN"):
        fetch_prices(wish(PriceService.ENTSOE), tmp_path / "a.csv")
    for changes, found in (
        ({"first_day": "January"}, "--start 'January' is not a date"),
        ({"last_day": "9999-12-31"}, "--end 9999-12-31 is outside 1990 to 2100"),
        ({"zone_code": "MOON"}, "'MOON' is not known"),
        ({"last_day": "2025-01-01"}, "is empty"),
    ):
        with pytest.raises(UsageError, match=found):
            fetch_prices(wish(PriceService.ENERGY_CHARTS, is_offline=True, **changes), tmp_path / "a.csv")
    with pytest.raises(UsageError, match=r"must end in \.csv or \.parquet"):
        fetch_prices(wish(PriceService.ENERGY_CHARTS), tmp_path / "a.xlsx")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with FakeEnergyCharts().serve() as server, pytest.raises(DataError, match="cannot be written"):
        fetch_prices(wish(PriceService.ENERGY_CHARTS, base_url=server.base_url), tmp_path / "none" / "a.csv")


def test_the_cache_is_the_users(cache, monkeypatch):
    assert cache_folder(PriceService.ENTSOE) == cache / "battuta" / "prices" / "entsoe"
    (cache / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "file"))
    assert cache_folder(PriceService.ENTSOE) is None
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setattr(Path, "home", lambda: cache)
    found = cache_folder(PriceService.ENTSOE)
    assert found is not None
    assert found.is_relative_to(cache)
