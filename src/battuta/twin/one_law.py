"""Lives of one ageing model alone, under the prices of all lives: what differs is then the model, not who drew what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.twin.study_sensitivity_cases import Lived

if TYPE_CHECKING:
    from collections.abc import Callable


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
    rows = np.resize(own, lived.lives.n_lives).astype(np.int64)
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
