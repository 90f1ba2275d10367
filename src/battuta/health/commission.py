"""The acceptance scan before first power: each item passed, failed, or was not tested, with figures and a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from battuta.domain.health import FaultClass
from battuta.domain.site_log import SiteLog
from battuta.domain.telemetry import Block


class Verdict(StrEnum):
    """What became of an item."""

    PASS = "pass"  # noqa: S105 - no password
    """It was tested and is within its limits."""
    FAIL = "fail"
    """It was tested and is not."""
    NOT_TESTED = "not_tested"
    """The record does not tell of it: nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionItem:
    """One item of the scan.

    Attributes
    ----------
    where : str
        The string, or the site.
    name : str
        What was looked at.
    fault : FaultClass
        What it would be.
    verdict : Verdict
        What became of it.
    reason : str
        Why, in words, and for what was not tested what is needed.
    figures : mapping of str to float
        What was measured, the unit last in each name.
    cells : tuple of int
        Cells, or channels, concerned, from 0.
    """

    where: str
    name: str
    fault: FaultClass
    verdict: Verdict
    reason: str
    figures: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    cells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionPlan:
    """What the plate and the drawings say, and what may be; None is not stated, and not tested.

    Attributes
    ----------
    n_cells, n_sensors : int or None
        Cells and temperature sensors of each string. [-]
    capacity_ah : float or None
        Capacity on the plate. [Ah]
    voltage_v : float or None
        Highest DC voltage of the site. [V]
    full_v, empty_v : float or None
        Voltages of a cell at which it counts as full and as empty. [V]
    capacity_share_min : float
        Least share of the plate. [-]
    soc_spread_max : float
        Largest distance of two cells in state of charge. [-]
    resistance_share_off_max : float
        Largest share by which a cell's resistance may differ from the middle. [-]
    sense_v : float
        Error of two neighbours, opposite, from which a sense wire is suspected. [V]
    sensor_k_max : float
        Largest distance of a temperature sensor from the middle at rest. [K]
    insulation_ohm_per_v_min : float
        UN R100, 5.1.3.2, for DC buses joined with AC ones; set what your standard asks for. [ohm/V]
    flow_l_per_min_min, pressure_bar_min : float or None
        Least coolant flow with the pump running, and least pressure. [l/min, bar]
    level_min : float
        Least level of the coolant tank. [-]
    precharge_s_max : float or None
        Longest time constant of the pre-charge. [s]
    precharge_share_min : float
        Share of the string's voltage that the bus has to reach; assumed. [-]
    supply_v_min : float
        Least supply of the controls; assumed, 24 V less 15 %. [V]
    """

    n_cells: int | None = None
    n_sensors: int | None = None
    capacity_ah: float | None = None
    voltage_v: float | None = None
    full_v: float | None = None
    empty_v: float | None = None
    capacity_share_min: float = 0.97
    soc_spread_max: float = 0.05
    resistance_share_off_max: float = 0.3
    sense_v: float = 0.02
    sensor_k_max: float = 8.0
    insulation_ohm_per_v_min: float = 500.0
    flow_l_per_min_min: float | None = None
    pressure_bar_min: float | None = None
    level_min: float = 0.5
    precharge_s_max: float | None = None
    precharge_share_min: float = 0.95
    supply_v_min: float = 20.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item belongs, to name it once.

    Attributes
    ----------
    where, name : str
        As in `CommissionItem`.
    fault : FaultClass
        What it would be.
    """

    where: str
    name: str
    fault: FaultClass

    def not_tested(self, needed: str) -> CommissionItem:
        """Say that nothing is known, and what would be needed."""
        return CommissionItem(
            where=self.where, name=self.name, fault=self.fault, verdict=Verdict.NOT_TESTED, reason=needed
        )

    def tested(
        self, *, passed: bool, reason: str, figures: Mapping[str, float], cells: Sequence[int] = ()
    ) -> CommissionItem:
        """Say what was found."""
        return CommissionItem(
            where=self.where,
            name=self.name,
            fault=self.fault,
            verdict=Verdict.PASS if passed else Verdict.FAIL,
            reason=reason,
            figures=MappingProxyType(dict(figures)),
            cells=tuple(int(cell) for cell in cells),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommissionRecord:
    """A short record of a site before first power.

    Attributes
    ----------
    blocks : sequence of Block
        A string each: rest, a small charge pulse, a small discharge pulse; values as they were logged.
    log : SiteLog or None
        What the site logged beside them.
    """

    blocks: Sequence[Block]
    log: SiteLog | None = None
