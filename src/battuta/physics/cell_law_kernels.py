"""What single stores of a cell do over a step: relaxation, hysteresis, open-circuit voltage."""

from __future__ import annotations

from battuta._jit import jit_in_place
from battuta.physics.cell_arrays import CellTables
from battuta.physics.curve_kernels import decay, mean_between


@jit_in_place
def relaxation_step(tables: CellTables, branch: int, step_s: float) -> tuple[float, float, float, float]:
    """Constants of a relaxation over a step.

    Parameters
    ----------
    tables : CellTables
        Equations.
    branch : int
        First (0) or last (1) relaxation.
    step_s : float
        Length of the step. [s]

    Returns
    -------
    end, mean, ohm, half : float
        Share of the start that is left at the end and in the mean [-], resistance [ohm], half the capacitance [F].
    """
    ohm, tau = tables.relaxation[branch, 0], tables.relaxation[branch, 1]
    end, mean = decay(step_s / tau)
    return end, mean, ohm, 0.5 * tau / ohm if ohm > 0.0 else 0.0


@jit_in_place
def lagged(hysteresis: float, net_a: float, turn: float) -> tuple[float, float]:
    """Hysteresis at the end of a step, and its mean.

    Parameters
    ----------
    hysteresis : float
        State before. [-]
    net_a : float
        Current through the electrodes. [A]
    turn : float
        Change of soc in the step by one ampere, times the rate of the hysteresis. [1/A]

    Returns
    -------
    end, mean : float
        State. [-]
    """
    towards = -1.0 if net_a > 0.0 else 1.0
    end, mean = decay(abs(net_a) * turn)
    away = hysteresis - towards
    return towards + away * end, towards + away * mean


@jit_in_place
def open_circuit(tables: CellTables, start: float, end: float) -> tuple[float, float, float, float]:
    """Open-circuit voltage and entropy on the way between two positions counted in nodes of the soc grid.

    Parameters
    ----------
    tables : CellTables
        Equations.
    start, end : float
        Positions. [-]

    Returns
    -------
    ocv_v_mean, entropy_v_per_k_mean, ocv_v_end, rise_v : float
        Exact means [V], [V/K]; voltage at the end and its rise per node there [V].
    """
    ocv, entropy = tables.ocv_v, tables.entropy_v_per_k
    k = min(max(int(end), 0), ocv.shape[0] - 2)
    rise = ocv[k + 1] - ocv[k]
    ocv_mean = mean_between(ocv, tables.ocv_integral_v, start, end)
    entropy_mean = mean_between(entropy, tables.entropy_integral_v_per_k, start, end)
    return ocv_mean, entropy_mean, ocv[k] + (end - k) * rise, rise
