"""A site charges at noon and discharges in the evening, opens at night, and is worked on."""

import numpy as np

from battuta.world.foreign.site_duty import CURRENT_A_MAX, site_duty


def test_it_charges_at_noon_and_discharges_in_the_evening() -> None:
    current = site_duty(1, 100, 24, 3).string_current_a.reshape(100, 24, 3)
    assert current[:, 12].mean() < -30.0
    assert current[:, 19].mean() > 30.0
    assert np.abs(current).max() < 1.2 * CURRENT_A_MAX


def test_nothing_flows_where_it_is_open_and_work_opens_it() -> None:
    duty = site_duty(2, 365, 24, 2)
    assert not duty.string_current_a[duty.is_open].any()
    assert np.all(duty.is_open[duty.worked_on])
    assert 0.005 < duty.is_open.mean() < 0.2
