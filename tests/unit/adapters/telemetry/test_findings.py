"""Findings are handed over once, with their first place."""

import numpy as np

from battuta.ports.telemetry import TelemetryFlaw


def test_rows_are_named_by_the_first_of_them(findings):
    time_ns, number = np.array([10, 20, 30]), np.array([2, 3, 4])
    findings.note_rows(TelemetryFlaw.LATE_ROW, "late", time_ns, number, np.array([1, 2]))
    findings.note_rows(TelemetryFlaw.GAP, "none", time_ns, None, np.array([], dtype=np.int64))
    (seen,) = findings.taken()
    assert (seen.first_ns, seen.row, seen.count, seen.string_id) == (20, 3, 2, "S1")
    assert findings.taken() == ()
