"""What is shown of a run: per site, with its label, its clock and its end."""

import numpy as np

from battuta.app.living_request import RunRequest
from battuta.app.living_result import finish
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import live_in_lockstep
from battuta.app.prices import synthetic_prices
from battuta.interfaces.reports.living_record import LivingRecord


def test_sites_are_counted_one_by_one(living_record):
    assert living_record.revenue_per_site().round(4).tolist() == [0.04, 0.08, 0.12]  # 1, 2, 3 kWh at 40 EUR/MWh
    assert living_record.cycles_per_site().tolist() == [0.005, 0.01, 0.015]
    assert living_record.alarms_per_site().tolist() == [0, 1, 0]
    np.testing.assert_array_equal(living_record.hottest_per_site(), [26.0, 27.0, np.nan])


def test_the_label_says_simulated_whatever_the_prices_are(living_record):
    assert living_record.label.startswith("simulated sites; SYNTHETIC: synthetic market")
    assert living_record.money == "EUR"


def test_the_last_step_ends_where_the_run_was_ended(make_living):
    record = make_living(simulated_s=3_100)
    assert (record.end_ns - record.trace.time_ns).tolist() == [600 * 10**9] * 5 + [100 * 10**9]


def test_steps_have_a_name(make_living):
    assert [make_living(step_s=step_s).step_name for step_s in (10, 60, 10_800)] == ["10 s", "1 min", "3 h"]


def test_a_lived_run_is_gathered(tmp_path):
    request = RunRequest(n_sites=2, duration_s=60, has_journal=False)
    run = LivingRun(request, synthetic_prices(1, 60), living_site(), tmp_path)
    live_in_lockstep(run, float("inf"), lambda _: None)
    record = LivingRecord.of(run, finish(run))
    assert record.trace.time_ns.shape == (6,)
    assert record.nominal_hz == 50.0
    np.testing.assert_allclose(record.revenue_per_site().sum(), record.result.revenue, rtol=1e-9)
    np.testing.assert_allclose(record.trace.energy_out_kwh, run.discharged_kwh, atol=1e-9)
