"""Duties from files: published years of states of charge, what a backtest wrote, and what is no year."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.duty_file import read_duty
from battuta.domain.errors import DataError, InvalidQuantityError

BATTERY = {"power_kw": 1000.0, "energy_kwh": 2000.0}


@pytest.mark.parametrize(
    ("name", "sample_s", "cycles"),
    [
        ("frequency_containment_reserve", 600.0, 233.0),
        ("residential_pv-bess_germany_aggressive", 600.0, 262.0),
        ("commercial_pv-bess_nrel", 900.0, 213.0),
    ],
)
def test_published_years_are_followed(data_dir, name, sample_s, cycles):
    path = data_dir / "twin" / "duty" / f"{name}.parquet"
    year = read_duty(path, **BATTERY)
    soc = pl.read_parquet(path)["SOC"].to_numpy()
    taken_kw = np.where(year.power_kw > 0, year.power_kw / 0.96, year.power_kw * 0.96)
    reached = year.soc_start - np.cumsum(taken_kw) / 60.0 / 2000.0
    assert year.sample_s == sample_s
    every = round(sample_s / 60)
    assert np.abs(reached[every - 1 :: every] - np.append(soc[1:], soc[0])).max() < 1e-9
    assert np.abs(taken_kw).sum() / 60.0 / 4000.0 == pytest.approx(cycles, abs=0.7)


def test_a_published_duty_of_357_days_is_no_year(data_dir):
    with pytest.raises(DataError, match=r"peak_shaving.parquet: 357.00 days .* complete it"):
        read_duty(data_dir / "twin" / "duty" / "commercial_peak_shaving.parquet", **BATTERY)


def backtest(strategies=("shape",), n_days=365):
    n_steps = 96 * n_days
    start = datetime(2025, 1, 1, tzinfo=UTC)
    parts = [
        pl.DataFrame(
            {
                "strategy": [name] * n_steps,
                "time": [start + timedelta(minutes=15 * t) for t in range(n_steps)],
                "power_kw": [250.0 * (t % 2) for t in range(n_steps)],
                "soc": [0.5] * n_steps,
                "price": [30.0] * n_steps,
                "reason": ["power"] * n_steps,
            }
        )
        for name in strategies
    ]
    return pl.concat(parts)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_a_backtest_wrote_is_read_by_its_powers(tmp_path, ending):
    frame, path = backtest(), tmp_path / f"steps.{ending}"
    if ending == "csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path)
    year = read_duty(path, **BATTERY)
    assert year.power_kw[[0, 14, 15, 29, 30]].tolist() == [0.0, 0.0, 250.0, 250.0, 0.0]
    assert year.sample_s == 900.0


@pytest.mark.parametrize(
    ("frame", "error", "words"),
    [
        (backtest(("one", "two")), DataError, "strategies 'one', 'two'; name one of them, or keep the rows"),
        (backtest(n_days=28), DataError, "28.00 days"),
        (
            backtest().drop("power_kw", "soc"),
            DataError,
            "no column of power_kw or states of charge; .* it has strategy",
        ),
        (backtest().drop("power_kw").with_columns(SOC=0.5), DataError, "2 columns"),
        (backtest().with_columns(pl.col("power_kw") * 1000), InvalidQuantityError, "powers in W"),
        (backtest().drop("power_kw").with_columns(pl.col("soc") * 100), InvalidQuantityError, "percent"),
        (backtest().with_columns(power_kw=pl.lit(None)), DataError, "35040 of 35040 powers are missing"),
    ],
)
def test_what_cannot_be_followed_is_refused(tmp_path, frame, error, words):
    path = tmp_path / "steps.parquet"
    frame.write_parquet(path)
    with pytest.raises(error, match=words):
        read_duty(path, **BATTERY)


def test_made_up_duty_is_marked(tmp_path):
    path = tmp_path / "steps.parquet"
    backtest().with_columns(is_synthetic=True).write_parquet(path)
    assert read_duty(path, **BATTERY).is_synthetic


def test_one_of_several_strategies_is_read_by_its_name(tmp_path):
    path = tmp_path / "steps.csv"
    other = backtest(("oracle_day",)).with_columns(pl.col("power_kw") * 2)
    pl.concat([backtest(), other]).write_csv(path)
    for name, power_kw in (("shape", 250.0), ("oracle_day", 500.0)):
        assert read_duty(path, **BATTERY, strategy=name).power_kw.max() == power_kw
    with pytest.raises(DataError, match="'none' is none of them"):
        read_duty(path, **BATTERY, strategy="none")
    other.drop("strategy").write_csv(path)
    with pytest.raises(DataError, match="no column strategy"):
        read_duty(path, **BATTERY, strategy="shape")
