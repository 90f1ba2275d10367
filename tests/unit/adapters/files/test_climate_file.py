"""Climates from files: those of two places as published, each with its clock, and what is no climate."""

import numpy as np
import pytest

from battuta.adapters.files.climate_file import read_climate
from battuta.domain.errors import ClockError, DataError, InvalidQuantityError, UsageError


def hour_of_warmest(year_c):
    return int(np.argmax(year_c.reshape(365, 24, 60).mean(axis=(0, 2))))


def test_two_places_are_warmest_after_their_noon(data_dir):
    folder = data_dir / "twin" / "climate"
    honolulu = read_climate(folder / "nsrdb_honolulu.csv").ambient_c
    miami = read_climate(folder / "hourly_temperature_miami.csv").ambient_c
    in_utc = read_climate(folder / "hourly_temperature_miami.csv", utc_offset_h=-5.0).ambient_c
    assert honolulu.shape == miami.shape == (525_600,)
    assert honolulu[:31].tolist() == [24.5] * 31
    assert miami[30] == pytest.approx((19.4 + 18.9) / 2)
    assert 11 <= (hour_of_warmest(honolulu) - 10) % 24 <= 15
    assert 11 <= hour_of_warmest(miami) <= 15
    assert np.array_equal(in_utc[300:], miami[:-300])


def write(folder, text):
    path = folder / "place.csv"
    path.write_text(text)
    return path


def dated(n_days, begin):
    return np.datetime_as_string(np.datetime64(begin) + np.arange(24 * n_days) * np.timedelta64(1, "h"), unit="m")


def test_a_year_from_july_is_laid_from_january(tmp_path):
    rows = "".join(f"{label}Z,{t / 1000}\n" for t, label in enumerate(dated(365, "2026-07-01T00:00")))
    read = read_climate(write(tmp_path, "time,temperature_c\n" + rows))
    assert read.ambient_c[181 * 1440] == 0.0
    assert read.ambient_c[0] == pytest.approx(184 * 24 / 1000)
    assert not read.is_synthetic
    with pytest.raises(UsageError, match="carry their offset already"):
        read_climate(tmp_path / "place.csv", utc_offset_h=1.0)
    with pytest.raises(InvalidQuantityError, match="utc_offset_h = 15 h"):
        read_climate(tmp_path / "place.csv", utc_offset_h=15.0)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("Time_s,temp\n0,1\n", DataError, "no column of temperatures; .* it has Time_s, temp"),
        ("Time_s,T_degC,Temperature_C\n0,1,1\n", DataError, "2 columns of temperatures; keep one"),
        ("time,temperature_c\n2026-01-01T00:00,1\n", ClockError, "no offset"),
        ("Time_s,T_degC\n0,1\n3600,2\n", DataError, "0.1 days of temperatures"),
    ],
)
def test_what_is_no_climate_is_refused(tmp_path, text, error, words):
    with pytest.raises(error, match=words):
        read_climate(write(tmp_path, text))
