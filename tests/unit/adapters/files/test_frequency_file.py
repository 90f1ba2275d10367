"""Frequencies from files: whole days second by second, means of what is finer, and refusals that say where."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.frequency_file import read_frequency
from battuta.domain.errors import DataError, InvalidQuantityError

DAY = 86_400


def write(folder, frequency_hz, time_s=None):
    path = folder / "days.parquet"
    time_s = np.arange(len(frequency_hz)) if time_s is None else time_s
    pl.DataFrame({"time_s": time_s, "frequency_hz": frequency_hz}).write_parquet(path)
    return path


def test_a_recorded_day_is_read_as_it_stands_and_its_rounded_hours_are_refused(tmp_path, data_dir):
    recorded = pl.read_parquet(data_dir / "frequency" / "us_gmlc_day_1s_pu.parquet")
    frequency_hz = recorded["f1_pu"].to_numpy() * 60.0
    assert np.array_equal(read_frequency(write(tmp_path, frequency_hz)).frequency_hz, frequency_hz)
    jitter_s = np.arange(DAY) + 0.2 * np.sin(np.arange(DAY))
    assert np.array_equal(read_frequency(write(tmp_path, frequency_hz, jitter_s)).frequency_hz, frequency_hz)
    path = tmp_path / "hours.csv"
    pl.DataFrame({"t_hours": recorded["hour"], "frequency_hz": frequency_hz}).write_csv(path)
    with pytest.raises(DataError, match=r"row 36003: no later than the one before; .* round none"):
        read_frequency(path)


def test_what_is_finer_is_averaged_and_instants_of_any_offset_are_days_of_utc(tmp_path):
    tenth = np.arange(10 * DAY)
    got = read_frequency(write(tmp_path, 50.0 + tenth % 10 * 0.01, tenth / 10.0)).frequency_hz
    assert got.shape == (DAY,)
    assert np.allclose(got, 50.045)
    at = np.datetime64("2025-03-29T23:00") + np.arange(DAY) * np.timedelta64(1000, "ms")
    at = at.astype("datetime64[ms]") + np.timedelta64(3_600_000, "ms")
    path = tmp_path / "dated.parquet"
    dated = pl.DataFrame({"time": at, "frequency_hz": 50.0 + np.arange(DAY) * 1e-6})
    berlin = pl.col("time").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    dated.with_columns(berlin, is_synthetic=True).write_parquet(path)
    read = read_frequency(path)
    assert read.frequency_hz[-1] == 50.0 + (DAY - 1) * 1e-6
    assert read.is_synthetic


QUIET = np.full(DAY, 50.0)


@pytest.mark.parametrize(
    ("frequency_hz", "time_s", "error", "words"),
    [
        (QUIET[:-2], np.delete(np.arange(DAY), [3725, 3726]), DataError, "2 seconds .* first is day 1, 01:02:05 UTC"),
        (QUIET[:-1], None, DataError, "ends 86399 s after midnight UTC"),
        (QUIET, np.arange(DAY) + 5.0, DataError, "begins 5 s after midnight UTC"),
        (QUIET, 2.0 * np.arange(DAY), DataError, "a value every 2 s"),
        (QUIET, np.zeros(DAY), DataError, "row 3: no later than the one before"),
        (np.where(np.arange(DAY) == 4, np.nan, QUIET), None, DataError, "1 of 86400 .* row 6"),
        (QUIET / 50.0, None, InvalidQuantityError, "row 2 .per unit"),
    ],
)
def test_what_is_no_whole_day_is_refused_with_its_place(tmp_path, frequency_hz, time_s, error, words):
    with pytest.raises(error, match=words):
        read_frequency(write(tmp_path, frequency_hz, time_s))


def test_a_recording_at_two_seconds_is_too_coarse(tmp_path, data_dir):
    toledo = pl.read_parquet(data_dir / "frequency" / "es_toledo_2025-04-28_2s.parquet")
    frequency_hz = toledo["AnalyzerL1Frequency"].drop_nulls().drop_nans().to_numpy()
    frequency_hz = frequency_hz[frequency_hz > 45.0]
    with pytest.raises(DataError, match="a value every 2 s"):
        read_frequency(write(tmp_path, frequency_hz, 2.0 * np.arange(frequency_hz.size)))
