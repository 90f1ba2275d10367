"""Findings as a table, one row each."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from battuta.domain.health import Finding


def findings_frame(findings: Sequence[Finding]) -> pl.DataFrame:
    """Lay findings out as a table.

    Parameters
    ----------
    findings : sequence of Finding
        The findings.

    Returns
    -------
    polars.DataFrame
        Columns ``string, cell, kind, level, since, found, evidence``; the cell is null for what concerns a string.
    """
    return pl.DataFrame(
        {
            "string": [each.string_id for each in findings],
            "cell": [each.cell for each in findings],
            "kind": [each.fault.value for each in findings],
            "level": [each.level.name.lower() for each in findings],
            "since": [each.since_ns for each in findings],
            "found": [each.found_ns for each in findings],
            "evidence": [
                ", ".join(f"{name}={value:.6g}" for name, value in each.evidence.items()) for each in findings
            ],
        },
        schema={
            "string": pl.String,
            "cell": pl.Int64,
            "kind": pl.String,
            "level": pl.String,
            "since": pl.Int64,
            "found": pl.Int64,
            "evidence": pl.String,
        },
    ).with_columns(pl.from_epoch(pl.col("since", "found"), time_unit="ns").dt.replace_time_zone("UTC"))
