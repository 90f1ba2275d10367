"""What a converter does of its own: curves, trips and droop of models 705 to 712, as adopted and enabled in it.

In each of these models the first curve is the adopted one; those behind it are stored and do nothing.

References
----------
.. [1] SunSpec Alliance, DER Information Model Specification, version 1.2 (2022), section on curve management.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from battuta.adapters.devices.sunspec.chain import Block, Model, ReadRegisters

FREQUENCY_DROOP = 711
_REACTIVE_CURVES = (705, 712)
_SHARE = 0.01
_DROOP_COLUMNS = ("deadband_over_hz", "deadband_under_hz", "droop_over_pu", "droop_under_pu", "power_pu_min")
_REFERENCES = {
    "Var": ("rated active power", "rated reactive power", "reactive power at hand", "rated apparent power"),
    "W": ("rated active power", "active power at hand"),
}
_DEVIATION_HZ = 0.5
"""Deviation of the frequency at which a conflict is told in numbers. [Hz]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    name: str
    group: str
    columns: tuple[tuple[str, str, float], ...]
    parts: tuple[str, ...] = ("",)


def _trip(name: str, column: str, point: str, factor: float) -> _Layout:
    columns = ((column, f"Pt.{point}", factor), ("duration_s", "Pt.Tms", 1.0))
    return _Layout(name=name, group="Crv", columns=columns, parts=("MustTrip.", "MayTrip.", "MomCess."))


