"""Each law, as published, against the calendar data of Naumann et al.: 14 conditions of 35 check-ups to 885 days."""

import numpy as np
import pandas as pd
import pytest

from battuta.physics.ageing.ageing_law import ageing_law, term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses


def resting(law, soc, temperature_c, n_days):
    """Capacity lost and resistance gained after each day at rest, shape (n_days + 1, 2). [%]"""
    duty = duty_days(np.full(24, soc), np.full(24, temperature_c), np.zeros(24), 3600.0)
    day, arrays, state = law.stresses(duty)[0], term_arrays(law), np.zeros(len(law.terms))
    held = [(0.0, 0.0)]
    for _ in range(n_days):
        advance_day(state, day, np.ones(state.size), *arrays)
        held.append(losses(state, arrays.kinds, arrays.quantities, arrays.powers))
    return 100.0 * np.array(held)


@pytest.mark.parametrize(
    ("name", "capacity_points", "resistance_points"),
    [("naumann_lfp", 1.431, 3.235), ("sony_lfp_3ah", 0.546, 3.235), ("lfp_250ah", 3.088, None)],
)
def test_error_without_refit(data_dir, name, capacity_points, resistance_points):
    table = pd.read_csv(data_dir / "twin" / "naumann_lfp_calendar_14_conditions.csv")
    law, gaps = ageing_law(name), []
    for _, own in table.groupby("condition_id"):
        found = resting(law, own["storage_soc_fraction"].iloc[0], float(own["temperature_c"].iloc[0]), 886)
        days = np.arange(found.shape[0])
        gaps.append(
            [
                np.interp(own["elapsed_days"], days, found[:, 0]) - own["capacity_loss_pct"],
                np.interp(own["elapsed_days"], days, found[:, 1]) - own["resistance_growth_pct"],
            ]
        )
    capacity, resistance = np.sqrt(np.nanmean(np.square(np.concatenate(gaps, axis=1)), axis=1))
    assert capacity == pytest.approx(capacity_points, abs=2e-3)
    if resistance_points is not None:
        assert resistance == pytest.approx(resistance_points, abs=5e-3)
