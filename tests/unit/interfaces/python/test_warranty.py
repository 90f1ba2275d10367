"""A site's warranty from a notebook."""

from datetime import UTC, date, datetime

import pytest

import battuta as bt
from unit.app.warranty_case import records


def test_a_frame_of_clauses(tmp_path):
    records(2880).write_parquet(tmp_path / "log.parquet")
    found = bt.watch_warranty("assumed_314ah", tmp_path / "log.parquet", start=date(2027, 1, 1), installed_mwh=5.0)
    assert found.is_synthetic
    assert found.first_breach is None
    cap = found.table.filter(clause="full_cycles").to_dicts()[0]
    assert cap["limit"] - cap["margin"] == pytest.approx(1.0)
    assert cap["used_up_on"].year > 2060
    assert repr(found).startswith("SYNTHETIC: assumed 314 Ah warranty as of 2027-01-03")
    assert "full_cycles" in found._repr_html_()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": "2027-01-01"}, "start = '2027-01-01' is no date"),
        ({"start": datetime(2027, 1, 1, tzinfo=UTC)}, "is no date"),
        ({"until": datetime(2027, 1, 1)}, "until = .* is no instant of a zone"),  # noqa: DTZ001
        ({"opened": "now"}, "opened = 'now' is no instant"),
        ({"installed_mwh": "5"}, "installed_mwh"),
        ({"telemetry": None}, "telemetry"),
        ({"terms": 5}, "terms"),
    ],
)
def test_what_cannot_be_is_named(tmp_path, given, said):
    asked = {"terms": "assumed_314ah", "telemetry": tmp_path, "start": date(2027, 1, 1), "installed_mwh": 5.0} | given
    terms, telemetry = asked.pop("terms"), asked.pop("telemetry")
    with pytest.raises(bt.BattutaError, match=said):
        bt.watch_warranty(terms, telemetry, **asked)
