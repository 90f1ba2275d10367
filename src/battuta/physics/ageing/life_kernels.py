"""Loops of twenty years: the terms of an ageing law stepped by a day, one number of state a term.

A power term keeps X of ``q = X**power``, to which every day adds; a sigmoid term keeps q itself, and each day finds
where on today's curve it stands, goes on along that curve, and never back.
"""

from __future__ import annotations

import math
from typing import Final

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray

POWER: Final = 0
SIGMOID: Final = 1
CAPACITY: Final = 0
NEARLY_ALL: Final = 1.0 - 1e-12  # of a sigmoid's end: from there it does not go on


@jit
def sigmoid_loss(loss: float, end: float, moved: float, exponent: float) -> float:
    """Step ``q = 2 y (1/2 - 1/(1 + exp((k x)**p)))`` exactly, from where the loss stands on that curve.

    Parameters
    ----------
    loss : float
        Loss before. [-]
    end : float
        y, the loss it tends to. [-]
    moved : float
        k dx of the step. [-]
    exponent : float
        p, the curvature. [-]

    Returns
    -------
    float
        Loss after, never less than before. [-]
    """
    if moved <= 0.0 or end <= 0.0 or loss >= NEARLY_ALL * end:
        return loss
    stands = 0.0
    if loss > 0.0:
        stands = (2.0 * math.atanh(loss / end)) ** (1.0 / exponent)
    return max(end * math.tanh(0.5 * (stands + moved) ** exponent), loss)


@jit
def advance_day(
    state: FloatArray,
    slots: FloatArray,
    rate: FloatArray,
    kinds: IntArray,
    quantities: IntArray,  # noqa: ARG001 - the loops of a life share one set of arrays
    powers: FloatArray,
    slot_of: IntArray,
) -> None:
    """Age one life by a day.

    Parameters
    ----------
    state : ndarray, shape (n_terms,)
        State of each term, zeros when new; changed in place.
    slots : ndarray, shape (n_slots,)
        Stress of the day.
    rate : ndarray, shape (n_terms,)
        Multiplier of each term's loss. [-]
    kinds, quantities : ndarray, shape (n_terms,)
        `TermKind` and `AgedQuantity` of each term.
    powers : ndarray, shape (n_terms,)
        Exponent of a power term. [-]
    slot_of : ndarray, shape (n_terms,)
        First slot of each term.
    """
    for term in range(kinds.shape[0]):
        first = int(slot_of[term])
        if kinds[term] == POWER:
            scale = rate[term] if powers[term] == 1.0 else rate[term] ** (1.0 / powers[term])
            state[term] += scale * slots[first]
        else:
            state[term] = sigmoid_loss(state[term], rate[term] * slots[first], slots[first + 1], slots[first + 2])


@jit
def term_loss(state: float, kind: int, exponent: float) -> float:
    """Capacity lost or resistance gained by one term, share of the new value. [-]"""
    if kind == POWER:
        return state**exponent
    return state


@jit
def losses(state: FloatArray, kinds: IntArray, quantities: IntArray, powers: FloatArray) -> tuple[float, float]:
    """Sum what the terms of one life took.

    Parameters
    ----------
    state : ndarray, shape (n_terms,)
        State of each term.
    kinds, quantities : ndarray, shape (n_terms,)
        `TermKind` and `AgedQuantity` of each term.
    powers : ndarray, shape (n_terms,)
        Exponent of a power term. [-]

    Returns
    -------
    capacity_lost, resistance_gained : float
        Shares of the new values. [-]
    """
    capacity_lost = 0.0
    resistance_gained = 0.0
    for term in range(kinds.shape[0]):
        own = term_loss(state[term], kinds[term], powers[term])
        if quantities[term] == CAPACITY:
            capacity_lost += own
        else:
            resistance_gained += own
    return capacity_lost, resistance_gained
