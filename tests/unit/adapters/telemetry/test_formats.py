"""Telemetry is opened as what it is, and nobody guesses where two formats fit or units are not stated."""

import numpy as np
import pytest

from battuta.adapters.telemetry.formats import ReadRequest, open_telemetry
from battuta.adapters.telemetry.parquet import write_block
from battuta.domain.errors import DataError, UsageError
from unit.adapters.telemetry.strings import make_block
from unit.adapters.telemetry.test_battgp import write as write_battgp
from unit.adapters.telemetry.test_pylontech import write as write_pylontech
from unit.adapters.telemetry.test_wide_csv import table_of
from unit.adapters.telemetry.test_wide_csv import write as write_wide

PYLONTECH = {"units": "console", "clock": "utc"}
WIDE = """
time = "time"
clock = "offset"
voltage = "cell_{n}_v"
voltage_unit = "V"
current = "current"
current_unit = "A"
current_sign = "discharge_positive"
temperature = "t{n}"
temperature_unit = "degC"
bleed = "bleed_{n}"
bleed_unit = "Ah"
"""


def opened(path, **given):
    seen = open_telemetry(ReadRequest(path=path, **given))
    (name,) = seen.source.strings()
    (block,) = (each.block for each in seen.source.read(name))
    return seen, block


def test_parquet_is_known_by_its_name(tmp_path):
    block = make_block()
    path = write_block(block, tmp_path)
    for place in (tmp_path, path):
        seen, read = opened(place)
        assert seen.format == "parquet"
        assert "2026-01-01.parquet" in seen.why
        np.testing.assert_array_equal(read.time_ns, block.time_ns)


@pytest.mark.parametrize("as_folder", [True, False])
def test_a_pylontech_log_is_known_by_its_columns(tmp_path, as_folder):
    block = make_block(n_cells=15, n_sensors=15, bleed=False)
    path = write_pylontech(tmp_path / "log.csv", block, is_raw=True, n_sensors=15)
    seen, read = opened(tmp_path if as_folder else path, stated={**PYLONTECH, "string_id": "US3000"})
    assert (seen.format, read.string_id) == ("pylontech", "US3000")
    assert "log.csv has columns current, v0, v1" in seen.why
    assert "units = console" in seen.why
    np.testing.assert_allclose(read.voltage_v, block.voltage_v)
    np.testing.assert_allclose(read.current_a, block.current_a)


def test_the_field_set_is_known_by_its_columns(tmp_path):
    block = make_block("14", n_cells=8, n_sensors=4, bleed=False)
    write_battgp(tmp_path, 14, block)
    seen, read = opened(tmp_path, stated={"clock": "utc"})
    assert seen.format == "battgp"
    np.testing.assert_array_equal(read.voltage_v, block.voltage_v)
    with pytest.raises(UsageError, match="clock is not stated"):
        open_telemetry(ReadRequest(path=tmp_path))


def test_any_other_table_needs_a_layout(tmp_path):
    block = make_block("log", n_cells=12)
    path = write_wide(tmp_path / "log.csv", table_of(block))
    with pytest.raises(UsageError, match=r"log\.csv has no layout that is known; its columns are bleed_0, .* voltage_"):
        open_telemetry(ReadRequest(path=path))
    layout = tmp_path / "layout.toml"
    layout.write_text(WIDE)
    seen, read = opened(path, layout=layout, stated={"string_id": "A"})
    assert seen.format == "wide"
    assert read.string_id == "A"
    np.testing.assert_array_equal(read.voltage_v, block.voltage_v)
    _, turned = opened(path, layout=layout, stated={"current_sign": "charge_positive"})
    np.testing.assert_array_equal(turned.current_a, -block.current_a)


def test_two_formats_in_one_place_are_not_chosen_from(tmp_path):
    write_block(make_block(), tmp_path)
    write_pylontech(tmp_path / "log.csv", make_block(n_cells=15, n_sensors=5), is_raw=True)
    with pytest.raises(DataError, match=r"1 Parquet files and 1 tables such as log\.csv; name the format"):
        open_telemetry(ReadRequest(path=tmp_path))
    assert open_telemetry(ReadRequest(path=tmp_path, format="parquet")).source.strings() == ("S1",)


def test_a_table_of_two_layouts_is_not_chosen_from(tmp_path):
    names = ["time", "v0", "v1", "current", "soc", "I_Battery", *(f"U_Cell_{n}" for n in range(1, 9))]
    (tmp_path / "log.csv").write_text(",".join(names) + "\n")
    with pytest.raises(UsageError, match="could be battgp or pylontech"):
        open_telemetry(ReadRequest(path=tmp_path / "log.csv"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"format": "excel"}, "'excel' is none of auto, parquet"),
        ({"stated": {"clock": "utc"}}, "units = '' is none of console, si"),
        ({"stated": {**PYLONTECH, "colour": "red"}}, "colour is nothing that can be stated of .* pylontech"),
        ({"format": "parquet", "stated": {"clock": "utc"}}, "it takes nothing at all"),
        ({"stated": {**PYLONTECH, "balancing_current_a": "much"}}, "'much' is no number"),
        ({"stated": {"units": "console"}}, "clock is not stated"),
    ],
)
def test_what_is_not_stated_is_asked_for(tmp_path, given, said):
    path = write_pylontech(tmp_path / "log.csv", make_block(n_cells=15, n_sensors=5), is_raw=True)
    with pytest.raises(UsageError, match=said):
        open_telemetry(ReadRequest(path=path, **given))


def test_nothing_is_no_telemetry(tmp_path):
    with pytest.raises(DataError, match="gone does not exist"):
        open_telemetry(ReadRequest(path=tmp_path / "gone"))
    with pytest.raises(DataError, match=r"no file ends in \.parquet or \.csv"):
        open_telemetry(ReadRequest(path=tmp_path))


def test_a_sites_own_log_beside_a_table_leaves_no_doubt(tmp_path):
    (tmp_path / "site.parquet").write_bytes(b"")
    (tmp_path / "log.csv").write_text("time,current,v0,v1\n2025-01-01 00:00:00,1.0,3.3,3.3\n", encoding="utf-8")
    stated = {"clock": "utc", "voltage": "v{n}", "time": "time", "current": "current"}
    stated |= {"voltage_unit": "V", "current_unit": "A", "current_sign": "discharge_positive"}
    assert open_telemetry(ReadRequest(path=tmp_path, stated=stated)).format == "wide"
