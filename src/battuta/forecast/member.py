"""What every part of a price forecast can do, and the run of all parts over some days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from battuta.domain.errors import StaleDataError
from battuta.forecast.day_table import DayTable, KnownDays
from battuta.numerics.arrays import FloatArray

REFIT_DAYS = 28
"""Days between two fits from scratch; between them each day's prices are learned as they arrive."""


class Member(Protocol):
    """A model of day-ahead prices.

    Promises: it sees nothing but the `KnownDays` it is given; the same days give the same forecast; `update` after
    `fit` comes to what `fit` alone would have learned, up to scales that are fixed at the fit.
    """

    @property
    def name(self) -> str:
        """Name of the member, as tables spell it."""
        ...

    @property
    def n_days_min(self) -> int:
        """Days of history without which it says nothing."""
        ...

    def fit(self, known: KnownDays) -> None:
        """Learn from all days before the gate.

        Raises
        ------
        StaleDataError
            If there is nothing to learn from.
        """
        ...

    def update(self, known: KnownDays) -> None:
        """Learn what became known since the last call, without beginning anew."""
        ...

    def predict(self, known: KnownDays) -> FloatArray:
        """Forecast the day of this gate, with what `fit` and `update` have learned.

        Returns
        -------
        ndarray, shape (n_slots,)
            Price of each slot. [currency/MWh]
        """
        ...


MakeMembers = Callable[[], Sequence[Member]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MemberRow:
    """What the members said of one day.

    Attributes
    ----------
    day : int
        Number of the delivery day.
    values : mapping of str to ndarray, shape (n_slots,)
        One forecast per member that could say anything. [currency/MWh]
    """

    day: int
    values: Mapping[str, FloatArray]


def blocks(table: DayTable, first: int, stop: int) -> list[tuple[int, int, int]]:
    """Cut days into blocks that begin at a fit from scratch.

    The fits stand on fixed dates, whatever days are asked for, so that a day has the same forecast in each study.

    Parameters
    ----------
    table : DayTable
        The days.
    first, stop : int
        Days ``[first, stop)``.

    Returns
    -------
    list of (int, int, int)
        Day of the fit, first day to forecast, day after the last one.
    """
    cut: list[tuple[int, int, int]] = []
    day = first
    while day < stop:
        anchor = day - table.dates[day].toordinal() % REFIT_DAYS
        end = min(anchor + REFIT_DAYS, stop)
        cut.append((max(anchor, 0), day, end))
        day = end
    return cut


def run_block(table: DayTable, make: MakeMembers, anchor: int, first: int, stop: int) -> list[MemberRow]:
    """Run all members over a block of days, each at its gate.

    Parameters
    ----------
    table : DayTable
        The days.
    make : callable
        Makes the members, fresh.
    anchor : int
        Day at whose gate they are fitted from scratch.
    first, stop : int
        Days ``[first, stop)`` to forecast.

    Returns
    -------
    list of MemberRow
        One per day; a member without enough history is absent.
    """
    members = list(make())
    fitted: set[str] = set()
    rows: list[MemberRow] = []
    for day in range(anchor, stop):
        known = table.at_gate(day)
        values: dict[str, FloatArray] = {}
        for member in members:
            if day < member.n_days_min:
                continue
            try:
                if member.name in fitted:
                    member.update(known)
                else:
                    member.fit(known)
                    fitted.add(member.name)
                if day >= first:
                    values[member.name] = member.predict(known)
            except StaleDataError:
                continue  # absent for this day; the forecaster names what is missing
        if day >= first:
            rows.append(MemberRow(day=day, values=values))
    return rows
