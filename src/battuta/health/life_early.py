"""How many cycles a new cell will live, from capacity and charge measures of its first hundred cycles."""

from __future__ import annotations

from battuta.domain.errors import DataError, StaleDataError
from battuta.health.life_ensemble import LifeEnsemble, LifeForecast, Member
from battuta.health.life_history import CYCLES_MIN, CycleHistory, early_features
from battuta.health.life_regression import bayesian_ridge, matern_line
from battuta.numerics.arrays import FloatArray, IntArray

MEMBERS = {
    "ridge_change": Member(blocks=("level", "change", "fade"), fit=bayesian_ridge),
    "ridge_slope": Member(blocks=("level", "slope"), fit=bayesian_ridge),
    "matern_fade": Member(blocks=("fade",), fit=matern_line),
}
"""The models that are averaged, by name."""


class EarlyLifeModel:
    """Cycle life from a record of the first cycles; fitted on cells of one's own whose life is known.

    Two Bayesian ridges on levels and changes of all measures and a Gaussian process on the cubic of the capacity are
    averaged in the logarithm of life. Model card:

    - **Chosen on** groups 1 to 7 of the HUST cells (one chemistry, one charge, other discharge protocols in each
      cell), leaving groups out; no fitted numbers are shipped.
    - **Sensitive to** the resolution of the capacity: it reads changes of a hundredth in a hundred cycles.
    - **Limits**: at least 12 cells; all records are cut to the same number of cycles.

    Parameters
    ----------
    n_cycles : int
        Cycles that it looks at, from the first; 60 or more.

    References
    ----------
    .. [1] G. Ma et al., "Real-time personalized health status prediction of lithium-ion batteries using deep transfer
       learning", Energy Environ. Sci. 15 (2022) 4083: the cells.
    """

    def __init__(self, n_cycles: int = 100) -> None:
        if n_cycles < CYCLES_MIN:
            message = f"n_cycles = {n_cycles}; give {CYCLES_MIN} or more"
            raise StaleDataError(message)
        self.n_cycles = n_cycles
        self._ensemble = LifeEnsemble(tuple(MEMBERS.values()))

    def fit(self, histories: list[CycleHistory], life_cycles: FloatArray, group: IntArray | None = None) -> None:
        """Learn.

        Parameters
        ----------
        histories : list of CycleHistory
            Cells whose life is known; later cycles are not looked at.
        life_cycles : ndarray, shape (n_cells,)
            Their lives. [cycles]
        group : ndarray, shape (n_cells,), optional
            Cells to be left out together for the interval; without it, one by one.

        Raises
        ------
        DataError, StaleDataError
            If records or lives cannot be used, or are too few.
        """
        self._ensemble.fit(self._features(histories), life_cycles, group)

    def predict(self, histories: list[CycleHistory], coverage: float = 0.9) -> LifeForecast:
        """Tell lives.

        Parameters
        ----------
        histories : list of CycleHistory
            Other cells.
        coverage : float
            Share of cells that the intervals shall hold. [-]

        Returns
        -------
        LifeForecast
            Life in all, counted from the first cycle. [cycles]
        """
        return self._ensemble.predict(self._features(histories), coverage)

    def _features(self, histories: list[CycleHistory]) -> dict[str, FloatArray]:
        if not histories:
            message = "no cell is given; give at least one record"
            raise DataError(message)
        short = [place for place, each in enumerate(histories) if each.n_cycles < self.n_cycles]
        if short:
            message = f"cell {short[0]} has {histories[short[0]].n_cycles} cycles; the model looks at {self.n_cycles}"
            raise StaleDataError(message)
        return early_features([each.until(self.n_cycles) for each in histories])
