"""Probes ask a model for one cycle and for one day of rest, and say where it was never tested."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.naumann import naumann
from battuta.twin.wear_price_probes import cycle_stresses, inside_box, outside_of, rest_stresses


def test_one_cycle_is_what_the_model_itself_says_of_it():
    law, model = ageing_law("naumann_lfp"), naumann()
    found = cycle_stresses(law, np.array([0.25, 1.0]), np.array([0.0, 0.1, 0.8, 1.0]), 25.0)
    for at, rate in enumerate((0.25, 1.0)):
        for place, depth in enumerate((0.1, 0.8, 1.0), start=1):
            lost = model.cycle_capacity_share(depth=depth, c_rate=rate, full_cycles=depth)
            assert found[at, place, 1] == pytest.approx(lost**2, rel=1e-9)
    assert not found[:, 0].any()


def test_rest_is_what_the_model_itself_says_of_a_day():
    law, model = ageing_law("naumann_lfp"), naumann()
    found = rest_stresses(law, np.array([10.0, 40.0]), np.array([0.1, 0.9]))
    for at, warm_c in enumerate((10.0, 40.0)):
        for place, soc in enumerate((0.1, 0.9)):
            lost = model.calendar_capacity_share(soc=soc, temperature_c=warm_c, duration_s=86400.0)
            assert found[at, place, 0] == pytest.approx(lost**2, rel=1e-9)
    assert not found[:, :, 1].any()


def test_a_cycle_of_more_than_a_day_is_refused():
    with pytest.raises(UsageError, match="takes more than a day"):
        cycle_stresses(ageing_law("naumann_lfp"), np.array([0.05]), np.array([1.0]), 25.0)


def test_most_of_a_duty_outside_is_said_and_slowness_is_not_held_against_it():
    soc = 0.5 + 0.05 * np.sin(2 * np.pi * np.arange(1, 1441) / 1440)
    rate = -np.diff(np.concatenate(([0.5], soc))) * 60.0
    cold = duty_days(soc, np.full(1440, -10.0), rate, 60.0)
    mild = duty_days(soc, np.full(1440, 25.0), rate, 60.0)
    naumann_lfp, sony = ageing_law("naumann_lfp"), ageing_law("sony_lfp_3ah")
    assert outside_of(naumann_lfp, cold) == ("100 % of the time outside temperature_c in [0, 60] degC",)
    assert outside_of(naumann_lfp, mild) == ()
    assert outside_of(sony, mild) == ("100 % of the throughput outside depth in [0.8, 1]",)
    assert inside_box(sony, "temperature_c", np.array([10.0, 20.0, 45.0])).tolist() == [0.0, 1.0, 0.0]
    assert inside_box(sony, "nothing", np.array([1.0])).tolist() == [1.0]
