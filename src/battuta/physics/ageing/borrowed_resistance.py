"""An ageing law that says nothing of resistance, beside one that does: a study needs both, and says whose it took."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.ageing.card import ModelCard
    from battuta.physics.ageing.duty_days import DutyDays


@dataclass(frozen=True, slots=True, kw_only=True)
class BorrowedResistance:
    """A law whose resistance grows as another law says.

    Attributes
    ----------
    own : AgeingLaw
        What says how capacity is lost; it has no term of resistance.
    lender : AgeingLaw
        What says how resistance grows.
    """

    own: AgeingLaw
    lender: AgeingLaw

    @property
    def name(self) -> str:
        """Name of the law of capacity."""
        return self.own.name

    @property
    def card(self) -> ModelCard:
        """Card of the law of capacity, with whose resistance is taken."""
        said = f"resistance is taken from {self.lender.name}: cells of another kind, which this model never saw"
        return replace(self.own.card, limits=(*self.own.card.limits, said))

    @property
    def terms(self) -> tuple[AgeingTerm, ...]:
        """Its own terms, then the other's of resistance, whose slots come after its own."""
        return (*self.own.terms, *(replace(each, slot=self.own.n_slots + each.slot) for each in self._lent))

    @property
    def n_slots(self) -> int:
        """Numbers a day of both."""
        return self.own.n_slots + self.lender.n_slots

    @property
    def is_for_optimiser(self) -> bool:
        """As the law of capacity."""
        return self.own.is_for_optimiser

    @property
    def _lent(self) -> tuple[AgeingTerm, ...]:
        return tuple(each for each in self.lender.terms if each.quantity is AgedQuantity.RESISTANCE)

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day at unit rates, shape (n_days, n_slots)."""
        return np.concatenate((self.own.stresses(duty), self.lender.stresses(duty)), axis=1)

    def with_lent(self, own: FloatArray, lent: FloatArray) -> FloatArray:
        """Figures of its terms from those of the two laws' terms, each of shape (n_terms of that law,)."""
        taken = [number for number, each in enumerate(self.lender.terms) if each in self._lent]
        return np.concatenate((own, lent[taken]))


def with_resistance(law: AgeingLaw, lender: AgeingLaw) -> AgeingLaw:
    """Give a law a growth of resistance where it has none; another is given back as it is.

    Parameters
    ----------
    law, lender : AgeingLaw
        The law, and the one whose resistance is taken.

    Returns
    -------
    AgeingLaw
        A law with terms of resistance.

    Examples
    --------
    >>> from battuta.physics.ageing.ageing_law import ageing_law
    >>> law = with_resistance(ageing_law("lfp_250ah"), ageing_law("naumann_lfp"))
    >>> [each.name for each in law.terms][-2:]
    ['resistance_calendar', 'resistance_cycle']
    """
    if any(each.quantity is AgedQuantity.RESISTANCE for each in law.terms):
        return law
    return BorrowedResistance(own=law, lender=lender)
