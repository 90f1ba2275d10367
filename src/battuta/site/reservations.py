"""Reserved power and energy of many sites at one instant: awards overlap, what they keep free adds up."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

import numpy as np

from battuta.domain.command import Reservation
from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray


class Reserve(IntEnum):
    """A row of the table of reserves."""

    UP_KW = 0
    DOWN_KW = 1
    ENERGY_UP_KWH = 2
    ENERGY_DOWN_KWH = 3
    RECOVERY_KW = 4


def reserve_table(reservations: Iterable[Reservation], n_sites: int, now_ns: int) -> FloatArray:
    """Add up what the reservations in force keep free.

    Parameters
    ----------
    reservations : iterable of Reservation
        Awards, in force or not.
    n_sites : int
        Number of sites.
    now_ns : int
        Present time. [ns]

    Returns
    -------
    ndarray, shape (n_reserves, n_sites)
        One row per `Reserve`. [kW, kW, kWh, kWh, kW]

    Raises
    ------
    UsageError
        If a reservation is for a site that does not exist.
    """
    table = np.zeros((len(Reserve), n_sites))
    for each in reservations:
        if not 0 <= each.site < n_sites:
            message = f"reservation {each.award or each.product} is for site {each.site}; there are {n_sites}"
            raise UsageError(message)
        if each.start_ns <= now_ns < each.end_ns:
            table[:, each.site] += (
                each.up_kw,
                each.down_kw,
                each.energy_up_kwh,
                each.energy_down_kwh,
                each.recovery_kw,
            )
    return table
