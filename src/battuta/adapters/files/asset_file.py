"""Asset files: a site and its battery as TOML, checked key by key before anything is computed."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from battuta.adapters.files.toml_text import toml_text
from battuta.adapters.files.wear_table_file import read_wear_table
from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.errors import BattutaError, DataError, InvalidQuantityError, UsageError
from battuta.domain.toml_tables import toml_tables
from battuta.domain.wear import DepthWear, Wear, depth_segments
from battuta.domain.wear_table import TEMPERATURE_C

Number: TypeAlias = Annotated[float, Strict()]
Points: TypeAlias = list[tuple[Number, Number]]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class DepthWearTable(_Table):
    """``[battery.depth_wear]``: a cycle depth stress curve and what the cells cost."""

    stress: Annotated[Points, Field(description="[[depth 0..1, share of life lost by one cycle], ...]")]
    segments: Annotated[int, Field(ge=1, le=100, description="number of equal depth segments")] = 10
    replacement_cost: Annotated[Number, Field(ge=0.0, description="cost of the cells [currency]")]


class BatteryTable(_Table):
    """``[battery]``."""

    power_kw: Annotated[Number, Field(description="rated AC power, both directions [kW]")]
    energy_kwh: Annotated[Number, Field(description="stored energy between soc 0 and 1 [kWh]")]
    efficiency_charge: Annotated[Number, Field(description="one-way efficiency AC to stored [-]")] = 1.0
    efficiency_discharge: Annotated[Number, Field(description="one-way efficiency stored to AC [-]")] = 1.0
    soc_min: Annotated[Number, Field(description="lower bound of the state of charge [-]")] = 0.0
    soc_max: Annotated[Number, Field(description="upper bound of the state of charge [-]")] = 1.0
    soc_start: Annotated[Number | None, Field(description="state of charge at the start [-]; default soc_min")] = None
    soc_end: Annotated[Number | None, Field(description="state of charge required at the end of a day [-]")] = None
    self_discharge_per_day: Annotated[Number, Field(description="share of stored energy lost in a day [-]")] = 0.0
    auxiliary_power_kw: Annotated[Number, Field(description="constant auxiliary load [kW]")] = 0.0
    ramp_kw_per_minute: Annotated[Number | None, Field(description="largest change of power [kW/min]")] = None
    throughput_mwh_per_year_max: Annotated[Number | None, Field(description="budget of discharge [MWh/year]")] = None
    wear_per_mwh: Annotated[Number, Field(description="flat wear of discharge [currency/MWh]")] = 0.0
    wear_segments: Annotated[
        list[Number] | None,
        Field(max_length=100, description="wear of equal depth segments, shallow first [currency/MWh]"),
    ] = None
    depth_wear: Annotated[DepthWearTable | None, Field(description="wear segments from a stress curve")] = None
    calendar_wear_per_hour: Annotated[Points | None, Field(description="[[soc, currency/h], ...]")] = None
    wear_table: Annotated[
        str | None, Field(min_length=1, description="file of battuta twin --wear-table, in place of all other wear")
    ] = None
    wear_year_of_life: Annotated[
        int | None, Field(strict=True, ge=1, description="year of the table that holds; default the mean of all years")
    ] = None
    wear_temperature_c: Annotated[Number | None, Field(description="cell temperature of the table [degC]")] = None
    charge_taper: Annotated[Points | None, Field(description="[[soc, share of power_kw], ...], concave")] = None
    discharge_taper: Annotated[Points | None, Field(description="[[soc, share of power_kw], ...], concave")] = None
    charge_temperature_taper: Annotated[Points | None, Field(description="[[degC, share of power_kw], ...]")] = None
    discharge_temperature_taper: Annotated[Points | None, Field(description="[[degC, share of power_kw], ...]")] = None
    part_load_efficiency: Annotated[
        Points | None, Field(description="[[share of power_kw, one-way efficiency], ...] up to share 1")
    ] = None


class SiteTable(_Table):
    """``[site]``."""

    name: Annotated[str, Field(description="what the owner calls it")] = "site"
    timezone: Annotated[str, Field(description="IANA zone of the market day")] = "UTC"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217 code")] = "EUR"
    import_power_kw_max: Annotated[Number | None, Field(description="limit at the interconnection point [kW]")] = None
    export_power_kw_max: Annotated[Number | None, Field(description="limit at the interconnection point [kW]")] = None
    import_fee_per_mwh: Annotated[Number, Field(description="fees on import [currency/MWh]")] = 0.0
    export_fee_per_mwh: Annotated[Number, Field(description="fees on export [currency/MWh]")] = 0.0


class AssetFile(_Table):
    """An asset file: ``[site]`` and ``[battery]``."""

    site: SiteTable = Field(default_factory=SiteTable)
    battery: BatteryTable


def read_site(path: Path) -> Site:
    """Read an asset file.

    Parameters
    ----------
    path : Path
        TOML file.

    Returns
    -------
    Site
        The asset.

    Raises
    ------
    DataError
        If the file is absent, not TOML, or a key is unknown, missing, or out of range; each named with its place.
    """
    return parse_site(toml_text(path, "asset"), str(path), path.parent)


def parse_site(text: str, where: str, folder: Path | None = None) -> Site:
    """Read an asset from TOML text; `where` names it in errors, wear tables lie in `folder`; raises as `read_site`."""
    tables = toml_tables(text, where, "see: battuta schema asset --example")
    try:
        asset = AssetFile.model_validate(tables)
        return _site(asset, folder or Path())
    except ValidationError as error:
        lines = "\n".join(
            f"  - {'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()
        )
        message = f"{where} is not a valid asset file (see: battuta schema asset):\n{lines}"
        raise DataError(message) from None
    except (InvalidQuantityError, UsageError) as error:
        message = f"{where}: {error}"
        raise DataError(message) from error


def _site(asset: AssetFile, folder: Path) -> Site:
    table = asset.site
    return Site(
        battery=replace(_battery(asset.battery), wear=_wear(asset, folder)),
        name=table.name,
        timezone=table.timezone,
        currency=table.currency,
        import_power_kw_max=_or_infinite(table.import_power_kw_max),
        export_power_kw_max=_or_infinite(table.export_power_kw_max),
        import_fee_per_mwh=table.import_fee_per_mwh,
        export_fee_per_mwh=table.export_fee_per_mwh,
    )


def _battery(table: BatteryTable) -> Battery:
    return Battery(
        power_kw=table.power_kw,
        energy_kwh=table.energy_kwh,
        efficiency_charge=table.efficiency_charge,
        efficiency_discharge=table.efficiency_discharge,
        soc_min=table.soc_min,
        soc_max=table.soc_max,
        soc_start=table.soc_min if table.soc_start is None else table.soc_start,
        soc_end=table.soc_end,
        self_discharge_per_day=table.self_discharge_per_day,
        auxiliary_power_kw=table.auxiliary_power_kw,
        ramp_kw_per_minute=_or_infinite(table.ramp_kw_per_minute),
        charge_taper=_curve(table.charge_taper, "charge_taper"),
        discharge_taper=_curve(table.discharge_taper, "discharge_taper"),
        charge_temperature_taper=_curve(table.charge_temperature_taper, "charge_temperature_taper"),
        discharge_temperature_taper=_curve(table.discharge_temperature_taper, "discharge_temperature_taper"),
        part_load_efficiency=_curve(table.part_load_efficiency, "part_load_efficiency"),
        throughput_mwh_per_year_max=_or_infinite(table.throughput_mwh_per_year_max),
    )


def _wear(asset: AssetFile, folder: Path) -> Wear:
    table = asset.battery
    if table.wear_table is not None:
        return _wear_of_table(table, table.wear_table, asset.site.currency, folder)
    for key in ("wear_year_of_life", "wear_temperature_c"):
        if getattr(table, key) is not None:
            message = f"battery.{key} says how to read a wear table; name one in battery.wear_table"
            raise UsageError(message)
    return Wear(
        price_per_mwh=table.wear_per_mwh,
        depth=_depth(table),
        calendar_per_hour=_curve(table.calendar_wear_per_hour, "calendar_wear_per_hour"),
    )


def _wear_of_table(table: BatteryTable, name: str, currency: str, folder: Path) -> Wear:
    twice = [
        key
        for key in ("wear_per_mwh", "wear_segments", "depth_wear", "calendar_wear_per_hour")
        if key in table.model_fields_set
    ]
    if twice:
        message = f"battery.wear_table and battery.{twice[0]} say the same thing twice; keep one"
        raise UsageError(message)
    priced = read_wear_table(folder / name)
    if priced.currency != currency:
        message = (
            f"battery.wear_table {name} counts in {priced.currency}, the site in {currency}; make the table from a "
            f"study whose plan counts in {currency}"
        )
        raise UsageError(message)
    return priced.wear(
        energy_kwh=table.energy_kwh,
        soc_min=table.soc_min,
        soc_max=table.soc_max,
        efficiency_discharge=table.efficiency_discharge,
        c_rate=table.power_kw / table.energy_kwh,
        temperature_c=TEMPERATURE_C if table.wear_temperature_c is None else table.wear_temperature_c,
        year_of_life=table.wear_year_of_life,
    )


def _depth(table: BatteryTable) -> DepthWear | None:
    if table.wear_segments is not None and table.depth_wear is not None:
        message = "battery.wear_segments and battery.depth_wear say the same thing twice; keep one"
        raise UsageError(message)
    if table.wear_segments is not None:
        prices = tuple(table.wear_segments)
        if not prices or any(later < before for before, later in pairwise(prices)):
            message = "battery.wear_segments must name prices that never fall with depth (use depth_wear to convexify)"
            raise UsageError(message)
        return DepthWear(price_per_mwh=prices)
    if table.depth_wear is None:
        return None
    curve = _curve(table.depth_wear.stress, "depth_wear.stress")
    assert curve is not None, "stress is required"
    return depth_segments(
        curve,
        table.depth_wear.segments,
        replacement_cost=table.depth_wear.replacement_cost,
        energy_kwh=table.energy_kwh * (table.soc_max - table.soc_min),
        efficiency_discharge=table.efficiency_discharge,
    )


def _curve(points: Points | None, key: str) -> Curve | None:
    if points is None:
        return None
    try:
        return Curve(x=tuple(x for x, _ in points), y=tuple(y for _, y in points))
    except BattutaError as error:
        message = f"battery.{key}: {error}"
        raise UsageError(message) from error


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value
