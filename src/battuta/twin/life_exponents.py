"""Exponents that are not known: those of each life, and rates that keep its loss at the end of the data as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import TermKind, term_arrays
from battuta.physics.ageing.rate_prior import rate_at_pivot

if TYPE_CHECKING:
    from battuta.physics.ageing.ageing_law import AgeingLaw

_EXPONENT_LOW = 0.2
"""No loss bends flatter than this exponent. [-]"""


def life_exponents(law: AgeingLaw, stresses: FloatArray, shift: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Exponents of lives of one model, and what their rates are multiplied with.

    Parameters
    ----------
    law : AgeingLaw
        The model.
    stresses : ndarray, shape (n_days, n_slots)
        Daily stresses of a new battery. [-]
    shift : ndarray, shape (n_lives, n_terms_most)
        Added to the exponent of each power term; columns beyond the model's terms are not read. [-]

    Returns
    -------
    powers : ndarray, shape (n_lives, n_terms)
        Exponents. [-]
    factor : ndarray, shape (n_lives, n_terms)
        Factors on the rates, so that the loss at the pivot stays as it was. [-]

    Examples
    --------
    >>> from battuta.physics.ageing.naumann_law import naumann_law
    >>> powers, factor = life_exponents(naumann_law(), np.full((1, 4), 1e-6), np.array([[0.1, 0.0, 0.0, 0.0]]))
    >>> powers.tolist(), (factor > 1.0).tolist()
    ([[0.6, 0.5, 1.0, 1.0]], [[True, False, False, False]])
    """
    kinds, _, powers, slot_of = term_arrays(law)
    own = np.maximum(shift[:, : powers.size], _EXPONENT_LOW - powers)
    own = np.where(kinds == TermKind.POWER, own, 0.0)
    return powers + own, rate_at_pivot(stresses[:, slot_of].mean(axis=0), own)
