"""Response of one site, and the band in which its delivery must lie."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from battuta.domain.errors import InvalidQuantityError, NotExpressibleError
from battuta.domain.product_catalogue import product
from battuta.domain.response_law import TriggeredStep
from battuta.physics.response import droop_power_pu, envelope_pu, outside_envelope_pu, response_pu

DAY = date(2026, 1, 1)
DC = product("gb_dc", on=DAY).law
FFR = TriggeredStep(trigger_hz=49.5, full_time_s=0.7, hold_s=5.0, rearm_s=900.0)


def wander(n=4000):
    return 50.0 + 0.5 * np.sin(np.cumsum(np.random.default_rng(3).normal(0.0, 0.05, n)))


def test_dynamic_containment():
    frequency = np.array([50.0, 49.985, 49.8, 49.5, 50.35])
    assert droop_power_pu(frequency, DC) == pytest.approx([0.0, 0.0, 0.05, 1.0, -0.525], abs=1e-9)


def test_a_droop_answers_the_mean_that_its_initiation_time_leaves_room_for():
    """0.5 s to begin, 0.1 s of them for transport and converter: 8 ticks of 50 ms; slow samples have no mean."""
    frequency = 49.9 + np.random.default_rng(4).uniform(-0.002, 0.002, 400)
    mean = np.array([frequency[max(k - 7, 0) : k + 1].mean() for k in range(len(frequency))])
    assert np.max(np.abs(response_pu(frequency, 0.05, DC) - droop_power_pu(mean, DC))) < 1e-9
    assert np.max(np.abs(response_pu(frequency, 1.0, DC) - droop_power_pu(frequency, DC))) < 1e-12
    at_once = replace(DC, initiation_s=0.0)
    assert np.max(np.abs(response_pu(frequency, 0.05, at_once) - droop_power_pu(frequency, DC))) < 1e-12


def test_a_step_of_frequency_is_answered_in_full_at_once():
    frequency = np.concatenate((np.full(100, 50.0), np.full(10, 49.5)))
    assert response_pu(frequency, 0.02, DC)[99:102] == pytest.approx([0.0, 1.0, 1.0])


def test_a_meter_that_errs_by_a_mhz_leaves_the_strict_band_and_the_mean_hardly():
    """Swings of 50 mHz around 49.9 Hz, 12 s long, 20 ms of transport; at a crest the band is all but a line."""
    true = 49.9 + 0.05 * np.sin(np.arange(20_000) * 0.02 * 2.0 * np.pi / 12.0)
    error = np.random.default_rng(8).uniform(-0.0005, 0.0005, true.size)
    measured = np.rint((true + error) * 1000.0) / 1000.0
    low, high = envelope_pu(true, 0.02, DC)
    raw = outside_envelope_pu(np.roll(droop_power_pu(measured, DC), 1)[50:], low[50:], high[50:])
    mean = outside_envelope_pu(np.roll(response_pu(measured, 0.02, DC), 1)[50:], low[50:], high[50:])
    assert np.count_nonzero(raw > 0.0) > 20 * np.count_nonzero(mean > 0.0)
    assert raw.max() > 2.0 * mean.max()


@pytest.mark.parametrize("delay", [0, 3, 10])
def test_deliveries_within_the_start_time_are_inside(delay):
    frequency = wander()
    low, high = envelope_pu(frequency, 0.05, DC)
    asked = droop_power_pu(frequency, DC)
    delivered = np.concatenate((np.full(delay, asked[0]), asked))[: len(asked)]
    assert np.max(outside_envelope_pu(delivered, low, high)) < 1e-12


def test_a_mean_over_the_full_time_is_inside():
    frequency = wander()
    low, high = envelope_pu(frequency, 0.05, DC)
    asked = droop_power_pu(frequency, DC)
    padded = np.concatenate((np.full(19, asked[0]), asked))
    assert np.max(outside_envelope_pu(np.convolve(padded, np.full(20, 0.05), "valid"), low, high)) < 1e-12


def test_a_late_delivery_and_a_weak_one_are_outside():
    frequency = np.concatenate((np.full(100, 50.0), np.full(100, 49.5)))
    low, high = envelope_pu(frequency, 0.05, DC)
    asked = droop_power_pu(frequency, DC)
    late = np.concatenate((np.zeros(21), asked))[:200]
    assert np.flatnonzero(outside_envelope_pu(late, low, high)).tolist() == list(range(111, 121))
    assert outside_envelope_pu(0.9 * asked, low, high)[-1] == pytest.approx(0.1)
    assert (low[110], low[115], low[120], high[100]) == pytest.approx((0.0, 0.5, 1.0, 1.0))


def test_what_cannot_be_judged_is_missing_and_what_has_no_band_is_refused():
    frequency = np.full(100, 50.0)
    frequency[30] = np.nan
    low, _ = envelope_pu(frequency, 0.05, DC)
    assert np.flatnonzero(np.isnan(low)).tolist() == list(range(30, 51))
    with pytest.raises(NotExpressibleError):
        envelope_pu(frequency, 0.05, FFR)
    with pytest.raises(InvalidQuantityError):
        envelope_pu(frequency, 2.0, DC)


def test_the_iberian_recording_with_its_gaps_and_its_end(data_dir):
    """At 2 s it serves the continental droop only; 10 samples are missing, and the dead line reads nonsense."""
    table = pq.read_table(data_dir / "frequency" / "es_toledo_2025-04-28_2s.parquet")
    frequency = np.array(table.column("AnalyzerL1Frequency"), dtype=float)
    assert np.isnan(frequency).sum() == 10
    law = product("ce_fcr", on=DAY).law
    delivered = response_pu(frequency, 2.0, law)
    assert np.all(np.isfinite(delivered))
    at = table.column("time").to_pylist().index("28-Apr-2025 12:33:20")
    assert (frequency[at], delivered[at]) == (48.556, 1.0)
    low, high = envelope_pu(frequency, 2.0, law)
    assert np.nanmax(outside_envelope_pu(delivered, low, high)) == 0.0


def test_the_american_event_fires_the_fast_reserve_once(data_dir):
    """30 samples a second at 60 Hz; the trigger of this product is unverified."""
    table = pq.read_table(data_dir / "frequency" / "us_gmlc_event_150s.parquet")
    frequency = np.array(table.column("Bus1.F"), dtype=float)
    fired = np.flatnonzero(response_pu(frequency, 1.0 / 30.0, product("ercot_ffr", on=DAY).law))
    assert fired[0] == np.flatnonzero(frequency <= 59.85)[0]
    assert fired.tolist() == list(range(fired[0], len(frequency)))
