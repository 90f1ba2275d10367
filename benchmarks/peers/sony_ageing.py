"""Battuta's side of `tests/validation/simses_ageing`: SimSES's Sony pack, as the mode `compat` takes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack_simses import SimsesPack
from battuta.physics.life_pack_walk import PackDuty
from battuta.physics.pcs import notton_pcs
from peers.sony_pack import AREA_M2, BIAS_AC, PARALLEL, POWER_KW_MAX, SERIAL, STEP_S, duty

_LOSSES = {
    "no_load_charge_pu": 0.007701864,
    "quadratic_charge_pu": 0.017290859,
    "no_load_discharge_pu": 0.005511580,
    "quadratic_discharge_pu": 0.018772838,
}
"""Digits of SimSES's converter that our set rounds off: they move the soc by 3e-4 in 90 days."""
_CELSIUS = np.arange(10.0, 61.0, 5.0)


def simses_pack(folder: Path | None) -> SimsesPack:
    """The pack with the fine tables of a folder, or with the coarse ones that ship where there is none."""
    pcs = replace(notton_pcs("sungrow_sc1000tl_field", POWER_KW_MAX), **_LOSSES)
    cell = replace(cell_parameters("sony_lfp_3ah"), heat_capacity_j_per_k=0.07 * 1001.0, air_w_per_k=15.0 * AREA_M2)
    grid = np.linspace(0.0, 1.0, cell.ocv_v.size)
    if folder is None:
        lag_v = np.full(grid.size, cell.hysteresis_v)
        return SimsesPack(cell=cell, hysteresis_v=lag_v, cells_in_series=SERIAL, strings=PARALLEL, pcs=pcs)
    tables = {
        each: pl.read_csv(folder / f"sony_lfp_us26650_{each}.csv") for each in ("OCV", "HystV", "entropy", "Rint")
    }

    def column(table: str, name: str) -> FloatArray:
        soc, values = tables[table]["SOC"].to_numpy(), tables[table][name].to_numpy()
        return np.interp(grid, soc, values)

    axis = np.array([10.0, 25.0, 40.0, 60.0])
    ohms = np.array([[column("Rint", f"R_{way}(T={celsius:g})") for celsius in axis] for way in ("Ch", "DCh")])
    place = np.interp(_CELSIUS, axis, np.arange(axis.size))
    low = np.minimum(place.astype(int), axis.size - 2)
    share = (place - low)[:, None]
    fine = np.array([(1.0 - share) * each[low] + share * each[low + 1] for each in ohms])
    cell = replace(
        cell,
        ocv_v=column("OCV", "OCV"),
        entropy_v_per_k=column("entropy", "S"),
        resistance_ohm=fine,
        temperature_c=_CELSIUS,
    )
    return SimsesPack(
        cell=cell, hysteresis_v=column("HystV", "HystV"), cells_in_series=SERIAL, strings=PARALLEL, pcs=pcs
    )


def simses_duty(n_days: int) -> PackDuty:
    """The duty of `simses_duty.py` behind a converter."""
    power_kw, ambient_c = duty(n_days * 1440, BIAS_AC)
    return PackDuty(power_kw=power_kw, ambient_c=ambient_c, step_s=STEP_S)
