"""Days at which no price model can speak, as history is too short or has a hole: then the similar day stands in."""

from __future__ import annotations

from collections.abc import Sequence

from battuta.forecast.day_table import DayTable
from battuta.forecast.member import MemberRow
from battuta.forecast.naive import similar_day_rows
from battuta.forecast.price_model import PriceModel, by_family

STAND_IN = "similar_day"
"""Ends the name of the member that stands in; it begins with the family that it speaks for."""

STAND_IN_NOTE = "no model can speak: the similar day stands in"


def stood_in(member: str) -> bool:
    """Tell whether a member is the one that stands in."""
    return member.endswith(STAND_IN)


def speaks(row: MemberRow, model: PriceModel) -> bool:
    """Tell whether a family of a model said anything of a day; one that stands in does not count."""
    own = {name: values for name, values in row.values.items() if not stood_in(name)}
    return any(name in model.families for name in by_family(own))


def from_first_voice(rows: Sequence[MemberRow], model: PriceModel, n_asked: int) -> Sequence[MemberRow]:
    """Leave out days of a warm-up at which a young market has nobody to speak.

    Parameters
    ----------
    rows : sequence of MemberRow
        What the members said, first of the warm-up, then of the days that are asked for.
    model : PriceModel
        Which families there should be.
    n_asked : int
        Number of days asked for, the last ones; they stay.

    Returns
    -------
    sequence of MemberRow
        From the first day of the warm-up at which a family speaks. Where none does all stay, so that the similar day,
        which then stands in, has a warm-up too.
    """
    warm_up = rows[: len(rows) - n_asked]
    return rows[next((place for place, row in enumerate(warm_up) if speaks(row, model)), 0) :]


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
    if speaks(row, model):
        return row
    stand_in = similar_day_rows(table.at_gate(row.day))
    return MemberRow(day=row.day, values={**row.values, f"{model.families[0]}_{STAND_IN}": stand_in})


def first_voice(model: PriceModel) -> int:
    """Days of history from which on a member of a model speaks."""
    return min(member.n_days_min for member in model.members())
