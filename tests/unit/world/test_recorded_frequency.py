"""A recording is played back as far as it goes, and no further."""

import numpy as np
import polars as pl
import pytest

from battuta.domain.errors import DataError, StaleDataError
from battuta.world.recorded_frequency import RecordedFrequency


@pytest.fixture(scope="module")
def toledo(data_dir):
    table = pl.read_parquet(data_dir / "frequency" / "es_toledo_2025-04-28_2s.parquet")
    times_s = np.arange(table.height) * 2.0
    return RecordedFrequency(times_s, table["AnalyzerL1Frequency"].to_numpy(), 50.0)


def test_a_slow_recording_is_not_made_fast(toledo):
    assert toledo.rate_hz_max == 0.5
    with pytest.raises(StaleDataError, match="hold=True"):
        toledo.samples(0, 10, 1)


def test_a_slow_meter_repeats_itself(toledo):
    held = toledo.samples(0, 4, 2, hold=True)
    assert held.ravel().tolist() == [50.016] * 4 + [50.013] * 4


def test_an_event_at_thirty_samples_a_second(data_dir):
    table = pl.read_parquet(data_dir / "frequency" / "us_gmlc_event_150s.parquet")
    frequency_hz = table["Bus1.F"].to_numpy()
    trace = RecordedFrequency(np.arange(table.height) / 30.0, frequency_hz, 60.0)
    assert trace.samples(0, 149, 30).shape == (149, 30)
    np.testing.assert_allclose(trace.samples(0, 149, 30).ravel(), frequency_hz[: 149 * 30], atol=1e-9)
    with pytest.raises(StaleDataError):
        trace.samples(0, 1, 50)


def test_sixty_hertz_is_never_taken_for_fifty(data_dir):
    with pytest.raises(DataError, match="never rescaled"):
        RecordedFrequency(np.arange(3.0), np.full(3, 60.0), 50.0)
    per_unit = pl.read_parquet(data_dir / "frequency" / "us_gmlc_day_1s_pu.parquet")["f1_pu"].to_numpy()
    times_s = np.arange(per_unit.size, dtype=np.float64)
    with pytest.raises(DataError, match="from_per_unit"):
        RecordedFrequency(times_s, per_unit, 60.0)
    day = RecordedFrequency.from_per_unit(times_s, per_unit, 60.0)
    np.testing.assert_array_equal(day.samples(0, 86_400, 1).ravel(), per_unit * 60.0)


def test_what_is_missing_stays_missing():
    times_s = np.array([0.0, 1.0, 2.0, 3.0, 10.0, 11.0])
    trace = RecordedFrequency(times_s, np.array([50.0, 50.2, np.nan, 50.0, 50.1, 50.1]), 50.0)
    seen = trace.at(np.array([-1.0, 0.5, 1.0, 1.5, 3.0, 6.0, 10.0, 11.0, 12.0]))
    np.testing.assert_array_equal(np.isnan(seen), [True, False, False, True, False, True, False, False, True])
    assert seen[1] == pytest.approx(50.1)
    held = trace.samples(0, 13, 1, hold=True).ravel()
    np.testing.assert_array_equal(np.isnan(held), [k in {2, 5, 6, 7, 8, 9} for k in range(13)])


@pytest.mark.parametrize(
    ("times_s", "frequency_hz", "told"),
    [
        ([0.0, 0.0], [50.0, 50.0], "sample 1: its time, 0 s, does not come after the one before, 0 s; sort by time"),
        ([0.0, 2.0, 1.0], [50.0] * 3, "sample 2: its time, 1 s, does not come after the one before, 2 s"),
        ([0.0], [50.0], "needs two samples or more, to know its pace; this has 1"),
        ([0.0, 1.0], [50.0], "(2,) and frequency_hz (1,) must be equally long"),
        ([0.0, 1.0, np.inf], [50.0] * 3, "sample 2: the time is inf, no instant"),
        ([0.0, np.nan, 2.0], [50.0] * 3, "sample 1: the time is nan, no instant"),
        ([0.0, 1.0, 2.0], [50.0, 1e9, 50.0], "sample 1: 1e+09 Hz is more than 25% from the nominal 50 Hz; write"),
        ([0.0, 1.0, 2.0], [50.0, 50.0, -1e300], "sample 2: -1e+300 Hz is more than 25%"),
        ([0.0, 1.0, 2.0], [-np.inf, 50.0, 50.0], "sample 0: -inf Hz is more than 25%"),
        ([0.0, 1.0, 2.0], [50.0, 62.6, 50.0], "write what is missing as NaN"),
    ],
)
def test_traces_that_are_none_are_told_where(times_s, frequency_hz, told):
    with pytest.raises(DataError) as refused:
        RecordedFrequency(np.array(times_s), np.array(frequency_hz), 50.0)
    assert told in str(refused.value)


def test_a_nominal_frequency_that_is_no_number_is_refused():
    with pytest.raises(DataError, match="never rescaled"):
        RecordedFrequency(np.arange(3.0), np.full(3, 50.0), np.nan)


def test_what_a_meter_shows_on_a_dying_line_is_played_back(toledo):
    assert np.nanmin(toledo.samples(0, 7200, 1, hold=True)) == 40.0
