"""A SYNTHETIC site: two hours of discharging a day, forty days of minutes."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

MINUTES = 40 * 1440
BEGIN = datetime(2027, 1, 1, 0, 1, tzinfo=UTC)


def records(n_minutes=MINUTES, power_kw=2500.0, begin=BEGIN):
    minute = np.arange(n_minutes)
    return pl.DataFrame(
        {
            "time": pl.datetime_range(begin, begin + timedelta(minutes=n_minutes - 1), "1m", eager=True),
            "soc": 0.5 + 0.2 * np.sin(minute / 300.0),
            "temperature_c": np.full(n_minutes, 25.0),
            "power_kw": np.where(minute % 1440 < 120, power_kw, 0.0),
            "is_synthetic": np.ones(n_minutes, dtype=bool),
        }
    )
