"""The share of the planned power that full cooling can stand, against the same in plain NumPy."""

import numpy as np

from battuta.site.cooling_foresight_power_kernels import power_shares

THETA = np.array([6.0, 1.0, 0.9, 0.01])
COVARIANCE = np.diag((0.1 * THETA) ** 2)


def shares(cell_c, obeyed, limit_c=42.0, power=1.0):
    one, share = np.ones(1), np.empty(1)
    power_shares(
        THETA[None], COVARIANCE[None], 7.0 * one, 0.2 * one, 2.0, power * np.ones((4, 1)), 45.0 * np.ones((4, 1)),
        cell_c * one, 40.0 * one, 14.0, np.array([obeyed]), 0.5 * one, 0.5, limit_c * one, 0.5, 0.5, share,
    )  # fmt: skip
    return float(share[0])


def test_power_is_narrowed_only_where_full_cooling_does_not_do() -> None:
    assert shares(30.0, obeyed=True) == 1.0
    assert 0.0 < shares(41.0, obeyed=False) < 0.5
    assert shares(41.0, obeyed=False) < shares(38.0, obeyed=False) < shares(38.0, obeyed=True)


def plain_hottest(share, cell_c, coolant_c):
    hottest = -np.inf
    for step in range(4):
        rate = min(THETA[2] * max(cell_c - coolant_c, 0.0), 7.0)
        coolant = cell_c - rate / THETA[2]
        x = np.array([share**2 * np.exp(-0.01 * (cell_c - 30.0)), share, coolant - cell_c, 45.0 - cell_c])
        spread = 0.2 * (cell_c - coolant)
        cell_c += 0.5 * (THETA @ x + 2.0 * np.sqrt(x @ COVARIANCE @ x))
        hottest = max(hottest, cell_c + spread + 2.0 * 0.5 * min(0.5 * (step + 1), 0.5))
    return hottest


def test_the_share_meets_the_limit_and_no_less() -> None:
    share = shares(38.0, obeyed=False)
    assert plain_hottest(share, 38.0, 40.0) <= 42.0 < plain_hottest(share + 0.01, 38.0, 40.0)
