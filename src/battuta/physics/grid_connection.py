"""Where a site meets the grid: limits at the interconnection point, its transformer, and its reactive power.

Sign: P positive is exported, **Q positive is injected** (over-excited: it lifts the voltage), Q negative is absorbed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from battuta.domain import catalogue
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics import grid_connection_kernels as kernels

_FOLDER = "volt_var_sets"


@dataclass(frozen=True, slots=True, kw_only=True)
class GridConnection:
    """Converter, transformer and contract of one site.

    Attributes
    ----------
    apparent_power_kva : float
        Circle of P and Q at the converter's AC terminals. [kVA]
    reactive_first : bool
        True when reactive power keeps its wish and active power gives way.
    import_power_kw_max, export_power_kw_max : float
        Limits at the interconnection point, net of auxiliaries and of the site's other load and PV. [kW]
    transformer_kva : float
        Rating of the battery's transformer. [kVA]
    no_load_loss_pu, load_loss_pu : float
        Active losses, always and at rated load. [-]
    reactance_pu, magnetising_pu : float
        Reactive power drawn at rated load and always. [-]

    Examples
    --------
    >>> site = GridConnection(apparent_power_kva=1000.0, export_power_kw_max=500.0, transformer_kva=1000.0)
    >>> low_kw, high_kw = power_window_kw(site, other_kw=-100.0)
    >>> high_kw
    600.0
    """

    apparent_power_kva: float
    reactive_first: bool = False
    import_power_kw_max: float = math.inf
    export_power_kw_max: float = math.inf
    transformer_kva: float
    no_load_loss_pu: float = 0.0
    load_loss_pu: float = 0.0
    reactance_pu: float = 0.0
    magnetising_pu: float = 0.0

    def __post_init__(self) -> None:
        """Check every quantity against its range."""
        _require("apparent_power_kva", self.apparent_power_kva, 1e-6, 1e9, "kVA")
        _require("transformer_kva", self.transformer_kva, 1e-6, 1e9, "kVA")
        _require("import_power_kw_max", self.import_power_kw_max, 0.0, math.inf, "kW")
        _require("export_power_kw_max", self.export_power_kw_max, 0.0, math.inf, "kW")
        for name in ("no_load_loss_pu", "load_loss_pu", "reactance_pu", "magnetising_pu"):
            _require(name, getattr(self, name), 0.0, 0.5, "-")

    def parameters(self) -> FloatArray:
        """Row of numbers that the kernels take, shape (9,)."""
        return np.array(
            [
                self.apparent_power_kva,
                float(self.reactive_first),
                min(self.import_power_kw_max, 1e12),
                min(self.export_power_kw_max, 1e12),
                self.transformer_kva,
                self.no_load_loss_pu,
                self.load_loss_pu,
                self.reactance_pu,
                self.magnetising_pu,
            ]
        )


class ReactiveMode(Enum):
    """What decides the reactive power of a site."""

    FIXED_Q = "fixed_q"
    FIXED_FACTOR = "fixed_factor"
    Q_OF_V = "q_of_v"
    VOLTAGE = "voltage"


_CODES = {
    ReactiveMode.FIXED_Q: kernels.FIXED_Q,
    ReactiveMode.FIXED_FACTOR: kernels.FIXED_FACTOR,
    ReactiveMode.Q_OF_V: kernels.Q_OF_V,
    ReactiveMode.VOLTAGE: kernels.VOLTAGE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactiveLaw:
    """How a site chooses its reactive power; each mode reads its own fields.

    Attributes
    ----------
    mode : ReactiveMode
        Which one.
    q_pu_max : float
        Largest reactive power, both ways, per unit of the apparent power. [-]
    q_pu : float
        Fixed Q, injected positive. [-]
    power_factor : float
        Fixed factor: positive injects, negative absorbs. [-]
    curve_v_pu, curve_q_pu : tuple of float
        Q(V): voltages, strictly ascending, and Q, never rising; a level piece of 0 is its deadband. [-]
    response_s : float
        Q(V): time constant of the approach. [s]
    voltage_set_pu, voltage_deadband_pu : float
        V mode: the voltage to hold, and the error that is let be. [-]
    gain_per_s : float
        V mode: change of Q per second for one per unit of error. [1/s]
    """

    mode: ReactiveMode
    q_pu_max: float = 1.0
    q_pu: float = 0.0
    power_factor: float = 1.0
    curve_v_pu: tuple[float, ...] = ()
    curve_q_pu: tuple[float, ...] = ()
    response_s: float = 0.0
    voltage_set_pu: float = 1.0
    voltage_deadband_pu: float = 0.0
    gain_per_s: float = 1.0

    def __post_init__(self) -> None:
        """Refuse laws that would push voltage the wrong way."""
        _require("q_pu_max", self.q_pu_max, 0.0, 1.0, "-")
        _require("q_pu", self.q_pu, -1.0, 1.0, "-")
        _require("abs(power_factor)", abs(self.power_factor), 0.05, 1.0, "-")
        _require("response_s", self.response_s, 0.0, 3600.0, "s")
        _require("voltage_set_pu", self.voltage_set_pu, 0.5, 1.5, "-")
        _require("voltage_deadband_pu", self.voltage_deadband_pu, 0.0, 0.5, "-")
        _require("gain_per_s", self.gain_per_s, 0.0, 1e6, "1/s")
        if self.mode is ReactiveMode.Q_OF_V:
            n = len(self.curve_v_pu)
            fits = 2 <= n <= kernels.N_CURVE_MAX and len(self.curve_q_pu) == n
            if not (fits and np.all(np.diff(self.curve_v_pu) > 0.0) and np.all(np.diff(self.curve_q_pu) <= 0.0)):
                message = (
                    f"a Q(V) curve takes 2 to {kernels.N_CURVE_MAX} voltages that ascend strictly and as many Q that "
                    f"never rise (high voltage asks for absorption); got {self.curve_v_pu} and {self.curve_q_pu}"
                )
                raise UsageError(message)

    def parameters(self) -> FloatArray:
        """Row of numbers that the kernels take, shape (25,)."""
        row = np.zeros(kernels.N_REACTIVE_PARAMETERS)
        row[kernels.MODE] = _CODES[self.mode]
        row[kernels.Q_SET_PU] = self.q_pu
        row[kernels.POWER_FACTOR] = self.power_factor
        row[kernels.VOLTAGE_SET_PU] = self.voltage_set_pu
        row[kernels.VOLTAGE_DEADBAND_PU] = self.voltage_deadband_pu
        row[kernels.GAIN_PER_S] = self.gain_per_s
        row[kernels.RESPONSE_S] = self.response_s
        row[kernels.Q_MAX_PU] = self.q_pu_max
        n = len(self.curve_v_pu)
        row[kernels.N_CURVE] = n
        row[kernels.CURVE_V_PU : kernels.CURVE_V_PU + n] = self.curve_v_pu
        row[kernels.CURVE_Q_PU : kernels.CURVE_Q_PU + n] = self.curve_q_pu
        return row


def power_window_kw(site: GridConnection, *, other_kw: float, reactive_kvar: float = 0.0) -> tuple[float, float]:
    """Window of battery power at the converter that keeps the limits at the interconnection point.

    Parameters
    ----------
    site : GridConnection
        The connection.
    other_kw : float
        What the rest of the site exports: PV less load less auxiliaries. [kW]
    reactive_kvar : float
        Reactive power at the converter. [kvar]

    Returns
    -------
    low_kw, high_kw : float
        Power at the converter's AC terminals, discharge positive. [kW]
    """
    low_kw, high_kw = np.empty(1), np.empty(1)
    rows = site.parameters()[np.newaxis, :]
    kernels.power_window(np.array([reactive_kvar]), np.array([other_kw]), rows, low_kw, high_kw)
    return float(low_kw[0]), float(high_kw[0])


def reactive_power_pu(voltage_pu: FloatArray, power_pu: FloatArray, dt_s: float, law: ReactiveLaw) -> FloatArray:
    """Reactive power of one site over time, from rest.

    Parameters
    ----------
    voltage_pu, power_pu : ndarray, shape (n_times,)
        Voltage per unit of nominal (NaN where missing), and active power per unit of the apparent power. [-]
    dt_s : float
        Time between samples. [s]
    law : ReactiveLaw
        Its law.

    Returns
    -------
    ndarray, shape (n_times,)
        Reactive power, injected positive, per unit of the apparent power. [-]

    Examples
    --------
    >>> curve = ReactiveLaw(
    ...     mode=ReactiveMode.Q_OF_V, curve_v_pu=(0.92, 0.98, 1.02, 1.08), curve_q_pu=(0.44, 0.0, 0.0, -0.44)
    ... )
    >>> reactive_power_pu(np.array([1.0, 1.05]), np.zeros(2), 1.0, curve)
    array([ 0.  , -0.22])
    """
    rows = law.parameters()[np.newaxis, :]
    q_pu, out_pu = np.zeros(1), np.empty(len(voltage_pu))
    for tick in range(len(voltage_pu)):
        kernels.reactive_step(voltage_pu[tick : tick + 1], power_pu[tick : tick + 1], dt_s, rows, q_pu)
        out_pu[tick] = q_pu[0]
    return out_pu


def volt_var_law(name: str) -> ReactiveLaw:
    """Read a Q(V) curve that ships as data; its file says where it comes from and how sure it is.

    Parameters
    ----------
    name : str
        Name of the file in ``physics/volt_var_sets``.

    Returns
    -------
    ReactiveLaw
        A Q(V) law.
    """
    table = catalogue.table("physics", _FOLDER, name)
    lists: dict[str, tuple[float, ...]] = {}
    for key in ("curve_v_pu", "curve_q_pu"):
        held = table.get(key)
        numbers = [float(each) for each in held if isinstance(each, int | float)] if isinstance(held, list) else []
        if not isinstance(held, list) or len(numbers) != len(held):
            message = f"physics/{_FOLDER}/{name}.toml: {key} must be a list of numbers; got {held!r}"
            raise DataError(message)
        lists[key] = tuple(numbers)
    response_s = table.get("response_s")
    if not isinstance(response_s, int | float):
        message = f"physics/{_FOLDER}/{name}.toml: response_s must be a number; got {response_s!r}"
        raise DataError(message)
    return ReactiveLaw(
        mode=ReactiveMode.Q_OF_V,
        curve_v_pu=lists["curve_v_pu"],
        curve_q_pu=lists["curve_q_pu"],
        response_s=float(response_s),
        q_pu_max=max(abs(each) for each in lists["curve_q_pu"]),
    )


def _require(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise InvalidQuantityError(name, value, low, high, unit)
