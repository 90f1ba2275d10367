import copy
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.files.bpx_circuit import ElectrodeSide
from battuta.adapters.files.bpx_mapping import Assumptions, map_cell
from battuta.adapters.files.bpx_plausible import (
    branch_width_v,
    check_entropy,
    check_losses,
    check_nominal,
    check_open_circuit,
)
from battuta.adapters.files.bpx_schema import BpxDocument
from battuta.domain.errors import DataError

LFP = json.loads((Path(__file__).parents[3] / "validation" / "bpx" / "made_up_lfp.json").read_text(encoding="utf-8"))
GRID = np.linspace(0.0, 1.0, 401)


def document(change=None):
    """The file, changed at its parameterisation."""
    given = copy.deepcopy(LFP)
    if change:
        change(given["Parameterisation"])
    return BpxDocument.model_validate(given)


def sides(change=None):
    whole = document(change).parameterisation
    area_m2 = whole.cell.electrode_area_m2 * whole.cell.pairs
    negative = ElectrodeSide(name="Negative electrode", given=whole.negative, area_m2=area_m2, is_positive=False)
    positive = ElectrodeSide(name="Positive electrode", given=whole.positive, area_m2=area_m2, is_positive=True)
    return negative, positive, whole.cell


def mapped(change=None):
    return map_cell(document(change), "cell", Assumptions())


def with_ocp(name, ocp):
    return lambda whole: whole[f"{name} electrode"].update({"OCP [V]": ocp})


def with_cut_offs(low_v, high_v):
    return lambda whole: whole["Cell"].update({"Lower voltage cut-off [V]": low_v, "Upper voltage cut-off [V]": high_v})


def exchanged(whole):
    whole["Negative electrode"], whole["Positive electrode"] = whole["Positive electrode"], whole["Negative electrode"]


def test_a_sound_cell_passes_without_a_word() -> None:
    assert check_open_circuit(*sides(), GRID) == []
    check_nominal(10.0, 9.88)
    check_losses(mapped()[0], 5.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (exchanged, r"voltage is -3\..*above 0 and at most 10 V: are the electrodes exchanged\?"),
        (with_ocp("Negative", 50.0), "are the electrodes exchanged"),
        (with_ocp("Positive", 50.0), "at most 10 V: mend OCP"),
        (with_ocp("Positive", "3.4 - 50 * exp(-30 * (1 - x))"), "above 0 and at most 10 V: mend OCP"),
        (with_cut_offs(100.0, 200.0), "from 100 to 200 V: they do not overlap; mend the cut-offs"),
        (with_cut_offs(0.5, 0.9), "from 0.5 to 0.9 V: they do not overlap"),
        (with_ocp("Positive", "3.2 + 0.3 * x"), "falls by .* mV .* mend OCP .* of the Positive electrode"),
        (with_ocp("Negative", "0.1 + 0.3 * x"), "falls by .* mV .* mend OCP .* of the Negative electrode"),
    ],
)
def test_an_open_circuit_voltage_that_cannot_be_is_refused(change, words) -> None:
    with pytest.raises(DataError, match=words):
        check_open_circuit(*sides(change), GRID)
    with pytest.raises(DataError, match=words):
        mapped(change)


def test_a_small_dip_of_a_fit_is_named_and_kept() -> None:
    dip = with_ocp("Positive", "3.41 - 0.3 * x + 0.004 * exp(-((x - 0.4) * 200) ** 2)")
    (named,) = check_open_circuit(*sides(dip), GRID)
    assert "falls by" in named
    assert any("falls by" in each for each in mapped(dip)[1])


@pytest.mark.parametrize("nominal_ah", [1e6, 20.1, 4.9, 1e-3])
def test_a_nominal_capacity_beyond_a_factor_of_two_is_refused(nominal_ah) -> None:
    with pytest.raises(DataError, match="more than a factor of 2 apart; mend it, the electrode area"):
        check_nominal(nominal_ah, 10.0)
    with pytest.raises(DataError, match=r"the stoichiometry windows hold 9\.881 Ah"):
        mapped(lambda whole: whole["Cell"].update({"Nominal cell capacity [A.h]": nominal_ah}))


