"""The storage problem written as rows: every limit a block, so that what binds and what conflicts can be named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.curves import Curve
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.linear_program import INFINITY, LinearProgram
from battuta.trading.accounts import mean_discharge_efficiency
from battuta.trading.problem import StorageProblem

_EMPTY = np.empty(0, dtype=np.int64)


@dataclass(slots=True, kw_only=True)
class Layout:
    """Where everything stands in the program.

    Attributes
    ----------
    program : LinearProgram
        The rows.
    charge, discharge : ndarray, shape (n_pieces, n_times)
        Power variables. [kW]
    stored : ndarray, shape (n_times,)
        Stored energy at the end of each step. [kWh]
    balance : ndarray, shape (n_times,)
        Rows of the energy balance.
    budget : ndarray, shape (0 or 1,)
        Row of the throughput budget.
    movement : ndarray, shape (0 or n_times - 1,)
        Rows of the ramp.
    inflow_rows, outflow_rows : ndarray, shape (0 or n_times,)
        Rows that share charge and discharge among depth segments.
    binaries : ndarray, shape (n_binaries,)
        Binaries of direction and of piece order.
    calendar_gap : float
        Largest gap of a convexified calendar curve. [currency/h]
    """

    program: LinearProgram
    charge: IntArray
    discharge: IntArray
    stored: IntArray
    balance: IntArray
    budget: IntArray
    movement: IntArray
    inflow_rows: IntArray
    outflow_rows: IntArray
    binaries: IntArray
    calendar_gap: float


def write_rows(problem: StorageProblem, exclusive: BoolArray) -> Layout:
    """Write a storage problem as a program to maximise.

    Parameters
    ----------
    problem : StorageProblem
        The problem.
    exclusive : ndarray, shape (n_times,)
        Steps whose direction (and order of part-load pieces) gets binaries.

    Returns
    -------
    Layout
        The program and where its parts stand.
    """
    n = problem.n_times
    program = LinearProgram()
    per_kw = problem.step_h / 1000.0
    charge = _power_variables(program, problem.charge_pieces, -problem.buy_per_mwh * per_kw)
    discharge = _power_variables(
        program, problem.discharge_pieces, (problem.sell_per_mwh - problem.wear_per_mwh) * per_kw
    )
    low, high = problem.energy_kwh_low.copy(), problem.energy_kwh_high.copy()
    if problem.energy_kwh_end is not None:
        low[-1] = high[-1] = problem.energy_kwh_end
    energy = program.variables(n, low, high)
    layout = Layout(
        program=program,
        charge=charge,
        discharge=discharge,
        stored=energy,
        balance=balance_rows(program, problem, charge, discharge, energy),
        budget=_EMPTY,
        movement=_EMPTY,
        inflow_rows=_EMPTY,
        outflow_rows=_EMPTY,
        binaries=_EMPTY,
        calendar_gap=0.0,
    )
    _power_bounds(layout, problem)
    _auxiliary_saving(layout, problem)
    _tapers(layout, problem)
    _ramp(layout, problem)
    _budget(layout, problem)
    _depth_wear(layout, problem)
    _calendar(layout, problem)
    _terminal_value(layout, problem)
    _exclusive(layout, problem, exclusive)
    return layout


def _power_variables(program: LinearProgram, pieces: FloatArray, cost: FloatArray) -> IntArray:
    n = cost.shape[0]
    return np.array([program.variables(n, 0.0, float(width), cost) for width in pieces[:, 0]])


def balance_rows(
    program: LinearProgram, problem: StorageProblem, charge: IntArray, discharge: IntArray, stored: IntArray
) -> IntArray:
    """Add the energy balance of every step; returns its rows, shape (n_times,)."""
    n, h = problem.n_times, problem.step_h
    start = np.zeros(n)
    start[0] = problem.retention * problem.energy_kwh_start
    rows = program.rows(n, start, start)
    program.add(rows, stored, 1.0)
    program.add(rows[1:], stored[:-1], -problem.retention)
    program.add(rows, charge, -h * problem.charge_pieces[:, 1:])
    program.add(rows, discharge, h / problem.discharge_pieces[:, 1:])
    return rows


def _power_bounds(layout: Layout, problem: StorageProblem) -> None:
    """Net power within what rating, temperature, interconnection and reserves leave."""
    program, n = layout.program, problem.n_times
    low, high = problem.power_kw_low, problem.power_kw_high
    for variables, limit in ((layout.charge, np.maximum(-low, 0.0)), (layout.discharge, np.maximum(high, 0.0))):
        rows = program.rows(n, -INFINITY, limit)
        program.add(rows, variables, 1.0)
    if np.any(low > 0.0) or np.any(high < 0.0):
        rows = program.rows(n, low, high)
        program.add(rows, layout.discharge, 1.0)
        program.add(rows, layout.charge, -1.0)


def _auxiliary_saving(layout: Layout, problem: StorageProblem) -> None:
    """Discharge up to the auxiliary load saves import, which costs more than export earns."""
    spread = problem.buy_per_mwh - problem.sell_per_mwh
    if not np.any((spread > 0.0) & (problem.auxiliary_power_kw > 0.0)):
        return
    program, n = layout.program, problem.n_times
    saved = program.variables(n, 0.0, problem.auxiliary_power_kw, spread * problem.step_h / 1000.0)
    rows = program.rows(n, -INFINITY, 0.0)
    program.add(rows, saved, 1.0)
    program.add(rows, layout.discharge, -1.0)


def _tapers(layout: Layout, problem: StorageProblem) -> None:
    for taper, power in ((problem.charge_taper, layout.charge), (problem.discharge_taper, layout.discharge)):
        if taper is not None:
            for line in lines(taper):
                taper_rows(layout.program, problem, power, layout.stored, line)


def taper_rows(
    program: LinearProgram, problem: StorageProblem, limited: IntArray, stored: IntArray, line: tuple[float, float]
) -> IntArray:
    """Hold power variables below a line of the energy at the start of each step; returns the rows, shape (n_times,)."""
    slope, intercept = line
    limit = np.full(problem.n_times, intercept)
    limit[0] += slope * problem.energy_kwh_start
    rows = program.rows(problem.n_times, -INFINITY, limit)
    program.add(rows, limited, 1.0)
    if slope != 0.0:
        program.add(rows[1:], stored[:-1], -slope)
    return rows


def _ramp(layout: Layout, problem: StorageProblem) -> None:
    if not np.isfinite(problem.ramp_kw) or problem.n_times < 2:
        return
    layout.movement = layout.program.rows(problem.n_times - 1, -problem.ramp_kw, problem.ramp_kw)
    net_change(layout.program, layout.charge, layout.discharge, layout.movement)


def net_change(program: LinearProgram, charge: IntArray, discharge: IntArray, rows: IntArray) -> None:
    """Put ``p[t] - p[t-1]`` of net power into rows, shape (n_times - 1,)."""
    for sign, power in ((1.0, discharge), (-1.0, charge)):
        program.add(rows, power[:, 1:], sign)
        program.add(rows, power[:, :-1], -sign)


def _budget(layout: Layout, problem: StorageProblem) -> None:
    if np.isfinite(problem.discharge_energy_kwh_max):
        layout.budget = layout.program.rows(1, -INFINITY, problem.discharge_energy_kwh_max)
        layout.program.add(layout.budget, layout.discharge, problem.step_h)


def _depth_wear(layout: Layout, problem: StorageProblem) -> None:
    """Equal segments of the window, shallow first, each with its own balance and price (Xu 2018)."""
    depth = problem.depth_wear
    if depth is None:
        return
    program, n = layout.program, problem.n_times
    bottom = float(problem.energy_kwh_min.min())
    width = (float(problem.energy_kwh_max.max()) - bottom) / depth.n_segments
    filled = problem.energy_kwh_start - bottom
    inflow_rows, outflow_rows = program.rows(n, 0.0, 0.0), program.rows(n, 0.0, 0.0)
    layout.inflow_rows, layout.outflow_rows = inflow_rows, outflow_rows
    bottom_loss = (1.0 - problem.retention) * bottom  # lost below the segments, so made good out of them
    leak_rows = program.rows(n, bottom_loss, bottom_loss) if bottom_loss > 0.0 else _EMPTY
    program.add(inflow_rows, layout.charge, -problem.step_h * problem.charge_pieces[:, 1:])
    program.add(outflow_rows, layout.discharge, -problem.step_h / problem.discharge_pieces[:, 1:])
    ac_share = mean_discharge_efficiency(problem)
    for price in depth.price_per_mwh:
        inside = min(max(filled, 0.0), width)
        filled -= inside
        stored = program.variables(n, 0.0, width)
        inflow = program.variables(n, 0.0, INFINITY)
        outflow = program.variables(n, 0.0, INFINITY, -price * ac_share / 1000.0)
        start = np.zeros(n)
        start[0] = problem.retention * inside
        rows = program.rows(n, start, start)
        program.add(rows, stored, 1.0)
        program.add(rows[1:], stored[:-1], -problem.retention)
        program.add(rows, inflow, -1.0)
        program.add(rows, outflow, 1.0)
        program.add(inflow_rows, inflow, 1.0)
        program.add(outflow_rows, outflow, 1.0)
        if leak_rows.size:
            leak = program.variables(n, 0.0, INFINITY)
            program.add(rows, leak, 1.0)
            program.add(leak_rows, leak, 1.0)


def _calendar(layout: Layout, problem: StorageProblem) -> None:
    if problem.calendar_per_hour is None:
        return
    curve, layout.calendar_gap = problem.calendar_per_hour.convexified()
    n = problem.n_times
    cost = layout.program.variables(n, -INFINITY, INFINITY, -problem.step_h)
    for slope, intercept in lines(curve):
        rows = layout.program.rows(n, intercept, INFINITY)
        layout.program.add(rows, cost, 1.0)
        layout.program.add(rows, layout.stored, -slope)


def _terminal_value(layout: Layout, problem: StorageProblem) -> None:
    if problem.terminal_value is None:
        return
    value = layout.program.variables(1, -INFINITY, INFINITY, 1.0)
    for slope, intercept in lines(problem.terminal_value):
        row = layout.program.rows(1, -INFINITY, intercept)
        layout.program.add(row, value, 1.0)
        layout.program.add(row, layout.stored[-1:], -slope)


def _exclusive(layout: Layout, problem: StorageProblem, exclusive: BoolArray) -> None:
    """Binaries: one direction a step, and part-load pieces filled in order."""
    at = np.flatnonzero(exclusive)
    if at.size == 0:
        return
    program = layout.program
    direction = program.variables(at.size, 0.0, 1.0, is_integer=True)
    binaries = [direction]
    charge_max = np.minimum(problem.charge_pieces[:, 0].sum(), np.maximum(-problem.power_kw_low, 0.0))[at]
    discharge_max = np.minimum(problem.discharge_pieces[:, 0].sum(), np.maximum(problem.power_kw_high, 0.0))[at]
    rows = program.rows(at.size, -INFINITY, charge_max)
    program.add(rows, layout.charge[:, at], 1.0)
    program.add(rows, direction, charge_max)
    rows = program.rows(at.size, -INFINITY, 0.0)
    program.add(rows, layout.discharge[:, at], 1.0)
    program.add(rows, direction, -discharge_max)
    for variables, pieces in ((layout.charge, problem.charge_pieces), (layout.discharge, problem.discharge_pieces)):
        for k in range(1, pieces.shape[0]):
            in_use = program.variables(at.size, 0.0, 1.0, is_integer=True)
            binaries.append(in_use)
            rows = program.rows(at.size, -INFINITY, 0.0)
            program.add(rows, variables[k, at], 1.0)
            program.add(rows, in_use, -float(pieces[k, 0]))
            rows = program.rows(at.size, 0.0, INFINITY)
            program.add(rows, variables[k - 1, at], 1.0)
            program.add(rows, in_use, -float(pieces[k - 1, 0]))
    layout.binaries = np.concatenate(binaries)


def lines(curve: Curve) -> list[tuple[float, float]]:
    """Slope and intercept of each piece of a curve; a single point is a level line."""
    if len(curve.x) == 1:
        return [(0.0, curve.y[0])]
    return [(float(slope), curve.y[k] - float(slope) * curve.x[k]) for k, slope in enumerate(curve.slopes)]
