"""Lives of one model alone stand under the prices of all lives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from battuta.twin.one_law import of_one_law

from .study_model_case import N_LIVES, lived


def test_every_life_gets_the_battery_of_one_model_in_turn() -> None:
    found = of_one_law(lived(1.0), 1)
    assert found is not None
    assert found.lives.law_of_life.tolist() == [1] * N_LIVES
    np.testing.assert_allclose(found.lives.soh_capacity[:, 1], 0.96)
    np.testing.assert_allclose(found.served_share[:, 1], 0.96)
    assert of_one_law(lived(1.0), 2) is None


def test_what_is_sold_goes_with_its_life() -> None:
    every = lived(1.0)
    sold = np.arange(every.served_share.size, dtype=np.float64).reshape(every.served_share.shape)
    found = of_one_law(replace(every, sold_kw=sold), 1)
    own = np.flatnonzero(every.lives.law_of_life == 1)
    assert found is not None
    assert found.sold_kw is not None
    assert np.array_equal(found.sold_kw, sold[np.resize(own, N_LIVES)])
