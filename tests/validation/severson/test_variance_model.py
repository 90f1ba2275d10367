"""The published model of one feature on the published cells, from their curves to its published errors."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from battuta.health.life_curve_features import variance_feature
from battuta.health.life_curves import DischargeCurves

EXPECTED = tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))["variance"]
OUTLIER_CYCLES = 148


@pytest.fixture(scope="module")
def cells(data_dir):
    with np.load(data_dir / "health" / "severson_qv_cycles2_100_train_test1.npz") as file:
        charge = np.cumsum(file["dQ_uAh"].astype(np.float64), axis=1) / 1e6
        curves = DischargeCurves(charge_ah=charge, cycle=file["cycle"])
        return variance_feature(curves)[:, 0], file["cycle_life"].astype(np.float64), file["split"]


def test_errors_are_the_published_ones(cells):
    feature, life, split = cells
    train, test = split == "train", (split == "test1") & (life != OUTLIER_CYCLES)
    assert (train.sum(), test.sum()) == (41, 42)
    slope, constant = np.polyfit(feature[train], np.log10(life[train]), 1)
    error = 10.0 ** (constant + slope * feature) - life
    for name, which in (("train", train), ("test1", test)):
        rmse = float(np.sqrt(np.mean(error[which] ** 2)))
        assert rmse == pytest.approx(EXPECTED[f"rmse_{name}_cycles"], abs=EXPECTED["tolerance_cycles"])
