"""Hours that cannot be: magnitudes far beyond all seen, a sign that never was, and sun by night."""

from __future__ import annotations

import numpy as np

from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.spoiled_record import DayRecord, Verdict
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

SEEN_DAYS = 56
"""What has been seen for fewer days says nothing of what can be."""
MAGNITUDE_RATIO = 30.0
"""Nothing that grows does so from one day to the next."""
ENDLESS = 1e15
_NIGHT_SHARE = 0.2
_HOURS_SHARE_MAX = 0.5
_MEND = "correct the hour at its source; until then the day counts as missing"


def impossible(
    record: DayRecord,
    day: FloatArray,
    references: IntArray,
    seen: tuple[float, float],
    night: BoolArray | None,
) -> Verdict | None:
    """Say whether a day holds hours that cannot be, beside others that can.

    A whole day on another level is left to `scale`, and to `jump` where it may be true. Prices are not judged: they
    multiply and change their sign by themselves.

    Parameters
    ----------
    record : DayRecord
        The days before.
    day : ndarray, shape (n_slots,)
        Values without NaN. [unit of the column]
    references : ndarray, shape (n_references,)
        Rows of the record to hold it against.
    seen : tuple of float
        Lowest and highest value of all sound days before. [unit of the column]
    night : ndarray, shape (n_slots,), or None
        Slots that were zero on all sound days before, with the hours around them, of a column that follows the sun;
        None for another one.

    Returns
    -------
    Verdict or None
        The fault.
    """
    endless = int(np.count_nonzero(np.abs(day) > ENDLESS))
    if endless:
        words = f"{endless} of {day.size} values are beyond {ENDLESS:g}, as nothing is in any unit"
        return Verdict(kind=InputFault.JUMP, severity=Severity.REFUSE, detail=words, mend=_MEND)
    lowest, highest = seen
    if record.is_price or record.n_days < SEEN_DAYS or not highest > lowest:
        return None
    largest = max(abs(lowest), abs(highest))
    is_far: BoolArray = np.abs(day) > MAGNITUDE_RATIO * largest
    is_odd_sign: BoolArray = np.zeros(day.shape, dtype=np.bool_)
    if lowest >= 0.0:
        usual = float(np.nanmedian(record.level[references])) if references.size else np.inf
        is_odd_sign = (day < 0.0) & ((lowest - day > highest - lowest) | (-day > usual))
    is_by_night: BoolArray = np.zeros(day.shape, dtype=np.bool_)
    if night is not None:
        is_by_night = night & (day > _NIGHT_SHARE * highest)
    for is_odd, why in (
        (is_far, f"more than {MAGNITUDE_RATIO:g} times all before, which lie in [{lowest:g}, {highest:g}]"),
        (is_odd_sign, f"below zero, where all before lie in [{lowest:g}, {highest:g}]"),
        (is_by_night, "in an hour that was dark on all days before"),
    ):
        n_odd = int(np.count_nonzero(is_odd))
        if 0 < n_odd <= _HOURS_SHARE_MAX * day.size:
            at = int(np.argmax(np.where(is_odd, np.abs(day), -1.0)))
            words = f"value {at} of the day is {day[at]:g}: {why}; {n_odd} of {day.size} cannot be"
            return Verdict(kind=InputFault.JUMP, severity=Severity.REFUSE, detail=words, mend=_MEND)
    return None


def dark_slots(highest_by_slot: FloatArray) -> BoolArray:
    """Slots that were zero on all days, as were the hours before and after them; a change of clocks moves by one.

    Parameters
    ----------
    highest_by_slot : ndarray, shape (n_slots,)
        Highest value of each slot so far. [unit of the column]

    Returns
    -------
    ndarray, shape (n_slots,)
        True for the dark.

    Examples
    --------
    >>> np.flatnonzero(~dark_slots(np.r_[np.zeros(8), np.ones(9), np.zeros(7)]))
    array([ 7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17])
    """
    dark: BoolArray = highest_by_slot == 0.0
    for n_slots in range(1, highest_by_slot.size // 24 + 1):
        dark = dark & (np.roll(highest_by_slot, n_slots) == 0.0) & (np.roll(highest_by_slot, -n_slots) == 0.0)
    return dark
