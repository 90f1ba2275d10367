"""What a step of some days adds to a sigmoid term, by how far the term has gone: asked once, read by all lives.

A sigmoid does not add up: each day finds where on its own curve the loss stands, and goes on from there. But a life
that ages at twice the rate stands where the others stand, on a curve twice as high. So the days of each step are gone
through at some losses from none to the highest end, exactly, and a life reads between them. The loss is kept as
``z**exponent``, that exponent the one of the mean day: of z a step's gain is nearly straight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_term import TermKind
from battuta.twin.sigmoid_gain_kernels import go_through

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_term import AgeingTerm
    from battuta.twin.life_steps import LifeSteps

N_LOSSES = 96
_NO_END = 1e-9
"""A sigmoid that ends lower takes nothing. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigmoidGains:
    """Gains of the sigmoid terms of a model, one after the other; of a model without, arrays of none.

    Attributes
    ----------
    gain : ndarray, shape (n_sigmoids, n_capacities, n_resistances, n_different, n_losses)
        What each step adds to z where that stands at ``z_max * (k / (n_losses - 1))**2``. [-]
    z_max : ndarray, shape (n_sigmoids,)
        z beyond which nothing is added. [-]
    exponent : ndarray, shape (n_terms,)
        Exponent of z that is the loss at a rate of 1; that of a power term is its own. [-]
    """

    gain: FloatArray
    z_max: FloatArray
    exponent: FloatArray


def sigmoid_gains(
    stresses: FloatArray, terms: Sequence[AgeingTerm], steps: LifeSteps, *, n_losses: int = N_LOSSES
) -> SigmoidGains:
    """Go through the days of all steps.

    Parameters
    ----------
    stresses : ndarray, shape (n_capacities, n_resistances, n_days, n_slots)
        Daily stresses at the nodes.
    terms : sequence of AgeingTerm
        Terms of the model.
    steps : LifeSteps
        Steps of a life.
    n_losses : int
        Losses from which they are gone through.

    Returns
    -------
    SigmoidGains
        The gains.
    """
    own = [each.slot for each in terms if each.kind is TermKind.SIGMOID]
    n_capacities, n_resistances = stresses.shape[:2]
    gain = np.zeros((len(own), n_capacities * n_resistances, steps.first.size, n_losses))
    z_max, exponent = np.ones(len(own)), np.array([each.exponent for each in terms])
    at = [number for number, each in enumerate(terms) if each.kind is TermKind.SIGMOID]
    for number, slot in enumerate(own):
        curve = stresses[..., slot : slot + 3].reshape(n_capacities * n_resistances, -1, 3)
        exponent[at[number]] = float(curve[..., 2].mean())
        highest = float(curve[..., 0].max())
        if highest > _NO_END:
            z_max[number] = highest ** (1.0 / exponent[at[number]])
            go_through(
                np.ascontiguousarray(curve[:, steps.table_day]), steps.first, steps.n_days, float(z_max[number]),
                float(exponent[at[number]]), gain[number],
            )  # fmt: skip
    shape = (len(own), n_capacities, n_resistances, steps.first.size, n_losses)
    return SigmoidGains(gain=gain.reshape(shape), z_max=z_max, exponent=exponent)
