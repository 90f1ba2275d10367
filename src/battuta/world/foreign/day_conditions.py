"""What the cells and channels of a string are like on a day: age, faults, and the joints that are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.foreign.duty import MINUTES
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.string_draws import CURVE_SHIFT_PER_FADE, CellDraws, aged

NEIGHBOUR_SHARE = 0.6
"""Part of a loose joint that the next channel reads with the other sign. [-]"""
FADE_TO_RESISTANCE = 0.1
"""Growth of resistance with each share of the capacity that a fault takes. [-]"""
SPELL_MINUTES = 90.0
"""Mean time for which a loose joint stays open or closed. [min]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayConditions:
    """A string on one day, faults included.

    Attributes
    ----------
    capacity_ah, curve_shift, resistance_factor, leak_s, offset_v, contact_ohm : ndarray, shape (n_cells,)
        Capacity [Ah], place of the curve's steps [-], factor on resistances [-], conductance of leaks [S], offset of
        channels at 25 degC [V], joint in the reading while open, of either sign [ohm].
    contact_share : float
        Share of the time that joints are open. [-]
    cooled : float
        Share of the cooling that works. [-]
    """

    capacity_ah: FloatArray
    curve_shift: FloatArray
    resistance_factor: FloatArray
    leak_s: FloatArray
    offset_v: FloatArray
    contact_ohm: FloatArray
    contact_share: float
    cooled: float


def day_conditions(draws: CellDraws, zeroed_day: float, faults: Sequence[ForeignFault], day: int) -> DayConditions:
    """Find what a string is like on a day.

    Parameters
    ----------
    draws : CellDraws
        Its cells.
    zeroed_day : float
        Day on which its voltage channels were last zeroed. [-]
    faults : sequence of ForeignFault
        Its faults.
    day : int
        The day. [-]

    Returns
    -------
    DayConditions
        Cells and channels.
    """
    left, growth = aged(draws, day)
    capacity_ah, resistance = draws.capacity_ah * left, draws.resistance_factor * growth
    offset_v = draws.offset_v + draws.offset_v_per_day * (day - zeroed_day)
    leak_s, contact_ohm = np.zeros(left.size), np.zeros(left.size)
    share, cooled = 0.0, 1.0
    for fault in faults:
        cell, size = fault.cell, fault.grown(day) * fault.size
        match fault.kind:
            case ForeignFaultKind.LEAK:
                leak_s[cell] += fault.grown(day) / fault.size
            case ForeignFaultKind.RESISTANCE_RISE:
                resistance[cell] *= 1.0 + size
            case ForeignFaultKind.CAPACITY_FADE | ForeignFaultKind.CAPACITY_KNEE:
                capacity_ah[cell] *= 1.0 - size
                resistance[cell] *= 1.0 + FADE_TO_RESISTANCE * size
            case ForeignFaultKind.VOLTAGE_OFFSET:
                offset_v[cell] += size
            case ForeignFaultKind.LOOSE_CONTACT:
                contact_ohm[cell] += size
                contact_ohm[cell + 1 if cell + 1 < left.size else cell - 1] -= NEIGHBOUR_SHARE * size
                share = max(share, fault.active_share) if size > 0.0 else share
            case ForeignFaultKind.COOLING_LOSS:
                cooled *= 1.0 - size
            case _:
                pass
    return DayConditions(
        capacity_ah=capacity_ah,
        curve_shift=draws.curve_shift + CURVE_SHIFT_PER_FADE * (1.0 - left),
        resistance_factor=resistance,
        leak_s=leak_s,
        offset_v=offset_v,
        contact_ohm=contact_ohm,
        contact_share=share,
        cooled=cooled,
    )


def open_joints(seed: int, string: int, day: int, share: float) -> FloatArray:
    """Minutes of a day in which the loose joints of a string are open, 1 or 0, shape (1440,).

    Examples
    --------
    >>> float(open_joints(1, 0, 5, 0.0).sum()), float(open_joints(1, 0, 5, 1.0).mean())
    (0.0, 1.0)
    """
    if share <= 0.0:
        return np.zeros(MINUTES)
    rng = generator(seed, "world.foreign.joints", site=string, cell=day)
    lengths = 1 + rng.exponential(SPELL_MINUTES, 200).astype(np.int64)
    spells = (rng.random(200) < share).astype(np.float64)
    minutes = np.repeat(spells, lengths)[:MINUTES]
    return np.concatenate([minutes, np.full(MINUTES - minutes.size, minutes[-1])])
