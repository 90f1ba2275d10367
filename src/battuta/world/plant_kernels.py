"""A second of all simulated sites beside their cells: the converter before and after, and what is seen of the cells."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.physics.pcs_kernels import ac_to_dc, dc_to_ac, pcs_follow

LOWEST_V, HIGHEST_V, LOWEST_C, MEAN_C, HIGHEST_C, MEAN_SOC, CHARGE_SHARE, DISCHARGE_SHARE = 0, 1, 2, 3, 4, 5, 6, 7
N_SEEN = 8
(
    OF_METER_KW,
    OF_METER_KVAR,
    OF_METER_PU,
    OF_METER_HZ,
    OF_CONVERTER_KW,
    OF_CONVERTER_KVAR,
    OF_SOC,
    OF_LOWEST_V,
    OF_HIGHEST_V,
    OF_LOWEST_C,
    OF_MEAN_C,
    OF_HIGHEST_C,
    OF_CHARGE_KW,
    OF_DISCHARGE_KW,
    OF_AUXILIARY_KW,
    OF_LOAD_KW,
    OF_PV_KW,
    OF_COOLANT_C,
    OF_SETPOINT_C,
    OF_CHILLER_KW,
    OF_AMBIENT_C,
) = range(21)
WANTED_KW, DC_KW, RMS_KW, MAGNITUDE_KW, LOSS_KW = 0, 1, 2, 3, 4
N_WANTED = 5
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


@jit
def follow_second(
    setpoint_kw: FloatArray,
    opened: BoolArray,
    rated_kw: float,
    power_pu: FloatArray,
    lag_s: FloatArray,
    ramp_pu_per_s: FloatArray,
    rows: FloatArray,
    followed_kw: FloatArray,
    wanted: FloatArray,
) -> int:
    """Let the converters follow the setpoints of a second, and say what they want of their batteries.

    Parameters
    ----------
    setpoint_kw : ndarray, shape (n_sites, n_ticks)
        Setpoint that stands during each tick. [kW]
    opened : ndarray of bool, shape (n_sites,)
        Sites whose strings are open: they follow to 0.
    rated_kw : float
        Rated power of a converter. [kW]
    power_pu : ndarray, shape (n_sites,)
        Power of each converter before the second; changed to that after it. [-]
    lag_s, ramp_pu_per_s : ndarray, shape (n_sites,)
        Time constant [s] and largest change of power [1/s].
    rows : ndarray, shape (n_sites, 6)
        Converters as `battuta.physics.pcs_kernels` takes them.
    followed_kw : ndarray, shape (n_sites, n_ticks)
        Written: power at the end of each tick. [kW]
    wanted : ndarray, shape (5, n_sites)
        Written: mean AC power; mean, root mean square and mean magnitude of the DC power, and the loss. [kW]

    Returns
    -------
    int
        First site whose setpoint is no number, -1 where there is none. [-]
    """
    n_sites, n_ticks = setpoint_kw.shape
    for i in range(n_sites):
        for t in range(n_ticks):
            asked_pu = min(max(setpoint_kw[i, t] / rated_kw, -1.0), 1.0)
            followed_kw[i, t] = 0.0 if opened[i] else asked_pu
    pcs_follow(followed_kw, power_pu, lag_s, ramp_pu_per_s, 1.0 / n_ticks, followed_kw)
    for i in range(n_sites):
        total, squares, magnitudes = 0.0, 0.0, 0.0
        for t in range(n_ticks):
            followed_pu = followed_kw[i, t]
            total += followed_pu
            squares += followed_pu * followed_pu
            magnitudes += abs(followed_pu)
            followed_kw[i, t] = followed_pu * rated_kw
        wanted[WANTED_KW, i] = total / n_ticks * rated_kw
        wanted[RMS_KW, i] = math.sqrt(squares / n_ticks) * rated_kw
        wanted[MAGNITUDE_KW, i] = magnitudes / n_ticks * rated_kw
    ac_to_dc(wanted[WANTED_KW], rows, wanted[DC_KW], wanted[LOSS_KW])
    for i in range(n_sites):
        dc_kw = abs(wanted[DC_KW, i])
        wanted[RMS_KW, i] = max(wanted[RMS_KW, i], dc_kw)
        wanted[MAGNITUDE_KW, i] = max(wanted[MAGNITUDE_KW, i], dc_kw)
    for i in range(n_sites):
        if not math.isfinite(wanted[WANTED_KW, i]):
            return i
    return -1


@jit
def settle_second(
    wanted: FloatArray,
    achieved_kw: FloatArray,
    reactive_asked_kvar: FloatArray,
    rated_kw: float,
    solved_share: float,
    rows: FloatArray,
    power_pu: FloatArray,
    power_kw: FloatArray,
    reactive_kvar: FloatArray,
) -> None:
    """Say what power has flown, given what the batteries gave, and how much reactive power that leaves room for.

    Parameters
    ----------
    wanted : ndarray, shape (5, n_sites)
        As `follow_second` left it. [kW]
    achieved_kw : ndarray, shape (n_sites,)
        DC power that each battery gave. [kW]
    reactive_asked_kvar : ndarray, shape (n_sites,)
        Reactive power asked. [kvar]
    rated_kw : float
        Rated power of a converter, which carries 1.1 times as much apparent power. [kW]
    solved_share : float
        Share of the rating that a battery may give less by before it counts as limited. [-]
    rows : ndarray, shape (n_sites, 6)
        Converters.
    power_pu : ndarray, shape (n_sites,)
        Power of each converter; that of a limited one is set to what it has. [-]
    power_kw, reactive_kvar : ndarray, shape (n_sites,)
        Written: mean active and reactive power. [kW], [kvar]
    """
    dc_to_ac(achieved_kw, rows, power_kw, wanted[LOSS_KW])
    for i in range(power_kw.shape[0]):
        if abs(achieved_kw[i] - wanted[DC_KW, i]) > solved_share * rated_kw:
            power_pu[i] = min(max(power_kw[i] / rated_kw, -1.0), 1.0)
        else:
            power_kw[i] = wanted[WANTED_KW, i]
        carried_kva = 1.1 * rated_kw
        room_kvar = math.sqrt(max(carried_kva * carried_kva - power_kw[i] * power_kw[i], 0.0))
        reactive_kvar[i] = min(max(reactive_asked_kvar[i], -room_kvar), room_kvar)


@jit
def write_truth(
    seen: FloatArray,
    frequency_hz: float,
    ambient_c: FloatArray,
    load_kw: FloatArray,
    pv_kw: FloatArray,
    voltage_pu: FloatArray,
    power_kw: FloatArray,
    reactive_kvar: FloatArray,
    auxiliary_power_kw: FloatArray,
    tank_c: FloatArray,
    setpoint_c: FloatArray,
    opened: BoolArray,
    power_kw_max: FloatArray,
    rows: IntArray,
    values: FloatArray,
) -> None:
    """Write what perfect instruments would say of all sites but of gas, smoke and leaks.

    Parameters
    ----------
    seen : ndarray, shape (8, n_sites)
        As `look_at_cells` left it.
    frequency_hz : float
        Frequency of the grid. [Hz]
    ambient_c, load_kw, pv_kw, voltage_pu : ndarray, shape (n_sites,)
        Air [degC], load [kW], sun [kW] and voltage [-].
    power_kw, reactive_kvar, auxiliary_power_kw : ndarray, shape (n_sites,)
        Power of converter and auxiliaries. [kW], [kvar], [kW]
    tank_c, setpoint_c : ndarray, shape (n_sites,)
        Coolant, and what the chiller is to hold it at. [degC]
    opened : ndarray of bool, shape (n_sites,)
        Sites whose strings are open: no power is allowed.
    power_kw_max : ndarray, shape (3,)
        Charge and discharge that sound cells allow, and rated power. [kW]
    rows : ndarray of int, shape (21,)
        Row of `values` for each of ``OF_METER_KW`` to ``OF_AMBIENT_C``. [-]
    values : ndarray, shape (n_signals, n_sites)
        Written. [units of the signals]
    """
    for i in range(power_kw.shape[0]):
        auxiliary_kw = auxiliary_power_kw[i]
        values[rows[OF_METER_KW], i] = power_kw[i] + pv_kw[i] - load_kw[i] - auxiliary_kw
        values[rows[OF_METER_KVAR], i] = reactive_kvar[i]
        values[rows[OF_METER_PU], i] = voltage_pu[i]
        values[rows[OF_METER_HZ], i] = frequency_hz
        values[rows[OF_CONVERTER_KW], i] = power_kw[i]
        values[rows[OF_CONVERTER_KVAR], i] = reactive_kvar[i]
        values[rows[OF_SOC], i] = seen[MEAN_SOC, i]
        values[rows[OF_LOWEST_V], i], values[rows[OF_HIGHEST_V], i] = seen[LOWEST_V, i], seen[HIGHEST_V, i]
        values[rows[OF_LOWEST_C], i], values[rows[OF_HIGHEST_C], i] = seen[LOWEST_C, i], seen[HIGHEST_C, i]
        values[rows[OF_MEAN_C], i] = seen[MEAN_C, i]
        charge_kw = min(power_kw_max[0] * seen[CHARGE_SHARE, i], power_kw_max[2])
        discharge_kw = min(power_kw_max[1] * seen[DISCHARGE_SHARE, i], power_kw_max[2])
        values[rows[OF_CHARGE_KW], i] = 0.0 if opened[i] else charge_kw
        values[rows[OF_DISCHARGE_KW], i] = 0.0 if opened[i] else discharge_kw
        values[rows[OF_AUXILIARY_KW], i] = auxiliary_kw
        values[rows[OF_LOAD_KW], i], values[rows[OF_PV_KW], i] = load_kw[i], pv_kw[i]
        values[rows[OF_COOLANT_C], i], values[rows[OF_SETPOINT_C], i] = tank_c[i], setpoint_c[i]
        values[rows[OF_CHILLER_KW], i] = auxiliary_kw
        values[rows[OF_AMBIENT_C], i] = ambient_c[i]
