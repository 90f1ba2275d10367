"""Warranty files: a contract's clauses as TOML, checked line by line before anything is judged by them."""

from __future__ import annotations

import json
import math
import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from battuta.adapters.files.toml_text import toml_text
from battuta.domain.catalogue import names
from battuta.domain.errors import BattutaError, DataError, UsageError
from battuta.domain.toml_tables import toml_tables
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import (
    DoubtBearer,
    FloorBetween,
    LiquidatedDamages,
    Performance,
    SohBand,
    SohGuarantee,
    SohProtocol,
    UseLimits,
    Window,
    WindowQuantity,
    YearKind,
)

EXAMPLE = "assumed_314ah"
Number: TypeAlias = Annotated[float, Strict()]
Points: TypeAlias = list[tuple[Number, Number]]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class BandTable(_Table):
    """``[[soh.bands]]``: floors for one band of use."""

    full_cycles_per_year_min: Annotated[Number, Field(description="mean full cycles a year, lower end [1/year]")] = 0.0
    full_cycles_per_year_max: Annotated[Number | None, Field(description="upper end, included [1/year]")] = None
    floor: Annotated[Points, Field(min_length=1, max_length=100, description="[[year, state of health], ...]")]


class ProtocolTable(_Table):
    """``[soh.protocol]``: how the state of health is measured."""

    text: Annotated[str, Field(description="the contract's words")] = ""
    c_rate: Annotated[Number | None, Field(description="rate of the test [1/h]")] = None
    temperature_c_min: Annotated[Number | None, Field(description="lowest cell temperature [degC]")] = None
    temperature_c_max: Annotated[Number | None, Field(description="highest cell temperature [degC]")] = None
    interval_days: Annotated[Number | None, Field(description="longest time between two tests [d]")] = None


class SohTable(_Table):
    """``[soh]``: the promise on capacity."""

    bands: Annotated[list[BandTable], Field(min_length=1, max_length=50, description="floors by use, calm first")]
    between: Annotated[FloorBetween, Field(description="what holds between the years named")] = FloorBetween.LINEAR
    tolerance: Annotated[Number, Field(description="tolerance of the measurement [-]")] = 0.0
    doubt_borne_by: Annotated[DoubtBearer, Field(description="whom the tolerance costs")]
    protocol: ProtocolTable = Field(default_factory=ProtocolTable)


class PerformanceTable(_Table):
    """``[performance]``: other promises."""

    availability_min: Annotated[Number | None, Field(description="share of the hours of a year [-]")] = None
    round_trip_efficiency_min: Annotated[Number | None, Field(description="AC, of a year [-]")] = None


class UseTable(_Table):
    """``[use]``: limits of use; what is left out is not limited."""

    full_cycles_per_day_max: Annotated[Number | None, Field(description="[1/day], UTC days")] = None
    full_cycles_per_year_max: Annotated[Number | None, Field(description="[1/year]")] = None
    full_cycles_max: Annotated[Number | None, Field(description="in all [-]")] = None
    discharged_mwh_per_mwh_max: Annotated[Number | None, Field(description="in all [MWh/MWh installed]")] = None
    missing_hours_per_year_max: Annotated[Number | None, Field(description="without telemetry [h/year]")] = None


class WindowTable(_Table):
    """``[[windows]]``: where a quantity has to stay."""

    name: Annotated[str, Field(min_length=1, description="name of the clause")]
    quantity: Annotated[WindowQuantity, Field(description="what is limited")]
    low: Annotated[Number | None, Field(description="lowest, included")] = None
    high: Annotated[Number | None, Field(description="highest, included")] = None
    average_minutes: Annotated[Number, Field(description="length of the rolling mean [min]")] = 0.0
    share_outside_max: Annotated[Number, Field(description="share of a year allowed outside [-]")] = 0.0


class DamagesTable(_Table):
    """``[damages]``: what broken promises cost the supplier."""

    capacity_per_mwh: Annotated[Number, Field(description="a MWh below the floor [currency/MWh]")] = 0.0
    unavailable_per_year: Annotated[Number, Field(description="a year unavailable [currency/year]")] = 0.0
    loss_per_mwh: Annotated[Number, Field(description="a MWh lost beyond the promise [currency/MWh]")] = 0.0
    cap_per_year: Annotated[Number | None, Field(description="most in a year [currency/year]")] = None
    cap: Annotated[Number | None, Field(description="most in all [currency]")] = None


class WarrantyFile(_Table):
    """A warranty file."""

    name: Annotated[str, Field(min_length=1, description="what it is called")]
    source: Annotated[str, Field(min_length=1, description="where its figures come from")]
    is_assumed: Annotated[bool, Strict(), Field(description="true: an assumption, no signed contract")]
    years: Annotated[int, Strict(), Field(description="term [years]")]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217 code of the damages")]
    year_kind: Annotated[YearKind, Field(description="years that limits by year count")] = YearKind.CONTRACT
    rest_c_rate_max: Annotated[Number, Field(description="up to this rate it rests [1/h]")] = 0.01
    gap_minutes: Annotated[Number, Field(description="records further apart are missing telemetry [min]")] = 15.0
    breach_voids: Annotated[bool, Strict(), Field(description="a broken condition ends the promises")] = True
    soh: SohTable | None = None
    performance: PerformanceTable = Field(default_factory=PerformanceTable)
    use: UseTable = Field(default_factory=UseTable)
    windows: Annotated[list[WindowTable], Field(max_length=100)] = Field(default_factory=list[WindowTable])
    damages: DamagesTable = Field(default_factory=DamagesTable)


