"""Switchings cost a life by the current they break."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.health.wear_counters import ElectricalLife, Wear, days_left, wear_of

LIFE = ElectricalLife(current_a=(10.0, 100.0), n_switchings=(1000.0, 10.0))


def test_points_of_the_data_sheet_are_met_and_between_them_it_is_straight_in_logarithms() -> None:
    assert LIFE.share_used(np.array([10.0, 100.0, -100.0])) == pytest.approx([1e-3, 0.1, 0.1])
    assert LIFE.share_used(np.array([10.0**1.5])) == pytest.approx([1e-2])
    assert LIFE.share_used(np.array([0.0])) == pytest.approx([1e-3])
    assert LIFE.share_used(np.array([200.0])) == pytest.approx([0.4])
    assert np.isnan(LIFE.share_used(np.array([np.nan]))).all()


def test_wear_adds_up_until_the_day() -> None:
    used, day = np.array([0.1, 0.1, 0.2]), np.array([1.0, 20.0, 40.0])
    wear = wear_of(used, day, 30.0, 20.0, before=0.3)
    assert (wear.share, wear.n_switchings) == (pytest.approx(0.5), 2)
    assert wear.per_day == pytest.approx(0.1 / 20.0)
    assert wear.per_day_error == pytest.approx(0.1 / 20.0)


def test_days_left_widen_with_few_large_switchings() -> None:
    early, middle, late = days_left(Wear(share=0.5, per_day=0.01, per_day_error=0.02, n_switchings=3))
    assert early < middle == 50.0
    assert late == np.inf
    assert days_left(Wear(share=0.5, per_day=0.0, per_day_error=0.0, n_switchings=0)) is None


@pytest.mark.parametrize(
    ("current_a", "n_switchings", "error"),
    [
        ((10.0,), (1.0, 2.0), UsageError),
        ((), (), UsageError),
        ((10.0, 5.0), (10.0, 1.0), UsageError),
        ((5.0, 10.0), (1.0, 10.0), UsageError),
        ((0.0, 10.0), (10.0, 1.0), InvalidQuantityError),
    ],
)
def test_a_curve_that_is_none_is_refused(current_a, n_switchings, error) -> None:
    with pytest.raises(error):
        ElectricalLife(current_a=current_a, n_switchings=n_switchings)
