"""A pack as a trader plans with it: stored energy and one-way efficiencies, measured on the pack itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.physics.life_pack_walk import PackDuty, usable_energy_kwh, walk_pack

if TYPE_CHECKING:
    from battuta.physics.life_pack import LifePack

_STEP_S = 60.0
_STEPS_PER_DAY = 1440
_FILLED_C = 25.0
_FULL_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningBattery:
    """A new pack as its AC terminals show it.

    Attributes
    ----------
    energy_kwh : float
        Stored energy between state of charge 0 and 1. [kWh]
    usable_kwh : float
        AC energy of a full discharge of its window. [kWh]
    efficiency_charge, efficiency_discharge : float
        One-way efficiency at the rated power. [-]
    """

    energy_kwh: float
    usable_kwh: float
    efficiency_charge: float
    efficiency_discharge: float


def planning_battery(pack: LifePack) -> PlanningBattery:
    """Fill and empty a new pack at its rated power, 25 degC, and say what a plan may count with.

    Parameters
    ----------
    pack : LifePack
        The pack.

    Returns
    -------
    PlanningBattery
        Its terminals: a plan made with them fills and empties the window exactly at the rated power.

    Raises
    ------
    UsageError
        If it cannot be filled in thirty days.

    Examples
    --------
    >>> from battuta.physics.cell_parameters import cell_parameters
    >>> from battuta.physics.life_pack import LifePack, PackClimate
    >>> from battuta.physics.pcs import notton_pcs
    >>> pack = LifePack(
    ...     cell=cell_parameters("lfp_314ah"),
    ...     cells_in_series=416,
    ...     strings=12,
    ...     pcs=notton_pcs("bonfiglioli_field", 2500.0),
    ...     climate=PackClimate(wall_w_per_k=60.0, cooling_kw_max=60.0),
    ... )
    >>> found = planning_battery(pack)
    >>> 0.9 < found.efficiency_discharge < found.efficiency_charge < 1.0
    True
    """
    window_kwh = pack.energy_kwh * (pack.soc_max - pack.soc_min)
    usable_kwh = usable_energy_kwh(pack)
    rated_kw = pack.pcs.rated_power_kw
    days = int(np.ceil(1.5 * pack.energy_kwh / rated_kw / 24.0))
    empty = replace(pack, soc_start=pack.soc_min)
    walked = None
    if days <= 30:
        n = days * _STEPS_PER_DAY
        asked = PackDuty(power_kw=np.full(n, -rated_kw), ambient_c=np.full(n, _FILLED_C), step_s=_STEP_S)
        walked = walk_pack(empty, asked)
    if walked is None or walked.soc[-1] < pack.soc_max - _FULL_TOLERANCE:
        message = (
            f"a battery of {pack.energy_kwh:.0f} kWh and {rated_kw:g} kW is not filled in {min(days, 30)} days of "
            "charging; there is nothing to trade within a day: raise power_kw"
        )
        raise UsageError(message)
    full = int(np.argmax(walked.soc >= pack.soc_max - _FULL_TOLERANCE))
    charged_kwh = float(-np.minimum(walked.power_kw[: full + 1], 0.0).sum()) * _STEP_S / 3600.0
    return PlanningBattery(
        energy_kwh=pack.energy_kwh,
        usable_kwh=usable_kwh,
        efficiency_charge=min(window_kwh / charged_kwh, 1.0),
        efficiency_discharge=min(usable_kwh / window_kwh, 1.0),
    )
