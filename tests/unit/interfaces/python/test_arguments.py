"""A wrong kind of argument is named with the call and the mend, before anything is done."""

from pathlib import Path

import pytest

import battuta as bt
from battuta.domain.errors import UsageError

PRICES = bt.synthetic_prices(seed=7, n_days=20)
SITE = bt.Site.from_file("examples/site.toml")


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
    ],
)
def test_a_wrong_kind_is_named(call, what):
    with pytest.raises(UsageError, match=what):
        call()


def test_iterators_are_lists_too():
    result = bt.backtest(PRICES, SITE, (name for name in ("idle", "fixed_time")), test_days=2)
    assert set(result.table["strategy"]) == {"idle", "fixed_time", "oracle_day"}
