"""In how many days a cell keeps its string from its work, if it goes on as it does: no ageing law, a straight line.

A leak ends it where the cell lies a tenth of its charge behind the others, whatever a balancer holds up against it; a
resistance where it has doubled. The early and the late day come from how surely the speed is known.
"""

from __future__ import annotations

import math

import numpy as np

from battuta.health.comparison_kernels import MAD, middle
from battuta.health.day_history import DayHistory
from battuta.health.site_checks_trend import days_until

CHARGE_BEHIND_MAX = 0.10
"""Charge by which a cell may lie behind its string: it is empty when the others have a tenth left. [-]"""
RESISTANCE_GROWTH_MAX = 1.0
"""Growth of a resistance, over the usual one. [-]"""
GROWTH_DAYS, GROWTH_ROWS_MIN = 16, 8
"""Days over which growth is told, and how many of them have to say something. [d]"""
_GROWS_FROM = 3.0
"""Usual distances of the other cells from which a resistance grows at all. [-]"""


def charge_limit_days(
    behind: float, lost_per_day: float, lost_per_day_error: float
) -> tuple[float, float, float] | None:
    """Days until a leaking cell is too far behind its string.

    Parameters
    ----------
    behind : float
        Charge by which it lies behind the middle of the string, over capacity; below 0 it lies ahead. [-]
    lost_per_day, lost_per_day_error : float
        What it loses more than the others, and the standard deviation of that. [1/day]

    Returns
    -------
    tuple of float or None
        Early, middle and late (10, 50, 90 %), the late one infinite where it may not go on; None where nothing is
        lost. [d]

    Examples
    --------
    >>> charge_limit_days(0.02, 0.004, 0.0005)
    (17.2, 20.0, 23.8)
    """
    return _days(CHARGE_BEHIND_MAX - behind, lost_per_day, lost_per_day_error)


def doubling_days(history: DayHistory, cell: int, usual_ohm: float) -> tuple[float, float, float] | None:
    """Days until the resistance of a cell has doubled.

    Parameters
    ----------
    history : DayHistory
        Resistance of each cell beyond the middle of its string, up to today. [ohm]
    cell : int
        The cell.
    usual_ohm : float
        Resistance of a usual cell. [ohm]

    Returns
    -------
    tuple of float or None
        As in `charge_limit_days` [d]; None where it does not grow, as after a step, or the days are too few.
    """
    first, stop = history.rows_since(GROWTH_DAYS), history.days.size
    growth = history.slope_per_day(first, stop) if stop - first >= GROWTH_ROWS_MIN else None
    if growth is None:
        return None
    beyond = growth - middle(growth)
    floor = 2.0 * float(np.sqrt(np.median(history.variance[first:]))) / GROWTH_DAYS**1.5
    error = max(MAD * middle(np.abs(beyond)), floor)
    if beyond[cell] < _GROWS_FROM * error:
        return None
    left_ohm = RESISTANCE_GROWTH_MAX * usual_ohm - float(history.values[-1, cell])
    return _days(left_ohm, float(beyond[cell]), error)


def _days(left: float, per_day: float, per_day_error: float) -> tuple[float, float, float] | None:
    """Days that something left lasts; nothing where it would last for generations."""
    found = days_until(0.0, max(left, 0.0), per_day, per_day_error)
    return found if found is not None and math.isfinite(found[1]) else None
