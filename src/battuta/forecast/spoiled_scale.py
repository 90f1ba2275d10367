"""A change of unit: a day that lies outside all comparable days, and comes back among them when a ratio is undone."""

from __future__ import annotations

import math

import numpy as np

from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.spoiled_record import RECENT_DAYS, DayRecord, Verdict, level_of
from battuta.numerics.arrays import FloatArray, IntArray

FACTORS = (1000.0, 1e-3, 100.0, 1e-2, 3.6, 1.0 / 3.6)
"""Ratios of units that are mistaken for each other: W, kW, MW; EUR and cent; GJ and MWh."""
_LEAST, _PER_WIDTH = 0.5, 0.3
_BACK_SHARE = 0.35
_THOUSAND = 999.0


def scale(record: DayRecord, day: FloatArray, references: IntArray) -> Verdict | None:
    """Say whether a day is written in another unit than the days it is held against.

    Levels are compared by their logarithm. A day is called off by a ratio where it lies outside all its references,
    farther than half a unit and three tenths of their own width, and where undoing the ratio removes two thirds of it;
    a ratio below a thousand must bring it back as near as days lie. A ratio within the width of the references cannot
    be told from weather and is not looked for; of prices only a thousand is, as they fall and rise a hundredfold by
    themselves.

    Parameters
    ----------
    record : DayRecord
        The days before.
    day : ndarray, shape (n_slots,)
        Values, NaN where missing. [unit of the column]
    references : ndarray, shape (n_references,)
        Rows of the record to hold it against.

    Returns
    -------
    Verdict or None
        The fault.
    """
    past = record.level[references]
    past = past[past > 0.0]
    level = level_of(day)
    if past.size < RECENT_DAYS // 2 or not level > 0.0:
        return None
    low, high, at = math.log(past.min()), math.log(past.max()), math.log(level)
    outside = _outside(at, low, high)
    least = _LEAST + _PER_WIDTH * (high - low)
    if outside < least:
        return None
    undone = [
        (_outside(at - math.log(each), low, high), each)
        for each in FACTORS
        if abs(math.log(each)) > high - low and (not record.is_price or max(each, 1.0 / each) >= _THOUSAND)
    ]
    left, factor = min(undone, default=(outside, 1.0))
    is_thousand = max(factor, 1.0 / factor) >= _THOUSAND  # no weather does that, be the true day a little odd itself
    if left > _BACK_SHARE * outside or (left > least and not is_thousand):
        return None
    return Verdict(
        kind=InputFault.SCALE,
        severity=Severity.REFUSE,
        detail=f"the day reaches {level:g}, comparable days {np.median(past):g}: {_ratio(factor)} times their unit",
        mend=f"multiply the day by {_ratio(1.0 / factor)} if its source changed the unit",
    )


def _outside(at: float, low: float, high: float) -> float:
    return max(low - at, at - high, 0.0)


def _ratio(factor: float) -> str:
    return f"{factor:g}" if factor >= 1.0 else f"1/{1.0 / factor:g}"
