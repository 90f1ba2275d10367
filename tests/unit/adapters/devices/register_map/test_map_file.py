"""Register maps as data: those that ship are sound, and a fault in a user's own is named with its place."""

import pytest

from battuta.adapters.devices.register_map.map_file import SHIPPED, load, parse, shipped
from battuta.domain.errors import DataError, UsageError
from battuta.domain.image import Signal

GOOD = """
name = "my chiller"
[[register]]
name = "coolant"
address = 20
type = "int16"
scale = 0.1
unit = "degC"
signal = "coolant_temperature_c"

[[register]]
name = "setpoint"
address = 11
access = "write"
command = "chiller_setpoint_c"
"""


def test_a_map_is_read_from_a_file(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD)
    coolant, setpoint = load(tmp_path / "mine.toml").register_
    assert coolant.row is Signal.COOLANT_TEMPERATURE_C
    assert (coolant.n_registers, coolant.is_readable, setpoint.is_readable) == (1, True, False)


def test_a_device_is_no_map():
    with pytest.raises(DataError, match="it is no file; name a TOML file"):
        load("/dev/null")


@pytest.mark.parametrize("name", SHIPPED)
def test_maps_that_ship_are_sound(name):
    assert shipped(name).name == name


def test_the_shipped_maps_fill_the_signals_of_their_kind():
    filled = {each.row for name in SHIPPED for each in shipped(name).register_} - {None}
    assert filled == {
        Signal.AUXILIARY_POWER_KW,
        Signal.LOAD_KW,
        Signal.PV_KW,
        Signal.COOLANT_TEMPERATURE_C,
        Signal.CHILLER_SETPOINT_C,
        Signal.CHILLER_POWER_KW,
        Signal.AMBIENT_TEMPERATURE_C,
        Signal.COOLANT_LEAK,
        Signal.GAS,
        Signal.SMOKE,
    }


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("address = 20", "adress = 20", "register 1, key 'adress'"),
        ("address = 20", "address = 70000", "register 1, key 'address'"),
        ('type = "int16"', 'type = "int17"', "register 1, key 'type'"),
        ("scale = 0.1", "scale = 0", "register 1: scale = 0"),
        ("scale = 0.1", "scale = nan", "register 1, key 'scale': Input should be a finite number"),
        ("coolant_temperature_c", "coolant_temp", "signal 'coolant_temp' is unknown"),
        ('access = "write"', 'access = "read"', "register 2: command 'chiller_setpoint_c' needs access"),
        ('access = "write"', 'access = "write"\nfunction = 4', "register 2: input registers"),
        ("address = 20", "address = 65535", None),
        ('address = 20\ntype = "int16"', 'address = 65535\ntype = "int32"', "it ends behind register 65535"),
        ('type = "int16"', 'type = "int16"\nbit = 3', "register 1: bit picks one bit"),
        ('name = "setpoint"', 'name = "coolant"', "name 'coolant' is given twice"),
        ("[[register]]", "[[registers]]", "key 'register'"),
        ("scale = 0.1", "scale = ", "is not valid TOML"),
        ("scale = 0.1", f"scale = {'1' * 5000}", "thousands of digits"),
    ],
)
def test_a_fault_is_named_with_file_register_and_key(before, after, said):
    text = GOOD.replace(before, after)
    if said is None:
        parse(text, "mine.toml")
        return
    with pytest.raises(DataError) as refused:
        parse(text, "mine.toml")
    assert str(refused.value).startswith("mine.toml")
    assert said in str(refused.value)


def test_each_fault_is_said_once():
    with pytest.raises(DataError) as refused:
        parse(GOOD.replace("address = 20", "adress = 20").replace("address = 11", "address = -1"), "mine.toml")
    assert str(refused.value).splitlines()[1:] == [
        "  - register 1, key 'address': is missing; add it",
        "  - register 1, key 'adress': is unknown; mend its spelling or remove it",
        "  - register 2, key 'address': Input should be greater than or equal to 0",
    ]


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="chiller"):
        shipped("toaster")
