import json
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.files.bpx_circuit import FARADAY, GAS_CONSTANT, ElectrodeSide, electrolyte_path, electronic_ohm
from battuta.adapters.files.bpx_schema import BpxDocument

PATH = Path(__file__).parents[3] / "validation" / "bpx" / "made_up_lfp.json"
WHOLE = BpxDocument.model_validate(json.loads(PATH.read_text(encoding="utf-8"))).parameterisation
AREA_M2 = 0.62


def integral(function, length):
    """Gauss and Legendre's rule of eight points, exact for the polynomials here."""
    places, weights = np.polynomial.legendre.leggauss(8)
    return float(np.sum(0.5 * length * weights * function(0.5 * length * (places + 1.0))))


def side(*, is_positive=False):
    given = WHOLE.positive if is_positive else WHOLE.negative
    return ElectrodeSide(name="Negative electrode", given=given, area_m2=AREA_M2, is_positive=is_positive)


def test_capacity_is_the_lithium_between_the_stoichiometries() -> None:
    moles = 3.36e5 * 5e-6 / 3.0 * 4.4e-5 * 0.62 * 30_000 * (0.84 - 0.035)
    assert side().capacity_ah() == pytest.approx(moles * 96_485.33212 / 3600.0)


def test_charging_fills_the_negative_and_empties_the_positive() -> None:
    soc = np.array([0.0, 1.0])
    assert side().stoichiometry(soc) == pytest.approx([0.035, 0.84])
    assert side(is_positive=True).stoichiometry(soc) == pytest.approx([0.93, 0.005])


def test_kinetics_of_a_small_current_are_those_of_the_slope() -> None:
    ohm = side().kinetic_ohm(np.array([0.5]), np.array([298.15]), 298.15, 1e-6)
    x = 0.035 + 0.5 * 0.805
    exchange_a = FARADAY * 3e-5 * np.sqrt(x * (1 - x)) * 3.36e5 * 4.4e-5 * AREA_M2
    assert ohm[0, 0] == pytest.approx(GAS_CONSTANT * 298.15 / FARADAY / exchange_a, rel=1e-6)


def test_kinetics_of_a_current_solve_butler_and_volmer() -> None:
    ohm = float(side().kinetic_ohm(np.array([0.5]), np.array([298.15]), 298.15, 20.0)[0, 0])
    x = 0.035 + 0.5 * 0.805
    exchange_a = FARADAY * 3e-5 * np.sqrt(x * (1 - x)) * 3.36e5 * 4.4e-5 * AREA_M2
    eta = 20.0 * ohm * FARADAY / (2.0 * GAS_CONSTANT * 298.15)
    assert exchange_a * (np.exp(eta) - np.exp(-eta)) == pytest.approx(20.0)


def test_diffusion_in_a_sphere_lags_as_a_fifth_of_radius_over_diffusivity() -> None:
    """Steady flux into a sphere: c(r) grows as its square, so surface less mean is j R / (5 D)."""
    ohm, seconds = side().diffusion()
    flux = 1.0 / (FARADAY * 3.36e5 * 4.4e-5 * AREA_M2)  # mol/(m2 s) of one ampere
    radius, diffusivity = 5e-6, 4e-14
    mean = integral(lambda r: 3.0 * r**2 / radius**3 * flux * r**2 / (2.0 * diffusivity * radius), radius)
    lag = flux * radius / (2.0 * diffusivity) - mean
    places = side().stoichiometry(np.array([0.25, 0.75]))
    slope = abs(np.diff(side().given.ocp_v.values_at(places))[0] / np.diff(places)[0])
    assert ohm == pytest.approx(slope * lag / 30_000)
    assert seconds == pytest.approx(radius**2 / (35.0 * diffusivity))


def test_electrolyte_drop_is_that_of_a_current_fading_through_the_electrodes() -> None:
    path = electrolyte_path(WHOLE.electrolyte, WHOLE.separator, WHOLE.negative, WHOLE.positive, WHOLE.cell, 1100.0)
    conductivity = 0.1 + 1.5 * 1.1 * np.exp(-0.55 * 1.1)
    drop = 0.0
    for thickness, ease in ((4.4e-5, 0.19), (5.25e-5, 0.216)):
        # mean potential of an electrode against the separator's edge, the current growing straight towards it
        outer = integral(lambda x, length=thickness: (length**2 - x**2) / (2.0 * length), thickness)
        drop += outer / thickness / (conductivity * ease * AREA_M2)
    drop += 1.6e-5 / (conductivity * 0.3 * AREA_M2)
    assert path.ohm(np.array([298.15]), 298.15)[0] == pytest.approx(drop)


def test_concentration_polarisation_follows_from_its_parts() -> None:
    path = electrolyte_path(WHOLE.electrolyte, WHOLE.separator, WHOLE.negative, WHOLE.positive, WHOLE.cell, 1100.0)
    ohm, seconds = path.polarisation(298.15)
    length = 4.4e-5 / 3 / 0.19 + 1.6e-5 / 0.3 + 5.25e-5 / 3 / 0.216
    difference = 0.7 * length / (FARADAY * AREA_M2 * 3e-10)  # mol/m3 of one ampere
    assert ohm == pytest.approx(2.0 * GAS_CONSTANT * 298.15 / FARADAY * 0.7 * difference / 1100.0)
    through, soaked = 4.4e-5 / 0.19 + 1.6e-5 / 0.3 + 5.25e-5 / 0.216, 4.4e-5 * 0.33 + 1.6e-5 * 0.45 + 5.25e-5 * 0.36
    assert seconds == pytest.approx(through * soaked / (np.pi**2 * 3e-10)), "slowest mode of a slab"


def test_solid_counts_a_third_of_each_thickness() -> None:
    expected = (4.4e-5 / 60.0 + 5.25e-5 / 1.0) / (3.0 * AREA_M2)
    assert electronic_ohm(WHOLE.negative, WHOLE.positive, AREA_M2) == pytest.approx(expected)
