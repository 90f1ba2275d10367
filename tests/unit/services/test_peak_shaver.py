"""Peak shaving as a service: one plan per billed interval, months that begin anew, and what the owner wants to see."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.sampling import generator
from battuta.services.peak_shaver import LEARNED_AT_ONCE, ImageSeen, ShaverState, step
from battuta.site.demand_history import DemandHistory
from battuta.site.peak_shaving import MARGIN_MAX, MARGIN_MIN, ShavingSites

TUESDAY_S = int(datetime(2026, 3, 3, tzinfo=UTC).timestamp())
END_OF_MARCH_S = int(datetime(2026, 3, 31, 23, 30, tzinfo=UTC).timestamp())
INTERVAL_S = 60
"""Short intervals, so that days pass quickly: 1440 of them."""


def batteries(n_sites: int) -> ShavingSites:
    one = np.ones(n_sites)
    return ShavingSites(
        energy_kwh=600 * one, charge_kw_max=500 * one, discharge_kw_max=500 * one, efficiency_charge=0.95 * one,
        efficiency_discharge=0.95 * one, soc_min=0.05 * one, soc_max=0.95 * one,
    )  # fmt: skip


def seen(time_s: float, load_kw, power_kw=0.0, soc=0.5, *, zone_h=0.0, meter_age_s=0.0, battery_age_s=0.0) -> ImageSeen:
    """An image of as many sites as there are loads; the meter sees load and 4 kW of auxiliaries less the battery."""
    load_kw = np.atleast_1d(np.asarray(load_kw, dtype=float))
    values, age_s = np.full((N_SIGNALS, len(load_kw)), np.nan), np.zeros((N_SOURCES, len(load_kw)))
    values[Signal.LOAD_KW], values[Signal.AUXILIARY_POWER_KW], values[Signal.PV_KW] = load_kw, 4.0, 0.0
    values[Signal.CONVERTER_POWER_KW], values[Signal.SOC] = power_kw, soc
    values[Signal.METER_POWER_KW] = power_kw - load_kw - 4.0
    age_s[Source.METER], age_s[Source.BATTERY] = meter_age_s, battery_age_s
    image = SiteImage(time_ns=round(time_s * NS_PER_S), values=values, age_s=age_s)
    return ImageSeen(image=image, zone_offset_s=np.broadcast_to(np.int64(3600 * zone_h), len(load_kw)).copy())


def run(state: ShaverState, start_s: float, n_seconds: int, load_kw, every_s: float = 1.0, **image):
    """Feed images, the first a step after the start; a load may be a function of the time."""
    plans = []
    for index in range(1, int(n_seconds / every_s) + 1):
        time_s = start_s + every_s * index
        load = load_kw(time_s) if callable(load_kw) else load_kw
        state, each = step(state, seen(time_s, load, **image))
        plans += each
    return state, plans


def fresh(limit_kw, interval_s: int = 900, **past) -> ShaverState:
    limit_kw = np.atleast_1d(np.asarray(limit_kw, dtype=float))
    return ShaverState.at_rest(batteries(len(limit_kw)), limit_kw, interval_s, **past)


def four_weeks(interval_s: int = 900) -> DemandHistory:
    """Days at 100 kW, 400 kW from 8 to 16 and half an hour of 600 kW on one day, before the Tuesday."""
    history = DemandHistory.empty(1, interval_s)
    for index in range(28 * 86_400 // interval_s):
        day, hour = divmod(index * interval_s / 3600.0, 24.0)
        load_kw = 600.0 if day == 20 and 10.0 <= hour < 10.5 else 400.0 if 8.0 <= hour < 16.0 else 100.0
        start_s = TUESDAY_S - 28 * 86_400 + index * interval_s
        history.record(start_s, np.zeros(1, dtype=np.int64), np.array([load_kw]), np.array([load_kw]))
    return history


def test_each_billed_interval_gets_one_plan_with_its_first_image() -> None:
    assert fresh(500.0).limit_kw.tolist() == [500.0]
    state, plans = run(fresh(500.0), TUESDAY_S, 2000, 300.0)
    assert [(plan.start_ns - TUESDAY_S * NS_PER_S) // NS_PER_S for plan in plans] == [0, 900, 1800]
    assert {plan.end_ns - plan.start_ns for plan in plans} == {900 * NS_PER_S}
    assert [plan.limit_kw.tolist() for plan in plans] == [[500.0]] * 3
    assert state.limit_kw.tolist() == [500.0]


def test_what_was_billed_and_what_would_have_been() -> None:
    state, _ = run(fresh(500.0), TUESDAY_S, 900, 300.0)
    state, _ = run(state, TUESDAY_S + 900, 900, 620.0, power_kw=140.0)
    state, _ = run(state, TUESDAY_S + 1800, 900, 200.0, power_kw=-50.0)
    assert state.billed_kw[0] == pytest.approx(484.0)
    assert state.without_kw[0] == pytest.approx(624.0)
    assert state.history.mean_kw[np.isfinite(state.history.mean_kw)] == pytest.approx([304.0, 624.0, 204.0])


def test_a_month_begins_anew_by_the_local_clock() -> None:
    for zone_h, is_new in ((0.0, False), (2.0, True)):
        state, _ = run(fresh(500.0), END_OF_MARCH_S - 7200, 1000, 700.0, zone_h=zone_h)
        assert state.billed_kw[0] == pytest.approx(704.0)
        state, plans = run(state, END_OF_MARCH_S - 5400 - 900, 910, 200.0, zone_h=zone_h)
        assert (state.billed_kw[0] < 300.0) == is_new
        assert (state.without_kw[0] < 300.0) == is_new
        assert plans[-1].limit_kw[0] == pytest.approx(500.0 if is_new else 704.0)


def test_floor_and_peak_come_from_past_days() -> None:
    state = fresh([450.0], history=four_weeks())
    state, (plan,) = run(state, TUESDAY_S + 8.5 * 3600, 10, 400.0, soc=0.9)
    assert state.margin[0] > MARGIN_MIN
    assert plan.floor_soc_start[0] > 0.2
    assert plan.peak_kw[0] > 600.0
    _, (quiet,) = run(fresh([450.0], history=four_weeks()), TUESDAY_S + 20 * 3600, 10, 100.0, soc=0.9)
    assert quiet.floor_soc_start[0] < plan.floor_soc_start[0]
    assert quiet.peak_kw[0] < 450.0


def test_the_floor_rises_within_the_interval_towards_the_time_of_past_peaks() -> None:
    _, (plan,) = run(fresh([450.0], history=four_weeks()), TUESDAY_S + 8.25 * 3600, 10, 400.0, soc=0.9)
    assert 0.05 < plan.floor_soc_start[0] < plan.floor_soc_end[0]


def test_a_peak_that_runs_is_taken_to_run_on() -> None:
    for load_kw, is_kept in ((100.0, False), (700.0, True)):
        state, start_s = fresh([450.0], history=four_weeks()), TUESDAY_S + 19.75 * 3600
        _, plans = run(state, start_s, 900, load_kw, power_kw=300.0, soc=0.9)
        assert (plans[-1].floor_soc_start[0] > 0.06) == is_kept


def test_an_old_state_of_charge_raises_nothing() -> None:
    state, _ = run(fresh([250.0], history=four_weeks()), TUESDAY_S + 7 * 3600, 10, 100.0, soc=0.2, battery_age_s=6.0)
    assert not state.is_raised[0]


def test_a_limit_that_would_empty_the_battery_is_raised_once_in_a_month() -> None:
    state = fresh([250.0], history=four_weeks())
    state, (first,) = run(state, TUESDAY_S + 7 * 3600, 10, 100.0, soc=0.2)
    assert state.is_raised.tolist() == [True]
    assert 250.0 < first.limit_kw[0] < 450.0
    state, (second,) = run(state, TUESDAY_S + 7.25 * 3600, 10, 100.0, soc=0.05)
    assert second.limit_kw[0] == first.limit_kw[0]
    april_s = int(datetime(2026, 4, 1, 20, tzinfo=UTC).timestamp())
    state, (anew,) = run(state, april_s, 10, 100.0, soc=0.9)
    assert anew.limit_kw[0] == 250.0
    assert not state.is_raised[0]


def test_a_site_without_a_limit_costs_nothing() -> None:
    state, plans = run(fresh([np.inf, np.inf], 60), TUESDAY_S, 400, [300.0, 500.0])
    for plan in plans:
        assert np.isinf(plan.limit_kw).all()
        assert not plan.floor_soc_start.any()
        assert not plan.floor_soc_end.any()
    assert state.billed_kw == pytest.approx([304.0, 504.0])
    assert not state.is_raised.any()


def test_a_silent_meter_leaves_a_hole_and_not_a_zero() -> None:
    state, _ = run(fresh(500.0, INTERVAL_S), TUESDAY_S, 60, 300.0)
    state, plans = run(state, TUESDAY_S + 60, 60, 300.0, meter_age_s=6.0)
    assert plans[-1].limit_kw[0] == 500.0
    assert np.isfinite(state.history.mean_kw).sum() == 1
    assert state.billed_kw[0] == pytest.approx(304.0)


def test_margins_are_learned_once_a_day_and_not_all_in_the_same_second() -> None:
    n_sites, today = LEARNED_AT_ONCE + 2, TUESDAY_S // 86_400
    history, zones = DemandHistory.empty(n_sites, 900), np.zeros(n_sites, dtype=np.int64)
    for index in range(28 * 96):
        load_kw = np.full(n_sites, 300.0)
        history.record(TUESDAY_S - (28 * 96 - index) * 900, zones, load_kw, load_kw)
    state = ShaverState.at_rest(batteries(n_sites), np.full(n_sites, 350.0), 900, history)
    assert set(state.margin) == {MARGIN_MAX}
    state, _ = run(state, TUESDAY_S, 10, load_kw)
    assert state.margin.tolist() == [MARGIN_MIN] * LEARNED_AT_ONCE + [MARGIN_MAX] * 2
    state, _ = run(state, TUESDAY_S + 900, 10, load_kw)
    assert set(state.margin) == {MARGIN_MIN}
    assert set(state.margin_day) == {today}
    before = state.margin
    state, _ = run(state, TUESDAY_S + 1800, 10, load_kw)
    assert state.margin is before
    state, _ = run(state, TUESDAY_S + 86_400, 10, load_kw)
    assert state.margin_day.tolist() == [today + 1] * LEARNED_AT_ONCE + [today] * 2


def test_an_interval_keeps_the_local_time_at_which_it_was_measured() -> None:
    state, _ = run(fresh(500.0), TUESDAY_S, 899, 300.0, zone_h=1.0)
    state, _ = run(state, TUESDAY_S + 899, 1, 300.0, zone_h=2.0)
    _, time, _ = np.nonzero(np.isfinite(state.history.mean_kw))
    assert time.tolist() == [4]


def test_the_same_images_make_the_same_plans() -> None:
    loads = generator(5, "loads").uniform(100.0, 700.0, (7200, 3))

    def plans():
        _, made = run(
            fresh([300.0, np.inf, 500.0], INTERVAL_S), TUESDAY_S, 7200, lambda s: loads[int(s) - TUESDAY_S - 1]
        )
        return made

    first, second = plans(), plans()
    assert len(first) == 121
    for one, other in zip(first, second, strict=True):
        for name in ("limit_kw", "floor_soc_start", "floor_soc_end", "peak_kw"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_missing_limit_is_refused() -> None:
    for limit_kw in (np.nan, -1.0):
        with pytest.raises(InvalidQuantityError):
            fresh(limit_kw)
