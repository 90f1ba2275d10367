"""Studies of twenty years for whoever asks: read one with all files that it names, answer it, print an example."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.files.climate_file import read_climate
from battuta.adapters.files.duty_file import read_duty
from battuta.adapters.files.frequency_file import FrequencyDays, read_frequency
from battuta.adapters.files.health_file import read_measured_health
from battuta.adapters.files.study_file import parse_study, schema_of_tables, tables_of, warranty_named
from battuta.adapters.frequency.simulated import simulated_frequency_hz
from battuta.app.ageing_laws import own_laws, with_points
from battuta.app.shown_compute import Progress, ShownCompute
from battuta.app.study_market import MarketInputs
from battuta.app.warranty_terms import warranty_of
from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.measured_health import MeasuredHealth
from battuta.domain.studied_battery import ClimateFile
from battuta.domain.study import DutyFile, FrequencyRegulation, Strategy, Study
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import cell_parameters
from battuta.studies.duty_when_new import refuse_coarse_sampling
from battuta.studies.life_study import Said, life_study
from battuta.studies.life_study_result import LifeStudyResult, StudyInput, StudyInputs
from battuta.twin.climate import steady_year_c
from battuta.twin.regulation import MINUTES_PER_YEAR, regulation_year
from battuta.twin.study_pack import study_pack

_NOMINAL_V = 3.2
"""Voltage by which a new cell's energy is told before it is walked. [V]"""


def read_study(path: Path) -> Study:
    """Read a study and the warranty that it names.

    Parameters
    ----------
    path : Path
        TOML file; what it names is looked for beside it.

    Returns
    -------
    Study
        What is asked.

    Raises
    ------
    DataError
        If a file is not there or holds something wrong; all of it is named.
    """
    tables = tables_of(path)
    terms = warranty_named(tables, str(path))
    return parse_study(tables, str(path), None if terms is None else warranty_of(terms, path.parent))


def answer(
    study: Study,
    folder: Path,
    *,
    n_lives: int | None = None,
    seed: int | None = None,
    n_threads: int | None = None,
    said: Said | None = None,
    progress: Progress | None = None,
) -> LifeStudyResult:
    """Answer a study.

    Parameters
    ----------
    study : Study
        What is asked.
    folder : Path
        Where the files that it names lie.
    n_lives, seed : int or None
        In place of those of the study.
    n_threads : int or None
        Pieces of work at once, one per core if left out; the answer does not depend on it.
    said : callable or None
        Told what is being done.
    progress : callable or None
        Told the name of each stage, how many of its pieces are done and how many there are.

    Returns
    -------
    LifeStudyResult
        The answer.

    Raises
    ------
    DataError, UsageError
        If the study asks what cannot be answered; what, where and how to mend it is said.
    """
    if said is not None:
        said("reading climate and duties")
    asked, inputs = prepared(study, folder, n_lives=n_lives, seed=seed)
    local = LocalCompute(n_threads)
    if progress is None:
        return life_study(asked, inputs, local, said)
    shown = ShownCompute(local, progress)

    def tell(stage: str) -> None:
        shown.begin(stage)
        if said is not None:
            said(stage)

    return life_study(asked, inputs, shown, tell)


def prepared(
    study: Study, folder: Path, *, n_lives: int | None = None, seed: int | None = None
) -> tuple[Study, StudyInputs]:
    """Put together all that `answer` answers, so that what is wrong with it is known before a life is lived."""
    asked = replace(
        with_points(study, folder),
        n_lives=study.n_lives if n_lives is None else n_lives,
        seed=study.seed if seed is None else seed,
    )
    inputs = study_inputs(asked, folder)
    for name in asked.ageing.weights:
        inputs.law(name)
    for name, given in inputs.duties.items():
        refuse_coarse_sampling(name, given)
    for each in asked.strategies:
        study_pack(asked.battery, each.duty, inputs.duties[each.name].soc_start)
    return asked, inputs


