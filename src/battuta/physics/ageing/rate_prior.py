"""What is not known of an ageing model's rates before a site has been seen: spreads, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from battuta.domain import catalogue
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.borrowed_resistance import BorrowedResistance

if TYPE_CHECKING:
    from battuta.domain.catalogue import Toml
    from battuta.physics.ageing.ageing_law import AgeingLaw

PIVOT_DAYS = 885.0  # end of the calendar data behind the models: where a changed exponent leaves the loss as it was


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatePrior:
    """Spread of a law's terms.

    Attributes
    ----------
    term : tuple of str
        Names of the terms.
    log_sd : ndarray, shape (n_terms,)
        Standard deviation of the logarithm of each term's rate multiplier, whose median is 1. [-]
    exponent_sd : ndarray, shape (n_terms,)
        Standard deviation of each term's exponent; 0 for a sigmoid. [-]
    is_assumed : tuple of bool
        True where no data stand behind a spread.
    source : tuple of str
        Where each comes from.
    draw_of_term : tuple of int
        Number of the draw that each term follows, which terms of one curve share; each its own where left out.
    """

    term: tuple[str, ...]
    log_sd: FloatArray
    exponent_sd: FloatArray
    is_assumed: tuple[bool, ...]
    source: tuple[str, ...]
    draw_of_term: tuple[int, ...] = ()

    @property
    def draws(self) -> IntArray:
        """Number of the draw that each term follows, shape (n_terms,)."""
        return np.array(self.draw_of_term or range(len(self.term)), dtype=np.int64)


@runtime_checkable
class LawWithPrior(Protocol):
    """A law that tells the spread of its rates itself, as a plug-in or a table does."""

    @property
    def prior(self) -> RatePrior:
        """Spread of its terms."""
        ...


def rate_prior(law: AgeingLaw) -> RatePrior:
    """Spread of a law's terms before any calibration.

    Parameters
    ----------
    law : AgeingLaw
        The law.

    Returns
    -------
    RatePrior
        Spreads from ``physics/ageing/priors/rates.toml``; a law's own where it
        tells one; none, and marked as assumed, for a law that neither knows.

    Raises
    ------
    DataError
        If the file knows the law but not one of its terms.

    Examples
    --------
    >>> from battuta.physics.ageing.ageing_law import ageing_law
    >>> prior = rate_prior(ageing_law("naumann_lfp"))
    >>> dict(zip(prior.term, prior.log_sd.tolist()))["capacity_calendar"]
    0.139
    """
    if isinstance(law, BorrowedResistance):
        return _borrowed(law)
    if isinstance(law, LawWithPrior):
        return law.prior
    known = catalogue.table("physics.ageing", "priors", "rates").get(law.name)
    names = tuple(each.name for each in law.terms)
    if not isinstance(known, dict):
        none = np.zeros(len(names))
        says = tuple("assumed: a table has no spread of its own" for _ in names)
        return RatePrior(
            term=names, log_sd=none, exponent_sd=none.copy(), is_assumed=tuple(True for _ in names), source=says
        )
    rows = [known.get(each) for each in names]
    return RatePrior(
        term=names,
        log_sd=np.array([_number(law.name, name, row, "log_sd") for name, row in zip(names, rows, strict=True)]),
        exponent_sd=np.array(
            [_number(law.name, name, row, "exponent_sd") for name, row in zip(names, rows, strict=True)]
        ),
        is_assumed=tuple(isinstance(row, dict) and row.get("is_assumed") is True for row in rows),
        source=tuple(str(row.get("source", "")) if isinstance(row, dict) else "" for row in rows),
    )


def _borrowed(law: BorrowedResistance) -> RatePrior:
    """Spreads of the law of capacity, then those of the terms that were lent."""
    own, lender = rate_prior(law.own), rate_prior(law.lender)
    lent = [
        number for number, name in enumerate(lender.term) if name in {each.name for each in law.terms[len(own.term) :]}
    ]
    return RatePrior(
        term=(*own.term, *(lender.term[each] for each in lent)),
        log_sd=law.with_lent(own.log_sd, lender.log_sd),
        exponent_sd=law.with_lent(own.exponent_sd, lender.exponent_sd),
        is_assumed=(*own.is_assumed, *(lender.is_assumed[each] for each in lent)),
        source=(*own.source, *(lender.source[each] for each in lent)),
        draw_of_term=(*own.draws.tolist(), *range(len(own.term), len(own.term) + len(lent))),
    )


def rate_at_pivot(per_day: FloatArray, shift: FloatArray, *, pivot_days: float = PIVOT_DAYS) -> FloatArray:
    """Rate multipliers that keep power terms' losses at the pivot when their exponents are shifted.

    Parameters
    ----------
    per_day : ndarray, shape (n_terms,)
        Mean stress of each term's slot a day; 0 where there is none. [-]
    shift : ndarray, shape (..., n_terms)
        Added to the exponents. [-]
    pivot_days : float
        Age at which the losses stay as they were. [d]

    Returns
    -------
    ndarray, shape (..., n_terms)
        Multipliers for `battuta.physics.ageing.life_kernels.advance_day` with the shifted exponents. [-]
    """
    at_pivot = np.where(per_day > 0.0, per_day * pivot_days, 1.0)
    return at_pivot**-shift


def _number(law: str, term: str, row: Toml | None, key: str) -> float:
    """One number of the file."""
    held = row.get(key) if isinstance(row, dict) else None
    if isinstance(held, bool) or not isinstance(held, int | float) or held < 0.0:
        message = f"physics/ageing/priors/rates.toml: {law}.{term}.{key} must be a number of 0 or more; got {held!r}"
        raise DataError(message)
    return float(held)
