"""Logs of a Pylontech console: charge positive, in the console's units or in ours, made in the test."""

import numpy as np
import pytest

from battuta.adapters.telemetry.pylontech import PylontechTelemetry
from battuta.domain.errors import ClockError, UsageError
from battuta.ports.telemetry import TelemetryFlaw
from unit.adapters.telemetry.strings import make_block

N_CELLS = 15


def write(path, block, *, is_raw, n_sensors=5, flags=True):
    volts, amperes, degrees = (1000.0, 1000.0, 1000.0) if is_raw else (1.0, 1.0, 1.0)
    header = ["time", *(f"v{n}" for n in range(N_CELLS)), *(f"t{n}" for n in range(n_sensors)), "soc", "ah", "current"]
    header += [f"bal{n}" for n in range(N_CELLS)] if flags else []
    lines = [",".join(header)]
    for row in range(block.n_times):
        cells = [str(np.datetime64(int(block.time_ns[row]), "ns").astype("datetime64[s]")).replace("T", " ")]
        cells += [f"{volts * v:.6g}" for v in block.voltage_v[row]]
        cells += [f"{degrees * t:.6g}" for t in block.temperature_c[row]]
        cells += ["85", "62900", f"{-amperes * block.current_a[row]:.6g}"]
        cells += (["Y" if n == 4 else "N" for n in range(N_CELLS)]) if flags else []
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(("units", "n_sensors"), [("console", 15), ("console", 5), ("si", 5)])
def test_a_log_is_read_in_the_units_that_are_stated(tmp_path, units, n_sensors):
    block = make_block("log", n_cells=N_CELLS, n_sensors=n_sensors, bleed=False)
    path = write(tmp_path / "log.csv", block, is_raw=units == "console", n_sensors=n_sensors)
    (seen,) = PylontechTelemetry(path, units=units, clock="utc", balancing_current_a=0.06).read("log")
    np.testing.assert_array_equal(seen.block.time_ns, block.time_ns)
    np.testing.assert_allclose(seen.block.voltage_v, block.voltage_v)
    np.testing.assert_allclose(seen.block.temperature_c, block.temperature_c)
    np.testing.assert_allclose(seen.block.current_a, block.current_a)
    np.testing.assert_allclose(seen.block.bleed_ah[1:, 4], 0.001)
    assert not seen.block.bleed_ah[1:, 5].any()
    assert {each.flaw for each in seen.findings} == {TelemetryFlaw.UNKNOWN_BLEED}


def test_a_log_without_flags_has_no_charge(tmp_path):
    path = write(tmp_path / "log.csv", make_block(n_cells=N_CELLS, n_sensors=5), is_raw=True, flags=False)
    (seen,) = PylontechTelemetry(path, units="console", clock="utc", string_id="US2000").read("US2000")
    assert seen.block.bleed_ah is None
    assert seen.findings == ()


def test_units_and_clock_are_asked_for(tmp_path):
    path = write(tmp_path / "log.csv", make_block(n_cells=N_CELLS, n_sensors=5), is_raw=True)
    with pytest.raises(UsageError, match=r"units = 'mV' is none of console, si: .*3312 or 3\.312"):
        PylontechTelemetry(path, units="mV", clock="utc")
    with pytest.raises(ClockError, match="has no offset"):
        list(PylontechTelemetry(path, units="console", clock="offset").read("log"))


def test_flags_without_a_current_ask_for_the_word_that_states_it(tmp_path):
    path = write(tmp_path / "log.csv", make_block(n_cells=N_CELLS, n_sensors=5), is_raw=True)
    (seen,) = PylontechTelemetry(path, units="console", clock="utc").read("log")
    (said,) = [str(each) for each in seen.findings if each.flaw is TelemetryFlaw.UNKNOWN_BLEED]
    assert "(balancing_current_a)" in said
    assert "flag_current_a" not in said
