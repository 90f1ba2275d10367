"""Makes a cell of a BPX document: curves on one grid of soc, losses as resistances; what is not exact, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.adapters.files.bpx_circuit import (
    CHORD_SOC,
    ElectrodeSide,
    ElectrolytePath,
    electrolyte_path,
    electronic_ohm,
)
from battuta.adapters.files.bpx_plausible import (
    branch_width_v,
    check_entropy,
    check_losses,
    check_nominal,
    check_open_circuit,
)
from battuta.adapters.files.bpx_schema import BpxDocument, Cell, Electrolyte
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters, Fact

KELVIN = 273.15
_NODES = (201, 401, 801, 1601, 3201, 6401)
_CURVE_V = 2e-4
_WINDOW_SHARE = 0.10
_CONCENTRATION = 1000.0
_SMALLEST_OHM = 1e-9
_LEFT_OUT_OHM = 1e-15
_CELL_WH_PER_KG, _CELL_J_PER_KG_K = 160.0, 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a BPX file does not say about a cell; tapers and widths as of a common LFP cell.

    Attributes
    ----------
    charge_rate_max, discharge_rate_max : float
        Largest current over capacity. [1/h]
    kinetic_rate : float
        Current over capacity up to which the chord of the reaction's law is drawn: the usual duty. [1/h]
    temperature_c : tuple of float
        Evenly spaced temperatures of the resistance table. [degC]
    charge_taper, discharge_taper : tuple of (float, float)
        Temperature [degC] and share of the largest current [-], ascending.
    hysteresis_rate : float
        How fast the hysteresis turns, per full charge, where the file has branches but no rate. [-]
    transfer_w_per_m2_k : float
        Heat transfer to still air, where the file names none. [W/(m2 K)]
    """

    charge_rate_max: float = 1.0
    discharge_rate_max: float = 1.0
    kinetic_rate: float = 0.5
    temperature_c: tuple[float, ...] = tuple(float(c) for c in range(-30, 61, 10))
    charge_taper: tuple[tuple[float, float], ...] = ((0.0, 0.0), (10.0, 1.0), (45.0, 1.0), (55.0, 0.0))
    discharge_taper: tuple[tuple[float, float], ...] = (
        (-30.0, 0.0),
        (-20.0, 0.3),
        (0.0, 1.0),
        (50.0, 1.0),
        (60.0, 0.0),
    )
    hysteresis_rate: float = 20.0
    transfer_w_per_m2_k: float = 5.0


def map_cell(document: BpxDocument, name: str, assumptions: Assumptions) -> tuple[CellParameters, tuple[str, ...]]:
    """Make a cell of a document.

    Parameters
    ----------
    document : BpxDocument
        A file as read.
    name : str
        What to call the set.
    assumptions : Assumptions
        What the format does not say.

    Returns
    -------
    parameters : CellParameters
        The cell.
    approximations : tuple of str
        What is not exact.

    Raises
    ------
    DataError
        If sections contradict one another, or a curve has no value where it is needed.
    """
    whole = document.parameterisation
    area_m2 = whole.cell.electrode_area_m2 * whole.cell.pairs
    negative = ElectrodeSide(name="Negative electrode", given=whole.negative, area_m2=area_m2, is_positive=False)
    positive = ElectrodeSide(name="Positive electrode", given=whole.positive, area_m2=area_m2, is_positive=True)
    notes: list[str] = []
    capacity_ah = _capacity_ah(negative, positive, whole.cell.capacity_ah, notes)
    grid, ocv_v = _open_circuit(negative, positive, whole.cell, notes)
    hysteresis_v, hysteresis_rate = _hysteresis(negative, positive, grid, assumptions, notes)
    path = _path(document, notes)
    kelvin = np.array(assumptions.temperature_c) + KELVIN
    series = _series_ohm(
        negative, positive, path, grid, kelvin, whole.cell.reference_k, assumptions.kinetic_rate * capacity_ah, notes
    )
    heat_j_per_k, air_w_per_k, heat_facts = _heat(document, capacity_ah, float(np.mean(ocv_v)), assumptions, notes)
    title = document.header.title or name
    source = f"BPX {document.header.version}: {title}"
    parameters = CellParameters(
        name=name,
        label=f"{title} (BPX, as a circuit)",
        capacity_ah=capacity_ah,
        ocv_v=ocv_v,
        entropy_v_per_k=_entropy(negative, positive, grid, notes),
        resistance_ohm=np.stack((series, series)),
        temperature_c=np.array(assumptions.temperature_c),
        relaxation=_relaxation(negative, positive, path, whole.cell.reference_k, notes),
        hysteresis_v=hysteresis_v,
        hysteresis_rate=hysteresis_rate,
        voltage_v_min=whole.cell.voltage_v_min,
        voltage_v_max=whole.cell.voltage_v_max,
        charge_rate_max=assumptions.charge_rate_max,
        discharge_rate_max=assumptions.discharge_rate_max,
        charge_taper=assumptions.charge_taper,
        discharge_taper=assumptions.discharge_taper,
        heat_capacity_j_per_k=heat_j_per_k,
        coolant_w_per_k=0.0,
        air_w_per_k=air_w_per_k,
        facts=(
            *(Fact(name=each, status="recorded", source=source) for each in ("ocv", "entropy", "series_resistance")),
            Fact(name="relaxation", status="recorded", source=f"{source}, one mode for each kind of diffusion"),
            Fact(name="limits", status="assumed", source=f"voltages of {source}; currents and tapers assumed"),
            *heat_facts,
        ),
    )  # fmt: skip
    check_losses(parameters, assumptions.kinetic_rate * capacity_ah)
    return parameters, tuple(notes)


