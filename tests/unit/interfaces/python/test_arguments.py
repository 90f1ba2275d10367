"""A wrong kind of argument is named with the call and the mend, before anything is done."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

import battuta as bt
from battuta.domain.errors import UsageError
from battuta.interfaces.python.arguments import listed_days, listed_kind

PRICES = bt.synthetic_prices(seed=7, n_days=20)
SITE = bt.Site.from_file("examples/site.toml")


def site(**changes):
    return bt.forecast_site(**{"site": "a.csv", "what": "load", "zone": "UTC", **changes})


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: bt.forecast("prices.csv"), "bt.forecast: prices is of type str .*read it with bt.read_prices"),
        (lambda: bt.forecast(PRICES, test_days="7"), "bt.forecast: test_days is of type str .'7'., not a whole number"),
        (lambda: bt.forecast(PRICES, test_days=2.0), "test_days is of type float"),
        (lambda: bt.forecast(PRICES, test_days=True), "test_days is of type bool"),
        (lambda: bt.forecast(PRICES, families="lear"), r"families is of type str .*write it as \['lear'\]"),
        (lambda: bt.forecast(PRICES, families=[1]), "an entry of families is of type int"),
        (lambda: bt.forecast(PRICES, known_columns=3), "known_columns is of type int"),
        (lambda: bt.issue_forecast(None), "bt.issue_forecast: prices is of type NoneType"),
        (lambda: bt.issue_forecast(PRICES, n_paths="a"), "n_paths is of type str"),
        (lambda: bt.backtest(PRICES, "site.toml"), "bt.backtest: site is of type str .*bt.Site.from_file"),
        (lambda: bt.backtest([1.0], SITE), "bt.backtest: prices is of type list"),
        (lambda: bt.backtest(PRICES, SITE, "idle"), r"strategies is of type str .*write it as \['idle'\]"),
        (lambda: bt.backtest(PRICES, SITE, ["idle"], test_days=None), "test_days is of type NoneType"),
        (lambda: bt.backtest(PRICES, SITE, ["idle"], forecast=Path("a")), "bt.backtest: forecast is of type "),
        (lambda: bt.schedule(PRICES, None), "bt.schedule: site is of type NoneType"),
        (lambda: bt.synthetic_prices("a", 3), "bt.synthetic_prices: seed is of type str"),
        (lambda: bt.read_prices("a.csv", allow="gap"), "bt.read_prices: allow is of type str"),
        (lambda: bt.read_prices("a.csv", gate=12), r"bt.read_prices: gate is of type int \(12\), not a text"),
        (lambda: bt.read_prices("a.csv", holidays=3), "holidays is of type int"),
        (lambda: bt.read_prices("a.csv", zone=5), "zone is of type int"),
        (lambda: bt.read_prices("a.csv", currency=5), "currency is of type int"),
        (lambda: bt.forecast(PRICES, keep=5), "bt.forecast: keep is of type int .5., not a path"),
        (lambda: bt.forecast(PRICES, keep=""), "bt.forecast: keep is empty; name a file or folder"),
        (lambda: bt.issue_forecast(PRICES, vintages=b"x"), "vintages is of type bytes"),
        (lambda: bt.schedule(PRICES, SITE, soc_start="half"), "bt.schedule: soc_start is of type str"),
        (lambda: bt.backtest(PRICES, SITE, ["idle"], test_days=2).report(None), "report: path is of type NoneType"),
        (lambda: site(free_days=["2024-01-01"]), "an entry of free_days is of type str .*date.2026, 12, 24."),
        (lambda: site(free_days="2024-01-01"), "bt.forecast_site: free_days is of type str"),
        (lambda: site(free_days=5), "free_days is of type int"),
        (lambda: site(weather=pl.DataFrame()), "weather is of type DataFrame.*not a weather file"),
        (lambda: site(weather=5), "weather is of type int"),
        (lambda: site(test_days="1"), "test_days is of type str"),
        (lambda: site(issue_every="1h"), "issue_every is of type str .*timedelta.minutes=105."),
        (lambda: site(zone=5), "zone is of type int"),
        (lambda: site(what=["load"]), "what is of type list"),
        (lambda: site(latitude_deg="a"), "latitude_deg is of type str"),
        (lambda: bt.issue_site_forecast("a.csv", what="load", zone=5), "bt.issue_site_forecast: zone is of type int"),
    ],
)
def test_a_wrong_kind_is_named(call, what):
    with pytest.raises(UsageError, match=what):
        call()


def test_a_moment_is_taken_for_its_day():
    moment = datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert listed_days("bt.forecast_site", "free_days", [moment, date(2026, 1, 1)]) == {
        date(2026, 12, 24),
        date(2026, 1, 1),
    }


def test_iterators_are_lists_too():
    result = bt.backtest(PRICES, SITE, (name for name in ("idle", "fixed_time")), test_days=2)
    assert set(result.table["strategy"]) == {"idle", "fixed_time", "oracle_day"}


def test_a_list_of_one_kind_is_taken_and_all_else_named():
    given = {"neither": "a path", "mend": "give paths"}
    assert listed_kind("bt.f", "x", iter([date(2026, 1, 1)]), date, **given) == (date(2026, 1, 1),)
    for value, words in (
        (date(2026, 1, 1), "x is of type date, neither a path nor a list of dates; give paths"),
        ({}, "x is of type dict"),
        (3, "x is of type int"),
        ([date(2026, 1, 1), 4], "bt.f: int is no date; give paths"),
    ):
        with pytest.raises(UsageError, match=words):
            listed_kind("bt.f", "x", value, date, **given)
