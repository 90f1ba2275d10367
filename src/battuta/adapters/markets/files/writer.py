"""Write prices in Battuta's own form, so that reading the file gives the same series again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl

from battuta.adapters.markets.files.formats.canonical import IS_SYNTHETIC, TIME
from battuta.domain.errors import ClockError, DataError, UsageError
from battuta.domain.prices import PriceSeries


def write_prices(series: PriceSeries, path: Path) -> None:
    """Write a series as a canonical file: times in UTC, the currency in the name of the price column.

    Parameters
    ----------
    series : PriceSeries
        Prices in real time.
    path : Path
        Ends in ``.csv`` or ``.parquet``; it is replaced whole or not at all.

    Raises
    ------
    UsageError
        If the ending is neither.
    ClockError
        If the series is on the benchmark clock, which has no instants.
    DataError
        If the file cannot be written.
    """
    require_ending(path)
    if series.is_benchmark:
        message = "a series on the clock local_24h has no instants and cannot be written as a canonical file"
        raise ClockError(message)
    frame = canonical_frame(series)
    if path.suffix == ".csv":
        frame = frame.with_columns(pl.col(TIME).dt.strftime("%Y-%m-%dT%H:%M:%S%:z"))
    writers: dict[str, Callable[[str], object]] = {".csv": frame.write_csv, ".parquet": frame.write_parquet}
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            part = Path(file.name)
        try:
            writers[path.suffix](str(part))
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}; choose another place"
        raise DataError(message) from None


def require_ending(path: Path) -> None:
    """Refuse a path that ends in neither ``.csv`` nor ``.parquet``.

    Raises
    ------
    UsageError
        If it does.
    """
    if path.suffix not in {".csv", ".parquet"}:
        message = f"{path} must end in .csv or .parquet"
        raise UsageError(message)


def canonical_frame(series: PriceSeries) -> pl.DataFrame:
    """Columns of the canonical form: time, price, what stands beside it, and a mark where it is synthetic."""
    time = pl.Series(TIME, series.time_ns // 1_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    price = pl.Series(f"price_{series.currency.lower()}_per_mwh", series.price_per_mwh)
    beside = [pl.Series(name, column.values) for name, column in series.columns.items()]
    mark = [pl.Series(IS_SYNTHETIC, [True] * series.n_times)] if series.is_synthetic else []
    return pl.DataFrame([time, price, *beside, *mark])