_VOLTAGE = ("voltage_pu", "Pt.V", _SHARE)
_REACTIVE = ("reactive_pu", "Pt.Var", _SHARE)
_LAYOUTS: Mapping[int, _Layout] = {
    705: _Layout(name="volt-var", group="Crv", columns=(_VOLTAGE, _REACTIVE)),
    706: _Layout(name="volt-watt", group="Crv", columns=(_VOLTAGE, ("power_pu", "Pt.W", _SHARE))),
    707: _trip("low voltage trip", "voltage_pu", "V", _SHARE),
    708: _trip("high voltage trip", "voltage_pu", "V", _SHARE),
    709: _trip("low frequency trip", "frequency_hz", "Hz", 1.0),
    710: _trip("high frequency trip", "frequency_hz", "Hz", 1.0),
    711: _Layout(
        name="frequency droop",
        group="Ctl",
        columns=tuple(
            (column, point, _SHARE if point == "PMin" else 1.0)
            for column, point in zip(_DROOP_COLUMNS, ("DbOf", "DbUf", "KOf", "KUf", "PMin"), strict=True)
        ),
    ),
    712: _Layout(name="watt-var", group="Crv", columns=(("power_pu", "Pt.W", _SHARE), _REACTIVE)),
}
FUNCTIONS = tuple(_LAYOUTS)
"""Numbers of the models."""
_PARTS = {"MustTrip.": "must trip", "MayTrip.": "may trip", "MomCess.": "momentary cessation", "": "adopted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCurve:
    """Points of an adopted curve.

    Attributes
    ----------
    name : str
        ``adopted``, or of a trip ``must trip``, ``may trip``, ``momentary cessation``.
    columns : tuple of str
        What a point consists of, with units.
    points : tuple of tuple of float
        In the order of the device; NaN is missing. A droop has one, with its deadbands and ratios.
    """

    name: str
    columns: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFunction:
    """One thing that the device does of its own.

    Attributes
    ----------
    model : int
        Number of the model.
    name : str
        As an operator calls it.
    is_enabled : bool or None
        Whether it acts now; None if the device does not say.
    reference : str
        What per unit values of power mean, empty if it has none.
    response_s : float
        Open-loop response time, to 90 % of a step. [s]
    curves : tuple of FunctionCurve
        What is adopted; without points if nothing is.
    """

    model: int
    name: str
    is_enabled: bool | None
    reference: str
    response_s: float
    curves: tuple[FunctionCurve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFunctions:
    """All that a device does of its own, one entry per model that it has.

    Attributes
    ----------
    entries : tuple of DeviceFunction
        In the order of the models' numbers.
    """

    entries: tuple[DeviceFunction, ...] = ()

    def of(self, model: int) -> DeviceFunction | None:
        """Entry of a model, None if the device does not have it."""
        return next((each for each in self.entries if each.model == model), None)

    def droop_power_pu(self, deviation_hz: float, nominal_hz: float = 50.0) -> float:
        """Power that an enabled droop of the device adds by itself; 0 without one, NaN if it does not say its settings.

        Parameters
        ----------
        deviation_hz : float
            Frequency above nominal. [Hz]
        nominal_hz : float
            Nominal frequency. [Hz]

        Returns
        -------
        float
            Per unit of the rated power, discharge positive, in [-1, 1]. [-]
        """
        droop = self.of(FREQUENCY_DROOP)
        if droop is None or not droop.is_enabled:
            return 0.0
        if not droop.curves[0].points:
            return math.nan
        settings = dict(zip(droop.curves[0].columns, droop.curves[0].points[0], strict=True))
        side = "over" if deviation_hz > 0.0 else "under"
        beyond_hz = abs(deviation_hz) - settings[f"deadband_{side}_hz"]
        if beyond_hz <= 0.0:
            return 0.0
        ratio = settings[f"droop_{side}_pu"]
        share = beyond_hz / nominal_hz / ratio if ratio else math.inf
        return share if math.isnan(share) else math.copysign(min(share, 1.0), -deviation_hz)

    def warnings(
        self, *, guard_follows_frequency: bool, guard_sets_reactive: bool = False, nominal_hz: float = 50.0
    ) -> tuple[str, ...]:
        """Say where the device and the guard would both answer to the same thing.

        Parameters
        ----------
        guard_follows_frequency : bool
            Whether a response of the guard to the frequency is armed, or may be.
        guard_sets_reactive : bool
            Whether the guard commands reactive power.
        nominal_hz : float
            Nominal frequency. [Hz]

        Returns
        -------
        tuple of str
            One sentence for each conflict, with what to do; empty if there is none.

        Examples
        --------
        >>> settings = FunctionCurve(name="adopted", columns=_DROOP_COLUMNS, points=((0.0, 0.0, 0.04, 0.04, 0.0),))
        >>> droop = DeviceFunction(
        ...     model=711, name="frequency droop", is_enabled=True, reference="", response_s=1.0, curves=(settings,)
        ... )
        >>> functions = DeviceFunctions(entries=(droop,))
        >>> functions.droop_power_pu(0.2)
        -0.1
        >>> len(functions.warnings(guard_follows_frequency=True)), functions.warnings(guard_follows_frequency=False)
        (1, ())
        """
        found: list[str] = []
        droop = self.of(FREQUENCY_DROOP)
        if guard_follows_frequency and droop is not None and droop.is_enabled:
            found.append(self._of_droop(nominal_hz))
        found += [
            f"the device has its own {each.name} curve enabled (model {each.model}), and the guard commands Q "
            "too: devices differ in which of both they obey; disable the curve, or command no Q"
            for each in self.entries
            if guard_sets_reactive and each.is_enabled and each.model in _REACTIVE_CURVES
        ]
        return tuple(found)

    def _of_droop(self, nominal_hz: float) -> str:
        shares = [abs(self.droop_power_pu(sign * _DEVIATION_HZ, nominal_hz)) for sign in (-1.0, 1.0)]
        said = [f"{100.0 * share:.1f} %" if math.isfinite(share) else "an unknown share" for share in shares]
        return (
            "the device has its own frequency droop enabled (model 711), and the guard answers to the frequency too: "
            f"at {_DEVIATION_HZ} Hz below nominal the device adds {said[0]} of its rated power to what the guard asks, "
            f"above nominal it takes {said[1]} away; disable it in the device, or leave the response to the device"
        )


def _share(block: Block, name: str) -> str:
    """Say what the per unit values of a curve mean."""
    point = next((each for each in _REFERENCES if block.has(f"{name}.Pt.{each}")), "")
    code = block.value(f"{name}.DeptRef")
    known = _REFERENCES.get(point, ())
    return known[int(code)] if not math.isnan(code) and code < len(known) else ""


def _curve(block: Block, layout: _Layout, part: str) -> FunctionCurve:
    prefix = f"{layout.group}.{part}"
    names = [prefix + point for _, point, _ in layout.columns]
    n_groups = max(1, block.n_repetitions(f"{layout.group}.ReadOnly"))
    n_points = block.n_repetitions(names[0]) // n_groups
    active = block.value(f"{prefix}ActPt")
    if block.has(f"{prefix}ActPt"):
        n_points = 0 if math.isnan(active) else min(n_points, int(active))
    factors = [factor for _, _, factor in layout.columns]
    return FunctionCurve(
        name=_PARTS[part],
        columns=tuple(column for column, _, _ in layout.columns),
        points=tuple(
            tuple(block.value(name, index) * factor for name, factor in zip(names, factors, strict=True))
            for index in range(n_points)
        ),
    )


async def read_functions(models: Mapping[int, list[Model]], read: ReadRegisters) -> DeviceFunctions:
    """Read models 705 to 712, as far as the device has them.

    Parameters
    ----------
    models : mapping of int to list of Model
        Models of the device by number.
    read : callable
        Reads registers of the unit.

    Returns
    -------
    DeviceFunctions
        One entry per model.
    """
    entries: list[DeviceFunction] = []
    for number, layout in _LAYOUTS.items():
        for model in models.get(number, [])[:1]:
            block = Block(model, tuple(model.placed))
            await block.read(read)
            enabled = block.value("Ena")
            entries.append(
                DeviceFunction(
                    model=number,
                    name=layout.name,
                    is_enabled=None if math.isnan(enabled) else enabled == 1.0,
                    reference=_share(block, layout.group),
                    response_s=block.value(f"{layout.group}.RspTms"),
                    curves=tuple(_curve(block, layout, part) for part in layout.parts),
                )
            )
    return DeviceFunctions(entries=tuple(entries))
