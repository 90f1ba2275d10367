"""What is true of a string's cells at an instant, for scoring; no detector sees it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_rows import (
    BLED_AH,
    LEAK_S,
    LEAKED_AH,
    OFFSET_V_NOW,
    PER_AH,
    SELF_A_NOW,
    SERIES_OHM,
    SOC,
    TEMPERATURE_C,
    VOLT,
)
from battuta.world.foreign.string_draws import SERIES_OHM as NEW_SERIES_OHM
from battuta.world.foreign.string_rows import take_row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringTruth:
    """Cells of a string at the end of a day; arrays of shape (n_cells,).

    Attributes
    ----------
    day : int
        Days lived. [-]
    soc, soc_offset : ndarray
        State of charge, and its distance from the string's median. [-]
    capacity_ah : ndarray
        Capacity, faults included. [Ah]
    resistance_factor : ndarray
        Factor on all resistances, age and faults included. [-]
    self_discharge_a, leak_a : ndarray
        Healthy self-discharge, and leak by a fault, at present. [A]
    leaked_ah, bled_ah : ndarray
        Charge that both took, and that the balancer took, since the start. [Ah]
    offset_v : ndarray
        Offset of the voltage channel at present, faults included. [V]
    temperature_c : ndarray
        Temperature. [degC]
    """

    day: int
    soc: FloatArray
    soc_offset: FloatArray
    capacity_ah: FloatArray
    resistance_factor: FloatArray
    self_discharge_a: FloatArray
    leak_a: FloatArray
    leaked_ah: FloatArray
    bled_ah: FloatArray
    offset_v: FloatArray
    temperature_c: FloatArray


def string_truth(packs: FloatArray, n_cells: int, day: int) -> StringTruth:
    """Read the truth of a string off its arrays.

    Parameters
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        The string.
    n_cells, day : int
        Its cells, and the days it has lived. [-]
    """
    soc = take_row(packs, SOC, n_cells)
    return StringTruth(
        day=day,
        soc=soc,
        soc_offset=soc - np.median(soc),
        capacity_ah=1.0 / take_row(packs, PER_AH, n_cells),
        resistance_factor=take_row(packs, SERIES_OHM, n_cells) / NEW_SERIES_OHM,
        self_discharge_a=take_row(packs, SELF_A_NOW, n_cells),
        leak_a=take_row(packs, LEAK_S, n_cells) * take_row(packs, VOLT, n_cells),
        leaked_ah=take_row(packs, LEAKED_AH, n_cells),
        bled_ah=take_row(packs, BLED_AH, n_cells),
        offset_v=take_row(packs, OFFSET_V_NOW, n_cells),
        temperature_c=take_row(packs, TEMPERATURE_C, n_cells),
    )
