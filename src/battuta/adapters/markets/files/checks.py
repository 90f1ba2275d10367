"""What prices show that a file's form does not: missing values, days of zeros, wrong units, values beyond any limit."""

from __future__ import annotations

import numpy as np
import polars as pl

from battuta.adapters.markets.files.grid import Rows
from battuta.adapters.markets.files.inspection import Inspection, counted
from battuta.domain.imports import FindingKind
from battuta.domain.time import delivery_days
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

PRICE_PER_MWH_MAX = 100_000.0
"""No market has a price limit beyond this. [currency/MWh]"""
MEDIAN_PER_MWH_MIN = 1.0
"""A median size below this speaks of prices per kWh. [currency/MWh]"""
ZERO_SHARE_MIN = 0.95
"""A day with this share of zeros was filled: such days have 286 or 287 zeros of 288. [-]"""
ISOLATED_BESIDE_PER_MWH = 10.0
"""A zero between two prices above this is named. [currency/MWh]"""
WAITING_US_MAX = 72 * 3_600_000_000
"""Prices that wait for their auction are missing for days, not for weeks. [us]"""
_HALF_DAY_US = 12 * 3_600_000_000


def check_constant(column: pl.Series, expected: str, rows: IntArray, inspection: Inspection) -> None:
    """Refuse a column that must say the same in every row and does not.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        The column; empty cells say nothing.
    expected : str
        What each row must say, as the currency of the prices; empty where it is what the first row says.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    inspection : Inspection
        Takes the finding.
    """
    text = column.cast(pl.String).str.strip_chars()
    is_set = (text.is_not_null() & (text != "")).fill_null(value=False).to_numpy()
    if not is_set.any():
        return
    first = expected or str(text[int(np.argmax(is_set))])
    is_other = is_set & (text != first).fill_null(value=False).to_numpy()
    if not is_other.any():
        return
    at = int(np.argmax(is_other))
    kind = FindingKind.MIXED_CURRENCY if expected else FindingKind.SEVERAL_SERIES
    found = ", ".join(map(repr, sorted(text.filter(pl.Series(is_set)).unique().to_list())))
    inspection.refuse(
        kind,
        f"{text[at]!r} stands beside {first!r}: the file holds {found}",
        "convert the prices to one currency"
        if expected
        else f"keep one of them, as in only={{{column.name!r}: {first!r}}}",
        row=int(rows[at]),
        column=column.name,
        count=int(is_other.sum()),
    )


def check_missing(
    is_missing: BoolArray, rows: IntArray, column: str, inspection: Inspection, *, is_price: bool
) -> None:
    """Refuse missing prices run by run; count missing values of other columns."""
    if is_price:
        inspection.refuse_runs(
            FindingKind.MISSING_VALUE,
            is_missing,
            rows,
            lambda start, stop: f"no price in {counted(stop - start, 'row')} (empty or NaN)",
            "fetch the values",
            column=column,
        )
    elif is_missing.any():
        n_missing = int(is_missing.sum())
        message = f"no value in {counted(n_missing, 'row')}; nothing is filled"
        row = int(rows[np.argmax(is_missing)])
        inspection.note(FindingKind.MISSING_VALUE, message, row=row, column=column, count=n_missing)


def flag_waiting(is_missing: BoolArray, is_beside: BoolArray, time_us: IntArray) -> BoolArray:
    """Flag the last rows of a file that have no price yet, but values beside it: their auction has not been held.

    Parameters
    ----------
    is_missing : ndarray, shape (n_rows,)
        True where there is no price.
    is_beside : ndarray, shape (n_rows,)
        True where any other column has a value.
    time_us : ndarray, shape (n_rows,)
        Instants. [us]

    Returns
    -------
    ndarray, shape (n_rows,)
        True in rows that reach to the end of the file in time order and over three days at most.
    """
    is_waiting = is_missing & is_beside
    others = np.flatnonzero(~is_waiting)
    first = int(others[-1]) + 1 if others.size else 0
    span_us = time_us[first:] - time_us[first] if first < time_us.size else time_us[:0]
    is_late = bool(others.size) and bool(np.all(np.diff(span_us) > 0)) and bool(np.all(span_us < WAITING_US_MAX))
    is_waiting[: first if is_late else is_waiting.size] = False
    return is_waiting


