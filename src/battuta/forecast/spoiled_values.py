"""Faults that one day shows by its values alone: missing, zero, constant, copied, or far outside everything seen."""

from __future__ import annotations

import numpy as np

from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.spoiled_record import RECENT_DAYS, DayRecord, Verdict
from battuta.numerics.arrays import FloatArray, IntArray

_FETCH = "fetch the day again, or leave the column out until its source is mended"
_RARE_SHARE = 0.05
_ZERO_DAY_SHARE = 0.9
_LOW_QUANTILE, _LOW_SHARE, _QUANTA = 0.05, 0.03, 3.0
_SLOT_LOW_SHARE = 0.2
_SEARCH_DAYS = 7
_STUCK_DAYS = 10
_SEEN_DAYS = 91


def missing(day: FloatArray) -> Verdict | None:
    """Say whether values of a day are missing.

    Parameters
    ----------
    day : ndarray, shape (n_slots,)
        Values, NaN where missing. [unit of the column]

    Returns
    -------
    Verdict or None
        The fault.

    Examples
    --------
    >>> verdict = missing(np.array([1.0, np.nan, np.nan, 2.0]))
    >>> verdict.detail
    '2 of 4 values are missing'
    """
    n_missing = int(np.count_nonzero(~np.isfinite(day)))
    if n_missing == 0:
        return None
    words = (
        f"all {day.size} values are missing"
        if n_missing == day.size
        else f"{n_missing} of {day.size} values are missing"
    )
    return Verdict(kind=InputFault.MISSING, severity=Severity.REFUSE, detail=words, mend=_FETCH)


def zeros(record: DayRecord, day: FloatArray, references: IntArray) -> Verdict | None:
    """Say whether a day holds zeros that its history makes unlikely.

    Night hours of solar, calm days of a small wind fleet and zones without a plant are no fault: there the history
    holds zeros, or comes close to them.

    Parameters
    ----------
    record : DayRecord
        The days before.
    day : ndarray, shape (n_slots,)
        Values without NaN. [unit of the column]
    references : ndarray, shape (n_references,)
        Rows of the record to hold it against.

    Returns
    -------
    Verdict or None
        The fault.
    """
    is_zero = day == 0.0
    n_zeros = int(np.count_nonzero(is_zero))
    if n_zeros == 0 or references.size < RECENT_DAYS // 2:
        return None
    past = record.days[references]
    if n_zeros >= _ZERO_DAY_SHARE * day.size and not _comes_to_zero(record, references, past):
        words = f"{n_zeros} of {day.size} values are zero, where the days before reach {_typical(record, references):g}"
        return Verdict(kind=InputFault.ZEROS, severity=Severity.REFUSE, detail=words, mend=_FETCH)
    if record.is_price:
        return None
    low, middle = past.min(axis=0), np.median(past, axis=0)
    around = np.minimum(low, np.minimum(np.roll(low, 1), np.roll(low, -1)))
    is_odd = is_zero & (middle > 0.0) & (around > np.maximum(_SLOT_LOW_SHARE * middle, _QUANTA * record.quantum))
    if not is_odd.any():
        return None
    at = int(np.argmax(is_odd))
    words = f"{int(is_odd.sum())} of {day.size} values are zero, where value {at} of a day was never below {low[at]:g}"
    return Verdict(kind=InputFault.ZEROS, severity=Severity.REFUSE, detail=words, mend=_FETCH)


def constant(record: DayRecord, day: FloatArray, references: IntArray) -> Verdict | None:
    """Say whether a day holds one value throughout, where days of the history move.

    Parameters
    ----------
    record : DayRecord
        The days before.
    day : ndarray, shape (n_slots,)
        Values without NaN. [unit of the column]
    references : ndarray, shape (n_references,)
        Rows of the record to hold it against.

    Returns
    -------
    Verdict or None
        The fault; zeros are left to `zeros`.
    """
    if abs(day[0]) <= _QUANTA * record.quantum * (not record.is_price) or np.any(day != day[0]):
        return None
    if references.size < RECENT_DAYS // 2:
        return None
    past = record.days[references]
    if np.mean(past.max(axis=1) == past.min(axis=1)) >= _RARE_SHARE:
        return _stuck(record, day)
    words = f"all {day.size} values are {day[0]:g}, where days before it move"
    return Verdict(kind=InputFault.CONSTANT, severity=Severity.REFUSE, detail=words, mend=_FETCH)


