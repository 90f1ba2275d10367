"""What no sensor can have measured is missing; what looks wrong is named and kept."""

import numpy as np
import pytest

from battuta.adapters.telemetry.plausible import (
    PlausibleRange,
    note_what_looks_wrong,
    require_usual_voltages,
    with_missing,
)
from battuta.domain.errors import DataError
from battuta.ports.telemetry import TelemetryFlaw

LIMITS = PlausibleRange()


def test_good_rows_have_no_findings(rows, findings):
    before = rows.voltage_v.copy()
    seen = with_missing(rows, LIMITS, findings)
    note_what_looks_wrong(seen, LIMITS, findings)
    np.testing.assert_array_equal(seen.voltage_v, before)
    assert findings.taken() == ()


@pytest.mark.parametrize("code", [0.0, 65.535, -1.0, np.inf])
def test_error_codes_are_missing(rows, findings, code):
    rows.voltage_v[7, 2] = rows.voltage_v[9, 1] = code
    seen = with_missing(rows, LIMITS, findings)
    assert np.argwhere(np.isnan(seen.voltage_v)).tolist() == [[7, 2], [9, 1]]
    (finding,) = findings.taken()
    assert (finding.flaw, finding.count, finding.channel) == (TelemetryFlaw.OUT_OF_RANGE, 2, "voltage_v[2]")
    assert (finding.first_ns, finding.row) == (rows.time_ns[7], 9)


def test_a_cell_at_a_tenth_of_a_volt_is_evidence(rows, findings):
    rows.voltage_v[7, 2] = 0.1
    assert with_missing(rows, LIMITS, findings).voltage_v[7, 2] == 0.1


def test_missing_values_are_counted_apart(rows, findings):
    rows.voltage_v[3:5, 1] = np.nan
    rows.current_a[6] = np.nan
    rows.temperature_c[2, 0] = -273.15
    rows.bleed_ah[1, 0] = 1e9
    with_missing(rows, LIMITS, findings)
    assert [(each.flaw.value, each.channel, each.count) for each in findings.taken()] == [
        ("missing_value", "current_a", 1),
        ("missing_value", "voltage_v[1]", 2),
        ("out_of_range", "temperature_c[0]", 1),
        ("out_of_range", "bleed_ah[0]", 1),
    ]


def test_a_cell_that_does_not_move_is_named_and_kept(rows, findings):
    rows.voltage_v[:, 3] = 3.301
    note_what_looks_wrong(rows, LIMITS, findings)
    (finding,) = findings.taken()
    assert (finding.flaw, finding.channel, finding.count) == (TelemetryFlaw.STUCK_VALUE, "voltage_v[3]", 60)
    assert np.all(rows.voltage_v[:, 3] == 3.301)


def test_a_string_at_rest_has_no_stuck_cell(rows, findings):
    rows.voltage_v[:] = 3.301
    note_what_looks_wrong(rows, LIMITS, findings)
    assert findings.taken() == ()


def test_a_current_of_the_wrong_sign_is_named(rows, findings):
    rows.current_a[:] *= -1.0
    note_what_looks_wrong(rows, LIMITS, findings)
    (finding,) = findings.taken()
    assert finding.flaw is TelemetryFlaw.WRONG_SIGN


def test_a_string_without_any_value_is_no_reason_to_warn(rows, findings):
    rows.voltage_v[:] = np.nan
    rows.current_a[:] = np.nan
    note_what_looks_wrong(rows, LIMITS, findings)
    assert findings.taken() == ()


@pytest.mark.parametrize(("factor", "unit"), [(1e3, "mV"), (1e-3, "kV")])
def test_voltages_in_another_unit_are_refused(rows, factor, unit):
    require_usual_voltages(rows, "a.csv")
    rows.voltage_v[:] *= factor
    with pytest.raises(DataError, match=rf"a\.csv: half of the voltages of string S1 .* as cells read in {unit}"):
        require_usual_voltages(rows, "a.csv")


@pytest.mark.parametrize("code", [0.0, 65.535, np.nan, -1.0])
def test_a_block_of_error_codes_is_no_other_unit(rows, code):
    rows.voltage_v[:] = code
    require_usual_voltages(rows, "a.csv")


@pytest.mark.parametrize(("turned", "n_steps", "is_named"), [(-1.0, 10, True), (1.0, 10, False), (-1.0, 6, False)])
def test_ten_steps_tell_a_sign_and_six_do_not(rows, findings, turned, n_steps, is_named):
    rows.current_a[:] = 0.0
    for at in range(n_steps):
        rows.current_a[5 * at : 5 * at + 5] = 40.0 * ((at + 1) % 2)
    rows.voltage_v[:] = 3.3 - turned * 0.001 * rows.current_a[:, None]
    note_what_looks_wrong(rows, LIMITS, findings)
    assert (TelemetryFlaw.WRONG_SIGN in {each.flaw for each in findings.taken()}) == is_named
