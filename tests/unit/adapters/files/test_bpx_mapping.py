import copy
import json
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.files.bpx_mapping import Assumptions, map_cell
from battuta.adapters.files.bpx_schema import BpxDocument

LFP = json.loads((Path(__file__).parents[3] / "validation" / "bpx" / "made_up_lfp.json").read_text(encoding="utf-8"))


def mapped(change=None, **assumed):
    given = copy.deepcopy(LFP)
    if change:
        change(given)
    return map_cell(BpxDocument.model_validate(given), "cell", Assumptions(**assumed))


def open_circuit_v(soc):
    x, y = 0.035 + soc * 0.805, 0.93 - soc * 0.925
    negative = 0.25 + 1.8 * np.exp(-40 * x) - 0.09 * np.tanh(30 * (x - 0.12)) - 0.045 * np.tanh(15 * (x - 0.28))
    negative -= 0.02 * np.tanh(30 * (x - 0.6))
    return 3.41 - 0.02 * y + 0.5 * np.exp(-150 * y) - 0.9 * np.exp(-30 * (1 - y)) - negative


def test_open_circuit_voltage_is_positive_less_negative_potential() -> None:
    parameters, _ = mapped()
    grid = np.linspace(0.0, 1.0, parameters.ocv_v.size)
    assert parameters.ocv_v == pytest.approx(open_circuit_v(grid), abs=1e-12)


def test_open_circuit_voltage_is_close_between_the_nodes_too() -> None:
    parameters, _ = mapped()
    soc = np.linspace(0.0, 1.0, 99_991)
    straight = np.interp(soc, np.linspace(0.0, 1.0, parameters.ocv_v.size), parameters.ocv_v)
    assert np.max(np.abs(straight - open_circuit_v(soc))) < 2.5e-4


def test_entropy_is_positive_less_negative() -> None:
    parameters, _ = mapped()
    x = 0.035 + 0.805  # negative, full
    assert parameters.entropy_v_per_k[-1] == pytest.approx(5e-5 - np.interp(x, [0.6, 1.0], [-5e-5, 0.0]))


def test_resistance_falls_with_temperature() -> None:
    parameters, _ = mapped()
    assert np.all(np.diff(parameters.resistance_ohm[1], axis=0) < 0.0)


def test_a_longer_chord_of_the_kinetics_has_less_resistance() -> None:
    slow, fast = mapped(kinetic_rate=0.01)[0], mapped(kinetic_rate=2.0)[0]
    assert np.all(fast.resistance_ohm < slow.resistance_ohm)


def test_branches_become_a_hysteresis() -> None:
    def branched(given):
        electrode = given["Parameterisation"]["Positive electrode"]
        electrode["OCP (delithiation) [V]"] = electrode["OCP [V]"] + " + 0.015"
        electrode["OCP (lithiation) [V]"] = electrode["OCP [V]"] + " - 0.015"

    parameters, notes = mapped(branched)
    assert parameters.hysteresis_v == pytest.approx(0.015)
    assert any("hysteresis" in each for each in notes)
    assert mapped()[0].hysteresis_v == 0.0


def test_a_single_particle_file_says_that_losses_are_missing() -> None:
    def single(given):
        for key in ("Electrolyte", "Separator"):
            del given["Parameterisation"][key]
        for name in ("Negative electrode", "Positive electrode"):
            for key in ("Conductivity [S.m-1]", "Porosity", "Transport efficiency"):
                del given["Parameterisation"][name][key]

    parameters, notes = mapped(single)
    assert any("their losses are missing" in each for each in notes)
    assert np.all(parameters.resistance_ohm < mapped()[0].resistance_ohm)
    assert parameters.relaxation[0, 0] == 0.0


def test_heat_capacity_is_assumed_where_the_file_is_silent() -> None:
    def silent(given):
        for key in ("Density [kg.m-3]", "External surface area [m2]"):
            del given["Parameterisation"]["Cell"][key]
        del given["State"]

    parameters, notes = mapped(silent)
    assert parameters.heat_capacity_j_per_k == pytest.approx(9.88 * 3.18 / 160.0 * 1000.0, rel=0.02)
    assert next(each for each in parameters.facts if each.name == "heat").status == "assumed"
    assert parameters.air_w_per_k == 0.0
    for words in ("heat capacity from", "no heat to the air", "no heat transfer", "at rest is not given: 1000"):
        assert any(words in each for each in notes), words


def test_windows_that_miss_the_cut_off_are_named() -> None:
    _, notes = mapped(lambda given: given["Parameterisation"]["Cell"].update({"Upper voltage cut-off [V]": 3.65}))
    assert "open-circuit voltage full is 3.551 V, the cut-off 3.65 V" in notes


def test_a_slope_too_small_for_a_float_leaves_no_time_constant_of_zero() -> None:
    """Left in, its product with a short time would be 0 s, by which a kernel divides."""

    def flat(given):
        whole = given["Parameterisation"]
        whole["Positive electrode"]["OCP [V]"] = 3.3
        whole["Negative electrode"].update({"OCP [V]": "-1e-314 * x", "Diffusivity [m2.s-1]": 1e-9})

    ohm, seconds = mapped(flat)[0].relaxation[1]
    assert ohm < 1e-300
    assert seconds > 0.0
