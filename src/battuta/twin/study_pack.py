"""From the battery of a study to the pack that is walked through its years."""

from __future__ import annotations

from battuta.domain.studied_battery import StudiedBattery
from battuta.domain.study import Duty, FrequencyRegulation
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack import ChargeKeeping, LifePack, PackClimate
from battuta.physics.pcs import notton_pcs

_WALL_W_PER_K_PER_KWH = 0.02
"""Conductance of the walls of a container over its energy: 100 W/K for 5 MWh, ASSUMED. [W/(K kWh)]"""


def study_pack(battery: StudiedBattery, duty: Duty, soc_start: float) -> LifePack:
    """Pack of a study's battery under one duty.

    Parameters
    ----------
    battery : StudiedBattery
        The battery.
    duty : Duty
        What it does, which says how it keeps its charge.
    soc_start : float
        State of charge as the year begins; moved into the window. [-]

    Returns
    -------
    LifePack
        The pack; its walls are ASSUMED.

    Raises
    ------
    UsageError
        If cell or converter have no parameter set of that name.
    """
    cell = cell_parameters(battery.cell)
    energy_kwh = cell.capacity_ah * 3.2 * battery.cells_in_series * battery.strings / 1000.0
    return LifePack(
        cell=cell,
        cells_in_series=battery.cells_in_series,
        strings=battery.strings,
        pcs=notton_pcs(battery.converter, battery.power_kw),
        climate=PackClimate(
            wall_w_per_k=_WALL_W_PER_K_PER_KWH * energy_kwh,
            cool_above_c=battery.temperature_c_max,
            warm_below_c=battery.temperature_c_min,
            cooling_kw_max=battery.cooling_kw,
            heating_kw_max=battery.heating_kw,
            controls_kw=battery.other_load_kw,
            running_kw=battery.running_load_kw,
        ),
        keeping=_keeping(battery, duty),
        soc_min=battery.soc_min,
        soc_max=battery.soc_max,
        soc_start=min(max(soc_start, battery.soc_min), battery.soc_max),
    )


def _keeping(battery: StudiedBattery, duty: Duty) -> ChargeKeeping:
    if not isinstance(duty, FrequencyRegulation):
        return ChargeKeeping()
    return ChargeKeeping(
        soc_target=duty.soc_target,
        power_kw_max=duty.recovery_share * duty.power_share * battery.power_kw,
        full_cycles_per_day_max=duty.full_cycles_per_day_max,
    )
