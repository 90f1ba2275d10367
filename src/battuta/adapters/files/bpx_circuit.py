"""From porous electrodes to a circuit: what the losses of a BPX cell amount to in ohms and seconds.

All resistances are of the whole cell. Uniform reaction through each electrode is assumed, as in the single particle
model with electrolyte [1]_; every loss is then a resistance with, at most, one time constant.

References
----------
.. [1] Marquis, S. G. et al., J. Electrochem. Soc. 166 (2019) A3693, doi 10.1149/2.0341915jes (SPMe, steady terms).
.. [2] Subramanian, V. R. et al., J. Electrochem. Soc. 152 (2005) A2002, doi 10.1149/1.2032427 (mean and surface of a
   sphere: lag R/(5 D), time constant R^2/(35 D)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.adapters.files.bpx_curve import BpxCurve
from battuta.adapters.files.bpx_schema import Cell, Electrode, Electrolyte, Separator
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray

FARADAY = 96485.33212
GAS_CONSTANT = 8.314462618
SOLID_DIFFUSIVITY_M2_PER_S = (1e-24, 1e-6)
"""Beyond this no host of lithium is known, by decades; a slip of the pen. [m2/s]"""
_CURVE_MAX = 1e9
_CONDUCTIVITY_S_PER_M = (1e-6, 1e3)
_PORE_DIFFUSIVITY_M2_PER_S = (1e-16, 1e-6)
CHORD_SOC = (0.25, 0.75)
"""Window around half charge over which the slope of an electrode's potential is taken. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectrodeSide:
    """One electrode within a cell.

    Attributes
    ----------
    name : str
        Its section in the file.
    given : Electrode
        The section.
    area_m2 : float
        Area of all electrode pairs. [m2]
    is_positive : bool
        Whether it empties of lithium while the cell charges.
    """

    name: str
    given: Electrode
    area_m2: float
    is_positive: bool

    def capacity_ah(self) -> float:
        """Charge between its smallest and largest stoichiometry. [Ah]"""
        active = self.given.surface_per_m * self.given.radius_m / 3.0  # volume share of a packing of spheres
        window = self.given.stoichiometry_max - self.given.stoichiometry_min
        moles = active * self.given.thickness_m * self.area_m2 * self.given.concentration_mol_per_m3_max * window
        return moles * FARADAY / 3600.0

    def stoichiometry(self, soc: FloatArray) -> FloatArray:
        """Stoichiometry over the state of charge of the cell, shape of the input. [-]"""
        low, high = self.given.stoichiometry_min, self.given.stoichiometry_max
        return high - soc * (high - low) if self.is_positive else low + soc * (high - low)

    def curve(self, key: str, curve: BpxCurve, soc: FloatArray) -> FloatArray:
        """Values of a curve of this electrode, refused where the file gives none.

        Parameters
        ----------
        key : str
            Key in the file, for the error.
        curve : BpxCurve
            Curve over stoichiometry.
        soc : ndarray, shape (n_soc,)
            State of charge. [-]

        Returns
        -------
        ndarray, shape (n_soc,)
            Values in the unit of the curve.
        """
        places = self.stoichiometry(soc)
        values = curve.values_at(places)
        wild = np.flatnonzero(~(np.abs(values) <= _CURVE_MAX))
        if wild.size:
            place, value = float(places[wild[0]]), float(values[wild[0]])
            found = f"is {value:g}" if np.isfinite(value) else "has no value"
            message = (
                f"{self.name}.{key} {found} at stoichiometry {place:.6g}, inside the window from "
                f"{self.given.stoichiometry_min:g} to {self.given.stoichiometry_max:g}"
            )
            if np.isfinite(curve.low) and np.isnan(value):
                message += f"; its table ends at {curve.low:g} and {curve.high:g}: lengthen it or narrow the window"
            raise DataError(message)
        return values

    def kinetic_ohm(self, soc: FloatArray, kelvin: FloatArray, reference_k: float, current_a: float) -> FloatArray:
        """Resistance of charge transfer: the chord of Butler and Volmer's law from no current to one.

        Parameters
        ----------
        soc : ndarray, shape (n_soc,)
            State of charge. [-]
        kelvin : ndarray, shape (n_temperatures,)
            Temperatures. [K]
        reference_k : float
            Temperature at which the reaction rate is given. [K]
        current_a : float
            Current of the cell at the end of the chord. [A]

        Returns
        -------
        ndarray, shape (n_temperatures, n_soc)
            ``2 R T / F asinh(i / (2 i0)) / I``. [ohm]
        """
        given = self.given
        x = np.clip(self.stoichiometry(soc), 1e-6, 1.0 - 1e-6)
        faster = np.exp(given.reaction_j_per_mol / GAS_CONSTANT * (1.0 / reference_k - 1.0 / kelvin))
        exchange = FARADAY * given.reaction_mol_per_m2_s * np.outer(faster, np.sqrt(x * (1.0 - x)))
        density = current_a / (given.surface_per_m * given.thickness_m * self.area_m2)
        volt = 2.0 * GAS_CONSTANT * kelvin[:, None] / FARADAY * np.arcsinh(0.5 * density / exchange)
        return volt / current_a

    def diffusion(self) -> tuple[float, float]:
        """Resistance and time constant of diffusion inside the particles, about half charge. [ohm], [s]"""
        given = self.given
        ends = np.array(CHORD_SOC)
        potential = self.curve("OCP [V]", given.ocp_v, ends)
        places = self.stoichiometry(ends)
        slope = abs(float((potential[1] - potential[0]) / (places[1] - places[0])))
        middle = self.curve("Diffusivity [m2.s-1]", given.diffusivity_m2_per_s, np.array([0.5]))
        diffusivity = float(middle[0])
        low, high = SOLID_DIFFUSIVITY_M2_PER_S
        if not low <= diffusivity <= high:
            message = (
                f"{self.name}.Diffusivity [m2.s-1] = {diffusivity:g} at half charge; it should be from {low:g} to "
                f"{high:g} m2/s: mend the number or the curve"
            )
            raise DataError(message)
        flux = given.surface_per_m * given.thickness_m * self.area_m2 * FARADAY * given.concentration_mol_per_m3_max
        return slope * given.radius_m / (5.0 * diffusivity * flux), given.radius_m**2 / (35.0 * diffusivity)


