"""A vintage as a Parquet file that any tool can read: a row per interval, what holds for all of them in every row."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.domain.errors import DataError
from battuta.domain.forecast import N_LEVELS
from battuta.domain.time import ClockKind
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.ports.vintages import SKIPPED_NS, Vintage

QUANTILES = tuple(f"q{percent:02d}" for percent in range(1, N_LEVELS + 1))
"""Columns of the quantiles, `q01` to `q99`."""
_MEMBER = "member_"


def to_parquet(vintage: Vintage) -> bytes:
    """Write a vintage; the same vintage gives the same bytes."""
    n_rows = vintage.time_ns.shape[0]
    time = pl.Series("time", vintage.time_ns).set(pl.Series(vintage.time_ns == SKIPPED_NS), None)
    columns = [
        _stamps(time, vintage.clock),
        pl.Series("slot", vintage.slot.astype(np.int64)),
        pl.Series("point", vintage.point),
        *(pl.Series(f"{_MEMBER}{name}", values) for name, values in vintage.members.items()),
        *(pl.Series(name, np.ascontiguousarray(vintage.quantiles[:, at])) for at, name in enumerate(QUANTILES)),
        _stamps(pl.Series("known_at", np.full(n_rows, vintage.known_at_ns)), vintage.clock),
        pl.Series("day", [vintage.day] * n_rows),
        *(
            pl.Series(name, [text] * n_rows)
            for name, text in (
                ("unit", vintage.unit),
                ("model", vintage.model),
                ("clock", vintage.clock.value),
                ("inputs", vintage.inputs),
            )
        ),
        pl.Series("notes", [list(vintage.notes)] * n_rows, dtype=pl.List(pl.String)),
        pl.Series("is_synthetic", [vintage.is_synthetic] * n_rows),
    ]
    content = BytesIO()
    pl.DataFrame(columns).write_parquet(content, statistics=False)
    return content.getvalue()


def from_parquet(content: BytesIO, source: str) -> Vintage:
    """Read a vintage.

    Parameters
    ----------
    content : BytesIO
        The file.
    source : str
        What to call it where it is wrong.

    Returns
    -------
    Vintage
        As it was written.

    Raises
    ------
    DataError
        If it is no vintage.
    """
    try:
        frame = pl.read_parquet(content)
        members = [name for name in frame.columns if name.startswith(_MEMBER)]
        day: object = frame["day"][0]
        assert isinstance(day, date)
        return Vintage(
            day=day,
            model=str(frame["model"][0]),
            inputs=str(frame["inputs"][0]),
            known_at_ns=int(_ns(frame["known_at"])[0]),
            unit=str(frame["unit"][0]),
            clock=ClockKind(str(frame["clock"][0])),
            time_ns=_ns(frame["time"]),
            slot=frame["slot"].to_numpy().astype(np.int64),
            point=_floats(frame["point"]),
            quantiles=np.stack([_floats(frame[name]) for name in QUANTILES], axis=1),
            members={name.removeprefix(_MEMBER): _floats(frame[name]) for name in members},
            notes=tuple(map(str, frame["notes"][0])),
            is_synthetic=bool(frame["is_synthetic"][0]),
        )
    except (PolarsError, ValueError, TypeError, LookupError, AssertionError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{source} is no vintage that this version reads: {reason}; remove it, it is made again"
        raise DataError(message) from None


def _stamps(time_ns: pl.Series, clock: ClockKind) -> pl.Series:
    """Aware UTC times; naive labels on the benchmark clock."""
    stamps = time_ns.cast(pl.Int64).cast(pl.Datetime("ns"))
    return stamps if clock is ClockKind.LOCAL_24H else stamps.dt.replace_time_zone("UTC")


def _ns(stamps: pl.Series) -> IntArray:
    return np.array(stamps.to_physical().fill_null(SKIPPED_NS).to_numpy(), dtype=np.int64)


def _floats(column: pl.Series) -> FloatArray:
    return np.array(column.to_numpy(), dtype=np.float64)
