"""The loops of sigmoid steps against their plain twins."""

import numpy as np
import pytest

from battuta.physics.ageing.life_kernels import sigmoid_loss
from battuta.twin.sigmoid_gain_kernels import go_through, loss_place


def test_steps_are_their_days_one_after_the_other():
    rng = np.random.default_rng(3)
    curve = np.stack(
        [rng.uniform(0.1, 0.3, (2, 9)), rng.uniform(0.0, 0.1, (2, 9)), rng.uniform(0.4, 0.6, (2, 9))], axis=2
    )
    first, n_days, gain = np.array([0, 4]), np.array([4.0, 5.0]), np.full((2, 2, 6), np.nan)
    go_through(curve, first, n_days, 0.09, 0.5, gain)
    for node in range(2):
        for step in range(2):
            for k in range(6):
                z = 0.09 * (k / 5) ** 2
                loss = z**0.5
                for day in range(first[step], first[step] + int(n_days[step])):
                    loss = sigmoid_loss(loss, *curve[node, day])
                assert gain[node, step, k] == pytest.approx(loss**2 - z, abs=1e-15)


@pytest.mark.parametrize(
    ("z", "expected"), [(0.0, (0, 0.0)), (1.0, (1, 0.0)), (2.5, (1, 0.5)), (16.0, (3, 1.0)), (20.0, (3, 1.0))]
)
def test_losses_stand_at_squares(z, expected):
    first, share = loss_place(z, 16.0, 5)
    assert (first, share) == (expected[0], pytest.approx(expected[1]))
