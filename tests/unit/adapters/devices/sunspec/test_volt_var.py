"""A Q(V) law handed over to a device: written, adopted, read back, enabled; and all the ways in which it is not."""

import asyncio
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.simulated.volt_var_curves import VoltVarCurves
from battuta.adapters.devices.sunspec.chain import scan
from battuta.adapters.devices.sunspec.mapping import VOLT_VAR
from battuta.adapters.devices.sunspec.volt_var import law_points, prepare
from battuta.domain.errors import DeviceError, UsageError
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode, reactive_power_pu
from unit.adapters.devices.sunspec.memory import Memory

LAW = ReactiveLaw(
    mode=ReactiveMode.Q_OF_V,
    curve_v_pu=(0.92, 0.98, 1.02, 1.08),
    curve_q_pu=(0.44, 0.0, 0.0, -0.44),
    q_pu_max=0.44,
    response_s=2.0,
)


class Device(Memory):
    """A unit that answers to writes with the simulated curves, or with something worse."""

    def __init__(self, answers=None):
        image = SunSpecImage()
        self.curves = VoltVarCurves(image)
        self.answers = answers or self.curves.written
        super().__init__(image)

    async def write(self, address, values):
        await super().write(address, values)
        self.answers(address, len(values))


def adopt(device, law=LAW, **options):
    async def steps():
        models = await scan(device.read, wanted=[VOLT_VAR], where="x")
        volt_var = prepare({VOLT_VAR: list(models)}, device.read, device.write, "the converter")
        volt_var.pause_s, volt_var.n_looks_max = 0.0, 3
        await volt_var.adopt(law, **options)
        return volt_var

    return asyncio.run(steps())


def test_a_law_is_adopted_and_enabled():
    device = Device()
    adopt(device)
    voltage_pu, reactive_pu = device.curves.points()
    assert voltage_pu == pytest.approx(LAW.curve_v_pu)
    assert reactive_pu == pytest.approx(LAW.curve_q_pu)
    assert device.curves.is_enabled
    assert device.curves.model.value("Crv.RspTms") == pytest.approx(2.0 * math.log(10.0), abs=0.01)
    assert device.writes[-1] == (device.curves.model.address("Ena"), [1]), "the switch comes last"


def test_only_the_stored_curve_is_written_never_the_adopted_one():
    device = Device()
    adopt(device)
    model = device.curves.model
    first, second = model.address("Crv.ActPt"), model.address("Crv.ActPt", 1)
    assert not any(first <= address < second for address, _ in device.writes)
    assert not any(address >= model.address("Crv.ActPt", 2) for address, _ in device.writes)


def test_the_adopted_curve_is_not_written_even_if_the_device_forgot_to_lock_it():
    device = Device()
    device.curves.model.set_value("Crv.ReadOnly", 0, 0)
    adopt(device)
    assert (device.curves.model.address("AdptCrvReq"), [2]) in device.writes


def test_another_nominal_voltage_moves_the_curve():
    device = Device()
    adopt(device, nominal_ratio=1.05)
    assert device.curves.points()[0] == pytest.approx([0.966, 1.029, 1.071, 1.134])


def test_leaving_keeps_the_curve():
    device = Device()
    asyncio.run(adopt(device).leave())
    assert not device.curves.is_enabled
    assert device.curves.points()[0] == pytest.approx(LAW.curve_v_pu)


def test_a_device_that_refuses_is_not_enabled():
    device = Device()
    device.answers = lambda *_: device.curves.model.set_value("AdptCrvRslt", 2)
    with pytest.raises(DeviceError, match=r"the converter.*refused"):
        adopt(device)
    assert not device.curves.is_enabled


def test_a_device_that_says_completed_and_holds_another_curve_is_not_enabled():
    device = Device(answers=lambda *_: None)
    with pytest.raises(DeviceError, match="holds another"):
        adopt(device)
    assert not device.curves.is_enabled


