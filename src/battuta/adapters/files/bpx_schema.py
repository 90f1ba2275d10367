"""What a BPX file (Battery Parameter eXchange, versions 0.x and 1.x) holds, as far as a circuit of a cell can use it.

Keys that are known to the standard or to the author but not used here are kept, so that the reader can name them.
Each number has a range, decades wider than any cell built: it catches a slip of the pen or of the unit, no odd cell.
"""

from __future__ import annotations

import re
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

from battuta.adapters.files.bpx_curve import BpxCurve, bpx_curve

_VERSION = re.compile(r"[01](\.[0-9]+){0,2}")


def _within(low: float, high: float, unit: str, hint: str = "") -> AfterValidator:
    """Refuse a number outside [low, high], in words; `hint` asks after the likely slip."""

    def check(value: float) -> float:
        if not low <= value <= high:
            asked = f"; {hint}" if hint else "; mend it"
            message = f"{value:g} {unit} is outside [{low:g}, {high:g}] {unit}{asked}"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _whole(value: float) -> float:
    if value != int(value):
        message = f"{value:g} is no whole number; put what is left over into the electrode area"
        raise ValueError(message)
    return value


def _known_version(given: object) -> str:
    text = "" if isinstance(given, bool) else str(given)
    if not isinstance(given, str | int | float) or not _VERSION.fullmatch(text):
        message = f'{str(given)[:30]!r} is no version that is read here; these are 0.x and 1.x, such as "1.1.0"'
        raise ValueError(message)
    return text


