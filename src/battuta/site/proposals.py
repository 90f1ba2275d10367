"""The board where owners post what they want: one interval, one preference and one expiry per owner and site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from battuta.domain.command import N_OWNERS, Owner, Proposal
from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray, IntArray

LOW, HIGH, PREFERRED = 0, 1, 2
"""First axis of what is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProposalBoard:
    """Proposals of all owners for all sites; its arrays are written in place by whoever owns the board.

    Attributes
    ----------
    wanted_kw : ndarray, shape (3, n_owners, n_sites)
        Low and high end of the interval asked for, infinite where the owner does not mind, and the power it would
        like, NaN for none. [kW]
    expires_ns : ndarray, shape (n_owners, n_sites)
        When the proposal stops counting; 0 where there never was one. [ns]
    """

    wanted_kw: FloatArray
    expires_ns: IntArray

    @classmethod
    def empty(cls, n_sites: int) -> ProposalBoard:
        """Return a board on which nobody has an opinion."""
        shape = (N_OWNERS, n_sites)
        wanted_kw = np.empty((3, *shape))
        wanted_kw[LOW], wanted_kw[HIGH], wanted_kw[PREFERRED] = -np.inf, np.inf, np.nan
        return cls(wanted_kw=wanted_kw, expires_ns=np.zeros(shape, dtype=np.int64))

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.wanted_kw.shape[2]

    def post(self, proposals: Iterable[Proposal]) -> None:
        """Write proposals, each in place of what its owner wanted of that site before; all of them or none.

        Raises
        ------
        UsageError
            If a proposal is for a site that is not on the board.
        """
        listed = tuple(proposals)
        for each in listed:
            if not 0 <= each.site < self.n_sites:
                message = f"proposal of {each.owner.name.lower()} is for site {each.site}; there are {self.n_sites}"
                raise UsageError(message)
        for each in listed:
            self.wanted_kw[:, each.owner, each.site] = (each.low_kw, each.high_kw, each.preferred_kw)
            self.expires_ns[each.owner, each.site] = each.expires_ns

    def post_all(
        self,
        owner: Owner,
        expires_ns: int,
        *,
        low_kw: FloatArray | None = None,
        high_kw: FloatArray | None = None,
        preferred_kw: FloatArray | None = None,
    ) -> None:
        """Write one owner's proposals for all sites at once.

        Parameters
        ----------
        owner : Owner
            Who asks.
        expires_ns : int
            When they stop counting. [ns]
        low_kw, high_kw, preferred_kw : ndarray, shape (n_sites,), or None
            As in `Proposal`; None where the owner does not mind. [kW]
        """
        self.wanted_kw[LOW, owner] = -np.inf if low_kw is None else low_kw
        self.wanted_kw[HIGH, owner] = np.inf if high_kw is None else high_kw
        self.wanted_kw[PREFERRED, owner] = np.nan if preferred_kw is None else preferred_kw
        self.expires_ns[owner] = expires_ns
