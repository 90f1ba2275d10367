"""What is written is read back unchanged."""

import numpy as np
import pytest

from battuta.adapters.weather.file import read_weather
from battuta.adapters.weather.simulated import planted_market
from battuta.adapters.weather.writer import write_weather
from battuta.domain.errors import DataError, UsageError


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_round_trip(tmp_path, ending):
    _, weather = planted_market(3, 2)
    path = tmp_path / f"weather{ending}"
    write_weather(weather, path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    again = read_weather(path, place=weather.place).forecast
    np.testing.assert_array_equal(again.time_ns, weather.time_ns)
    np.testing.assert_array_equal(again.known_at_ns, weather.known_at_ns)
    assert list(again.columns) == list(weather.columns)
    for name, values in weather.columns.items():
        np.testing.assert_array_equal(again.columns[name], values)
    assert again.is_synthetic


def test_what_cannot_be_written_is_named(tmp_path):
    _, weather = planted_market(3, 1)
    with pytest.raises(UsageError, match=r"neither in \.csv nor in \.parquet"):
        write_weather(weather, tmp_path / "weather.xlsx")
    with pytest.raises(DataError, match="cannot be written"):
        write_weather(weather, tmp_path / "none" / "weather.csv")
