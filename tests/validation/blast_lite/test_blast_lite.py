"""Twenty years of four duty profiles in two climates against BLAST-Lite 1.1.1, whose numbers lie in `reference.json`.

`benchmarks/peers/blast_lite_lives.py` makes them. In several cases BLAST-Lite's Sony model ends in NaN, as its Euler
step asks for the logarithm of a negative number once a day's end lies below the loss so far: so does the walk here.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import ageing_law, term_arrays
from battuta.physics.ageing.blast_compat import blast_lives
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses
from validation.blast_lite.blast_case import profile

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))
CASES = REFERENCE["cases"]
PARTS = ("soh_capacity", "soh_resistance", "full_cycles")


@pytest.fixture(scope="module")
def profiles(data_dir):
    held = {}

    def get(case):
        key = (case["duty"], case["climate"], case["step_s"])
        if key not in held:
            held[key] = profile(data_dir / "twin", *key)
            assert held[key][1].sum() == pytest.approx(case["sums"]["soc"], rel=1e-12)
            assert held[key][2].sum() == pytest.approx(case["sums"]["temperature_c"], rel=1e-12)
        return held[key]

    return get


@pytest.mark.parametrize(
    "case", CASES, ids=lambda c: f"{c['duty']}-{c['climate']}-{c['model']}-{c['conserve']}-{c['scalar']}"
)
def test_the_walk_is_that_of_blast_lite(profiles, case):
    time_s, soc, temperature_c = profiles(case)
    lives = blast_lives(
        case["model"],
        time_s,
        soc,
        temperature_c,
        keeps_throughput=case["conserve"],
        scalars=np.array([case["scalar"]]),
    )
    for part in PARTS:
        expected = np.array(case[part], dtype=np.float64)
        np.testing.assert_allclose(getattr(lives, part)[0, 1:], expected, rtol=0.0, atol=1e-9)
    if None not in case["soh_capacity"]:
        assert lives.n_steps[0] == case["n_steps"]


def test_a_shared_table_is_near_the_walk_of_each_life(profiles):
    case = next(each for each in CASES if each["duty"] == "frequency_containment_reserve" and each["conserve"])
    scalars = np.array([0.7, 1.0, 1.3])
    near = blast_lives("lfp_250ah", *profiles(case), scalars=scalars, shares_table=True)
    exact = blast_lives("lfp_250ah", *profiles(case), scalars=scalars)
    np.testing.assert_allclose(near.soh_capacity, exact.soh_capacity, atol=2e-5)


@pytest.mark.parametrize("model", ["lfp_250ah", "sony_lfp_3ah"])
def test_the_law_without_the_quirks_is_near(profiles, model):
    duty, place = "frequency_containment_reserve", "honolulu"
    case = next(each for each in CASES if (each["duty"], each["climate"], each["model"]) == (duty, place, model))
    time_s, soc, temperature_c = profiles(case)
    c_rate = -np.diff(soc, prepend=soc[0]) * 3600.0 / case["step_s"]
    law = ageing_law(model)
    days = duty_days(soc, temperature_c, c_rate, float(time_s[1] - time_s[0]))
    slots, arrays = law.stresses(days), term_arrays(law)
    state = np.zeros(len(law.terms))
    for day in range(20 * 365):
        advance_day(state, slots[day % len(slots)], np.ones(state.size), *arrays)
    lost, gained = losses(state, arrays.kinds, arrays.quantities, arrays.powers)
    assert 1.0 - lost == pytest.approx(case["soh_capacity"][-1], abs=0.02)
    if model == "sony_lfp_3ah":
        assert 0.0 < gained < 1.0
