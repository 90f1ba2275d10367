"""The promise of a source of telemetry: a finding says where and how much, an import counts by kind."""

import inspect

import numpy as np

from battuta.domain.telemetry import Block
from battuta.ports.telemetry import BlockImport, TelemetryFinding, TelemetryFlaw, TelemetrySource


def finding(flaw, count, **place):
    place = {"string_id": "S1", "channel": "voltage_v[3]", "first_ns": None, **place}
    return TelemetryFinding(flaw=flaw, count=count, detail="seen", **place)


def test_a_finding_names_only_the_places_it_has():
    assert str(finding(TelemetryFlaw.GAP, 1)) == "S1, voltage_v[3]: seen [gap]"
    assert str(finding(TelemetryFlaw.GAP, 1, row=7, string_id="")) == "voltage_v[3], row 7: seen [gap]"


def test_an_import_counts_by_kind():
    block = Block(
        string_id="S1",
        time_ns=np.arange(2),
        current_a=np.zeros(2),
        voltage_v=np.full((2, 3), 3.3),
        temperature_c=np.empty((2, 0)),
    )
    seen = BlockImport(block=block, findings=(finding(TelemetryFlaw.GAP, 3), finding(TelemetryFlaw.GAP, 4)))
    assert (seen.count(TelemetryFlaw.GAP), seen.count(TelemetryFlaw.DUPLICATE)) == (7, 0)


def test_a_source_reads_one_string_at_a_time():
    assert list(inspect.signature(TelemetrySource.read).parameters) == ["self", "string_id"]
