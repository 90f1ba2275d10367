"""How full a border was: idle, half, full, shut, unknown, and what is refused."""

import numpy as np
import pytest

from battuta.domain.congestion import import_share
from battuta.domain.errors import DataError, InvalidQuantityError


def test_a_share_is_what_was_scheduled_of_what_was_offered():
    share = import_share(np.array([0.0, 300.0, 1200.0, 1260.0]), np.full(4, 1200.0))
    np.testing.assert_allclose(share, [0.0, 0.25, 1.0, 1.05])


def test_a_border_that_carries_nothing_is_full_and_what_is_unknown_stays_unknown():
    scheduled = np.array([0.0, np.nan, np.nan, 5.0])
    share = import_share(scheduled, np.array([0.0, 0.0, 100.0, np.nan]))
    assert share[0] == 1.0
    assert np.isnan(share[1:]).all()


def test_negative_power_is_refused_with_its_place():
    with pytest.raises(InvalidQuantityError, match=r"interval 1: scheduled_import_mw = -5 MW"):
        import_share(np.array([1.0, -5.0]), np.array([10.0, 10.0]))
    with pytest.raises(InvalidQuantityError, match=r"interval 0: import_capacity_mw = -1 MW"):
        import_share(np.array([1.0]), np.array([-1.0]))


def test_shapes_must_agree():
    with pytest.raises(DataError, match=r"shape \(2,\), import_capacity_mw \(3,\)"):
        import_share(np.zeros(2), np.ones(3))
