"""Loop of a battery that answers frequency: second by second, with a slow hand on its charge."""

from __future__ import annotations

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

_FULL_RECOVERY_SOC = 0.1
"""How far from its target the charge is when the base power is full. [-]"""


@jit
def regulate(
    response_pu: FloatArray,
    sold_kw: float,
    recovery_kw: float,
    energy_kwh: float,
    efficiency_one_way: float,
    soc_target: float,
    cycles_per_day_max: float,
    minute_kw: FloatArray,
) -> float:
    """Follow a response through whole days, and say what was asked of the battery, minute by minute.

    Parameters
    ----------
    response_pu : ndarray, shape (n_seconds,)
        Power that the grid asks for, per unit of what is sold, discharge positive; it repeats. [-]
    sold_kw, recovery_kw : float
        Power that is sold, and most base power that steers the charge. [kW]
    energy_kwh, efficiency_one_way : float
        Stored energy and one-way efficiency of the battery that is steered. [kWh], [-]
    soc_target : float
        State of charge that it steers to, and begins at. [-]
    cycles_per_day_max : float
        Full cycles a day after which no more is answered until midnight. [-]
    minute_kw : ndarray, shape (n_minutes,)
        Mean power of each minute at the interconnection point; overwritten. [kW]

    Returns
    -------
    float
        Throughput of the seconds over that of the minutes' means, 1 or more. [-]
    """
    n_seconds = response_pu.shape[0]
    soc, second = soc_target, 0
    spent, fine, coarse = 0.0, 0.0, 0.0
    for minute in range(minute_kw.shape[0]):
        if minute % 1440 == 0:
            spent = 0.0
        away = (soc - soc_target) / _FULL_RECOVERY_SOC
        base_kw = recovery_kw * min(max(away, -1.0), 1.0)
        total = 0.0
        for _ in range(60):
            power_kw = base_kw
            if spent < cycles_per_day_max:
                power_kw += sold_kw * response_pu[second]
            second = second + 1 if second + 1 < n_seconds else 0
            stored_kw = power_kw / efficiency_one_way if power_kw > 0.0 else power_kw * efficiency_one_way
            step = stored_kw / 3600.0 / energy_kwh
            soc = min(max(soc - step, 0.0), 1.0)
            spent += 0.5 * abs(step)
            fine += abs(power_kw)
            total += power_kw
        minute_kw[minute] = total / 60.0
        coarse += abs(total)
    return fine / coarse if coarse > 0.0 else 1.0
