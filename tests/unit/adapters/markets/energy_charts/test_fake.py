"""The stand-in keeps to the documented format."""

import json
from datetime import date

import pytest

from battuta.adapters.markets.energy_charts.fake import FakeEnergyCharts

ASK = {"bzn": "DE-LU", "start": "2025-09-30", "end": "2025-10-01"}


def test_its_answer_has_the_documented_fields():
    answer = json.loads(FakeEnergyCharts().reply("/price", ASK).body)
    assert set(answer) == {"license_info", "unix_seconds", "price", "unit", "deprecated"}
    assert len(answer["unix_seconds"]) == len(answer["price"]) == 24 + 96
    assert answer["unix_seconds"][0] == 1759183200  # 2025-09-30T00:00+02:00


@pytest.mark.parametrize(
    ("path", "changes", "status"),
    [
        ("/elsewhere", {}, 404),
        ("/price", {"bzn": "XX"}, 400),
        ("/price", {"start": "yesterday"}, 400),
        ("/price", {"end": ""}, 400),
        ("/price", {"start": "2025-10-02"}, 404),
    ],
)
def test_it_refuses_as_documented(path, changes, status):
    reply = FakeEnergyCharts().reply(path, ASK | changes)
    assert reply.status == status
    assert set(json.loads(reply.body)) == {"detail"}


def test_it_can_be_made_to_lack_prices():
    fake = FakeEnergyCharts(last_day=date(2025, 9, 30), hidden={1759183200}, price_per_mwh=lambda _: None)
    answer = json.loads(fake.reply("/price", ASK).body)
    assert len(answer["unix_seconds"]) == 23
    assert set(answer["price"]) == {None}