def read_warranty(path: Path) -> Warranty:
    """Read a warranty file.

    Parameters
    ----------
    path : Path
        TOML file.

    Returns
    -------
    Warranty
        The contract.

    Raises
    ------
    DataError
        If the file is absent, not TOML, a key is unknown, missing or out of range, or two lines contradict each other;
        each named with its line.
    """
    return parse_warranty(toml_text(path, "warranty"), str(path))


def parse_warranty(text: str, where: str) -> Warranty:
    """Read a warranty from TOML text; `where` names it in errors. Raises as `read_warranty`."""
    tables = toml_tables(text, where, "see: battuta schema warranty --example")
    try:
        return _warranty(WarrantyFile.model_validate(tables))
    except ValidationError as error:
        lines = "\n".join(f"  - {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        message = f"{where} is not a valid warranty file (see: battuta schema warranty):\n{with_lines(lines, text)}"
        raise DataError(message) from None
    except BattutaError as error:
        message = f"{where}: {with_lines(str(error), text)}"
        raise DataError(message) from error


def warranty_names() -> tuple[str, ...]:
    """Names of the warranties that ship with Battuta; all are assumptions."""
    return names("twin", "warranties")


def warranty_text(name: str = EXAMPLE) -> str:
    """TOML text of a warranty that ships with Battuta.

    Raises
    ------
    UsageError
        If there is none of that name; the message lists those that exist.
    """
    if name not in warranty_names():
        message = f"there is no warranty {name!r}; choose {', '.join(warranty_names())}, or name a TOML file"
        raise UsageError(message)
    return (files("battuta.twin") / "warranties" / f"{name}.toml").read_text(encoding="utf-8")


def named_warranty(name: str) -> Warranty:
    """Warranty that ships with Battuta; raises as `warranty_text`."""
    return parse_warranty(warranty_text(name), name)


def warranty_schema() -> str:
    """JSON Schema of a warranty file, as text."""
    return json.dumps(WarrantyFile.model_json_schema(), indent=2)


def with_lines(message: str, text: str) -> str:
    """Add to every key that a message names the line of the file in which it stands.

    Examples
    --------
    >>> with_lines("damages.cap = 3 is low", "[damages] # or so" + chr(10) + "cap = 3" + chr(10))
    'damages.cap (line 2) = 3 is low'
    """
    lines = _lines(text)
    known = "|".join(re.escape(key) for key in sorted(lines, key=len, reverse=True))
    if not known:
        return message
    return re.sub(
        rf"(?<![\w.])({known})(?!\w|\.\w)",
        lambda found: f"{found[1]} (line {lines[found[1]]})",
        message,
    )


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    place = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*(\[\[?)\s*([\w.]+)\s*\]", line)
        key = re.match(r"\s*(\w+)\s*=", line)
        if header:
            place = header[2]
            if header[1] == "[[":
                counts[place] = counts.get(place, -1) + 1
                place = f"{place}.{counts[place]}"
            found[place] = number
        elif key and place:
            found[f"{place}.{key[1]}"] = number
    return {key: number for key, number in found.items() if "." in key}


def _warranty(table: WarrantyFile) -> Warranty:
    return Warranty(
        name=table.name,
        source=table.source,
        is_assumed=table.is_assumed,
        years=table.years,
        currency=table.currency,
        year_kind=table.year_kind,
        rest_c_rate_max=table.rest_c_rate_max,
        gap_minutes=table.gap_minutes,
        breach_voids=table.breach_voids,
        soh=None if table.soh is None else _soh(table.soh),
        performance=Performance(
            availability_min=_or(table.performance.availability_min, math.nan),
            round_trip_efficiency_min=_or(table.performance.round_trip_efficiency_min, math.nan),
        ),
        use=UseLimits(
            full_cycles_per_day_max=_or(table.use.full_cycles_per_day_max, math.inf),
            full_cycles_per_year_max=_or(table.use.full_cycles_per_year_max, math.inf),
            full_cycles_max=_or(table.use.full_cycles_max, math.inf),
            discharged_mwh_per_mwh_max=_or(table.use.discharged_mwh_per_mwh_max, math.inf),
            missing_hours_per_year_max=_or(table.use.missing_hours_per_year_max, math.inf),
        ),
        windows=tuple(_window(each) for each in table.windows),
        damages=LiquidatedDamages(
            capacity_per_mwh=table.damages.capacity_per_mwh,
            unavailable_per_year=table.damages.unavailable_per_year,
            loss_per_mwh=table.damages.loss_per_mwh,
            cap_per_year=_or(table.damages.cap_per_year, math.inf),
            cap=_or(table.damages.cap, math.inf),
        ),
    )


def _soh(table: SohTable) -> SohGuarantee:
    protocol = SohProtocol(
        text=table.protocol.text,
        c_rate=_or(table.protocol.c_rate, math.nan),
        temperature_c_min=_or(table.protocol.temperature_c_min, -math.inf),
        temperature_c_max=_or(table.protocol.temperature_c_max, math.inf),
        interval_days=_or(table.protocol.interval_days, math.inf),
    )
    bands = tuple(
        SohBand(
            full_cycles_per_year_min=each.full_cycles_per_year_min,
            full_cycles_per_year_max=_or(each.full_cycles_per_year_max, math.inf),
            floor=tuple(each.floor),
        )
        for each in table.bands
    )
    return SohGuarantee(
        bands=bands,
        between=table.between,
        tolerance=table.tolerance,
        doubt_borne_by=table.doubt_borne_by,
        protocol=protocol,
    )


def _window(table: WindowTable) -> Window:
    return Window(
        name=table.name,
        quantity=table.quantity,
        low=_or(table.low, -math.inf),
        high=_or(table.high, math.inf),
        average_minutes=table.average_minutes,
        share_outside_max=table.share_outside_max,
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
