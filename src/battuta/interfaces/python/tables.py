"""Results as data frames: a row per strategy, or a row per strategy and step."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from battuta.app.result_file import write_result
from battuta.domain.errors import DataError, UsageError
from battuta.domain.market import Schedule, Settlement
from battuta.domain.prices import PriceSeries
from battuta.studies.backtest import BacktestResult
from battuta.trading.reasons import sentence

_NOTEBOOK_METHOD = "_repr_html_"


def strategy_frame(result: BacktestResult) -> pl.DataFrame:
    """One row per strategy: net, revenue, wear, captured share, equivalent full cycles, money per MW and year."""
    rows = [
        {
            "strategy": name,
            "net": each.net,
            "revenue": float(each.revenue.sum()),
            "wear": float(each.wear.sum()),
            "captured": result.captured(name),
            "efc": each.efc,
            "per_mw_year": result.per_mw_year(name),
            "is_oracle": each.is_oracle,
        }
        for name, each in result.results.items()
    ]
    return pl.DataFrame(rows).sort("net", descending=True)


def step_frame(result: BacktestResult) -> pl.DataFrame:
    """One row per strategy and step: time, power, state of charge, price, money and reason."""
    time = _times(result.prices, result.prices.time_ns[result.steps])
    price = result.prices.price_per_mwh[result.steps]
    parts = [
        pl.DataFrame(
            {
                "strategy": [name] * len(time),
                "time": time,
                "power_kw": each.power_kw,
                "soc": each.soc,
                "price": price,
                "revenue": each.revenue,
                "wear": each.wear,
                "reason": [binding.value for binding in each.binding],
                "marginal_value_per_mwh": each.marginal_value_per_mwh,
                "at_stake": each.at_stake,
            }
        )
        for name, each in result.results.items()
    ]
    return pl.concat(parts)


def schedule_frame(schedule: Schedule, series: PriceSeries) -> pl.DataFrame:
    """One row per step of a schedule, with its reason in words."""
    return pl.DataFrame(
        {
            "time": _times(series, schedule.time_ns),
            "power_kw": schedule.power_kw,
            "soc": schedule.soc,
            "price": schedule.price_per_mwh,
            "wear": schedule.wear,
            "binding": [binding.value for binding in schedule.binding],
            "marginal_value_per_mwh": schedule.marginal_value_per_mwh,
            "at_stake": schedule.at_stake,
            "reason": [sentence(schedule, t) for t in range(schedule.power_kw.shape[0])],
        }
    )


def settlement_frame(settlement: Settlement, *, is_synthetic: bool) -> pl.DataFrame:
    """One row per settled interval: energy, price with fees and amount as exact text, and whether prices are real."""
    lines = settlement.lines
    return pl.DataFrame(
        {
            "time": [line.start for line in lines],
            "energy_mwh": [str(line.energy_mwh) for line in lines],
            "price_per_mwh": [str(line.price_per_mwh) for line in lines],
            "amount": [str(line.amount) for line in lines],
            "currency": [settlement.currency] * len(lines),
            "is_synthetic": [is_synthetic] * len(lines),
        }
    )


def _times(series: PriceSeries, time_ns: np.ndarray) -> pl.Series:
    """Aware UTC times, or naive labels on the benchmark clock."""
    stamps = pl.Series("time", time_ns // 1_000).cast(pl.Datetime("us"))
    return stamps if series.is_benchmark else stamps.dt.replace_time_zone("UTC")


def notebook_html(frame: pl.DataFrame) -> str:
    """Return the frame as a notebook shows it, by the method that notebooks look for."""
    shown: object = getattr(frame, _NOTEBOOK_METHOD)()
    return str(shown)


def require_frame_path(path: Path | None) -> None:
    """Refuse, before anything long is done, a path that no frame can be written to; none is fine.

    Raises
    ------
    UsageError
        If the ending is neither ``.csv`` nor ``.parquet``.
    DataError
        If there is no such folder, it takes no files, or the path is a folder itself.
    """
    if path is None:
        return
    if path.suffix not in {".csv", ".parquet"}:
        message = f"{path} must end in .csv or .parquet"
        raise UsageError(message)
    if not path.parent.exists():
        message = f"{path} cannot be written: there is no folder {path.parent}; make it first"
        raise DataError(message)
    require_writable(path)


def require_writable(path: Path | None) -> None:
    """Refuse, before anything long is done, a file that cannot be; its folder may yet be made, and no path is fine.

    Raises
    ------
    DataError
        If it is a folder, or would lie in what is no folder or in one that takes no files.
    """
    if path is None:
        return
    if path.is_dir():
        message = f"{path} cannot be written: it is a folder; name a file in it"
        raise DataError(message)
    folder = next((each for each in path.parents if each.exists()), path.parent)
    if not folder.is_dir():
        message = f"{path} cannot be written: {folder} is a file, not a folder; choose another place"
        raise DataError(message)
    if not os.access(folder, os.W_OK):
        message = f"{path} cannot be written: the folder {folder} takes no files; choose another one"
        raise DataError(message)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as CSV or Parquet, by the ending of the path, whole or not at all.

    Raises
    ------
    UsageError, DataError
        As `require_frame_path`; and if the file cannot be written.
    """
    require_frame_path(path)
    content = BytesIO()
    if path.suffix == ".csv":
        frame.write_csv(content)
    else:
        frame.write_parquet(content)
    write_result(path, content.getvalue(), makes_folder=True)


def write_steps(result: BacktestResult, path: Path) -> None:
    """Write one row per strategy and step as CSV or Parquet; errors as `write_frame`."""
    write_frame(step_frame(result), path)
