"""Cooling foresight: cool before the hours that will be hot, at the hours that cool cheaply, and narrow power last.

Three parts: `observe` each minute learns what warms and cools the cells of each site; `plan_cooling` every half hour
prices cell temperatures over the next day; `decide` each minute picks setpoints and, where full cooling would not do,
the share of the planned power that keeps the cells under their limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.cooling_foresight_kernels import (
    N_COEFFICIENTS,
    choose_setpoints,
    learn_coefficients,
    price_sites,
)
from battuta.site.cooling_foresight_nameplate import CoolingNameplate
from battuta.site.cooling_foresight_power_kernels import power_shares

BLOCK_MINUTES = 10
"""Minutes that are folded into one observation."""

CAUTION = 2.0
"""Standard deviations kept between prediction and limit. [-]"""

MEMORY_H = 0.5
"""How long what the model does not explain keeps its sign. [h]"""

SENSOR_K = 0.3
"""Error of a temperature reading, taken off the limit. [K]"""

RESERVE_K = 1.0
"""Kept between planned temperatures and those where power is narrowed, so that noise does not narrow it. [K]"""

SETPOINT_C = np.array([np.nan, 14.0, 17.0, 20.0, 23.0, 26.0, 30.0, 34.0])
"""Coolant temperatures to choose from, NaN for off. [degC]"""

GRID_C = np.arange(10.0, 52.5, 0.5)
"""Mean cell temperatures that are priced. [degC]"""

CONTAINER_KWH_PER_K = 7.765
"""Heat capacity of the cells of the container of 5 MWh that worths are given for. [kWh/K]"""

OBEYED_K = 0.15
"""Largest difference between setpoint asked and read back. [K]"""

SWITCHING_K = 0.0258
"""What switching on or off must gain, as warmth of the cells. [K]"""

_ACTIVE_PU = 0.02
_SATURATED_K = 0.7
_DRIFT = 0.002
_NOISE_K = 0.07


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoolingState:
    """What was learned of the containers, and the block that is being gathered.

    Attributes
    ----------
    theta : ndarray, shape (n_sites, 4)
        Coefficients of the rate of cell temperature. [K/h per regressor]
    covariance : ndarray, shape (n_sites, 4, 4)
        Their covariance.
    surprise_k_per_h : ndarray, shape (n_sites,)
        Running size of what the model does not explain. [K/h]
    capacity_k_per_h, heat_kwh_per_k, spread_share : ndarray, shape (n_sites,)
        Largest cooling [K/h], heat capacity [kWh/K], hottest above mean over mean above coolant [-].
    machine : ndarray, shape (n_sites, 5)
        COP without lift, lift that halves it [K], its cap, pump power [kW], ageing cost of an hour at 30 degC [kWh].
    tank_share : ndarray, shape (n_sites,)
        Heat capacity of the coolant over that of the cells. [-]
    switching_kwh : ndarray, shape (n_sites,)
        What switching on or off must gain. [kWh]
    sums : ndarray, shape (n_sites, 11)
        Sums of the block: regressors (4), cells, coolant, chiller power, ambient, coolant above setpoint, minutes on,
        minutes.
    block_start_c : ndarray, shape (n_sites, 2)
        Mean cell and coolant temperature where the block of a site began, NaN before. [degC]
    """

    theta: FloatArray
    covariance: FloatArray
    surprise_k_per_h: FloatArray
    capacity_k_per_h: FloatArray
    heat_kwh_per_k: FloatArray
    spread_share: FloatArray
    machine: FloatArray
    tank_share: FloatArray
    switching_kwh: FloatArray
    sums: FloatArray
    block_start_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoolingMinute:
    """What was measured of all sites in one minute, each shape (n_sites,); NaN is missing.

    Attributes
    ----------
    power_pu : ndarray
        Battery power per unit of the rating. [-]
    cell_c_mean, cell_c_max, coolant_c, ambient_c : ndarray
        Temperatures. [degC]
    chiller_kw : ndarray
        Electric power of the chiller. [kW]
    asked_c, read_back_c : ndarray
        Setpoint asked of the chiller and what its register says, NaN for off. [degC]
    is_cooling : ndarray of bool, optional
        Where the chiller's own controller should be cooling; left out, wherever its register is not off.
    is_trusted : ndarray of bool, optional
        Where the chiller speaks, and moved its register when it was last asked to; left out, everywhere.
    """

    power_pu: FloatArray
    cell_c_mean: FloatArray
    cell_c_max: FloatArray
    coolant_c: FloatArray
    ambient_c: FloatArray
    chiller_kw: FloatArray
    asked_c: FloatArray
    read_back_c: FloatArray
    is_cooling: BoolArray | None = None
    is_trusted: BoolArray | None = None

    @property
    def is_obeyed(self) -> BoolArray:
        """Whether the chiller's register stands where it was asked to, shape (n_sites,)."""
        off = np.isnan(self.asked_c) & np.isnan(self.read_back_c)
        is_obeyed = off | (np.abs(self.asked_c - self.read_back_c) <= OBEYED_K)
        return is_obeyed if self.is_trusted is None else is_obeyed & self.is_trusted

    @property
    def is_on(self) -> BoolArray:
        """Whether the chiller is taken to cool, shape (n_sites,)."""
        return np.isfinite(self.read_back_c) if self.is_cooling is None else self.is_cooling


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoolingPlan:
    """Price of cell temperatures over the next day.

    Attributes
    ----------
    value_kwh : ndarray, shape (n_times + 1, n_sites, n_nodes)
        Cost to come. [kWh]
    power_pu, ambient_c : ndarray, shape (n_times, n_sites)
        What it was made for. [-], [degC]
    step_h : float
        Length of a step. [h]
    """

    value_kwh: FloatArray
    power_pu: FloatArray
    ambient_c: FloatArray
    step_h: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoolingDecision:
    """What foresight asks for, each shape (n_sites,).

    Attributes
    ----------
    setpoint_c : ndarray
        Coolant temperature, NaN for off. [degC]
    power_share : ndarray
        Share of the planned power that keeps the cells under their limit; 1 where the plan stands. [-]
    is_foreseen : ndarray of bool
        Whether cooling was counted on: false where the chiller's register did not move.
    """

    setpoint_c: FloatArray
    power_share: FloatArray
    is_foreseen: BoolArray


