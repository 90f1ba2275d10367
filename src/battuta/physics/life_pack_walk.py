"""A battery through days of a duty at one state of health: what its cells go through, and the energy at the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.physics import life_pack_kernels as kernels
from battuta.physics.life_pack_kernels import PackNumbers

if TYPE_CHECKING:
    from battuta.physics.life_pack import LifePack

DAY_S = 86_400.0
_USABLE_STEP_S = 60.0
_USABLE_C = 25.0
_LONG_WALL = 1e12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackDuty:
    """What is asked of a battery, in whole days from midnight on.

    Attributes
    ----------
    power_kw : ndarray, shape (n_times,)
        AC power asked of the converter, discharge positive. [kW]
    ambient_c : ndarray, shape (n_times,)
        Temperature around the battery. [degC]
    step_s : float
        Length of a step; a whole number of them makes a day. [s]
    is_schedule : bool
        Whether the power does stand still within each step; else it is a sample of something that may move.
    """

    power_kw: FloatArray
    ambient_c: FloatArray
    step_s: float
    is_schedule: bool = False

    def __post_init__(self) -> None:
        """Refuse gaps, broken days and series of unequal length."""
        per_day = DAY_S / self.step_s if self.step_s > 0.0 else 0.0
        if per_day < 1.0 or abs(per_day - round(per_day)) > 1e-9:
            message = f"step_s = {self.step_s:g} s does not divide a day of 86400 s; resample the duty"
            raise DataError(message)
        for name, values in (("power_kw", self.power_kw), ("ambient_c", self.ambient_c)):
            if values.ndim != 1 or values.size == 0 or values.size % round(per_day):
                message = (
                    f"duty: {name} has {values.size} steps of {self.step_s:g} s; whole days of {round(per_day)} steps "
                    "are needed: cut or complete the last day"
                )
                raise DataError(message)
            missing = np.flatnonzero(~np.isfinite(values))
            if missing.size:
                message = (
                    f"duty: {name} misses {missing.size} of {values.size} steps, the first at step {missing[0]} (day "
                    f"{missing[0] // round(per_day) + 1}): mend the series, or say what fills them with held_gaps"
                )
                raise DataError(message)
        if self.power_kw.size != self.ambient_c.size:
            message = f"duty: {self.power_kw.size} powers and {self.ambient_c.size} temperatures; give one each a step"
            raise DataError(message)

    @property
    def steps_per_day(self) -> int:
        """Steps of a day."""
        return round(DAY_S / self.step_s)

    @property
    def n_days(self) -> int:
        """Number of days."""
        return self.power_kw.size // self.steps_per_day


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackDays:
    """What a walk left.

    Attributes
    ----------
    soc, temperature_c, c_rate, power_kw : ndarray, shape (n_times,)
        At the end of each step: state of charge of the present capacity [-], cell temperature [degC]; during it:
        current over the new capacity [1/h] and AC power of the converter [kW], both discharge positive.
    discharged_kwh, charged_kwh, auxiliary_kwh : ndarray, shape (n_days,)
        Delivered and drawn at the interconnection point, net of the auxiliaries, magnitudes; used by auxiliaries. [kWh]
    shortfall_kwh : ndarray, shape (n_days,)
        Asked and not delivered, or not taken, magnitude. [kWh]
    full_cycles : ndarray, shape (n_days,)
        Equivalent full cycles of the new capacity. [-]
    heat_kwh : ndarray, shape (n_days,)
        Heat of the cells. [kWh]
    state : ndarray, shape (6,)
        State at the end, from which a walk can go on.
    step_s : float
        Length of a step. [s]
    """

    soc: FloatArray
    temperature_c: FloatArray
    c_rate: FloatArray
    power_kw: FloatArray
    discharged_kwh: FloatArray
    charged_kwh: FloatArray
    auxiliary_kwh: FloatArray
    shortfall_kwh: FloatArray
    full_cycles: FloatArray
    heat_kwh: FloatArray
    state: FloatArray
    step_s: float


def rested(pack: LifePack, temperature_c: float) -> FloatArray:
    """State of a pack after a long rest at its first state of charge, shape (6,)."""
    state = np.zeros(kernels.N_STATE)
    state[kernels.SOC], state[kernels.TEMPERATURE_C] = pack.soc_start, temperature_c
    return state


def walk_pack(
    pack: LifePack,
    duty: PackDuty,
    *,
    soh_capacity: float = 1.0,
    soh_resistance: float = 1.0,
    state: FloatArray | None = None,
    keep_power: bool = True,
) -> PackDays:
    """Step a pack through a duty at one state of health.

    Parameters
    ----------
    pack : LifePack
        The battery.
    duty : PackDuty
        What is asked of it.
    soh_capacity, soh_resistance : float
        Capacity and resistance over those when new. [-]
    state : ndarray, shape (6,), optional
        Where an earlier walk ended; without one it has rested at the first ambient temperature, within the thermostat.
    keep_power : bool
        Whether the power of each step is kept.

    Returns
    -------
    PackDays
        What its cells went through, and energies by day.

    Examples
    --------
    >>> from battuta.physics.cell_parameters import cell_parameters
    >>> from battuta.physics.life_pack import LifePack, PackClimate
    >>> from battuta.physics.pcs import notton_pcs
    >>> pack = LifePack(
    ...     cell=cell_parameters("lfp_314ah"),
    ...     cells_in_series=416,
    ...     strings=12,
    ...     pcs=notton_pcs("sungrow_sc1000tl_field", 2500.0),
    ...     climate=PackClimate(wall_w_per_k=60.0, cooling_kw_max=60.0),
    ... )
    >>> power_kw = np.where(np.arange(1440) < 60, 1000.0, 0.0)
    >>> days = walk_pack(pack, PackDuty(power_kw=power_kw, ambient_c=np.full(1440, 20.0), step_s=60.0))
    >>> round(float(days.discharged_kwh[0])), round(0.5 - float(days.soc[-1]), 3)
    (1000, 0.2)
    """
    climate = pack.climate
    if state is None:
        start_c = min(max(float(duty.ambient_c[0]), climate.warm_below_c), climate.cool_above_c)
        state = rested(pack, start_c)
    state = state.copy()
    n = duty.power_kw.size
    soc, temperature_c, c_rate = np.empty(n), np.empty(n), np.empty(n)
    power_kw = np.empty(n if keep_power else 0)
    sums = np.zeros((duty.n_days, kernels.N_SUMS))
    kernels.walk(
        pack.cell.tables(), pack.numbers(soh_capacity, soh_resistance), np.ascontiguousarray(duty.power_kw),
        np.ascontiguousarray(duty.ambient_c), duty.step_s, state, soc, temperature_c, c_rate, power_kw, sums,
    )  # fmt: skip
    return PackDays(
        soc=soc,
        temperature_c=temperature_c,
        c_rate=c_rate,
        power_kw=power_kw,
        discharged_kwh=sums[:, kernels.DISCHARGED_KWH],
        charged_kwh=sums[:, kernels.CHARGED_KWH],
        auxiliary_kwh=sums[:, kernels.AUXILIARY_KWH],
        shortfall_kwh=sums[:, kernels.SHORTFALL_KWH],
        full_cycles=sums[:, kernels.FULL_CYCLES],
        heat_kwh=sums[:, kernels.HEAT_KWH],
        state=state,
        step_s=duty.step_s,
    )


def usable_energy_kwh(
    pack: LifePack, *, soh_capacity: float = 1.0, soh_resistance: float = 1.0, power_kw: float | None = None
) -> float:
    """AC energy that a full pack delivers at the interconnection point, from its highest to its lowest charge.

    Parameters
    ----------
    pack : LifePack
        The battery.
    soh_capacity, soh_resistance : float
        Capacity and resistance over those when new. [-]
    power_kw : float, optional
        Constant power asked, the rating if not given; towards the end limits may cut it. [kW]

    Returns
    -------
    float
        Energy, at 25 degC, net of pumps and controls while it lasts. [kWh]
    """
    asked = pack.pcs.rated_power_kw if power_kw is None else power_kw
    if not 0.0 < asked <= pack.pcs.rated_power_kw:
        raise InvalidQuantityError(
            "power_kw", asked, 0.0, pack.pcs.rated_power_kw, "kW", where="usable energy", above_low=True
        )
    numbers: PackNumbers = pack.numbers(soh_capacity, soh_resistance)._replace(
        keep_kw=0.0, day_cycles_max=np.inf, wall_w_per_k=_LONG_WALL
    )
    state = rested(pack, _USABLE_C)
    state[kernels.SOC], state[kernels.HYSTERESIS] = pack.soc_max, 1.0
    hours = 1.5 * pack.energy_kwh * max(soh_capacity, 1.0) / asked
    n = round(hours * 3600.0 / _USABLE_STEP_S) + 60
    unused = np.empty((3, n))
    delivered_kw, sums = np.empty(n), np.zeros((1, kernels.N_SUMS))
    kernels.walk(
        pack.cell.tables(), numbers, np.full(n, asked), np.full(n, _USABLE_C), _USABLE_STEP_S, state, unused[0],
        unused[1], unused[2], delivered_kw, sums,
    )  # fmt: skip
    auxiliary_kw = (numbers.running_w + numbers.controls_w) * numbers.n_cells / 1000.0
    return float(np.sum(np.maximum(delivered_kw - auxiliary_kw, 0.0))) * _USABLE_STEP_S / 3600.0
