"""A walk is the same as one step after the other, to the byte, and refuses what a step refuses."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.container import resting, step_container
from battuta.physics.container_parameters import container_parameters
from battuta.physics.container_walk import walk_container

PARAMETERS = container_parameters("lfp_314ah").coarse(8, 2)
FIELDS = (
    "power_kw", "auxiliary_power_kw", "heat_kw", "hysteresis_kw", "leak_kw", "reversible_kw",
    "cell_temperature_c_low", "cell_temperature_c_high",
)  # fmt: skip


def test_an_hour_at_a_steady_power() -> None:
    state = resting(PARAMETERS, soc=0.9)
    walk = walk_container(state, np.full((60, 1), 1000.0), np.full((60, 1), 20.0), 60.0)
    np.testing.assert_allclose(walk.power_kw, 1000.0, rtol=1e-4)
    assert walk.soc[-1, 0] == pytest.approx(state.cells.soc.mean(), rel=1e-14)
    assert 0.6 < walk.soc[-1, 0] < walk.soc[0, 0] < 0.9


@pytest.mark.parametrize("with_ripple", [False, True])
def test_a_walk_is_its_steps_to_the_byte(with_ripple: bool) -> None:
    rng = np.random.default_rng(7)
    power_kw, ambient_c = rng.uniform(-2500.0, 2500.0, (40, 3)), rng.uniform(-10.0, 40.0, (40, 3))
    ripple = {
        "power_rms_kw": 1.1 * np.abs(power_kw) + 5.0,
        "power_magnitude_kw": 1.05 * np.abs(power_kw) + 1.0,
    }
    ripple = ripple if with_ripple else {}
    walked, stepped = resting(PARAMETERS, n_sites=3), resting(PARAMETERS, n_sites=3)
    walked.cells.leak_a[5] = stepped.cells.leak_a[5] = 0.5
    walk = walk_container(walked, power_kw, ambient_c, 300.0, **ripple)
    for t in range(40):
        step_container(stepped, power_kw[t], ambient_c[t], 300.0, **{key: each[t] for key, each in ripple.items()})
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(walk, field)[t], getattr(stepped.sites, field), field)
        np.testing.assert_allclose(walk.soc[t], stepped.mean_soc(), rtol=1e-14)
    for ours, theirs in (
        (walked.cells, stepped.cells),
        (walked.sites, stepped.sites),
        (walked.strings, stepped.strings),
    ):
        for name in set(ours._fields) - {"scratch"}:
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), name)


def test_a_part_of_the_containers() -> None:
    state = resting(PARAMETERS, n_sites=3)
    walk = walk_container(state, np.full((2, 3), 500.0), np.full((2, 3), 20.0), 60.0, sites=(1, 2))
    assert np.isfinite(walk.power_kw[:, 1]).all()
    assert np.isnan(walk.power_kw[:, [0, 2]]).all()
    np.testing.assert_array_equal(state.mean_soc() < 0.5, [False, True, False])


def test_what_is_missing_is_named() -> None:
    state = resting(PARAMETERS, n_sites=2)
    power_kw, ambient_c = np.zeros((3, 2)), np.zeros((3, 2))
    with pytest.raises(DataError, match=r"ambient_c has shape \(3,\); one value for each of 2 .* in each of 3 steps"):
        walk_container(state, power_kw, np.zeros(3), 1.0)
    power_kw[2, 1] = np.nan
    with pytest.raises(DataError, match="power_kw of container 1 in step 2 is nan"):
        walk_container(state, power_kw, ambient_c, 1.0)
    with pytest.raises(InvalidQuantityError, match="duration_s"):
        walk_container(state, ambient_c, ambient_c, 0.0)
