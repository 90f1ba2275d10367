"""A plan of all sites from their past days: no opinion without a limit, no raise on a guess."""

from dataclasses import replace

import numpy as np

from battuta.site.demand_history import DemandHistory, is_workday
from battuta.site.peak_shaving import MARGIN_MAX, MARGIN_MIN, ShavingSites, new_period
from battuta.site.peak_shaving_interval import learn_margins, plan_interval

MONDAY = 20_521
TWO = np.ones(2)
ZONES = np.zeros(2, dtype=np.int64)
SITES = ShavingSites(
    energy_kwh=600 * TWO, charge_kw_max=500 * TWO, discharge_kw_max=500 * TWO, efficiency_charge=0.95 * TWO,
    efficiency_discharge=0.95 * TWO, soc_min=0.05 * TWO, soc_max=0.95 * TWO,
)  # fmt: skip


def measured_days(n_days: int, peak_day: int = -1) -> DemandHistory:
    """Days at 100 kW with 300 kW from 8 to 16 on workdays, and 500 kW for an hour on one day."""
    history = DemandHistory.empty(2)
    for quarter in range(96 * n_days):
        day, hour = quarter // 96, quarter % 96 / 4.0
        load_kw = 300.0 if 8.0 <= hour < 16.0 and is_workday(np.array([MONDAY + day]))[0] else 100.0
        load_kw += 200.0 if day == peak_day and 10.0 <= hour < 11.0 else 0.0
        history.record(MONDAY * 86_400 + quarter * 900, ZONES, load_kw * TWO, load_kw * TWO)
    return history


def planned(history, n_days: int, limit_kw, hour: float = 0.0, soc: float = 0.5, **changes):
    demand = replace(new_period(np.asarray(limit_kw, dtype=float)), **changes)
    start_s = (MONDAY + n_days) * 86_400 + int(hour * 3600)
    return plan_interval(SITES, demand, history, 2.0 * TWO, soc * TWO, np.nan * TWO, start_s, ZONES)


def test_what_one_day_needed_beyond_the_others_is_kept_and_a_site_without_a_limit_keeps_nothing() -> None:
    plan = planned(measured_days(10, peak_day=3), 10, [350.0, np.inf], hour=9.0)
    needed_kwh = (500.0 - 350.0) * 1.0 / 0.95
    np.testing.assert_allclose(plan.floor_soc[0, 0], 0.05 + 2.0 * needed_kwh / 600.0, rtol=1e-6)
    assert (plan.floor_soc[:, 1] == 0.0).all()
    assert np.isnan(plan.peak_kw[1])
    assert plan.demand.limit_kw.tolist() == [350.0, np.inf]


def test_a_limit_is_raised_on_what_was_seen_and_not_on_a_guess() -> None:
    assert planned(measured_days(10), 10, [150.0, np.inf], hour=8.0).demand.is_raised.tolist() == [True, False]
    assert planned(measured_days(10), 10, [150.0, np.inf], hour=8.0).demand.limit_kw[0] > 250.0
    first_morning = measured_days(1)
    first_morning.mean_kw[:, 60:] = np.nan  # at noon nothing was seen of the evening
    guess = planned(first_morning, 1, [150.0, 150.0], hour=8.0).demand
    assert not guess.is_raised.any()
    assert guess.limit_kw.tolist() == [150.0, 150.0]


def test_before_the_first_interval_there_is_no_opinion_but_the_limit() -> None:
    plan = planned(DemandHistory.empty(2), 0, [150.0, 350.0])
    assert not plan.floor_soc.any()
    assert plan.demand.limit_kw.tolist() == [150.0, 350.0]
    assert np.isnan(plan.peak_kw).all()


def test_what_was_billed_is_the_limit_even_where_nothing_is_forecast() -> None:
    billed = np.array([400.0, 0.0])
    for history, n_days in ((DemandHistory.empty(2), 0), (measured_days(3), 3)):
        assert planned(history, n_days, [350.0, 350.0], billed_kw=billed).demand.limit_kw.tolist() == [400.0, 350.0]


def test_an_unknown_state_of_charge_raises_nothing() -> None:
    plan = planned(measured_days(10), 10, [150.0, 150.0], hour=8.0, soc=np.nan)
    assert not plan.demand.is_raised.any()
    assert np.isfinite(plan.floor_soc).all()


def test_margins_are_learned_from_workdays_and_are_the_largest_before_three() -> None:
    chosen, start_s = np.array([0, 1]), (MONDAY + 10) * 86_400
    alike = learn_margins(SITES, 350.0 * TWO, measured_days(10), start_s, ZONES, chosen)
    assert alike.tolist() == [MARGIN_MIN, MARGIN_MIN]
    surprised = learn_margins(SITES, 350.0 * TWO, measured_days(10, peak_day=3), start_s, ZONES, chosen[:1])
    assert surprised[0] > MARGIN_MIN
    few = learn_margins(SITES, 350.0 * TWO, measured_days(2), (MONDAY + 2) * 86_400, ZONES, chosen)
    assert few.tolist() == [MARGIN_MAX, MARGIN_MAX]