@pytest.mark.parametrize("nominal_ah", [19.9, 5.1])
def test_a_nominal_capacity_within_a_factor_of_two_is_taken(nominal_ah) -> None:
    check_nominal(nominal_ah, 10.0)


def branches(**ocp_v):
    return lambda whole: whole["Negative electrode"].update({f"OCP ({name}) [V]": v for name, v in ocp_v.items()})


def test_branches_give_their_mean_width() -> None:
    notes = []
    assert branch_width_v(sides(branches(delithiation=0.15, lithiation=0.10))[0], GRID, notes) == pytest.approx(0.05)
    assert branch_width_v(sides()[0], GRID, notes) is None
    assert notes == []


@pytest.mark.parametrize(("given", "lacking"), [("lithiation", "delithiation"), ("delithiation", "lithiation")])
def test_a_branch_alone_is_named(given, lacking) -> None:
    parameters, notes = mapped(branches(**{given: 0.1}))
    assert parameters.hysteresis_v == 0.0
    assert any(f"gives OCP ({given}) [V] but not OCP ({lacking}) [V]" in each for each in notes)


@pytest.mark.parametrize("ocp_v", [{"delithiation": 0.1, "lithiation": 0.9}, {"delithiation": 5.0, "lithiation": 0.1}])
def test_branches_that_are_exchanged_or_too_far_apart_are_refused(ocp_v) -> None:
    with pytest.raises(DataError, match=r"Negative electrode: .* are the two exchanged\?"):
        mapped(branches(**ocp_v))


def test_an_entropic_change_in_millivolts_is_refused() -> None:
    check_entropy(sides()[0], np.array([3e-4, -2e-3]))
    with pytest.raises(DataError, match=r"reaches 0.3 V/K; .*is it in mV/K\?"):
        check_entropy(sides()[0], np.array([0.1, -0.3]))
    change = {"Entropic change coefficient [V.K-1]": 0.3}
    with pytest.raises(DataError, match=r"Negative electrode.Entropic change coefficient"):
        mapped(lambda whole: whole["Negative electrode"].update(change))


@pytest.mark.parametrize("name", ["resistance_ohm", "relaxation", "heat_capacity_j_per_k", "air_w_per_k"])
def test_an_infinite_result_is_refused_by_name(name) -> None:
    parameters = mapped()[0]
    endless = replace(parameters, **{name: getattr(parameters, name) * np.inf})
    with pytest.raises(DataError, match=f"{name} would be infinite"):
        check_losses(endless, 5.0)


@pytest.mark.parametrize(
    ("section", "key", "value", "words"),
    [
        ("Negative electrode", "Diffusivity [m2.s-1]", 1e-20, "most in diffusion in particles"),
        ("Negative electrode", "Conductivity [S.m-1]", 1e-8, "most in reaction, electrolyte and solid"),
        ("Electrolyte", "Diffusivity [m2.s-1]", 1e-15, "most in diffusion in the electrolyte"),
        ("Electrolyte", "Diffusivity [m2.s-1]", 1e-320, "it should be from 1e-16 to 1e-06"),
        ("Electrolyte", "Conductivity [S.m-1]", 1e-300, "it should be from 1e-06 to 1000"),
        ("Positive electrode", "Diffusivity [m2.s-1]", 1e-300, "it should be from 1e-24 to 1e-06"),
        ("Positive electrode", "OCP [V]", "1e300 * x", "is 9.3e"),
        ("Positive electrode", "OCP [V]", {"x": [0.0, 1.0], "y": [-1e30, 1e30]}, "is 8.6e"),
    ],
)
def test_a_cell_that_loses_all_its_voltage_is_refused(section, key, value, words) -> None:
    with pytest.raises(DataError, match=words):
        mapped(lambda whole: whole[section].update({key: value}))
