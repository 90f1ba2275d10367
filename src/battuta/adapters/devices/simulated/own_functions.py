"""What else a converter might do of its own: SunSpec 706 to 712 with examples of settings, none of them enabled.

The simulated converter acts on none of these models, so none can be enabled by a client: a function that is said to be
on and does nothing would teach the wrong thing. The settings are examples in the manner of European grid codes, written
from memory; no conformance is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence

from battuta.adapters.devices.simulated.unit_image import ServedModel, SunSpecImage

_COMPLETED = 1
_READ_ONLY = 1
_RESPONSE_S = 5.0
_CURVES: dict[int, tuple[dict[str, int], tuple[str, str], tuple[tuple[float, float], ...]]] = {
    706: ({"V_SF": -1, "DeptRef_SF": -1, "RspTms_SF": -1}, ("V", "W"), ((110.0, 100.0), (112.0, 0.0))),
    712: ({"W_SF": -1, "DeptRef_SF": -1}, ("W", "Var"), ((50.0, 0.0), (100.0, -44.0))),
}
_TRIPS: dict[int, tuple[dict[str, int], str, tuple[tuple[float, float], ...]]] = {
    707: ({"V_SF": -1, "Tms_SF": -2}, "V", ((80.0, 3.0), (45.0, 0.3))),
    708: ({"V_SF": -1, "Tms_SF": -2}, "V", ((110.0, 60.0), (125.0, 0.1))),
    709: ({"Hz_SF": -2, "Tms_SF": -2}, "Hz", ((47.5, 0.1),)),
    710: ({"Hz_SF": -2, "Tms_SF": -2}, "Hz", ((51.5, 0.1),)),
}
_DROOP = {"DbOf": 0.2, "DbUf": 0.2, "KOf": 0.05, "KUf": 0.05, "RspTms": 1.0, "ReadOnly": _READ_ONLY}


def add_own_functions(image: SunSpecImage) -> dict[int, ServedModel]:
    """Append models 706 to 712; by number."""
    served = {number: _curve(image, number) for number in _CURVES if number < min(_TRIPS)}
    served |= {number: _trip(image, number) for number in _TRIPS}
    served[711] = _droop(image)
    served |= {number: _curve(image, number) for number in _CURVES if number > max(_TRIPS)}
    for model in served.values():
        model.set_value("Ena", 0)
    return served


def _put_points(model: ServedModel, group: str, names: tuple[str, str], points: Sequence[tuple[float, float]]) -> None:
    model.set_value(f"{group}.ActPt", len(points))
    for index, point in enumerate(points):
        for name, value in zip(names, point, strict=True):
            model.set_value(f"{group}.Pt.{name}", value, index)


def _curve(image: SunSpecImage, number: int) -> ServedModel:
    scales, names, points = _CURVES[number]
    model = image.add(number, scales, {"Crv": 1, "Pt": len(points)})
    for name, value in {"AdptCrvReq": 0, "AdptCrvRslt": _COMPLETED, "NPt": len(points), "NCrv": 1}.items():
        model.set_value(name, value)
    model.set_value("Crv.DeptRef", 0 if names[1] == "W" else 3)
    model.set_value("Crv.ReadOnly", _READ_ONLY)
    if "RspTms_SF" in scales:
        model.set_value("Crv.RspTms", _RESPONSE_S)
    _put_points(model, "Crv", names, points)
    return model


def _trip(image: SunSpecImage, number: int) -> ServedModel:
    scales, name, points = _TRIPS[number]
    model = image.add(number, scales, {"Crv": 1, "Pt": len(points)})
    for key, value in {"AdptCrvReq": 0, "AdptCrvRslt": _COMPLETED, "NPt": len(points), "NCrvSet": 1}.items():
        model.set_value(key, value)
    model.set_value("Crv.ReadOnly", _READ_ONLY)
    _put_points(model, "Crv.MustTrip", (name, "Tms"), points)
    for part in ("MayTrip", "MomCess"):
        model.set_value(f"Crv.{part}.ActPt", 0)
    return model


def _droop(image: SunSpecImage) -> ServedModel:
    model = image.add(711, {"Db_SF": -3, "K_SF": -3, "RspTms_SF": -1}, {"Ctl": 1})
    for name, value in {"AdptCtlReq": 0, "AdptCtlRslt": _COMPLETED, "NCtl": 1}.items():
        model.set_value(name, value)
    for name, value in _DROOP.items():
        model.set_value(f"Ctl.{name}", value)
    return model
