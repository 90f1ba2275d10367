"""A small study whose battery trades: one SYNTHETIC cycle a day, few lives, few years."""

from dataclasses import replace
from functools import cache

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.study import DutyFile, Strategy
from battuta.studies.life_study import life_study
from battuta.studies.life_study_result import StudyInput
from unit.studies.life_case import inputs, study


def trading_study(**given):
    asked = study(n_lives=8, n_years=3, laws=("naumann_lfp", "lfp_250ah"), **given)
    return replace(asked, strategies=(Strategy(name="trade", duty=DutyFile(path="SYNTHETIC")),))


def trading_result(asked):
    power_kw = np.zeros(1440)
    power_kw[60:360], power_kw[1080:1320] = -1150.0, 1200.0
    duty = StudyInput(
        power_kw=np.tile(power_kw, 365), sold_kw=0.0, soc_start=0.06, sample_s=60.0, source="a SYNTHETIC cycle a day",
        is_synthetic=True, is_schedule=True,
    )  # fmt: skip
    return life_study(asked, replace(inputs(study(n_lives=1)), duties={"trade": duty}), LocalCompute(1))


@cache
def small_trading_result():
    return trading_result(trading_study())
