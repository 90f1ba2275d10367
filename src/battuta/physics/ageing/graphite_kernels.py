"""Potential of a graphite anode over the state of charge: what drives calendar ageing in NREL's models."""

from __future__ import annotations

import math
from typing import Final

from battuta._jit import jit

LITHIATION_EMPTY: Final = 8.5e-3
LITHIATION_FULL: Final = 0.78


@jit
def anode_potential_v(soc: float) -> float:
    """Open-circuit potential of graphite against lithium.

    Parameters
    ----------
    soc : float
        State of charge. [-]

    Returns
    -------
    float
        Potential. [V]

    References
    ----------
    .. [1] M. Safari, C. Delacourt, J. Electrochem. Soc. 158, 2011, doi 10.1149/1.3567007: the curve.
    .. [2] M. Schimpe et al., J. Electrochem. Soc. 165, 2018, doi 10.1149/2.1181714jes: lithiation over the soc.
    """
    x = LITHIATION_EMPTY + soc * (LITHIATION_FULL - LITHIATION_EMPTY)
    stages = 0.044 * math.tanh((0.1958 - x) / 0.1088) - 0.0175 * math.tanh((x - 0.5692) / 0.0875)
    ends = -0.1978 * math.tanh((x - 1.0571) / 0.0854) - 0.6875 * math.tanh((x + 0.0117) / 0.0529)
    return 0.6379 + 0.5416 * math.exp(-305.5309 * x) + stages + ends
