"""The field set of BattGP: a file of its layout, made in the test."""

import numpy as np
import pytest

from battuta.adapters.telemetry.battgp import BattGpTelemetry
from battuta.domain.errors import DataError, UsageError
from battuta.ports.telemetry import TelemetryFlaw
from unit.adapters.telemetry.strings import make_block


def write(folder, system, block, first=""):
    header = [
        first,
        "U_Battery",
        "I_Battery",
        "SOC_Battery",
        *(f"Temperature_{n}" for n in range(1, 5)),
        "U_CR",
        "I_CR",
    ]
    for n in range(1, 9):
        header += [f"U_Cell_{n}", f"I_CNV_Cell_{n}", f"T_CNV_Cell_{n}", f"SOC_Cell_{n}"]
    lines = [",".join(header)]
    for row in range(block.n_times):
        cells = [str(np.datetime64(int(block.time_ns[row]), "ns").astype("datetime64[s]")).replace("T", " ")]
        cells += [f"{block.voltage_v[row].sum():.3f}", f"{-block.current_a[row]}", "50"]
        cells += [*map(str, block.temperature_c[row]), "0", "0"]
        for cell in range(8):
            cells += [str(block.voltage_v[row, cell]), "0.6" if cell == 2 else "-0.6", "30", "50"]
        lines.append(",".join(cells))
    (folder / f"data_sys_{system}.csv").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("first", ["", "Timestamp"])
def test_a_system_is_read(tmp_path, first):
    block = make_block("14", n_cells=8, n_sensors=4, bleed=False)
    write(tmp_path, 14, block, first)
    write(tmp_path, 3, make_block("3", n_cells=8, n_sensors=4, bleed=False), first)
    source = BattGpTelemetry(tmp_path, clock="utc")
    assert source.strings() == ("14", "3")
    (seen,) = source.read("14")
    np.testing.assert_array_equal(seen.block.voltage_v, block.voltage_v)
    np.testing.assert_array_equal(seen.block.current_a, block.current_a)
    np.testing.assert_array_equal(seen.block.temperature_c, block.temperature_c)
    np.testing.assert_allclose(seen.block.bleed_ah[1:, 2], -0.01)
    np.testing.assert_allclose(seen.block.bleed_ah[1:, 3], 0.01)
    assert {each.flaw for each in seen.findings} == {TelemetryFlaw.UNKNOWN_BLEED}
    with pytest.raises(UsageError, match="has no system '5'; it has 14, 3"):
        next(source.read("5"))


def test_other_files_are_left_out_and_named(tmp_path):
    with pytest.raises(DataError, match="holds no usable file data_sys_"):
        BattGpTelemetry(tmp_path, clock="utc")
    write(tmp_path, 3, make_block("3", n_cells=8, n_sensors=4, bleed=False))
    (tmp_path / "data_sys_9.csv").write_text("a,b\n1,2\n")
    source = BattGpTelemetry(tmp_path, clock="utc")
    assert source.strings() == ("3",)
    assert "data_sys_9.csv has no column I_Battery" in source.refused[0]
