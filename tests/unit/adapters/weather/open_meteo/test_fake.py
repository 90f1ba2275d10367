"""The stand-in keeps to the documented format."""

import json
from datetime import date

import pytest

from battuta.adapters.weather.open_meteo.fake import FakeOpenMeteo

ASK = {
    "latitude": "52.52",
    "longitude": "13.41",
    "hourly": "temperature_2m,wind_speed_10m_previous_day1",
    "start_date": "2026-07-01",
    "end_date": "2026-07-02",
    "wind_speed_unit": "ms",
}


def test_its_answer_has_the_documented_fields():
    answer = json.loads(FakeOpenMeteo().reply("/v1/forecast", ASK).body)
    assert set(answer) == {
        "latitude",
        "longitude",
        "generationtime_ms",
        "utc_offset_seconds",
        "timezone",
        "timezone_abbreviation",
        "elevation",
        "hourly_units",
        "hourly",
    }
    assert answer["hourly_units"] == {
        "time": "unixtime",
        "temperature_2m": "°C",
        "wind_speed_10m_previous_day1": "m/s",
    }
    assert len(answer["hourly"]["time"]) == len(answer["hourly"]["temperature_2m"]) == 48
    assert answer["hourly"]["time"][0] == 1782864000  # 2026-07-01T00:00Z


def test_wind_is_in_km_per_h_unless_asked_otherwise():
    ask = {key: value for key, value in ASK.items() if key != "wind_speed_unit"}
    units = json.loads(FakeOpenMeteo().reply("/v1/forecast", ask).body)["hourly_units"]
    assert units["wind_speed_10m_previous_day1"] == "km/h"


@pytest.mark.parametrize(
    ("path", "changes", "status"),
    [
        ("/elsewhere", {}, 404),
        ("/v1/forecast", {"hourly": "tempeture_2m"}, 400),
        ("/v1/forecast", {"latitude": "north"}, 400),
        ("/v1/forecast", {"end_date": "tomorrow"}, 400),
        ("/v1/forecast", {"end_date": "2101-01-01"}, 400),
    ],
)
def test_it_refuses_as_documented(path, changes, status):
    reply = FakeOpenMeteo().reply(path, ASK | changes)
    assert reply.status == status
    assert set(json.loads(reply.body)) == {"error", "reason"}


def test_it_can_be_made_to_misbehave():
    fake = FakeOpenMeteo(hidden={1782864000}, left_out={"temperature_2m"}, offset_s=3600, value=lambda *_: None)
    answer = json.loads(fake.reply("/v1/forecast", ASK).body)
    assert len(answer["hourly"]["time"]) == 47
    assert "temperature_2m" not in answer["hourly"]
    assert set(answer["hourly"]["wind_speed_10m_previous_day1"]) == {None}
    assert answer["utc_offset_seconds"] == 3600
    assert FakeOpenMeteo(limit="Hourly API request limit exceeded.").reply("/v1/forecast", ASK).status == 429
    assert FakeOpenMeteo(last_day=date(2026, 7, 1)).reply("/v1/forecast", ASK).status == 400
