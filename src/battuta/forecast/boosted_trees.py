"""Boosted trees over all slots of all days: they find the bends that straight lines miss.

One model for the whole day, fitted on absolute errors. The library that grows them is loaded with the first of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np

from battuta.domain.errors import StaleDataError, UsageError
from battuta.forecast.day_table import KnownDays
from battuta.forecast.kernel_inputs import usable_columns
from battuta.forecast.tree_inputs import LEVEL_DAYS, tree_rows
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from lightgbm import Booster

WINDOW_DAYS = 1456
DAYS_MIN = 90
_SLOTS_MAX = 40_000
_TREES = 250
_WEIGHT_RANGE = (0.2, 5.0)
_PARAMETERS = {
    "objective": "l1",
    "learning_rate": 0.08,
    "num_leaves": 31,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
    "seed": 1,
}


class BoostedTrees:
    """Day-ahead prices by gradient-boosted trees.

    Parameters
    ----------
    window_days : int
        Days that a fit looks back on; with finer slots than hours, as many as make 40,000 rows.

    References
    ----------
    .. [1] G. Ke et al., "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NeurIPS (2017).
    """

    def __init__(self, window_days: int = WINDOW_DAYS) -> None:
        self.window_days = window_days
        self._model: Booster | None = None
        self._columns: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Name of the member."""
        return "trees"

    @property
    def n_days_min(self) -> int:
        """Days of history without which it says nothing."""
        return DAYS_MIN

    def fit(self, known: KnownDays) -> None:
        """Grow the trees from scratch.

        Parameters
        ----------
        known : KnownDays
            What is known.

        Raises
        ------
        StaleDataError
            If no day of the window has all its prices.
        """
        import lightgbm  # noqa: PLC0415  a second of start-up, only where trees are grown

        first = self._first(known)
        columns = usable_columns(known, first - LEVEL_DAYS)
        rows = tree_rows(known, columns, first)
        learned = np.flatnonzero(rows.is_usable[: known.price_per_mwh.shape[0] - first])
        if learned.size == 0:
            message = f"no day of the {known.day - first} before {known.dates[-1]} has all its prices"
            raise StaleDataError(message)
        weight = np.clip(rows.spread[learned] / np.median(rows.spread[learned]), *_WEIGHT_RANGE)
        table = lightgbm.Dataset(
            rows.inputs[learned].reshape(-1, rows.inputs.shape[-1]),
            rows.target[learned].ravel(),
            weight=np.repeat(weight, known.n_slots),
        )
        grow = cast("Callable[..., Booster]", lightgbm.train)  # its own types are open
        self._model = grow(_PARAMETERS, table, num_boost_round=_TREES)
        self._columns = frozenset(columns)

    def update(self, known: KnownDays) -> None:
        """Keep the trees; grow new ones only where a series went missing or came back."""
        if self._model is None or frozenset(usable_columns(known, self._first(known) - LEVEL_DAYS)) != self._columns:
            self.fit(known)

    def predict(self, known: KnownDays) -> FloatArray:
        """Forecast the day of this gate.

        Returns
        -------
        ndarray, shape (n_slots,)
            Price of each slot. [currency/MWh]

        Raises
        ------
        UsageError
            If no trees were grown.
        """
        if self._model is None:
            message = "fit comes before predict"
            raise UsageError(message)
        there = usable_columns(known, self._first(known) - LEVEL_DAYS)
        today = tree_rows(known, {name: there[name] for name in there if name in self._columns}, known.day)
        said = np.asarray(self._model.predict(today.inputs[-1]), dtype=np.float64)
        return said * today.spread[-1] + today.level[-1]

    def _first(self, known: KnownDays) -> int:
        window_days = min(self.window_days, _SLOTS_MAX // known.n_slots)
        return max(known.day - window_days, LEVEL_DAYS)
