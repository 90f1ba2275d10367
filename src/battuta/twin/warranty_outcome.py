"""What a warranty comes to over many lives: margins, breaches, who used the margin, and what is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import EXACTNESS
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray


class ClauseKind(StrEnum):
    """Whose duty a clause is."""

    PROMISE = "promise"
    """The supplier's: broken, it is paid for."""
    CONDITION = "condition"
    """The owner's: broken, it costs the promises."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClauseOutcome:
    """One clause over all lives.

    Attributes
    ----------
    name : str
        Short name.
    kind : ClauseKind
        Whose duty it is.
    text : str
        What it says, in one sentence.
    limit : float
        Its limit; of a floor that changes with the years, the one that binds in the life of the median margin. [unit]
    unit : str
        Unit of limit and margin.
    margin : ndarray, shape (n_lives,)
        Smallest distance to the limit within the term; 0 is exactly at it, which is no breach; negative is a breach;
        NaN where the clause applies in no year. [unit]
    breach_probability : float
        Share of the lives in which it is broken. [-]
    first_breach_year : ndarray, shape (n_lives,)
        Year in which it is first broken, NaN if in none. [year]
    consumed_by : Mapping of str to ndarray, shape (n_lives,)
        Share of the limit that each service used by the year of the smallest margin; empty where none does.
    """

    name: str
    kind: ClauseKind
    text: str
    limit: float
    unit: str
    margin: FloatArray
    breach_probability: float
    first_breach_year: FloatArray
    consumed_by: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])

    def margin_quantiles(self, shares: tuple[float, ...] = (0.1, 0.5, 0.9)) -> FloatArray:
        """Quantiles of the margin over the lives to which the clause applies.

        Parameters
        ----------
        shares : tuple of float
            Shares of the lives that lie below. [-]

        Returns
        -------
        ndarray, shape (n_shares,)
            Margins, NaN if it applies to no life. [unit]
        """
        applies = self.margin[~np.isnan(self.margin)]
        return np.quantile(applies, shares) if applies.size else np.full(len(shares), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarrantyOutcome:
    """A warranty over all lives.

    Attributes
    ----------
    warranty : Warranty
        The contract.
    clauses : tuple of ClauseOutcome
        Promises, then conditions.
    breach_probability : float
        Share of the lives in which any clause is broken. [-]
    first_breach_year : ndarray, shape (n_lives,)
        Year of the first breach of any clause, NaN if none. [year]
    void_year : ndarray, shape (n_lives,)
        Year from which on nothing is promised any more, NaN if none: a broken condition where that voids. [year]
    damages : ndarray, shape (n_lives, n_years)
        What the supplier pays, caps applied. [currency]
    not_judged : tuple of str
        Clauses for which the study has no numbers, each with the reason.
    """

    warranty: Warranty
    clauses: tuple[ClauseOutcome, ...]
    breach_probability: float
    first_breach_year: FloatArray
    void_year: FloatArray
    damages: FloatArray
    not_judged: tuple[str, ...] = ()

    def clause(self, name: str) -> ClauseOutcome:
        """Clause of a name; KeyError if it was not judged."""
        for each in self.clauses:
            if each.name == name:
                return each
        message = f"no clause {name!r} was judged; there is {', '.join(each.name for each in self.clauses)}"
        raise KeyError(message)

    def breach_probability_of(self, kind: ClauseKind) -> float:
        """Share of the lives in which a clause of one kind is broken. [-]"""
        chosen = tuple(each for each in self.clauses if each.kind is kind)
        return breach_share(first_of(chosen, self.first_breach_year.size))

    def breach_probability_by_year(self) -> FloatArray:
        """Share of the lives with a breach by the end of each year, shape (n_years,). [-]"""
        broken = [float(np.mean(self.first_breach_year <= year + 1.0)) for year in range(self.damages.shape[1])]
        return np.array(broken)


def clause_outcome(
    name: str,
    kind: ClauseKind,
    text: str,
    unit: str,
    limit: FloatArray,
    margin: FloatArray,
    consumed_by: Mapping[str, FloatArray] | None = None,
) -> ClauseOutcome:
    """Sum up a clause that is judged at the end of each year.

    Parameters
    ----------
    name, kind, text, unit : str, ClauseKind, str, str
        What the clause says.
    limit : ndarray, shape broadcastable to (n_lives, n_years)
        Its limit. [unit]
    margin : ndarray, shape (n_lives, n_years)
        Distance to it, NaN in years to which it does not apply. [unit]
    consumed_by : Mapping of str to ndarray, shape (n_lives, n_years), or None
        Share of the limit that each service has used by the end of each year. [-]

    Returns
    -------
    ClauseOutcome
        The clause over all lives.
    """
    limits = np.broadcast_to(limit, margin.shape)
    exact = at_limit(margin, limits)
    found = np.where(np.isnan(exact), np.inf, exact)
    worst = np.argmin(found, axis=1)
    smallest = found.min(axis=1)
    smallest[np.isinf(smallest)] = np.nan
    broken = found < 0.0
    first = np.where(broken.any(axis=1), np.argmax(broken, axis=1) + 1.0, np.nan)
    ranked = np.argsort(smallest, kind="stable")[: max(int(np.count_nonzero(~np.isnan(smallest))), 1)]
    median = int(ranked[ranked.size // 2])
    return ClauseOutcome(
        name=name,
        kind=kind,
        text=text,
        limit=float(limits[median, worst[median]]),
        unit=unit,
        margin=smallest,
        breach_probability=breach_share(first),
        first_breach_year=first,
        consumed_by={each: _picked(share, worst) for each, share in (consumed_by or {}).items()},
    )


def _picked(values: FloatArray, year: IntArray) -> FloatArray:
    return np.take_along_axis(values, year[:, None], axis=1)[:, 0]


def at_limit(margin: FloatArray, limit: FloatArray) -> FloatArray:
    """Margins, with 0 for those that rounding alone keeps from it.

    Examples
    --------
    >>> at_limit(np.array([365.0 - 0.1 * 3650 - 1e-11, -0.5]), np.array([365.0, 365.0]))
    array([ 0. , -0.5])
    """
    scale = EXACTNESS * np.maximum(np.abs(limit), 1.0)
    return np.where(np.abs(margin) <= scale, 0.0, margin)


def breach_share(first_breach_year: FloatArray) -> float:
    """Share of the lives with a breach. [-]"""
    broken: BoolArray = ~np.isnan(first_breach_year)
    return float(broken.mean()) if broken.size else 0.0


def first_of(clauses: tuple[ClauseOutcome, ...], n_lives: int) -> FloatArray:
    """First year in which any of some clauses is broken, shape (n_lives,), NaN if none. [year]"""
    first = np.full(n_lives, np.inf)
    for each in clauses:
        first = np.fmin(first, each.first_breach_year)
    return np.where(np.isinf(first), np.nan, first)
