"""The synthetic grid: deterministic at any second and rate, calibrated, with events that can be planted."""

from time import perf_counter

import numpy as np
import polars as pl
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.world.grid_character import CONTINENTAL_EUROPE_LIKE, GREAT_BRITAIN_LIKE, NORDIC_LIKE, GridEvent
from battuta.world.grid_frequency import GridFrequency

DAY_S = 86_400
WEEK_S = 7 * DAY_S


def statistics(deviation_hz):
    """Deviation, kurtosis, autocorrelation at 1 s and 60 s, and share beyond 200 mHz, of one sample a second."""
    deviation = deviation_hz.std()
    z = (deviation_hz - deviation_hz.mean()) / deviation
    memory = [float((z[:-lag] * z[lag:]).mean()) for lag in (1, 60)]
    return float(deviation), float((z**4).mean()), *memory, float((np.abs(deviation_hz) > 0.2).mean())


@pytest.fixture(scope="module")
def fortnights():
    found = {}
    for kind in (CONTINENTAL_EUROPE_LIKE, GREAT_BRITAIN_LIKE, NORDIC_LIKE):
        grid = GridFrequency(11, character=kind)
        found[kind.imitates] = np.concatenate([grid.samples(d * DAY_S, DAY_S, 1) for d in range(14)]).ravel() - 50.0
    return found


@pytest.mark.parametrize(
    ("kind", "deviation_mhz", "beyond"),
    [
        (CONTINENTAL_EUROPE_LIKE, (17.0, 23.0), (0.0, 2e-4)),
        (GREAT_BRITAIN_LIKE, (52.0, 68.0), (1e-4, 8e-3)),
        (NORDIC_LIKE, (34.0, 46.0), (0.0, 1e-3)),
    ],
)
def test_statistics_lie_in_their_bands(fortnights, record_property, kind, deviation_mhz, beyond):
    deviation, kurtosis, second, minute, share = statistics(fortnights[kind.imitates])
    line = (
        f"{kind.imitates}: deviation {1e3 * deviation:.1f} mHz, kurtosis {kurtosis:.2f}, autocorrelation "
        f"{second:.4f} at 1 s, {minute:.3f} at 60 s, beyond 200 mHz {share:.1e}"
    )
    record_property("statistics", line)
    assert deviation_mhz[0] < 1e3 * deviation < deviation_mhz[1], line
    assert 2.6 < kurtosis < 5.0, line
    assert 0.98 < second < 0.999, line
    assert 0.70 < minute < 0.90, line
    assert beyond[0] <= share <= beyond[1], line


def test_the_shape_is_that_of_a_recorded_day(fortnights, data_dir):
    """A 60 Hz day, per unit of its own nominal frequency: only its shape is compared, never its size."""
    recorded = pl.read_parquet(data_dir / "frequency" / "us_gmlc_day_1s_pu.parquet")["f1_pu"].to_numpy() - 1.0
    _, kurtosis, second, minute, _ = statistics(recorded)
    for deviation_hz in fortnights.values():
        _, own_kurtosis, own_second, own_minute, _ = statistics(deviation_hz)
        assert abs(own_kurtosis - kurtosis) < 1.5
        assert abs(own_second - second) < 0.01
        assert abs(own_minute - minute) < 0.1


def test_the_hour_is_felt(fortnights):
    hours = fortnights[CONTINENTAL_EUROPE_LIKE.imitates].reshape(-1, 3600)
    after = np.sqrt((hours[:, 60:300] ** 2).mean())
    between = np.sqrt((hours[:, 1000:1600] ** 2).mean())
    assert after > 1.25 * between


