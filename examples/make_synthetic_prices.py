"""Write `synthetic_prices.csv`: 90 days of hourly prices of a market that never was, for tutorials.

Run it from anywhere: `python examples/make_synthetic_prices.py`. Same seed, same bytes.
"""

from datetime import date
from pathlib import Path

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.time import from_ns, zone_of

SEED = 2026
START = date(2026, 3, 1)  # 90 days with the short day of spring, 29 March
N_DAYS = 90
FILE = Path(__file__).with_name("synthetic_prices.csv")


def synthetic_csv() -> str:
    """The file as text: times with offset, prices, the forecasts that drove them, and the mark that it is synthetic."""
    prices = simulated_prices(SEED, START, N_DAYS)
    zone = zone_of(prices.zone)
    rows = [f"time,price_eur_per_mwh,{','.join(prices.columns)},is_synthetic"]
    for index, time_ns in enumerate(prices.time_ns):
        label = from_ns(int(time_ns)).astimezone(zone).isoformat(timespec="minutes")
        forecasts = ",".join(f"{column.values[index]:.0f}" for column in prices.columns.values())
        rows.append(f"{label},{prices.price_per_mwh[index]:.2f},{forecasts},true")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    FILE.write_text(synthetic_csv(), encoding="utf-8")
    print(f"wrote {FILE}")