def study_inputs(study: Study, folder: Path) -> StudyInputs:
    """Read, or make, the climate and the year of duty of each strategy; raises as `answer`."""
    if isinstance(study.climate, ClimateFile):
        climate = read_climate(folder / study.climate.path, utc_offset_h=study.climate.utc_offset_h)
        ambient_c = climate.ambient_c
        source = f"climate of {study.climate.path}" + (", SYNTHETIC" if climate.is_synthetic else "")
    else:
        ambient_c, source = steady_year_c(study.climate), "climate is SYNTHETIC: a mean, a yearly and a daily swing"
    frequencies: dict[tuple[str | None, int], FrequencyDays] = {}
    laws, tables = own_laws(study), {each.name for each in study.ageing.table}
    plugged = [law.card.markdown() for name, law in laws.items() if name not in tables]
    measured = None if study.telemetry is None else read_measured_health(folder / study.telemetry.path, study.telemetry)
    market = MarketInputs(study, folder)
    stages = [stage for each in study.strategies for stage in each.stages]
    duties = {each.name: _duty(study, each, folder, frequencies, market) for each in stages}
    return StudyInputs(
        ambient_c=ambient_c,
        climate_source=source,
        duties=duties,
        data_hash=_hash(ambient_c, duties, [*plugged, *map(repr, market.expected())], _told(study, measured)),
        laws=laws,
        telemetry=measured,
        expected=market.expected(),
    )


def example_study() -> str:
    """Give a study to start from, as TOML; its prices, costs and climate are assumed."""
    return _example("frequency_regulation_314ah")


def example_trading_study() -> str:
    """Give a study that trades to start from, as TOML; its prices are SYNTHETIC, costs and climate assumed."""
    return _example("day_ahead_trading_314ah")


def _example(name: str) -> str:
    return (files("battuta.twin") / "studies" / f"{name}.toml").read_text(encoding="utf-8")


def study_schema() -> str:
    """JSON Schema of each table of a study file, as text."""
    return json.dumps({name: table.model_json_schema() for name, table in schema_of_tables().items()}, indent=2)


def _duty(
    study: Study,
    strategy: Strategy,
    folder: Path,
    frequencies: dict[tuple[str | None, int], FrequencyDays],
    market: MarketInputs,
) -> StudyInput:
    duty, battery = strategy.duty, study.battery
    if isinstance(duty, DayAheadTrading):
        return market.traded(duty)
    if isinstance(duty, FrequencyRegulation):
        key = (duty.frequency_path, duty.synthetic_days)
        if key not in frequencies:
            frequencies[key] = _frequency(duty, folder, study.seed)
        frequency = frequencies[key]
        year = regulation_year(duty, frequency.frequency_hz, power_kw=battery.power_kw)
        return StudyInput(
            power_kw=year.power_kw,
            sold_kw=year.sold_kw,
            soc_start=duty.soc_target,
            sample_s=1.0,
            throughput_factor=year.throughput_factor,
            source=frequency.source,
            is_synthetic=frequency.is_synthetic,
        )
    if isinstance(duty, DutyFile):
        cell_kwh = cell_parameters(battery.cell).capacity_ah * _NOMINAL_V / 1e3
        energy_kwh = cell_kwh * battery.cells_in_series * battery.strings
        read = read_duty(folder / duty.path, power_kw=battery.power_kw, energy_kwh=energy_kwh, strategy=duty.strategy)
        return StudyInput(
            power_kw=read.power_kw,
            sold_kw=0.0,
            soc_start=0.5 if np.isnan(read.soc_start) else read.soc_start,
            sample_s=read.sample_s,
            is_schedule=duty.is_schedule,
            source=duty.path,
            is_synthetic=read.is_synthetic,
        )
    return StudyInput(
        power_kw=np.zeros(MINUTES_PER_YEAR),
        sold_kw=0.0,
        soc_start=duty.soc,
        sample_s=60.0,
        source="no duty: it stands still",
        is_synthetic=False,
    )


def _frequency(duty: FrequencyRegulation, folder: Path, seed: int) -> FrequencyDays:
    if duty.frequency_path is not None:
        return read_frequency(folder / duty.frequency_path)
    return FrequencyDays(
        frequency_hz=simulated_frequency_hz(seed, duty.synthetic_days),
        source=f"frequency of a SYNTHETIC grid, {duty.synthetic_days} days that repeat",
        is_synthetic=True,
    )


def _told(study: Study, measured: MeasuredHealth | None) -> bytes:
    """Measured health and the table that names it, for a hash."""
    return b"" if measured is None else f"{study.telemetry!r}".encode() + measured.digest_bytes()


def _hash(ambient_c: FloatArray, duties: Mapping[str, StudyInput], words: list[str], telemetry: bytes) -> str:
    digest = hashlib.sha256(ambient_c.tobytes() + telemetry)
    for name, each in duties.items():
        digest.update(f"|{name}|{each.sold_kw!r}|{each.soc_start!r}|".encode() + each.power_kw.tobytes())
        for year in () if each.traded is None else each.traded.years:
            digest.update(f"|{year.year}|".encode() + year.power_kw.tobytes() + year.price_per_mwh.tobytes())
    for each in words:
        digest.update(each.encode())
    return digest.hexdigest()[:16]
