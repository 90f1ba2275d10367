"""What happens to a string and is no fault: balancing campaigns, fresh modules, zeroed channels, idling, new duty."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from numpy.random import Generator

from battuta.numerics.sampling import generator
from battuta.world.foreign.cell_rows import MODULE

YEAR_DAYS = 365
"""Events are drawn a year at a time. [d]"""


CAMPAIGN_DAYS, CAMPAIGN_PAUSE_DAYS, CAMPAIGN_HOLD_H = 14, 45, 10.0
"""A campaign against a spread of charge that somebody saw: its length, least time to the next, hours full. [d, d, h]"""


class EventKind(StrEnum):
    """What happens."""

    CAMPAIGN = "campaign"
    """The balancer is let work, and the string stands full for half of each other day."""
    REPLACEMENT = "replacement"
    """12 to 16 neighbouring cells are fresh, at another state of charge."""
    ZEROED = "zeroed"
    """New firmware: all offsets of voltage channels are measured again."""
    IDLE = "idle"
    """The string stands for one to five weeks."""
    NEW_DUTY = "new_duty"
    """The string does something else from then on."""
    SILENCE = "silence"
    """No telemetry for hours; the string works on."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ForeignEvent:
    """One thing that happened.

    Attributes
    ----------
    day : int
        First day. [-]
    n_days : int
        How many days it lasts; 1 for what happens at once. [d]
    kind : EventKind
        What happens.
    first_cell, n_cells : int
        Cells that it concerns; all 0 where it is the string.
    hour, n_hours : float
        When on its day, and how long, for a silence. [h]
    """

    day: int
    n_days: int
    kind: EventKind
    first_cell: int = 0
    n_cells: int = 0
    hour: float = 0.0
    n_hours: float = 0.0

    def is_on(self, day: int) -> bool:
        """Whether a day lies in it.

        Examples
        --------
        >>> ForeignEvent(day=10, n_days=3, kind=EventKind.IDLE).is_on(12)
        True
        """
        return self.day <= day < self.day + self.n_days


def events_of_year(seed: int, string: int, year: int, n_cells: int, *, campaigns: bool) -> tuple[ForeignEvent, ...]:
    """Draw what happens to a string in a year; nothing outlasts it.

    Parameters
    ----------
    seed, string, year : int
        Seed of the fleet, number of the string, and of the year since the fleet's start.
    n_cells : int
        Cells of the string. [-]
    campaigns : bool
        Whether the string balances in campaigns only, two to four a year; else there is one at most.

    Returns
    -------
    tuple of ForeignEvent
        In the order of their days.
    """
    rng = generator(seed, "world.foreign.events", site=string, cell=year)
    first = year * YEAR_DAYS
    found: list[ForeignEvent] = []

    def add(kind: EventKind, n_days: int, source: Generator) -> None:
        day = first + int(source.integers(0, max(YEAR_DAYS - n_days, 1)))
        found.append(ForeignEvent(day=day, n_days=n_days, kind=kind))

    for _ in range(int(rng.integers(2, 5)) if campaigns else int(rng.random() < 0.3)):
        add(EventKind.CAMPAIGN, int(rng.integers(5, 22)), rng)
    for _ in range(int(rng.poisson(0.7))):
        add(EventKind.IDLE, int(rng.integers(7, 36)), rng)
    for _ in range(int(rng.poisson(0.3))):
        add(EventKind.ZEROED, 1, rng)
    for _ in range(int(rng.poisson(0.35))):
        add(EventKind.NEW_DUTY, 1, rng)
    if rng.random() < 0.15:
        n_fresh = min(int(rng.integers(12, MODULE + 1)), n_cells)
        module = int(rng.integers(0, max(n_cells // MODULE, 1)))
        day = first + int(rng.integers(0, YEAR_DAYS))
        first_cell = min(module * MODULE, n_cells - n_fresh)
        found.append(
            ForeignEvent(day=day, n_days=1, kind=EventKind.REPLACEMENT, first_cell=first_cell, n_cells=n_fresh)
        )
    for _ in range(int(rng.poisson(9.0))):
        hour, n_hours = float(rng.uniform(0.0, 24.0)), float(rng.exponential(4.0))
        day = first + int(rng.integers(0, YEAR_DAYS))
        found.append(ForeignEvent(day=day, n_days=1, kind=EventKind.SILENCE, hour=hour, n_hours=n_hours))
    return tuple(sorted(found))
