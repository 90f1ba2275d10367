"""The last clamp: its numbers are those of the enums, and a plain twin writes the same setpoints."""

import numpy as np
import pytest

from battuta.domain.command import Reason
from battuta.site import guard_kernels as kernels
from battuta.site.limits import Limit


@pytest.mark.parametrize("name", ["STALE_DISPATCH", "FAST_LANE", "BATTERY_LIMIT", "FREQUENCY_LOST", "RAMP"])
def test_reasons_are_those_of_the_domain(name) -> None:
    assert getattr(kernels, name) == Reason[name]


def test_rows_are_those_of_the_limits() -> None:
    ours = kernels.POWER, kernels.MODE_RAMP, kernels.SAFE_RAMP, kernels.MANDATE_CHARGE, kernels.MANDATE_DISCHARGE
    theirs = (
        Limit.POWER_KW,
        Limit.MODE_RAMP_KW_PER_S,
        Limit.SAFE_RAMP_KW_PER_S,
        Limit.MANDATE_CHARGE_KW_MAX,
        Limit.MANDATE_DISCHARGE_KW_MAX,
    )
    assert ours == theirs


def test_bounds_have_the_order_of_arbitration() -> None:
    from battuta.site import arbitration_kernels as arbitration

    for name in ("GUARD_LOW", "GUARD_HIGH", "ARMED_UP", "ARMED_DOWN"):
        assert getattr(kernels, name) == getattr(arbitration, name)


def twin(
    base_kw,
    bounds_kw,
    response_pu,
    frequency_hz,
    limits,
    safe_kw,
    stopped,
    silence_s,
    limit_s,
    tick_s,
    before_kw,
    returning,
):
    """All sites at once, tick after tick, in NumPy."""
    power_kw = limits[Limit.POWER_KW]
    low_allowed_kw = np.maximum(-power_kw, -limits[Limit.MANDATE_CHARGE_KW_MAX])
    high_allowed_kw = np.minimum(power_kw, limits[Limit.MANDATE_DISCHARGE_KW_MAX])
    low_kw, high_kw = np.maximum(low_allowed_kw, bounds_kw[0]), np.minimum(high_allowed_kw, bounds_kw[1])
    largest_kw = limits[Limit.SAFE_RAMP_KW_PER_S] * tick_s
    back_kw = limits[Limit.MODE_RAMP_KW_PER_S] * tick_s
    written, reason = [], np.zeros(base_kw.shape[0], dtype=np.int64)
    for t in range(response_pu.shape[1]):
        share = response_pu[:, t]
        wish_kw = base_kw + share * np.where(share > 0.0, bounds_kw[2], bounds_kw[3])
        kw = np.clip(wish_kw, low_kw, high_kw)
        why = np.where(kw != wish_kw, int(Reason.BATTERY_LIMIT), 0)
        near_kw = np.clip(before_kw + np.clip(kw - before_kw, -back_kw, back_kw), low_kw, high_kw)
        is_away = returning & (near_kw != kw)
        kw, why = np.where(returning, near_kw, kw), why | np.where(is_away, int(Reason.RAMP), 0)
        is_silent = abs(silence_s + t * tick_s) > limit_s
        returning = is_away | stopped | is_silent
        if is_silent:
            ramped_kw = before_kw + np.clip(safe_kw - before_kw, -largest_kw, largest_kw)
            kw, why = np.clip(ramped_kw, low_allowed_kw, high_allowed_kw), np.full_like(why, int(Reason.STALE_DISPATCH))
        kw, why = np.where(stopped, 0.0, kw), np.where(stopped, int(Reason.FAST_LANE), why)
        reason |= why | np.where(np.isnan(frequency_hz[:, t]), int(Reason.FREQUENCY_LOST), 0)
        written.append(kw)
        before_kw = kw
    return np.array(written).T, reason, returning


def some_sites(random, n_sites, n_ticks):
    limits = np.zeros((len(Limit), n_sites))
    limits[Limit.POWER_KW] = 100.0
    limits[Limit.MODE_RAMP_KW_PER_S] = random.choice([np.inf, 5.0, 50.0], n_sites)
    limits[Limit.SAFE_RAMP_KW_PER_S] = random.uniform(1.0, 100.0, n_sites)
    for limit in (Limit.MANDATE_CHARGE_KW_MAX, Limit.MANDATE_DISCHARGE_KW_MAX):
        limits[limit] = random.choice([0.0, 40.0, 100.0, 500.0], n_sites)
    ends_kw = np.sort(random.uniform(-120.0, 120.0, (2, n_sites)), axis=0)
    bounds_kw = np.array(
        [np.minimum(ends_kw[0], 0.0), np.maximum(ends_kw[1], 0.0), *random.uniform(0, 60, (2, n_sites))]
    )
    base_kw = random.uniform(-110.0, 110.0, n_sites)
    response_pu = random.uniform(-1.0, 1.0, (n_sites, n_ticks))
    frequency_hz = np.where(random.random((n_sites, n_ticks)) < 0.02, np.nan, 50.0)
    safe_kw = random.uniform(-150.0, 150.0, n_sites)
    stopped = random.random(n_sites) < 0.2
    return base_kw, bounds_kw, response_pu, frequency_hz, limits, safe_kw, stopped


@pytest.mark.parametrize("silence_s", [0.0, 9.5, 60.0, -3600.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_kernel_writes_as_its_plain_twin(seed, silence_s) -> None:
    random, n_sites, n_ticks = np.random.default_rng(seed), 50, 20
    inputs = some_sites(random, n_sites, n_ticks)
    before_kw = random.uniform(-40.0, 40.0, n_sites)
    returning = random.random(n_sites) < 0.3
    expected_kw, expected_reason, still = twin(*inputs, silence_s, 10.0, 0.05, before_kw.copy(), returning.copy())
    counts, reason = np.empty((n_sites, n_ticks), dtype=np.int32), np.empty(n_sites, dtype=np.int64)
    step_kw = 1e-6  # fine enough to see a difference of the powers themselves
    kernels.guard_ticks(*inputs, silence_s, 10.0, 0.05, step_kw, before_kw, returning, counts, reason)
    np.testing.assert_allclose(counts * step_kw, expected_kw, atol=0.51e-6, rtol=0, err_msg=f"seed {seed}")
    np.testing.assert_allclose(before_kw, expected_kw[:, -1], atol=1e-12, rtol=0, err_msg=f"seed {seed}")
    assert reason.tolist() == expected_reason.tolist(), f"seed {seed}"
    assert returning.tolist() == still.tolist(), f"seed {seed}"


def test_counts_are_whole_steps_to_the_nearest() -> None:
    limits = np.zeros((len(Limit), 1))
    limits[[Limit.POWER_KW, Limit.MANDATE_CHARGE_KW_MAX, Limit.MANDATE_DISCHARGE_KW_MAX]] = 100.0
    bounds_kw = np.array([[-100.0], [100.0], [0.0], [0.0]])
    counts, reason = np.empty((1, 1), dtype=np.int32), np.empty(1, dtype=np.int64)
    no_kw, quiet, stopped = np.zeros((1, 1)), np.full((1, 1), 50.0), np.zeros(1, dtype=np.bool_)
    for base_kw, count in ((12.344, 1234), (12.346, 1235), (-12.346, -1235)):
        kernels.guard_ticks(
            np.array([base_kw]), bounds_kw, no_kw, quiet, limits, np.zeros(1), stopped, 0.0, 10.0, 0.05, 0.01,
            np.zeros(1), np.zeros(1, dtype=np.bool_), counts, reason,
        )  # fmt: skip
        assert counts[0, 0] == count