def first_state(nameplates: Sequence[CoolingNameplate], ageing_kwh_per_hour: float = 0.0) -> CoolingState:
    """Begin with the data sheets.

    Parameters
    ----------
    nameplates : sequence of CoolingNameplate
        What they say, one per site.
    ageing_kwh_per_hour : float
        What an hour at 30 degC costs a container of 5 MWh more in ageing than one at 20 degC, as electricity of the
        same worth; others by the heat capacity of their cells. [kWh]

    Returns
    -------
    CoolingState
        State with the priors.
    """
    n_sites = len(nameplates)
    heat = np.array([each.heat_kwh_per_k for each in nameplates])
    theta = np.array([
        [each.resistive_kw, each.constant_kw, each.coolant_kw_per_k, each.wall_kw_per_k] for each in nameplates
    ]) / heat[:, None]  # fmt: skip
    deviation = np.array([each.deviation_share for each in nameplates])
    covariance = np.zeros((n_sites, N_COEFFICIENTS, N_COEFFICIENTS))
    diagonal = np.arange(N_COEFFICIENTS)
    covariance[:, diagonal, diagonal] = (deviation[:, None] * theta) ** 2
    machine = np.array([[each.cop, each.half_lift_k, each.cop_max, each.pump_kw, 0.0] for each in nameplates])
    machine[:, 4] = ageing_kwh_per_hour * heat / CONTAINER_KWH_PER_K
    return CoolingState(
        theta=theta,
        covariance=covariance,
        surprise_k_per_h=0.1 * theta[:, 0],
        capacity_k_per_h=(1.0 - deviation) * np.array([each.cooling_kw for each in nameplates]) / heat,
        heat_kwh_per_k=heat,
        spread_share=np.array([each.spread_share for each in nameplates]),
        machine=machine,
        tank_share=np.array([each.tank_kwh_per_k for each in nameplates]) / heat,
        switching_kwh=SWITCHING_K * heat,
        sums=np.zeros((n_sites, 11)),
        block_start_c=np.full((n_sites, 2), np.nan),
    )


