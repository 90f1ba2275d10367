"""What a log says of each clause: margin, first breach, and what each year came to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from battuta.domain.time import from_ns
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_kernels import LogState
from battuta.twin.warranty_outcome import ClauseKind, at_limit
from battuta.twin.warranty_words import use_clauses, window_limit, window_text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoggedClause:
    """One clause as the log has it.

    Attributes
    ----------
    name : str
        Short name.
    kind : ClauseKind
        Whose duty it is.
    text : str
        What it says.
    limit : float
        Its limit. [unit]
    unit : str
        Unit of limit and margin.
    margin : float
        Smallest distance to the limit so far; 0 is exactly at it, negative a breach, NaN nothing to judge. [unit]
    first_breach : datetime or None
        Instant of the first breach, UTC.
    by_year : ndarray, shape (n_years,)
        What counts, at its largest in each year; of a window the share of the year outside it. [unit, or -]
    before : float
        What of a total was used before the log was opened. [unit]
    """

    name: str
    kind: ClauseKind
    text: str
    limit: float
    unit: str
    margin: float
    first_breach: datetime | None
    by_year: FloatArray
    before: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoggedWarranty:
    """A warranty as the log has it.

    Attributes
    ----------
    warranty : Warranty
        The contract.
    as_of : datetime
        Until when it was judged, UTC.
    year_label : tuple of str
        Names of the years of `LoggedClause.by_year`.
    clauses : tuple of LoggedClause
        All clauses that bind.
    hours_on_record : float
        Time since the log was opened in which nothing was missing. [h]
    n_records, n_repeated, n_conflicting, n_late, n_before, n_after : int
        Records taken in; left out as equal duplicates, as duplicates with other values, as earlier than the last one,
        as before the log was opened; after the term.
    """

    warranty: Warranty
    as_of: datetime
    year_label: tuple[str, ...]
    clauses: tuple[LoggedClause, ...]
    hours_on_record: float
    n_records: int
    n_repeated: int
    n_conflicting: int
    n_late: int
    n_before: int
    n_after: int

    def clause(self, name: str) -> LoggedClause:
        """Clause of a name; KeyError if there is none."""
        for each in self.clauses:
            if each.name == name:
                return each
        message = f"no clause {name!r} is kept; there is {', '.join(each.name for each in self.clauses)}"
        raise KeyError(message)

    @property
    def first_breach(self) -> datetime | None:
        """Instant of the first breach of any clause, UTC."""
        return min((each.first_breach for each in self.clauses if each.first_breach is not None), default=None)


def logged_clauses(warranty: Warranty, state: LogState) -> tuple[LoggedClause, ...]:
    """Limits of use and windows as a log has them.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    state : LogState
        Memory of the log.

    Returns
    -------
    tuple of LoggedClause
        Those that bind.
    """
    found: list[LoggedClause] = []
    for k, each in enumerate(use_clauses(warranty)):
        if math.isfinite(each.limit):
            margin = _exact(each.limit - float(state.worst[k]), each.limit)
            found.append(_clause(state, k, each.name, each.text, each.limit, each.unit, margin))
    for w, window in enumerate(warranty.windows):
        k = kernels.OUTSIDE_YEAR + w
        limit, unit = window_limit(window)
        margin = window_margin(window.share_outside_max, state, w)
        found.append(_clause(state, k, window.name, window_text(window), limit, unit, margin))
    return tuple(found)


def window_margin(share_outside_max: float, state: LogState, w: int) -> float:
    """Margin of a window: distance to its nearest bound, or share of a year left where one is allowed outside."""
    if math.isinf(state.nearest[w]):
        return math.nan
    if share_outside_max > 0.0:
        return _exact(share_outside_max - float(state.worst[kernels.OUTSIDE_YEAR + w]), share_outside_max)
    return float(state.nearest[w])


def _clause(state: LogState, k: int, name: str, text: str, limit: float, unit: str, margin: float) -> LoggedClause:
    first_ns = int(state.first_breach_ns[k])
    return LoggedClause(
        name=name,
        kind=ClauseKind.CONDITION,
        text=text,
        limit=limit,
        unit=unit,
        margin=margin,
        first_breach=None if first_ns == kernels.NEVER_NS else from_ns(first_ns),
        by_year=state.by_year[k].copy(),
    )


def _exact(margin: float, limit: float) -> float:
    return float(at_limit(np.array([margin]), np.array([limit]))[0])
