"""The conductor's decision of one second, and what it remembers for the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.command import Owner
from battuta.numerics.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dispatch:
    """One base per site, the interval and the armed power left to the guard, and why.

    Attributes
    ----------
    time_ns : int
        When it was decided. [ns]
    base_kw : ndarray, shape (n_sites,)
        Power without response, discharge positive. [kW]
    bounds_kw : ndarray, shape (4, n_sites)
        Low and high end for base plus response, and the response armed up and down. [kW]
    reactive_kvar : ndarray, shape (n_sites,)
        Reactive power, injection positive. [kvar]
    chiller_setpoint_c : ndarray, shape (n_sites,)
        Coolant temperature asked of the chiller, NaN to leave it. [degC]
    owner : ndarray of int64, shape (n_sites,)
        `Owner` whose wish the base follows.
    reason : ndarray of int64, shape (n_sites,)
        Bits of `Reason`.
    """

    time_ns: int
    base_kw: FloatArray
    bounds_kw: FloatArray
    reactive_kvar: FloatArray
    chiller_setpoint_c: FloatArray
    owner: IntArray
    reason: IntArray

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.base_kw.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArbitrationState:
    """What arbitration remembers, moved in place from second to second.

    Attributes
    ----------
    rows : ndarray, shape (4, n_sites)
        Base, what is left of the blend to a new owner, reactive power, and the share of the response that is armed: it
        ramps to 0 when the site goes to a safe state, and back. [kW, kW, kvar, -]
    owner : ndarray of int64, shape (n_sites,)
        Owner of the base.
    """

    rows: FloatArray
    owner: IntArray

    @classmethod
    def at_rest(cls, n_sites: int) -> ArbitrationState:
        """Return the state of sites that stand still."""
        rows = np.zeros((4, n_sites))
        rows[3] = 1.0
        return cls(rows=rows, owner=np.full(n_sites, int(Owner.REST), dtype=np.int64))
