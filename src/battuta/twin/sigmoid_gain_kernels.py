"""The loops over the days of a step of a sigmoid term, and between what they gave."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.life_kernels import sigmoid_loss


@jit
def go_through(
    curve: FloatArray, first: IntArray, n_days: FloatArray, z_max: float, exponent: float, gain: FloatArray
) -> None:
    """Go through the days of each step at each node, from each loss.

    Parameters
    ----------
    curve : ndarray, shape (n_nodes, n_days, 3)
        End, progress and curvature of each day, the steps one after the other. [-]
    first : ndarray of int, shape (n_steps,)
        Where each step begins.
    n_days : ndarray, shape (n_steps,)
        Its length. [d]
    z_max, exponent : float
        As in `SigmoidGains`. [-]
    gain : ndarray, shape (n_nodes, n_steps, n_losses)
        Written: what is added to z. [-]
    """
    last = gain.shape[2] - 1
    for k in range(last + 1):
        z = z_max * (k / last) ** 2
        begins = z**exponent
        for node in range(gain.shape[0]):
            for step in range(gain.shape[1]):
                loss = begins
                for day in range(first[step], first[step] + int(n_days[step])):
                    loss = sigmoid_loss(loss, curve[node, day, 0], curve[node, day, 1], curve[node, day, 2])
                gain[node, step, k] = loss ** (1.0 / exponent) - z if loss > begins else 0.0


@jit
def loss_place(z: float, z_max: float, n_losses: int) -> tuple[int, float]:
    """Interval of the losses at which steps were gone through in which one lies, and how far along it.

    Returns
    -------
    first : int
        Loss before it.
    share : float
        Way to the next, by z. [-]
    """
    last = n_losses - 1
    along = math.sqrt(z / z_max) * last
    if along >= last:
        return last - 1, 1.0
    first = int(along)
    return first, (along * along - first * first) / (2.0 * first + 1.0)
