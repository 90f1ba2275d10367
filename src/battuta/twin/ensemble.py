"""Which ageing model each life follows, and how fast it ages: the spread of models and cells that a lender asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
    [249, 251, 500]
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
    exponent_deviation: Mapping[str, FloatArray] = MappingProxyType({}),
    draw_of_term: Mapping[str, IntArray] = MappingProxyType({}),
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
    exponent_deviation : Mapping of str to ndarray, shape (n_terms,)
        Standard deviation of each term's exponent, by name of the model; none of those left out. [-]
    draw_of_term : Mapping of str to ndarray of int, shape (n_terms,)
        Number of the draw that each term's rate follows, by name of the model; each its own where left out.
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
    own = np.take_along_axis(normal[:, 1:], _draws(laws, draw_of_term)[law_of_life], axis=1)
    logs = cell_deviation_share * normal[:, :1] + _by_law(laws, term_deviation_share)[law_of_life] * own
    bends = standard_normal_blocks(seed, "twin.ageing.exponent", first_life, n_lives, n_terms)
    shift = _by_law(laws, exponent_deviation)[law_of_life] * bends
    return LifeDraws(law_of_life=law_of_life, rate=np.exp(logs), exponent_shift=shift if shift.any() else None)


def _by_law(laws: Sequence[AgeingLaw], deviations: Mapping[str, FloatArray]) -> FloatArray:
    """Deviations of all models as one array, 0 where there is none, shape (n_laws, n_terms_most)."""
    found = np.zeros((len(laws), max(len(each.terms) for each in laws)))
    for number, law in enumerate(laws):
        found[number, : len(law.terms)] = deviations.get(law.name, 0.0)
    return found


def _draws(laws: Sequence[AgeingLaw], draw_of_term: Mapping[str, IntArray]) -> IntArray:
    """Draw of each term of each model, shape (n_laws, n_terms_most)."""
    n_terms = max(len(each.terms) for each in laws)
    found = np.tile(np.arange(n_terms), (len(laws), 1))
    for number, law in enumerate(laws):
        if law.name in draw_of_term:
            found[number, : len(law.terms)] = draw_of_term[law.name]
    return found
