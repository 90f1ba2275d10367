"""Whether the joint courses of a forecast move as prices do: scored beside hours that know nothing of each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.path_scores import joint_crps, variogram_score
from battuta.numerics.sampling import generator


@dataclass(frozen=True, slots=True, kw_only=True)
class PathScores:
    """Scores of the courses of one day; less is better.

    Attributes
    ----------
    energy, energy_independent : float
        Energy score of the courses, and of the same values with the hours shuffled apart. [currency/MWh]
    variogram, variogram_independent : float
        Variogram score of order 1/2, likewise. [(currency/MWh)]
    """

    energy: float
    energy_independent: float
    variogram: float
    variogram_independent: float


def score_paths(paths: FloatArray, price_per_mwh: FloatArray, seed: int) -> PathScores | None:
    """Score the courses of a day.

    Parameters
    ----------
    paths : ndarray, shape (n_paths, n_slots)
        Equally likely courses. [currency/MWh]
    price_per_mwh : ndarray, shape (n_slots,)
        What came. [currency/MWh]
    seed : int
        Of the shuffle.

    Returns
    -------
    PathScores or None
        None for a day with gaps.
    """
    if not np.isfinite(price_per_mwh).all():
        return None
    apart = generator(seed, "studies.path_evaluation").permuted(paths, axis=0)
    return PathScores(
        energy=joint_crps(paths, price_per_mwh),
        energy_independent=joint_crps(apart, price_per_mwh),
        variogram=variogram_score(paths, price_per_mwh),
        variogram_independent=variogram_score(apart, price_per_mwh),
    )


def ratios(scores: tuple[PathScores, ...]) -> tuple[float, float]:
    """Mean energy and mean variogram score over those of independent hours; below 1 the courses hang together. [-]"""
    energy = sum(each.energy for each in scores) / sum(each.energy_independent for each in scores)
    variogram = sum(each.variogram for each in scores) / sum(each.variogram_independent for each in scores)
    return energy, variogram
