"""A small study with its inputs: one SYNTHETIC day of frequency that repeats, few lives, few years."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.files.study_file import parse_study
from battuta.adapters.files.warranty_file import named_warranty
from battuta.app.life_studies import example_study
from battuta.domain.study import Storage, Strategy
from battuta.studies.life_study import life_study
from battuta.studies.life_study_result import StudyInput, StudyInputs
from battuta.twin.climate import steady_year_c
from battuta.twin.regulation import regulation_year

DAY = 86_400
FREQUENCY_HZ = 50.0 + 0.03 * np.sin(2 * np.pi * np.arange(DAY) / 900) + 0.03 * np.sin(2 * np.pi * np.arange(DAY) / 7200)


def study(n_lives=40, n_years=5, laws=("naumann_lfp", "lfp_250ah"), **given):
    import tomllib

    whole = parse_study(tomllib.loads(example_study()), "example", named_warranty("assumed_314ah"))
    debt = replace(whole.finance.debt, tenor_years=min(n_years, 10))
    finance = replace(whole.finance, n_years=n_years, debt=debt)
    ageing = replace(whole.ageing, weights=dict.fromkeys(laws, 1.0))
    strategies = (whole.strategies[0], Strategy(name="rest", duty=Storage(soc=0.5)))
    return replace(whole, n_lives=n_lives, finance=finance, ageing=ageing, strategies=strategies, **given)


def inputs(asked):
    duties = {}
    for each in asked.strategies:
        if isinstance(each.duty, Storage):
            duties[each.name] = StudyInput(
                power_kw=np.zeros(525_600), sold_kw=0.0, soc_start=0.5, sample_s=60.0, source="none", is_synthetic=False
            )
            continue
        year = regulation_year(each.duty, FREQUENCY_HZ, power_kw=asked.battery.power_kw)
        duties[each.name] = StudyInput(
            power_kw=year.power_kw,
            sold_kw=year.sold_kw,
            soc_start=0.5,
            sample_s=1.0,
            source="SYNTHETIC frequency",
            is_synthetic=True,
            throughput_factor=year.throughput_factor,
        )
    ambient_c = steady_year_c(asked.climate)
    return StudyInputs(ambient_c=ambient_c, climate_source="climate is SYNTHETIC", duties=duties, data_hash="none")


def answered(asked, n_threads=1):
    return life_study(asked, inputs(asked), LocalCompute(n_threads))


@cache
def small_result():
    return answered(study())


def example_file(folder: Path, *, lives: int = 20, years: int = 3) -> Path:
    """The example study, made small."""
    text = (
        example_study()
        .replace("lives = 1000", f"lives = {lives}")
        .replace("n_years = 20", f"n_years = {years}")
        .replace("tenor_years = 10", f"tenor_years = {years}")
        .replace("power_share = 0.6", "power_share = 0.6\nsynthetic_days = 1")
        .replace("power_share = 0.8", "power_share = 0.8\nsynthetic_days = 1")
    )
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path
