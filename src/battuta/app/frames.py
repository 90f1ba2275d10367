"""Data frames as price series, through the same checks as files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, runtime_checkable

import polars as pl

from battuta.app.prices import PriceRequest, load_prices
from battuta.domain.errors import UsageError
from battuta.domain.imports import PriceImport


@runtime_checkable
class ArrowStream(Protocol):
    """Whatever exports itself through the Arrow PyCapsule interface: polars, pandas, pyarrow, duckdb, ..."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the capsule of an Arrow stream."""
        ...


def prices_from_frame(
    frame: object,
    *,
    clock: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    price_column: str | None = None,
    allow: tuple[str, ...] = (),
) -> PriceImport:
    """Read a frame with a column ``time`` and a price column, checked as a canonical file is.

    Parameters
    ----------
    frame : polars, pandas or Arrow table
        Anything that speaks the Arrow PyCapsule interface; an index is not looked at.
    clock, zone, currency, price_column : str or None
        What the frame does not say, as for a file.
    allow : tuple of str
        Findings that are let pass by name.

    Returns
    -------
    PriceImport
        The series and what was seen; rows count from 2, as in a file with a header.

    Raises
    ------
    UsageError
        If the object is no frame.
    """
    if not isinstance(frame, ArrowStream):
        message = f"{type(frame).__name__} is no data frame; pass polars, pandas, Arrow, or a path to read_prices"
        raise UsageError(message)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "frame.parquet"
        pl.DataFrame(frame).write_parquet(path)
        return load_prices(
            PriceRequest(path=path, clock=clock, zone=zone, currency=currency, price_column=price_column, allow=allow)
        )
