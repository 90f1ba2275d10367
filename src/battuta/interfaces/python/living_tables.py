"""What a living run delivered, as a table: one row per interval and site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from battuta.interfaces.python.tables import write_frame
from battuta.numerics.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from pathlib import Path

    from battuta.app.living_result import LivingResult


def delivery_frame(result: LivingResult) -> pl.DataFrame:
    """Lay out what each site delivered.

    Parameters
    ----------
    result : LivingResult
        A finished run.

    Returns
    -------
    polars.DataFrame
        Columns ``time`` (start of the interval, UTC), ``site``, ``power_kw`` (mean at the connection, discharge
        positive), ``price_per_mwh``, ``revenue`` (before fees and wear), ``is_synthetic``.
    """
    n_steps, n_sites = result.delivered_kw.shape
    sites: IntArray = np.arange(n_sites, dtype=np.int64)
    price: FloatArray = np.repeat(result.prices.price_per_mwh[result.steps], n_sites)
    power_kw: FloatArray = result.delivered_kw.reshape(-1)
    time_ns: IntArray = np.repeat(result.prices.time_ns[result.steps], n_sites)
    return pl.DataFrame(
        [
            pl.Series("time", time_ns).cast(pl.Datetime("ns", "UTC")),
            pl.Series("site", np.tile(sites, n_steps)),
            pl.Series("power_kw", power_kw),
            pl.Series("price_per_mwh", price),
            pl.Series("revenue", price * power_kw * result.prices.step_h / 1000.0),
            pl.Series("is_synthetic", [True] * price.shape[0]),
        ]
    )


def write_deliveries(result: LivingResult, path: Path) -> None:
    """Write `delivery_frame` as CSV."""
    write_frame(delivery_frame(result), path)
