"""From what the members say of a day to one forecast with an honest width, learning from its own errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.forecast import percent_levels
from battuta.forecast.day_table import KnownDays
from battuta.forecast.error_quantiles import error_quantiles
from battuta.forecast.member import MemberRow
from battuta.forecast.online_weights import OnlineWeights
from battuta.forecast.price_model import PriceModel, by_family
from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Issue:
    """One forecast by slot.

    Attributes
    ----------
    day : int
        Number of the delivery day.
    point : ndarray, shape (n_slots,)
        Best single value. [currency/MWh]
    quantiles : ndarray, shape (n_slots, 99)
        How sure it is. [currency/MWh]
    notes : tuple of str
        What it had to do without.
    """

    day: int
    point: FloatArray
    quantiles: FloatArray
    notes: tuple[str, ...]


class PriceForecaster:
    """Combines members and keeps the record of past errors.

    Parameters
    ----------
    model : PriceModel
        Which members there should be.
    n_slots : int
        Slots of a day.
    """

    def __init__(self, model: PriceModel, n_slots: int) -> None:
        self._model = model
        self._levels = percent_levels()
        self._weights = OnlineWeights()
        self._open: dict[int, tuple[FloatArray, dict[str, FloatArray]]] = {}
        self._errors: list[FloatArray] = []
        self._n_slots = n_slots

    def learn(self, known: KnownDays) -> None:
        """Score every forecast whose prices have become known since the last call."""
        for day in sorted(self._open):
            if day < known.price_per_mwh.shape[0]:
                point, families = self._open.pop(day)
                self._errors.append(known.price_per_mwh[day] - point)
                self._weights.learn(families, known.price_per_mwh[day])

    def predict(self, row: MemberRow, known: KnownDays) -> Issue:
        """Issue the forecast of a day.

        Parameters
        ----------
        row : MemberRow
            What the members said.
        known : KnownDays
            What is known at the gate.

        Returns
        -------
        Issue
            The forecast.

        Raises
        ------
        StaleDataError
            If no member said anything.
        """
        said = by_family(row.values)
        families = {name: said[name] for name in self._model.families if name in said}
        if not families:
            message = f"no member can forecast {known.dates[-1]}: give more history, or prices that are less old"
            raise StaleDataError(message)
        point = self._weights.mixed(families)
        self._open[row.day] = (point, families)
        errors = np.array(self._errors) if self._errors else np.empty((0, self._n_slots))
        quantiles = error_quantiles(point, errors, self._levels)
        absent = [name for name in self._model.families if name not in families]
        notes = (f"without {', '.join(absent)}: too little history",) if absent else ()
        return Issue(day=row.day, point=point, quantiles=quantiles, notes=notes)