def _capacity_ah(negative: ElectrodeSide, positive: ElectrodeSide, nominal_ah: float, notes: list[str]) -> float:
    for side in (negative, positive):
        if not side.given.stoichiometry_max > side.given.stoichiometry_min:
            message = (
                f"{side.name}: Minimum stoichiometry {side.given.stoichiometry_min:g} is not below Maximum "
                f"stoichiometry {side.given.stoichiometry_max:g}; exchange or mend them"
            )
            raise DataError(message)
    found = negative.capacity_ah(), positive.capacity_ah()
    if max(found) > (1.0 + _WINDOW_SHARE) * min(found):
        message = (
            f"the stoichiometry windows hold {found[0]:.4g} Ah (negative) and {found[1]:.4g} Ah (positive), but in one "
            f"cell both move the same: mend windows, thickness, area or surface to agree within {_WINDOW_SHARE:.0%}"
        )
        raise DataError(message)
    check_nominal(nominal_ah, min(found))
    notes.append(
        f"soc runs over the stoichiometry windows: {found[0]:.4g} Ah negative, {found[1]:.4g} Ah positive; the smaller "
        f"is taken, nominal is {nominal_ah:.4g} Ah"
    )
    return min(found)


def _open_circuit(
    negative: ElectrodeSide, positive: ElectrodeSide, cell: Cell, notes: list[str]
) -> tuple[FloatArray, FloatArray]:
    """Coarsest grid on which straight lines between nodes stay close to the curve, and the curve."""

    def ocv_v(soc: FloatArray) -> FloatArray:
        upper = positive.curve("OCP [V]", positive.given.ocp_v, soc)
        return upper - negative.curve("OCP [V]", negative.given.ocp_v, soc)

    grid = np.linspace(0.0, 1.0, _NODES[0])
    off_v = np.inf
    for nodes in _NODES:
        grid = np.linspace(0.0, 1.0, nodes)
        between = 0.5 * (grid[1:] + grid[:-1])
        off_v = float(np.max(np.abs(np.interp(between, grid, ocv_v(grid)) - ocv_v(between))))
        if off_v <= _CURVE_V:
            break
    odd = check_open_circuit(negative, positive, cell, grid)
    curve = ocv_v(grid)
    notes.append(f"open-circuit curve on {grid.size} nodes, at most {1000.0 * off_v:.2g} mV off between them")
    notes += odd
    for end, limit_v, at in (("empty", cell.voltage_v_min, curve[0]), ("full", cell.voltage_v_max, curve[-1])):
        if abs(at - limit_v) > 0.005:
            notes.append(f"open-circuit voltage {end} is {at:.4g} V, the cut-off {limit_v:.4g} V")
    return grid, curve


def _hysteresis(
    negative: ElectrodeSide, positive: ElectrodeSide, grid: FloatArray, assumptions: Assumptions, notes: list[str]
) -> tuple[float, float]:
    """Half the mean width between charge and discharge branches, inside the middle of the soc."""
    middle = grid[(grid >= 0.1) & (grid <= 0.9)]
    widths_v = [branch_width_v(side, middle, notes) for side in (negative, positive)]
    known_v = [width_v for width_v in widths_v if width_v is not None]
    if not known_v:
        return 0.0, assumptions.hysteresis_rate
    notes.append("hysteresis: one width, the mean between soc 0.1 and 0.9, and an assumed rate of turning")
    return 0.5 * sum(known_v), assumptions.hysteresis_rate


def _path(document: BpxDocument, notes: list[str]) -> ElectrolytePath | None:
    whole = document.parameterisation
    electrolyte, separator = whole.electrolyte, whole.separator
    if electrolyte is None and separator is None:
        notes.append("no Electrolyte and no Separator (a single particle file): their losses are missing")
        return None
    if electrolyte is None or separator is None:
        message = "Electrolyte and Separator belong together; one of them is missing"
        raise DataError(message)
    concentration = _concentration(document, electrolyte, notes)
    return electrolyte_path(electrolyte, separator, whole.negative, whole.positive, whole.cell, concentration)


