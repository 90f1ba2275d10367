"""Weather to a file that the reader takes back unchanged: CSV or Parquet, every vintage a row."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl

from battuta.adapters.weather.file import IS_SYNTHETIC
from battuta.domain.errors import DataError, UsageError
from battuta.domain.weather import WeatherForecast

_ENDINGS = (".csv", ".parquet")


def require_ending(path: Path) -> None:
    """Refuse a name that does not end in .csv or .parquet.

    Raises
    ------
    UsageError
        If it ends otherwise.
    """
    if path.suffix not in _ENDINGS:
        message = f"{path} ends neither in .csv nor in .parquet; name it so"
        raise UsageError(message)


def write_weather(forecast: WeatherForecast, path: Path) -> None:
    """Write weather as `read_weather` reads it; the place and whom to thank are not in the file.

    Parameters
    ----------
    forecast : WeatherForecast
        The weather.
    path : Path
        Ends in ``.csv`` or ``.parquet``; replaced whole or not at all.

    Raises
    ------
    UsageError
        If the ending is another.
    DataError
        If the file cannot be written.
    """
    require_ending(path)
    frame = pl.DataFrame(
        {
            "time": pl.Series(forecast.time_ns // 1_000).cast(pl.Datetime("us", "UTC")),
            "known_at": pl.Series(forecast.known_at_ns // 1_000).cast(pl.Datetime("us", "UTC")),
            **{name: pl.Series(values, nan_to_null=True) for name, values in forecast.columns.items()},
            **({IS_SYNTHETIC: pl.Series([True] * forecast.n_times)} if forecast.is_synthetic else {}),
        }
    )
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            part = Path(file.name)
        try:
            if path.suffix == ".csv":
                frame.write_csv(part, datetime_format="%Y-%m-%dT%H:%M:%SZ")
            else:
                frame.write_parquet(part)
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}; choose another place"
        raise DataError(message) from error
