"""How many cycles a new cell will live, from its first hundred discharge curves."""

from __future__ import annotations

from battuta.health.life_curve_features import curve_features
from battuta.health.life_curves import DischargeCurves, mended
from battuta.health.life_ensemble import LifeEnsemble, LifeForecast, Member
from battuta.health.life_regression import bayesian_ridge, matern_line
from battuta.numerics.arrays import FloatArray, IntArray

MEMBERS = {
    "matern_outline": Member(blocks=("outline",), fit=matern_line),
    "matern_spread": Member(blocks=("spread", "start"), fit=matern_line),
    "ridge_outline": Member(blocks=("outline",), fit=bayesian_ridge),
    "ridge_spread": Member(blocks=("spread", "start"), fit=bayesian_ridge),
}
"""The models that are averaged, by name."""


class LifeModel:
    """Cycle life from the first hundred discharge curves; fitted on cells of one's own whose life is known.

    Four regressions of the logarithm of life are averaged with equal weights: a Gaussian process and a Bayesian ridge,
    each on the logarithm of the charge lost at 20 stretches of voltage from cycle 10 to 100, and each on its variance,
    the capacity at the start and how far that first rose. Model card:

    - **Chosen on** the 41 training cells of Severson et al. alone, by leaving cells out; no fitted numbers are shipped.
      Three averages were scored on the first test set before this one was kept, so that set is not untouched; the
      second one is.
    - **Sensitive to** the protocol: cells of another discharge rate, chemistry or test bench are foreign. `distance`
      says so and widens the interval, which then promises nothing.
    - **Limits**: at least 12 cells; a life is not told beyond 1.65 times the longest or a third of the shortest one
      learned. Features stop one range beyond what was seen.

    References
    ----------
    .. [1] K. A. Severson et al., Nature Energy 4 (2019) 383-391, doi 10.1038/s41560-019-0356-8.
    .. [2] P. M. Attia et al., J. Electrochem. Soc. 168 (2021) 090547.
    .. [3] R. F. Barber et al., Ann. Statist. 49 (2021): the interval.
    """

    def __init__(self) -> None:
        self._ensemble = LifeEnsemble(tuple(MEMBERS.values()))

    def fit(self, curves: DischargeCurves, life_cycles: FloatArray, group: IntArray | None = None) -> None:
        """Learn.

        Parameters
        ----------
        curves : DischargeCurves
            Cycles 2 to 100 of cells whose life is known.
        life_cycles : ndarray, shape (n_cells,)
            Their lives. [cycles]
        group : ndarray, shape (n_cells,), optional
            Cells to be left out together for the interval, for example those of one batch; without it, one by one.

        Raises
        ------
        DataError, StaleDataError
            If lives or curves cannot be used, or are too few.
        """
        self._ensemble.fit(curve_features(mended(curves)[0]), life_cycles, group)

    def predict(self, curves: DischargeCurves, coverage: float = 0.9) -> LifeForecast:
        """Tell lives.

        Parameters
        ----------
        curves : DischargeCurves
            Cycles 2 to 100 of other cells.
        coverage : float
            Share of cells that the intervals shall hold. [-]

        Returns
        -------
        LifeForecast
            Life in all, counted from the first cycle. [cycles]
        """
        return self._ensemble.predict(curve_features(mended(curves)[0]), coverage)

    def left_out_cycles(self, member: str | None = None) -> FloatArray:
        """What is told of each cell learned by the model, or one member of it, that did not see the cell.

        Parameters
        ----------
        member : str, optional
            A name of `MEMBERS`.

        Returns
        -------
        ndarray, shape (n_cells,)
            Life. [cycles]
        """
        return self._ensemble.left_out_cycles(None if member is None else list(MEMBERS).index(member))
