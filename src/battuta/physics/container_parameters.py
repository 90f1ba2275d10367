"""What is known of a container: its cells, how they are joined, its heat paths and its thermal machine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from battuta.domain.catalogue import Toml, table
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.cell_parameters import CellParameters, from_table
from battuta.physics.thermal_kernels import ThermalConstants

_CELL_FIELDS = ("cell_j_per_k", "cell_coolant_w_per_k", "cell_air_w_per_k")
_SCALED_FIELDS = (
    "tank_j_per_k", "air_j_per_k", "tank_air_w_per_k", "cooling_w_max", "heating_w_max", "pump_w", "controls_w",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerParameters:
    """One kind of container.

    Attributes
    ----------
    label : str
        What to call it on a screen.
    cell : CellParameters
        Its cells.
    cells_per_string, strings : int
        Modelled cells in series, and strings.
    cells_per_node, strings_per_node : int
        Real cells in series and real strings that each modelled one stands for: 1 and 1 for every cell by itself.
    thermal : ThermalConstants
        Heat paths and thermal machine, per real string and real cell.
    setpoint_c : float
        Coolant temperature while cooling. [degC]
    """

    label: str
    cell: CellParameters
    cells_per_string: int
    strings: int
    thermal: ThermalConstants
    setpoint_c: float
    cells_per_node: int = 1
    strings_per_node: int = 1

    @property
    def n_cells(self) -> int:
        """Number of real cells."""
        return self.cells_per_string * self.cells_per_node * self.strings * self.strings_per_node

    @property
    def energy_kwh(self) -> float:
        """Energy of a full discharge at open-circuit voltage. [kWh]

        Examples
        --------
        >>> round(container_parameters("lfp_314ah").energy_kwh, -1)
        5120.0
        """
        return float(self.cell.tables().ocv_integral_v[-1]) * self.cell.capacity_ah * self.n_cells / 1000.0

    def scaled(self, n_cells: int) -> ContainerParameters:
        """Make a cabinet of one string of the same cells, with its share of the cooling (assumed).

        Parameters
        ----------
        n_cells : int
            Cells in series.

        Returns
        -------
        ContainerParameters
            The cabinet, every cell by itself; walls scale with the surface, all else with the number of cells.

        Examples
        --------
        >>> round(container_parameters("lfp_314ah").scaled(200).energy_kwh)
        205
        """
        if n_cells < 1:
            raise InvalidQuantityError("n_cells", n_cells, 1, self.n_cells, "-", where=self.label)
        share, heat = n_cells / self.n_cells, self.thermal
        thermal = heat._replace(
            flow_w_per_k=heat.flow_w_per_k * n_cells / (self.cells_per_string * self.cells_per_node),
            wall_w_per_k=heat.wall_w_per_k * share ** (2.0 / 3.0),
            **{name: getattr(heat, name) * share for name in _SCALED_FIELDS},
        )
        return replace(
            self,
            label=f"{self.cell.label.partition(',')[0]} cabinet, {n_cells}s, assumed",
            cells_per_string=n_cells,
            strings=1,
            cells_per_node=1,
            strings_per_node=1,
            thermal=thermal,
        )

    def coarse(self, cells_per_string: int, strings: int = 1) -> ContainerParameters:
        """Lump cells and strings, for foresight and lives; the sums stay.

        Parameters
        ----------
        cells_per_string, strings : int
            Modelled blocks along the coolant, and strings; they must divide the numbers of this container.

        Returns
        -------
        ContainerParameters
            The same container with fewer nodes.
        """
        real_cells, real_strings = self.cells_per_string * self.cells_per_node, self.strings * self.strings_per_node
        if real_cells % cells_per_string or real_strings % strings:
            message = f"{real_strings} strings of {real_cells} cells do not divide into {strings} of {cells_per_string}"
            raise DataError(message)
        return ContainerParameters(
            label=self.label,
            cell=self.cell,
            cells_per_string=cells_per_string,
            strings=strings,
            thermal=self.thermal,
            setpoint_c=self.setpoint_c,
            cells_per_node=real_cells // cells_per_string,
            strings_per_node=real_strings // strings,
        )


def container_parameters(name: str) -> ContainerParameters:
    """Read a container that ships with the package.

    Parameters
    ----------
    name : str
        Name of a parameter set with a section ``[container]``.

    Returns
    -------
    ContainerParameters
        The container.

    Examples
    --------
    >>> container_parameters("lfp_314ah").label
    '314 Ah LFP, 5 MWh container, 416s x 12'
    """
    content = table("physics", "parameter_sets", name)
    section = content.get("container")
    if not isinstance(section, dict):
        message = f"parameter set {name} has no section [container]; lfp_314ah has one"
        raise DataError(message)
    cell = from_table(name, content)
    thermal = ThermalConstants(
        cell_j_per_k=cell.heat_capacity_j_per_k,
        cell_coolant_w_per_k=cell.coolant_w_per_k,
        cell_air_w_per_k=cell.air_w_per_k,
        **{each: _positive(section, each) for each in ThermalConstants._fields if each not in _CELL_FIELDS},
    )
    return ContainerParameters(
        label=str(section["label"]),
        cell=cell,
        cells_per_string=int(_positive(section, "cells_per_string")),
        strings=int(_positive(section, "strings")),
        thermal=thermal,
        setpoint_c=_positive(section, "setpoint_c"),
    )


def _positive(section: dict[str, Toml], key: str) -> float:
    value = section.get(key)
    if not isinstance(value, int | float):
        message = f"[container]: {key} = {value!r} should be a number"
        raise DataError(message)
    if value < 0.0:
        raise InvalidQuantityError(key, value, 0.0, float("inf"), "", where="[container]")
    return float(value)
