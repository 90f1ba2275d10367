"""Cycle life from a hundred cycles and remaining life at half of it, on two published sets, beside their baselines.

`python benchmarks/health_life.py --json` prints one object and ends with 1 where a goal is not met; without the data
folder its figures print `not run`. Models are fitted here from the data folder; no fitted numbers are kept. Coverage
counts all cells, the outlier too; its goal is a range, so it stands in two rows. The first test set of Severson et al.
was scored for three averages before one was kept; groups of the HUST cells are left out, and its features were chosen
on the same groups.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from figures import DATA, NOT_RUN, Figure, answer, questions, say

from battuta.health.life_curve_features import variance_feature
from battuta.health.life_curves import DischargeCurves, mended
from battuta.health.life_early import EarlyLifeModel
from battuta.health.life_history import CycleHistory
from battuta.health.life_model import MEMBERS, LifeModel
from battuta.health.life_remaining import RemainingLife
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

SEVERSON = DATA / "health" / "severson_qv_cycles2_100_train_test1.npz"
HUST = DATA / "health" / "hust_lfp_cycle_features_groups_1_7.parquet"
OUTLIER_CYCLES = 148
"""Life of the cell that the papers drop."""
END_OF_LIFE_AH = 0.88
EARLY_CYCLES = 100
COVERAGE = 0.9


class Goal(NamedTuple):
    """Unit, goal, and whether more is better."""

    unit: str
    bound: float
    is_more_better: bool = False


GOALS = {
    "severson_rmse_test1": Goal("cycles", 100.0),
    "severson_rmse_test1_with_outlier": Goal("cycles", 150.0),
    "severson_coverage_90_low": Goal("-", 0.85, is_more_better=True),
    "severson_coverage_90_high": Goal("-", 0.95),
    "hust_rmse_first_100": Goal("cycles", 300.0),
    "hust_mape_half_life": Goal("-", 0.08),
}


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer(lives(), as_json=options.json)


def lives() -> list[Figure]:
    """Everything that this benchmark measures."""
    return [*severson(), *hust_early(), *hust_half()]


def figure(name: str, value: float | str, unit: str = "cycles") -> Figure:
    """A figure, with its goal if it has one."""
    goal = GOALS.get(name)
    if goal is None:
        return Figure(name=name, value=value, unit=unit)
    return Figure(name=name, value=value, unit=goal.unit, goal=goal.bound, is_more_better=goal.is_more_better)


def not_run(prefix: str) -> list[Figure]:
    """What is printed where the data folder lacks a file."""
    return [figure(name, NOT_RUN) for name in GOALS if name.startswith(prefix)]


def rmse(told: FloatArray, life: FloatArray) -> float:
    """Root of the mean squared error. [cycles]."""
    return float(np.sqrt(np.mean((told - life) ** 2)))


def mape(told: FloatArray, life: FloatArray) -> float:
    """Mean of the errors over what came. [-]."""
    return float(np.mean(np.abs(told - life) / life))


class Cells(NamedTuple):
    """Cells whose curves and lives are known."""

    curves: DischargeCurves
    life: FloatArray


def severson_cells(split: str) -> Cells:
    """Cells of one split."""
    with np.load(SEVERSON) as file:
        wanted = file["split"] == split
        charge = np.cumsum(file["dQ_uAh"][wanted].astype(np.float64), axis=1) / 1e6
        return Cells(
            DischargeCurves(charge_ah=charge, cycle=file["cycle"].astype(np.int64)),
            file["cycle_life"][wanted].astype(np.float64),
        )


def variance_model(learned: Cells, curves: DischargeCurves) -> FloatArray:
    """Lives as the published model of one feature tells them. [cycles]."""
    design = np.hstack([np.ones((learned.life.size, 1)), variance_feature(learned.curves)])
    weight = np.linalg.lstsq(design, np.log10(learned.life), rcond=None)[0]
    return 10.0 ** (weight[0] + weight[1] * variance_feature(curves)[:, 0])


def severson() -> list[Figure]:
    """Learn the 41 training cells, tell the 43 of the first test."""
    if not SEVERSON.is_file():
        return not_run("severson")
    say("Severson")
    learned, asked = severson_cells("train"), severson_cells("test1")
    model = LifeModel()
    model.fit(learned.curves, learned.life)
    cv = [
        figure(f"severson_rmse_train_left_out_{name}", rmse(model.left_out_cycles(name), learned.life))
        for name in MEMBERS
    ]
    told = model.predict(asked.curves, COVERAGE)
    usual = asked.life != OUTLIER_CYCLES
    inside = (told.low_cycles <= asked.life) & (asked.life <= told.high_cycles)
    covered = float(np.mean(inside))
    variance = variance_model(learned, asked.curves)
    mean = np.full(asked.life.size, learned.life.mean())
    return [
        *cv,
        figure("severson_rmse_train_left_out", rmse(model.left_out_cycles(), learned.life)),
        figure("severson_rmse_train_variance_model", rmse(variance_model(learned, learned.curves), learned.life)),
        figure("severson_rmse_test1", rmse(told.life_cycles[usual], asked.life[usual])),
        figure("severson_mape_test1", mape(told.life_cycles[usual], asked.life[usual]), "-"),
        figure("severson_rmse_test1_with_outlier", rmse(told.life_cycles, asked.life)),
        figure("severson_mape_test1_with_outlier", mape(told.life_cycles, asked.life), "-"),
        figure("severson_rmse_test1_variance_model", rmse(variance[usual], asked.life[usual])),
        figure("severson_rmse_test1_variance_model_with_outlier", rmse(variance, asked.life)),
        figure("severson_rmse_test1_dummy", rmse(mean[usual], asked.life[usual])),
        figure("severson_coverage_90_low", covered),
        figure("severson_coverage_90_high", covered),
        figure("severson_coverage_90_without_outlier", float(np.mean(inside[usual])), "-"),
        figure("severson_interval_ratio_median", float(np.median(told.high_cycles / told.low_cycles)), "-"),
        figure("severson_foreign_cells_test1", float(np.sum(told.distance > 1.0)), "cells"),
        figure("severson_mended_curves_test1", float(mended(asked.curves)[1].sum()), "curves"),
    ]


class Whole(NamedTuple):
    """Whole lives, and the group of each."""

    lives: list[CycleHistory]
    group: IntArray

    @property
    def life(self) -> FloatArray:
        """Their lives. [cycles]."""
        return np.array([each.n_cycles for each in self.lives], dtype=np.float64)

    def only(self, wanted: BoolArray) -> Whole:
        """Some of them."""
        return Whole([self.lives[place] for place in np.flatnonzero(wanted)], self.group[wanted])


def hust_cells() -> Whole | None:
    """Cells of the HUST set, None where the data folder lacks it."""
    if not HUST.is_file():
        return None
    import polars as pl  # noqa: PLC0415

    table = pl.read_parquet(HUST).sort("cell", "row")
    lives, group = [], []
    for (cell,), rows in table.group_by("cell", maintain_order=True):
        measures = rows.drop("dataset", "cell", "row", "capacity").to_numpy().astype(np.float64)
        lives.append(CycleHistory(capacity_ah=rows["capacity"].to_numpy().astype(np.float64), measures=measures))
        group.append(int(str(cell).split("-")[0]))
    return Whole(lives, np.array(group))


def hust_early() -> list[Figure]:
    """Each group from the first hundred cycles, learned on the other groups."""
    whole = hust_cells()
    if whole is None:
        return not_run("hust_rmse_first_100")
    say("HUST, first 100 cycles")
    life = whole.life
    told, low, high, mean = (np.empty(life.size) for _ in range(4))
    for each in np.unique(whole.group):
        out = whole.group == each
        learned = whole.only(~out)
        model = EarlyLifeModel(EARLY_CYCLES)
        model.fit(learned.lives, learned.life)
        forecast = model.predict([each.until(EARLY_CYCLES) for each in whole.only(out).lives], COVERAGE)
        told[out], low[out], high[out] = forecast.life_cycles, forecast.low_cycles, forecast.high_cycles
        mean[out] = learned.life.mean()
    return [
        figure("hust_rmse_first_100", rmse(told, life)),
        figure("hust_mape_first_100", mape(told, life), "-"),
        figure("hust_rmse_first_100_dummy", rmse(mean, life)),
        figure("hust_coverage_90_first_100", float(np.mean((low <= life) & (life <= high))), "-"),
        figure("hust_interval_ratio_first_100", float(np.median(high / low)), "-"),
    ]


def hust_half() -> list[Figure]:
    """What remains to each group at a quarter, half and three quarters of life, learned on the other groups.

    Whole lives are learned at every age, so that the model cannot know that half of a life is over. Baseline: the mean
    life of the others less the age.
    """
    whole = hust_cells()
    if whole is None:
        return not_run("hust_mape_half_life")
    figures: list[Figure] = []
    models = {int(each): RemainingLife(END_OF_LIFE_AH) for each in np.unique(whole.group)}
    for each, model in models.items():
        model.fit(whole.only(whole.group != each).lives)
    for name, share in (("quarter", 0.25), ("half", 0.5), ("three_quarters", 0.75)):
        say(f"HUST, {name}")
        age = (whole.life * share).astype(np.int64)
        left = whole.life - age
        told, low, high, mean = (np.empty(left.size) for _ in range(4))
        for each, model in models.items():
            out = np.flatnonzero(whole.group == each)
            forecast = model.predict([whole.lives[place].until(int(age[place])) for place in out], COVERAGE)
            told[out], low[out], high[out] = forecast.life_cycles, forecast.low_cycles, forecast.high_cycles
            mean[out] = np.maximum(whole.life[whole.group != each].mean() - age[out], 1.0)
        figures += [
            figure(f"hust_mape_{name}_life", mape(told, left), "-"),
            figure(f"hust_rmse_{name}_life", rmse(told, left)),
            figure(f"hust_mape_{name}_life_dummy", mape(mean, left), "-"),
            figure(f"hust_coverage_90_{name}_life", float(np.mean((low <= left) & (left <= high))), "-"),
            figure(f"hust_interval_ratio_{name}_life", float(np.median(high / low)), "-"),
        ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
