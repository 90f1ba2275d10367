"""Fetched weather names its source on every way into a report."""

from datetime import UTC, date, datetime

from battuta.adapters.weather.open_meteo.fake import FakeOpenMeteo
from battuta.domain.weather import Place


def test_provenance_travels_with_the_weather(serve, make_client):
    place = Place(latitude_deg=48.1, longitude_deg=11.6)
    with serve(FakeOpenMeteo()) as server:
        fetched = make_client(server).previous_runs(place, date(2026, 7, 1), date(2026, 7, 1))
    assert fetched.fetched_at == datetime(2026, 7, 10, 8, 30, tzinfo=UTC)
    assert fetched.addresses[0].startswith("http://127.0.0.1:")
    assert "latitude=48.1000" in fetched.addresses[0]
    assert fetched.forecast.attribution in fetched.forecast.source
    assert fetched.forecast.attribution.endswith("(CC BY 4.0)")
