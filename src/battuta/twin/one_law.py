"""Lives of one ageing model alone, under the prices of all lives: what differs is then the model, not who drew what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.twin.study_sensitivity_cases import Lived

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from battuta.numerics.arrays import IntArray


def of_one_law(lived: Lived, law: int) -> Lived | None:
    """Give every life the battery of a life that follows one model, in turn.

    Parameters
    ----------
    lived : Lived
        Lives of all models.
    law : int
        Number of the model.

    Returns
    -------
    Lived or None
        As many lives, all of that model; None where no life follows it.
    """
    own = np.flatnonzero(lived.lives.law_of_life == law)
    if own.size == 0:
        return None
    return at_lives(lived, np.resize(own, lived.lives.n_lives).astype(np.int64))


def of_one_law_by_groups(lived: Lived, law: int, groups: Sequence[IntArray]) -> Lived | None:
    """Give every life of a group the battery of one of the same group that follows a model, so that groups stay apart.

    Parameters
    ----------
    lived : Lived
        Lives of all models.
    law : int
        Number of the model.
    groups : sequence of ndarray of int
        Numbers of the lives of each group; all lives in their order.

    Returns
    -------
    Lived or None
        As many lives, all of that model; None where a group has none that follows it.
    """
    own = [each[lived.lives.law_of_life[each] == law] for each in groups]
    if any(each.size == 0 for each in own):
        return None
    rows = [np.resize(each, group.size) for each, group in zip(own, groups, strict=True)]
    return at_lives(lived, np.concatenate(rows).astype(np.int64))


def at_lives(lived: Lived, rows: IntArray) -> Lived:
    """Lives at places, in their order, as often as they are named."""
    augmented = lived.augmented
    return Lived(
        lives=lived.lives.at(rows),
        served_share=lived.served_share[rows],
        sold_kw=None if lived.sold_kw is None else lived.sold_kw[rows],
        augmented=None if augmented is None else replace(augmented, cost=augmented.cost[rows]),
    )


def always(lived: Lived) -> Callable[[float], Lived]:
    """Lives for a strategy's model that are the same at any speed of ageing."""

    def of_any_speed(_ageing_factor: float) -> Lived:
        return lived

    return of_any_speed
