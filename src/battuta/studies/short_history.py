"""A price model for days at which history is too short for any of its members: then the similar day stands in."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.errors import StaleDataError
from battuta.forecast.day_table import DayTable, KnownDays
from battuta.forecast.member import Member, MemberRow
from battuta.forecast.naive import similar_day_rows
from battuta.forecast.price_model import FAMILIES, PriceModel, by_family
from battuta.numerics.arrays import FloatArray

STAND_IN = "similar_day"
"""Ends the name of the member that stands in; it begins with the family that it speaks for."""

STAND_IN_NOTE = "no model can speak: the similar day stands in"


def stood_in(member: str) -> bool:
    """Tell whether a member is the one that stands in."""
    return member.endswith(STAND_IN)


def model_for(n_days: int, families: tuple[str, ...] = FAMILIES) -> PriceModel:
    """Choose the model of a study that begins after so many days of history.

    Parameters
    ----------
    n_days : int
        Days before the first one that is asked for.
    families : tuple of str
        Which families are mixed.

    Returns
    -------
    PriceModel
        The usual one, or one that falls back on the similar day where nobody else speaks yet.

    Raises
    ------
    UsageError
        If a family does not exist.
    """
    usual = PriceModel(families=families)
    return usual if n_days >= first_voice(usual) else ShortHistoryModel(families=families)


def spoken(row: MemberRow, table: DayTable, model: PriceModel) -> MemberRow:
    """Let the similar day stand in on a day at which no family can speak, as after a hole in the prices.

    Parameters
    ----------
    row : MemberRow
        What the members said.
    table : DayTable
        The days.
    model : PriceModel
        Which families there should be.

    Returns
    -------
    MemberRow
        The same where any family speaks.

    Raises
    ------
    StaleDataError
        If no whole day is known.
    """
    if any(name in model.families for name in by_family(row.values)):
        return row
    stand_in = similar_day_rows(table.at_gate(row.day))
    return MemberRow(day=row.day, values={**row.values, f"{model.families[0]}_{STAND_IN}": stand_in})


def first_voice(model: PriceModel) -> int:
    """Days of history from which on a member of a model speaks."""
    return min(member.n_days_min for member in model.members())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortHistoryModel(PriceModel):
    """Members of a price model, and the similar day for days at which none of them can say anything yet."""

    def members(self) -> list[Member]:
        """Make the members, fresh."""
        return [*PriceModel.members(self), StandIn(self.families[0], first_voice(PriceModel(families=self.families)))]


class StandIn:
    """The similar day, as long as nobody else speaks.

    Parameters
    ----------
    family : str
        Family that it speaks for.
    until_day : int
        Number of the first day at which another member has enough history.
    """

    def __init__(self, family: str, until_day: int) -> None:
        self._family = family
        self._until_day = until_day

    @property
    def name(self) -> str:
        """Name of the member."""
        return f"{self._family}_{STAND_IN}"

    @property
    def n_days_min(self) -> int:
        """Days of history without which it says nothing."""
        return 1

    def fit(self, known: KnownDays) -> None:
        """Nothing is learned."""

    def update(self, known: KnownDays) -> None:
        """Nothing is learned."""

    def predict(self, known: KnownDays) -> FloatArray:
        """Prices of the similar day; see `battuta.forecast.naive.similar_day_rows`.

        Raises
        ------
        StaleDataError
            If another member speaks, or no whole day is known.
        """
        if known.day >= self._until_day:
            message = f"{known.dates[-1]} is for the models: {known.day} days of history are enough"
            raise StaleDataError(message)
        return similar_day_rows(known)
