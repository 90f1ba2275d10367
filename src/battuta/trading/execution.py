"""What a battery really delivers when it is asked for a power profile."""

from __future__ import annotations

import numpy as np

from battuta.domain.curves import Curve
from battuta.numerics.arrays import FloatArray
from battuta.trading.execution_kernels import execute
from battuta.trading.problem import StorageProblem

_NO_TAPER = np.empty((0, 2))


def follow(
    problem: StorageProblem, request_kw: FloatArray, *, previous_power_kw: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Follow a request as far as power limits, tapers, ramp, SoC bounds and the throughput budget allow.

    At the lower SoC bound standing loss is recharged, whatever was asked for.

    Parameters
    ----------
    problem : StorageProblem
        Limits and the starting energy; its prices are not looked at.
    request_kw : ndarray, shape (n_times,)
        Requested net AC power, discharge positive. [kW]
    previous_power_kw : float
        Power of the step before, for the ramp. [kW]

    Returns
    -------
    power_kw : ndarray, shape (n_times,)
        What was delivered. [kW]
    energy_kwh : ndarray, shape (n_times,)
        Stored energy at the end of each step. [kWh]
    """
    return execute(
        np.ascontiguousarray(request_kw, dtype=np.float64),
        problem.step_h,
        problem.power_kw_low,
        problem.power_kw_high,
        problem.energy_kwh_low,
        problem.energy_kwh_high,
        problem.energy_kwh_start,
        problem.retention,
        problem.charge_pieces,
        problem.discharge_pieces,
        _nodes(problem.charge_taper),
        _nodes(problem.discharge_taper),
        problem.ramp_kw,
        previous_power_kw,
        problem.discharge_energy_kwh_max,
    )


def _nodes(taper: Curve | None) -> FloatArray:
    return _NO_TAPER if taper is None else np.column_stack((taper.x, taper.y))