def test_a_slow_device_is_waited_for_but_not_for_ever():
    device = Device(answers=lambda *_: None)
    device.curves.model.set_value("AdptCrvRslt", 0)
    with pytest.raises(DeviceError, match="still adopting after 3 looks"):
        adopt(device)
    device = Device()
    looks = []
    read = device.read

    def begin(address, n_registers):
        if address == device.curves.model.address("AdptCrvReq"):
            device.curves.model.set_value("AdptCrvRslt", 0)
            looks.append(0)

    async def late(address, n_registers):
        if looks and address == device.curves.model.address("Ena"):
            looks.append(1)
            if len(looks) == 3:
                device.curves.written(device.curves.model.address("AdptCrvReq"), 1)
        return await read(address, n_registers)

    device.answers, device.read = begin, late
    adopt(device)
    assert device.curves.is_enabled


def test_a_device_that_adopts_and_stays_off_is_said():
    device = Device()

    def stubborn(address, n_registers):
        device.curves.written(address, n_registers)
        device.curves.model.set_value("Ena", 0)

    device.answers = stubborn
    with pytest.raises(DeviceError, match="did not enable"):
        adopt(device)


def test_a_reversion_that_runs_is_stopped_because_the_law_must_outlive_its_controller():
    device = Device()
    device.curves.model.set_value("RvrtTms", 30)
    adopt(device)
    assert device.curves.model.value("RvrtTms") == 0.0


def test_curves_that_are_all_read_only_are_said():
    device = Device()
    for curve in range(3):
        device.curves.model.set_value("Crv.ReadOnly", 1, curve)
    with pytest.raises(DeviceError, match="no stored curve"):
        adopt(device)
    assert device.writes == []


def test_a_law_that_does_not_fit_is_refused_before_anything_is_written():
    device = Device()
    many = ReactiveLaw(
        mode=ReactiveMode.Q_OF_V,
        curve_v_pu=(0.9, 0.92, 0.94, 0.96, 1.02, 1.04, 1.06, 1.08),
        curve_q_pu=(0.8, 0.6, 0.4, 0.2, 0.0, -0.2, -0.4, -0.6),
        q_pu_max=0.5,
    )
    with pytest.raises(UsageError, match="10 points"):
        adopt(device, many)
    close = ReactiveLaw(mode=ReactiveMode.Q_OF_V, curve_v_pu=(1.0, 1.00001), curve_q_pu=(0.1, -0.1))
    with pytest.raises(UsageError, match="too coarse"):
        adopt(device, close)
    with pytest.raises(UsageError, match="fixed_q"):
        adopt(device, ReactiveLaw(mode=ReactiveMode.FIXED_Q))
    device.curves.model.put("DeptRef_SF", [0x8000])
    with pytest.raises(DeviceError, match=r"scale factor for Crv\.Pt\.Var"):
        adopt(device)
    assert device.writes == []


def test_a_device_without_the_model_has_no_curve():
    assert prepare({}, None, None, "x") is None


@settings(deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(0.01, 0.05), st.floats(0.0, 0.4)), min_size=2, max_size=6),
    q_first=st.floats(-0.5, 1.0),
    q_pu_max=st.floats(0.05, 1.0),
)
def test_corners_draw_the_same_line_as_the_law_with_its_limit(steps, q_first, q_pu_max):
    voltage_pu = 0.85 + np.cumsum([step for step, _ in steps])
    q_pu = np.clip(q_first - np.cumsum([fall for _, fall in steps]), -1.0, 1.0)
    law = ReactiveLaw(mode=ReactiveMode.Q_OF_V, curve_v_pu=tuple(voltage_pu), curve_q_pu=tuple(q_pu), q_pu_max=q_pu_max)
    seen_pu = np.linspace(0.8, 1.2, 201)
    drawn_pu = np.interp(seen_pu, *law_points(law))
    assert drawn_pu == pytest.approx(reactive_power_pu(seen_pu, np.zeros(201), 1.0, law), abs=1e-9)
