"""Schedules by dynamic programming with exact value functions; a year of hours takes milliseconds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InfeasibleError, NotExpressibleError, SolverError, UsageError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.piecewise_kernels import OVERFLOW, interpolate
from battuta.trading.dynamic_kernels import OK, backward, forward, path_values
from battuta.trading.plan import Plan
from battuta.trading.problem import StorageProblem

POWER_TOLERANCE_KW = 1e-6
_CAPACITIES = (2_048, 32_768)
_RELATIVE_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ValueFunctions:
    """Value of stored energy before every step of a horizon.

    Attributes
    ----------
    offsets : ndarray, shape (n_times + 2,)
        Where each function begins; the last step's stands first.
    energy_kwh, value : ndarray, shape (n_nodes,)
        Nodes of all functions. [kWh], [currency]
    """

    offsets: IntArray
    energy_kwh: FloatArray
    value: FloatArray

    def after(self, step: int) -> tuple[FloatArray, FloatArray]:
        """Nodes of the value of energy at the end of a step, less that step's calendar wear. [kWh], [currency]"""
        n_times = self.offsets.shape[0] - 2
        a, b = int(self.offsets[n_times - step - 1]), int(self.offsets[n_times - step])
        return self.energy_kwh[a:b], self.value[a:b]

    def first(self) -> tuple[FloatArray, FloatArray]:
        """Nodes of the value of energy before the first step. [kWh], [currency]"""
        a = int(self.offsets[-2])
        return self.energy_kwh[a:], self.value[a:]


def not_expressible(problem: StorageProblem) -> list[str]:
    """Names of the problem's features that dynamic programming cannot express; empty when it can."""
    reach_kw = float(np.max(problem.power_kw_high) - np.min(problem.power_kw_low))
    most_kwh = float(np.maximum(problem.power_kw_high, 0.0).sum()) * problem.step_h
    features = {
        "charge_taper": problem.charge_taper is not None,
        "discharge_taper": problem.discharge_taper is not None,
        "ramp_kw_per_minute": problem.n_times > 1 and problem.ramp_kw < reach_kw,
        "throughput_mwh_per_year_max": problem.discharge_energy_kwh_max < most_kwh,
        "wear_segments": problem.depth_wear is not None,
    }
    return [name for name, is_set in features.items() if is_set]


def value_functions(problem: StorageProblem) -> ValueFunctions:
    """Compute the value of stored energy before every step.

    Parameters
    ----------
    problem : StorageProblem
        The problem.

    Returns
    -------
    ValueFunctions
        Exact piecewise-linear functions.

    Raises
    ------
    NotExpressibleError
        Naming the features that need the other engine.
    InfeasibleError
        Naming the bounds that conflict.
    """
    _require_expressible(problem)
    for capacity in _CAPACITIES:
        status, offsets, x, y = backward(*_common(problem), *_ends(problem), capacity, True)  # noqa: FBT003
        if status == OK:
            return ValueFunctions(offsets=offsets, energy_kwh=x, value=y)
        if status != OVERFLOW:
            raise _infeasible(problem)
    message = f"a value function needs more than {_CAPACITIES[-1]} nodes; use engine 'milp'"
    raise SolverError(message)


def solve_dynamic(problem: StorageProblem) -> Plan:
    """Find the best schedule by dynamic programming, exact at negative prices.

    Parameters
    ----------
    problem : StorageProblem
        The problem.

    Returns
    -------
    Plan
        The optimum; of equal choices the smallest movement.

    Raises
    ------
    NotExpressibleError
        Naming the features that need the other engine.
    InfeasibleError
        Naming the bounds that conflict.
    """
    functions = value_functions(problem)
    x, y = functions.first()
    start = problem.energy_kwh_start
    best = interpolate(x, y, x.shape[0], start)
    if not np.isfinite(best):
        raise _infeasible(problem)
    money = np.abs(problem.buy_per_mwh).max() * np.abs(problem.charge_pieces[:, 0]).sum() * problem.step_h / 1000.0
    tolerance = _RELATIVE_ROUNDING * max(abs(best), money, 1.0)
    power_kw, energy_kwh, marginal, at_stake = forward(
        *_common(problem)[:9],
        problem.retention,
        start,
        functions.offsets,
        functions.energy_kwh,
        functions.value,
        tolerance,
    )
    return Plan(
        power_kw=np.where(np.abs(power_kw) < POWER_TOLERANCE_KW, 0.0, power_kw),
        energy_kwh=energy_kwh,
        marginal_value_per_mwh=marginal,
        at_stake=at_stake,
        budget_price_per_mwh=0.0,
        engine="dynamic",
    )


