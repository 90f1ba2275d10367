"""One life as SimSES 2 counts it: the mode `compat`, for comparing with studies that were made with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.physics import life_pack_simses_kernels as kernels
from battuta.physics.ageing.naumann import Naumann, naumann
from battuta.physics.life_pack_simses_kernels import SimsesNumbers

if TYPE_CHECKING:
    from battuta.physics.cell_parameters import CellParameters
    from battuta.physics.life_pack_walk import PackDuty
    from battuta.physics.pcs import NottonPcs

_CONVERTER_NODES = 101


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimsesPack:
    """A pack of Sony cells in air, as SimSES has it.

    Attributes
    ----------
    cell : CellParameters
        Its cells, with curves and resistance as SimSES reads them.
    hysteresis_v : ndarray, shape (n_soc,)
        What SimSES adds to the voltage in both directions, on the soc grid of the cell. [V]
    cells_in_series, strings : int
        Cells of a string, strings. [-]
    pcs : NottonPcs
        Its converter.
    """

    cell: CellParameters
    hysteresis_v: FloatArray
    cells_in_series: int
    strings: int
    pcs: NottonPcs

    def numbers(self) -> SimsesNumbers:
        """Arrange the pack for the kernel."""
        cell = self.cell
        if self.hysteresis_v.shape != cell.ocv_v.shape:
            message = f"hysteresis_v has shape {self.hysteresis_v.shape}; the soc grid needs {cell.ocv_v.shape}"
            raise DataError(message)
        return SimsesNumbers(
            ocv_v=np.ascontiguousarray(cell.ocv_v),
            hysteresis_v=np.ascontiguousarray(self.hysteresis_v),
            entropy_v_per_k=np.ascontiguousarray(cell.entropy_v_per_k),
            resistance_ohm=np.ascontiguousarray(cell.resistance_ohm),
            temperature_c_low=float(cell.temperature_c[0]),
            temperature_c_high=float(cell.temperature_c[-1]),
            dc_share=_converter_table(self.pcs),
            rated_w=1000.0 * self.pcs.rated_power_kw,
            serial=float(self.cells_in_series),
            parallel=float(self.strings),
            capacity_ah=cell.capacity_ah,
            charge_a_max=cell.charge_rate_max * cell.capacity_ah,
            discharge_a_max=cell.discharge_rate_max * cell.capacity_ah,
            voltage_v_min=cell.voltage_v_min,
            voltage_v_max=cell.voltage_v_max,
            cell_j_per_k=cell.heat_capacity_j_per_k,
            cell_w_per_k=cell.air_w_per_k,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimsesLife:
    """What a life left.

    Attributes
    ----------
    soc, temperature_c, soh_capacity, soh_resistance : ndarray, shape (n_days,)
        At the end of each day. [-], [degC], [-], [-]
    full_cycles : float
        Equivalent full cycles of the closed half-cycles. [-]
    ac_throughput_kwh : float
        AC energy, both ways. [kWh]
    """

    soc: FloatArray
    temperature_c: FloatArray
    soh_capacity: FloatArray
    soh_resistance: FloatArray
    full_cycles: float
    ac_throughput_kwh: float


def live_as_simses(
    pack: SimsesPack,
    duty: PackDuty,
    *,
    n_years: int = 1,
    soc_start: float = 0.5,
    start_c: float = 22.0,
    model: Naumann | None = None,
) -> SimsesLife:
    """Live one life step by step, ageing as SimSES does.

    Parameters
    ----------
    pack : SimsesPack
        The pack.
    duty : PackDuty
        What is asked, discharge positive as everywhere here.
    n_years : int
        How often the duty is repeated. [-]
    soc_start : float
        State of charge at the start. [-]
    start_c : float
        Cell temperature at the start. [degC]
    model : Naumann, optional
        Ageing model, that of SimSES if not given.

    Returns
    -------
    SimsesLife
        State by day.
    """
    state = np.zeros(kernels.N_STATE)
    state[kernels.SOC] = state[kernels.START_SOC] = state[kernels.LAST_SOC] = soc_start
    state[kernels.TEMPERATURE_C] = start_c
    numbers, row = pack.numbers(), (model or naumann()).parameters()
    power_w, ambient_c = -1000.0 * duty.power_kw, np.ascontiguousarray(duty.ambient_c)
    daily = np.empty((n_years, duty.n_days, 4))
    for year in range(n_years):
        failed = kernels.live_simses(numbers, row, power_w, ambient_c, duty.step_s, state, daily[year])
        if failed >= 0:
            message = (
                f"step {failed} of year {year + 1}: the cell has {state[kernels.TEMPERATURE_C]:.1f} degC, and SimSES "
                f"ends outside [{numbers.temperature_c_low:g}, {numbers.temperature_c_high:g}] degC; use another mode, "
                "or a shorter step where it oscillates"
            )
            raise DataError(message)
    rows = daily.reshape(-1, 4)
    return SimsesLife(
        soc=rows[:, 0],
        temperature_c=rows[:, 1],
        soh_capacity=rows[:, 2],
        soh_resistance=rows[:, 3],
        full_cycles=float(state[kernels.FULL_CYCLES]),
        ac_throughput_kwh=float(state[kernels.THROUGH_KWH]),
    )


def _converter_table(pcs: NottonPcs) -> FloatArray:
    """SimSES's table of a converter: DC over AC share from -1 to 1, charge positive, shape (201,). [-]"""
    p = np.linspace(0.0, 1.0, _CONVERTER_NODES)[1:]
    stored = p * p / (p + pcs.no_load_charge_pu + pcs.quadratic_charge_pu * p**2)
    drawn = p + pcs.no_load_discharge_pu + pcs.quadratic_discharge_pu * p**2
    return np.concatenate((-drawn[::-1], [0.0], stored))
