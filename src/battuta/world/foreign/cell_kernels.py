"""A pack of cells through one step: charge, curve, hysteresis, resistance, voltage.

Short loops over rows of one array become vector instructions; see `battuta.world.foreign.cell_rows` for the rows.
"""

from __future__ import annotations

from battuta._jit import jit_inlined
from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_rows import (
    BLED_AH,
    BLED_AH_ROW,
    BLEED_A,
    CONTACT_OHM,
    CURVE_SHIFT,
    FAST_OHM_NOW,
    FAST_V,
    HEAT_W_SUM,
    LAG_V,
    LEAK_S,
    LEAKED_AH,
    OCV_V,
    OFFSET_V_NOW,
    PACK,
    PER_AH,
    PLAY_MIDDLE,
    PLAY_NARROW,
    PLAY_WIDE,
    READ_V,
    SELF_A_NOW,
    SERIES_OHM_NOW,
    SHAPE,
    SLOW_OHM_NOW,
    SLOW_V,
    SOC,
    VOLT,
    CellLaw,
)

SHAPE_SOC_MIN = -0.03
"""Below it the resistance rises no more. [-]"""
SHAPE_SHIFT = 0.09
"""The low share of the resistance goes as one over soc plus this. [-]"""


@jit_inlined
def charge_pack(
    cells: FloatArray, current_a: float, hours: float, bleed_a: float, bleed_v_min: float, bleed_v_above: float
) -> None:
    """Carry the charge of a pack over a step: string current, self-discharge, leak and balancer.

    Parameters
    ----------
    cells : ndarray, shape (N_ROWS * PACK,)
        A pack; `SOC`, `LEAKED_AH`, `BLED_AH`, `BLED_AH_ROW` and `BLEED_A` change.
    current_a : float
        Mean current of the string, discharge positive. [A]
    hours : float
        Length of the step. [h]
    bleed_a : float
        Current of a balancer that is on, 0 where the string does not balance. [A]
    bleed_v_min, bleed_v_above : float
        A cell is bled while it reads more than both. [V]
    """
    for c in range(PACK):
        read_v = cells[READ_V + c]
        cells[BLEED_A + c] = bleed_a if (read_v > bleed_v_min and read_v > bleed_v_above) else 0.0
    for c in range(PACK):
        leak_ah = (cells[SELF_A_NOW + c] + cells[LEAK_S + c] * max(cells[VOLT + c], 0.0)) * hours
        bleed_ah = cells[BLEED_A + c] * hours
        cells[SOC + c] -= (current_a * hours + leak_ah + bleed_ah) * cells[PER_AH + c]
        cells[LEAKED_AH + c] += leak_ah
        cells[BLED_AH + c] += bleed_ah
        cells[BLED_AH_ROW + c] += bleed_ah


@jit_inlined
def bend_pack(cells: FloatArray, law: CellLaw) -> None:
    """Find the open-circuit voltage of a pack and where its hysteresis stands.

    The hysteresis is a sum of plays (Prandtl-Ishlinskii): each play is a point that soc pushes along by one of its two
    ends. It remembers turning points, does not know time, and small loops close.

    Parameters
    ----------
    cells : ndarray, shape (N_ROWS * PACK,)
        A pack after `charge_pack`; the plays, `OCV_V` and `LAG_V` change.
    law : CellLaw
        Equations of the cell.

    References
    ----------
    .. [1] M. Brokate, J. Sprekels, "Hysteresis and Phase Transitions", Springer (1996), chapter 2.
    """
    low, per_soc = law.soc_low, law.per_soc
    narrow, middle, wide = law.play_narrow, law.play_middle, law.play_wide
    by_narrow, by_middle, by_wide = law.weight_narrow / narrow, law.weight_middle / middle, law.weight_wide / wide
    for c in range(PACK):
        soc = cells[SOC + c]
        first = min(max(cells[PLAY_NARROW + c], soc - narrow), soc + narrow)
        second = min(max(cells[PLAY_MIDDLE + c], soc - middle), soc + middle)
        third = min(max(cells[PLAY_WIDE + c], soc - wide), soc + wide)
        cells[PLAY_NARROW + c], cells[PLAY_MIDDLE + c], cells[PLAY_WIDE + c] = first, second, third
        cells[LAG_V + c] = by_narrow * (soc - first) + by_middle * (soc - second) + by_wide * (soc - third)
    curve_v, gap_v = law.curve_v[0], law.curve_v[1]
    last = curve_v.size - 1.000001
    for c in range(PACK):
        soc = cells[SOC + c]
        placed = soc + cells[CURVE_SHIFT + c] * 4.0 * soc * (1.0 - soc)
        x = min(max((placed - low) * per_soc, 0.0), last)
        i = max(int(x), 0)
        part = x - i
        cells[OCV_V + c] = curve_v[i] + part * (curve_v[i + 1] - curve_v[i])
        cells[LAG_V + c] *= gap_v[i] + part * (gap_v[i + 1] - gap_v[i])


@jit_inlined
def drop_pack(
    cells: FloatArray,
    current_a: float,
    current_a_mean: float,
    shape: tuple[float, float, float],
    fast_kept: float,
    slow_kept: float,
    contact_on: float,
) -> None:
    """Find voltages, readings and heat of a pack.

    Parameters
    ----------
    cells : ndarray, shape (N_ROWS * PACK,)
        A pack after `bend_pack`; relaxations, `VOLT`, `READ_V`, `SHAPE` and `HEAT_W_SUM` change.
    current_a, current_a_mean : float
        Current of the string at the end of the step and its mean, discharge positive. [A]
    shape : tuple of float
        Constant, low and high share of the resistance in this direction. [-]
    fast_kept, slow_kept : float
        What a step leaves of the relaxations. [-]
    contact_on : float
        1 where loose contacts are open, else 0. [-]
    """
    flat, low, high = shape
    fast_a, slow_a = (1.0 - fast_kept) * current_a_mean, (1.0 - slow_kept) * current_a_mean
    loose_a = contact_on * current_a
    for c in range(PACK):
        soc = max(cells[SOC + c], SHAPE_SOC_MIN)
        cells[SHAPE + c] = flat + low / (soc + SHAPE_SHIFT) + high * (soc * soc) * (soc * soc)
    for c in range(PACK):
        factor = cells[SHAPE + c]
        fast_v = fast_kept * cells[FAST_V + c] + fast_a * cells[FAST_OHM_NOW + c] * factor
        slow_v = slow_kept * cells[SLOW_V + c] + slow_a * cells[SLOW_OHM_NOW + c] * factor
        lost_v = current_a * cells[SERIES_OHM_NOW + c] * factor + fast_v + slow_v
        joint_v = loose_a * cells[CONTACT_OHM + c]
        volt = cells[OCV_V + c] + cells[LAG_V + c] - lost_v
        cells[FAST_V + c], cells[SLOW_V + c], cells[VOLT + c] = fast_v, slow_v, volt
        cells[READ_V + c] = volt + cells[OFFSET_V_NOW + c] - joint_v
        cells[HEAT_W_SUM + c] += current_a * lost_v + max(current_a * joint_v, 0.0)
