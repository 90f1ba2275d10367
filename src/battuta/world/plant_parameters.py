"""The kinds of site that the simulated world is made of: a cabinet of 200 cells behind a 100 kW converter."""

from __future__ import annotations

from dataclasses import dataclass, field

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.container_parameters import ContainerParameters, container_parameters
from battuta.world.heterogeneity import CellSpread


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantCharacter:
    """What every simulated site is made of. Values are assumed, of the size that cabinets of this class have.

    Attributes
    ----------
    n_cells : int
        Cells in series in the one string of a site.
    power_kw : float
        Rated power of the converter. [kW]
    lag_s : float
        Time constant of the converter. [s]
    ramp_pu_per_s : float
        Largest change of its power. [1/s]
    converter : str
        Loss set of the converter.
    load_share : float
        Share of the sites that stand behind a load and panels, from 0 to 1. [-]
    load_kw, pv_kw_peak : float
        Usual size of such a load and of the panels. [kW]
    spread : CellSpread
        How far the cells of a site differ.
    soc_start, soc_start_deviation : float
        State of charge at the start, and its standard deviation between cells. [-]
    """

    n_cells: int = 200
    power_kw: float = 100.0
    lag_s: float = 0.05
    ramp_pu_per_s: float = 10.0
    converter: str = "sungrow_sc1000tl_field"
    load_share: float = 0.5
    load_kw: float = 80.0
    pv_kw_peak: float = 60.0
    spread: CellSpread = field(default_factory=CellSpread)
    soc_start: float = 0.5
    soc_start_deviation: float = 0.003

    def __post_init__(self) -> None:
        """Refuse sites without cells or power."""
        if not 1 <= self.n_cells <= 5000:
            raise InvalidQuantityError("n_cells", self.n_cells, 1, 5000, "-", where="PlantCharacter")
        if not 0.0 < self.power_kw < 1e6:
            raise InvalidQuantityError("power_kw", self.power_kw, 0.0, 1e6, "kW", where="PlantCharacter")


def cabinet(n_cells: int) -> ContainerParameters:
    """Container of one string of the 314 Ah preset, its cooling scaled down by the number of cells (assumed).

    Parameters
    ----------
    n_cells : int
        Cells in series.

    Returns
    -------
    ContainerParameters
        The container; walls scale with the surface, all else with the number of cells.

    Examples
    --------
    >>> round(cabinet(200).energy_kwh)
    205
    """
    return container_parameters("lfp_314ah").scaled(n_cells)
