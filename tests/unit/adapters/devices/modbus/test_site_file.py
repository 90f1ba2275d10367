"""A site's devices from a file: it answers, and a fault in it is named."""

import asyncio
from pathlib import Path

import pytest

from battuta.adapters.devices.modbus.site_file import load_site
from battuta.adapters.devices.register_map.map_file import shipped
from battuta.adapters.devices.simulated.sunspec_server import SunSpecServer
from battuta.domain.errors import DataError
from battuta.domain.image import Signal
from conformance.tank import Tank

FILE = """
[[part]]
name = "meter"
speaks = "sunspec"
host = "127.0.0.1"
port = {port}
unit = 3
nominal_voltage_v = 400.0

[[part]]
name = "converter"
speaks = "sunspec"
host = "127.0.0.1"
port = {port}
unit = 1
reversion_s = 4

[[part]]
name = "chiller"
speaks = "register_map"
map = "chiller"
host = "127.0.0.1"
port = {port}
unit = 4
required = false
own_connection = true

[[part]]
name = "panel"
speaks = "register_map"
map = "panel.toml"
host = "127.0.0.1"
port = {port}
unit = 5
"""
PANEL = """
name = "panel"
[[register]]
name = "smoke"
address = 0
bit = 1
function = 4
signal = "smoke"
"""


def test_parts_of_a_file_are_read_as_one_site(tmp_path):
    async def steps():
        tank = Tank()
        tank.values[Signal.SMOKE] = 1.0
        async with SunSpecServer([tank]) as server:
            (tmp_path / "panel.toml").write_text(PANEL)
            (tmp_path / "site.toml").write_text(FILE.format(port=server.ports[0]))
            site = load_site(tmp_path / "site.toml", now_ns=lambda: 7)
            await site.open()
            readings = await site.read()
            await site.close()
        return site, readings

    site, readings = asyncio.run(steps())
    assert readings.values[Signal.METER_VOLTAGE_PU] == pytest.approx(1.01)
    assert readings.values[Signal.SMOKE] == 1.0
    assert readings.values[Signal.COOLANT_TEMPERATURE_C] == pytest.approx(18.5)
    meter, converter, chiller, panel = site.parts
    assert meter.device.connection is converter.device.connection is panel.device.connection
    assert chiller.device.connection is not meter.device.connection
    assert (converter.device.conventions.reversion_s, chiller.is_required) == (4, False)
    assert chiller.device.register_map == shipped("chiller")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('speaks = "sunspec"', 'speaks = "profibus"', "part 1, key 'speaks'"),
        ("unit = 1", "unit = 300", "part 2, key 'unit'"),
        ('map = "chiller"', "", "part 3: map names the file"),
        ("required = false", "requierd = false", "part 3, key 'requierd'"),
        ("[[part]]", "[[prt]]", "key 'part'"),
        ("unit = 5", "unit = ", "is not valid TOML"),
        ("unit = 5", f"unit = {'5' * 5000}", "thousands of digits"),
    ],
)
def test_a_fault_is_named_with_file_part_and_key(tmp_path, before, after, said):
    (tmp_path / "site.toml").write_text(FILE.format(port=502).replace(before, after))
    with pytest.raises(DataError) as refused:
        load_site(tmp_path / "site.toml", now_ns=lambda: 0)
    assert "site.toml" in str(refused.value)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load_site(tmp_path / "none.toml", now_ns=lambda: 0)
    with pytest.raises(DataError, match="it is no file; name a TOML file"):
        load_site(Path("/dev/null"), now_ns=lambda: 0)
