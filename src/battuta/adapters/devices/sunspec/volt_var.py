"""Hand a Q(V) law over to a converter by model 705, so that it holds the voltage itself when nobody speaks to it.

The law is written to a stored curve, the device is asked to adopt it, what it then holds is read back and compared, and
only then is the function enabled.

References
----------
.. [1] SunSpec Alliance, DER Information Model Specification, version 1.2 (2022), section on curve management.
.. [2] IEEE 1547-2018, clause 5.3.3: the open-loop response time is the time to 90 % of a step.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.adapters.devices.sunspec.chain import Block, Model, ReadRegisters
from battuta.adapters.devices.sunspec.codec import registers_of
from battuta.adapters.devices.sunspec.controls import WriteRegisters, write_point
from battuta.adapters.devices.sunspec.mapping import VOLT_VAR
from battuta.domain.errors import DeviceError, UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode

LN_10 = math.log(10.0)
"""A first-order approach has gone 90 % of a step after so many time constants."""
APPARENT_POWER = 3
"""Code of ``DeptRef``: Q per cent of the rated apparent power, as the laws here count it."""
READ_ONLY = 1
COMPLETED = 1
FAILED = 2
_ADOPTED = 0
_PERCENT = 100.0
_OWN = ("ActPt", "DeptRef", "VRef", "VRefAutoEna", "RspTms", "ReadOnly", "Pt.V", "Pt.Var")
_NAMES = ("Ena", "AdptCrvReq", "AdptCrvRslt", "RvrtTms", *(f"Crv.{name}" for name in _OWN))


def law_points(law: ReactiveLaw) -> tuple[FloatArray, FloatArray]:
    """Corners of a Q(V) law with its limit cut in, as a device without that limit would have to draw it.

    Parameters
    ----------
    law : ReactiveLaw
        A law of mode ``q_of_v``.

    Returns
    -------
    voltage_pu, q_pu : ndarray, shape (n_points,)
        Voltage, ascending, and reactive power, injected positive, within the law's ``q_pu_max``. [-]

    Raises
    ------
    UsageError
        If the law is no curve.

    Examples
    --------
    >>> law = ReactiveLaw(mode=ReactiveMode.Q_OF_V, curve_v_pu=(0.9, 1.1), curve_q_pu=(0.5, -0.5), q_pu_max=0.25)
    >>> [points.round(3).tolist() for points in law_points(law)]
    [[0.9, 0.95, 1.05, 1.1], [0.25, 0.25, -0.25, -0.25]]
    """
    if law.mode is not ReactiveMode.Q_OF_V:
        message = f"a device can only adopt a law of mode q_of_v, not {law.mode.value}; write Q with a command instead"
        raise UsageError(message)
    voltage_pu, q_pu = np.array(law.curve_v_pu), np.array(law.curve_q_pu)
    limit = law.q_pu_max
    falling = np.flatnonzero(np.diff(q_pu) < 0.0)
    corners = [
        voltage_pu[k] + (voltage_pu[k + 1] - voltage_pu[k]) * (q_pu[k] - bound) / (q_pu[k] - q_pu[k + 1])
        for k in falling
        for bound in (limit, -limit)
        if q_pu[k + 1] < bound < q_pu[k]
    ]
    all_v_pu = np.unique(np.concatenate([voltage_pu, corners]))
    return all_v_pu, np.clip(np.interp(all_v_pu, voltage_pu, q_pu), -limit, limit)


@dataclass(slots=True)
class VoltVar:
    """Model 705 of a device.

    Parameters
    ----------
    block : Block
        Its points.
    read_registers, write_registers : callable
        Registers of the unit.
    where : str
        Device and unit, for errors.
    pause_s : float
        Pause between two looks at how far the device is with a request. [s]
    n_looks_max : int
        So many looks, then it is taken for failed.
    """

    block: Block
    read_registers: ReadRegisters
    write_registers: WriteRegisters
    where: str
    pause_s: float = 0.1
    n_looks_max: int = 50

    async def adopt(self, law: ReactiveLaw, *, nominal_ratio: float = 1.0) -> None:
        """Let the device take a law over and follow it.

        Parameters
        ----------
        law : ReactiveLaw
            A law of mode ``q_of_v``; its Q is per unit of the device's own rated apparent power.
        nominal_ratio : float
            Nominal voltage of the law over that of the device. [-]

        Raises
        ------
        UsageError
            If the law is no curve, or has more points than a curve of the device.
        DeviceError
            If the device has no curve to write to, refuses the law, or holds another one afterwards.
        """
        voltage_pu, q_pu = law_points(law)
        await self.block.read(self.read_registers)
        curve = self._free_curve()
        wanted = self._wanted(voltage_pu * nominal_ratio, q_pu, law.response_s)
        await self._write_curve(curve, wanted)
        await self._point("AdptCrvReq", curve + 1)
        await self._until_adopted(wanted)
        # 0: no reversion. The law is to stay when its controller dies; that is what it is handed over for.
        if not math.isnan(self.block.value("RvrtTms")):
            await self._point("RvrtTms", 0)
        await self._point("Ena", 1)
        await self.block.read(self.read_registers)
        if self.block.value("Ena") != 1.0:
            message = f"{self.where}: it adopted the Q(V) curve but did not enable it; look for its own Q mode"
            raise DeviceError(message)

    async def leave(self) -> None:
        """Let the device follow its curve no longer; the curve stays in it."""
        await self._point("Ena", 0)

    async def _point(self, name: str, value: float) -> None:
        await write_point(self.block.model, name, value, self.write_registers)

    def _free_curve(self) -> int:
        """Index of the first stored curve that may be written; the first of all is the adopted one."""
        for index in range(1, self.block.n_repetitions("Crv.ReadOnly")):
            if self.block.value("Crv.ReadOnly", index) != READ_ONLY:
                return index
        message = f"{self.where}: model 705 has no stored curve that may be written; set its Q(V) at its own panel"
        raise DeviceError(message)

    def _n_points_max(self) -> int:
        return self.block.n_repetitions("Crv.Pt.V") // max(1, self.block.n_repetitions("Crv.ReadOnly"))

    def _wanted(self, voltage_pu: FloatArray, q_pu: FloatArray, response_s: float) -> dict[str, list[list[int]]]:
        """Registers of a curve by point, without what the device does not implement."""
        n_points = len(voltage_pu)
        if n_points > self._n_points_max():
            message = f"{self.where}: the Q(V) law has {n_points} points, the device's curves {self._n_points_max()}"
            raise UsageError(message)
        wanted = {
            "Crv.ActPt": [self._registers("Crv.ActPt", n_points)],
            "Crv.DeptRef": [self._registers("Crv.DeptRef", APPARENT_POWER)],
            "Crv.Pt.V": [self._registers("Crv.Pt.V", _PERCENT * float(each)) for each in voltage_pu],
            "Crv.Pt.Var": [self._registers("Crv.Pt.Var", _PERCENT * float(each)) for each in q_pu],
        }
        if len({tuple(each) for each in wanted["Crv.Pt.V"]}) < n_points:
            message = f"{self.where}: its registers are too coarse for the voltages {voltage_pu.tolist()}"
            raise UsageError(message)
        for name, value in (("VRef", _PERCENT), ("VRefAutoEna", 0.0), ("RspTms", LN_10 * response_s)):
            if not math.isnan(self.block.value(f"Crv.{name}", _ADOPTED)):
                wanted[f"Crv.{name}"] = [self._registers(f"Crv.{name}", value)]
        return wanted

    def _registers(self, name: str, value: float) -> list[int]:
        factor = self.block.factor(name)
        if math.isnan(factor):
            message = f"{self.where}: model 705 has no scale factor for {name}, so no curve can be written"
            raise DeviceError(message)
        point = self.block.model.placed[name].point
        return registers_of(point.kind, value / factor, point.n_registers, where=name)

    def _start(self, name: str, curve: int) -> int:
        """Index of the first repetition of a point that belongs to a curve."""
        return curve * (self._n_points_max() if name.startswith("Crv.Pt.") else 1)

    async def _write_curve(self, curve: int, wanted: Mapping[str, list[list[int]]]) -> None:
        placed = self.block.model.placed
        pieces: list[tuple[int, list[int]]] = []
        for name, values in wanted.items():
            offsets = placed[name].offsets[self._start(name, curve) :]
            pieces += zip(offsets, values, strict=False)
        joined: list[tuple[int, list[int]]] = []
        for offset, values in sorted(pieces):
            if joined and joined[-1][0] + len(joined[-1][1]) == offset:
                joined[-1][1].extend(values)
            else:
                joined.append((offset, list(values)))
        for offset, values in joined:
            await self.write_registers(self.block.model.address + offset, values)

    async def _until_adopted(self, wanted: Mapping[str, list[list[int]]]) -> None:
        said = math.nan
        for _ in range(self.n_looks_max):
            await self.block.read(self.read_registers)
            said = self.block.value("AdptCrvRslt")
            if said == FAILED:
                message = f"{self.where}: it refused to adopt the Q(V) curve; what it holds is what it held before"
                raise DeviceError(message)
            if said == COMPLETED and all(self._holds(name, values) for name, values in wanted.items()):
                return
            await asyncio.sleep(self.pause_s)
        state = "says that it adopted the Q(V) curve, and holds another" if said == COMPLETED else "is still adopting"
        message = f"{self.where}: it {state} after {self.n_looks_max} looks; read its functions before you rely on it"
        raise DeviceError(message)

    def _holds(self, name: str, values: list[list[int]]) -> bool:
        return all(self.block.raw(name, index) == value for index, value in enumerate(values))


def prepare(
    models: Mapping[int, list[Model]], read: ReadRegisters, write: WriteRegisters, where: str
) -> VoltVar | None:
    """Model 705 of a device; None if it has none."""
    if VOLT_VAR not in models:
        return None
    return VoltVar(Block(models[VOLT_VAR][0], _NAMES), read, write, where)
