"""Why each step is what it is: the bound that held it, the value of energy, the wear it paid and the money at stake."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from battuta.domain.market import Binding, Schedule
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.trading import accounts
from battuta.trading.plan import Plan
from battuta.trading.problem import StorageProblem

_RELATIVE_TOLERANCE = 1e-6


def explain(problem: StorageProblem, plan: Plan, time_ns: IntArray, step: timedelta) -> Schedule:
    """Turn an engine's plan into a schedule with a reason at each step.

    Parameters
    ----------
    problem : StorageProblem
        What was asked.
    plan : Plan
        What the engine answered.
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    step : timedelta
        Length of an interval.

    Returns
    -------
    Schedule
        Money and wear are counted here anew, not taken from the engine.
    """
    paid = accounts.wear(problem, plan.power_kw, plan.energy_kwh)
    left = 0.0 if problem.terminal_value is None else float(problem.terminal_value(float(plan.energy_kwh[-1])))
    return Schedule(
        time_ns=time_ns,
        step=step,
        power_kw=plan.power_kw,
        soc=plan.energy_kwh / problem.capacity_kwh,
        price_per_mwh=problem.price_per_mwh,
        binding=tuple(bindings(problem, plan)),
        marginal_value_per_mwh=plan.marginal_value_per_mwh,
        wear=paid,
        at_stake=plan.at_stake,
        objective=float(accounts.revenue(problem, plan.power_kw).sum() - paid.sum()) + left,
        currency=problem.currency,
        engine=plan.engine,
        budget_price_per_mwh=plan.budget_price_per_mwh,
    )


def bindings(problem: StorageProblem, plan: Plan) -> list[Binding]:
    """Name what holds each step; the first that applies of power limits, SoC bounds, taper, ramp, then price.

    Parameters
    ----------
    problem : StorageProblem
        Limits.
    plan : Plan
        Power and energy.

    Returns
    -------
    list of Binding
        One per step.
    """
    power, energy = plan.power_kw, plan.energy_kwh
    kw_slack = _RELATIVE_TOLERANCE * max(float(problem.discharge_pieces[:, 0].sum()), 1.0)
    kwh_slack = _RELATIVE_TOLERANCE * problem.capacity_kwh
    is_full, is_empty = energy >= problem.energy_kwh_high - kwh_slack, energy <= problem.energy_kwh_low + kwh_slack
    is_idle = np.abs(power) <= kw_slack
    tapered, ramped = _tapered(problem, plan, kw_slack), _ramped(problem, power, kw_slack)
    wants_charge = problem.buy_per_mwh < plan.marginal_value_per_mwh * problem.charge_pieces[0, 1]
    wants_discharge = (problem.sell_per_mwh - problem.wear_per_mwh) * problem.discharge_pieces[0, 1] > (
        plan.marginal_value_per_mwh
    )
    at_high, at_low = power >= problem.power_kw_high - kw_slack, power <= problem.power_kw_low + kw_slack
    high_names, low_names = problem.high_binding(), problem.low_binding()
    names: list[Binding] = []
    for t in range(problem.n_times):
        if is_idle[t]:
            full, empty = is_full[t] and wants_charge[t], is_empty[t] and wants_discharge[t]
            names.append(Binding.FULL if full else Binding.EMPTY if empty else Binding.MARGIN)
        elif at_high[t] or at_low[t]:
            names.append(high_names[t] if at_high[t] else low_names[t])
        elif t == problem.n_times - 1 and problem.energy_kwh_end is not None:
            names.append(Binding.END)
        elif (power[t] < 0.0 and is_full[t]) or (power[t] > 0.0 and is_empty[t]):
            names.append(Binding.FULL if power[t] < 0.0 else Binding.EMPTY)
        elif tapered[t] or ramped[t]:
            names.append(Binding.TAPER if tapered[t] else Binding.RAMP)
        else:
            names.append(Binding.BUDGET if plan.budget_price_per_mwh > 0.0 and power[t] > 0.0 else Binding.PRICE)
    return names


def _tapered(problem: StorageProblem, plan: Plan, kw_slack: float) -> BoolArray:
    before = np.concatenate(([problem.energy_kwh_start], plan.energy_kwh[:-1]))
    tapered = np.zeros(problem.n_times, dtype=bool)
    for taper, magnitude in ((problem.charge_taper, -plan.power_kw), (problem.discharge_taper, plan.power_kw)):
        if taper is not None:
            tapered |= (magnitude > kw_slack) & (magnitude >= taper(before) - kw_slack)
    return tapered


def _ramped(problem: StorageProblem, power_kw: FloatArray, kw_slack: float) -> BoolArray:
    ramped = np.zeros(problem.n_times, dtype=bool)
    if np.isfinite(problem.ramp_kw):
        held = np.abs(np.diff(power_kw)) >= problem.ramp_kw - kw_slack
        ramped[1:] |= held
        ramped[:-1] |= held
    return ramped


def power_text(power_kw: float) -> str:
    """Write a power with as many digits as its size needs; small ones hold against self-discharge. [kW]

    Examples
    --------
    >>> [power_text(each) for each in (-1200.4, 0.0, -0.08, 0.0021)]
    ['-1,200', '0', '-0.08', '0.0021']
    """
    if power_kw == 0.0 or abs(power_kw) >= 10.0:
        return f"{power_kw:,.0f}"
    return f"{power_kw:.2f}" if abs(power_kw) >= 0.01 else f"{power_kw:.2g}"


def sentence(schedule: Schedule, step: int) -> str:
    """Say the reason of one step in a sentence for people.

    Parameters
    ----------
    schedule : Schedule
        The schedule.
    step : int
        Which step.

    Returns
    -------
    str
        What is done, at which price, against which value, and what holds it.
    """
    power, price = float(schedule.power_kw[step]), float(schedule.price_per_mwh[step])
    value, stake = float(schedule.marginal_value_per_mwh[step]), float(schedule.at_stake[step])
    verb = "sell" if power > 0.0 else "buy" if power < 0.0 else "wait"
    amount = f" {power_text(abs(power))} kW" if power else ""
    paid = float(schedule.wear[step])
    text = f"{verb}{amount} at {price:z,.2f} {schedule.currency}/MWh"
    if np.isfinite(value):
        text += f"; stored energy is worth {value:z,.2f}"
    if paid > 0.0:
        text += f"; wear {paid:z,.2f} {schedule.currency}"
    if power and np.isfinite(stake):
        cost = f"{stake:,.2f}" if stake >= 0.01 else "less than 0.01"
        text += f"; idling would cost {cost} {schedule.currency}"
    return f"{text}; held by: {schedule.binding[step].value}"
