"""Findings as a table, one row each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from battuta.domain.health import Finding

LIMIT_COLUMNS = ("days_to_limit_p10", "days_to_limit_p50", "days_to_limit_p90")


def findings_frame(findings: Sequence[Finding], labels: Sequence[str] = ()) -> pl.DataFrame:
    """Lay findings out as a table.

    Parameters
    ----------
    findings : sequence of Finding
        The findings.
    labels : sequence of str
        What the file calls the cell of each, empty where it has no name for it; none at all for files without names.

    Returns
    -------
    polars.DataFrame
        Columns ``string, cell, label, kind, level, since, found, probability, days_to_limit_p10, days_to_limit_p50,
        days_to_limit_p90, evidence``; the cell is null for what concerns a string, the label where the
        file has no name, days are null where nothing grows,
        the last alone where it may never meet its limit.
    """
    limits = [each.days_to_limit or (math.inf,) * len(LIMIT_COLUMNS) for each in findings]
    return pl.DataFrame(
        {
            "string": [each.string_id for each in findings],
            "cell": [each.cell for each in findings],
            "label": [label or None for label in labels] if labels else [None] * len(findings),
            "kind": [each.fault.value for each in findings],
            "level": [each.level.name.lower() for each in findings],
            "since": [each.since_ns for each in findings],
            "found": [each.found_ns for each in findings],
            "probability": [each.probability for each in findings],
            **{
                name: [each[k] if math.isfinite(each[k]) else None for each in limits]
                for k, name in enumerate(LIMIT_COLUMNS)
            },
            "evidence": [
                ", ".join(f"{name}={value:.6g}" for name, value in each.evidence.items()) for each in findings
            ],
        },
        schema={
            "string": pl.String,
            "cell": pl.Int64,
            "label": pl.String,
            "kind": pl.String,
            "level": pl.String,
            "since": pl.Int64,
            "found": pl.Int64,
            "probability": pl.Float64,
            **dict.fromkeys(LIMIT_COLUMNS, pl.Float64),
            "evidence": pl.String,
        },
    ).with_columns(pl.from_epoch(pl.col("since", "found"), time_unit="ns").dt.replace_time_zone("UTC"))
