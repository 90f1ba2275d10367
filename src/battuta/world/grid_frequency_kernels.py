"""Loops of the synthetic grid frequency: noise with memory on fixed knots, and the path between and beside them."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

N_STATES = 4
"""Slow noise, medium noise, and the two states of the oscillation between areas."""


@jit
def noise_path(noise: FloatArray, state: FloatArray, law: FloatArray, path_hz: FloatArray) -> None:
    """Run the noise through one block: two decays and one damped oscillation, added.

    Parameters
    ----------
    noise : ndarray, shape (n_knots, 4)
        Independent standard normal draws. [-]
    state : ndarray, shape (4,)
        State before the first knot, replaced by that after the last. [Hz]
    law : ndarray, shape (8,)
        Decay per knot and size of the innovation of slow, medium, oscillation; cosine and sine per knot. [-, Hz]
    path_hz : ndarray, shape (n_knots,)
        Replaced by the sum of slow, medium and first oscillating state. [Hz]
    """
    slow, medium, real, imaginary = state[0], state[1], state[2], state[3]
    for k in range(noise.shape[0]):
        slow = law[0] * slow + law[1] * noise[k, 0]
        medium = law[2] * medium + law[3] * noise[k, 1]
        turned = law[6] * real - law[7] * imaginary
        imaginary = law[4] * (law[7] * real + law[6] * imaginary) + law[5] * noise[k, 3]
        real = law[4] * turned + law[5] * noise[k, 2]
        path_hz[k] = slow + medium + real
    state[0], state[1], state[2], state[3] = slow, medium, real, imaginary


@jit
def add_schedule_steps(
    at_s: FloatArray, size_hz: FloatArray, width_s: float, step_s: float, path_hz: FloatArray
) -> None:
    """Add the swing about each change of schedule: a small one before it, the large one after it.

    Parameters
    ----------
    at_s : ndarray, shape (n_marks,)
        Instants of change, counted from the first knot. [s]
    size_hz : ndarray, shape (n_marks,)
        Signed peak after the change. [Hz]
    width_s : float
        Time from the change to the peak; the swing ends six widths away. [s]
    step_s : float
        Time between knots. [s]
    path_hz : ndarray, shape (n_knots,)
        Added to in place. [Hz]
    """
    n_knots = path_hz.shape[0]
    for m in range(at_s.shape[0]):
        first = max(0, math.ceil((at_s[m] - 6.0 * width_s) / step_s))
        last = min(n_knots - 1, math.floor((at_s[m] + 6.0 * width_s) / step_s))
        for k in range(first, last + 1):
            away = (k * step_s - at_s[m]) / width_s
            share = 0.4 if away < 0.0 else 1.0
            path_hz[k] += size_hz[m] * share * away * math.exp(0.5 - 0.5 * away * away)


@jit
def sample_path(
    knots_hz: FloatArray, knots_per_s: int, first_s: int, n_per_s: int, events: FloatArray, frequency_hz: FloatArray
) -> None:
    """Read the path between its knots and add the response of the grid to each event.

    Parameters
    ----------
    knots_hz : ndarray, shape (n_knots + 1,)
        Noise and schedules of a block, with the first knot of the next. [Hz]
    knots_per_s : int
        Knots in a second. [-]
    first_s : int
        First second that is read, counted from the first knot. [s]
    n_per_s : int
        Samples in a second. [-]
    events : ndarray, shape (n_events, 7)
        Instant from the first knot [s], steady deviation [Hz], decay [1/s], angular frequency [rad/s], share of the
        sine [-], memory of the restoration [s], end of the restoration [s].
    frequency_hz : ndarray, shape (n_seconds, n_per_s)
        Added to in place. [Hz]
    """
    for second in range(frequency_hz.shape[0]):
        for part in range(n_per_s):
            knot = part * knots_per_s / n_per_s
            base = int(knot)
            share = knot - base
            place = (first_s + second) * knots_per_s + base
            value_hz = knots_hz[place] + share * (knots_hz[place + 1] - knots_hz[place])
            for e in range(events.shape[0]):
                after_s = (first_s + second) + part / n_per_s - events[e, 0]
                if 0.0 < after_s < events[e, 6]:
                    angle = events[e, 3] * after_s
                    swing = math.exp(-events[e, 2] * after_s) * (math.cos(angle) + events[e, 4] * math.sin(angle))
                    fade = math.exp(-after_s / events[e, 5]) * (1.0 - after_s / events[e, 6])
                    value_hz += events[e, 1] * (1.0 - swing) * fade
            frequency_hz[second, part] += value_hz