def repeated(record: DayRecord, day: FloatArray) -> Verdict | None:
    """Say whether a day is an exact copy of one of the seven before it.

    One copy is told; a second day in a row that copies the day before it is a feed that stands still, and is refused.

    Parameters
    ----------
    record : DayRecord
        The days before.
    day : ndarray, shape (n_slots,)
        Values without NaN. [unit of the column]

    Returns
    -------
    Verdict or None
        The fault; a day of few different values says nothing.
    """
    start = max(record.n_days - _SEARCH_DAYS, 0)
    is_copy = np.all(record.days[start:] == day, axis=1)
    if not is_copy.any() or 4 * np.unique(day).size < day.size:
        return None
    days_ago = record.n_days - start - int(np.flatnonzero(is_copy)[-1])
    is_frozen = days_ago == 1 and is_copy.size > 1 and bool(is_copy[-2])
    when = "the day before" if days_ago == 1 else f"{days_ago} days before"
    return Verdict(
        kind=InputFault.REPEATED,
        severity=Severity.REFUSE if is_frozen else Severity.WARN,
        detail=f"all {day.size} values are those of {when}{', again' if is_frozen else ''}",
        mend="ask the source whether the feed stands still",
    )


def jump(record: DayRecord, day: FloatArray, lowest: float, highest: float) -> Verdict | None:
    """Say whether a value lies farther outside everything seen than everything seen is wide, or is newly negative.

    Parameters
    ----------
    record : DayRecord
        The days before.
    day : ndarray, shape (n_slots,)
        Values without NaN. [unit of the column]
    lowest, highest : float
        Range of all sound days before. [unit of the column]

    Returns
    -------
    Verdict or None
        What was seen; it may be true, so it is never refused.
    """
    if record.n_days < _SEEN_DAYS or not highest > lowest:
        return None
    at = int(np.argmax(np.maximum(day - highest, lowest - day)))
    is_negative = lowest >= 0.0 and day.min() < 0.0 and not record.is_price
    if is_negative:
        at = int(np.argmin(day))
    elif max(day[at] - highest, lowest - day[at]) <= highest - lowest:
        return None
    words = f"value {at} of the day is {day[at]:g}, where all before lie in [{lowest:g}, {highest:g}]"
    return Verdict(
        kind=InputFault.JUMP,
        severity=Severity.WARN,
        detail=words,
        mend="compare it with another source; it may be true",
    )


def _typical(record: DayRecord, references: IntArray) -> float:
    return float(np.median(record.level[references]))


def _comes_to_zero(record: DayRecord, references: IntArray, past: FloatArray) -> bool:
    if record.is_price:
        return int(np.count_nonzero(past == 0.0)) >= _RARE_SHARE * past.size
    low = float(np.quantile(record.level[references], _LOW_QUANTILE))
    return low <= max(_LOW_SHARE * _typical(record, references), _QUANTA * record.quantum)


def _stuck(record: DayRecord, day: FloatArray) -> Verdict | None:
    """Judge a column of one value a day, such as a fuel price, by how long it has stood still."""
    is_same = record.days[:, 0] == day[0]
    changes = np.flatnonzero(~is_same)
    n_same = record.n_days - int(changes[-1]) if changes.size else record.n_days + 1
    if n_same <= _STUCK_DAYS:
        return None
    words = f"the value {day[0]:g} has stood for {n_same} days"
    return Verdict(
        kind=InputFault.REPEATED,
        severity=Severity.WARN,
        detail=words,
        mend="ask the source whether the feed stands still",
    )
