"""The stand-in keeps to the documented format."""

import re
from xml.etree.ElementTree import fromstring

import pytest

from battuta.adapters.markets.entsoe.fake import ACKNOWLEDGEMENT, PUBLICATION, FakeEntsoe

ASK = {
    "securityToken": "a-token",
    "documentType": "A44",
    "in_Domain": "10Y1001A1001A82H",
    "out_Domain": "10Y1001A1001A82H",
    "periodStart": "202605292200",
    "periodEnd": "202605302200",
}


def test_its_answer_is_a_publication_with_one_series_per_auction():
    reply = FakeEntsoe().reply("/api", ASK)
    root = fromstring(reply.body)
    assert root.tag == f"{{{PUBLICATION}}}Publication_MarketDocument"
    assert len(root.findall("{*}TimeSeries")) == 2
    # every second quarter hour repeats, and is left out
    assert len(root.findall("{*}TimeSeries/{*}Period/{*}Point")) == 2 * 48
    assert re.search(rb"<start>2026-05-29T22:00Z</start><end>2026-05-30T22:00Z</end>", reply.body)


def test_every_block_may_be_told():
    root = fromstring(FakeEntsoe(curve="A01", sequences=(None,)).reply("/api", ASK).body)
    assert len(root.findall("{*}TimeSeries/{*}Period/{*}Point")) == 96
    assert b"classificationSequence" not in FakeEntsoe(sequences=(None,)).reply("/api", ASK).body


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"securityToken": "x"}, 401),
        ({"documentType": "A65"}, 400),
        ({"in_Domain": "x"}, 400),
        ({"out_Domain": "x"}, 400),
        ({"periodStart": "today"}, 400),
        ({"periodEnd": "202605292200"}, 200),
    ],
)
def test_it_acknowledges_what_it_does_not_answer(changes, status):
    reply = FakeEntsoe().reply("/api", ASK | changes)
    assert reply.status == status
    assert fromstring(reply.body).tag == f"{{{ACKNOWLEDGEMENT}}}Acknowledgement_MarketDocument"
