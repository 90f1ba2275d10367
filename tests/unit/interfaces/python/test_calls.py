import polars as pl
import pytest

import battuta as bt


@pytest.fixture(scope="module")
def prices():
    return bt.read_prices("examples/synthetic_prices.csv", zone="Europe/Berlin")


def test_a_backtest_reads_like_the_trade(prices):
    site = bt.Site.from_file("examples/site.toml")
    result = bt.backtest(prices, site, strategies=["similar_day", "idle"], test_days=7)
    assert result.table["strategy"].to_list() == ["oracle_day", "similar_day", "idle"]
    assert result.steps.height == 3 * 7 * 24
    assert result.plot.dispatch().data


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow"])
def test_frames_of_every_make_give_the_same_series(prices, kind):
    frame = pl.read_csv("examples/synthetic_prices.csv")
    frame = {"polars": frame, "pandas": frame.to_pandas(), "arrow": frame.to_arrow()}[kind]
    series = bt.read_prices(frame, zone="Europe/Berlin")
    assert series.price_per_mwh.tolist() == prices.price_per_mwh.tolist()
    assert series.time_ns.tolist() == prices.time_ns.tolist()


def test_what_is_no_frame_is_refused():
    with pytest.raises(bt.BattutaError, match="is no data frame"):
        bt.read_prices(42)


def test_a_plan_explains_itself(prices):
    site = bt.Site.from_file("examples/site.toml")
    plan = bt.schedule(prices.slice(slice(0, 24)), site)
    assert plan.table.height == 24
    assert plan.table["reason"].str.contains("held by").all()
    assert "objective" in plan._repr_html_()


def test_synthetic_prices_say_so():
    result = bt.backtest(bt.synthetic_prices(3, 40), bt.Site.from_file("examples/site.toml"), ["idle"], test_days=2)
    assert "SYNTHETIC" in result._repr_html_()
