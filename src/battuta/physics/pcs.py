"""The power conversion system between battery and grid: what it loses at each power, from a data sheet or a field test.

Two kinds of model: Notton's loss curve (a no-load loss and one that grows with the square of the power), and a measured
efficiency map. Both invert exactly, so that energy at the meter and in the battery always tell the same story.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain import catalogue
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics import pcs_kernels
from battuta.physics.pcs_kernels import N_PCS_PARAMETERS

_FOLDER = "pcs_sets"


@dataclass(frozen=True, slots=True, kw_only=True)
class NottonPcs:
    """A converter by Notton's model: efficiency ``p / (p + P0 + K p^2)`` with p the power that comes out.

    Discharging, the AC power comes out; charging, the DC power does. The loss is then ``P0 + K p^2`` exactly, both
    ways, and the inverse is the root of a quadratic.

    Attributes
    ----------
    rated_power_kw : float
        Rated power, both ways. [kW]
    no_load_discharge_pu, quadratic_discharge_pu : float
        P0 and K of discharge, per unit of the rating. [-]
    no_load_charge_pu, quadratic_charge_pu : float
        P0 and K of charge. [-]
    standby_pu : float
        Loss while it exchanges nothing. [-]
    source : str
        Where the figures come from.

    References
    ----------
    .. [1] G. Notton, V. Lazarov, L. Stoyanov, "Optimal sizing of a grid-connected PV system for various PV module
       technologies and inclinations, inverter efficiency characteristics and locations", Renewable Energy 35(2), 2010.

    Examples
    --------
    >>> pcs = NottonPcs(
    ...     rated_power_kw=1000.0,
    ...     no_load_discharge_pu=0.01,
    ...     quadratic_discharge_pu=0.02,
    ...     no_load_charge_pu=0.01,
    ...     quadratic_charge_pu=0.02,
    ... )
    >>> dc_power_kw, loss_kw = pcs.dc_power_kw(np.array([500.0]))
    >>> dc_power_kw, loss_kw
    (array([515.]), array([15.]))
    """

    rated_power_kw: float
    no_load_discharge_pu: float
    quadratic_discharge_pu: float
    no_load_charge_pu: float
    quadratic_charge_pu: float
    standby_pu: float = 0.0
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse gains and losses that no converter has."""
        if not 0.0 < self.rated_power_kw < np.inf:
            raise InvalidQuantityError("rated_power_kw", self.rated_power_kw, 0.0, np.inf, "kW", above_low=True)
        for name in (
            "no_load_discharge_pu",
            "quadratic_discharge_pu",
            "no_load_charge_pu",
            "quadratic_charge_pu",
            "standby_pu",
        ):
            value: float = getattr(self, name)
            if not 0.0 <= value <= 0.5:
                raise InvalidQuantityError(name, value, 0.0, 0.5, "-")

    def parameters(self) -> FloatArray:
        """Row of numbers that the kernels take, shape (6,)."""
        return np.array(
            [
                self.rated_power_kw,
                self.no_load_discharge_pu,
                self.quadratic_discharge_pu,
                self.no_load_charge_pu,
                self.quadratic_charge_pu,
                self.standby_pu,
            ]
        )

    def dc_power_kw(self, ac_power_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
        """DC power and loss for AC powers; ``dc = ac + loss``.

        Parameters
        ----------
        ac_power_kw : ndarray, shape (n_times,)
            Discharge positive. [kW]

        Returns
        -------
        dc_power_kw, loss_kw : ndarray, shape (n_times,)
            Discharge positive; loss >= 0. [kW]
        """
        given, rows = self._prepared(ac_power_kw)
        out_kw, loss_kw = np.empty_like(given), np.empty_like(given)
        pcs_kernels.ac_to_dc(given, rows, out_kw, loss_kw)
        return out_kw, loss_kw

    def ac_power_kw(self, dc_power_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
        """AC power and loss for DC powers: the inverse of `dc_power_kw`.

        Parameters
        ----------
        dc_power_kw : ndarray, shape (n_times,)
            Discharge positive. [kW]

        Returns
        -------
        ac_power_kw, loss_kw : ndarray, shape (n_times,)
            Discharge positive; loss >= 0. [kW]
        """
        given, rows = self._prepared(dc_power_kw)
        out_kw, loss_kw = np.empty_like(given), np.empty_like(given)
        pcs_kernels.dc_to_ac(given, rows, out_kw, loss_kw)
        return out_kw, loss_kw

    def _prepared(self, power_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
        given = np.ascontiguousarray(power_kw, dtype=np.float64)
        return given, np.broadcast_to(self.parameters(), (given.shape[0], N_PCS_PARAMETERS)).copy()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPcs:
    """A converter by a measured efficiency map over its AC power.

    Between the measured places the DC power is a straight line over the AC power, which makes the inverse exact.
    Below the first measured power above 0 the loss stays what it is there.

    Attributes
    ----------
    rated_power_kw : float
        Rated power, both ways. [kW]
    ac_share, dc_share : tuple of float
        The map as signed nodes, discharge positive, both strictly ascending, per unit of the rating. [-]
    source : str
        Where the map was measured.
    """

    rated_power_kw: float
    ac_share: tuple[float, ...]
    dc_share: tuple[float, ...]
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse maps that cannot be inverted or that gain energy."""
        ac, dc = np.array(self.ac_share), np.array(self.dc_share)
        if not (np.all(np.diff(ac) > 0.0) and np.all(np.diff(dc) > 0.0)):
            message = "a measured map needs AC and DC power that ascend strictly; smooth the efficiencies first"
            raise UsageError(message)
        if np.any(dc < ac):
            worst = int(np.argmin(dc - ac))
            message = f"a measured map gains energy: at {ac[worst]:g} of the rating the DC power is {dc[worst]:g}"
            raise UsageError(message)

    @classmethod
    def from_efficiency(
        cls,
        *,
        rated_power_kw: float,
        power_share: FloatArray,
        efficiency_charge: FloatArray,
        efficiency_discharge: FloatArray,
        source: str = "",
    ) -> MeasuredPcs:
        """Build the map from efficiencies measured over AC power.

        Parameters
        ----------
        rated_power_kw : float
            Rated power. [kW]
        power_share : ndarray, shape (n_points,)
            AC power per unit of the rating, strictly ascending; 0 is skipped (efficiency says nothing there). [-]
        efficiency_charge, efficiency_discharge : ndarray, shape (n_points,)
            One-way efficiencies there. [-]
        source : str
            Where they were measured.

        Returns
        -------
        MeasuredPcs
            The map.
        """
        running = power_share > 0.0
        share = power_share[running]
        charged = -share * efficiency_charge[running]
        drawn = share / efficiency_discharge[running]
        idle_loss = 0.5 * ((drawn[0] - share[0]) + (charged[0] + share[0]))
        ac = np.concatenate((-share[::-1], [0.0], share))
        dc = np.concatenate((charged[::-1], [idle_loss], drawn))
        return cls(rated_power_kw=rated_power_kw, ac_share=tuple(ac), dc_share=tuple(dc), source=source)

    def dc_power_kw(self, ac_power_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
        """DC power and loss for AC powers, shape of the input; NaN beyond the map. [kW]"""
        ac_pu = ac_power_kw / self.rated_power_kw
        dc_kw = self.rated_power_kw * np.interp(ac_pu, self.ac_share, self.dc_share, left=np.nan, right=np.nan)
        return dc_kw, dc_kw - ac_power_kw

    def ac_power_kw(self, dc_power_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
        """AC power and loss for DC powers, shape of the input; NaN beyond the map. [kW]"""
        dc_pu = dc_power_kw / self.rated_power_kw
        ac_kw = self.rated_power_kw * np.interp(dc_pu, self.dc_share, self.ac_share, left=np.nan, right=np.nan)
        return ac_kw, dc_power_kw - ac_kw


def pcs_sets() -> tuple[str, ...]:
    """Names of the converters that ship as data, sorted."""
    return catalogue.names("physics", _FOLDER)


def notton_pcs(name: str, rated_power_kw: float) -> NottonPcs:
    """Read a converter that ships as data, scaled to a rating.

    Parameters
    ----------
    name : str
        One of `pcs_sets`.
    rated_power_kw : float
        Rating of the converter that is meant. [kW]

    Returns
    -------
    NottonPcs
        The converter.

    Examples
    --------
    >>> notton_pcs("sungrow_sc1000tl_field", 1000.0).no_load_charge_pu
    0.007702
    """
    table = catalogue.table("physics", _FOLDER, name)
    figures: dict[str, float] = {}
    for key in (
        "no_load_discharge_pu",
        "quadratic_discharge_pu",
        "no_load_charge_pu",
        "quadratic_charge_pu",
        "standby_pu",
    ):
        held = table.get(key)
        if isinstance(held, bool) or not isinstance(held, int | float):
            message = f"physics/{_FOLDER}/{name}.toml: {key} must be a number; got {held!r}"
            raise DataError(message)
        figures[key] = float(held)
    return NottonPcs(rated_power_kw=rated_power_kw, source=str(table.get("source", "")), **figures)


def pcs_rows(converters: tuple[NottonPcs, ...]) -> FloatArray:
    """Rows of many sites for the kernels, shape (n_sites, 6)."""
    return np.array([each.parameters() for each in converters]).reshape(len(converters), N_PCS_PARAMETERS)
