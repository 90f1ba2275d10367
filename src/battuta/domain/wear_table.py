"""What using a battery costs its project, as a table that schedules are made with: by depth, rate, rest and year.

The table is made by a study of the battery's whole life; a schedule reads its own year of life, or the mean of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.domain.curves import Curve
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.wear import Wear, depth_segments
from battuta.numerics.arrays import FloatArray

SEGMENTS = 10
"""Depth segments of a schedule, where nobody says how many."""
TEMPERATURE_C = 25.0
"""Cell temperature of a schedule, where nobody says which. [degC]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WearTable:
    """Loss of a project's value by use, in money of the year in which the battery is used.

    Attributes
    ----------
    study, strategy : str
        What it was made from.
    study_hash : str
        Hash of the study and its data: same hash, same table.
    currency : str
        ISO 4217 code of all its costs.
    law_shares : Mapping of str to float
        Share of each ageing model in the mean. [-]
    c_rate, depth, soc, temperature_c : ndarray, shape (n_rates,), (n_depths,), (n_socs,), (n_temperatures,)
        Nodes, ascending; depths from 0 to 1. [1/h], [-], [-], [degC]
    cycle_cost_per_mwh : ndarray, shape (n_years, n_rates, n_depths)
        Cost of one full cycle of a depth, over the stored energy of the new battery, by year of life. [currency/MWh]
    rest_cost_per_mwh_h : ndarray, shape (n_years, n_temperatures, n_socs)
        Cost of an hour at a state of charge, over the same energy. [currency/(MWh h)]
    throughput_price_per_mwh : ndarray, shape (n_years,)
        What one MWh discharged (AC) takes from the warranty's promises. [currency/MWh]
    remarks : tuple of str
        What a reader has to know.
    """

    study: str
    strategy: str
    study_hash: str
    currency: str
    law_shares: Mapping[str, float]
    c_rate: FloatArray
    depth: FloatArray
    soc: FloatArray
    temperature_c: FloatArray
    cycle_cost_per_mwh: FloatArray
    rest_cost_per_mwh_h: FloatArray
    throughput_price_per_mwh: FloatArray
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse shapes that disagree, nodes that do not ascend, and costs below zero or missing."""
        n_years = self.throughput_price_per_mwh.shape[0]
        _require_shape("cycle_cost_per_mwh", self.cycle_cost_per_mwh, (n_years, self.c_rate.size, self.depth.size))
        _require_shape(
            "rest_cost_per_mwh_h", self.rest_cost_per_mwh_h, (n_years, self.temperature_c.size, self.soc.size)
        )
        _require_shape("throughput_price_per_mwh", self.throughput_price_per_mwh, (n_years,))
        for name in ("c_rate", "depth", "soc", "temperature_c"):
            nodes: FloatArray = getattr(self, name)
            if not nodes.size or not np.all(np.isfinite(nodes)) or np.any(np.diff(nodes) <= 0.0):
                message = f"wear table: nodes of {name} must be numbers that ascend; got {nodes.tolist()}"
                raise DataError(message)
        if self.depth[0] != 0.0 or self.depth[-1] != 1.0:
            message = (
                f"wear table: depth must reach from 0 to 1; it reaches from {self.depth[0]:g} to {self.depth[-1]:g}"
            )
            raise DataError(message)
        for name in ("cycle_cost_per_mwh", "rest_cost_per_mwh_h", "throughput_price_per_mwh"):
            costs: FloatArray = getattr(self, name)
            if not np.all(np.isfinite(costs)) or np.any(costs < 0.0):
                message = f"wear table: {name} must hold numbers >= 0 only; make the table anew from its study"
                raise DataError(message)

    @property
    def n_years(self) -> int:
        """Years of life that it prices."""
        return self.throughput_price_per_mwh.shape[0]

    def wear(
        self,
        *,
        energy_kwh: float,
        soc_min: float,
        soc_max: float,
        efficiency_discharge: float,
        c_rate: float,
        temperature_c: float = TEMPERATURE_C,
        year_of_life: int | None = None,
        n_segments: int = SEGMENTS,
    ) -> Wear:
        """Wear prices of one battery.

        Parameters
        ----------
        energy_kwh : float
            Stored energy between soc 0 and 1 when new. [kWh]
        soc_min, soc_max : float
            Window in which it is cycled. [-]
        efficiency_discharge : float
            One-way efficiency of discharge. [-]
        c_rate : float
            Rate at which it is cycled; below the lowest node the cost of that node holds. [1/h]
        temperature_c : float
            Cell temperature. [degC]
        year_of_life : int or None
            Year in which it is used, from 1; None: the mean of all years.
        n_segments : int
            Equal depth segments.

        Returns
        -------
        Wear
            Depth segments, the price of the warranty's budget on top of them, and the cost of an hour by soc.

        Raises
        ------
        UsageError
            If the rate, the temperature or the year lie outside the table.
        """
        self._require_inside("c_rate", c_rate, -np.inf, float(self.c_rate[-1]), "1/h")
        self._require_inside("temperature_c", temperature_c, self.temperature_c[0], self.temperature_c[-1], "degC")
        if not energy_kwh > 0.0:
            raise InvalidQuantityError("energy_kwh", energy_kwh, 0.0, np.inf, "kWh", where="wear table", above_low=True)
        cycle = _between(self.c_rate, self._of_year(self.cycle_cost_per_mwh, year_of_life), c_rate)
        rest = _between(self.temperature_c, self._of_year(self.rest_cost_per_mwh_h, year_of_life), temperature_c)
        energy_mwh, window = energy_kwh / 1e3, soc_max - soc_min
        inside = self.depth[self.depth < window]
        reached = np.append(inside, window)
        stress = Curve(
            x=tuple((reached / window).tolist()), y=tuple(np.interp(reached, self.depth, cycle * energy_mwh).tolist())
        )
        depth = depth_segments(
            stress,
            n_segments,
            replacement_cost=1.0,
            energy_kwh=energy_kwh * window,
            efficiency_discharge=efficiency_discharge,
        )
        return Wear(
            price_per_mwh=float(self._of_year(self.throughput_price_per_mwh, year_of_life)),
            depth=depth,
            calendar_per_hour=Curve(x=tuple(self.soc.tolist()), y=tuple((rest * energy_mwh).tolist())),
        )

    def _of_year(self, costs: FloatArray, year_of_life: int | None) -> FloatArray:
        if year_of_life is None:
            return costs.mean(axis=0)
        self._require_inside("year_of_life", year_of_life, 1, self.n_years, "-")
        return costs[year_of_life - 1]

    def _require_inside(self, name: str, value: float, low: float, high: float, unit: str) -> None:
        if not low <= value <= high:
            spoken = "" if unit == "-" else f" {unit}"
            message = (
                f"{name} = {value:g}{spoken} is outside the wear table of study {self.study!r}, which reaches from "
                f"{low:g} to {high:g}{spoken}; make a table that covers it, or ask inside"
            )
            raise UsageError(message)


def _between(nodes: FloatArray, costs: FloatArray, at: float) -> FloatArray:
    """Costs between two nodes of the first axis; those of the end node beyond it."""
    low = int(np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, max(nodes.size - 2, 0)))
    high = min(low + 1, nodes.size - 1)
    share = 0.0 if high == low else float(np.clip((at - nodes[low]) / (nodes[high] - nodes[low]), 0.0, 1.0))
    return (1.0 - share) * costs[low] + share * costs[high]


def _require_shape(name: str, costs: FloatArray, shape: tuple[int, ...]) -> None:
    if costs.shape != shape or not costs.size:
        message = f"wear table: {name} has shape {costs.shape}; its nodes and years need {shape}"
        raise DataError(message)
