"""What a string's day does to a module under any ageing law: stresses over depth, place of the window, and temperature.

The day is that of `ageing_arms`: charge, rest, discharge, rest. Its stresses are asked of the law itself on a grid, and
a string's life reads between the nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError
from battuta.health.ageing_arms import StringDuty
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.ageing_law import AgeingLaw
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.duty_days import DAY_S, DutyDays

_N_STEPS = 480
_N_DEPTHS, _N_PLACES = 51, 9
_KELVIN_PER_NODE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayStress:
    """Stresses of one day at the nodes, the terms of capacity alone.

    Attributes
    ----------
    law : str
        Name of the ageing model.
    terms : tuple of AgeingTerm
        Its terms of capacity, their slots counted anew.
    temperature_c : ndarray, shape (n_temperatures,)
        Nodes, even. [degC]
    slots : ndarray, shape (n_temperatures, n_depths, n_places, n_slots)
        Stress of a day. The depth runs evenly from 0 to 1 of the capacity that a module has by then; the place is 0
        where the window stands on empty and 1 where it reaches full.
    is_additive : ndarray of bool, shape (n_slots,)
        Whether a slot grows with the number of equal days; ends and curvatures of sigmoids do not.
    """

    law: str
    terms: tuple[AgeingTerm, ...]
    temperature_c: FloatArray
    slots: FloatArray
    is_additive: IntArray

    def per_day(self, depth: float, place: float, temperature_c: float) -> FloatArray:
        """Stress of the first slot of each term at the node that is nearest, shape (n_terms,)."""
        warm = int(np.argmin(np.abs(self.temperature_c - temperature_c)))
        at_depth, at_place = round(depth * (self.slots.shape[1] - 1)), round(place * (self.slots.shape[2] - 1))
        row: FloatArray = self.slots[warm, at_depth, at_place]
        return row[[each.slot for each in self.terms]]


def day_stress(law: AgeingLaw, duty: StringDuty, temperature_c_low: float, temperature_c_high: float) -> DayStress:
    """Ask an ageing law for the stress of a string's day at each node.

    Parameters
    ----------
    law : AgeingLaw
        The ageing model.
    duty : StringDuty
        The day.
    temperature_c_low, temperature_c_high : float
        Coldest and hottest place of a module. [degC]

    Returns
    -------
    DayStress
        The stresses.

    Raises
    ------
    DataError
        If the model says nothing of capacity.

    Examples
    --------
    >>> from battuta.physics.ageing.ageing_law import ageing_law
    >>> found = day_stress(ageing_law("lfp_250ah"), StringDuty(), 25.0, 25.0)
    >>> found.slots.shape, [each.name for each in found.terms]
    ((1, 51, 9, 2), ['capacity_calendar', 'capacity_cycle'])
    """
    terms, picked, additive = _capacity_terms(law)
    n_temperatures = 1 + int(np.ceil((temperature_c_high - temperature_c_low) / _KELVIN_PER_NODE))
    temperatures_c = np.linspace(temperature_c_low, temperature_c_high, n_temperatures)
    shape = (n_temperatures, _N_DEPTHS, _N_PLACES)
    slots = np.empty((*shape, len(picked)))
    for warm, deep, place in np.ndindex(*shape):
        depth = deep / (_N_DEPTHS - 1)
        low = place / (_N_PLACES - 1) * (1.0 - depth)
        slots[warm, deep, place] = law.stresses(_day(duty, low, depth, float(temperatures_c[warm])))[0, picked]
    return DayStress(law=law.name, terms=terms, temperature_c=temperatures_c, slots=slots, is_additive=additive)


def _capacity_terms(law: AgeingLaw) -> tuple[tuple[AgeingTerm, ...], list[int], IntArray]:
    """Terms of capacity, the law's slots that they read, and which of those grow with the days."""
    terms: list[AgeingTerm] = []
    picked: list[int] = []
    additive: list[int] = []
    for each in law.terms:
        if each.quantity is not AgedQuantity.CAPACITY:
            continue
        is_power = each.kind is TermKind.POWER
        terms.append(
            AgeingTerm(
                name=each.name,
                quantity=each.quantity,
                kind=each.kind,
                exponent=each.exponent,
                slot=len(picked),
                cause=each.cause,
            )
        )
        picked += range(each.slot, each.slot + (1 if is_power else 3))
        additive += [1] if is_power else [0, 1, 0]
    if not terms:
        message = f"ageing model {law.name} has no term of capacity; a string's life needs one"
        raise DataError(message)
    return tuple(terms), picked, np.array(additive, dtype=np.int64)


def _day(duty: StringDuty, low: float, depth: float, temperature_c: float) -> DutyDays:
    """One day between two states of charge: rests high, is discharged, rests low, is charged."""
    hour = 24.0 * np.arange(1, _N_STEPS + 1) / _N_STEPS
    begins = duty.rest_high_h
    ends = begins + duty.move_h
    turns = np.array([0.0, begins, ends, 24.0 - duty.move_h, 24.0])
    soc = low + depth * np.interp(hour, turns, [1.0, 1.0, 0.0, 0.0, 1.0])
    before = np.concatenate((soc[-1:], soc[:-1]))
    return DutyDays(
        soc=soc[None],
        temperature_c=np.full((1, _N_STEPS), temperature_c),
        c_rate=((before - soc) * (_N_STEPS / 24.0))[None],
        step_s=DAY_S / _N_STEPS,
        full_cycles=np.array([depth]),
        cycle_day=np.zeros(1, dtype=np.int64),
        cycle_depth=np.array([depth]),
        cycle_mean_soc=np.array([low + 0.5 * depth]),
        cycle_count=np.ones(1),
        cycle_c_rate=np.array([depth / duty.move_h]),
    )