def observe(state: CoolingState, minute: CoolingMinute) -> CoolingState:
    """Gather a minute, and learn at sites whose block is full.

    A minute with a missing reading voids the block of its site, which begins anew.

    Parameters
    ----------
    state : CoolingState
        What is known.
    minute : CoolingMinute
        What was measured.

    Returns
    -------
    CoolingState
        What is known now.
    """
    is_on = minute.is_on
    is_flowing = is_on | (np.abs(minute.power_pu) > _ACTIVE_PU)
    above = minute.cell_c_mean - minute.coolant_c
    warm = np.exp(-0.01 * (minute.cell_c_mean - 30.0))
    held = is_on & np.isfinite(minute.read_back_c)
    row = np.stack(
        [
            minute.power_pu**2 * warm, np.abs(minute.power_pu), -above * is_flowing,
            minute.ambient_c - minute.cell_c_mean, minute.cell_c_mean, minute.coolant_c, minute.chiller_kw,
            minute.ambient_c, np.where(held, minute.coolant_c - minute.read_back_c, 0.0), is_on.astype(float),
            np.ones_like(above),
        ],
        axis=1,
    )  # fmt: skip
    shares = (minute.cell_c_max - minute.cell_c_mean) / np.maximum(above, 3.0)
    seen = (above > 3.0) & np.isfinite(shares)
    spread = np.where(seen, state.spread_share + 0.02 * (shares - state.spread_share), state.spread_share)
    now_c = np.stack([minute.cell_c_mean, minute.coolant_c], axis=1)
    complete = np.isfinite(row[:, :6].sum(axis=1))[:, None]
    begun = np.isfinite(state.block_start_c.sum(axis=1))[:, None]
    sums = np.where(complete, np.where(begun, state.sums + row, 0.0), 0.0)
    start_c = np.where(complete, np.where(begun, state.block_start_c, now_c), np.nan)
    state = replace(state, sums=sums, block_start_c=start_c, spread_share=spread)
    is_full = sums[:, 10] >= BLOCK_MINUTES
    return _learn(state, now_c, is_full) if is_full.any() else state


def _learn(state: CoolingState, now_c: FloatArray, is_full: BoolArray) -> CoolingState:
    """Fold full blocks into coefficients and machine, and begin their next ones."""
    mean, hours = state.sums / np.maximum(state.sums[:, 10:], 1.0), BLOCK_MINUTES / 60.0
    theta, covariance = state.theta.copy(), state.covariance.copy()
    surprise = state.surprise_k_per_h.copy()
    rate = np.where(is_full[:, None], (now_c - state.block_start_c) / hours, np.nan)
    noise = _NOISE_K * np.sqrt(2.0) / hours
    x = np.ascontiguousarray(mean[:, :N_COEFFICIENTS])
    learn_coefficients(theta, covariance, surprise, x, np.ascontiguousarray(rate[:, 0]), noise, _DRIFT)
    cooling = -theta[:, 2] * mean[:, 2] - state.tank_share * rate[:, 1]
    is_on = mean[:, 9] > 0.99
    saturated = is_on & (mean[:, 8] > _SATURATED_K) & np.isfinite(cooling)
    capacity = np.where(saturated, 0.8 * state.capacity_k_per_h + 0.2 * cooling, state.capacity_k_per_h)
    capacity = np.where(is_on & (cooling > capacity), 0.5 * (capacity + cooling), capacity)
    capacity = np.maximum(capacity, 0.0)
    lift = np.maximum(mean[:, 7] - mean[:, 5], 0.0)
    cop = np.minimum(state.machine[:, 0] / (1.0 + lift / state.machine[:, 1]), state.machine[:, 2])
    heat = mean[:, 6] * cop / np.maximum(cooling, 0.5)
    told = is_on & (cooling > 0.5) & (mean[:, 6] > 0.0) & np.isfinite(heat)
    return replace(
        state,
        theta=theta,
        covariance=covariance,
        surprise_k_per_h=surprise,
        capacity_k_per_h=capacity,
        heat_kwh_per_k=np.where(told, 0.95 * state.heat_kwh_per_k + 0.05 * heat, state.heat_kwh_per_k),
        sums=np.where(is_full[:, None], 0.0, state.sums),
        block_start_c=np.where(is_full[:, None], now_c, state.block_start_c),
    )


def limit_without_margin(state: CoolingState, limit_c: FloatArray) -> FloatArray:
    """Limit of the hottest cell less what readings and the model may miss, shape (n_sites,). [degC]"""
    return limit_c - SENSOR_K - CAUTION * MEMORY_H * state.surprise_k_per_h