def electronic_ohm(negative: Electrode, positive: Electrode, area_m2: float) -> float:
    """Resistance of the electrodes' solid, a third of each thickness in series; 0 where the file gives none. [ohm]"""
    return sum(
        each.thickness_m / (3.0 * each.conductivity_s_per_m * area_m2)
        for each in (negative, positive)
        if each.conductivity_s_per_m is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectrolytePath:
    """The electrolyte from one electrode through the separator to the other.

    Attributes
    ----------
    given : Electrolyte
        Its section in the file.
    concentration_mol_per_m3 : float
        Concentration at rest. [mol/m3]
    length_m : float
        Thickness over transport efficiency, a third of each electrode's and all of the separator's. [m]
    spread_m2 : float
        Thickness over transport efficiency of all three, times their pores' depth: what diffusion has to level. [m2]
    area_m2 : float
        Area of all electrode pairs. [m2]
    """

    given: Electrolyte
    concentration_mol_per_m3: float
    length_m: float
    spread_m2: float
    area_m2: float

    def ohm(self, kelvin: FloatArray, reference_k: float) -> FloatArray:
        """Ohmic resistance at temperatures, shape of the input. [ohm]"""
        conductivity = self._at_rest("Conductivity [S.m-1]", self.given.conductivity_s_per_m, _CONDUCTIVITY_S_PER_M)
        faster = np.exp(self.given.conductivity_j_per_mol / GAS_CONSTANT * (1.0 / reference_k - 1.0 / kelvin))
        return self.length_m / (conductivity * faster * self.area_m2)

    def polarisation(self, reference_k: float) -> tuple[float, float]:
        """Resistance and time constant of the concentration that builds up across it. [ohm], [s]"""
        given = self.given.diffusivity_m2_per_s
        diffusivity = self._at_rest("Diffusivity [m2.s-1]", given, _PORE_DIFFUSIVITY_M2_PER_S)
        carried = (1.0 - self.given.transference) ** 2 * self.length_m / (FARADAY * self.area_m2 * diffusivity)
        ohm = 2.0 * GAS_CONSTANT * reference_k / FARADAY * carried / self.concentration_mol_per_m3
        return ohm, self.spread_m2 / (np.pi**2 * diffusivity)

    def _at_rest(self, key: str, curve: BpxCurve, within: tuple[float, float]) -> float:
        value = float(curve.values_at(np.array([self.concentration_mol_per_m3]))[0])
        if not within[0] <= value <= within[1]:
            message = (
                f"Electrolyte.{key} = {value:g} at {self.concentration_mol_per_m3:g} mol/m3, the concentration at "
                f"rest; it should be from {within[0]:g} to {within[1]:g}: mend the curve or the concentration"
            )
            raise DataError(message)
        return value


def electrolyte_path(
    electrolyte: Electrolyte, separator: Separator, negative: Electrode, positive: Electrode, cell: Cell,
    concentration_mol_per_m3: float,
) -> ElectrolytePath:  # fmt: skip
    """Join the three porous layers.

    Parameters
    ----------
    electrolyte, separator, negative, positive, cell : Electrolyte, Separator, Electrode, Electrode, Cell
        Sections of the file.
    concentration_mol_per_m3 : float
        Concentration at rest. [mol/m3]

    Returns
    -------
    ElectrolytePath
        The path; DataError where an electrode says nothing about its pores.
    """
    layers: list[tuple[float, float, float]] = [
        (separator.thickness_m, separator.transport_efficiency, separator.porosity)
    ]
    length_m = separator.thickness_m / separator.transport_efficiency
    for name, each in (("Negative electrode", negative), ("Positive electrode", positive)):
        if each.transport_efficiency is None or each.porosity is None:
            message = f"{name} lacks Transport efficiency or Porosity, which a file with an Electrolyte gives; add both"
            raise DataError(message)
        layers.append((each.thickness_m, each.transport_efficiency, each.porosity))
        length_m += each.thickness_m / (3.0 * each.transport_efficiency)
    return ElectrolytePath(
        given=electrolyte,
        concentration_mol_per_m3=concentration_mol_per_m3,
        length_m=length_m,
        spread_m2=sum(thickness / ease for thickness, ease, _ in layers) * sum(t * share for t, _, share in layers),
        area_m2=cell.electrode_area_m2 * cell.pairs,
    )
