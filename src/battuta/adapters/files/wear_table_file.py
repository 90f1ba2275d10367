"""Wear tables as JSON: what a study wrote, read back by whoever schedules the battery."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from battuta.adapters.files.toml_text import refuse_endless
from battuta.domain.errors import DataError
from battuta.domain.wear_table import WearTable

Number: TypeAlias = Annotated[float, Strict()]
Row: TypeAlias = list[Number]
FORMAT = "battuta wear table 1"


class WearTableFile(BaseModel):
    """A wear table as its file has it; keys as `WearTable` has them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    format: Annotated[Literal["battuta wear table 1"], Field(description="what this file is, and its version")] = FORMAT
    study: Annotated[str, Field(description="study that it was made from")]
    strategy: Annotated[str, Field(description="strategy that it was made from")]
    study_hash: Annotated[str, Field(min_length=8, description="hash of the study and its data")]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217 code")]
    law_shares: Annotated[dict[str, Number], Field(description="share of each ageing model [-]")]
    c_rate: Annotated[Row, Field(description="rates of the cycles [1/h]")]
    depth: Annotated[Row, Field(description="depths of the cycles, 0 to 1 [-]")]
    soc: Annotated[Row, Field(description="states of charge of rest [-]")]
    temperature_c: Annotated[Row, Field(description="cell temperatures of rest [degC]")]
    cycle_cost_per_mwh: Annotated[
        list[list[Row]], Field(description="by year of life, rate, depth: cost of a cycle [currency/MWh stored]")
    ]
    rest_cost_per_mwh_h: Annotated[
        list[list[Row]], Field(description="by year of life, temperature, soc [currency/(MWh stored h)]")
    ]
    throughput_price_per_mwh: Annotated[Row, Field(description="by year of life: the warranty [currency/MWh AC]")]
    remarks: Annotated[list[str], Field(description="what a reader has to know")] = []


def wear_table_text(table: WearTable) -> str:
    """Text of the file of a wear table."""
    held = WearTableFile(
        study=table.study,
        strategy=table.strategy,
        study_hash=table.study_hash,
        currency=table.currency,
        law_shares=dict(table.law_shares),
        c_rate=table.c_rate.tolist(),
        depth=table.depth.tolist(),
        soc=table.soc.tolist(),
        temperature_c=table.temperature_c.tolist(),
        cycle_cost_per_mwh=table.cycle_cost_per_mwh.tolist(),
        rest_cost_per_mwh_h=table.rest_cost_per_mwh_h.tolist(),
        throughput_price_per_mwh=table.throughput_price_per_mwh.tolist(),
        remarks=list(table.remarks),
    )
    return held.model_dump_json(indent=1) + "\n"


def read_wear_table(path: Path) -> WearTable:
    """Read a wear table.

    Parameters
    ----------
    path : Path
        JSON file as `wear_table_text` writes it.

    Returns
    -------
    WearTable
        The table.

    Raises
    ------
    DataError
        If the file is absent, not a wear table, or holds something wrong; each key is named.
    """
    try:
        refuse_endless(path)
        held = WearTableFile.model_validate_json(path.read_bytes())
        return _table(held)
    except FileNotFoundError:
        message = f"{path} does not exist; write one with: battuta twin STUDY --wear-table {path.name}"
        raise DataError(message) from None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise DataError(message) from None
    except ValidationError as error:
        lines = "\n".join(
            f"  - {'.'.join(str(part) for part in item['loc']) or 'file'}: {item['msg']}"
            for item in error.errors()[:20]
        )
        message = f"{path} is not a wear table (make it anew: battuta twin STUDY --wear-table {path.name}):\n{lines}"
        raise DataError(message) from None
    except ValueError as error:
        message = f"{path}: {error}"
        raise DataError(message) from error


def _table(held: WearTableFile) -> WearTable:
    return WearTable(
        study=held.study,
        strategy=held.strategy,
        study_hash=held.study_hash,
        currency=held.currency,
        law_shares=held.law_shares,
        c_rate=np.array(held.c_rate, dtype=np.float64),
        depth=np.array(held.depth, dtype=np.float64),
        soc=np.array(held.soc, dtype=np.float64),
        temperature_c=np.array(held.temperature_c, dtype=np.float64),
        cycle_cost_per_mwh=np.array(held.cycle_cost_per_mwh, dtype=np.float64),
        rest_cost_per_mwh_h=np.array(held.rest_cost_per_mwh_h, dtype=np.float64),
        throughput_price_per_mwh=np.array(held.throughput_price_per_mwh, dtype=np.float64),
        remarks=tuple(held.remarks),
    )
