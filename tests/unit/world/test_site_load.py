"""Load: working days and weekends by the wall clock, peaks and motors, a forecast that knows no future."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError, LookAheadError, UsageError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_S, to_ns
from battuta.world.site_load import QUARTER_NS, LoadCharacter, SiteLoad

MONDAY_NS = to_ns(datetime(2025, 6, 2, tzinfo=UTC))
MINUTE_NS = 60 * NS_PER_S


def quarters_kw(load, first_ns, n_days):
    minutes = first_ns + np.arange(n_days * 1440) * MINUTE_NS
    return load.load_kw(minutes).reshape(-1, 15).mean(axis=1)


def test_a_week():
    days = quarters_kw(SiteLoad(1, zone="UTC"), MONDAY_NS, 28).reshape(4, 7, 96)
    assert (days >= 0.0).all()
    noon = days[:, :, 40:64].mean(axis=(0, 2))
    assert (noon[:5] > 2.0 * noon[5:].max()).all()
    night = days[:, :, 4:16].mean()
    assert 100.0 < night < 150.0


def test_work_begins_by_the_wall_clock():
    winter_ns, summer_ns = (to_ns(datetime(2025, month, 3, tzinfo=UTC)) for month in (3, 6))
    load = SiteLoad(1, zone="Europe/Berlin")
    hours = np.arange(24 * 60) * MINUTE_NS
    begins = [
        int(np.argmax(load.usual_kw(day_ns + hours) > 0.5 * load.usual_kw(day_ns + hours).max()))
        for day_ns in (winter_ns, summer_ns)
    ]
    assert begins[0] - begins[1] == 60


def test_peaks_are_worth_shaving():
    load = SiteLoad(3, zone="UTC")
    daily_max_kw = quarters_kw(load, MONDAY_NS, 28).reshape(28, 96).max(axis=1)
    usual_max_kw = load.usual_kw(MONDAY_NS + np.arange(96) * QUARTER_NS).max()
    assert daily_max_kw.max() > 1.3 * usual_max_kw
    assert np.median(daily_max_kw) < 1.35 * usual_max_kw


def test_a_motor_start_is_seen_within_seconds():
    load = SiteLoad(2, character=LoadCharacter(peaks_per_day=0.0, motor_starts_per_day=12.0), zone="UTC")
    seconds = MONDAY_NS + np.arange(86_400) * NS_PER_S
    visitors_kw = load.visitors_kw(seconds)
    starts = np.flatnonzero(np.diff(visitors_kw) > 150.0)
    assert 3 <= starts.size <= 25
    first = starts[0] + 1
    before_kw = visitors_kw[first - 1]
    assert visitors_kw[first] - before_kw == pytest.approx(225.0)
    assert visitors_kw[first + 20] - before_kw == pytest.approx(45.0, abs=1.0)
    assert visitors_kw[: 6 * 3600].max() == 0.0


def test_nothing_visits_on_a_weekend():
    saturday_ns = MONDAY_NS + 5 * NS_PER_DAY
    assert SiteLoad(2, zone="UTC").visitors_kw(saturday_ns + np.arange(2 * 1440) * MINUTE_NS).max() == 0.0


def test_seconds_have_their_own_noise():
    load = SiteLoad(1, character=LoadCharacter(peaks_per_day=0.0, motor_starts_per_day=0.0), zone="UTC")
    seconds = MONDAY_NS + 10 * NS_PER_HOUR + np.arange(900) * NS_PER_S
    load_kw = load.load_kw(seconds)
    share = np.diff(load_kw).std() / load_kw.mean()
    assert share == pytest.approx(0.012 * np.sqrt(2.0), rel=0.15)
    assert (load.load_kw(seconds[[700, 3]]) == load_kw[[700, 3]]).all()


def test_a_forecast_is_good_near_and_honest_far():
    load = SiteLoad(5, zone="UTC")
    actual_kw = quarters_kw(load, MONDAY_NS, 56)
    at_ns = MONDAY_NS + np.arange(actual_kw.size) * QUARTER_NS + QUARTER_NS // 2
    issues = np.arange(0, actual_kw.size - 100, 5)
    error_kw = {
        ahead: np.array(
            [load.load_forecast_kw(at_ns[k + ahead : k + ahead + 1], int(at_ns[k]))[0] for k in issues]
            - actual_kw[issues + ahead]
        )
        for ahead in (1, 96)
    }
    pattern_kw = load.usual_kw(at_ns) - actual_kw
    assert np.median(np.abs(error_kw[1])) < np.median(np.abs(error_kw[96]))
    assert np.abs(error_kw[96]).mean() < 1.05 * np.abs(pattern_kw).mean()
    assert abs(error_kw[96].mean()) < 0.03 * actual_kw.mean()
    assert np.abs(error_kw[96]).mean() > 0.02 * actual_kw.mean()


def test_a_forecast_follows_the_deviation_it_has_seen():
    quiet = LoadCharacter(peaks_per_day=0.0, motor_starts_per_day=0.0)
    load = SiteLoad(5, character=quiet, zone="UTC")
    actual_kw = quarters_kw(load, MONDAY_NS, 56)
    at_ns = MONDAY_NS + np.arange(actual_kw.size) * QUARTER_NS + QUARTER_NS // 2
    issues = np.arange(0, actual_kw.size - 60, 5)
    pattern_kw = load.usual_kw(at_ns) - actual_kw
    for ahead, share in ((1, 0.55), (48, 0.95)):
        forecast_kw = [load.load_forecast_kw(at_ns[k + ahead : k + ahead + 1], int(at_ns[k]))[0] for k in issues]
        error_kw = np.abs(forecast_kw - actual_kw[issues + ahead]).mean()
        assert 0.1 < error_kw / np.abs(pattern_kw[issues + ahead]).mean() < share


def test_a_forecast_of_the_past_is_refused():
    with pytest.raises(LookAheadError):
        SiteLoad(1).load_forecast_kw(np.array([MONDAY_NS - 1]), MONDAY_NS)


def test_consumers_that_cannot_be():
    with pytest.raises(InvalidQuantityError, match="work_kw"):
        SiteLoad(1, character=LoadCharacter(work_kw=-1.0))
    with pytest.raises(UsageError):
        SiteLoad(1, zone="Nowhere/Here")


def test_no_instants_no_load():
    assert SiteLoad(1).load_kw(np.array([], dtype=np.int64)).shape == (0,)
