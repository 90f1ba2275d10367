"""Every ageing model in one form: what is lost is a sum of terms, and each day adds to each term.

A power term is ``q = X**power`` with an X to which days add. A sigmoid term is
``q = 2 y (1/2 - 1/(1 + exp((k x)**p)))`` with y, k dx and p of the day in three slots. The loops that step them are in
`life_kernels`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.naumann_law import naumann_law
from battuta.physics.ageing.prismatic import PrismaticLaw
from battuta.physics.ageing.sony import SonyLaw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from battuta.physics.ageing.card import ModelCard
    from battuta.physics.ageing.duty_days import DutyDays

__all__ = [
    "AgedQuantity",
    "AgeingLaw",
    "AgeingTerm",
    "TermArrays",
    "TermKind",
    "ageing_law",
    "ageing_law_names",
    "term_arrays",
]


class AgeingLaw(Protocol):
    """An ageing model: its card, its terms, and the stresses of days."""

    @property
    def name(self) -> str:
        """Name by which studies ask for it."""
        ...

    @property
    def card(self) -> ModelCard:
        """What it is worth."""
        ...

    @property
    def terms(self) -> tuple[AgeingTerm, ...]:
        """Its terms."""
        ...

    @property
    def n_slots(self) -> int:
        """Numbers a day in `stresses`."""
        ...

    @property
    def is_for_optimiser(self) -> bool:
        """False where the model would pay an optimiser for what harms a real cell."""
        ...

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day at unit rates, shape (n_days, n_slots)."""
        ...


class TermArrays(NamedTuple):
    """Terms as `life_kernels` takes them, each of shape (n_terms,)."""

    kinds: IntArray
    quantities: IntArray
    powers: FloatArray
    slot_of: IntArray


def term_arrays(law: AgeingLaw) -> TermArrays:
    """Terms of a law as arrays.

    Parameters
    ----------
    law : AgeingLaw
        The law.

    Returns
    -------
    TermArrays
        Kind, quantity, exponent and first slot of each term.
    """
    return TermArrays(
        kinds=np.array([int(each.kind) for each in law.terms], dtype=np.int64),
        quantities=np.array([int(each.quantity) for each in law.terms], dtype=np.int64),
        powers=np.array([each.exponent for each in law.terms], dtype=np.float64),
        slot_of=np.array([each.slot for each in law.terms], dtype=np.int64),
    )


_LAWS: Mapping[str, Callable[[], AgeingLaw]] = {
    "naumann_lfp": naumann_law,
    "sony_lfp_3ah": SonyLaw,
    "lfp_250ah": PrismaticLaw,
}


def ageing_law_names() -> tuple[str, ...]:
    """Names that `ageing_law` knows."""
    return tuple(_LAWS)


def ageing_law(name: str) -> AgeingLaw:
    """Give an ageing model by its name.

    Parameters
    ----------
    name : str
        One of `ageing_law_names`.

    Returns
    -------
    AgeingLaw
        The model.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> [each.name for each in ageing_law("naumann_lfp").terms]
    ['capacity_calendar', 'capacity_cycle', 'resistance_calendar', 'resistance_cycle']
    """
    if name not in _LAWS:
        message = f"no ageing model is named {name!r}; there are: {', '.join(_LAWS)}"
        raise UsageError(message)
    return _LAWS[name]()
