"""The tables of a study as ageing laws: a plain one, curves by depth and temperature, or both added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import ageing_law_names
from battuta.physics.ageing.graded_table import GradedTable, graded_table
from battuta.physics.ageing.rate_prior import RatePrior
from battuta.physics.ageing.table_law import GAP_MAX, TableLaw, table_law

if TYPE_CHECKING:
    from battuta.physics.ageing.ageing_term import AgeingTerm
    from battuta.physics.ageing.card import ModelCard
    from battuta.physics.ageing.duty_days import DutyDays

_TAKEN = {"calendar": "what time takes", "cycle": "what cycles take"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UserTable:
    """Tables of one name as a law.

    Attributes
    ----------
    parts : tuple of TableLaw or GradedTable
        What is lost is the sum of what each says.
    rate_deviation_share : float
        Standard deviation of the logarithm of a factor on all its rates, ASSUMED by the user. [-]
    """

    parts: tuple[TableLaw | GradedTable, ...]
    rate_deviation_share: float = 0.0

    @property
    def name(self) -> str:
        """Name that the user gave."""
        return self.parts[0].name

    @property
    def card(self) -> ModelCard:
        """Card of the first part, with what the others are and know."""
        first, *others = (each.card for each in self.parts)
        if not others:
            return first
        known = tuple(
            f"{_TAKEN[each.terms[0].cause]}: {limit}"
            for each in self.parts
            for limit in each.card.limits
            if not limit.startswith("it knows no ageing by")
        )
        more = tuple(side for other in others for side in other.validity)
        names = {each.name for each in more}
        return replace(
            first,
            fitted_on=f"{first.fitted_on}; added to {'; '.join(each.fitted_on for each in others)}",
            validity=(*(each for each in first.validity if each.name not in names), *more),
            accuracy=tuple(f"{each} ({card.fitted_on})" for card in (first, *others) for each in card.accuracy),
            limits=known,
        )

    @property
    def terms(self) -> tuple[AgeingTerm, ...]:
        """Terms of all parts, their slots one after the other."""
        found: list[AgeingTerm] = []
        begins = 0
        for each in self.parts:
            found += [replace(term, slot=begins + term.slot) for term in each.terms]
            begins += each.n_slots
        return tuple(found)

    @property
    def n_slots(self) -> int:
        """Numbers a day of all parts."""
        return sum(each.n_slots for each in self.parts)

    @property
    def is_for_optimiser(self) -> bool:
        """Whether it knows what time and cycles take, and more harm never costs less."""
        causes = {term.cause for each in self.parts for term in each.terms}
        return len(causes) > 1 and all(each.is_for_optimiser for each in self.parts)

    @property
    def prior(self) -> RatePrior:
        """Spread that the user assumes, of the whole curve."""
        n_terms = len(self.terms)
        return RatePrior(
            term=tuple(each.name for each in self.terms),
            log_sd=np.full(n_terms, self.rate_deviation_share),
            exponent_sd=np.zeros(n_terms),
            is_assumed=(True,) * n_terms,
            source=("assumed by the user",) * n_terms,
            draw_of_term=(0,) * n_terms,
        )

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day, shape (n_days, n_slots)."""
        return np.concatenate([each.stresses(duty) for each in self.parts], axis=1)


def user_tables(tables: Sequence[AgeingTable]) -> Mapping[str, UserTable]:
    """Laws of the tables of a study, by name.

    Parameters
    ----------
    tables : sequence of AgeingTable
        Tables with their points.

    Returns
    -------
    Mapping of str to UserTable
        One for each name.

    Raises
    ------
    UsageError
        If a table has the name of a model that ships, its points are not read yet, or two of one name do not add up.
    DataError
        If a table is no table of ageing.

    Examples
    --------
    >>> table = AgeingTable(name="maker", years=(5.0, 10.0, 15.0), soh_capacity=(0.9, 0.85, 0.81))
    >>> list(user_tables([table]))
    ['maker']
    """
    found: dict[str, list[AgeingTable]] = {}
    for each in tables:
        if each.name in ageing_law_names():
            message = f"{each.where} has the name of a model that ships; give it a name of its own"
            raise UsageError(message)
        if not each.has_points:
            source = each.path if each.path is not None else "the warranty"
            message = f"{each.where}: its points are those of {source}, which was not read; read it first"
            raise UsageError(message)
        found.setdefault(each.name, []).append(each)
    return {name: _one(own) for name, own in found.items()}


def _one(tables: list[AgeingTable]) -> UserTable:
    parts = tuple(_part(each) for each in tables)
    causes = [{term.cause for term in each.terms} for each in parts]
    if len(causes) > 1 and (len(causes) > 2 or len(causes[0] & causes[1]) > 0):
        message = (
            f"{tables[0].where} is given {len(tables)} times, and they do not add up: two tables of one name are one "
            "by years, which only time ages, and one by full cycles; give the others names of their own"
        )
        raise UsageError(message)
    spread = {each.rate_deviation_share for each in tables}
    if len(spread) > 1:
        message = f"{tables[0].where}: rate_deviation_share differs between its two tables; state one"
        raise UsageError(message)
    return UserTable(parts=parts, rate_deviation_share=spread.pop())


def _part(table: AgeingTable) -> TableLaw | GradedTable:
    if table.is_graded:
        return graded_table(table)
    law = table_law(
        table.where,
        np.array(table.years),
        np.array(table.soh_capacity),
        table.full_cycles_per_year,
        calendar_share=table.calendar_share,
        gap_max=GAP_MAX if table.gap_max is None else table.gap_max,
    )
    return replace(law, name=table.name, card=replace(law.card, name=table.name, family=table.family))