def test_the_same_path_at_every_rate():
    grid = GridFrequency(1, planted=(GridEvent(at_s=3599.3, lost_power_mw=1500.0),))
    fast = grid.samples(3598, 4, 50)
    for rate_hz in (1, 2, 5, 10, 25):
        assert (grid.samples(3598, 4, rate_hz) == fast[:, :: 50 // rate_hz]).all()
    assert (grid.samples(3598, 4, 20)[:, ::4] == grid.samples(3598, 4, 5)).all()


def test_no_jump_at_the_border_of_a_block():
    grid = GridFrequency(5, random_events=False)
    border = np.array([np.diff(grid.samples(3600 * k - 1, 2, 50).ravel())[49] for k in range(1, 25)])
    inside = np.diff(grid.samples(1000, 400, 50).ravel())
    assert np.abs(border).max() < np.abs(inside).max()
    assert 0.3 < border.std() / inside.std() < 2.0


def test_a_planted_event_begins_on_the_dot_and_is_restored():
    event = GridEvent(at_s=1000.26, lost_power_mw=1000.0)
    kind = GREAT_BRITAIN_LIKE
    quiet = GridFrequency(2, character=kind, random_events=False).samples(900, 4000, 50).ravel()
    struck = GridFrequency(2, character=kind, random_events=False, planted=(event,)).samples(900, 4000, 50).ravel()
    change_hz = struck - quiet
    start = 100 * 50 + 13
    assert (change_hz[: start + 1] == 0.0).all()
    slope_hz_per_s = change_hz[start + 1] / 0.02
    assert slope_hz_per_s == pytest.approx(event.rocof_hz_per_s(kind), rel=0.02)
    nadir_at_s = (int(change_hz.argmin()) - start) / 50
    assert 2.0 < nadir_at_s < 8.0
    assert -0.5 < change_hz.min() < -0.35
    assert abs(change_hz[start + 50 * 1800]) < 0.01
    assert (change_hz[start + 50 * 3600 + 1 :] == 0.0).all()


def test_events_are_told_and_seen():
    grid = GridFrequency(11, character=GREAT_BRITAIN_LIKE)
    events = grid.events(0, 52 * WEEK_S)
    assert 4.0 * 52 - 60 < len(events) < 4.0 * 52 + 60
    assert 0.08 < np.mean([event.lost_power_mw < 0.0 for event in events]) < 0.35
    assert all(150.0 <= abs(event.lost_power_mw) <= 1800.0 for event in events)
    largest = max(events, key=lambda event: event.lost_power_mw)
    at_s = int(largest.at_s)
    with_it = grid.samples(at_s - 5, 20, 10)
    without = GridFrequency(11, character=GREAT_BRITAIN_LIKE, random_events=False).samples(at_s - 5, 20, 10)
    assert (with_it - without).min() < -0.2


def test_events_of_a_window_are_those_of_the_whole():
    grid = GridFrequency(3)
    whole = grid.events(0, 8 * WEEK_S)
    window = grid.events(WEEK_S + 17, 3 * WEEK_S)
    assert window == tuple(each for each in whole if WEEK_S + 17 <= each.at_s < 4 * WEEK_S + 17)
    assert window


def test_a_drawn_event_outlives_its_hour():
    grid = GridFrequency(11, character=GREAT_BRITAIN_LIKE)
    late = next(each for each in grid.events(0, 52 * WEEK_S) if each.at_s % 3600 > 3300)
    border_s = (int(late.at_s) // 3600 + 1) * 3600
    quiet = GridFrequency(11, character=GREAT_BRITAIN_LIKE, random_events=False)
    change_hz = (grid.samples(border_s - 1, 2, 10) - quiet.samples(border_s - 1, 2, 10)).ravel()
    assert np.abs(change_hz).min() > 0.003
    assert np.abs(np.diff(change_hz)).max() < 0.02 * np.abs(change_hz).max()


def test_seeds_and_areas_differ():
    base = GridFrequency(1).samples(0, 5, 2)
    assert (GridFrequency(2).samples(0, 5, 2) != base).all()
    assert (GridFrequency(1, area=1).samples(0, 5, 2) != base).all()


def test_a_grid_of_sixty_hertz_is_about_sixty():
    assert abs(GridFrequency(1, 60.0).samples(0, 600, 1).mean() - 60.0) < 0.1


@pytest.mark.parametrize(("start_s", "n_seconds", "rate_hz"), [(0, 1, 0), (0, 1, 51), (0, -1, 20)])
def test_windows_that_cannot_be(start_s, n_seconds, rate_hz):
    with pytest.raises(InvalidQuantityError):
        GridFrequency(1).samples(start_s, n_seconds, rate_hz)


def test_a_day_at_20_hz_is_quick():
    GridFrequency(1).samples(0, 1, 20)
    grid = GridFrequency(77)
    before = perf_counter()
    grid.samples(0, DAY_S, 20)
    assert perf_counter() - before < 1.5
