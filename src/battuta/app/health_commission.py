"""A short record of a site before first power, opened with its layout, and scanned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from battuta.adapters.files.toml_text import toml_text
from battuta.adapters.telemetry.site_parquet import SITE_FILE, bare_blocks, read_site_log
from battuta.domain.errors import DataError, UsageError
from battuta.domain.toml_tables import toml_tables
from battuta.health.commission import CommissionItem, CommissionPlan, CommissionRecord, Verdict
from battuta.health.commission_site import commission
from battuta.physics.cell_parameters import cell_parameters


class _Layout(BaseModel):
    """The layout file: what plate and drawings say, and limits; each may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n_cells: int | None = Field(default=None, ge=1, le=10_000)
    n_sensors: int | None = Field(default=None, ge=0, le=10_000)
    capacity_ah: float | None = Field(default=None, gt=0.0, le=10_000.0)
    voltage_v: float | None = Field(default=None, gt=0.0, le=5_000.0)
    full_v: float | None = Field(default=None, gt=0.0, le=5.0)
    empty_v: float | None = Field(default=None, gt=0.0, le=5.0)
    capacity_share_min: float = Field(default=0.97, gt=0.0, le=1.5)
    soc_spread_max: float = Field(default=0.05, gt=0.0, le=1.0)
    resistance_share_off_max: float = Field(default=0.3, gt=0.0, le=10.0)
    sense_v: float = Field(default=0.02, gt=0.0, le=1.0)
    sensor_k_max: float = Field(default=8.0, gt=0.0, le=100.0)
    insulation_ohm_per_v_min: float = Field(default=500.0, gt=0.0)
    flow_l_per_min_min: float | None = Field(default=None, gt=0.0)
    pressure_bar_min: float | None = Field(default=None, gt=0.0)
    level_min: float = Field(default=0.5, gt=0.0, le=1.0)
    precharge_s_max: float | None = Field(default=None, gt=0.0)
    precharge_share_min: float = Field(default=0.95, gt=0.0, le=1.0)
    supply_v_min: float = Field(default=20.4, gt=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionReport:
    """What the scan said.

    Attributes
    ----------
    items : tuple of CommissionItem
        Every item.
    remarks : tuple of str
        What was seen while the record was read.
    """

    items: tuple[CommissionItem, ...]
    remarks: tuple[str, ...]

    def count(self, verdict: Verdict) -> int:
        """Items of one verdict, as a number."""
        return sum(item.verdict is verdict for item in self.items)


def read_layout(path: Path | None) -> CommissionPlan:
    """Read a layout file.

    Parameters
    ----------
    path : Path or None
        A TOML file; None for no layout, with which little can be judged.

    Returns
    -------
    CommissionPlan
        Plate and limits.

    Raises
    ------
    UsageError
        If the file cannot be read, or a key or value is none.
    """
    if path is None:
        return CommissionPlan()
    try:
        layout = _Layout.model_validate(toml_tables(toml_text(path), str(path)))
    except DataError as error:
        message = f"{path} is no layout that can be read: {str(error).removeprefix(f'{path} ')}"
        raise UsageError(message) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        message = f"{path}: {wrong}; docs/commissioning.md lists the keys"
        raise UsageError(message) from error
    return CommissionPlan(**layout.model_dump())


def commission_site(
    folder: Path, *, layout: Path | None = None, site: Path | None = None, cell: str = "lfp_314ah"
) -> CommissionReport:
    """Scan a site before first power.

    Parameters
    ----------
    folder : Path
        Telemetry of its strings; ``site.parquet`` in it is the site's own log.
    layout : Path or None
        What plate and drawings say.
    site : Path or None
        The site's log where it lies elsewhere.
    cell : str
        Kind of cell, as parameter sets are named.

    Returns
    -------
    CommissionReport
        Passed, failed and not tested, item by item.

    Raises
    ------
    UsageError
        If the layout is none, or the site's log that was named is not there.
    DataError
        If there is no telemetry, or none that can be read.
    """
    plan, parameters = read_layout(layout), cell_parameters(cell)
    if site is not None and not site.is_file():
        message = f"{site} is not there; name the Parquet file of the site's log, or leave --site out"
        raise UsageError(message)
    if not folder.exists():
        message = f"{folder} does not exist; name the folder with the telemetry of the strings"
        raise DataError(message)
    blocks, refused = bare_blocks(folder)
    place = site if site is not None else folder / SITE_FILE
    remarks = list(refused)
    log = None
    if place.is_file():
        read = read_site_log(place)
        log, remarks = read.log, [*remarks, *read.remarks]
    else:
        remarks.append(f"{place} is not there: nothing around the cells is tested")
    items = commission(CommissionRecord(blocks=blocks, log=log), plan, parameters)
    return CommissionReport(items=items, remarks=tuple(remarks))
