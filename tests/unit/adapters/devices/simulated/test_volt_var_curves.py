"""The simulated converter's own Q(V): adopted when it is sound, approached as slowly as it says."""

import numpy as np
import pytest

from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.simulated.volt_var_curves import N_POINTS, VoltVarCurves

NS = 1_000_000_000


def write_curve(curves, points, curve=1, response_s=0.0, **others):
    for name, value in {"ActPt": len(points), "DeptRef": 3, "RspTms": response_s, **others}.items():
        curves.model.set_value(f"Crv.{name}", value, curve)
    for point, (volts, vars_) in enumerate(points):
        curves.model.set_value("Crv.Pt.V", volts, curve * N_POINTS + point)
        curves.model.set_value("Crv.Pt.Var", vars_, curve * N_POINTS + point)


def request(curves, name, value):
    curves.model.set_value(name, value)
    return curves.written(curves.model.address(name), 1)


SLOPE = [(95.0, 40.0), (105.0, -40.0)]


def test_an_adopted_and_enabled_curve_is_followed():
    curves = VoltVarCurves(SunSpecImage())
    write_curve(curves, SLOPE)
    assert not request(curves, "AdptCrvReq", 2), "adopted, but not in force"
    assert curves.model.value("AdptCrvRslt") == 1.0
    curves.follow(1.025, 0)
    assert curves.reactive_pu == 0.0, "nothing is followed before it is enabled"
    assert request(curves, "Ena", 1)
    curves.follow(1.025, 0)
    assert curves.reactive_pu == pytest.approx(-0.2)
    request(curves, "Ena", 0)
    curves.follow(1.025, 1)
    assert curves.reactive_pu == 0.0


def test_a_stored_curve_does_nothing_until_it_is_adopted():
    curves = VoltVarCurves(SunSpecImage())
    request(curves, "Ena", 1)
    write_curve(curves, SLOPE)
    curves.follow(1.04, 0)
    curves.follow(1.04, 100 * NS)
    assert curves.reactive_pu == 0.0
    assert request(curves, "AdptCrvReq", 2), "replacing what is enabled is a new word"


@pytest.mark.parametrize(
    ("points", "others"),
    [
        ([(105.0, 0.0), (95.0, 0.0)], {}),
        ([(95.0, -40.0), (105.0, 40.0)], {}),
        ([(95.0, 140.0), (105.0, 0.0)], {}),
        ([(95.0, 40.0)], {}),
        (SLOPE, {"DeptRef": 1}),
        (SLOPE, {"ActPt": 9}),
        (SLOPE, {"ActPt": np.nan}),
        (SLOPE, {"RspTms": np.nan}),
    ],
)
def test_an_unsound_curve_is_refused_and_the_old_one_stays(points, others):
    curves = VoltVarCurves(SunSpecImage())
    write_curve(curves, points, **others)
    before = [each.tolist() for each in curves.points()]
    request(curves, "AdptCrvReq", 2)
    assert curves.model.value("AdptCrvRslt") == 2.0
    assert [each.tolist() for each in curves.points()] == before


@pytest.mark.parametrize("number", [0, 4, 65535])
def test_a_curve_that_is_not_there_cannot_be_adopted(number):
    curves = VoltVarCurves(SunSpecImage())
    curves.model.put("AdptCrvReq", [number])
    curves.written(curves.model.address("AdptCrvReq"), 1)
    assert curves.model.value("AdptCrvRslt") == 2.0


def test_the_approach_has_gone_nine_tenths_after_its_response_time():
    curves = VoltVarCurves(SunSpecImage())
    write_curve(curves, SLOPE, response_s=5.0)
    request(curves, "AdptCrvReq", 2)
    request(curves, "Ena", 1)
    for tick in range(101):
        curves.follow(1.05, tick * NS // 20)
    assert curves.reactive_pu == pytest.approx(-0.36)
    curves.follow(np.nan, 6 * NS)
    assert curves.reactive_pu == pytest.approx(-0.36), "an unknown voltage holds"


def test_the_adopted_curve_cannot_be_written_the_others_can():
    image = SunSpecImage()
    model = VoltVarCurves(image).model
    assert model.address("Crv.Pt.V") not in image.writable
    assert model.address("Crv.ActPt") not in image.writable
    assert {model.address("Crv.Pt.V", N_POINTS), model.address("Crv.ActPt", 2)} <= image.writable
