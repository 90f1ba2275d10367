"""The duty of a study from a file: a year of powers, or of states of charge, as a battery is asked for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from battuta.adapters.files.series_columns import columns_of, one_column, read_table, texts
from battuta.domain.errors import DataError
from battuta.twin.duty_year import DutyYear, year_of_powers, year_of_soc

POWER_KW, STRATEGY = "power_kw", "strategy"
STATES_OF_CHARGE = ("SOC", "soc")
"""Columns that are known as states of charge. [-]"""
_POWER_RATIO_MAX = 20.0
"""A power of so many times the rating is one in W. [-]"""


def read_duty(
    path: Path,
    *,
    power_kw: float,
    energy_kwh: float,
    efficiency_one_way: float = 0.96,
    strategy: str | None = None,
) -> DutyYear:
    r"""Read a year of duty.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet with one column of times (``time`` with offset; ``Time_s``, ``time_s`` or
        ``t_hours`` since 1 January, 00:00 UTC) and ``power_kw``, mean power from there to the next time, discharge
        positive. Without ``power_kw`` it is asked to follow ``SOC`` or ``soc``.
    power_kw : float
        Rated power of the battery: powers far beyond it are of another unit, and refused. [kW]
    energy_kwh, efficiency_one_way : float
        Stored energy and one-way efficiency of the new battery that follows states of charge. [kWh], [-]
    strategy : str or None
        Whose rows are read where a column ``strategy`` names several, as in what a backtest wrote.

    Returns
    -------
    DutyYear
        Powers as asked, beyond the rating too; ``sample_s`` says how coarse the file is.

    Raises
    ------
    DataError
        If the file cannot be read, has not one column of each, is no year without gaps, or holds several strategies
        and none or another one is named.
    ClockError
        If ``time`` carries no offset.
    InvalidQuantityError
        If values are in another unit.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "duty.csv"
    ...     rows = "".join(f"{3600 * each},{500 * (each % 24 == 0)}\n" for each in range(8760))
    ...     _ = path.write_text("Time_s,power_kw\n" + rows)
    ...     read_duty(path, power_kw=1000.0, energy_kwh=2000.0).power_kw[[0, 59, 60]]
    array([500., 500.,   0.])
    """
    source = str(path)
    frame = read_table(path, "a year of duty")
    frame = _rows_of_one(frame, strategy, source)
    has_power = POWER_KW in frame.columns
    wanted = (POWER_KW,) if has_power else STATES_OF_CHARGE
    column = one_column(frame, wanted, "power_kw or states of charge", source)
    read = columns_of(frame, column, source)
    year = (
        year_of_powers(read.time_s, read.values, source, power_kw_max=_POWER_RATIO_MAX * power_kw)
        if has_power
        else year_of_soc(read.time_s, read.values, source, energy_kwh=energy_kwh, efficiency_one_way=efficiency_one_way)
    )
    return replace(year, is_synthetic=read.is_synthetic)


def _rows_of_one(frame: pl.DataFrame, strategy: str | None, source: str) -> pl.DataFrame:
    """Rows of one strategy; a backtest writes those of several one below the other."""
    if STRATEGY not in frame.columns:
        if strategy is None:
            return frame
        message = f"{source} has no column {STRATEGY}, so {strategy!r} cannot be looked for; name no strategy"
        raise DataError(message)
    of_row = texts(frame[STRATEGY], source)
    names: list[str] = of_row.unique(maintain_order=True).to_list()
    if strategy is None and len(names) == 1:
        return frame
    if strategy not in names:
        said = "name one of them" if strategy is None else f"{strategy!r} is none of them"
        message = f"{source} holds strategies {', '.join(map(repr, names))}; {said}, or keep the rows of one"
        raise DataError(message)
    return frame.filter(of_row == strategy)
