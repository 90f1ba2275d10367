"""What instruments make of the truth: steps, noise, offset, drift, lost and late readings, the same for one seed."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.sensors_kernels import lose_values, read_values, uniform_noise

S_PER_YEAR = 365.25 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorCharacter:
    """How an instrument errs; all in the unit of what it measures.

    Attributes
    ----------
    step : float
        Step of the converter. [unit]
    noise : float
        Standard deviation of the noise of each reading. [unit]
    offset : float
        Standard deviation, over the instruments, of a constant offset. [unit]
    drift_per_year : float
        Standard deviation, over the instruments, of the drift. [unit/year]
    missing_share : float
        Share of single readings that are missing. [-]
    late_share : float
        Share of rows (messages) that arrive late. [-]
    late_s : float
        Mean delay of those. [s]
    """

    step: float
    noise: float
    offset: float = 0.0
    drift_per_year: float = 0.0
    missing_share: float = 0.0
    late_share: float = 0.0
    late_s: float = 2.0


CELL_VOLTAGE = SensorCharacter(step=0.001, noise=0.0005, offset=0.0008, drift_per_year=0.0003)
"""A cell monitor: steps of 1 mV. [V]"""
STRING_CURRENT = SensorCharacter(step=0.1, noise=0.15, offset=0.05, drift_per_year=0.02)
"""A Hall or shunt sensor of a string: steps of 0.1 A. [A]"""
CELL_TEMPERATURE = SensorCharacter(step=0.5, noise=0.15, offset=0.3)
"""A thermistor: steps of 0.5 degC. [degC]"""
METER_FREQUENCY = SensorCharacter(step=0.001, noise=0.0004, offset=0.0002)
"""A meter that measures over a few cycles: steps of 1 mHz. [Hz]"""
METER_POWER = SensorCharacter(step=0.1, noise=0.05, offset=0.1)
"""A meter at the connection: steps of 0.1 kW. [kW]"""


def noise_key(seed: int, stream: str, *, site: int = 0, cell: int = 0) -> np.uint64:
    """Address of a noise that is hashed instead of drawn; other addresses share nothing with it.

    Parameters
    ----------
    seed : int
        Seed of the world.
    stream : str
        Name of the quantity.
    site, cell : int
        Number of the site, and of the rack or any inner index.

    Returns
    -------
    uint64
        Key for the kernels.

    Examples
    --------
    >>> bool(noise_key(1, "voltage", site=2) == noise_key(1, "voltage", site=2))
    True
    """
    digest = hashlib.sha256(f"{seed}/{stream}/{site}/{cell}".encode()).digest()
    return np.uint64(int.from_bytes(digest[:8], "little"))


def hashed_uniform(key: np.uint64, first_row: int, n_rows: int, n_cells: int = 1) -> FloatArray:
    """Numbers uniform on [0, 1) by position, shape (n_rows, n_cells); any window of rows is a window of the same.

    Examples
    --------
    >>> key = noise_key(1, "late")
    >>> bool((hashed_uniform(key, 0, 5)[2:] == hashed_uniform(key, 2, 3)).all())
    True
    """
    values = np.empty((n_rows, n_cells))
    uniform_noise(key, first_row, 0, values)
    return values


class Sensors:
    """Instruments of one kind at one site (or rack): one for each column.

    Parameters
    ----------
    seed : int
        Seed of the world.
    stream : str
        Name of what they measure.
    character : SensorCharacter
        How they err.
    site : int
        Number of the site.
    n_cells : int
        Number of instruments.
    row_s : float
        Time between rows, for the drift. [s]

    Examples
    --------
    >>> sensors = Sensors(1, "voltage", CELL_VOLTAGE, n_cells=2)
    >>> sensors.read(np.full((1, 2), 3.3), first_row=0).shape
    (1, 2)
    """

    def __init__(
        self,
        seed: int,
        stream: str,
        character: SensorCharacter,
        *,
        site: int = 0,
        n_cells: int = 1,
        row_s: float = 1.0,
    ) -> None:
        if not character.step > 0.0:
            raise InvalidQuantityError(
                "step", character.step, 0.0, math.inf, "", where=f"Sensors({stream!r})", above_low=True
            )
        self.character = character
        self._noise_key = noise_key(seed, f"world.sensors.{stream}.noise", site=site)
        self._loss_key = noise_key(seed, f"world.sensors.{stream}.loss", site=site)
        self._delay_key = noise_key(seed, f"world.sensors.{stream}.delay", site=site)
        draws = generator(seed, f"world.sensors.{stream}.offset", site=site).standard_normal((n_cells, 2))
        self.offset = character.offset * draws[:, 0]
        self.drift_per_row = character.drift_per_year * draws[:, 1] * row_s / S_PER_YEAR

    def read(self, true: FloatArray, first_row: int, *, readings: FloatArray | None = None) -> FloatArray:
        """Read a block of true values.

        Parameters
        ----------
        true : ndarray, shape (n_times, n_cells)
            The truth, planted offsets included. [unit]
        first_row : int
            Number of the first row, such as the second; the same row gives the same noise. [-]
        readings : ndarray, shape (n_times, n_cells), optional
            Written to instead of a new array; may be `true`. [unit]

        Returns
        -------
        ndarray, shape (n_times, n_cells)
            Readings, NaN where missing. [unit]
        """
        kind = self.character
        out = np.empty_like(true) if readings is None else readings
        per_unit = 1.0 / kind.step
        read_values(true, self._noise_key, first_row, self.offset, self.drift_per_row, kind.noise, per_unit, out)
        if kind.missing_share > 0.0:
            lose_values(self._loss_key, first_row, kind.missing_share, out)
        return out

    def delay_s(self, first_row: int, n_rows: int) -> FloatArray:
        """Delay of each row on its way, 0 for most, exponential for those that are late.

        Parameters
        ----------
        first_row, n_rows : int
            Rows. [-]

        Returns
        -------
        ndarray, shape (n_rows,)
            Delay. [s]
        """
        draws = hashed_uniform(self._delay_key, first_row, n_rows, 2)
        late_s = -self.character.late_s * np.log1p(-draws[:, 1])
        return np.where(draws[:, 0] < self.character.late_share, late_s, 0.0)
