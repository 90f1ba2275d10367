"""Wear tables for whoever asks: price a study that was answered, and write the table."""

from __future__ import annotations

from pathlib import Path

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.files.wear_table_file import wear_table_text
from battuta.app.result_file import write_result
from battuta.domain.study import Study
from battuta.domain.wear_table import WearTable
from battuta.studies.life_study_result import LifeStudyResult
from battuta.studies.wear_study import refuse_ages_mixed, wear_study


def write_wear_table(
    result: LifeStudyResult, path: Path, *, spread_per_mwh: float = 0.0, n_threads: int | None = None
) -> WearTable:
    """Price the first strategy of a study and write its wear table.

    Parameters
    ----------
    result : LifeStudyResult
        The study, answered.
    path : Path
        JSON file.
    spread_per_mwh : float
        What a MWh discharged earns above the study's mean price of energy. [currency/MWh]
    n_threads : int or None
        Pieces of work at once, one per core if left out.

    Returns
    -------
    WearTable
        What was written.

    Raises
    ------
    UsageError
        If the study has no wear price, see `wear_study`.
    DataError
        If the file cannot be written.
    """
    table = wear_study(result, LocalCompute(n_threads), spread_per_mwh=spread_per_mwh)
    write_result(path, wear_table_text(table).encode(), makes_folder=True)
    return table


def refuse_wear_table(study: Study) -> None:
    """Refuse a wear table of a study that can have none, before it is answered.

    Parameters
    ----------
    study : Study
        The study, asked.

    Raises
    ------
    UsageError
        If strings of several ages share the battery's use, or the duty of its first strategy changes.
    """
    refuse_ages_mixed(study, study.strategies[0])
