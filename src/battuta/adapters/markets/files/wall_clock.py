"""Wall-clock labels to instants: the hour that spring skips, and the hour that autumn repeats."""

from __future__ import annotations

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.errors import UsageError
from battuta.domain.imports import FindingKind
from battuta.numerics.arrays import BoolArray, IntArray

MISSING_US = np.iinfo(np.int64).min
"""Marks a label without an instant. [us]"""
_N_HOURS = 2


def instants_of_wall_clock(label_us: IntArray, zone: str, rows: IntArray, inspection: Inspection) -> IntArray:
    """Turn labels of a zone's wall clock into instants.

    In autumn the first row of a repeated label is the earlier instant, the second the later. A label of the double
    hour that occurs once, or rows whose order contradicts this, cannot be told and are refused.

    Parameters
    ----------
    label_us : ndarray, shape (n_rows,)
        Labels in file order, as if they were UTC. [us]
    zone : str
        IANA zone.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    inspection : Inspection
        Takes the findings.

    Returns
    -------
    ndarray, shape (n_rows,)
        Instants since 1970-01-01 UTC, `MISSING_US` where there is none. [us]
    """
    labels = pl.Series(label_us).cast(pl.Datetime("us"))
    try:
        first = labels.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        second = labels.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    except PolarsError as error:
        raise _unknown(zone) from error
    early_us = first.to_physical().fill_null(MISSING_US).to_numpy()
    late_us = second.to_physical().fill_null(MISSING_US).to_numpy()
    is_skipped = early_us == MISSING_US
    inspection.refuse_runs(
        FindingKind.INVENTED_DST_ROW,
        is_skipped,
        rows,
        lambda start, stop: (
            f"{_text(label_us[start])} to {_text(label_us[stop - 1])} does not exist in {zone}: clocks skip that hour"
        ),
        "remove the rows, or state the clock that the file really keeps (local_24h for a benchmark)",
        column="time",
    )
    is_double = early_us != late_us
    if not is_double.any():
        return early_us
    return _told_apart(label_us, early_us, late_us, is_double, rows, inspection)


def wall_clock_of(instant_us: IntArray, zone: str) -> IntArray:
    """Return what the clocks of a zone show, as if it were UTC.

    Parameters
    ----------
    instant_us : ndarray, shape (n_rows,)
        Instants since 1970-01-01 UTC. [us]
    zone : str
        IANA zone.

    Returns
    -------
    ndarray, shape (n_rows,)
        Labels. [us]
    """
    try:
        shown = pl.Series(instant_us).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    except PolarsError as error:
        raise _unknown(zone) from error
    return shown.dt.replace_time_zone(None).to_physical().to_numpy()


def _unknown(zone: str) -> UsageError:
    return UsageError(f"time zone {zone!r} is not known; use an IANA name such as Europe/Berlin")


def _told_apart(
    label_us: IntArray,
    early_us: IntArray,
    late_us: IntArray,
    is_double: BoolArray,
    rows: IntArray,
    inspection: Inspection,
) -> IntArray:
    at = np.flatnonzero(is_double)
    _, group, n_times = np.unique(label_us[at], return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    starts = np.concatenate(([0], np.cumsum(n_times)[:-1]))
    nth = np.empty(at.size, dtype=np.int64)
    nth[order] = np.arange(at.size) - np.repeat(starts, n_times)
    chosen_us = np.where(nth == 0, early_us[at], late_us[at])
    is_open = (n_times[group] != _N_HOURS) | _is_out_of_order(chosen_us, late_us[at] - early_us[at])
    instants_us = early_us.copy()
    instants_us[at] = np.where(is_open, MISSING_US, chosen_us)
    flags = np.zeros(label_us.size, dtype=np.bool_)
    flags[at] = is_open
    inspection.refuse_runs(
        FindingKind.AMBIGUOUS_HOUR,
        flags,
        rows,
        lambda start, stop: (
            f"{_text(label_us[start])} to {_text(label_us[stop - 1])} is in the hour that clocks repeat in autumn, "
            "and the rows do not tell which of the two it is"
        ),
        "write the offset into the labels, or give both hours, the earlier one first",
        column="time",
    )
    return instants_us


def _is_out_of_order(chosen_us: IntArray, width_us: IntArray) -> BoolArray:
    """Flag the rows of each double hour whose instants do not rise in file order."""
    is_new_hour = np.abs(np.diff(chosen_us)) > 2 * width_us[1:]
    hour = np.concatenate(([0], np.cumsum(is_new_hour)))
    is_backward = np.concatenate(([False], (np.diff(chosen_us) <= 0) & ~is_new_hour))
    bad_hours = np.unique(hour[is_backward])
    return np.isin(hour, bad_hours)


def _text(label_us: np.int64) -> str:
    return str(np.datetime64(int(label_us), "us").astype("datetime64[m]")).replace("T", " ")
