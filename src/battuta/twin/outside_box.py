"""How much of a duty lies outside the box in which an ageing model was fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.ageing.card import ValidityRange
    from battuta.physics.ageing.duty_days import DutyDays


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideShare:
    """One side of a box, and how much lies beyond it.

    Attributes
    ----------
    side : ValidityRange
        The side.
    share : float
        Share outside. [-]
    of_what : str
        Of what: the time, or the throughput.
    """

    side: ValidityRange
    share: float
    of_what: str


def outside_shares(law: AgeingLaw, duty: DutyDays, *, slower_is_outside: bool) -> tuple[OutsideShare, ...]:
    """Say for each side of a model's box that a duty tells of how much of it lies outside.

    Parameters
    ----------
    law : AgeingLaw
        The model.
    duty : DutyDays
        A year of a cell.
    slower_is_outside : bool
        Whether cycles slower than its tests count; they are milder.

    Returns
    -------
    tuple of OutsideShare
        One for each side that a duty tells of.
    """
    moved = duty.cycle_depth * duty.cycle_count
    moved = moved / max(float(moved.sum()), 1e-12)
    still = np.full(duty.soc.shape, 1.0 / duty.soc.size)
    seen: dict[str, tuple[FloatArray, FloatArray, str]] = {
        "temperature_c": (duty.temperature_c, still, "the time"),
        "soc": (duty.soc, still, "the time"),
        "c_rate": (duty.cycle_c_rate, moved, "the throughput"),
        "charge_c_rate": (np.maximum(-duty.c_rate, 0.0), still, "the time"),
        "depth": (duty.cycle_depth, moved, "the throughput"),
    }
    found: list[OutsideShare] = []
    for side in law.card.validity:
        if side.name not in seen:
            continue
        values, weight, of_what = seen[side.name]
        low = -np.inf if side.name == "c_rate" and not slower_is_outside else side.low
        share = float(weight[(values < low) | (values > side.high)].sum())
        found.append(OutsideShare(side=side, share=share, of_what=of_what))
    return tuple(found)
