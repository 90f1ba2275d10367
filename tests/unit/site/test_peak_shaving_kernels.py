"""The compiled loops against the same in plain NumPy."""

import numpy as np

from battuta.numerics.sampling import generator
from battuta.site.peak_shaving_kernels import (
    least_limit_kw,
    margin_needed,
    needed_energy_kwh,
    reserve_kwh,
    shave,
)

BATTERY = (300.0, 300.0, 0.95, 0.95)


def plain_needed(net_kw, step_h, limit_kw, charge_kw, discharge_kw, in_, out):
    needed = [0.0]
    for excess in (net_kw - limit_kw)[::-1]:
        used = min(excess, discharge_kw) * step_h / out if excess > 0 else -min(-excess, charge_kw) * step_h * in_
        needed.append(max(needed[-1] + used, 0.0))
    return np.array(needed[::-1])


def test_an_hour_over_the_limit_needs_its_energy() -> None:
    needed = np.empty(5)
    uncovered = needed_energy_kwh(np.array([0.0, 500.0, 500.0, 0.0]), 0.5, 400.0, 100.0, 300.0, 1.0, 1.0, needed)
    assert uncovered == 0.0
    np.testing.assert_allclose(needed, [50.0, 100.0, 50.0, 0.0, 0.0])


def test_needed_energy_is_that_of_the_plain_loop() -> None:
    net = 400.0 + 200.0 * generator(1, "net").standard_normal(96)
    needed = np.empty(97)
    needed_energy_kwh(net, 0.25, 420.0, *BATTERY, needed)
    np.testing.assert_allclose(needed, plain_needed(net, 0.25, 420.0, *BATTERY), atol=1e-9)


def test_least_limit_is_held_and_one_below_is_not() -> None:
    net = 400.0 + 150.0 * np.sin(np.linspace(0.0, 6.28, 96))
    least = least_limit_kw(net, 0.25, 200.0, 500.0, *BATTERY)
    assert plain_needed(net, 0.25, least, *BATTERY)[0] <= 200.0 + 1e-6
    below = plain_needed(net, 0.25, least - 1.0, *BATTERY)
    assert below[0] > 200.0 or below.max() > 500.0


def test_reserve_is_the_worst_course_early_or_late() -> None:
    rng = generator(3, "errors")
    median, errors = 400.0 + 20.0 * rng.standard_normal(40), 120.0 * rng.standard_normal((5, 40))
    kept = np.empty(41)
    reserve_kwh(median, errors, 0.25, 450.0, *BATTERY, 2, kept)
    worst = np.max([plain_needed(median + each, 0.25, 450.0, *BATTERY) for each in errors], axis=0)
    np.testing.assert_allclose(kept, [worst[max(t - 2, 0) : t + 3].max() for t in range(41)])
    assert kept.max() > 0.0


def test_margin_is_the_factor_that_would_have_sufficed() -> None:
    actual = np.array([400.0, 700.0, 700.0, 400.0])
    needed = plain_needed(actual, 0.25, 500.0, *BATTERY)
    for factor in (0.5, 1.0, 2.0):
        found = margin_needed(actual, needed / factor, 0.25, 500.0, *BATTERY, 1000.0)
        assert abs(found - factor) < 1e-9


def plain_shave(net, soc, elapsed_s, import_kwh, limit, start, end, energy, charge, discharge, in_, out, peak):
    floor = start + elapsed_s / 900.0 * (end - start)
    low = np.clip(net - (limit * 0.25 - import_kwh) / ((900.0 - elapsed_s) / 3600.0), -charge, discharge)
    is_full = (limit * 0.25 - import_kwh) < (900.0 - elapsed_s) / 3600.0 * (peak - discharge)
    low = np.where((low < 0) & is_full & (soc >= floor), 0.0, low)
    above = (soc - floor) * energy * 60.0
    high = np.where(above >= 0, np.minimum(above * out, discharge), np.maximum(above / in_, -charge))
    preferred = np.where(above >= 0, np.where(low > 0, low, np.nan), high)
    return low, np.maximum(high, low), np.where(preferred < low, low, preferred)


def test_second_by_second_is_that_of_plain_numpy() -> None:
    rng, n_sites = generator(2, "sites"), 50
    one = np.ones(n_sites)
    net, soc = rng.uniform(0, 900, n_sites), rng.uniform(0, 1, n_sites)
    start, end = rng.uniform(0, 1, n_sites), rng.uniform(0, 1, n_sites)
    import_kwh, peak = rng.uniform(0, 60, n_sites), rng.uniform(400, 1000, n_sites)
    out = [np.empty(n_sites) for _ in range(3)]
    shave(
        net, soc, 450.0, 900.0, import_kwh, 400 * one, start, end, 1000 * one, 300 * one, 300 * one, 0.9 * one,
        0.9 * one, peak, 60.0, *out,
    )  # fmt: skip
    truth = plain_shave(net, soc, 450.0, import_kwh, 400.0, start, end, 1000.0, 300.0, 300.0, 0.9, 0.9, peak)
    for ours, plain in zip(out, truth, strict=True):
        np.testing.assert_allclose(ours, plain)


def charging_room(peak_kw, floor=0.0):
    one, out = np.ones(1), [np.empty(1) for _ in range(3)]
    shave(
        200 * one, 0.5 * one, 0.0, 900.0, 0 * one, 400 * one, floor * one, floor * one, 1000 * one, 300 * one,
        300 * one, one, one, peak_kw * one, 60.0, *out,
    )  # fmt: skip
    return out[0][0]


def test_charging_leaves_room_for_a_peak_beyond_the_battery() -> None:
    assert charging_room(650.0) == -200.0
    assert charging_room(750.0) == 0.0
    assert charging_room(750.0, floor=0.6) == -200.0


def test_unknown_values_are_no_opinion() -> None:
    one, out = np.ones(1), [np.empty(1) for _ in range(3)]
    shave(
        np.nan * one, np.nan * one, 0.0, 900.0, 0 * one, 400 * one, one, one, 1000 * one, 300 * one, 300 * one, one,
        one, one, 60.0, *out,
    )  # fmt: skip
    assert out[0][0] == -np.inf
    assert out[1][0] == np.inf
    assert np.isnan(out[2][0])
