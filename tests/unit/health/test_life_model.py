"""Lives are told from curves of made-up cells: near the truth, held by intervals, also of spoiled curves."""

import numpy as np
import pytest

from battuta.health.life_curves import DischargeCurves
from battuta.health.life_model import MEMBERS, LifeModel
from unit.health.life_cells import CYCLES, made_curves


@pytest.fixture(scope="module")
def model():
    made = LifeModel()
    made.fit(*made_curves(24, 0))
    return made


def test_lives_are_told(model):
    curves, life = made_curves(60, 1)
    told = model.predict(curves)
    assert np.mean(np.abs(told.life_cycles - life) / life) < 0.12
    assert np.mean((told.low_cycles <= life) & (life <= told.high_cycles)) > 0.8


def test_spoiled_curves_change_little(model):
    curves, _ = made_curves(5, 1)
    charge = curves.charge_ah.copy()
    charge[:, :, [8, 97]] += 30.0
    told = model.predict(DischargeCurves(charge_ah=charge, cycle=CYCLES))
    np.testing.assert_allclose(told.life_cycles, model.predict(curves).life_cycles, rtol=0.05)


def test_cells_of_another_kind_are_told_apart(model):
    foreign, _ = made_curves(5, 1, speed=(20.0, 30.0))
    told, usual = model.predict(foreign), model.predict(made_curves(5, 1)[0])
    assert told.distance.min() > 2.0 > usual.distance.mean()
    assert np.min(told.high_cycles / told.low_cycles) > 1.5 * np.median(usual.high_cycles / usual.low_cycles)


def test_members_can_be_heard_alone(model):
    each = np.array([model.left_out_cycles(name) for name in MEMBERS])
    np.testing.assert_allclose(model.left_out_cycles(), np.exp(np.log(each).mean(axis=0)))
