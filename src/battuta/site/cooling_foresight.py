"""Cooling foresight: cool before the hours that will be hot, at the hours that cool cheaply, and narrow power last.

Three parts: `observe` each minute learns what warms and cools the cells of each site; `plan_cooling` every half hour
prices cell temperatures over the next day; `decide` each minute picks setpoints and, where full cooling would not do,
the share of the planned power that keeps the cells under their limit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.cooling_foresight_kernels import (
    N_COEFFICIENTS,
    choose_setpoints,
    learn_coefficients,
    plan_values,
    power_shares,
)

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

OBEYED_K = 0.15
"""Largest difference between setpoint asked and read back. [K]"""

_ACTIVE_PU = 0.02
_SATURATED_K = 0.7
_DRIFT = 0.002
_NOISE_K = 0.07


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingNameplate:
    """What the data sheet of a container says, before anything is measured.

    Attributes
    ----------
    resistive_kw, constant_kw : float
        Heat of the cells at rated power: in resistances, and what grows with power only linearly. [kW]
    heat_kwh_per_k : float
        Heat capacity of the cells. [kWh/K]
    coolant_kw_per_k, wall_kw_per_k : float
        Heat passed from cells to coolant, and from ambient to cells. [kW/K]
    tank_kwh_per_k : float
        Heat capacity of the coolant. [kWh/K]
    cooling_kw : float
        Heat that the chiller moves. [kW]
    cop, half_lift_k, cop_max : float
        COP with ambient at coolant temperature [-], ambient above coolant where it is half of that [K], its cap [-].
    pump_kw : float
        Power of the pump. [kW]
    spread_share : float
        Hottest above mean cell over mean cell above coolant. [-]
    deviation_share : float
        Standard deviation of all of these. [-]
    """

    resistive_kw: float
    constant_kw: float
    heat_kwh_per_k: float
    coolant_kw_per_k: float
    wall_kw_per_k: float
    tank_kwh_per_k: float
    cooling_kw: float
    cop: float
    half_lift_k: float
    cop_max: float
    pump_kw: float
    spread_share: float = 0.2
    deviation_share: float = 0.25


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
    tank_share : float
        Heat capacity of the coolant over that of the cells. [-]
    sums : ndarray, shape (n_sites, 11)
        Sums of the block: regressors (4), cells, coolant, chiller power, ambient, coolant above setpoint, minutes on,
        minutes.
    block_start_c : ndarray, shape (n_sites, 2)
        Mean cell and coolant temperature where the block began. [degC]
    """

    theta: FloatArray
    covariance: FloatArray
    surprise_k_per_h: FloatArray
    capacity_k_per_h: FloatArray
    heat_kwh_per_k: FloatArray
    spread_share: FloatArray
    machine: FloatArray
    tank_share: float
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
    """

    power_pu: FloatArray
    cell_c_mean: FloatArray
    cell_c_max: FloatArray
    coolant_c: FloatArray
    ambient_c: FloatArray
    chiller_kw: FloatArray
    asked_c: FloatArray
    read_back_c: FloatArray

    @property
    def is_obeyed(self) -> BoolArray:
        """Whether the chiller's register stands where it was asked to, shape (n_sites,)."""
        off = np.isnan(self.asked_c) & np.isnan(self.read_back_c)
        return off | (np.abs(self.asked_c - self.read_back_c) <= OBEYED_K)


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


def first_state(nameplate: CoolingNameplate, n_sites: int, ageing_kwh_per_hour: float = 0.0) -> CoolingState:
    """Begin with the data sheet.

    Parameters
    ----------
    nameplate : CoolingNameplate
        What it says.
    n_sites : int
        Number of sites of this kind.
    ageing_kwh_per_hour : float
        What an hour at 30 degC costs more in ageing than one at 20 degC, as electricity of the same worth. [kWh/h]

    Returns
    -------
    CoolingState
        State with the priors.
    """
    capacity = nameplate.heat_kwh_per_k
    theta = np.array([
        nameplate.resistive_kw, nameplate.constant_kw, nameplate.coolant_kw_per_k, nameplate.wall_kw_per_k,
    ]) / capacity  # fmt: skip
    covariance = np.diag((nameplate.deviation_share * theta) ** 2)
    machine = [nameplate.cop, nameplate.half_lift_k, nameplate.cop_max, nameplate.pump_kw, ageing_kwh_per_hour]
    return CoolingState(
        theta=np.tile(theta, (n_sites, 1)),
        covariance=np.tile(covariance, (n_sites, 1, 1)),
        surprise_k_per_h=np.full(n_sites, 0.1 * float(theta[0])),
        capacity_k_per_h=np.full(n_sites, (1.0 - nameplate.deviation_share) * nameplate.cooling_kw / capacity),
        heat_kwh_per_k=np.full(n_sites, capacity),
        spread_share=np.full(n_sites, nameplate.spread_share),
        machine=np.tile(np.array(machine), (n_sites, 1)),
        tank_share=nameplate.tank_kwh_per_k / capacity,
        sums=np.zeros((n_sites, 11)),
        block_start_c=np.full((n_sites, 2), np.nan),
    )


