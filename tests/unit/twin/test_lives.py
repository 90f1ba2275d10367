"""Lives as rows: shapes that agree, parts that join."""

from dataclasses import fields, replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.twin.lives import Lives, joined


def some_lives(n_lives, n_years=3, law=("one", "two")):
    ends = np.linspace(1.0, 0.9, n_years + 1) - 0.01 * np.arange(n_lives)[:, None]
    flows = np.arange(1.0, n_years + 1) + np.arange(n_lives)[:, None]
    return Lives(
        year=np.arange(n_years + 1.0), law=law, law_of_life=np.arange(n_lives) % len(law), soh_capacity=ends,
        soh_resistance=2.0 - ends, soh_energy=ends, discharged_mwh=flows, charged_mwh=1.1 * flows, full_cycles=flows,
        loss_by_cause=np.zeros((n_lives, n_years + 1, 2)),
    )  # fmt: skip


def test_parts_join_in_order() -> None:
    whole = replace(some_lives(5), stage_share=np.arange(30.0).reshape(5, 3, 2))
    assert joined([some_lives(2), some_lives(3)]).stage_share is None
    rows = [each.name for each in fields(Lives) if each.name not in ("year", "law")]
    parts = [
        replace(whole, **{name: getattr(whole, name)[cut] for name in rows}) for cut in (slice(0, 2), slice(2, None))
    ]
    found = joined(parts)
    assert found.n_lives == 5
    for name in rows:
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))


def test_shapes_that_disagree_are_refused() -> None:
    with pytest.raises(DataError, match=r"full_cycles has shape \(5, 2\); 5 lives of 3 years need \(5, 3\)"):
        replace(some_lives(5), full_cycles=np.ones((5, 2)))


def test_other_years_or_models_do_not_join() -> None:
    with pytest.raises(DataError, match="do not join"):
        joined([some_lives(2), some_lives(2, n_years=4)])
    with pytest.raises(DataError, match="do not join"):
        joined([some_lives(2), some_lives(2, law=("one",))])
    with pytest.raises(DataError, match="at least one"):
        joined([])


def test_lives_at_places_come_in_their_order_as_often_as_named() -> None:
    lives = replace(some_lives(5), stage_share=np.arange(30.0).reshape(5, 3, 2))
    found = lives.at(np.array([4, 0, 4]))
    assert found.n_lives == 3
    np.testing.assert_array_equal(found.soh_energy, lives.soh_energy[[4, 0, 4]])
    np.testing.assert_array_equal(found.stage_share, lives.stage_share[[4, 0, 4]])
    assert some_lives(5).at(np.array([1])).stage_share is None
