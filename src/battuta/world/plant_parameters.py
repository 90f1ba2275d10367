"""The kinds of site that the simulated world is made of: a cabinet of 200 cells behind a 100 kW converter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.physics.container_parameters import ContainerParameters, container_parameters
from battuta.world.heterogeneity import CellSpread


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantCharacter:
    """What every simulated site is made of. Values are assumed, of the size that cabinets of this class have.

    Attributes
    ----------
    n_cells : int
        Cells of a site, in series in its one string or in its modules.
    n_modules : int
        Modules with a converter each, as many cells in series in each; 1 is a string as a whole.
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
    n_modules: int = 1
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
            raise InvalidQuantityError(
                "power_kw", self.power_kw, 0.0, 1e6, "kW", where="PlantCharacter", above_low=True
            )


def cabinet(n_cells: int, n_modules: int = 1) -> ContainerParameters:
    """Container of the 314 Ah preset, its cooling scaled down by the number of cells (assumed).

    Parameters
    ----------
    n_cells : int
        Cells in all.
    n_modules : int
        Modules, each with its own converter and its own branch of the coolant; 1 is one string in series.

    Returns
    -------
    ContainerParameters
        The container; walls scale with the surface, all else with the number of cells.

    Raises
    ------
    UsageError
        If the cells cannot be shared evenly over the modules.

    Examples
    --------
    >>> round(cabinet(200).energy_kwh), round(cabinet(200, 8).energy_kwh), cabinet(200, 8).cells_per_string
    (205, 205, 25)
    """
    whole = container_parameters("lfp_314ah").scaled(n_cells)
    if n_modules == 1:
        return whole
    if n_modules < 1 or n_cells % n_modules:
        message = f"{n_cells} cells cannot be shared evenly over {n_modules} modules; choose a divisor of {n_cells}"
        raise UsageError(message)
    thermal = whole.thermal._replace(flow_w_per_k=whole.thermal.flow_w_per_k / n_modules)
    return replace(whole, cells_per_string=n_cells // n_modules, strings=n_modules, thermal=thermal)