Positive: TypeAlias = Annotated[float, Strict(), Field(gt=0.0)]
Share: TypeAlias = Annotated[float, Strict(), Field(ge=0.0, le=1.0)]
ShareAbove0: TypeAlias = Annotated[float, Strict(), Field(gt=0.0, le=1.0)]
Area: TypeAlias = Annotated[Positive, _within(1e-8, 1e4, "m2")]
Pairs: TypeAlias = Annotated[Positive, _within(1, 1e5, "pairs"), AfterValidator(_whole)]
Thickness: TypeAlias = Annotated[Positive, _within(1e-9, 1e-2, "m", "is it in micrometres?")]
Radius: TypeAlias = Annotated[Positive, _within(1e-10, 1e-3, "m", "is it in micrometres or nanometres?")]
Kelvin: TypeAlias = Annotated[Positive, _within(200.0, 400.0, "K", "is it in degC?")]
Concentration: TypeAlias = Annotated[Positive, _within(10.0, 1e6, "mol/m3", "is it in mol per litre?")]
Activation: TypeAlias = Annotated[
    float, Strict(), _within(0.0, 3e5, "J/mol", "warmth makes it faster, never by more than that")
]
Volume: TypeAlias = Annotated[Positive, _within(1e-10, 10.0, "m3")]
Density: TypeAlias = Annotated[Positive, _within(100.0, 3e4, "kg/m3", "is it in g/cm3?")]
SpecificHeat: TypeAlias = Annotated[Positive, _within(50.0, 2e4, "J/(kg K)")]
SurfacePerVolume: TypeAlias = Annotated[Positive, _within(1.0, 1e11, "1/m")]
Reaction: TypeAlias = Annotated[Positive, _within(1e-14, 10.0, "mol/(m2 s)")]
SolidConductivity: TypeAlias = Annotated[Positive, _within(1e-9, 1e9, "S/m")]
Transfer: TypeAlias = Annotated[float, Strict(), _within(0.0, 1e6, "W/(m2 K)")]
AnyCurve: TypeAlias = Annotated[BpxCurve, BeforeValidator(bpx_curve)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", allow_inf_nan=False, arbitrary_types_allowed=True)


class Header(_Part):
    """``Header``: version, title and the model that the file was made for."""

    version: Annotated[str, BeforeValidator(_known_version), Field(alias="BPX")]
    title: Annotated[str, Field(alias="Title")] = ""
    model: Annotated[str, Field(alias="Model")] = ""


class Cell(_Part):
    """``Parameterisation.Cell``."""

    electrode_area_m2: Annotated[Area, Field(alias="Electrode area [m2]")]
    pairs: Annotated[Pairs, Field(alias="Number of electrode pairs connected in parallel to make a cell")]
    voltage_v_min: Annotated[Positive, Field(alias="Lower voltage cut-off [V]")]
    voltage_v_max: Annotated[Positive, Field(alias="Upper voltage cut-off [V]")]
    capacity_ah: Annotated[Positive, Field(alias="Nominal cell capacity [A.h]")]
    reference_k: Annotated[Kelvin, Field(alias="Reference temperature [K]")] = 298.15
    surface_m2: Annotated[Area | None, Field(alias="External surface area [m2]")] = None
    volume_m3: Annotated[Volume | None, Field(alias="Volume [m3]")] = None
    density_kg_per_m3: Annotated[Density | None, Field(alias="Density [kg.m-3]")] = None
    heat_j_per_kg_k: Annotated[SpecificHeat | None, Field(alias="Specific heat capacity [J.K-1.kg-1]")] = None

    @model_validator(mode="after")
    def _cut_offs_in_order(self) -> Self:
        if not self.voltage_v_min < self.voltage_v_max:
            message = (
                f"Lower voltage cut-off {self.voltage_v_min:g} V is not below Upper voltage cut-off "
                f"{self.voltage_v_max:g} V; exchange or mend them"
            )
            raise ValueError(message)
        return self


class Electrolyte(_Part):
    """``Parameterisation.Electrolyte``; absent from single particle files."""

    concentration_mol_per_m3: Annotated[Concentration | None, Field(alias="Initial concentration [mol.m-3]")] = None
    transference: Annotated[Share, Field(alias="Cation transference number")]
    conductivity_s_per_m: Annotated[AnyCurve, Field(alias="Conductivity [S.m-1]")]
    conductivity_j_per_mol: Annotated[Activation, Field(alias="Conductivity activation energy [J.mol-1]")] = 0.0
    diffusivity_m2_per_s: Annotated[AnyCurve, Field(alias="Diffusivity [m2.s-1]")]


class Electrode(_Part):
    """``Parameterisation.Negative electrode`` or ``... Positive electrode``, of one active material."""

    thickness_m: Annotated[Thickness, Field(alias="Thickness [m]")]
    stoichiometry_min: Annotated[Share, Field(alias="Minimum stoichiometry")]
    stoichiometry_max: Annotated[Share, Field(alias="Maximum stoichiometry")]
    concentration_mol_per_m3_max: Annotated[Concentration, Field(alias="Maximum concentration [mol.m-3]")]
    radius_m: Annotated[Radius, Field(alias="Particle radius [m]")]
    surface_per_m: Annotated[SurfacePerVolume, Field(alias="Surface area per unit volume [m-1]")]
    diffusivity_m2_per_s: Annotated[AnyCurve, Field(alias="Diffusivity [m2.s-1]")]
    ocp_v: Annotated[AnyCurve, Field(alias="OCP [V]")]
    ocp_lithiation_v: Annotated[AnyCurve | None, Field(alias="OCP (lithiation) [V]")] = None
    ocp_delithiation_v: Annotated[AnyCurve | None, Field(alias="OCP (delithiation) [V]")] = None
    entropy_v_per_k: Annotated[AnyCurve | None, Field(alias="Entropic change coefficient [V.K-1]")] = None
    reaction_mol_per_m2_s: Annotated[Reaction, Field(alias="Reaction rate constant [mol.m-2.s-1]")]
    reaction_j_per_mol: Annotated[Activation, Field(alias="Reaction rate constant activation energy [J.mol-1]")] = 0.0
    transport_efficiency: Annotated[ShareAbove0 | None, Field(alias="Transport efficiency")] = None
    porosity: Annotated[ShareAbove0 | None, Field(alias="Porosity")] = None
    conductivity_s_per_m: Annotated[SolidConductivity | None, Field(alias="Conductivity [S.m-1]")] = None

    @model_validator(mode="after")
    def _fits_into_its_layer(self) -> Self:
        active = self.surface_per_m * self.radius_m / 3.0  # spheres
        if active > 1.0:
            message = (
                f"Surface area per unit volume {self.surface_per_m:g} 1/m and Particle radius {self.radius_m:g} m are "
                f"spheres that fill {active:.3g} of the layer; it should be a share below 1: mend one of them"
            )
            raise ValueError(message)
        return self


class Separator(_Part):
    """``Parameterisation.Separator``."""

    thickness_m: Annotated[Thickness, Field(alias="Thickness [m]")]
    transport_efficiency: Annotated[ShareAbove0, Field(alias="Transport efficiency")]
    porosity: Annotated[ShareAbove0, Field(alias="Porosity")]


class Parameterisation(_Part):
    """``Parameterisation``."""

    cell: Annotated[Cell, Field(alias="Cell")]
    electrolyte: Annotated[Electrolyte | None, Field(alias="Electrolyte")] = None
    negative: Annotated[Electrode, Field(alias="Negative electrode")]
    positive: Annotated[Electrode, Field(alias="Positive electrode")]
    separator: Annotated[Separator | None, Field(alias="Separator")] = None


class InitialConditions(_Part):
    """``State.Initial conditions`` of version 1."""

    concentration_mol_per_m3: Annotated[
        Concentration | None, Field(alias="Initial electrolyte concentration [mol.m-3]")
    ] = None


class ThermalEnvironment(_Part):
    """``State.Thermal environment`` of version 1."""

    transfer_w_per_m2_k: Annotated[Transfer | None, Field(alias="Heat transfer coefficient [W.m-2.K-1]")] = None


class State(_Part):
    """``State`` of version 1."""

    initial: Annotated[InitialConditions | None, Field(alias="Initial conditions")] = None
    thermal: Annotated[ThermalEnvironment | None, Field(alias="Thermal environment")] = None


class BpxDocument(_Part):
    """A whole file."""

    header: Annotated[Header, Field(alias="Header")]
    parameterisation: Annotated[Parameterisation, Field(alias="Parameterisation")]
    state: Annotated[State | None, Field(alias="State")] = None


def left_over(part: BaseModel, place: str = "") -> tuple[str, ...]:
    """Name every key of a document that no field took up.

    Parameters
    ----------
    part : BaseModel
        A document or a part of one.
    place : str
        Where it stands in the file.

    Returns
    -------
    tuple of str
        Places such as ``Parameterisation.Cell.Ambient temperature [K]``, in the order of the file's parts.
    """
    found: list[str] = []
    for name, field in type(part).model_fields.items():
        inner: object = getattr(part, name)
        if isinstance(inner, BaseModel):
            found += left_over(inner, f"{place}{field.alias}.")
    return (*(f"{place}{key}" for key in part.model_extra or {}), *found)
