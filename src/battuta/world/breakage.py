"""What planted faults do to the simulated plants, second by second: to cells and coolant, and to what is read of them.

A fault is looked at only in the seconds in which it changes, so that a thousand faults to come cost nothing.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.container import ContainerState
from battuta.world.planted_faults import SITE_WIDE, FaultKind, PlantedFault, apply_faults, healthy_state

RAMP_STEPS = 1000
"""A fault that grows is looked at so many times while it does, ..."""

RAMP_STEP_S_MAX = 60.0
"""... or at least this often. [s]"""

Target = tuple[FaultKind, int, int]


def next_change_s(fault: PlantedFault, at_s: float) -> float:
    """Instant after this one at which the size of a fault is to be looked at again.

    Parameters
    ----------
    fault : PlantedFault
        The fault.
    at_s : float
        Present instant. [s]

    Returns
    -------
    float
        The start, the next step of its growth, the next second of a loose contact or the end; infinite where nothing
        changes any more. [s]

    Examples
    --------
    >>> fault = PlantedFault(kind=FaultKind.LEAK, site=0, start_s=100.0, size=0.5, ramp_s=10.0, end_s=500.0)
    >>> [next_change_s(fault, at_s) for at_s in (0.0, 100.0, 120.0, 500.0)]
    [100.0, 101.0, 500.0, inf]
    """
    if at_s < fault.start_s:
        return fault.start_s
    if at_s >= fault.end_s:
        return math.inf
    if fault.active_share < 1.0:
        return min(at_s + 1.0, fault.end_s)
    grown_s = fault.start_s + fault.ramp_s
    if at_s >= grown_s:
        return fault.end_s
    step_s = min(max(fault.ramp_s / RAMP_STEPS, 1.0), RAMP_STEP_S_MAX)
    return min(at_s + step_s, grown_s, fault.end_s)


class Breakage:
    """The broken parts of all sites.

    Parameters
    ----------
    faults : sequence of PlantedFault
        All faults; their times count from the instant 0 of `bring_to`.
    container : ContainerState
        The plants while they are sound; leaks, resistances, joints and coolant flow are written.
    slot : ndarray of int, shape (n_sites, n_cells)
        Place of each cell in the arrays of the container. [-]

    Raises
    ------
    InvalidQuantityError
        If a fault lies at a site or cell that is not there.
    """

    def __init__(self, faults: Sequence[PlantedFault], container: ContainerState, slot: IntArray) -> None:
        n_sites, n_cells = slot.shape
        self.state = healthy_state(n_sites, n_cells)
        self._container, self._slot = container, slot
        self._sound_leak_a = container.cells.leak_a.copy()
        self._sound_factor = container.cells.resistance_factor.copy()
        apply_faults(faults, -math.inf, self.state)  # refuses what is not there
        kinds = {fault.kind for fault in faults}
        self._offset_v = np.zeros(slot.size) if FaultKind.SENSOR_DRIFT in kinds else None
        self._offset_c = np.zeros(slot.size) if FaultKind.TEMPERATURE_DRIFT in kinds else None
        groups: dict[Target, list[PlantedFault]] = {}
        for fault in faults:
            cell = 0 if fault.kind in SITE_WIDE else fault.cell
            groups.setdefault((fault.kind, fault.site, cell), []).append(fault)
        self._groups = list(groups.items())
        self._due = [(-math.inf, k) for k in range(len(self._groups))]

    def bring_to(self, at_s: float) -> None:
        """Let all faults be what they are at an instant, later than the last one. [s]"""
        while self._due and self._due[0][0] <= at_s:
            number = self._due[0][1]
            target, faults = self._groups[number]
            apply_faults(faults, at_s, self.state)
            self._write(*target)
            next_s = min(next_change_s(fault, at_s) for fault in faults)
            if next_s < math.inf:
                heapq.heapreplace(self._due, (next_s, number))
            else:
                heapq.heappop(self._due)

    def shown_v(self, voltage_v: FloatArray) -> FloatArray:
        """Voltages that the cell monitors see, in the order of the container, shape (n_cells,). [V]"""
        return voltage_v if self._offset_v is None else voltage_v + self._offset_v

    def shown_c(self, temperature_c: FloatArray) -> FloatArray:
        """Temperatures that the cell monitors see, in the order of the container, shape (n_cells,). [degC]"""
        return temperature_c if self._offset_c is None else temperature_c + self._offset_c

    def _write(self, kind: FaultKind, site: int, cell: int) -> None:
        """Carry one value of the state to where it acts; gas and smoke are read from the state."""
        cells, state, place = self._container.cells, self.state, self._slot[site, cell]
        if kind is FaultKind.LEAK:
            cells.leak_a[place] = self._sound_leak_a[place] + state.leak_a[site, cell]
        elif kind is FaultKind.RESISTANCE_RISE:
            cells.resistance_factor[place] = self._sound_factor[place] * state.resistance_factor[site, cell]
        elif kind is FaultKind.LOOSE_CONTACT:
            cells.contact_ohm[place] = state.contact_ohm[site, cell]
        elif kind is FaultKind.COOLING_LOSS:
            self._container.sites.flow_factor[site] = state.flow_factor[site]
        elif kind is FaultKind.SENSOR_DRIFT and self._offset_v is not None:
            self._offset_v[place] = state.voltage_offset_v[site, cell]
        elif kind is FaultKind.TEMPERATURE_DRIFT and self._offset_c is not None:
            self._offset_c[place] = state.temperature_offset_c[site, cell]
