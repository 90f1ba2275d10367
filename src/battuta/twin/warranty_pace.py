"""When what a warranty limits in all will be used up, if a site goes on as it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from battuta.twin.warranty_logged import LoggedClause

TOTALS: Final = ("full_cycles", "discharged_mwh_per_mwh")
"""Clauses that count over the whole term."""
HOURS_PER_DAY: Final = 24.0
DAY: Final = timedelta(days=1)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)


def used_up_on(clause: LoggedClause, hours_on_record: float, as_of: datetime) -> datetime | None:
    """Day on which a limit of the whole term is reached at the mean pace on record.

    Parameters
    ----------
    clause : LoggedClause
        The clause.
    hours_on_record : float
        Time in which that pace was seen; silence is no rest. [h]
    as_of : datetime
        Until when it counts.

    Returns
    -------
    datetime or None
        The day, UTC; None for a clause that counts no total, that nothing has used, that is broken or not judged, or
        that lasts beyond the calendar.

    Examples
    --------
    >>> import numpy as np
    >>> from battuta.twin.warranty_outcome import ClauseKind
    >>> cap = LoggedClause(
    ...     name="full_cycles",
    ...     kind=ClauseKind.CONDITION,
    ...     text="",
    ...     limit=8000.0,
    ...     unit="-",
    ...     margin=7500.0,
    ...     first_breach=None,
    ...     by_year=np.array([500.0]),
    ... )
    >>> used_up_on(cap, 8760.0, datetime(2028, 1, 1, tzinfo=UTC)).year
    2042
    """
    used = clause.limit - clause.margin - clause.before
    if clause.name not in TOTALS or not used > 0.0 or clause.margin < 0.0 or hours_on_record <= 0.0:
        return None
    days = hours_on_record / HOURS_PER_DAY * (clause.margin / used)
    return as_of + days * DAY if days < (_LAST - as_of) / DAY else None
