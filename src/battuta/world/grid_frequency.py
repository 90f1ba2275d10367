"""The frequency of a grid that never was: noise, the swings at the hour, and lost power stations, all from one seed.

No 50 Hz recording at 10 Hz or faster is freely at hand, so products of fast response are tried on this process. It is
synthetic: the presets imitate the statistics of a grid and are named after what they imitate. The path is defined at
every instant (noise on knots of 100 ms, joined by straight lines; events by formula), so any rate reads the same path.
"""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator, standard_normal_blocks
from battuta.world.grid_character import CONTINENTAL_EUROPE_LIKE, EVENT_S_MAX, GridCharacter, GridEvent
from battuta.world.grid_frequency_kernels import N_STATES, add_schedule_steps, noise_path, sample_path

KNOTS_PER_S = 10
BLOCK_S = 3600
RATE_HZ_MAX = 50
_KNOTS = KNOTS_PER_S * BLOCK_S
_MEMORY_BLOCKS = 2
_BLOCKS_KEPT = 26
_ENDS_KEPT = 1024
_ORIGIN = 2**40
_SECONDS_MAX = 2**50


class GridFrequency:
    """Frequency at any second of a seeded world; the same bytes whatever was asked before.

    Parameters
    ----------
    seed : int
        Seed of the world.
    nominal_hz : float
        Nominal frequency. [Hz]
    character : GridCharacter
        Kind of grid.
    planted : tuple of GridEvent
        Events added to those that the seed draws.
    area : int
        Number of the synchronous area: another area is another path.
    random_events : bool
        False keeps the planted events only.

    Examples
    --------
    >>> grid = GridFrequency(7)
    >>> grid.samples(0, 2, 20).shape
    (2, 20)
    >>> bool((grid.samples(0, 2, 20)[:, ::2] == grid.samples(0, 2, 10)).all())
    True
    """

    def __init__(
        self,
        seed: int,
        nominal_hz: float = 50.0,
        character: GridCharacter = CONTINENTAL_EUROPE_LIKE,
        *,
        planted: tuple[GridEvent, ...] = (),
        area: int = 0,
        random_events: bool = True,
    ) -> None:
        if not 40.0 <= nominal_hz <= 70.0:
            raise InvalidQuantityError("nominal_hz", nominal_hz, 40.0, 70.0, "Hz", where="GridFrequency")
        self.nominal_hz = nominal_hz
        self.character = character
        self._seed = seed
        self._area = area
        self._planted = planted
        self._random_events = random_events
        self._law = _law(character)
        self._blocks: OrderedDict[int, FloatArray] = OrderedDict()
        self._ends: OrderedDict[int, FloatArray] = OrderedDict()

    def samples(self, start_s: int, n_seconds: int, rate_hz: int = 20) -> FloatArray:
        """Frequency at the start of each part of each second.

        Parameters
        ----------
        start_s : int
            First second; hours and quarters are full where it divides by 3600 and 900. [s]
        n_seconds : int
            Number of seconds. [-]
        rate_hz : int
            Samples a second, 1 to 50. [Hz]

        Returns
        -------
        ndarray, shape (n_seconds, rate_hz)
            Frequency. [Hz]

        Raises
        ------
        InvalidQuantityError
            If the rate or the window cannot be.
        """
        for name, value, low, high, unit in (
            ("rate_hz", rate_hz, 1, RATE_HZ_MAX, "Hz"),
            ("n_seconds", n_seconds, 0, _SECONDS_MAX, "s"),
            ("start_s", start_s, -_SECONDS_MAX, _SECONDS_MAX, "s"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="GridFrequency.samples")
        frequency_hz = np.full((n_seconds, rate_hz), self.nominal_hz)
        at_s = start_s
        while at_s < start_s + n_seconds:
            block = at_s // BLOCK_S
            end_s = min((block + 1) * BLOCK_S, start_s + n_seconds)
            part = frequency_hz[at_s - start_s : end_s - start_s]
            sample_path(self._knots(block), KNOTS_PER_S, at_s - block * BLOCK_S, rate_hz, self._responses(block), part)
            at_s = end_s
        return frequency_hz

    def events(self, start_s: int, n_seconds: int) -> tuple[GridEvent, ...]:
        """Events that begin in a window, drawn and planted, in order: the truth that a detector is held against.

        Parameters
        ----------
        start_s, n_seconds : int
            Window. [s]

        Returns
        -------
        tuple of GridEvent
            Events in order of time.
        """
        end_s = start_s + n_seconds
        found = [each for block in range(start_s // BLOCK_S, -(-end_s // BLOCK_S)) for each in self._drawn(block)]
        found += self._planted
        return tuple(sorted((each for each in found if start_s <= each.at_s < end_s), key=lambda each: each.at_s))

    def _drawn(self, block: int) -> list[GridEvent]:
        if not self._random_events:
            return []
        kind = self.character
        draws = generator(self._seed, "world.grid.events", site=self._area, cell=block + _ORIGIN)
        n_events = draws.poisson(kind.events_per_week / 168.0)
        drawn: list[GridEvent] = []
        for _ in range(n_events):
            at_s, size, sign = draws.random(), draws.random(), draws.random()
            ratio = kind.lost_power_mw_max / kind.lost_power_mw_min
            lost_power_mw = kind.lost_power_mw_min * ratio ** (size**1.5)
            sense = -1.0 if sign < kind.load_loss_share else 1.0
            drawn.append(GridEvent(at_s=(block + float(at_s)) * BLOCK_S, lost_power_mw=sense * float(lost_power_mw)))
        return drawn

    def _responses(self, block: int) -> FloatArray:
        start_s = block * BLOCK_S
        found = [*self._drawn(block - 1), *self._drawn(block)]
        found += [each for each in self._planted if start_s - EVENT_S_MAX < each.at_s < start_s + BLOCK_S]
        responses = np.array([each.response(self.character, self.nominal_hz) for each in found]).reshape(-1, 7)
        responses[:, 0] -= start_s
        return responses

    def _knots(self, block: int) -> FloatArray:
        """Noise and schedules on the knots of a block and on the first knot of the next."""
        if block in self._blocks:
            self._blocks.move_to_end(block)
            return self._blocks[block]
        knots_hz = np.empty(_KNOTS + 1)
        noise = self._noise(block, _KNOTS)
        self._keep_end(block, noise)
        noise_path(noise, self._state(block), self._law, knots_hz[:_KNOTS])
        noise_path(self._noise(block + 1, 1), self._state(block + 1), self._law, knots_hz[_KNOTS:])
        at_s, size_hz = self._schedule_marks(block)
        add_schedule_steps(at_s, size_hz, self.character.schedule_width_s, 1.0 / KNOTS_PER_S, knots_hz)
        self._blocks[block] = knots_hz
        if len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        return knots_hz

    def _noise(self, block: int, n_knots: int) -> FloatArray:
        draws = generator(self._seed, "world.grid.noise", site=self._area, cell=block + _ORIGIN)
        return draws.standard_normal((n_knots, N_STATES))

    def _state(self, block: int) -> FloatArray:
        """State before a block: what the noise of the blocks before it left, older noise forgotten."""
        state = np.zeros(N_STATES)
        for back in range(_MEMORY_BLOCKS, 0, -1):
            state[0] *= self._law[0] ** _KNOTS
            state[1] *= self._law[2] ** _KNOTS
            state[2:] = 0.0
            state += self._end(block - back)
        return state

    def _end(self, block: int) -> FloatArray:
        """State that a block leaves when it begins at rest."""
        if block not in self._ends:
            self._keep_end(block, self._noise(block, _KNOTS))
        return self._ends[block]

    def _keep_end(self, block: int, noise: FloatArray) -> None:
        if block in self._ends:
            return
        state = np.zeros(N_STATES)
        noise_path(noise, state, self._law, np.empty(_KNOTS))
        self._ends[block] = state
        if len(self._ends) > _ENDS_KEPT:
            self._ends.popitem(last=False)

    def _schedule_marks(self, block: int) -> tuple[FloatArray, FloatArray]:
        """Changes of schedule in a block and the hours about it: instants from its start, signed peaks. [s, Hz]"""
        kind = self.character
        n_marks = BLOCK_S // kind.schedule_period_s
        draws = standard_normal_blocks(
            self._seed, "world.grid.schedules", block - 1 + _ORIGIN, 3, n_marks, site=self._area
        )
        hours = np.arange(block - 1, block + 2)
        size_hz = kind.between_hz * draws
        size_hz[:, 0] = kind.hour_hz * (0.8 * np.sin(2.0 * np.pi * (hours % 24 - 3) / 24.0) + 0.6 * draws[:, 0])
        at_s = (hours - block)[:, None] * float(BLOCK_S) + np.arange(n_marks) * float(kind.schedule_period_s)
        return at_s.ravel(), size_hz.ravel()


def _law(kind: GridCharacter) -> FloatArray:
    """Numbers of the noise for `noise_path`: decays, innovations that keep the deviations, turn per knot."""
    decays = np.exp(-1.0 / KNOTS_PER_S / np.array([kind.slow_s, kind.medium_s, kind.oscillation_memory_s]))
    innovations_hz = np.array([kind.slow_hz, kind.medium_hz, kind.oscillation_hz]) * np.sqrt(1.0 - decays**2)
    angle = 2.0 * math.pi / kind.oscillation_period_s / KNOTS_PER_S
    pairs = np.column_stack([decays, innovations_hz]).ravel()
    return np.concatenate([pairs, [math.cos(angle), math.sin(angle)]])
