"""The promise of a weather source, kept by the planted market behind it."""

import inspect

from battuta.adapters.weather.simulated import planted_market
from battuta.domain.weather import WeatherImport
from battuta.ports.weather_source import WeatherSource


class SyntheticSource:
    def read(self) -> WeatherImport:
        return WeatherImport(forecast=planted_market(1, 2)[1], findings=())


def test_a_source_gives_the_same_weather_again():
    source: WeatherSource = SyntheticSource()
    first, second = source.read().forecast, source.read().forecast
    assert first.columns["temperature_c"].tobytes() == second.columns["temperature_c"].tobytes()
    assert first.known_at_ns.tobytes() == second.known_at_ns.tobytes()


def test_reading_takes_no_argument():
    assert list(inspect.signature(WeatherSource.read).parameters) == ["self"]
