"""Which ageing models speak in a study, and how much each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import InvalidQuantityError, UsageError

_WEIGHT_MIN, _WEIGHT_MAX = 1e-6, 1e6
"""What a weight may be: a sum of them stays a number, and none of them vanishes beside another. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingChoice:
    """Which ageing models speak, and how much each.

    Attributes
    ----------
    weights : Mapping of str to float
        Weight of each model by its name, from 1e-6 to 1e6; they need not add up to 1. [-]
    cell_deviation_share : float
        Standard deviation of the logarithm of the rates from one battery to the next, besides what each model is
        unsure of. [-]
    table : tuple of AgeingTable
        Tables of health that speak as models of their own, each named in the weights.
    """

    weights: Mapping[str, float]
    cell_deviation_share: float = 0.05
    table: tuple[AgeingTable, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an ensemble of nothing, and tables that nobody asks."""
        if not self.weights:
            message = "[ageing] names no model; name at least one in [ageing.weights], better two or three"
            raise UsageError(message)
        for name, weight in self.weights.items():
            if not _WEIGHT_MIN <= weight <= _WEIGHT_MAX:
                raise InvalidQuantityError(f"weights.{name}", weight, _WEIGHT_MIN, _WEIGHT_MAX, "-", where="[ageing]")
        if not 0.0 <= self.cell_deviation_share <= 1.0:
            raise InvalidQuantityError(
                "cell_deviation_share", self.cell_deviation_share, 0.0, 1.0, "-", where="[ageing]"
            )
        for each in self.table:
            if each.name not in self.weights:
                message = f"{each.where} has no weight; name it in [ageing.weights], or leave it out"
                raise UsageError(message)
