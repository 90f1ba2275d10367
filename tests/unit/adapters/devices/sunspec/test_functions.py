"""What a device does of its own, read from curves in curves."""

import asyncio
import math

import pytest

from battuta.adapters.devices.simulated.own_functions import add_own_functions
from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.sunspec.chain import scan
from battuta.adapters.devices.sunspec.functions import FUNCTIONS, DeviceFunctions, read_functions
from unit.adapters.devices.sunspec.memory import Memory


def functions_of(image):
    memory = Memory(image)

    async def steps():
        found = {model.number: [model] for model in await scan(memory.read, wanted=FUNCTIONS, where="x")}
        return await read_functions(found, memory.read)

    return asyncio.run(steps())


def example(**droop):
    image = SunSpecImage()
    served = add_own_functions(image)
    for name, value in droop.items():
        served[711].set_value(name if name == "Ena" else f"Ctl.{name}", value)
    return image, served


def test_the_adopted_curve_is_the_first_and_only_its_active_points_are_told():
    image = SunSpecImage()
    served = image.add(705, {"V_SF": -1, "DeptRef_SF": -1, "RspTms_SF": 0}, {"Crv": 2, "Pt": 4})
    for name, value in {"Ena": 1, "NPt": 4, "NCrv": 2}.items():
        served.set_value(name, value)
    for curve, (v_low, var) in enumerate([(95.0, 40.0), (80.0, 10.0)]):
        served.set_value("Crv.ActPt", 2, curve)
        served.set_value("Crv.DeptRef", 3, curve)
        served.set_value("Crv.RspTms", 5, curve)
        for point, (volts, vars_) in enumerate([(v_low, var), (105.0, -var)]):
            served.set_value("Crv.Pt.V", volts, 4 * curve + point)
            served.set_value("Crv.Pt.Var", vars_, 4 * curve + point)
    (entry,) = functions_of(image).entries
    assert (entry.model, entry.name, entry.is_enabled) == (705, "volt-var", True)
    assert (entry.reference, entry.response_s) == ("rated apparent power", 5.0)
    (curve,) = entry.curves
    assert curve.columns == ("voltage_pu", "reactive_pu")
    assert curve.points == (pytest.approx((0.95, 0.4)), pytest.approx((1.05, -0.4)))


def test_a_curve_that_boasts_of_more_points_than_it_has_does_not_take_those_of_the_next():
    image = SunSpecImage()
    served = image.add(706, {"V_SF": -1, "DeptRef_SF": -1}, {"Crv": 2, "Pt": 2})
    for name, value in {"Ena": 1, "NPt": 2, "NCrv": 2, "Crv.ActPt": 4}.items():
        served.set_value(name, value)
    for point, volts in enumerate((105.0, 110.0, 80.0, 90.0)):
        served.set_value("Crv.Pt.V", volts, point)
    (entry,) = functions_of(image).entries
    assert [point[0] for point in entry.curves[0].points] == pytest.approx([1.05, 1.1])


def test_each_model_has_an_entry():
    image, _ = example()
    functions = functions_of(image)
    assert [each.model for each in functions.entries] == [706, 707, 708, 709, 710, 711, 712]
    assert not any(each.is_enabled for each in functions.entries)
    assert functions.of(705) is None
    assert functions.of(706).reference == "rated active power"
    assert functions.of(706).curves[0].points[1] == pytest.approx((1.12, 0.0))


def test_trips_keep_what_must_and_what_may_apart():
    image = SunSpecImage()
    served = image.add(707, {"V_SF": 0, "Tms_SF": -2}, {"Crv": 2, "Pt": 2})
    for name, value in {"Ena": 1, "NPt": 2, "NCrvSet": 2}.items():
        served.set_value(name, value)
    for part, n_points, volts in (("MustTrip", 2, 45.0), ("MayTrip", 1, 70.0), ("MomCess", 0, 50.0)):
        served.set_value(f"Crv.{part}.ActPt", n_points)
        for point in range(2):
            served.set_value(f"Crv.{part}.Pt.V", volts + point, point)
            served.set_value(f"Crv.{part}.Pt.Tms", 0.16 + point, point)
    (entry,) = functions_of(image).entries
    must, may, cessation = entry.curves
    assert (must.name, may.name, cessation.name) == ("must trip", "may trip", "momentary cessation")
    assert must.columns == ("voltage_pu", "duration_s")
    assert must.points[1] == pytest.approx((0.46, 1.16))
    assert (len(may.points), may.points[0]) == (1, pytest.approx((0.70, 0.16)))
    assert cessation.points == ()


def test_what_the_device_does_not_say_is_neither_on_nor_off():
    image, served = example()
    served[706].put("Ena", [0xFFFF])
    served[706].put("Crv.ActPt", [0xFFFF])
    entry = functions_of(image).of(706)
    assert entry.is_enabled is None
    assert entry.curves[0].points == ()


def test_a_droop_in_the_device_is_told_in_numbers():
    image, _ = example(Ena=1, DbOf=0.1, DbUf=0.0, KOf=0.05, KUf=0.04)
    functions = functions_of(image)
    assert functions.droop_power_pu(-0.2) == pytest.approx(0.1), "0.2 Hz of 50 Hz over 4 %"
    assert functions.droop_power_pu(0.2) == pytest.approx(-0.04), "a tenth is deadband, 0.1 Hz of 50 Hz over 5 %"
    assert functions.droop_power_pu(0.05) == 0.0
    assert functions.droop_power_pu(-40.0) == 1.0
    (warning,) = functions.warnings(guard_follows_frequency=True)
    assert "adds 25.0 %" in warning
    assert "takes 16.0 %" in warning
    assert "711" in warning
    assert functions.warnings(guard_follows_frequency=False) == ()


def test_a_droop_that_is_off_fights_with_nobody():
    image, _ = example(Ena=0)
    functions = functions_of(image)
    assert functions.droop_power_pu(-0.2) == 0.0
    assert functions.warnings(guard_follows_frequency=True) == ()
    assert DeviceFunctions().warnings(guard_follows_frequency=True) == ()


def test_a_droop_that_hides_its_settings_is_warned_of_all_the_same():
    image, served = example(Ena=1)
    served[711].put("K_SF", [0x8000])
    functions = functions_of(image)
    assert math.isnan(functions.droop_power_pu(-0.5))
    (warning,) = functions.warnings(guard_follows_frequency=True)
    assert "an unknown share" in warning


def test_a_reactive_curve_of_the_device_is_told_where_the_guard_commands_reactive_power():
    image, served = example()
    served[712].set_value("Ena", 1)
    served[706].set_value("Ena", 1)
    functions = functions_of(image)
    (warning,) = functions.warnings(guard_follows_frequency=True, guard_sets_reactive=True)
    assert "watt-var" in warning
    assert "712" in warning
    assert functions.warnings(guard_follows_frequency=True) == ()
