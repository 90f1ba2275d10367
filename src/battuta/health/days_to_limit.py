"""In how many days a cell keeps its string from its work, if it goes on as it does: no ageing law, a straight line.

A leak ends it where the cell lies a tenth of its charge behind the others, whatever a balancer holds up against it; a
resistance where it has doubled. The early and the late day come from how surely speed and distance are known.
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
BEHIND_FACTOR = 1.6
"""By how much farther behind cells lay than was told of them. [-]"""
_FAR_BEHIND, _FAST_PER_DAY = 0.03, 0.005
"""Distance [-] and loss [1/day] from which a cell may lie anywhere below what is told of it."""
_SPEED_ERROR, _BEHIND_ERROR, _BEHIND_ERROR_SHARE = 0.3, 0.0075, 0.3
"""Doubt of a speed, over it, and of a distance: a part of its own, and one that grows with it. [-]"""
_SURE_80 = 1.2816
"""Standard deviations that 80 % lie within. [-]"""
GROWTH_DAYS, GROWTH_ROWS_MIN = 16, 8
"""Days over which growth is told, and how many of them have to say something. [d]"""
_GROWS_FROM = 3.0
"""Usual distances of the other cells from which a resistance grows at all. [-]"""


def charge_limit_days(
    behind: float, lost_per_day: float, lost_per_day_error: float, *, is_bounded: bool = False
) -> tuple[float, float, float] | None:
    """Days until a leaking cell is too far behind its string.

    A cell that lies behind is told nearer to its string than it is: the curve of the string is straight for small
    distances alone, and large ones are bounded. So the middle day counts a distance longer by `BEHIND_FACTOR`, and
    where the cell is far behind or loses so much that it may have run ahead of what is told of it, the early day is
    today. Speeds and distances of leaks planted in a SYNTHETIC fleet were off by three tenths and more, whatever the
    errors of a day said; early and late days allow for that.

    Parameters
    ----------
    behind : float
        Charge by which it lies behind the middle of the string, over capacity; below 0 it lies ahead. [-]
    lost_per_day, lost_per_day_error : float
        What it loses more than the others, and the standard deviation of that. [1/day]
    is_bounded : bool
        Whether its charge is known to be bounded only: it may be anywhere below.

    Returns
    -------
    tuple of float or None
        Early, middle and late (10, 50, 90 %), the late one infinite where it may not go on; None where nothing is
        lost. [d]

    Examples
    --------
    >>> charge_limit_days(0.02, 0.004, 0.0005)
    (10.4, 17.0, 27.7)
    >>> charge_limit_days(0.05, 0.004, 0.0005)[0]
    0.0
    """
    left = max(CHARGE_BEHIND_MAX - max(behind, 0.0) * BEHIND_FACTOR - min(behind, 0.0), 0.0)
    found = _days(left, lost_per_day, lost_per_day_error)
    if found is None or left == 0.0:
        return found
    behind_error = _BEHIND_ERROR + _BEHIND_ERROR_SHARE * max(behind, 0.0)
    wide = math.exp(_SURE_80 * math.hypot(_SPEED_ERROR, lost_per_day_error / lost_per_day, behind_error / left))
    middle_days = left / lost_per_day
    is_far = is_bounded or behind > _FAR_BEHIND or lost_per_day > _FAST_PER_DAY
    late = math.inf if math.isinf(found[2]) else round(middle_days * wide, 1)
    return 0.0 if is_far else round(middle_days / wide, 1), found[1], late


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