def values_of_paths(
    problem: StorageProblem, paths_per_mwh: FloatArray, energy_kwh: FloatArray, *, n_threads: int = 2
) -> FloatArray:
    """Value of stored energy now under each of many price paths.

    Parameters
    ----------
    problem : StorageProblem
        Limits, wear and fees; its prices are not looked at.
    paths_per_mwh : ndarray, shape (n_paths, n_times)
        Market prices before fees. [currency/MWh]
    energy_kwh : ndarray, shape (n_grid,)
        Stored energies at which the value is wanted. [kWh]
    n_threads : int
        Threads; results do not depend on their number.

    Returns
    -------
    ndarray, shape (n_paths, n_grid)
        Value of the optimum. [currency]

    Raises
    ------
    UsageError
        If the paths do not fit the problem.
    NotExpressibleError
        Naming the features that need the other engine.
    """
    _require_expressible(problem)
    if paths_per_mwh.ndim != 2 or paths_per_mwh.shape[1] != problem.n_times:
        message = f"paths_per_mwh has shape {paths_per_mwh.shape}, the problem has {problem.n_times} steps"
        raise UsageError(message)
    paths = np.ascontiguousarray(paths_per_mwh, dtype=np.float64)
    values = np.empty((paths.shape[0], energy_kwh.shape[0]))
    n_parts = min(n_threads, max(paths.shape[0], 1))
    cuts = [round(k * paths.shape[0] / n_parts) for k in range(n_parts + 1)]

    def part(k: int) -> int:
        a, b = cuts[k], cuts[k + 1]
        return path_values(
            problem.step_h,
            paths[a:b],
            *_common(problem)[3:],
            *_ends(problem),
            _CAPACITIES[-1],
            problem.import_fee_per_mwh,
            problem.export_fee_per_mwh,
            energy_kwh,
            values[a:b],
        )

    with ThreadPoolExecutor(max_workers=n_threads) as pool:
        statuses = list(pool.map(part, range(len(cuts) - 1)))
    if any(status != OK for status in statuses):
        raise _infeasible(problem)
    return values


def _require_expressible(problem: StorageProblem) -> None:
    features = not_expressible(problem)
    if features:
        raise NotExpressibleError("dynamic", features, "milp")


def _infeasible(problem: StorageProblem) -> InfeasibleError:
    from battuta.trading.conflicts import find_conflicts  # noqa: PLC0415  the solver loads only when it is needed

    return InfeasibleError(find_conflicts(problem))


def _common(
    problem: StorageProblem,
) -> tuple[float, FloatArray, FloatArray, FloatArray, float, FloatArray, FloatArray, FloatArray, FloatArray]:
    return (
        problem.step_h, problem.buy_per_mwh, problem.sell_per_mwh, problem.auxiliary_power_kw, problem.wear_per_mwh,
        problem.power_kw_low, problem.power_kw_high, problem.charge_pieces, problem.discharge_pieces,
    )  # fmt: skip


def _ends(
    problem: StorageProblem,
) -> tuple[FloatArray, FloatArray, float, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Energy windows, retention, value at the end and calendar wear of one step."""
    low, high = problem.energy_kwh_low, problem.energy_kwh_high
    end_x = np.array([low[-1], high[-1]])
    if problem.energy_kwh_end is not None:
        end_x = np.array([problem.energy_kwh_end])
    end_y = np.zeros(end_x.shape[0])
    if problem.terminal_value is not None:
        inner = [x for x in problem.terminal_value.x if end_x[0] < x < end_x[-1]]
        end_x = np.array([*end_x[:1], *inner, *end_x[1:]])
        end_y = np.asarray(problem.terminal_value(end_x), dtype=np.float64)
    calendar = problem.calendar_per_hour
    calendar_x = np.empty(0) if calendar is None else np.asarray(calendar.x, dtype=np.float64)
    calendar_y = np.empty(0) if calendar is None else np.asarray(calendar.y, dtype=np.float64) * problem.step_h
    return low, high, problem.retention, end_x, end_y, calendar_x, calendar_y
