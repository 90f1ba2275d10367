"""Which ageing model each life follows, and how fast it ages: the spread of models and cells that a lender asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import standard_normal_blocks
from battuta.twin.lives_shared import LifeDraws

if TYPE_CHECKING:
    from battuta.physics.ageing.ageing_law import AgeingLaw

_GOLDEN = 0.6180339887498949
"""Fraction of the golden ratio: its multiples fill [0, 1) evenly, however many are taken."""


def law_of_lives(weights: Sequence[float], first_life: int, n_lives: int) -> IntArray:
    """Give lives to models by weight, so that any first lives already share alike.

    Parameters
    ----------
    weights : sequence of float
        Weight of each model, above 0. [-]
    first_life, n_lives : int
        Which lives.

    Returns
    -------
    ndarray of int, shape (n_lives,)
        Number of the model of each life.

    Examples
    --------
    >>> np.bincount(law_of_lives([1.0, 1.0, 2.0], 0, 1000)).tolist()
    [250, 250, 500]
    """
    shares = np.cumsum(weights) / np.sum(weights)
    places = ((first_life + np.arange(n_lives) + 0.5) * _GOLDEN) % 1.0
    return np.minimum(np.searchsorted(shares, places, side="right"), len(weights) - 1).astype(np.int64)


def ensemble_draws(
    laws: Sequence[AgeingLaw],
    weights: Mapping[str, float],
    *,
    cell_deviation_share: float,
    term_deviation_share: Mapping[str, FloatArray],
    seed: int,
    n_lives: int,
    first_life: int = 0,
) -> LifeDraws:
    """Draw lives: a model by its weight, its rates from what it is unsure of, and a factor of the battery's own.

    Parameters
    ----------
    laws : sequence of AgeingLaw
        Models.
    weights : Mapping of str to float
        Weight of each by name. [-]
    cell_deviation_share : float
        Standard deviation of the logarithm of a factor on all rates of a battery. [-]
    term_deviation_share : Mapping of str to ndarray, shape (n_terms,)
        Standard deviation of the logarithm of each term's rate, by name of the model. [-]
    seed : int
        Seed of the study.
    n_lives, first_life : int
        Which lives; what is drawn for a life hangs on its number alone.

    Returns
    -------
    LifeDraws
        The lives.

    Raises
    ------
    UsageError
        If a model has no weight.
    """
    missing = [each.name for each in laws if each.name not in weights]
    if missing:
        message = f"ageing model {missing[0]} has no weight; name it in [ageing.weights] or leave it out"
        raise UsageError(message)
    n_terms = max(len(each.terms) for each in laws)
    normal = standard_normal_blocks(seed, "twin.ageing", first_life, n_lives, 1 + n_terms)
    law_of_life = law_of_lives([weights[each.name] for each in laws], first_life, n_lives)
    deviation = np.zeros((len(laws), n_terms))
    for number, law in enumerate(laws):
        deviation[number, : len(law.terms)] = term_deviation_share.get(law.name, np.zeros(len(law.terms)))
    logs = cell_deviation_share * normal[:, :1] + deviation[law_of_life] * normal[:, 1:]
    return LifeDraws(law_of_life=law_of_life, rate=np.exp(logs))
