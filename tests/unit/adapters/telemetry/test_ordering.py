"""Order of time: duplicates once, late rows sorted in, two passes through one stretch dropped."""

import numpy as np

from battuta.adapters.telemetry.ordering import in_order
from battuta.ports.telemetry import TelemetryFlaw

MINUTE_NS = 60 * 1_000_000_000


def counts(findings):
    return {finding.flaw.value: finding.count for finding in findings.taken()}


def order_of(*parts):
    return np.concatenate([np.arange(*part) for part in parts])


def test_rows_in_order_are_left_alone(rows, findings):
    assert in_order(rows, findings) is rows
    assert findings.taken() == ()


def test_rows_sent_twice_count_once(rows, findings):
    again = in_order(rows.take(order_of((0, 30), (20, 60))), findings)
    np.testing.assert_array_equal(again.time_ns, rows.time_ns)
    np.testing.assert_array_equal(again.voltage_v, rows.voltage_v)
    (seen,) = findings.taken()
    assert (seen.flaw, seen.count, seen.row) == (TelemetryFlaw.DUPLICATE, 10, 22)
    assert seen.first_ns == rows.time_ns[20]


def test_rows_of_one_instant_that_differ_are_dropped_both(rows, findings):
    twice = rows.take(order_of((0, 31), (30, 60)))
    twice.voltage_v[31, 2] += 0.001
    assert in_order(twice, findings).time_ns.tolist() == np.delete(rows.time_ns, 30).tolist()
    assert counts(findings) == {"conflicting_duplicate": 2}


def test_late_packets_are_sorted_in(rows, findings):
    late = rows.take(order_of((0, 10), (12, 20), (10, 12), (21, 40), (20, 21), (40, 60)))
    np.testing.assert_array_equal(in_order(late, findings).voltage_v, rows.voltage_v)
    (seen,) = findings.taken()
    assert (seen.flaw, seen.count, seen.first_ns) == (TelemetryFlaw.LATE_ROW, 3, rows.time_ns[10])


def test_every_other_row_late_is_late_and_no_clock(rows, findings):
    late = rows.take(order_of((0, 10), (10, 20, 2), (11, 20, 2), (20, 60)))
    np.testing.assert_array_equal(in_order(late, findings).time_ns, rows.time_ns)
    assert counts(findings) == {"late_row": 4}


def test_a_clock_set_back_spoils_both_passes(rows, findings):
    rows.time_ns[40:] -= 20 * MINUTE_NS + 7_000_000_000
    left = in_order(rows, findings)
    assert left.time_ns.tolist() == rows.time_ns[:20].tolist()
    assert counts(findings) == {"clock_set_back": 40}


def test_a_clock_set_back_for_five_minutes_spoils_no_more(rows, findings):
    again = rows.take(order_of((0, 40), (10, 15), (40, 60)))
    again.time_ns[40:45] += 7_000_000_000
    again.voltage_v[40:45] += 0.01
    left = in_order(again, findings)
    assert left.time_ns.tolist() == [*rows.time_ns[:11].tolist(), *rows.time_ns[16:].tolist()]
    assert counts(findings) == {"clock_set_back": 10}


def test_a_clock_set_back_onto_the_same_minutes_spoils_both_passes(rows, findings):
    rows.time_ns[40:] -= 10 * MINUTE_NS
    left = in_order(rows, findings)
    assert left.time_ns.tolist() == [*rows.time_ns[:30].tolist(), *rows.time_ns[50:].tolist()]
    assert counts(findings) == {"clock_set_back": 20}


def test_a_late_batch_that_ends_among_rows_already_there_is_late(rows, findings):
    late = rows.take(order_of((0, 10), (20, 40), (10, 23), (40, 60)))
    late.voltage_v[40:43] += 0.01
    assert in_order(late, findings).time_ns.tolist() == np.delete(rows.time_ns, [20, 21, 22]).tolist()
    assert counts(findings) == {"late_row": 13, "conflicting_duplicate": 6}