def observe(state: CoolingState, minute: CoolingMinute) -> CoolingState:
    """Gather a minute, and learn when a block is full.

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
    is_on = np.isfinite(minute.read_back_c)
    is_flowing = is_on | (np.abs(minute.power_pu) > _ACTIVE_PU)
    above = minute.cell_c_mean - minute.coolant_c
    warm = np.exp(-0.01 * (minute.cell_c_mean - 30.0))
    row = np.stack(
        [
            minute.power_pu**2 * warm, np.abs(minute.power_pu), -above * is_flowing,
            minute.ambient_c - minute.cell_c_mean, minute.cell_c_mean, minute.coolant_c, minute.chiller_kw,
            minute.ambient_c, np.where(is_on, minute.coolant_c - minute.read_back_c, 0.0), is_on.astype(float),
            np.ones_like(above),
        ],
        axis=1,
    )  # fmt: skip
    shares = (minute.cell_c_max - minute.cell_c_mean) / np.maximum(above, 3.0)
    seen = (above > 3.0) & np.isfinite(shares)
    spread = np.where(seen, state.spread_share + 0.02 * (shares - state.spread_share), state.spread_share)
    now_c = np.stack([minute.cell_c_mean, minute.coolant_c], axis=1)
    if not np.isfinite(state.block_start_c).any():
        return replace(state, block_start_c=now_c, spread_share=spread)
    state = replace(state, sums=state.sums + row, spread_share=spread)
    return _learn(state, now_c) if state.sums[:, 10].max() >= BLOCK_MINUTES else state


def _learn(state: CoolingState, now_c: FloatArray) -> CoolingState:
    """Fold a full block into coefficients and machine, and begin the next one."""
    mean, hours = state.sums / state.sums[:, 10:], BLOCK_MINUTES / 60.0
    theta, covariance = state.theta.copy(), state.covariance.copy()
    surprise = state.surprise_k_per_h.copy()
    rate = (now_c - state.block_start_c) / hours
    noise = _NOISE_K * np.sqrt(2.0) / hours
    x = np.ascontiguousarray(mean[:, :N_COEFFICIENTS])
    learn_coefficients(theta, covariance, surprise, x, np.ascontiguousarray(rate[:, 0]), noise, _DRIFT)
    cooling = -theta[:, 2] * mean[:, 2] - state.tank_share * rate[:, 1]
    is_on = mean[:, 9] > 0.99
    saturated = is_on & (mean[:, 8] > _SATURATED_K) & np.isfinite(cooling)
    capacity = np.where(saturated, 0.8 * state.capacity_k_per_h + 0.2 * cooling, state.capacity_k_per_h)
    capacity = np.where(is_on & (cooling > capacity), 0.5 * (capacity + cooling), capacity)
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
        sums=np.zeros_like(state.sums),
        block_start_c=now_c,
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
    value = np.empty((n_times + 1, n_sites, GRID_C.size))
    low = limit_without_margin(state, limit_c) - RESERVE_K
    for site in range(n_sites):
        own = np.empty((n_times + 1, GRID_C.size))
        own[-1] = (GRID_C - 20.0) * state.heat_kwh_per_k[site] / (0.8 * state.machine[site, 2])
        plan_values(
            state.theta[site], state.covariance[site], float(state.capacity_k_per_h[site]),
            float(state.heat_kwh_per_k[site]), float(state.spread_share[site]), state.machine[site], CAUTION,
            np.ascontiguousarray(power_pu[:, site]), np.ascontiguousarray(ambient_c[:, site]), SETPOINT_C,
            float(low[site]), step_h, GRID_C, own,
        )  # fmt: skip
        value[:, site] = own
    return CoolingPlan(value_kwh=value, power_pu=power_pu, ambient_c=ambient_c, step_h=step_h)


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
    chosen, share = np.full_like(limit_c, np.nan), np.ones_like(limit_c)
    choose_setpoints(
        state.theta, state.covariance, state.capacity_k_per_h, state.heat_kwh_per_k, state.spread_share,
        state.machine, CAUTION, plan.power_pu[step], minute.ambient_c, minute.cell_c_mean, SETPOINT_C, low - RESERVE_K,
        left_h, GRID_C, plan.value_kwh[step + 1], minute.read_back_c, 0.2, chosen,
    )  # fmt: skip
    last = step + max(int(horizon_h / plan.step_h), 1)
    power_shares(
        state.theta, state.covariance, state.capacity_k_per_h, state.spread_share, CAUTION,
        plan.power_pu[step:last], plan.ambient_c[step:last], minute.cell_c_mean, minute.coolant_c,
        float(np.nanmin(SETPOINT_C)), obeyed, state.surprise_k_per_h, MEMORY_H, limit_c - SENSOR_K, left_h, plan.step_h,
        share,
    )  # fmt: skip
    return CoolingDecision(setpoint_c=chosen, power_share=share, is_foreseen=obeyed)