def note_waiting(is_waiting: BoolArray, rows: IntArray, column: str, inspection: Inspection) -> None:
    """Say of rows that they wait for their prices."""
    if is_waiting.any():
        n_waiting = int(is_waiting.sum())
        message = f"the last {counted(n_waiting, 'row')} of the file have no price yet, but values beside it: they wait"
        row = int(rows[np.argmax(is_waiting)])
        inspection.note(FindingKind.MISSING_VALUE, message, row=row, column=column, count=n_waiting)


def check_size(price_per_mwh: FloatArray, rows: IntArray, column: str, inspection: Inspection) -> None:
    """Refuse prices beyond any limit, and prices whose usual size is that of another unit."""
    size_per_mwh = np.abs(price_per_mwh)
    inspection.refuse_runs(
        FindingKind.IMPLAUSIBLE_VALUE,
        size_per_mwh > PRICE_PER_MWH_MAX,
        rows,
        lambda start, _: f"{price_per_mwh[start]:g} per MWh is beyond any price limit",
        "correct the value or its unit",
        column=column,
    )
    seen_per_mwh = size_per_mwh[size_per_mwh > 0.0]
    if not seen_per_mwh.size:
        return
    median_per_mwh = float(np.median(seen_per_mwh))
    if median_per_mwh < MEDIAN_PER_MWH_MIN:
        inspection.refuse(
            FindingKind.WRONG_UNIT,
            f"the median size is {median_per_mwh:.3g}, far below any price per MWh and like one per kWh",
            "multiply by 1000",
            row=int(rows[0]),
            column=column,
            count=price_per_mwh.size,
        )


def flag_zero_days(table: Rows, name: str, step_us: int, zone: str) -> BoolArray:
    """Flag the rows of days that were filled with zeros.

    Parameters
    ----------
    table : Rows
        Rows with rising instants.
    name : str
        Column looked at.
    step_us : int
        Length of an interval. [us]
    zone : str
        The market's zone.

    Returns
    -------
    ndarray, shape (n_rows,)
        True in days of at least half their length on file of which 95 % or more of the values are zero.
    """
    values = table.values[name]
    is_zero = values == 0.0
    if not is_zero.any():
        return is_zero
    start_index = delivery_days(table.time_us * 1_000, zone).start_index
    n_zeros = np.diff(np.concatenate(([0], np.cumsum(is_zero)))[start_index])
    n_values = np.diff(np.concatenate(([0], np.cumsum(~np.isnan(values))))[start_index])
    is_filled = (n_zeros >= ZERO_SHARE_MIN * n_values) & (n_values * step_us >= _HALF_DAY_US)
    return np.repeat(is_filled, np.diff(start_index))


def check_zero_days(table: Rows, name: str, flags: BoolArray, column: str, inspection: Inspection) -> None:
    """Refuse prices of days that were filled with zeros.

    Parameters
    ----------
    table : Rows
        Rows with rising instants.
    name : str
        Column looked at.
    flags : ndarray, shape (n_rows,)
        From `flag_zero_days`.
    column : str
        The column as the file spells it.
    inspection : Inspection
        Takes the findings.
    """
    values = table.values[name]
    inspection.refuse_runs(
        FindingKind.ZERO_DAY,
        flags,
        table.rows,
        lambda start, stop: (
            f"{int((values[start:stop] == 0.0).sum())} of {stop - start} prices from {table.at(start)} on are zero: "
            "the source filled missing days"
        ),
        "fetch the true prices",
        column=column,
    )


def note_zeros(table: Rows, name: str, column: str, inspection: Inspection) -> None:
    """Name zeros that stand between two prices above 10: free charging that may never have been."""
    price_per_mwh = table.values[name]
    is_high = price_per_mwh > ISOLATED_BESIDE_PER_MWH
    is_isolated = (price_per_mwh[1:-1] == 0.0) & is_high[:-2] & is_high[2:]
    if not is_isolated.any():
        return
    n_isolated = int(is_isolated.sum())
    first = int(np.argmax(is_isolated)) + 1
    inspection.note(
        FindingKind.ISOLATED_ZERO,
        f"{counted(n_isolated, 'zero')} between prices above {ISOLATED_BESIDE_PER_MWH:g}, first at {table.at(first)}; "
        "kept, and perhaps free charging that never was",
        row=int(table.rows[first]),
        column=column,
        count=n_isolated,
    )
