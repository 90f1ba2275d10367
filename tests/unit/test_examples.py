"""The bundled example is synthetic, says so, and can be made again byte for byte."""

import csv
import runpy
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from battuta.adapters.files.asset_file import read_site

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_prices_are_those_that_the_script_writes():
    made = runpy.run_path(str(EXAMPLES / "make_synthetic_prices.py"))["synthetic_csv"]()
    assert made == (EXAMPLES / "synthetic_prices.csv").read_text(encoding="utf-8")


def test_the_prices_are_ninety_days_of_hours_with_a_short_one():
    with (EXAMPLES / "synthetic_prices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    assert len(rows) == 90 * 24 - 1
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(hours=1)}
    assert {time.utcoffset() for time in times} == {timedelta(hours=1), timedelta(hours=2)}
    assert min(float(row["price_eur_per_mwh"]) for row in rows) < 0.0


def test_the_site_is_a_site():
    site = read_site(EXAMPLES / "site.toml")
    assert (site.battery.power_kw, site.battery.energy_kwh) == (1000.0, 2000.0)
    assert (site.timezone, site.currency) == ("Europe/Berlin", "EUR")
    assert 0.85 < site.battery.efficiency_charge * site.battery.efficiency_discharge < 0.92


def test_every_row_of_the_prices_says_that_it_is_synthetic():
    with (EXAMPLES / "synthetic_prices.csv").open(encoding="utf-8", newline="") as file:
        assert {row["is_synthetic"] for row in csv.DictReader(file)} == {"true"}


def test_the_battery_of_the_benchmark_is_that_of_the_published_table():
    battery = read_site(EXAMPLES / "benchmark_site.toml").battery
    assert (battery.power_kw, battery.energy_kwh, battery.soc_end) == (1000.0, 2000.0, 0.0)
    assert abs(battery.efficiency_charge * battery.efficiency_discharge - 0.85) < 1e-12
