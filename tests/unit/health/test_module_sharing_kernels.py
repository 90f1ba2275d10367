"""Filling to a level against a general solver and the conditions of an optimum; which modules sleep."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from battuta.health import module_sharing_kernels as kernels

RNG = np.random.default_rng(24)


def fill_plainly(total, ease, low, high):
    """The twin: one root of a rising line."""
    if total <= low.sum():
        return low
    if total >= high.sum():
        return high
    top = (high / ease).max() + 1.0
    level = brentq(lambda each: np.clip(each * ease, low, high).sum() - total, 0.0, top, xtol=1e-14, rtol=1e-14)
    return np.clip(level * ease, low, high)


def case(n):
    low = np.where(RNG.random(n) < 0.3, 0.0, RNG.uniform(0.0, 5.0, n))
    return RNG.uniform(0.1, 3.0, n), low, low + RNG.uniform(0.0, 20.0, n)


def table_of(n, limit_kw=100.0, weight=None):
    table = np.full((kernels.N_MODULE_FIELDS, n), 100.0)
    table[kernels.DISCHARGE_KW_MAX] = table[kernels.CHARGE_KW_MAX] = limit_kw
    table[kernels.WEIGHT] = 1.0 if weight is None else weight
    table[kernels.NO_LOAD_PU], table[kernels.QUADRATIC_PU] = 0.005, 0.02
    return table


def shared(power_kw, table, *, band=0.3, loss=0.0, awake=None):
    out = np.empty(table.shape[1])
    awake = np.ones(table.shape[1], dtype=np.bool_) if awake is None else awake
    return out, kernels.share(power_kw, table, band, loss, awake, out)


@pytest.mark.parametrize("n", [1, 2, 5, 24, 240])
def test_filling_is_what_its_twin_does(n) -> None:
    for _ in range(40):
        ease, low, high = case(n)
        total = RNG.uniform(-0.1, 1.1) * high.sum()
        out = np.empty(n)
        kernels.fill(total, ease, low, high, out)
        np.testing.assert_allclose(out, fill_plainly(total, ease, low, high), atol=1e-8)
        assert out.sum() == pytest.approx(min(max(total, low.sum()), high.sum()), rel=1e-12, abs=1e-12)


def test_filling_meets_the_conditions_of_an_optimum() -> None:
    for _ in range(100):
        ease, low, high = case(24)
        out = np.empty(24)
        level = kernels.fill(RNG.uniform(low.sum(), high.sum()), ease, low, high, out)
        slope = out / ease - level
        inside = (out > low + 1e-9) & (out < high - 1e-9)
        np.testing.assert_allclose(slope[inside], 0.0, atol=1e-9)
        assert (slope[(out <= low + 1e-9) & ~inside & (high > low)] >= -1e-9).all() or inside.all()
        assert (slope[(out >= high - 1e-9) & ~inside & (high > low)] <= 1e-9).all() or inside.all()


def test_filling_is_what_a_general_solver_finds() -> None:
    ease, low, high = case(6)
    total, out = 0.6 * high.sum() + 0.4 * low.sum(), np.empty(6)
    kernels.fill(total, ease, low, high, out)
    found = minimize(
        lambda p: (p * p / (2.0 * ease)).sum(),
        low + (total - low.sum()) * (high - low) / (high - low).sum(),
        jac=lambda p: p / ease,
        bounds=list(zip(low, high, strict=True)),
        constraints={"type": "eq", "fun": lambda p: p.sum() - total, "jac": np.ones_like},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    np.testing.assert_allclose(out, found.x, atol=1e-4)


def test_equal_modules_share_evenly_both_ways() -> None:
    for power_kw in (120.0, -120.0):
        out, notes = shared(power_kw, table_of(4))
        np.testing.assert_allclose(out, power_kw / 4.0)
        assert notes == 0


def test_the_band_holds_however_far_weights_are_apart() -> None:
    out, notes = shared(200.0, table_of(4, weight=[0.01, 1.0, 1.0, 50.0]))
    assert out.min() >= 35.0 - 1e-9
    assert out.max() <= 65.0 + 1e-9
    assert out.sum() == pytest.approx(200.0, rel=1e-14)
    assert notes == 0


def test_loss_draws_shares_together() -> None:
    table = table_of(2, weight=[1.0, 1.2])
    by_wear, by_loss = shared(100.0, table)[0], shared(100.0, table, loss=1.0)[0]
    assert by_wear[1] / by_wear[0] == pytest.approx(1.2)
    assert by_loss[1] / by_loss[0] == pytest.approx(1.0)


def test_limits_stand_above_the_setpoint_and_the_setpoint_above_the_band() -> None:
    out, notes = shared(200.0, table_of(4, limit_kw=[10.0, 100.0, 100.0, 100.0]))
    np.testing.assert_allclose(out, [10.0, 190.0 / 3.0, 190.0 / 3.0, 190.0 / 3.0])
    assert notes == 0
    out, notes = shared(290.0, table_of(4, limit_kw=[10.0, 100.0, 100.0, 100.0]))
    np.testing.assert_allclose(out[1:], 280.0 / 3.0)
    assert notes == 0
    out, notes = shared(305.0, table_of(4, limit_kw=[10.0, 100.0, 95.0, 100.0]))
    np.testing.assert_allclose(out, [10.0, 100.0, 95.0, 100.0])
    assert notes == kernels.BAND_GAVE_WAY
    out, notes = shared(390.0, table_of(4, limit_kw=[10.0, 100.0, 100.0, 100.0]))
    assert out.sum() == pytest.approx(310.0)
    assert notes & kernels.SHORT


def test_the_band_gives_way_where_the_others_may_not() -> None:
    out, notes = shared(120.0, table_of(3, limit_kw=[5.0, 5.0, 100.0]))
    np.testing.assert_allclose(out, [5.0, 5.0, 100.0])
    assert notes == kernels.BAND_GAVE_WAY | kernels.SHORT
    out, notes = shared(90.0, table_of(3, limit_kw=[5.0, 5.0, 100.0]))
    np.testing.assert_allclose(out, [5.0, 5.0, 80.0])
    assert notes == kernels.BAND_GAVE_WAY


@pytest.mark.parametrize("missing", [float("nan"), 0.0, -1.0, float("inf")])
def test_without_a_weight_all_share_in_proportion(missing) -> None:
    table = table_of(3, weight=[1.0, missing, 2.0])
    table[kernels.RATED_KW] = [50.0, 100.0, 100.0]
    out, notes = shared(100.0, table, loss=0.5)
    np.testing.assert_allclose(out, [20.0, 40.0, 40.0])
    assert notes == kernels.WEIGHT_UNKNOWN


@pytest.mark.parametrize("missing", [float("nan"), -1.0])
def test_a_module_without_a_limit_rests(missing) -> None:
    out, notes = shared(-100.0, table_of(3, limit_kw=[100.0, missing, 100.0]))
    np.testing.assert_allclose(out, [-50.0, 0.0, -50.0])
    assert notes == kernels.LIMIT_UNKNOWN


def test_limits_out_and_in_are_two() -> None:
    table = table_of(2)
    table[kernels.DISCHARGE_KW_MAX, 0], table[kernels.CHARGE_KW_MAX, 1] = 10.0, 20.0
    np.testing.assert_allclose(shared(60.0, table)[0], [10.0, 50.0])
    np.testing.assert_allclose(shared(-60.0, table)[0], [-40.0, -20.0])


def test_nothing_moves_without_a_setpoint_and_nobody_can_is_said() -> None:
    for power_kw in (float("nan"), float("inf")):
        out, notes = shared(power_kw, table_of(3))
        assert not out.any()
        assert notes == kernels.NO_SETPOINT
    out, notes = shared(10.0, table_of(3, limit_kw=0.0))
    assert not out.any()
    assert notes == kernels.SHORT


def loss_kw(power_kw, table):
    """Loss of all converters, plainly."""
    pu = power_kw / table[kernels.RATED_KW]
    own = table[kernels.NO_LOAD_PU] + table[kernels.QUADRATIC_PU] * pu * pu
    return (np.where(pu != 0.0, own, 0.0) * table[kernels.RATED_KW]).sum()


@pytest.mark.parametrize(("asked_kw", "n_awake"), [(0.0, 0), (30.0, 1), (100.0, 2), (200.0, 4), (390.0, 8), (790.0, 8)])
def test_as_many_modules_work_as_lose_least(asked_kw, n_awake) -> None:
    table, awake = table_of(8), np.ones(8, dtype=np.bool_)
    kernels.choose_awake(asked_kw, table, np.zeros(8), 0.25, awake)
    assert awake.sum() == n_awake
    tried = {
        m: loss_kw(np.where(np.arange(8) < m, asked_kw / m, 0.0), table) for m in range(1, 9) if asked_kw <= 100.0 * m
    }
    if asked_kw > 0.0:
        assert min(tried, key=tried.get) == n_awake


def test_those_owed_most_work_and_small_debts_change_nothing() -> None:
    table, awake = table_of(4), np.array([True, True, False, False])
    kernels.choose_awake(100.0, table, np.array([0.0, 0.0, 20.0, 0.0]), 0.25, awake)
    assert awake.tolist() == [True, True, False, False]
    kernels.choose_awake(100.0, table, np.array([-10.0, 0.0, 20.0, 0.0]), 0.25, awake)
    assert awake.tolist() == [False, True, True, False]


def test_who_may_not_give_never_works_and_enough_do() -> None:
    table, awake = table_of(4, limit_kw=[0.0, 20.0, 20.0, 100.0]), np.array([True, True, False, False])
    kernels.choose_awake(60.0, table, np.array([50.0, 0.0, 0.0, 0.0]), 0.25, awake)
    assert not awake[0]
    assert table[kernels.DISCHARGE_KW_MAX][awake].sum() >= 60.0
    kernels.choose_awake(float("nan"), table, np.zeros(4), 0.25, awake)
    assert awake.any()