def plan_cooling(
    state: CoolingState, power_pu: FloatArray, ambient_c: FloatArray, limit_c: FloatArray, step_h: float = 0.5
) -> CoolingPlan:
    """Price cell temperatures under the planned power over the next day; every half hour, some ms per site.

    Parameters
    ----------
    state : CoolingState
        What was learned.
    power_pu, ambient_c : ndarray, shape (n_times, n_sites)
        Planned power per unit of the rating [-] and ambient forecast [degC].
    limit_c : ndarray, shape (n_sites,)
        Limit of the hottest cell. [degC]
    step_h : float
        Length of a step. [h]

    Returns
    -------
    CoolingPlan
        Prices for `decide`.
    """
    n_times, n_sites = power_pu.shape
    value_kwh = np.empty((n_times + 1, n_sites, GRID_C.size))
    plan = CoolingPlan(value_kwh=value_kwh, power_pu=power_pu, ambient_c=ambient_c, step_h=step_h)
    price(state, plan, limit_c, 0, n_sites)
    return plan


def price(state: CoolingState, plan: CoolingPlan, limit_c: FloatArray, first: int, last: int) -> None:
    """Write the prices of a range of sites into a plan, so that a plan of many sites can be made bit by bit.

    Parameters
    ----------
    state : CoolingState
        What was learned.
    plan : CoolingPlan
        Its `value_kwh` is overwritten for these sites.
    limit_c : ndarray, shape (n_sites,)
        Limit of the hottest cell. [degC]
    first, last : int
        Range of sites.
    """
    low = limit_without_margin(state, limit_c) - RESERVE_K
    price_sites(
        state.theta, state.covariance, state.capacity_k_per_h, state.heat_kwh_per_k, state.spread_share,
        state.machine, CAUTION, plan.power_pu, plan.ambient_c, SETPOINT_C, low, plan.step_h, GRID_C, first, last,
        plan.value_kwh,
    )  # fmt: skip


def decide(
    state: CoolingState, plan: CoolingPlan, minute: CoolingMinute, age_h: float, limit_c: FloatArray,
    horizon_h: float = 6.0,
) -> CoolingDecision:  # fmt: skip
    """Pick the setpoint of each site, and narrow its power only where full cooling would not do; every minute.

    Parameters
    ----------
    state : CoolingState
        What was learned.
    plan : CoolingPlan
        Prices over the next day.
    minute : CoolingMinute
        What was measured.
    age_h : float
        Time since the plan was made. [h]
    limit_c : ndarray, shape (n_sites,)
        Limit of the hottest cell. [degC]
    horizon_h : float
        How far ahead power is narrowed. [h]

    Returns
    -------
    CoolingDecision
        Setpoints and shares; a site without measured temperatures is left off and at its plan.
    """
    step = min(int(age_h / plan.step_h), plan.power_pu.shape[0] - 1)
    left_h = max((step + 1) * plan.step_h - age_h, 1.0 / 30.0)
    low = limit_without_margin(state, limit_c)
    obeyed = minute.is_obeyed
    running_c = np.where(minute.is_on, np.nan_to_num(minute.read_back_c, nan=0.0), np.nan)
    chosen, share = np.full_like(limit_c, np.nan), np.ones_like(limit_c)
    choose_setpoints(
        state.theta, state.covariance, state.capacity_k_per_h, state.heat_kwh_per_k, state.spread_share,
        state.machine, CAUTION, plan.power_pu[step], minute.ambient_c, minute.cell_c_mean, SETPOINT_C, low - RESERVE_K,
        left_h, GRID_C, plan.value_kwh[step + 1], running_c, state.switching_kwh, chosen,
    )  # fmt: skip
    last = step + max(int(horizon_h / plan.step_h), 1)
    power_shares(
        state.theta, state.covariance, state.capacity_k_per_h, state.spread_share, CAUTION,
        plan.power_pu[step:last], plan.ambient_c[step:last], minute.cell_c_mean, minute.coolant_c,
        float(np.nanmin(SETPOINT_C)), obeyed, state.surprise_k_per_h, MEMORY_H, limit_c - SENSOR_K, left_h, plan.step_h,
        share,
    )  # fmt: skip
    return CoolingDecision(setpoint_c=chosen, power_share=share, is_foreseen=obeyed)
