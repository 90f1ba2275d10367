"""Demand is held, energy is kept for what the forecast sees, and a limit rises once at most."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.sampling import generator
from battuta.site.peak_shaving import (
    MARGIN_MAX,
    MARGIN_MIN,
    DemandState,
    ShavingSites,
    learned_margin,
    new_period,
    plan_floor,
    shave_peaks,
)

ONE = np.ones(1)
SITES = ShavingSites(
    energy_kwh=1000 * ONE, charge_kw_max=500 * ONE, discharge_kw_max=500 * ONE, efficiency_charge=0.95 * ONE,
    efficiency_discharge=0.95 * ONE, soc_min=0.05 * ONE, soc_max=0.95 * ONE,
)  # fmt: skip
BUMP = 300.0 + 200.0 * np.sin(np.linspace(0.0, np.pi, 96))[:, None]


def floor_of(median, error_kw, limit, margin=1.0, soc=0.9, **measured):
    errors = np.full((1, *median.shape), error_kw)
    return plan_floor(SITES, new_period(limit * ONE), median, errors, margin * ONE, soc * ONE, **measured)


def test_an_interval_mean_is_held_against_a_noisy_load() -> None:
    import_kwh, power, rng = 0.0, 0.0, generator(1, "load")
    for second in range(900):
        load = 500.0 + 100.0 * rng.standard_normal()
        import_kwh += (load - power) / 3600.0
        low, _, _ = shave_peaks(
            SITES, new_period(400 * ONE), 0.1 * ONE, 0.1 * ONE, load * ONE, 0 * ONE, 0 * ONE, 0.8 * ONE,
            second + 1.0, import_kwh * ONE, 600 * ONE,
        )  # fmt: skip
        power = float(low[0])
    assert 395.0 < import_kwh / 0.25 <= 400.0


def test_at_the_floor_nothing_is_left_for_others_and_below_it_is_recharged() -> None:
    for soc, expected in ((0.5, 0.0), (0.4, -400.0)):
        _, high, wish = shave_peaks(
            SITES, new_period(500 * ONE), 0.5 * ONE, 0.5 * ONE, 100 * ONE, 0 * ONE, 0 * ONE, soc * ONE, 0.0, 0 * ONE,
            0 * ONE,
        )  # fmt: skip
        assert high[0] == pytest.approx(expected, abs=2.0)
        assert np.isnan(wish[0]) == (soc == 0.5)


def test_the_floor_grows_with_errors_and_margin_and_ends_at_the_lowest_state_of_charge() -> None:
    quiet, loud, wide = (
        floor_of(BUMP, error, 480.0, margin).floor_soc for error, margin in ((0.0, 1.0), (40.0, 1.0), (40.0, 1.3))
    )
    assert (loud >= quiet).all()
    assert quiet.max() < loud.max() < wide.max()
    assert quiet[-1, 0] == 0.05


def test_a_limit_that_holds_is_left_and_one_that_cannot_be_held_rises_once() -> None:
    assert floor_of(BUMP, 0.0, 480.0).demand.limit_kw[0] == 480.0
    raised = floor_of(BUMP, 0.0, 100.0).demand
    assert raised.is_raised[0]
    assert 400.0 < raised.limit_kw[0] < 500.0
    again = plan_floor(SITES, raised, BUMP + 200.0, np.zeros((1, 96, 1)), ONE, 0.9 * ONE).demand
    assert again.limit_kw[0] == raised.limit_kw[0]


def test_a_peak_that_runs_is_taken_to_fade() -> None:
    flat = np.full((96, 1), 300.0)
    assert floor_of(flat, 0.0, 400.0, measured_kw=np.nan * ONE).floor_soc[0, 0] == 0.05
    assert floor_of(flat, 0.0, 400.0, measured_kw=700 * ONE).floor_soc[0, 0] > 0.15
    empty = floor_of(flat, 0.0, 400.0, soc=0.05, measured_kw=700 * ONE).demand
    assert empty.is_raised[0]


def test_what_was_billed_already_is_the_limit() -> None:
    demand = replace(new_period(480 * ONE), billed_kw=520 * ONE)
    assert plan_floor(SITES, demand, BUMP, np.zeros((1, 96, 1)), ONE, 0.9 * ONE).demand.limit_kw[0] == 520.0


def test_margin_covers_the_day_that_surprised_most() -> None:
    days = np.repeat(BUMP[None], 10, axis=0)
    surprise = np.full((10, 1, 1), 40.0)
    alike = learned_margin(SITES, 480 * ONE, days, days + surprise)
    assert alike[0] == MARGIN_MIN
    surprise[3] = 100.0
    assert MARGIN_MIN < learned_margin(SITES, 480 * ONE, days, days + surprise)[0] <= MARGIN_MAX
    assert learned_margin(SITES, 480 * ONE, days[:2], days[:2])[0] == MARGIN_MAX


def test_a_site_without_a_limit_has_no_opinion_on_its_import() -> None:
    plan = floor_of(BUMP, 40.0, np.inf)
    assert (plan.floor_soc == 0.05).all()
    low, _, _ = shave_peaks(
        SITES, plan.demand, 0.05 * ONE, 0.05 * ONE, 900 * ONE, 0 * ONE, 0 * ONE, 0.5 * ONE, 0.0, 0 * ONE, 0 * ONE,
    )  # fmt: skip
    assert low[0] == -np.inf


def test_an_efficiency_of_zero_is_refused() -> None:
    with pytest.raises(InvalidQuantityError):
        replace(SITES, efficiency_charge=0 * ONE)


def test_a_state_says_what_was_settled() -> None:
    state = DemandState(limit_kw=ONE, is_raised=np.array([True]), billed_kw=ONE)
    assert state.is_raised[0]
