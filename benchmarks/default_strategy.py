"""Which simple strategy `battuta run` should trade: chosen on the 364 days before the official test, never on it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from battuta.app.assets import default_site
from battuta.app.prices import PriceRequest, load_prices
from battuta.studies.backtest import run_backtest

DATA = Path(os.environ.get("BATTUTA_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "trading"
MARKETS = ("NP", "FR", "DE", "BE", "PJM")
CANDIDATES = ("persistence", "similar_day", "median_profile_28d", "fixed_time_refitted")
OFFICIAL_TEST_HOURS = 728 * 24
VALIDATION_DAYS = 364


def main() -> int:
    """Print the captured share of each candidate on each market's validation year, as one JSON object."""
    shares: dict[str, dict[str, float]] = {}
    for market in MARKETS:
        whole = DATA / f"epf_{market}.csv.gz"
        path = whole if whole.is_file() else DATA / f"epf_{market}_before_test.csv.gz"
        request = PriceRequest(path=path, source="epf", currency="USD" if market == "PJM" else "EUR")
        series = load_prices(request).series
        held_back = OFFICIAL_TEST_HOURS if path == whole else 0
        series = series.slice(slice(0, series.n_times - held_back))
        result = run_backtest(series, default_site(series.currency, "UTC"), CANDIDATES, VALIDATION_DAYS)
        shares[market] = {name: result.captured(name) for name in CANDIDATES}
    best = {market: max(row, key=row.__getitem__) for market, row in shares.items()}
    print(json.dumps({"captured": shares, "best": best}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
