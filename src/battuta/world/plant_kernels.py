"""What the battery management of each simulated site sees of its cells, in one pass over them."""

from __future__ import annotations

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

LOWEST_V, HIGHEST_V, LOWEST_C, MEAN_C, HIGHEST_C, MEAN_SOC, CHARGE_SHARE, DISCHARGE_SHARE = 0, 1, 2, 3, 4, 5, 6, 7
N_SEEN = 8
FULL_TAPER_SOC = 0.02
"""Power is tapered over this much before a cell is full or empty. [-]"""


@jit
def share_at(value: float, points: FloatArray) -> float:
    """Piecewise-linear share at a value, level beyond the ends; `points` has shape (n_points, 2)."""
    last = points.shape[0] - 1
    if value <= points[0, 0]:
        return points[0, 1]
    for k in range(last):
        if value <= points[k + 1, 0]:
            width = points[k + 1, 0] - points[k, 0]
            return points[k, 1] + (points[k + 1, 1] - points[k, 1]) * (value - points[k, 0]) / width
    return points[last, 1]


@jit
def look_at_cells(
    voltage_v: FloatArray,
    temperature_c: FloatArray,
    soc: FloatArray,
    limits_v: FloatArray,
    full_taper_v: float,
    charge_taper: FloatArray,
    discharge_taper: FloatArray,
    seen: FloatArray,
) -> None:
    """Fill `seen`, shape (8, n_sites): extremes and means of the cells, and the share of the current that is allowed.

    Cells of a site are neighbours and as many at each. Charge is tapered over `full_taper_v` before the highest cell
    reaches its limit, discharge over four times as much; both over `FULL_TAPER_SOC` before the fullest or emptiest cell
    ends, and by the coldest and the hottest cell.
    """
    n_sites = seen.shape[1]
    n_cells = voltage_v.shape[0] // n_sites
    for i in range(n_sites):
        first = i * n_cells
        low_v, high_v = float(voltage_v[first]), float(voltage_v[first])
        low_c, high_c = float(temperature_c[first]), float(temperature_c[first])
        low_soc, high_soc = float(soc[first]), float(soc[first])
        sum_c, sum_soc = 0.0, 0.0
        for c in range(first, first + n_cells):
            volts, degrees = float(voltage_v[c]), float(temperature_c[c])
            low_v, high_v = min(low_v, volts), max(high_v, volts)
            low_c, high_c = min(low_c, degrees), max(high_c, degrees)
            low_soc, high_soc = min(low_soc, float(soc[c])), max(high_soc, float(soc[c]))
            sum_c += degrees
            sum_soc += soc[c]
        charge = min(max((limits_v[1] - high_v) / full_taper_v, 0.0), 1.0)
        discharge = min(max((low_v - limits_v[0]) / (4.0 * full_taper_v), 0.0), 1.0)
        charge = min(charge, max(1.0 - high_soc, 0.0) / FULL_TAPER_SOC)
        discharge = min(discharge, max(low_soc, 0.0) / FULL_TAPER_SOC)
        charge = min(charge, share_at(low_c, charge_taper), share_at(high_c, charge_taper))
        discharge = min(discharge, share_at(low_c, discharge_taper), share_at(high_c, discharge_taper))
        seen[LOWEST_V, i], seen[HIGHEST_V, i] = low_v, high_v
        seen[LOWEST_C, i], seen[MEAN_C, i], seen[HIGHEST_C, i] = low_c, sum_c / n_cells, high_c
        seen[MEAN_SOC, i] = sum_soc / n_cells
        seen[CHARGE_SHARE, i], seen[DISCHARGE_SHARE, i] = charge, discharge