def _concentration(document: BpxDocument, electrolyte: Electrolyte, notes: list[str]) -> float:
    initial = document.state.initial if document.state else None
    given = (initial.concentration_mol_per_m3 if initial else None) or electrolyte.concentration_mol_per_m3
    if given is None:
        notes.append(f"electrolyte concentration at rest is not given: {_CONCENTRATION:g} mol/m3")
        return _CONCENTRATION
    return given


def _series_ohm(
    negative: ElectrodeSide, positive: ElectrodeSide, path: ElectrolytePath | None, grid: FloatArray,
    kelvin: FloatArray, reference_k: float, current_a: float, notes: list[str],
) -> FloatArray:  # fmt: skip
    """Kinetics, electrolyte and solid in series, shape (n_temperatures, n_soc)."""
    kinetic = negative.kinetic_ohm(grid, kelvin, reference_k, current_a)
    kinetic = kinetic + positive.kinetic_ohm(grid, kelvin, reference_k, current_a)
    solid = electronic_ohm(negative.given, positive.given, negative.area_m2)
    pores = path.ohm(kelvin, reference_k) if path else np.zeros(kelvin.size)
    notes.append(
        f"reaction kinetics as a resistance, the chord up to {current_a:.4g} A (overstated above that current, "
        "understated below), at bulk stoichiometry; both directions alike; uniform reaction through each electrode"
    )
    return np.maximum(kinetic + pores[:, None] + solid, _SMALLEST_OHM)


def _relaxation(
    negative: ElectrodeSide, positive: ElectrodeSide, path: ElectrolytePath | None, reference_k: float, notes: list[str]
) -> FloatArray:
    """Two relaxations: electrolyte concentration, then diffusion in both electrodes' particles."""
    pairs = [side.diffusion() for side in (negative, positive)]
    solid_ohm = sum(ohm for ohm, _ in pairs)
    solid_s = sum(ohm * seconds for ohm, seconds in pairs) / solid_ohm if solid_ohm > _LEFT_OUT_OHM else 1.0
    pore_ohm, pore_s = path.polarisation(reference_k) if path else (0.0, 1.0)
    notes.append(
        f"diffusion in particles as one relaxation, from the slope of the potentials between soc {CHORD_SOC[0]:g} and "
        f"{CHORD_SOC[1]:g}; in the electrolyte as another; both at the reference temperature and alike at every "
        "soc: the early knee of a fast discharge is missing"
    )
    return np.array([[pore_ohm, pore_s], [solid_ohm, solid_s]])


def _entropy(negative: ElectrodeSide, positive: ElectrodeSide, grid: FloatArray, notes: list[str]) -> FloatArray:
    total = np.zeros(grid.size)
    for side, sign in ((positive, 1.0), (negative, -1.0)):
        given = side.given.entropy_v_per_k
        if given is None:
            notes.append(f"{side.name} names no entropic change: 0")
            continue
        entropy_v_per_k = side.curve("Entropic change coefficient [V.K-1]", given, grid)
        check_entropy(side, entropy_v_per_k)
        total = total + sign * entropy_v_per_k
    notes.append("entropy makes heat; the open-circuit curve itself stays that of the reference temperature")
    return total


def _heat(
    document: BpxDocument, capacity_ah: float, mean_v: float, assumptions: Assumptions, notes: list[str]
) -> tuple[float, float, tuple[Fact, ...]]:
    """Heat capacity, conductance to the air, and where they come from."""
    cell = document.parameterisation.cell
    environment = document.state.thermal if document.state else None
    status, source = "recorded", "density, volume and specific heat capacity of the file"
    if cell.density_kg_per_m3 and cell.volume_m3 and cell.heat_j_per_kg_k:
        heat_j_per_k = cell.density_kg_per_m3 * cell.volume_m3 * cell.heat_j_per_kg_k
    else:
        heat_j_per_k = capacity_ah * mean_v / _CELL_WH_PER_KG * _CELL_J_PER_KG_K
        status, source = "assumed", f"{_CELL_WH_PER_KG:g} Wh/kg and {_CELL_J_PER_KG_K:g} J/(kg K)"
        notes.append(f"Density, Volume or Specific heat capacity is not given: heat capacity from {source}")
    transfer = environment.transfer_w_per_m2_k if environment else None
    if transfer is None:
        transfer = assumptions.transfer_w_per_m2_k
        notes.append(f"no heat transfer coefficient given: {transfer:g} W/(m2 K) over the outer surface")
    if cell.surface_m2 is None:
        notes.append("External surface area is not given: the cell gives no heat to the air")
    notes.append("one temperature for the whole cell; no path to a coolant")
    air_w_per_k = transfer * (cell.surface_m2 or 0.0)
    return heat_j_per_k, air_w_per_k, (Fact(name="heat", status=status, source=source),)
