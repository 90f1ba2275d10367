"""Kinds of cell of the foreign fleet: curves as sums of steps, invented, several to draw from.

No number here was fitted to a measured cell or taken from another room. Each is of the order that large LFP cells show,
and differs on purpose in form and place from the curve that detectors know: what they find here they find on a
stranger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_rows import CellLaw

SOC_LOW, SOC_HIGH, N_NODES = -0.06, 1.06, 2241
"""Grid of the curves: a node every 0.05 % of soc, a little beyond empty and full. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveForm:
    """Open-circuit voltage as a plateau with two steps of the graphite, a foot and a head; all invented.

    Attributes
    ----------
    plateau_v, slope_v : float
        Voltage at half charge, and rise over the whole range that no step explains. [V]
    first_soc, first_v, first_width : float
        Where the lower step of the graphite lies [-], half its height [V], its width [-].
    second_soc, second_v, second_width : float
        The same of the upper step, the one that LFP cells show most clearly.
    foot_v, foot_width, sole_v, sole_width : float
        Two falls towards empty, one steep, one long. [V, -]
    head_v, head_width : float
        Rise towards full. [V, -]
    stretch : float
        The soc axis of the steps is drawn out from full by this factor. [-]
    gap_v, gap_bump_v : float
        Half the gap between charge and discharge branch, and what it gains around the lower step. [V]

    Examples
    --------
    >>> form = CurveForm()
    >>> [round(float(v), 3) for v in form.open_circuit_v(np.array([0.05, 0.3, 0.5, 0.8, 1.0]))]
    [3.149, 3.272, 3.281, 3.318, 3.42]
    """

    plateau_v: float = 3.298
    slope_v: float = 0.012
    first_soc: float = 0.24
    first_v: float = 0.013
    first_width: float = 0.055
    second_soc: float = 0.655
    second_v: float = 0.0165
    second_width: float = 0.032
    foot_v: float = 0.42
    foot_width: float = 0.021
    sole_v: float = 0.105
    sole_width: float = 0.095
    head_v: float = 0.1
    head_width: float = 0.0065
    stretch: float = 1.0
    gap_v: float = 0.0055
    gap_bump_v: float = 0.004

    def open_circuit_v(self, soc: FloatArray) -> FloatArray:
        """Voltage at rest in the middle between the branches. [V]"""
        drawn = 1.0 - (1.0 - soc) / self.stretch
        return (
            self.plateau_v
            + self.slope_v * (soc - 0.5)
            + self.first_v * np.tanh((drawn - self.first_soc) / self.first_width)
            + self.second_v * np.tanh((drawn - self.second_soc) / self.second_width)
            - self.first_v
            - self.foot_v * np.exp(-soc / self.foot_width)
            - self.sole_v * np.exp(-soc / self.sole_width)
            + self.head_v * np.exp((soc - 1.0) / self.head_width)
        )

    def half_gap_v(self, soc: FloatArray) -> FloatArray:
        """Half the gap between the branches; it closes towards full. [V]"""
        bump = self.gap_bump_v / np.cosh((soc - self.first_soc) / 0.12)
        return (self.gap_v + bump) * (1.0 - np.exp(-np.maximum(1.02 - soc, 0.0) / 0.03))


FORMS: tuple[CurveForm, ...] = (
    CurveForm(),
    CurveForm(plateau_v=3.294, slope_v=0.019, first_soc=0.285, second_soc=0.69, second_v=0.0145, gap_v=0.004),
    CurveForm(plateau_v=3.301, slope_v=0.008, first_soc=0.21, first_v=0.015, second_soc=0.62, second_width=0.045,
              gap_v=0.0075, gap_bump_v=0.002),
    CurveForm(stretch=1.04, second_soc=0.665, head_width=0.008),
)  # fmt: skip
"""Curves to draw from; the last one is the first drawn out by 4 %, as when lithium has been lost in storage."""

FAST_SHARE, SLOW_SHARE = 0.42, 0.75
"""Resistance of the relaxations over the series resistance: minutes add as much again as the first second. [-]"""


def cell_law(form: int) -> CellLaw:
    """Return the equations of a kind of cell.

    Parameters
    ----------
    form : int
        Number of its curve in `FORMS`.

    Returns
    -------
    CellLaw
        Equations as kernels take them.

    Raises
    ------
    UsageError
        If there is no such curve.

    Examples
    --------
    >>> law = cell_law(0)
    >>> law.curve_v.shape
    (2, 2241)
    """
    if not 0 <= form < len(FORMS):
        message = f"there is no curve {form}; use 0 to {len(FORMS) - 1}"
        raise UsageError(message)
    soc = np.linspace(SOC_LOW, SOC_HIGH, N_NODES)
    curve = FORMS[form]
    return CellLaw(
        curve_v=np.stack([np.maximum(curve.open_circuit_v(soc), 0.5), curve.half_gap_v(soc)]),
        soc_low=SOC_LOW,
        per_soc=(N_NODES - 1) / (SOC_HIGH - SOC_LOW),
        play_narrow=0.004,  # a third of the gap is crossed within 1 % of soc, the rest takes a quarter of the range
        play_middle=0.03,
        play_wide=0.11,
        weight_narrow=0.35,
        weight_middle=0.40,
        weight_wide=0.25,
        shape_discharge=(0.86, 0.055, 0.02),  # one at half charge; discharge suffers when empty, charge when full
        shape_charge=(0.93, 0.028, 0.16),
        fast_s=38.0,  # charge transfer and the electrolyte's first layers
        slow_s=1500.0,  # diffusion
        heat_j_per_k=5600.0,  # 5.6 kg at 1000 J/(kg K)
        series_k=2050.0,  # 2.3 % per kelvin at 25 degC
        slow_k=3300.0,  # 3.7 % per kelvin
        self_k=5200.0,  # doubles in 12 K
    )
