"""The years of a warranty as instants: from anniversary to anniversary, or from January to December."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.time import to_ns
from battuta.domain.warranty_terms import YearKind
from battuta.numerics.arrays import FloatArray, IntArray

NS_PER_HOUR = 3.6e12
_YEAR_MIN, _YEAR_MAX = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarrantyYears:
    """Years that limits count by.

    Attributes
    ----------
    label : tuple of str
        ``1``, ``2``, ... of the contract, or ``2026``, ``2027``, ...
    edge_ns : ndarray, shape (n_years + 1,)
        Begin of each, and the end of the term; midnights in UTC. [ns]
    whole_hours : ndarray, shape (n_years,)
        Hours of the whole year, leap days included, of which the term may hold only a part. [h]
    anniversary_ns : ndarray, shape (term + 1,)
        The start and each anniversary. [ns]
    """

    label: tuple[str, ...]
    edge_ns: IntArray
    whole_hours: FloatArray
    anniversary_ns: IntArray

    def age(self, time_ns: IntArray) -> FloatArray:
        """Years since the start, shape of `time_ns`; on an anniversary a whole number. [year]"""
        years = np.interp(time_ns, self.anniversary_ns, range(self.anniversary_ns.size))
        return np.asarray(years, dtype=np.float64)


def anniversary(start: date, years: int) -> date:
    """Day some years later; of 29 February, where there is none, 1 March.

    Examples
    --------
    >>> anniversary(date(2028, 2, 29), 1), anniversary(date(2028, 2, 29), 4)
    (datetime.date(2029, 3, 1), datetime.date(2032, 2, 29))
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def warranty_years(start: date, years: int, kind: YearKind) -> WarrantyYears:
    """Years of a term.

    Parameters
    ----------
    start : date
        First day of the warranty; it begins at midnight UTC.
    years : int
        Term. [year]
    kind : YearKind
        Which years are counted.

    Returns
    -------
    WarrantyYears
        Contract years; or calendar years, of which the first and the last may be parts.

    Examples
    --------
    >>> warranty_years(date(2027, 7, 1), 2, YearKind.CALENDAR).label
    ('2027', '2028', '2029')
    >>> warranty_years(date(2027, 7, 1), 2, YearKind.CONTRACT).whole_hours
    array([8784., 8760.])
    """
    if not _YEAR_MIN <= start.year <= _YEAR_MAX:
        raise InvalidQuantityError("start_year", start.year, _YEAR_MIN, _YEAR_MAX, "-", where="warranty")
    anniversaries = [anniversary(start, each) for each in range(years + 1)]
    if kind is YearKind.CONTRACT:
        edges = anniversaries
        label = tuple(str(each + 1) for each in range(years))
        whole = [_hours(begin, end) for begin, end in pairwise(edges)]
    else:
        end = anniversaries[-1]
        turns = [date(year, 1, 1) for year in range(start.year + 1, end.year + 1) if date(year, 1, 1) < end]
        edges = [start, *turns, end]
        label = tuple(str(each.year) for each in edges[:-1])
        whole = [_hours(date(each.year, 1, 1), date(each.year + 1, 1, 1)) for each in edges[:-1]]
    return WarrantyYears(
        label=label,
        edge_ns=np.array([midnight_ns(each) for each in edges], dtype=np.int64),
        whole_hours=np.array(whole, dtype=np.float64),
        anniversary_ns=np.array([midnight_ns(each) for each in anniversaries], dtype=np.int64),
    )


def midnight_ns(day: date) -> int:
    """Begin of a day in UTC. [ns]"""
    return to_ns(datetime.combine(day, time(0), tzinfo=UTC))


def _hours(begin: date, end: date) -> float:
    return (midnight_ns(end) - midnight_ns(begin)) / NS_PER_HOUR
