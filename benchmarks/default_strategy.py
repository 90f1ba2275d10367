"""Which simple strategy `battuta run` should trade: chosen on the 364 days before the official test, never on it.

`python benchmarks/default_strategy.py --json` prints one object: of each market's validation year the share of the
profit of perfect foresight that each candidate captured, and the best of them. It is a choice, so it has no goal.
"""

from __future__ import annotations

import sys

from figures import DATA, Figure, answer, questions, say

from battuta.app.assets import default_site
from battuta.app.prices import PriceRequest, load_prices
from battuta.studies.backtest import run_backtest

MARKETS = ("NP", "FR", "DE", "BE", "PJM")
CANDIDATES = ("persistence", "similar_day", "median_profile_28d", "fixed_time_refitted")
OFFICIAL_TEST_HOURS = 728 * 24
VALIDATION_DAYS = 364


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    figures: list[Figure] = []
    for market in MARKETS:
        say(market)
        captured = shares(market)
        best = max(captured, key=captured.__getitem__)
        figures += [Figure(name=f"{market}_{name}_captured", value=captured[name], unit="-") for name in CANDIDATES]
        figures.append(Figure(name=f"{market}_best", value=best, unit="-"))
    return answer(figures, as_json=options.json)


def shares(market: str) -> dict[str, float]:
    """Captured share of each candidate on the validation year of a market. [-]"""
    whole = DATA / "trading" / f"epf_{market}.csv.gz"
    path = whole if whole.is_file() else DATA / "trading" / f"epf_{market}_before_test.csv.gz"
    request = PriceRequest(path=path, source="epf", currency="USD" if market == "PJM" else "EUR")
    series = load_prices(request).series
    held_back = OFFICIAL_TEST_HOURS if path == whole else 0
    series = series.slice(slice(0, series.n_times - held_back))
    result = run_backtest(series, default_site(series.currency, "UTC"), CANDIDATES, VALIDATION_DAYS)
    return {name: result.captured(name) for name in CANDIDATES}


if __name__ == "__main__":
    sys.exit(main())
