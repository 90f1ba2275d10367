"""What became of many batteries over the years: one row a life, one column a year."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from collections.abc import Sequence

_PER_YEAR_END = ("soh_capacity", "soh_resistance", "soh_energy")
_PER_YEAR = ("discharged_mwh", "charged_mwh", "full_cycles")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lives:
    """Lives of one battery under one duty, by one or several ageing models.

    Attributes
    ----------
    year : ndarray, shape (n_years + 1,)
        0 to n_years. [a]
    law : tuple of str
        Ageing models, by name.
    law_of_life : ndarray of int, shape (n_lives,)
        Which of them each life follows.
    soh_capacity, soh_resistance : ndarray, shape (n_lives, n_years + 1)
        Capacity left and resistance reached at the end of a year, over those when new (column 0); resistance over
        that of the cell's card, where batteries begin with another. [-]
    soh_energy : ndarray, shape (n_lives, n_years + 1)
        AC energy that can be delivered at the interconnection point, over that when new. [-]
    discharged_mwh, charged_mwh : ndarray, shape (n_lives, n_years)
        AC energy delivered and drawn at the interconnection point in each year, magnitudes; drawn includes what the
        auxiliaries use while the battery rests. [MWh]
    full_cycles : ndarray, shape (n_lives, n_years)
        Equivalent full cycles of the new capacity in each year. [-]
    loss_by_cause : ndarray, shape (n_lives, n_years + 1, 2)
        Capacity lost by the calendar and by cycles. [-]
    stage_share : ndarray, shape (n_lives, n_years, n_stages), or None
        Share of each year that a life spends in each stage of a strategy that changes; None where none changes. [-]
    """

    year: FloatArray
    law: tuple[str, ...]
    law_of_life: IntArray
    soh_capacity: FloatArray
    soh_resistance: FloatArray
    soh_energy: FloatArray
    discharged_mwh: FloatArray
    charged_mwh: FloatArray
    full_cycles: FloatArray
    loss_by_cause: FloatArray
    stage_share: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse shapes that disagree."""
        n_lives, n_ends = self.law_of_life.shape[0], self.year.shape[0]
        wanted = {
            **dict.fromkeys(_PER_YEAR_END, (n_lives, n_ends)),
            **dict.fromkeys(_PER_YEAR, (n_lives, n_ends - 1)),
            "loss_by_cause": (n_lives, n_ends, 2),
        }
        for name, shape in wanted.items():
            found: FloatArray = getattr(self, name)
            if found.shape != shape:
                message = f"lives: {name} has shape {found.shape}; {n_lives} lives of {n_ends - 1} years need {shape}"
                raise DataError(message)

    @property
    def n_lives(self) -> int:
        """Number of lives."""
        return self.law_of_life.shape[0]

    def at(self, life: IntArray) -> Lives:
        """Lives at places, in their order, as often as they are named."""
        held = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"year", "law"}}
        return replace(self, **{name: values[life] for name, values in held.items() if values is not None})


def joined(parts: Sequence[Lives]) -> Lives:
    """Put lives that were counted apart one after the other.

    Parameters
    ----------
    parts : sequence of Lives
        Parts of the same years and the same ageing models, in order.

    Returns
    -------
    Lives
        All of them.
    """
    if not parts:
        message = "no lives to join: give at least one part"
        raise DataError(message)
    first = parts[0]
    for each in parts[1:]:
        if each.law != first.law or not np.array_equal(each.year, first.year):
            message = (
                f"lives of {each.law} over {each.year.size - 1} years do not join those of {first.law} over "
                f"{first.year.size - 1} years: count all parts with the same models and years"
            )
            raise DataError(message)
    rows = {
        name: np.concatenate([getattr(each, name) for each in parts])
        for name in ("law_of_life", *_PER_YEAR_END, *_PER_YEAR, "loss_by_cause")
    }
    shares = [each.stage_share for each in parts if each.stage_share is not None]
    return Lives(year=first.year, law=first.law, **rows, stage_share=np.concatenate(shares) if shares else None)
