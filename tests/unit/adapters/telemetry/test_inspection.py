"""Rows to blocks: gaps counted, changes of the number of cells named, charge told only where it can be."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.telemetry.inspection import checked
from battuta.domain.errors import DataError
from battuta.ports.telemetry import TelemetryFlaw

MINUTE_NS = 60 * 1_000_000_000
HOUR_NS = 60 * MINUTE_NS


def run(parts, findings):
    return list(checked(iter(parts), findings, source="a.csv"))


def test_good_rows_are_a_block_as_they_are(rows, block, findings):
    (seen,) = run([rows], findings)
    assert seen.findings == ()
    np.testing.assert_array_equal(seen.block.voltage_v, block.voltage_v)
    np.testing.assert_array_equal(seen.block.time_ns, block.time_ns)
    np.testing.assert_array_equal(seen.block.bleed_ah, block.bleed_ah)


def test_gaps_are_counted_and_stay_gaps(rows, findings):
    kept = rows.take(np.delete(np.arange(60), [5, 20, 21, 22]))
    (seen,) = run([kept], findings)
    (gap,) = seen.findings
    assert (gap.flaw, gap.count, gap.first_ns, gap.row) == (TelemetryFlaw.GAP, 4, rows.time_ns[6], 8)
    assert seen.block.n_times == 56


def test_a_gap_between_blocks_is_seen(rows, findings):
    seen = run([rows.take(slice(0, 20)), rows.take(slice(30, 60))], findings)
    assert [each.count(TelemetryFlaw.GAP) for each in seen] == [0, 10]


def test_a_clock_that_was_set_is_named(rows, findings):
    rows.time_ns[30:] += 23 * 1_000_000_000
    (seen,) = run([rows], findings)
    (off,) = seen.findings
    assert (off.flaw, off.count, off.first_ns) == (TelemetryFlaw.IRREGULAR_STEP, 1, rows.time_ns[30])


def test_another_number_of_cells_is_named(rows, findings):
    fewer = rows.take(slice(30, 60))
    fewer = type(fewer)(
        string_id="S1",
        time_ns=fewer.time_ns,
        number=fewer.number,
        current_a=fewer.current_a,
        voltage_v=fewer.voltage_v[:, :3],
        temperature_c=fewer.temperature_c,
        bleed_ah=fewer.bleed_ah[:, :3],
    )
    seen = run([rows.take(slice(0, 30)), fewer], findings)
    assert [each.block.n_cells for each in seen] == [4, 3]
    assert "cells from 4 to 3" in str(seen[1].findings[0])


def test_charge_is_current_times_time_and_unknown_after_a_gap(rows, findings):
    kept = rows.take(np.delete(np.arange(60), [5, 6]))
    bled = type(kept)(
        string_id="S1",
        time_ns=kept.time_ns,
        number=kept.number,
        current_a=kept.current_a,
        voltage_v=kept.voltage_v,
        temperature_c=kept.temperature_c,
        bleed_a=np.full((58, 4), 0.06),
    )
    first, second = run([bled.take(slice(0, 30)), bled.take(slice(30, 58))], findings)
    assert np.flatnonzero(np.isnan(first.block.bleed_ah[:, 0])).tolist() == [0, 5]
    np.testing.assert_allclose(first.block.bleed_ah[1], 0.06 / 60.0)
    np.testing.assert_allclose(second.block.bleed_ah, 0.06 / 60.0)
    assert first.count(TelemetryFlaw.UNKNOWN_BLEED) == 2


def test_findings_of_rows_that_were_all_dropped_come_with_the_next_block(rows, findings):
    twice = rows.take(np.array([0, 0]))
    twice.voltage_v[1, 0] += 0.5
    (seen,) = run([twice, rows.take(slice(1, 60))], findings)
    assert [each.flaw for each in seen.findings] == [TelemetryFlaw.CONFLICTING_DUPLICATE]


def test_nothing_usable_is_an_error_that_says_what_was_seen(rows, findings):
    twice = rows.take(np.array([0, 0]))
    twice.voltage_v[1, 0] += 0.5
    with pytest.raises(DataError, match=r"(?s)a.csv: string S1 has no usable row.*conflicting_duplicate"):
        run([twice], findings)


def test_what_an_earlier_run_saw_is_no_gap_and_tells_the_charge(rows, findings):
    rows = replace(rows, bleed_ah=None, bleed_a=np.ones(rows.voltage_v.shape))
    later = rows.take(slice(30, None))

    def told(seen_ns):
        (seen,) = checked(iter([later]), findings, source="a.csv", seen_ns=seen_ns)
        return seen.count(TelemetryFlaw.GAP), seen.count(TelemetryFlaw.UNKNOWN_BLEED), seen.block.bleed_ah[0, 0]

    assert told(None)[:2] == (0, 1)
    assert told(int(rows.time_ns[29])) == (0, 0, pytest.approx(1.0 / 60.0))
    assert told(int(rows.time_ns[24]))[:2] == (5, 1)
    assert told(int(rows.time_ns[-1]))[:2] == (0, 1)
